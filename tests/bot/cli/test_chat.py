"""``dateline chat`` as its user has it: typed lines in, a conversation out, and nothing else in between."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.adapters.console.replies import as_text
from bot.app.platforms import platforms
from bot.cli.chat import conversation
from config.settings import load
from tests.bot.cli.running import run

REPORT = b"story ferry\n6\n1\n\n\n"  # the sixth thing to press is "Something is wrong"


@pytest.mark.slow
def test_what_is_logged_stands_in_a_file_and_not_in_the_conversation(tmp_path: Path) -> None:
    said = run(tmp_path, "chat", "--newsroom", stdin=REPORT, cwd=tmp_path)

    assert (said.code, said.err) == (0, "")
    assert "It stands in the operator's log" in said.out
    assert "reader_said_wrong" not in said.out
    assert said.out.rstrip().endswith(f"Something went into the log: {tmp_path / 'chat.log'}")
    [line] = (tmp_path / "chat.log").read_text(encoding="utf-8").splitlines()
    assert " warning reader_said_wrong story=s-" in line


@pytest.mark.slow
def test_a_script_of_many_lines_is_answered_to_its_end_and_leaves_no_log(tmp_path: Path) -> None:
    said = run(tmp_path, "chat", "--newsroom", stdin=b"help\n" * 15, cwd=tmp_path)

    assert said.code == 0
    assert said.out.count("What you can ask. Only you see the answers.") == 16
    assert not (tmp_path / "chat.log").exists()


async def test_the_length_of_the_settings_is_the_one_of_the_conversation(tmp_path: Path) -> None:
    settings = load(None, {"DATELINE_DIGEST__LENGTH": "short", "DATELINE_HOME": str(tmp_path)})
    served, address = platforms({}, io.StringIO(), settings), f"sqlite:///{tmp_path}/news.db"

    async with conversation(settings, served, "admin", "UTC", address, offer=lambda _: False) as talk:
        await talk.heard('schedule add at:"daily 08:00" topic:ferry')
        schedules = as_text(await talk.heard("schedule list"))

    assert "short length" in schedules
