"""The requests that an app sends to the stand-in for Discord, one function each; what is refused raises `Refused`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.servers import discord_commands, discord_components
from tests.servers.discord_guilds import (
    ANNOUNCEMENT,
    ANNOUNCEMENT_THREAD,
    CATEGORY,
    EPHEMERAL,
    FORUM,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    SUPPRESS_EMBEDS,
    TEXT,
    THREADS,
    V2,
    Attachment,
    Channel,
    Guild,
    Json,
    Message,
    Permission,
    User,
)
from tests.servers.discord_limits import error, message_faults, nested, within
from tests.servers.discord_place import ANSWER_S, NONCE_S, TOKEN_S, Act, Place, Refused
from tests.servers.discord_words import pings, previews

HISTORY_MOST = 100
DAILY_CREATES = 200
FOLLOW_UPS_ELSEWHERE = 5  # where the app is not a member
ARCHIVE_AFTER = (60, 1_440, 4_320, 10_080)


@dataclass
class Ask:
    """A request, read.

    Attributes:
        payload: the JSON object it brings.
        files: name and content of what it uploads, by its number.
    """

    payload: Any = None
    query: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes, str]] = field(default_factory=dict)

    @property
    def body(self) -> Json:
        if not isinstance(self.payload, dict):
            raise Refused(50109)
        return self.payload


Done = tuple[int, Any]  # a status and what is answered
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
    _check(payload, ask)
    if known := _same_nonce(place, found, payload):
        return 200, known.json() | {"nonce": payload["nonce"]}
    message = _post(place, ask, found, payload, default_pings=("users", "roles", "everyone"))
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
    _edit(place, ask, held, default_pings=("users", "roles", "everyone"))
    return 200, held.json()


def delete_message(place: Place, ask: Ask, channel: str, message: str) -> Done:
    found = _visible(place, channel)
    held = _message(found, message)
    if held.author is not place.me and Permission.MANAGE_MESSAGES not in found.permissions(place.me):
        raise Refused(50013)
    if found.archived and found.locked:
        raise Refused(50083)  # what is only archived can still be deleted from
    _delete(place, held)
    return 204, None


# Threads


def thread_of_message(place: Place, ask: Ask, channel: str, message: str) -> Done:
    found, wanted = _visible(place, channel), ask.body
    if found.kind not in (TEXT, ANNOUNCEMENT):
        raise Refused(50024)
    held = _message(found, message)
    if held.thread is not None:
        raise Refused(160004)
    _may(place, found, Permission.CREATE_PUBLIC_THREADS)
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
    _may(place, found, Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS)
    _check_thread(wanted)
    archive = wanted.get("auto_archive_duration") or 1_440
    return 201, place.thread(found, wanted["name"], kind, owner=place.me, archive=archive).json()


def _forum_post(place: Place, ask: Ask, forum: Channel, wanted: Json) -> Done:
    _may(place, forum, Permission.SEND_MESSAGES)
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
    _check(first, ask)
    archive = wanted.get("auto_archive_duration") or 1_440
    thread = place.thread(forum, wanted["name"], PUBLIC_THREAD, owner=place.me, archive=archive)
    thread.applied = list(tags)
    message = _post(place, ask, thread, first, number=thread.id, default_pings=("users", "roles", "everyone"))
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


# Interactions

MESSAGE, LATER, SILENTLY, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
COMMAND, PRESS, TYPING, SUBMIT = 2, 3, 4, 5  # kinds of interaction
RESPONSES = {
    COMMAND: (MESSAGE, LATER, MODAL),
    PRESS: (MESSAGE, LATER, SILENTLY, UPDATE, MODAL),
    TYPING: (CHOICES,),
    SUBMIT: (MESSAGE, LATER, SILENTLY, UPDATE),
}


def respond(place: Place, ask: Ask, interaction: str, token: str) -> Done:
    """The first response to an interaction; it has three seconds."""
    act = next((each for each in place.acts if (each.id, each.token) == (interaction, token)), None)
    if act is None or (act.first is None and (place.now() - act.at).total_seconds() >= ANSWER_S):
        raise Refused(10062)
    if act.first is not None:
        raise Refused(40060)
    kind, data = ask.body.get("type"), ask.body.get("data") or {}
    allowed = RESPONSES[act.kind]
    if act.kind == SUBMIT and act.source is None:
        allowed = (MESSAGE, LATER)
    if kind not in allowed:
        raise Refused(50035, errors=error("type", code="BASE_TYPE_CHOICES"))
    _first(place, ask, act, kind, data)
    act.first = kind
    if act.filled_in is not None:
        act.filled_in.form_open = False
    place.changed()
    if ask.query.get("with_response", "").lower() not in ("true", "1"):
        return 204, None
    told = {"id": act.id, "type": act.kind, "activity_instance_id": None}
    resource: Json = {"type": kind}
    if act.answer is not None:
        told |= {
            "response_message_id": act.answer.id,
            "response_message_loading": act.answer.thinking,
            "response_message_ephemeral": act.answer.ephemeral,
        }
        if kind in (MESSAGE, UPDATE):
            resource["message"] = act.answer.json()
    return 200, {"interaction": told, "resource": resource}


def _first(place: Place, ask: Ask, act: Act, kind: int, data: Json) -> None:
    match kind:
        case 4:
            _check(data, ask, interaction=True)
            act.answer = _answer(place, ask, act, data)
            act.states.append("message")
        case 5:
            if int(data.get("flags") or 0) & ~EPHEMERAL:
                raise Refused(50035, errors=error("data", "flags", code="BASE_TYPE_CHOICES"))
            act.answer = _answer(place, Ask(), act, {"flags": data.get("flags") or 0}, thinking=True)
            act.states.append("thinking")
        case 6:
            act.answer = act.source
            act.states.append("silent")
        case 7:
            assert act.source is not None
            _edit(place, Ask(data, files=ask.files), act.source, default_pings=("users",))
            act.answer = act.source
            act.states.append("updated")
        case 8:
            choices: list[Json] = data.get("choices") or []
            if wrong := nested(within(("data", "choices"), discord_commands.of_choices(choices))):
                raise Refused(50035, errors=wrong)
            act.choices = [(each["name"], each["value"]) for each in choices]
            act.states.append("choices")
        case 9:
            if wrong := nested(within(("data",), discord_components.of_modal(data))):
                raise Refused(50035, errors=wrong)
            act.modal, act.form_open = data, True
            act.states.append("modal")


def follow_up(place: Place, ask: Ask, app: str, token: str) -> Done:
    act = _act(place, app, token)
    payload = ask.body
    _check(payload, ask, interaction=True)
    if act.first == LATER and act.answer is not None and act.answer.thinking:  # a straight one takes the place of "thinking"
        _edit(place, ask, act.answer, default_pings=("users",))
        _shown(act)
        return 200, act.answer.json()
    guild = act.channel.guild
    if guild is not None and guild not in place.guilds:
        act.guest_follow_ups += 1
        if act.guest_follow_ups > FOLLOW_UPS_ELSEWHERE:
            raise Refused(40094)
    message = _answer(place, ask, act, payload)
    act.follow_ups.append(message)
    place.changed()
    return 200, message.json()


def get_answer(place: Place, ask: Ask, app: str, token: str, message: str) -> Done:
    return 200, _answered(_act(place, app, token), message).json()


def edit_answer(place: Place, ask: Ask, app: str, token: str, message: str) -> Done:
    act = _act(place, app, token)
    held = _answered(act, message)
    was_thinking = held.thinking
    _edit(place, ask, held, default_pings=("users",))
    if held is act.answer:
        _shown(act) if was_thinking else act.states.append("updated")
    place.changed()
    return 200, held.json()


def delete_answer(place: Place, ask: Ask, app: str, token: str, message: str) -> Done:
    act = _act(place, app, token)
    held = _answered(act, message)
    held.thinking = False
    _delete(place, held)
    if held is act.answer:
        act.states.append("deleted")
    place.changed()
    return 204, None


def _shown(act: Act) -> None:
    act.states.append("message")


def _act(place: Place, app: str, token: str) -> Act:
    act = next((each for each in place.acts if each.token == token), None)
    if app != place.me.id or act is None or act.first is None:
        raise Refused(10015)
    if (place.now() - act.at).total_seconds() >= TOKEN_S:
        raise Refused(50027)
    return act


def _answered(act: Act, number: str) -> Message:
    held = [act.answer] if number == "@original" else [act.answer, *act.follow_ups]
    for message in held:
        if message is not None and not message.gone and number in ("@original", message.id):
            return message
    raise Refused(10008)


def _answer(place: Place, ask: Ask, act: Act, payload: Json, *, thinking: bool = False) -> Message:
    """A message that answers an interaction."""
    viewer = act.user if int(payload.get("flags") or 0) & EPHEMERAL else None
    message = _post(place, ask, act.channel, payload, default_pings=("users",), viewer=viewer, thinking=thinking, act=act)
    message.kind = 0 if act.kind != COMMAND else 20 if act.data["type"] == 1 else 23
    return message


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


def _may(place: Place, channel: Channel, permission: Permission) -> None:
    if permission not in channel.permissions(place.me):
        raise Refused(50013)


def _may_write(place: Place, channel: Channel) -> None:
    person = channel.person
    if person is not None and (person.closed or not any(person in guild for guild in place.guilds)):
        raise Refused(50007)
    _may(place, channel, Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES)
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


def _check(payload: Json, ask: Ask, *, interaction: bool = False, before: Message | None = None) -> None:
    """Raises Refused: a message, or what changes one, breaks a limit or says nothing."""
    at = ("data",) if interaction and isinstance(ask.payload, dict) and ask.payload.get("data") is payload else ()
    held = before.payload if before else {}
    wrong = [*message_faults(payload, interaction=interaction, before=held if before else None)]
    v2 = bool((int(payload.get("flags") or 0) | int(held.get("flags") or 0)) & V2)
    if payload.get("components"):
        inner = discord_components.of_message(payload["components"], v2=v2)
        wrong += within(("components",), inner)
    if told := nested(within(at, iter(wrong))):
        raise Refused(50035, errors=told)
    whole = {**held, **payload}
    files = payload.get("attachments", before.attachments if before else []) or ask.files
    if not (str(whole.get("content") or "").strip() or whole.get("embeds") or whole.get("components") or files):
        raise Refused(50006)


def _same_nonce(place: Place, channel: Channel, payload: Json) -> Message | None:
    nonce = payload.get("nonce")
    if nonce is None or not payload.get("enforce_nonce"):
        return None
    for message in reversed(channel.messages):
        recent = (place.now() - message.at).total_seconds() < NONCE_S
        if recent and message.author is place.me and not message.gone and str(message.payload.get("nonce")) == str(nonce):
            return message
    return None


def _post(
    place: Place,
    ask: Ask,
    channel: Channel,
    payload: Json,
    *,
    default_pings: Iterable[str],
    number: str | None = None,
    viewer: User | None = None,
    thinking: bool = False,
    act: Act | None = None,
) -> Message:
    if act is None:
        if payload.get("embeds"):
            _may(place, channel, Permission.EMBED_LINKS)
        if ask.files:
            _may(place, channel, Permission.ATTACH_FILES)
    message = Message(number or place.new_id(), channel, place.me, place.now(), dict(payload), viewer, thinking)
    reference = payload.get("message_reference")
    if reference:
        message.reply_to = next((each for each in channel.messages if each.id == str(reference.get("message_id"))), None)
        if message.reply_to is None and reference.get("fail_if_not_exists", True):
            raise Refused(50035, errors=error("message_reference", code="REPLIES_UNKNOWN_MESSAGE"))
    if act is not None:
        message.webhook = place.me.id
        message.started_by = {
            "id": act.id,
            "type": act.kind,
            "user": act.user.json(),
            "authorizing_integration_owners": {"0": channel.guild.id} if channel.guild else {"1": act.user.id},
        }
    message.attachments = _uploaded(place, ask, payload)
    _number(message)
    _ring(place, message, default_pings)
    return place.store(message)


def _edit(place: Place, ask: Ask, message: Message, *, default_pings: Iterable[str]) -> None:
    changes = ask.body
    _check(changes, ask, interaction=message.webhook is not None, before=message)
    keep = message.payload.get("flags") or 0
    if "flags" in changes:
        settable = SUPPRESS_EMBEDS | V2
        keep = keep & ~SUPPRESS_EMBEDS | int(changes["flags"] or 0) & settable  # once set, V2 stays
    if "attachments" in changes or ask.files:
        ids = {str(each.get("id")) for each in changes.get("attachments") or []}
        kept = [each for each in message.attachments if "attachments" not in changes or each.id in ids]
        message.attachments = kept + _uploaded(place, ask, changes)
    message.payload = {**message.payload, "allowed_mentions": None, **changes, "flags": keep}
    message.thinking = False
    message.edited_at = place.now()
    message.edits += 1
    _number(message)
    _ring(place, message, default_pings)
    if not message.ephemeral:
        place.tell_message(message, "MESSAGE_UPDATE", _read(place, message))
    place.changed()


def _delete(place: Place, message: Message) -> None:
    message.gone = True
    guild = message.channel.guild
    if guild and not message.ephemeral:
        place.tell_message(
            message, "MESSAGE_DELETE", {"id": message.id, "channel_id": message.channel.id, "guild_id": guild.id}
        )
    place.changed()


def _number(message: Message) -> None:
    """Give each component the number that Discord gives it where the app gave none."""
    taken = {part["id"] for part in message.parts() if part.get("id")}
    free = (number for number in range(1, 1_000) if number not in taken)
    for part in message.parts():
        if not part.get("id"):
            part["id"] = next(free)


def _ring(place: Place, message: Message, default: Iterable[str]) -> None:
    """Note whom a message rings, and what it unfolds; nobody is rung by what one person sees."""
    may = message.channel.permissions(place.me)
    unfolds = Permission.EMBED_LINKS in may and not message.flags & (SUPPRESS_EMBEDS | V2)
    message.previews = previews(message.content) if unfolds else []
    if message.viewer is not None:
        return
    for ping in pings(message.payload, default):
        if _rings(message, ping, Permission.MENTION_EVERYONE in may):
            message.pings.append(ping)


def _rings(message: Message, ping: str, may_ring_all: bool) -> bool:
    guild: Guild | None = message.channel.guild
    kind, _, number = ping.partition(":")
    if guild is None:
        return kind == "user" and message.channel.person is not None and message.channel.person.id == number
    if kind == "user":
        return number in guild.members
    if kind == "role":
        role = next((role for role in guild.roles if role.id == number), None)
        return role is not None and (role.mentionable or may_ring_all)
    return may_ring_all


def _uploaded(place: Place, ask: Ask, payload: Json) -> list[Attachment]:
    said = {str(each.get("id")): each for each in payload.get("attachments") or [] if isinstance(each, dict)}
    return [
        place.upload(said.get(number, {}).get("filename") or name, content, kind, said.get(number, {}).get("description"))
        for number, (name, content, kind) in ask.files.items()
    ]


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
