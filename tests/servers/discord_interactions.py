"""How an app answers what people do at the stand-in for Discord: at once, later, silently, with a form, with choices."""

from __future__ import annotations

from tests.servers import discord_commands, discord_components
from tests.servers.discord_guilds import EPHEMERAL, Json, Message
from tests.servers.discord_limits import error, nested, within
from tests.servers.discord_place import ANSWER_S, TOKEN_S, Act, Place, Refused
from tests.servers.discord_writing import Ask, Done, check, delete, edit, post

FOLLOW_UPS_ELSEWHERE = 5  # where the app is not a member
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
            check(data, ask, interaction=True)
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
            edit(place, Ask(data, files=ask.files), act.source)
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
    check(payload, ask, interaction=True)
    if act.first == LATER and act.answer is not None and act.answer.thinking:  # a straight one takes the place of "thinking"
        edit(place, ask, act.answer)
        act.states.append("message")
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
    edit(place, ask, held)
    if held is act.answer:
        act.states.append("message" if was_thinking else "updated")
    place.changed()
    return 200, held.json()


def delete_answer(place: Place, ask: Ask, app: str, token: str, message: str) -> Done:
    act = _act(place, app, token)
    held = _answered(act, message)
    held.thinking = False
    delete(place, held)
    if held is act.answer:
        act.states.append("deleted")
    place.changed()
    return 204, None


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
    message = post(place, ask, act.channel, payload, viewer=viewer, thinking=thinking, act=act)
    message.kind = 0 if act.kind != COMMAND else 20 if act.data["type"] == 1 else 23
    return message
