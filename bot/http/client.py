"""The fetcher: one document from a foreign address, within limits, or an error that says why not."""

from __future__ import annotations

import asyncio
import http
import ssl
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from types import TracebackType
from typing import Literal, Self

from aiohttp import (
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientResponseError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
)
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.address import Address, Peer, read_address, registrable_domain
from bot.errors import SourceError
from bot.http.body import UnreadableError, read_body
from bot.http.guard import Guard, GuardedConnector, RefusalError, SystemResolver
from bot.http.manners import HOUR_S, Turns, retry_after_s, wait_s
from bot.http.redirects import REDIRECTS, Redirect, Way
from bot.model import Fetched, Validators
from bot.ports import UNCONDITIONAL

DEADLINE_S = 15.0
MAX_BYTES = {"feed": 5 << 20, "page": 2 << 20}
ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "application/json;q=0.8, text/html;q=0.5, */*;q=0.1",
    "page": "text/html, application/xhtml+xml, text/plain;q=0.8, */*;q=0.1",
}

_BUSY = (403, 429, 503)  # 403 is a rate limit at some large hosts
_IN_WORDS = {401: "it wants a login", 403: "refused", 410: "gone for good", 429: "too many requests"}


def user_agent(version: str, contact: str = "") -> str:
    """Return the name under which we knock, ``Dateline/1.0 (+https://example.com/bot)``.

    Args:
        contact: a page or mail address of the operator, so that a server's owner can complain.
    """
    return f"Dateline/{version} (+{contact})" if contact else f"Dateline/{version}"


class Client:
    """The one outgoing client, a `bot.ports.Fetcher`; an async context manager.

    Args:
        user_agent: see `user_agent`.
        allow: who may be read although they are not public.
        resolver: asked for names instead of the system; its answers are guarded all the same.
        deadline_s: for the whole document, with DNS and redirects; waiting for our turn does not count.
        clock: monotonic seconds, for the gap between requests.
        pause: waits that many seconds.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow: Collection[Peer] = (),
        resolver: AbstractResolver | None = None,
        deadline_s: float = DEADLINE_S,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._guard = Guard(allow)
        self._resolver = resolver
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip, deflate"}
        self._deadline_s = deadline_s
        self._turns = Turns(clock=clock, pause=pause)
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = GuardedConnector(self._guard, self._resolver or SystemResolver())
        self._session = ClientSession(
            connector=connector,
            middlewares=(connector.ask_once,),
            headers=self._headers,
            cookie_jar=DummyCookieJar(),
            timeout=ClientTimeout(total=None),
            auto_decompress=False,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        """Return the document at ``url``; see `bot.ports.Fetcher`.

        Raises:
            SourceError: ``retry_after`` is None when the address itself is refused or gone (410), else what the server
                asked for, 4 h when it is busy without saying for how long, 1 h for other failures.
        """
        way = Way(read_address(url))
        left_s = self._deadline_s
        while True:
            self._check(way)
            async with self._turns.turn(*self._lane(way.here)):
                began = time.monotonic()
                answer = await self._ask(way, kind, validators, left_s)
                left_s -= time.monotonic() - began
            if isinstance(answer, Fetched):
                return replace(answer, moved_to=way.moved_to) if way.moved_to else answer
            way = way.onward(answer)

    def _check(self, way: Way) -> None:
        try:
            self._guard.check_address(way.here)
        except RefusalError as refused:
            raise way.refusal(str(refused), final=True) from None

    def _lane(self, address: Address) -> tuple[str, str | None]:
        """Return the host that is asked once at a time, and the domain that wants a gap (None: it is the operator's own)."""
        if self._guard.is_allowed(address):
            return f"{address.host}:{address.port}", None
        return address.host, registrable_domain(address.host)

    async def _ask(self, way: Way, kind: str, validators: Validators, left_s: float) -> Fetched | Redirect:
        if self._session is None:
            raise RuntimeError("the client is not open; use it as an async context manager")
        host = way.here.host
        try:
            async with (
                asyncio.timeout(left_s),
                self._session.get(
                    URL(way.here.url, encoded=True),
                    headers={"Accept": ACCEPT[kind], **_conditions(validators)},
                    allow_redirects=False,
                ) as response,
            ):
                return await self._read(response, way.here, kind, validators)
        except UnreadableError as error:
            raise SourceError(f"{host} sent {error}.", retry_after=HOUR_S) from error
        except TimeoutError:
            raise SourceError(f"{host} took longer than {self._deadline_s:g} s.", retry_after=HOUR_S) from None
        except (ClientError, OSError) as error:
            refused = _refusal(error)
            if refused is None:
                unknown = isinstance(error, ClientConnectorDNSError)
                raise SourceError(_in_words(host, error), retry_after=HOUR_S, nowhere=unknown) from error
            raise way.refusal(str(refused), final=False) from None  # a name may have another answer tomorrow

    async def _read(self, response: ClientResponse, address: Address, kind: str, sent: Validators) -> Fetched | Redirect:
        status = response.status
        if status in REDIRECTS and "Location" in response.headers:
            return Redirect(status, response.headers["Location"])
        if status == 304 and sent != UNCONDITIONAL:
            return Fetched(address.url, 304, b"", validators=_renewed(sent, response), wait_s=wait_s(response.headers))
        if status not in (200, 203):
            raise self._failure(response, address)
        body = await read_body(response, MAX_BYTES[kind])
        if not body.complete and not body.content:
            raise SourceError(f"{address.host} broke the connection off.", retry_after=HOUR_S)
        return Fetched(
            address.url,
            200,
            body.content,
            content_type=_storable(response.headers.get("Content-Type", "")),
            validators=_renewed(UNCONDITIONAL, response) if body.complete else UNCONDITIONAL,
            truncated=not body.complete,
            wait_s=wait_s(response.headers),
            link_header=_storable(", ".join(response.headers.getall("Link", []))),
        )

    def _failure(self, response: ClientResponse, address: Address) -> SourceError:
        status = response.status
        asked_s = retry_after_s(response.headers) if status in (429, 503) else None
        if asked_s is not None and not self._guard.is_allowed(address):
            self._turns.close(registrable_domain(address.host), asked_s)
        retry_after = None if status == 410 else asked_s if asked_s is not None else 4 * HOUR_S if status in _BUSY else HOUR_S
        words = f"{address.host} answered {status} ({_meaning(status)})."
        asked, nowhere = asked_s is not None, status in (404, 410)
        return SourceError(words, retry_after=retry_after, status=status, asked=asked, nowhere=nowhere)


def _conditions(validators: Validators) -> dict[str, str]:
    conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in conditions.items() if value and _can_be_sent(value)}


def _renewed(old: Validators, response: ClientResponse) -> Validators:
    """Return the validators of an answer, keeping ``old`` ones that it does not name (a 304 may leave some out)."""
    etag, last_modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    return Validators(
        etag=etag if etag and _can_be_sent(etag) else old.etag,
        last_modified=last_modified if last_modified and _can_be_sent(last_modified) else old.last_modified,
    )


def _can_be_sent(value: str) -> bool:
    """Say whether aiohttp will send these bytes back as they came: it writes UTF-8 only, and drops what is not."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return all((character >= " " and character != "\x7f") or character == "\t" for character in value)


def _storable(value: str) -> str:
    """Return a header as text that any database takes; bytes that are no UTF-8 are read as Latin-1."""
    return value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("latin-1")


def _refusal(error: BaseException) -> RefusalError | None:
    """Return the guard's refusal behind an error of aiohttp's connector, if there is one."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, RefusalError):
        cause = cause.__cause__
    return cause


def _in_words(host: str, error: Exception) -> str:
    match error:
        case ClientConnectorDNSError():
            return f"I can't find {host}: its name leads nowhere (DNS)."
        case ssl.CertificateError():
            return f"{host} shows a certificate that can't be trusted."
        case ssl.SSLError():
            return f"{host} offers no encrypted connection that I can use."
        case ClientResponseError():
            return f"{host} answered with something that is not HTTP, or too much of it."
        case ClientConnectorError():
            return f"{host} can't be reached."
        case _:
            return f"{host} broke the connection off."


def _meaning(status: int) -> str:
    try:
        return _IN_WORDS.get(status) or http.HTTPStatus(status).phrase.lower()
    except ValueError:
        return "which means nothing to me"
