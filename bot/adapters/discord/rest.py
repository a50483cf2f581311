"""Discord's REST API by the library's client: its buckets are kept, and one call is one attempt.

The library repeats by itself: a 500, 502 or 504 five times within 25 s, a 429 after whatever it is told to wait, a 503 and a
broken connection never (discord.py 2.7, ``http.py``).  Whether to repeat is decided by who calls, so an answer that is no yes
ends the call where the library would look at it: in the trace of its request, which is an option of its client.

After a good answer that leaves nothing in its bucket the library sleeps until that is full again, and only then returns.  The
call ends with the answer; who comes next waits for the bucket, before anything leaves.
"""

from __future__ import annotations

import asyncio
import json as jsons
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import discord
from discord.http import HTTPClient, Route

from bot import log
from bot.adapters.discord.refusals import UNASKED_WAIT_S, Answer, meaning, told
from bot.adapters.discord.settings import Settings, point_library
from bot.errors import AuthDead, OutcomeUnknown, RateLimited, Unreachable
from bot.model import Payload
from bot.wording import say

TIMEOUT_S: Final = 10.0
LONGEST_PAUSE_S: Final = 30.0
"""The longest that the library may wait for a bucket to fill; it takes no less."""
MOST_INVALID: Final = 1_000
"""Answers 401, 403 and 429 within ten minutes, a tenth of what bans an address; then nothing is sent for as long."""
INVALID_S: Final = 600.0
_LONGEST_BODY = 64 << 10


@dataclass(slots=True)
class _Attempt:
    """A request: whether it left, and the body of the yes that came, which ends it."""

    limit: asyncio.Timeout
    begun: bool = False
    body: bytes | None = None


_attempt: ContextVar[_Attempt | None] = ContextVar("attempt", default=None)


class Rest:
    """Calls Discord, as one application.  It may be opened by several, and is closed by the last.

    Args:
        most_invalid, invalid_s: see `MOST_INVALID`, `INVALID_S`.
        timeout_s: for one call.
        keeps: connections are kept and used again, which is quicker.  One that is kept may be half dead, and then nobody
            knows whether what was sent arrived: for calls that may be made twice.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        keeps: bool = False,
        most_invalid: int = MOST_INVALID,
        invalid_s: float = INVALID_S,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._settings, self._timeout_s, self._keeps = settings, timeout_s, keeps
        self._most_invalid, self._invalid_s = most_invalid, invalid_s
        self._invalid: deque[float] = deque(maxlen=most_invalid)
        self._held_until, self._held_key = 0.0, ""
        self._http: HTTPClient | None = None
        self._open = 0
        self._one_login = asyncio.Lock()
        self.me: Payload = {}
        self.limited = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Call while the context is open."""
        point_library(self._settings)
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
            if not self._open:
                http, self._http = self._http, None
                if http is not None:
                    await http.close()

    async def call(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: dict[str, str] | None = None,
        form: Sequence[dict[str, Any]] | None = None,
        **ids: str,
    ) -> Any:
        """Make one call, and return what it gives: JSON, or None.

        Args:
            path: of `discord.http.Route`, ``/channels/{channel_id}/messages``; ``ids`` fill it.
            form: the parts of a request with files.

        Raises:
            Answer: Discord answered, and it was no yes.
            Unreachable, RateLimited: nothing left.
            OutcomeUnknown: it left, and no answer came, or none that can be read.
        """
        loop = asyncio.get_running_loop()
        if (held_s := self._held_until - loop.time()) > 0:
            raise RateLimited(told(say(self._held_key, seconds=f"{held_s:.3g}")), retry_after=held_s)
        http = await self._logged_in()
        extra: dict[str, Any] = {
            key: value for key, value in (("json", json), ("params", params), ("form", form)) if value is not None
        }
        attempt = _Attempt(asyncio.timeout(self._timeout_s))
        mark = _attempt.set(attempt)
        try:
            async with attempt.limit:
                answer = await http.request(Route(method, path, **ids), **extra)
        except Answer as answered:
            self._count(answered, loop.time())
            raise
        except discord.RateLimited as limited:
            self.limited += 1
            raise _wait(limited.retry_after) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise _unreachable() from None
        except (aiohttp.ClientError, OSError, discord.HTTPException):  # a TimeoutError is an OSError
            if attempt.body is not None:
                return _read(attempt.body)
            if not attempt.begun:
                raise RateLimited(
                    told(say("refused_wait", seconds=f"{UNASKED_WAIT_S:g}")), retry_after=UNASKED_WAIT_S
                ) from None
            raise OutcomeUnknown(told(say("refused_no_answer"))) from None
        finally:
            _attempt.reset(mark)
        if isinstance(answer, str) and answer:  # a page for people in the place of JSON
            raise OutcomeUnknown(told(say("refused_no_answer")))
        return answer or None

    async def fetch(self, address: str, most: int) -> bytes | None:
        """A file that came with an interaction, without our token; None where it cannot be read or is larger than ``most``."""
        if not address.startswith("https://") and not self._settings.api_url.startswith("http://"):
            return None
        timeout = aiohttp.ClientTimeout(total=self._timeout_s)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
                session.get(address, allow_redirects=False) as response,
            ):
                content = bytearray()
                while len(content) <= most and (chunk := await response.content.read(most + 1 - len(content))):
                    content += chunk
                return bytes(content) if response.status == 200 and len(content) <= most else None
        except (aiohttp.ClientError, OSError, ValueError):
            return None

    async def who(self) -> Payload:
        """The bot user.  Raises as `call`, and AuthDead for a token that is refused."""
        await self._logged_in()
        return self.me

    async def _logged_in(self) -> HTTPClient:
        """The client, once Discord took the token."""
        async with self._one_login:
            if self._http is not None:
                return self._http
            if not self._open:
                raise RuntimeError("nothing is posted outside serve()")
            trace = aiohttp.TraceConfig()
            trace.on_request_start.append(_begin)
            trace.on_request_end.append(_end)
            trace.on_response_chunk_received.append(_keep)
            http = HTTPClient(
                asyncio.get_running_loop(),
                aiohttp.TCPConnector(force_close=not self._keeps, limit=0),
                http_trace=trace,
                max_ratelimit_timeout=LONGEST_PAUSE_S,
            )
            try:
                async with asyncio.timeout(self._timeout_s):
                    self.me = dict(await http.static_login(self._settings.token.get_secret_value()))
            except BaseException as fault:
                await http.close()
                if isinstance(fault, Answer):
                    self._count(fault, asyncio.get_running_loop().time())
                    wrong = meaning(fault, "")
                    raise wrong if isinstance(wrong, AuthDead | RateLimited) else _unreachable() from None
                if isinstance(fault, aiohttp.ClientError | OSError | discord.HTTPException | ValueError):
                    raise _unreachable() from None
                raise
            self._http = http
            return http

    def _count(self, answer: Answer, at: float) -> None:
        """Note an invalid request; after too many of them, or where it holds for all, nothing more is sent for a while."""
        self.limited += answer.status == 429
        if answer.holds_all:
            self._hold("banned" if answer.is_ban else "refused_wait", at, answer.wait_s)
        if not answer.counts_as_invalid:
            return
        self._invalid.append(at)
        if len(self._invalid) == self._most_invalid and at - self._invalid[0] < self._invalid_s:
            self._invalid.clear()
            self._hold("requests_held", at, self._invalid_s)

    def _hold(self, key: str, at: float, seconds: float) -> None:
        """Send nothing for so long, and say why: that Discord wants a pause is nothing to look after."""
        if at + seconds <= self._held_until:
            return
        self._held_until, self._held_key = at + seconds, key
        if key != "refused_wait":
            log.error("requests_held", platform="discord", words=told(say(key)), pause_s=round(seconds))


def _wait(seconds: float) -> RateLimited:
    return RateLimited(told(say("refused_wait", seconds=f"{seconds:.3g}")), retry_after=seconds)


def _unreachable() -> Unreachable:
    return Unreachable(told(say("refused_unreachable")), retry_after=UNASKED_WAIT_S)


async def _begin(_: aiohttp.ClientSession, __: Any, ___: aiohttp.TraceRequestStartParams) -> None:
    if attempt := _attempt.get():
        attempt.begun = True


async def _end(_: aiohttp.ClientSession, __: Any, end: aiohttp.TraceRequestEndParams) -> None:
    """End the call with an answer that is no yes, before the library repeats it.  Raises Answer."""
    response = end.response
    if response.status < 400:
        return
    body = bytearray()
    with suppress(aiohttp.ClientError, TimeoutError):
        while len(body) < _LONGEST_BODY and (chunk := await response.content.read(_LONGEST_BODY - len(body))):
            body += chunk
    response.close()
    raise Answer(response.status, response.headers.copy(), bytes(body))


async def _keep(_: aiohttp.ClientSession, __: Any, body: aiohttp.TraceResponseChunkReceivedParams) -> None:
    """Note the answer once it is whole, and end the call: what the library waits for now is the next one's matter."""
    if (attempt := _attempt.get()) and not attempt.limit.expired():
        attempt.body = body.chunk
        attempt.limit.reschedule(asyncio.get_running_loop().time())


def _read(body: bytes) -> Any:
    """What an answer holds: JSON, or None.  Raises OutcomeUnknown."""
    try:
        return jsons.loads(body) if body else None
    except (ValueError, RecursionError):
        raise OutcomeUnknown(told(say("refused_no_answer"))) from None
