"""Webhooks of Slack: they post and nothing else, and answer with a bare word.

Source: docs.slack.dev, "Sending messages using incoming webhooks", handling errors, and the change of 2016-05-17.
"""

from __future__ import annotations

import re

from bot.adapters.slack import render
from bot.adapters.webhook.calls import Answer, by_status
from bot.adapters.webhook.hooks import Hooked
from bot.errors import AuthDead, DeliveryError, NotAllowed, RateLimited, Rejected, TargetGone
from bot.model import Abilities, Channel, Payload, Receipt
from digests.model import Digest

_GONE = {
    "channel_is_archived": "its channel is archived. Unarchive it, or make a webhook for another channel",
    "channel_not_found": "its channel is no longer there. Make a webhook for another channel",
    "user_not_found": "the person it wrote to is no longer there. Make a webhook for a channel",
    "no_service": "it was removed or switched off. Make a new one and set it",
    "no_service_id": "it was removed or switched off. Make a new one and set it",
    "no_active_hooks": "it was removed or switched off. Make a new one and set it",
}
_DEAD = {
    "invalid_token": "its address is wrong or was revoked. Make a new one and set it",
    "no_team": "its workspace is no longer there",
    "team_disabled": "its workspace is switched off",
}
_FORBIDDEN = {
    "action_prohibited": "an admin of the workspace has restricted it. Ask them to allow it",
    "posting_to_general_channel_denied": "only some may post to #general. Make a webhook for another channel",
}
_REFUSED = {
    "invalid_payload",
    "invalid_blocks",
    "invalid_blocks_format",
    "missing_text_or_fallback_or_attachments",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
    "too_many_attachments",
}
_LIMITED = {"rate_limited", "ratelimited"}


class SlackWebhooks(Hooked):
    """A `bot.ports.Adapter` for incoming webhooks of Slack: no id, no edit, no thread."""

    KIND = "slack"
    PATH = "/services/"

    @classmethod
    def knows(cls, path: str) -> bool:
        return cls.PATH in path

    @property
    def abilities(self) -> Abilities:
        return Abilities()

    def render(self, digest: Digest) -> list[Payload]:
        return render.render(digest)

    def render_line(self, text: str) -> Payload:
        return render.render_line(text)

    def plain(self, payload: Payload) -> list[Payload]:
        return render.plain(payload)

    async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
        hook = self._hook(channel)
        return read(await self._calls.send("POST", hook.address, payload, {}, hook.name), hook.name)

    async def edit(self, channel: Channel, message_id: str, payload: Payload) -> None:
        raise Rejected(f"A webhook of Slack can't edit what it posted ({channel.id}).")


def read(answer: Answer, name: str) -> Receipt:
    """Return the receipt of an answer.

    Raises:
        DeliveryError: it says something else than "ok".
    """
    if answer.status == 200 and answer.body.strip() == b"ok":
        return Receipt()
    raise _error(answer, name)


def _error(answer: Answer, name: str) -> DeliveryError:
    word = _word(answer)
    if not answer.is_definite:
        return by_status(answer, name, word)
    for meanings, kind in ((_GONE, TargetGone), (_DEAD, AuthDead), (_FORBIDDEN, NotAllowed)):
        if word in meanings:
            return kind(f"Slack says {word} to the webhook {name}: {meanings[word]}.")
    if word in _LIMITED:
        return RateLimited(f"Slack asks the webhook {name} for a pause of {answer.wait_s():g} s.", retry_after=answer.wait_s())
    if word in _REFUSED:
        return Rejected(f"Slack refused a message of the webhook {name}: {word}.")
    return by_status(answer, name, word)


def _word(answer: Answer) -> str:
    """The word of an answer, bare or as the error of an object; "" for a page or anything else."""
    said = answer.json().get("error") or answer.body[:80].decode("ascii", errors="replace").strip()
    return said if isinstance(said, str) and re.fullmatch(r"[a-z_]{1,60}", said) else ""
