"""Spaces and channels as they are typed on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import ConfigError
from bot.model import Channel, Space
from digests.errors import QueryError

if TYPE_CHECKING:
    from bot.ports.topics import Place


def space_named(written: str) -> Space:
    """The space that is written so (`Space.parse`).  Raises ConfigError."""
    try:
        return Space.parse(written)
    except QueryError as error:
        raise ConfigError(str(error)) from None


def place_named(space: str | None, channel: str | None) -> Place:
    """Where a source is to be followed: everywhere, in a space or in one channel of it, whose space need not be named.

    Raises:
        ConfigError: one of them is written otherwise, or the channel lies in another space.
    """
    from bot.ports.topics import EVERYWHERE, Place

    if channel is None:
        return EVERYWHERE if space is None else Place(space_named(space))
    try:
        place = Place.of(Channel.parse(channel))
    except QueryError as error:
        raise ConfigError(str(error)) from None
    if space is not None and space_named(space) != place.space:
        raise ConfigError(f"The channel {place.channel} is not in the space {space}; leave --space out.")
    return place
