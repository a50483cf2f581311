"""One interaction as Discord takes answers to it: the first within three seconds, then edits and follow-ups for 15 minutes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.adapters.discord.refusals import ALREADY_ANSWERED, SPENT, Answer
from bot.adapters.discord.replies import EPHEMERAL, Message
from bot.adapters.discord.rest import Rest
from bot.errors import DeliveryError, OutcomeUnknown, RateLimited, Unreachable
from bot.model import Channel, Payload
from bot.talk import File, Person

MESSAGE, LATER, SILENTLY, CHOICES, MODAL = 4, 5, 6, 8, 9  # kinds of a first response
_PAUSES_S: Final = (0.2, 1.0)
_LONGEST_PAUSE_S: Final = 5.0
_ANSWER, _ANSWERS = "/webhooks/{webhook_id}/{webhook_token}/messages/@original", "/webhooks/{webhook_id}/{webhook_token}"


@dataclass(frozen=True, slots=True)
class Met:
    """An interaction as it came.

    Args:
        kind: 2 a command, 3 a control, 4 typing, 5 a modal that was sent off.
        data: what came with it, as Discord tells it.
        on_ephemeral: the control stands in a message that only the person sees.
        came: by the clock of the loop, in seconds.
    """

    id: str
    token: str
    application: str
    kind: int
    person: Person
    channel: Channel
    data: Mapping[str, Any]
    on_ephemeral: bool
    at: datetime
    came: float


class TooLate(Exception):  # noqa: N818  (it says when it is)
    """The interaction is too old, was answered elsewhere, or its token is spent; ``code`` is Discord's own."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Visit:
    """Answers one interaction; what can be repeated without harm is repeated a little."""

    def __init__(self, rest: Rest, met: Met) -> None:
        self._rest, self.met = rest, met
        self.acknowledged = asyncio.Event()

    async def first(self, kind: int, data: Payload | None = None) -> None:
        """The first response.  Raises TooLate, or a DeliveryError."""
        told = {"type": kind, **({"data": data} if data is not None else {})}
        ids = {"webhook_id": self.met.id, "webhook_token": self.met.token}
        await self._call("POST", "/interactions/{webhook_id}/{webhook_token}/callback", told, ids, again=True)
        self.acknowledged.set()

    async def edit(self, message: Message) -> None:
        """Put a message in the place of the answer that waits, or of the one whose control was pressed."""
        await self._told("PATCH", _ANSWER, message, again=True)

    async def tell(self, payload: Payload) -> bool:
        """Show what is going on in the answer that waits, in one attempt; whether it is known what became of that."""
        try:
            await self._rest.call("PATCH", _ANSWER, json=payload, **self._ids)
        except OutcomeUnknown:
            return False
        except (Answer, DeliveryError):  # the answer itself says what there is to say
            return True
        return True

    async def follow(self, message: Message, *, ephemeral: bool) -> None:
        """One more message.

        Discord takes no nonce here and lists no messages of an interaction, so that nobody can find out what became of one that
        was cut off.  What the person alone sees is sent again: twice is better for them than never.  What all see is not.
        """
        flags = int(message.payload.get("flags", 0)) | (EPHEMERAL if ephemeral else 0)
        await self._told("POST", _ANSWERS, Message({**message.payload, "flags": flags}, message.files), again=ephemeral)

    async def delete(self) -> None:
        """Take the answer that waits away; that it is gone already is as well."""
        with suppress(Answer):
            await self._call("DELETE", _ANSWER, None, self._ids, again=True)

    @property
    def _ids(self) -> dict[str, Any]:
        return {"webhook_id": self.met.application, "webhook_token": self.met.token}

    async def _told(self, method: str, path: str, message: Message, *, again: bool) -> None:
        if message.files:
            await self._call(method, path, None, self._ids, again=again, form=form_of(message.payload, message.files))
        else:
            await self._call(method, path, message.payload, self._ids, again=again)

    async def _call(
        self,
        method: str,
        path: str,
        told: Payload | None,
        ids: dict[str, Any],
        *,
        again: bool,
        form: list[dict[str, Any]] | None = None,
    ) -> None:
        """Make a call, and make it again where it surely did nothing, or where twice is as good as once."""
        for at in range(len(_PAUSES_S) + 1):
            pause_s = _PAUSES_S[at] if at < len(_PAUSES_S) else None
            try:
                await self._rest.call(method, path, json=told, form=form, **ids)
                return
            except Answer as answer:
                if answer.code in SPENT:
                    if answer.code == ALREADY_ANSWERED and at:  # by what seemed to have failed
                        return
                    raise TooLate(answer.code) from None
                wait_s = answer.wait_s if answer.status == 429 else pause_s
                if pause_s is None or wait_s is None or wait_s > _LONGEST_PAUSE_S:
                    raise
                if answer.status != 429 and not (again and answer.status >= 500):
                    raise
            except DeliveryError as error:
                sure = isinstance(error, RateLimited | Unreachable)
                wait_s = (error.retry_after if isinstance(error, RateLimited) else None) or pause_s
                if pause_s is None or wait_s is None or wait_s > _LONGEST_PAUSE_S or not (again or sure):
                    raise
            await asyncio.sleep(wait_s)


def form_of(payload: Payload, files: tuple[File, ...]) -> list[dict[str, Any]]:
    """A payload and its files as the parts of one request."""
    attached = [{"id": number, "filename": file.name} for number, file in enumerate(files)]
    whole = json.dumps({**payload, "attachments": attached})
    parts = [{"name": "payload_json", "value": whole, "content_type": "application/json"}]
    return parts + [
        {"name": f"files[{number}]", "value": file.content, "filename": file.name, "content_type": file.kind}
        for number, file in enumerate(files)
    ]
