"""What the admins of a space set for it, in a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.commands.ask import Ask
from bot.commands.schedule import Menu, lengths, rules, unserved
from bot.errors import DeliveryError
from bot.model import Channel, Space
from bot.ports.people import SpaceSettings
from bot.schedule import zone_named
from bot.subscribing import Reading, RefusedError, rule
from bot.talk import Buttons, Control, Field, Form, Listing, Reply, Row, control_id, reply
from bot.wording import name, query_error, say
from digests import query
from digests.errors import QueryError
from digests.model import Order
from digests.query import MOST_CHARACTERS
from digests.render.layout import Line
from digests.slips import near, shown

_NONE: Final = "-"
_MOST_IN_MENU: Final = 23  # groups; with none and one that is gone as many as a menu of Discord holds
_FIELDS: Final = ("zone", "length", "order", "if-nothing", "notices", "admins")


async def settings(ask: Ask) -> Reply:
    """The form with what is set here; once it is sent off, what was saved, or the form again with what is wrong."""
    groups = await _groups(ask)
    if not ask.fields:
        return reply(_form(_values(ask.settings), groups))
    try:
        wanted = _read(ask, groups)
    except RefusedError as error:
        return reply(_form(ask.fields, groups, error.reasons))
    new = wanted.notices if wanted.notices != ask.settings.notices else None
    if new and (why := await unserved(ask, new)):
        return reply(_form(ask.fields, groups, {"notices": why}))
    if ask.begun:
        return reply(_form(ask.fields, groups))
    await ask.means.people.change_settings(ask.space, wanted)
    values = _values(wanted) | {"admins": (groups or {}).get(wanted.admins, wanted.admins)}
    rows = tuple(Row(say("setting_row", label=_label(each), value=_shown(ask, each, values[each]))) for each in _FIELDS)
    again = Buttons((Control(control_id("settings"), name("button_edit")),))
    return reply(Listing(say("settings_saved"), rows), again)


async def _groups(ask: Ask) -> Mapping[str, str] | None:
    """The groups or roles of this place, by id; None where there are none to ask for, or they cannot be told just now."""
    try:
        return await ask.means.adapters.of(ask.channel).groups(ask.channel)
    except DeliveryError:
        return None


def _read(ask: Ask, groups: Mapping[str, str] | None) -> SpaceSettings:
    """The settings that a form describes; of a field that it does not have, what is set already.

    Raises:
        RefusedError: some of it cannot be.
    """
    filled = _values(ask.settings) | {key: value.strip() for key, value in ask.fields.items() if key in _FIELDS}
    reading, old = Reading(), ask.settings
    zone = reading.read("zone", lambda: zone_named(filled["zone"]))
    length = reading.read("length", lambda: query.length(filled["length"]))
    order = reading.read("order", lambda: _order(filled["order"]))
    if_nothing = reading.read("if-nothing", lambda: rule(filled["if-nothing"]))
    notices = reading.read("notices", lambda: _notices(ask, filled["notices"]))
    admins = reading.read("admins", lambda: _admins(filled["admins"], groups))
    reading.done()
    return replace(
        old,  # with the language, of which there is no choice yet
        zone=zone or old.zone,
        length=length or old.length,
        order=order or old.order,
        if_nothing=if_nothing or old.if_nothing,
        notices=notices,
        admins=admins or "",
    )


def _order(word: str) -> Order:
    try:
        return Order(word.lower())
    except ValueError:
        raise query_error("unknown_order", word=shown(word), accepted=", ".join(Order)) from None


def _notices(ask: Ask, written: str) -> Channel | None:
    """The channel of this space that is written (`Ask.channel_named`).  Raises QueryError where nothing can be posted there."""
    if written in ("", _NONE):
        return None
    channel = ask.channel_named(written)
    if Space.of(channel) != ask.space:
        raise query_error("channel_elsewhere", channel=str(ask.channel))
    try:
        ask.means.adapters.of(channel)
    except DeliveryError as error:
        raise QueryError(str(error)) from None
    return channel


def _admins(written: str, groups: Mapping[str, str] | None) -> str:
    """The id of a group, by that or by its name.  Raises QueryError where there is none, as far as that is known."""
    group = "" if written == _NONE else written
    if group and groups is not None:
        named = {called.lstrip("@").casefold(): each for each, called in groups.items()}
        found = group if group in groups else named.get(group.lstrip("@").casefold())
        if found is None:
            guess = near(group.lstrip("@").casefold(), named)
            hint = say("did_you_mean", guess=groups[named[guess]]) if guess else ()
            raise query_error("no_such_group", group=shown(group), hint=hint)
        group = found
    try:
        return replace(SpaceSettings(), admins=group).admins
    except ValueError:
        raise query_error("no_group", group=shown(group)) from None


def _values(of: SpaceSettings) -> dict[str, str]:
    return {
        "zone": of.zone,
        "length": str(of.length),
        "order": str(of.order),
        "if-nothing": str(of.if_nothing),
        "notices": str(of.notices or ""),
        "admins": of.admins,
    }


def _form(values: Mapping[str, str], groups: Mapping[str, str] | None, reasons: Mapping[str, Line] | None = None) -> Form:
    wrong = reasons or {}
    menus = {each: menu() for each, menu in _MENUS.items()}
    if groups and len(groups) <= _MOST_IN_MENU:
        menus["admins"] = _group_menu(groups, values.get("admins", ""))
        values = {**values, "admins": values.get("admins") or _NONE}
    hints = {"zone": name("hint_zone"), "order": name("hint_order"), "if-nothing": name("hint_if_nothing")}
    hints |= {"notices": name("hint_notices"), "admins": name("hint_admins")}
    fields = tuple(
        Field(
            each,
            _label(each),
            values.get(each, "")[:MOST_CHARACTERS],
            hints.get(each, ""),
            menus.get(each, ()),
            optional=each in ("notices", "admins"),
            error=wrong.get(each, ()),
            channel=each == "notices",
        )
        for each in _FIELDS
    )
    return Form(control_id("settings"), name("form_settings"), fields, name("submit_save"))


def _group_menu(groups: Mapping[str, str], chosen: str) -> Menu:
    """The groups by name, behind none of them; one that was chosen and is not there any more too."""
    gone = ((chosen, chosen),) if chosen and chosen != _NONE and chosen not in groups else ()
    return ((_NONE, name("none_set")), *gone, *sorted(groups.items(), key=lambda each: each[1].casefold()))


def _orders() -> Menu:
    return tuple((str(each), name(f"order_{each}")) for each in Order)


_MENUS: Final = {"length": lengths, "order": _orders, "if-nothing": rules}


def _label(field: str) -> str:
    return name(f"label_{field.replace('-', '_')}")


def _shown(ask: Ask, field: str, value: str) -> str:
    """A value as a person knows it: a channel as this one, or by the id that its place gives it."""
    if field == "notices" and value:
        return name("this_channel") if value == str(ask.channel) else value.removeprefix(f"{ask.space}/")
    menu = dict(_MENUS.get(field, tuple)())
    return menu.get(value, value) or name("none_set")
