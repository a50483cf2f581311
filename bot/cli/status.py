"""dateline status: how the installation is doing, the verdict first."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.settings import database_of, settings_from
from bot.cli.sources import called, described, in_words
from bot.cli.subscriptions import came_to, slot_of
from bot.cli.wording import counted
from bot.model import Delivery, DeliveryState, Run, Space

if TYPE_CHECKING:
    from bot.alarms import Alarm, Observed
    from bot.app import Archive
    from bot.ports import Counts, Subscribed

RUNS = 20


def status(
    as_json: bool = typer.Option(False, "--json", help="The same as JSON."),
    database: str | None = typer.Option(None, help="The archive. [default: the settings']", metavar="URL"),
    config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE"),
) -> None:
    """Show how everything is doing, the verdict first.

    Sources, subscriptions, runs and messages; each alarm says what to do next.
    """
    settings = settings_from(config)
    seen = asyncio.run(look(database_of(settings, database), datetime.now(UTC), make=database is None))
    if as_json:
        typer.echo(json.dumps(as_values(seen), ensure_ascii=False, indent=2))
        return
    for line in in_lines(seen):
        typer.echo(line)


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to say of an installation; runs with their messages, newest first.

    ``unfed`` are the ids of subscriptions whose channel follows no source, though there are some.
    """

    counts: Counts
    observed: Observed
    alarms: tuple[Alarm, ...]
    subscriptions: Sequence[Subscribed]
    runs: Sequence[tuple[Run, Sequence[Delivery]]]
    deliveries: dict[DeliveryState, int]
    corrections: tuple[int, int]
    at: datetime
    unfed: frozenset[str] = frozenset()


async def look(address: str, now: datetime, *, make: bool) -> Seen:
    """Look at an archive.  Raises StoreError."""
    from bot import app, watch
    from bot.alarms import alarms

    async with app.archive(address, make=make) as archive:
        observed = await watch.observed(archive, archive.ledger, archive.beats, now)
        runs = [(run, await archive.ledger.deliveries(run=run.id)) for run in await archive.ledger.runs(limit=RUNS)]
        subscriptions = await archive.ledger.subscriptions()
        return Seen(
            await archive.counts(),
            observed,
            alarms(observed, now),
            subscriptions,
            runs,
            await archive.ledger.delivery_counts(),
            await archive.ledger.correction_counts(),
            now,
            await _unfed(archive, subscriptions) if observed.sources else frozenset(),
        )


async def _unfed(archive: Archive, subscriptions: Sequence[Subscribed]) -> frozenset[str]:
    channels = {each.subscription.id: each.subscription.channel for each in subscriptions}
    fed = {each: await archive.topics.followed(Space.of(each), each) for each in set(channels.values())}
    return frozenset(name for name, channel in channels.items() if not fed[channel])


def in_lines(seen: Seen) -> list[str]:
    """What a person reads: the verdict, the alarms, then how each thing is doing."""
    followed = seen.observed.sources
    failing = [each for each in followed if each.health.failures]
    stories = f" in {counted(seen.counts.stories, 'story', 'stories')}" if seen.counts.stories else ""
    lines = [verdict(seen), *(f"  {alarm.text}" for alarm in seen.alarms)]
    lines.append(f"{counted(seen.counts.articles, 'article')}{stories}.")
    lines += [f"  {called(each)}  {each.source.address}: {in_words(each)}" for each in failing]
    if seen.subscriptions:
        lines.append(_subscriptions(seen))
        lines += [f"  {_run(run, messages)}" for run, messages in seen.runs[:5]]
    if any(seen.deliveries.values()):
        lines.append("Messages: " + ", ".join(f"{number} {state}" for state, number in seen.deliveries.items() if number) + ".")
    made, waiting = seen.corrections
    if made:
        lines.append(f"{counted(made, 'correction')}{f', {waiting} for the next digest' if waiting else ''}.")
    return lines


def verdict(seen: Seen) -> str:
    """One line: whether somebody must do something."""
    followed = seen.observed.sources
    failing = [each for each in followed if each.health.failures]
    if seen.alarms:
        return f"{counted(len(seen.alarms), 'alarm')}:"
    if not followed:
        return "Nothing is followed yet. Add a source with `dateline sources add ADDRESS`."
    if failing:
        others = "; the others answer" if len(failing) < len(followed) else ""
        return f"{len(failing)} of {counted(len(followed), 'source')} failing{others}."
    return f"All is well: {counted(len(followed), 'source')}, none failing."


def as_values(seen: Seen) -> dict[str, object]:
    """The same as JSON values; instants in UTC."""
    followed = seen.observed.sources
    failing = sum(1 for each in followed if each.health.failures)
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


def _subscriptions(seen: Seen) -> str:
    active = [each for each in seen.subscriptions if each.active]
    held = len(seen.subscriptions) - len(active)
    from bot.schedule import next_slots

    coming = [
        slot.due
        for each in active
        for slot in next_slots(each.subscription.schedule, max(seen.at, each.subscription.counts_from), 1, last=each.last)
    ]
    when = f"; next run {min(coming):%d %b %H:%M} UTC" if coming else ""
    return f"{counted(len(seen.subscriptions), 'subscription')}{f', {held} paused' if held else ''}{when}."


def _run(run: Run, messages: Sequence[Delivery]) -> str:
    """What a run came to: ``news-757e 2026-11-23 08:00: No. 128, late, sent``."""
    counts = Counter(each.state.value for each in messages if each.state is not DeliveryState.REPLACED)
    sent = [state if counts.total() == 1 else f"{number} {state}" for state, number in counts.items()]
    return f"{run.subscription} {slot_of(run)}: {', '.join([came_to(run), *sent])}"
