"""The gateway of the stand-in for Discord: HELLO, IDENTIFY, READY, events in sequence, heartbeats, RESUME, and its closes.

Written from Discord's own documents (Gateway, Gateway Events, Opcodes and Status Codes).
"""

from __future__ import annotations

import asyncio
import json
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

Json = dict[str, Any]
Event = tuple[str, Json]

GUILDS, GUILD_MEMBERS, GUILD_PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT
KNOWN = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25

DISPATCH, HEARTBEAT, RECONNECT, INVALID, HELLO, ACK = 0, 1, 7, 9, 10, 11
LONGEST, MOST_A_MINUTE, MOST_GUILDS = 4_096, 120, 2_500  # the last of a shard


class Line:
    """One connection: what is said goes out in order, compressed as one stream where the client asked for it."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self._socket, self._request = socket, request
        self._out: asyncio.Queue[Json | int] = asyncio.Queue()
        self._deflate = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._open = True
        self.silent = False

    def say(self, op: int, data: Any = None, sequence: int | None = None, event: str | None = None) -> None:
        if self._open:
            self._out.put_nowait({"op": op, "d": data, "s": sequence, "t": event})

    def close(self, code: int) -> bool:
        """Say no more after what was said; whether it was still open."""
        was_open, self._open = self._open, False
        if was_open:
            self._out.put_nowait(code)
        return was_open

    def cut(self) -> None:
        """Break off without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def talk(self) -> None:
        """Send what is to be said, until it is a close."""
        while True:
            said = await self._out.get()
            if self.silent:
                continue
            try:
                if isinstance(said, int):
                    await self._socket.close(code=said)
                    return
                text = json.dumps(said)
                if self._deflate is None:
                    await self._socket.send_str(text)
                else:
                    await self._socket.send_bytes(
                        self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    )
            except ConnectionError:
                return


@dataclass(eq=False)
class Session:
    """What an IDENTIFY began: it outlives its connection, and RESUME tells what was missed."""

    id: str
    intents: int
    shard: tuple[int, int]
    events: list[Event] = field(default_factory=list)
    line: Line | None = None

    def tell(self, event: str, data: Json) -> None:
        self.events.append((event, data))
        if self.line is not None:
            self.line.say(DISPATCH, data, len(self.events), event)

    def sees(self, guild_id: str | None) -> bool:
        number, of = self.shard
        return (int(guild_id) >> 22) % of == number if guild_id else number == 0


class Gateway:
    """Sessions and their connections.

    Args:
        admits: whether a token is right.
        ready: what READY says, but for the session; and the events that follow it.
        privileged: intents that were switched on for the app.
        interval_s: between two heartbeats.
        guilds: in how many the app is.
        changed: called whenever something became different.
    """

    def __init__(
        self,
        admits: Callable[[str], bool],
        ready: Callable[[Session], tuple[Json, Iterable[Event]]],
        guilds: Callable[[], int],
        changed: Callable[[], None],
        *,
        privileged: int = 0,
        interval_s: float = 41.25,
    ) -> None:
        self._admits, self._ready, self._guilds, self._changed = admits, ready, guilds, changed
        self.privileged, self._interval_s = privileged, interval_s
        self.sessions: list[Session] = []
        self.closed: list[int] = []  # the codes with which connections were closed from here
        self.identified = self.resumed = self.heartbeats = 0
        self._lines: list[Line] = []

    @property
    def connected(self) -> list[Session]:
        return [session for session in self.sessions if session.line is not None]

    def tell(self, event: str, data: Json, *, intents: int = 0, guild_id: str | None = None) -> None:
        """Dispatch an event to each session that asked for one of these intents; 0 is told to all."""
        for session in self.sessions:
            if (not intents or session.intents & intents) and session.sees(guild_id):
                session.tell(event, data)

    def close(self, code: int) -> None:
        """Close each connection with a code."""
        for line in [*self._lines]:
            self._shut(line, code)

    def cut(self) -> None:
        """Each connection breaks off without a word; its session can be resumed."""
        for line in self._lines:
            line.cut()

    def fall_silent(self) -> None:
        """Connections stay open, and nothing more comes over them."""
        for line in self._lines:
            line.silent = True

    def ask_to_reconnect(self) -> None:
        for session in self.connected:
            assert session.line is not None
            session.line.say(RECONNECT)

    def ask_for_heartbeat(self) -> None:
        for session in self.connected:
            assert session.line is not None
            session.line.say(HEARTBEAT)

    def invalidate(self, *, resumable: bool) -> None:
        """Sessions end (op 9); a resumable one may be resumed all the same."""
        for session in self.connected:
            assert session.line is not None
            session.line.say(INVALID, resumable)
            if not resumable:
                self.sessions.remove(session)

    def forget(self) -> None:
        """No session can be resumed any more; those that are connected stay."""
        self.sessions = self.connected

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from HELLO to its end."""
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        line = Line(socket, request)
        self._lines.append(line)
        talking = asyncio.create_task(line.talk())
        try:
            await self._listen(socket, line, request.query.get("v", ""))
        finally:
            self._lines.remove(line)
            for session in self.sessions:
                if session.line is line:
                    session.line = None
            talking.cancel()
            self._changed()
        return socket

    async def _listen(self, socket: web.WebSocketResponse, line: Line, version: str) -> None:
        loop, sent = asyncio.get_running_loop(), deque[float](maxlen=MOST_A_MINUTE)
        session: Session | None = None
        line.say(HELLO, {"heartbeat_interval": int(self._interval_s * 1000), "_trace": []})
        if version not in ("9", "10"):
            self._shut(line, 4012)
        while True:
            try:
                message = await socket.receive(timeout=2 * self._interval_s)
                if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                    return
                if len(sent) == MOST_A_MINUTE and loop.time() - sent[0] < 60:
                    raise Closed(4008)
                sent.append(loop.time())
                session = self._hear(line, session, message.data) or session
            except TimeoutError:
                self._shut(line, 4009)
            except Closed as closed:
                self._shut(line, closed.code)

    def _hear(self, line: Line, session: Session | None, raw: str | bytes) -> Session | None:
        """Take what a client says; returns the session that it began or resumed.  Raises Closed."""
        said = _read(raw)
        match said["op"]:
            case 1:
                self.heartbeats += 1
                line.say(ACK)
                self._changed()
                return None
            case 2 | 6 if session is not None:
                raise Closed(4005)
            case 2:
                return self._identify(line, said["d"])
            case 6:
                return self._resume(line, said["d"])
            case 3 | 4 | 8:
                if session is None:
                    raise Closed(4003)
                return None
            case _:
                raise Closed(4001)

    def _identify(self, line: Line, said: Json) -> Session:
        intents, shard = said.get("intents"), tuple(said.get("shard") or (0, 1))
        if not self._admits(str(said.get("token"))):
            raise Closed(4004)
        if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
            raise Closed(4010)
        if not isinstance(intents, int) or intents & ~KNOWN:
            raise Closed(4013)
        if intents & PRIVILEGED & ~self.privileged:
            raise Closed(4014)
        if shard[1] == 1 and self._guilds() > MOST_GUILDS:
            raise Closed(4011)
        self.identified += 1
        session = Session(f"session-{self.identified}", intents, (shard[0], shard[1]), line=line)
        ready, events = self._ready(session)
        self.sessions.append(session)
        session.tell("READY", ready | {"session_id": session.id, "shard": list(shard)})
        for event, data in events:
            session.tell(event, data)
        self._changed()
        return session

    def _resume(self, line: Line, said: Json) -> Session | None:
        if not self._admits(str(said.get("token"))):
            raise Closed(4004)
        session = next((each for each in self.sessions if each.id == said.get("session_id")), None)
        if session is None:
            line.say(INVALID, False)
            return None
        seen = said.get("seq")
        if not isinstance(seen, int) or not 0 <= seen <= len(session.events):
            raise Closed(4007)
        if session.line is not None:
            session.line.close(4000)  # the connection that this one takes the place of
        self.resumed += 1
        session.line = line
        for number, (event, data) in enumerate(session.events[seen:], seen + 1):
            line.say(DISPATCH, data, number, event)
        session.tell("RESUMED", {"_trace": []})
        self._changed()
        return session

    def _shut(self, line: Line, code: int) -> None:
        """Close a connection; after most codes its session can be resumed."""
        if code in (1000, 4003, 4004, 4007, 4009) or 4010 <= code <= 4014:
            self.sessions = [session for session in self.sessions if session.line is not line]
        if line.close(code):
            self.closed.append(code)
        self._changed()


class Closed(Exception):  # noqa: N818  (no error: what a client did, by its code)
    """What a client said ends its connection."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def _read(raw: str | bytes) -> Json:
    if len(raw) > LONGEST:
        raise Closed(4002)
    try:
        said = json.loads(raw)
    except ValueError:
        raise Closed(4002) from None
    if not isinstance(said, dict) or not isinstance(said.get("op"), int):
        raise Closed(4002)
    return {"d": None} | said
