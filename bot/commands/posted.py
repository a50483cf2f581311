"""What stands under a posted digest: what was missed, what was left out, more on a story, something is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from bot import log
from bot.commands import reading
from bot.commands.ask import Ask
from bot.commands.finding import Found, instant, story_of, window_of
from bot.commands.reading import topic_named
from bot.commands.story import A_PAGE, about, beyond, neighbours, paged
from bot.commands.wishing import theme_of, wishes_of
from bot.errors import DeliveryError
from bot.model import DeliveryKind
from bot.talk import Buttons, Control, Field, Form, Listing, Reply, Row, Text, control_id, read_stamp, reply, stamp, story_under
from bot.wording import name, query_error, say
from digests.catchup import CaughtUp, catch_up
from digests.model import Citation, Digest, LeftOut
from digests.render import layout
from digests.render.links import SafeLink
from digests.render.safe import SafeText
from digests.timeline import Moment, timeline

FIRST_VISIT: Final = timedelta(days=7)
"""So far back goes the catch-up of somebody who never asked for one."""
_MOST_DIGESTS = 400
_MISSED_BY_NOBODY = ("caption", "furniture")
_MOST_STORIES = 20  # named of one kind
_MOST_CLAIMS = 25  # a menu of Discord has no more
_MOST_NOTE = 500  # characters of what a reader adds, in the log
_WRONG = ("fact", "date", "story", "link", "old")  # what may be wrong, each with a label of its own


async def catchup(ask: Ask) -> Reply:
    """All stories posted in this channel since the person last asked, or those of a topic; one line each, updates folded."""
    means = ask.means
    wanted = ask.typed.topic or (ask.arguments[2] if len(ask.arguments) > 2 else "")
    topic = await topic_named(ask, wanted) if wanted else None
    theme = theme_of(topic) if topic else None
    turned = ask.typed.page is not None and topic is None  # asking for the first page was a visit
    visited = None if turned else await means.people.visited(ask.person.id, ask.channel)
    since = ask.typed.since or _since(ask) or visited or ask.now - FIRST_VISIT
    posted = await means.ledger.posted(ask.channel, since, limit=_MOST_DIGESTS)
    digests = [each.digest for each in posted]
    if topic and theme is None:  # nothing belongs to it now
        digests = []
    shown = {each.id for digest in digests for each in digest.stories} | {each.id for digest in digests for each in digest.also}
    names, wishes = await means.store.stories_now(shown), await wishes_of(ask)
    told = await asyncio.to_thread(catch_up, digests, now=names, wishes=wishes, about=theme)
    page, pages = paged(ask, len(told.stories))
    if (
        not ask.arguments[1:] and ask.typed.since is None and not turned and topic is None
    ):  # its further pages carry since when they go back, and what comes between two of them is not lost
        await means.people.visit(ask.person.id, ask.channel, ask.now)
    corrected = [Text((layout.Run(layout.correction_line(each, ask.today)),)) for each in told.corrections]
    on = say("on_topic", topic=topic.name) if topic else ()
    hidden = [Text(say("missed_muted", stories=len(told.muted)), small=True)] if told.muted else []
    if not told.stories:
        return reply(say("nothing_missed", on=on, since=instant(ask, since), prefix=means.prefix), *corrected, *hidden)
    rows = tuple(_missed(ask, each) for each in told.stories[(page - 1) * A_PAGE : page * A_PAGE])
    title = say("missed", stories=len(told.stories), on=on, digests=len(posted), since=instant(ask, since))
    turns = neighbours(page, pages, "missed", stamp(since), behind=(topic.name,) if topic else ())
    return reply(*corrected, Listing(title, rows, page, pages, *turns), *beyond(ask, pages), *hidden)


def _missed(ask: Ask, story: CaughtUp) -> Row:
    """A story in a line; where it was told more than once, the newest fact under it that the line does not say."""
    fact = story.fact if story.update or len(story.numbers) > 1 else None
    small = (layout.fact(fact, ask.today),) if fact else ()
    open_ = Control(control_id("timeline", story_under(story.line.id, story.line.title)), name("button_open"))
    return Row(layout.one_line(story.line, ask.today), small, (open_,))


def _since(ask: Ask) -> datetime | None:
    """Since when the page that is asked for goes back; None where it is the first."""
    try:
        return read_stamp(ask.arguments[0]) if len(ask.arguments) > 1 else None
    except ValueError:
        return None


async def left_out(ask: Ask) -> Reply:
    """What a digest does not show, by kind: whole stories by their lines, the rest by examples.

    One that was posted is known by its number; one that was asked for is made again, for the one who asks now.
    """
    number, *again = ask.arguments or ("",)
    digest = await reading.again(ask, *again) if number == "-" and len(again) == 3 else await _posted(ask, number)
    if digest is None:
        return reply(say("digest_forgotten", number=number or "-", prefix=ask.means.prefix))
    called = (
        say("of_window", title=digest.title, window=window_of(ask, digest.window))
        if digest.number is None
        else say("of_number", number=str(digest.number))
    )
    rows = [row for each in digest.left_out for row in _kind(ask, each)]
    if not rows:
        return reply(say("nothing_left_out", digest=called))
    how = Text(say("left_out_how", prefix=ask.means.prefix), small=True)
    return reply(Listing(say("left_out_of", digest=called), tuple(rows)), how)


async def _posted(ask: Ask, number: str) -> Digest | None:
    """The digest of a number that was posted in this channel; None when it is not known any more."""
    known = number.isdecimal() and len(number) < 10
    posted = await ask.means.ledger.posted_digest(ask.channel, int(number)) if known else None
    return posted.digest if posted else None


def _kind(ask: Ask, left: LeftOut) -> Iterator[Row]:
    """What was left out for one reason; captions and the furniture of pages nobody misses."""
    if left.kind in _MISSED_BY_NOBODY:
        return
    reason = say("left_out_kind", kind=name(f"kind_{left.kind}"), count=left.count)
    yield Row(reason, () if left.stories else tuple(say("literally", text=text) for text in left.examples))
    for each in left.stories[:_MOST_STORIES]:
        line = (layout.Run(SafeText(each.title, 300), SafeLink.of(each.url)),)
        yield Row(line, controls=(Control(control_id("why", story_under(each.id, each.title)), name("button_why")),))


async def more(ask: Ask) -> Reply:
    """What can be asked about the story that was picked."""
    found = await story_of(ask, ask.values[0]) if ask.values else None
    if found is None:
        return reply(say("story_pruned"))
    line = found.pressed or found.line
    told = layout.one_line(line, ask.today) if line else (found.linked,)
    return reply(told, Buttons(about(found)))


async def wrong(ask: Ask) -> Reply:
    """Ask what is wrong with a story; of a filled form tell it to those who administer the place."""
    found = await story_of(ask, ask.arguments[0]) if ask.arguments else None
    if found is None:
        return reply(say("story_pruned"))
    if not ask.fields:
        return reply(_wrong_form(ask, found, await asyncio.to_thread(timeline, found.story)))
    named = await _tell_admins(ask, found)
    if not ask.settings.notices:
        return reply(say("report_logged"))
    return reply(say("report_told" if named else "report_told_of_story"))


def _wrong_form(ask: Ask, found: Found, moments: Sequence[Moment]) -> Form:
    admins = ask.settings.notices is not None  # who hear it; the operator, in the log, where no channel is named for them
    told = {_named(each.citations[0], each.text): layout.shortened(each.text, 75) for each in moments[:_MOST_CLAIMS]}
    options = tuple(told.items())
    return Form(
        control_id("wrong", found.under),
        name("button_wrong"),
        (
            Field("what", name("report_what"), options=tuple((each, name(f"wrong_{each}")) for each in _WRONG)),
            Field("which", name("report_which"), options=options, optional=True),
            Field("note", name("report_note"), long=True, optional=True),
        ),
        name("report_send") if admins else name("report_send_logged"),
        say("report_intro" if admins else "report_intro_logged", story=found.linked),
    )


def _named(citation: Citation, words: str) -> str:
    """What the form calls a claim: by its article and its words, for its place is another when the story has grown."""
    return blake2b(f"{citation.article.id}\0{words}".encode(), digest_size=12).hexdigest()


def _picked(found: Found, which: str) -> tuple[str, str] | None:
    """A claim that was picked in the form, and its sentence; None where none was, or no article says so any more."""
    claims = [claim for each in found.story.articles for claim in each.claims] if which else []
    told = ((each.citation, each.text) for each in claims)
    before = ((phrase.citations[0], phrase.text) for each in claims for phrase in each.background)
    return next(((words, citation.quote) for citation, words in (*told, *before) if _named(citation, words) == which), None)


async def _tell_admins(ask: Ask, found: Found) -> bool:
    """Put a notice with the claim and its source sentence into the outbox of the admins' channel; the log has it always.

    Returns whether a claim was named.
    """
    what, which, note = (ask.fields.get(each, "") for each in ("what", "which", "note"))
    if what not in _WRONG:
        raise query_error("report_unsaid", kinds=", ".join(name(f"wrong_{each}") for each in _WRONG))
    picked = await asyncio.to_thread(_picked, found, which)
    claim, quote = picked or ("", "")
    said = {"story": found.id, "what": what, "claim": claim, "source": quote, "channel": str(ask.channel)}
    if ask.settings.notices is None:
        said["note"] = note[:_MOST_NOTE]  # nowhere else is it heard
    log.warning("reader_said_wrong", **said)
    if ask.settings.notices is None:
        return bool(claim)
    line = layout.words(
        say(
            "report_notice",
            what=name(f"wrong_{what}"),
            story=found.title,
            claim=claim or name("report_no_claim"),
            source=" ".join(quote.split()),
            url=found.composed.url or "",
            note=note or name("none_set"),
        )
    )
    try:
        payload = ask.means.adapters.of(ask.settings.notices).render_line(line)
    except DeliveryError as error:
        log.warning("notice_not_sent", channel=str(ask.settings.notices), reason=str(error))
        return bool(claim)
    key = f"wrong {ask.space} {ask.request.id}"
    await ask.means.ledger.enqueue(ask.settings.notices, DeliveryKind.POST, payload, key, ask.now)
    return bool(claim)
