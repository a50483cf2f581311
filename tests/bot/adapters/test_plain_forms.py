"""Lines and plain forms: the words of a message where blocks, components and embeds are not wanted or were refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.discord import render as discord
from bot.adapters.slack import render as slack
from digests.render import markdown, text
from tests.bot.adapters.reading_discord import inline
from tests.golden.injection import INJECTIONS
from tests.golden.news import full, sixty
from tests.servers import discord_webhook, discord_words, slack_shown, slack_webhook


@given(
    st.one_of(
        st.sampled_from(INJECTIONS), st.text(max_size=2_000), st.sampled_from(["&" * 5_000, "*" * 5_000, "🦀" * 5_000, ""])
    )
)
def test_any_line_is_taken_by_both_platforms_and_rings_nobody(raw: str) -> None:
    ours, theirs = slack.render_line(raw), discord.render_line(raw)

    assert slack_webhook.refused(ours) == ""
    assert len(ours["text"].encode()) <= 4_000
    assert list(slack_shown.pings(ours)) == []
    assert discord_webhook.faults(theirs) == {}
    assert len(theirs["content"].encode("utf-16-le")) <= 2 * 2_000
    assert list(discord_words.pings(theirs, ("everyone", "roles", "users"))) == []
    assert inline(theirs["content"]).alive == []
    assert theirs["content"]


def test_one_liners_are_called_also_only_below_stories() -> None:
    told = full()

    for digest, heads in ((told, 1), (replace(told, stories=()), 0)):
        shown = [json.dumps(payload) for payload in (*slack.render(digest), *discord.render(digest), *discord.embeds(digest))]
        assert [text.count("Also") for text in shown] == [2 * heads, heads, heads]  # Slack says all in plain words too
        assert [text.render(digest).count("Also"), markdown.render(digest).count("Also")] == [heads, heads]


def test_the_plain_form_on_slack_is_the_text_without_markup() -> None:
    for payload in slack.render(sixty(), controls=True):
        assert slack.plain(payload) == [
            {"text": payload["text"], "mrkdwn": False, "unfurl_links": False, "unfurl_media": False},
        ]


@pytest.mark.parametrize("render", [discord.render, discord.embeds], ids=["components", "embeds"])
def test_the_plain_form_on_discord_keeps_every_line_and_link(render) -> None:
    for digest in (full(), sixty()):
        for payload in render(digest):
            contents = [plain["content"] for plain in discord.plain(payload)]

            written = [text for text in "\n".join(discord._contents(payload)).split("\n") if text]
            assert [line for content in contents for line in content.split("\n") if line] == written
            assert all(len(content) <= 2_000 for content in contents)


def test_a_line_that_is_too_long_loses_its_links_before_its_words() -> None:
    link = "https://news.example/" + "x" * 1_900
    payload = {"embeds": [{"description": f"- [a \\[b\\]](<{link}>) and [c](<{link}>)\n- d"}]}

    assert [plain["content"] for plain in discord.plain(payload)] == ["- a \\[b\\] and c\n- d"]


def test_a_line_of_endless_words_is_never_cut_inside_an_escape() -> None:
    (one,) = discord.plain({"content": "x" + "\\*" * 2_000})

    assert len(one["content"]) <= 2_000
    assert one["content"].endswith("\\*…")


def test_a_plain_form_of_a_plain_form_is_the_same() -> None:
    for payload in discord.embeds(full()):
        for plain in discord.plain(payload):
            assert discord.plain(plain) == [plain]


@pytest.mark.parametrize("raw", [":smile:", "at 10:30:15 :tada::smile: and :+1:", "a:smile:b", "no:emoji"])
def test_no_emoji_comes_of_the_words_of_a_source_on_discord(raw: str) -> None:
    assert discord_words.shown(discord.render_line(raw)) == raw
