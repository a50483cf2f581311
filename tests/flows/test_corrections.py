"""A feed changes what was posted: the whole bot as its own process, seen from the places that it posts to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.cli.running import ran
from tests.flows.living import BRIDGE, FERRY, Bot, due, read_again, rss, subscribed, with_news
from tests.servers.discord_webhook import DiscordWebhook
from tests.servers.slack_webhook import SlackWebhook
from tests.servers.web import Web

pytestmark = pytest.mark.slow

DEARER = BRIDGE | {"description": BRIDGE["description"].replace("12 million", "21 million")}
SAYS = 'Harbour News now has "21 million crowns"; we posted "12 million crowns"'


async def test_a_feed_that_changes_a_number_changes_the_message_and_the_next_digest_says_so(tmp_path: Path) -> None:
    async with DiscordWebhook() as discord, SlackWebhook() as slack, Web() as web:
        feed = web.url("/feed")
        web.serve("/feed", rss(FERRY, DEARER), content_type="application/rss+xml")
        await with_news(tmp_path, BRIDGE, address=feed)
        await subscribed(tmp_path, due("webhook:able"), due("webhook:bare"))
        hooks = {"DATELINE_WEBHOOK_ABLE": discord.add("able"), "DATELINE_WEBHOOK_BARE": slack.add("bare")}
        async with Bot(tmp_path, allow=[web.peer], environ=hooks) as bot:
            await bot.said("delivery_posted", count=2)
            await bot.stopped()
        before = discord.shown("able") + slack.shown("bare")

        await read_again(tmp_path)
        async with Bot(tmp_path, allow=[web.peer], environ=hooks) as again:
            await again.said("corrected", "channel=webhook:able", 'posted="12 million crowns"', "edits=1 lines=0")
            await again.said("corrected", "channel=webhook:bare", "edits=0 lines=0")
            await again.said("delivery_posted", "kind=edit")
            await subscribed(tmp_path, due("webhook:able", "Later"), due("webhook:bare", "Later"))
            await again.said("delivery_posted", "subscription=later", count=2)
            await again.stopped()
        listed = await ran(tmp_path, "deliveries", "list")
        status = await ran(tmp_path, "status")

    assert all("12 million crowns" in text and "21 million" not in text for text in before)
    [edited, following] = discord.shown("able")
    assert 'cost 21 million crowns, a third more than planned (corrected: we posted "12 million crowns")' in edited
    assert SAYS in following
    [left, other] = slack.shown("bare")
    assert "21 million" not in left
    assert SAYS in other
    assert again.log.count(" corrected ") == 2
    assert "edit of No. 1" in listed.out
    assert "2 corrections." in status.out
