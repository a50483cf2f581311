"""What people meet on Discord: commands, completion, controls, forms, the menus of messages, and what goes wrong between."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

import pytest

from bot import log
from bot.adapters.discord import Settings, commands
from bot.adapters.discord.door import Reception
from bot.adapters.discord.rest import Rest
from bot.commands.table import COMMANDS
from bot.connection_words import told
from bot.model import Space
from bot.ports.desk import House
from bot.talk import (
    Buttons,
    Choices,
    Confirm,
    Control,
    Field,
    File,
    Form,
    Listing,
    Part,
    Picked,
    Pressed,
    Progress,
    Reply,
    Request,
    Row,
    Shown,
    Submitted,
    Text,
    control_id,
    quietly,
    reply,
)
from bot.wording import marked, plain, say
from digests.render.layout import Line
from tests.bot.adapters.discord.conftest import Heard, Remembered, Served, channel_of, names, now, serving
from tests.fakes import FakeDesk
from tests.golden.news import full, sixty
from tests.servers.discord_app import CONNECT, limited
from tests.servers.discord_app import Discord as Place
from tests.servers.discord_guilds import Guild, Permission, User
from tests.servers.discord_people import Impossible, Upload
from tests.servers.discord_place import Act
from tests.servers.faults import NONE, broken, cut, held, says

CALLBACK = "POST /interactions/*"
EDIT = "PATCH /webhooks/*"
FOLLOW = "POST /webhooks/*"
COMMANDS_TOLD = "PUT /applications/*"


class Sink(io.StringIO):
    """A log; who waits at the stand-in looks again with each line."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place

    def write(self, text: str) -> int:
        self._place.changed()
        return super().write(text)


def line(text: str) -> Line:
    return marked(text)


def shows(place: Place, act: Act, text: str) -> bool:
    return text in map(place.text, act.messages)


def lose(place: Place) -> None:
    """The connection breaks off and cannot be resumed, so that a new client begins."""
    place.next(broken(503), to=CONNECT)
    place.gateway.cut()


class Slow(FakeDesk):
    """A desk that answers once it is let go, and says before what is going on."""

    def __init__(self, *replies: Reply | None, form: bool = False, says: Line = ()) -> None:
        super().__init__(*replies, form=form)
        self.let_go, self.begun, self._says = asyncio.Event(), asyncio.Event(), says

    async def answer(self, request: Request, progress: Progress = quietly) -> Reply | None:
        self.begun.set()
        if self._says:
            await progress(self._says)
        await self.let_go.wait()
        return await super().answer(request)


@dataclass
class There:
    """A server with a person, and one who administers it."""

    guild: Guild
    ann: User
    boss: User


@pytest.fixture
def there(place: Place) -> There:
    guild = place.add_guild("Newsroom", "news", "market")
    return There(guild, place.add_user("Ann", guild), place.add_user("Boss", guild, permissions=Permission.MANAGE_GUILD))


def form(count: int = 2, *, wrong: dict[str, str] | None = None, values: dict[str, str] | None = None) -> Form:
    fields = tuple(
        Field(
            f"f{at}",
            f"Field {at}",
            (values or {}).get(f"f{at}", ""),
            optional=True,
            error=line((wrong or {}).get(f"f{at}", "")),
        )
        for at in range(count)
    )
    return Form(control_id("settings"), "Settings", fields, "Save", line("What holds here."))


# Commands


async def test_a_command_is_acknowledged_and_answered_to_the_asker_alone(
    place: Place, settings: Settings, there: There
) -> None:
    desk = FakeDesk(reply(line("Two ferries *collided*."), Buttons((Control("v1:help", "Help"),))))
    async with serving(place, settings, desk):
        act = await place.command(there.ann, there.guild["news"], "digest about", {"words": "ferry", "since": "yesterday"})

    assert act.states == ["thinking", "message"]
    assert act.ephemeral
    assert place.text(act.answer) == "Two ferries collided."
    assert desk.asked == [Picked("about", "ferry", {"since": "yesterday"})]
    (request,) = desk.requests
    assert (request.channel, request.person.id, request.person.admin) == (channel_of(there.guild["news"]), there.ann.id, False)
    assert place.rang() == []


async def test_every_word_of_the_bot_is_a_command_and_no_other(place: Place, settings: Settings, there: There) -> None:
    known = {**commands.COMMANDS, **commands.ADMIN_COMMANDS}

    groups = {word.split()[0] for word in known if " " in word}
    assert set(known) | groups == set(COMMANDS)
    for word, options in known.items():
        words = commands.WORDS | {commands.FILE}
        assert {option.label for option in options} - words == COMMANDS[word].takes, word
        assert (word in commands.ADMIN_COMMANDS) == COMMANDS[word].admin


async def test_each_command_with_all_its_options_comes_to_the_desk(place: Place, settings: Settings, there: There) -> None:
    known = {**commands.COMMANDS, **commands.ADMIN_COMMANDS}
    values = {3: "x", 4: 2, 5: True, 7: there.guild["market"], 11: Upload("feeds.opml", b"<opml/>")}
    desk = FakeDesk(*[reply(line("Done.")) for _ in known])
    async with serving(place, settings, desk):
        for word, options in known.items():
            given = {option.label: option.choices[0] if option.choices else values[option.kind] for option in options}
            name = commands.ADMINS if word in commands.ADMIN_COMMANDS else commands.READERS
            act = await place.command(there.boss, there.guild["news"], f"{name} {word}", given)

            asked, request = desk.asked[-1], desk.requests[-1]
            assert isinstance(asked, Picked)
            assert asked.command == word
            assert set(asked.options) == set(given) - commands.WORDS - {commands.FILE}
            assert request.person.admin
            assert asked.options.get("channel", there.guild["market"].id) == there.guild["market"].id
            assert request.attached == (b"<opml/>" if word == "feeds import" else None)
            await place.until(partial(shows, place, act, "Done."))


async def test_commands_are_within_the_limits_and_admins_have_their_own(place: Place, settings: Settings, there: There) -> None:
    def length(command: object) -> int:
        if isinstance(command, list):
            return sum(map(length, command))
        assert isinstance(command, dict)
        own = len(command["name"]) + len(command.get("description", "")) + len(str(command.get("value", "")))
        return own + length(command.get("options", [])) + length(command.get("choices", []))

    assert all(length(command) <= commands.LONGEST for command in commands.told())
    async with serving(place, settings, FakeDesk()):
        with pytest.raises(Impossible):
            place.start_command(there.ann, there.guild["news"], "digest-admin status")
        with pytest.raises(Impossible):
            place.start_command(there.boss, place.dm(there.boss), "digest-admin status")


async def test_direct_messages_are_a_space_of_their_own_and_nobody_administers_there(
    place: Place, settings: Settings, there: There
) -> None:
    desk = FakeDesk(reply(line("The digest.")))
    async with serving(place, settings, desk):
        await place.command(there.boss, place.dm(there.boss), "digest now")

    (request,) = desk.requests
    assert request.space == Space("discord", place.dm(there.boss).id)
    assert not request.person.admin


async def test_roles_come_along(place: Place, settings: Settings, there: There) -> None:
    role = place.add_role(there.guild, "Editors")
    there.guild.members[there.ann.id][1].append(role)
    desk = FakeDesk(reply(line("x")))
    async with serving(place, settings, desk):
        await place.command(there.ann, there.guild["news"], "digest help")

    assert role.id in desk.requests[0].person.groups


@pytest.mark.parametrize("guild", [False, True])
async def test_commands_are_told_once_and_again_only_when_they_changed(
    place: Place, settings: Settings, there: There, guild: bool
) -> None:
    settings = settings.model_copy(update={"guild": there.guild.id if guild else ""})
    marks = Remembered()
    for _ in range(2):
        async with serving(place, settings, FakeDesk(reply(line("x"))), marks=marks):
            await place.command(there.ann, there.guild["news"], "digest help")  # what would be told is told by then
    assert place.syncs == [settings.guild]

    ((key, mark),) = marks.held.items()
    await marks.mark(key[0], key[1], mark.made_at, "another set")
    async with serving(place, settings, FakeDesk(), marks=marks):
        await place.until(lambda: len(place.syncs) == 2)
    assert [bool(place.commands.get(where)) for where in ("", there.guild.id)] == [not guild, guild]


@pytest.mark.slow
async def test_commands_that_discord_cannot_take_just_now_are_told_again_over_the_same_connection(
    place: Place, settings: Settings, there: There
) -> None:
    place.next(broken(503), to=COMMANDS_TOLD)
    async with serving_without_commands(place, settings):
        await place.until(lambda: place.syncs == [""])

    assert place.gateway.identified == 1


@pytest.mark.slow
async def test_commands_that_discord_refuses_are_told_with_the_next_connection_only(
    place: Place, settings: Settings, there: There
) -> None:
    log.start(said := Sink(place))
    place.next(says(400, '{"code": 50035}', "application/json"), to=COMMANDS_TOLD)
    async with serving_without_commands(place, settings) as served:
        await place.until(lambda: "commands_not_told" in said.getvalue())
        lose(place)
        await place.until(lambda: place.syncs == [""])
        assert not served.task.done()

    assert place.gateway.identified == 2


# Who sees it


async def test_what_is_shared_is_seen_by_everybody_and_what_is_not_to_be_shared_is_not(
    place: Place, settings: Settings, there: There
) -> None:
    desk = FakeDesk(reply(Shown(full()), public=True), reply(line("Nothing new.")))
    async with serving(place, settings, desk):
        shared = await place.command(there.ann, there.guild["news"], "digest now", {"share": True})
        refused = await place.command(there.ann, there.guild["news"], "digest now", {"share": True})
        await place.until(lambda: refused.follow_ups)

    assert shared.answer is not None
    assert not shared.answer.ephemeral
    assert [message.ephemeral for message in refused.messages] == [True]
    assert place.text(refused.messages[0]) == "Nothing new."
    assert len(place.shown(there.guild["news"])) == 1
    assert place.rang() == []


async def test_the_share_button_shows_the_answer_to_everybody(place: Place, settings: Settings, there: There) -> None:
    share = Control(control_id("share", "20241013T080000", "t", "now"), "Share")
    desk = FakeDesk(reply(Shown(full()), Buttons((share,))), reply(Shown(full()), public=True))
    async with serving(place, settings, desk):
        act = await place.command(there.ann, there.guild["news"], "digest now")
        await place.press(act.messages[-1], "Share")

    assert len(place.shown(there.guild["news"])) == 1
    assert desk.asked[1] == Pressed(share.id)


# Controls


async def test_the_controls_of_a_digest_work_after_a_restart(place: Place, settings: Settings, there: There) -> None:
    desk = FakeDesk(reply(line("A story.")), reply(line("Missed.")))
    async with serving(place, settings, FakeDesk()) as served, served.discord.serve():
        await served.discord.post(channel_of(there.guild["news"]), served.discord.render(full())[0], nonce="a")
    digest = place.messages[-1]

    async with serving(place, settings, desk):
        option = digest.control("More on a story...")["options"][1]
        picked = await place.pick(digest, "More on a story...", option["value"], user=there.ann)
        pressed = await place.press(digest, "What did I miss?", user=there.ann)

    assert picked.ephemeral
    assert pressed.ephemeral
    assert desk.asked == [Pressed("v1:story:128", (option["value"],)), Pressed("v1:missed:128")]


async def test_pages_turn_in_place_and_a_question_is_asked_once(place: Place, settings: Settings, there: There) -> None:
    on = Control(control_id("search", "ferry", "2"), "More")
    pages = Listing(line("Stories"), (Row(line("One")),), 1, 2, None, on)
    yes, no = Control("v1:forget-me:yes", "Yes", "danger"), Control("v1:leave", "No")
    desk = FakeDesk(reply(pages), reply(line("Two")), reply(Confirm(line("Sure?"), yes, no)), reply(line("Gone.")))
    async with serving(place, settings, desk):
        first = await place.command(there.ann, there.guild["news"], "digest search", {"words": "ferry"})
        turned = await place.press(first.messages[0], "More")
        await place.until(lambda: place.text(first.messages[0]) == "Two")
        asked = await place.command(there.ann, there.guild["news"], "digest forget-me")
        await place.press(asked.messages[0], "Yes")
        await place.until(lambda: place.text(asked.messages[0]) == "Gone.")

    assert turned.states[0] == "silent"
    assert desk.asked[1] == Pressed(on.id)
    assert desk.asked[3] == Pressed(yes.id)


async def test_the_same_control_twice_in_a_message_works_both_times(place: Place, settings: Settings, there: There) -> None:
    same = Control("v1:timeline:s-1", "Open")
    rows = tuple(Row(line(f"Row {at}"), controls=(same,)) for at in range(3))
    desk = FakeDesk(reply(Listing(line("All"), rows)), reply(line("x")), reply(line("y")))
    async with serving(place, settings, desk):
        act = await place.command(there.ann, there.guild["news"], "digest catchup")
        ids = [part["custom_id"] for part in act.messages[0].parts() if part.get("custom_id")]
        for each in ids[1:]:
            await place.press(act.messages[0], each)

    assert len(set(ids)) == 3
    assert desk.asked[1:] == [Pressed(same.id), Pressed(same.id)]


async def test_choices_are_controls(place: Place, settings: Settings, there: There) -> None:
    options = tuple(Control(f"v1:timeline:s-{at}", f"Story {at}") for at in range(60))
    desk = FakeDesk(reply(line("Which?"), Choices("v1:pick", "Pick one", options)), reply(line("That one.")))
    async with serving(place, settings, desk):
        act = await place.command(there.ann, there.guild["news"], "digest story", {"story": "storm"})
        await place.pick(act.messages[0], "Pick one (51–60)", "Story 55")

    assert desk.asked[1] == Pressed("v1:pick", ("v1:timeline:s-55",))


# Forms


async def test_a_form_opens_at_once_and_what_is_sent_off_comes_back(place: Place, settings: Settings, there: There) -> None:
    menu = Field("which", "Which", "b", options=(("a", "First"), ("b", "Second")))
    wanted = Form("v1:settings", "Settings", (menu, Field("note", "Note", long=True, hint="in a few words")), "Save")
    desk = FakeDesk(reply(wanted), reply(line("Saved.")), form=True)
    async with serving(place, settings, desk):
        opened = await place.command(there.boss, there.guild["news"], "digest-admin settings")
        sent = await place.submit(opened, {"Which": ["a"], "Note": "hello"})

    assert opened.states == ["modal"]
    assert desk.asked[1] == Submitted("v1:settings", {"which": "a", "note": "hello"})
    assert sent.ephemeral
    assert place.text(sent.messages[0]) == "Saved."


@pytest.mark.slow
async def test_a_form_that_comes_too_late_is_a_button(place: Place, settings: Settings, there: There) -> None:
    desk = Slow(reply(form()), form=True)
    async with serving(place, settings, desk):
        act = place.start_command(there.boss, there.guild["news"], "digest-admin settings")
        await place.until(lambda: act.first is not None)
        desk.let_go.set()
        await place.settled(act)
        opened = await place.press(act.messages[0], "Open the form")

    assert act.states == ["thinking", "message"]
    assert opened.states == ["modal"]
    assert len(desk.requests) == 1


async def test_a_form_of_seven_fields_takes_two_steps(place: Place, settings: Settings, there: There) -> None:
    wanted = form(7, values={"f6": "kept"})
    desk = FakeDesk(reply(wanted), reply(wanted), reply(line("Saved.")), form=True)
    async with serving(place, settings, desk):
        opened = await place.command(there.boss, there.guild["news"], "digest-admin schedule add")
        first = await place.submit(opened, {"Field 0": "zero", "Field 4": "four"})
        second = await place.press(first.messages[0], "Go on")
        last = await place.submit(second, {"Field 5": "five"})

    expected = {"f0": "zero", "f1": "", "f2": "", "f3": "", "f4": "four", "f5": "five", "f6": "kept"}
    assert desk.asked[1:] == [
        Submitted("v1:settings", expected | {"f5": ""}, begun=True),
        Submitted("v1:settings", expected),
    ]
    assert "Saved." in [place.text(message) for message in last.messages]


async def test_a_form_with_something_wrong_says_so_and_keeps_what_was_typed(
    place: Place, settings: Settings, there: There
) -> None:
    again = form(7, wrong={"f6": "There is no zone *EST5*."}, values={"f0": "zero", "f6": "EST5"})
    desk = FakeDesk(reply(form(7)), reply(form(7)), reply(again), reply(line("Saved.")), form=True)
    async with serving(place, settings, desk):
        opened = await place.command(there.boss, there.guild["news"], "digest-admin settings")
        first = await place.submit(opened, {"Field 0": "zero"})
        second = await place.press(first.messages[0], "Go on")
        wrong = await place.submit(second, {"Field 6": "EST5"})
        await place.until(lambda: "EST5" in place.text(wrong.messages[0]))
        said = place.text(wrong.messages[0])
        right = await place.press(wrong.messages[0], "Put it right")
        await place.submit(right, {"Field 6": "UTC"})

    assert said == "Field 6: There is no zone EST5."
    assert right.modal is not None
    assert [part["label"] for part in right.modal["components"]] == ["Field 5", "Field 6"]
    assert isinstance(desk.asked[-1], Submitted)
    assert {"f0": "zero", "f6": "UTC"}.items() <= desk.asked[-1].fields.items()


async def test_what_is_wrong_with_the_first_step_of_a_form_is_told_before_the_second(
    place: Place, settings: Settings, there: There
) -> None:
    wrong = form(7, wrong={"f1": "There is no zone *EST5*.", "f6": "Say when."}, values={"f0": "zero", "f1": "EST5"})
    good = form(7, wrong={"f6": "Say when."}, values={"f0": "zero", "f1": "UTC"})
    desk = FakeDesk(reply(form(7)), reply(wrong), reply(good), reply(line("Saved.")), form=True)
    async with serving(place, settings, desk):
        opened = await place.command(there.boss, there.guild["news"], "digest-admin settings")
        first = await place.submit(opened, {"Field 0": "zero", "Field 1": "EST5"})
        await place.until(lambda: "EST5" in place.text(first.messages[0]))
        said = place.text(first.messages[0])
        right = await place.press(first.messages[0], "Put it right")
        again = await place.submit(right, {"Field 1": "UTC"})
        await place.until(lambda: "Step 1 of 2" in place.text(again.messages[0]))
        second = await place.press(again.messages[0], "Go on")
        last = await place.submit(second, {"Field 6": "now"})
        await place.until(lambda: "Saved." in [place.text(message) for message in last.messages])

    assert said == "Field 1: There is no zone EST5.", "of the second step nothing is said yet"
    assert right.modal is not None
    assert [part["label"] for part in right.modal["components"]][:2] == ["Field 0", "Field 1"]
    assert isinstance(desk.asked[-1], Submitted)
    assert not desk.asked[-1].begun
    assert {"f0": "zero", "f1": "UTC", "f6": "now"}.items() <= desk.asked[-1].fields.items()


async def test_the_first_step_of_a_form_that_a_restart_forgot_is_begun_again(
    place: Place, settings: Settings, there: There
) -> None:
    async with serving(place, settings, FakeDesk(reply(form(7)), form=True)):
        opened = await place.command(there.boss, there.guild["news"], "digest-admin settings")
    desk = FakeDesk(reply(form(7)), form=True)
    async with serving(place, settings, desk):
        lost = await place.submit(opened, {"Field 0": "zero"})
        begun = await place.press(lost.messages[0], "Open the form")

    assert "begin again" in place.text(lost.messages[0])
    assert begun.states == ["modal"]


# Completion and menus of messages


async def test_what_could_be_meant_is_offered(place: Place, settings: Settings, there: There) -> None:
    offers = [("A very long title " * 10, "s-1"), ("Ferry", "s-2"), *((f"Story {at}", f"s-{at}") for at in range(3, 60))]
    async with serving(place, settings, FakeDesk(offered=offers)):
        offered = await place.complete(there.ann, there.guild["news"], "digest story", "story", "fer")
        things = await place.complete(there.ann, there.guild["news"], "digest follow", "thing", "x")

    assert len(offered) == 25
    assert offered[1] == ("Ferry", "s-2")
    assert len(names(offered)[0]) <= 100
    assert len(things) == 25


async def test_what_is_taken_back_is_completed_by_what_the_person_did_themselves(
    place: Place, settings: Settings, there: There
) -> None:
    desk = FakeDesk(offered=[("Ferry", "ferry")])
    async with serving(place, settings, desk):
        await place.complete(there.ann, there.guild["news"], "digest unfollow", "thing", "")
        await place.complete(there.ann, there.guild["news"], "digest unmute", "thing", "")

    assert [(kind, person.id if person else "") for kind, person in desk.completed] == [
        ("followed", str(there.ann.id)),
        ("muted", str(there.ann.id)),
    ]


async def test_a_link_in_a_message_is_digested(place: Place, settings: Settings, there: There) -> None:
    said = place.say(there.ann, there.guild["news"], "look: <https://news.example/a_(b)?x=1>, great")
    none = place.say(there.ann, there.guild["news"], "nothing here")
    desk = FakeDesk(reply(line("Bullets.")), reply(line("Why.")), reply(line("Sources.")))
    async with serving(place, settings, desk):
        act = await place.context_menu(there.ann, "Digest this link", said)
        await place.context_menu(there.ann, "Why this story?", said)
        await place.context_menu(there.ann, "Show sources", said)
        without = await place.context_menu(there.ann, "Digest this link", none)
        sources = await place.context_menu(there.ann, "Show sources", none)

    assert act.ephemeral
    assert desk.asked == [Picked(does, "https://news.example/a_(b)?x=1") for does in ("link", "why", "sources")]
    assert place.text(without.answer) == "There is no link in that message."
    assert without.ephemeral
    assert "tells no story" in place.text(sources.answer)


@pytest.mark.parametrize(("menu", "action"), [("Why this story?", "why"), ("Show sources", "sources")])
async def test_the_stories_of_a_digest_are_asked_about_from_its_menu(
    place: Place, settings: Settings, there: There, menu: str, action: str
) -> None:
    desk = FakeDesk(reply(line("So.")))
    async with serving(place, settings, desk) as served, served.discord.serve():
        await served.discord.post(channel_of(there.guild["news"]), served.discord.render(full())[0], nonce="a")
        options = place.messages[-1].control("More on a story...")["options"]
        act = await place.context_menu(there.ann, menu, place.messages[-1])
        await place.pick(act.messages[0], "Pick a story", options[0]["label"])

    assert desk.asked == [Pressed("v1:pick", (control_id(action, options[0]["value"]),))]


# Long and many


@pytest.mark.parametrize("count", [1, 10, 40, 200])
async def test_a_list_of_any_length_is_shown_whole(place: Place, settings: Settings, there: There, count: int) -> None:
    rows = tuple(
        Row(line(f"Row {at}: " + "words " * 20), (line("small"),), (Control(f"v1:timeline:s-{at}", "Open"),))
        for at in range(count)
    )
    async with serving(place, settings, FakeDesk(reply(Listing(line("All of it"), rows)))):
        act = await place.command(there.ann, there.guild["news"], "digest catchup")
        await place.until(lambda: f"Row {count - 1}:" in "".join(map(place.text, act.messages)))

    shown = "\n".join(map(place.text, act.messages))
    assert [f"Row {at}:" in shown for at in range(count)] == [True] * count
    assert act.ephemeral


async def test_a_file_is_an_attachment_for_the_asker(place: Place, settings: Settings, there: There) -> None:
    file = File("my feeds/ü.opml", b"<opml/>", "text/x-opml")
    async with serving(place, settings, FakeDesk(reply(line("1 feed:"), file))):
        act = await place.command(there.boss, there.guild["news"], "digest-admin feeds export")

    (attached,) = act.messages[0].attachments
    assert (attached.content, act.ephemeral) == (b"<opml/>", True)


async def test_a_file_that_is_too_large_is_not_read(place: Place, settings: Settings, there: There) -> None:
    desk = FakeDesk()
    async with serving(place, settings, desk):
        given = {"file": Upload("feeds.opml", b"x" * (1 << 20 | 1))}
        act = await place.command(there.boss, there.guild["news"], "digest-admin feeds import", given)

    assert "more than 1 MiB" in place.text(act.answer)
    assert desk.requests == []


# What goes wrong


async def test_what_is_going_on_is_shown_while_it_takes_its_time(place: Place, settings: Settings, there: There) -> None:
    desk = Slow(reply(line("Here.")), says=line("Reading 3 feeds ..."))
    async with serving(place, settings, desk):
        act = place.start_command(there.boss, there.guild["news"], "digest-admin status")
        await place.until(lambda: act.answer is not None and "Reading 3" in place.text(act.answer))
        desk.let_go.set()
        await place.until(lambda: place.text(act.answer) == "Here.")


@pytest.mark.parametrize("share", [False, True])
async def test_what_was_going_on_neither_delays_nor_overwrites_the_answer(
    place: Place, settings: Settings, there: There, share: bool
) -> None:
    desk, gate = Slow(reply(line("Here."), public=share), says=line("Reading 3 feeds ...")), asyncio.Event()
    async with serving(place, settings, desk):
        place.next(held(gate), to=EDIT)
        act = place.start_command(there.ann, there.guild["news"], "digest now", {"share": True} if share else None)
        await place.until(lambda: any(str(call).startswith("PATCH /webhooks/") for call in place.calls))
        desk.let_go.set()
        await place.until(lambda: shows(place, act, "Here."), within_s=3)
        gate.set()
        await place.until(lambda: all(call.status for call in place.calls))

    assert [(place.text(each), each.ephemeral) for each in act.messages] == [("Here.", not share)]


@pytest.mark.parametrize("form", [False, True])
async def test_the_same_interaction_told_twice_is_answered_once(
    place: Place, settings: Settings, there: There, form: bool
) -> None:
    desk = Slow(reply(line("Here.")), form=form)
    async with serving(place, settings, desk):
        act = place.start_command(there.ann, there.guild["news"], "digest help")
        place.again(act)
        desk.let_go.set()
        await place.settled(act)
        place.again(act)

    assert len(desk.requests) == 1
    assert len(act.messages) == 1


async def test_an_answer_that_another_process_gave_is_no_answer_of_ours(place: Place, settings: Settings, there: There) -> None:
    desk = FakeDesk(reply(line("First.")), reply(line("Second.")))
    async with serving(place, settings, desk), serving(place, settings, desk):
        await place.connected(2)
        act = await place.command(there.ann, there.guild["news"], "digest help")

    assert len(act.messages) == 1


@pytest.mark.parametrize(
    ("to", "fault"),
    [
        (CALLBACK, cut(stored=False)),
        (CALLBACK, cut(stored=True)),
        (CALLBACK, broken(503)),
        (CALLBACK, broken(502, stored=True)),
        pytest.param(CALLBACK, limited(0.1), marks=pytest.mark.slow),
        (EDIT, cut(stored=False)),
        (EDIT, cut(stored=True)),
        (EDIT, broken(503)),
        (EDIT, says(200, "<html/>", "text/html")),
        pytest.param(EDIT, limited(0.1), marks=pytest.mark.slow),
    ],
)
async def test_a_fault_on_the_way_is_got_over(place: Place, settings: Settings, there: There, to: str, fault: object) -> None:
    async with serving(place, settings, FakeDesk(reply(line("Here.")))):
        place.next(fault, to=to)  # type: ignore[arg-type]
        act = await place.command(there.ann, there.guild["news"], "digest help")
        await place.until(lambda: place.text(act.answer) == "Here.")

    assert not act.failed
    assert len(act.messages) == 1


@pytest.mark.parametrize("public", [True, False])
async def test_after_a_quarter_of_an_hour_what_is_for_everybody_comes_to_the_channel(
    place: Place, settings: Settings, there: There, public: bool
) -> None:
    desk = Slow(reply(line("Late."), public=public))
    async with serving(place, settings, desk):
        act = place.start_command(there.ann, there.guild["news"], "digest now", {"share": True} if public else None)
        await place.until(lambda: act.first is not None)
        await desk.begun.wait()
        place.passes(15 * 60 + 1)
        desk.let_go.set()
        if public:
            await place.until(lambda: "Late." in place.shown(there.guild["news"]))

    assert ("Late." in place.shown(there.guild["news"])) == public


@pytest.mark.parametrize(("code", "public", "comes"), [(10062, True, True), (10062, False, False), (40060, True, False)])
async def test_a_public_question_whose_acknowledgement_comes_too_late_is_answered_in_the_channel(
    place: Place, settings: Settings, there: There, code: int, public: bool, comes: bool
) -> None:
    log.start(said := Sink(place))
    desk = FakeDesk(reply(line("Late."), public=public))
    async with serving(place, settings, desk):
        place.next(says(404, f'{{"code": {code}}}', "application/json"), to=CALLBACK)
        place.start_command(there.ann, there.guild["news"], "digest now", {"share": True} if public else None)
        await place.until(lambda: "Late." in place.shown(there.guild["news"]) or "answer_late" in said.getvalue())

    assert place.shown(there.guild["news"]) == ["Late."] * comes
    assert len(desk.asked) == comes


async def test_what_of_an_answer_was_not_shown_when_its_time_was_over_comes_to_the_channel(
    place: Place, settings: Settings, there: There
) -> None:
    rows = tuple(
        Row(line(f"Row {at}: " + "words " * 20), controls=(Control(f"v1:timeline:s-{at}", "Open"),)) for at in range(60)
    )
    async with serving(place, settings, FakeDesk(reply(Listing(line("All of it"), rows), public=True))):
        place.next(NONE, says(401, '{"code": 50027}', "application/json"), to=FOLLOW)
        place.start_command(there.ann, there.guild["news"], "digest now", {"share": True})
        await place.until(lambda: "Row 59:" in "".join(place.shown(there.guild["news"])))

    shown = "\n".join(place.shown(there.guild["news"]))
    assert [shown.count(f"Row {at}:") for at in range(60)] == [1] * 60


@pytest.mark.parametrize("says_before", [False, True])
@pytest.mark.parametrize("public", [False, True])
async def test_an_answer_whose_form_discord_refuses_is_shown_in_plain_words(
    place: Place, settings: Settings, there: There, public: bool, says_before: bool
) -> None:
    desk = Slow(reply(line("Two *ferries*."), public=public), says=line("Reading ...") if says_before else ())
    async with serving(place, settings, desk):
        act = place.start_command(there.ann, there.guild["news"], "digest now", {"share": True} if public else None)
        await place.until(lambda: act.states == ["thinking", "message"] if says_before else act.first is not None)
        place.next(says(400, '{"code": 50035}', "application/json"), to=EDIT)
        desk.let_go.set()
        await place.until(lambda: act.follow_ups)

    assert [place.text(each) for each in act.messages] == ["Two ferries."]
    assert [each.ephemeral for each in act.messages] == [not public]
    assert place.rang() == []


async def test_a_form_that_discord_refuses_is_said_in_words(place: Place, settings: Settings, there: There) -> None:
    log.start(said := Sink(place))
    async with serving(place, settings, FakeDesk(reply(form()), form=True)):
        place.next(says(400, '{"code": 50035}', "application/json"), to=CALLBACK)
        act = await place.command(there.boss, there.guild["news"], "digest-admin settings")

    assert not act.failed
    assert act.ephemeral
    assert [place.text(each) for each in act.messages] == [plain(say("form_refused", title="Settings"))]
    assert said.getvalue().count("answer_refused") == 1


@pytest.mark.parametrize(("public", "shown"), [(False, 2), (True, 1)])
async def test_of_one_more_message_whose_outcome_nobody_knows_the_asker_may_see_two_but_the_channel_never(
    place: Place, settings: Settings, there: There, public: bool, shown: int
) -> None:
    log.start(said := Sink(place))
    rows = tuple(Row(line(f"Row {at}: " + "words " * 20)) for at in range(40))
    async with serving(place, settings, FakeDesk(reply(Listing(line("All of it"), rows), public=public))):
        place.next(cut(stored=True), to=FOLLOW)
        act = place.start_command(there.ann, there.guild["news"], "digest now", {"share": True} if public else None)
        await place.until(lambda: len(act.follow_ups) == shown and (not public or "answer_lost" in said.getvalue()))

    assert len({place.text(each) for each in act.follow_ups}) == 1
    assert ("answer_lost" in said.getvalue()) == public


async def test_what_comes_to_the_channel_comes_in_plain_words_where_discord_refuses_its_form(
    place: Place, settings: Settings, there: There
) -> None:
    async with serving(place, settings, FakeDesk(reply(line("Two *ferries*."), public=True))):
        place.next(says(404, '{"code": 10062}', "application/json"), to=CALLBACK)
        place.next(says(400, '{"code": 50035}', "application/json"), to="POST /channels/*/messages")
        place.start_command(there.ann, there.guild["news"], "digest now", {"share": True})
        await place.message_in(there.guild["news"])

    assert place.shown(there.guild["news"]) == ["Two ferries."]


async def test_a_reply_in_many_forms_is_taken_by_discord(place: Place, settings: Settings, there: There) -> None:
    parts: list[Part] = [
        Text(line("Words " * 900)),
        Text(line("small"), small=True),
        Shown(sixty(), line("Preview: nothing was posted.")),
        Buttons(tuple(Control(f"v1:help:{at}", f"Button {at}") for at in range(12))),
        Choices("v1:pick", "Pick", (Control("v1:help", "Same"), Control("v1:help", "Same"))),
    ]
    async with serving(place, settings, FakeDesk(reply(*parts))):
        act = await place.command(there.ann, there.guild["news"], "digest help")
        await place.until(lambda: any(part.get("placeholder") == "Pick" for each in act.messages for part in each.parts()))

    shown = "\n".join(map(place.text, act.messages))
    assert all(story.title in shown for story in sixty().stories)
    assert shown.count("Words") == 400  # a value has no more


# Places


async def test_a_server_that_invites_is_greeted_where_the_bot_may_write(place: Place, settings: Settings, there: There) -> None:
    places = Heard(reply(line("Hello."), Buttons((Control("v1:setup", "Set up", "primary"),)), public=True))
    new = place.add_guild("New", "rules", "talk", installed=False)
    async with serving(place, settings, FakeDesk(), places=places):
        place.forbid(new["rules"], Permission.SEND_MESSAGES)
        place.join_guild(new)
        await place.message_in(new["talk"])

    assert place.shown(new["talk"]) == ["Hello."]
    assert place.shown(new["rules"]) == []
    assert ("back", f"discord:{new.id}") in places.told


async def test_removals_are_heard_of_and_an_outage_is_none(place: Place, settings: Settings, there: There) -> None:
    thread = place.thread(there.guild["market"], "daily", owner=place.me)
    other = place.add_guild("Other", "news")
    async with serving(place, settings, FakeDesk()) as served:
        place.outage(other)
        place.back(other)
        place.delete_channel(thread)
        place.delete_channel(there.guild["news"])
        place.remove_bot(there.guild)
        await served.places.hears("left", Space("discord", there.guild.id))
        await served.places.hears("gone", channel_of(thread))

    told = [what for what, where in served.places.told if f"discord:{other.id}" in where]
    assert told == ["back"]
    assert sum(what == "gone" for what, _ in served.places.told) == 2
    assert sum(what == "left" for what, _ in served.places.told) == 1


# The connection


@pytest.mark.parametrize(
    "breaks",
    [
        "cut",
        "asked to reconnect",
        "resumable",
        "closed 4000",
        *(pytest.param(each, marks=pytest.mark.slow) for each in ("not resumable", "closed 4009", "closed 1000", "forgotten")),
    ],
)
async def test_a_connection_that_breaks_in_the_middle_of_work_is_made_again(
    place: Place, settings: Settings, there: There, breaks: str
) -> None:
    desk = Slow(reply(line("One.")), reply(line("Two.")))
    async with serving(place, settings, desk):
        first = place.start_command(there.ann, there.guild["news"], "digest help")
        await desk.begun.wait()
        before = place.gateway.identified + place.gateway.resumed
        gateway = place.gateway
        match breaks:
            case "cut":
                gateway.cut()
            case "forgotten":
                gateway.cut()
                gateway.sessions = []
            case "asked to reconnect":
                gateway.ask_to_reconnect()
            case "resumable" | "not resumable":
                gateway.invalidate(resumable=breaks == "resumable")
            case _:
                gateway.close(int(breaks.split()[1]))
        desk.let_go.set()
        await place.settled(first)
        await place.until(lambda: gateway.identified + gateway.resumed > before and gateway.connected, within_s=15)
        second = await place.command(there.ann, there.guild["news"], "digest help")

    assert [place.text(act.answer) for act in (first, second)] == ["One.", "Two."]


@pytest.mark.slow
@pytest.mark.parametrize("to", ["GET /users/@me", CONNECT, "GET /oauth2/applications/@me"])
async def test_a_start_that_fails_is_tried_again(place: Place, settings: Settings, there: There, to: str) -> None:
    place.next(broken(503), to=to)
    async with serving(place, settings, FakeDesk(reply(line("Here.")))):
        act = await place.command(there.ann, there.guild["news"], "digest help")

    assert place.text(act.answer) == "Here."


@pytest.mark.parametrize("trouble", ["token", "revoked"])
async def test_a_token_that_is_refused_is_said_once_and_not_tried_again(
    place: Place, settings: Settings, there: There, trouble: str
) -> None:
    log.start(said := Sink(place))
    if trouble == "token":
        place.revoke_token()
    async with serving_without_commands(place, settings, connected=trouble == "revoked") as served:
        if trouble == "revoked":
            place.revoke_token()
        await place.until(lambda: "connection_refused" in said.getvalue())
        assert "refuses the token" in served.discord.telling().words
        assert served.discord.telling().refused
        calls = len(place.calls)
        assert not served.task.done()

    assert len(place.calls) == calls
    assert said.getvalue().count("connection_refused") == 1
    assert place.token not in served.discord.telling().words


@pytest.mark.parametrize(("well_after_s", "pauses"), [(60.0, ["0.1", "0.2", "0.4"]), (0.0, ["0.1"] * 3)])
async def test_connections_that_end_soon_are_made_again_ever_later(
    place: Place, settings: Settings, there: There, well_after_s: float, pauses: list[str]
) -> None:
    log.start(said := Sink(place))
    house, stop = House(FakeDesk(), Heard(), Remembered()), asyncio.Event()
    door = Reception(settings, Rest(settings, keeps=True), house, now, pause_s=0.1, well_after_s=well_after_s)
    listening = asyncio.create_task(door.listen(stop))
    for number in range(1, 4):
        await place.until(lambda: said.getvalue().count("connection_made") == number)  # noqa: B023
        lose(place)
        await place.until(lambda: said.getvalue().count("connection_lost") == number)  # noqa: B023
    stop.set()
    await listening

    assert re.findall(r'again_in_s"?[=:] ?([\d.]+)', said.getvalue()) == pauses


async def test_posting_goes_on_while_the_gateway_is_down(place: Place, settings: Settings, there: There) -> None:
    place.next(*[broken(503)] * 50, to=CONNECT)
    log.start(said := Sink(place))
    async with serving_without_commands(place, settings, connected=False) as served, served.discord.serve():
        await place.until(lambda: "connection_lost" in said.getvalue())
        await served.discord.post(channel_of(there.guild["news"]), served.discord.render_line("News"), nonce="a")

    assert place.shown(there.guild["news"]) == ["News"]


async def test_the_operator_is_told_how_it_goes(place: Place, settings: Settings, there: There) -> None:
    async with serving(place, settings, FakeDesk(reply(line("x")))) as served:
        await place.command(there.ann, there.guild["news"], "digest help")
        said = plain(told(served.discord.telling(), "UTC"))

    assert said.startswith("connected as @dateline to 1 server since ")
    assert "1 request, acknowledged in " in said
    assert said.endswith("; told to wait 0 times")


def serving_without_commands(place: Place, settings: Settings, *, connected: bool = True):
    """The bot, whatever becomes of it."""
    from contextlib import asynccontextmanager

    from bot.adapters.discord import Discord
    from bot.ports.desk import House
    from tests.bot.adapters.discord.conftest import now

    @asynccontextmanager
    async def listening() -> AsyncIterator[Served]:
        served, stop = Served(Discord(settings), Heard(), Remembered(), None), asyncio.Event()  # type: ignore[arg-type]
        served.task = asyncio.create_task(served.discord.listen(House(FakeDesk(), served.places, served.marks), now, stop))
        try:
            if connected:
                await place.connected()
            yield served
        finally:
            stop.set()
            async with asyncio.timeout(10):
                await served.task

    return listening()
