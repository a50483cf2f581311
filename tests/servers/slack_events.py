"""What happens in a workspace of Slack without the app having a say, and how it is told: messages, channels, removal."""

from __future__ import annotations

from collections.abc import Collection

from tests.servers.slack_blocks import Json
from tests.servers.slack_socket import COMMON, Sockets
from tests.servers.slack_workspace import BOT, TEAM, Channel, File, Message, Workspace

EVENTS = {  # what the app is told of, and the scope that each needs; "" for none
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "tokens_revoked": "",
    "message.im": "im:history",
    "member_joined_channel": "channels:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_rename": "channels:read",
    "group_archive": "groups:read",
    "group_unarchive": "groups:read",
    "group_deleted": "groups:read",
    "group_rename": "groups:read",
    "channel_left": "channels:read",
    "group_left": "groups:read",
}


class Events:
    """Each event is sent in the background, until the app has acknowledged it or Slack gives it up.

    Args:
        events: what the app subscribed to; of what it has no scope for it is not told either.
    """

    def __init__(self, workspace: Workspace, sockets: Sockets, events: Collection[str]) -> None:
        self.workspace = workspace
        self.sockets = sockets
        self.events = set(events)
        self._announced: list[Json] = []
        workspace.joined = self._joined

    def say(self, user: str, channel: str, text: str, *, thread: Message | None = None) -> Message:
        """Somebody writes a message."""
        head = (thread.thread or thread.ts) if thread else None
        return self.workspace.store(channel, user, {"text": text}, thread=head)

    def mention(self, user: str, channel: str, text: str, *, thread: Message | None = None) -> Message:
        """Somebody writes to the app in a channel: ``<@U0BOT> text``.  Where it is no member nobody is told."""
        message = self.say(user, channel, f"<@{BOT}> {text}".strip(), thread=thread)
        if BOT in self.workspace.channels[channel].members:
            told = self.workspace.message_json(message)
            self._announce("app_mention", {**told, "type": "app_mention", "channel": channel, "event_ts": message.ts})
        return message

    def dm(self, user: str, text: str, *, files: Collection[File] = (), thread: Message | None = None) -> Message:
        """Somebody writes to the app alone."""
        channel = self.workspace.im(user)
        message = self.workspace.store(channel.id, user, {"text": text}, files=files, thread=thread.ts if thread else None)
        told = self.workspace.message_json(message) | ({"subtype": "file_share"} if files else {})
        self._announce("message.im", {**told, "channel": channel.id, "channel_type": "im", "event_ts": message.ts})
        return message

    def file(self, name: str, content: bytes, *, user: str = "U1") -> File:
        """A file of a person: for ``dm(files=[...])``, or as the value of a field for files."""
        file = File(f"F{self.workspace.number('file')}", name, content, user, uploaded=True, complete=True)
        self.workspace.files[file.id] = file
        return file

    def upload(self, user: str, name: str, content: bytes, text: str = "") -> Message:
        """Somebody sends the app a file."""
        return self.dm(user, text, files=[self.file(name, content, user=user)])

    def open_home(self, user: str, tab: str = "home") -> None:
        """Somebody opens the app's Home tab, or its messages."""
        view: Json = {"view": self.workspace.homes[user].as_json()} if user in self.workspace.homes and tab == "home" else {}
        told = {"user": user, "channel": self.workspace.im(user).id, "tab": tab, **view}
        self._announce("app_home_opened", told)

    def invite(self, channel: str, user: str = BOT) -> None:
        """Somebody is taken into a channel: ``/invite``."""
        self.workspace.join(self.workspace.channels[channel], user)

    def kick(self, channel: str) -> None:
        """The app is put out of a channel."""
        self._announce(f"{self._family(channel)}_left", {"channel": channel})
        self.workspace.channels[channel].members.discard(BOT)

    def archive(self, channel: str) -> None:
        self.workspace.channels[channel].archived = True
        self._announce(f"{self._family(channel)}_archive", {"channel": channel, "user": "U1"})

    def unarchive(self, channel: str) -> None:
        self.workspace.channels[channel].archived = False
        self._announce(f"{self._family(channel)}_unarchive", {"channel": channel, "user": "U1"})

    def delete_channel(self, channel: str) -> None:
        self.workspace.channels[channel].deleted = True
        self._announce(f"{self._family(channel)}_deleted", {"channel": channel})

    def rename(self, channel: str, name: str) -> None:
        self.workspace.channels[channel].name = name
        told = {"id": channel, "name": name, "created": int(self.workspace.clock.now())}
        self._announce(f"{self._family(channel)}_rename", {"channel": told})

    def delete_message(self, message: Message) -> None:
        """Somebody deletes a message."""
        self.workspace.delete(message)

    def revoke_tokens(self) -> None:
        """The app's token is taken back: a call with it says ``token_revoked``."""
        self.workspace.dead[self.workspace.bot_token] = "token_revoked"
        self._announce("tokens_revoked", {"tokens": {"oauth": [], "bot": [BOT]}})

    def uninstall(self, *, tokens_first: bool = True) -> None:
        """The app is removed from the workspace; Slack promises no order of the two events."""
        self.workspace.dead[self.workspace.bot_token] = "account_inactive"
        told: list[tuple[str, Json]] = [("tokens_revoked", {"tokens": {"oauth": [], "bot": [BOT]}}), ("app_uninstalled", {})]
        for name, event in told if tokens_first else reversed(told):
            self._announce(name, event)

    def install(self, token: str = "") -> str:
        """Install the app anew; returns its token, the same as before unless another is given."""
        self.workspace.bot_token = token or self.workspace.bot_token
        self.workspace.dead.pop(self.workspace.bot_token, None)
        return self.workspace.bot_token

    def redeliver(self, kind: str = "") -> None:
        """Send the last event, or the last of a kind, once more with the same ``event_id``."""
        self.sockets.announce(next(one for one in reversed(self._announced) if kind in ("", one["event"]["type"])))

    # How events are told

    def _announce(self, kind: str, event: Json) -> None:
        """Tell the app of an event, when it asked for that and may know it."""
        if kind not in self.events or EVENTS[kind] not in self.workspace.scopes | {""} or self._is_secret(event):
            return
        number = self.workspace.number("event")
        told = {"type": kind.partition(".")[0], "event_ts": self.workspace.stamp(), **event}
        who = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}
        body: Json = {**COMMON, "team_id": TEAM, "event": told, "type": "event_callback", "event_id": f"Ev{number}"}
        body |= {"event_time": int(self.workspace.clock.now()), "authorizations": [who], "is_ext_shared_channel": False}
        self._announced.append(body)
        self.sockets.announce(body)

    def _is_secret(self, event: Json) -> bool:
        """It is about a private channel without the app."""
        named = event.get("channel")
        channel = self.workspace.channels.get(named["id"] if isinstance(named, dict) else str(named))
        return channel is not None and channel.kind == "private" and BOT not in channel.members

    def _joined(self, channel: Channel, user: str) -> None:
        told = {"user": user, "channel": channel.id, "channel_type": channel.id[0], "team": TEAM}
        if BOT in channel.members:
            self._announce("member_joined_channel", told)

    def _family(self, channel: str) -> str:
        return "channel" if self.workspace.channels[channel].kind == "public" else "group"
