"""Schedules in chat: the channel that asks has its own, and nobody changes one who may not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import NotAllowed, Unreachable
from bot.model import DeliveryState, IfNothing, RunState, Space
from bot.ports.people import SpaceSettings
from bot.ports.topics import Topic
from bot.schedule import in_words
from bot.subscribing import what
from bot.talk import Choices, Confirm, Person, Picked, Row, Submitted
from digests.model import Length
from digests.render.layout import words
from tests.bot.commands.office import ADMIN, GUILD, READER, Office, control, controls, form_of, listed, office, said
from tests.bot.newsdesk import EIGHT, MONDAY, NEWS, SPORT

NEWS_SPACE = Space.of(NEWS)


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as opened:
        yield opened


def small(row: Row) -> list[str]:
    return [words(line) for line in row.small]


async def test_a_schedule_is_added_in_the_channel_that_asks_and_answers_with_its_next_three_runs(at: Office) -> None:
    reply = await at.typed('schedule add at: weekdays 08:00 topic:"ferry strike" length:short if-nothing:silent')

    [kept] = await at.store.ledger.subscriptions()
    wanted = kept.subscription
    assert (wanted.channel, wanted.topic, wanted.title) == (NEWS, "ferry strike", "ferry strike")
    assert (wanted.length, wanted.if_nothing) == (Length.SHORT, IfNothing.SILENT)
    assert wanted.schedule.zone == "Europe/Berlin"
    text = said(reply)
    assert f"ferry strike will be posted to this channel. Its id is {wanted.id}. Next runs:" in text
    assert "Tue 15 Oct 08:00 CEST" in text
    assert f"/digest preview {wanted.id}" in text
    assert len(listed(reply).rows) == 3


@pytest.mark.parametrize(
    ("operator", "place", "named"),
    [("UTC", "", "Asia/Tokyo"), ("Europe/Berlin", "", "Europe/Berlin"), ("UTC", "America/New_York", "America/New_York")],
    ids=["nobody chose", "the operator chose", "the place chose"],
)
async def test_setup_posts_on_the_clocks_that_it_names(tmp_path: Path, operator: str, place: str, named: str) -> None:
    tokyo = Person("U1", admin=True, zone="Asia/Tokyo")
    async with office(tmp_path, zone=operator) as at:
        if place:
            await at.store.people.change_settings(NEWS_SPACE, SpaceSettings(zone=place))

        step = said(await at.pressed("v1:setup-preview", tokyo))
        await at.pressed("v1:setup-daily", tokyo)

        [kept] = await at.store.ledger.subscriptions()
        assert f"On the clocks of {named}." in step
        assert kept.subscription.schedule.zone == named


async def test_times_need_no_option_before_them(at: Office) -> None:
    await at.typed("schedule add weekdays 9:00 topic:storm")

    [kept] = await at.store.ledger.subscriptions()
    assert (in_words(kept.subscription.schedule), kept.subscription.topic) == ("weekdays 09:00", "storm")


async def test_what_a_space_has_set_is_what_a_new_schedule_begins_with(at: Office) -> None:
    ours = SpaceSettings(zone="Asia/Tokyo", length=Length.FULL, if_nothing=IfNothing.SILENT)
    await at.store.people.change_settings(NEWS_SPACE, ours)

    await at.typed('schedule add at:"daily 07:00" title:"Good morning"')

    [kept] = await at.store.ledger.subscriptions()
    chosen = (kept.subscription.schedule.zone, kept.subscription.length, kept.subscription.if_nothing, kept.subscription.title)
    assert chosen == ("Asia/Tokyo", Length.FULL, IfNothing.SILENT, "Good morning")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ('schedule add at:"every 5m"', "I post every 15 minutes at most"),
        ('schedule add at:"25:00"', "25:00 never comes: a day goes from 00:00 to 23:59."),
        ("schedule add at:never", "never never comes. To post nothing for a while, pause the subscription."),
        ('schedule add at:"daily 08:00" zone:EST5', "I don't know the time zone EST5. Try America/New_York."),
        ("schedule add at:never zone:EST5", "Try America/New_York. never never comes."),
        ('schedule add at:"daily 08:00" if-nothing:shout', "accepted: post, silent."),
        ('schedule add at:"daily 08:00" length:ful', "did you mean full?"),
        ('schedule add at:"daily 08:00" since:monday', "I take no since: here."),
        ('schedule add at:"daily 08:00" topic:"since:monday"', "I take no since: here."),
        ("schedule add weekdays noonish", "I don't know noonish"),
        ("schedule add every 5m", "Every 5m is too often: I post every 15 minutes at most"),
        ("schedule add at 25:00", "25:00 never comes: a day goes from 00:00 to 23:59."),
        ("schedule add every morning at 7", "I don't know morning"),
        ("schedule add ferry strike", "where ferry strike belongs. Times stand behind at:"),
        ('schedule add 9:00 at:"daily 08:00"', "where 9:00 belongs."),
        (
            'schedule add "two words" at:"daily 08:00"',
            "where two words belongs. Times stand behind at:, as in at:",
        ),
        ("schedule ad at:noon", "Did you mean /digest schedule add?"),
        ("schedule at:noon", "Say what is to be done: /digest schedule add"),
        (f'schedule add at:"daily 08:00" title:{"x" * 600}', "characters; I read 500 at most"),
        (f"schedule add at:{'x' * 10_000}", "characters; a question may have 2,000."),
    ],
)
async def test_what_cannot_be_is_answered_with_what_would_do_and_nothing_is_kept(at: Office, typed: str, answer: str) -> None:
    assert answer in said(await at.typed(typed))
    assert await at.store.ledger.subscriptions() == []


async def test_a_schedule_may_be_named_by_its_title_where_one_is_meant(at: Office) -> None:
    await at.typed('schedule add at:"daily 08:00" title:"Morning digest"')
    await at.typed('schedule add at:"daily 18:00" title:"Evening digest"')
    morning, evening = [each.subscription.id for each in await at.store.ledger.subscriptions()]

    assert f"{morning} is paused" in said(await at.typed("schedule pause morning Digest"))
    assert f"{evening} is paused" in said(await at.typed("schedule pause evening"))
    assert f"schedule resume {morning}" in said(await at.typed(f"schedule pause {morning}"))
    assert "PREVIEW of Evening digest" in said(await at.typed("preview evening digest"))
    assert "2 schedules may be meant" in said(await at.typed("schedule remove digest"))
    assert "Did you mean Morning digest?" in said(await at.typed("schedule run mornign digest"))
    assert "Shall I remove Morning digest" in said(await at.asked(Picked("schedule remove", "Morning digest", {})))
    assert f"No schedule of this channel is called evenin. Did you mean {evening}?" in said(
        await at.typed("schedule run evenin")
    )
    assert "is called Evening" in said(await at.pressed("v1:schedule-remove:Evening:yes")), "a button knows ids alone"
    assert "I don't know where soon belongs" in said(await at.typed(f"schedule pause {morning} soon"))


async def test_a_schedule_is_completed_by_its_title_and_its_times(at: Office) -> None:
    await at.typed('schedule add at:"daily 08:00" title:"Morning digest"')
    await at.typed('schedule add at:"daily 08:00" title:"Sport"', channel=SPORT)
    [morning] = [each.subscription for each in await at.store.ledger.subscriptions() if each.subscription.channel == NEWS]

    offered = await at.desk.offers(NEWS, "schedule", "morn", at.clock.now, person=ADMIN)

    assert offered == [("Morning digest · daily 08:00 Europe/Berlin", morning.id)]


async def test_without_a_time_a_form_asks_for_all_of_it_with_what_was_said_in_it(at: Office) -> None:
    form = form_of(await at.typed('schedule add topic:"ferry strike" length:full'))

    values = {each.name: each.value for each in form.fields}
    assert form.id == "v1:schedule-add"
    assert values == {
        "at": "", "zone": "Europe/Berlin", "words": "ferry strike", "length": "full", "title": "", "if-nothing": "post",
    }  # fmt: skip
    assert await at.store.ledger.subscriptions() == []


async def test_a_form_that_is_wrong_comes_back_with_each_error_at_its_field_and_what_was_typed(at: Office) -> None:
    form = form_of(await at.typed("schedule add"))

    again = form_of(await at.filled(form, at="every 5m", zone="EST5", words="since:monday", title="Mine", length="endless"))

    wrong = {each.name: words(each.error) for each in again.fields if each.error}
    assert again.id == form.id
    assert set(wrong) == {"at", "zone", "words", "length"}
    assert "every 15 minutes at most" in wrong["at"]
    assert "Try America/New_York." in wrong["zone"]
    assert "I take no since: here." in wrong["words"]
    typed = {each.name: each.value for each in again.fields}
    assert (typed["at"], typed["zone"], typed["words"], typed["title"]) == ("every 5m", "EST5", "since:monday", "Mine")
    assert await at.store.ledger.subscriptions() == []

    mended = await at.filled(again, at="every 6h", zone="europe/berlin", words="open", length="full")

    [kept] = await at.store.ledger.subscriptions()
    assert (kept.subscription.topic, kept.subscription.title, kept.subscription.schedule.zone) == (
        "open",
        "Mine",
        "Europe/Berlin",
    )
    assert "Mine will be posted to this channel." in said(mended)


async def test_of_a_form_that_is_begun_what_is_wrong_is_told_and_nothing_is_done(at: Office) -> None:
    empty = form_of(await at.typed("schedule add"))
    values = {each.name: each.value for each in empty.fields}

    bad = await at.asked(Submitted(empty.id, values | {"at": "every morning at 7", "zone": "Berlin"}, begun=True))
    good = await at.asked(Submitted(empty.id, values | {"at": "daily 07:00"}, begun=True))

    assert {each.name for each in form_of(bad).fields if each.error} == {"at", "zone"}
    assert not any(each.error for each in form_of(good).fields)
    assert await at.store.ledger.subscriptions() == []
    await at.asked(Submitted(empty.id, values | {"at": "daily 07:00"}))
    [kept] = await at.store.ledger.subscriptions()
    edit = form_of(await at.typed("schedule edit"))
    values = {each.name: each.value for each in edit.fields} | {"at": "daily 09:00"}
    assert form_of(await at.asked(Submitted(edit.id, values, begun=True)))
    assert await at.store.ledger.subscriptions() == [kept]


async def test_a_field_of_ten_thousand_characters_is_refused_and_comes_back_shorter(at: Office) -> None:
    form = form_of(await at.typed("schedule add"))

    again = form_of(await at.filled(form, at="x" * 10_000, zone="y" * 10_000, words="z" * 10_000))

    assert {each.name for each in again.fields if each.error} == {"at", "zone", "words"}
    assert all(len(each.value) <= 500 and len(words(each.error)) < 300 for each in again.fields)


async def test_a_form_offers_the_topics_of_the_space_and_takes_one_or_words_not_both(at: Office) -> None:
    await at.store.topics.add_topic(NEWS_SPACE, Topic("Ferries: all", "ferry"), MONDAY)
    form = form_of(await at.typed("schedule add"))

    both = form_of(await at.filled(form, at="never", topic="Ferries: all", words="strike"))
    await at.filled(form, at="noon", topic="Ferries: all")

    [menu] = [each.options for each in form.fields if each.name == "topic"]
    assert menu == (("-", "Everything"), ("Ferries: all", "Ferries: all"))
    assert [each.name for each in both.fields if each.error] == ["at", "words"]
    assert {each.name: each.value for each in both.fields if each.name in ("topic", "words")} == {
        "topic": "Ferries: all",
        "words": "strike",
    }
    assert [each.subscription.topic for each in await at.store.ledger.subscriptions()] == ["Ferries: all"]


async def test_an_edit_changes_what_it_names_and_nothing_else(at: Office) -> None:
    old = await at.subscribed(topic="ferry")

    reply = await at.typed('schedule edit news at:"mon,thu 07:30" title:""')

    [kept] = await at.store.ledger.subscriptions()
    assert "news is now ferry in this channel, mon,thu 07:30 UTC, about ferry. Next runs:" in said(reply)
    assert (kept.subscription.title, kept.subscription.topic, kept.subscription.length) == ("ferry", "ferry", old.length)


async def test_options_that_come_apart_from_their_command_are_the_same(at: Office) -> None:
    options = {"at": "weekdays 08:00", "zone": "UTC", "title": "Good morning", "if-nothing": "silent"}
    await at.asked(Picked("schedule add", options=options))
    await at.asked(Picked("schedule edit", options={"at": "every 6h"}))

    [kept] = await at.store.ledger.subscriptions()
    assert kept.subscription.title == "Good morning"
    assert words(what(kept.subscription)) == "every 6h UTC, silent when there is nothing new"


async def test_a_topic_is_taken_away_by_an_empty_one(at: Office) -> None:
    await at.subscribed(topic="ferry")

    await at.typed('schedule edit news topic:""')

    assert (await at.store.ledger.subscriptions())[0].subscription.topic == ""


async def test_an_edit_that_names_nothing_shows_a_form_with_what_there_is(at: Office) -> None:
    await at.subscribed(topic="ferry", if_nothing=IfNothing.SILENT)
    form = form_of(await at.typed("schedule edit"))

    reply = await at.filled(form, words="-", title="All", length="full")

    assert form.id == "v1:schedule-edit:news"
    assert {each.name: each.value for each in form.fields} == {
        "at": "daily 08:00", "zone": "UTC", "words": "ferry", "length": "normal", "title": "News", "if-nothing": "silent",
    }  # fmt: skip
    assert "news is now All in this channel, daily 08:00 UTC, full length, silent when there is nothing new." in said(reply)


async def test_a_form_of_an_edit_that_is_wrong_comes_back_and_changes_nothing(at: Office) -> None:
    before = await at.subscribed()
    form = form_of(await at.typed("schedule edit news"))

    again = form_of(await at.filled(form, zone="Nowhere", title="Other"))

    assert again.id == form.id
    assert [each.name for each in again.fields if each.error] == ["zone"]
    assert (await at.store.ledger.subscriptions())[0].subscription == before


async def test_the_list_shows_the_schedules_of_this_channel_with_their_next_runs_and_counts_the_others(at: Office) -> None:
    await at.subscribed("news")
    await at.subscribed("late", at=(18,))
    await at.subscribed("goals", SPORT)
    await at.subscribed("foreign", GUILD)

    reply = await at.typed("schedule")

    first, second = listed(reply).rows
    assert "News · daily 08:00 UTC · news" in words(first.line)
    assert small(first)[:2] == ["not run yet", "now, for Mon 14 Oct 08:00 UTC, which has passed"]
    assert small(second)[1] == "Mon 14 Oct 18:00 UTC"
    assert [each.id for each in first.controls] == [
        "v1:schedule-edit:news", "v1:schedule-pause:news", "v1:schedule-run:news", "v1:schedule-remove:news",
    ]  # fmt: skip
    assert "1 more in other channels here" in said(reply)
    assert "goals" not in said(reply)
    assert "foreign" not in said(reply)


async def test_the_next_runs_say_what_a_change_of_the_clocks_does(at: Office) -> None:
    at.clock.now = datetime(2025, 3, 28, 12, tzinfo=UTC)
    await at.typed('schedule add at:"daily 02:30" zone:Europe/Berlin')

    [row] = listed(await at.typed("schedule list")).rows

    assert small(row)[1:] == [
        "Sat 29 Mar 02:30 CET",
        "Sun 30 Mar 03:00 CEST (02:30 does not exist on 30 Mar 2025 in Berlin; that day I'll post at 03:00)",
        "Mon 31 Mar 02:30 CEST",
    ]


async def test_how_the_last_run_went_stands_in_the_list(at: Office) -> None:
    await at.subscribed()
    await at.stored(EIGHT - timedelta(hours=1), 1)
    await at.typed("schedule run")

    [row] = listed(await at.typed("schedule list")).rows

    assert small(row)[0] == "last run extra of Mon 14 Oct 08:00 UTC: No. 1"


async def test_a_list_of_many_goes_on_over_pages(at: Office) -> None:
    for number in range(11):
        await at.subscribed(f"news-{number}")
    first = listed(await at.typed("schedule"))
    assert first.on is not None

    second = listed(await at.pressed(first.on.id))

    assert (len(first.rows), len(second.rows), second.page, second.pages) == (10, 1, 2, 2)


async def test_an_empty_list_says_how_to_begin(at: Office) -> None:
    await at.subscribed("goals", SPORT)

    reply = await at.typed("schedule")

    assert 'on schedule yet. Begin with /digest schedule add at:"daily 08:00".' in said(reply)
    assert form_of(await at.pressed(control(reply, "New schedule"))).id == "v1:schedule-add"


async def test_a_schedule_is_paused_and_goes_on_by_its_buttons(at: Office) -> None:
    await at.subscribed()

    paused = await at.pressed(control(await at.typed("schedule"), "Pause"))
    [while_paused] = listed(await at.typed("schedule")).rows
    resumed = await at.pressed(control(paused, "Resume"))

    assert "news is paused. Go on with /digest schedule resume news." in said(paused)
    assert small(while_paused) == ["paused"]
    assert "Resume" in [each.label for each in while_paused.controls]
    assert "news goes on. Next runs:" in said(resumed)
    assert (await at.store.ledger.subscriptions())[0].active


async def test_nothing_is_removed_before_it_is_confirmed(at: Office) -> None:
    await at.subscribed()

    asked = await at.typed("schedule remove news")
    left = await at.pressed(control(asked, "No"))
    there = len(await at.store.ledger.subscriptions())
    removed = await at.pressed(control(asked, "Remove it"))

    assert isinstance(asked.parts[0], Confirm)
    assert "nothing was changed" in said(left)
    assert there == 1
    assert "news is removed." in said(removed)
    assert await at.store.ledger.subscriptions() == []


async def test_a_run_by_hand_goes_to_the_outbox_and_says_that_it_is_on_its_way(at: Office) -> None:
    await at.subscribed()
    await at.stored(EIGHT - timedelta(hours=1), 1, 2)

    reply = await at.typed("schedule run news")
    [run], [message] = await at.store.ledger.runs(), await at.store.ledger.deliveries()

    assert "No. 1 of News is on its way to this channel." in said(reply)
    assert (run.state, run.owner) == (RunState.COMPOSED, "this process")
    assert (message.state, message.channel) == (DeliveryState.PENDING, NEWS)
    assert at.adapter.posted == []


async def test_a_run_by_hand_says_when_nothing_goes_out(at: Office) -> None:
    await at.subscribed("silent", if_nothing=IfNothing.SILENT)
    silent = await at.typed("schedule run silent")
    await at.subscribed("held")
    await at.store.ledger.pause_subscription("held")
    held = await at.typed("schedule run held")

    assert "There is nothing new, and it stays silent then." in said(silent)
    assert "its schedule is paused. It is sent once you type /digest schedule resume held." in said(held)


@pytest.mark.parametrize("verb", ["edit", "pause", "resume", "remove", "run"])
async def test_a_subscription_of_another_place_is_unknown_and_stays_as_it_is(at: Office, verb: str) -> None:
    await at.subscribed("mine")
    others = [await at.subscribed("goals", SPORT), await at.subscribed("foreign", GUILD)]

    for other in others:
        typed = await at.typed(f"schedule {verb} {other.id}")
        pressed = await at.pressed(f"v1:schedule-{verb}:{other.id}:yes")
        assert f"No schedule of this channel is called {other.id}. /digest schedule list shows what there is." in said(typed)
        assert said(pressed) == said(typed)

    kept = {each.subscription.id: each for each in await at.store.ledger.subscriptions()}
    assert all(kept[each.id].subscription == each and kept[each.id].active for each in others)
    assert await at.store.ledger.runs() == []


async def test_of_an_unknown_id_the_near_one_is_offered(at: Office) -> None:
    await at.subscribed("ferry-59c6")
    await at.subscribed("goals-1c1c")

    assert "No schedule of this channel is called fery-59c6. Did you mean ferry-59c6?" in said(
        await at.typed("schedule pause fery-59c6")
    )


async def test_without_an_id_the_only_one_is_meant_and_of_several_one_is_picked(at: Office) -> None:
    await at.subscribed("news")
    await at.typed("schedule pause")
    [first] = await at.store.ledger.subscriptions()
    await at.subscribed("late", at=(18,))

    await at.subscribed("noon", at=(12,))

    which = await at.typed("schedule pause")
    [menu] = [each for each in which.parts if isinstance(each, Choices)]
    picked = await at.pressed(menu.id, ADMIN, NEWS, menu.options[1].id)

    assert not first.active
    assert [each.label for each in menu.options] == ["Late · daily 18:00 UTC", "Noon · daily 12:00 UTC"]
    assert "2 schedules may be meant. Which one?" in said(which)
    assert "noon is paused." in said(picked)


async def test_of_several_schedules_the_only_one_that_is_paused_goes_on_and_the_only_active_one_is_paused(at: Office) -> None:
    for called, hour in (("news", 8), ("late", 18), ("noon", 12)):
        await at.subscribed(called, at=(hour,))
    await at.typed("schedule pause late")

    resumed = await at.typed("schedule resume")
    for called in ("news", "noon"):
        await at.typed(f"schedule pause {called}")
    paused = await at.typed("schedule pause")

    assert "late goes on. Next runs:" in said(resumed)
    assert "late is paused." in said(paused)


async def test_schedules_that_are_alike_are_told_apart_by_their_ids(at: Office) -> None:
    for name in ("one", "two"):
        await at.subscribed(name)
    await at.typed("schedule edit one title:Same")
    await at.typed("schedule edit two title:Same")

    [menu] = [each for each in (await at.typed("schedule run")).parts if isinstance(each, Choices)]

    labels = [each.label for each in menu.options]
    assert [label.split(" · ")[:2] for label in labels] == [["one", "Same"], ["two", "Same"]]


async def test_where_all_are_active_it_is_asked_which_one_goes_on(at: Office) -> None:
    await at.subscribed("news")
    await at.subscribed("late", at=(18,))

    [menu] = [each for each in (await at.typed("schedule resume")).parts if isinstance(each, Choices)]

    assert len(menu.options) == 2


async def test_a_channel_that_nothing_can_be_posted_to_yet_is_said_and_kept_all_the_same(at: Office) -> None:
    at.serving._without = (NEWS,)

    reply = await at.typed('schedule add at:"daily 08:00"')

    assert "As things are, nothing can be posted here: slack:T1/C1 is not served here." in said(reply)
    assert len(await at.store.ledger.subscriptions()) == 1


@pytest.mark.parametrize(
    "typed",
    ["schedule", "schedule list", 'schedule add at:"daily 09:00"', "schedule edit news length:full", "schedule pause news",
     "schedule resume news", "schedule remove news", "schedule run news", "preview", "preview news"],
)  # fmt: skip
async def test_who_may_not_administer_is_refused_and_nothing_changes(at: Office, typed: str) -> None:
    before = await at.subscribed()

    reply = await at.typed(typed, READER)

    [kept] = await at.store.ledger.subscriptions()
    assert "Only admins can do that here. I've changed nothing." in said(reply)
    assert (kept.subscription, kept.active, await at.store.ledger.runs()) == (before, True, [])


@pytest.mark.parametrize("verb", ["edit", "pause", "resume", "remove:news:yes", "run", "add"])
async def test_a_button_is_not_pressed_and_a_form_not_sent_by_who_may_not(at: Office, verb: str) -> None:
    before = await at.subscribed()
    form = form_of(await at.typed("schedule edit news"))
    name, _, rest = verb.partition(":")

    pressed = await at.pressed(f"v1:schedule-{name}:{rest or 'news'}", READER)
    sent = await at.filled(form, READER, title="Mine")

    [kept] = await at.store.ledger.subscriptions()
    assert "Only admins can do that here" in said(pressed)
    assert "Only admins can do that here" in said(sent)
    assert (kept.subscription, kept.active, await at.store.ledger.runs()) == (before, True, [])


async def test_the_group_that_the_settings_name_may_and_another_may_not(at: Office) -> None:
    await at.store.people.change_settings(NEWS_SPACE, SpaceSettings(admins="G7"))
    await at.subscribed()

    refused = await at.typed("schedule pause", Person("U3", groups=frozenset({"G8"})))
    allowed = await at.typed("schedule pause", Person("U4", groups=frozenset({"G7", "G9"})))

    assert "(group G7)" in said(refused)
    assert "news is paused." in said(allowed)


async def test_the_answers_are_never_public(at: Office) -> None:
    await at.subscribed()

    assert not (await at.typed("schedule")).public
    assert "I take no share: here" in said(await at.typed("schedule run news share:yes"))
    assert controls(await at.typed("schedule"))


async def test_a_schedule_where_the_bot_may_not_post_says_why_and_looks_again_when_asked(at: Office) -> None:
    at.adapter.closed[NEWS] = NotAllowed("I can't post in #news: *Send Messages* is off for my role.")
    told = await at.typed('schedule add at:"daily 08:00"')

    assert "nothing can be posted here: I can't post in #news: Send Messages is off for my role." in said(told)
    retry = control(told, "Retry")
    assert "Send Messages is off" in said(await at.pressed(retry))

    at.adapter.closed.clear()

    assert said(await at.pressed(retry)).strip() == "I can post here."


async def test_a_platform_that_is_down_stops_no_schedule_from_being_made(at: Office) -> None:
    at.adapter.closed[NEWS] = Unreachable("No connection.")

    assert "nothing can be posted" not in said(await at.typed('schedule add at:"daily 08:00"'))
