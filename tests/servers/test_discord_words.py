"""What the stand-ins for Discord show of a text, and what they see come alive in it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden.injection import INJECTIONS
from tests.servers.discord_words import read, shown

LIVING = {  # text -> what is read, what is alive
    "**a** *b* _c_ __d__ ~~e~~ ||f||": ("a b c d e f", "bold italic italic underline strike spoiler"),
    "***a***": ("a", "bold italic"),
    "**a *b* c**": ("a b c", "bold italic"),
    "`a *b*` ``c`d``": ("a *b* c`d", "code code"),
    "```py\n**a**\n```": ("**a**\n", "block"),
    "# A": ("A", "heading"),
    "### A **b**": ("A b", "heading bold"),
    "-# a": ("a", "small"),
    "- a\n* b\n+ c\n  - d": ("a\nb\nc\nd", "bullet bullet bullet bullet"),
    "1. a\n12. b": ("a\nb", "number number"),
    "> a\n> b": ("a\nb", "quote quote"),
    "a\n>>> b\nc": ("a\nb\nc", "quote"),
    "- [a](https://a.example/) b": ("a b", "bullet link"),
    "[a \\[b\\]](<https://a.example/(x)>)": ("a [b]", "quiet link"),
    '[a](https://a.example/ "why")': ("a", "link"),
    "[**a**](<https://a.example/>)": ("a", "quiet link bold"),
    "https://a.example/x, http://b.example.": ("https://a.example/x, http://b.example.", "url url"),
    "<https://a.example/>": ("https://a.example/", "quiet link"),
    "<@5> <@!6> <@&7> <#8>": ("@Ann @6 @7 #news", "user user role channel"),
    "</digest now:5>": ("/digest now", "command"),
    "@everyone @here": ("@everyone @here", "everyone everyone"),
    "<:ferry:5> <a:ferry:5> :tada:": (":ferry: :ferry: 🎉", "emoji emoji emoji"),
    "<t:1728777600> <t:1728777600:D> <t:1728777600:t>": (
        "13 October 2024 00:00 13 October 2024 00:00",
        "time time time",
    ),
    "<id:customize>": ("#customize", "channel"),
    "<me@a.example> <+44 20 7946>": ("me@a.example +44 20 7946", "email phone"),
}
PLAIN = {  # what is written -> what is read, with nothing alive
    "a_b_c a*": "a_b_c a*",
    "2 * 3 * 4": "2 * 3 * 4",
    "**a": "**a",
    "`a": "`a",
    "#a -a 1.a >a": "#a -a 1.a >a",
    "a # b - c > d": "a # b - c > d",
    "\\# a": "# a",
    "\\- a": "- a",
    "1\\. a": "1. a",
    "\\> a": "> a",
    "\\*a\\* \\_b\\_ \\~~c~~ \\|\\|d||": "*a* _b_ ~~c~~ ||d||",
    "\\`a\\`": "`a`",
    "\\```a\\```": "```a```",
    "\\[a](https\\://a.example/)": "[a](https://a.example/)",
    "[a](javascript:alert(1))": "[a](javascript:alert(1))",
    "[ ](b)": "[ ](b)",
    "\\<@5> \\<t:5>": "<@5> <t:5>",
    "12:30:45 :a": "12:30:45 :a",
    "a\\b \\1": "a\\b \\1",
    "\\\\": "\\",
}


@pytest.mark.parametrize(("written", "expected"), LIVING.items(), ids=LIVING)
def test_marks_are_read_and_left_out(written: str, expected: tuple[str, str]) -> None:
    reading = read(written, {"5": "Ann", "8": "news"})

    assert reading.text == expected[0]
    assert " ".join(kind for kind, _ in reading.marks) == expected[1]


@pytest.mark.parametrize(("written", "expected"), PLAIN.items(), ids=PLAIN)
def test_what_is_no_mark_stays(written: str, expected: str) -> None:
    reading = read(written)

    assert (reading.text, reading.marks) == (expected, [])


def test_a_label_that_is_an_address_masks_nothing() -> None:
    reading = read("[https://a.example/](https://b.example/)")

    assert reading.text == "[https://a.example/](https://b.example/)"
    assert "link" not in dict(reading.marks)


def test_where_links_lead_is_told() -> None:
    assert read("[a](https://a.example/x) <https://b.example/>").marks == [
        ("link", "https://a.example/x"),
        ("quiet link", "https://b.example/"),
    ]


def test_where_each_mark_stands_is_told() -> None:
    reading = read("a\n- b **c [d\\*](<https://a.example/x>)** `e`\n> - f")

    assert reading.text == "a\nb c d* e\nf"
    assert [(kind, reading.text[begin:end]) for (kind, _), (begin, end) in zip(reading.marks, reading.spans, strict=True)] == [
        ("bullet", "b c d* e"),
        ("bold", "c d*"),
        ("quiet link", "d*"),
        ("code", "e"),
        ("quote", "f"),
        ("bullet", "f"),
    ]


@given(st.one_of(st.sampled_from(INJECTIONS), st.text("*_~|`[]()<>@#-+.:\\\n ab1")))
def test_every_text_can_be_read_and_nothing_is_made_up(written: str) -> None:
    reading = read(written)

    if not reading.marks:
        assert Counter(reading.text) <= Counter(written)


@given(st.text("*_~|`[]()<>@#-+.:/\\ ab1ht", max_size=40))
def test_a_backslash_before_each_sign_makes_everything_plain(raw: str) -> None:
    text = raw.strip()
    written = "".join(sign if sign.isalnum() or sign.isspace() else f"\\{sign}" for sign in text)

    assert (read(written).text, [kind for kind, _ in read(written).marks if kind != "everyone"]) == (text, [])


def test_a_message_reads_as_its_content_embeds_and_text_displays() -> None:
    container = {
        "type": 17,
        "components": [{"type": 10, "content": "## D"}, {"type": 1, "components": [{"type": 2, "label": "E"}]}],
    }
    embed = {"title": "*B*", "description": "- b", "fields": [{"name": "n", "value": "v"}], "footer": {"text": "C"}}

    assert (
        shown({"content": "### [a \\[b\\]](<https://a.example/(x)>)\n- **Wed** fact\\_x\n-# small"})
        == "a [b]\nWed fact_x\nsmall"
    )
    assert shown({"content": "A", "embeds": [embed]}) == "A\nB\nb\nn\nv\nC"
    assert shown({"components": [container]}) == "D"
