"""Whatever a source turns out to be: words that say what to do, the documented exit code, and the other sources go on."""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from aiohttp import web as http

from tests.bot.cli.running import ATOM_PAGE, BOMB, BRIDGE, EMPTY_PAGE, FERRY, Here, clean, command, ran, rss, run
from tests.servers.web import Web

FEED = "application/rss+xml"
HTML = "text/html; charset=utf-8"


def bad(web: Web) -> dict[str, str]:
    """Sources that fail, by address, with what must be said about each."""
    web.serve("/empty", b"", content_type=FEED)
    web.serve("/page", ATOM_PAGE, content_type=HTML)
    web.serve("/bomb", BOMB, content_type=FEED)
    web.serve("/nothing", b"\0" * 5_000, content_type=FEED)
    web.serve("/tail", b"<?xml version='1.0'?><rss version='2.0'><channel><title>Cut", content_type=FEED)
    web.serve("/gzip", gzip.compress(b" " * (64 << 20)), content_encoding="gzip", content_type=FEED)
    web.redirect("/inside", "http://169.254.169.254/latest/meta-data/")
    return {
        web.url("/missing"): "answered 404 (not found)",
        web.url("/empty"): "empty",
        web.url("/page"): f"it names these feeds: All news ({web.url('/feed.xml')})",
        web.url("/bomb"): "entities of its own, which are refused",
        web.url("/nothing"): "The document is empty.",
        web.url("/tail"): "cut off before its first entry",
        web.url("/gzip"): "5 MiB",
        web.url("/inside"): "private network",
        "https://localhost/feed": "its host is not a full name",
        "nowhere.xml": "There is no file nowhere.xml",
    }


@pytest.mark.slow
async def test_each_bad_feed_is_named_with_its_reason_and_the_good_one_is_shown(tmp_path: Path) -> None:
    async with Web() as web:
        web.serve("/good", rss(FERRY), content_type=FEED)
        expected = bad(web)
        options = [part for address in (*expected, web.url("/good")) for part in ("--feed", address)]

        made = await ran(tmp_path, "digest", *options, allow=[web.peer])

    assert made.code == 0
    assert "Ferry Aurelia" in made.out
    assert f"{len(expected)} feeds down" in made.out
    said = {
        address: line for line in made.err.splitlines() for address in expected if line.startswith(f"dateline: {address}: ")
    }
    assert {address for address, words in expected.items() if words not in said.get(address, "")} == set(), made.err
    assert "Traceback" not in made.err


async def test_when_every_source_is_bad_there_is_no_digest_and_the_code_is_three(typed: Here) -> None:
    async with Web() as web:
        web.serve("/page", ATOM_PAGE, content_type=HTML)
        made = await typed.beside("digest", "--feed", web.url("/page"), "--feed", web.url("/x"), allow=[web.peer])

    assert (made.code, made.out) == (3, "")
    assert made.err.endswith("dateline: Nothing could be fetched, so there is no digest.\n")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\t\n", "is empty"),
        ("images.html", EMPTY_PAGE, "The page holds no text to read"),
        ("noise.txt", bytes(range(256)) * 40, "not text"),
        ("large.txt", b"The ferry sank. " * 200_000, "is larger than 2 MiB"),
    ],
)
def test_an_article_without_text_is_refused_in_words(
    typed: Here, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)

    made = typed("digest", "--article", str(tmp_path / name))

    assert (made.code, made.out) == (3, "")
    assert words in made.err
    assert "Traceback" not in made.err


@pytest.mark.parametrize(
    ("address", "words"),
    [("/dev/zero", "is a device"), ("", "No file is named"), (".", "is a folder"), ("x" * 300, "cannot be read")],
)
def test_what_is_no_file_is_refused_in_words(typed: Here, tmp_path: Path, address: str, words: str) -> None:
    made = typed("inspect", address)

    assert (made.code, made.out) == (3, "")
    assert words in made.err


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    text = f"{FERRY['title']}\n\n{FERRY['description']}"

    made = run(tmp_path, "digest", "--article", "/dev/stdin", "--published", "2026-03-12", stdin=text.encode())

    assert made.code == 0
    assert "Wed 11 Mar" in made.out


def test_text_in_another_charset_is_read_as_it_was_meant(typed: Here, tmp_path: Path) -> None:
    text = "The café in Malmö reopened on Wednesday, its owner Åke Sjögren said. “It is warm again,” he said. " * 3
    (tmp_path / "old.txt").write_bytes(text.encode("cp1252"))

    made = typed("digest", "--article", str(tmp_path / "old.txt"), "--published", "2026-03-12")

    assert made.code == 0
    assert "café in Malmö" in made.out
    assert "Åke Sjögren" in made.out


def test_nuls_in_a_feed_are_dropped(typed: Here, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(rss(FERRY).replace(b"Aurelia", b"Aure\0lia"))

    made = typed("digest", "--feed", str(tmp_path / "feed.xml"))

    assert made.code == 0
    assert "Aurelia" in made.out


def test_a_feed_that_is_cut_off_gives_what_came_before_and_says_so(typed: Here, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(rss(FERRY, BRIDGE).partition(b"two years")[0])

    made = typed("digest", "--feed", str(tmp_path / "feed.xml"))

    assert made.code == 0
    assert "Aurelia" in made.out
    assert "The feed was cut off" in made.err


@pytest.mark.slow
def test_a_feed_of_ten_thousand_entries_is_read_up_to_five_thousand_and_says_so(typed: Here, tmp_path: Path) -> None:
    entries = ({"title": f"Report {n}", "guid": str(n), "description": f"Item {n}."} for n in range(10_000))
    (tmp_path / "feed.xml").write_bytes(rss(*entries))

    read = typed("inspect", str(tmp_path / "feed.xml"), "--json")

    assert read.code == 0
    assert len(read.json["entries"]) == 5_000
    assert read.json["notes"] == ["The feed has 5,000 entries more than the 5,000 that are read."]


def test_inspect_of_what_is_neither_feed_nor_page_says_both_reasons(typed: Here, tmp_path: Path) -> None:
    (tmp_path / "images.html").write_bytes(EMPTY_PAGE)

    read = typed("inspect", str(tmp_path / "images.html"))

    assert (read.code, read.out) == (3, "")
    assert "As a feed: That is a web page, not a feed" in read.err
    assert "As a page: The page holds no text to read." in read.err


async def test_inspect_of_a_page_asks_its_server_once(typed: Here) -> None:
    page = f"<html><head><title>{FERRY['title']}</title></head><body><p>{FERRY['description']}</p></body></html>"
    async with Web() as web:
        web.serve("/ferry", page.encode(), content_type=HTML)
        read = await typed.beside("inspect", web.url("/ferry"), "--published", "2026-03-12", allow=[web.peer])

    assert read.code == 0
    assert "2026-03-11 (worked out)" in read.out
    assert [seen.path for seen in web.seen] == ["/ferry"]


async def test_a_feed_is_not_followed_when_it_cannot_be_read(typed: Here) -> None:
    async with Web() as web:
        web.serve("/page", ATOM_PAGE, content_type=HTML)
        added = await typed.beside("sources", "add", web.url("/page"), allow=[web.peer])
        listed = await typed.beside("sources", "list", "--json")

    assert (added.code, added.out) == (3, "")
    assert f"All news ({web.url('/feed.xml')})" in added.err
    assert listed.json == []


@contextmanager
def newer(path: Path) -> Iterator[str]:
    """The address of a database that a later version of the program wrote."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
        connection.execute("CREATE TABLE source (id VARCHAR)")
        connection.execute("CREATE TABLE article (id VARCHAR)")
    yield f"sqlite:///{path}"


@pytest.mark.parametrize("verb", ["status", "collect", "digest", "migrate", "sources list", "subscriptions list", "run"])
def test_a_database_newer_than_the_code_is_left_alone(typed: Here, tmp_path: Path, verb: str) -> None:
    with newer(tmp_path / "news.db") as address:
        said = typed(*verb.split(), "--database", address)

    assert (said.code, said.out) == (4, "")
    assert "was written by a newer Dateline (schema 9999" in said.err
    with closing(sqlite3.connect(tmp_path / "news.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def unwritable(tmp_path: Path) -> Path:
    """A folder in which nobody may create a file, root included."""
    if Path("/proc/self").is_dir():
        return Path("/proc/self")
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere, and there is no /proc")
    tmp_path.chmod(0o500)
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        (unwritable, "check that its folder exists and that this user may write in it"),
        (lambda tmp_path: tmp_path / "nowhere", "create it with: mkdir -p"),
    ],
    ids=["read-only", "missing"],
)
def test_a_folder_in_which_nothing_can_be_written_is_said(
    typed: Here, tmp_path: Path, folder: Callable[[Path], Path], words: str
) -> None:
    said = typed("migrate", "--database", f"sqlite:///{folder(tmp_path)}/news.db")

    assert (said.code, said.out) == (4, "")
    assert words in said.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.slow
def test_a_full_disk_under_the_output_is_said_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(FERRY["description"])
    arguments = command("digest", "--article", str(tmp_path / "ferry.txt"))

    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(arguments, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False, env=clean(tmp_path))

    assert ended.returncode == 1
    assert ended.stderr.decode() == "dateline: The output could not be written: no space left on device.\n"


async def test_a_server_that_answers_with_an_error_page_is_told_by_its_status(typed: Here) -> None:
    async def broken(_: http.Request) -> http.StreamResponse:
        return http.Response(status=503, headers={"Retry-After": "60"}, text="<html>down</html>")

    async with Web() as web:
        web.handle("/feed", broken)
        made = await typed.beside("digest", "--feed", web.url("/feed"), allow=[web.peer])

    assert (made.code, made.out) == (3, "")
    assert "answered 503" in made.err
