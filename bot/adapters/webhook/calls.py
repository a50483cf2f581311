"""One request, one answer, one attempt: whatever goes wrong is said as what is then known of the message."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    InvalidURL,
    TCPConnector,
)
from pydantic import SecretStr

from bot import __version__
from bot.errors import (
    AuthDead,
    DeliveryError,
    NotAllowed,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TargetGone,
    Unreachable,
)
from bot.http.manners import retry_after_s
from bot.model import Payload

TIMEOUT_S: Final = 10.0
LONGEST_WAIT_S: Final = 3_600.0
UNASKED_WAIT_S: Final = 60.0
"""How long to wait when a platform says "too much" or cannot be reached, and does not say for how long."""

_MAX_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What a platform answered; ``body`` is cut at 64 KiB and may have broken off."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_definite(self) -> bool:
        """Whether it says no: the platform has not taken the message.  Anything else but the expected yes leaves it open."""
        return 300 <= self.status < 500 and self.status != 408

    def json(self) -> dict[str, Any]:
        """The body as an object; empty when it is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def wait_s(self) -> float:
        """The seconds that the platform asks us to wait: the longer one of body and header, an hour at most."""
        told = self.json().get("retry_after")
        waits = [retry_after_s(self.headers)]
        if isinstance(told, int | float) and not isinstance(told, bool) and told >= 0:  # not for NaN
            waits.append(told)
        return min(max((wait for wait in waits if wait is not None), default=UNASKED_WAIT_S), LONGEST_WAIT_S)


class Calls:
    """Sends payloads to addresses that are secrets.

    Args:
        timeout_s: for one call as a whole; half of it for the connection to come about.
    """

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout = ClientTimeout(total=timeout_s, connect=timeout_s / 2)
        self._session: ClientSession | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Send while the context is open."""
        if self._session is not None:
            raise RuntimeError("these calls are open already")
        self._session = ClientSession(
            # A connection each: a kept one may be half dead, and then nobody knows whether our bytes arrived.
            connector=TCPConnector(force_close=True),
            cookie_jar=DummyCookieJar(),
            headers={"User-Agent": f"Dateline/{__version__}", "Accept-Encoding": "identity"},
            timeout=self._timeout,
            trust_env=False,
        )
        try:
            yield
        finally:
            session, self._session = self._session, None
            await session.close()

    async def send(
        self, method: Literal["POST", "PATCH"], address: SecretStr, payload: Payload, params: Mapping[str, str], name: str
    ) -> Answer:
        """Send once and return the answer, whatever it says.

        Args:
            name: of the webhook, for the error.

        Raises:
            Unreachable: no connection came about.
            OutcomeUnknown: the connection broke or took too long before there was an answer.
        """
        answer = await self._attempt(method, address, payload, params, name)
        if isinstance(answer, DeliveryError):
            raise answer  # here, where no error of the library, which names the address, can hang on it
        return answer

    async def _attempt(
        self, method: str, address: SecretStr, payload: Payload, params: Mapping[str, str], name: str
    ) -> Answer | DeliveryError:
        if self._session is None:
            raise RuntimeError("nothing is posted outside serve()")
        body = json.dumps(payload).encode()
        try:
            async with self._session.request(
                method,
                address.get_secret_value(),
                params=params,
                data=body,
                headers={"Content-Type": "application/json"},
                allow_redirects=False,
            ) as response:
                return Answer(response.status, response.headers.copy(), await _read(response))
        except (ClientConnectorError, ConnectionTimeoutError, InvalidURL):
            return Unreachable(f"The webhook {name} can't be reached just now.", retry_after=UNASKED_WAIT_S)
        except TimeoutError:
            return OutcomeUnknown(f"The webhook {name} did not answer in {self._timeout.total:g} s; the message may be there.")
        except (ClientError, OSError):
            return OutcomeUnknown(f"The webhook {name} broke the connection off; the message may be there.")


async def _read(response: ClientResponse) -> bytes:
    """The body, or as much of it as came: the status alone is an answer too."""
    body = bytearray()
    with suppress(ClientError, TimeoutError):
        while len(body) < _MAX_BYTES and (chunk := await response.content.read(_MAX_BYTES - len(body))):
            body += chunk
    return bytes(body)


def by_status(answer: Answer, name: str, said: str) -> DeliveryError:
    """What an answer means by its status alone.

    Args:
        said: what else is known of the answer, for the text; no secret, and nothing long.
    """
    status = answer.status
    told = f"answered {status}{f' ({said})' if said else ''}"
    if not answer.is_definite:
        return OutcomeUnknown(f"The webhook {name} {told}; the message may be there.")
    if status == 429:
        return RateLimited(f"The webhook {name} asks for a pause of {answer.wait_s():g} s.", retry_after=answer.wait_s())
    if status == 401:
        return AuthDead(f"The webhook {name} {told}: its address is wrong or was revoked. Make a new one and set it.")
    if status == 403:
        return NotAllowed(f"The webhook {name} {told}: posting there is restricted. An admin of the place can allow it.")
    if status in (404, 405, 410) or 300 <= status < 400:
        return TargetGone(f"The webhook {name} {told}: it was removed, or leads nowhere. Make a new one and set it.")
    return Rejected(f"The webhook {name} refused the message: it {told}.")
