"""The operator's door to what is followed, by whom and under which topics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bot.cli.running import ATOM_PAGE, BRIDGE, FERRY, Here, rss
from tests.bot.cli.test_opml import feed, opml
from tests.bot.store.making import new_database
from tests.servers.web import Web


@pytest.fixture(autouse=True)
def archive(tmp_path: Path) -> None:
    """A new archive, so that no test of this file makes its own."""
    new_database(tmp_path / "dateline.db")


def lists(typed: Here, path: Path, outlines: str) -> Any:
    """What importing a list says."""
    path.write_bytes(opml(outlines))
    return typed("sources", "import", str(path), "--json").json


def listed(typed: Here, *more: str) -> Any:
    return typed("sources", "list", "--json", *more).json


def folder(name: str, *feeds: str) -> str:
    return f'<outline text="{name}">{"".join(feeds)}</outline>'


TEAM = ("--space", "slack:T1")


@pytest.mark.slow
async def test_a_site_is_enough_to_follow_its_feed(typed: Here) -> None:
    async with Web() as web:
        web.serve("/", ATOM_PAGE, content_type="text/html")
        web.serve("/feed.xml", rss(FERRY, BRIDGE), content_type="application/rss+xml")

        made = await typed.beside("sources", "add", web.url("/"), "--topic", "Coast", allow=[web.peer])
        again = await typed.beside("sources", "add", web.url("/feed.xml"), allow=[web.peer])
        [one] = (await typed.beside("sources", "list", "--json")).json

    assert (made.code, made.err) == (0, "")
    assert made.out.splitlines()[:3] == [
        f"Following Harbour News under Coast: {web.url('/feed.xml')}",
        f"  {FERRY['title']}",
        f"  {BRIDGE['title']}",
    ]
    assert again.out == "You already have this feed in every space as Harbour News. Nothing changed.\n"
    assert (one["name"], one["topics"], one["followed_by"], one["state"]) == (
        "Harbour News", ["Coast"], ["every space"], "not read yet",
    )  # fmt: skip


@pytest.mark.slow
async def test_testing_an_address_says_what_is_found_and_keeps_nothing(typed: Here) -> None:
    async with Web() as web:
        web.serve("/", ATOM_PAGE, content_type="text/html")
        web.serve("/feed.xml", rss(FERRY), content_type="application/rss+xml")

        told = await typed.beside("sources", "test", web.url("/"), allow=[web.peer])
        as_json = await typed.beside("sources", "test", web.url("/"), "--json", allow=[web.peer])
        gone = await typed.beside("sources", "test", web.url("/gone"), allow=[web.peer])
        kept = (await typed.beside("sources", "list", "--json")).json
        await typed.beside("sources", "add", web.url("/feed.xml"), allow=[web.peer])
        again = await typed.beside("sources", "test", web.url("/feed.xml"), allow=[web.peer])

    assert again.out.splitlines() == [*told.out.splitlines()[:2], "It is followed as Harbour News. Nothing changed."]
    assert told.out.splitlines() == [
        f"Harbour News: {web.url('/feed.xml')}",
        f"  {FERRY['title']}",
        f"Nothing was kept. Follow it with `dateline sources add {web.url('/feed.xml')}`.",
    ]
    assert (as_json.json["address"], as_json.json["problem"]) == (web.url("/feed.xml"), None)
    assert gone.code == 3
    assert gone.err == ("dateline: 127.0.0.1 answered 404 (not found). Look at the address: something in it may be misspelt.\n")
    assert kept == []


@pytest.mark.slow
async def test_a_page_is_followed_as_it_is(typed: Here) -> None:
    async with Web() as web:
        web.serve(
            "/council",
            f"<html><title>Council</title><body><p>{FERRY['description']}</p></body></html>".encode(),
            content_type="text/html",
        )

        made = await typed.beside("sources", "add", web.url("/council"), "--page", "--name", "Council", allow=[web.peer])

        kept = (await typed.beside("sources", "list", "--json")).json
        exported = await typed.beside("sources", "export")

    assert (made.code, made.err) == (0, "")
    assert [(one["kind"], one["name"]) for one in kept] == [("page", "Council")]
    assert exported.err == "dateline: There is no feed to export. `dateline sources list` shows what there is.\n"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://192.168.1.1/feed", "it points inside a private network. An operator can allow it in `fetch.allow`."),
        ("127.0.0.1", "it points inside a private network"),
        ("./saved.xml", "it looks like a file"),
        ("/etc/passwd", "it looks like a file"),
        ("file:///etc/passwd", "it does not begin with http:// or https://"),
    ],
)
@pytest.mark.parametrize("page", [False, True], ids=["feed", "page"])
def test_an_address_that_is_not_read_is_refused_and_nothing_is_kept(typed: Here, address: str, words: str, page: bool) -> None:
    said = typed("sources", "add", address, *(["--page"] if page else []))

    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("dateline: I can't read that address: ")
    assert words in said.err
    assert listed(typed) == []


# Lists


def test_folders_of_a_list_become_topics_and_a_feed_may_have_several(typed: Here, tmp_path: Path) -> None:
    outlines = folder("Coast", feed(1, "Harbour"), folder("Ferries", feed(2))) + folder("World", feed(1, "Again")) + feed(3)

    taken = lists(typed, tmp_path / "mine.opml", outlines)

    assert [len(taken[name]) for name in ("new", "followed", "already", "refused")] == [3, 0, 0, 0]
    assert {one["address"][-1]: (one["name"], one["topics"]) for one in listed(typed)} == {
        "1": ("Harbour", ["Coast", "World"]),
        "2": ("", ["Coast / Ferries"]),
        "3": ("", []),
    }
    assert [each["name"] for each in typed("topics", "list", "--json").json] == ["Coast", "Coast / Ferries", "World"]


def test_a_list_that_was_followed_before_changes_nothing(typed: Here, tmp_path: Path) -> None:
    lists(typed, tmp_path / "mine.opml", feed(1, "Harbour"))

    again = typed("sources", "import", str(tmp_path / "mine.opml"))

    assert again.out == "Following 0 more feeds, 1 you had already. `dateline collect` reads them; nothing old is posted.\n"


def test_the_same_feed_by_another_scheme_or_with_a_slash_is_one(typed: Here, tmp_path: Path) -> None:
    other = feed(1).replace("https://", "http://").replace("/1", "/1/")

    taken = lists(typed, tmp_path / "mine.opml", feed(1) + other)

    assert (len(taken["new"]), len(taken["already"]), len(listed(typed))) == (1, 1, 1)


def test_what_a_list_may_not_point_at_is_named_and_the_rest_is_followed(typed: Here, tmp_path: Path) -> None:
    inside = (
        '<outline text="Router" xmlUrl="http://192.168.1.1/feed"/><outline text="Odd" xmlUrl="https://user:pw@a.example/"/>'
    )
    (tmp_path / "mine.opml").write_bytes(opml(inside + feed(1)))

    taken = typed("sources", "import", str(tmp_path / "mine.opml"))

    assert "http://192.168.1.1/feed: I can't read that address: it points inside a private network" in taken.err
    assert "a user name or a password" in taken.err
    assert taken.out.startswith("Following 1 more feed, 2 refused.")
    assert len(listed(typed)) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (rss(FERRY), "no OPML file"),
        (opml(feed(1), '<!DOCTYPE opml [<!ENTITY a "aaaa">]>'), "entities of its own, which are refused"),
        (opml("".join(feed(number) for number in range(1_001))), "names 1,001 feeds; 1,000 are read at most"),
    ],
    ids=["a feed", "entities", "too many"],
)
def test_what_is_no_list_is_refused_and_nothing_is_followed(typed: Here, tmp_path: Path, body: bytes, words: str) -> None:
    (tmp_path / "mine.opml").write_bytes(body)

    said = typed("sources", "import", str(tmp_path / "mine.opml"))

    assert (said.code, said.out) == (3, "")
    assert f"{tmp_path}/mine.opml" in said.err
    assert words in said.err
    assert listed(typed) == []


def test_what_is_exported_is_imported_as_it_was(typed: Here, tmp_path: Path) -> None:
    odd = "A &amp; B &quot;quoted&quot; *bold*"
    lists(typed, tmp_path / "mine.opml", folder("Coast", feed(1, odd)) + folder("North / East", feed(1), feed(2)) + feed(3))
    before = listed(typed)

    (tmp_path / "out.opml").write_text(typed("sources", "export").out)
    typed("sources", "import", str(tmp_path / "out.opml"), "--database", "other.db")
    after = listed(typed, "--database", "other.db")

    kept = ("address", "topics")
    assert sorted([one[name] for name in kept] for one in after) == sorted([one[name] for name in kept] for one in before)
    assert {one["name"] for one in after} == {'A & B "quoted" *bold*', "harbour.example"}
    assert typed("sources", "export", "--json").json[0]["topics"] == ["Coast", "North / East"]


# Spaces


def test_what_one_space_follows_is_listed_for_it_and_in_the_whole(typed: Here, tmp_path: Path) -> None:
    (tmp_path / "mine.opml").write_bytes(opml(feed(1)))
    typed("sources", "import", str(tmp_path / "mine.opml"), *TEAM, "--topic", "Coast")

    assert listed(typed)[0]["followed_by"] == ["slack:T1"]
    assert [one["topics"] for one in listed(typed, *TEAM)] == [["Coast"]]
    assert listed(typed, "--space", "slack:T2") == []
    assert typed("sources", "list", "--space", "slack:T2").out.startswith("No source is followed there.")
    assert listed(typed, "--topic", "COAST") == listed(typed)
    assert listed(typed, "--topic", "World") == []
    assert "not read yet · topics: Coast · for slack:T1" in typed("sources", "list").out


def test_a_channel_names_its_space(typed: Here, tmp_path: Path) -> None:
    (tmp_path / "mine.opml").write_bytes(opml(feed(1)))
    typed("sources", "import", str(tmp_path / "mine.opml"), "--channel", "slack:T1/C1")

    assert listed(typed)[0]["followed_by"] == ["slack:T1/C1"]
    assert len(listed(typed, "--channel", "slack:T1/C1")) == 1
    assert listed(typed, "--channel", "slack:T1/C2") == []
    odd = typed("sources", "list", "--channel", "slack:T1/C1", "--space", "slack:T2")
    assert odd.err == "dateline: The channel slack:T1/C1 is not in the space slack:T2; leave --space out.\n"


@pytest.mark.parametrize("space", ["slack", "slack:T1/C1", "slack:", "irc:x", "discord:guild"])
def test_a_space_that_is_written_otherwise_is_answered_with_what_is_accepted(typed: Here, space: str) -> None:
    said = typed("sources", "list", "--space", space)

    assert (said.code, said.out) == (2, "")
    assert "A space is written console, slack:TEAM, discord:GUILD, webhook:NAME." in said.err


def test_a_space_alone_cannot_leave_what_all_were_given_and_all_can(typed: Here, tmp_path: Path) -> None:
    lists(typed, tmp_path / "mine.opml", feed(1, "Harbour"))
    address = "https://harbour.example/1"

    kept = typed("sources", "remove", address, *TEAM)
    gone = typed("sources", "remove", address)

    assert kept.code == 2
    assert "Harbour was given to every space by the operator, so it stays." in kept.err
    assert f"Everywhere: `dateline sources remove {address}`." in kept.err
    assert gone.out == f"No longer following {address}; its articles are forgotten.\n"
    assert listed(typed) == []


def test_the_last_space_that_leaves_a_source_takes_it_along(typed: Here, tmp_path: Path) -> None:
    (tmp_path / "mine.opml").write_bytes(opml(feed(1, "Harbour")))
    for space in ("slack:T1", "slack:T2"):
        typed("sources", "import", str(tmp_path / "mine.opml"), "--space", space)

    first = typed("sources", "remove", "https://harbour.example/1", *TEAM)
    last = typed("sources", "remove", "https://harbour.example/1", "--space", "slack:T2", "--json")

    assert first.out == "Harbour is no longer followed in slack:T1. Others still follow it.\n"
    assert last.json == {"address": "https://harbour.example/1", "removed": True, "outcome": "gone"}


def test_a_source_is_paused_and_resumed(typed: Here, tmp_path: Path) -> None:
    lists(typed, tmp_path / "mine.opml", feed(1, "Harbour"))
    [one] = listed(typed)

    paused = typed("sources", "pause", one["address"])

    assert paused.out == f"Harbour is paused. Go on with `dateline sources resume {one['address']}`.\n"
    assert listed(typed)[0]["state"] == "paused"
    assert typed("sources", "resume", one["id"], "--json").json["paused"] is False
    assert listed(typed)[0]["state"] == "not read yet"
    assert typed("sources", "pause", "https://nowhere.example/").code == 2


def test_check_names_a_subscription_whose_channel_follows_nothing(typed: Here, tmp_path: Path) -> None:
    (tmp_path / "mine.opml").write_bytes(opml(feed(1)))
    typed("sources", "import", str(tmp_path / "mine.opml"), *TEAM)
    typed("subscriptions", "add", "--channel", "console", "--at", "daily 08:00")

    checked = typed("check")
    typed("sources", "import", str(tmp_path / "mine.opml"))
    mended = typed("check")

    assert (checked.code, mended.code) == (1, 0)
    assert "it follows no source; dateline sources add ADDRESS --channel console" in checked.out
    assert "it follows no source" not in mended.out


# Starters


def test_starters_are_shown_by_topic_and_followed_under_it(typed: Here) -> None:
    shown = typed("sources", "starters")
    science = typed("sources", "starters", "--topic", "science", "--json").json

    assert shown.out.startswith("World\n  BBC News  https://feeds.bbci.co.uk/news/world/rss.xml  (seen ")
    assert {one["topic"] for one in science} == {"Science"}
    assert listed(typed) == []

    taken = typed("sources", "starters", "--topic", "science", "--add", "--json").json

    assert sorted(taken["new"]) == sorted(one["address"] for one in science)
    assert {one["zone"] for one in listed(typed)} == {one["zone"] for one in science}
    assert all(one["topics"] == ["Science"] for one in listed(typed))


def test_a_topic_without_starters_is_answered_with_those_that_have_some(typed: Here) -> None:
    said = typed("sources", "starters", "--topic", "Knitting")

    assert said.code == 2
    assert "There are no starters for 'Knitting'; accepted: World, Business," in said.err


# Topics


def test_a_topic_is_made_changed_and_removed(typed: Here) -> None:
    made = typed("topics", "add", "Chips", "--words", '"memory chips"')
    again = typed("topics", "add", "chips")
    edited = typed("topics", "edit", "chips", "--rename", "Semiconductors", "--words", "wafers")

    assert (made.out, again.code) == ("The topic Chips is there.\n", 2)
    assert again.err == "dateline: There is a topic chips already. Change it with `dateline topics edit`.\n"
    assert edited.out == "The topic Semiconductors is changed.\n"
    assert typed("topics", "list").out == "Semiconductors\n  words: wafers · no sources\n"
    assert typed("topics", "remove", "semiconductors").code == 0
    assert typed("topics", "list").out.startswith("No topics yet.")
    assert "There is no topic semiconductors here." in typed("topics", "remove", "semiconductors").err


def test_one_source_is_taken_out_of_a_topic(typed: Here, tmp_path: Path) -> None:
    lists(typed, tmp_path / "mine.opml", folder("Coast", feed(1, "Harbour"), feed(2, "Valley")))

    taken = typed("topics", "remove", "Coast", "--source", "https://harbour.example/1")

    assert taken.out == "https://harbour.example/1 is no longer under Coast.\n"
    assert typed("topics", "list").out == "Coast\n  words: none · sources: Valley\n"


def test_a_topic_of_one_space_is_of_no_other_and_cannot_take_what_all_have(typed: Here) -> None:
    typed("topics", "add", "Chips")
    typed("topics", "add", "Private", *TEAM)

    assert [each["name"] for each in typed("topics", "list", "--json", *TEAM).json] == ["Chips", "Private"]
    assert [each["name"] for each in typed("topics", "list", "--json").json] == ["Chips"]
    refused = typed("topics", "remove", "chips", *TEAM)
    assert "The topic chips was given to every space by the operator, so it stays as it is." in refused.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("topics", "add", "x" * 10_000), "may have 60 characters; that one has 10,000"),
        (("topics", "add", "Chips", "--words", "w" * 10_000), "characters; I read 500 at most"),
        (("topics", "add", "Chips", "--words", "since:yesterday"), "I take words only"),
        (("topics", "edit", "Chips"), "Say what to change"),
        (("topics", "edit", "Chips", "--words", "x"), "There is no topic Chips here."),
    ],
    ids=["long name", "long words", "a time", "nothing", "absent"],
)
def test_what_is_no_topic_is_answered_in_words(typed: Here, arguments: tuple[str, ...], words: str) -> None:
    said = typed(*arguments)

    assert (said.code, said.out) == (2, "")
    assert words in said.err


def test_a_name_with_mark_up_is_shown_as_it_was_typed(typed: Here) -> None:
    typed("topics", "add", "<b>Chips</b> *co*")

    assert typed("topics", "list").out.startswith("<b>Chips</b> *co*\n")
