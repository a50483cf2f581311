"""What is asked of the archive, and of a page: the digest of a window, of some words, of an address."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot import answer
from bot.commands.ask import Ask
from bot.commands.finding import KEPT_DAYS, Found, instant, sources_of, stories_with, whole
from bot.commands.story import A_PAGE, neighbours, paged
from bot.commands.story import about as about_story
from bot.commands.wishing import wishes_of
from bot.ports.topics import Topic
from bot.scope import Scope
from bot.talk import Buttons, Control, Listing, Part, Reply, Row, Shown, Text, control_id, reply
from bot.wording import marked, name, say
from digests.errors import QueryError
from digests.model import Digest, Query, Source, Window
from digests.query.typed import is_address
from digests.render import days, layout
from digests.slips import near

DAY: Final = timedelta(days=1)
_LAST = 20  # articles among which the last story is looked for
_NAMED = 12  # topics named in a reply


async def now(ask: Ask) -> Reply:
    """The digest of a window, the last day where none is given, out of the archive."""
    called = ask.typed.topic or " ".join(ask.typed.words)
    topic = await topic_named(ask, called) if called else None
    wanted = replace(ask.typed.query(ask.now, back=DAY, length=ask.settings.length), words=(), without=())
    found = await _made(ask, wanted, topic=topic)
    if not (found.digest.stories or found.digest.also):
        return await _nothing_new(ask, found.digest, topic)
    return _shown(ask, found, wanted.window)


async def about(ask: Ask) -> Reply:
    """Dated bullets of the archive on some words; a line that says so where there is none."""
    if not ask.typed.words:
        raise QueryError(f"About what? Add a few words: `{ask.means.prefix} about chips`.")
    wanted = ask.typed.query(ask.now, back=timedelta(days=KEPT_DAYS), length=ask.settings.length)
    found = await _made(ask, wanted)
    if not (found.digest.stories or found.digest.also):
        return _nothing_mentions(ask)
    return _shown(ask, found, wanted.window)


async def search(ask: Ask) -> Reply:
    """The stories that hold some words, the newest first behind the best match, a page at a time."""
    if not ask.typed.words:
        raise QueryError(f"Search for what? Add a few words: `{ask.means.prefix} search chips`.")
    wanted = ask.typed.query(ask.now, back=timedelta(days=KEPT_DAYS))
    stories = await stories_with(ask, wanted)
    if not stories:
        return _nothing_mentions(ask)
    page, pages = paged(ask, len(stories))
    shown = await whole(ask, stories[(page - 1) * A_PAGE : page * A_PAGE])
    rows = tuple(_found(ask, each) for each in shown)
    words = " ".join(ask.typed.words)
    try:
        turns = neighbours(page, pages, "search", words)
    except ValueError:  # too many words for a button: `page:2` leads on
        turns = (None, None)
    title = say("search_found", stories=len(stories), words=words)
    return reply(
        Listing(title, rows, page, pages, *turns), Text(_window_of(ask, wanted.window), small=True), public=ask.typed.share
    )


async def link(ask: Ask) -> Reply:
    """Dated bullets of one page, read now; nothing of it is kept."""
    address = next(filter(is_address, ask.typed.words), None)
    if address is None:
        raise QueryError(f"Give me the address of a page: `{ask.means.prefix} link https://example.org/story`.")
    await ask.progress(say("reading_page", address=address))
    means = ask.means
    asked = answer.Asked(
        Query(Window(None, ask.now), length=ask.typed.length or ask.settings.length),
        means.title,
        ask.zone,
        ask.now,
        ask.today,
        f"Add one with `date:`, such as `date:{ask.today}`.",
    )
    source = Source(address, "page", address, "", ask.zone)
    found = await answer.from_sources(asked, [source], means.fetcher, means.reader, published=ask.typed.published)
    if found.failures:
        return reply(*(marked(words) for _, words in found.failures))
    notes = [Text(marked(words), small=True) for _, words in found.notes]
    digest = replace(found.digest, sources=None)
    if not (digest.stories or digest.also):
        return reply(say("page_tells_nothing", address=address), *notes)
    return reply(*notes, Shown(digest, kept=False), public=ask.typed.share)


async def topic_named(ask: Ask, wanted: str) -> Topic:
    """The topic of that name.  Raises QueryError, with the near one and all there are, when there is none."""
    if topic := await ask.means.topics.topic(ask.space, wanted):
        return topic
    names = [each.name for each in await ask.means.topics.topics(ask.space)]
    prefix = ask.means.prefix
    if not names:
        raise QueryError(f"I have no topic *{wanted}*, and none at all yet. Ask for words: `{prefix} about {wanted}`.")
    guess = near(wanted, names)
    meant = f"Did you mean *{guess}*? " if guess else ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    raise QueryError(f"I have no topic *{wanted}*. {meant}All topics: {', '.join(names[:_NAMED])}{more}.")


async def _made(ask: Ask, wanted: Query, *, topic: Topic | None = None, most: int | None = None) -> answer.Answer:
    """The digest of a query out of what this place follows, as the one who asks wishes it."""
    title = topic.name if topic else " ".join(ask.typed.words) or ask.means.title
    wishes, order = await wishes_of(ask), ask.settings.order
    asked = answer.Asked(wanted, title, ask.zone, ask.now, ask.today, wishes=wishes, order=order)
    scope = Scope(await sources_of(ask), topic)
    return await answer.from_archive(asked, ask.means.store, scope, most=most)


def _shown(ask: Ask, found: answer.Answer, window: Window) -> Reply:
    """The digest, and what was read for it."""
    read = [_window_of(ask, window)] + ([say("only_newest", articles=found.newest)] if found.newest else [])
    small = [Text(line, small=True) for line in read]
    return reply(Shown(replace(found.digest, notices=())), *small, public=ask.typed.share)


async def _nothing_new(ask: Ask, digest: Digest, topic: Topic | None) -> Reply:
    """That nothing is new, how many feeds were asked, and which story was the last."""
    answered, asked = digest.sources or (0, 0)
    checked = (
        say("feeds_all_answering", feeds=asked)
        if answered == asked
        else say("feeds_some_failing", feeds=asked, failing=asked - answered)
    )
    since = instant(ask, digest.window.start) if digest.window.start else ""
    on = say("on_topic", topic=topic.name) if topic else ()
    parts: list[Part | layout.Line] = [say("nothing_new", on=on, since=since, checked=checked)]
    if asked == 0:
        return reply(say("no_feeds_yet", prefix=ask.means.prefix))
    before = Window(ask.now - timedelta(days=KEPT_DAYS), digest.window.start or ask.now)
    older = (await _made(ask, Query(before), topic=topic, most=_LAST)).digest
    titles = [(each.id, each.title) for each in older.stories] or [(each.id, each.title) for each in older.also]
    for story_id, title in titles[:1]:
        parts.append(say("last_story", story=title))
        parts.append(Buttons((Control(control_id("timeline", story_id), name("button_timeline")),)))
    return reply(*parts)


def _nothing_mentions(ask: Ask) -> Reply:
    """That no story holds the words, with a button to follow them."""
    words = " ".join(ask.typed.words)
    line = say("nothing_mentions", words=words, days=KEPT_DAYS)
    try:
        return reply(line, Buttons((Control(control_id("follow", "words", words), name("button_follow")),)))
    except ValueError:
        return reply(line)


def _found(ask: Ask, found: Found) -> Row:
    """A story of a search: its line, dated and linked, and its first bullet."""
    line = found.line
    told = (
        layout.one_line(line, ask.today)
        if line
        else layout.joined((found.linked,), say("no_day", when=instant(ask, found.kept[0].stored_at)))
    )
    return Row(
        told, (say("story_of", articles=len(found.kept), outlets=len(found.composed.outlets)),), about_story(ask, found.id)[:1]
    )


def _window_of(ask: Ask, window: Window) -> layout.Line:
    """Which time was read, and in whose zone."""
    end, zone = instant(ask, window.end), days.zone_abbreviation(window.end, ask.zone)
    return (
        say("window", start=instant(ask, window.start), end=end, zone=zone)
        if window.start
        else say("window_all", end=end, zone=zone)
    )
