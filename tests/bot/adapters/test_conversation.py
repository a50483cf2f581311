"""A conversation in a terminal: what numbers press, and how a form is filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from bot.adapters.console.conversation import Conversation
from bot.adapters.console.replies import as_text, drawn
from bot.errors import SourceError
from bot.model import Channel
from bot.talk import Buttons, Control, Field, Form, Person, Pressed, Shown, Submitted, Typed, reply
from bot.wording import say
from tests.fakes import FakeDesk
from tests.golden.news import full

MENU = Field("length", "Length", "normal", options=(("short", "a little"), ("normal", "as ever")))
WHICH = Field("which", "Which line?", options=(("0", "the first"),), optional=True)
NOTE = Field("note", "Note")
FORM = Form("v1:form", "A form", (MENU, WHICH, NOTE), "Send")
UNDO = Buttons((Control("v1:undo", "Undo"),))


async def a_file(name: str) -> bytes:
    if name != "feeds.opml":
        raise SourceError(f"There is no file {name}.")
    return b"<opml/>"


def talking(desk: FakeDesk) -> Conversation:
    numbers = count()
    return Conversation(
        desk,
        Person("me"),
        Channel("console"),
        clock=lambda: datetime(2026, 3, 12, tzinfo=UTC),
        ids=lambda: f"q{next(numbers)}",
        attached=a_file,
    )


async def test_numbers_press_what_is_on_the_screen_still_after_an_answer_without_any():
    desk = FakeDesk(reply(UNDO), reply(say("undone")), reply(say("undone")))
    talk = talking(desk)

    for line in ("mute storm", "now", "1"):
        await talk.heard(line)

    assert desk.asked == [Typed("mute storm"), Typed("now"), Pressed("v1:undo")]


async def test_nobody_is_asked_what_they_missed_of_a_preview():
    desk = FakeDesk(reply(Shown(full())), reply(Shown(full(), say("preview_of_new"))))
    talk = talking(desk)

    assert "What did I miss?" in as_text(await talk.heard("now"))
    assert "What did I miss?" not in as_text(await talk.heard("preview"))


async def test_a_menu_shows_labels_takes_numbers_and_words_and_refuses_what_it_has_not():
    desk = FakeDesk(reply(FORM), reply(say("undone")))
    talk = talking(desk)
    await talk.heard("form")

    asked = [talk.question]
    refused = as_text(await talk.heard("9"))
    asked.append(talk.question)
    for line in ("a LITTLE", ""):
        await talk.heard(line)
        asked.append(talk.question)
    nothing = as_text(await talk.heard(""))
    await talk.heard("so it is")

    assert asked == ["Length [as ever]: ", "Length [as ever]: ", "Which line? [none]: ", "Note: "]
    assert "9 is none of these. Type a number from 1 to 2" in refused
    assert "Note needs an answer" in nothing
    assert desk.asked[-1] == Submitted("v1:form", {"length": "short", "which": "", "note": "so it is"})


async def test_of_a_form_that_came_back_only_what_is_wrong_is_asked_again_with_why():
    wrong = replace(NOTE, value="?", error=say("undone"))
    desk = FakeDesk(reply(FORM), reply(replace(FORM, fields=(MENU, WHICH, wrong))), reply(say("undone")))
    talk = talking(desk)
    for line in ("form", "short", "1"):
        await talk.heard(line)

    back = as_text(await talk.heard("?"))
    asked = talk.question
    await talk.heard("better")

    assert "nothing is done yet" in back
    assert "Undone: it is as it was." in back
    assert asked == "Note [?]: "
    assert desk.asked[-1] == Submitted("v1:form", {"length": "normal", "which": "", "note": "better"})


async def test_a_form_that_is_stopped_is_not_sent():
    desk = FakeDesk(reply(FORM))
    talk = talking(desk)
    await talk.heard("form")

    stopped = as_text(await talk.heard("Cancel"))

    assert "nothing was changed" in stopped
    assert not talk.filling
    assert desk.asked == [Typed("form")]


async def test_a_list_of_feeds_goes_along_by_the_name_of_its_file():
    desk = FakeDesk(*[reply(say("undone"))] * 3)
    talk = talking(desk)

    await talk.heard("/digest feeds import feeds.opml topic:News")
    refused = as_text(await talk.heard("feeds import other.opml"))
    await talk.heard("feeds import topic:News")
    await talk.heard("feeds")

    assert desk.asked == [Typed("feeds import topic:News"), Typed("feeds import topic:News"), Typed("feeds")]
    assert desk.attached == [b"<opml/>", None, None]
    assert "There is no file other.opml." in refused


def test_no_number_stands_apart_from_its_words():
    labels = ("Timeline", "All sources", "Why?", "Follow", "Mute", "Something is wrong", "Share")
    row = Buttons(tuple(Control(f"v1:{at}", label) for at, label in enumerate(labels)))

    for width in range(30, 130, 7):
        lines = as_text(drawn(reply(row)), width).splitlines()

        assert max(map(len, lines)) <= width
        assert "   ".join(lines) == "   ".join(f"[{at}] {label}" for at, label in enumerate(labels, 1))
