"""Scripted conversations over the newsroom: question and reply, as a person sees them.  Read them; each is a promise."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from tests.flows.conversing import furnished, replayed, talking

SCRIPTS = sorted((Path(__file__).parent / "chat").glob("*.txt"))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newsroom's days, lived through once for all conversations."""
    file = tmp_path_factory.mktemp("newsroom") / "news.db"
    asyncio.run(furnished(file))
    return file


@pytest.mark.parametrize("script", SCRIPTS, ids=[each.stem for each in SCRIPTS])
def test_a_conversation_goes_as_it_is_written(
    script: Path, lived: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    written = script.read_text(encoding="utf-8")
    who = re.search(r"^# as: (\w+)$", written, re.MULTILINE)

    async def again() -> str:
        begun = None if "# in: empty" in written else lived
        async with talking(begun, tmp_path, who=who[1] if who else "admin") as (talk, _, clock):
            return await replayed(written, talk, clock)

    now = asyncio.run(again())

    if request.config.getoption("--update-golden"):
        script.write_text(now, encoding="utf-8")
    assert now == script.read_text(encoding="utf-8"), f"{script.name} goes another way: read it as the one who asked"
