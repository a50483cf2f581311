"""What a bot keeps as it starts of the platforms that it does not serve."""

from __future__ import annotations

import io
from pathlib import Path

from bot.app.platforms import platforms
from bot.app.whole import keep_unserved
from bot.ports.connections import DoorState
from bot.store import open_store
from config.settings import load
from tests.bot.newsdesk import EIGHT
from tests.bot.store.making import Clock, new_database


async def test_what_an_earlier_bot_was_refused_is_forgotten_and_a_token_that_is_none_is_said(tmp_path: Path) -> None:
    refused, clock = DoorState(False, "Make another token.", refused=True), Clock(EIGHT)
    served = platforms({"SLACK_BOT_TOKEN": "xoxb-no token", "SLACK_APP_TOKEN": "xapp-1-A1-1-a"}, io.StringIO(), load(None, {}))
    async with open_store(new_database(tmp_path / "news.db"), clock=clock) as store:
        for platform in ("discord", "slack"):
            await store.beats.connection(platform, refused, EIGHT)

        await keep_unserved(store.beats, served, EIGHT)

        (kept,) = await store.beats.connections()
    assert (kept.platform, kept.state.refused) == ("slack", True)
    assert "SLACK_BOT_TOKEN" in kept.state.words


async def test_a_bot_that_serves_one_platform_alone_leaves_alone_what_is_kept_of_the_others(tmp_path: Path) -> None:
    there, clock = DoorState(True, "as @digest to Acme", EIGHT), Clock(EIGHT)
    served = platforms({}, io.StringIO(), load(None, {}), "console")
    async with open_store(new_database(tmp_path / "news.db"), clock=clock) as store:
        await store.beats.connection("slack", there, EIGHT)

        await keep_unserved(store.beats, served, EIGHT)

        assert [each.state for each in await store.beats.connections()] == [there]
