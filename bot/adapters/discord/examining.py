"""What ``dateline check`` says of Discord: is the token good, do interactions come to us, can the gateway be reached."""

from __future__ import annotations

from bot.adapters.discord.refusals import Answer, meaning, told
from bot.adapters.discord.rest import Rest
from bot.errors import AuthDead, DeliveryError
from bot.wording import say

_GATEWAY_LIMIT = 1  # starts of a session that must be left for today


async def examine(rest: Rest) -> list[tuple[bool, str]]:
    """Each finding: whether all is well, and in words what is and what to do."""
    found: list[tuple[bool, str]] = []
    async with rest.open():
        try:
            me = await rest.who()
            found.append((True, told(say("check_token", name=str(me.get("username", "?"))))))
            app = await rest.call("GET", "/applications/@me") or {}
            if app.get("interactions_endpoint_url"):
                found.append((False, told(say("check_endpoint"))))
            gateway = await rest.call("GET", "/gateway/bot") or {}
            left = gateway.get("session_start_limit", {}).get("remaining", _GATEWAY_LIMIT)
            found.append((left >= _GATEWAY_LIMIT, told(say("check_gateway" if left >= _GATEWAY_LIMIT else "check_no_starts"))))
        except Answer as answer:
            found.append((False, str(meaning(answer, "Discord"))))
        except AuthDead as error:
            found.append((False, str(error)))
        except DeliveryError as error:
            found.append((False, told(say("check_unreached", why=str(error)))))
    return found


async def application(rest: Rest) -> str:
    """Id of the application to which the token belongs.  Raises DeliveryError."""
    async with rest.open():
        try:
            told_app = await rest.call("GET", "/applications/@me") or {}
        except Answer as answer:
            raise meaning(answer, "Discord") from None
    return str(told_app.get("id", ""))
