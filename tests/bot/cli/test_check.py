"""What `dateline check` looks at beside the archive: its disk, and whether each channel can be posted to."""

from __future__ import annotations

from pathlib import Path

from bot.app.platforms import Platforms
from bot.cli.check import _disk, _refused
from bot.errors import TargetGone, Unreachable
from bot.model import Channel
from tests.fakes import FakeAdapter

NEWS, GONE, QUIET = (Channel.parse(f"slack:T1/C{number}") for number in (1, 2, 3))
MUCH = 1 << 60  # bytes: no disk has so many


def test_a_disk_that_is_nearly_full_is_told_with_what_to_do(tmp_path: Path) -> None:
    [(good, line)] = _disk(f"sqlite:///{tmp_path / 'news.db'}", MUCH)

    assert not good
    assert line.startswith("disk: ")
    assert line.endswith("news.db is, so it soon cannot grow; free some space")
    assert list(_disk(f"sqlite:///{tmp_path / 'news.db'}", 1)) == []
    assert list(_disk("postgresql://db.example/news", MUCH)) == []


async def test_a_channel_that_takes_nothing_is_named_and_one_that_does_not_answer_is_not() -> None:
    adapter = FakeAdapter()
    adapter.closed = {GONE: TargetGone("C2 is no longer there."), QUIET: Unreachable("It does not answer.")}

    served = Platforms((), (), adapters={"slack": adapter})

    assert await _refused([NEWS, GONE, QUIET], served) == {GONE: "C2 is no longer there."}
