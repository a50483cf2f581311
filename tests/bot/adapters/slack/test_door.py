"""What people do in Slack is acknowledged at once and answered where they did it, by the real library over a connection."""

from __future__ import annotations

import asyncio
import io

import pytest

from bot.adapters.slack.listeners import MOST_REFUSALS
from bot.model import Channel
from bot.talk import (
    Buttons,
    Choices,
    Confirm,
    Control,
    Field,
    File,
    Form,
    Listing,
    Picked,
    Pressed,
    Progress,
    Reply,
    Request,
    Row,
    Shown,
    Submitted,
    Typed,
    control_id,
    quietly,
    reply,
    story_under,
)
from bot.wording import marked
from digests.model import StoryDigest
from tests.bot.adapters.slack.conftest import Open, Places, listening
from tests.fakes import FakeDesk
from tests.golden.news import full
from tests.servers.faults import broken, cut, held, says
from tests.servers.slack import Act, Slack, limited, says_no

HERE = Channel.parse("slack:T1/C1")
YES, NO = Control(control_id("feeds-remove", "x", "yes"), "Remove", "danger"), Control(control_id("leave"), "No")


def under(story: StoryDigest) -> str:
    """A story of a digest as its menu names it."""
    return story_under(story.id, story.title)


def line(words: str) -> Reply:
    return reply(marked(words))


async def answered(act: Act) -> str:
    """What the asker reads in the first answer."""
    answer = await act.answered()
    return act.workspace.words(answer)


class Gate(FakeDesk):
    """A desk that takes its time: it says what it does, and answers once the gate is open."""

    def __init__(self, *replies: Reply | None, said: str = "") -> None:
        super().__init__(*replies)
        self.gate, self._words = asyncio.Event(), said

    async def answer(self, request: Request, progress: Progress = quietly) -> Reply | None:
        if self._words:
            await progress(marked(self._words))
        await self.gate.wait()
        return await super().answer(request, progress)


# Commands


async def test_a_command_is_answered_to_the_asker_alone(bot: Open) -> None:
    bot.answers(line("*Here* is `it`."))

    act = await bot.server.command("U1", "C1", "/digest", "about ferry")

    assert act.error == ""
    assert act.delivery is not None
    assert act.delivery.answer is None
    answer = await act.answered()
    assert bot.server.words(answer) == "Here is it."
    assert answer.ephemeral
    [asked] = bot.desk.requests
    assert (asked.asked, asked.channel, asked.person.id) == (Typed("about ferry"), HERE, "U1")


async def test_who_asks_is_known_with_what_they_may_and_their_clock(bot: Open) -> None:
    bot.answers(line("a"), line("b"))

    await answered(await bot.server.command("U1", "C1", "/digest"))
    await answered(await bot.server.command("U2", "C1", "/digest"))

    anna, ben = (request.person for request in bot.desk.requests)
    assert (anna.admin, ben.admin) == (True, False)
    assert anna.zone == "Europe/Berlin"


async def test_a_member_of_the_group_that_administers_is_known_by_it(server: Slack) -> None:
    class WithGroup(FakeDesk):
        async def admins(self, space: object) -> str:
            return "S1"

    desk = WithGroup(line("a"), line("b"))
    async with listening(server, desk, Places()):
        await answered(await server.command("U1", "C1", "/digest"))
        await answered(await server.command("U2", "C1", "/digest"))

    assert [request.person.groups for request in desk.requests] == [{"S1"}, set()]


async def test_an_admin_of_another_workspace_is_none_here(bot: Open) -> None:
    bot.server.next(says_no("user_not_found"), of="users.info")  # nobody can tell, and nobody is an admin by that
    bot.answers(line("a"))

    await answered(await bot.server.command("U1", "C1", "/digest"))

    assert bot.desk.requests[0].person.admin is False


async def test_a_public_answer_is_seen_by_everybody(bot: Open) -> None:
    bot.answers(Reply(line("Shared.").parts, public=True))

    act = await bot.server.command("U1", "C1", "/digest", "now share:yes")

    assert not (await act.answered()).ephemeral
    assert bot.server.shown("C1") == ["Shared."]
    assert bot.server.pings == []


async def test_who_asks_while_too_much_is_asked_is_told_so_by_the_acknowledgement_itself(server: Slack) -> None:
    desk = Gate(line("First."))
    async with listening(server, desk, Places(), most=1):
        first = await server.command("U1", "C1", "/digest")
        await server.called("users.info")
        second = await server.command("U2", "C1", "/digest")

        assert "Too much is asked of me just now; nothing was changed." in await answered(second)
        assert second.delivery is not None
        assert second.delivery.answer is not None
        desk.gate.set()
        assert await answered(first) == "First."


async def test_a_flood_while_too_much_is_asked_is_told_so_by_few_calls_at_once(server: Slack) -> None:
    desk, gate = Gate(line("First.")), asyncio.Event()
    async with listening(server, desk, Places(), most=1):
        await server.command("U1", "C1", "/digest")
        await server.called("users.info")
        for _ in range(MOST_REFUSALS + 5):
            server.next(held(gate), of="chat.postEphemeral")
            server.mention("U2", "C1", "about ferry")
        await server.settled()
        await server.called("chat.postEphemeral", MOST_REFUSALS)
        gate.set()
        desk.gate.set()

    assert len(server.calls_of("chat.postEphemeral")) == MOST_REFUSALS


async def test_what_was_answered_before_is_not_answered_again(bot: Open) -> None:
    bot.answers(None, line("b"))

    first = await bot.server.command("U1", "C1", "/digest")
    await answered(await bot.server.command("U1", "C1", "/digest"))

    assert first.answers == []


async def test_an_answer_that_takes_its_time_says_so_first(server: Slack) -> None:
    desk = Gate(line("Done."), said="Reading example.org ...")
    async with listening(server, desk, Places()):
        act = await server.command("U1", "C1", "/digest", "link https://example.org")
        assert server.words(await act.answered()) == "Reading example.org ..."
        desk.gate.set()

        assert server.words(await act.answered(2)) == "Done."
        assert all(each.ephemeral for each in act.answers)


async def test_who_waits_for_something_outside_keeps_nobody_waiting(server: Slack) -> None:
    gate = asyncio.Event()

    class Reading(FakeDesk):
        async def answer(self, request: Request, progress: Progress = quietly) -> Reply | None:
            if request.asked != Typed("help"):
                await progress(marked("Reading ..."))
                await gate.wait()
            return line(str(request.asked))

    async with listening(server, Reading(), Places()):
        slow = [await server.command("U1", "C1", "/digest", f"link https://example.org/{at}") for at in range(5)]
        quick = await server.command("U2", "C1", "/digest", "help")

        assert "help" in await answered(quick)
        assert not any("link" in server.words(each) for act in slow for each in act.answers)
        gate.set()


async def test_more_answers_than_the_address_takes_come_another_way(bot: Open) -> None:
    rows = tuple(Row(marked(f"Row {at} " + "x" * 2_000)) for at in range(40))
    bot.answers(reply(Listing((), rows)))

    act = await bot.server.command("U1", "C1", "/digest")
    await bot.server.until(lambda: "Row 39" in " ".join(map(bot.server.words, bot.server.inbox("U1"))))

    told = bot.server.inbox("U1")
    assert len(act.answers) == 5
    assert len(told) > 5
    assert [each for each in range(40) if f"Row {each} " in " ".join(map(bot.server.words, told))] == [*range(40)]
    assert bot.server.shown("C1") == []


@pytest.mark.parametrize(
    "fault",
    [says_no("used_url"), broken(500), cut(stored=False), says(200, "<html>Down</html>", "text/html")],
    ids=["spent", "broken", "cut", "a page of something on the way"],
)
async def test_an_answer_whose_address_fails_comes_as_a_message_for_the_asker(bot: Open, fault: object) -> None:
    bot.server.next(fault, of="response_url")  # type: ignore[arg-type]
    bot.answers(line("Here."))

    await bot.server.command("U1", "C1", "/digest")

    assert bot.server.words(await bot.server.told("U1")) == "Here."


async def test_where_the_bot_is_not_the_answer_comes_directly(bot: Open) -> None:
    bot.server.next(says_no("used_url"), of="response_url")
    bot.answers(line("Here."))

    await bot.server.command("U1", "C3", "/digest")

    assert bot.server.words(await bot.server.message_in("DU1")) == "Here."


async def test_a_pause_that_slack_asks_for_is_kept_and_the_order_stays(bot: Open) -> None:
    bot.server.next(limited(0), of="response_url")
    bot.answers(reply(Listing((), tuple(Row(marked(f"{at} " + "x" * 3_000)) for at in range(6)))))

    act = await bot.server.command("U1", "C1", "/digest")
    await act.answered(3)

    said = [bot.server.words(each)[0] for each in act.answers]
    assert said == sorted(said)
    assert "told to wait 1 time" in bot.slack.telling().counts


# Controls


async def test_a_control_is_pressed_by_its_id_whatever_else_stands_there(bot: Open) -> None:
    twice = Buttons((Control("v1:now", "One"), Control("v1:now", "Two")))
    bot.answers(reply(marked("Pick."), twice), line("a"), line("b"))
    answer = await (await bot.server.command("U1", "C1", "/digest")).answered()

    await answered(await bot.server.press(answer, "v1:now"))
    await answered(await bot.server.press(answer, "v1:now#2"))

    assert bot.desk.asked[1:] == [Pressed("v1:now"), Pressed("v1:now")]


async def test_a_menu_sends_the_option_as_its_value(bot: Open) -> None:
    options = tuple(Control(control_id("timeline", f"s-{at}"), f"Story {at}") for at in range(130))
    bot.answers(reply(Choices(control_id("pick"), "Which?", options)), line("a"))
    answer = await (await bot.server.command("U1", "C1", "/digest")).answered()

    await answered(await bot.server.pick(answer, "v1:pick", "Story 7"))

    assert bot.desk.asked[1] == Pressed("v1:pick", ("v1:timeline:s-7",))
    assert "100 of 130" in bot.server.words(answer)


async def test_a_question_back_has_yes_and_no(bot: Open) -> None:
    bot.answers(reply(Confirm(marked("Remove it?"), YES, NO)), line("Gone."))
    answer = await (await bot.server.command("U1", "C1", "/digest")).answered()

    act = await bot.server.press(answer, YES.id)

    assert await answered(act) == "Gone."


async def test_a_page_takes_the_place_of_the_one_before(bot: Open) -> None:
    on, back = Control("v1:feeds:-:2", "More"), Control("v1:feeds:-:1", "Back")
    first = Listing(marked("Feeds"), (Row(marked("One")),), 1, 2, on=on)
    bot.answers(reply(first), reply(Listing(marked("Feeds"), (Row(marked("Two")),), 2, 2, back=back)))
    answer = await (await bot.server.command("U1", "C1", "/digest")).answered()

    await bot.server.press(answer, "v1:feeds:-:2#turn")

    await bot.server.edited(answer)
    assert "Two" in bot.server.words(answer)
    assert len(bot.server.inbox("U1")) == 1


async def test_a_page_that_takes_long_takes_the_place_of_the_words_that_it_does(server: Slack) -> None:
    first = Listing(marked("Feeds"), (Row(marked("One")),), 1, 2, on=Control("v1:feeds:-:2", "More"))
    desk = Gate(reply(first), reply(Listing(marked("Feeds"), (Row(marked("Two")),), 2, 2)))
    desk.gate.set()
    async with listening(server, desk, Places()):
        answer = await (await server.command("U1", "C1", "/digest")).answered()
        desk.gate.clear()

        await server.press(answer, "v1:feeds:-:2#turn")
        await server.until(lambda: "Working on it" in server.words(answer))
        desk.gate.set()
        await server.until(lambda: "Two" in server.words(answer))

    assert len(server.inbox("U1")) == 1


async def test_the_controls_of_a_posted_digest_answer_to_the_one_who_pressed(bot: Open) -> None:
    bot.answers(line("Three."), line("A story."))
    for payload in bot.slack.render(full()):
        await bot.slack.post(HERE, payload, nonce="a")
    posted = bot.server.standing("C1")[0]

    await answered(await bot.server.press(posted, "v1:missed:128", user="U2"))
    menu = next(one for block in posted.blocks for one in block.get("elements", []) if one["type"] == "static_select")
    await answered(await bot.server.pick(posted, menu["action_id"], menu["options"][0]["value"], user="U2"))

    assert [each.reader for each in bot.server.inbox("U2")] == ["U2", "U2"]
    assert bot.desk.asked == [Pressed("v1:missed:128"), Pressed("v1:story:128", (under(full().stories[0]),))]
    assert len(bot.server.standing("C1")) == 1


async def test_a_control_in_a_thread_answers_there(bot: Open) -> None:
    bot.answers(line("Here."))
    head = bot.server.say("U1", "C1", "Look")
    payload = bot.slack.render(full())[0]
    await bot.slack.post(HERE, payload, nonce="a", thread=head.ts)
    part = await bot.server.message_in("C1", 2)

    answer = await (await bot.server.press(part, "v1:missed:128")).answered()

    assert answer.thread == head.ts


async def test_a_digest_that_was_asked_for_looks_like_one(bot: Open) -> None:
    bot.answers(reply(Shown(full(), marked("*PREVIEW*: nothing is posted."))))

    act = await bot.server.command("U1", "C1", "/digest", "preview")

    shown = bot.server.drawn(await act.answered())
    assert shown.startswith("*PREVIEW*")
    assert "Port closes its eastern basin" in shown


# Forms

FIELDS = (Field("at", "When", "daily 08:00"), Field("length", "Length", "full", options=(("short", "Short"), ("full", "Full"))))
FORM = Form("v1:schedule-add", "New schedule", FIELDS, "Save", marked("For *this* channel."))


async def test_a_form_opens_at_once_and_its_answer_comes_where_it_was_asked(bot: Open) -> None:
    bot.answers(reply(FORM), line("Saved."), form=True)

    act = await bot.server.command("U1", "C1", "/digest", "schedule add")
    view = await act.opened()
    sent = await bot.server.submit(view, {"at": "weekdays 07:30", "length": "Short"})

    assert (view.title, view.open, sent.errors) == ("New schedule", False, {})
    assert bot.server.words(await bot.server.told("U1")) == "Saved."
    assert bot.desk.asked[1] == Submitted("v1:schedule-add", {"at": "weekdays 07:30", "length": "short"})
    assert bot.desk.requests[1].channel == HERE


async def test_what_is_wrong_stands_at_the_field(bot: Open) -> None:
    wrong = Form(FORM.id, FORM.title, (Field("at", "When", "25:00", error=marked("There is no *25:00*.")),), "Save")
    bot.answers(reply(FORM), reply(wrong), line("Saved."), form=True)
    view = await (await bot.server.command("U1", "C1", "/digest", "schedule add")).opened()

    sent = await bot.server.submit(view, {"at": "25:00"})
    assert sent.errors == {"at": "There is no 25:00."}
    assert view.open
    await bot.server.submit(view, {"at": "07:00"})

    assert bot.server.words(await bot.server.told("U1")) == "Saved."


async def test_a_form_that_leads_to_another_shows_it_in_its_place(bot: Open) -> None:
    other = Form("v1:settings", "Settings", (Field("zone", "Zone"),), "Save")
    bot.answers(reply(FORM), reply(other), form=True)
    view = await (await bot.server.command("U1", "C1", "/digest", "schedule add")).opened()

    await bot.server.submit(view)

    assert (view.open, view.title) == (True, "Settings")


async def test_a_form_that_comes_too_late_is_a_button(bot: Open) -> None:
    bot.server.next(says_no("expired_trigger_id"), of="views.open")
    bot.answers(reply(FORM), reply(FORM), form=True)

    answer = await (await bot.server.command("U1", "C1", "/digest", "schedule add")).answered()
    view = await (await bot.server.press(answer, FORM.id)).opened()

    assert view.title == "New schedule"
    assert bot.desk.asked[1] == Pressed("v1:schedule-add")


@pytest.mark.slow
async def test_a_form_whose_answer_takes_long_closes_and_is_answered_later(server: Slack) -> None:
    desk = Gate(line("Saved."))
    desk.gate.set()
    desk.replies, desk.form = [reply(FORM), line("Saved.")], True
    async with listening(server, desk, Places()):
        view = await (await server.command("U1", "C1", "/digest", "schedule add")).opened()
        desk.gate.clear()
        sent = await server.submit(view)
        assert (sent.error, view.open) == ("", False)
        desk.gate.set()

        await server.until(lambda: "Saved." in map(server.words, server.inbox("U1")))


# Shortcuts


async def test_a_link_of_a_message_is_digested(bot: Open) -> None:
    bot.answers(line("Bullets."))
    message = bot.server.say("U2", "C1", "See <https://example.org/a?b=1&amp;c=2|this> and <https://example.org/z>")

    act = await bot.server.message_shortcut("digest_link", message)

    assert await answered(act) == "Bullets."
    assert bot.desk.asked == [Picked("link", "https://example.org/a?b=1&c=2")]


async def test_a_message_without_a_link_says_what_to_do(bot: Open) -> None:
    message = bot.server.say("U2", "C1", "No link here")

    act = await bot.server.message_shortcut("digest_link", message)

    assert "/digest link <url>" in await answered(act)
    assert bot.desk.asked == []


async def test_why_asks_for_the_link_or_for_one_of_the_stories(bot: Open) -> None:
    bot.answers(line("Because."), line("So."))
    linked = bot.server.say("U2", "C1", "<https://example.org/a>")
    await bot.slack.post(HERE, bot.slack.render(full())[0], nonce="a")

    await answered(await bot.server.message_shortcut("why_story", linked))
    menu = await (await bot.server.message_shortcut("why_story", bot.server.standing("C1")[-1])).answered()
    await answered(await bot.server.pick(menu, "v1:pick", control_id("why", under(full().stories[1]))))

    assert bot.desk.asked[0] == Picked("why", "https://example.org/a")
    assert bot.desk.asked[1] == Pressed("v1:pick", (control_id("why", under(full().stories[1])),))


async def test_a_digest_can_be_asked_for_from_anywhere(bot: Open) -> None:
    bot.answers(line("The digest."), offered=[("Chips", "Chips"), ("Ports", "Ports")])

    view = await (await bot.server.global_shortcut("ask_digest")).opened()
    menu = await bot.server.suggest(view, "offer:topic", "")
    sent = await bot.server.submit(view, {"topic": "Chips", "since": "Yesterday", "where": "C1"})

    assert menu.labels == ["Chips", "Ports"]
    assert await answered(sent) == "The digest."
    assert bot.desk.asked == [Picked("now", "", {"topic": "Chips", "since": "yesterday", "length": "normal"})]


# Messages to the bot


async def test_a_mention_is_answered_to_the_one_who_wrote_it_in_its_thread(bot: Open) -> None:
    bot.answers(line("In the channel."), line("In the thread."))
    head = bot.server.mention("U2", "C1", "about <https://example.org/x|ports &amp; ships>")
    await bot.server.told("U2")
    bot.server.mention("U2", "C1", "help", thread=head)

    second = await bot.server.told("U2", 2)

    assert bot.desk.asked == [Typed("about https://example.org/x"), Typed("help")]
    assert second.thread == head.ts


async def test_who_writes_to_the_bot_alone_is_answered_there(bot: Open) -> None:
    bot.answers(line("Hello."))

    bot.server.dm("U2", "help")

    assert bot.server.words(await bot.server.message_in("DU2", 2)) == "Hello."
    assert bot.desk.requests[0].channel == Channel.parse("slack:T1/DU2")


async def test_a_long_answer_to_a_direct_message_takes_the_place_of_its_waiting(server: Slack) -> None:
    desk = Gate(line("Done."))
    async with listening(server, desk, Places()):
        server.dm("U2", "help")
        waiting = await server.message_in("DU2", 2)
        assert server.words(waiting) == "Working on it ..."
        desk.gate.set()
        await server.edited(waiting)

    assert server.shown("DU2") == ["help", "Done."]


async def test_in_a_thread_of_a_direct_message_even_the_waiting_stands_there(server: Slack) -> None:
    desk = Gate(line("First."), line("Done."))
    async with listening(server, desk, Places()):
        desk.gate.set()
        begun = server.dm("U2", "help")
        await server.message_in("DU2", 2)
        desk.gate.clear()
        server.dm("U2", "and?", thread=begun)
        waiting = await server.message_in("DU2", 4)
        desk.gate.set()
        await server.edited(waiting)

    assert (server.words(waiting), waiting.thread) == ("Done.", begun.ts)


async def test_an_event_that_comes_twice_is_asked_by_one_name(bot: Open) -> None:
    bot.answers(line("Hello."), None)
    bot.server.dm("U2", "help")
    await bot.server.message_in("DU2", 2)

    bot.server.redeliver()
    await bot.server.settled()
    await bot.server.until(lambda: len(bot.desk.requests) == 2)

    assert bot.desk.requests[0].id == bot.desk.requests[1].id
    assert len(bot.server.shown("DU2")) == 2


async def test_a_list_of_feeds_comes_along_as_a_file(bot: Open) -> None:
    bot.answers(line("Taken."), line("Taken."))

    bot.server.upload("U1", "feeds.opml", b"<opml/>", "feeds import topic:News")
    await bot.server.message_in("DU1", 2)
    bot.server.upload("U1", "feeds.opml", b"<opml/>")
    await bot.server.message_in("DU1", 4)

    assert bot.desk.asked == [Typed("feeds import topic:News"), Typed("feeds import")]
    assert bot.desk.attached == [b"<opml/>", b"<opml/>"]


async def test_a_file_that_is_too_big_is_not_read(bot: Open) -> None:
    bot.server.upload("U1", "feeds.opml", b"x" * ((5 << 20) + 1), "feeds import")

    said = await bot.server.message_in("DU1", 2)

    assert "5 MB" in bot.server.words(said)
    assert bot.desk.asked == []
    assert [call for call in bot.server.calls if call.of == "download"] == []


async def test_a_list_of_feeds_is_handed_over_directly(bot: Open) -> None:
    bot.answers(reply(marked("34 feeds:"), File("feeds.opml", b"<opml/>", "text/x-opml")))

    await bot.server.command("U1", "C1", "/digest", "feeds export")

    message = await bot.server.message_in("DU1")
    assert [(file.name, file.content) for file in message.files] == [("feeds.opml", b"<opml/>")]


# The Home tab


async def test_the_home_tab_is_drawn_and_drawn_anew_after_a_press(bot: Open) -> None:
    shown = reply(marked("*Next*: Mon 08:00."), Buttons((Control("v1:mute:topic:chips", "Mute chips"),)))
    bot.answers(shown, line("Muted."), reply(marked("*Next*: Mon 08:00.")))
    bot.server.open_home("U2")
    home = await bot.server.home("U2")
    before = home.hash

    await bot.server.press(home, "v1:mute:topic:chips")
    await bot.server.home("U2", after=before)

    assert bot.server.shown("DU2") == ["Muted."]
    assert bot.server.drawn(home).startswith("(small) What you press here is answered in the Messages tab.")
    assert bot.desk.asked == [Pressed("v1:home"), Pressed("v1:mute:topic:chips"), Pressed("v1:home")]
    assert "Mute chips" not in bot.server.drawn(bot.server.homes["U2"])


async def test_a_press_on_the_home_tab_is_heard_although_slack_names_no_conversation(server: Slack, lines: io.StringIO) -> None:
    shown = reply(marked("*Next*: Mon 08:00."), Buttons((Control("v1:mute:topic:chips", "Mute chips"),)))
    async with listening(server, FakeDesk(shown), Places()):
        server.open_home("U2")
        home = await server.home("U2")
    before, desk = home.hash, FakeDesk(line("Muted."), shown)
    async with listening(server, desk, Places(), wait=False):  # started anew, it knows of nobody's conversation
        await server.connected(ever=2)
        server.next(limited(1), of="conversations.open")

        await server.press(home, "v1:mute:topic:chips")
        await server.home("U2", after=before)

    assert desk.asked == [Pressed("v1:mute:topic:chips"), Pressed("v1:home")]
    assert " bug " not in lines.getvalue()


async def test_the_messages_tab_draws_nothing(bot: Open) -> None:
    bot.server.open_home("U2", tab="messages")
    await bot.server.settled()

    assert bot.desk.asked == []


# Places


async def test_a_channel_that_lets_the_bot_in_is_greeted(bot: Open) -> None:
    bot.places.greeting = Reply(line("Hello. I post digests.").parts, public=True)

    bot.server.invite("C3")

    assert bot.server.words(await bot.server.message_in("C3")) == "Hello. I post digests."
    assert ("joined", Channel.parse("slack:T1/C3")) in bot.places.heard


async def test_that_somebody_else_comes_is_nothing_to_greet(bot: Open) -> None:
    bot.server.invite("C1", bot.server.add_person("cleo"))
    await bot.server.settled()

    assert [what for what, _ in bot.places.heard] == ["back"]


async def test_what_becomes_of_a_channel_is_heard(bot: Open) -> None:
    bot.server.archive("C1")
    bot.server.delete_channel("C2")
    await bot.server.settled()
    bot.server.invite("G1")
    bot.server.kick("G1")
    await bot.server.settled()
    await bot.server.until(lambda: len(bot.places.heard) == 5)

    assert set(bot.places.heard[1:]) == {
        ("archived", HERE),
        ("gone", Channel.parse("slack:T1/C2")),
        ("joined", Channel.parse("slack:T1/G1")),
        ("gone", Channel.parse("slack:T1/G1")),
    }


# What people see of it all


async def test_nothing_that_is_answered_rings_or_unfurls(bot: Open) -> None:
    bot.answers(Reply(line("<!channel> <@U1> https://example.org").parts, public=True))

    await bot.server.command("U1", "C1", "/digest")
    await bot.server.message_in("C1")

    assert bot.server.shown("C1") == ["<!channel> <@U1> https://example.org"]
    assert bot.server.pings == []
    assert bot.server.previews == []
