"""What is asked of the archive, and of a page: the digest of a window, of some words, of an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from urllib.parse import urldefrag

from bot import answer
from bot.commands.ask import Ask
from bot.commands.finding import (
    Found,
    instant,
    nothing_followed,
    nothing_mentions,
    sources_asked,
    stories_with,
    story_of,
    whole,
    window_of,
    with_source,
)
from bot.commands.story import A_PAGE, beyond, neighbours, paged, story
from bot.commands.wishing import wishes_of
from bot.ports.topics import Topic
from bot.scope import Scope
from bot.talk import (
    Buttons,
    Control,
    Listing,
    Part,
    Reply,
    Row,
    Shown,
    Text,
    control_id,
    fitting,
    read_stamp,
    reply,
    stamp,
    story_under,
)
from bot.wording import marked, name, plain, query_error, say
from digests import query, sentences
from digests.errors import QueryError
from digests.model import Digest, Kind, Length, Query, Source, Window
from digests.query import Typed
from digests.query.typed import is_address
from digests.render import layout
from digests.render.links import SafeLink
from digests.slips import near
from digests.wishes import NOTHING, Wishes

DAY: Final = timedelta(days=1)
MUTED: Final = "muted"
"""The kind of what is left out for the sake of the one who asks."""
_SHOWN_ADDRESS = re.compile(r"(?:[\w-]+\.)+[a-z]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
_LAST = 20  # articles among which the last story is looked for
_NAMED = 12  # topics named in a reply


async def now(ask: Ask) -> Reply:
    """The digest of a window, the last day where none is given, out of the archive."""
    ask = await _with_length(await _with_since(ask))
    topic = await _topic_of_now(ask)
    wanted = replace(ask.typed.query(ask.now, back=DAY, length=ask.settings.length), words=(), without=())
    wishes = await wishes_of(ask)
    found = await made(ask, wanted, wishes, topic)
    if not (found.digest.stories or found.digest.also):
        return await _nothing_new(ask, found.digest, wishes, topic)
    return _shown(ask, found, Typed(topic=topic.name if topic else None, length=ask.typed.length))


async def _with_since(ask: Ask) -> Ask:
    """``now yesterday`` as ``now since:yesterday``, where no topic is called so."""
    typed, words = ask.typed, " ".join(ask.typed.words)
    if not words or typed.topic or typed.since or await ask.means.topics.topic(ask.space, words):
        return ask
    try:
        since = query.parse(f'since:"{words}"', ask.now, ask.zone, ("since",)).since
    except QueryError:
        return ask
    return replace(ask, typed=replace(typed, words=(), since=since))


async def _with_length(ask: Ask) -> Ask:
    """``now short`` as ``now length:short``, where no topic is called so."""
    typed, named = ask.typed, " ".join(filter(None, (ask.typed.topic, *ask.typed.words)))
    *words, last = typed.words or ("",)
    if typed.length or last.casefold() not in list(Length) or await ask.means.topics.topic(ask.space, named):
        return ask
    return replace(ask, typed=replace(typed, words=tuple(words), length=query.length(last)))


async def _topic_of_now(ask: Ask) -> Topic | None:
    """The topic that is asked for; words behind it belong to its name, as in ``topic:In focus``, where one is called so."""
    given, words = ask.typed.topic or "", " ".join(ask.typed.words)
    if given and words and (topic := await ask.means.topics.topic(ask.space, f"{given} {words}")):
        return topic
    return await topic_named(ask, given or words) if given or words else None


async def about(ask: Ask) -> Reply:
    """Dated bullets of the archive on some words; a line that says so where there is none.  Of a link the story it is of."""
    ask = await with_source(ask)
    if not ask.typed.words:
        raise query_error("about_what", prefix=ask.means.prefix)
    if any(map(is_address, ask.typed.words)):  # no article has an address among its words
        return await story(ask)
    wanted = ask.typed.query(ask.now, back=timedelta(days=ask.means.kept_days), length=ask.settings.length)
    found = await made(ask, wanted, NOTHING)
    if not (found.digest.stories or found.digest.also):
        return await nothing_mentions(ask, ask.typed.words)
    return _shown(ask, found, replace(ask.typed, since=None, until=None, share=False))


async def again(ask: Ask, start: str, end: str, typed: str) -> Digest | None:
    """The digest of a window once more, as the one who asks is shown it; None for a control that we did not make.

    Args:
        start, end, typed: as `_left_out` wrote them.
    """
    try:
        window = Window(read_stamp(start), min(read_stamp(end), ask.now))
    except ValueError:
        return None
    told = replace(ask, typed=query.parse(typed, ask.now, ask.zone, ("topic", "length", "source")))
    wanted = replace(told.typed.query(ask.now, length=ask.settings.length), window=window)
    if wanted.words:
        return (await made(told, wanted, NOTHING)).digest
    topic = await topic_named(ask, told.typed.topic) if told.typed.topic else None
    return (await made(told, wanted, await wishes_of(ask), topic)).digest


async def search(ask: Ask) -> Reply:
    """The stories that hold some words, the newest first behind the best match, a page at a time."""
    ask = await with_source(ask)
    if not ask.typed.words:
        raise query_error("search_what", prefix=ask.means.prefix)
    if any(map(is_address, ask.typed.words)):
        return await story(ask)
    wanted = ask.typed.query(ask.now, back=timedelta(days=ask.means.kept_days))
    stories = await stories_with(ask, wanted)
    if not stories:
        return await nothing_mentions(ask, ask.typed.words)
    page, pages = paged(ask, len(stories))
    shown = await whole(ask, stories[(page - 1) * A_PAGE : page * A_PAGE])
    rows = tuple(_found(ask, each) for each in shown)
    words = " ".join(ask.typed.words)
    asked = str(replace(ask.typed, page=None, share=False))
    turns = neighbours(page, pages, "search", asked)
    title = say("search_found", stories=len(stories), words=words)
    return reply(
        Listing(title, rows, page, pages, *turns),
        *beyond(ask, pages),
        Text(window_of(ask, wanted.window), small=True),
        public=ask.typed.share,
    )


async def link(ask: Ask) -> Reply:
    """Dated bullets of one page, read now; nothing of it is kept."""
    address = next(filter(is_address, ask.typed.words), None) or _without_scheme(ask.said)
    if not address:
        raise query_error("link_what", prefix=ask.means.prefix)
    address = urldefrag(address).url  # what is behind it, such as the words of a link of ours, is for a browser
    await ask.progress(say("reading_page", address=address))
    means = ask.means
    asked = answer.Asked(
        Query(Window(None, ask.now), length=ask.typed.length or ask.settings.length),
        means.title,
        ask.zone,
        ask.now,
        ask.today,
        plain(say("add_a_date", day=str(ask.today))),
    )
    source = Source(address, "page", address, "", ask.zone)
    found = await answer.from_sources(
        asked,
        [source],
        means.fetcher,
        means.reader,
        published=ask.typed.published,
        undated=await _known_day(ask, address),
        stubs_whole=ask.typed.length is None,
    )
    if found.failures:
        return reply(*(marked(words) for _, words in found.failures))
    notes = [Text(marked(words), small=True) for words in (*(words for _, words in found.notes), *found.digest.notices)]
    digest = replace(found.digest, sources=None, notices=())
    if not (digest.stories or digest.also):
        return reply(say("page_tells_nothing", address=address), *notes)
    short = [Text(say("page_short", sentences=count)) for count in _sentences_of_a_stub(digest)]
    return reply(*notes, *short, Shown(digest, kept=False), public=ask.typed.share)


async def _known_day(ask: Ask, address: str) -> date | None:
    """The day of the article at an address as the archive has it, from its feed perhaps; None where it has none."""
    kept = await ask.means.store.at_address(SafeLink.of(address) or address)
    days = (each.understood.article.published_day for each in kept)
    return next((day for day in days if day is not None), None)


def _without_scheme(said: str) -> str:
    """The address of a page that was typed as browsers show it, ``example.org/story``; "" where none was."""
    return next((f"https://{word}" for word in said.split() if _SHOWN_ADDRESS.fullmatch(word)), "")


def _sentences_of_a_stub(digest: Digest) -> Iterator[int]:
    """How many sentences there were to read of an article that is not whole; nothing where it is."""
    cited = [each for story in digest.stories for bullet in story.bullets for each in bullet.citations]
    cited += [story.cited for story in digest.stories if story.cited]
    cited += [each for also in digest.also for each in also.citations]
    for each in cited[:1]:
        if each.article.stub:
            yield sum(one.kind is Kind.FACT for one in sentences.read(each.article.text, each.article.title))


async def topic_named(ask: Ask, wanted: str) -> Topic:
    """The topic of that name.  Raises QueryError, with the near one and all there are, when there is none."""
    if topic := await ask.means.topics.topic(ask.space, wanted):
        return topic
    names = [each.name for each in await ask.means.topics.topics(ask.space)]
    if not names:
        raise query_error("no_topics", topic=wanted, prefix=ask.means.prefix)
    guess = near(wanted, names)
    meant = say("did_you_mean", guess=guess) if guess else ()
    more = say("and_more", count=len(names) - _NAMED) if len(names) > _NAMED else ()
    raise query_error(
        "no_topic_called", topic=wanted, meant=meant, topics=", ".join(names[:_NAMED]), more=more, prefix=ask.means.prefix
    )


async def made(
    ask: Ask, wanted: Query, wishes: Wishes, topic: Topic | None = None, *, most: int | None = None
) -> answer.Answer:
    """The digest of a query out of what this place follows; who asks for words gets what there is, whatever they muted."""
    title = topic.name if topic else " ".join(ask.typed.words) or ask.means.title
    order = ask.settings.order
    asked = answer.Asked(wanted, title, ask.zone, ask.now, ask.today, wishes=wishes, order=order)
    scope = Scope(await sources_asked(ask), topic)
    return await answer.from_archive(asked, ask.means.store, scope, most=most)


def _shown(ask: Ask, found: answer.Answer, typed: Typed) -> Reply:
    """The digest, that not all was read for it, where that is so, and a way to what it leaves out.

    How much the one who asks has muted is nobody else's business, so that it is not counted where everybody looks on.

    Args:
        typed: what was asked for, but for its window.
    """
    small = [Text(say("only_newest", articles=found.newest), small=True)] if found.newest else []
    told = found.digest.left_out
    digest = replace(
        found.digest, notices=(), left_out=tuple(each for each in told if not (ask.typed.share and each.kind == MUTED))
    )
    return reply(Shown(digest), *small, *_left_out(digest, typed), public=ask.typed.share)


def _left_out(digest: Digest, typed: Typed) -> list[Buttons]:
    """A button that lists what a digest leaves out, by making it again: nothing of it is kept.

    None where there is nothing to list, or too much was asked for the id of a control.
    """
    count, window = layout.arrange(digest).left_out_count, digest.window
    if not count or window.start is None:
        return []
    ends = stamp(window.start), stamp(window.end)
    listing = fitting("left-out", "-", *ends, str(typed), label=f"{name('button_left_out')}: {count}")
    return [Buttons(listing)] if listing else []


async def _nothing_new(ask: Ask, digest: Digest, wishes: Wishes, topic: Topic | None) -> Reply:
    """That nothing is new, what was muted of it, how many feeds were asked, and which story was the last."""
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
        return nothing_followed(ask)
    if answered == 0:
        parts = [say("nothing_known", on=on, since=since, feeds=asked)]
    muted = sum(each.count for each in digest.left_out if each.kind == MUTED)
    if muted and not ask.typed.share:
        parts.append(say("nothing_but_muted", stories=muted, prefix=ask.means.prefix))
    before = Window(ask.kept.start, digest.window.start or ask.now)
    older = (await made(ask, Query(before), wishes, topic, most=_LAST)).digest
    ids = [*(each.id for each in older.stories), *(each.id for each in older.also)]
    if last := await story_of(ask, ids[0]) if ids else None:
        parts.append(say("last_story", story=layout.one_line(last.line, ask.today) if last.line else (last.linked,)))
        parts.append(Buttons((_timeline(last),)))
    return reply(*parts)


def _found(ask: Ask, found: Found) -> Row:
    """A story of a search: its line, dated and linked, and its first bullet."""
    line = found.line
    told = (
        layout.one_line(line, ask.today)
        if line
        else layout.joined((found.linked,), say("no_day", when=instant(ask, found.kept[0].stored_at)))
    )
    counted = say("story_of", articles=len(found.kept), outlets=len(found.composed.outlets))
    return Row(told, (counted,), (_timeline(found),))


def _timeline(found: Found) -> Control:
    """What opens a story under the line that is shown of it."""
    under = story_under(found.id, found.line.title) if found.line else found.id
    return Control(control_id("timeline", under), name("button_timeline"))
