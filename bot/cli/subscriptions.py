"""dateline subscriptions: which channel gets a digest of what, and when."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from bot.cli.errors import NOT_POSTED, helped
from bot.cli.settings import database_of, settings_from
from bot.errors import ConfigError, DeliveryError
from bot.model import DeliveryState, IfNothing, RunState, Subscription
from digests.model import Length

if TYPE_CHECKING:
    from bot.app import Archive
    from bot.model import Channel, Delivery, Run, Slot
    from bot.ports import Subscribed
    from config.settings import Settings
    from digests.model import Digest

T = TypeVar("T")

ID = typer.Argument(help="The id that `subscriptions list` shows.", metavar="ID")
DATABASE = typer.Option(None, help="The archive. [default: the settings']", metavar="URL")
CONFIG = typer.Option(None, help="A settings file.", metavar="FILE")
AS_JSON = typer.Option(False, "--json", help="The same as JSON.")
TITLE = "News"


def line() -> typer.Typer:
    """The verb with its own verbs."""
    verbs = typer.Typer(
        help="Which channel gets a digest of what, and when.", invoke_without_command=True, rich_markup_mode=None
    )
    verbs.callback()(helped)
    verbs.command("add")(add)
    verbs.command("list")(list_)
    verbs.command("edit")(edit)
    verbs.command("remove")(remove)
    verbs.command("pause")(pause)
    verbs.command("resume")(resume)
    verbs.command("preview")(preview)
    verbs.command("run")(run)
    return verbs


def add(
    channel: str = typer.Option(help="console, or webhook:NAME of DATELINE_WEBHOOK_NAME.", metavar="CHANNEL"),
    at: str = typer.Option(help='When: "weekdays 08:00", "mon,thu 07:30", "every 6h".', metavar="WORDS"),
    zone: str | None = typer.Option(None, help="On whose clocks: Europe/Berlin. [default: the settings']", metavar="IANA"),
    topic: str = typer.Option("", help="Only stories with these words; quote a phrase.", metavar="WORDS"),
    if_nothing: str = typer.Option("post", help="post a line when there is nothing new, or stay silent.", metavar="RULE"),
    length: str | None = typer.Option(None, help="short, normal or full. [default: the settings']", metavar="LENGTH"),
    title: str = typer.Option("", help="What its digests are called. [default: the topic]", metavar="TEXT"),
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Post a digest to a channel on a schedule. Shows the next three runs.

    \b
    dateline subscriptions add --channel console --topic ferry --at "weekdays 08:00" --zone Europe/Berlin
    """
    from bot.app.platforms import channel_named
    from bot.schedule import parse
    from digests import query

    settings = settings_from(config)
    now = datetime.now(UTC)
    schedule = parse(at, zone or settings.digest.zone)
    query.parse(topic, now, schedule.zone)  # says what it cannot understand
    wanted = Subscription(
        id=new_id(title or topic or TITLE, now),
        channel=channel_named(channel),
        title=titled(title, topic),
        schedule=schedule,
        created_at=now,
        counts_from=now,
        topic=topic.strip(),
        length=query.length(length or settings.digest.length),
        if_nothing=_if_nothing(if_nothing),
    )

    async def run(archive: Archive) -> Subscribed | None:
        if not await archive.ledger.add_subscription(wanted):
            raise ConfigError(f"There is a subscription {wanted.id} already; type it again.")
        return await archive.ledger.subscription(wanted.id)

    kept = _with(settings, database, run)
    assert kept is not None
    unserved = _unserved(wanted.channel)
    if as_json:
        typer.echo(json.dumps(described(kept, now), ensure_ascii=False, indent=2))
    else:
        typer.echo(f"{wanted.title} will be posted to {wanted.channel}. Its id is {wanted.id}. Next runs:")
        _tell_next(kept, now)
        typer.echo(f"See it now with `dateline subscriptions preview {wanted.id}`; `dateline run` posts it.")
    if unserved:
        typer.echo(f"dateline: as things are, nothing can be posted there: {unserved}", err=True)


def list_(as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG) -> None:
    """Show every subscription with its next runs."""
    settings, now = settings_from(config), datetime.now(UTC)

    async def run(archive: Archive) -> list[Subscribed]:
        return await archive.ledger.subscriptions()

    found = _with(settings, database, run)
    if as_json:
        typer.echo(json.dumps([described(each, now) for each in found], ensure_ascii=False, indent=2))
        return
    if not found:
        typer.echo("No subscriptions yet. Add one with `dateline subscriptions add --channel console --at 'daily 08:00'`.")
    for each in found:
        wanted = each.subscription
        typer.echo(f"{wanted.id}  {called(wanted)}")
        typer.echo(f"  {how(each)}")
        if each.active:
            _tell_next(each, now)


def edit(
    subscription: str = ID,
    at: str | None = typer.Option(None, help='When: "weekdays 08:00", "mon,thu 07:30", "every 6h".', metavar="WORDS"),
    zone: str | None = typer.Option(None, help="On whose clocks: Europe/Berlin.", metavar="IANA"),
    topic: str | None = typer.Option(None, help='Only stories with these words; "" for all.', metavar="WORDS"),
    if_nothing: str | None = typer.Option(None, help="post a line when there is nothing new, or stay silent.", metavar="RULE"),
    length: str | None = typer.Option(None, help="short, normal or full.", metavar="LENGTH"),
    title: str | None = typer.Option(None, help='What its digests are called; "" for the topic.', metavar="TEXT"),
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Change a subscription; what is not named stays. Shows the next three runs.

    Whatever the new times are, its digests hold each article once and leave none out.

    \b
    dateline subscriptions edit ferry-59c6 --at "weekdays 07:30"
    """
    from bot.schedule import parse, rescheduled
    from digests import query

    if all(each is None for each in (at, zone, topic, if_nothing, length, title)):
        raise ConfigError("Say what to change: --at, --zone, --topic, --if-nothing, --length or --title.")
    now = datetime.now(UTC)

    def changed(found: Subscribed) -> Subscription:
        from bot.schedule import in_words

        old = found.subscription
        schedule = old.schedule
        if at is not None or zone is not None:
            schedule = parse(in_words(schedule) if at is None else at, schedule.zone if zone is None else zone)
        about = old.topic if topic is None else topic.strip()
        query.parse(about, now, schedule.zone)  # says what it cannot understand
        # A title that was made of the topic goes with it.
        named = ("" if old.title == titled("", old.topic) else old.title) if title is None else title
        return replace(
            rescheduled(old, schedule, now, last=found.last),
            topic=about,
            title=titled(named, about),
            length=old.length if length is None else query.length(length),
            if_nothing=old.if_nothing if if_nothing is None else _if_nothing(if_nothing),
        )

    async def run(archive: Archive) -> Subscribed | None:
        found = await archive.ledger.subscription(subscription)
        if found is None:
            raise _unknown(subscription)
        await archive.ledger.change_subscription(changed(found))
        return await archive.ledger.subscription(subscription)

    edited = _with(settings_from(config), database, run)
    if edited is None:
        raise _unknown(subscription)
    if as_json:
        typer.echo(json.dumps(described(edited, now), ensure_ascii=False, indent=2))
        return
    wanted = edited.subscription
    typer.echo(f"{wanted.id} is now {called(wanted)}. {'Next runs:' if edited.active else f'It is {how(edited)}.'}")
    if edited.active:
        _tell_next(edited, now)


def remove(
    subscription: str = ID, as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG
) -> None:
    """Remove a subscription and its runs. What its channel was sent stays known, so that nothing comes twice."""

    async def run(archive: Archive) -> bool:
        return await archive.ledger.remove_subscription(subscription)

    _changed(_with(settings_from(config), database, run), subscription, as_json, "removed", f"{subscription} is removed.")


def pause(
    subscription: str = ID, as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG
) -> None:
    """Post nothing more of a subscription until it is resumed."""

    async def run(archive: Archive) -> bool:
        return await archive.ledger.pause_subscription(subscription)

    words = f"{subscription} is paused. Go on with `dateline subscriptions resume {subscription}`."
    _changed(_with(settings_from(config), database, run), subscription, as_json, "paused", words)


def resume(
    subscription: str = ID, as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG
) -> None:
    """Go on with a subscription that was paused.

    By hand, or because its channel took nothing any more. Its next digest holds what came meanwhile.
    """
    now = datetime.now(UTC)

    async def run(archive: Archive) -> Subscribed | None:
        found = await archive.ledger.subscription(subscription)
        if found is None:
            return None
        if found.stopped:
            await archive.ledger.start_space(found.subscription.channel)
        await archive.ledger.resume_subscription(subscription, now)
        return await archive.ledger.subscription(subscription)

    resumed = _with(settings_from(config), database, run)
    _changed(resumed is not None, subscription, as_json, "resumed", f"{subscription} goes on. Next runs:")
    if resumed is not None and not as_json:
        _tell_next(resumed, now)


def preview(
    subscription: str = ID, as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG
) -> None:
    """Print what would be posted now, marked PREVIEW. Nothing is sent, and nothing counts as sent."""
    settings, now = settings_from(config), datetime.now(UTC)

    async def run(archive: Archive) -> tuple[Subscribed, Digest]:
        from bot import publish

        found = await archive.ledger.subscription(subscription)
        if found is None:
            raise _unknown(subscription)
        return found, await publish.preview(archive.ledger, archive, found, now)

    found, digest = _with(settings, database, run)
    if as_json:
        from digests.render import json as as_contract

        typer.echo(as_contract.dumps(digest).rstrip("\n"))
        return
    from bot.adapters import console

    wanted = found.subscription
    empty = not (digest.stories or digest.also or digest.corrections)
    silent = (
        " Nothing would be posted: it stays silent when there is nothing new."
        if empty and wanted.if_nothing == "silent"
        else ""
    )
    typer.echo(f"PREVIEW of {wanted.title} in {wanted.channel}; nothing was sent.{silent}\n")
    console.show(digest, sys.stdout)


def run(subscription: str = ID, as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG) -> None:
    """Post a digest of a subscription now.

    It is an extra run: what it holds is not posted again by the next one.
    The exit code is 5 when it was not posted, or when nobody knows.
    """
    settings = settings_from(config)

    async def make(archive: Archive) -> tuple[Subscribed, Run | None, list[Delivery]]:
        from bot import deliver, publish
        from bot.app.platforms import platforms
        from bot.app.whole import process_name

        served, owner = platforms(os.environ, sys.stdout), process_name()
        found = await archive.ledger.subscription(subscription)
        if found is None:
            raise _unknown(subscription)
        served.of(found.subscription.channel)  # says so before anything is claimed
        async with served.serve():
            made = await publish.publish_now(archive.ledger, archive, served, subscription, datetime.now(UTC), owner)
            await deliver.deliver(archive.ledger, served, lambda: datetime.now(UTC), owner)
        return found, made, await archive.ledger.deliveries(run=made.id) if made else []

    try:
        found, made, messages = _with(settings, database, make)
    except DeliveryError as error:
        raise ConfigError(str(error)) from None
    done, words = outcome(found, made, messages)
    if as_json:
        values = {
            "run": made.id if made else None,
            "state": made.state if made else None,
            "deliveries": [each.state for each in messages],
            "error": None if done else words,
        }
        typer.echo(json.dumps(values))
    else:
        typer.echo(words, err=True)
    if not done:
        raise typer.Exit(NOT_POSTED)


def outcome(found: Subscribed, made: Run | None, messages: Sequence[Delivery]) -> tuple[bool, str]:
    """What became of a run: whether all is as it was wanted, and a sentence."""
    wanted = found.subscription
    place, again = f"to {wanted.channel}", f"`dateline subscriptions resume {wanted.id}`"
    if made is None:
        return False, "Not made: another process took its place at the same moment. `dateline status` shows what it came to."
    if made.state is RunState.FAILED:
        return False, f"The digest could not be made: {made.error}"
    if not messages:
        return True, "There is nothing new, and the subscription stays silent then."
    open_ = [each for each in messages if each.state not in (DeliveryState.SENT, DeliveryState.REPLACED)]
    if not open_:
        return True, f"Posted {place}."
    first = min(open_, key=lambda each: (each.part, each.piece))
    why = f": {first.error.rstrip('.')}." if first.error else "."
    some = "Only a part was posted" if len(open_) < len(messages) else "Not posted"
    match first.state:
        case DeliveryState.FAILED:
            return False, f"{some} {place}{why} Mended? {again}, then `dateline deliveries resend {first.id}`"
        case DeliveryState.SENDING | DeliveryState.UNCONFIRMED:
            return False, (
                f"Nobody knows whether it was posted {place}{why} "
                "Look there. In a minute `dateline run` settles it, or `dateline status` says what to do."
            )
    if not found.active:
        return False, f"{some} {place} yet: the subscription is paused. It is sent once you type {again}."
    why = why if first.error else ": another message comes first."
    return False, f"{some} {place} yet{why} `dateline run` sends it."


def new_id(title: str, now: datetime) -> str:
    """A short name for a new subscription: a word of its title, and four characters that make it one."""
    word = next(iter(re.findall(r"[a-z0-9]+", title.lower())), "digest")[:20]
    return f"{word}-{blake2b(f'{title}{now.isoformat()}'.encode(), digest_size=2).hexdigest()}"


def described(each: Subscribed, now: datetime) -> dict[str, object]:
    """A subscription as JSON values; instants in UTC."""
    from bot.schedule import in_words, next_runs, next_slots

    wanted = each.subscription
    coming = next_slots(wanted.schedule, max(now, wanted.counts_from), last=each.last) if each.active else ()
    overdue, last = _overdue(each, now), each.last_run
    return {
        "id": wanted.id,
        "channel": str(wanted.channel),
        "title": wanted.title,
        "topic": wanted.topic,
        "at": in_words(wanted.schedule),
        "zone": wanted.schedule.zone,
        "length": wanted.length.value if isinstance(wanted.length, Length) else wanted.length,
        "if_nothing": wanted.if_nothing.value,
        "paused": wanted.paused,
        "stopped": each.stopped,
        "reason": each.reason or None,
        "overdue": overdue.key if overdue else None,
        "next": [slot.due.isoformat() for slot in coming],
        "next_in_words": list(next_runs(wanted.schedule, now, last=each.last)) if each.active else [],
        "last_run": {"key": last.key, "due": last.due.isoformat(), "state": last.state.value} if last else None,
    }


def titled(title: str, topic: str) -> str:
    """What the digests of a subscription are called: as it was typed, else by the topic."""
    return " ".join((title or topic).split())[:80] or TITLE


def called(wanted: Subscription) -> str:
    """A subscription in a phrase: its title, place, times, and what is special about it."""
    more = [f"about {wanted.topic}"] if wanted.topic else []
    more += [f"{wanted.length} length"] if wanted.length is not Length.NORMAL else []
    more += ["silent when there is nothing new"] if wanted.if_nothing is IfNothing.SILENT else []
    return ", ".join([f"{wanted.title} in {wanted.channel}", when(wanted), *more])


def when(wanted: Subscription) -> str:
    """When a subscription comes: ``weekdays 08:00 Europe/Berlin``."""
    from bot.schedule import in_words

    return f"{in_words(wanted.schedule)} {wanted.schedule.zone}"


def how(each: Subscribed) -> str:
    """How a subscription is doing, in a line."""
    if each.stopped or each.subscription.paused:
        return f"{'stopped' if each.stopped else 'paused'}{f': {each.reason}' if each.reason else ''}"
    last = each.last_run
    if last is None:
        return "not run yet"
    return f"last run {slot_of(last)}: {came_to(last)}"


_CAME_TO = {
    RunState.CLAIMED: "being made",
    RunState.COMPOSED: "No. {number}",
    RunState.EMPTY: "nothing new",
    RunState.FAILED: "could not be made",
    RunState.SKIPPED: "left out, the next one makes up for it",
}


def came_to(run: Run) -> str:
    """What became of a run, for people: ``No. 128, late, for 3 runs``."""
    more = [_CAME_TO[run.state].format(number=run.number)]
    more += [f"late, for {run.missed + 1} runs"] if run.missed else ["late"] if run.late else []
    return ", ".join([*more, *([run.error] if run.error else [])])


def slot_of(run: Run) -> str:
    """Which slot a run is of, on its own clocks: ``2026-03-29 02:30``, or ``extra of 22 Nov 13:09 UTC``."""
    return f"extra of {run.due:%d %b %H:%M} UTC" if run.key.startswith("now-") else run.key.replace("T", " ")


def _tell_next(each: Subscribed, now: datetime) -> None:
    """Show the next three runs, and before them one that is due already: `dateline run` makes it when it next looks."""
    from bot.schedule import next_runs

    if overdue := _overdue(each, now):
        typer.echo(f"  now, for {overdue.key.replace('T', ' ')}, which has passed")
    for run in next_runs(each.subscription.schedule, now, last=each.last):
        typer.echo(f"  {run}")


def _overdue(each: Subscribed, now: datetime) -> Slot | None:
    """The slot of an active subscription that is due and not made yet."""
    from bot.schedule import latest_due

    wanted = each.subscription
    due = latest_due(wanted.schedule, now, since=wanted.counts_from, last=each.last) if each.active else None
    return due.slot if due else None


def _unserved(channel: Channel) -> str:
    """Why nothing can be posted to a channel by this environment; "" when it can."""
    from bot.app.platforms import platforms

    try:
        platforms(os.environ, sys.stdout).of(channel)
    except DeliveryError as error:
        return str(error)
    return ""


def _if_nothing(word: str) -> IfNothing:
    try:
        return IfNothing(word)
    except ValueError:
        raise ConfigError(f"--if-nothing is {word!r}; accepted: {', '.join(IfNothing)}.") from None


def _changed(found: bool, subscription: str, as_json: bool, what: str, words: str) -> None:
    if not found:
        raise _unknown(subscription)
    typer.echo(json.dumps({"id": subscription, what: True}) if as_json else words)


def _unknown(subscription: str) -> ConfigError:
    return ConfigError(f"There is no subscription {subscription}. `dateline subscriptions list` shows those there are.")


def _with(settings: Settings, database: str | None, work: Callable[[Archive], Awaitable[T]]) -> T:
    """What the work gives, done on the archive."""

    async def run() -> T:
        from bot import app

        async with app.archive(database_of(settings, database), make=database is None) as archive:
            return await work(archive)

    return asyncio.run(run())
