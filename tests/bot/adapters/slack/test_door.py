"""What people do in Slack is acknowledged at once and answered where they did it, by the real library over a connection."""

from __future__ import annotations

from bot.talk import Typed, reply
from bot.wording import marked
from tests.bot.adapters.slack.conftest import Open


async def test_a_command_is_answered_to_the_asker_alone(bot: Open) -> None:
    bot.answers(reply(marked("*Here* is `it`.")))

    act = await bot.server.command("U1", "C1", "/digest", "about ferry")

    assert act.error == ""
    answer = await act.answered()
    assert bot.server.words(answer) == "Here is it."
    assert answer.ephemeral
    assert bot.desk.asked == [Typed("about ferry")]
