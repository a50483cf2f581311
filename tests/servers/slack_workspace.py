"""What a workspace of Slack holds: people, channels, messages, views, files; and the clock it goes by."""

from __future__ import annotations

import asyncio
import copy
import itertools
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from tests.servers.slack_blocks import Json, controls_of, objects
from tests.servers.slack_shown import controls, pings, previews, words

T = TypeVar("T")

BOT = "U0BOT"
TEAM = "T1"
APP = "A1"

SCOPES = frozenset(  # those that the app asks for
    {"commands", "chat:write", "chat:write.public", "channels:read", "groups:read", "channels:join", "channels:history"}
    | {"groups:history", "im:history", "users:read", "app_mentions:read", "usergroups:read", "files:read", "files:write"}
)

PATIENCE_S = 30  # of the loop; so long a condition may take before a test fails


class Clock:
    """The real one; instants are Unix seconds."""

    def now(self) -> float:
        return time.time()

    async def reach(self, instant: float) -> None:
        """Wait until it shows that instant."""
        await asyncio.sleep(max(0.0, instant - self.now()))


class HandClock(Clock):
    """One that stands still until it is moved: ``clock.move(3)``."""

    def __init__(self, start: float = 1_728_813_600.0) -> None:
        self._now = start
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> float:
        return self._now

    async def reach(self, instant: float) -> None:
        if instant > self._now:
            sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._sleepers.append((instant, sleeper))
            await sleeper

    def move(self, seconds: float) -> None:
        """Let so much time pass and wake who waited for that."""
        self._now += seconds
        for due, sleeper in self._sleepers:
            if due <= self._now and not sleeper.done():
                sleeper.set_result(None)
        self._sleepers = [(due, sleeper) for due, sleeper in self._sleepers if not sleeper.done()]


@dataclass
class Person:
    id: str
    name: str
    admin: bool = False
    owner: bool = False
    tz: str = "Europe/Berlin"
    locale: str = "en-US"
    deleted: bool = False
    bot: bool = False


Kind = Literal["public", "private", "im", "mpim"]


@dataclass
class Channel:
    id: str
    name: str
    kind: Kind = "public"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    deleted: bool = False


@dataclass
class Group:
    id: str
    handle: str
    members: list[str] = field(default_factory=list)


@dataclass
class File:
    id: str
    name: str
    content: bytes
    user: str = BOT
    channels: list[str] = field(default_factory=list)
    uploaded: bool = False
    complete: bool = False


@dataclass
class Message:
    """What stands in a channel, or what one person alone sees there.

    Args:
        user: who wrote it; `BOT` for the app.
        payload: what was sent, with the ids that Slack gave its blocks.
        thread: the ``ts`` of the message it stands under; None for one in the channel itself.
        reader: who alone sees it; "" for everyone.
        pings: what rang, over all its versions.
        previews: the addresses that Slack may draw a preview of.
        edited: it carries the word "edited".
        versions: what it was before each edit.
    """

    channel: str
    ts: str
    user: str
    payload: Json
    thread: str | None = None
    reader: str = ""
    deleted: bool = False
    edited: bool = False
    pings: list[str] = field(default_factory=list)
    previews: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    versions: list[Json] = field(default_factory=list)
    state: Json = field(default_factory=dict)

    @property
    def text(self) -> str:
        return str(self.payload.get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        return list(self.payload.get("blocks") or [])

    @property
    def metadata(self) -> Json | None:
        return self.payload.get("metadata")

    @property
    def controls(self) -> int:
        return controls(self.payload)

    @property
    def ephemeral(self) -> bool:
        return bool(self.reader)


@dataclass
class View:
    """A modal or a Home tab as it stands before a person.

    Args:
        view: what the app sent, with the ids that Slack gave.
        values: what stands in its fields, by block and action.
        open: nobody has closed it.
        under: the modal that it covers.
    """

    id: str
    user: str
    view: Json
    hash: str
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    open: bool = True
    under: View | None = None

    @property
    def kind(self) -> str:
        return str(self.view["type"])

    @property
    def blocks(self) -> list[Json]:
        return list(self.view["blocks"])

    @property
    def title(self) -> str:
        return str(self.view["title"]["text"])

    @property
    def callback_id(self) -> str:
        return str(self.view.get("callback_id", ""))

    @property
    def root(self) -> View:
        return self.under.root if self.under else self

    @property
    def depth(self) -> int:
        return 1 + (self.under.depth if self.under else 0)

    def as_json(self) -> Json:
        """As Slack sends it."""
        empty = {"private_metadata": "", "callback_id": "", "external_id": "", "title": None, "close": None, "submit": None}
        ids = {"id": self.id, "team_id": TEAM, "app_id": APP, "app_installed_team_id": TEAM, "bot_id": "B0BOT"}
        stack = {"root_view_id": self.root.id, "previous_view_id": self.under.id if self.under else None}
        switches = {"clear_on_close": False, "notify_on_close": False}
        return {**empty, **switches, **self.view, **ids, **stack, "hash": self.hash, "state": {"values": self.values}}


@dataclass
class Trigger:
    user: str
    issued: float
    used: bool = False
    within: View | None = None
    views: list[View] = field(default_factory=list)


@dataclass
class ResponseUrl:
    """Where answers to an act may be posted, five of them within half an hour."""

    channel: str
    user: str
    issued: float
    original: Message | None
    uses: int = 0
    answers: list[Message] = field(default_factory=list)


class Workspace:
    """The workspace ``T1`` and the app in it.

    Args:
        scopes: what the app was granted.
        clock: its own; by it messages are stamped, acts time out and events are sent again.
        history_most: how many messages one look into a channel gives; Slack gives 15 to apps that are sold.
    """

    def __init__(self, scopes: Collection[str], clock: Clock, history_most: int) -> None:
        self.scopes = set(scopes)
        self.clock = clock
        self.history_most = history_most
        self.bot_token, self.app_token = "xoxb-1-bot", "xapp-1-app"
        self.dead: dict[str, str] = {}  # tokens that were good once, and Slack's word for them now
        self.people: dict[str, Person] = {BOT: Person(BOT, "dateline", bot=True)}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, Group] = {}
        self.messages: list[Message] = []
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files: dict[str, File] = {}
        self.tickets: set[str] = set()  # each opens one connection
        self.joined: Callable[[Channel, str], None] = lambda channel, user: None
        self.origin = ""
        self._counts: dict[str, itertools.count[int]] = {}
        self._last_ts = 0
        self._change = asyncio.Event()

    # Waiting

    def changed(self) -> None:
        """Something happened: who waits looks again."""
        self._change.set()
        self._change = asyncio.Event()

    async def until(self, look: Callable[[], T], what: str = "what a test waits for", patience_s: float = PATIENCE_S) -> T:
        """Wait until ``look()`` gives something true, and return that.

        Raises:
            AssertionError: it did not in time.
        """
        try:
            async with asyncio.timeout(patience_s):
                while not (found := look()):
                    await self._change.wait()
                return found
        except TimeoutError:
            raise AssertionError(f"{what} did not happen within {patience_s} s") from None

    # Numbers and names

    def number(self, of: str) -> int:
        return next(self._counts.setdefault(of, itertools.count(1)))

    def ts(self) -> str:
        """A time stamp that no other message has."""
        micros = max(int(self.clock.now() * 1_000_000), self._last_ts + 1)
        self._last_ts = micros
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    def stamp(self) -> str:
        """This instant as Slack writes it into what it sends."""
        return f"{self.clock.now():.6f}"

    def name(self, some_id: str) -> str:
        """How a person, a channel or a group is written where people read."""
        if some_id in self.people:
            return f"@{self.people[some_id].name}"
        if some_id in self.channels:
            return f"#{self.channels[some_id].name}"
        return f"@{self.groups[some_id].handle}" if some_id in self.groups else some_id

    def with_ids(self, blocks: list[Json]) -> list[Json]:
        """The blocks as Slack stores them: each with an id, each control too."""
        stored = copy.deepcopy(blocks)
        for block in stored:
            block.setdefault("block_id", f"b{self.number('block')}")
            for one in controls_of(block):
                one.setdefault("action_id", f"a{self.number('action')}")
        for one in objects(stored):
            if one.get("type") == "plain_text":
                one.setdefault("emoji", True)
        return stored

    # Messages

    def store(
        self,
        channel: str,
        user: str,
        payload: Json,
        *,
        thread: str | None = None,
        reader: str = "",
        files: Collection[File] = (),
    ) -> Message:
        message = Message(channel, self.ts(), user, {}, thread or None, reader, files=list(files))
        self.messages.append(message)
        self._put(message, payload)
        message.previews = [] if reader else previews(payload)
        return message

    def edit(self, message: Message, payload: Json) -> None:
        message.versions.append(message.payload)
        message.edited = not payload.get("blocks")  # an edit with blocks leaves no mark
        self._put(message, payload)

    def _put(self, message: Message, payload: Json) -> None:
        blocks = {"blocks": self.with_ids(payload["blocks"])} if payload.get("blocks") else {}
        message.payload = {name: value for name, value in payload.items() if name != "blocks"} | blocks
        message.pings += list(pings(payload))
        message.state = {}
        self.changed()

    def delete(self, message: Message) -> None:
        message.deleted = True
        self.changed()

    def standing(self, channel: str) -> list[Message]:
        """What stands in a channel for everyone, threads included, in order."""
        return [one for one in self.messages if one.channel == channel and not one.reader and not one.deleted]

    def find(self, channel: str, ts: str) -> Message | None:
        return next((one for one in self.standing(channel) if one.ts == ts), None)

    def words(self, message: Message) -> str:
        return words(message.payload, self.name)

    def join(self, channel: Channel, user: str) -> None:
        if user not in channel.members:
            channel.members.add(user)
            self.joined(channel, user)
            self.changed()

    def im(self, user: str) -> Channel:
        """The channel in which a person and the app talk."""
        channel = self.channels.get(f"D{user}")
        if channel is None:
            channel = self.channels[f"D{user}"] = Channel(f"D{user}", user, "im", {user, BOT})
        return channel

    def message_json(self, message: Message, *, metadata: bool = False) -> Json:
        """A message as Slack sends it."""
        told: Json = {"type": "message", "user": message.user, "ts": message.ts, "team": TEAM, "text": message.text}
        if message.blocks:
            told["blocks"] = message.blocks
        if message.user == BOT:
            told |= {"bot_id": "B0BOT", "app_id": APP}
        if message.edited:
            told["edited"] = {"user": message.user, "ts": message.ts}
        if message.files:
            told["files"] = [self.file_json(file) for file in message.files]
        if metadata and message.metadata:
            told["metadata"] = message.metadata
        replies = [one for one in self.standing(message.channel) if one.thread == message.ts]
        if message.thread:
            told["thread_ts"] = message.thread
        elif replies:
            told |= {"thread_ts": message.ts, "reply_count": len(replies), "latest_reply": replies[-1].ts}
        return told

    def file_json(self, file: File) -> Json:
        address = f"{self.origin}/files-pri/{TEAM}-{file.id}/{file.name}"
        kind = file.name.rpartition(".")[2]
        told: Json = {"id": file.id, "name": file.name, "title": file.name, "size": len(file.content), "user": file.user}
        told |= {"filetype": kind, "mimetype": {"opml": "text/x-opml", "xml": "text/xml"}.get(kind, "text/plain")}
        return told | {"mode": "hosted", "url_private": address, "url_private_download": f"{address}?download=1"}

    # Acts

    def trigger(self, user: str, within: View | None = None) -> str:
        trigger_id = f"{self.number('trigger')}.{TEAM}.trigger"
        self.triggers[trigger_id] = Trigger(user, self.clock.now(), within=within)
        return trigger_id

    def response_url(self, channel: str, user: str, original: Message | None = None) -> str:
        path = f"/response/{TEAM}/{self.number('response')}"
        self.response_urls[path] = ResponseUrl(channel, user, self.clock.now(), original)
        return f"{self.origin}{path}"

    # Views

    def open_view(self, user: str, view: Json, under: View | None = None) -> View:
        opened = View(f"V{self.number('view')}", user, {}, "", under=under)
        self.views[opened.id] = opened
        self.put_view(opened, view)
        return opened

    def put_view(self, view: View, content: Json) -> None:
        """Show other content; what was typed stays where block and action are the same."""
        view.view = {**content, "blocks": self.with_ids(content["blocks"])}
        view.hash = f"{int(self.clock.now())}.hash{self.number('hash')}"
        kept: dict[str, dict[str, Json]] = {}
        for block, element in fields(view.blocks):
            old = view.values.get(block["block_id"], {}).get(element["action_id"])
            fresh = old if old and old["type"] == element["type"] else initial(element)
            kept.setdefault(block["block_id"], {})[element["action_id"]] = fresh
        view.values = kept
        self.changed()

    def modals(self, user: str) -> list[View]:
        """What is open before a person, the topmost last."""
        return [one for one in self.views.values() if one.user == user and one.open]

    def close(self, view: View) -> None:
        view.open = False
        self.changed()


def fields(blocks: list[Json]) -> list[tuple[Json, Json]]:
    """Every control that has a state, with its block."""
    controls = [(block, one) for block in blocks for one in controls_of(block)]
    return [(block, one) for block, one in controls if one["type"] not in ("button", "overflow")]


def initial(element: Json) -> Json:
    """The state of a control that nobody has touched."""
    name, empty = value_field(element["type"])
    first = "initial_value" if name == "value" else name.replace("selected", "initial")
    return {"type": element["type"], name: element.get(first, empty)}


def value_field(kind: str) -> tuple[str, Any]:
    """The name under which a control's state holds its value, and the empty value."""
    if kind == "file_input":
        return "files", []
    if kind.endswith("_input"):
        return "value", None
    named = {
        "static_select": "selected_option",
        "external_select": "selected_option",
        "radio_buttons": "selected_option",
        "datepicker": "selected_date",
        "timepicker": "selected_time",
        "datetimepicker": "selected_date_time",
        "users_select": "selected_user",
        "channels_select": "selected_channel",
        "conversations_select": "selected_conversation",
        "checkboxes": "selected_options",
    }
    name = named[kind.removeprefix("multi_")]
    many = kind.startswith("multi_") or kind == "checkboxes"
    return (name if name.endswith("s") or not many else f"{name}s"), [] if many else None
