"""What people do at the stand-in for Discord: they type commands, press, pick, fill in forms, and see what comes of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.servers.discord_guilds import Channel, Json, Message, Permission, Role, User
from tests.servers.discord_place import Act, Place
from tests.servers.discord_words import pings

SUB, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(1, 12)
COMMAND, PRESS, TYPING, SUBMIT = 2, 3, 4, 5  # kinds of interaction
STRINGS, INPUT, LABEL, RADIO, BOXES, BOX = 3, 4, 18, 21, 22, 23  # kinds of components
SELECTS = (STRINGS, 5, 6, 7, 8)


class Impossible(AssertionError):  # noqa: N818  (named for what it says)
    """The client of Discord does not let a person do that."""


@dataclass(frozen=True)
class Upload:
    """A file that somebody gives to a command."""

    name: str
    content: bytes
    content_type: str = "text/xml"


class People(Place):
    """Acts of people.  Each returns when the person need not wait any longer, with what the person sees."""

    async def command(self, user: User, channel: Channel, words: str, options: dict[str, Any] | None = None) -> Act:
        """Somebody sends ``/digest about`` with these options; returns when there is more to see than "is thinking...".

        Raises Impossible: there is no such command here, it is not for that person, or an option is wrong.
        """
        act = self.start_command(user, channel, words, options)
        await self.settled(act)
        return act

    def start_command(self, user: User, channel: Channel, words: str, options: dict[str, Any] | None = None) -> Act:
        """The same, without waiting."""
        command, path, leaf = self._find(user, channel, words)
        given, resolved = self._options(user, channel, leaf, options or {})
        return self._act(COMMAND, user, channel, self._nested(command, path, given, resolved))

    async def complete(
        self, user: User, channel: Channel, words: str, option: str, typed: str, options: dict[str, Any] | None = None
    ) -> list[tuple[str, Any]]:
        """What is offered to somebody who types into an option, as (name, value).

        Args:
            options: what was filled in before.
        """
        act = self.start_completion(user, channel, words, option, typed, options)
        await self.settled(act)
        if act.choices is None:
            raise AssertionError("Loading options failed")
        return act.choices

    def start_completion(
        self, user: User, channel: Channel, words: str, option: str, typed: Any, options: dict[str, Any] | None = None
    ) -> Act:
        """The same, without waiting."""
        command, path, leaf = self._find(user, channel, words)
        known = {each["name"]: each for each in leaf.get("options") or []}
        if option not in known or not known[option].get("autocomplete"):
            raise Impossible(f"/{words} completes no option {option!r}")
        given, resolved = self._options(user, channel, leaf, options or {}, half=True)
        given.append({"name": option, "type": known[option]["type"], "value": typed, "focused": True})
        return self._act(TYPING, user, channel, self._nested(command, path, given, resolved))

    async def press(self, message: Message, control: str, user: User | None = None) -> Act:
        """Somebody presses a button, named by its id or its label."""
        act = self.start_press(message, control, user)
        await self.settled(act)
        return act

    def start_press(self, message: Message, control: str, user: User | None = None) -> Act:
        """The same, without waiting."""
        part = self._control(message, control, (2,))
        if part.get("disabled") or part.get("style") == 5:
            raise Impossible(f"{control!r} cannot be pressed")
        data = {"custom_id": part["custom_id"], "component_type": 2, "id": part.get("id", 0)}
        return self._act(PRESS, self._who(message, user), message.channel, data, message)

    async def pick(self, message: Message, control: str, *values: Any, user: User | None = None) -> Act:
        """Somebody picks from a menu: by value or label, or a person, role or channel from a menu of such."""
        act = self.start_pick(message, control, *values, user=user)
        await self.settled(act)
        return act

    def start_pick(self, message: Message, control: str, *values: Any, user: User | None = None) -> Act:
        """The same, without waiting."""
        who = self._who(message, user)
        part = self._control(message, control, SELECTS)
        if part.get("disabled"):
            raise Impossible(f"{control!r} cannot be used")
        resolved: Json = {}
        data = {"custom_id": part["custom_id"], "component_type": part["type"], "id": part.get("id", 0)}
        data["values"] = self._picked(who, message.channel, part, values, resolved)
        return self._act(PRESS, who, message.channel, data | ({"resolved": resolved} if resolved else {}), message)

    async def submit(self, opened: Act, fields: dict[str, Any]) -> Act:
        """Somebody fills in the form that an act opened, fields named by id or label, and sends it.

        A text field takes a text, a menu and a group of boxes a list, a group of which one is chosen a value, a box a
        truth, files a list of `Upload`; what is not named keeps what it was filled with.
        """
        act = self.start_submit(opened, fields)
        await self.settled(act)
        return act

    def start_submit(self, opened: Act, fields: dict[str, Any]) -> Act:
        """The same, without waiting."""
        if opened.modal is None or not opened.form_open:
            raise Impossible("no form is open")
        unknown = set(fields) - {name for field in _fields(opened.modal) for name in field.names}
        if unknown:
            raise Impossible(f"the form has no {sorted(unknown)}; it has {[field.names for field in _fields(opened.modal)]}")
        resolved: Json = {}
        filled = [self._filled(opened, part, fields, resolved) for part in opened.modal["components"]]
        data = {"custom_id": opened.modal["custom_id"], "components": filled} | ({"resolved": resolved} if resolved else {})
        return self._act(SUBMIT, opened.user, opened.channel, data, opened.source, opened)

    async def context_menu(self, user: User, name: str, on: Message | User, channel: Channel | None = None) -> Act:
        """Somebody chooses an app's entry in the menu of a message or of a person."""
        act = self.start_context_menu(user, name, on, channel)
        await self.settled(act)
        return act

    def start_context_menu(self, user: User, name: str, on: Message | User, channel: Channel | None = None) -> Act:
        """The same, without waiting."""
        kind = 3 if isinstance(on, Message) else 2
        where = on.channel if isinstance(on, Message) else channel
        if where is None:
            raise Impossible("a person's menu is opened in a channel")
        command = self._command(where, kind, name)
        self._permitted(user, where, command, name)
        resolved: Json = {}
        if isinstance(on, Message):
            resolved["messages"] = {on.id: on.json()}
        else:
            resolved["users"] = {on.id: on.json()}
            if where.guild and on in where.guild:
                resolved["members"] = {on.id: self._partial_member(where, on)}
        data = {"id": command["id"], "name": name, "type": kind, "target_id": on.id, "resolved": resolved}
        return self._act(COMMAND, user, where, data)

    def say(self, user: User, channel: Channel, text: str) -> Message:
        """Somebody writes a message."""
        message = Message(self.new_id(), channel, user, self.now(), {"content": text})
        message.pings = list(pings({"content": text}, ("users", "roles", "everyone")))
        return self.store(message)

    def delete(self, message: Message) -> None:
        """Somebody deletes a message."""
        message.gone = True
        guild = message.channel.guild
        told = {"id": message.id, "channel_id": message.channel.id} | ({"guild_id": guild.id} if guild else {})
        self.tell_message(message, "MESSAGE_DELETE", told)
        self.changed()

    def again(self, act: Act) -> None:
        """The gateway tells of the same interaction a second time."""
        self._dispatch(act)

    async def settled(self, act: Act) -> None:
        """Wait until the person need not wait any longer."""
        await self.until(lambda: act.settled, f"an answer to {act.user.name}")

    # How an act becomes an event

    def _act(
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: Json,
        source: Message | None = None,
        filled_in: Act | None = None,
    ) -> Act:
        act = Act(self.new_id(), secrets.token_urlsafe(24), kind, user, channel, self.now(), data, source)
        act.filled_in = filled_in
        self.acts.append(act)
        act.told = self._told(act)
        self._expire_later()
        self._dispatch(act)
        return act

    def _dispatch(self, act: Act) -> None:
        guild = act.channel.guild
        self.gateway.tell("INTERACTION_CREATE", act.told, guild_id=guild.id if guild else None)
        self.changed()

    def _told(self, act: Act) -> Json:
        channel, guild = act.channel, act.channel.guild
        here = guild is not None and guild in self.guilds
        told: Json = {
            "id": act.id,
            "application_id": self.me.id,
            "type": act.kind,
            "token": act.token,
            "version": 1,
            "data": act.data,
            "channel_id": channel.id,
            "channel": channel.json() | {"permissions": str(int(channel.permissions(act.user)))},
            "locale": act.user.locale,
            "app_permissions": str(int(channel.permissions(self.me))),
            "entitlements": [],
            "authorizing_integration_owners": {"0": guild.id if guild else "0"} if here or not guild else {"1": act.user.id},
            "context": 0 if guild else 1,
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if guild is not None:
            told |= {
                "guild_id": guild.id,
                "guild": {"id": guild.id, "locale": guild.locale, "features": []},
                "guild_locale": guild.locale,
                "member": guild.member(act.user) | {"permissions": str(int(channel.permissions(act.user)))},
            }
        else:
            told["user"] = act.user.json()
        if act.source is not None:
            told["message"] = act.source.json()
        return told

    def _who(self, message: Message, user: User | None) -> User:
        if message.viewer is not None and user not in (None, message.viewer):
            raise Impossible(f"only {message.viewer.name} sees the message")
        found = user or message.viewer or next((act.user for act in self.acts if message in act.messages), None)
        if found is None:
            raise Impossible("say who presses: the message is for everybody")
        return found

    def _control(self, message: Message, control: str, kinds: tuple[int, ...]) -> Json:
        if message.gone:
            raise Impossible("the message is gone")
        try:
            part = message.control(control)
        except LookupError as error:
            raise Impossible(str(error)) from None
        if part["type"] not in kinds:
            raise Impossible(f"{control!r} is no such control")
        return part

    # Menus and forms

    def _picked(self, user: User, channel: Channel, part: Json, values: Iterable[Any], resolved: Json) -> list[str]:
        """The values of a menu, checked as the client checks them."""
        chosen = list(values)
        if not part.get("min_values", 1) <= len(chosen) <= part.get("max_values", 1):
            raise Impossible(f"{len(chosen)} is not a number of values that {part['custom_id']!r} takes")
        if part["type"] != STRINGS:
            return [self._value(user, channel, value, resolved) for value in chosen]
        named = {each[key]: each["value"] for key in ("label", "value") for each in part["options"]}
        if any(value not in named for value in chosen):
            raise Impossible(f"{chosen} cannot be picked of {sorted(named)}")
        return [named[value] for value in chosen]

    def _filled(self, opened: Act, part: Json, fields: dict[str, Any], resolved: Json) -> Json:
        """A part of a form as it is sent."""
        told = {"type": part["type"], "id": part.get("id", 0)}
        for field in _fields({"components": [part]}):
            given = next((fields[name] for name in field.names if name in fields), None)
            inner = {"type": field.part["type"], "id": field.part.get("id", 0), "custom_id": field.part["custom_id"]}
            inner |= self._entry(opened, field.part, given, resolved)
            told |= {"component": inner} if part["type"] == LABEL else {"components": [inner]}
        return told

    def _entry(self, opened: Act, part: Json, given: Any, resolved: Json) -> Json:
        kind, needed = part["type"], part.get("required", True)
        if kind == INPUT:
            return {"value": _typed(part, part.get("value") or "" if given is None else given)}
        if kind == BOX:
            return {"value": bool(part.get("default")) if given is None else bool(given)}
        if given is None:
            given = [each["value"] for each in part.get("options") or [] if each.get("default")]
        chosen = [given] if isinstance(given, str | User | Role | Channel | Upload) else list(given)
        if not chosen and not needed:
            return {"value": None} if kind == RADIO else {"values": []}
        if kind == RADIO:
            return {"value": self._picked(opened.user, opened.channel, part | {"type": STRINGS}, chosen, resolved)[0]}
        if kind == BOXES:
            part = {"max_values": len(part["options"]), **part, "type": STRINGS}
        return {"values": self._picked(opened.user, opened.channel, part, chosen, resolved)}

    # Commands and their options

    def _command(self, channel: Channel, kind: int, name: str) -> Json:
        guild = channel.guild.id if channel.guild else ""
        known = [*self.commands.get(guild, []), *self.commands[""]] if guild else self.commands[""]
        for command in known:
            if command["type"] == kind and command["name"] == name:
                return command
        raise Impossible(f"there is no command {name!r}; there are {sorted(each['name'] for each in known)}")

    def _find(self, user: User, channel: Channel, words: str) -> tuple[Json, list[Json], Json]:
        """The command of ``digest about``, the groups and sub-commands on the way, and what takes the options."""
        name, *rest = words.split()
        command = leaf = self._command(channel, 1, name)
        self._permitted(user, channel, command, words)
        path = []
        for word in rest:
            inner = [each for each in leaf.get("options") or [] if each["type"] in (SUB, GROUP) and each["name"] == word]
            if not inner:
                raise Impossible(f"/{words}: {leaf['name']!r} has no {word!r}")
            leaf = inner[0]
            path.append(leaf)
        if any(each["type"] in (SUB, GROUP) for each in leaf.get("options") or []):
            raise Impossible(f"/{words} alone cannot be sent; it has sub-commands")
        return command, path, leaf

    def _permitted(self, user: User, channel: Channel, command: Json, words: str) -> None:
        may = channel.permissions(user)
        if channel.archived:
            raise Impossible("no command can be used in a thread that is archived")
        contexts = command.get("contexts")
        if contexts is None:
            contexts = [0, 1, 2] if command.get("dm_permission", True) else [0]
        if (0 if channel.guild else 1) not in contexts:
            raise Impossible(f"/{words} is not offered here")
        if channel.guild is None:
            return
        if Permission.VIEW_CHANNEL not in may or Permission.USE_APPLICATION_COMMANDS not in may:
            raise Impossible(f"{user.name} can use no command in {channel.name}")
        if channel.guild not in self.guilds and 1 not in (command.get("integration_types") or [0]):
            raise Impossible(f"/{words} is not installed in {channel.guild.name}")
        needed = command.get("default_member_permissions")
        if needed is not None and (int(needed) & ~int(may) or int(needed) == 0) and Permission.ADMINISTRATOR not in may:
            raise Impossible(f"/{words} is not shown to {user.name}")

    def _options(
        self, user: User, channel: Channel, leaf: Json, options: dict[str, Any], *, half: bool = False
    ) -> tuple[list[Json], Json]:
        known = {each["name"]: each for each in leaf.get("options") or []}
        given: list[Json] = []
        resolved: Json = {}
        for name, value in options.items():
            if name not in known:
                raise Impossible(f"{leaf['name']!r} has no option {name!r}; it has {sorted(known)}")
            if wrong := unfit(known[name], value):
                raise Impossible(f"option {name!r}: {wrong}")
            given.append({"name": name, "type": known[name]["type"], "value": self._value(user, channel, value, resolved)})
        missing = [name for name, option in known.items() if option.get("required") and name not in options]
        if missing and not half:
            raise Impossible(f"{leaf['name']!r} needs {missing}")
        return given, resolved

    def _value(self, user: User, channel: Channel, value: Any, resolved: Json) -> Any:
        match value:
            case User():
                resolved.setdefault("users", {})[value.id] = value.json()
                if channel.guild and value in channel.guild:
                    resolved.setdefault("members", {})[value.id] = self._partial_member(channel, value)
            case Role():
                resolved.setdefault("roles", {})[value.id] = value.json()
            case Channel():
                told = value.json() | {
                    "permissions": str(int(value.permissions(user))),
                    "app_permissions": str(int(value.permissions(self.me))),
                }
                resolved.setdefault("channels", {})[value.id] = told
            case Upload():
                file = self.upload(value.name, value.content, value.content_type)
                resolved.setdefault("attachments", {})[file.id] = file.json() | {"ephemeral": True}
                return file.id
            case _:
                return value
        return value.id

    def _partial_member(self, channel: Channel, user: User) -> Json:
        assert channel.guild is not None
        member = channel.guild.member(user) | {"permissions": str(int(channel.permissions(user)))}
        return {key: held for key, held in member.items() if key not in ("user", "deaf", "mute")}

    def _nested(self, command: Json, path: list[Json], given: list[Json], resolved: Json) -> Json:
        options = given
        for step in reversed(path):
            options = [{"name": step["name"], "type": step["type"], "options": options}]
        data = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
        if command.get("guild_id"):
            data["guild_id"] = command["guild_id"]
        return data | ({"resolved": resolved} if resolved else {})


@dataclass(frozen=True)
class _Field:
    """Something in a form that can be filled in, and what it can be called by."""

    part: Json
    names: tuple[str, ...]


def _fields(modal: Json) -> Iterator[_Field]:
    for part in modal["components"]:
        if part["type"] == LABEL:
            yield _Field(part["component"], (part["component"]["custom_id"], part["label"]))
        for inner in part.get("components") or []:
            yield _Field(inner, (inner["custom_id"], inner["label"]))


def _typed(part: Json, words: str) -> str:
    """What somebody typed into a field.  Raises Impossible: the client does not send it."""
    if part["style"] == 1 and "\n" in words:
        raise Impossible(f"{part['custom_id']!r} takes one line")
    if not words and not part.get("required", True):
        return words
    if not max(part.get("min_length") or 0, 1) <= len(words) <= (part.get("max_length") or 4_000):
        raise Impossible(f"{part['custom_id']!r} takes no text of {len(words)} characters")
    return words


def unfit(option: Json, value: Any) -> str:
    """Why the client does not take a value for an option; empty when it does."""
    kind, choices = option["type"], option.get("choices")
    fits = {
        STRING: isinstance(value, str),
        INTEGER: isinstance(value, int) and not isinstance(value, bool),
        BOOLEAN: isinstance(value, bool),
        USER: isinstance(value, User),
        CHANNEL: isinstance(value, Channel),
        ROLE: isinstance(value, Role),
        MENTIONABLE: isinstance(value, User | Role),
        NUMBER: isinstance(value, int | float) and not isinstance(value, bool),
        FILE: isinstance(value, Upload),
    }
    if not fits[kind]:
        return f"{value!r} is not of its type"
    if choices and value not in [each["value"] for each in choices]:
        return f"{value!r} is none of its choices"
    if kind in (INTEGER, NUMBER) and not option.get("min_value", value) <= value <= option.get("max_value", value):
        return f"{value!r} is out of its range"
    if kind == STRING and not option.get("min_length", 0) <= len(value) <= option.get("max_length", 6_000):
        return "too short or too long"
    if kind == CHANNEL and option.get("channel_types") and value.kind not in option["channel_types"]:
        return f"{value.name} is a channel of another kind"
    return ""
