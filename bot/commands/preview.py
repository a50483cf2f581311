"""What would be posted in a channel now.  Nothing is sent, and nothing counts as sent."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot import publish, subscribing
from bot.commands.ask import Ask
from bot.commands.finding import nothing_followed, sources_of
from bot.commands.schedule import chosen, of_channel, verbs
from bot.model import Subscription
from bot.ports import Subscribed
from bot.schedule import parse
from bot.talk import Buttons, Control, Reply, Shown, Text, control_id, reply
from bot.wording import name, say


async def preview(ask: Ask) -> Reply:
    """The digest that a subscription of this channel would bring now; without any, that of a new one."""
    if not (ask.typed.words or ask.arguments or await of_channel(ask)):
        return await _of_a_new_one(ask)
    found = await chosen(ask, "preview")
    if isinstance(found, Reply):
        return found
    digest = await publish.preview(ask.means.ledger, ask.means.store, found, ask.now)
    note = subscribing.previewed(found.subscription, digest, name("this_channel"))
    coming = subscribing.coming(found, ask.now)
    when = say("preview_when", when=coming[0]) if coming else say("preview_idle", how=subscribing.how(found))
    return reply(Shown(digest, note), Text(when, small=True))


async def _of_a_new_one(ask: Ask) -> Reply:
    """What a subscription of everything would bring whose last digest was yesterday at this time."""
    if not await sources_of(ask):
        return nothing_followed(ask)
    zone = ask.settings.zone
    draft = Subscription(
        id="preview",
        channel=ask.channel,
        title=ask.means.title,
        schedule=parse(f"daily {ask.now.astimezone(ZoneInfo(zone)):%H:%M}", zone),
        created_at=ask.now,
        counts_from=ask.now,
        length=ask.settings.length,
    )
    digest = await publish.preview(ask.means.ledger, ask.means.store, Subscribed(draft), ask.now)
    add = Control(control_id("schedule-add"), name("button_schedule_add"), "primary")
    return reply(
        Shown(replace(digest, next_run=None), say("preview_of_new")),
        Text(say("preview_how", add=f'{verbs(ask)} add at:"daily 08:00"'), small=True),
        Buttons((add,)),
    )
