"""The operator's verbs, one small file each.  Heavy libraries are imported inside the verbs: ``--help`` stays quick."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Sequence

import typer

from bot import __version__
from bot.cli.errors import helped, speaking

HELP = """News digests with dated bullets, each linked to the sentence it stands on.

\b
dateline digest                                  a digest of the newsroom that ships with the program
dateline digest --feed https://example.org/feed  ... of a feed of yours, nothing kept
dateline sources add https://example.org/feed    follow a feed
dateline collect                                 read the feeds that are due
dateline digest --database sqlite:///news.db     a digest of the last 24 hours of the archive
dateline chat --newsroom                         ask the bot in this terminal, in an invented newsroom
dateline run                                     post digests on schedule (see dateline subscriptions add --help)
"""


def app() -> typer.Typer:
    """The command line with all its verbs."""
    from bot.cli import (
        chat,
        check,
        collect,
        deliveries,
        digest,
        discord,
        engine,
        evaluate,
        inspect,
        migrate,
        run,
        slack,
        sources,
        status,
        subscriptions,
        topics,
    )

    line = typer.Typer(
        help=HELP, invoke_without_command=True, rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False
    )
    line.callback()(_options)
    for verb in (digest.digest, collect.collect, inspect.inspect, engine.engine, check.check, migrate.migrate, status.status):
        line.command()(verb)
    line.command()(evaluate.evaluate)
    line.command()(run.run)
    line.command()(chat.chat)
    line.add_typer(sources.line(), name="sources")
    line.add_typer(topics.line(), name="topics")
    line.add_typer(subscriptions.line(), name="subscriptions")
    line.add_typer(deliveries.line(), name="deliveries")
    line.add_typer(slack.line(), name="slack")
    line.add_typer(discord.line(), name="discord")
    return line


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, by default that of this process, and return its exit code (see ``bot.cli.errors``)."""
    # Python 3.11 warns of a worker that was killed and had gone at once: nothing that an operator could mend.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal of another age shows a question mark rather than nothing
    with speaking() as outcome:
        # Not by calling the app: typer would end Ctrl-C without a word, and a reader that has gone with code 1.
        line = typer.main.get_command(app())
        with line.make_context("dateline", list(sys.argv[1:] if arguments is None else arguments)) as context:
            line.invoke(context)
    return outcome.code


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dateline {__version__}")
        raise typer.Exit


def _options(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version and stop."),
) -> None:
    del version
    helped(context)
