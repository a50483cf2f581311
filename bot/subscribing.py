"""Subscriptions as people put them: what is asked for of one, read and checked, and how one is told.

The command line and the chat say the same by it.  Pure; the clock is an argument.  ``verbs`` is always what is typed before a
verb of subscriptions in that place: ``dateline subscriptions``, ``/digest schedule``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from typing import Final, TypeVar

from bot.instants import told_with_weekday
from bot.model import Channel, Delivery, DeliveryState, IfNothing, Run, RunState, Schedule, Slot, Subscription
from bot.ports import Subscribed
from bot.ports.topics import folded, words_of
from bot.schedule import in_words, latest_due, next_runs, parse, rescheduled, zone_named
from bot.wording import Value, WordedError, line_of, query_error, say
from digests import query
from digests.errors import QueryError
from digests.model import Digest, Length
from digests.render.layout import Line
from digests.slips import near, shown

T = TypeVar("T")

TITLE: Final = "News"
MOST_TITLE: Final = 80
"""Characters; what is longer is cut."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for of a subscription, as it was typed; None for what was not said."""

    at: str | None = None
    zone: str | None = None
    topic: str | None = None
    length: str | None = None
    title: str | None = None
    if_nothing: str | None = None

    @property
    def nothing(self) -> bool:
        return all(each is None for each in astuple(self))


class RefusedError(WordedError):
    """Some of what was asked for cannot be.  ``reasons`` says why, by the name of the option; the text has them all."""

    def __init__(self, reasons: Mapping[str, Line]) -> None:
        first, *others = reasons.values()
        super().__init__(tuple(run for line in (first, *(say("and_then", what=each) for each in others)) for run in line))
        self.reasons = dict(reasons)


def begun(
    asked: Asked,
    channel: Channel,
    now: datetime,
    *,
    zone: str,
    topics: Collection[str],
    length: Length = Length.NORMAL,
    if_nothing: IfNothing = IfNothing.POST,
) -> Subscription:
    """A new subscription of a channel.

    Args:
        zone, length, if_nothing: where nothing else is asked for.
        topics: names of the topics of its space; anything else is words.

    Raises:
        RefusedError: something of it cannot be.
    """
    read = _Reading(asked, topics)
    schedule = read.schedule("", zone)
    about = read.topic("")
    size, silence = read.length(length), read.if_nothing(if_nothing)
    read.done()
    assert schedule is not None
    return Subscription(
        id=new_id(asked.title or about or TITLE, now),
        channel=channel,
        title=titled(asked.title or "", about),
        schedule=schedule,
        created_at=now,
        counts_from=now,
        topic=about,
        length=size,
        if_nothing=silence,
    )


def changed(found: Subscribed, asked: Asked, now: datetime, *, topics: Collection[str]) -> Subscription:
    """A subscription with what is asked for in the place of what it had; what is not said stays.

    A title that was made of the topic goes with it.

    Args:
        topics: as for :func:`begun`.

    Raises:
        RefusedError: something of it cannot be.
    """
    old, read = found.subscription, _Reading(asked, topics)
    same_times = asked.at is None and asked.zone is None
    schedule = old.schedule if same_times else read.schedule(in_words(old.schedule), old.schedule.zone)
    about = read.topic(old.topic)
    size, silence = read.length(old.length), read.if_nothing(old.if_nothing)
    read.done()
    assert schedule is not None
    named = ("" if old.title == titled("", old.topic) else old.title) if asked.title is None else asked.title
    return replace(
        rescheduled(old, schedule, now, last=found.last),
        topic=about,
        title=titled(named, about),
        length=size,
        if_nothing=silence,
    )


def titled(title: str, topic: str) -> str:
    """What the digests of a subscription are called: as it was typed, else by the topic."""
    return " ".join((title or topic).split())[:MOST_TITLE] or TITLE


def new_id(title: str, now: datetime) -> str:
    """A short name for a new subscription: a word of its title, and four characters that make it one."""
    word = next(iter(re.findall(r"[a-z0-9]+", title.lower())), "digest")[:20]
    return f"{word}-{blake2b(f'{title}{now.isoformat()}'.encode(), digest_size=2).hexdigest()}"


def id_taken(wanted: Subscription) -> QueryError:
    return query_error("schedule_id_taken", id=wanted.id)


def unknown(subscription_id: str, known: Collection[str], verbs: str) -> QueryError:
    """That there is no such subscription, with the one that was most likely meant."""
    guess = near(subscription_id, known)
    meant = say("did_you_mean", guess=guess) if guess else ()
    return query_error("no_schedule_called", id=shown(subscription_id), meant=meant, verbs=verbs)


def called(wanted: Subscription, place: str) -> Line:
    """A subscription in a phrase: its title, place, times, and what is special about it."""
    return say("schedule_called", title=wanted.title, place=place, what=what(wanted))


def what(wanted: Subscription) -> Line:
    """When a subscription comes, and what is special about it."""
    pieces = [when(wanted)]
    pieces += [say("schedule_about", topic=wanted.topic)] if wanted.topic else []
    pieces += [say("schedule_length", length=str(wanted.length))] if wanted.length is not Length.NORMAL else []
    pieces += [say("schedule_silent")] if wanted.if_nothing is IfNothing.SILENT else []
    return _listed(pieces)


def when(wanted: Subscription) -> Line:
    """When a subscription comes: ``weekdays 08:00 Europe/Berlin``."""
    return say("schedule_times", at=in_words(wanted.schedule), zone=wanted.schedule.zone)


def how(each: Subscribed) -> Line:
    """How a subscription is doing: stopped or paused and why, else how its last run went."""
    if each.stopped or each.subscription.paused:
        state = say("schedule_is_stopped" if each.stopped else "is_paused")
        return say("with_reason", what=state, why=each.reason) if each.reason else state
    if (last := each.last_run) is None:
        return say("not_run_yet")
    return say("last_run", slot=slot_of(last, each.subscription.schedule.zone), came_to=came_to(last))


def came_to(run: Run) -> Line:
    """What became of a run: ``No. 128, late, for 3 runs``."""
    pieces = [say(f"run_{run.state}", number=str(run.number))]
    pieces += [say("run_late_for", runs=run.missed + 1)] if run.missed else [say("run_late")] if run.late else []
    pieces += [say("literally", text=run.error)] if run.error else []
    return _listed(pieces)


def slot_of(run: Run, zone: str) -> Line:
    """When a run was due, on the clocks of a zone: ``Sun 29 Mar 03:00 CEST``, or ``extra of Sun 22 Nov 13:09 UTC``."""
    when = told_with_weekday(run.due, zone)
    return say("extra_run", when=when) if run.key.startswith("now-") else say("literally", text=when)


def coming(each: Subscribed, now: datetime) -> list[Line]:
    """The next three runs of an active subscription, and before them one that is due already; none of one that is not."""
    if not each.active:
        return []
    late = overdue(each, now)
    zone = each.subscription.schedule.zone
    lines = [say("run_overdue", slot=told_with_weekday(late.due, zone))] if late else []
    return [*lines, *(say("literally", text=run) for run in next_runs(each.subscription.schedule, now, last=each.last))]


def overdue(each: Subscribed, now: datetime) -> Slot | None:
    """The slot of an active subscription that is due and not made yet."""
    wanted = each.subscription
    due = latest_due(wanted.schedule, now, since=wanted.counts_from, last=each.last) if each.active else None
    return due.slot if due else None


def previewed(wanted: Subscription, digest: Digest, place: str) -> Line:
    """What stands above a digest that only shows what would be posted."""
    empty = not (digest.stories or digest.also or digest.corrections)
    silent = empty and wanted.if_nothing is IfNothing.SILENT
    return say("preview_of_silent" if silent else "preview_of", title=wanted.title, place=place)


def outcome(
    found: Subscribed,
    made: Run | None,
    messages: Sequence[Delivery],
    *,
    place: str,
    verbs: str,
    prefix: str,
    chat: bool = False,
) -> tuple[bool, Line]:
    """What became of an extra run that was delivered as far as it could be: whether all is as it was wanted, and a sentence.

    Args:
        prefix: what is typed before ``status``.
        chat: it is told to one who has no command line.
    """
    wanted = found.subscription
    if made is None:
        return False, say("run_lost", prefix=prefix)
    if made.state is RunState.FAILED:
        return False, say("run_not_made", why=made.error)
    if not messages:
        return True, say("run_silent")
    open_ = [each for each in messages if each.state not in (DeliveryState.SENT, DeliveryState.REPLACED)]
    if not open_:
        return True, say("run_posted", place=place)
    first = min(open_, key=lambda each: (each.part, each.piece))
    values: dict[str, Value] = {
        "some": say("only_a_part" if len(open_) < len(messages) else "not_posted", place=place),
        "why": say("because", why=first.error.rstrip(".")) if first.error else say("full_stop"),
        "again": f"{verbs} resume {wanted.id}",
        "delivery": first.id,
        "place": place,
        "prefix": prefix,
    }
    where = "in_chat" if chat else "in_terminal"
    if first.state is DeliveryState.FAILED:
        return False, say(f"run_refused_{where}", **values)
    if first.state in (DeliveryState.SENDING, DeliveryState.UNCONFIRMED):
        return False, say(f"run_in_doubt_{where}", **values)
    if not found.active:
        return False, say("run_waits_paused", **values)
    if not first.error:
        values["why"] = say("because_another")
    return False, say(f"run_waits_{where}", **values)


@dataclass(slots=True)
class Reading:
    """Several values while they are read: why one cannot be is kept by its name, so that all of it is told at once."""

    reasons: dict[str, Line] = field(default_factory=dict)

    def read(self, name: str, reader: Callable[[], T]) -> T | None:
        """What the reader gives; None where it raises QueryError."""
        try:
            return reader()
        except QueryError as error:
            self.reasons[name] = line_of(error)
            return None

    def done(self) -> None:
        """Raises RefusedError where something could not be read."""
        if self.reasons:
            raise RefusedError(self.reasons)


class _Reading(Reading):
    """What was asked for of a subscription, while it is read."""

    def __init__(self, asked: Asked, topics: Collection[str]) -> None:
        super().__init__()
        self.asked, self.topics = asked, topics

    def schedule(self, at: str, zone: str) -> Schedule | None:
        """The schedule, with these times and this zone where none were said; None where they cannot be."""
        named = self.read("zone", lambda: zone_named(self.asked.zone or zone))
        return self.read("at", lambda: parse(at if self.asked.at is None else self.asked.at, named or "UTC"))

    def topic(self, instead: str) -> str:
        if self.asked.topic is None:
            return instead
        about = " ".join(self.asked.topic.split())
        if folded(about) not in map(folded, self.topics):
            self.read("topic", lambda: words_of(about))
        return about

    def length(self, instead: Length) -> Length:
        return (self.read("length", lambda: query.length(self.asked.length)) if self.asked.length else None) or instead

    def if_nothing(self, instead: IfNothing) -> IfNothing:
        asked = self.asked.if_nothing
        return (self.read("if-nothing", lambda: rule(asked)) if asked else None) or instead


def rule(word: str) -> IfNothing:
    """What a word says is to be done when there is nothing new.  Raises QueryError when it says neither."""
    try:
        return IfNothing(word.strip().lower())
    except ValueError:
        raise query_error("unknown_rule", word=shown(word), accepted=", ".join(IfNothing)) from None


def _listed(pieces: Sequence[Line]) -> Line:
    """The pieces with commas between them."""
    first, *others = pieces
    return tuple(run for piece in (first, *(say("and_so", what=each) for each in others)) for run in piece)
