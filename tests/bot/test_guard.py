"""The start-up guard: a foreign package under one of our names is named, before anything goes wrong for a lesser reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot import guard

ROOT = Path(__file__).resolve().parents[2]


def start(*path: Path) -> subprocess.CompletedProcess[str]:
    """Run the guard in a Python of its own that looks for packages in these folders, in this order."""
    others = [folder for folder in sys.path if folder not in ("", str(ROOT))]
    code = f"import sys; sys.path[:] = {[*map(str, path), *others]}; import bot.guard; bot.guard.check(); print('started')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


def foreign(folder: Path, name: str) -> Path:
    """Put another program's package of this name into the folder."""
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text("VERSION = 7\n")
    return folder


def test_our_own_packages_start() -> None:
    assert guard.clash(ROOT, {name: guard.found(name) for name in guard.OURS}) is None
    assert start(ROOT).stdout == "started\n"


@pytest.mark.parametrize("name", ["config", "digests"])
def test_a_foreign_package_in_front_of_ours_is_named_with_the_next_keystroke(tmp_path: Path, name: str) -> None:
    shared = tmp_path / "shared environment"
    shared.mkdir()

    run = start(foreign(shared, name), ROOT)

    assert run.returncode == 2
    assert run.stdout == ""
    assert f"{name} is {shared / name}" in run.stderr
    assert f'cd "{ROOT}" && env -u PYTHONPATH ./dev digest' in run.stderr
    assert "Traceback" not in run.stderr


def test_a_foreign_package_is_not_imported_to_find_out(tmp_path: Path) -> None:
    (foreign(tmp_path, "config") / "config" / "__init__.py").write_text("raise RuntimeError('imported')\n")

    run = start(tmp_path, ROOT)

    assert run.returncode == 2
    assert "imported" not in run.stderr


def test_a_single_foreign_module_is_named_too(tmp_path: Path) -> None:
    (tmp_path / "digests.py").write_text("")

    run = start(tmp_path, ROOT)

    assert run.returncode == 2
    assert f"digests is {tmp_path / 'digests.py'}" in run.stderr


def test_a_missing_package_is_named() -> None:
    assert guard.found("no_such_package") is None
    complaint = guard.clash(ROOT, {"bot": ROOT / "bot", "config": None})

    assert complaint is not None
    assert "config is missing" in complaint
    assert "bot is" not in complaint


def test_a_foreign_package_behind_ours_does_no_harm(tmp_path: Path) -> None:
    assert start(ROOT, foreign(tmp_path, "config")).stdout == "started\n"
