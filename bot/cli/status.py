"""dateline status: how the installation is doing, the verdict first."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot import __version__
from bot.cli.settings import database_of, settings_from
from bot.cli.sources import described
from bot.cli.wording import plain
from bot.model import Delivery, DeliveryState, Run

if TYPE_CHECKING:
    from bot.overview import Seen


def status(
    as_json: bool = typer.Option(False, "--json", help="The same as JSON."),
    database: str | None = typer.Option(None, help="The archive. [default: the settings']", metavar="URL"),
    config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE"),
) -> None:
    """Show how everything is doing, the verdict first.

    Sources, subscriptions, runs and messages; each alarm says what to do next.
    """
    settings = settings_from(config)
    seen = asyncio.run(look(database_of(settings, database), datetime.now(UTC)))
    if as_json:
        typer.echo(json.dumps(as_values(seen), ensure_ascii=False, indent=2))
        return
    for line in in_lines(seen, settings.digest.zone):
        typer.echo(line)


async def look(address: str, now: datetime) -> Seen:
    """Look at the archive of an address.  Raises StoreError."""
    from bot import app, overview

    async with app.archive(address) as archive:
        return await overview.look(archive, archive.ledger, archive.beats, now)


def in_lines(seen: Seen, zone: str) -> list[str]:
    """What a person reads: the verdict, the alarms, then how each thing is doing.

    Args:
        zone: IANA name, in which instants are written.
    """
    from bot import overview

    lines = []
    for each in overview.told(seen, add="dateline sources add ADDRESS", version=__version__, zone=zone):
        lines += [plain(each.line), *(f"  {plain(under)}" for under in each.under)]
    return lines


def as_values(seen: Seen) -> dict[str, object]:
    """The same as JSON values; instants in UTC."""
    from bot import overview

    followed = seen.observed.sources
    failing = len(seen.failing)
    ticked = seen.observed.ticked_at
    return {
        "articles": seen.counts.articles,
        "stories": seen.counts.stories,
        "health": {"ok": seen.counts.sources - failing, "failing": failing, "paused": seen.counts.paused},
        "alarms": [
            {
                "alarm": each.word,
                "about": each.about,
                "text": each.text,
                "since": each.since.isoformat() if each.since else None,
            }
            for each in seen.alarms
        ],
        "ticked_at": ticked.isoformat() if ticked else None,
        "deliveries": {state.value: seen.deliveries.get(state, 0) for state in DeliveryState},
        "corrections": {"made": seen.corrections[0], "waiting": seen.corrections[1]},
        "connections": [
            {
                "platform": each.platform,
                "connected": each.state.connected and seen.running,
                "words": plain(overview.connection(seen, each, "UTC")),
                "since": each.changed_at.isoformat(),
            }
            for each in seen.connections
        ],
        "runs": [run_values(run, messages) for run, messages in seen.runs],
        "sources": [described(each) for each in followed],
    }


def run_values(run: Run, messages: Sequence[Delivery]) -> dict[str, object]:
    """A run as JSON values, with the states of its messages."""
    return {
        "id": run.id,
        "subscription": run.subscription,
        "key": run.key,
        "due": run.due.isoformat(),
        "state": run.state.value,
        "number": run.number,
        "late": run.late,
        "missed": run.missed,
        "error": run.error or None,
        "deliveries": [each.state.value for each in messages],
    }
