"""Payloads at the limits of Discord, each beside one that is too much: (taken, refused)."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
Pair = tuple[Any, Any]

V2 = 1 << 15


def embed(**parts: Any) -> Json:
    return {"embeds": [{"description": "x", **parts}]}


def fields(count: int = 1, name: str = "n", value: str = "v") -> Json:
    return embed(fields=[{"name": name, "value": value}] * count)


MESSAGES: dict[str, Pair] = {
    "content": ({"content": "x" * 2_000}, {"content": "x" * 2_001}),
    "embeds": ({"embeds": [{"description": "x"}] * 10}, {"embeds": [{"description": "x"}] * 11}),
    "title": (embed(title="x" * 256), embed(title="x" * 257)),
    "description": (embed(description="x" * 4_096), embed(description="x" * 4_097)),
    "footer": (embed(footer={"text": "x" * 2_048}), embed(footer={"text": "x" * 2_049})),
    "author": (embed(author={"name": "x" * 256}), embed(author={"name": "x" * 257})),
    "fields": (fields(25), fields(26)),
    "field name": (fields(name="x" * 256), fields(name="x" * 257)),
    "field value": (fields(value="x" * 1_024), fields(value="x" * 1_025)),
    "empty field": (fields(), fields(value="")),
    "all embeds": (
        {"embeds": [{"description": "x" * 3_000}, {"description": "x" * 3_000}]},
        {"embeds": [{"description": "x" * 3_000}, {"description": "x" * 3_000, "title": "x"}]},
    ),
    "embed address": (embed(url="https://a.example/"), embed(url="javascript:alert(1)")),
    "embed address is long": (
        embed(url=f"https://a.example/{'x' * 2_030}"),
        embed(url=f"https://a.example/{'x' * 2_031}"),
    ),
    "embed image": (embed(image={"url": "https://a.example/x.png"}), embed(image={"url": "data:image/png;base64,x"})),
    "no content beside components": ({"content": "x"}, {"content": "x", "flags": V2}),
    "no embeds beside components": (embed(), {**embed(), "flags": V2}),
    "kinds of mentions": (
        {"content": "x", "allowed_mentions": {"parse": ["users", "roles", "everyone"]}},
        {"content": "x", "allowed_mentions": {"parse": ["here"]}},
    ),
    "ids of mentions": (
        {"content": "x", "allowed_mentions": {"users": ["1"] * 100}},
        {"content": "x", "allowed_mentions": {"users": ["1"] * 101}},
    ),
    "kind or ids": (
        {"content": "x", "allowed_mentions": {"parse": ["roles"], "users": ["1"]}},
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
    ),
    "attachments": (
        {"content": "x", "attachments": [{"id": str(at)} for at in range(10)]},
        {"content": "x", "attachments": [{"id": str(at)} for at in range(11)]},
    ),
    "attachment description": (
        {"content": "x", "attachments": [{"id": "0", "description": "x" * 1_024}]},
        {"content": "x", "attachments": [{"id": "0", "description": "x" * 1_025}]},
    ),
}
POSTED: dict[str, Pair] = {  # of a new message; an edit takes no notice of them
    "flags": ({"content": "x", "flags": 1 << 12}, {"content": "x", "flags": 1 << 6}),
    "nonce": ({"content": "x", "nonce": "x" * 25}, {"content": "x", "nonce": "x" * 26}),
    "nonce as a number": ({"content": "x", "nonce": 10**24}, {"content": "x", "nonce": 10**25}),
}


# Components


def parts(*components: Json) -> Json:
    return {"flags": V2, "components": list(components)}


def say(words: str = "x") -> Json:
    return {"type": 10, "content": words}


def button(at: int = 0, **more: Any) -> Json:
    return {"type": 2, "style": 2, "custom_id": f"b{at}", "label": "x"} | more


def row(*inner: Json) -> Json:
    return {"type": 1, "components": list(inner)}


def box(*inner: Json, **more: Any) -> Json:
    return {"type": 17, "components": list(inner), **more}


def section(*inner: Json, accessory: Any = None) -> Json:
    return {"type": 9, "components": list(inner), "accessory": accessory or button(9)}


def options(count: int, **more: Any) -> list[Json]:
    return [{"label": "x", "value": f"v{at}", **more} for at in range(count)]


def menu(count: int = 1, **more: Any) -> Json:
    return {"type": 3, "custom_id": "m", "options": options(count), **more}


def gallery(count: int = 1, url: str = "https://a.example/x.png", description: str = "x") -> Json:
    return {"type": 12, "items": [{"media": {"url": url}, "description": description}] * count}


COMPONENTS: dict[str, Pair] = {
    "components": (parts(*[say()] * 40), parts(*[say()] * 41)),
    "nested components": (parts(box(*[say()] * 39)), parts(box(*[say()] * 40))),
    "accessories count": (
        parts(*[section(say(), accessory=button(at)) for at in range(13)], say()),
        parts(*[section(say(), accessory=button(at)) for at in range(13)], say(), say()),
    ),
    "characters": (parts(say("x" * 2_000), box(say("x" * 2_000))), parts(say("x" * 2_000), box(say("x" * 2_001)))),
    "empty text": (parts(say()), parts(say(""))),
    "of the second version": (parts(say()), {"components": [say()]}),
    "rows of the first version": (
        {"content": "x", "components": [row(button(at)) for at in range(5)]},
        {"content": "x", "components": [row(button(at)) for at in range(6)]},
    ),
    "no bare button": (parts(row(button())), parts(button())),
    "buttons in a row": (parts(row(*map(button, range(5)))), parts(row(*map(button, range(6))))),
    "an empty row": (parts(row(button())), parts(row())),
    "one menu in a row": (parts(row(menu())), parts(row(menu(), menu(custom_id="n")))),
    "no menu beside buttons": (parts(row(menu()), row(button())), parts(row(menu(), button()))),
    "no text in a row": (parts(row(button())), parts(row(say()))),
    "no box in a box": (parts(box(say())), parts(box(box(say())))),
    "an empty box": (parts(box(say())), parts(box())),
    "colour": (parts(box(say(), accent_color=0xFFFFFF)), parts(box(say(), accent_color=0x1000000))),
    "texts of a section": (parts(section(say(), say(), say())), parts(section(say(), say(), say(), say()))),
    "a section without text": (parts(section(say())), parts(section())),
    "accessory": (parts(section(say())), parts(section(say(), accessory=menu()))),
    "thumbnail": (
        parts(section(say(), accessory={"type": 11, "media": {"url": "https://a.example/"}, "description": "x" * 1_024})),
        parts(section(say(), accessory={"type": 11, "media": {"url": "https://a.example/"}, "description": "x" * 1_025})),
    ),
    "thumbnail stands nowhere else": (
        parts(section(say(), accessory={"type": 11, "media": {"url": "https://a.example/"}})),
        parts({"type": 11, "media": {"url": "https://a.example/"}}),
    ),
    "gallery": (parts(gallery(10)), parts(gallery(11))),
    "empty gallery": (parts(gallery(1)), parts(gallery(0))),
    "alternative text": (parts(gallery(description="x" * 1_024)), parts(gallery(description="x" * 1_025))),
    "media": (parts(gallery(url="attachment://x.png")), parts(gallery(url="ftp://a.example/x"))),
    "file": (
        parts({"type": 13, "file": {"url": "attachment://x.xml"}}),
        parts({"type": 13, "file": {"url": "https://a.example/x.xml"}}),
    ),
    "least separator": (parts(say(), {"type": 14, "spacing": 1}), parts(say(), {"type": 14, "spacing": 0})),
    "no negative colour": (parts(box(say(), accent_color=0)), parts(box(say(), accent_color=-1))),
    "number of a component": (parts({**say(), "id": 2**31 - 1}), parts({**say(), "id": 2**31})),
    "separator": (parts(say(), {"type": 14, "spacing": 2}), parts(say(), {"type": 14, "spacing": 3})),
    "no field for text": (parts(say()), parts(row({"type": 4, "custom_id": "a", "style": 1, "label": "x"}))),
    "no label": (parts(say()), parts({"type": 18, "label": "x", "component": menu()})),
    "custom id": (parts(row(button(custom_id="x" * 100))), parts(row(button(custom_id="x" * 101)))),
    "empty custom id": (parts(row(button())), parts(row(button(custom_id="")))),
    "custom ids differ": (parts(row(button(1), button(2))), parts(row(button(1)), row(button(1)))),
    "ids differ": (parts({**say(), "id": 1}, {**say(), "id": 2}), parts({**say(), "id": 1}, {**say(), "id": 1})),
    "button label": (parts(row(button(label="x" * 80))), parts(row(button(label="x" * 81)))),
    "button without words": (parts(row(button())), parts(row(button(label=None)))),
    "button style": (parts(row(button(style=4))), parts(row(button(style=7)))),
    "button address": (
        parts(row({"type": 2, "style": 5, "label": "x", "url": f"https://a.example/{'x' * 494}"})),
        parts(row({"type": 2, "style": 5, "label": "x", "url": f"https://a.example/{'x' * 495}"})),
    ),
    "a link has no id": (
        parts(row({"type": 2, "style": 5, "label": "x", "url": "https://a.example/"})),
        parts(row({"type": 2, "style": 5, "label": "x", "url": "https://a.example/", "custom_id": "a"})),
    ),
    "a button has no link": (parts(row(button())), parts(row(button(url="https://a.example/")))),
    "options": (parts(row(menu(25))), parts(row(menu(26)))),
    "no options": (parts(row(menu(1))), parts(row(menu(0)))),
    "option label": (
        parts(row(menu(options=options(1, label="x" * 100)))),
        parts(row(menu(options=options(1, label="x" * 101)))),
    ),
    "option value": (
        parts(row(menu(options=[{"label": "x", "value": "x" * 100}]))),
        parts(row(menu(options=[{"label": "x", "value": "x" * 101}]))),
    ),
    "option description": (
        parts(row(menu(options=options(1, description="x" * 100)))),
        parts(row(menu(options=options(1, description="x" * 101)))),
    ),
    "option values differ": (parts(row(menu(2))), parts(row(menu(options=[*options(1), *options(1)])))),
    "placeholder": (parts(row(menu(placeholder="x" * 150))), parts(row(menu(placeholder="x" * 151)))),
    "most values": (parts(row(menu(3, max_values=3))), parts(row(menu(3, max_values=4)))),
    "least values": (parts(row(menu(3, min_values=0))), parts(row(menu(3, min_values=2)))),
    "values of people": (
        parts(row({"type": 5, "custom_id": "u", "max_values": 25})),
        parts(row({"type": 5, "custom_id": "u", "max_values": 26})),
    ),
}


# Modals


def modal(*components: Json, title: str = "x", custom_id: str = "form") -> Json:
    return {"title": title, "custom_id": custom_id, "components": list(components)}


def entry(at: int = 0, **more: Any) -> Json:
    return {"type": 4, "custom_id": f"f{at}", "style": 1, **more}


def label(component: Any = None, **more: Any) -> Json:
    return {"type": 18, "label": "x", "component": component or entry(), **more}


MODALS: dict[str, Pair] = {
    "title": (modal(label(), title="x" * 45), modal(label(), title="x" * 46)),
    "no title": (modal(label()), modal(label(), title="")),
    "custom id": (modal(label(), custom_id="x" * 100), modal(label(), custom_id="x" * 101)),
    "empty custom id": (modal(label(), custom_id="x"), modal(label(), custom_id="")),
    "components": (modal(*[label(entry(at)) for at in range(5)]), modal(*[label(entry(at)) for at in range(6)])),
    "no components": (modal(label()), modal()),
    "label": (modal(label(label="x" * 45)), modal(label(label="x" * 46))),
    "label description": (modal(label(description="x" * 100)), modal(label(description="x" * 101))),
    "ids of fields differ": (modal(label(entry(1)), label(entry(2))), modal(label(entry(1)), label(entry(1)))),
    "no button": (modal(label()), modal(row(button()))),
    "no bare field": (modal(label()), modal(entry())),
    "text beside fields": (modal(say(), label()), modal(box(say()), label())),
    "one field in a row": (modal(row(entry(label="x"))), modal(row(entry(1, label="x"), entry(2, label="x")))),
    "a field in a row has a label": (modal(row(entry(label="x" * 45))), modal(row(entry()))),
    "label of a field in a row": (modal(row(entry(label="x" * 45))), modal(row(entry(label="x" * 46)))),
    "most boxes": (
        modal(label({"type": 22, "custom_id": "a", "options": options(2), "max_values": 10})),
        modal(label({"type": 22, "custom_id": "a", "options": options(2), "max_values": 11})),
    ),
    "a field in a label has none": (modal(label(entry())), modal(label(entry(label="x")))),
    "style": (modal(label(entry(style=2))), modal(label(entry(style=3)))),
    "longest text": (modal(label(entry(max_length=4_000))), modal(label(entry(max_length=4_001)))),
    "shortest text": (modal(label(entry(min_length=2, max_length=2))), modal(label(entry(min_length=3, max_length=2)))),
    "text that is there": (modal(label(entry(value="x" * 4_000))), modal(label(entry(value="x" * 4_001)))),
    "placeholder": (modal(label(entry(placeholder="x" * 100))), modal(label(entry(placeholder="x" * 101)))),
    "menu": (modal(label(menu(25))), modal(label(menu(26)))),
    "a menu that must be used": (modal(label(menu(1, min_values=0, required=False))), modal(label(menu(1, min_values=0)))),
    "nothing disabled": (modal(label(menu(1))), modal(label(menu(1, disabled=True)))),
    "files": (
        modal(label({"type": 19, "custom_id": "a", "max_values": 10})),
        modal(label({"type": 19, "custom_id": "a", "max_values": 11})),
    ),
    "one of": (
        modal(label({"type": 21, "custom_id": "a", "options": options(10)})),
        modal(label({"type": 21, "custom_id": "a", "options": options(11)})),
    ),
    "one of two": (
        modal(label({"type": 21, "custom_id": "a", "options": options(2)})),
        modal(label({"type": 21, "custom_id": "a", "options": options(1)})),
    ),
    "boxes": (
        modal(label({"type": 22, "custom_id": "a", "options": options(10)})),
        modal(label({"type": 22, "custom_id": "a", "options": options(11)})),
    ),
    "box": (modal(label({"type": 23, "custom_id": "a"})), modal(label({"type": 23}))),
}


# Commands


def command(name: str = "digest", **more: Any) -> Json:
    return {"type": 1, "name": name, "description": "x", **more}


def option(at: int = 0, kind: int = 3, **more: Any) -> Json:
    return {"type": kind, "name": f"o{at}", "description": "x", **more}


def choices(count: int, **more: Any) -> list[Json]:
    return [{"name": f"c{at}", "value": f"v{at}", **more} for at in range(count)]


def _of_size(extra: int) -> Json:
    """A command of 8,000 characters, and as many more."""
    held = [
        option(at, choices=[{"name": "x" * 100, "value": "y" * 100}] * 13) for at in range(3)
    ]  # 7,811 with its name and description
    return command("d", options=[*held, option(9, description="x" * 100, choices=[{"name": "x" * (86 + extra), "value": "y"}])])


COMMANDS: dict[str, Pair] = {
    "commands": ([command(f"c{at}") for at in range(100)], [command(f"c{at}") for at in range(101)]),
    "menus of messages": (
        [{"type": 3, "name": f"Menu {at}"} for at in range(15)],
        [{"type": 3, "name": f"Menu {at}"} for at in range(16)],
    ),
    "menus of people": (
        [{"type": 2, "name": f"M{at}"} for at in range(15)],
        [{"type": 2, "name": f"M{at}"} for at in range(16)],
    ),
    "names differ": ([command("a"), command("b")], [command("a"), command("a")]),
    "name": ([command("x" * 32)], [command("x" * 33)]),
    "lower case": ([command("digest-admin")], [command("Digest")]),
    "no spaces": ([{"type": 3, "name": "Digest this link"}], [command("digest this")]),
    "description": ([command(description="x" * 100)], [command(description="x" * 101)]),
    "no description": ([command()], [command(description="")]),
    "a menu is not described": ([{"type": 3, "name": "Why"}], [{"type": 3, "name": "Why", "description": "x"}]),
    "a menu has no options": ([{"type": 3, "name": "Why"}], [{"type": 3, "name": "Why", "options": [option()]}]),
    "options": ([command(options=list(map(option, range(25))))], [command(options=list(map(option, range(26))))]),
    "option names differ": ([command(options=[option(1), option(2)])], [command(options=[option(1), option(1)])]),
    "option name": ([command(options=[option(name="x" * 32)])], [command(options=[option(name="x" * 33)])]),
    "option description": (
        [command(options=[option(description="x" * 100)])],
        [command(options=[option(description="x" * 101)])],
    ),
    "what is required comes first": (
        [command(options=[option(1, required=True), option(2)])],
        [command(options=[option(1), option(2, required=True)])],
    ),
    "choices": ([command(options=[option(choices=choices(25))])], [command(options=[option(choices=choices(26))])]),
    "choice name": (
        [command(options=[option(choices=choices(1, name="x" * 100))])],
        [command(options=[option(choices=choices(1, name="x" * 101))])],
    ),
    "choice value": (
        [command(options=[option(choices=choices(1, value="x" * 100))])],
        [command(options=[option(choices=choices(1, value="x" * 101))])],
    ),
    "choice of the kind": (
        [command(options=[option(kind=4, choices=choices(1, value=1))])],
        [command(options=[option(kind=4, choices=choices(1))])],
    ),
    "choices or completion": (
        [command(options=[option(autocomplete=True)])],
        [command(options=[option(autocomplete=True, choices=choices(1))])],
    ),
    "completion of words and numbers": (
        [command(options=[option(kind=4, autocomplete=True)])],
        [command(options=[option(kind=6, autocomplete=True)])],
    ),
    "length of a word": ([command(options=[option(max_length=6_000)])], [command(options=[option(max_length=6_001)])]),
    "range of a number": ([command(options=[option(kind=4, min_value=1)])], [command(options=[option(min_value=1)])]),
    "sub-commands or options": (
        [command(options=[option(1, 1), option(2, 1)])],
        [command(options=[option(1, 1), option(2)])],
    ),
    "depth": (
        [command(options=[option(1, 2, options=[option(2, 1, options=[option(3)])])])],
        [command(options=[option(1, 2, options=[option(2, 2, options=[option(3, 1)])])])],
    ),
    "nothing in a sub-command but options": (
        [command(options=[option(1, 1, options=[option(2)])])],
        [command(options=[option(1, 1, options=[option(2, 1)])])],
    ),
    "locales": ([command(name_localizations={"de": "kurz"})], [command(name_localizations={"xx": "kurz"})]),
    "name of a menu": ([{"type": 3, "name": "x" * 32}], [{"type": 3, "name": "x" * 33}]),
    "translated description": (
        [command(description_localizations={"de": "x" * 100})],
        [command(description_localizations={"de": "x" * 101})],
    ),
    "translated name": ([command(name_localizations={"de": "kurz"})], [command(name_localizations={"de": "Kurz gesagt"})]),
    "contexts": ([command(contexts=[0, 1, 2])], [command(contexts=[3])]),
    "installations": ([command(integration_types=[0, 1])], [command(integration_types=[2])]),
    "characters": ([_of_size(0)], [_of_size(1)]),
}

CHOICES: dict[str, Pair] = {
    "choices": (choices(25), choices(26)),
    "name": (choices(1, name="x" * 100), choices(1, name="x" * 101)),
    "empty name": (choices(1), choices(1, name="")),
    "value": (choices(1, value="x" * 100), choices(1, value="x" * 101)),
    "no value": (choices(0), choices(1, value=None)),
}
