"""What `dateline check` looks at beside the archive: whether each channel can be posted to."""

from __future__ import annotations

from bot.app.platforms import Platforms
from bot.cli.check import _refused
from bot.errors import TargetGone, Unreachable
from bot.model import Channel
from tests.fakes import FakeAdapter

NEWS, GONE, QUIET = (Channel.parse(f"slack:T1/C{number}") for number in (1, 2, 3))


async def test_a_channel_that_takes_nothing_is_named_and_one_that_does_not_answer_is_not() -> None:
    adapter = FakeAdapter()
    adapter.closed = {GONE: TargetGone("C2 is no longer there."), QUIET: Unreachable("It does not answer.")}

    served = Platforms((), (), adapters={"slack": adapter})

    assert await _refused([NEWS, GONE, QUIET], served) == {GONE: "C2 is no longer there."}
