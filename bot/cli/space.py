"""Spaces and channels as they are typed on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import ConfigError
from bot.model import Channel, Space
from digests.errors import QueryError

if TYPE_CHECKING:
    from bot.ports.topics import Place

_CHANNEL_OF = {"slack": "C1", "discord": "1"}  # whatever channel: its space is what is read


def space_named(written: str) -> Space:
    """The space that is written ``console``, ``slack:TEAM``, ``discord:GUILD`` or ``webhook:NAME``.

    Raises:
        ConfigError: it is written otherwise.
    """
    platform, _, name = written.strip().partition(":")
    inside = _CHANNEL_OF.get(platform.lower())
    try:
        if "/" in name:
            raise QueryError("a channel")
        return Space.of(Channel.parse(f"{written.strip()}/{inside}" if inside else written))
    except QueryError:
        raise ConfigError(
            f"I can't read the space {written!r}; accepted: console, slack:TEAM, discord:GUILD or webhook:NAME."
        ) from None


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
