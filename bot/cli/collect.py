"""dateline collect: one round over the sources of the archive."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.errors import tell_bugs
from bot.cli.progress import Bar
from bot.cli.settings import database_of, settings_from
from bot.cli.wording import counted
from bot.errors import SourceError

if TYPE_CHECKING:
    from bot.collect import Report
    from bot.ports import Followed
    from config.settings import Settings


def collect(
    everything: bool = typer.Option(False, "--all", help="Every source now, not only those that are due; still conditional."),
    as_json: bool = typer.Option(False, "--json", help="Counts, errors by source and seconds, as JSON."),
    database: str | None = typer.Option(None, help="The archive. [default: the settings']", metavar="URL"),
    config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE"),
) -> None:
    """Read the sources that are due and keep what is new.

    \b
    dateline collect
    dateline collect --all --json
    """
    settings = settings_from(config)
    began = time.monotonic()
    address = database_of(settings, database)
    report, idle = asyncio.run(_collect(settings, address, everything))
    seconds = round(time.monotonic() - began, 2)
    if as_json:
        typer.echo(json.dumps({**_counts(report), "seconds": seconds}, ensure_ascii=False, indent=2))
    else:
        _tell(report, seconds, idle, settings.digest.zone)
    tell_bugs(report.bugs)
    if report.errors and len(report.errors) == report.asked:
        raise SourceError("No source could be read.")


async def _collect(settings: Settings, database: str, everything: bool) -> tuple[Report, list[Followed]]:
    """What the round did; and all sources when it found none to ask."""
    from bot import app, collect
    from bot.grouping import Grouping

    async with app.archive(database) as store, app.reading(settings) as (fetcher, reader):
        with Bar("Collecting") as bar:
            report = await collect.collect(
                store, fetcher, reader, datetime.now(UTC), all=everything, grouping=Grouping(), progress=bar
            )
        return report, [] if report.asked else await store.sources()


def _counts(report: Report) -> dict[str, object]:
    return {
        "asked": report.asked,
        "unchanged": report.unchanged,
        "new": report.new,
        "changed": report.changed,
        "errors": dict(report.errors),
        "moved": dict(report.moved),
        "notes": [{"source": source, "note": note} for source, note in report.notes],
    }


def _tell(report: Report, seconds: float, idle: list[Followed], zone: str) -> None:
    if not report.asked:
        typer.echo(_nothing_due(idle, zone))
        return
    new = counted(report.new, "new article")
    typer.echo(
        f"{counted(report.asked, 'source')} asked, {report.unchanged} unchanged: {new}, {report.changed} changed. {seconds} s."
    )
    for address, words in report.errors:
        typer.echo(f"  failed: {address}: {words}", err=True)
    for address, failures, _ in report.well:
        typer.echo(f"  answers again after {counted(failures, 'failure')}: {address}")
    for old, new_address in report.moved:
        typer.echo(f"  moved: {old} is now {new_address}")
    for address, note in report.notes:
        typer.echo(f"  note: {address}: {note}", err=True)


def _nothing_due(followed: list[Followed], zone: str) -> str:
    from bot.instants import told

    if not followed:
        return "No sources yet. Add one with `dateline sources add ADDRESS`."
    times = [each.health.next_poll_at for each in followed if each.health.next_poll_at and not each.paused]
    when = f"; the next is at {told(min(times), zone)}" if times else ""
    return f"None of {counted(len(followed), 'source')} is due{when}. Read all now with --all."
