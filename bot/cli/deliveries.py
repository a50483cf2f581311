"""dateline deliveries: the messages of the outbox, and what only a person can decide about them."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.errors import helped
from bot.cli.settings import database_of, settings_from
from bot.errors import ConfigError
from bot.model import DeliveryKind, DeliveryState

if TYPE_CHECKING:
    from bot.model import Delivery

DATABASE = typer.Option(None, help="The archive. [default: the settings']", metavar="URL")
CONFIG = typer.Option(None, help="A settings file.", metavar="FILE")
AS_JSON = typer.Option(False, "--json", help="The same as JSON.")


def line() -> typer.Typer:
    """The verb with its own verbs."""
    verbs = typer.Typer(help="The messages on their way.", invoke_without_command=True, rich_markup_mode=None)
    verbs.callback()(helped)
    verbs.command("list")(list_)
    verbs.command("resend")(resend)
    verbs.command("confirm")(confirm)
    return verbs


def list_(
    state: str | None = typer.Option(None, help="Only those in one state, such as unconfirmed.", metavar="STATE"),
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Show the last hundred messages, the newest first.

    Each with its state, and what its platform said last.
    """
    from bot.instants import told

    settings = settings_from(config)
    states = [DeliveryState(state)] if state in list(DeliveryState) else []
    if state and not states:
        raise ConfigError(f"--state is {state!r}; accepted: {', '.join(DeliveryState)}.")

    async def run() -> list[Delivery]:
        from bot import app

        async with app.archive(database_of(settings, database)) as archive:
            return await archive.ledger.deliveries(*states)

    found = asyncio.run(run())
    if as_json:
        typer.echo(json.dumps([described(each) for each in found], ensure_ascii=False, indent=2))
    elif not found:
        typer.echo(f"There are no messages{f' in the state {state}' if state else ''}.")
    for each in [] if as_json else found:
        when = each.settled_at or each.sending_since or each.created_at
        number = "" if each.number is None else f"No. {each.number}  "
        words = f"{_what(each)}{each.error}"
        typer.echo(f"{each.id}  {each.state}  {each.channel}  {number}{told(when, settings.digest.zone)}  {words}".rstrip())


def resend(
    delivery: str = typer.Argument(help="The id that `deliveries list` shows.", metavar="ID"),
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Send a message once more.

    One that failed, or that nobody knows the outcome of. Look first whether it is there.
    """
    settings = settings_from(config)

    async def run() -> bool:
        from bot import app

        async with app.archive(database_of(settings, database)) as archive:
            return await archive.ledger.resend(delivery, datetime.now(UTC))

    if not asyncio.run(run()):
        raise ConfigError(f"There is no message {delivery} that failed or is unconfirmed. See `dateline deliveries list`.")
    typer.echo(json.dumps({"id": delivery, "resent": True}) if as_json else f"{delivery} waits again; `dateline run` sends it.")


def confirm(
    delivery: str = typer.Argument(help="The id that `deliveries list` shows.", metavar="ID"),
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Say that an unconfirmed message is there.

    It then counts as sent: its alarm ends, and later parts of its digest follow.
    """
    settings = settings_from(config)

    async def run() -> bool:
        from bot import app

        async with app.archive(database_of(settings, database)) as archive:
            unconfirmed = await archive.ledger.deliveries(DeliveryState.UNCONFIRMED, limit=10_000)
            found = next((each for each in unconfirmed if each.id == delivery), None)
            return found is not None and await archive.ledger.settle(found, DeliveryState.SENT, datetime.now(UTC))

    if not asyncio.run(run()):
        raise ConfigError(f"There is no unconfirmed message {delivery}. See `dateline deliveries list --state unconfirmed`.")
    typer.echo(json.dumps({"id": delivery, "confirmed": True}) if as_json else f"{delivery} counts as sent.")


def _what(each: Delivery) -> str:
    """``edit of No. 3`` or ``line under No. 3``; nothing for a message of its own."""
    does = {DeliveryKind.EDIT: "edit of", DeliveryKind.REPLY: "line under"}.get(each.kind)
    digest = f"No. {each.number}" if each.number is not None else each.concerns
    return f"{does} {digest}  " if does else ""


def described(each: Delivery) -> dict[str, object]:
    """A message as JSON values; instants in UTC."""
    settled = each.settled_at
    return {
        "id": each.id,
        "channel": str(each.channel),
        "kind": each.kind.value,
        "subscription": each.subscription,
        "run": each.run,
        "number": each.number,
        "concerns": each.concerns,
        "part": each.part,
        "state": each.state.value,
        "attempts": each.attempts,
        "created": each.created_at.isoformat(),
        "settled": settled.isoformat() if settled else None,
        "message_id": each.message_id,
        "error": each.error or None,
    }
