"""The methods of Slack's Web API that an app like ours uses, and the ``response_url``: what each does and refuses.

Sources: Slack's method reference and its last official OpenAPI document for arguments and error words; "Handling user
interaction" for ``response_url``; bolt-python#1268 and bolt-js#2287 for what ``replace_original`` does to a command: nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.servers.slack_blocks import Json, RefusedError, check_blocks, check_view
from tests.servers.slack_workspace import APP, BOT, TEAM, Channel, File, Message, Person, Trigger, View, Workspace

LONGEST_TEXT = 40_000  # more is cut off
LONGEST_UPDATE = 4_000  # bytes; more is refused
LONGEST_METADATA = 8_192  # bytes
TRIGGER_S = 3.0
RESPONSE_S, RESPONSE_USES = 1_800.0, 5
DEEPEST = 3


class Refusal(Exception):  # noqa: N818
    """An answer with ``ok`` false."""

    def __init__(self, word: str, **more: Any) -> None:
        super().__init__(word)
        self.answer: Json = {"ok": False, "error": word, **more}


@dataclass(frozen=True)
class Ask:
    """One call: its arguments as they came, texts or values."""

    method: str
    args: Json
    token: str

    def text(self, name: str) -> str:
        value = self.args.get(name)
        return "" if value is None else str(value)

    def switch(self, name: str, default: bool = False) -> bool:
        return str(self.args.get(name, default)).lower() in ("true", "1")

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.args.get(name, default))
        except (TypeError, ValueError):
            raise Refusal("invalid_arguments") from None

    def structure(self, name: str, refusal: str) -> Any:
        """A list or object, which a form carries as JSON; None when there is none."""
        value = self.args.get(name)
        if isinstance(value, str) and value:
            try:
                return json.loads(value)
            except ValueError:
                raise Refusal(refusal) from None
        return value if value != "" else None


Method = Callable[[Workspace, Ask], Json]
METHODS: dict[str, tuple[Method, str]] = {}


def method(name: str, scope: str = "") -> Callable[[Method], Method]:
    """Register what answers ``name`` when the scope was granted."""

    def register(answer: Method) -> Method:
        METHODS[name] = (answer, scope)
        return answer

    return register


def call(workspace: Workspace, ask: Ask) -> Json:
    """What Slack answers."""
    try:
        if ask.method not in METHODS:
            raise Refusal("unknown_method", req_method=ask.method)
        answer, scope = METHODS[ask.method]
        _authorise(workspace, ask)
        if scope:
            _need(workspace, scope)
        return {"ok": True, **answer(workspace, ask)}
    except Refusal as refusal:
        return refusal.answer


OF_THE_APP = ("apps.connections.open",)


def _authorise(workspace: Workspace, ask: Ask) -> None:
    if not ask.token:
        raise Refusal("not_authed")
    if ask.token in workspace.dead:
        raise Refusal(workspace.dead[ask.token])
    if ask.token not in (workspace.bot_token, workspace.app_token):
        raise Refusal("invalid_auth")
    if (ask.token == workspace.app_token) != (ask.method in OF_THE_APP):
        raise Refusal("not_allowed_token_type")


def _need(workspace: Workspace, scope: str) -> None:
    if scope not in workspace.scopes:
        raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(workspace.scopes)))


# The app itself


@method("auth.test")
def auth_test(workspace: Workspace, ask: Ask) -> Json:
    team: Json = {"url": "https://dateline-test.slack.com/", "team": "Dateline test", "team_id": TEAM}
    return {**team, "user": workspace.people[BOT].name, "user_id": BOT, "bot_id": "B0BOT", "is_enterprise_install": False}


@method("apps.connections.open")
def connections_open(workspace: Workspace, ask: Ask) -> Json:
    ticket = f"ticket-{workspace.number('ticket')}"
    workspace.tickets.add(ticket)
    return {"url": f"{workspace.origin.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={APP}"}


# Channels

_PREFIX = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


def _channel(workspace: Workspace, ask: Ask, name: str = "channel") -> Channel:
    """The channel that is asked for, where the app can see it."""
    channel = workspace.channels.get(ask.text(name))
    if channel is None or channel.deleted or (channel.kind != "public" and BOT not in channel.members):
        raise Refusal("channel_not_found")
    return channel


def _readable(workspace: Workspace, ask: Ask, what: str) -> Channel:
    channel = _channel(workspace, ask)
    _need(workspace, f"{_PREFIX[channel.kind]}:{what}")
    return channel


def _writable(workspace: Workspace, ask: Ask, name: str = "channel") -> Channel:
    if ask.text(name) == BOT:
        raise Refusal("cannot_dm_bot")
    if ask.text(name) in workspace.people:  # a person's id stands for what they and the app say to each other
        return workspace.im(ask.text(name))
    channel = _channel(workspace, ask, name)
    if channel.archived:
        raise Refusal("is_archived")
    if BOT not in channel.members and "chat:write.public" not in workspace.scopes:
        raise Refusal("not_in_channel")
    return channel


def _channel_json(channel: Channel, members: bool = False) -> Json:
    kinds = {"is_channel": channel.kind == "public", "is_group": channel.kind == "private", "is_im": channel.kind == "im"}
    told: Json = {"id": channel.id, **kinds, "is_mpim": channel.kind == "mpim", "is_private": channel.kind != "public"}
    if channel.kind == "im":
        told["user"] = next(member for member in channel.members if member != BOT)
    else:
        told |= {"name": channel.name, "is_member": BOT in channel.members}
    return told | {"is_archived": channel.archived, **({"num_members": len(channel.members)} if members else {})}


@method("conversations.info")
def conversations_info(workspace: Workspace, ask: Ask) -> Json:
    return {"channel": _channel_json(_readable(workspace, ask, "read"), ask.switch("include_num_members"))}


@method("conversations.list")
def conversations_list(workspace: Workspace, ask: Ask) -> Json:
    kinds = {{"public_channel": "public", "private_channel": "private"}.get(one, one) for one in _kinds(ask)}
    for kind in kinds:
        _need(workspace, f"{_PREFIX.get(kind, kind)}:read")
    seen = [one for one in workspace.channels.values() if one.kind in kinds and not one.deleted]
    seen = [one for one in seen if one.kind == "public" or BOT in one.members]
    seen = [one for one in seen if not (ask.switch("exclude_archived") and one.archived)]
    page, cursor = _page(seen, ask, 100)
    return {"channels": [_channel_json(one) for one in page], **cursor}


def _kinds(ask: Ask) -> list[str]:
    return [one.strip() for one in (ask.text("types") or "public_channel").split(",")]


def _page(found: list[Any], ask: Ask, default: int) -> tuple[list[Any], Json]:
    """A page of what was found; the cursor is the number of the next one."""
    start, limit = ask.number("cursor", 0) if ask.text("cursor") else 0, ask.number("limit", default)
    more = str(start + limit) if start + limit < len(found) else ""
    return found[start : start + limit], {"response_metadata": {"next_cursor": more}}


@method("conversations.members")
def conversations_members(workspace: Workspace, ask: Ask) -> Json:
    page, cursor = _page(sorted(_readable(workspace, ask, "read").members), ask, 100)
    return {"members": page, **cursor}


@method("conversations.join", "channels:join")
def conversations_join(workspace: Workspace, ask: Ask) -> Json:
    channel = _channel(workspace, ask)
    if channel.kind != "public":
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    told: Json = {"warning": "already_in_channel"} if BOT in channel.members else {}
    workspace.join(channel, BOT)
    return {"channel": _channel_json(channel), **told}


@method("conversations.open", "im:write")
def conversations_open(workspace: Workspace, ask: Ask) -> Json:
    users = [one.strip() for one in ask.text("users").split(",") if one.strip()]
    if len(users) != 1:
        raise Refusal("users_list_not_supplied" if not users else "not_enough_users")
    _person(workspace, users[0])
    return {"channel": {"id": workspace.im(users[0]).id}}


@method("conversations.history")
def conversations_history(workspace: Workspace, ask: Ask) -> Json:
    channel = _readable(workspace, ask, "history")
    if BOT not in channel.members:
        raise Refusal("not_in_channel")
    found = [one for one in workspace.standing(channel.id) if one.thread is None]
    return _history(workspace, ask, list(reversed(found)))


@method("conversations.replies")
def conversations_replies(workspace: Workspace, ask: Ask) -> Json:
    channel = _readable(workspace, ask, "history")
    if BOT not in channel.members:
        raise Refusal("not_in_channel")
    ts = ask.text("ts")
    found = [one for one in workspace.standing(channel.id) if ts in (one.ts, one.thread)]
    if not found:
        raise Refusal("thread_not_found")
    return _history(workspace, ask, found)


def _history(workspace: Workspace, ask: Ask, found: list[Message]) -> Json:
    oldest, latest = ask.text("oldest") or "0", ask.text("latest") or "9" * 12
    least, most = _instant(oldest, "invalid_ts_oldest"), _instant(latest, "invalid_ts_latest")

    def asked_for(message: Message) -> bool:
        at = _instant(message.ts, "fatal_error")
        return least < at < most or (ask.switch("inclusive") and at in (least, most))

    found = [one for one in found if asked_for(one)]
    start, limit = ask.number("cursor", 0) if ask.text("cursor") else 0, min(ask.number("limit", 100), 999)
    if limit < 1:
        raise Refusal("invalid_limit")
    limit = min(limit, workspace.history_most)
    page, more = found[start : start + limit], start + limit < len(found)
    metadata = ask.switch("include_all_metadata")
    told: Json = {"messages": [workspace.message_json(one, metadata=metadata) for one in page], "has_more": more}
    return told | ({"response_metadata": {"next_cursor": str(start + limit)}} if more else {})


def _instant(ts: str, refusal: str) -> tuple[int, int]:
    """A time stamp as whole seconds and micros: a float would lose the last digit."""
    seconds, _, rest = ts.partition(".")
    if not seconds.isdecimal() or not (rest or "0").isdecimal():
        raise Refusal(refusal)
    return int(seconds), int(f"{rest:0<6}"[:6])


# Messages


@method("chat.postMessage", "chat:write")
def chat_post_message(workspace: Workspace, ask: Ask) -> Json:
    channel = _writable(workspace, ask)
    message = workspace.store(channel.id, BOT, _content(ask), thread=_thread(workspace, channel, ask.text("thread_ts")))
    return {"channel": channel.id, "ts": message.ts, "message": workspace.message_json(message, metadata=True)}


@method("chat.postEphemeral", "chat:write")
def chat_post_ephemeral(workspace: Workspace, ask: Ask) -> Json:
    channel = _writable(workspace, ask)
    if ask.text("user") not in channel.members:
        raise Refusal("user_not_in_channel")
    if BOT not in channel.members:
        raise Refusal("not_in_channel")
    content = _content(ask)
    message = workspace.store(channel.id, BOT, content, thread=ask.text("thread_ts"), reader=ask.text("user"))
    return {"message_ts": message.ts}


@method("chat.update", "chat:write")
def chat_update(workspace: Workspace, ask: Ask) -> Json:
    channel, message = _own_message(workspace, ask, "cant_update_message")
    if len(ask.text("text").encode()) > LONGEST_UPDATE:
        raise Refusal("msg_too_long")
    if channel.archived:
        raise Refusal("is_archived")
    content = _content(ask)
    if ask.args.get("metadata") is None and message.metadata:
        content["metadata"] = message.metadata
    workspace.edit(message, content)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": workspace.message_json(message)}


@method("chat.delete", "chat:write")
def chat_delete(workspace: Workspace, ask: Ask) -> Json:
    channel, message = _own_message(workspace, ask, "cant_delete_message")
    workspace.delete(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink")
def chat_get_permalink(workspace: Workspace, ask: Ask) -> Json:
    channel = _channel(workspace, ask)
    message = workspace.find(channel.id, ask.text("message_ts"))
    if message is None:
        raise Refusal("message_not_found")
    address = f"https://dateline-test.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": address}


def _own_message(workspace: Workspace, ask: Ask, otherwise: str) -> tuple[Channel, Message]:
    channel = _channel(workspace, ask)
    message = workspace.find(channel.id, ask.text("ts"))
    if message is None:
        raise Refusal("message_not_found")
    if message.user != BOT:
        raise Refusal(otherwise)
    return channel, message


def _thread(workspace: Workspace, channel: Channel, ts: str) -> str | None:
    """The message at the head of the thread: a reply to a reply stands beside it."""
    head = workspace.find(channel.id, ts) if ts else None
    return (head.thread or head.ts) if head else ts or None


FLAGS = ("unfurl_links", "unfurl_media", "link_names", "mrkdwn")


def _content(ask: Ask) -> Json:
    """What a message would show, checked."""
    if "markdown_text" in ask.args or "attachments" in ask.args:
        raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] not served by this stand-in"]})
    if not isinstance(ask.args.get("text", ""), str | None):
        raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] must be a string [json-pointer:/text]"]})
    blocks = ask.structure("blocks", "invalid_blocks_format")
    content = checked(ask.text("text"), blocks)
    metadata = ask.structure("metadata", "invalid_metadata_format")
    if metadata is not None:
        _check_metadata(metadata)
        content["metadata"] = metadata
    content |= {name: ask.switch(name) for name in FLAGS if ask.args.get(name) is not None}
    return content | ({"parse": ask.text("parse")} if ask.text("parse") else {})


def checked(text: str, blocks: Any) -> Json:
    """Text and blocks as they would be stored; `Refusal` where Slack does not take them."""
    if not text.strip() and not blocks:
        raise Refusal("no_text")
    try:
        check_blocks([] if blocks is None else blocks)
    except RefusedError as error:
        raise _as_refusal(error) from error
    return {"text": text[:LONGEST_TEXT], **({"blocks": blocks} if blocks else {})}


def _as_refusal(error: RefusedError) -> Refusal:
    if not error.why:
        return Refusal(error.word)
    more = {"errors": [error.why]} if error.word == "invalid_blocks" else {}
    return Refusal(error.word, **more, response_metadata={"messages": [f"[ERROR] {error.why}"]})


def _check_metadata(metadata: Any) -> None:
    if not isinstance(metadata, dict):
        raise Refusal("invalid_metadata_format")
    if metadata and set(metadata) != {"event_type", "event_payload"}:
        raise Refusal("invalid_metadata_format")
    kind, payload = metadata.get("event_type", "x"), metadata.get("event_payload", {})
    if not isinstance(kind, str) or not 1 <= len(kind) <= 255 or not isinstance(payload, dict):
        raise Refusal("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > LONGEST_METADATA:
        raise Refusal("metadata_too_large")


# People


def _person(workspace: Workspace, user: str) -> Person:
    if user not in workspace.people:
        raise Refusal("user_not_found")
    return workspace.people[user]


@method("users.info", "users:read")
def users_info(workspace: Workspace, ask: Ask) -> Json:
    person = _person(workspace, ask.text("user"))
    return {"user": _person_json(person, workspace.clock.now(), locale=ask.switch("include_locale"))}


@method("users.list", "users:read")
def users_list(workspace: Workspace, ask: Ask) -> Json:
    page, cursor = _page(list(workspace.people.values()), ask, 100)
    return {
        "members": [_person_json(one, workspace.clock.now(), locale=ask.switch("include_locale")) for one in page],
        **cursor,
    }


def _person_json(person: Person, now: float, *, locale: bool) -> Json:
    profile = {"real_name": person.name.title(), "display_name": person.name}
    offset = datetime.fromtimestamp(now, ZoneInfo(person.tz)).utcoffset() or timedelta()
    zone: Json = {"tz": person.tz, "tz_label": person.tz, "tz_offset": int(offset.total_seconds())}
    may: Json = {"is_admin": person.admin or person.owner, "is_owner": person.owner, "is_primary_owner": False}
    told: Json = {"id": person.id, "team_id": TEAM, "name": person.name, "deleted": person.deleted, "profile": profile}
    told |= {**zone, **may, "is_restricted": False, "is_ultra_restricted": False, "is_bot": person.bot}
    return told | ({"locale": person.locale} if locale else {})


@method("usergroups.list", "usergroups:read")
def usergroups_list(workspace: Workspace, ask: Ask) -> Json:
    with_users = ask.switch("include_users")
    groups = [
        {"id": one.id, "team_id": TEAM, "name": one.handle, "handle": one.handle, "date_delete": 0, "is_usergroup": True}
        | ({"users": one.members} if with_users else {})
        for one in workspace.groups.values()
    ]
    return {"usergroups": groups}


@method("usergroups.users.list", "usergroups:read")
def usergroups_users_list(workspace: Workspace, ask: Ask) -> Json:
    if ask.text("usergroup") not in workspace.groups:
        raise Refusal("no_such_subteam")
    return {"users": list(workspace.groups[ask.text("usergroup")].members)}


# Views


def _view(ask: Ask, *kinds: str) -> Json:
    view = ask.structure("view", "invalid_arguments")
    try:
        check_view(view, kinds)
    except RefusedError as error:
        raise _as_refusal(error) from error
    if len(json.dumps(view)) > 250_000:
        raise Refusal("view_too_large")
    checked_view: Json = view
    return checked_view


def _trigger(workspace: Workspace, ask: Ask) -> Trigger:
    """What somebody did a moment ago; it opens one view."""
    trigger = workspace.triggers.get(ask.text("trigger_id"))
    if trigger is None:
        raise Refusal("invalid_trigger_id")
    if trigger.used:
        raise Refusal("exchanged_trigger_id")
    if workspace.clock.now() - trigger.issued > TRIGGER_S:
        raise Refusal("expired_trigger_id")
    return trigger


def _same_id_twice(workspace: Workspace, view: Json, but: View | None = None) -> None:
    external = view.get("external_id")
    others = [one for one in [*workspace.views.values(), *workspace.homes.values()] if one.open and one is not but]
    if external and any(one.view.get("external_id") == external for one in others):
        raise Refusal("duplicate_external_id")


@method("views.open")
def views_open(workspace: Workspace, ask: Ask) -> Json:
    return _opened(workspace, ask, None)


@method("views.push")
def views_push(workspace: Workspace, ask: Ask) -> Json:
    trigger = workspace.triggers.get(ask.text("trigger_id"))
    under = trigger.within if trigger else None
    if trigger and (under is None or not under.open):
        raise Refusal("not_found")
    if under and under.depth >= DEEPEST:
        raise Refusal("push_limit_reached")
    return _opened(workspace, ask, under)


def _opened(workspace: Workspace, ask: Ask, under: View | None) -> Json:
    view = _view(ask, "modal")
    trigger = _trigger(workspace, ask)
    _same_id_twice(workspace, view)
    trigger.used = True
    opened = workspace.open_view(trigger.user, view, under)
    trigger.views.append(opened)
    workspace.changed()
    return {"view": opened.as_json()}


@method("views.update")
def views_update(workspace: Workspace, ask: Ask) -> Json:
    content = _view(ask, "modal", "home")
    view_id, external = ask.text("view_id"), ask.text("external_id")
    known = [one for one in [*workspace.views.values(), *workspace.homes.values()] if one.open]
    named = [one for one in known if one.id == view_id or (external and one.view.get("external_id") == external)]
    view = named[0] if named else None
    if view is None or view.kind != content["type"]:
        raise Refusal("not_found")
    if ask.text("hash") and ask.text("hash") != view.hash:
        raise Refusal("hash_conflict")
    _same_id_twice(workspace, content, view)
    workspace.put_view(view, content)
    return {"view": view.as_json()}


@method("views.publish")
def views_publish(workspace: Workspace, ask: Ask) -> Json:
    content = _view(ask, "home")
    user = _person(workspace, ask.text("user_id"))
    view = workspace.homes.get(user.id)
    if ask.text("hash") and (view is None or ask.text("hash") != view.hash):
        raise Refusal("hash_conflict")
    _same_id_twice(workspace, content, view)
    if view is None:
        view = workspace.homes[user.id] = View(f"VH{workspace.number('view')}", user.id, {}, "")
    workspace.put_view(view, content)
    return {"view": view.as_json()}


# Files


@method("files.getUploadURLExternal", "files:write")
def files_get_upload_url(workspace: Workspace, ask: Ask) -> Json:
    if not ask.text("filename") or ask.number("length", 0) < 1:
        raise Refusal("invalid_arguments")
    file = File(f"F{workspace.number('file')}", ask.text("filename"), b"\0" * ask.number("length", 0))
    workspace.files[file.id] = file
    return {"file_id": file.id, "upload_url": f"{workspace.origin}/upload/v1/{file.id}"}


@method("files.completeUploadExternal", "files:write")
def files_complete_upload(workspace: Workspace, ask: Ask) -> Json:
    asked = ask.structure("files", "invalid_arguments")
    if not isinstance(asked, list) or not asked:
        raise Refusal("invalid_arguments")
    files = [workspace.files.get(str(one.get("id"))) for one in asked]
    ready = [file for file in files if file is not None and file.uploaded and not file.complete]
    if len(ready) != len(files):
        raise Refusal("file_not_found")
    if ask.text("channel_id"):
        channel = _channel(workspace, ask, "channel_id")
        if channel.archived:
            raise Refusal("is_archived")
        if BOT not in channel.members:  # chat:write.public is for messages alone
            raise Refusal("not_in_channel")
        words = {"text": ask.text("initial_comment")}
        workspace.store(channel.id, BOT, words, thread=ask.text("thread_ts"), files=ready)
    for file in ready:
        file.complete = True
    workspace.changed()
    return {"files": [{"id": file.id, "title": file.name} for file in ready]}


@method("files.info", "files:read")
def files_info(workspace: Workspace, ask: Ask) -> Json:
    file = workspace.files.get(ask.text("file"))
    if file is None or not file.complete:
        raise Refusal("file_not_found")
    return {"file": workspace.file_json(file)}


# Answers to what somebody did


def respond(workspace: Workspace, path: str, said: Json) -> tuple[int, Json | None]:
    """What a POST to a ``response_url`` comes to: a status, and a refusal or None."""
    url = workspace.response_urls.get(path)
    if url is None:
        return 404, {"ok": False, "error": "invalid_url"}
    if workspace.clock.now() - url.issued > RESPONSE_S:
        return 404, {"ok": False, "error": "expired_url"}
    if url.uses >= RESPONSE_USES:
        return 404, {"ok": False, "error": "used_url"}
    try:
        answer(workspace, path, said)
    except Refusal as refusal:
        return 400, refusal.answer
    url.uses += 1
    return 200, None


def answer(workspace: Workspace, path: str, said: Json) -> Message | None:
    """Show what an acknowledgement or a ``response_url`` carries.

    It changes the message that was acted on where it is asked to; a command has none, so that its answers are new messages.
    Who sees the changed message stays as it was.
    """
    url = workspace.response_urls[path]
    ask = Ask("response_url", said, "")
    original = url.original if url.original and not url.original.deleted else None
    if ask.switch("delete_original"):
        if original is not None:
            workspace.delete(original)
        return None
    content = _content(ask)
    if ask.switch("replace_original") and original is not None:
        workspace.edit(original, content)
        return original
    public = ask.text("response_type") == "in_channel"
    thread = ask.text("thread_ts") or None
    message = workspace.store(url.channel, BOT, content, thread=thread, reader="" if public else url.user)
    url.answers.append(message)
    workspace.changed()
    return message
