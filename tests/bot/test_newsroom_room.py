"""The rooms that serve documents without a network: the newsroom that ships with the project, and local files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot import newsroom
from bot.errors import SourceError
from bot.files import MAX_BYTES, Files

ROOM = newsroom.load()


async def test_every_source_of_the_newsroom_has_its_document() -> None:
    for source in ROOM.sources:
        document = await ROOM.fetch(source.address, kind="feed")

        assert (document.url, document.status) == (source.address, 200)
        assert document.body


async def test_every_document_of_the_newsroom_is_served_whatever_query_a_feed_adds() -> None:
    for address in ROOM.documents:
        plain = await ROOM.fetch(address, kind="page")

        assert (await ROOM.fetch(f"{address}?utm_source=rss", kind="page")).body == plain.body


async def test_what_the_newsroom_does_not_have_is_a_source_that_failed() -> None:
    with pytest.raises(SourceError, match="no page"):
        await ROOM.fetch("https://elsewhere.example/", kind="page")


def test_the_newsroom_has_its_own_now_and_zone():
    assert ROOM.now.utcoffset() is not None
    assert ROOM.zone
    assert len({source.id for source in ROOM.sources}) == len(ROOM.sources)


@pytest.mark.parametrize(
    ("name", "content_type"), [("a.txt", "text/plain"), ("a.HTML", "text/html"), ("a.json", "application/json"), ("a.rss", "")]
)
async def test_a_file_is_read_under_the_type_of_its_ending(tmp_path: Path, name: str, content_type: str) -> None:
    (tmp_path / name).write_text("The ferry ran aground.")

    found = await Files().fetch(str(tmp_path / name), kind="page")

    assert (found.body, found.content_type) == (b"The ferry ran aground.", content_type)
    assert found.url == (tmp_path / name).as_uri()


async def test_a_file_that_cannot_be_read_says_why_and_is_not_asked_for_again(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b" \n")
    (tmp_path / "large.txt").write_bytes(b"x" * (MAX_BYTES["page"] + 1))
    cases = {"missing.txt": "no file", "": "folder", "empty.txt": "empty", "large.txt": "larger than 2 MiB"}

    for name, words in cases.items():
        with pytest.raises(SourceError, match=words) as raised:
            await Files().fetch(str(tmp_path / name), kind="page")
        assert raised.value.retry_after is None


async def test_a_name_that_no_file_can_have_is_no_file() -> None:
    with pytest.raises(SourceError):
        await Files().fetch("a\0b", kind="page")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user who may not read everything")
async def test_a_file_that_is_forbidden_says_so(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "secret.txt").chmod(0)

    with pytest.raises(SourceError, match="permission"):
        await Files().fetch(str(tmp_path / "secret.txt"), kind="page")


async def test_a_feed_may_be_larger_than_a_page(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(b"x" * (MAX_BYTES["page"] + 1))

    assert (await Files().fetch(str(tmp_path / "feed.xml"), kind="feed")).status == 200
