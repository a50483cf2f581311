"""How messages are written at the stand-in for Discord: checked, stored, edited, deleted; whom they ring, what they unfold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.servers import discord_components
from tests.servers.discord_guilds import SUPPRESS_EMBEDS, V2, Attachment, Channel, Guild, Json, Message, Permission, User
from tests.servers.discord_limits import error, message_faults, nested, within
from tests.servers.discord_place import NONCE_S, Act, Place, Refused
from tests.servers.discord_words import pings, previews

Done = tuple[int, Any]  # a status, and what is answered

RINGING, RINGING_OF_ANSWERS = ("users", "roles", "everyone"), ("users",)  # the mentions that ring when a message does not say


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


def may(place: Place, channel: Channel, permission: Permission) -> None:
    """Raises Refused: the app may not do that there."""
    if permission not in channel.permissions(place.me):
        raise Refused(50013)


def check(payload: Json, ask: Ask, *, interaction: bool = False, before: Message | None = None) -> None:
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


def same_nonce(place: Place, channel: Channel, payload: Json) -> Message | None:
    """The message that was posted there with the same nonce some minutes ago, where a payload asks to be held to it."""
    nonce = payload.get("nonce")
    if nonce is None or not payload.get("enforce_nonce"):
        return None
    for message in reversed(channel.messages):
        recent = (place.now() - message.at).total_seconds() < NONCE_S
        if recent and message.author is place.me and not message.gone and str(message.payload.get("nonce")) == str(nonce):
            return message
    return None


def post(
    place: Place,
    ask: Ask,
    channel: Channel,
    payload: Json,
    *,
    number: str | None = None,
    viewer: User | None = None,
    thinking: bool = False,
    act: Act | None = None,
) -> Message:
    """Store a message of the app.  Raises Refused.

    Args:
        number: its id, where that is given.
        viewer: the only one who sees it.
        act: what it answers; then it may do what the person may, not what the app may.
    """
    if act is None:
        if payload.get("embeds"):
            may(place, channel, Permission.EMBED_LINKS)
        if ask.files:
            may(place, channel, Permission.ATTACH_FILES)
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
    _ring(place, message)
    return place.store(message)


def edit(place: Place, ask: Ask, message: Message) -> None:
    """Change a message of the app.  Raises Refused."""
    changes = ask.body
    check(changes, ask, interaction=message.webhook is not None, before=message)
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
    _ring(place, message)
    if not message.ephemeral:
        place.tell_message(message, "MESSAGE_UPDATE", message.json(for_stranger=place.is_strange(message)))
    place.changed()


def delete(place: Place, message: Message) -> None:
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


def _ring(place: Place, message: Message) -> None:
    """Note whom a message rings, and what it unfolds; nobody is rung by what one person sees."""
    granted = message.channel.permissions(place.me)
    unfolds = Permission.EMBED_LINKS in granted and not message.flags & SUPPRESS_EMBEDS  # one of components has no content
    message.previews = previews(message.content) if unfolds else []
    if message.viewer is not None:
        return
    for ping in pings(message.payload, RINGING_OF_ANSWERS if message.webhook else RINGING):
        if _rings(message, ping, Permission.MENTION_EVERYONE in granted):
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
