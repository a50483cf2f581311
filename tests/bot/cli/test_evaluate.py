"""dateline evaluate: one table of what is measured, for the newsroom or for lines of one's own, and programs side by side."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.cli.evaluate import engines, read
from bot.cli.figures import Found, Wrong, as_values, complaints, in_lines, shown
from bot.errors import ConfigError
from bot.evaluate import Asked, Figures, sets
from digests.evaluate import Better, Measure, Question
from tests.bot.cli.running import ROOT, Here, clean, command

SENTENCE = "The ferry sank on Wednesday."
LONGER = "The county closed the harbour of Quarles for two days."
ARTICLE = {"id": "a", "text": f"{SENTENCE} {LONGER}", "published": "2024-10-13"}
DAY = {"task": "bullet-day", "article": ARTICLE, "sentence": SENTENCE, "start": 0, "end": 28, "gold": {"day": "2024-10-09"}}
DIGEST = {"task": "digest", "articles": [ARTICLE], "budget": {"max_bullets": 2}}
STORY = {"task": "cluster", "by": "story", "articles": [ARTICLE], "gold": ["a"]}

LEAD = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked["task"] != "digest":
        print(json.dumps({"id": asked["id"], "error": "only digests"}))
        continue
    bullets = [{"text": each["text"].split(". ")[0] + ".", "sources": [each["id"]]} for each in asked["articles"]]
    print(json.dumps({"id": asked["id"], "bullets": bullets}))
"""


def written(folder: Path, *lines: object, name: str = "lines.jsonl") -> Path:
    file = folder / name
    file.write_bytes(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines))
    return file


def asked(*lines: dict[str, Any], data: str = "lines.jsonl") -> Asked:
    (only,) = sets(data, {number: Question.of(line) for number, line in enumerate(lines, 1)})
    return only


def measure(name: str, value: float | None, *, unit: str = "%", better: Better = Better.HIGH) -> Measure:
    return Measure(name, f"what {name} means in a few words", better, value, 10, unit)


# ---------------------------------------------------------------- lines


def test_lines_that_ask_nothing_are_named_and_the_rest_goes_on(tmp_path: Path):
    file = written(
        tmp_path, b"\xef\xbb\xbf" + json.dumps(DAY).encode(), b"", b"no json", b"\xff", [1], {"task": "poem"}, DIGEST
    )

    questions, wrong = read(file)

    assert list(questions) == [1, 7]
    assert [(each.file, each.line) for each in wrong] == [(str(file), number) for number in (3, 4, 5, 6)]
    assert [each.why.partition(":")[0] for each in wrong] == [
        "the line is no JSON",
        "the line is no UTF-8",
        "the line is no object",
        'task is "poem"; accepted',
    ]


# ---------------------------------------------------------------- programs


def test_programs_are_called_by_their_name_or_their_last_word(tmp_path: Path):
    python = sys.executable
    typed = [f"{python} bench/lead.py -q", f"short={python} lead.py", f"{python} 'other folder/lead.py'", f"{python} dateline"]

    found = engines(typed)

    assert [each.name for each in found] == ["dateline", "lead", "short", "lead-2", "dateline-2"]
    assert found[1].command == (python, "bench/lead.py", "-q")
    assert found[3].command == (python, "other folder/lead.py")


@pytest.mark.parametrize("typed", ["", "name=", "there-is-no-such-program --fast", "python 'unclosed"])
def test_what_is_no_command_is_refused(typed: str) -> None:
    with pytest.raises(ConfigError, match="--against is "):
        engines([typed])


# ---------------------------------------------------------------- how it is told


@pytest.mark.parametrize(
    ("value", "text"), [(100.0, "100.0"), (99.96, "99.9"), (0.0, "0.0"), (0.04, "0.1"), (54.25, "54.2"), (None, "")]
)
def test_all_and_none_are_said_of_all_and_none_only(value: float | None, text: str) -> None:
    assert shown(measure("grounded", value)) == text


GROUNDED, FURNITURE = measure("grounded", 100.0), measure("furniture", None)
FOUND = Found(
    (
        (
            asked(DIGEST, DIGEST, data="some/folder/lines.jsonl"),
            (
                Figures("dateline", (GROUNDED, FURNITURE, measure("speed", 2171.3, unit="x"))),
                Figures("lead", (measure("grounded", 62.5), FURNITURE, measure("speed", None, unit="x"))),
            ),
        ),
        (
            asked(DAY, DAY),
            (
                Figures("dateline", (measure("wrong day", 0.0, better=Better.LOW),), 1, "answers with an error: x", 2),
                Figures("lead", (), 2, "answers with an error: only digests", 1),
            ),
        ),
        (asked(STORY), (Figures("dateline", (), 1, "broke", 1, broke=True), Figures("lead", (), 1, "broke too", 1))),
    ),
    (Wrong("some/folder/lines.jsonl", 7, "task is missing"),),
    ("day: None for 2024: It sank", "day: None for 2023: It sailed", "told: the ferry"),
)


def test_the_table_fits_a_terminal_and_has_a_column_for_each_program():
    assert list(in_lines(FOUND, 80)) == [
        "                                                      better  dateline      lead",
        "lines.jsonl · digests · 2 lines, 2 articles",
        "  grounded     what grounded means in a few words     high       100.0      62.5",
        "  speed        what speed means in a few words        high       2,171         -",
        "lines.jsonl · the day of a fact · 2 lines",
        "  wrong day    what wrong day means in a few words    low          0.0         -",
        "  unanswered   lines, not counted above               low            1         2",
        "lines.jsonl · stories · 1 line, 1 article",
        "  no program answered",
        "",
        "The digest of the whole newsroom misses its gold in 3 places (days 2, best facts",
        "untold 1). --json lists them.",
    ]


@pytest.mark.parametrize(("programs", "width"), [(1, 80), (2, 80), (3, 80), (4, 80), (5, 80), (2, 120), (8, 120)])
def test_no_line_is_wider_than_the_terminal(programs: int, width: int) -> None:
    all_ = tuple(Figures(f"program-{number}", FOUND.sets[0][1][0].measures) for number in range(programs))

    lines = list(in_lines(Found(((FOUND.sets[0][0], all_),)), width))

    assert max(map(len, lines)) <= width
    assert len(lines) <= 2 + 2 * 2  # the head, the title, and two figures of two lines at most
    assert [line.count("100.0") for line in lines if "100.0" in line] == [programs]


def test_what_a_program_says_of_several_sets_is_told_once():
    lines = (DAY, DAY, DAY)
    sets_ = (
        (asked(*lines, data="one"), (Figures("lead", (), 3, "is lost", 1),)),
        (asked(*lines, data="two"), (Figures("lead", (GROUNDED,), 2, "is lost", 2), Figures("last", (GROUNDED,)))),
        (asked(*lines, data="three"), (Figures("lead", (), 3, "is gone", 2, broke=True),)),
    )

    assert list(complaints(Found(sets_))) == [
        "lead is lost. Not measured: one · the day of a fact; two · the day of a fact, 2 of 3 lines, the first is line 2.",
        "lead is gone. Not measured: three · the day of a fact, at line 2.",
    ]


def test_of_many_wrong_lines_the_first_are_named():
    wrong = tuple(Wrong("lines.jsonl", number, "task is missing") for number in range(1, 2_022))

    told = list(complaints(Found((), wrong)))

    assert told[0] == "lines.jsonl, line 1, is left out: task is missing."
    assert told[20:] == ["2,001 more lines left out; --json lists them."]


def test_the_json_has_every_figure():
    values = as_values(FOUND)

    assert values["version"] == 1
    assert [(each["data"], each["task"], each["by"], each["lines"], each["articles"]) for each in values["sets"]] == [
        ("some/folder/lines.jsonl", "digest", None, 2, 2),
        ("lines.jsonl", "bullet-day", None, 2, 0),
        ("lines.jsonl", "cluster", "story", 1, 1),
    ]
    lead = values["sets"][0]["programs"][1]
    assert lead["measures"][0] == {
        "measure": "grounded",
        "means": "what grounded means in a few words",
        "better": "high",
        "unit": "%",
        "value": 62.5,
        "cases": 10,
    }
    assert (lead["unanswered"], lead["why"], lead["line"]) == (0, None, None)
    assert values["wrong_lines"] == [{"file": "some/folder/lines.jsonl", "line": 7, "why": "task is missing"}]
    assert len(values["misses"]) == 3


# ---------------------------------------------------------------- the verb


def names(values: dict[str, Any], program: int = 0) -> dict[str, float | None]:
    return {each["measure"]: each["value"] for set_ in values["sets"] for each in set_["programs"][program]["measures"]}


@pytest.mark.slow
def test_the_newsroom_is_measured_against_its_gold(typed: Here) -> None:
    run = typed("evaluate", "--json")

    assert (run.code, run.err) == (0, "")
    assert [(each["task"], each["by"]) for each in run.json["sets"]] == [
        ("digest", None),
        ("bullet-day", None),
        ("cluster", "story"),
        ("cluster", "copy"),
    ]
    assert run.json["sets"][1]["lines"] == 331
    found = names(run.json)
    assert found["grounded"] == 100.0
    assert (found["dangling"], found["furniture"], found["wrong day"], found["none kept"]) == (0.0, 0.0, 0.0, 100.0)
    assert (found["speed"] or 0) > 1
    listed = (ROOT / "tests" / "golden" / "newsroom-misses.txt").read_text(encoding="utf-8").splitlines()
    assert run.json["misses"] == listed


@pytest.mark.slow
def test_lines_of_ones_own_are_measured_with_another_program_beside_ours(typed: Here) -> None:
    lead = typed.home / "lead.py"
    lead.write_text(LEAD)
    file = written(typed.home, DIGEST, b"no json", DAY)

    run = typed("evaluate", "--data", str(file), "--against", f"first={sys.executable} {lead}")

    assert run.code == 0
    table = [re.sub(r" {2,}", "|", line.strip()) for line in run.out.splitlines()]
    assert table[:2] == ["better|dateline|first", "lines.jsonl · digests · 1 line, 1 article"]
    assert "bullets|bullets a digest, within its budget|1.0|1.0" in table
    assert "grounded|bullets that are their source's words|high|100.0|100.0" in table
    assert "day found|of those that have a day: given it|high|100.0|-" in table
    assert run.err.splitlines() == [
        f"dateline: {file}, line 2, is left out: the line is no JSON: Expecting value: line 1 column 1 (char 0).",
        "dateline: first answers with an error: only digests. Not measured: lines.jsonl · the day of a fact.",
    ]


@pytest.mark.slow
def test_a_program_that_goes_wrong_stops_nobody_else(typed: Here) -> None:
    file = written(typed.home, DAY)
    hangs, shouts = (f"{sys.executable} -I -S -c '{code}'" for code in ("import time; time.sleep(600)", "print(1)"))

    run = typed(
        "evaluate", "--data", str(file), "--against", f"h={hangs}", "--against", f"s={shouts}", "--timeout", "5", "--json"
    )

    assert run.code == 0
    ours, hanging, shouting = run.json["sets"][0]["programs"]
    assert ours["measures"]
    assert hanging["measures"] == shouting["measures"] == []
    assert hanging["why"] == "gave no answer to request 1 of 1 within 5 s"
    assert shouting["why"] == "answered request 1 of 1 with what is no JSON object: 1"


def test_when_no_line_can_be_measured_that_is_bad_usage(typed: Here) -> None:
    run = typed("evaluate", "--data", str(written(typed.home, {"task": "poem"})))

    assert (run.code, run.out) == (2, "")
    assert "line 1, is left out" in run.err
    assert run.err.endswith("No line can be measured, so there is nothing to show.\n")


def test_a_file_that_is_not_there_is_bad_usage(typed: Here) -> None:
    run = typed("evaluate", "--data", "nothing.jsonl")

    assert (run.code, run.out) == (2, "")
    assert run.err == "dateline: --data is 'nothing.jsonl', which cannot be read: no such file or directory.\n"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another signal there")
def test_ctrl_c_ends_it_and_the_programs_with_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    held = tmp_path / "held.py"
    held.write_text(f"import time\nheld = open({str(pipe)!r}, 'w')\nheld.write('up')\nheld.flush()\ntime.sleep(600)")
    line = command("evaluate", "--data", str(written(tmp_path, DAY)), "--against", f"{sys.executable} {held}")
    running = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean(tmp_path), cwd=ROOT)

    with pipe.open() as up:
        assert up.read(2) == "up"
        running.send_signal(signal.SIGINT)
        assert up.read() == ""  # its end: the program is gone
    out, err = running.communicate(timeout=20)

    assert (running.returncode, out.decode()) == (130, "")
    assert err.decode() == "dateline: Stopped; nothing is half done.\n"


# ---------------------------------------------------------------- the page


def examples() -> Sequence[Mapping[str, Any]]:
    """The lines that docs/quality.md shows."""
    page = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
    return [json.loads(line) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]


@pytest.mark.slow
def test_the_lines_that_the_page_shows_are_measured(typed: Here) -> None:
    run = typed("evaluate", "--data", str(written(typed.home, *examples())), "--json")

    assert (run.code, run.err) == (0, "")
    assert [each["task"] for each in run.json["sets"]] == ["bullet-day", "digest", "novelty"]
    assert all(each["programs"][0]["unanswered"] == 0 for each in run.json["sets"])
    found = names(run.json)
    assert (found["day found"], found["grounded"], found["furniture"], found["new or old"]) == (100.0, 100.0, 0.0, 100.0)


def test_the_page_explains_every_measure():
    page = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
    source = (ROOT / "digests" / "evaluate" / "measures.py").read_text(encoding="utf-8")
    known = {
        *re.findall(r'(?:_share|\.measure|Measure)\(\s*"([a-z ]+)", "[^"]', source),
        "grouping",
        "precision",
        "recall",
        "speed",
    }

    assert len(known) > 15
    assert [name for name in known if f"`{name}`" not in page] == []
