"""What is posted in a channel and when, kept by who administers it: the verbs of ``dateline subscriptions``, in chat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from bot import publish, subscribing
from bot.commands.ask import Ask
from bot.commands.story import A_PAGE, beyond, neighbours, paged
from bot.errors import AuthDead, DeliveryError, NotAllowed, TargetGone
from bot.model import Channel, Delivery, DeliveryState, IfNothing, Space, Subscription
from bot.ports import Subscribed
from bot.schedule import in_words, is_begun, parse
from bot.subscribing import Asked, RefusedError
from bot.talk import PICK, Buttons, Choices, Confirm, Control, Field, Form, Listing, Part, Reply, Row, Text, control_id, reply
from bot.wording import WordedError, marked, name, query_error, say
from digests.errors import QueryError
from digests.model import Length
from digests.query import MOST_CHARACTERS
from digests.render.layout import Line, words
from digests.render.safe import SafeText
from digests.slips import near, shown

OPTIONS: Final = frozenset({"at", "zone", "topic", "length", "title", "if-nothing"})
VERBS: Final = ("list", "add", "edit", "pause", "resume", "remove", "run")

Menu = tuple[tuple[str, str], ...]
"""(value, label) pairs."""

_NONE: Final = "-"
"""No topic, or no words, where a field cannot be left empty; neither can be called so."""
_UNDER_WAY: Final = frozenset({DeliveryState.PENDING, DeliveryState.SENDING})
_ARRIVED: Final = frozenset({DeliveryState.SENT, DeliveryState.REPLACED})


async def list_(ask: Ask) -> Reply:
    """The subscriptions of this channel: when each comes next, how it is doing, and what can be done with it."""
    if ask.typed.words or not _typed(ask).nothing:
        raise _no_verb(ask)
    there = await ask.means.ledger.subscriptions()
    mine = [each for each in there if each.subscription.channel == ask.channel]
    others = sum(Space.of(each.subscription.channel) == ask.space for each in there) - len(mine)
    elsewhere = [Text(say("schedules_elsewhere", count=others), small=True)] if others else []
    new = Buttons((Control(control_id("schedule-add"), name("button_schedule_add"), "" if mine else "primary"),))
    if not mine:
        return reply(say("no_schedules_here", add=f'{verbs(ask)} add at:"daily 08:00"'), *elsewhere, new)
    page, pages = paged(ask, len(mine))
    rows = tuple(_row(ask, each) for each in mine[(page - 1) * A_PAGE : page * A_PAGE])
    turns = neighbours(page, pages, "schedule", _NONE)
    return reply(
        Listing(say("schedules_here", count=len(mine)), rows, page, pages, *turns), *beyond(ask, pages), *elsewhere, new
    )


async def add(ask: Ask) -> Reply:
    """Have a digest posted in this channel on a schedule; without a time, a form asks for all of it."""
    asked = _typed(ask)
    if ask.typed.words:
        asked = replace(asked, at=_times(asked, ask.typed.words))
    if ask.fields:
        return await _added(ask, ask.fields)
    if asked.at is None:
        settings = ask.settings
        values = _values(asked) | {"at": "", "zone": asked.zone or settings.zone}
        usual = {"length": str(settings.length), "if-nothing": str(settings.if_nothing), "title": "", "topic": ""}
        return reply(await _form(ask, None, usual | values))
    return await _kept(ask, await _new(ask, asked))


async def edit(ask: Ask) -> Reply:
    """Change a subscription of this channel; where nothing is named, a form shows what it has."""
    found = await chosen(ask, "schedule-edit")
    if isinstance(found, Reply):
        return found
    asked = _typed(ask)
    if ask.fields:
        return await _edited(ask, found, ask.fields)
    if asked.nothing:
        return reply(await _form(ask, found.subscription.id, _values_of(found)))
    return await _changed(ask, subscribing.changed(found, asked, ask.now, topics=await _topics(ask)))


async def pause(ask: Ask) -> Reply:
    """Post nothing more of a subscription until it is resumed."""
    found = await chosen(ask, "schedule-pause", lambda each: each.active)
    if isinstance(found, Reply):
        return found
    wanted = found.subscription
    await ask.means.ledger.pause_subscription(wanted.id)
    return reply(say("schedule_paused", id=wanted.id, verbs=verbs(ask)), Buttons((_control("resume", wanted.id),)))


async def resume(ask: Ask) -> Reply:
    """Go on with a subscription that was paused."""
    found = await chosen(ask, "schedule-resume", lambda each: not each.active)
    if isinstance(found, Reply):
        return found
    resumed = await publish.resume(ask.means.ledger, found, ask.now)
    return _told(ask, say("schedule_resumed", id=resumed.subscription.id), resumed)


async def remove(ask: Ask) -> Reply:
    """Ask before a subscription and its runs are removed."""
    found = await chosen(ask, "schedule-remove")
    if isinstance(found, Reply):
        return found
    wanted = found.subscription
    if ask.arguments[1:] == ("yes",):
        await ask.means.ledger.remove_subscription(wanted.id)
        return reply(say("schedule_removed", id=wanted.id))
    yes = Control(control_id("schedule-remove", wanted.id, "yes"), name("button_schedule_remove_yes"), "danger")
    line = say("schedule_remove_asked", called=subscribing.called(wanted, name("this_channel")))
    return reply(Confirm(line, yes, Control(control_id("leave"), name("button_leave"))))


async def run(ask: Ask) -> Reply:
    """Post a digest of a subscription now: it goes to the outbox, and what it holds is not posted again."""
    found = await chosen(ask, "schedule-run")
    if isinstance(found, Reply):
        return found
    means, wanted = ask.means, found.subscription
    made = await publish.publish_now(means.ledger, means.store, means.adapters, wanted.id, ask.now, means.owner)
    messages = await means.ledger.deliveries(run=made.id) if made else []
    place = name("this_channel")
    if made and found.active and _is_under_way(messages):
        return reply(say("run_under_way", number=str(made.number), title=wanted.title, place=place))
    names = {"place": place, "verbs": verbs(ask), "prefix": means.admin_prefix}
    return reply(subscribing.outcome(found, made, messages, **names, chat=True)[1])


async def chosen(ask: Ask, action: str, suits: Callable[[Subscribed], bool] = lambda each: True) -> Subscribed | Reply:
    """The subscription of this channel that is meant: by its id or its title, or the only one that suits; else the reply that
    asks which.

    One of another channel is as unknown as one that there is not.

    Args:
        action: what the control of each does.
        suits: whether it makes sense for one that is not named; where it does for none, any may be meant.

    Raises:
        QueryError: none is called so, or there is none at all.
    """
    mine = await of_channel(ask)
    given = ask.arguments[:1] or ask.typed.words
    if given:
        known = {each.subscription.id: each for each in mine}
        found = known.get(given[0]) or known.get(given[0].lower())
        if found and len(given) > 1:
            raise _stray(given[1:])
        if found:
            return found
        likely = [] if ask.arguments else _titled(mine, " ".join(given))  # a button means the one it was made for
        if not likely:
            raise _uncalled(ask, " ".join(given), mine)
    elif not mine:
        raise query_error("no_schedules_here", add=f'{verbs(ask)} add at:"daily 08:00"')
    else:
        likely = [each for each in mine if suits(each)] or mine
    if len(likely) == 1:
        return likely[0]
    alike = Counter(map(_labelled, likely))
    options = tuple(
        Control(control_id(action, each.subscription.id), SafeText(_labelled(each, alike), 75) or name("untitled"))
        for each in likely
    )
    return reply(say("which_schedule", count=len(likely)), Choices(PICK, name("pick_a_schedule"), options))


def _titled(mine: Sequence[Subscribed], called: str) -> list[Subscribed]:
    """Those of that title; where none has it, those whose title holds the words, whole and side by side."""
    wanted, titles = _spaced(called), [(_spaced(each.subscription.title), each) for each in mine]
    return [each for title, each in titles if title == wanted] or [each for title, each in titles if wanted in title]


def _spaced(title: str) -> str:
    return f" {' '.join(title.split()).casefold()} "


def _uncalled(ask: Ask, called: str, mine: Sequence[Subscribed]) -> WordedError:
    """That no schedule of the channel has that id or title, with the one that was most likely meant."""
    guess = near(called, [each.subscription.id for each in mine]) or near(called, [each.subscription.title for each in mine])
    meant = say("did_you_mean", guess=guess) if guess else ()
    return query_error("no_schedule_titled", called=shown(called), meant=meant, verbs=verbs(ask))


async def of_channel(ask: Ask) -> list[Subscribed]:
    """The subscriptions of the channel in which it is asked."""
    return [each for each in await ask.means.ledger.subscriptions() if each.subscription.channel == ask.channel]


def verbs(ask: Ask) -> str:
    """What is typed before a verb of schedules."""
    return f"{ask.means.admin_prefix} schedule"


async def _added(ask: Ask, fields: Mapping[str, str]) -> Reply:
    """The subscription that a form describes; the form again where something of it cannot be."""
    asked, wrong = _filled(fields)
    try:
        wanted = await _new(ask, asked)
    except RefusedError as error:
        wrong |= error.reasons
    return reply(await _form(ask, None, fields, wrong)) if wrong or ask.begun else await _kept(ask, wanted)


async def _edited(ask: Ask, found: Subscribed, fields: Mapping[str, str]) -> Reply:
    """The subscription as a form has it; the form again where something of it cannot be."""
    asked, wrong = _filled(fields)
    try:
        wanted = subscribing.changed(found, asked, ask.now, topics=await _topics(ask))
    except RefusedError as error:
        wrong |= error.reasons
    if wrong or ask.begun:
        return reply(await _form(ask, found.subscription.id, fields, wrong))
    return await _changed(ask, wanted)


async def _new(ask: Ask, asked: Asked) -> Subscription:
    """A new subscription of this channel, as its space has them.  Raises RefusedError where something of it cannot be."""
    usual, topics = ask.settings, await _topics(ask)
    return subscribing.begun(
        asked, ask.channel, ask.now, zone=usual.zone, topics=topics, length=usual.length, if_nothing=usual.if_nothing
    )


async def _kept(ask: Ask, wanted: Subscription) -> Reply:
    """That a new subscription is kept, and what comes of it.  Raises QueryError when its id is taken."""
    if not await ask.means.ledger.add_subscription(wanted):
        raise subscribing.id_taken(wanted)
    line = say("schedule_added", title=wanted.title, place=name("this_channel"), id=wanted.id)
    told = _told(ask, line, Subscribed(wanted))
    see = say("schedule_see", preview=f"{ask.means.admin_prefix} preview {wanted.id}")
    return reply(*told.parts, Text(see, small=True), *await _refused(ask))


async def _changed(ask: Ask, wanted: Subscription) -> Reply:
    """That a subscription is kept as it is now, and what comes of it."""
    await ask.means.ledger.change_subscription(wanted)
    edited = await ask.means.ledger.subscription(wanted.id)
    if edited is None:  # somebody removed it at the same moment
        raise subscribing.unknown(wanted.id, (), verbs(ask))
    called = subscribing.called(edited.subscription, name("this_channel"))
    key = "schedule_changed" if edited.active else "schedule_changed_idle"
    return _told(ask, say(key, id=wanted.id, called=called, how=subscribing.how(edited)), edited)


def _told(ask: Ask, line: Line, each: Subscribed) -> Reply:
    """A line, the next runs of a subscription, and what can be done with it."""
    runs = tuple(Row(run) for run in subscribing.coming(each, ask.now))
    preview = Control(control_id("preview", each.subscription.id), name("button_preview"))
    return reply(Listing(line, runs) if runs else line, Buttons((preview, *_controls(each))))


def _row(ask: Ask, each: Subscribed) -> Row:
    wanted = each.subscription
    line = say("schedule_row", title=wanted.title, what=subscribing.what(wanted), id=wanted.id)
    return Row(line, (subscribing.how(each), *subscribing.coming(each, ask.now)), _controls(each))


def _controls(each: Subscribed) -> tuple[Control, ...]:
    other = "pause" if each.active else "resume"
    return tuple(_control(verb, each.subscription.id) for verb in ("edit", other, "run", "remove"))


def _control(verb: str, subscription_id: str) -> Control:
    return Control(control_id(f"schedule-{verb}", subscription_id), name(f"button_{verb}"))


def _labelled(each: Subscribed, alike: Mapping[str, int] = MappingProxyType({})) -> str:
    """A subscription in a menu: when it comes tells it from others of its title, its id from those that are ``alike``."""
    label = f"{each.subscription.title} · {words(subscribing.what(each.subscription))}"
    return f"{each.subscription.id} · {label}" if alike.get(label, 0) > 1 else label


def _is_under_way(messages: Sequence[Delivery]) -> bool:
    """Whether some of the messages still leave, and none of them met an obstacle."""
    states = {each.state for each in messages}
    return bool(states & _UNDER_WAY) and states <= _UNDER_WAY | _ARRIVED


async def allowed(ask: Ask) -> Reply:
    """Whether a digest can be posted here by now, after somebody was told that it cannot."""
    return reply(*(await _refused(ask) or [Text(say("schedule_allowed"))]))


async def _refused(ask: Ask) -> list[Part]:
    """That nothing can be posted here as things are, why, and a button to look again."""
    why = await unserved(ask, ask.channel)
    retry = Control(control_id("schedule-allowed"), name("button_retry"))
    return [Text(say("schedule_unserved", why=why)), Buttons((retry,))] if why else []


async def unserved(ask: Ask, channel: Channel) -> Line:
    """Why nothing can be posted to a channel as things are; nothing where it can, or where that cannot be told just now."""
    try:
        await ask.means.adapters.of(channel).check(channel)
    except (NotAllowed, TargetGone, AuthDead) as error:
        return marked(str(error))
    except DeliveryError:  # a platform that is down just now says nothing of its channels
        return ()
    return ()


def _typed(ask: Ask) -> Asked:
    """What was asked for in options."""
    typed = ask.typed
    return Asked(typed.at, typed.zone, typed.topic, typed.length, typed.title, typed.if_nothing)


def _times(asked: Asked, given: Sequence[str]) -> str:
    """Words that are times, or were to be, though no ``at:`` stands before them: ``schedule add weekdays 9:00``.

    Raises:
        WordedError: they are none, or the times are said already.
    """
    times = " ".join(given)
    if asked.at is None:
        with suppress(QueryError):
            parse(times, "UTC")  # the zone says nothing of whether they can be read
            return times
        if is_begun(times):  # what is wrong with them is said as in the form
            return times
    raise _stray(given)


def _filled(fields: Mapping[str, str]) -> tuple[Asked, dict[str, Line]]:
    """What was asked for in a form, and what of it cannot be: a topic and words together."""
    topic, about = (_cleared(fields.get(each, "")) for each in ("topic", "words"))
    asked = Asked(
        at=fields.get("at", ""),
        zone=fields.get("zone", ""),
        topic=topic or about,
        length=fields.get("length", ""),
        title=_cleared(fields.get("title", "")),
        if_nothing=fields.get("if-nothing", ""),
    )
    return asked, {"words": say("topic_or_words", none=_NONE)} if topic and about else {}


def _cleared(value: str) -> str:
    return "" if value.strip() == _NONE else value.strip()


def _values(asked: Asked) -> dict[str, str]:
    """What was said, by field."""
    said = {
        "at": asked.at,
        "zone": asked.zone,
        "topic": asked.topic,
        "length": asked.length,
        "title": asked.title,
        "if-nothing": asked.if_nothing,
    }
    return {key: str(value) for key, value in said.items() if value is not None}


def _values_of(found: Subscribed) -> dict[str, str]:
    """What a subscription has, by field."""
    wanted = found.subscription
    return {
        "at": in_words(wanted.schedule),
        "zone": wanted.schedule.zone,
        "topic": wanted.topic,
        "length": str(wanted.length),
        "title": "" if wanted.title == subscribing.titled("", wanted.topic) else wanted.title,
        "if-nothing": str(wanted.if_nothing),
    }


async def _form(
    ask: Ask, subscription_id: str | None, values: Mapping[str, str], reasons: Mapping[str, Line] | None = None
) -> Form:
    """The form of a subscription, with what stands in it, and with what is wrong with it.

    Args:
        values: by field; a ``topic`` that is none of the space's stands in the field for words.
        reasons: why a value was refused, by the option that it is of.
    """
    topics, wrong = await _topics(ask), dict(reasons or {})
    known = next((each for each in topics if each.casefold() == values.get("topic", "").casefold()), "")
    about = values.get("words", "") or ("" if known or values.get("topic") == _NONE else values.get("topic", ""))
    if "topic" in wrong:  # words that cannot be read: names of topics always can
        wrong["words"] = wrong.pop("topic")

    def a_field(
        of: str, value: str, *, options: tuple[tuple[str, str], ...] = (), hint: str = "", optional: bool = False
    ) -> Field:
        label = name(f"label_{of.replace('-', '_')}")
        return Field(of, label, value[:MOST_CHARACTERS], hint, options, optional=optional, error=wrong.get(of, ()))

    menu = ((_NONE, name("no_topic")), *((each, each) for each in topics))
    fields = (
        a_field("at", values.get("at", ""), hint=name("hint_at")),
        a_field("zone", values.get("zone", ""), hint=name("hint_zone")),
        *([a_field("topic", known or _NONE, options=menu)] if topics else []),
        a_field("words", about, hint=name("hint_words"), optional=True),
        a_field("length", values.get("length", ""), options=lengths()),
        a_field("title", values.get("title", ""), hint=name("hint_title"), optional=True),
        a_field("if-nothing", values.get("if-nothing", ""), options=rules()),
    )
    if subscription_id is None:
        return Form(control_id("schedule-add"), name("button_schedule_add"), fields, name("submit_schedule_add"))
    return Form(control_id("schedule-edit", subscription_id), name("form_schedule_edit"), fields, name("submit_save"))


def lengths() -> Menu:
    """The lengths, for a menu."""
    return tuple((str(each), name(f"length_{each}")) for each in Length)


def rules() -> Menu:
    """What can be done when nothing is new, for a menu."""
    return tuple((str(each), name(f"rule_{each}")) for each in IfNothing)


async def _topics(ask: Ask) -> list[str]:
    return [each.name for each in await ask.means.topics.topics(ask.space)]


def _no_verb(ask: Ask) -> WordedError:
    """That schedules have no such verb, with the one that was meant; or that there is none."""
    if not ask.typed.words:
        return query_error("schedule_do_what", verbs=verbs(ask))
    word = ask.typed.words[0]
    guess = near(word.lower(), VERBS)
    hint = say("schedule_verb_meant", verbs=verbs(ask), guess=guess) if guess else say("schedule_verbs")
    return query_error("schedule_no_verb", word=shown(word), hint=hint)


def _stray(more: Sequence[str]) -> WordedError:
    return query_error("schedule_stray", words=shown(" ".join(more)))
