"""``./dev``: one command on a fresh machine, the same command always.

The slow tests run it for real, on a tiny project whose packages lie in a folder, with no package index at all.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = sorted((ROOT / "locks").glob("*.txt"))


DEV = ROOT / "dev"


@pytest.fixture(scope="module")
def dev() -> ModuleType:
    """The file ``dev``, which has no suffix and leaves no ``__pycache__``, as a module."""
    module = ModuleType("dev")
    module.__file__ = str(DEV)
    exec(compile(DEV.read_text("utf-8"), str(DEV), "exec"), module.__dict__)
    return module


# Before anything is set up


def test_an_old_python_can_read_it_far_enough_to_say_that_it_is_too_old() -> None:
    ast.parse(DEV.read_text("utf-8"), feature_version=(3, 6))


def test_without_a_newer_python_it_says_what_it_needs_and_what_to_type(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "brew").write_text("#!/bin/sh\n")
    (tmp_path / "brew").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(dev.Stop) as stop:
        dev.go_on_with_a_newer_python(["digest"])

    assert "needs Python 3.11 or newer" in str(stop.value)
    assert "type:  brew install python@3.11" in str(stop.value)


def test_it_goes_on_with_a_newer_python_and_passes_over_one_that_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "python3.13").write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / "python3.13").chmod(0o755)
    (tmp_path / "python3.12").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (tmp_path / "python3.12").chmod(0o755)
    code = (
        f"path = {str(DEV)!r}; dev = {{'__file__': path, '__name__': 'dev'}}\n"
        "exec(compile(open(path).read(), path, 'exec'), dev)\n"
        "dev['go_on_with_a_newer_python'](['--help'])"
    )
    environment = {**os.environ, "PATH": str(tmp_path)}

    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stderr
    assert "./dev digest" in run.stdout


def test_help_needs_no_environment(tmp_path: Path) -> None:
    (tmp_path / "dev").write_bytes(DEV.read_bytes())

    run = subprocess.run([sys.executable, str(tmp_path / "dev"), "--help"], capture_output=True, text=True, check=True)

    assert all(f"./dev {verb}" in run.stdout for verb in ("digest", "test", "check", "bench", "lock"))
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize(
    ("said", "problem", "keystroke"),
    [
        ("WARNING: Retrying (Retry(total=4 ...\nERROR: No matching distribution found", "no package index", "PIP_INDEX_URL="),
        ("ERROR: Could not find a version that satisfies a (from versions: none)", "no package index", "PIP_INDEX_URL="),
        ("ERROR: ... (from versions: 1.0)\nERROR: No matching distribution found for a", "lacks a locked", "PIP_INDEX_URL="),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one", "PIP_NO_CACHE_DIR=1"),
        ("ERROR: [Errno 28] No space left on device", "the disk is full", "df -h"),
        ("something unheard of", "pip failed", "type:"),
    ],
)
def test_each_failure_of_pip_ends_with_what_to_type(
    dev: ModuleType, capsys: pytest.CaptureFixture[str], said: str, problem: str, keystroke: str
) -> None:
    stop = str(dev.pip_failed(said.splitlines()))

    assert problem in stop
    assert keystroke in stop[stop.index("type:") :]
    assert said.splitlines()[-1] in capsys.readouterr().err


# The locks


def pinned(lock: Path) -> dict[str, str]:
    """Version by name."""
    pins = re.findall(r"^([\w.-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def asked() -> dict[str, list[str]]:
    """What pyproject.toml asks of each lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = project["dependency-groups"]
    return {"runtime": project["project"]["dependencies"] + groups.pop("build"), **groups}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_each_locked_package_has_its_hashes_and_none_says_where_it_lies(lock: Path) -> None:
    for entry in re.split(r"\n(?=\S)", lock.read_text("utf-8").strip()):
        if not entry.startswith("#"):
            assert re.match(r"[\w.-]+==\S+( ; [^\n]+?)? \\\n( +--hash=sha256:[0-9a-f]{64}( \\\n|$))+$", entry), entry
    assert "://" not in lock.read_text("utf-8")


@pytest.mark.parametrize("name", asked())
def test_the_locks_hold_what_the_project_asks_for(name: str) -> None:
    pins = pinned(ROOT / "locks" / f"{name}.txt")

    for requirement in map(Requirement, asked()[name]):
        assert pins.get(canonicalize_name(requirement.name), "nothing") in requirement.specifier, f"./dev lock: {requirement}"


def test_the_locks_agree() -> None:
    runtime = pinned(ROOT / "locks/runtime.txt")

    for lock in LOCKS:
        both = pinned(lock).items() & runtime.items()
        assert len(both) == len(pinned(lock).keys() & runtime.keys()), lock.name


# On a tiny project, for real

BACKEND = """
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "tiny_project-1-py3-none-any.whl"
    with zipfile.ZipFile(folder + "/" + name, "w") as wheel:
        wheel.writestr("tiny_project.pth", PLACE)
        wheel.writestr("tiny_project-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny-project\\nVersion: 1\\n")
        wheel.writestr("tiny_project-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("tiny_project-1.dist-info/entry_points.txt", "[console_scripts]\\ndateline = program:main\\n")
        wheel.writestr("tiny_project-1.dist-info/RECORD", "")
    return name
"""
PROGRAM = """
import sys

def main():
    import needed
    print(needed.__name__, sys.argv[1:])
    return 7
"""


class Project:
    """A project of one program and the packages that its lock names, which lie in a folder beside it."""

    def __init__(self, folder: Path) -> None:
        self.root, self.wheels = folder / "a project", folder / "wheels"
        (self.root / "locks").mkdir(parents=True)
        self.wheels.mkdir()
        (self.root / "dev").write_bytes(DEV.read_bytes())
        (self.root / "backend.py").write_text(BACKEND.replace("PLACE", repr(str(self.root))))
        (self.root / "program.py").write_text(PROGRAM)
        self.describe("1")

    def describe(self, version: str) -> None:
        build = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        (self.root / "pyproject.toml").write_text(f'{build}[project]\nname = "tiny-project"\nversion = "{version}"\n')

    def lock(self, *names: str) -> None:
        """Let the lock name these packages, each of one empty module."""
        lines = []
        for name in names:
            wheel, info = self.wheels / f"{name}-1-py3-none-any.whl", f"{name}-1.dist-info"
            with zipfile.ZipFile(wheel, "w") as archive:
                archive.writestr(f"{name}.py", "")
                archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
                archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
                archive.writestr(f"{info}/RECORD", "")
            lines.append(f"{name}==1 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
        (self.root / "locks/runtime.txt").write_text("".join(lines))

    def start(self, *words: str, wheels: str | None = None) -> subprocess.Popen[str]:
        """Start ``dev`` in some other folder, with no index, the packages in the given folder, and no settings of pip's."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        environment |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels or str(self.wheels)}
        command, out = [sys.executable, str(self.root / "dev"), *words], subprocess.PIPE
        return subprocess.Popen(command, cwd=self.wheels, env=environment, stdout=out, stderr=out, text=True)

    def run(self, *words: str, wheels: str | None = None) -> tuple[int, str, str]:
        """Exit code, output and what was said on the way."""
        process = self.start(*words, wheels=wheels)
        output, said = process.communicate(timeout=120)
        return process.returncode, output, said

    def has(self, name: str) -> bool:
        return any((self.root / ".venv").rglob(f"site-packages/{name}.py"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.lock("needed")
    return project


@pytest.mark.slow
def test_the_first_run_sets_up_and_later_ones_start_at_once(project: Project, tmp_path: Path) -> None:
    code, output, said = project.run("digest", "two words")

    assert (code, output) == (7, "needed ['digest', 'two words']\n"), said
    assert "installing 1 packages of locks/runtime.txt" in said

    again = project.run("digest", wheels=str(tmp_path / "nowhere"))

    assert again == (7, "needed ['digest']\n", "")


@pytest.mark.slow
def test_a_changed_lock_makes_the_environment_anew_and_a_changed_project_only_itself(project: Project) -> None:
    project.lock("needed", "dropped")
    project.run("digest")
    assert project.has("dropped")

    project.lock("needed")
    code, _, said = project.run("digest")

    assert code == 7
    assert "making .venv" in said
    assert not project.has("dropped")

    project.describe("2")
    code, _, said = project.run("digest")

    assert code == 7
    assert "the program itself" in said
    assert "making .venv" not in said


@pytest.mark.slow
def test_a_set_up_that_was_killed_is_mended_by_the_next(project: Project) -> None:
    killed = project.start("digest")
    assert killed.stderr is not None
    while "installing" not in killed.stderr.readline():
        pass
    killed.kill()
    killed.communicate()

    code, output, said = project.run("digest")

    assert (code, output) == (7, "needed ['digest']\n"), said
    assert "making .venv" in said


@pytest.mark.slow
def test_two_at_once_set_up_one_after_the_other(project: Project) -> None:
    both = [project.start("digest", word) for word in ("a", "b")]
    ended = [(*process.communicate(timeout=120), process.returncode) for process in both]

    assert [(output, code) for output, _, code in ended] == [("needed ['digest', 'a']\n", 7), ("needed ['digest', 'b']\n", 7)]
    assert sum("making .venv" in said for _, said, _ in ended) == 1
    assert sum("waiting for it" in said for _, said, _ in ended) == 1


@pytest.mark.slow
def test_without_an_index_it_fails_with_what_to_type(project: Project, tmp_path: Path) -> None:
    code, output, said = project.run("digest", wheels=str(tmp_path / "nowhere"))

    assert (code, output) == (1, "")
    assert "no package index could be reached" in said
    assert re.search(r"type:  PIP_INDEX_URL=\S+ .*dev' digest", said)
    assert "Traceback" not in said
    assert project.run("digest")[0] == 7


def test_a_folder_of_the_users_own_is_left_alone(project: Project) -> None:
    (project.root / ".venv").mkdir()
    (project.root / ".venv/mine.txt").write_text("mine")

    code, _, said = project.run("digest")

    assert code == 1
    assert "move it away" in said
    assert (project.root / ".venv/mine.txt").exists()


def test_a_missing_lock_is_named(project: Project) -> None:
    (project.root / "locks/runtime.txt").unlink()

    code, _, said = project.run("digest")

    assert code == 1
    assert "runtime.txt is missing" in said
    assert "checkout" in said
