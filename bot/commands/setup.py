"""From nothing to a digest every morning in three steps: feeds, a preview that only the asker sees, and when.

Each step is a control of its own, so that it can be left and taken up again: what was done stands in the archive.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot import lists, starters, subscribing
from bot.collect import collect
from bot.commands import feeds, preview, schedule
from bot.commands.ask import Ask
from bot.errors import SourceError
from bot.feeds import addresses_of
from bot.grouping import Grouping
from bot.model import Subscription
from bot.ports import Followed
from bot.schedule import next_slots, parse, slots
from bot.talk import PICK, Buttons, Choices, Confirm, Control, Field, Form, Part, Reply, Shown, Text, control_id, reply
from bot.wording import marked, name, say
from digests.query import MOST_CHARACTERS, Typed
from digests.render.layout import Line

DAILY = "daily 08:00"
READING_S = 40.0
"""How long the first reading of feeds may take before the preview is shown with what there is."""


async def setup(ask: Ask) -> Reply:
    """Step 1: feeds, of a topic to begin with or by address; the other steps once there are some."""
    here = await feeds.sources_here(ask)
    topics = [topic for topic in starters.topics() if not _taken(topic, here)]
    options = tuple(Control(control_id("setup-topic", topic), _counted(topic)) for topic in topics)
    parts: list[Part] = [Text(say("setup_feeds", feeds=len(here)) if here else say("setup_begin"))]
    if options:
        parts.append(Choices(PICK, name("pick_a_topic"), options))
    by_address = Control(control_id("setup-address"), name("button_by_address"))
    go_on = [Control(control_id("setup-preview"), name("button_setup_preview"), "primary")] if here else []
    return reply(*parts, Buttons((by_address, *go_on)))


async def topic(ask: Ask) -> Reply:
    """Follow the feeds to begin with of a topic."""
    wanted = ask.arguments[0] if ask.arguments else ""
    chosen = [each for each in starters.load() if each.topic == wanted]
    if not chosen:
        return reply(say("old_control", prefix=ask.means.prefix))
    taken = await lists.follow_all(lists.of_starters(chosen), feeds.place_of(ask), ask.means.store, ask.now)
    again = await setup(ask)
    return replace(again, parts=(*feeds.told(taken), *again.parts))


async def address(ask: Ask) -> Reply:
    """Ask for an address in a form, again where it is none; of a filled one find its feed and follow it."""
    typed = ask.fields.get("address", "").strip()
    if not typed:
        return reply(_address_form())
    try:
        addresses_of(typed)
    except SourceError as error:
        return reply(_address_form(typed, marked(str(error))))
    added = await feeds.add(replace(ask, arguments=(typed,)))
    again = await setup(ask)
    return replace(added, parts=(*(part for part in added.parts if not isinstance(part, Buttons)), *again.parts))


def _address_form(typed: str = "", wrong: Line = ()) -> Form:
    field = Field("address", name("setup_address"), typed[:MOST_CHARACTERS], name("setup_address_hint"), error=wrong)
    return Form(control_id("setup-address"), name("setup_address_title"), (field,), name("button_add"))


async def show(ask: Ask) -> Reply:
    """Step 2: read what was never read, and show what a digest would look like; step 3: when."""
    here = await feeds.sources_here(ask)
    unread = [each.source.id for each in here if each.health.last_ok_at is None and not each.paused]
    late: list[Part] = []
    if unread:
        await ask.progress(say("setup_reading", feeds=len(unread)))
        late = await _read(ask, unread)
    shown = await preview.preview(ask)
    daily = Control(control_id("setup-daily"), name("button_daily"), "primary")
    other = Control(control_id("schedule-add"), name("button_other_time"))
    seen = [part for part in shown.parts if isinstance(part, Shown)]
    when: list[Part] = [Text(say("setup_when", zone=ask.settings.zone)), Buttons((daily, other))]
    return replace(shown, parts=(*late, *(seen or shown.parts), *when))


async def daily(ask: Ask) -> Reply:
    """Step 3 as most want it: every morning at eight, on the clocks of this place.

    It is asked first where a digest of everything comes at that minute already: the second would find nothing new, ever.
    """
    there = await _at_eight(ask)
    if there and ask.arguments[:1] != ("yes",):
        line = say("setup_twice", title=there.title, times=subscribing.when(there))
        yes = Control(control_id("setup-daily", "yes"), name("button_daily_too"))
        return reply(Confirm(line, yes, Control(control_id("leave"), name("button_leave"))))
    return await schedule.add(replace(ask, arguments=(), typed=Typed(at=DAILY)))


async def _at_eight(ask: Ask) -> Subscription | None:
    """What tells everything in this channel at eight already, on some day of the week."""
    mornings = {each.due for each in next_slots(parse(DAILY, ask.settings.zone), ask.now, 7)}
    of_all = [each.subscription for each in await schedule.of_channel(ask) if each.active and not each.subscription.topic]

    def comes_then(each: Subscription) -> bool:
        return any(slot.due in mornings for slot in slots(each.schedule, ask.now, max(mornings)))

    return next(filter(comes_then, of_all), None)


async def _read(ask: Ask, sources: list[str]) -> list[Part]:
    """Read sources for the first time; what does not answer in time comes with the next round."""
    means = ask.means
    try:
        async with asyncio.timeout(READING_S):
            report = await collect(
                means.store, means.fetcher, means.reader, ask.now, all=True, sources=sources, grouping=Grouping()
            )
    except TimeoutError:
        return [Text(say("setup_slow", seconds=round(READING_S)), small=True)]
    return (
        [Text(say("setup_failing", feeds=len(report.errors), prefix=means.admin_prefix), small=True)] if report.errors else []
    )


def _counted(topic: str) -> str:
    """A topic with how many feeds it has: ``Science (5 feeds)``."""
    return f"{topic} ({sum(each.topic == topic for each in starters.load())})"


def _taken(topic: str, here: list[Followed]) -> bool:
    """Whether every feed of a topic is followed already."""
    followed = {each.source.address for each in here}
    return all(each.address in followed for each in starters.load() if each.topic == topic)
