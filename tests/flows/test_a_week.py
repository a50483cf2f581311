"""The week that is there to be read by eye, of the newsroom alone."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from tests.bot.cli.running import ROOT, clean


@pytest.mark.slow
async def test_a_week_of_the_newsroom_comes_each_morning_to_both_platforms(tmp_path: Path) -> None:
    out = tmp_path / "week"
    command = (sys.executable, "-m", "benchmarks.week", "--newsroom", "--out", str(out))
    living = await asyncio.create_subprocess_exec(*command, stdout=PIPE, env=clean(tmp_path), cwd=ROOT)
    told, _ = await living.communicate()

    assert living.returncode == 0
    assert told.decode() == (out / "summary.txt").read_text("utf-8")
    assert "alarms: 0; bugs: 0" in told.decode()
    for platform in ("slack", "discord"):
        shown = {room: (out / platform / f"{room}.txt").read_text("utf-8") for room in ("news", "topic", "quiet", "ops")}
        assert "=== Thu 12 Mar 2026 08:00 CET" in shown["news"]
        assert "Storm Halvard" in shown["news"]
        assert [shown[room].count("===") for room in ("topic", "quiet", "ops")] == [5, 7, 0]
        assert shown["quiet"].count("Nothing new on “Tremors” since") == 7
        sent = json.loads((out / platform / "news.json").read_text("utf-8"))
        assert len(sent) == shown["news"].count("===") >= 7

    # Which world that was is known from the folder.
    ask = (*(each for each in command if each != "--newsroom"), "--ask", "/digest now")
    living = await asyncio.create_subprocess_exec(*ask, stdout=PIPE, env=clean(tmp_path), cwd=ROOT)
    told, _ = await living.communicate()

    assert "Digest · Thu 12 Mar" in told.decode()
