"""What the bot may do in a channel, worked out as Discord does it, and what of it is missing: pure.

Source: docs.discord.com, "Permissions" (bits, overwrites), "Threads".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

ADMINISTRATOR: Final = 1 << 3
MANAGE_SERVER: Final = 1 << 5
VIEW: Final = 1 << 10
SEND: Final = 1 << 11
EMBED_LINKS: Final = 1 << 14
READ_HISTORY: Final = 1 << 16
CREATE_THREADS: Final = 1 << 35
SEND_IN_THREADS: Final = 1 << 38

NAMES: Final[Mapping[int, str]] = {
    VIEW: "View Channels",
    SEND: "Send Messages",
    SEND_IN_THREADS: "Send Messages in Threads",
    CREATE_THREADS: "Create Public Threads",
    READ_HISTORY: "Read Message History",
    EMBED_LINKS: "Embed Links",
}
"""As Discord's own settings call them."""
INVITED: Final = VIEW | SEND | SEND_IN_THREADS | CREATE_THREADS | READ_HISTORY | EMBED_LINKS
"""What the bot is invited with."""

FORUMS: Final = frozenset({15, 16})  # a media channel is a forum of pictures
THREADS: Final = frozenset({10, 11, 12})
_POSTABLE: Final = frozenset({0, 2, 5, 13}) | FORUMS | THREADS  # voice and stage channels have a chat
_ALL = (1 << 64) - 1

Held = Mapping[str, Any]


def allowed(guild: Held, member: Held, channel: Held) -> int:
    """The permissions of a member in a channel, as bits; for a thread give its parent as ``channel``."""
    mine = {str(role) for role in member.get("roles", ())}
    everyone = str(guild["id"])
    if str(guild.get("owner_id")) == str(member.get("user", {}).get("id")):
        return _ALL
    found = _together(int(role["permissions"]) for role in guild.get("roles", ()) if str(role["id"]) in mine | {everyone})
    if found & ADMINISTRATOR:
        return _ALL
    over = {str(each["id"]): each for each in channel.get("permission_overwrites", ())}
    for ids in ({everyone}, mine, {str(member.get("user", {}).get("id"))}):
        held = [over[each] for each in ids if each in over]
        found &= ~_together(int(each["deny"]) for each in held)
        found |= _together(int(each["allow"]) for each in held)
    return found


def needed(kind: int) -> int:
    """What it takes to post a digest, and to look it up, in a channel of a kind; 0 for one in which nothing can be posted."""
    if kind not in _POSTABLE:
        return 0
    if kind in THREADS:
        return VIEW | SEND_IN_THREADS | READ_HISTORY
    return VIEW | SEND | READ_HISTORY | (SEND_IN_THREADS if kind in FORUMS else 0)


def missing(has: int, wants: int) -> list[str]:
    """Names of the permissions that are wanted and not there."""
    return [called for bit, called in NAMES.items() if wants & bit and not has & bit]


def _together(bits: Iterable[int]) -> int:
    found = 0
    for each in bits:
        found |= each
    return found
