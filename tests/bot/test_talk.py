"""Requests and replies as values, and the ids of controls."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Channel
from bot.talk import Control, Listing, Person, Reply, Request, Typed, control_id, fitting, read_control, read_stamp, stamp


@given(st.lists(st.text(max_size=8), max_size=3))
def test_an_id_gives_back_what_it_was_made_of(arguments: list[str]):
    try:
        written = control_id("story", *arguments)
    except ValueError:
        return  # longer than a platform takes

    assert read_control(written) == ("story", tuple(arguments))


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_a_stamp_gives_back_its_instant_to_the_second(zone: str):
    instant = datetime(2024, 10, 14, 7, 30, 5, 999, ZoneInfo(zone))

    assert read_stamp(stamp(instant)) == instant.replace(microsecond=0)


def test_of_a_control_that_no_platform_takes_there_is_none():
    assert fitting("search", "x" * 100, label="Search") == ()
    assert [each.id for each in fitting("search", "x", label="Search")] == ["v1:search:x"]


@given(st.text(max_size=120))
def test_no_id_from_outside_raises(raw: str):
    read_control(raw)


@pytest.mark.parametrize("raw", ["", "story", "v0:story:s-1", "v2:story:s-1", "v1:", "v1:Story:s-1", "v1:" + "a" * 200])
def test_an_id_of_another_version_or_of_nobody_is_none_of_ours(raw: str):
    assert read_control(raw) is None


def test_an_id_that_no_platform_takes_is_not_made():
    with pytest.raises(ValueError, match="100 are taken"):
        control_id("search", "x" * 100)
    with pytest.raises(ValueError, match="names no action"):
        control_id("Story!")


def test_a_control_without_label_does_not_construct():
    with pytest.raises(ValueError, match="label"):
        Control("v1:story", "")


def test_nobody_is_left_without_an_answer():
    with pytest.raises(ValueError, match="without an answer"):
        Reply(())


def test_a_page_that_there_is_not_does_not_construct():
    with pytest.raises(ValueError, match="page 3 of 2"):
        Listing((), (), 3, 2)


def test_a_request_needs_a_person_and_an_instant_in_utc():
    with pytest.raises(ValueError, match="person"):
        Person("")
    with pytest.raises(ValueError, match="UTC"):
        Request("1", Person("u"), Channel("console"), Typed("now"), datetime(2026, 3, 9))  # noqa: DTZ001
