"""The pages name what there is: modules and functions, settings, verbs and their options, states and alarms."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer import main as typer_main

from bot import cli
from bot.model import DeliveryState, RunState
from config.settings import DEFAULTS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
TOPS = "bot|digests|config|tests|benchmarks|docs|locks"
PATH = re.compile(rf"`((?:{TOPS})/[\w./-]*|\./dev|\.ci/run|\.importlinter|pyproject\.toml)`")
DOTTED = re.compile(r"`((?:bot|digests|config)(?:\.\w+)+)(?:\(\))?`")
TYPED = re.compile(r"(?:`|^ {4}|^)(?:\S+ \| |[A-Z_]+=\S+ )*dateline ([a-z][^`\n]*)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def missing_names(text: str) -> Iterator[str]:
    """Files, modules and names of modules that a page gives and the project has not."""
    for path in PATH.findall(text):
        if not (ROOT / path).exists():
            yield path
    for dotted in DOTTED.findall(text):
        if not is_there(dotted):
            yield dotted


def is_there(dotted: str) -> bool:
    """Whether a dotted name is a module of the project, or a name (of a name) in one."""
    parts = dotted.split(".")
    for at in range(len(parts), 0, -1):
        stem = ROOT.joinpath(*parts[:at])
        file = stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")
        if file.is_file():
            return names_in(ast.parse(file.read_text("utf-8")), parts[at:])
    return False


def names_in(tree: ast.Module | ast.ClassDef, names: list[str]) -> bool:
    if not names:
        return True
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == names[0]:
            return names_in(node, names[1:])
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == names[0]:
            return len(names) == 1
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            given = {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
            if names[0] in given:
                return len(names) == 1
        if isinstance(node, ast.ImportFrom) and names[0] in {each.asname or each.name for each in node.names}:
            return len(names) == 1  # a package hands on what one of its modules gives
    return False


def settings() -> list[str]:
    """Every setting as ``section.key``."""
    table = tomllib.loads(DEFAULTS.read_text("utf-8"))
    return [
        f"{section}.{key}" if isinstance(value, dict) else section
        for section, value in table.items()
        for key in (value if isinstance(value, dict) else [section])
    ]


def verbs() -> dict[str, list[str]]:
    """Every verb of the command line, ``sources add`` too, with its options."""
    found: dict[str, list[str]] = {}

    def walk(command: object, name: str) -> None:
        inner: dict[str, object] = getattr(command, "commands", {})
        for each, verb in inner.items():
            walk(verb, f"{name} {each}".strip())
        if name and not inner:
            parameters = getattr(command, "params", [])
            found[name] = [
                option for each in parameters for option in each.opts if option.startswith("--") and option != "--help"
            ]

    walk(typer_main.get_command(cli.app()), "")
    return found


def misspelt(text: str) -> Iterator[str]:
    """Command lines that a page gives and the program would not understand: an unknown verb or option."""
    known = verbs()
    groups = {verb.split()[0] for verb in known if " " in verb}
    for line in TYPED.findall(text):
        words = line.split("#")[0].replace("`", " ").split()
        verb = " ".join(words[:2] if words[0] in groups and len(words) > 1 else words[:1])
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        if verb not in known.keys() | groups or options - {*known.get(verb, []), "--help"}:
            yield f"dateline {line}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_a_page_tells_to_type_is_understood(page: Path) -> None:
    assert list(misspelt(page.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("type `dateline sources list --json` or `dateline sources`", []),
        ("    dateline subscriptions run news-757e", []),
        ("    dateline subscriptions start news-757e", ["dateline subscriptions start news-757e"]),
        ("run `dateline run --fast`", ["dateline run --fast"]),
        ("`dateline pots`", ["dateline pots"]),
    ],
)
def test_a_command_that_is_not_there_is_found(text: str, wrong: list[str]) -> None:
    assert list(misspelt(text)) == wrong


@pytest.mark.parametrize("state", list(DeliveryState))
def test_each_state_of_a_message_is_explained(state: DeliveryState) -> None:
    assert f"\n| `{state}` | " in (ROOT / "docs" / "delivery.md").read_text("utf-8")


def test_each_alarm_is_explained_and_no_other() -> None:
    section = (ROOT / "docs" / "commands.md").read_text("utf-8").partition("\n| alarm | when |\n")[2].partition("\n\n")[0]
    words = {
        call.args[0].value
        for call in ast.walk(ast.parse((ROOT / "bot" / "alarms.py").read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "Alarm"
        and isinstance(call.args[0], ast.Constant)
    }

    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == words


def test_each_word_of_the_log_is_explained_with_its_level_and_no_other() -> None:
    text = "\n".join(file.read_text("utf-8") for file in sorted((ROOT / "bot").rglob("*.py")))
    logged = {(word, level) for level, word in re.findall(r"^ +(?:log\.)?(info|warning|error)\(\"(\w+)\"", text, re.MULTILINE)}
    logged |= {(f"run_{state}", "info") for state in (RunState.COMPOSED, RunState.EMPTY)} | {("run_failed", "warning")}
    lost = {DeliveryState.FAILED, DeliveryState.UNCONFIRMED}
    logged |= {(f"delivery_{state}", "error" if state in lost else "warning") for state in DeliveryState}
    logged = logged - {("delivery_sent", "warning")} | {("delivery_posted", "info")}

    page = (ROOT / "docs" / "reading-the-log.md").read_text("utf-8")
    rows = re.findall(r"^\| (`.+`) \| ([a-z, ]+) \| ", page.partition("\n## Each word\n")[2], re.MULTILINE)
    explained = {(word, level) for words, levels in rows for word in re.findall(r"\w+", words) for level in levels.split(", ")}

    assert explained == logged


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_a_page_names_is_there(page: Path) -> None:
    assert list(missing_names(page.read_text("utf-8"))) == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_link_between_pages_leads_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text("utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("setting", settings())
def test_each_setting_has_its_heading(setting: str) -> None:
    headings = re.findall(r"^### `(.+)`$", (ROOT / "docs" / "settings.md").read_text("utf-8"), re.MULTILINE)

    assert setting in headings


def test_no_page_of_settings_describes_one_that_is_gone() -> None:
    headings = re.findall(r"^### `(.+)`$", (ROOT / "docs" / "settings.md").read_text("utf-8"), re.MULTILINE)

    assert sorted(headings) == sorted(settings())


@pytest.mark.parametrize(("verb", "options"), verbs().items(), ids=list(verbs()))
def test_each_verb_has_its_heading_and_its_options(verb: str, options: list[str]) -> None:
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    _, heading, rest = text.partition(f"\n## `dateline {verb}`\n")
    section = rest.partition("\n## ")[0]

    assert heading, f"no heading for {verb}"
    assert [option for option in options if f"`{option}" not in section] == []


def test_no_heading_of_the_commands_is_of_a_verb_that_is_gone() -> None:
    headings = re.findall(r"^## `dateline (.+)`$", (ROOT / "docs" / "commands.md").read_text("utf-8"), re.MULTILINE)

    assert sorted(headings) == sorted(verbs())


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("see `bot/documents.py` and `bot.documents.read_source`", []),
        ("see `bot/gone.py`", ["bot/gone.py"]),
        ("see `bot.collect.gone`", ["bot.collect.gone"]),
        ("see `digests.model.Bullet.of()`", []),
        ("see `digests.model.Bullet.off()`", ["digests.model.Bullet.off"]),
    ],
)
def test_a_name_that_is_not_there_is_found(text: str, missing: list[str]) -> None:
    assert list(missing_names(text)) == missing


@pytest.mark.parametrize("house", ["bot", "digests"])
def test_the_picture_of_the_house_has_every_floor_of_the_law(house: str) -> None:
    assert pictured(house) == lawful(house)


def pictured(house: str) -> list[set[str]]:
    """The rooms of each floor in the picture of the architecture, from the top."""
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    picture = page.split(f"\n{house}/ ", 1)[1].split("\n\n", 1)[0]
    floors: list[set[str]] = []
    for line in picture.splitlines()[1:]:
        if not re.match(r"  [\w|]", line):
            continue  # the rest of what a room does
        named = re.split(r" {3,}", line[2:])[0]
        rooms = {name.strip().rstrip("/") for name in named.split("|") if name.strip()}
        if named.startswith("|"):
            floors[-1] |= rooms
        else:
            floors.append(rooms)
    return floors


def lawful(house: str) -> list[set[str]]:
    """The rooms that there are of each floor, as `.importlinter` has them."""
    law = configparser.ConfigParser()
    law.read(ROOT / ".importlinter", "utf-8")
    floors = law[f"importlinter:contract:{house}"]["layers"].strip().splitlines()
    rooms = [{room.strip(" ()") for room in floor.split("|")} for floor in floors]
    built = [{room for room in floor if is_there(f"{house}.{room}")} for floor in rooms]
    return [floor for floor in built if floor]
