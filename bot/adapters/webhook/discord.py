"""What Discord says to a webhook: a message, or an object with a code, and what it means.

Source: docs.discord.com, "Webhook Resource", "Opcodes and Status Codes", "Rate Limits".
"""

from __future__ import annotations

import re

from bot.adapters.discord.refusals import faults
from bot.adapters.webhook.calls import Answer, by_status
from bot.errors import AuthDead, DeliveryError, MessageGone, NotAllowed, RateLimited, Rejected, TargetGone
from bot.model import Abilities, Receipt

ABILITIES = Abilities(edit=True, ids=True)

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
_WAIT = {20016, 20028, 20029, 30046}  # slow mode, write limits, too many edits of an old message
_INVALID_TOKEN = 50027


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
    if code in _WAIT:
        return RateLimited(
            f"Discord asks the webhook {name} for a pause of {answer.wait_s():g} s.", retry_after=answer.wait_s()
        )
    if answer.status == 400:
        return Rejected(
            f"Discord refused a message of the webhook {name}: {', '.join([str(code), *faults(answer.json())[:3]])}."
        )
    return by_status(answer, name, f"code {code}")
