"""Correct: what a source changed of what was posted is said, once: in the message, under it, and above the next digest.

Facts are held against each new revision of their article.  What came of it - the fact as it is known now, the digest as its
messages read now, edits and lines in the outbox, what the next digest has to say - is one transaction, and a fact is held
against a revision once, however many processes look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.errors import DeliveryError, StoreError
from bot.model import DeliveryKind, Fact
from bot.ports import About, Adapter, Adapters, Correcting, Ledger, Outdated, Revised, Standing
from bot.steps import Points, Steps, no_points
from digests import changes, corrections
from digests.corrections import Changed, Posted, Withdrawn
from digests.model import Correction, Digest
from digests.render.layout import correction_line


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of an article to a channel.

    Args:
        edits, lines: how many messages are edited for it, and how many lines go under them; where there are none, only the
            next digest tells it.
    """

    about: Outdated
    corrections: tuple[Correction, ...]
    edits: int
    lines: int


@dataclass(frozen=True, slots=True)
class Corrected:
    """What one round came to; ``bugs`` are faults of ours, each with what it was about, which is tried again."""

    said: tuple[Said, ...] = ()
    bugs: tuple[tuple[Outdated, Exception], ...] = field(default=(), repr=False)


async def correct_posted(ledger: Ledger, adapters: Adapters, now: datetime, *, points: Points = no_points) -> Corrected:
    """Hold what was posted against what its articles say now.  May be run again, and by several processes at once.

    A channel that this process does not serve is left to the one that does.

    Args:
        now: aware, in UTC.

    Raises:
        StoreError: the database cannot be used.
    """
    step = Steps(points)
    said: list[Said] = []
    bugs: list[tuple[Outdated, Exception]] = []
    for about in await step("outdated", ledger.outdated):
        try:
            adapter = adapters.of(about.channel)
        except DeliveryError:
            continue
        try:
            revised = await step("revised", ledger.revised, about)
            if revised is None:
                continue
            made, told = await step("hold", asyncio.to_thread, partial(held, revised, adapter, now))
            if await step("correct", ledger.correct, revised, made, now) and told:
                kinds = [each.kind for each in made.about]
                said.append(Said(about, told, kinds.count(DeliveryKind.EDIT), kinds.count(DeliveryKind.REPLY)))
        except StoreError:
            raise
        except Exception as error:  # one article stops no other
            bugs.append((about, error))
    return Corrected(tuple(said), tuple(bugs))


def held(revised: Revised, adapter: Adapter, now: datetime) -> tuple[Correcting, tuple[Correction, ...]]:
    """What comes of holding facts against a revision, and what is said of it.  Pure.

    What stands twice, in a story line and in a bullet, is said once.  Where a headline stands for a sentence, only what it says
    was posted.
    """
    before = digest = revised.digest
    facts: list[tuple[int, Fact, tuple[Correction, ...]]] = []
    told: dict[tuple[object, ...], Correction] = {}
    for standing in revised.facts:
        if standing.citation is None:
            continue
        posted = Posted(standing.fact.story, standing.fact.text, standing.citation, standing.fact.date)
        line = corrections.shown_line(before, posted) if before else posted.words
        found = corrections.compare(posted, revised.now, before.day if before else None)
        known, waiting = _known(standing.fact, found, revised), standing.waiting
        if found is None and line != posted.words:  # the sentence stands, and the headline above it may not
            posted = replace(posted, words=line)
            found = corrections.compare(posted, revised.now, before.day if before else None)
        if found is None:
            continue
        made = None
        if isinstance(found, Withdrawn) or line == posted.words or changes.says(line, found.change.gone):
            name = (posted.story, *_exchanged(found, standing))
            made = corrections.correction(replace(posted, words=line), found, *_of(before, standing, posted, revised.zone))
            if name not in told:
                told[name] = made
                waiting = corrections.chained(waiting, made)
        digest = corrections.amended(digest, posted, found, made) if digest else None
        facts.append((standing.number, known, waiting))
    said = tuple(told.values())
    about = (*_edits(revised, digest, adapter), *_lines(revised, said, adapter, now)) if said else ()
    return Correcting(tuple(facts), digest if facts else None, about), said


def _known(fact: Fact, found: Changed | Withdrawn | None, revised: Revised) -> Fact:
    """The fact as the channel knows it from now on.  A withdrawn one stays known: who repeats it tells nothing new."""
    if found is None:
        return fact
    if isinstance(found, Withdrawn):
        return replace(fact, withdrawn=True)
    claim = found.claim
    return replace(
        fact,
        text=found.words,
        date=claim.date if found.words == claim.text else fact.date,
        start=claim.citation.start,
        end=claim.citation.end,
        revision=revised.revision,
    )


def _exchanged(found: Changed | Withdrawn, standing: Standing) -> tuple[object, ...]:
    if isinstance(found, Withdrawn):
        return (standing.number,)
    return (found.change.gone, found.change.come)


def _of(digest: Digest | None, standing: Standing, posted: Posted, zone: str) -> tuple[str, date]:
    """The line of a story as it was posted, and the day of its digest, as its channel counts days."""
    told_on = standing.fact.told_at.astimezone(ZoneInfo(zone)).date()
    if digest is None:
        return posted.citation.article.title, told_on
    return corrections.title_of(digest, posted), digest.day or told_on


def _edits(revised: Revised, after: Digest | None, adapter: Adapter) -> list[About]:
    """Edits of the messages that read otherwise now.

    None where the digest would take more or fewer messages than were posted: what was shown in one would stand in another.
    """
    before, messages = revised.digest, revised.messages
    if before is None or after is None or not (adapter.abilities.edit and adapter.abilities.ids):
        return []
    old, new = adapter.render(before), adapter.render(after)
    if not len(old) == len(new) == len(messages) or any(each.part != at for at, each in enumerate(messages, 1)):
        return []
    edits = []
    for message, was, payload in zip(messages, old, new, strict=True):
        forms = adapter.plain(payload) if message.plain else [payload]
        if payload != was and len(forms) == 1:
            edits.append(About(DeliveryKind.EDIT, forms[0], message.id))
    return edits


def _lines(revised: Revised, said: Sequence[Correction], adapter: Adapter, now: datetime) -> tuple[About, ...]:
    """A line for each correction, under the first message of the digest: there its thread is."""
    if not (adapter.abilities.thread and adapter.abilities.ids and revised.messages):
        return ()
    today = now.astimezone(ZoneInfo(revised.zone)).date()
    texts = [str(correction_line(each, today)) for each in said]
    return tuple(About(DeliveryKind.REPLY, adapter.render_line(text), revised.messages[0].id) for text in texts)
