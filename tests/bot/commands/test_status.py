"""How things are, the verdict first, and nothing of another space."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import __version__
from bot.deliver import deliver
from bot.errors import NotAllowed
from bot.model import Channel, DeliveryKind, Run, Space
from bot.polling import Health
from bot.ports import Poll
from bot.ports.connections import DoorState
from bot.ports.people import SpaceSettings
from bot.ports.topics import Place
from bot.publish import publish_due
from tests.bot.commands.office import GUILD, READER, Office, control, form_of, office, said
from tests.bot.newsdesk import EIGHT, NEWS, SPORT
from tests.bot.store.making import VALLEY, poll

HOUR = timedelta(hours=1)
TERMINAL = Channel("console")


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as opened:
        yield opened


async def ticked(at: Office) -> None:
    """As if the bot ran, and had read its source a minute ago."""
    await at.store.beats.beat("bot", at.clock.now)
    health = Health(next_poll_at=at.clock.now + HOUR, last_polled_at=at.clock.now, last_ok_at=at.clock.now)
    await at.store.record([Poll("harbour", health)])


async def posted(at: Office) -> Run:
    """The run that is due, made and delivered."""
    [run] = (await publish_due(at.store.ledger, at.store, at.serving, at.clock.now, "bot")).runs
    await deliver(at.store.ledger, at.serving, lambda: at.clock.now, "bot")
    return run


async def test_all_is_well_says_so_first_then_sources_runs_messages_storage_and_version(at: Office) -> None:
    await at.subscribed()
    await at.stored(EIGHT - HOUR, 1, 2)
    await posted(at)
    await ticked(at)

    lines = [line.strip(" •") for line in said(await at.typed("status")).splitlines() if line.strip()]

    assert lines[:-1] == [
        "All is well: 1 source, none failing.",
        "Sources: 1 ok.",
        "2 articles in 2 stories.",
        "1 digest on schedule; next run 15 Oct 10:00 CEST.",
        "news Mon 14 Oct 10:00 CEST: No. 1, sent",
        "Messages: 1 sent.",
        f"Dateline {__version__}.",
    ]


async def test_a_message_that_was_refused_is_an_alarm_with_what_the_platform_said(at: Office) -> None:
    await at.subscribed()
    await at.stored(EIGHT - HOUR, 1)
    at.adapter.fail_next(NotAllowed("I may not write in C1."))
    await posted(at)
    await ticked(at)

    text = said(await at.typed("status"))

    alarms, _, besides = text.partition("Besides:")
    assert alarms.splitlines()[0] == "2 alarms:"
    assert alarms.count(" • ") == 2
    assert "Sources: 1 ok." in besides
    assert (
        "to slack:T1/C1 failed: I may not write in C1. Mended? The operator sends it again with dateline deliveries resend"
        in text
    )
    assert "1 digest on schedule, 1 paused." in text
    assert "Messages: 1 failed." in text


async def test_a_source_that_fails_is_named_with_why_and_when_it_is_asked_again(at: Office) -> None:
    await at.store.beats.beat("bot", at.clock.now)
    failing = Health(next_poll_at=EIGHT + HOUR, failures=2, failing_since=EIGHT - HOUR, last_error="It answered 503.")
    await at.store.record([Poll("harbour", failing)])

    text = said(await at.typed("status"))

    assert text.splitlines()[0] == "1 of 1 source failing."
    assert "Sources: 1 failing." in text
    assert "The Harbour Post  https://harbour.example/feed: failing 2 times in a row: It answered 503 (" in text
    assert "again at 14 Oct 11:00 CEST)" in text


async def test_where_nothing_is_followed_it_says_how_to_begin(at: Office) -> None:
    await at.store.remove_source("harbour")

    assert said(await at.typed("status")).startswith("Nothing is followed yet. Add a source with /digest feeds add <url>.")


async def test_nothing_of_another_space_is_told_but_the_terminal_sees_everything(at: Office) -> None:
    await at.store.remove_source("harbour")
    await at.follows(VALLEY, Place.of(GUILD))
    await at.store.record([poll("secret", source=VALLEY, health=Health(failures=1, last_error="It answered 403."))])
    await at.subscribed("foreign", GUILD)
    await at.store.ledger.enqueue(GUILD, DeliveryKind.POST, {"text": "x"}, "key", at.clock.now)
    await posted(at)

    ours, theirs, whole = [said(await at.typed("status", channel=each)) for each in (NEWS, GUILD, TERMINAL)]

    assert [line.strip(" •") for line in ours.splitlines() if line.strip()][:-1] == [
        "Nothing is followed yet. Add a source with /digest feeds add <url>.",
        "0 articles.",
        f"Dateline {__version__}.",
    ]
    for text in (theirs, whole):
        assert "Valley News" in text
        assert "1 article." in text
        assert "foreign Mon 14 Oct 10:00 CEST" in text
        assert "Messages: 2 sent." in text


async def test_what_a_single_channel_follows_counts_for_its_space(at: Office) -> None:
    await at.follows(VALLEY, Place.of(SPORT))

    assert "Sources: 2 ok." in said(await at.typed("status"))


async def test_who_may_not_administer_is_refused(at: Office) -> None:
    await at.store.people.change_settings(Space.of(NEWS), SpaceSettings(admins="G7"))

    assert "Only admins can do that here (group G7)." in said(await at.typed("status", READER))
    assert "Only admins can do that here" in said(await at.pressed("v1:status", READER))


async def test_its_button_leads_to_the_schedules_of_the_channel(at: Office) -> None:
    await at.subscribed()
    reply = await at.typed("status")

    assert "1 schedule in this channel" in said(await at.pressed(control(reply, "Schedules")))
    assert form_of(await at.pressed("v1:schedule-edit:news"))


async def test_a_connection_is_told_while_the_bot_runs_and_as_gone_once_it_ended(at: Office) -> None:
    await ticked(at)
    await at.store.beats.connection("slack", DoorState(True, "as @digest to Acme", EIGHT), at.clock.now)

    assert "Slack: connected as @digest to Acme since 14 Oct 10:00 CEST." in said(await at.typed("status"))

    await at.store.beats.connection("slack", DoorState(False, "make another token."), at.clock.now)

    assert said(await at.typed("status")).startswith("All is well"), "it may come about within a minute"

    at.clock.now += timedelta(minutes=1)

    assert said(await at.typed("status")).startswith("Not connected to Slack, so commands are not answered there")
    assert "Slack: not connected: make another token.\n" in f"{said(await at.typed('status'))}\n"

    at.clock.now += HOUR

    assert "Slack: not connected; the bot ran last at 14 Oct" in said(await at.typed("status"))


@pytest.mark.parametrize("connected", [True, False], ids=["connected", "refused"])
async def test_a_bot_that_was_stopped_is_not_said_to_be_connected_nor_to_be_refused(at: Office, *, connected: bool) -> None:
    await ticked(at)
    state = DoorState(connected, "as @digest to Acme", EIGHT if connected else None, refused=not connected)
    await at.store.beats.connection("slack", state, at.clock.now)
    await at.store.beats.stop("bot", at.clock.now)

    text = said(await at.typed("status"))

    assert text.startswith("The bot was stopped 14 Oct 10:00 CEST: nothing is posted or answered until it is started again.")
    assert "Slack: not connected; the bot ran last at 14 Oct 10:00 CEST." in text
    assert "as @digest" not in text


async def test_a_token_that_is_refused_is_said_at_once(at: Office) -> None:
    await ticked(at)
    await at.store.beats.connection("slack", DoorState(False, "make another token.", refused=True), at.clock.now)

    assert said(await at.typed("status")).startswith("Not connected to Slack, so commands are not answered there")


async def test_a_bot_that_has_not_looked_at_the_clock_for_minutes_is_not_said_to_be_well(at: Office) -> None:
    await at.subscribed()
    await ticked(at)

    at.clock.now += timedelta(minutes=1)
    assert said(await at.typed("status")).startswith("All is well")

    at.clock.now += timedelta(minutes=1)
    assert said(await at.typed("status")).startswith("The bot last looked at the clock 14 Oct 10:00 CEST: it may be stopped")


async def test_every_time_in_it_is_on_the_clock_of_whoever_asks(at: Office) -> None:
    await at.subscribed()
    await ticked(at)
    await publish_due(at.store.ledger, at.store, at.serving, at.clock.now, "owner")
    failing = Health(next_poll_at=EIGHT, failures=12, failing_since=EIGHT - timedelta(days=7), last_error="It answered 503.")
    await at.store.record([Poll("harbour", failing)])
    await at.store.beats.connection("slack", DoorState(True, "as @digest to Acme", EIGHT), at.clock.now)
    at.clock.now += timedelta(minutes=11)

    text = said(await at.typed("status"))

    assert "The bot last looked at the clock 14 Oct 10:00 CEST, so nothing is posted." in text
    assert "failed 12 times since 7 Oct 10:00 CEST" in text
    assert "UTC" not in text


async def test_where_no_feed_answers_now_does_not_claim_that_nothing_is_new(at: Office) -> None:
    failing = Health(next_poll_at=EIGHT, failures=2, failing_since=EIGHT - HOUR, last_error="It answered 503.")
    await at.store.record([Poll("harbour", failing)])

    text = said(await at.typed("now", READER))

    assert text.startswith("Nothing new is known since ")
    assert "the one feed does not answer." in text
