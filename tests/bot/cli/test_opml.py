"""Lists of feeds, as reader programs write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SourceError
from bot.opml import Outline, write_opml
from bot.sources.opml import read_opml
from bot.sources.plain import one_line
from tests.bot.cli.running import BRIDGE, FERRY, ran, rss
from tests.servers.web import Web


def opml(outlines: str, before: str = "") -> bytes:
    declared = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{declared}{before}<opml version="2.0"><head/><body>{outlines}</body></opml>'.encode()


def feed(number: int, title: str = "") -> str:
    return f'<outline type="rss" text="{title}" xmlUrl="https://harbour.example/{number}"/>'


def test_feeds_come_in_order_with_their_titles_and_folders():
    folders = (
        f'<outline text="News"><outline title="North &amp; South">{feed(1, "Harbour")}</outline>{feed(2)}</outline>'
        + feed(3, "  Valley\n Herald ")
    )

    assert read_opml(opml(folders)) == (
        ("Harbour", "https://harbour.example/1", ("News / North & South",)),
        ("", "https://harbour.example/2", ("News",)),
        ("Valley Herald", "https://harbour.example/3", ()),
    )


def test_a_feed_that_is_listed_twice_comes_once():
    assert len(read_opml(opml(feed(1, "a") + feed(1, "b")))) == 1


def test_only_web_addresses_are_taken_from_a_list():
    local = '<outline text="x" xmlUrl="/etc/hostname"/><outline xmlUrl="file:///etc/hostname"/><outline xmlUrl=""/>'

    assert [address for _, address, _ in read_opml(opml(local + feed(1)))] == ["https://harbour.example/1"]
    with pytest.raises(SourceError, match="names no feed"):
        read_opml(opml(local))


def test_folders_may_lie_deep():
    deep = "".join('<outline text="f">' for _ in range(200)) + feed(1) + "</outline>" * 200

    assert len(read_opml(opml(deep))) == 1


def test_a_list_cut_off_gives_what_came_before():
    assert len(read_opml(opml(feed(1) + feed(2)).partition(b"</body>")[0])) == 2


def test_a_list_in_another_charset_is_read():
    text = opml(feed(1, "Müncher Täglich")).decode().replace("UTF-8", "ISO-8859-1")

    assert read_opml(text.encode("latin-1"))[0][0] == "Müncher Täglich"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no OPML file"),
        (b"Dear reader,", "no OPML file"),
        (rss(FERRY), "no OPML file"),
        (opml(""), "names no feed"),
        (opml(feed(1), '<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'), "entities of its own, which are refused"),
        (opml("".join(feed(number) for number in range(1_001))), "names 1,001 feeds; 1,000 are read at most"),
    ],
    ids=["empty", "a letter", "a feed", "no feed in it", "entity bomb", "too many"],
)
def test_what_is_no_list_to_read_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read_opml(body)


IN_XML = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
TITLES = st.text(IN_XML, max_size=30).map(lambda text: one_line(text, 200))
FOLDERS = TITLES.filter(lambda name: bool(name.strip(" /")))
FEEDS = st.lists(
    st.tuples(
        TITLES,
        st.integers(0, 5).map(lambda number: f"https://harbour.example/{number}?a=1&b='2'"),
        st.lists(FOLDERS, unique=True, max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda each: each[1],
)


@given(FEEDS, TITLES)
def test_a_list_that_is_written_is_read_as_it_was(feeds: list[Outline], title: str) -> None:
    assert sorted(read_opml(write_opml(title, feeds).encode())) == sorted(
        (title, address, tuple(sorted(folders, key=order_of(feeds)))) for title, address, folders in feeds
    )


def order_of(feeds: list[Outline]) -> Callable[[str], int]:
    """Where a folder stands in the list: that of the first feed comes first."""
    return list(dict.fromkeys(folder for _, _, folders in feeds for folder in folders)).index


def test_what_no_list_can_hold_is_left_out_when_it_is_written():
    written = write_opml("My\0list", [("Half \ud800 and \x1b[31m", "https://harbour.example/1", ("Coast\x07",))])

    assert read_opml(written.encode()) == (("Half and [31m", "https://harbour.example/1", ("Coast",)),)


def test_a_feed_in_two_folders_comes_once_with_both():
    outlines = f'<outline text="News">{feed(1, "a")}</outline><outline text="Coast">{feed(1, "b")}{feed(1)}</outline>'

    assert read_opml(opml(outlines)) == (("a", "https://harbour.example/1", ("News", "Coast")),)


@pytest.mark.slow
async def test_a_digest_is_made_of_the_feeds_of_a_list(tmp_path: Path) -> None:
    async with Web() as web:
        web.serve("/ferry.xml", rss(FERRY), content_type="application/rss+xml")
        web.serve("/bridge.xml", rss(BRIDGE), content_type="application/rss+xml")
        outlines = (
            f'<outline text="Coast"><outline text="Coast Radio" xmlUrl="{web.url("/ferry.xml")}"/></outline>'
            f'<outline text="Gone" xmlUrl="{web.url("/gone.xml")}"/>'
        )
        (tmp_path / "mine.opml").write_bytes(opml(outlines))

        made = await ran(
            tmp_path, "digest", "--opml", str(tmp_path / "mine.opml"), "--feed", web.url("/bridge.xml"), allow=[web.peer]
        )

    assert made.code == 0
    assert "Aurelia" in made.out
    assert "Coast Radio" in made.out
    assert "bridge" in made.out
    assert f"{web.url('/gone.xml')}: 127.0.0.1 answered 404 (not found)" in made.err


async def test_a_list_that_cannot_be_read_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine.opml").write_bytes(rss(FERRY))

    made = await ran(tmp_path, "digest", "--opml", str(tmp_path / "mine.opml"))

    assert (made.code, made.out) == (3, "")
    assert made.err == f"dateline: {tmp_path}/mine.opml: That is no OPML file: it has no <opml> in it.\n"
