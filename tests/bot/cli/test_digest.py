"""``dateline digest``: the digest alone on standard output, in the form and of the stories that were asked for."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.bot.cli.running import BRIDGE, FERRY, Here, Run, clean, command, ran, rss
from tests.servers.web import Web

ARTICLE = (
    "The ferry Aurelia ran aground off Brennhaven on Wednesday, the coast guard said.\n\n"
    "About 140 passengers were taken off by helicopter before nightfall, according to the coast guard.\n\n"
    "The ship's owner will inspect the hull on March 30, a spokesman said.\n"
)
Made = Callable[..., Run]


@pytest.fixture
def made(typed: Here, tmp_path: Path) -> Made:
    """``made("--article", "ferry.txt")``: a digest made in this process, beside ``ferry.txt`` and ``news.xml``."""
    (tmp_path / "ferry.txt").write_text(ARTICLE)
    (tmp_path / "news.xml").write_bytes(rss(FERRY, BRIDGE))
    return partial(typed, "digest")


@cache
def schema() -> Any:
    return json.loads(files("digests.data").joinpath("digest.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="the newsroom", marks=pytest.mark.slow),
        pytest.param(["--article", "ferry.txt"], id="an article"),
        pytest.param(["--article", "ferry.txt", "--published", "2026-03-12T08:00+01:00"], id="an article of an instant"),
        pytest.param(["--feed", "news.xml"], id="a feed"),
        pytest.param(["--feed", "news.xml", "--topic", "zeppelin"], id="nothing"),
    ],
)
def test_json_holds_to_the_schema(made: Made, arguments: list[str]) -> None:
    digest = made(*arguments, "--format", "json")

    assert (digest.code, digest.err) == (0, "")
    jsonschema.validate(digest.json, schema())


async def test_json_of_a_feed_from_a_server_holds_to_the_schema(tmp_path: Path) -> None:
    async with Web() as web:
        web.serve("/feed", rss(FERRY | {"link": web.url("/ferry")}), content_type="application/rss+xml")
        digest = await ran(tmp_path, "digest", "--feed", web.url("/feed"), "--format", "json", allow=[web.peer])

    assert digest.code == 0
    jsonschema.validate(digest.json, schema())
    assert [story["url"] for story in digest.json["stories"]] == [web.url("/ferry")]


def test_a_publication_day_completes_the_days_of_an_article(made: Made) -> None:
    without = made("--article", "ferry.txt", "--format", "json").json
    with_day = made("--article", "ferry.txt", "--published", "2026-03-12", "--format", "json").json

    assert without["notices"] == [
        "No publication date found, so 2 dates could not be completed. Add one: `--published 2024-10-13`"
    ]
    assert with_day["notices"] == []
    assert "2026-03-11" in json.dumps(with_day["stories"])
    assert "2026-03-11" not in json.dumps(without["stories"])


@pytest.mark.parametrize(("form", "key"), [("slack", "blocks"), ("discord", "components")])
def test_payloads_are_json_and_drawn_they_are_text(made: Made, form: str, key: str) -> None:
    payloads = made("--article", "ferry.txt", "--format", form)
    drawn = made("--article", "ferry.txt", "--format", form, "--drawn")

    assert key in json.dumps(payloads.json)
    assert "Aurelia" in drawn.out
    assert "(header)" in drawn.out


def test_markdown_begins_with_its_heading(made: Made) -> None:
    assert made("--feed", "news.xml", "--format", "markdown").out.startswith("# Digest")


def stories(digest: Run) -> list[str]:
    assert digest.code == 0
    return sorted(story["title"].split()[0] for story in digest.json["stories"])


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ([], ["Ferry", "Old"]),
        (["--topic", "ferry"], ["Ferry"]),
        (["--topic", '"old bridge"'], ["Old"]),
        (["--topic", "ferry bridge"], []),
        (["--topic", "-ferry"], ["Old"]),
        (["--topic", "ferr* -bridge"], ["Ferry"]),
        (["--since", "2026-03-11", "--now", "2026-03-11T12:00Z"], []),
        (["--since", "24h", "--now", "2026-03-11T07:00Z"], ["Old"]),
        (["--now", "2026-03-11T00:00Z"], ["Old"]),
        (["--since", "today", "--now", "2026-03-12T20:00Z"], ["Ferry"]),
        (["--since", "today", "--now", "2026-03-12T20:00Z", "--zone", "Asia/Tokyo"], []),
    ],
)
def test_topic_since_now_and_zone_choose_the_stories(made: Made, arguments: list[str], shown: list[str]) -> None:
    assert stories(made("--feed", "news.xml", "--format", "json", *arguments)) == shown


def test_the_zone_says_which_day_it_is(made: Made) -> None:
    late = ["--feed", "news.xml", "--now", "2026-03-12T20:00Z"]

    assert made(*late).out.startswith("Digest · Thu 12 Mar")
    assert made(*late, "--zone", "Asia/Tokyo").out.startswith("Digest · Fri 13 Mar")


@pytest.mark.slow
def test_length_says_how_much_of_a_story_is_shown(made: Made) -> None:
    def bullets(length: str) -> int:
        shown = made("--article", "ferry.txt", "--published", "2026-03-12", "--format", "json", "--length", length).json
        return sum(len(story["bullets"]) for story in shown["stories"])

    assert bullets("short") < bullets("normal") <= bullets("full")


def test_since_with_an_article_is_the_window_of_its_day(made: Made) -> None:
    dated = ["--article", "ferry.txt", "--published", "2026-03-12", "--now", "2026-03-12T20:00Z", "--format", "json"]

    assert len(made(*dated, "--since", "2026-03-12").json["stories"]) == 1
    assert made(*dated, "--since", "6h", "--now", "2026-03-14").json["stories"] == []


def test_nothing_new_is_said_and_is_no_error(made: Made) -> None:
    quiet = made("--feed", "news.xml", "--since", "2026-03-13", "--now", "2026-03-14")

    assert (quiet.code, quiet.err) == (0, "")
    assert "Nothing new since 13 Mar 00:00. 1 feed checked, 0 failing." in quiet.out


def test_a_topic_that_no_story_mentions_is_named(made: Made) -> None:
    quiet = made("--feed", "news.xml", "--topic", "zeppelin")

    assert quiet.code == 0
    assert quiet.out.startswith("No story mentions “zeppelin”.")


def test_the_same_feed_twice_is_read_once(made: Made) -> None:
    twice = made("--feed", "news.xml", "--feed", "news.xml", "--topic", "zeppelin")

    assert "1 feed checked, 0 failing." in twice.out


@pytest.mark.slow
def test_a_reader_that_has_gone_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(ARTICLE)

    ended = subprocess.Popen(
        command("digest", "--article", str(tmp_path / "ferry.txt")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean(tmp_path),
    )
    assert ended.stdout
    assert ended.stderr
    ended.stdout.close()
    said = ended.stderr.read()
    ended.stderr.close()

    assert (ended.wait(30), said) == (0, b"")


def test_the_headline_of_a_plain_text_is_shown_as_its_title_and_not_as_a_caption(typed: Here, tmp_path: Path) -> None:
    (tmp_path / "told.txt").write_text(f"Ferry runs aground\n\n{ARTICLE}")

    read = typed("inspect", "told.txt", "--json").json

    assert read["title"] == "Ferry runs aground"
    assert [(each["kind"], each["quote"]) for each in read["dropped"]] == [("headline", "Ferry runs aground")]
