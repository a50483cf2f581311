"""A stand-in for Slack: the Web API, Socket Mode, ``response_url`` and files on the loopback, and people who use the app.

Made for the real slack-bolt and slack-sdk.  It refuses what Slack refuses (`slack_blocks`, `slack_api`) and shows what
people see (`slack_shown`).  Nothing here is taken from the adapters.

```python
async with Slack() as slack:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    app = AsyncApp(client=client)
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=0.5)
    await handler.connect_async()
    await slack.connected()

    act = await slack.command("U1", "C1", "/digest", "about ferry")  # returns once it is acknowledged, or 3 s later
    assert act.error == ""
    answer = await act.answered()  # by the acknowledgement or by the response_url
    assert slack.words(answer) == "..."
    act = await slack.press(answer, "v1:follow:7")
    modal = await act.opened()
    act = await slack.submit(modal, {"hour": "07:30", "topics": ["chips"]})
    assert act.errors == {} and not modal.open
```

**Who is there**: team ``T1``; the app is ``U0BOT``, named dateline; people ``U1`` anna (admin) and ``U2`` ben; channels ``C1``
#news and ``C2`` #sport with the app in them, ``C3`` #lounge (public) and ``G1`` #board (private) without it; user group
``S1`` @editors with anna.  More: `add_person`, `add_channel`, `add_group`.

**Acts** (each returns an `Act`; ``user`` is whoever sees the ephemeral message or the view, else U1)

| act | what it is |
|---|---|
| ``command(user, channel, "/digest", text)`` | a slash command; in a thread (``thread=``) Slack itself refuses it |
| ``press(message or view, action_id)`` | a button |
| ``pick(message or view, action_id, value)`` | a choice: an option's value or label, a list of such, a date, a time, an id |
| ``suggest(message or view, action_id, typed)`` | opens an external menu and types: ``act.options``, ``act.labels`` |
| ``fill(view, {field: value})``, ``submit(view, {...})``, ``close(view)`` | a field is named by its action id or block id |
| ``global_shortcut(callback_id)``, ``message_shortcut(callback_id, message)`` | shortcuts |

**Events** (sent in the background, again and again as Slack does; ``await settled()`` waits until all are acknowledged or
given up): ``mention``, ``say``, ``dm``, ``upload``, ``open_home``, ``invite``, ``kick``, ``archive``, ``unarchive``,
``delete_channel``, ``rename``, ``uninstall``, ``revoke_tokens``, ``redeliver``.

**What stands there**: ``standing(channel)``, ``shown(channel)`` (words, message by message), ``inbox(user)`` (ephemerals),
``modals(user)``, ``homes[user]``, ``pings``, ``previews``, ``calls``, ``deliveries``, ``drawn(message or view)``.

**Waiting**: ``connected(n)``, ``message_in(channel, n)``, ``told(user, n)``, ``edited(message)``, ``modal(user)``,
``home(user)``, ``called(method, n)``, ``sent(n)``, ``settled()``, ``until(predicate)``.  Each gives up after ten seconds with
an `AssertionError`.  With ``Slack(clock=HandClock())`` time-outs and repeats come when the clock is moved, not by themselves.

**Traps that show here as they do there**: slack-bolt acknowledges no event that nobody listens to, and Slack sends it again; it
looks for the acknowledgement every 10 ms, so that on the loopback a ``respond`` may overtake the text of an ``ack``; a command
has no message that ``replace_original`` could replace; what is pressed in an ephemeral message comes without that message; a
look into a channel that the app is no member of is refused, though it may post there; an acknowledgement with blocks that
Slack refuses shows an error and no message.

**Faults**: ``next(fault, of="chat.postMessage")`` with those of `faults` and ``limited``, ``says_no``; ``of`` is a method,
``response_url``, ``upload`` or ``download``, "" for whatever comes.  ``cut(silently=True)``, ``refresh()``.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar
from urllib.parse import parse_qsl

from aiohttp import web

from tests.servers import slack_api
from tests.servers.faults import NONE, Fault, Platform, says
from tests.servers.slack_api import Ask, Refusal
from tests.servers.slack_blocks import Json, RefusedError, check_options, check_view, controls_of
from tests.servers.slack_shown import draw_message, draw_view
from tests.servers.slack_socket import Delivery, Sockets
from tests.servers.slack_workspace import (
    APP,
    BOT,
    PATIENCE_S,
    SCOPES,
    TEAM,
    Channel,
    Clock,
    File,
    Group,
    HandClock,
    Kind,
    Message,
    Person,
    View,
    Workspace,
    fields,
    value_field,
)

__all__ = ["BOT", "SCOPES", "Act", "Call", "HandClock", "Message", "Slack", "View", "limited", "says_no"]

T = TypeVar("T")

EVENTS = {  # what the app is told of, and the scope that each needs; "" for none
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "tokens_revoked": "",
    "message.im": "im:history",
    "member_joined_channel": "channels:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_rename": "channels:read",
    "group_archive": "groups:read",
    "group_unarchive": "groups:read",
    "group_deleted": "groups:read",
    "group_rename": "groups:read",
    "channel_left": "channels:read",
    "group_left": "groups:read",
}


def limited(seconds: int, word: str = "ratelimited") -> Fault:
    """Too much at once; older documents call it ``rate_limited``."""
    return says(429, json.dumps({"ok": False, "error": word}), "application/json", retry_after=str(seconds))


def says_no(word: str, *, stored: bool = False, **more: Any) -> Fault:
    """Slack's own refusal: ``fatal_error``, ``internal_error``, ``restricted_action`` ..."""
    return says(200, json.dumps({"ok": False, "error": word, **more}), "application/json", stored=stored)


@dataclass
class Call:
    """A request to the Web API, a ``response_url`` or a file, as it arrived."""

    of: str
    args: Json
    at: float


@dataclass
class Act:
    """What somebody did, and what they see of it.

    Args:
        error: what Slack tells them went wrong: ``operation_timeout``, ``dispatch_failed``, ``invalid_command_response`` ...
        errors: the words below the fields of a form, by block id.
        answers: messages that came by the acknowledgement or the ``response_url``, as they stand now; deleted ones too.
        views: what was opened with its trigger, or pushed by its acknowledgement.
        options: what an external menu offered.
    """

    user: str
    workspace: Workspace = field(repr=False)
    delivery: Delivery | None = None
    error: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    options: list[Json] = field(default_factory=list)

    @property
    def payload(self) -> Json:
        """What the app was sent."""
        return self.delivery.payload if self.delivery else {}

    @property
    def ack_s(self) -> float | None:
        return self.delivery.ack_s if self.delivery else None

    @property
    def response_path(self) -> str:
        given = self.payload.get("response_urls") or [{}]
        address = self.payload.get("response_url") or given[0].get("response_url", "")
        return str(address).removeprefix(self.workspace.origin)

    @property
    def answers(self) -> list[Message]:
        url = self.workspace.response_urls.get(self.response_path)
        return url.answers if url else []

    @property
    def views(self) -> list[View]:
        trigger = self.workspace.triggers.get(self.payload.get("trigger_id", ""))
        return trigger.views if trigger else []

    @property
    def labels(self) -> list[str]:
        return [option["text"]["text"] for option in self.options]

    async def answered(self, count: int = 1) -> Message:
        """Wait until so many answers have come; return the last of them."""
        await self.workspace.until(lambda: len(self.answers) >= count, f"answer {count} to {self.payload}")
        return self.answers[count - 1]

    async def opened(self) -> View:
        """Wait until a view was opened; return the last."""
        await self.workspace.until(lambda: self.views, f"a view after {self.payload}")
        return self.views[-1]


class Slack(Platform):
    """A workspace with an app.

    Args:
        scopes: what the app was granted.
        events: what it subscribed to.
        clock: the workspace's own.
        history_most: how many messages one look into a channel gives; 15 for apps that are sold outside the Marketplace.
    """

    def __init__(
        self,
        *,
        scopes: Collection[str] = SCOPES,
        events: Collection[str] = tuple(EVENTS),
        clock: Clock | None = None,
        history_most: int = 999,
    ) -> None:
        super().__init__()
        self.workspace = Workspace(scopes, clock or Clock(), history_most)
        self.workspace.joined = self._joined
        self.sockets = Sockets(self.workspace)
        self.calls: list[Call] = []
        self.events = set(events)
        self._faults_of: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._announced: list[Json] = []
        self._offered: dict[tuple[str, str], list[Json]] = {}
        self.add_person("anna", id="U1", admin=True)
        self.add_person("ben", id="U2")
        self.add_channel("news", id="C1")
        self.add_channel("sport", id="C2")
        self.add_channel("lounge", id="C3", bot=False)
        self.add_channel("board", id="G1", kind="private", bot=False)
        self.add_group("editors", ["U1"], id="S1")

    # The server

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self.workspace.origin = self.origin
        return self

    async def stop(self) -> None:
        await self.sockets.stop()
        await super().stop()

    @property
    def api_url(self) -> str:
        """What slack-sdk needs as its ``base_url``."""
        return f"{self.origin}/api/"

    @property
    def bot_token(self) -> str:
        return self.workspace.bot_token

    @property
    def app_token(self) -> str:
        return self.workspace.app_token

    @property
    def scopes(self) -> set[str]:
        return self.workspace.scopes

    def next(self, *faults: Fault, of: str = "") -> None:
        """What the next requests of that kind come to, one each; ``of`` is a method, or "" for any."""
        self._faults_of[of].extend(faults)

    def fault_of(self, request: web.Request) -> Fault:
        faults = self._faults_of[_kind_of(request)] or self._faults_of[""]
        return faults.popleft() if faults else NONE

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/link/":
            return await self.sockets.serve(request)
        args = _arguments(request, await request.read())
        self.calls.append(Call(_kind_of(request), args, self.workspace.clock.now()))
        self.workspace.changed()
        return await super()._answer(request)

    def take(self, request: web.Request, body: bytes) -> web.Response:
        match _kind_of(request):
            case "response_url":
                status, refusal = slack_api.respond(self.workspace, request.path, _arguments(request, body))
                return web.json_response(refusal, status=status) if refusal else web.Response(text="ok")
            case "upload":
                return self._take_file(request, body)
            case "download":
                return self._give_file(request)
            case "nothing":
                return web.Response(status=404, text="<html>Not here</html>", content_type="text/html")
            case method:
                args = _arguments(request, body)
                token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(args.get("token", ""))
                told = slack_api.call(self.workspace, Ask(method, args, token))
                scopes = {"X-OAuth-Scopes": ",".join(sorted(self.scopes))} if token == self.bot_token else {}
                return web.json_response(told, headers=scopes)

    def _take_file(self, request: web.Request, body: bytes) -> web.Response:
        file = self.workspace.files.get(request.path.rpartition("/")[2])
        if file is None or file.uploaded or len(body) != len(file.content):
            return web.Response(status=400, text="no such upload")
        file.content, file.uploaded = body, True
        self.workspace.changed()
        return web.Response(text=f"OK - {len(body)}")

    def _give_file(self, request: web.Request) -> web.Response:
        file = self.workspace.files.get(request.path.split("/")[2].removeprefix(f"{TEAM}-"))
        good = request.headers.get("Authorization") == f"Bearer {self.bot_token}" and self.bot_token not in self.workspace.dead
        if not good or "files:read" not in self.scopes:  # no error: the page on which a person would sign in
            return web.Response(text="<!DOCTYPE html><html><title>Sign in</title></html>", content_type="text/html")
        if file is None or not file.complete:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type="application/octet-stream")

    # Who is there

    def add_person(self, name: str, *, id: str = "", **more: Any) -> str:  # noqa: A002
        """A new person; returns their id.  ``more``: admin, owner, tz, locale, deleted."""
        person = Person(id or f"U{self.workspace.number('person') + 100}", name, **more)
        self.workspace.people[person.id] = person
        for channel in self.workspace.channels.values():
            if channel.kind == "public":
                channel.members.add(person.id)
        return person.id

    def add_channel(self, name: str, *, id: str = "", kind: Kind = "public", bot: bool = True) -> str:  # noqa: A002
        """A new channel with all people in it; returns its id."""
        members = {one.id for one in self.workspace.people.values() if not one.bot} | ({BOT} if bot else set())
        id = id or f"{'C' if kind == 'public' else 'G'}{self.workspace.number('channel') + 100}"  # noqa: A001
        channel = Channel(id, name, kind, members)
        self.workspace.channels[channel.id] = channel
        return channel.id

    def add_group(self, handle: str, members: list[str], *, id: str = "") -> str:  # noqa: A002
        """A new user group; returns its id."""
        group = Group(id or f"S{self.workspace.number('group') + 100}", handle, members)
        self.workspace.groups[group.id] = group
        return group.id

    # What stands there

    def standing(self, channel: str) -> list[Message]:
        """The messages of a channel that everyone sees, threads included, in order of posting."""
        return self.workspace.standing(channel)

    def shown(self, channel: str) -> list[str]:
        """The words of each message that stands in a channel."""
        return [self.words(message) for message in self.standing(channel)]

    def thread(self, message: Message) -> list[Message]:
        """What stands under a message."""
        return [one for one in self.standing(message.channel) if one.thread == message.ts]

    def inbox(self, user: str) -> list[Message]:
        """What one person alone sees, in all channels."""
        return [one for one in self.workspace.messages if one.reader == user and not one.deleted]

    def modals(self, user: str) -> list[View]:
        """What is open before a person, the topmost last."""
        return self.workspace.modals(user)

    @property
    def homes(self) -> dict[str, View]:
        """The Home tab of each person who has one."""
        return self.workspace.homes

    def words(self, message: Message) -> str:
        """What a person reads in a message."""
        return self.workspace.words(message)

    def drawn(self, what: Message | View) -> str:
        """A message, a modal or a Home tab as text, for a golden file."""
        if isinstance(what, Message):
            return draw_message(what.payload, self.workspace.name)
        return draw_view(what.as_json(), self.workspace.name)

    @property
    def pings(self) -> list[str]:
        """What rang somebody's phone, ever; what one person alone sees rings nobody."""
        return [ping for message in self.workspace.messages if not message.reader for ping in message.pings]

    @property
    def previews(self) -> list[str]:
        """Addresses below which a preview may stand."""
        return [address for message in self.workspace.messages for address in message.previews]

    @property
    def deliveries(self) -> list[Delivery]:
        """Every envelope that was sent, in order."""
        return self.sockets.deliveries

    def calls_of(self, method: str) -> list[Json]:
        """The arguments of each call of a method."""
        return [call.args for call in self.calls if call.of == method]

    # Waiting

    async def until(self, look: Callable[[], T], what: str = "what a test waits for") -> T:
        """Wait until ``look()`` gives something true, and return that."""
        return await self.workspace.until(look, what)

    async def connected(self, count: int = 1, *, ever: int = 0) -> None:
        """Wait until so many connections are there that things are sent to; ``ever``: and so many were opened in all."""

        def there() -> bool:
            able = [one for one in self.sockets.connections if not one.leaving and not one.silent]
            return len(able) >= count and self.sockets.connected_ever >= ever

        await self.until(there, f"connection {count}")

    async def message_in(self, channel: str, count: int = 1) -> Message:
        """Wait until so many messages stand in a channel; return the last of those."""
        await self.until(lambda: len(self.standing(channel)) >= count, f"message {count} in {channel}")
        return self.standing(channel)[count - 1]

    async def told(self, user: str, count: int = 1) -> Message:
        """Wait until a person sees so many messages that nobody else sees; return the last of those."""
        await self.until(lambda: len(self.inbox(user)) >= count, f"message {count} for {user}")
        return self.inbox(user)[count - 1]

    async def edited(self, message: Message, versions: int = 1) -> Message:
        """Wait until a message was changed so often."""
        await self.until(lambda: len(message.versions) >= versions, f"edit {versions} of {message.text!r}")
        return message

    async def modal(self, user: str) -> View:
        """Wait until a modal is open before a person; return the topmost."""
        return (await self.until(lambda: self.modals(user), f"a modal for {user}"))[-1]

    async def home(self, user: str, *, after: str = "") -> View:
        """Wait until a person has a Home tab, with another ``hash`` than ``after``."""
        look = lambda: user in self.homes and self.homes[user].hash != after  # noqa: E731
        await self.until(look, f"the Home tab of {user}")
        return self.homes[user]

    async def called(self, method: str, count: int = 1) -> Json:
        """Wait until a method was called so often; return the arguments of that call."""
        await self.until(lambda: len(self.calls_of(method)) >= count, f"call {count} of {method}")
        return self.calls_of(method)[count - 1]

    async def sent(self, count: int = 1) -> Delivery:
        """Wait until so many envelopes were sent in all, acknowledged or not; return the last of those."""
        await self.until(lambda: len(self.deliveries) >= count, f"envelope {count}")
        return self.deliveries[count - 1]

    async def settled(self) -> None:
        """Wait until each event is acknowledged or given up."""
        await self.until(lambda: self.sockets.announcing == 0, "the end of all events")

    # The connection

    def cut(self, *, silently: bool = False) -> None:
        """Break all connections: so that the app sees it, or so that nothing arrives any more."""
        self.sockets.cut(silently=silently)

    async def refresh(self) -> None:
        """Ask the oldest connection to come back as a new one, as Slack does every few hours."""
        await self.sockets.ask_to_reconnect()

    # Acts

    async def command(self, user: str, channel: str, command: str, text: str = "", *, thread: Message | None = None) -> Act:
        if thread is not None:
            return Act(user, self.workspace, error="not_supported_in_threads")
        where = self._where(channel)
        told = {**self._common(), "team_id": TEAM, "team_domain": "dateline-test", "channel_id": channel, **where}
        told |= {"user_id": user, "user_name": self.workspace.people[user].name, "command": command, "text": text}
        told |= {"is_enterprise_install": "false", "response_url": self.workspace.response_url(channel, user)}
        return await self._do("slash_commands", user, told | {"trigger_id": self.workspace.trigger(user)}, self._commanded)

    async def press(self, place: Message | View, action_id: str, *, block_id: str = "", user: str = "") -> Act:
        """Press a button.  Twice at once: ``asyncio.gather`` of two."""
        block, element = self._control(place, action_id, block_id)
        assert element["type"] == "button", f"{action_id} is no button but a {element['type']}"
        more: Json = {name: element[name] for name in ("value", "style", "url") if name in element}
        return await self._act_on(place, user, block, element, {"text": element["text"], **more})

    async def pick(self, place: Message | View, action_id: str, value: Any, *, block_id: str = "", user: str = "") -> Act:
        """Choose from a menu, buttons or a calendar; in a field of a form nobody is told before it is submitted."""
        block, element = self._control(place, action_id, block_id)
        if element["type"] == "overflow":
            return await self._act_on(place, user, block, element, {"selected_option": self._option(place, element, value)})
        state = self._state(place, element, value)
        values = place.values if isinstance(place, View) else place.state.setdefault(user or self._reader(place), {})
        values.setdefault(block["block_id"], {})[element["action_id"]] = state
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Act(user or self._reader(place), self.workspace)
        return await self._act_on(place, user, block, element, {name: one for name, one in state.items() if name != "type"})

    async def suggest(self, place: Message | View, action_id: str, typed: str = "", *, user: str = "") -> Act:
        """Open an external menu and type; fewer letters than it asks for (three, unless it says so) ask nobody."""
        block, element = self._control(place, action_id)
        assert "external_select" in element["type"], f"{action_id} has its options with it"
        user = user or self._reader(place)
        if len(typed) < element.get("min_query_length", 3):
            return Act(user, self.workspace, error="too_few_letters")
        told: Json = {
            "type": "block_suggestion",
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": typed,
        }
        told |= {**self._person(user), **self._common(), **self._place(place)}
        return await self._do("interactive", user, told, lambda act, said: self._offer(place, element, act, said))

    def fill(self, view: View, values: Mapping[str, Any]) -> None:
        """Type and choose in a form; a field is named by its action id or its block id, None empties it."""
        assert view.open, "nobody can type in a closed view"
        for name, value in values.items():
            block, element = self._control(view, name)
            view.values.setdefault(block["block_id"], {})[element["action_id"]] = self._state(view, element, value)
        self.workspace.changed()

    async def submit(self, view: View, values: Mapping[str, Any] | None = None) -> Act:
        """Fill in a form and press its submit button."""
        self.fill(view, values or {})
        assert "submit" in view.view, "it has no submit button"
        if missing := _missing(view):  # Slack's own check, before the app is asked
            return Act(view.user, self.workspace, errors=missing)
        told: Json = {"type": "view_submission", "view": view.as_json(), "trigger_id": self._trigger(view)}
        told |= {**self._person(view.user), **self._common(), "response_urls": self._response_urls(view)}
        return await self._do("interactive", view.user, told, lambda act, said: self._submitted(view, act, said))

    def _response_urls(self, view: View) -> list[Json]:
        """Where answers go that a form asked for: each chosen channel of a field with ``response_url_enabled``."""
        found: list[Json] = []
        for block, element in fields(view.blocks):
            channel = view.values[block["block_id"]][element["action_id"]].get(value_field(element["type"])[0])
            if element.get("response_url_enabled") and channel:
                where = {"channel_id": channel, "block_id": block["block_id"], "action_id": element["action_id"]}
                found.append(where | {"response_url": self.workspace.response_url(channel, view.user)})
        return found

    async def close(self, view: View) -> Act:
        """Close a view by its close button."""
        assert view.open, "it is closed already"
        clear = bool(view.view.get("clear_on_close"))
        for one in reversed(self.modals(view.user)) if clear else [view]:
            self.workspace.close(one)
        if not view.view.get("notify_on_close"):
            return Act(view.user, self.workspace)
        told = {"type": "view_closed", "view": view.as_json(), "is_cleared": clear}
        return await self._do("interactive", view.user, {**told, **self._person(view.user), **self._common()})

    async def global_shortcut(self, callback_id: str, *, user: str = "U1") -> Act:
        told = {"type": "shortcut", "callback_id": callback_id, "trigger_id": self.workspace.trigger(user)}
        return await self._do("interactive", user, {**told, **self._person(user), **self._common(), "action_ts": self._now()})

    async def message_shortcut(self, callback_id: str, message: Message, *, user: str = "U1") -> Act:
        told: Json = {"type": "message_action", "callback_id": callback_id, "trigger_id": self.workspace.trigger(user)}
        told |= {"channel": self._channel_of(message.channel), "message": self.workspace.message_json(message)}
        told |= {"message_ts": message.ts, "response_url": self.workspace.response_url(message.channel, user)}
        return await self._do("interactive", user, {**told, **self._person(user), **self._common(), "action_ts": self._now()})

    # Events

    def say(self, user: str, channel: str, text: str, *, thread: Message | None = None) -> Message:
        """Somebody writes a message."""
        head = (thread.thread or thread.ts) if thread else None
        return self.workspace.store(channel, user, {"text": text}, thread=head)

    def mention(self, user: str, channel: str, text: str, *, thread: Message | None = None) -> Message:
        """Somebody writes to the app in a channel: ``<@U0BOT> text``.  Where it is no member nobody is told."""
        message = self.say(user, channel, f"<@{BOT}> {text}".strip(), thread=thread)
        if BOT in self.workspace.channels[channel].members:
            told = self.workspace.message_json(message)
            self._announce("app_mention", {**told, "type": "app_mention", "channel": channel, "event_ts": message.ts})
        return message

    def dm(self, user: str, text: str, *, files: Collection[File] = (), thread: Message | None = None) -> Message:
        """Somebody writes to the app alone."""
        channel = self.workspace.im(user)
        message = self.workspace.store(channel.id, user, {"text": text}, files=files, thread=thread.ts if thread else None)
        told = self.workspace.message_json(message) | ({"subtype": "file_share"} if files else {})
        self._announce("message.im", {**told, "channel": channel.id, "channel_type": "im", "event_ts": message.ts})
        return message

    def file(self, name: str, content: bytes, *, user: str = "U1") -> File:
        """A file of a person: for ``dm(files=[...])``, or as the value of a field for files."""
        file = File(f"F{self.workspace.number('file')}", name, content, user, uploaded=True, complete=True)
        self.workspace.files[file.id] = file
        return file

    def upload(self, user: str, name: str, content: bytes, text: str = "") -> Message:
        """Somebody sends the app a file."""
        return self.dm(user, text, files=[self.file(name, content, user=user)])

    def open_home(self, user: str, tab: str = "home") -> None:
        """Somebody opens the app's Home tab, or its messages."""
        view: Json = {"view": self.homes[user].as_json()} if user in self.homes and tab == "home" else {}
        told = {"user": user, "channel": self.workspace.im(user).id, "tab": tab, "event_ts": self._now(), **view}
        self._announce("app_home_opened", told)

    def invite(self, channel: str, user: str = BOT) -> None:
        """Somebody is taken into a channel: ``/invite``."""
        self.workspace.join(self.workspace.channels[channel], user)

    def kick(self, channel: str) -> None:
        """The app is put out of a channel."""
        self._announce(f"{self._family(channel)}_left", {"channel": channel, "event_ts": self._now()})
        self.workspace.channels[channel].members.discard(BOT)

    def archive(self, channel: str) -> None:
        self.workspace.channels[channel].archived = True
        self._announce(f"{self._family(channel)}_archive", {"channel": channel, "user": "U1", "event_ts": self._now()})

    def unarchive(self, channel: str) -> None:
        self.workspace.channels[channel].archived = False
        self._announce(f"{self._family(channel)}_unarchive", {"channel": channel, "user": "U1", "event_ts": self._now()})

    def delete_channel(self, channel: str) -> None:
        self.workspace.channels[channel].deleted = True
        self._announce(f"{self._family(channel)}_deleted", {"channel": channel, "event_ts": self._now()})

    def rename(self, channel: str, name: str) -> None:
        self.workspace.channels[channel].name = name
        told = {"id": channel, "name": name, "created": int(self.workspace.clock.now())}
        self._announce(f"{self._family(channel)}_rename", {"channel": told, "event_ts": self._now()})

    def delete_message(self, message: Message) -> None:
        """Somebody deletes a message."""
        self.workspace.delete(message)

    def revoke_tokens(self) -> None:
        """The app's token is taken back: a call with it says ``token_revoked``."""
        self.workspace.dead[self.bot_token] = "token_revoked"
        self._announce("tokens_revoked", {"tokens": {"oauth": [], "bot": [BOT]}, "event_ts": self._now()})

    def uninstall(self, *, tokens_first: bool = True) -> None:
        """The app is removed from the workspace; Slack promises no order of the two events."""
        self.workspace.dead[self.bot_token] = "account_inactive"
        told: list[tuple[str, Json]] = [("tokens_revoked", {"tokens": {"oauth": [], "bot": [BOT]}}), ("app_uninstalled", {})]
        for name, event in told if tokens_first else reversed(told):
            self._announce(name, {**event, "event_ts": self._now()})

    def install(self, token: str = "") -> str:
        """Install the app anew; returns its token, the same as before unless another is given."""
        self.workspace.bot_token = token or self.bot_token
        self.workspace.dead.pop(self.bot_token, None)
        return self.bot_token

    def redeliver(self, kind: str = "") -> None:
        """Send the last event, or the last of a kind, once more with the same ``event_id``."""
        self.sockets.announce(next(one for one in reversed(self._announced) if kind in ("", one["event"]["type"])))

    # How acts and events are told

    async def _do(self, kind: str, user: str, payload: Json, then: Callable[[Act, Any], None] | None = None) -> Act:
        delivery = self.sockets.envelope(kind, payload)
        act = Act(user, self.workspace, delivery)
        if then is not None:
            delivery.then = lambda: then(act, delivery.answer)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self.sockets.ask(delivery)
        except TimeoutError:  # only where the clock is moved by hand
            raise AssertionError(f"nobody acknowledged {payload} and the clock stands still") from None
        act.error = act.error or delivery.error
        return act

    async def _act_on(self, place: Message | View, user: str, block: Json, element: Json, chosen: Json) -> Act:
        user = user or self._reader(place)
        action = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"], **chosen}
        told: Json = {"type": "block_actions", "actions": [{**action, "action_ts": self._now()}]}
        told |= {**self._person(user), **self._common(), **self._place(place)}
        if isinstance(place, Message):
            told["state"] = {"values": place.state.get(user, {})}
            told["response_url"] = self.workspace.response_url(place.channel, user, place)
        trigger = self.workspace.trigger(user, place if isinstance(place, View) and place.kind == "modal" else None)
        return await self._do("interactive", user, told | {"trigger_id": trigger})

    def _place(self, place: Message | View) -> Json:
        if isinstance(place, View):
            return {"container": {"type": "view", "view_id": place.id}, "view": place.as_json()}
        container: Json = {
            "type": "message",
            "message_ts": place.ts,
            "channel_id": place.channel,
            "is_ephemeral": place.ephemeral,
        }
        container |= {"thread_ts": place.thread} if place.thread else {}
        shown: Json = {} if place.ephemeral else {"message": self.workspace.message_json(place)}
        return {"container": container, "channel": self._channel_of(place.channel), **shown}

    def _commanded(self, act: Act, said: Any) -> None:
        """The acknowledgement of a command may carry a message."""
        if said:
            try:
                slack_api.answer(self.workspace, act.response_path, said)
            except Refusal:
                act.error = "invalid_command_response"

    def _submitted(self, view: View, act: Act, said: Any) -> None:
        """What the acknowledgement of a form makes of it."""
        said = said if isinstance(said, dict) else {}
        match said.get("response_action"):
            case None:
                self.workspace.close(view)
            case "clear":
                for one in self.modals(view.user):
                    self.workspace.close(one)
            case "errors":
                inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
                errors = said.get("errors")
                good = isinstance(errors, dict) and errors and set(errors) <= inputs
                act.errors, act.error = (errors, "") if good and isinstance(errors, dict) else ({}, "invalid_response_action")
            case "update" | "push" as how:
                self._replace(view, act, said.get("view"), push=how == "push")
            case _:
                act.error = "invalid_response_action"

    def _replace(self, view: View, act: Act, content: Any, *, push: bool) -> None:
        try:
            check_view(content, ("modal",))
        except RefusedError as error:
            act.error = f"invalid_response_action: {error.why}"
            return
        if not push:
            self.workspace.put_view(view, content)
        elif view.depth >= slack_api.DEEPEST:
            act.error = "push_limit_reached"
        else:
            act.views.append(self.workspace.open_view(view.user, content, view))

    def _offer(self, place: Message | View, element: Json, act: Act, said: Any) -> None:
        said = said if isinstance(said, dict) else {}
        given = {name: said[name] for name in ("options", "option_groups") if name in said}
        try:
            act.options = [option for option, _ in check_options(given, "")] if any(given.values()) else []
        except RefusedError as error:
            act.error = f"invalid_options: {error.why}"
        else:
            act.error = "" if given else "invalid_options"
        self._offered[_place_id(place), element["action_id"]] = act.options

    def _announce(self, kind: str, event: Json) -> None:
        """Tell the app of an event, when it asked for that and may know it."""
        if kind not in self.events or EVENTS[kind] not in self.scopes | {""} or self._is_secret(event):
            return
        number = self.workspace.number("event")
        told = {"type": kind.partition(".")[0], **event}
        who = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}
        body = {**self._common(), "team_id": TEAM, "event": told, "type": "event_callback", "event_id": f"Ev{number}"}
        body |= {"event_time": int(self.workspace.clock.now()), "authorizations": [who], "is_ext_shared_channel": False}
        self._announced.append(body)
        self.sockets.announce(body)

    def _is_secret(self, event: Json) -> bool:
        """It is about a private channel without the app."""
        named = event.get("channel")
        channel = self.workspace.channels.get(named["id"] if isinstance(named, dict) else str(named))
        return channel is not None and channel.kind == "private" and BOT not in channel.members

    def _joined(self, channel: Channel, user: str) -> None:
        told = {"user": user, "channel": channel.id, "channel_type": channel.id[0], "team": TEAM, "event_ts": self._now()}
        if BOT in channel.members:
            self._announce("member_joined_channel", told)

    def _family(self, channel: str) -> str:
        return "channel" if self.workspace.channels[channel].kind == "public" else "group"

    def _common(self) -> Json:
        return {"token": "verification", "api_app_id": APP}

    def _person(self, user: str) -> Json:
        name = self.workspace.people[user].name
        who = {"id": user, "username": name, "name": name, "team_id": TEAM}
        team = {"id": TEAM, "domain": "dateline-test"}
        return {"user": who, "team": team, "enterprise": None, "is_enterprise_install": False}

    def _where(self, channel: str) -> Json:
        """Slack names public channels only."""
        known = self.workspace.channels[channel]
        return {"channel_name": {"public": known.name, "im": "directmessage"}.get(known.kind, "privategroup")}

    def _channel_of(self, channel: str) -> Json:
        return {"id": channel, "name": self._where(channel)["channel_name"]}

    def _now(self) -> str:
        return f"{self.workspace.clock.now():.6f}"

    def _trigger(self, view: View) -> str:
        return self.workspace.trigger(view.user, view)

    # Where people press and what they choose

    def _reader(self, place: Message | View) -> str:
        return place.user if isinstance(place, View) else place.reader or "U1"

    def _control(self, place: Message | View, name: str, block_id: str = "") -> tuple[Json, Json]:
        """The control of that action id, or the only one of a block of that id, with its block."""
        there = place.open if isinstance(place, View) else not place.deleted
        assert there, "it is no longer there"
        controls = [(block, one) for block in place.blocks for one in controls_of(block)]
        named = [(block, one) for block, one in controls if name in (one["action_id"], block["block_id"])]
        found = [(block, one) for block, one in named if block_id in ("", block["block_id"])]
        known = [one["action_id"] for _, one in controls]
        assert len(found) == 1, f"{len(found)} controls are called {name!r}; there are {known}"
        return found[0]

    def _state(self, place: Message | View, element: Json, value: Any) -> Json:
        """What a control holds after a choice."""
        name, empty = value_field(element["type"])
        if value is None:
            value = empty
        elif name == "files":
            value = [self.workspace.file_json(file) for file in value]
        elif name == "selected_option":
            value = self._option(place, element, value)
        elif name == "selected_options":
            value = [self._option(place, element, one) for one in value]
        return {"type": element["type"], name: value}

    def _option(self, place: Message | View, element: Json, value: str) -> Json:
        """The option with that value or label; of an external menu, of what it offered last."""
        offered = self._offered.get((_place_id(place), element.get("action_id", "")), [])
        groups = element.get("option_groups", [{"options": element.get("options", offered)}])
        options = [option for group in groups for option in group["options"]]
        found = [option for option in options if value in (option["value"], option["text"]["text"])]
        assert found, f"there is no option {value!r} in {[option['text']['text'] for option in options]}"
        return dict(found[0])


def _place_id(place: Message | View) -> str:
    return place.id if isinstance(place, View) else place.ts


def _missing(view: View) -> dict[str, str]:
    """What Slack itself says to a form that is not filled in."""
    errors: dict[str, str] = {}
    for block, element in fields(view.blocks):
        if block["type"] != "input":
            continue
        value = view.values[block["block_id"]][element["action_id"]][value_field(element["type"])[0]]
        if not value and not block.get("optional"):
            errors[block["block_id"]] = "Please complete this required field."
        elif isinstance(value, str) and not element.get("min_length", 0) <= len(value) <= element.get("max_length", 3_000):
            errors[block["block_id"]] = "Please enter a text of the right length."
        elif isinstance(value, list) and len(value) > element.get("max_selected_items", len(value)):
            errors[block["block_id"]] = "Please choose fewer items."
    return errors


def _kind_of(request: web.Request) -> str:
    for start, kind in (("/response/", "response_url"), ("/upload/v1/", "upload"), ("/files-pri/", "download")):
        if request.path.startswith(start):
            return kind
    return request.path.removeprefix("/api/") if request.path.startswith("/api/") else "nothing"


def _arguments(request: web.Request, body: bytes) -> Json:
    """The arguments of a call: in the address, in a form, or as JSON."""
    args: Json = dict(request.query)
    if request.content_type == "application/json" and body:
        try:
            said = json.loads(body)
        except ValueError:
            said = {}
        args |= said if isinstance(said, dict) else {}
    elif request.content_type == "application/x-www-form-urlencoded":
        args |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    return args
