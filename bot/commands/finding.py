"""Which story somebody means: by its id, by the address of one of its articles, or by words of its line."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.commands.ask import Ask
from bot.ports import Kept
from bot.ports.topics import folded
from bot.talk import (
    PICK,
    Buttons,
    Choices,
    Control,
    Part,
    Reply,
    control_id,
    fitting,
    line_print,
    reply,
    story_under,
)
from bot.wording import name, query_error, say
from digests import query
from digests.composing import Composed
from digests.model import Also, Citation, EventDate, Query, Story, Window
from digests.query.typed import is_address
from digests.render import days
from digests.render.layout import Line, Run
from digests.render.links import SafeLink
from digests.render.safe import SafeText
from digests.slips import near, shown
from digests.stories import story_id
from digests.words import content

_LOOKED_AT = 200  # newest articles that hold the words
_OFFERED = 10  # stories to choose from
_NAMED = 12  # sources named in a reply
_ALONE = 3  # words of a question that nothing holds, to be looked for by themselves
_OF_ALL_NEWS = ("happened", "news", "today", "yesterday")  # such a word leads nowhere, as "is" and "the" do
_EVERYTHING = Query(Window(None, datetime.max.replace(tzinfo=UTC)))


@dataclass(frozen=True, slots=True)
class Found:
    """A story of which the asker's place may read.

    Args:
        kept: its articles, newest first.
        composed: its line and claims.
        pressed: the line of it that was pressed, where that is not its line of now.
    """

    kept: tuple[Kept, ...]
    composed: Composed
    pressed: Also | None = None

    @classmethod
    def of(cls, name: str, kept: Sequence[Kept], printed: str = "") -> Found:
        """The story of some articles.

        Args:
            printed: of the line under which it was pressed (`bot.talk.story_under`); ``""`` where it was not.
        """
        story = Story(name, tuple(each.understood for each in kept))
        composed = Composed.of(story, _EVERYTHING)
        named = not printed or line_print(composed.title) == printed
        return cls(tuple(kept), composed, None if named else next(_told_as(story, printed), None))

    @property
    def story(self) -> Story:
        return self.composed.story

    @property
    def id(self) -> str:
        return self.story.id

    @property
    def under(self) -> str:
        """It as a control names it, which leads on under the line that was pressed."""
        return story_under(self.id, self.pressed.title) if self.pressed else self.id

    @property
    def title(self) -> str:
        """The line of it that was pressed, else its line of now."""
        return self.pressed.title if self.pressed else self.told_as

    @property
    def told_as(self) -> str:
        """Its line of now."""
        return self.composed.title or self.kept[0].understood.article.title or name("untitled")

    @property
    def linked(self) -> Run:
        """Its title, bold and linked."""
        address = self.pressed.url if self.pressed else self.composed.url or self.kept[0].understood.article.url
        return Run(SafeText(self.title, 300), SafeLink.of(address), bold=True)

    @property
    def line(self) -> Also | None:
        """It in one line as it is told now, dated; None where no sentence of it can stand alone and it has no headline."""
        return self.composed.one_line() if self.composed.rows or self.composed.headline_only else None


def _told_as(story: Story, printed: str) -> Iterator[Also]:
    """The lines of a story that have a print: headlines, dated by their reports, and facts."""
    for each in story.articles:
        article, title = each.article, " ".join(each.article.title.split())
        if article.text and line_print(title) == printed:
            begin = each.claims[0].citation if each.claims else Citation(article, 0, len(article.text))
            yield Also(story.id, title, article.url, EventDate.of_report(article.published_day), (begin,))
        for claim in each.claims:
            if line_print(claim.text) == printed:
                yield Also(story.id, claim.text, article.url, claim.date, (claim.citation,))


async def sources_of(ask: Ask) -> frozenset[str]:
    """Ids of the sources that this place follows: nothing else is shown here."""
    return await ask.means.topics.followed(ask.space, ask.channel)


async def sources_asked(ask: Ask) -> frozenset[str]:
    """Ids of the sources that are asked about: of the name that ``source:`` gives, else all that this place follows.

    Raises:
        QueryError: none is called so; the text has the near one.
    """
    followed = await sources_of(ask)
    if not ask.typed.source:
        return followed
    wanted = ask.typed.source.casefold()
    names = {each.source.id: each.source.name for each in await ask.means.store.sources() if each.source.id in followed}
    if found := frozenset(each for each, called in names.items() if wanted in called.casefold()):
        return found
    guess = near(wanted, names.values())
    called = sorted({each for each in names.values() if each}, key=str.casefold)
    more = say("and_more", count=len(called) - _NAMED) if len(called) > _NAMED else ()
    hint = say("did_you_mean", guess=guess) if guess else ()
    if called and not guess:
        hint = say("sources_are_called", names=", ".join(called[:_NAMED]), more=more)
    raise query_error("no_source_called", called=shown(ask.typed.source), hint=hint)


async def with_source(ask: Ask) -> Ask:
    """``source:BBC News`` as ``source:"BBC News"``, where an outlet is called so: its further words are not looked for."""
    typed, followed = ask.typed, await sources_of(ask)
    if not typed.source or not typed.words:
        return ask
    called = {folded(each.source.name) for each in await ask.means.store.sources() if each.source.id in followed}
    for at in range(len(typed.words)):  # the longest name first
        written = " ".join((typed.source, *typed.words[at:]))
        if folded(written) in called and f"source:{folded(written)}" in folded(ask.said):
            return replace(ask, typed=replace(typed, source=written, words=typed.words[:at]))
    return ask


async def story_of(ask: Ask, name: str) -> Found | None:
    """The story of an id, as far as this place follows it; one that joined another is that one.  None when there is none.

    Args:
        name: the id, with a print of the line under which it was pressed, or without.
    """
    followed = await sources_of(ask)
    story, _, printed = name.partition(".")
    kept = await ask.means.store.story(story, sources=followed)
    return await asyncio.to_thread(Found.of, kept[0].story or story, kept, printed) if kept else None


async def article_at(ask: Ask, address: str) -> Kept | Reply:
    """The newest article at an address, as far as this place follows it; the reply that says why there is none."""
    at_it = await ask.means.store.at_address(SafeLink.of(address) or address)
    if not at_it:
        digest_it = fitting("link", address, label=name("button_digest_this_link"))
        never = say("never_fetched", address=address, prefix=ask.means.prefix)
        return reply(never, Buttons(digest_it)) if digest_it else reply(never)
    followed = await sources_of(ask)
    mine = [each for each in at_it if each.understood.article.source_id in followed]
    return mine[0] if mine else reply(say("not_followed_here", prefix=ask.means.admin_prefix))


async def meant(ask: Ask, action: str) -> Found | Reply:
    """The story that the words of a request mean, or a link among them; or a reply that asks which, or says there is none.

    Args:
        action: the command, as it is typed and as a control does it.
    """
    words = ask.arguments[:1] or ask.values or ask.typed.words  # behind the story of a control stands its page
    if not words:
        raise query_error(f"story_unnamed_{'why' if action == 'why' else 'else'}", prefix=ask.means.prefix, action=action)
    if address := next(filter(is_address, words), None):
        return await _at(ask, address)
    if len(words) == 1 and words[0].startswith("s-"):
        found = await story_of(ask, words[0])
        return found or reply(say("no_such_story", story=words[0], days=ask.means.kept_days, prefix=ask.means.prefix))
    words = tuple(each for each in words if " " in each or _tells(each))
    if not words:  # "why is this here?"
        raise query_error(f"story_unnamed_{'why' if action == 'why' else 'else'}", prefix=ask.means.prefix, action=action)
    stories = await holding(ask, Query(ask.kept, words), most=_OFFERED + 1)
    if not stories:
        return await nothing_mentions(ask, words)
    folded = " ".join(words).casefold()
    exact = [each for each in stories if each.title.casefold() == folded]
    named = exact or [each for each in stories if query.told(words, [each.title])]
    if len(stories) == 1 or len(named) == 1:
        return (named or stories)[0]
    shows = "timeline" if action == "story" else action  # under a digest, "story" leads to all that can be asked about one
    options = tuple(Control(control_id(shows, each.id), SafeText(each.title, 75)) for each in stories[:_OFFERED])
    key = "which_story" if len(stories) <= _OFFERED else "which_of_many"
    return reply(say(key, count=len(options)), Choices(PICK, name("pick_a_story"), options))


async def _at(ask: Ask, address: str) -> Found | Reply:
    """The story of the article at an address, under its headline, or the reply that says that there is none."""
    kept = await article_at(ask, address)
    if isinstance(kept, Reply):
        return kept
    under = story_under(kept.story, kept.understood.article.title) if kept.story else ""
    return (await story_of(ask, under) if under else None) or (await whole(ask, [kept]))[0]


def nothing_followed(ask: Ask) -> Reply:
    """That no feed is followed here, and how to begin, for who may."""
    if not ask.may_administer:
        return reply(say("no_feeds_yet", prefix=ask.means.admin_prefix))
    begin = Control(control_id("setup"), name("button_setup"), "primary")
    return reply(say("no_feeds_of_yours", prefix=ask.means.admin_prefix), Buttons((begin,)))


async def nothing_mentions(ask: Ask, words: Sequence[str]) -> Reply:
    """That no story holds the words in the time that was asked for, with a button to follow them.

    Where stories hold some of several words, one button each looks for that word alone, in all the time that is kept.
    """
    if not await sources_of(ask):
        return nothing_followed(ask)
    asked, times = " ".join(words), ask.typed
    if times.since or times.until:
        window = times.query(ask.now, back=timedelta(days=ask.means.kept_days)).window
        line = say("nothing_mentions_then", words=asked, window=window_of(ask, window))
    else:
        line = say("nothing_mentions", words=asked, days=ask.means.kept_days)
    follow = fitting("follow", "words", asked, label=name("button_follow"))
    alone = [each for word in await _found_alone(ask, words) for each in fitting("search", word, label=SafeText(word, 40))]
    parts: list[Part | Line] = [line, *([Buttons(follow)] if follow else ())]
    if not alone:
        parts += await _beginning(ask, words)
    return reply(*parts, say("some_of_the_words"), Buttons(tuple(alone))) if alone else reply(*parts)


async def _beginning(ask: Ask, words: Sequence[str]) -> tuple[Line | Buttons, ...]:
    """Where a word that was not found begins others, "Iranian" for "Iran", a button that looks for it so."""
    if len(words) != 1 or not (words[0].isalnum() and words[0][1:]):
        return ()
    begun = f"{words[0]}*"
    look = partial(ask.means.store.search, sources=await sources_asked(ask), limit=1)
    button = fitting("search", begun, label=SafeText(begun, 40))
    if not button or await look(Query(ask.kept, tuple(words))):  # it stands in what is muted, or of another time
        return ()
    return (say("begins_so"), Buttons(button)) if await look(Query(ask.kept, (begun,))) else ()


async def _found_alone(ask: Ask, words: Sequence[str]) -> list[str]:
    """The words of a question that stories hold by themselves, the rarest first; none of a single word."""
    told = [word for phrase in words for word in phrase.split()]
    if len(told) < 2:
        return []
    followed, found = await sources_of(ask), {}
    for word in dict.fromkeys(told):
        if _tells(word) and word.casefold() not in _OF_ALL_NEWS:
            ids = await ask.means.store.search(Query(ask.kept, (word,)), sources=followed, limit=_LOOKED_AT)
            found[word] = len(ids)
    return sorted((word for word, number in found.items() if number), key=lambda word: found[word])[:_ALONE]


def _tells(word: str) -> bool:
    """Whether a word says what a story is about: no "is" or "the", but "US" and "IT" in capitals."""
    return bool(content(word)) or (len(word) > 1 and word.isupper())


async def holding(ask: Ask, wanted: Query, *, most: int) -> list[Found]:
    """The stories that hold the words of a query, the best match first, then the newest."""
    return await whole(ask, (await stories_with(ask, wanted))[:most])


async def stories_with(ask: Ask, wanted: Query) -> list[Kept]:
    """One article of each story that holds the words of a query, the best match first, then the newest."""
    store = ask.means.store
    ids = await store.search(wanted, sources=await sources_asked(ask), limit=_LOOKED_AT)
    stories: dict[str, Kept] = {}
    for each in await store.articles(ids):
        stories.setdefault(each.story or each.understood.article.id, each)
    return list(stories.values())


async def whole(ask: Ask, some: Sequence[Kept]) -> list[Found]:
    """The stories of some articles, each with all of it that this place follows."""
    followed = await sources_of(ask)
    stories = []
    for each in some:
        kept = await ask.means.store.story(each.story, sources=followed) if each.story else []
        stories.append((each.story or story_id(each.understood.article.id), kept or [each]))
    return await asyncio.to_thread(lambda: [Found.of(name, kept) for name, kept in stories])


def instant(ask: Ask, moment: datetime) -> str:
    """An instant as the asker reads it: ``13 Oct 08:00``."""
    return days.instant(moment, ask.today, ask.zone, weekday=False)


def window_of(ask: Ask, window: Window) -> Line:
    """Which time was read, and in whose zone."""
    end, zone = instant(ask, window.end), days.zone_abbreviation(window.end, ask.zone)
    return (
        say("window", start=instant(ask, window.start), end=end, zone=zone)
        if window.start
        else say("window_all", end=end, zone=zone)
    )


def outlet(kept: Kept) -> Line:
    """Who published an article, linked to it."""
    article = kept.understood.article
    return (Run(SafeText(article.outlet, 80) or SafeText("source"), SafeLink.of(article.url)),)
