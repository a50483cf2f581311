"""What the log shows, and what it never does."""

from __future__ import annotations

import io
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import log
from bot.log import Filter, line

SLACK = "https://hooks.slack.com/services/T024BE7LD/B061EG9SL/x7GkQ2pLw9"
DISCORD = "https://discord.com/api/webhooks/1098765432/aB3-dE_f6hIjK"


@pytest.fixture
def written() -> io.StringIO:
    """The lines of a log that has a clock and knows one secret."""
    stream = io.StringIO()
    log.start(stream, secrets=[SLACK, "hunter2-and-more"], clock=lambda: datetime(2024, 10, 14, 5, 30, tzinfo=UTC))
    return stream


def test_an_event_is_one_line_with_a_word_and_values(written: io.StringIO) -> None:
    log.info("delivery_posted", subscription="news", due="2024-10-14T07:30", bullets=6, ms=412.0)

    assert written.getvalue() == (
        "2024-10-14T05:30:00Z info delivery_posted subscription=news due=2024-10-14T07:30 bullets=6 ms=412\n"
    )


def test_a_text_of_a_feed_begins_no_line_of_its_own(written: io.StringIO) -> None:
    log.warning("source_failed", words="broken\n2024-10-14T05:30:00Z info all_is_well \x1b[2J\u2028\u202ereversed")

    assert len(written.getvalue().splitlines()) == 1
    assert "\x1b" not in written.getvalue()
    assert "\u202e" not in written.getvalue()


def test_a_bug_is_one_line_with_its_traceback(written: io.StringIO) -> None:
    try:
        raise KeyError("a key")
    except KeyError as fault:
        log.error("part_failed", fault, part="collect")

    assert written.getvalue().count("\n") == 1
    assert "part=collect" in written.getvalue()
    assert r"KeyError: 'a key'" in written.getvalue()


def test_what_a_library_says_is_an_event_of_ours(written: io.StringIO) -> None:
    logging.getLogger("aiohttp.client").warning("Unclosed session to %s", f"{SLACK}?x=1")
    logging.getLogger("aiohttp.client").info("not worth a line")

    assert written.getvalue() == (
        '2024-10-14T05:30:00Z warning library_said library=aiohttp.client words="Unclosed session to ***"\n'
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"posting to {SLACK} failed", "posting to *** failed"),
        ("POST /services/T024BE7LD/B061EG9SL/x7GkQ2pLw9 broke", "POST *** broke"),
        ("the password is hunter2-and-more.", "the password is ***."),
    ],
    ids=["address", "its path alone", "a secret in a sentence"],
)
def test_a_known_secret_stands_in_no_line(text: str, kept: str) -> None:
    assert Filter([SLACK, "hunter2-and-more"])(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        SLACK,
        DISCORD,
        f"{DISCORD}?wait=true",
        "postgresql://me:s3cretword@db.example/dateline",
        "https://example.org/feed?key=s3cretword",
        "xoxb-1234567890-s3cretword",
        "Authorization: Bearer s3cretword",
        "Authorization: Basic YWFhOnMzY3JldHdvcmQ=",
        "Nzk5MjgxNDk0NDc2NDU1OTg3.YABS5g.2lmzECVlZv3vv6miVnUaKPQi2wI",
        "connecting with password=s3cretword",
    ],
)
def test_what_has_the_shape_of_a_secret_is_hidden_without_being_known(text: str) -> None:
    shown = Filter()(text)

    for part in ("s3cretword", "YWFhOnMzY3JldHdvcmQ", "x7GkQ2pLw9", "aB3-dE_f6hIjK", "2lmzECVlZv3vv6miVnUaKPQi2wI"):
        assert part not in shown


def test_a_secret_within_a_list_is_hidden_too():
    assert Filter([SLACK])([SLACK, 7]) == "***,7"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://example.org/a/b", "https://example.org/a/b"),
        ("services are down", "services are down"),
        ("your app › Basic Information › Tokens", "your app › Basic Information › Tokens"),
        ("sqlite:////var/lib/dateline.db", "sqlite:////var/lib/dateline.db"),
        ("a.b@example.org wrote", "a.b@example.org wrote"),
    ],
)
def test_plain_words_and_addresses_stay(text: str, kept: str) -> None:
    assert Filter(["abc"])(text) == kept


def test_a_long_value_is_cut():
    assert len(line("info", "word", {"text": "x" * 10_000})) < 600


@pytest.mark.parametrize(
    ("value", "shown"),
    [(True, "yes"), (412.0, "412"), (datetime(2024, 10, 14, tzinfo=UTC), "2024-10-14T00:00:00Z"), (("a", "b"), "a,b")],
)
def test_a_value_is_written_shortly(value: object, shown: str) -> None:
    assert Filter()(value) == shown


def test_a_log_file_is_made_with_its_first_words_and_goes_on_where_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "data" / "chat.log"
    with log.LogFile(path) as unused:
        unused.flush()
        assert not unused.begun
    assert not path.parent.exists()

    for words in ("one\n", "two\n"):
        with log.LogFile(path) as file:
            print(words, end="", file=file, flush=True)
            assert file.begun

    assert path.read_text() == "one\ntwo\n"


def test_a_log_file_that_cannot_be_opened_is_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    with log.LogFile(tmp_path / "data" / "chat.log") as file:
        print("one", file=file, flush=True)
        assert not file.begun

    sys.stderr.write("two\n")
    assert capsys.readouterr().err == "one\ntwo\n"
