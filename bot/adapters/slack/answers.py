"""Where an answer goes, and how it gets there: the asker alone sees it, unless everybody is to.

What somebody did comes with an address for answers, good for five within half an hour.  After that, and where there is none,
the answer is a message that they alone see in that channel, and where that cannot be, a direct one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot import log
from bot.adapters.slack import replies
from bot.adapters.slack.calls import Calls
from bot.adapters.slack.people import People
from bot.adapters.slack.settings import is_safe
from bot.errors import DeliveryError, OutcomeUnknown, RateLimited
from bot.model import Payload
from bot.talk import File, Reply
from bot.wording import say
from digests.render.layout import Line

USES: Final = 5
GOOD_FOR: Final = timedelta(minutes=29)
"""Slack says thirty; an answer under way takes its time too."""
QUIET_S: Final = 0.7
"""An answer that is there within this shows nothing before it."""

_LONGEST_PAUSE_S = 30.0  # that an answer waits when Slack asks for one
_TRIES = 3
_LONGEST_METADATA = 3_000


@dataclass(slots=True)
class Where:
    """Where somebody is answered.

    Args:
        channel: id; ``""`` where it was nowhere, and the answer is a direct message.
        direct: it is the conversation of the asker and the bot: everything there is for the asker alone.
        thread: the message under which they asked.
        address: for answers; ``""`` without one.
        issued_at: when it came, aware, in UTC.
        uses: how many more it takes.
        replaces: the first answer takes the place of the message that was acted on.
    """

    channel: str
    user: str
    issued_at: datetime
    thread: str = ""
    address: str = ""
    uses: int = USES
    replaces: bool = False
    direct: bool = False

    @property
    def under(self) -> dict[str, str]:
        """What puts a message under the one under which they asked."""
        return {"thread_ts": self.thread} if self.thread else {}

    def takes(self, now: datetime) -> bool:
        """Whether its address takes one more answer."""
        return bool(self.address) and self.uses > 0 and now - self.issued_at < GOOD_FOR

    def kept(self) -> str:
        """As a modal carries it along, and `read` reads it back."""
        issued = int(self.issued_at.timestamp())
        whole = json.dumps({"c": self.channel, "t": self.thread, "r": self.address, "u": self.uses, "i": issued})
        return whole if len(whole) <= _LONGEST_METADATA else json.dumps({"c": self.channel, "t": self.thread})

    @classmethod
    def read(cls, kept: object, user: str, now: datetime) -> Where:
        """What a modal carried along; nothing but the user where that cannot be read."""
        try:
            found = json.loads(str(kept))
            issued = datetime.fromtimestamp(int(found.get("i", 0)), UTC)
            address = str(found.get("r") or "")
            uses = int(found.get("u", 0)) if is_safe(address) else 0
            return cls(str(found["c"]), user, issued, str(found.get("t") or ""), address, uses)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError):
            return cls("", user, now)


@dataclass(slots=True)
class Answering:
    """One answer on its way.

    Args:
        now: the present instant, aware, in UTC.
    """

    calls: Calls
    people: People
    where: Where
    now: Callable[[], datetime]
    _said: Line = ()
    _waiting: str = ""  # the message of a direct conversation that says that it takes a while
    _told: bool = False
    _shown_at: float = field(default=float("-inf"))

    async def progress(self, line: Line) -> None:
        """Tell what is going on: at once where something is shown already that can be changed, else with the first words."""
        self._said = line
        if self._waiting and asyncio.get_running_loop().time() - self._shown_at >= 1.0:
            await self._show_waiting()

    async def wait_for(self, answer: Awaitable[Reply | None]) -> Reply | None:
        """The answer; while it takes long, words that it is worked on."""
        task = asyncio.ensure_future(answer)
        try:
            done, _ = await asyncio.wait({task}, timeout=QUIET_S)
            if not done:
                await self._show_waiting()
            return await task
        finally:
            task.cancel()

    async def give(self, reply: Reply) -> None:
        """Show the messages of a reply, in order, and send its files."""
        for payload in replies.messages(reply):
            await self.say(payload, public=reply.public)
        for each in replies.files_of(reply):
            await self._send(each)

    async def say(self, payload: Payload, *, public: bool = False) -> None:
        """One message.  Where none of the ways is open it is lost, and stands in the log."""
        try:
            await self._say(payload, public=public)
        except DeliveryError as error:
            log.warning("answer_lost", platform="slack", words=str(error))

    async def _show_waiting(self) -> None:
        """That it is worked on.  In a direct conversation that message is changed later; elsewhere it is said once."""
        payload = replies.notice(self._said or say("slack_working"))
        self._shown_at = asyncio.get_running_loop().time()
        try:
            if self._waiting:
                await self.calls.ask("chat.update", channel=self.where.channel, ts=self._waiting, **_shown(payload))
            elif self.where.direct and not self.where.takes(self.now()):
                said = await self.calls.ask("chat.postMessage", channel=self.where.channel, **self.where.under, **payload)
                self._waiting = str(said.get("ts") or "")
            elif not self._told:
                self._told = True
                await self._tell_once(payload)
        except DeliveryError as error:
            log.info("progress_lost", platform="slack", words=str(error))

    async def _tell_once(self, payload: Payload) -> None:
        """One try: an answer that is ready does not wait for these words.  What they replace, the answer replaces again."""
        where = self.where
        if not where.takes(self.now()):
            await self._say(payload, tries=1)
            return
        where.uses -= 1
        await self.calls.respond(where.address, self._answer(payload, False, where.replaces))

    async def _say(self, payload: Payload, *, public: bool = False, tries: int = _TRIES) -> None:
        where, first = self.where, True
        if self._waiting and not public:
            ts, self._waiting = self._waiting, ""
            try:
                await self.calls.ask("chat.update", channel=where.channel, ts=ts, **_shown(payload))
                return
            except DeliveryError:
                pass  # said anew, then
        if where.takes(self.now()):
            where.uses -= 1
            first, where.replaces = where.replaces, False
            try:
                await self._patiently(lambda: self.calls.respond(where.address, self._answer(payload, public, first)), tries)
                return
            except OutcomeUnknown:
                if public:  # it may be there, for everybody to see: it is not said twice
                    raise
            except DeliveryError:
                where.uses = 0
        if where.channel and (public or where.direct):
            await self._patiently(
                lambda: self.calls.ask("chat.postMessage", channel=where.channel, **where.under, **payload), tries
            )
            return
        if where.channel:
            try:
                asked = {"channel": where.channel, "user": where.user, **where.under}
                await self._patiently(lambda: self.calls.ask("chat.postEphemeral", **asked, **_shown(payload)), tries)
                return
            except OutcomeUnknown:
                raise
            except DeliveryError:
                pass  # I am not in that channel: the person is told directly
        direct = await self.people.direct(where.user)
        await self._patiently(lambda: self.calls.ask("chat.postMessage", channel=direct, **payload), tries)

    def _answer(self, payload: Payload, public: bool, replaces: bool) -> dict[str, Any]:
        return {
            **payload,
            "response_type": "in_channel" if public else "ephemeral",
            "replace_original": replaces and not public,
            **self.where.under,
        }

    async def _patiently(self, call: Callable[[], Awaitable[object]], tries: int) -> None:
        """Make a call; where Slack asks for a pause, wait and make it again."""
        for attempt in range(1, tries + 1):
            try:
                await call()
                return
            except RateLimited as error:
                if attempt == tries or (error.retry_after or 0) > _LONGEST_PAUSE_S:
                    raise
                await asyncio.sleep(error.retry_after or 1.0)

    async def _send(self, file: File) -> None:
        """Upload a file into the conversation of the bot and the asker."""
        try:
            direct = await self.people.direct(self.where.user)
            about = await self.calls.ask("files.getUploadURLExternal", filename=file.name, length=str(len(file.content)))
            await self.calls.upload(str(about.get("upload_url") or ""), file.content)
            done = [{"id": str(about.get("file_id") or ""), "title": file.name}]
            await self.calls.ask("files.completeUploadExternal", files=done, channel_id=direct)
        except DeliveryError as error:
            log.warning("answer_lost", platform="slack", words=str(error))
            await self.say(replies.notice(say("slack_file_lost", name=file.name)))


def _shown(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What an edit and an ephemeral message take of a payload."""
    return {key: value for key, value in payload.items() if key in ("text", "blocks")}


def busy() -> Payload:
    """That nothing was begun, since too much is under way."""
    return replies.notice(say("slack_busy"))
