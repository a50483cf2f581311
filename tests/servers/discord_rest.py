"""The requests that an app sends to the stand-in for Discord, one function each; what is refused raises `Refused`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from tests.servers import discord_commands
from tests.servers.discord_guilds import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    CATEGORY,
    FORUM,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    TEXT,
    THREADS,
    Channel,
    Json,
    Message,
    Permission,
)
from tests.servers.discord_interactions import delete_answer, edit_answer, follow_up, get_answer, respond
from tests.servers.discord_limits import error, nested
from tests.servers.discord_place import Place, Refused
from tests.servers.discord_writing import Ask, Done, check, delete, edit, may, post, same_nonce

HISTORY_MOST = 100
DAILY_CREATES = 200
ARCHIVE_AFTER = (60, 1_440, 4_320, 10_080)

Route = Callable[..., Done]


# Who am I


def me(place: Place, ask: Ask) -> Done:
    return 200, place.me.json() | {"verified": True, "mfa_enabled": True, "email": None}


def application(place: Place, ask: Ask) -> Done:
    return 200, {
        "id": place.me.id,
        "name": place.me.name,
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": place.guilds[0].owner.json() if place.guilds else place.me.json(),
        "verify_key": "0" * 64,
        "team": None,
        "flags": 1 << 23,
        "bot": place.me.json(),
        "interactions_endpoint_url": None,
        "approximate_guild_count": len(place.guilds),
    }


def gateway(place: Place, ask: Ask) -> Done:
    return 200, {"url": place.gateway_address}


def gateway_for_bots(place: Place, ask: Ask) -> Done:
    limit = {"total": 1_000, "remaining": 1_000 - place.gateway.identified, "reset_after": 86_400_000, "max_concurrency": 1}
    return 200, {"url": place.gateway_address, "shards": 1, "session_start_limit": limit}


def direct_messages(place: Place, ask: Ask) -> Done:
    number = str(ask.body.get("recipient_id"))
    person = next((user for user in place.users if user.id == number and not user.bot), None)
    if person is None:
        raise Refused(10013)
    return 200, place.dm(person).json()


# Guilds and channels


def get_guild(place: Place, ask: Ask, guild: str) -> Done:
    return 200, place.guild(guild).json()


def get_member(place: Place, ask: Ask, guild: str, user: str) -> Done:
    """One member; the app may read any that it can name."""
    found = place.guild(guild)
    if user not in found.members:
        raise Refused(10013)
    return 200, found.member(found.members[user][0])


def active_threads(place: Place, ask: Ask, guild: str) -> Done:
    """Threads that are not archived, of the channels that the app may see, newest first."""
    live = [each for each in place.guild(guild).threads if not each.archived]
    seen = [each for each in live if Permission.VIEW_CHANNEL in each.permissions(place.me)]
    return 200, {"threads": [each.json() for each in reversed(seen)], "members": []}


def get_channel(place: Place, ask: Ask, channel: str) -> Done:
    return 200, _visible(place, channel).json()


def change_channel(place: Place, ask: Ask, channel: str) -> Done:
    """What is done to threads: archive, lock, rename, tags.  Other channels take a permission that no app here has."""
    found, wanted = _visible(place, channel), ask.body
    moderates = Permission.MANAGE_THREADS in found.permissions(place.me)
    if not found.is_thread:
        raise Refused(50013)
    opens, mine = found.archived and wanted.get("archived") is False, found.owner is place.me
    if found.archived and not opens:
        raise Refused(50083)
    if "locked" in wanted or not (opens and set(wanted) == {"archived"}) or found.locked:
        if not (moderates or (mine and "locked" not in wanted)):
            raise Refused(50013)
    elif Permission.SEND_MESSAGES_IN_THREADS not in found.permissions(place.me):
        raise Refused(50013)
    _check_thread({"name": found.name, **wanted})
    found.name, found.locked = wanted.get("name", found.name), wanted.get("locked", found.locked)
    found.archived = wanted.get("archived", found.archived)
    found.auto_archive = wanted.get("auto_archive_duration", found.auto_archive)
    found.applied = wanted.get("applied_tags", found.applied)
    assert found.guild is not None
    place.tell_guild(found.guild, "THREAD_UPDATE", found.json())
    return 200, found.json()


def typing(place: Place, ask: Ask, channel: str) -> Done:
    _may_write(place, _visible(place, channel))
    return 204, None


# Messages


def post_message(place: Place, ask: Ask, channel: str) -> Done:
    found, payload = _visible(place, channel), ask.body
    if found.kind in (FORUM, CATEGORY):
        raise Refused(50008)
    _may_write(place, found)
    check(payload, ask)
    if known := same_nonce(place, found, payload):
        return 200, known.json() | {"nonce": payload["nonce"]}
    message = post(place, ask, found, payload)
    told = message.json()
    return 200, told | ({"nonce": payload["nonce"]} if "nonce" in payload else {})


def get_messages(place: Place, ask: Ask, channel: str) -> Done:
    found = _visible(place, channel)
    try:
        limit = int(ask.query.get("limit", "50"))
        marks = {key: int(ask.query[key]) for key in ("before", "after", "around") if key in ask.query}
    except ValueError:
        raise Refused(50035, errors=error("limit", code="NUMBER_TYPE_COERCE")) from None
    if not 1 <= limit <= HISTORY_MOST:
        raise Refused(50035, errors=error("limit", code="NUMBER_TYPE_RANGE"))
    if found.kind in (FORUM, CATEGORY):
        raise Refused(50024)
    if Permission.READ_MESSAGE_HISTORY not in found.permissions(place.me):
        return 200, []
    held = [message for message in found.messages if not message.gone and not message.ephemeral]
    if "around" in marks:
        held.sort(key=lambda message: abs(int(message.id) - marks["around"]))
        held = sorted(held[:limit], key=lambda message: int(message.id))
    if "before" in marks:
        held = [message for message in held if int(message.id) < marks["before"]]
    if "after" in marks:  # the oldest of what came after, yet newest first
        held = [message for message in held if int(message.id) > marks["after"]][:limit]
    return 200, [_read(place, message) for message in reversed(held[-limit:])]


def get_message(place: Place, ask: Ask, channel: str, message: str) -> Done:
    found = _visible(place, channel)
    if Permission.READ_MESSAGE_HISTORY not in found.permissions(place.me):
        raise Refused(50013)
    return 200, _read(place, _message(found, message))


def edit_message(place: Place, ask: Ask, channel: str, message: str) -> Done:
    found = _visible(place, channel)
    held = _message(found, message)
    if held.author is not place.me:
        raise Refused(50005)
    if found.archived:
        raise Refused(50083)
    edit(place, ask, held)
    return 200, held.json()


def delete_message(place: Place, ask: Ask, channel: str, message: str) -> Done:
    found = _visible(place, channel)
    held = _message(found, message)
    if held.author is not place.me and Permission.MANAGE_MESSAGES not in found.permissions(place.me):
        raise Refused(50013)
    if found.archived and found.locked:
        raise Refused(50083)  # what is only archived can still be deleted from
    delete(place, held)
    return 204, None


# Threads


def thread_of_message(place: Place, ask: Ask, channel: str, message: str) -> Done:
    found, wanted = _visible(place, channel), ask.body
    if found.kind not in (TEXT, ANNOUNCEMENT):
        raise Refused(50024)
    held = _message(found, message)
    if held.thread is not None:
        raise Refused(160004)
    may(place, found, Permission.CREATE_PUBLIC_THREADS)
    _check_thread(wanted)
    kind = ANNOUNCEMENT_THREAD if found.kind == ANNOUNCEMENT else PUBLIC_THREAD
    archive = wanted.get("auto_archive_duration") or 1_440
    held.thread = place.thread(found, wanted["name"], kind, owner=place.me, number=held.id, archive=archive)
    return 201, held.thread.json()


def thread_alone(place: Place, ask: Ask, channel: str) -> Done:
    """A thread without a message; in a forum, a post with its first message."""
    found, wanted = _visible(place, channel), ask.body
    if found.kind == FORUM:
        return _forum_post(place, ask, found, wanted)
    if found.kind not in (TEXT, ANNOUNCEMENT):
        raise Refused(50024)
    kind = wanted.get("type", PRIVATE_THREAD)
    if kind not in THREADS:
        raise Refused(50035, errors=error("type", code="BASE_TYPE_CHOICES"))
    private = kind == PRIVATE_THREAD
    may(place, found, Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS)
    _check_thread(wanted)
    archive = wanted.get("auto_archive_duration") or 1_440
    return 201, place.thread(found, wanted["name"], kind, owner=place.me, archive=archive).json()


def _forum_post(place: Place, ask: Ask, forum: Channel, wanted: Json) -> Done:
    may(place, forum, Permission.SEND_MESSAGES)
    _check_thread(wanted)
    first = wanted.get("message")
    if not isinstance(first, dict):
        raise Refused(50035, errors=error("message", code="BASE_TYPE_REQUIRED"))
    tags = wanted.get("applied_tags") or []
    known = {tag.id: tag for tag in forum.tags}
    if len(tags) > 5 or any(tag not in known for tag in tags):
        raise Refused(50035, errors=error("applied_tags", code="CHANNEL_FORUM_TAGS_INVALID"))
    if forum.needs_tag and not tags:
        raise Refused(40067)
    if any(known[tag].moderated for tag in tags) and Permission.MANAGE_THREADS not in forum.permissions(place.me):
        raise Refused(50013)
    check(first, ask)
    archive = wanted.get("auto_archive_duration") or 1_440
    thread = place.thread(forum, wanted["name"], PUBLIC_THREAD, owner=place.me, archive=archive)
    thread.applied = list(tags)
    message = post(place, ask, thread, first, number=thread.id)
    return 201, thread.json() | {"message": message.json()}


def _check_thread(wanted: Json) -> None:
    name, archive = wanted.get("name"), wanted.get("auto_archive_duration")
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= 100:
        raise Refused(50035, errors=error("name", code="BASE_TYPE_BAD_LENGTH"))
    if archive is not None and archive not in ARCHIVE_AFTER:
        raise Refused(50035, errors=error("auto_archive_duration", code="BASE_TYPE_CHOICES"))


# Commands


def get_commands(place: Place, ask: Ask, app: str, guild: str = "") -> Done:
    _scope(place, app, guild)
    return 200, place.commands.get(guild, [])


def put_commands(place: Place, ask: Ask, app: str, guild: str = "") -> Done:
    """All commands at once; a name that was there keeps its id, a new one counts towards the day's 200."""
    _scope(place, app, guild)
    wanted = ask.payload
    if not isinstance(wanted, list):
        raise Refused(50035, errors=error(code="LIST_TYPE_CONVERT"))
    if wrong := nested(discord_commands.of_app(wanted)):
        raise Refused(50035, errors=wrong)
    held = {(each["type"], each["name"]): each["id"] for each in place.commands.get(guild, [])}
    new = [each for each in wanted if (each.get("type", 1), each["name"]) not in held]
    day = [1 for at, where in place.creates if where == guild and place.now() - at < timedelta(days=1)]
    if len(day) + len(new) > DAILY_CREATES:
        raise Refused(30034, 400)
    place.creates += [(place.now(), guild) for _ in new]
    place.syncs.append(guild)
    place.commands[guild] = [_command(place, each, held, guild) for each in wanted]
    place.changed()
    return 200, place.commands[guild]


def _command(place: Place, wanted: Json, held: dict[tuple[int, str], str], guild: str) -> Json:
    kind = wanted.get("type", 1)
    told = {
        "description": "",
        "default_member_permissions": None,
        "dm_permission": True,
        "nsfw": False,
        "options": [],
        "contexts": None,
        "integration_types": [0],
        **wanted,
        "type": kind,
        "id": held.get((kind, wanted["name"])) or place.new_id(),
        "application_id": place.me.id,
        "version": place.new_id(),
    }
    if told["default_member_permissions"] is not None:
        told["default_member_permissions"] = str(told["default_member_permissions"])
    return told | ({"guild_id": guild} if guild else {})


def _scope(place: Place, app: str, guild: str) -> None:
    if app != place.me.id:
        raise Refused(10002)
    if guild:
        try:
            place.guild(guild)
        except Refused:
            raise Refused(50001) from None


# What they rest on


def _visible(place: Place, number: str) -> Channel:
    """The channel, if the app may see it.  Raises Refused."""
    if number in place.refusals:
        status, code = place.refusals[number]
        raise Refused(code, status)
    found = place.channel(number)
    if Permission.VIEW_CHANNEL not in found.permissions(place.me):
        raise Refused(50001)
    return found


def _may_write(place: Place, channel: Channel) -> None:
    person = channel.person
    if person is not None and (person.closed or not any(person in guild for guild in place.guilds)):
        raise Refused(50007)
    may(place, channel, Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES)
    if channel.locked and Permission.MANAGE_THREADS not in channel.permissions(place.me):
        raise Refused(160005)
    if channel.archived:
        channel.archived = False
        assert channel.guild is not None
        place.tell_guild(channel.guild, "THREAD_UPDATE", channel.json())


def _message(channel: Channel, number: str) -> Message:
    for message in channel.messages:
        if message.id == number and not message.gone and not message.ephemeral:
            return message
    raise Refused(10008)


def _read(place: Place, message: Message) -> Json:
    """As the app reads it in a channel: nothing of its nonce, and no words of others without the intent."""
    return message.json(for_stranger=place.is_strange(message))


ROUTES: list[tuple[str, str, Route, bool]] = [  # method, path, what it does, whether the app must say who it is
    ("GET", "/users/@me", me, True),
    ("GET", "/applications/@me", application, True),
    ("GET", "/oauth2/applications/@me", application, True),
    ("GET", "/gateway", gateway, False),
    ("GET", "/gateway/bot", gateway_for_bots, True),
    ("POST", "/users/@me/channels", direct_messages, True),
    ("GET", "/guilds/{guild}", get_guild, True),
    ("GET", "/guilds/{guild}/members/{user}", get_member, True),
    ("GET", "/guilds/{guild}/threads/active", active_threads, True),
    ("GET", "/channels/{channel}", get_channel, True),
    ("PATCH", "/channels/{channel}", change_channel, True),
    ("POST", "/channels/{channel}/typing", typing, True),
    ("POST", "/channels/{channel}/messages", post_message, True),
    ("GET", "/channels/{channel}/messages", get_messages, True),
    ("GET", "/channels/{channel}/messages/{message}", get_message, True),
    ("PATCH", "/channels/{channel}/messages/{message}", edit_message, True),
    ("DELETE", "/channels/{channel}/messages/{message}", delete_message, True),
    ("POST", "/channels/{channel}/messages/{message}/threads", thread_of_message, True),
    ("POST", "/channels/{channel}/threads", thread_alone, True),
    ("GET", "/applications/{app}/commands", get_commands, True),
    ("PUT", "/applications/{app}/commands", put_commands, True),
    ("GET", "/applications/{app}/guilds/{guild}/commands", get_commands, True),
    ("PUT", "/applications/{app}/guilds/{guild}/commands", put_commands, True),
    ("POST", "/interactions/{interaction}/{token}/callback", respond, False),
    ("POST", "/webhooks/{app}/{token}", follow_up, False),
    ("GET", "/webhooks/{app}/{token}/messages/{message}", get_answer, False),
    ("PATCH", "/webhooks/{app}/{token}/messages/{message}", edit_answer, False),
    ("DELETE", "/webhooks/{app}/{token}/messages/{message}", delete_answer, False),
]
_PATTERNS = [
    (method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), act, shut) for method, path, act, shut in ROUTES
]


def route(method: str, path: str) -> tuple[Route, dict[str, str], bool]:
    """What answers a request, and the ids in its path.  Raises Refused: there is no such place."""
    for wanted, pattern, act, shut in _PATTERNS:
        if wanted == method and (found := pattern.fullmatch(path)):
            return act, found.groupdict(), shut
    if any(pattern.fullmatch(path) for _, pattern, _, _ in _PATTERNS):
        raise Refused(0, 405)
    raise Refused(0, 404)
