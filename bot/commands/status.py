"""How things are where it is asked: what its space follows, and what is posted in its channels."""

from __future__ import annotations

from bot import __version__, overview
from bot.commands.ask import TERMINAL, Ask
from bot.talk import Buttons, Control, Listing, Reply, Row, control_id, reply
from bot.wording import name, say


async def status(ask: Ask) -> Reply:
    """How the asker's space is doing, the verdict first; in the terminal the whole installation."""
    means = ask.means
    space = None if ask.space == TERMINAL else ask.space
    seen = await overview.look(means.store, means.ledger, means.beats, ask.now, space)
    first, *others = overview.told(
        seen, add=f"{means.admin_prefix} feeds add <url>", version=__version__, zone=ask.zone, prefix=means.admin_prefix
    )
    how = tuple(Row(each.line, each.under) for each in others)
    schedules = Buttons((Control(control_id("schedule"), name("button_schedules")),))
    if not first.under:
        return reply(Listing(first.line, how), schedules)
    alarms = Listing(first.line, tuple(Row(alarm) for alarm in first.under))
    return reply(alarms, Listing(say("besides"), how), schedules)
