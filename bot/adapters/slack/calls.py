"""One call of Slack's Web API, one answer, one attempt: whatever goes wrong is said as what is then known of it.

The library's own retries are off: they would send a message again after the connection broke, whether it arrived or not.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

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
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot import __version__
from bot.adapters.slack.refusals import refusal
from bot.adapters.slack.settings import Settings, is_safe
from bot.errors import AuthDead, DeliveryError, OutcomeUnknown, Unreachable
from bot.http.manners import retry_after_s
from bot.wording import plain, say

TIMEOUT_S: Final = 10.0
UNASKED_WAIT_S: Final = 60.0
LONGEST_WAIT_S: Final = 3_600.0
MOST_BYTES: Final = 5 << 20
"""Of a file that somebody sends along."""

_IDLE_S = 15.0  # a connection is kept so long; an older one may be half dead
_READS = frozenset(  # methods that take their arguments in the address, and of which nothing is to be doubted
    {
        *("auth.test", "users.info", "usergroups.list", "usergroups.users.list"),
        *("conversations.info", "conversations.history", "conversations.replies"),
        *("files.getUploadURLExternal",),
    }
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose token it is.

    Args:
        team, user: ids; ``team_name`` and ``user_name`` are what people read.
        scopes: what the installation may do; empty where Slack does not say.
    """

    team: str
    user: str
    bot: str
    team_name: str
    user_name: str
    scopes: frozenset[str] = frozenset()


class Calls:
    """Calls as the app; several at once.

    ``limited`` counts how often Slack asked for a pause; ``dead`` is what it said when it took the bot's token no longer;
    ``ended`` is set then, and by whoever hears of it otherwise.

    Args:
        timeout_s: for one call as a whole; half of it for the connection to come about.
    """

    def __init__(self, settings: Settings, *, timeout_s: float = TIMEOUT_S) -> None:
        self._settings = settings
        self._timeout = ClientTimeout(total=timeout_s, connect=timeout_s / 2)
        self._session: ClientSession | None = None
        self._client: AsyncWebClient | None = None
        self._users = 0
        self._identity: Identity | None = None
        self.limited = 0
        self.dead: AuthDead | None = None
        self.ended = asyncio.Event()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Call while the context is open; several may be open at once."""
        self._users += 1
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=0, keepalive_timeout=_IDLE_S),
                cookie_jar=DummyCookieJar(),
                timeout=self._timeout,
                trust_env=False,
            )
            self._client = AsyncWebClient(
                token=self._settings.bot_token.get_secret_value(),
                base_url=self._settings.api_url,
                session=self._session,
                retry_handlers=[],
                user_agent_prefix=f"Dateline/{__version__}",
            )
            self._client.proxy = None  # it takes one from the environment, for this machine too; the token would go there
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                session, self._session, self._client = self._session, None, None
                await session.close()

    async def identity(self) -> Identity:
        """Whose token it is, asked once.

        Raises:
            DeliveryError: the token is not good, or this cannot be told just now; nothing was posted.
        """
        return self._identity or await self.test()

    async def test(self) -> Identity:
        """Whose token it is, asked anew.  Raises as `identity`."""
        try:
            said, headers = await self._asked("auth.test", {})
        except OutcomeUnknown as error:
            raise Unreachable(str(error), retry_after=UNASKED_WAIT_S) from None
        scopes = frozenset(each.strip() for each in headers.get("X-OAuth-Scopes", "").split(",") if each.strip())
        team, user, bot, team_name, user_name = (
            str(said.get(key) or "") for key in ("team_id", "user_id", "bot_id", "team", "user")
        )
        self._identity, self.dead = Identity(team, user, bot, team_name, user_name, scopes), None
        return self._identity

    async def opened(self) -> str:
        """The address of a connection that the app's own token opens, good for once.  Raises DeliveryError as `identity`."""
        try:
            said, _ = await self._asked(
                "apps.connections.open", {"token": self._settings.app_token.get_secret_value()}, params=True
            )
        except OutcomeUnknown as error:
            raise Unreachable(str(error), retry_after=UNASKED_WAIT_S) from None
        except AuthDead:
            raise AuthDead(plain(say("slack_refused_app_token"))) from None
        return str(said.get("url") or "")

    async def ask(self, method: str, **arguments: Any) -> dict[str, Any]:
        """What a method answers.

        Raises:
            DeliveryError: it says no, or nothing that can be read.
        """
        said, _ = await self._asked(method, arguments, params=method in _READS)
        return said

    async def respond(self, address: str, payload: Mapping[str, Any]) -> None:
        """Send an answer to the address that came with what somebody did.

        Raises:
            DeliveryError: it was not taken; OutcomeUnknown: nobody knows.
        """
        status, headers, body = await self._sent("POST", address, json=payload)
        said = _object(body)
        page = body.lstrip().startswith(b"<")  # of something on the way: Slack says "ok" or sends an object
        if status != 200 or said.get("ok") is False or page:
            raise refusal("response_url", status, said, self._wait_s(status, headers))

    async def upload(self, address: str, content: bytes) -> None:
        """Send the bytes of a file to where Slack said.  Raises DeliveryError."""
        status, headers, _ = await self._sent("POST", address, data=content)
        if status != 200:
            raise refusal("upload", status, {}, self._wait_s(status, headers))

    async def download(self, address: str) -> bytes | None:
        """The bytes of a file of the workspace; None when it is too big, or nothing that the token may be sent to or may read.

        Raises:
            DeliveryError: it cannot be had just now.
        """
        if not self._is_slack(address):
            return None
        token = self._settings.bot_token.get_secret_value()
        status, headers, body = await self._sent("GET", address, headers={"Authorization": f"Bearer {token}"})
        if status != 200:
            raise refusal("download", status, {}, self._wait_s(status, headers))
        is_page = headers.get("Content-Type", "").startswith("text/html")  # where somebody would sign in
        return None if len(body) > MOST_BYTES or is_page else body

    def _is_slack(self, address: str) -> bool:
        """Whether an address is of Slack, or of what stands for it here: the token goes nowhere else."""
        host, own = urlsplit(address).hostname or "", urlsplit(self._settings.api_url).hostname or ""
        of_slack = host == own or host.endswith((".slack.com", ".slack-gov.com"))
        return is_safe(address) and of_slack

    async def _asked(
        self, method: str, arguments: Mapping[str, Any], *, params: bool = False
    ) -> tuple[dict[str, Any], Mapping[str, str]]:
        answer = await self._attempt(method, arguments, params=params)
        if isinstance(answer, DeliveryError):
            if isinstance(answer, AuthDead) and "token" not in arguments:
                self.dead = answer
                self.ended.set()
            raise answer  # here, where no error of the library, which holds the whole request, can hang on it
        return answer

    async def _attempt(
        self, method: str, arguments: Mapping[str, Any], *, params: bool
    ) -> tuple[dict[str, Any], Mapping[str, str]] | DeliveryError:
        if self._client is None:
            raise RuntimeError("nothing is asked outside serve()")
        try:
            if params:
                response = await self._client.api_call(method, params=dict(arguments))
            else:
                response = await self._client.api_call(method, json=dict(arguments))
            data = response.data if isinstance(response.data, dict) else {}
            return data, {key: str(value) for key, value in response.headers.items()}
        except SlackApiError as error:
            status, headers, said = _answer(error.response)
            return refusal(method, status, said, self._wait_s(status, headers, said))
        except (SlackClientError, AttributeError, ValueError, TypeError):
            return OutcomeUnknown(plain(say("slack_refused_unread", method=method)))
        except (ClientError, OSError, TimeoutError) as error:
            return self._broken(method, error)

    async def _sent(self, verb: str, address: str, **more: Any) -> tuple[int, Mapping[str, str], bytes]:
        if self._session is None:
            raise RuntimeError("nothing is asked outside serve()")
        if not is_safe(address):
            raise OutcomeUnknown(plain(say("slack_refused_address")))
        fault: DeliveryError
        try:
            async with self._session.request(verb, address, allow_redirects=False, **more) as response:
                return response.status, response.headers.copy(), await _read(response)
        except (ClientError, OSError, TimeoutError) as error:
            fault = self._broken("response", error)
        raise fault

    def _broken(self, method: str, error: Exception) -> DeliveryError:
        """What a connection that did not bring an answer leaves open."""
        if isinstance(error, ClientConnectorError | ConnectionTimeoutError | InvalidURL):
            return Unreachable(plain(say("slack_refused_unreachable")), retry_after=UNASKED_WAIT_S)
        if isinstance(error, TimeoutError):
            return OutcomeUnknown(plain(say("slack_refused_slow", method=method, seconds=f"{self._timeout.total:g}")))
        return OutcomeUnknown(plain(say("slack_refused_cut", method=method)))

    def _wait_s(self, status: int, headers: Mapping[str, str], said: Mapping[str, Any] | None = None) -> float:
        """The seconds that Slack asks us to wait, an hour at most."""
        if status == 429 or (said or {}).get("error") in ("ratelimited", "rate_limited"):
            self.limited += 1
        told = retry_after_s(headers)
        return min(UNASKED_WAIT_S if told is None else told, LONGEST_WAIT_S)


def _answer(response: Any) -> tuple[int, Mapping[str, str], dict[str, Any]]:
    """Status, headers and object of what an error of the library holds: its own kind of answer, or one of the client's."""
    if isinstance(response, ClientResponse):
        return response.status, response.headers.copy(), {}
    data = response.data if isinstance(response.data, dict) else {}
    return int(response.status_code), {key: str(value) for key, value in response.headers.items()}, data


async def _read(response: ClientResponse) -> bytes:
    body = bytearray()
    while len(body) <= MOST_BYTES and (chunk := await response.content.read(MOST_BYTES + 1 - len(body))):
        body += chunk
    return bytes(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = body[:60].decode("ascii", errors="replace")
    return value if isinstance(value, dict) else {"error": value}
