"""What a stranger meets first: help, version, and answers to what was typed wrongly."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bot import __version__
from tests.bot.cli.running import Here, Run, clean, command, run


def test_the_version_is_one_line_on_standard_output(tmp_path: Path) -> None:
    assert run(tmp_path, "--version") == Run(0, f"dateline {__version__}\n", "")


@pytest.mark.parametrize(
    "verb",
    [
        "",
        "digest",
        "collect",
        "inspect",
        "engine",
        "sources",
        "sources add",
        "sources import",
        "sources starters",
        "topics",
        "topics add",
        "subscriptions",
        "subscriptions add",
        "deliveries",
        "run",
        "check",
        "migrate",
        "status",
    ],
)
def test_every_verb_explains_itself_and_cuts_no_sentence_short(typed: Here, verb: str) -> None:
    shown = typed(*verb.split(), "--help")

    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(f"Usage: dateline {verb}".rstrip())
    assert "<str>" not in re.sub(r"(?:\b[A-Z|]+|--name) <str>", "", shown.out)
    assert not [line for line in shown.out.splitlines() if line.endswith("...") and not line.startswith("Usage:")]
    assert not [
        line for line in shown.out.splitlines() if line and not line.startswith((" ", "Usage", "Options", "Comm", "Arg"))
    ]


@pytest.mark.parametrize("verb", [(), ("sources",)], ids=["dateline", "dateline sources"])
def test_a_verb_left_out_shows_what_there_is(typed: Here, verb: tuple[str, ...]) -> None:
    shown = typed(*verb)

    assert (shown.code, shown.out) == (2, "")
    assert shown.err.startswith("Usage: dateline")
    assert "Commands:" in shown.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("nonsense", "No such command 'nonsense'. `dateline --help` shows"),
        ("digest --topik x", "No such option: --topik"),
        ("digest --zone Europe/Berln", "such as Europe/Berlin"),
        ("digest --zone berlin", "such as Europe/Berlin"),
        ("digest --length huge", "try short, normal or full"),
        ("digest --format xml", "accepted: text, markdown, json, slack, discord"),
        ("digest --drawn", "give --format slack or --format discord"),
        ("digest --since whenever", "try today, yesterday, a weekday"),
        ("digest --now soon", "--now is 'soon'; accepted: a day such as"),
        ("digest --published 2024-10-13", "give one with it"),
        ("digest --article x.txt --published 2024-13-45", "--published is '2024-13-45'; accepted: a day such as"),
        ("digest --article x.txt --published 2024-10-13 --now 2024-10-12", "which lies after the digest's end"),
        ("digest --article x.txt --published 2024-10-13 --database n.db", "give it without --database"),
        ("digest --topic " + "word," * 120, "characters; I read 500 at most"),
        ("digest --topic since:monday", "I take no `since:` here."),
        ("engine --task poem", "accepted: article, feed"),
        ("sources add ftp://harbour.example/", "it does not begin with http:// or https://"),
        ("sources add https://harbour.example/ --zone Mars", "I don't know the time zone 'Mars'"),
        ("sources remove https://harbour.example/", "`dateline sources list` shows those there are"),
        ("inspect x.txt --published soon", "--published is 'soon'"),
        ("digest --config nowhere.toml", "nowhere.toml: there is no such settings file"),
    ],
)
def test_what_is_typed_wrongly_is_answered_with_what_would_be_right(typed: Here, arguments: str, words: str) -> None:
    said = typed(*arguments.split())

    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("dateline: ")
    assert words in said.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[digest]\nzon = "UTC"\n', ["there is no setting digest.zon", "Did you mean digest.zone?"]),
        ('[digest]\nlength = "long"\n', ["digest.length is 'long'; accepted: 'short', 'normal' or 'full'."]),
        ('[fetch]\nallow = "127.0.0.1:80"\n', ["fetch.allow is '127.0.0.1:80'; accepted: a list such as"]),
        ("[read]\nworkers = 0\n", ["read.workers is 0; accepted: greater than or equal to 1."]),
        ("zone = \n", ["this is not TOML"]),
    ],
)
def test_a_typo_in_the_settings_names_file_key_value_and_what_is_accepted(
    typed: Here, tmp_path: Path, text: str, words: list[str]
) -> None:
    file = tmp_path / "my settings.toml"
    file.write_text(text)

    said = typed("status", "--config", str(file))

    assert (said.code, said.out) == (2, "")
    assert all(each in said.err for each in [str(file), *words]), said.err


@pytest.mark.parametrize("under", ["file/home", "file"])
def test_a_data_folder_that_cannot_be_made_is_said(
    typed: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, under: str
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path / under))

    said = typed("status")

    assert (said.code, said.out) == (4, "")
    assert "cannot be made" in said.err
    assert "DATELINE_HOME" in said.err


LOOKING = ["digest", "status", "collect", "sources list", "sources remove x", "subscriptions list", "chat", "run"]
SHORT_RUN = ("DATELINE_RUN__NOTICES", "nowhere")  # with this `run` ends, if it is not refused before


@pytest.mark.parametrize("verb", LOOKING)
def test_an_archive_that_is_not_there_is_not_made_by_looking_at_it(
    typed: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setenv(*SHORT_RUN)
    said = typed(*verb.split(), "--database", f"sqlite:///{tmp_path}/typo.db")

    assert (said.code, said.out) == (4, "")
    assert f"There is no archive {tmp_path}/typo.db" in said.err
    assert "dateline migrate --database" in said.err
    assert not (tmp_path / "typo.db").exists()


@pytest.mark.parametrize("verb", [verb for verb in LOOKING if verb != "digest"])  # which makes one of the newsroom then
def test_neither_is_one_that_the_environment_names_as_a_service_has_it(
    typed: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setenv(*SHORT_RUN)
    monkeypatch.setenv("DATELINE_DATABASE_URL", f"sqlite:///{tmp_path}/typo.db")

    said = typed(*verb.split())

    assert (said.code, said.out) == (4, "")
    assert f"There is no archive {tmp_path}/typo.db" in said.err
    assert not (tmp_path / "typo.db").exists()


def test_a_variable_that_is_misspelt_is_told_and_the_verb_goes_on(typed: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_LENGHT", "short")
    monkeypatch.setenv("DATELINE_PORT", "80")

    said = typed("sources", "list", "--json")

    assert (said.code, said.json) == (0, [])
    assert said.err == "dateline: DATELINE_LENGHT does nothing. Did you mean DATELINE_DIGEST__LENGTH?\n"


def test_migrate_says_whether_it_made_the_file_or_found_it(typed: Here, tmp_path: Path) -> None:
    option = ("--database", f"sqlite:///{tmp_path}/news.db")

    assert typed("migrate", *option).out == f"{tmp_path}/news.db was made; nothing is in it yet.\n"
    assert typed("migrate", *option).out == f"{tmp_path}/news.db is up to date.\n"


def test_a_fresh_installation_says_what_comes_next(typed: Here) -> None:
    assert typed("status").out.startswith("Nothing is followed yet. Add a source with `dateline sources add ADDRESS`.")
    assert typed("sources", "list").out.startswith("No sources yet.")
    assert typed("collect").out.startswith("No sources yet.")


def test_check_names_each_thing_it_looked_at(typed: Here) -> None:
    looked = typed("check")

    assert looked.code == 0
    assert [line.split(":")[0] for line in looked.out.splitlines()] == [
        "ok     settings",
        "ok     workers",
        "ok     console",
        "ok     slack",
        "ok     discord",
        "ok     webhook",
        "ok     database",
        "ok     clock",
        "ok     subscriptions",
        "ok     sources",
    ]


def test_check_says_what_is_wrong_and_ends_with_one(typed: Here, tmp_path: Path) -> None:
    looked = typed("check", "--database", f"sqlite:///{tmp_path}/typo.db")

    assert looked.code == 1
    assert "wrong  database: There is no archive" in looked.out


LOADED = """
import sys
from bot.__main__ import main
code = main()
sys.stdout.flush()
sys.stderr.write("LOADED " + " ".join(sorted({name.split(".")[0] for name in sys.modules})))
sys.exit(code)
"""
CHAT = {"discord", "slack_bolt", "slack_sdk"}


def loaded(home: Path, *arguments: str) -> set[str]:
    """The libraries that a run takes into its own process."""
    with_report = [command()[0], "-c", LOADED, *arguments]
    ended = subprocess.run(with_report, capture_output=True, text=True, timeout=60, check=True, env=clean(home))
    return set(ended.stderr.partition("LOADED ")[2].split())


def test_help_waits_for_no_heavy_library(tmp_path: Path) -> None:
    heavy = CHAT | {"alembic", "trafilatura", "feedparser", "pydantic", "aiohttp", "sqlalchemy", "lxml", "rich"}

    assert loaded(tmp_path, "--help") & heavy == set()


@pytest.mark.slow
def test_a_digest_needs_no_chat_library_no_migration_and_no_parser_in_its_own_process(tmp_path: Path) -> None:
    foreign = CHAT | {"alembic", "trafilatura", "feedparser", "fastfeedparser", "readability", "aiohttp"}

    assert loaded(tmp_path, "digest") & foreign == set()
    assert loaded(tmp_path, "status") & (foreign | {"lxml"}) == set()
