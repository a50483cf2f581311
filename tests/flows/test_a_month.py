"""A month of two hundred subscriptions: each slot once, whatever the clocks do, and no memory that grows with the days."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from tests.bot.cli.running import ROOT, clean
from tests.flows.month import CACHES_KIB, FLAT_AFTER, FLAT_KIB, grown_kib, owed


@pytest.mark.slow
async def test_in_a_month_each_slot_of_two_hundred_subscriptions_runs_once_in_memory_that_stays_flat(tmp_path: Path) -> None:
    living = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flows.month", stdout=PIPE, env=clean(tmp_path), cwd=ROOT
    )
    out, _ = await living.communicate()
    month = json.loads(out)

    assert month["runs"] == owed()
    assert month["late"] == 0
    assert (month["doubled"], month["unsent"]) == (0, 0)
    assert month["posted"] > 4_000
    assert grown_kib(month["most_kib"], 1) < CACHES_KIB
    assert grown_kib(month["most_kib"], FLAT_AFTER) < FLAT_KIB
