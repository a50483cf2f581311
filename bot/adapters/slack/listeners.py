"""What people do in Slack, heard: checked, acknowledged, handed over.  The work is an errand; no fault leaves a listener."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot import log
from bot.adapters.slack import replies
from bot.adapters.slack.answers import Answering, Where, busy
from bot.adapters.slack.calls import MOST_BYTES, Calls, Identity
from bot.adapters.slack.manifest import ASK_DIGEST, DIGEST_LINK, WHY_STORY
from bot.adapters.slack.people import People
from bot.adapters.slack.settings import Settings
from bot.errands import Errands
from bot.errors import DeliveryError, MessageGone
from bot.model import Channel, Space
from bot.ports.desk import House
from bot.talk import PICK, Asked, Choices, Control, Form, Picked, Pressed, Reply, Request, Submitted, Typed, control_id, reply
from bot.wording import name, say
from digests.render.layout import Line

FORM_S: Final = 2.0
"""How long a reply is waited for that may be a form, or errors in one: Slack takes neither after three seconds."""

AT_ONCE: Final = 2
"""Answers that are worked on: one computes while another waits for the database.  More would only share the processor, and
acknowledgements would wait for it: with four, 99 of 100 took twice as long (``benchmarks/bench_slack.py``)."""

MOST_REFUSALS: Final = 20
"""People who are told at once, each by a call, that too much is asked; what a slash command is told costs no call."""

Body = Mapping[str, Any]

_ANY = re.compile(r".+", re.DOTALL)
_OPENS_S = 2.7  # after what somebody did, a modal can no longer be opened
_LONGEST_TEXT = 8_000
_GONE = ("channel_deleted", "channel_left", "group_deleted", "group_left")
_ARCHIVED = ("channel_archive", "group_archive")


@dataclass(frozen=True, slots=True)
class Doing:
    """Something that somebody did.

    Args:
        id: Slack's own name of it; the same when it is delivered again.
        trigger: opens a modal, within three seconds of ``came_s``, by the loop's clock.
        home: it was done on the Home tab, which is drawn anew afterwards.
    """

    id: str
    where: Where
    trigger: str = ""
    came_s: float = 0.0
    home: bool = False


class Turn:
    """One of a few turns, given back at the end, or before it by who only waits for something outside."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self._turns, self._held = turns, False

    async def __aenter__(self) -> None:
        await self._turns.acquire()
        self._held = True

    async def __aexit__(self, *_: object) -> None:
        self.pass_on()

    def pass_on(self) -> None:
        if self._held:
            self._held = False
            self._turns.release()


class Listeners:
    """The listeners of one connection.

    Args:
        left: called with why, when the app was removed or its token taken back.
    """

    def __init__(
        self,
        settings: Settings,
        calls: Calls,
        identity: Identity,
        house: House,
        errands: Errands,
        now: Callable[[], datetime],
        left: Callable[[str], None],
    ) -> None:
        self._settings, self._calls, self._identity = settings, calls, identity
        self._house, self._errands, self._now, self._left = house, errands, now, left
        self._space = Space("slack", identity.team)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._refusing = 0
        self._people = People(calls, identity.team, lambda: house.desk.admins(self._space))

    def register(self, app: AsyncApp) -> None:
        """Listen to all that the manifest declares."""
        app.command(_ANY)(self._command)
        app.action(_ANY)(self._action)
        app.options(_ANY)(self._offers)
        app.view(_ANY)(self._submission)
        app.shortcut(DIGEST_LINK)(self._digest_link)
        app.shortcut(WHY_STORY)(self._why_story)
        app.shortcut(ASK_DIGEST)(self._ask_digest)
        for event, hear in self._events().items():
            app.event(event)(hear)
        app.error(self._failed)

    def _events(self) -> dict[str, Callable[..., Awaitable[None]]]:
        return {
            "app_home_opened": self._home_opened,
            "app_mention": self._mention,
            "message": self._message,
            "member_joined_channel": self._joined,
            "app_uninstalled": self._uninstalled,
            "tokens_revoked": self._revoked,
            **dict.fromkeys(_GONE, self._channel_gone),
            **dict.fromkeys(_ARCHIVED, self._channel_archived),
        }

    # What people do

    async def _command(self, ack: AsyncAck, body: Body) -> None:
        if body.get("team_id") not in (None, self._identity.team):
            await ack(str(replies.notice(say("slack_other_place"))["text"]))
            return
        if self._errands.full:  # said by the acknowledgement itself, which costs no call
            await ack(str(busy()["text"]))
            return
        await ack()
        where = Where(_text(body, "channel_id"), _text(body, "user_id"), self._now(), address=_text(body, "response_url"))
        await self._hand(self._doing(body, where), Typed(_text(body, "text")[:_LONGEST_TEXT]))

    async def _action(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        actions = body.get("actions")
        view = _object(body, "view")
        if not actions or view.get("type") == "modal":
            return
        asked, turn = replies.pressed(actions[0])
        where = self._where(body)
        where.replaces = turn and (_object(body, "container").get("is_ephemeral") is True or where.channel.startswith("D"))
        await self._hand(self._doing(body, where, home=view.get("type") == "home"), asked)

    async def _offers(self, ack: AsyncAck, body: Body) -> None:
        kind = str(body.get("action_id") or "").removeprefix("offer:")
        offered: list[tuple[str, str]] = []
        try:
            async with asyncio.timeout(FORM_S):
                channel = self._channel(Where.read(_object(body, "view").get("private_metadata"), _user(body), self._now()))
                offered = list(await self._house.desk.offers(channel, kind, _text(body, "value")[:200], self._now()))
        except TimeoutError:
            log.warning("offers_late", platform="slack", kind=kind)
        except Exception as fault:  # an empty menu, instead of one that says that the app is broken
            log.error("bug", fault, part="slack", words=f"{type(fault).__name__}: {fault}")
        await ack(options=replies.options(offered))

    async def _submission(self, ack: AsyncAck, body: Body) -> None:
        view = _object(body, "view")
        if view.get("callback_id") == ASK_DIGEST:
            await ack()
            await self._hand(self._doing(body, self._chosen_place(body)), _asked_for(view))
            return
        where = Where.read(view.get("private_metadata"), _user(body), self._now())
        await self._submitted(ack, self._doing(body, where), replies.submitted(view), view)

    async def _submitted(self, ack: AsyncAck, doing: Doing, asked: Submitted, view: Body) -> None:
        """Wait a short while for the reply: what is wrong with a field can be said at the field within that time only."""
        answering = self._answering(doing)
        task = self._errands.do(self._reply(doing, asked, answering))
        if task is None:
            await ack()
            await self._refuse(answering)
            return
        await asyncio.wait({task}, timeout=FORM_S)
        found = task.result() if task.done() and not task.cancelled() else None
        form = replies.form_of(found) if isinstance(found, Reply) else None
        wrong = replies.errors(form) if form else {}
        if wrong and set(wrong) <= _inputs(view):
            await ack(response_action="errors", errors=wrong)
        elif form:
            await ack(response_action="update", view=replies.modal(form, doing.where.kept()))
        else:
            await ack()
            await self._do(self._given(task, answering))

    async def _given(self, task: asyncio.Task[Any], answering: Answering) -> None:
        """Give the reply of a form that is closed by now."""
        found = await answering.wait_for(_of(task))
        if isinstance(found, Reply):
            form, rest = replies.form_of(found), replies.without_form(found)
            for each in (replies.late_form(form) if form else None, rest):
                if each:
                    await answering.give(each)

    async def _digest_link(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        doing = self._doing(body, self._where(body))
        address = replies.first_link(_object(body, "message"))
        await (self._hand(doing, Picked("link", address)) if address else self._no_link(doing))

    async def _why_story(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        doing, message = self._doing(body, self._where(body)), _object(body, "message")
        ours = self._identity.bot in (message.get("bot_id"), None) or message.get("user") == self._identity.user
        stories = replies.stories(message) if ours else []
        address = replies.first_link(message)
        if len(stories) == 1:
            await self._hand(doing, Pressed(control_id("why", stories[0][1])))
        elif stories:
            chosen = tuple(Control(control_id("why", story), title) for title, story in stories if len(story) < 60)
            await self._do(self._answering(doing).give(reply(Choices(PICK, name("slack_why_which"), chosen))))
        else:
            await (self._hand(doing, Picked("why", address)) if address else self._no_link(doing))

    async def _ask_digest(self, ack: AsyncAck, body: Body) -> None:
        await ack()
        await self._do(self._asking(_text(body, "trigger_id")))

    async def _asking(self, trigger: str) -> None:
        try:
            await self._calls.ask("views.open", trigger_id=trigger, view=replies.ask_view())
        except DeliveryError as error:
            log.warning("form_not_opened", platform="slack", words=str(error))

    async def _no_link(self, doing: Doing) -> None:
        await self._do(self._answering(doing).say(replies.notice(say("slack_no_link", prefix=self._settings.command))))

    # Events

    async def _mention(self, body: Body) -> None:
        event = _object(body, "event")
        if event.get("bot_id"):
            return
        where = Where(_text(event, "channel"), _text(event, "user"), self._now(), thread=_text(event, "thread_ts"))
        await self._hand(Doing(_text(body, "event_id"), where), self._typed(event))

    async def _message(self, body: Body) -> None:
        event = _object(body, "event")
        if event.get("channel_type") != "im" or event.get("bot_id") or event.get("subtype") not in (None, "file_share"):
            return
        user, channel = _text(event, "user"), _text(event, "channel")
        self._people.writes_in(user, channel)
        where = Where(channel, user, self._now(), thread=_text(event, "thread_ts"), direct=True)
        doing, asked = Doing(_text(body, "event_id"), where), self._typed(event)
        files = event.get("files")
        if isinstance(files, list) and files and isinstance(files[0], dict):
            await self._do(self._with_file(doing, asked.words or "feeds import", files[0]))
        else:
            await self._hand(doing, asked)

    async def _with_file(self, doing: Doing, words: str, file: Body) -> None:
        """Answer what was asked with a file, once that is read."""
        size, address = file.get("size"), _text(file, "url_private_download")
        content = None
        if isinstance(size, int) and size <= MOST_BYTES:
            try:
                content = await self._calls.download(address)
            except DeliveryError as error:
                log.warning("file_not_read", platform="slack", words=str(error))
        if content is None:
            await self._answering(doing).say(replies.notice(say("slack_file_too_big")))
        else:
            await self._answer(doing, Typed(words), content)

    async def _home_opened(self, body: Body) -> None:
        event = _object(body, "event")
        user = _text(event, "user")
        if event.get("channel"):
            self._people.writes_in(user, _text(event, "channel"))
        if event.get("tab", "home") == "home":
            await self._do(self._draw_home(_text(body, "event_id"), user, _text(_object(event, "view"), "hash")))

    async def _draw_home(self, called: str, user: str, hash_: str = "") -> None:
        person = await self._people.person(user)
        asked = Request(called, person, self._channel(Where("", user, self._now())), Pressed(control_id("home")), self._now())
        found = await self._house.desk.answer(asked)
        if found is None:
            return
        view = replies.home(found)
        try:
            try:
                await self._calls.ask("views.publish", user_id=user, view=view, **({"hash": hash_} if hash_ else {}))
            except MessageGone:  # it was drawn by somebody else meanwhile; ours is the later one
                await self._calls.ask("views.publish", user_id=user, view=view)
        except DeliveryError as error:
            log.warning("home_not_drawn", platform="slack", words=str(error))

    async def _joined(self, body: Body) -> None:
        event = _object(body, "event")
        if event.get("user") == self._identity.user:
            await self._do(self._greet(_text(event, "channel")))

    async def _greet(self, channel: str) -> None:
        greeting = await self._house.places.joined(Channel("slack", self._identity.team, channel), self._now())
        if greeting is not None:
            await self._answering(Doing("", Where(channel, "", self._now()))).give(greeting)

    async def _channel_gone(self, body: Body) -> None:
        await self._do(self._close(_text(_object(body, "event"), "channel"), archived=False))

    async def _channel_archived(self, body: Body) -> None:
        await self._do(self._close(_text(_object(body, "event"), "channel"), archived=True))

    async def _close(self, channel: str, *, archived: bool) -> None:
        await self._house.places.gone(Channel("slack", self._identity.team, channel), self._now(), archived=archived)

    async def _uninstalled(self) -> None:
        await self._do(self._leave())

    async def _revoked(self, body: Body) -> None:
        tokens = _object(_object(body, "event"), "tokens")
        if self._identity.user in (tokens.get("bot") or ()):
            await self._do(self._leave())

    async def _leave(self) -> None:
        await self._house.places.left(self._space, self._now())
        self._left(f"The app was removed from {self._identity.team_name}, or its token was taken back.")

    # Answering

    async def _hand(self, doing: Doing, asked: Asked) -> None:
        if not await self._do(self._answer(doing, asked)):
            await self._refuse(self._answering(doing))

    async def _refuse(self, answering: Answering) -> None:
        """Say that too much is asked; in a flood not to everybody, or saying so would be a flood of its own."""
        if self._refusing >= MOST_REFUSALS:
            return
        self._refusing += 1
        try:
            await answering.say(busy())
        finally:
            self._refusing -= 1

    async def _do(self, errand: Coroutine[Any, Any, object]) -> bool:
        return self._errands.do(errand) is not None

    async def _answer(self, doing: Doing, asked: Asked, attached: bytes | None = None) -> None:
        """Answer as the platform can: at once where it may be a form, else with a word first where it takes long."""
        if doing.home:
            with suppress(DeliveryError):  # then the answer looks for its way when there is one
                doing.where.channel, doing.where.direct = await self._people.direct(doing.where.user), True
        answering = self._answering(doing)
        answer = asyncio.ensure_future(self._reply(doing, asked, answering, attached))
        if doing.trigger and self._house.desk.may_be_form(asked):
            await asyncio.wait({answer}, timeout=max(0.0, FORM_S - self._age_s(doing)))
        found = await answering.wait_for(answer)
        if found is None:
            return
        form = replies.form_of(found)
        opened = form is not None and await self._open(form, doing)
        rest = replies.without_form(found) if form else found
        for each in (replies.late_form(form) if form and not opened else None, rest):
            if each:
                await answering.give(each)
        if doing.home:
            await self._draw_home(f"{doing.id} home", doing.where.user)

    async def _reply(self, doing: Doing, asked: Asked, answering: Answering, attached: bytes | None = None) -> Reply | None:
        person = await self._people.person(doing.where.user)
        turn = Turn(self._turns)

        async def progress(line: Line) -> None:
            turn.pass_on()
            await answering.progress(line)

        async with turn:
            asking = Request(doing.id, person, self._channel(doing.where), asked, self._now(), attached)
            return await self._house.desk.answer(asking, progress)

    async def _open(self, form: Form, doing: Doing) -> bool:
        """Open a modal; False where it is too late for one."""
        if not doing.trigger or self._age_s(doing) > _OPENS_S:
            return False
        try:
            await self._calls.ask("views.open", trigger_id=doing.trigger, view=replies.modal(form, doing.where.kept()))
        except DeliveryError as error:
            log.info("form_not_opened", platform="slack", words=str(error))
            return False
        return True

    def _answering(self, doing: Doing) -> Answering:
        return Answering(self._calls, self._people, doing.where, self._now)

    def _age_s(self, doing: Doing) -> float:
        return asyncio.get_running_loop().time() - doing.came_s

    # Reading payloads

    def _doing(self, body: Body, where: Where, *, home: bool = False) -> Doing:
        trigger = _text(body, "trigger_id")
        return Doing(trigger, where, trigger, asyncio.get_running_loop().time(), home)

    def _where(self, body: Body) -> Where:
        """Where somebody pressed something: the channel of its message, its thread, its address for answers."""
        container, message = _object(body, "container"), _object(body, "message")
        channel = _text(_object(body, "channel"), "id") or _text(container, "channel_id")
        thread = _text(container, "thread_ts") or _text(message, "thread_ts")
        return Where(channel, _user(body), self._now(), thread, _text(body, "response_url"))

    def _chosen_place(self, body: Body) -> Where:
        """Where an answer is wanted that was asked for from anywhere."""
        given = body.get("response_urls")
        told = given[0] if isinstance(given, list) and given and isinstance(given[0], dict) else {}
        chosen = replies.values(_object(body, "view")).get("where", "")
        return Where(_text(told, "channel_id") or chosen, _user(body), self._now(), address=_text(told, "response_url"))

    def _channel(self, where: Where) -> Channel:
        """The channel of a request; asked from nowhere, the person's own."""
        return Channel("slack", self._identity.team, where.channel or where.user)

    def _typed(self, event: Body) -> Typed:
        text = _text(event, "text")[:_LONGEST_TEXT]
        return Typed(replies.typed(text, command=self._settings.command, bot=self._identity.user))

    async def _failed(self, error: Exception) -> None:
        log.error("bug", error, part="slack", words=f"{type(error).__name__}: {error}")


async def _of(task: asyncio.Task[Any]) -> Any:
    """What a task gives, without ending it where nobody waits any more."""
    return await asyncio.shield(task)


def _asked_for(view: Body) -> Picked:
    """The digest that somebody filled in a form for."""
    filled = replies.values(view)
    return Picked("now", "", {key: filled[key] for key in ("topic", "since", "length") if filled.get(key)})


def _inputs(view: Body) -> set[str]:
    return {str(block.get("block_id")) for block in view.get("blocks") or () if block.get("type") == "input"}


def _user(body: Body) -> str:
    return _text(_object(body, "user"), "id")


def _text(body: Body, key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""


def _object(body: Body, key: str) -> dict[str, Any]:
    value = body.get(key)
    return value if isinstance(value, dict) else {}
