"""The feeds to begin with, as data: none of them is fetched here."""

from __future__ import annotations

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot import starters
from bot.address import is_public, read_address
from bot.ports.topics import Topic, folded
from bot.starters import Starter

EVERY = starters.load()


def test_there_are_some_for_each_of_several_topics() -> None:
    counts = Counter(each.topic for each in EVERY)

    assert 6 <= len(counts) <= 8
    assert all(4 <= count <= 6 for count in counts.values()), counts
    assert [folded(each) for each in starters.topics()] == list(dict.fromkeys(folded(each.topic) for each in EVERY))


def test_none_is_named_twice() -> None:
    assert len({each.address.partition("://")[2].rstrip("/") for each in EVERY}) == len(EVERY)
    assert len({(each.topic, each.name) for each in EVERY}) == len(EVERY)


@pytest.mark.parametrize("each", EVERY, ids=lambda each: f"{each.topic}-{each.name}")
def test_each_can_be_followed_and_says_where_and_when_its_address_was_seen(each: Starter) -> None:
    address = read_address(each.address)

    assert (address.url, address.scheme, address.ip) == (each.address, "https", None)
    assert each.name == each.name.strip() != ""
    assert Topic(each.topic).name == each.topic
    assert ZoneInfo(each.zone).key == each.zone
    assert each.language == "en"  # the one that digests are made of
    assert date(2026, 1, 1) < each.seen
    assert each.where.startswith("https://github.com/")
    assert len(each.where.split("/blob/")[1].partition("/")[0]) == 40  # a revision, so that what was seen can be seen again


def test_a_host_that_is_an_address_of_a_network_would_be_found() -> None:
    inside = read_address("https://10.0.0.1/feed")

    assert inside.ip is not None
    assert not is_public(inside.ip)
