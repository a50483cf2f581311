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
``home(user)``, ``called(method, n)``, ``sent(n)``, ``settled()``, ``until(predicate)``.  Each gives up after half a minute with
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

import json
from collections import defaultdict, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from urllib.parse import parse_qsl

from aiohttp import web

from tests.servers import slack_api
from tests.servers.faults import NONE, Fault, Platform, says
from tests.servers.slack_acts import Act, Acts
from tests.servers.slack_api import Ask
from tests.servers.slack_blocks import Json
from tests.servers.slack_events import EVENTS, Events
from tests.servers.slack_shown import draw_message, draw_view
from tests.servers.slack_socket import Delivery, Sockets
from tests.servers.slack_workspace import (
    BOT,
    SCOPES,
    TEAM,
    Channel,
    Clock,
    Group,
    HandClock,
    Kind,
    Message,
    Person,
    View,
    Workspace,
)

__all__ = ["BOT", "SCOPES", "Act", "Call", "HandClock", "Message", "Slack", "View", "limited", "says_no"]

T = TypeVar("T")


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


class Slack(Acts, Events, Platform):
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
        Platform.__init__(self)
        workspace = Workspace(scopes, clock or Clock(), history_most)
        sockets = Sockets(workspace)
        Acts.__init__(self, workspace, sockets)
        Events.__init__(self, workspace, sockets, events)
        self.calls: list[Call] = []
        self._faults_of: defaultdict[str, deque[Fault]] = defaultdict(deque)
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

    @property
    def unmet(self) -> int:
        """How many faults no request has come to yet."""
        return sum(map(len, self._faults_of.values()))

    def fault(self, request: web.Request, body: bytes) -> Fault:
        of = _kind_of(request)
        self.calls.append(Call(of, _arguments(request, body), self.workspace.clock.now()))
        self.workspace.changed()
        faults = self._faults_of[of] or self._faults_of[""]
        return faults.popleft() if faults else NONE

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/link/":
            return await self.sockets.serve(request)
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
