"""What one person sees of a place at a glance: what comes next, today's stories, what is theirs; what is to be set up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot import __version__, overview, subscribing
from bot.commands import own, reading
from bot.commands.ask import NOTHING_TYPED, Ask
from bot.commands.finding import sources_of
from bot.commands.wishing import wishes_of
from bot.model import Space
from bot.ports import Subscribed
from bot.talk import Buttons, Control, Listing, Part, Reply, Row, Text, control_id, fitting, reply, story_under
from bot.wording import name, say
from digests.catchup import catch_up
from digests.render import layout

_STORIES: Final = 10
_CHIPS: Final = 5
"""Topics that are offered to be followed."""


async def home(ask: Ask) -> Reply:
    """The next digests, the stories of the last day, what the person follows and mutes, and for admins what is to be set up."""
    there = [each for each in await ask.means.ledger.subscriptions() if Space.of(each.subscription.channel) == ask.space]
    parts = [*_coming(ask, there), *await _today(ask), *await _own(ask)]
    if ask.may_administer:
        parts += await _administered(ask, there)
    return reply(*parts)


def _coming(ask: Ask, there: Sequence[Subscribed]) -> list[Part]:
    """When each digest of the place comes next."""
    coming = [(each, subscribing.coming(each, ask.now)) for each in there]
    rows = tuple(Row(say("home_next_row", title=each.subscription.title, when=runs[0])) for each, runs in coming if runs)
    return [Listing(say("home_next"), rows)] if rows else [Text(say("home_nothing_planned"))]


async def _today(ask: Ask) -> list[Part]:
    """The stories of the last day, one line each."""
    wishes = await wishes_of(ask)
    asked = NOTHING_TYPED.query(ask.now, back=reading.DAY, length=ask.settings.length)
    digest = (await reading.made(ask, asked, wishes)).digest
    stories = catch_up([digest], wishes=wishes).stories
    if not stories:
        return [Text(say("home_no_stories"))]
    rows = tuple(
        Row(
            layout.one_line(each.line, ask.today),
            controls=(Control(control_id("timeline", story_under(each.line.id, each.line.title)), name("button_open")),),
        )
        for each in stories[:_STORIES]
    )
    all_of_it = Buttons((Control(control_id("now"), name("button_now")),))
    return [Listing(say("home_today", stories=len(stories)), rows), all_of_it]


async def _own(ask: Ask) -> list[Part]:
    """What the person follows and mutes, and the topics that they might."""
    bare = replace(ask, typed=NOTHING_TYPED, arguments=())
    wishes = await ask.means.people.wishes(ask.space, ask.person.id, ask.now)
    parts = [*(await own.follow(bare)).parts, *((await own.mute(bare)).parts if wishes else ())]
    wished = {each.thing.key for each in wishes}
    topics = [each.name for each in await ask.means.topics.topics(ask.space) if each.name.casefold() not in wished]
    chips = [chip for each in topics for chip in fitting("follow", "topic", each, label=f"{name('button_follow')} {each}")]
    return [*parts, Buttons(tuple(chips[:_CHIPS]))] if chips else parts


async def _administered(ask: Ask, there: Sequence[Subscribed]) -> list[Part]:
    """What is not set up yet, until all is; then how everything is doing."""
    means = ask.means
    seen = await overview.look(means.store, means.ledger, means.beats, ask.now, ask.space)
    done = {"feeds": bool(await sources_of(ask)), "schedule": bool(there), "notices": ask.settings.notices is not None}
    add = f"{means.admin_prefix} feeds add <url>"
    told = next(overview.told(seen, add=add, version=__version__, zone=ask.zone, prefix=means.admin_prefix))
    buttons = Buttons(tuple(Control(control_id(each), name(f"button_home_{each}")) for each in ("feeds", "status", "settings")))
    health: list[Part] = []
    if done["feeds"]:
        health = [Listing(told.line, tuple(map(Row, told.under)))] if told.under else [Text(told.line)]
    if all(done.values()):
        return [*health, buttons]
    rows = tuple(
        Row(
            say("home_done" if done[each] else "home_to_do", what=name(f"set_up_{each}")),
            () if done[each] else (say(f"how_set_up_{each}", prefix=means.admin_prefix),),
        )
        for each in done
    )
    return [*health, Listing(say("home_setup"), rows), buttons]
