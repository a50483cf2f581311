"""The operator's door to what is posted where and when."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.collect import collect
from bot.correct import correct_posted
from bot.grouping import Grouping
from bot.model import Abilities, Fetched, IfNothing
from bot.ports.connections import DoorState
from tests.bot.cli.running import FERRY, Here, rss
from tests.bot.store.making import new_database
from tests.fakes import FakeAdapter, FakeFetcher, InlineReader, Serving
from tests.flows.living import BRIDGE, due, opened, subscribed, with_news
from tests.servers.faults import NONE, Fault, broken, says
from tests.servers.slack_webhook import SlackWebhook, limited

FEED = "https://harbour.example/feed"
DEARER = BRIDGE | {"description": BRIDGE["description"].replace("12 million", "21 million")}


@pytest.fixture(autouse=True)
def archive(tmp_path: Path) -> None:
    """A new archive, so that no test of this file makes its own."""
    new_database(tmp_path / "dateline.db")


def added(typed: Here, *more: str) -> str:
    """The id of a new subscription of the terminal."""
    made = typed("subscriptions", "add", "--channel", "console", "--at", "daily 08:00", "--json", *more)
    return str(made.json["id"])


def test_a_subscription_is_added_and_answers_with_its_next_three_runs(typed: Here) -> None:
    made = typed(
        "subscriptions", "add", "--channel", "console", "--topic", "ferry", "--at", "mon,thu 07:30", "--zone", "europe/berlin"
    )

    lines = made.out.splitlines()
    assert made.code == 0
    assert lines[0].startswith("ferry will be posted to console. Its id is ferry-")
    assert len(lines) == 5
    assert all("07:30 CE" in line and line.strip()[:3] in ("Mon", "Thu") for line in lines[1:4]), made.out


def test_the_same_as_json_names_all_that_was_chosen(typed: Here) -> None:
    made = typed(
        "subscriptions", "add", "--channel", "webhook:News", "--at", "every 6h", "--title", "World", "--length", "short",
        "--if-nothing", "silent", "--json",
    ).json  # fmt: skip

    chosen = {name: made[name] for name in ("channel", "title", "topic", "at", "zone", "length", "if_nothing", "paused")}
    assert chosen == {
        "channel": "webhook:news",
        "title": "World",
        "topic": "",
        "at": "every 6h",
        "zone": "UTC",
        "length": "short",
        "if_nothing": "silent",
        "paused": False,
    }
    assert len(made["next"]) == 3


def test_a_channel_that_nothing_can_be_posted_to_yet_is_said_and_kept_all_the_same(typed: Here) -> None:
    made = typed("subscriptions", "add", "--channel", "webhook:news", "--at", "daily 08:00")

    assert made.code == 0
    assert "set DATELINE_WEBHOOK_NAME to one" in made.err


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["--channel", "console", "--at", "every 5m"], "I post every 15 minutes at most"),
        (["--channel", "console", "--at", "25:00"], "never comes"),
        (["--channel", "console", "--at", "daily 08:00", "--zone", "EST5"], "Try America/New_York"),
        (["--channel", "irc:news", "--at", "daily 08:00"], "A channel is written console, slack:TEAM/CHANNEL"),
        (["--channel", "discord:news/2", "--at", "daily 08:00"], "It is written discord:GUILD/CHANNEL (ids, not names)."),
        (["--channel", "console", "--at", "daily 08:00", "--if-nothing", "shout"], "accepted: post, silent"),
        (["--channel", "console", "--at", "daily 08:00", "--length", "endless"], "endless"),
    ],
    ids=["too often", "never", "zone", "platform", "form of a channel", "rule", "length"],
)
def test_what_cannot_be_understood_is_answered_with_what_would_do(typed: Here, words: list[str], answer: str) -> None:
    said = typed("subscriptions", "add", *words)

    assert (said.code, said.out) == (2, "")
    assert answer in said.err
    assert typed("subscriptions", "list", "--json").json == []


def test_a_subscription_is_paused_resumed_and_removed(typed: Here) -> None:
    name = added(typed)

    paused = typed("subscriptions", "pause", name)
    while_paused = typed("subscriptions", "list", "--json").json
    resumed = typed("subscriptions", "resume", name)
    afterwards = typed("subscriptions", "list", "--json").json
    removed = typed("subscriptions", "remove", name, "--json")

    assert paused.out == f"{name} is paused. Go on with `dateline subscriptions resume {name}`.\n"
    assert (while_paused[0]["paused"], while_paused[0]["next"]) == (True, [])
    assert resumed.out.startswith(f"{name} goes on. Next runs:\n  ")
    assert (afterwards[0]["paused"], len(afterwards[0]["next"])) == (False, 3)
    assert removed.json == {"id": name, "removed": True}
    assert typed("subscriptions", "list").out.startswith("No subscriptions yet.")


def test_an_edit_changes_what_it_names_and_shows_the_next_three_runs(typed: Here) -> None:
    name = added(typed, "--topic", "ferry", "--zone", "Europe/Berlin")

    edited = typed("subscriptions", "edit", name, "--at", "mon,thu 07:30", "--if-nothing", "silent")
    [now] = typed("subscriptions", "list", "--json").json

    lines = edited.out.splitlines()
    about = "ferry in console, mon,thu 07:30 Europe/Berlin, about ferry, silent when there is nothing new"
    assert lines[0] == f"{name} is now {about}. Next runs:"
    assert [line.strip()[:3] in ("Mon", "Thu") and "07:30 CE" in line for line in lines[1:]] == [True] * 3
    chosen = {key: now[key] for key in ("at", "zone", "topic", "title", "length", "if_nothing")}
    assert chosen == {
        "at": "mon,thu 07:30",
        "zone": "Europe/Berlin",
        "topic": "ferry",
        "title": "ferry",
        "length": "normal",
        "if_nothing": "silent",
    }


def test_an_edit_of_all_that_can_be_changed_comes_back_as_json(typed: Here) -> None:
    name = added(typed, "--topic", "ferry")

    edited = typed(
        "subscriptions", "edit", name, "--zone", "asia/tokyo", "--topic", "bridge", "--length", "full", "--title", "Crossings",
        "--at", "weekdays 06:00", "--if-nothing", "silent", "--json",
    ).json  # fmt: skip

    assert edited == typed("subscriptions", "list", "--json").json[0]
    chosen = [edited[key] for key in ("at", "zone", "topic", "title", "length", "if_nothing")]
    assert chosen == ["weekdays 06:00", "Asia/Tokyo", "bridge", "Crossings", "full", "silent"]
    assert len(edited["next"]) == 3


def test_a_title_made_of_the_topic_goes_with_it_and_a_chosen_one_stays(typed: Here) -> None:
    by_topic, chosen = added(typed, "--topic", "ferry"), added(typed, "--topic", "ferry", "--title", "Harbour")

    titles = [typed("subscriptions", "edit", name, "--topic", "bridge", "--json").json["title"] for name in (by_topic, chosen)]
    without = typed("subscriptions", "edit", chosen, "--topic", "", "--title", "", "--json").json

    assert titles == ["bridge", "Harbour"]
    assert (without["topic"], without["title"]) == ("", "News")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ([], "Say what to change: --at"),
        (["--at", "every 5m"], "I post every 15 minutes at most"),
        (["--zone", "EST5"], "Try America/New_York"),
        (["--if-nothing", "shout"], "accepted: post, silent"),
        (["--length", "endless"], "endless"),
    ],
    ids=["nothing", "too often", "zone", "rule", "length"],
)
def test_an_edit_that_is_not_understood_changes_nothing(typed: Here, words: list[str], answer: str) -> None:
    name = added(typed)
    before = typed("subscriptions", "list", "--json").json

    said = typed("subscriptions", "edit", name, *words)

    assert (said.code, said.out) == (2, "")
    assert answer in said.err
    assert typed("subscriptions", "list", "--json").json == before


def test_a_paused_subscription_is_edited_and_stays_paused(typed: Here) -> None:
    name = added(typed)
    typed("subscriptions", "pause", name)

    edited = typed("subscriptions", "edit", name, "--at", "daily 09:00")

    assert edited.out == f"{name} is now News in console, daily 09:00 UTC. It is paused.\n"


def test_a_run_that_is_due_already_is_shown_before_the_next_ones(typed: Here, tmp_path: Path) -> None:
    asyncio.run(subscribed(tmp_path, due("console")))

    listed = typed("subscriptions", "list")

    assert re.search(r"not run yet\n  now, for \w{3} \d+ \w{3} \d\d:\d\d UTC, which has passed\n", listed.out)


@pytest.mark.parametrize("verb", ["edit", "remove", "pause", "resume", "preview", "run"])
def test_a_subscription_that_there_is_not_is_said(typed: Here, verb: str) -> None:
    said = typed("subscriptions", verb, "nope", *(["--title", "x"] if verb == "edit" else []))

    assert (said.code, said.out) == (2, "")
    assert "Nothing is posted under the id nope." in said.err


def test_a_preview_shows_what_would_be_posted_and_leaves_no_trace(typed: Here, tmp_path: Path) -> None:
    asyncio.run(with_news(tmp_path, BRIDGE))
    asyncio.run(subscribed(tmp_path, due("console")))

    shown = typed("subscriptions", "preview", "world-console")
    again = typed("subscriptions", "preview", "world-console", "--json")
    status = typed("status", "--json").json

    assert shown.out.startswith("PREVIEW of World in console; nothing was sent.\n")
    assert "bridge of Asterby" in shown.out
    assert (again.json["title"], again.json["number"]) == ("World", None)
    assert "bridge of Asterby" in json.dumps(again.json["stories"])
    assert (status["runs"], status["deliveries"]["sent"]) == ([], 0)


def test_a_run_by_hand_posts_what_is_not_posted_again(typed: Here, tmp_path: Path) -> None:
    asyncio.run(with_news(tmp_path, BRIDGE))
    asyncio.run(subscribed(tmp_path, due("console")))

    first = typed("subscriptions", "run", "world-console")
    second = typed("subscriptions", "run", "world-console")
    status = typed("status")

    assert "bridge of Asterby" in first.out
    assert first.err == "Posted to console.\n"
    assert "bridge of Asterby" not in second.out
    assert "Nothing new in “World” since" in second.out
    assert "Messages: 2 sent." in status.out
    assert "world-console extra of " in status.out


@pytest.mark.parametrize(
    ("fault", "code", "words", "state"),
    [
        pytest.param(NONE, 0, "Posted to webhook:news.", "sent", id="taken"),
        pytest.param(says(400, "invalid_blocks"), 0, "Posted to webhook:news.", "sent", id="taken as plain text"),
        pytest.param(
            says(410, "channel_is_archived"), 5, "Not posted to webhook:news: Slack says channel_is_archived", "failed",
            id="refused",
        ),
        pytest.param(broken(500), 5, "Nobody knows whether it was posted to webhook:news: ", "sending", id="broken"),
        pytest.param(
            limited(60), 5, "Not posted to webhook:news yet: Slack asks the webhook news for a pause of 60 s. `dateline run`",
            "pending", id="limited",
        ),
    ],
)  # fmt: skip
async def test_a_run_by_hand_ends_as_its_messages_did(
    typed: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault, code: int, words: str, state: str
) -> None:
    await with_news(tmp_path, BRIDGE)
    await subscribed(tmp_path, due("webhook:news"))

    async with SlackWebhook() as slack:
        monkeypatch.setenv("DATELINE_WEBHOOK_NEWS", slack.add("news"))
        slack.next(fault)
        said = await typed.beside("subscriptions", "run", "world-news")

    assert (said.code, said.out) == (code, "")
    assert said.err.startswith(words)
    (run,) = (await typed.beside("status", "--json")).json["runs"]
    assert run["deliveries"][-1] == state
    assert f"UTC: No. 1, {state}\n" in (await typed.beside("status")).out


async def test_a_run_by_hand_that_is_refused_says_so_to_programs_too(
    typed: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribed(tmp_path, due("webhook:news"))

    async with SlackWebhook() as slack:
        monkeypatch.setenv("DATELINE_WEBHOOK_NEWS", slack.add("news"))
        slack.becomes("news", 404, "no_service")
        refused = await typed.beside("subscriptions", "run", "world-news", "--json")
        paused = await typed.beside("subscriptions", "run", "world-news")

    assert (refused.code, refused.json["deliveries"]) == (5, ["failed"])
    assert "Mended? `dateline subscriptions resume world-news`, then `dateline deliveries resend d-" in refused.json["error"]
    assert (paused.code, "its schedule is paused" in paused.err) == (5, True)


def test_a_run_by_hand_in_a_channel_that_is_not_served_claims_nothing(typed: Here, tmp_path: Path) -> None:
    asyncio.run(subscribed(tmp_path, due("webhook:news")))

    said = typed("subscriptions", "run", "world-news")

    assert said.code == 2
    assert "webhook:news is not served" in said.err
    assert typed("status", "--json").json["runs"] == []


def test_status_begins_with_the_verdict_and_names_each_alarm_with_the_next_step(typed: Here, tmp_path: Path) -> None:
    asyncio.run(subscribed(tmp_path, due("console")))

    status = typed("status")
    as_json = typed("status", "--json").json
    checked = typed("check")

    assert status.out.splitlines()[:2] == [
        "1 alarm:",
        "  The bot has never run, so nothing is posted. Start it: dateline run",
    ]
    assert [each["alarm"] for each in as_json["alarms"]] == ["clock_stopped"]
    assert as_json["ticked_at"] is None
    assert (checked.code, "wrong  alarm: The bot has never run" in checked.out) == (1, True)


def test_a_bot_that_was_stopped_is_not_said_to_be_connected(typed: Here, tmp_path: Path) -> None:
    async def ran_and_stopped() -> None:
        now = datetime.now(UTC)
        async with opened(tmp_path) as store:
            await store.beats.beat("bot", now)
            await store.beats.connection("slack", DoorState(True, "as @digest to Acme", now), now)
            await store.beats.stop("bot", now)

    asyncio.run(ran_and_stopped())

    (connection,) = typed("status", "--json").json["connections"]
    assert connection["connected"] is False
    assert connection["words"].startswith("not connected; the bot ran last at ")
    assert "; the bot was stopped " in next(line for line in typed("check").out.splitlines() if " clock: " in line)


def test_check_names_each_subscription_whose_channel_is_not_on(typed: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    typed("subscriptions", "add", "--channel", "webhook:news", "--at", "daily 08:00")
    off = typed("check")
    monkeypatch.setenv("DATELINE_WEBHOOK_NEWS", "https://hooks.slack.com/services/T024BE7LD/B061EG9SL/x7GkQ2pLw9")
    on = typed("check")
    monkeypatch.setenv("DATELINE_WEBHOOK_OPS", "https://example.org")
    monkeypatch.setenv("DATELINE_RUN__NOTICES", "webhook:ops")
    wrong = typed("check")

    assert (off.code, "wrong  subscription news-" in off.out) == (1, True)
    assert (on.code, "ok     webhook:news: a webhook of Slack" in on.out) == (0, True)
    assert "wrong  webhook:ops: off, DATELINE_WEBHOOK_OPS: this is not the address of a webhook" in wrong.out
    assert "wrong  notices: " in wrong.out
    assert "x7GkQ2pLw9" not in on.out + wrong.out


def test_a_message_of_unknown_outcome_is_listed_and_sent_again_by_a_person_only(typed: Here, tmp_path: Path) -> None:
    asyncio.run(with_news(tmp_path, BRIDGE))
    asyncio.run(subscribed(tmp_path, due("console")))
    typed("subscriptions", "run", "world-console")
    (sent,) = typed("deliveries", "list", "--json").json

    refused = typed("deliveries", "resend", sent["id"])
    with closing(sqlite3.connect(tmp_path / "dateline.db")) as connection, connection:
        connection.execute("UPDATE delivery SET state = 'unconfirmed'")
    listed = typed("deliveries", "list", "--state", "unconfirmed")
    resent = typed("deliveries", "resend", sent["id"])

    assert refused.code == 2
    assert "There is no message" in refused.err
    assert listed.out.startswith(f"{sent['id']}  unconfirmed  console  No. 1  ")
    assert resent.out == f"{sent['id']} waits again; `dateline run` sends it.\n"
    assert typed("deliveries", "list", "--json").json[0]["state"] == "pending"


def test_a_message_that_a_person_found_there_counts_as_sent(typed: Here, tmp_path: Path) -> None:
    asyncio.run(subscribed(tmp_path, due("console")))
    typed("subscriptions", "run", "world-console")
    (sent,) = typed("deliveries", "list", "--json").json
    refused = typed("deliveries", "confirm", sent["id"])
    with closing(sqlite3.connect(tmp_path / "dateline.db")) as connection, connection:
        connection.execute("UPDATE delivery SET state = 'unconfirmed'")

    confirmed = typed("deliveries", "confirm", sent["id"])

    assert (refused.code, "There is no unconfirmed message" in refused.err) == (2, True)
    assert confirmed.out == f"{sent['id']} counts as sent.\n"
    assert typed("deliveries", "list", "--json").json[0]["state"] == "sent"


def test_a_state_that_there_is_not_is_answered_with_those_there_are(typed: Here) -> None:
    said = typed("deliveries", "list", "--state", "lost")

    assert said.code == 2
    assert "accepted: pending, sending, sent, failed, unconfirmed, replaced." in said.err


def test_a_preview_says_whether_a_silent_subscription_would_post_and_a_correction_it_would(typed: Here, tmp_path: Path) -> None:
    async def corrected() -> None:
        now = datetime.now(UTC)
        async with opened(tmp_path) as store:
            fetched = Fetched(FEED, 200, rss(FERRY, DEARER), "application/rss+xml")
            await collect(store, FakeFetcher({FEED: fetched}), InlineReader(), now, all=True, grouping=Grouping())
            await correct_posted(store.ledger, Serving(FakeAdapter(abilities=Abilities())), now)

    asyncio.run(with_news(tmp_path, BRIDGE, address=FEED))
    asyncio.run(subscribed(tmp_path, due("console", if_nothing=IfNothing.SILENT)))
    typed("subscriptions", "run", "world-console")

    before = typed("subscriptions", "preview", "world-console")
    asyncio.run(corrected())
    after = typed("subscriptions", "preview", "world-console")

    assert "Nothing would be posted: it stays silent when there is nothing new." in before.out
    assert 'now has "21 million crowns"' in after.out
    assert "Nothing would be posted" not in after.out
