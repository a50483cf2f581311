"""What people do with an app in Slack: commands, buttons, menus, forms, shortcuts; and what they see of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.servers import slack_api
from tests.servers.slack_api import Refusal
from tests.servers.slack_blocks import Json, RefusedError, check_options, check_view, controls_of
from tests.servers.slack_socket import COMMON, Delivery, Sockets
from tests.servers.slack_workspace import PATIENCE_S, TEAM, Message, View, Workspace, fields, value_field


@dataclass
class Act:
    """What somebody did, and what they see of it.

    Args:
        error: what Slack tells them went wrong: ``operation_timeout``, ``dispatch_failed``, ``invalid_command_response`` ...
        errors: the words below the fields of a form, by block id.
        answers: messages that came by the acknowledgement or the ``response_url``, as they stand now; deleted ones too.
        views: what was opened with its trigger, or pushed by its acknowledgement.
        options: what an external menu offered.
    """

    user: str
    workspace: Workspace = field(repr=False)
    delivery: Delivery | None = None
    error: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    options: list[Json] = field(default_factory=list)

    @property
    def payload(self) -> Json:
        """What the app was sent."""
        return self.delivery.payload if self.delivery else {}

    @property
    def ack_s(self) -> float | None:
        return self.delivery.ack_s if self.delivery else None

    @property
    def response_path(self) -> str:
        given = self.payload.get("response_urls") or [{}]
        address = self.payload.get("response_url") or given[0].get("response_url", "")
        return str(address).removeprefix(self.workspace.origin)

    @property
    def answers(self) -> list[Message]:
        url = self.workspace.response_urls.get(self.response_path)
        return url.answers if url else []

    @property
    def views(self) -> list[View]:
        trigger = self.workspace.triggers.get(self.payload.get("trigger_id", ""))
        return trigger.views if trigger else []

    @property
    def labels(self) -> list[str]:
        return [option["text"]["text"] for option in self.options]

    async def answered(self, count: int = 1) -> Message:
        """Wait until so many answers have come; return the last of them."""
        await self.workspace.until(lambda: len(self.answers) >= count, f"answer {count} to {self.payload}")
        return self.answers[count - 1]

    async def opened(self) -> View:
        """Wait until a view was opened; return the last."""
        await self.workspace.until(lambda: self.views, f"a view after {self.payload}")
        return self.views[-1]


class Acts:
    """Each act waits until the app has acknowledged it, or until Slack gives it up."""

    def __init__(self, workspace: Workspace, sockets: Sockets) -> None:
        self.workspace = workspace
        self.sockets = sockets
        self._offered: dict[tuple[str, str], list[Json]] = {}

    async def command(self, user: str, channel: str, command: str, text: str = "", *, thread: Message | None = None) -> Act:
        if thread is not None:
            return Act(user, self.workspace, error="not_supported_in_threads")
        where = self._where(channel)
        told = {**COMMON, "team_id": TEAM, "team_domain": "dateline-test", "channel_id": channel, **where}
        told |= {"user_id": user, "user_name": self.workspace.people[user].name, "command": command, "text": text}
        told |= {"is_enterprise_install": "false", "response_url": self.workspace.response_url(channel, user)}
        return await self._do("slash_commands", user, told | {"trigger_id": self.workspace.trigger(user)}, self._commanded)

    async def press(self, place: Message | View, action_id: str, *, block_id: str = "", user: str = "") -> Act:
        """Press a button.  Twice at once: ``asyncio.gather`` of two."""
        block, element = self._control(place, action_id, block_id)
        assert element["type"] == "button", f"{action_id} is no button but a {element['type']}"
        more: Json = {name: element[name] for name in ("value", "style", "url") if name in element}
        return await self._act_on(place, user, block, element, {"text": element["text"], **more})

    async def pick(self, place: Message | View, action_id: str, value: Any, *, block_id: str = "", user: str = "") -> Act:
        """Choose from a menu, buttons or a calendar; in a field of a form nobody is told before it is submitted."""
        block, element = self._control(place, action_id, block_id)
        if element["type"] == "overflow":
            return await self._act_on(place, user, block, element, {"selected_option": self._option(place, element, value)})
        state = self._state(place, element, value)
        values = place.values if isinstance(place, View) else place.state.setdefault(user or self._reader(place), {})
        values.setdefault(block["block_id"], {})[element["action_id"]] = state
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Act(user or self._reader(place), self.workspace)
        return await self._act_on(place, user, block, element, {name: one for name, one in state.items() if name != "type"})

    async def suggest(self, place: Message | View, action_id: str, typed: str = "", *, user: str = "") -> Act:
        """Open an external menu and type; fewer letters than it asks for (three, unless it says so) ask nobody."""
        block, element = self._control(place, action_id)
        assert "external_select" in element["type"], f"{action_id} has its options with it"
        user = user or self._reader(place)
        if len(typed) < element.get("min_query_length", 3):
            return Act(user, self.workspace, error="too_few_letters")
        told: Json = {
            "type": "block_suggestion",
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": typed,
        }
        told |= self._place(place)
        return await self._interact(user, told, lambda act, said: self._offer(place, element, act, said))

    def fill(self, view: View, values: Mapping[str, Any]) -> None:
        """Type and choose in a form; a field is named by its action id or its block id, None empties it."""
        assert view.open, "nobody can type in a closed view"
        for name, value in values.items():
            block, element = self._control(view, name)
            view.values.setdefault(block["block_id"], {})[element["action_id"]] = self._state(view, element, value)
        self.workspace.changed()

    async def submit(self, view: View, values: Mapping[str, Any] | None = None) -> Act:
        """Fill in a form and press its submit button."""
        self.fill(view, values or {})
        assert "submit" in view.view, "it has no submit button"
        if missing := _missing(view):  # Slack's own check, before the app is asked
            return Act(view.user, self.workspace, errors=missing)
        told: Json = {"type": "view_submission", "view": view.as_json(), "trigger_id": self.workspace.trigger(view.user, view)}
        told["response_urls"] = self._response_urls(view)
        return await self._interact(view.user, told, lambda act, said: self._submitted(view, act, said))

    def _response_urls(self, view: View) -> list[Json]:
        """Where answers go that a form asked for: each chosen channel of a field with ``response_url_enabled``."""
        found: list[Json] = []
        for block, element in fields(view.blocks):
            channel = view.values[block["block_id"]][element["action_id"]].get(value_field(element["type"])[0])
            if element.get("response_url_enabled") and channel:
                where = {"channel_id": channel, "block_id": block["block_id"], "action_id": element["action_id"]}
                found.append(where | {"response_url": self.workspace.response_url(channel, view.user)})
        return found

    async def close(self, view: View) -> Act:
        """Close a view by its close button."""
        assert view.open, "it is closed already"
        clear = bool(view.view.get("clear_on_close"))
        for one in reversed(self.workspace.modals(view.user)) if clear else [view]:
            self.workspace.close(one)
        if not view.view.get("notify_on_close"):
            return Act(view.user, self.workspace)
        told = {"type": "view_closed", "view": view.as_json(), "is_cleared": clear}
        return await self._interact(view.user, told)

    async def global_shortcut(self, callback_id: str, *, user: str = "U1") -> Act:
        told = {"type": "shortcut", "callback_id": callback_id, "trigger_id": self.workspace.trigger(user)}
        return await self._interact(user, told | {"action_ts": self.workspace.stamp()})

    async def message_shortcut(self, callback_id: str, message: Message, *, user: str = "U1") -> Act:
        told: Json = {"type": "message_action", "callback_id": callback_id, "trigger_id": self.workspace.trigger(user)}
        told |= {"channel": self._channel_of(message.channel), "message": self.workspace.message_json(message)}
        told |= {"message_ts": message.ts, "response_url": self.workspace.response_url(message.channel, user)}
        return await self._interact(user, told | {"action_ts": self.workspace.stamp()})

    # How acts are told, and what their acknowledgements do

    async def _interact(self, user: str, told: Json, then: Callable[[Act, Any], None] | None = None) -> Act:
        """Tell what somebody did, and who they are."""
        name = self.workspace.people[user].name
        who = {"id": user, "username": name, "name": name, "team_id": TEAM}
        team = {"id": TEAM, "domain": "dateline-test"}
        from_where = {"user": who, "team": team, "enterprise": None, "is_enterprise_install": False}
        return await self._do("interactive", user, {**COMMON, **from_where, **told}, then)

    async def _do(self, kind: str, user: str, payload: Json, then: Callable[[Act, Any], None] | None = None) -> Act:
        delivery = self.sockets.envelope(kind, payload)
        act = Act(user, self.workspace, delivery)
        if then is not None:
            delivery.then = lambda: then(act, delivery.answer)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self.sockets.ask(delivery)
        except TimeoutError:  # only where the clock is moved by hand
            raise AssertionError(f"nobody acknowledged {payload} and the clock stands still") from None
        act.error = act.error or delivery.error
        return act

    async def _act_on(self, place: Message | View, user: str, block: Json, element: Json, chosen: Json) -> Act:
        user = user or self._reader(place)
        action = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"], **chosen}
        told: Json = {"type": "block_actions", "actions": [{**action, "action_ts": self.workspace.stamp()}]}
        told |= self._place(place)
        if isinstance(place, Message):
            told["state"] = {"values": place.state.get(user, {})}
            told["response_url"] = self.workspace.response_url(place.channel, user, place)
        trigger = self.workspace.trigger(user, place if isinstance(place, View) and place.kind == "modal" else None)
        return await self._interact(user, told | {"trigger_id": trigger})

    def _place(self, place: Message | View) -> Json:
        if isinstance(place, View):
            return {"container": {"type": "view", "view_id": place.id}, "view": place.as_json()}
        container: Json = {
            "type": "message",
            "message_ts": place.ts,
            "channel_id": place.channel,
            "is_ephemeral": place.ephemeral,
        }
        container |= {"thread_ts": place.thread} if place.thread else {}
        shown: Json = {} if place.ephemeral else {"message": self.workspace.message_json(place)}
        return {"container": container, "channel": self._channel_of(place.channel), **shown}

    def _commanded(self, act: Act, said: Any) -> None:
        """The acknowledgement of a command may carry a message."""
        if said:
            try:
                slack_api.answer(self.workspace, act.response_path, said)
            except Refusal:
                act.error = "invalid_command_response"

    def _submitted(self, view: View, act: Act, said: Any) -> None:
        """What the acknowledgement of a form makes of it."""
        said = said if isinstance(said, dict) else {}
        match said.get("response_action"):
            case None:
                self.workspace.close(view)
            case "clear":
                for one in self.workspace.modals(view.user):
                    self.workspace.close(one)
            case "errors":
                inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
                errors = said.get("errors")
                good = isinstance(errors, dict) and errors and set(errors) <= inputs
                act.errors, act.error = (errors, "") if good and isinstance(errors, dict) else ({}, "invalid_response_action")
            case "update" | "push" as how:
                self._replace(view, act, said.get("view"), push=how == "push")
            case _:
                act.error = "invalid_response_action"

    def _replace(self, view: View, act: Act, content: Any, *, push: bool) -> None:
        try:
            check_view(content, ("modal",))
        except RefusedError as error:
            act.error = f"invalid_response_action: {error.why}"
            return
        if not push:
            self.workspace.put_view(view, content)
        elif view.depth >= slack_api.DEEPEST:
            act.error = "push_limit_reached"
        else:
            act.views.append(self.workspace.open_view(view.user, content, view))

    def _offer(self, place: Message | View, element: Json, act: Act, said: Any) -> None:
        said = said if isinstance(said, dict) else {}
        given = {name: said[name] for name in ("options", "option_groups") if name in said}
        try:
            act.options = [option for option, _ in check_options(given, "")] if any(given.values()) else []
        except RefusedError as error:
            act.error = f"invalid_options: {error.why}"
        else:
            act.error = "" if given else "invalid_options"
        self._offered[_place_id(place), element["action_id"]] = act.options

    def _where(self, channel: str) -> Json:
        """Slack names public channels only."""
        known = self.workspace.channels[channel]
        return {"channel_name": {"public": known.name, "im": "directmessage"}.get(known.kind, "privategroup")}

    def _channel_of(self, channel: str) -> Json:
        return {"id": channel, "name": self._where(channel)["channel_name"]}

    # Where people press and what they choose

    def _reader(self, place: Message | View) -> str:
        return place.user if isinstance(place, View) else place.reader or "U1"

    def _control(self, place: Message | View, name: str, block_id: str = "") -> tuple[Json, Json]:
        """The control of that action id, or the only one of a block of that id, with its block."""
        there = place.open if isinstance(place, View) else not place.deleted
        assert there, "it is no longer there"
        controls = [(block, one) for block in place.blocks for one in controls_of(block)]
        named = [(block, one) for block, one in controls if name in (one["action_id"], block["block_id"])]
        found = [(block, one) for block, one in named if block_id in ("", block["block_id"])]
        known = [one["action_id"] for _, one in controls]
        assert len(found) == 1, f"{len(found)} controls are called {name!r}; there are {known}"
        return found[0]

    def _state(self, place: Message | View, element: Json, value: Any) -> Json:
        """What a control holds after a choice."""
        name, empty = value_field(element["type"])
        if value is None:
            value = empty
        elif name == "files":
            value = [self.workspace.file_json(file) for file in value]
        elif name == "selected_option":
            value = self._option(place, element, value)
        elif name == "selected_options":
            value = [self._option(place, element, one) for one in value]
        return {"type": element["type"], name: value}

    def _option(self, place: Message | View, element: Json, value: str) -> Json:
        """The option with that value or label; of an external menu, of what it offered last."""
        offered = self._offered.get((_place_id(place), element.get("action_id", "")), [])
        groups = element.get("option_groups", [{"options": element.get("options", offered)}])
        options = [option for group in groups for option in group["options"]]
        found = [option for option in options if value in (option["value"], option["text"]["text"])]
        assert found, f"there is no option {value!r} in {[option['text']['text'] for option in options]}"
        return dict(found[0])


def _place_id(place: Message | View) -> str:
    return place.id if isinstance(place, View) else place.ts


def _missing(view: View) -> dict[str, str]:
    """What Slack itself says to a form that is not filled in."""
    errors: dict[str, str] = {}
    for block, element in fields(view.blocks):
        if block["type"] != "input":
            continue
        value = view.values[block["block_id"]][element["action_id"]][value_field(element["type"])[0]]
        if not value and not block.get("optional"):
            errors[block["block_id"]] = "Please complete this required field."
        elif isinstance(value, str) and not element.get("min_length", 0) <= len(value) <= element.get("max_length", 3_000):
            errors[block["block_id"]] = "Please enter a text of the right length."
        elif isinstance(value, list) and len(value) > element.get("max_selected_items", len(value)):
            errors[block["block_id"]] = "Please choose fewer items."
    return errors
