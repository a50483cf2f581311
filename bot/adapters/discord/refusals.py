"""What Discord says when it does not take something, and what is then known: pure, from an answer to an error in words.

Source: docs.discord.com, "Opcodes and Status Codes", "Rate Limits", "Threads".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.errors import AuthDead, DeliveryError, MessageGone, NotAllowed, OutcomeUnknown, RateLimited, Rejected, TargetGone
from bot.http.manners import retry_after_s
from bot.wording import say
from digests.render.layout import Line

LONGEST_WAIT_S: Final = 3_600.0
UNASKED_WAIT_S: Final = 60.0
"""How long to wait when Discord says "too much" or cannot be reached, and does not say for how long."""
BANNED_WAIT_S: Final = 900.0
"""A 429 that does not come from Discord itself is the network before it, which has banned our address for a while."""

UNKNOWN_CHANNEL: Final = 10003
NO_TEXT_CHANNEL: Final = 50008
MISSING_ACCESS: Final = 50001
MISSING_PERMISSION: Final = 50013
WRONG_CHANNEL_KIND: Final = 50024
ARCHIVED: Final = 50083
TAG_NEEDED: Final = 40067
MALFORMED: Final = 50035
HAS_THREAD: Final = 160004
LOCKED: Final = 160005
ALREADY_ANSWERED: Final = 40060
TOO_OLD: Final = 10062
SPENT: Final = frozenset({TOO_OLD, 50027, 10015, ALREADY_ANSWERED})
"""An interaction that is too old, or whose token is spent."""
WAITS: Final = frozenset({20016, 20028, 20029, 30046, 160006, 40062})
"""Slow mode, write limits, too many edits or threads, a service that is held back: it goes a little later."""

_GONE = {UNKNOWN_CHANNEL: "refused_channel_gone", 10004: "refused_server_gone", MISSING_ACCESS: "refused_hidden"}
_MESSAGE_GONE = {10008, 50005}
_FORBIDDEN = {
    MISSING_PERMISSION: "refused_permission",
    NO_TEXT_CHANNEL: "refused_kind",
    WRONG_CHANNEL_KIND: "refused_kind",
    TAG_NEEDED: "refused_tag",
    ARCHIVED: "refused_locked",
    LOCKED: "refused_locked",
    50003: "refused_kind",
    50007: "refused_closed",
}
_FAULT = re.compile(r"[\w.]{0,80} [A-Z0-9_]{1,60}")
_REPLY_TO_NOTHING = "message_reference REPLIES_UNKNOWN_MESSAGE"


class Answer(Exception):  # noqa: N818  (it is no error before it is read)
    """What Discord answered, when it was not a yes."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(status)
        self.status, self.headers, self.body = status, headers, body

    def json(self) -> dict[str, Any]:
        """The body as an object; empty when it is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def code(self) -> int:
        """Discord's own code; 0 without one."""
        code = self.json().get("code")
        return code if isinstance(code, int) else 0

    @property
    def counts_as_invalid(self) -> bool:
        """Ten thousand of these in ten minutes ban an address from Discord."""
        shared = self.headers.get("X-RateLimit-Scope") == "shared"
        return self.status in (401, 403, 429) and not shared

    @property
    def is_ban(self) -> bool:
        """Whether the network before Discord said "too much": then our address is banned for a while."""
        return self.status == 429 and not (self.headers.get("Via") and self.json())

    @property
    def holds_all(self) -> bool:
        """Whether "too much" holds for every request of ours, not for those of a kind."""
        everywhere = self.json().get("global") is True or self.headers.get("X-RateLimit-Scope") == "global"
        return self.is_ban or (self.status == 429 and everywhere)

    @property
    def wait_s(self) -> float:
        """The seconds that it asks us to wait, an hour at most."""
        told = self.json().get("retry_after")
        waits = [retry_after_s(self.headers)]
        if isinstance(told, int | float) and told >= 0:  # not for NaN
            waits.append(told)
        least = BANNED_WAIT_S if self.is_ban else UNASKED_WAIT_S
        return min(max((wait for wait in waits if wait is not None), default=least), LONGEST_WAIT_S)


def meaning(answer: Answer, where: str) -> DeliveryError:
    """What an answer to a post, an edit or a question means.

    Args:
        where: the channel, as a person knows it.
    """
    code, status = answer.code, answer.status
    if status >= 500 or status == 408:
        return OutcomeUnknown(told(say("refused_broken", status=str(status))))
    if status == 429 or code in WAITS:
        return RateLimited(told(say("refused_wait", seconds=f"{answer.wait_s:g}")), retry_after=answer.wait_s)
    if status == 401:
        return AuthDead(told(say("refused_token")))
    if code in _GONE:
        return TargetGone(told(say(_GONE[code], channel=where)))
    if code in _MESSAGE_GONE or _REPLY_TO_NOTHING in faults(answer.json()):
        return MessageGone(told(say("refused_message_gone", channel=where)))
    if code in _FORBIDDEN:
        return NotAllowed(told(say(_FORBIDDEN[code], channel=where)))
    if status == 403:
        return NotAllowed(told(say("refused_permission", channel=where)))
    if status == 404:
        return TargetGone(told(say("refused_channel_gone", channel=where)))
    return Rejected(told(say("refused_payload", codes=", ".join([str(code or status), *faults(answer.json())[:3]]))))


def told(line: Line) -> str:
    """A sentence of ours as the text of an error: what stands out keeps its stars."""
    return "".join(f"*{run.text}*" if run.bold else f"`{run.text}`" if run.code else str(run.text) for run in line)


def faults(body: Mapping[str, Any]) -> list[str]:
    """Where in a payload its faults are, out of what Discord answered, as ``components.0.content BASE_TYPE_MAX_LENGTH``."""
    return [fault for fault in _nested(body.get("errors"), ()) if _FAULT.fullmatch(fault)]


def _nested(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(value, dict) or len(path) > 12:
        return
    for key, inner in value.items():
        if key == "_errors" and isinstance(inner, list):
            yield from (f"{'.'.join(path)} {one['code']}" for one in inner if isinstance(one, dict) and "code" in one)
        else:
            yield from _nested(inner, (*path, str(key)))
