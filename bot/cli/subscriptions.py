"""dateline subscriptions: which channel gets a digest of what, and when."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import typer

from bot.cli.errors import NOT_POSTED, helped
from bot.cli.settings import database_of, settings_from
from bot.cli.wording import plain
from bot.errors import AuthDead, ConfigError, DeliveryError, NotAllowed, TargetGone
from bot.model import Space

if TYPE_CHECKING:
    from bot.app import Archive
    from bot.model import Channel, Delivery, Run
    from bot.ports import Subscribed
    from config.settings import Settings
    from digests.model import Digest

T = TypeVar("T")

ID = typer.Argument(help="The id that `subscriptions list` shows.", metavar="ID")
DATABASE = typer.Option(None, help="The archive. [default: the settings']", metavar="URL")
CONFIG = typer.Option(None, help="A settings file.", metavar="FILE")
AS_JSON = typer.Option(False, "--json", help="The same as JSON.")
VERBS = "dateline subscriptions"


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
    channel: str = typer.Option(
        help="console, slack:TEAM/CHANNEL, discord:GUILD/CHANNEL, or webhook:NAME of DATELINE_WEBHOOK_NAME.", metavar="CHANNEL"
    ),
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
    from bot import subscribing
    from bot.model import Channel
    from bot.wording import say
    from digests import query

    settings, now, place = settings_from(config), datetime.now(UTC), Channel.parse(channel)
    asked = subscribing.Asked(at, zone, topic, length, title, if_nothing)
    usual = query.length(settings.digest.length)

    async def run(archive: Archive) -> Subscribed | None:
        topics = await _topics(archive, place)
        wanted = subscribing.begun(asked, place, now, zone=settings.digest.zone, topics=topics, length=usual)
        if not await archive.ledger.add_subscription(wanted):
            raise subscribing.id_taken(wanted)
        return await archive.ledger.subscription(wanted.id)

    kept = _with(settings, database, run)
    assert kept is not None
    unserved, wanted = _unserved(place, settings), kept.subscription
    if as_json:
        typer.echo(json.dumps(described(kept, now), ensure_ascii=False, indent=2))
    else:
        typer.echo(plain(say("schedule_added", title=wanted.title, place=str(place), id=wanted.id)))
        _say_coming(kept, now)
        typer.echo(f"{plain(say('schedule_see', preview=f'{VERBS} preview {wanted.id}'))} `dateline run` posts it.")
    if unserved:
        typer.echo(f"dateline: as things are, nothing can be posted there: {unserved}", err=True)


def list_(as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG) -> None:
    """Show every subscription with its next runs."""
    from bot import subscribing
    from bot.wording import say

    settings, now = settings_from(config), datetime.now(UTC)

    async def run(archive: Archive) -> list[Subscribed]:
        return await archive.ledger.subscriptions()

    found = _with(settings, database, run)
    if as_json:
        typer.echo(json.dumps([described(each, now) for each in found], ensure_ascii=False, indent=2))
        return
    if not found:
        typer.echo(plain(say("no_schedules", add=f"{VERBS} add --channel console --at 'daily 08:00'")))
    for each in found:
        wanted = each.subscription
        typer.echo(f"{wanted.id}  {plain(subscribing.called(wanted, str(wanted.channel)))}")
        typer.echo(f"  {plain(subscribing.how(each))}")
        _say_coming(each, now)


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
    from bot import subscribing
    from bot.wording import say

    asked = subscribing.Asked(at, zone, topic, length, title, if_nothing)
    if asked.nothing:
        raise ConfigError("Say what to change: --at, --zone, --topic, --if-nothing, --length or --title.")
    now = datetime.now(UTC)

    async def run(archive: Archive) -> Subscribed | None:
        found = await _found(archive, subscription)
        topics = await _topics(archive, found.subscription.channel)
        await archive.ledger.change_subscription(subscribing.changed(found, asked, now, topics=topics))
        return await archive.ledger.subscription(subscription)

    edited = _with(settings_from(config), database, run)
    if edited is None:
        raise subscribing.unknown(subscription, (), VERBS)
    if as_json:
        typer.echo(json.dumps(described(edited, now), ensure_ascii=False, indent=2))
        return
    called = subscribing.called(edited.subscription, str(edited.subscription.channel))
    key = "schedule_changed" if edited.active else "schedule_changed_idle"
    typer.echo(plain(say(key, id=subscription, called=called, how=subscribing.how(edited))))
    _say_coming(edited, now)


def remove(
    subscription: str = ID, as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG
) -> None:
    """Remove a subscription and its runs. What its channel was sent stays known, so that nothing comes twice."""

    async def run(archive: Archive) -> None:
        await _found(archive, subscription)
        await archive.ledger.remove_subscription(subscription)

    _with(settings_from(config), database, run)
    _tell(subscription, as_json, "removed")


def pause(
    subscription: str = ID, as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG
) -> None:
    """Post nothing more of a subscription until it is resumed."""

    async def run(archive: Archive) -> None:
        await _found(archive, subscription)
        await archive.ledger.pause_subscription(subscription)

    _with(settings_from(config), database, run)
    _tell(subscription, as_json, "paused")


def resume(
    subscription: str = ID, as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG
) -> None:
    """Go on with a subscription that was paused.

    By hand, or because its channel took nothing any more. Its next digest holds what came meanwhile.
    """
    now = datetime.now(UTC)

    async def run(archive: Archive) -> Subscribed:
        from bot import publish

        return await publish.resume(archive.ledger, await _found(archive, subscription), now)

    resumed = _with(settings_from(config), database, run)
    _tell(subscription, as_json, "resumed")
    if not as_json:
        _say_coming(resumed, now)


def preview(
    subscription: str = ID, as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG
) -> None:
    """Print what would be posted now, marked PREVIEW. Nothing is sent, and nothing counts as sent."""
    from bot import subscribing

    settings, now = settings_from(config), datetime.now(UTC)

    async def run(archive: Archive) -> tuple[Subscribed, Digest]:
        from bot import publish

        found = await _found(archive, subscription)
        return found, await publish.preview(archive.ledger, archive, found, now)

    found, digest = _with(settings, database, run)
    if as_json:
        from digests.render import json as as_contract

        typer.echo(as_contract.dumps(digest).rstrip("\n"))
        return
    from bot.adapters import console

    wanted = found.subscription
    note = subscribing.previewed(wanted, digest, str(wanted.channel))
    typer.echo(f"{plain(note)}\n")
    console.show(digest, sys.stdout)


def run(subscription: str = ID, as_json: bool = AS_JSON, database: str | None = DATABASE, config: Path | None = CONFIG) -> None:
    """Post a digest of a subscription now.

    It is an extra run: what it holds is not posted again by the next one.
    The exit code is 5 when it was not posted, or when nobody knows.
    """
    from bot import subscribing

    settings = settings_from(config)

    async def make(archive: Archive) -> tuple[Subscribed, Run | None, list[Delivery]]:
        from bot import deliver, publish
        from bot.app.platforms import platforms
        from bot.app.whole import process_name

        served, owner = platforms(os.environ, sys.stdout, settings), process_name()
        found = await _found(archive, subscription)
        served.of(found.subscription.channel)  # says so before anything is claimed
        async with served.serve():
            made = await publish.publish_now(archive.ledger, archive, served, subscription, datetime.now(UTC), owner)
            with publish.kept_as_begun():
                await deliver.deliver(archive.ledger, served, lambda: datetime.now(UTC), owner)
        return found, made, await archive.ledger.deliveries(run=made.id) if made else []

    try:
        found, made, messages = _with(settings, database, make)
    except DeliveryError as error:
        raise ConfigError(str(error)) from None
    place = str(found.subscription.channel)
    done, line = subscribing.outcome(found, made, messages, place=place, verbs=VERBS, prefix="dateline")
    words = plain(line)
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


def described(each: Subscribed, now: datetime) -> dict[str, object]:
    """A subscription as JSON values; instants in UTC."""
    from bot import subscribing
    from bot.schedule import in_words, next_runs, next_slots

    wanted = each.subscription
    coming = next_slots(wanted.schedule, max(now, wanted.counts_from), last=each.last) if each.active else ()
    overdue, last = subscribing.overdue(each, now), each.last_run
    return {
        "id": wanted.id,
        "channel": str(wanted.channel),
        "title": wanted.title,
        "topic": wanted.topic,
        "at": in_words(wanted.schedule),
        "zone": wanted.schedule.zone,
        "length": wanted.length.value,
        "if_nothing": wanted.if_nothing.value,
        "paused": wanted.paused,
        "stopped": each.stopped,
        "reason": each.reason or None,
        "overdue": overdue.key if overdue else None,
        "next": [slot.due.isoformat() for slot in coming],
        "next_in_words": list(next_runs(wanted.schedule, now, last=each.last)) if each.active else [],
        "last_run": {"key": last.key, "due": last.due.isoformat(), "state": last.state.value} if last else None,
    }


def _say_coming(each: Subscribed, now: datetime) -> None:
    """Show the next three runs, and before them one that is due already: `dateline run` makes it when it next looks."""
    from bot import subscribing

    for run in subscribing.coming(each, now):
        typer.echo(f"  {plain(run)}")


def _unserved(channel: Channel, settings: Settings) -> str:
    """Why nothing can be posted to a channel by this environment; "" when it can, or when that cannot be told just now."""
    from bot.app.platforms import platforms

    async def check() -> None:
        served = platforms(os.environ, sys.stdout, settings)
        adapter = served.of(channel)
        async with served.serve():
            await adapter.check(channel)

    try:
        asyncio.run(check())
    except (NotAllowed, TargetGone, AuthDead) as error:
        return str(error)
    except DeliveryError:
        return ""
    return ""


def _tell(subscription: str, as_json: bool, done: str) -> None:
    from bot.wording import say

    typer.echo(
        json.dumps({"id": subscription, done: True})
        if as_json
        else plain(say(f"schedule_{done}", id=subscription, verbs=VERBS))
    )


async def _found(archive: Archive, subscription: str) -> Subscribed:
    """The subscription of an id.  Raises QueryError, with the near one, when there is none."""
    from bot import subscribing

    found = await archive.ledger.subscription(subscription)
    if found is None:
        known = [each.subscription.id for each in await archive.ledger.subscriptions()]
        raise subscribing.unknown(subscription, known, VERBS)
    return found


async def _topics(archive: Archive, channel: Channel) -> list[str]:
    """The names of the topics of a channel's space."""
    return [each.name for each in await archive.topics.topics(Space.of(channel))]


def _with(settings: Settings, database: str | None, work: Callable[[Archive], Awaitable[T]]) -> T:
    """What the work gives, done on the archive."""

    async def run() -> T:
        from bot import app

        async with app.archive(database_of(settings, database)) as archive:
            return await work(archive)

    return asyncio.run(run())
