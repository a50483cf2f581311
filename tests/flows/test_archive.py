"""An archive from its first source to its last: followed, read, digested, read again, forgotten."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.bot.cli.running import BRIDGE, FERRY, Here, ran, rss
from tests.servers.web import Web

RSS = "application/rss+xml"


@pytest.mark.slow
async def test_a_source_is_followed_read_digested_read_again_and_forgotten(typed: Here, tmp_path: Path) -> None:
    database = ("--database", "sqlite:///news.db")  # relative: in the folder where it is typed

    async with Web() as web:
        web.serve("/feed", rss(FERRY, BRIDGE), content_type=RSS, etag='"1"')
        web_too = [web.peer]
        added = await typed.beside("sources", "add", web.url("/feed"), *database, allow=web_too)
        again = await typed.beside("sources", "add", web.url("/feed"), *database, allow=web_too)
        first = await typed.beside("collect", "--json", *database, allow=web_too)
        digest = await typed.beside("digest", *database, "--now", "2026-03-12T08:00Z")
        status = await typed.beside("status", "--json", *database)
        second = await typed.beside("collect", "--all", "--json", *database, allow=web_too)
        idle = await typed.beside("collect", *database, allow=web_too)
        removed = await typed.beside("sources", "remove", web.url("/feed"), *database)
        after = await typed.beside("status", "--json", *database)

    assert added.out.splitlines()[:2] == [f"Following Harbour News: {web.url('/feed')}", f"  {FERRY['title']}"]
    assert again.out == "You already have this feed in every space as Harbour News. Nothing changed.\n"
    assert {name: first.json[name] for name in ("asked", "new", "unchanged", "errors")} == {
        "asked": 1,
        "new": 2,
        "unchanged": 0,
        "errors": {},
    }
    assert "Aurelia" in digest.out
    assert "bridge" not in digest.out  # older than the last 24 hours
    assert (status.json["articles"], status.json["health"]) == (2, {"ok": 1, "failing": 0, "paused": 0})
    assert (second.json["unchanged"], second.json["new"]) == (1, 0)
    feed = [each for each in web.seen if each.path == "/feed"]
    assert feed[-1].headers["If-None-Match"] == '"1"'
    assert idle.out.startswith("None of 1 source is due; the next is at ")
    assert removed.code == 0
    assert (after.json["articles"], after.json["sources"]) == (0, [])
    assert (tmp_path / "news.db").exists()


@pytest.mark.slow
async def test_what_a_digest_read_is_kept_where_a_database_is_named(typed: Here, tmp_path: Path) -> None:
    database = ("--database", f"sqlite:///{tmp_path}/news.db")
    (tmp_path / "bridge.xml").write_bytes(rss(BRIDGE, title="Valley Herald"))

    async with Web() as web:
        web.serve("/feed", rss(FERRY), content_type=RSS)
        read = ("--feed", web.url("/feed"), "--feed", "bridge.xml")
        made = await typed.beside("digest", *read, *database, allow=[web.peer])
    later = await typed.beside("digest", *database, "--since", "week", "--now", "2026-03-12T08:00Z", "--format", "json")
    listed = await typed.beside("sources", "list", "--json", *database)

    assert made.code == 0
    assert "Aurelia" in made.out
    assert "bridge" in made.out
    assert len(later.json["stories"]) == 2
    assert {each["address"] for each in listed.json} == {web.url("/feed"), str(tmp_path / "bridge.xml")}


@pytest.mark.slow
async def test_one_failing_source_is_reported_and_the_others_are_kept(typed: Here) -> None:
    async with Web() as web:
        web.serve("/feed", rss(FERRY), content_type=RSS)
        web.serve("/other", rss(BRIDGE), content_type=RSS)
        await typed.beside("sources", "add", web.url("/feed"), allow=[web.peer])
        await typed.beside("sources", "add", web.url("/other"), allow=[web.peer])
        web.serve("/other", b"broken", status=500)
        collected = await typed.beside("collect", allow=[web.peer])
    status = await typed.beside("status")
    checked = await typed.beside("check")

    assert collected.code == 0
    assert "2 sources asked, 0 unchanged: 1 new article, 0 changed." in collected.out
    assert f"failed: {web.url('/other')}: 127.0.0.1 answered 500" in collected.err
    assert status.out.startswith("1 of 2 sources failing; the others answer.\nSources: 1 ok, 1 failing.\n")
    assert "failing for the first time: 127.0.0.1 answered 500" in status.out
    assert checked.code == 1
    assert "wrong  source Harbour News: failing" in checked.out


@pytest.mark.slow
async def test_two_rounds_at_once_keep_every_entry_once(typed: Here, tmp_path: Path) -> None:
    async with Web() as web:
        for name, items in (("ferry", FERRY), ("bridge", BRIDGE)):
            web.serve(f"/{name}", rss(items), content_type=RSS)
            await typed.beside("sources", "add", web.url(f"/{name}"), allow=[web.peer])
        rounds = await asyncio.gather(*(ran(tmp_path, "collect", "--all", "--json", allow=[web.peer]) for _ in range(2)))
    status = await typed.beside("status", "--json")

    assert [each.code for each in rounds] == [0, 0], rounds
    assert sum(each.json["new"] for each in rounds) == 2
    assert status.json["articles"] == 2
