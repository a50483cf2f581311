"""One story: its days, oldest first, and everyone who tells it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import islice
from typing import Final

from bot.commands.ask import Ask
from bot.commands.finding import Found, instant, meant, outlet
from bot.ports import Kept
from bot.talk import Buttons, Control, Listing, Part, Reply, Row, Text, control_id, reply
from bot.wording import name, say
from digests import copies
from digests.model import Basis, Before
from digests.render import days, layout
from digests.render.layout import Line, Run
from digests.render.links import SafeLink
from digests.render.safe import SafeText
from digests.timeline import Moment, timeline

A_PAGE: Final = 10
"""Rows of a list."""


async def story(ask: Ask) -> Reply:
    """The timeline of a story, each day with how it is known."""
    found = await meant(ask, "story")
    if isinstance(found, Reply):
        return found
    moments = await asyncio.to_thread(timeline, found.story)
    page, pages = paged(ask, len(moments))
    rows = tuple(_moment(ask, each) for each in islice(moments, (page - 1) * A_PAGE, page * A_PAGE))
    listing = Listing((found.linked,), rows, page, pages, *neighbours(page, pages, "timeline", found.under))
    counted = await asyncio.to_thread(_counted, found)
    buttons = Buttons(about(found, but="timeline"))
    return reply(listing, *beyond(ask, pages), counted, buttons, public=ask.typed.share)


async def sources(ask: Ask) -> Reply:
    """Every outlet that tells a story: when, from whom it has it, and whether its page was to be read."""
    found = await meant(ask, "sources")
    if isinstance(found, Reply):
        return found
    page, pages = paged(ask, len(found.kept))
    oldest_first = found.kept[::-1]
    originals = await asyncio.to_thread(copies.group, [each.understood.article.text for each in oldest_first])
    rows = [
        Row(layout.joined(_title(each), outlet(each)), (_told(ask, oldest_first, at, originals[at]),))
        for at, each in enumerate(oldest_first)
    ]
    shown = tuple(rows[(page - 1) * A_PAGE : page * A_PAGE])
    turns = neighbours(page, pages, "sources", found.under)
    listing = Listing(say("sources_of", story=found.linked), shown, page, pages, *turns)
    return reply(listing, *beyond(ask, pages), Buttons(about(found, but="sources")), public=ask.typed.share)


def about(found: Found, *, but: str = "") -> tuple[Control, ...]:
    """What can be asked or wished about a story; without the one that is just answered."""
    actions = ("timeline", "sources", "why", "follow", "mute", "wrong")
    of = {"follow": ("story", found.id), "mute": ("story", found.id)}
    return tuple(
        Control(control_id(action, *of.get(action, (found.under,))), name(f"button_{action}"))
        for action in actions
        if action != but
    )


def paged(ask: Ask, count: int) -> tuple[int, int]:
    """The page that is asked for, and how many there are; a page beyond the last is the last."""
    pages = max(1, -(-count // A_PAGE))
    asked = ask.arguments[1] if len(ask.arguments) > 1 and ask.arguments[1].isdecimal() else ask.typed.page
    return min(max(1, int(asked or 1)), pages), pages


def beyond(ask: Ask, pages: int) -> list[Part]:
    """That there is no such page, where a later one than the last was typed, which is then shown."""
    asked = ask.typed.page or 1
    return [Text(say("page_beyond", page=asked, pages=pages), small=True)] if asked > pages else []


def neighbours(
    page: int, pages: int, action: str, *arguments: str, behind: tuple[str, ...] = ()
) -> tuple[Control | None, Control | None]:
    """Controls that lead one page back and on; None at the ends, and where what they say is too long for one.

    Args:
        behind: arguments behind the number of the page.
    """
    try:
        back = Control(control_id(action, *arguments, str(page - 1), *behind), name("button_back")) if page > 1 else None
        on = Control(control_id(action, *arguments, str(page + 1), *behind), name("button_on")) if page < pages else None
    except ValueError:  # `page:2` leads on
        return None, None
    return back, on


def _moment(ask: Ask, moment: Moment) -> Row:
    """A moment, and in a small line how its day is known."""
    first = moment.citations[0].article.published_day
    if isinstance(moment, Before):
        how = "; ".join(dict.fromkeys(days.known(each, first, ask.today) for each in moment.dates))
        return Row(layout.phrase(moment, ask.today), (say("before_known", how=how),))
    told = layout.fact(moment, ask.today, by_day=True)
    if moment.date.basis is Basis.REPORT:  # the day stands behind the outlet, and no words of the text give another
        return Row(told)
    return Row(told, (say("day_known", how=days.known(moment.date, first, ask.today)),))


def _counted(found: Found) -> Line:
    """``5 outlets, 1 origin: The Wall Street Journal``."""
    outlets, origins = len(found.composed.outlets), found.composed.origins
    return say("outlets_origins", outlets=outlets, origins=layout.origins(outlets, origins))


def _title(kept: Kept) -> Line:
    """The headline of an article, linked; the first of its words where it has none."""
    article = kept.understood.article
    title = SafeText(article.title or article.text, 120) or SafeText(name("untitled"))
    return (Run(title, SafeLink.of(article.url)),)


def _told(ask: Ask, found: Sequence[Kept], at: int, original: int) -> Line:
    """When an article was published, whom it credits, whose text it copies, whether it is whole."""
    article, understood = found[at].understood.article, found[at].understood
    when = instant(ask, article.published_at) if article.published_at else ""
    when = when or (days.report(article.published_day, ask.today) if article.published_day else "")
    pieces = [say("published_at", when=when) if when else say("published_unknown")]
    origins = dict.fromkeys((*understood.origins, *article.origins))
    pieces += [say("credits", whom=", ".join(origins))] if origins else []
    pieces += [say("copy_of", whose=found[original].understood.article.outlet)] if original != at else []
    pieces += [say("paywall")] if article.stub else []
    pieces += [say("feed_only")] if not article.page_read and article.url else []
    return layout.joined(*pieces)
