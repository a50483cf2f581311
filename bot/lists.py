"""Lists of feeds: followed as a whole, with their folders as topics, and made of what a place is shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.address import PRIVATE, Peer, is_public, read_address, refusal
from bot.errors import SourceError
from bot.feeds import feed_key, host_of, source_id
from bot.opml import Outline
from bot.ports import Store
from bot.ports.topics import MOST_NAME, Place
from bot.starters import Starter
from digests.model import Source
from digests.words import tokens


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed of a list that is to be followed; nobody asked it yet.

    Args:
        name: what readers see as the outlet; ``""`` leaves it to the feed.
        topics: those under which it goes.
        zone: IANA name; the outlet's.
    """

    name: str
    address: str
    topics: tuple[str, ...] = ()
    zone: str = "UTC"


def listed_in(outlines: Sequence[Outline], topics: Sequence[str] = ()) -> list[Listed]:
    """The feeds of a list, under the topics that its folders become and some for all of them."""
    return [
        Listed(title, address, tuple(dict.fromkeys([*topics, *map(topic_name, folders)])))
        for title, address, folders in outlines
    ]


def of_starters(some: Sequence[Starter]) -> list[Listed]:
    """Feeds to begin with, each under its topic."""
    return [Listed(each.name, each.address, (each.topic,), each.zone) for each in some]


@dataclass(frozen=True, slots=True)
class Taken:
    """What following a list came to: addresses that are new here, that the place did not follow, that nothing changed for,
    and (address, why) of those that are not read."""

    new: tuple[str, ...] = ()
    followed: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


async def follow_all(
    feeds: Sequence[Listed], place: Place, store: Store, now: datetime, *, allow: Collection[Peer] = ()
) -> Taken:
    """Follow the feeds of a list in a place.  Nothing is fetched: that is for the next round, at the pace of each server.

    Args:
        allow: who is read although they are not public.

    Raises:
        StoreError: the database cannot be used; what was followed before stays.
    """
    known = {feed_key(each.source.address): each.source for each in await store.sources()}
    new: list[str] = []
    followed: list[str] = []
    already: list[str] = []
    refused: list[tuple[str, str]] = []
    for each in feeds:
        try:
            address = _readable(each.address, allow)
        except SourceError as error:
            refused.append((each.address, str(error)))
            continue
        source = known.setdefault(feed_key(address), Source(source_id(address), "feed", address, each.name, each.zone))
        done = await store.topics.follow(source, place, now, topics=[topic_name(name) for name in each.topics])
        (new if done.new else followed if done.changed else already).append(source.address)
    return Taken(tuple(new), tuple(followed), tuple(already), tuple(refused))


async def listed(store: Store, place: Place) -> tuple[list[Outline], int]:
    """The feeds that a place is shown as a list, with its topics as folders, and how many sources are no feeds of the web.

    For every space: all feeds of the installation, each under the topics that it carries anywhere.
    """
    seen = None if place.space is None else await store.topics.followed(place.space, place.channel)
    follows = await store.topics.follows(place.space)
    spaces = dict.fromkeys(each.place.space for each in follows) if place.space is None else [place.space]
    topics = [topic for space in spaces for topic in await store.topics.topics(space)]
    sources = [each.source for each in await store.sources() if seen is None or each.source.id in seen]
    feeds = [each for each in sources if each.kind == "feed" and each.address.startswith(("http://", "https://"))]
    outlines = []
    for each in feeds:
        title = each.name or host_of(each.address)
        outlines.append((title, each.address, tuple(dict.fromkeys(one.name for one in topics if each.id in one.sources))))
    return outlines, len(sources) - len(feeds)


def topic_name(folder: str) -> str:
    """The topic that a folder of a list becomes: its name, or as much of it as a name may have.

    Of folders in folders, ``News / Europe``, that is too long for all of them, the innermost counts.
    """
    name = " ".join("".join(mark for mark in folder.replace('"', "'") if mark.isprintable() or mark.isspace()).split())
    if len(name) > MOST_NAME:
        name = name.rpartition(" / ")[2]
    return name[:MOST_NAME].strip() if tokens(name[:MOST_NAME]) else "Unnamed"


def _readable(written: str, allow: Collection[Peer]) -> str:
    """The address as it is asked.  Raises SourceError where it surely is not."""
    address = read_address(written)
    if address.ip is not None and not is_public(address.ip) and Peer(address.ip, address.port) not in allow:
        raise refusal(PRIVATE)
    return address.url
