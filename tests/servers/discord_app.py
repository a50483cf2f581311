"""A stand-in for Discord, for the real discord.py over the loopback: REST, the gateway, and people who use the app.

```python
async with Discord() as discord:
    guild = discord.add_guild("Newsroom", "news", "market")     # the app is a member
    ann = discord.add_user("Ann", guild)                        # permissions=Permission.MANAGE_GUILD for more
    with discord.pointed_at():                                  # discord.py calls here; put back afterwards
        ...                                                     # start the app
        await discord.connected()
        act = await discord.command(ann, guild["news"], "digest about", {"words": "ferry"})
        assert act.states == ["thinking", "message"] and act.ephemeral
        assert discord.text(act.answer) == "..."                # its words, without the marks
        await discord.press(act.answer, "Share")                # by id or label; Impossible where the client shows none
        assert discord.shown(guild["news"]) == ["..."]          # what everybody reads there; shown(channel, ann) what Ann does
        assert discord.rang() == []
```

People also `complete`, `pick`, `submit` forms, open a `context_menu`, `say` and `delete`.  Each act that waits has a form that
does not: `start_command`, `start_press` and so on, with `await discord.settled(act)`.  What came of it is told by `Act`.

Time is the real one unless a ``clock`` is given; `passes(3)` lets so much of it go by at once.  Nobody sleeps: `until`,
`message_in`, `connected`, `received` wait.

What goes wrong: `next(cut(stored=True), to="POST /channels/*/messages")` (see `tests.servers.faults`), `limited(1.5)`,
`becomes(channel, 403, 50013)`, `forbid`, `revoke_token`, `delete_channel`, `archive_thread`, `outage` and `back`,
`remove_bot`, `again(act)`, `stop` and `start`; of the gateway `gateway.cut()`, `.close(4000)`, `.ask_to_reconnect()`,
`.invalidate(resumable=...)`, `.forget()`, `.fall_silent()`.

What is kept: ``calls`` with token, payload and status, ``invalid``, ``messages`` with ``pings``, ``previews`` and ``quiet``,
`answers(ann)`, `forms(ann)`, ``acts``, ``commands``, ``syncs``, ``gateway.identified`` and ``.resumed``.

The parts are in the modules beside this one.  None of them is called ``discord``: that name is the library's.
"""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from http import HTTPStatus
from math import ceil
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from tests.servers.discord_guilds import Channel, Message, User
from tests.servers.discord_people import People
from tests.servers.discord_place import WORDS, Refused, utc_now
from tests.servers.discord_rest import route
from tests.servers.discord_words import shown
from tests.servers.discord_writing import Ask
from tests.servers.faults import NONE, Fault, Platform, says

ROOT = "/api/v10"
FILES = "/attachments/"
CONNECT = "CONNECT"  # the name of a connection to the gateway, where faults are asked for


@dataclass
class Call:
    """A request as it arrived, and what it came to."""

    method: str
    path: str
    authorization: str
    payload: Any = None
    status: int = 0
    shared: bool = False  # it was limited by what another app did
    cut: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def bucket(self) -> str:
        """Requests that are limited together: the same to the same channel, guild or webhook."""
        kept = re.match(r"/(?:channels|guilds)/\d+|/webhooks/\d+/[^/]+|", self.path)
        rest = self.path[kept.end() :] if kept else self.path
        return f"{self.method} {kept[0] if kept else ''}{re.sub(r'/[^/]*[0-9@][^/]*', '/*', rest)}"


class Discord(People, Platform):
    """The whole of it, at one address.

    Args:
        clock: Discord's own.  One that stands still keeps deadlines from what the machine is doing; `passes` moves it.
        burst: how many requests of one kind are taken in how many seconds.
        place: see `Place`.

    Attributes:
        calls: its REST requests, in order.
    """

    largest = 25 * 1024 * 1024

    def __init__(
        self, clock: Callable[[], datetime] = utc_now, *, burst: tuple[int, float] = (1_000, 1.0), **place: Any
    ) -> None:
        super().__init__(clock, **place)
        self.calls: list[Call] = []
        self._to: list[tuple[str, Fault]] = []
        self._burst = burst
        self._used: dict[str, list[datetime]] = {}

    @property
    def invalid(self) -> int:
        """How many answers were 401, 403 or 429: 10,000 of them in ten minutes ban an address."""
        return sum(call.status in (401, 403, 429) and not call.shared for call in self.calls)

    async def start(self) -> None:
        """Be there again, at the same address."""
        await self.__aenter__()

    async def stop(self) -> None:
        """Be down: connections break off and are refused from now on."""
        self._cancel_alarms()
        self.gateway.cut()
        await super().stop()

    @property
    def api(self) -> str:
        """What ``DISCORD_API_URL`` is set to."""
        return self.origin + ROOT

    @property
    def gateway_address(self) -> str:
        """What ``DISCORD_GATEWAY_URL`` is set to."""
        return self.origin.replace("http", "ws", 1) + "/"

    @property
    def files_address(self) -> str:
        return self.origin + FILES.rstrip("/")

    @contextmanager
    def pointed_at(self) -> Iterator[None]:
        """discord.py calls this server meanwhile, and afterwards whatever it called before."""
        import yarl
        from discord.gateway import DiscordWebSocket
        from discord.http import Route

        before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self.api, yarl.URL(self.gateway_address)
        try:
            yield
        finally:
            Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before

    def next(self, *faults: Fault, to: str = "*") -> None:
        """What the next requests come to, one each: those to ``POST /channels/*/messages``, say; `CONNECT` is the gateway."""
        self._to += [(to, fault) for fault in faults]

    @property
    def unmet(self) -> int:
        """How many faults no request has come to yet."""
        return len(self._to)

    # What people see

    def text(self, message: Message | None) -> str:
        """The words of a message as a person reads them; "is thinking..." has none."""
        return "" if message is None or message.thinking else shown(message.payload, self.names())

    def shown(self, channel: Channel, viewer: User | None = None) -> list[str]:
        """The words of each message that everybody sees in a channel or thread, and of those that only the viewer does."""
        return [self.text(message) for message in self.standing(channel, viewer)]

    def rang(self) -> list[str]:
        """Everyone and everything that any message rang, ever."""
        return [ping for message in self.messages if message.author is self.me for ping in message.pings]

    # How requests are met

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._connect(request)
        call = Call(request.method, request.path.removeprefix(ROOT), request.headers.get("Authorization", ""))
        self.calls.append(call)
        self.changed()
        request[_CALL] = call
        try:
            response = await super()._answer(request)
        except web.HTTPRequestEntityTooLarge:
            response = _answered(413, {"message": "Request entity too large", "code": 40005})
        assert isinstance(response, web.Response)
        if response.content_type == "application/json":
            response.charset = None  # discord.py reads no JSON of "application/json; charset=utf-8"
        call.status = 0 if call.cut else response.status
        call.shared = response.headers.get("X-RateLimit-Scope") == "shared"
        response.headers.extend(self._bucket(call))
        self.changed()
        return response

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        fault = self.fault(request, b"")
        if fault.gate is not None:
            self.hold(fault.gate)
            await fault.gate.wait()
        if fault.cut:
            assert request.transport is not None
            request.transport.abort()
        if fault.status or fault.cut:
            return web.Response(status=fault.status or 500)
        return await self.gateway.serve(request)

    def fault(self, request: web.Request, body: bytes) -> Fault:
        call = request.get(_CALL)
        for index, (to, fault) in enumerate(self._to):
            if fnmatchcase(str(call), to) if call else to == CONNECT:
                del self._to[index]
                if call:
                    call.cut = fault.cut
                return fault
        return NONE

    def take(self, request: web.Request, body: bytes) -> web.Response:
        call = request[_CALL]
        if call.path.startswith(FILES):
            return self._file(call.path.removeprefix(FILES).split("/")[0])
        try:
            ask = _ask(request, body)
            call.payload = ask.payload
            act, ids, needs_token = route(request.method, call.path)
            if needs_token and call.authorization != f"Bot {self.token}":
                raise Refused(0, 401)
            if wait := self._wait(call):
                fault = limited(wait)
                return _answered(429, json.loads(str(fault.body)), fault.headers)
            return _answered(*act(self, ask, **ids))
        except Refused as refused:
            said = WORDS.get(refused.code) or f"{refused.status}: {HTTPStatus(refused.status).phrase}"
            told = {"message": said, "code": refused.code} | ({"errors": refused.errors} if refused.errors else {})
            return _answered(refused.status, told)

    def _file(self, number: str) -> web.Response:
        file = self.files.get(number)
        return web.Response(status=404) if file is None else web.Response(body=file.content, content_type=file.content_type)

    def _wait(self, call: Call) -> float:
        """How long a bucket that is empty takes to fill; 0 when it is not."""
        most, per_s = self._burst
        used = self._used.setdefault(call.bucket, [])
        now = self.now()
        used[:] = [at for at in used if (now - at).total_seconds() < per_s]
        if len(used) >= most:
            return per_s - (now - used[0]).total_seconds()
        used.append(now)
        return 0

    def _bucket(self, call: Call) -> dict[str, str]:
        most, per_s = self._burst
        used = self._used.get(call.bucket, [])
        after = per_s - (self.now() - used[0]).total_seconds() if used else per_s
        return {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(most - len(used), 0)),
            "X-RateLimit-Reset": f"{self.now().timestamp() + after:.3f}",
            "X-RateLimit-Reset-After": f"{max(after, 0):.3f}",
            "X-RateLimit-Bucket": sha256(call.bucket.encode()).hexdigest()[:32],
        }


_CALL = web.RequestKey("call", Call)


def limited(seconds: float, *, everywhere: bool = False, via: bool = True, scope: str = "user") -> Fault:
    """Too much at once.

    Args:
        everywhere: the limit of all requests together, not of this one.
        via: whether it comes from Discord; without it, from the network in front, which bans an address.
        scope: ``user``, ``global`` or ``shared`` (another app used it up; it does not count as invalid).
    """
    told = json.dumps({"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere})
    headers = [("Retry-After", str(ceil(seconds))), ("X-RateLimit-Scope", "global" if everywhere else scope)]
    headers += [("X-RateLimit-Global", "true")] * everywhere + [("Via", "1.1 google")] * via
    return replace(says(429, told, "application/json"), headers=tuple(headers))


def _answered(status: int, told: Any, headers: Iterable[tuple[str, str]] = ()) -> web.Response:
    if told is None:
        return web.Response(status=status)
    body = json.dumps(told).encode()
    return web.Response(status=status, body=body, content_type="application/json", headers=CIMultiDict(headers))


def _ask(request: web.Request, body: bytes) -> Ask:
    """The JSON of a request and what it uploads.  Raises Refused: it is no JSON."""
    ask = Ask(query=dict(request.query))
    if request.content_type == "multipart/form-data":
        head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
        for part in email.message_from_bytes(head + body, policy=email.policy.HTTP).iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            if name == "payload_json":
                ask.payload = _json(content)
            else:
                ask.files[name.strip("files[]")] = (part.get_filename() or name, content, part.get_content_type())
    elif body:
        ask.payload = _json(body) if request.content_type == "application/json" else None
    return ask


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise Refused(50109) from None
