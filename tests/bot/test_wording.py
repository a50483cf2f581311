"""The sentences of chat: one file, every key used, every value given, whatever a value holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from bot import wording
from bot.wording import line_of, marked, query_error, say
from digests.render.layout import Run, words
from digests.render.links import SafeLink
from digests.render.safe import SafeText

BOT = Path(wording.__file__).parent
GO_ON_A_SENTENCE = {
    *(
        "on_topic",
        "feed_under",
        "admins_of",
        "did_you_mean",
        "sources_are_called",
        "feeds_verb_meant",
        "feeds_verbs",
        "and_more",
        "and_then",
    ),
    *("schedule_verb_meant", "schedule_verbs", "feeds_list_them", "feed_try_later", "feed_not_added", "feeds_nearby"),
    "feed_where",
}

OF_A_FAMILY = {"run_composed", "discord_menu_link"}
"""Named by what a run came to, or by an item of a menu, and so not by what they say."""


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Each call of a function of the words' room, with where it stands."""
    for path in sorted(BOT.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "from bot.wording import" in text else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name and node.args:
                yield f"{path.name}:{node.lineno}", node


def beginnings(node: ast.expr) -> tuple[str, bool]:
    """The key that an argument names, and whether it is all of it: of an f-string its first words."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value, True
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return str(node.values[0].value), False
    return "", False


def test_every_sentence_that_is_said_stands_in_the_file_with_the_values_it_is_given():
    known = wording.keys()

    for place, call in (*calls("say"), *calls("query_error")):
        key, whole = beginnings(call.args[0])
        if whole:
            given = {each.arg for each in call.keywords if each.arg}
            assert key in known, f"{place}: no sentence {key!r}"
            spread = any(each.arg is None for each in call.keywords)
            assert spread or given >= known[key], f"{place}: {key} needs {known[key] - given}"
            assert given <= known[key], f"{place}: {key} has no use for {given - known[key]}"


def test_every_label_that_is_named_stands_in_the_file_and_takes_no_values():
    known = wording.keys()

    for place, call in calls("name"):
        key, whole = beginnings(call.args[0])
        found = [each for each in known if each == key or (not whole and key and each.startswith(key))]
        assert found, f"{place}: no label {key!r}"
        assert not any(known[each] for each in found), f"{place}: a label has no values"


def test_no_sentence_stands_in_the_file_that_nobody_says():
    used = {beginnings(call.args[0])[0] for name in ("say", "query_error", "name") for _, call in calls(name)}
    constants = {
        node.value
        for path in BOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    parts = {each for each in used if each.endswith("_")}

    unused = [key for key in sorted(wording.keys()) if key not in constants and not any(key.startswith(part) for part in parts)]

    assert unused == []


def test_no_sentence_stands_in_the_file_twice():
    known = sorted((key for key in sorted(wording.keys()) if key not in OF_A_FAMILY), key=wording.name)

    alike = [list(each) for _, each in groupby(known, key=wording.name)]

    assert [each for each in alike if len(each) > 1] == []


def test_a_value_is_literal_whatever_it_holds():
    line = say("the_words", words="*all* `of` {words} <!channel>")

    assert words(line) == "“*all* `of` {words} <!channel>”"
    assert all(run.bold for run in line)
    assert not any(run.code for run in line)


def test_a_value_with_a_style_keeps_it():
    story = Run(SafeText("Ferry sinks"), SafeLink.of("https://news.example/a"), bold=True)

    line = say("why_title", story=story)

    assert story in line


@pytest.mark.parametrize(("count", "said"), [(0, "0 feeds"), (1, "1 feed"), (1_200, "1,200 feeds")])
def test_what_is_counted_agrees_with_its_number(count: int, said: str):
    line = say("feeds_some_failing", feeds=count, failing=0)

    assert f"I checked {said}" in words(line)


def test_a_value_that_is_missing_is_a_bug_that_shows():
    with pytest.raises(KeyError):
        say("why_title")


def test_the_text_of_an_error_is_read_for_its_marks_and_made_harmless():
    line = marked("I have no topic *chip\u202e*. Did you mean `chips`? 3 * 4")

    assert words(line) == "I have no topic chip. Did you mean chips? 3 * 4"
    assert [run.text for run in line if run.bold] == ["chip"]
    assert [run.text for run in line if run.code] == ["chips"]


def test_what_was_typed_stays_literal_in_an_error_and_in_its_text():
    error = query_error("no_topics", topic="*all* `of` it", prefix="/digest")

    assert str(error) == "I have no topic *all* `of` it, and none at all yet. Ask for words: `/digest about *all* `of` it`."
    assert [run.text for run in line_of(error) if run.bold] == ["*all* `of` it"]
    assert line_of(ValueError("Try *this*.")) == marked("Try *this*.")


def test_every_sentence_ends_as_a_sentence_or_is_a_label():
    for key in sorted(wording.keys()):
        text = wording.name(key)
        assert text == text.strip() or key in GO_ON_A_SENTENCE, key
        assert text.count("`") % 2 == 0, f"{key} leaves a mark open"
        assert text.count("*") % 2 == 0, f"{key} leaves a mark open"
