"""Errors in words and as exit codes, the same for every verb.

0 done, also when there is nothing new · 1 a bug of ours, or the output could not be written · 2 bad usage or settings ·
3 nothing could be fetched · 4 the database cannot be used · 5 a message was not posted, or nobody knows · 130 interrupted
"""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import typer

from bot.errors import ConfigError, SourceError, StoreError
from digests.errors import QueryError

BUG, USAGE, NOTHING_FETCHED, NO_DATABASE, NOT_POSTED, INTERRUPTED = 1, 2, 3, 4, 5, 130
_OUTPUT_FAILS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


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
        sys.stdout.flush()
    except typer.Exit as done:
        outcome.code = done.exit_code
    except typer.TyperException as error:
        outcome.code = _say(f"{_sentence(error.format_message())} `{_verb(error)} --help` shows what there is.", USAGE)
    except (QueryError, ConfigError) as error:
        outcome.code = _say(str(error), USAGE)
    except SourceError as error:
        outcome.code = _say(str(error), NOTHING_FETCHED)
    except StoreError as error:
        outcome.code = _say(str(error), NO_DATABASE)
    except (KeyboardInterrupt, typer.Abort):
        outcome.code = _say("Stopped; nothing is half done.", INTERRUPTED)
    except BrokenPipeError:
        _leave_output()  # its reader has gone (`dateline digest | head`), which is no error
    except OSError as error:
        if error.errno not in _OUTPUT_FAILS:
            raise
        _leave_output()
        outcome.code = _say(f"The output could not be written: {(error.strerror or str(error)).lower()}.", BUG)


def helped(context: typer.Context) -> None:
    """Show what there is, as the bad usage that it was, when only the name of a group of verbs was typed."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(USAGE)


def tell_bugs(bugs: Sequence[Exception]) -> None:
    """Show the tracebacks of bugs that were held back so that other work could go on; exit with 1 if there are any."""
    for bug in bugs:
        typer.echo("".join(traceback.format_exception(bug)).rstrip(), err=True)
    if bugs:
        raise typer.Exit(BUG)


def _sentence(words: str) -> str:
    return words if words.endswith((".", "?")) else f"{words}."


def _verb(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    return context.command_path if context else "dateline"


def _leave_output() -> None:
    """Let what is still buffered go nowhere: Python would complain again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(words: str, code: int) -> int:
    typer.echo(f"dateline: {words}", err=True)
    return code
