"""Who somebody is in the workspace: whether they may administer it, in which group they are, on whose clocks they live."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot import log
from bot.adapters.slack.calls import Calls
from bot.errors import DeliveryError
from bot.talk import Person

KEPT_S: Final = 300.0
"""How long what is known of somebody counts; a new admin waits so long at most."""
_MOST_KEPT = 5_000


class People:
    """What Slack says of people, asked again every five minutes.

    Args:
        team: of the token: an admin of another workspace, met in a shared channel, is none here.
        group: id of the user group whose members may administer too; ``""`` for none.
    """

    def __init__(self, calls: Calls, team: str, group: Callable[[], Awaitable[str]]) -> None:
        self._calls, self._team, self._group = calls, team, group
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}
        self._members: dict[str, tuple[float, frozenset[str]]] = {}
        self._directs: dict[str, str] = {}

    async def person(self, user: str) -> Person:
        """Who that is; where Slack does not say just now, what is known from before, else that they may nothing special."""
        about, group = await asyncio.gather(self._about(user), self._group())
        own = about.get("team_id") in (None, self._team) or self._team in (about.get("enterprise_user") or {}).get("teams", ())
        admin = own and any(about.get(each) is True for each in ("is_admin", "is_owner", "is_primary_owner"))
        groups = frozenset({group}) if group and user in await self._in(group) else frozenset()
        return Person(user, admin, groups, _zone(about.get("tz")))

    def writes_in(self, user: str, direct: str) -> None:
        """Remember in which channel somebody and the bot talk alone."""
        self._directs[user] = direct
        _bound(self._directs)

    async def direct(self, user: str) -> str:
        """The channel in which somebody and the bot talk alone.  Raises DeliveryError."""
        if user not in self._directs:
            said = await self._calls.ask("conversations.open", users=user)
            self.writes_in(user, str((said.get("channel") or {}).get("id") or user))
        return self._directs[user]

    async def _about(self, user: str) -> dict[str, Any]:
        now = asyncio.get_running_loop().time()
        asked_at, about = self._known.get(user, (-KEPT_S, {}))
        if now - asked_at < KEPT_S:
            return about
        try:
            said = await self._calls.ask("users.info", user=user)
        except DeliveryError as error:
            log.warning("person_unknown", platform="slack", words=str(error))
            return about
        found = said.get("user")
        self._known[user] = now, found if isinstance(found, dict) else {}
        _bound(self._known)
        return self._known[user][1]

    async def _in(self, group: str) -> frozenset[str]:
        now = asyncio.get_running_loop().time()
        asked_at, members = self._members.get(group, (-KEPT_S, frozenset()))
        if now - asked_at < KEPT_S:
            return members
        try:
            said = await self._calls.ask("usergroups.users.list", usergroup=group)
        except DeliveryError as error:
            log.warning("group_unknown", platform="slack", group=group, words=str(error))
            return members
        self._members[group] = now, frozenset(map(str, said.get("users") or ()))
        _bound(self._members)
        return self._members[group][1]


def _zone(called: object) -> str | None:
    """The IANA name of a zone that there is."""
    try:
        return ZoneInfo(called).key if isinstance(called, str) else None
    except (KeyError, ValueError, OSError):
        return None


def _bound(kept: dict[str, Any]) -> None:
    while len(kept) > _MOST_KEPT:
        del kept[next(iter(kept))]
