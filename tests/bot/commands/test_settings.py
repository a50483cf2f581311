"""What the admins of a space set, and that each setting does what it says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import NotAllowed
from bot.model import Channel, IfNothing, Space
from bot.ports.people import SpaceSettings
from bot.talk import Person, Shown, Submitted
from digests.model import Length, Order
from digests.render.layout import words
from tests.bot.commands.office import ADMIN, GUILD, READER, Office, control, form_of, office, said
from tests.bot.newsdesk import EIGHT, NEWS, SPORT, article, mark, store_articles

HERE = Space.of(NEWS)
HOUR = timedelta(hours=1)


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as opened:
        yield opened


async def kept(at: Office, space: Space = HERE) -> SpaceSettings:
    return await at.store.people.settings(space, default=SpaceSettings(zone="Europe/Berlin"))


async def test_the_form_shows_what_holds_and_what_is_saved_is_shown(at: Office) -> None:
    form = form_of(await at.typed("settings"))

    reply = await at.filled(
        form, zone="america/new york", length="full", order="newest", if_nothing="silent", notices="C2", admins="S0614TZR7"
    )

    assert {each.name: each.value for each in form.fields} == {
        "zone": "Europe/Berlin", "length": "normal", "order": "weight", "if-nothing": "post", "notices": "",
        "admins": "",
    }  # fmt: skip
    saved = SpaceSettings("America/New_York", "en", Length.FULL, Order.NEWEST, IfNothing.SILENT, SPORT, "S0614TZR7")
    assert await kept(at) == saved
    text = said(reply)
    for line in ("Time zone: America/New_York", "Length: full", "First comes: what is newest",
                 "When nothing is new: Stay silent", "Notices go to: C2", "Admins are also: S0614TZR7"):  # fmt: skip
        assert line in text
    again = form_of(await at.pressed(control(reply, "Edit")))
    assert {each.name: each.value for each in again.fields}["notices"] == "slack:T1/C2"


async def test_a_dash_takes_away_the_channel_and_the_group(at: Office) -> None:
    await at.store.people.change_settings(HERE, SpaceSettings(notices=SPORT, admins="G7"))

    reply = await at.filled(form_of(await at.typed("settings")), notices="-", admins="-")

    assert ((await kept(at)).notices, (await kept(at)).admins) == (None, "")
    assert "Notices go to: none" in said(reply)


async def test_what_is_wrong_stands_at_its_field_with_what_was_typed_and_nothing_is_saved(at: Office) -> None:
    before = await kept(at)

    typed = {"zone": "EST5", "length": "endless", "order": "oldest", "if_nothing": "shout"}
    form = form_of(await at.typed("settings"))

    again = form_of(await at.filled(form, notices="discord:1/2", admins="a b", **typed))

    wrong = {each.name: words(each.error) for each in again.fields}
    assert again.id == "v1:settings"
    assert all(wrong.values())
    assert wrong["zone"] == "I don't know the time zone EST5. Try America/New_York."
    assert wrong["order"] == "I don't know the order oldest; accepted: weight, newest."
    assert wrong["notices"] == "That channel is not of this place. Take one that is, such as slack:T1/C1, or here for this one."
    assert {each.name: each.value for each in again.fields}["zone"] == "EST5"
    assert await kept(at) == before


async def test_of_a_form_that_is_begun_nothing_is_saved_and_what_is_wrong_is_told(at: Office) -> None:
    form, before = form_of(await at.typed("settings")), await kept(at)
    values = {each.name: each.value for each in form.fields}

    bad = form_of(await at.asked(Submitted(form.id, values | {"zone": "Berlin-ish"}, begun=True)))
    good = form_of(await at.asked(Submitted(form.id, values | {"zone": "Asia/Tokyo"}, begun=True)))

    assert [each.name for each in bad.fields if each.error] == ["zone"]
    assert not any(each.error for each in good.fields)
    assert await kept(at) == before


async def test_a_field_of_ten_thousand_characters_is_refused_and_comes_back_shorter(at: Office) -> None:
    long = dict.fromkeys(("zone", "length", "order", "if_nothing", "notices", "admins"), "x" * 10000)

    again = form_of(await at.filled(form_of(await at.typed("settings")), **long))

    assert all(each.error and len(words(each.error)) < 400 and len(each.value) <= 500 for each in again.fields)


async def test_the_group_of_admins_is_picked_by_its_name_where_the_platform_tells_them(at: Office) -> None:
    at.adapter.named = {"S2": "@writers", "S1": "@editors"}

    form = form_of(await at.typed("settings"))
    reply = await at.filled(form, admins="S1")
    [again] = [each for each in form_of(await at.typed("settings")).fields if each.name == "admins"]
    await at.filled(form_of(await at.typed("settings")), admins="-")

    [field] = [each for each in form.fields if each.name == "admins"]
    assert (field.value, field.options) == ("-", (("-", "none"), ("S1", "@editors"), ("S2", "@writers")))
    assert "Admins are also: @editors" in said(reply)
    assert again.value == "S1"
    assert (await kept(at)).admins == ""


async def test_a_group_that_there_is_not_is_refused_with_the_near_one(at: Office) -> None:
    at.adapter.named = {f"S{number}": f"@group-{number}" for number in range(40)}  # more than a menu holds
    form = form_of(await at.typed("settings"))

    refused = form_of(await at.filled(form, admins="gruop-7"))
    by_name = await at.filled(form, admins="@Group-7")

    assert [(each.name, words(each.error)) for each in refused.fields if each.error] == [
        ("admins", "There is no group or role gruop-7 here. Did you mean @group-7?")
    ]
    assert "Admins are also: @group-7" in said(by_name)
    assert (await kept(at)).admins == "S7"


async def test_a_group_that_is_gone_stays_chosen_and_is_told_of(at: Office) -> None:
    await at.store.people.change_settings(HERE, SpaceSettings(admins="S9"))
    at.adapter.named = {"S1": "@editors"}

    form = form_of(await at.typed("settings"))
    again = form_of(await at.filled(form))

    [field] = [each for each in form.fields if each.name == "admins"]
    assert (field.value, field.options[1]) == ("S9", ("S9", "S9"))
    assert [words(each.error) for each in again.fields if each.error] == ["There is no group or role S9 here."]


async def test_notices_cannot_go_where_nothing_can_be_posted(at: Office) -> None:
    at.serving._without = (SPORT,)

    again = form_of(await at.filled(form_of(await at.typed("settings")), notices="C2"))

    assert [words(each.error) for each in again.fields if each.error] == ["slack:T1/C2 is not served here."]


async def test_a_channel_for_notices_where_the_bot_lacks_a_permission_is_refused_by_its_name(at: Office) -> None:
    at.adapter.closed[SPORT] = NotAllowed("I can't post in #sport: *Send Messages* is off for my role.")

    again = form_of(await at.filled(form_of(await at.typed("settings")), zone="Asia/Tokyo", notices="C2"))

    [error] = [words(each.error) for each in again.fields if each.error]
    assert error == "I can't post in #sport: Send Messages is off for my role."
    assert (await kept(at)).notices is None


async def test_what_else_is_set_is_kept_while_the_channel_for_notices_is_closed(at: Office) -> None:
    await at.filled(form_of(await at.typed("settings")), notices="C2")
    at.adapter.closed[SPORT] = NotAllowed("I can't post in #sport.")

    await at.filled(form_of(await at.typed("settings")), zone="Asia/Tokyo")

    assert ((await kept(at)).zone, (await kept(at)).notices) == ("Asia/Tokyo", SPORT)


async def test_the_settings_of_a_space_are_its_own(at: Office) -> None:
    await at.filled(form_of(await at.typed("settings")), zone="Asia/Tokyo")

    assert (await kept(at, Space.of(GUILD))).zone == "Europe/Berlin"
    assert {each.name: each.value for each in form_of(await at.typed("settings", channel=GUILD)).fields}[
        "zone"
    ] == "Europe/Berlin"


async def test_the_zone_is_the_one_in_which_answers_are_written(at: Office) -> None:
    await at.stored(EIGHT - HOUR, 1)
    before = said(await at.typed("now"))

    await at.filled(form_of(await at.typed("settings")), zone="Asia/Tokyo")

    assert "Mon 10:00 CEST" in before
    assert "Mon 17:00 JST" in said(await at.typed("now"))


async def test_the_order_is_the_one_of_now(at: Office) -> None:
    told = "Police guard the burnt timber mill of Ashbyton and its 140 workers without jobs. The mill of Ashbyton made doors."
    heavy = [article(f"heavy {n}", told, published_at=EIGHT - (9 + n) * HOUR) for n in range(3)]
    await store_articles(at.store, EIGHT, *heavy, stories={each.article.id: "s-heavy000" for each in heavy})
    await at.stored(EIGHT - HOUR, 2)

    async def first() -> str:
        [digest] = [each.digest for each in (await at.typed("now")).parts if isinstance(each, Shown)]
        return digest.stories[0].title

    by_weight = await first()
    await at.filled(form_of(await at.typed("settings")), order="newest")

    assert "Ashbyton" in by_weight
    assert mark(2) in await first()


async def test_the_length_is_the_one_of_answers_that_name_none(at: Office) -> None:
    await at.stored(EIGHT - HOUR, *range(14))

    async def stories(words: str) -> int:
        [digest] = [each.digest for each in (await at.typed(words)).parts if isinstance(each, Shown)]
        return len(digest.stories)

    await at.filled(form_of(await at.typed("settings")), length="full")

    assert await stories("now") == 14
    assert await stories("now length:normal") < 14


async def test_the_group_administers_from_then_on(at: Office) -> None:
    member = Person("U9", groups=frozenset({"G7"}))
    before = said(await at.typed("status", member))

    await at.filled(form_of(await at.typed("settings")), admins="G7")

    assert "Only admins can do that here" in before
    assert "Dateline" in said(await at.typed("status", member))


async def test_who_may_not_administer_neither_sees_nor_sends_the_form(at: Office) -> None:
    form = form_of(await at.typed("settings"))
    before = await kept(at)

    typed = await at.typed("settings", READER)
    sent = await at.filled(form, READER, admins="U2", zone="Asia/Tokyo")

    assert "I've changed nothing." in said(typed)
    assert "I've changed nothing." in said(sent)
    assert await kept(at) == before


async def test_the_terminal_has_settings_too(at: Office) -> None:
    terminal = Channel("console")
    form = form_of(await at.typed("settings", channel=terminal))

    await at.filled(form, ADMIN, terminal, notices="console", order="newest")

    assert (await kept(at, Space("console"))).notices == terminal


async def test_who_names_a_channel_by_its_name_is_told_to_give_its_id(at: Office) -> None:
    again = form_of(await at.filled(form_of(await at.typed("settings")), notices="#ops"))

    wrong = {each.name: words(each.error) for each in again.fields}
    assert wrong["notices"] == (
        "I can't read the channel ops; a name is not enough. Give its id, such as C1 for this one, or here."
    )


@pytest.mark.parametrize(("typed", "shown"), [("here", "this channel"), ("C1", "this channel"), ("C2", "C2")])
async def test_the_channel_for_notices_is_told_as_people_know_it(at: Office, typed: str, shown: str) -> None:
    saved = said(await at.filled(form_of(await at.typed("settings")), notices=typed))

    assert f"Notices go to: {shown}\n" in saved + "\n"
