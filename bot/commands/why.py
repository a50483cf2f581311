"""Why a link or a story is here, or is not: the path it took, and the setting that decided it.

What is said is what the pipeline did: how an article came in is read from the archive, what became of a story from the ledger,
and why one does not come is tried out: the next digest is made, and where it is not about the story at all, once more without
its topic.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from bot import publish
from bot.commands.ask import Ask
from bot.commands.finding import Found, article_at, instant, meant, sources_of
from bot.commands.story import about
from bot.commands.wishing import wishes_of
from bot.ports import Appearance, Kept, Stood, Subscribed
from bot.schedule import next_slots
from bot.talk import Buttons, Listing, Reply, Row, reply
from bot.wording import Value, say
from digests import ranking
from digests.model import Digest, Query, Window
from digests.query.typed import is_address
from digests.render import days, layout
from digests.render.layout import Line
from digests.wishes import Report, Wishes


async def why(ask: Ask) -> Reply:
    """The path of a link or a story: fetched, date, duplicate of, story, weight, what became of it here."""
    address = next(filter(is_address, ask.typed.words), None)
    if address is not None:
        return await _of_link(ask, address)
    found = await meant(ask, "why")
    return found if isinstance(found, Reply) else await _path(ask, found, None)


async def _of_link(ask: Ask, address: str) -> Reply:
    """The path of the article at an address."""
    kept = await article_at(ask, address)
    if isinstance(kept, Reply):
        return kept
    whole = await ask.means.store.story(kept.story, sources=await sources_of(ask)) if kept.story else []
    return await _path(ask, await asyncio.to_thread(Found.of, kept.story or "", whole or [kept]), kept)


async def _path(ask: Ask, found: Found, article: Kept | None) -> Reply:
    steps: list[tuple[str, Line]] = [
        ("step_fetched", _fetched(ask, found, article)),
        ("step_date", _dated(ask, found, article)),
    ]
    # Which articles are copies is found here, in a thread, and known to the steps behind.
    if duplicate := await asyncio.to_thread(_duplicate, found, article):
        steps.append(("step_duplicate", duplicate))
    steps.append(("step_story", _grouped(found)))
    steps += [("step_changed", each) async for each in _changes(ask, found)]
    posted = await ask.means.ledger.appearances(ask.channel, found.id) if found.id else []
    steps.append(("step_weight", _weight(ask, found, told=any(each.stood is not Stood.LEFT_OUT for each in posted))))
    steps += [("step_here", each) async for each in _here(ask, found, posted)]
    rows = tuple(Row(layout.joined(say(step), line)) for step, line in steps)
    buttons = about(found, but="why") if found.id else ()
    return reply(Listing(say("why_title", story=found.linked), rows), *([Buttons(buttons)] if buttons else []))


def _fetched(ask: Ask, found: Found, article: Kept | None) -> Line:
    if article is not None:
        return say("fetched_one", outlet=article.understood.article.outlet, when=instant(ask, article.stored_at))
    first = min(found.kept, key=lambda each: each.stored_at)
    outlets = len({each.understood.article.outlet for each in found.kept})
    values: dict[str, Value] = {"outlet": first.understood.article.outlet, "when": instant(ask, first.stored_at)}
    return say("fetched_many", articles=len(found.kept), outlets=outlets, **values)


def _dated(ask: Ask, found: Found, article: Kept | None) -> Line:
    """When the article was published; of a story the day of its line and how that is known.

    A story of which nothing can stand as its line has the day of its newest article that gives one.
    """
    line = found.pressed or found.line
    if article is None and line is not None:
        reported = line.citations[0].article.published_day
        return say("date_known", day=days.day(line.date, ask.today), how=days.known(line.date, reported, ask.today))
    dated = (each for each in found.kept if each.understood.article.published_day)
    written = (article or next(dated, found.kept[0])).understood.article
    if written.published_at:
        return say("published_at", when=instant(ask, written.published_at))
    return say("date_day", day=days.report(written.published_day, ask.today)) if written.published_day else say("date_none")


def _duplicate(found: Found, article: Kept | None) -> Line | None:
    """Whose text the article copies; of a story how many of its articles are copies.  None for nothing worth saying."""
    oldest_first = found.kept[::-1]
    originals = found.composed.outline.originals
    if article is None:
        copied = sum(original != at for at, original in enumerate(originals))
        return say("duplicates", copies=copied) if copied else None
    at = next((at for at, each in enumerate(oldest_first) if each.understood.article.id == article.understood.article.id), 0)
    if originals[at] == at:
        return say("duplicate_of_none")
    return say("duplicate_of", outlet=oldest_first[originals[at]].understood.article.outlet)


def _grouped(found: Found) -> Line:
    outlets = len(found.composed.outlets)
    origins = layout.origins(outlets, found.composed.origins)
    return say("in_story", story=found.told_as, articles=len(found.kept), outlets=outlets, origins=origins)


async def _changes(ask: Ask, found: Found) -> AsyncIterator[Line]:
    """That it took in another story, or was split from one."""
    for each in (await ask.means.store.story_changes(found.id))[:3] if found.id else []:
        change = each.change
        yield say(
            f"regrouped_{change.happened}",
            when=instant(ask, each.at),
            articles=len(change.articles),
            similarity=f"{change.similarity:.2f}",
            needed=f"{change.needed:.2f}",
        )


def _weight(ask: Ask, found: Found, *, told: bool) -> Line:
    terms = found.composed.outline.weighed(Query(Window(None, ask.now)), followed=False, told=told)
    shown = " + ".join(f"{each.term} {each.value:g} × {each.weight:g}" for each in terms)
    return say("weight_is", weight=f"{ranking.weight(terms):.2f}", terms=shown)


async def _here(ask: Ask, found: Found, posted: Sequence[Appearance]) -> AsyncIterator[Line]:
    """What became of the story in this channel, and where nothing did, what decides it."""
    for each in posted:
        yield say(f"stood_{each.stood.name.lower()}", number=each.number, when=instant(ask, each.posted_at))
    mine = [each for each in await ask.means.ledger.subscriptions() if each.subscription.channel == ask.channel]
    if not mine and not posted:
        yield say("no_schedule_here", prefix=ask.means.admin_prefix)
    for subscribed in mine:
        decided = await _decided(ask, subscribed, found, told=bool(posted))
        if decided:
            yield decided
    if _is_muted(await wishes_of(ask), found):
        yield say("decided_muted", prefix=ask.means.prefix)


async def _decided(ask: Ask, subscribed: Subscribed, found: Found, *, told: bool) -> Line:
    """What decides whether the story comes with the next digest of a subscription; nothing where it was told and is not new."""
    wanted = subscribed.subscription
    values: dict[str, Value] = {"title": wanted.title, "subscription": wanted.id, "prefix": ask.means.admin_prefix}
    if not subscribed.active:
        return say("decided_paused", **values)
    coming = await _preview(ask, subscribed)
    if _shows(coming, found):
        return say("decided_next", when=instant(ask, next_slots(wanted.schedule, ask.now, 1)[0].due), **values)
    if told:
        return ()
    if _leaves_out(coming, found, "capped"):
        return say("decided_length", length=str(wanted.length), **values)
    if wanted.topic:
        everything = await _preview(ask, replace(subscribed, subscription=replace(wanted, topic="")))
        if _shows(everything, found) or _leaves_out(everything, found, "capped"):
            return say("decided_topic", topic=wanted.topic, **values)
    if all(each.understood.article.comment for each in found.kept):
        return say("decided_opinion", **values)
    if found.line is None or _leaves_out(coming, found, "headline"):
        return say("decided_untold", **values)
    return say("decided_window", **values)


async def _preview(ask: Ask, subscribed: Subscribed) -> Digest:
    return await publish.preview(ask.means.ledger, ask.means.store, subscribed, ask.now)


def _is_muted(wishes: Wishes, found: Found) -> bool:
    """Whether the one who asks hid the story from themselves."""
    return bool(wishes.hiding(found.id, [Report.of(each) for each in found.story.articles]))


def _shows(digest: Digest, found: Found) -> bool:
    """Whether a digest shows the story, whole or in a line."""
    return any(each.id == found.id for each in digest.stories) or any(each.id == found.id for each in digest.also)


def _leaves_out(digest: Digest, found: Found, kind: str) -> bool:
    """Whether a digest leaves the story out as one of a kind: ``capped`` for want of room, ``headline`` for what it tells."""
    return any(each.id == found.id for left in digest.left_out if left.kind == kind for each in left.stories)
