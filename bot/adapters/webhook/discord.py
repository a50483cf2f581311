"""Webhooks of Discord: they post embeds, learn the id and can edit by it; they answer with a message or a code.

Source: docs.discord.com, "Webhook Resource", "Opcodes and Status Codes", "Rate Limits".
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs

from pydantic import SecretStr

from bot.adapters.discord import render
from bot.adapters.discord.refusals import WAITS, faults
from bot.adapters.webhook.calls import Answer, by_status
from bot.adapters.webhook.hooks import Hook, Hooked
from bot.errors import AuthDead, ConfigError, DeliveryError, MessageGone, NotAllowed, RateLimited, Rejected, TargetGone
from bot.model import Abilities, Channel, Payload, Receipt
from digests.model import Digest

_PATH = re.compile(r"(?P<before>.*?/api)(?:/v\d+)?(?P<hook>/webhooks/\d+/[\w-]+)(?P<after>/.*)?")
_VERSION = "/v10"  # an address as Discord shows it names none, and gets one that counts retry_after in milliseconds

_GONE = {
    10003: "its channel is no longer there",
    10004: "its server is no longer there",
    10015: "it was removed",
    50001: "its channel is hidden from it",
    50083: "its thread is archived",
    160005: "its thread is locked",
}
_MESSAGE_GONE = {10008: "is no longer there", 50005: "was not posted by this webhook"}
_FORBIDDEN = {
    50013: "a permission is missing in its channel",
    220001: "its channel is a forum, which takes no plain messages. Make a webhook for a text channel",
    220003: "its channel is no forum",
}
_INVALID_TOKEN = 50027


class DiscordWebhooks(Hooked):
    """A `bot.ports.Adapter` for webhooks of Discord: neither thread nor look-up by nonce."""

    KIND = "discord"
    PATH = "/api/webhooks/"

    @classmethod
    def knows(cls, path: str) -> bool:
        return _PATH.match(path) is not None

    @classmethod
    def written(cls, parts: SplitResult, where: str) -> tuple[str, str | None]:
        """With the version that we speak, without what follows the token."""
        thread = next(iter(parse_qs(parts.query).get("thread_id", [])), None)
        found = _PATH.fullmatch(parts.path.rstrip("/"))
        if found is None:  # a gateway with paths of its own, named by its kind
            return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", thread
        if found["after"]:
            raise ConfigError(f"{where}: the address goes on after the token with {found['after'][:10]!r}; leave that away.")
        return f"{parts.scheme}://{parts.netloc}{found['before']}{_VERSION}{found['hook']}", thread

    @property
    def abilities(self) -> Abilities:
        return Abilities(edit=True, ids=True)

    def render(self, digest: Digest) -> list[Payload]:
        return render.embeds(digest)

    def render_line(self, text: str) -> Payload:
        return render.render_line(text)

    def plain(self, payload: Payload) -> list[Payload]:
        return render.plain(payload)

    async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
        hook = self._hook(channel)
        params = {"wait": "true", **_place(hook)}
        return read(await self._calls.send("POST", hook.address, _silent(payload), params, hook.name), hook.name)

    async def edit(self, channel: Channel, message_id: str, payload: Payload) -> None:
        hook = self._hook(channel)
        address = SecretStr(f"{hook.address.get_secret_value()}/messages/{message_id}")
        read(await self._calls.send("PATCH", address, _silent(payload), _place(hook), hook.name), hook.name)


def _silent(payload: Payload) -> Payload:
    """The payload, allowed to mention nobody: a webhook that says nothing of it may mention users, on an edit again."""
    return {**payload, "allowed_mentions": {"parse": []}}


def _place(hook: Hook) -> dict[str, str]:
    return {"thread_id": hook.thread} if hook.thread else {}


def read(answer: Answer, name: str) -> Receipt:
    """Return the receipt of an answer to a post or an edit.

    Raises:
        DeliveryError: it is no message.
    """
    message_id = answer.json().get("id")
    if answer.status == 200 and isinstance(message_id, str) and re.fullmatch(r"[0-9]{1,20}", message_id):
        return Receipt(message_id)
    raise _error(answer, name)


def _error(answer: Answer, name: str) -> DeliveryError:
    code = answer.json().get("code")
    if not answer.is_definite or not isinstance(code, int):
        return by_status(answer, name, "")
    if code in _GONE:
        return TargetGone(f"Discord says {code} to the webhook {name}: {_GONE[code]}. Make a new one and set it.")
    if code in _MESSAGE_GONE:
        return MessageGone(f"A message of the webhook {name} {_MESSAGE_GONE[code]} (Discord: {code}).")
    if code in _FORBIDDEN:
        return NotAllowed(f"Discord says {code} to the webhook {name}: {_FORBIDDEN[code]}.")
    if code == _INVALID_TOKEN:
        return AuthDead(f"Discord says {code} to the webhook {name}: its address is wrong or was revoked. Make a new one.")
    if code in WAITS:
        return RateLimited(
            f"Discord asks the webhook {name} for a pause of {answer.wait_s():g} s.", retry_after=answer.wait_s()
        )
    if answer.status == 400:
        return Rejected(
            f"Discord refused a message of the webhook {name}: {', '.join([str(code), *faults(answer.json())[:3]])}."
        )
    return by_status(answer, name, f"code {code}")
