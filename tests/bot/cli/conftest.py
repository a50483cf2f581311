"""The command line for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.cli.running import Here


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """``typed("digest", "--zone", "EST5")``: the command line in this process, with a folder of its own."""
    return Here(tmp_path, monkeypatch, capsys)
