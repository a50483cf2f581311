"""The README shows what the program prints: each block between ``<!-- output: dateline ... -->`` and ``<!-- /output -->``.

``pytest tests/test_readme.py --update-golden`` writes the blocks anew; read the difference as a stranger would.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"<!-- output: (dateline [^\n]+) -->\n```text\n(.*?)```\n<!-- /output -->\n", re.DOTALL)


def blocks() -> dict[str, str]:
    """What each command is said to print."""
    return dict(BLOCK.findall(README.read_text(encoding="utf-8")))


def printed(command: str) -> str:
    """What a command prints on an installation without settings, in the folder of the project."""
    settings = {name for name in os.environ if name.startswith("DATELINE_")} | {"DATABASE_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in settings}
    words = [sys.executable, "-m", "bot", *shlex.split(command)[1:]]
    run = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_readme_shows_the_digest_of_the_newsroom_and_of_an_article() -> None:
    commands = list(blocks())

    assert "dateline digest" in commands
    assert any("--article" in command for command in commands)
    assert README.read_text(encoding="utf-8").count("<!-- output:") == len(commands), "a block that cannot be read"


@pytest.mark.slow
@pytest.mark.parametrize("command", blocks())
def test_the_readme_shows_what_the_command_prints(command: str, request: pytest.FixtureRequest) -> None:
    now = printed(command)
    if request.config.getoption("--update-golden"):
        text = README.read_text(encoding="utf-8")
        README.write_text(
            text.replace(
                f"<!-- output: {command} -->\n```text\n{blocks()[command]}", f"<!-- output: {command} -->\n```text\n{now}"
            ),
            "utf-8",
        )

    assert blocks()[command] == now, "the program prints something else now: pytest tests/test_readme.py --update-golden"
