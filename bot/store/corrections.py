"""Queries on corrections: what changed of what was told, and what is still to be said of it.  Each takes a connection in a
transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, insert, or_, select, update

from bot.model import Channel, DeliveryKind, DeliveryState, Space
from bot.ports import Correcting, Outdated, Revised, Standing
from bot.store import articles, digest_codec, memory, outbox
from bot.store.codec import write_date
from bot.store.tables import article, article_revision, correction, delivery, digest, fact, run, subscription
from digests.model import Article, Citation, Correction

_WAITING = correction.c.carried_by.is_(None)
_MESSAGE = exists().where(delivery.c.run_id == correction.c.run_id, delivery.c.kind == DeliveryKind.POST)
_ARRIVED = or_(~_MESSAGE, _MESSAGE.where(delivery.c.state.in_((DeliveryState.SENT, DeliveryState.UNCONFIRMED))))
_TO_SAY = select(correction).where(correction.c.channel == bindparam("of"), _WAITING, _ARRIVED).order_by(correction.c.number)


def outdated(connection: Connection) -> list[Outdated]:
    wanted = (
        select(fact.c.channel, fact.c.run_id, fact.c.article)
        .where(fact.c.outdated)
        .group_by(fact.c.channel, fact.c.run_id, fact.c.article)
        .order_by(func.min(fact.c.number))
    )
    rows = connection.execute(wanted)
    return [Outdated(Channel.parse(row.channel), row.run_id, row.article) for row in rows]


def revised(connection: Connection, about: Outdated) -> Revised | None:
    held = connection.execute(select(article).where(article.c.id == about.article)).first()
    if held is None:
        return None
    mine = select(fact).where(fact.c.outdated, *_of(about)).order_by(fact.c.number)
    rows = connection.execute(mine).all()
    if not rows:
        return None
    now = articles.decoded(held)
    before = _before(connection, held)
    waiting = _waiting(connection, [row.number for row in rows])
    kept = connection.execute(select(digest).where(digest.c.run_id == about.run)).first()
    shown = digest_codec.legible(kept.line, about.run) if kept else None
    messages = outbox.newest(connection, (), about.run, outbox.MOST_PARTS)
    return Revised(
        about,
        now,
        held.revision,
        tuple(_standing(row, now.article, held.revision, before, waiting) for row in rows),
        shown,
        kept.edition if kept else 0,
        tuple(each for each in messages if each.kind is DeliveryKind.POST and each.state is not DeliveryState.REPLACED),
        shown.zone if shown else _zone(connection, about.channel),
    )


def correct(connection: Connection, of: Revised, made: Correcting, now: datetime) -> bool:
    numbers = [each.number for each in of.facts]
    newest = select(article.c.revision).where(article.c.id == of.about.article)
    untouched = select(func.count()).where(fact.c.number.in_(numbers), fact.c.outdated)
    refused = select(delivery.c.id).where(
        delivery.c.id.in_([each.concerns for each in made.about]), delivery.c.state == DeliveryState.REPLACED
    )
    if connection.execute(newest).scalar() != of.revision:
        return False
    if connection.execute(untouched).scalar_one() != len(numbers):
        return False
    uncarried = _waiting(connection, numbers)
    if any(len(each.waiting) != len(uncarried.get(each.number, ())) for each in of.facts):
        return False  # a digest took one of them meanwhile, and this would tell it once more
    if connection.execute(refused).first():
        return False  # the message goes out in its plain form, and what concerns this one would wait for ever
    if made.digest is not None:
        mine = update(digest).where(digest.c.run_id == of.about.run, digest.c.edition == of.edition)
        line = digest_codec.encode(made.digest)
        if connection.execute(mine.values(line=line, edition=of.edition + 1)).rowcount == 0:
            return False
    connection.execute(update(fact).where(fact.c.number.in_(numbers)).values(outdated=False))
    for number, known, waiting in made.facts:
        values = {"text": known.text, "date": write_date(known.date), "start": known.start, "end": known.end}
        values |= {"revision": known.revision, "withdrawn": known.withdrawn}
        connection.execute(update(fact).where(fact.c.number == number).values(**values))
        connection.execute(delete(correction).where(correction.c.fact == number, _WAITING))
        rows = [
            {
                "channel": str(of.about.channel),
                "run_id": of.about.run,
                "fact": number,
                "line": digest_codec.encode_correction(each),
                "made_at": now,
                "carried_by": None,
            }
            for each in waiting
        ]
        if rows:
            connection.execute(insert(correction), rows)
    if connection.execute(select(run.c.id).where(run.c.id == of.about.run)).first():
        key = f"{of.about.article}\0{of.revision}"
        outbox.enqueue_about(connection, of.about.run, of.about.channel, made.about, key, now)
    return True


def waiting(connection: Connection, channel: Channel) -> list[tuple[int, Correction]]:
    rows = connection.execute(_TO_SAY, {"of": str(channel)})
    return [(row.number, each) for row in rows if (each := digest_codec.legible_correction(row.line, row.number))]


def waits(connection: Connection, numbers: Collection[int]) -> bool:
    """Whether no digest carries any of these corrections, and none was made anew."""
    if not numbers:
        return True
    left = select(func.count()).where(correction.c.number.in_(numbers), _WAITING)
    return connection.execute(left).scalar_one() == len(numbers)


def counts(connection: Connection, space: Space | None) -> tuple[int, int]:
    made_and_waiting = select(func.count(), func.count().filter(_WAITING & _ARRIVED)).select_from(correction)
    row = connection.execute(made_and_waiting.where(*outbox.in_space(correction.c.channel, space))).one()
    return int(row[0]), int(row[1])


def _zone(connection: Connection, channel: Channel) -> str:
    """In which the channel reads days: that of its first subscription."""
    zones = select(subscription.c.zone).where(subscription.c.channel == str(channel)).order_by(subscription.c.number).limit(1)
    return connection.execute(zones).scalar() or "UTC"


def _of(about: Outdated) -> tuple[Any, ...]:
    return fact.c.channel == str(about.channel), fact.c.run_id == about.run, fact.c.article == about.article


def _before(connection: Connection, held: Row[Any]) -> dict[int, tuple[str, str]]:
    """Title and text of an article in its earlier revisions."""
    mine = select(article_revision).where(article_revision.c.article_number == held.number)
    return {row.revision: (row.title, row.text) for row in connection.execute(mine)}


def _waiting(connection: Connection, facts: Sequence[int]) -> dict[int, tuple[Correction, ...]]:
    found: dict[int, tuple[Correction, ...]] = {}
    mine = select(correction).where(correction.c.fact.in_(facts), _WAITING).order_by(correction.c.number)
    for row in connection.execute(mine):
        if each := digest_codec.legible_correction(row.line, row.number):
            found[row.fact] = (*found.get(row.fact, ()), each)
    return found


def _standing(
    row: Row[Any],
    now: Article,
    revision: int,
    before: Mapping[int, tuple[str, str]],
    waiting: Mapping[int, tuple[Correction, ...]],
) -> Standing:
    title, text = (now.title, now.text) if row.revision == revision else before.get(row.revision, ("", ""))
    fits = 0 <= row.start < row.end <= len(text)
    citation = Citation(replace(now, title=title, text=text), row.start, row.end) if fits else None
    return Standing(row.number, memory.read_fact(row), citation, waiting.get(row.number, ()))
