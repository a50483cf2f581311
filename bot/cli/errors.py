"""Errors in words and as exit codes, the same for every verb.

0 done, also when there is nothing new · 1 a bug of ours · 2 bad usage or settings · 3 nothing could be fetched ·
4 the database cannot be used · 130 interrupted
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import typer

from bot.errors import ConfigError, SourceError, StoreError
from digests.errors import QueryError

BUG, USAGE, NOTHING_FETCHED, NO_DATABASE, INTERRUPTED = 1, 2, 3, 4, 130


@dataclass(slots=True)
class Outcome:
    """The exit code that a run of the command line ends with."""

    code: int = 0


@contextmanager
def speaking() -> Iterator[Outcome]:
    """Turn what a verb raises into words on standard error and an exit code.  A bug of ours keeps its traceback."""
    outcome = Outcome()
    try:
        yield outcome
    except typer.Exit as done:
        outcome.code = done.exit_code
    except typer.TyperException as error:
        outcome.code = _say(f"{error.format_message()} (dateline --help shows what there is)", USAGE)
    except (QueryError, ConfigError) as error:
        outcome.code = _say(str(error), USAGE)
    except SourceError as error:
        outcome.code = _say(str(error), NOTHING_FETCHED)
    except StoreError as error:
        outcome.code = _say(str(error), NO_DATABASE)
    except (KeyboardInterrupt, typer.Abort):
        outcome.code = _say("Stopped; nothing is half done.", INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone (`dateline digest | head`); Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(words: str, code: int) -> int:
    typer.echo(f"dateline: {words}", err=True)
    return code
