"""The feeds of a place: listed with their health, found, followed, paused, tried, and handed over as lists.

The sentences are those of ``dateline sources``, out of `bot.feed_words`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from bot import feed_words, lists
from bot.commands.ask import TERMINAL, Ask
from bot.commands.finding import nothing_followed
from bot.commands.story import A_PAGE, beyond, neighbours, paged
from bot.feeds import Discovery, discover
from bot.model import Channel, Fetched
from bot.opml import write_opml
from bot.ports import Followed
from bot.ports.topics import EVERYWHERE, Place, Unfollow
from bot.talk import PICK, Buttons, Choices, Confirm, Control, File, Listing, Part, Reply, Row, Text, control_id, fitting, reply
from bot.wording import WordedError, marked, name, query_error, say
from digests import query
from digests.render import layout
from digests.render.layout import Run
from digests.render.links import SafeLink
from digests.render.safe import SafeText
from digests.slips import near, shown

VERBS: Final = ("list", "add", "remove", "pause", "resume", "test", "import", "export")

_OPML = "text/x-opml"
_OPTIONS = ("topic", "channel")


def place_of(ask: Ask) -> Place:
    """Where what is added here is followed: in the channel that is named, else in this space.

    Who sits at the terminal is the operator, who gives to every space.
    """
    if channel := _channel(ask):
        return Place.of(channel)
    return EVERYWHERE if ask.space == TERMINAL else Place(ask.space)


def _channel(ask: Ask) -> Channel | None:
    """The channel that is named; of a control it stands behind the feed and what is done."""
    written = ask.typed.channel or "".join(ask.arguments[2:3])
    return ask.channel_named(written) if written else None


def _there(ask: Ask) -> Ask:
    """The same asked in the channel that is named."""
    channel = _channel(ask)
    return replace(ask, request=replace(ask.request, channel=channel)) if channel else ask


async def list_(ask: Ask) -> Reply:
    """Every source of this place with its health in words, ten on a page, those that fail first.

    Raises:
        QueryError: words stand behind it, so that something else was to be done.
    """
    if ask.typed.words:
        raise _no_verb(ask)
    followed = await sources_here(ask)
    if not followed:
        return nothing_followed(ask)
    carried, alone, places = await _topics(ask), await _here_only(ask), await _places(ask)
    failing = [each for each in followed if feed_words.state(each) in (feed_words.State.FAILING, feed_words.State.STOPPED)]
    ordered = [*failing, *(each for each in followed if each not in failing)]
    page, pages = paged(ask, len(ordered))
    rows = tuple(
        _row(ask, each, carried, places.get(each.source.id, ()), here_only=each.source.id in alone)
        for each in ordered[(page - 1) * A_PAGE : page * A_PAGE]
    )
    title = (
        say("feeds_title", feeds=len(followed), failing=len(failing))
        if failing
        else say("feeds_title_well", feeds=len(followed))
    )
    return reply(
        Listing(title, rows, page, pages, *neighbours(page, pages, "feeds", "-", behind=_told(ask))),
        *beyond(ask, pages),
        Text(say("feeds_how", prefix=ask.means.admin_prefix), small=True),
    )


async def add(ask: Ask) -> Reply:
    """Find the feed behind an address, show its three newest, and follow it; nothing old is posted.

    One that is followed already is put under the topic that is named.
    """
    found = await _found(ask, "add")
    topics = [ask.typed.topic] if ask.typed.topic else []
    if found.already and found.source and topics:
        put = await ask.means.topics.follow(found.source, place_of(ask), ask.now, topics=topics)
        said = "feed_put" if put.changed else "feed_put_before"
        linked = _linked(put.source.name, put.source.address)
        return reply(say(said, name=linked, topic=topics[0], place=_named(ask, found.already)))
    if found.feed is None or found.already:
        return _nothing_to_add(ask, found)
    done = await ask.means.topics.follow(found.to_follow(zone=ask.zone), place_of(ask), ask.now, topics=topics)
    undo = fitting("feeds-remove", done.source.id, "yes", *_told(ask), label=name("button_undo"))
    under = say("feed_under", topic=ask.typed.topic) if ask.typed.topic else ()
    where = say("feed_where", place=_named(ask, place_of(ask))) if _channel(ask) else ()
    line = say("feed_added", name=_linked(done.source.name, done.source.address), under=under, where=where)
    feeds = fitting("feeds", *(("-", "1", *_told(ask)) if _channel(ask) else ()), label=name("button_feeds"))
    return reply(line, *_newest(found), Buttons((*undo, *feeds)))


async def test(ask: Ask) -> Reply:
    """Read what an address leads to, and keep nothing; of what is followed too, to see how it does."""
    found = await _found(ask, "test", anew=True)
    if found.feed is None:
        return _nothing_to_add(ask, found, adding=False)
    linked, address = _linked(found.feed.title, found.feed.address), found.feed.address
    if found.already and found.source:
        called = found.source.name or found.source.address
        return reply(say("feed_tried_again", name=linked, place=_named(ask, found.already), called=called), *_newest(found))
    return reply(say("feed_tried", name=linked, prefix=ask.means.admin_prefix, address=address), *_newest(found))


async def remove(ask: Ask) -> Reply:
    """Follow a source no more; asked first, since its articles may go with it."""
    chosen = await _chosen(ask, "remove")
    if isinstance(chosen, Reply):
        return chosen
    source = chosen.source
    place = _left_in(ask, here_only=source.id in await _here_only(ask))
    if ask.arguments[1:2] != ("yes",):
        if stays := _stays(place, (await _places(ask)).get(source.id, ())):  # nobody is asked whether to do what cannot be
            return reply(feed_words.left(stays, source, _named(ask, place)))
        yes = Control(control_id("feeds-remove", source.id, "yes", *_told(ask)), name("button_remove"), "danger")
        asked = say("feed_remove", name=_called(chosen), place=_named(ask, place))
        return reply(Confirm(asked, yes, Control(control_id("leave"), name("button_leave"))))
    outcome = await ask.means.topics.unfollow(source.id, place)
    if place == EVERYWHERE and outcome is not Unfollow.GONE:  # the operator takes it from every space
        await ask.means.store.remove_source(source.id)
        outcome = Unfollow.GONE
    return reply(feed_words.left(outcome, source, _named(ask, place)))


async def pause(ask: Ask) -> Reply:
    return await _paused(ask, paused=True)


async def resume(ask: Ask) -> Reply:
    return await _paused(ask, paused=False)


async def import_(ask: Ask) -> Reply:
    """Follow all feeds of a list that comes with the request; its folders become topics."""
    if ask.request.attached is None:
        raise query_error("list_unnamed" if ask.space == TERMINAL else "list_unsent", prefix=ask.means.admin_prefix)
    outlines = await ask.means.finder.opml(Fetched("attached", 200, ask.request.attached))
    topics = [ask.typed.topic] if ask.typed.topic else []
    taken = await lists.follow_all(lists.listed_in(outlines, topics), place_of(ask), ask.means.store, ask.now)
    return reply(*told(taken), Buttons((Control(control_id("feeds"), name("button_feeds")),)))


async def export(ask: Ask) -> Reply:
    """The feeds of this place as a list for other readers, with topics as folders."""
    place = place_of(ask)
    outlines, others = await lists.listed(ask.means.store, place)
    if not outlines:
        return nothing_followed(ask)
    content = write_opml(f"{ask.means.title} feeds", outlines).encode()
    left = [Text(say("feeds_not_exported", sources=others), small=True)] if others else []
    return reply(say("feeds_exported", feeds=len(outlines)), *left, File("feeds.opml", content, _OPML))


def told(taken: lists.Taken) -> list[Part]:
    """What following a list came to."""
    new, already = len(taken.new) + len(taken.followed), len(taken.already)
    parts: list[Part] = [Text(say("list_taken_had", new=new, already=already) if already else say("list_taken", new=new))]
    rows = tuple(Row((Run(SafeText(address, 200)),), (marked(why),)) for address, why in taken.refused[:A_PAGE])
    if rows:
        parts.append(Listing(say("list_refused", feeds=len(taken.refused)), rows))
    return parts


async def sources_here(ask: Ask) -> list[Followed]:
    """The sources that this place, or the channel that is named, is shown, by their names."""
    ask = _there(ask)
    followed = await ask.means.topics.followed(ask.space, ask.channel)
    here = [each for each in await ask.means.store.sources() if each.source.id in followed]
    return sorted(here, key=lambda each: _name(each).casefold())


async def _found(ask: Ask, verb: str, *, anew: bool = False) -> Discovery:
    """What the address that was given leads to; ``anew`` as in `discover`."""
    means, typed = ask.means, _address(ask, verb)
    await ask.progress(say("looking_for_feed", address=typed))
    return await discover(typed, place_of(ask), means.store, means.fetcher, means.finder, ask.now, anew=anew)


def _nothing_to_add(ask: Ask, found: Discovery, *, adding: bool = True) -> Reply:
    """Why there is no feed to add, or to try, with those that are near."""
    once = f"{ask.means.prefix} link"
    named = partial(_named, ask)
    line = feed_words.answer(found, ask.now, once=once, zone=ask.zone, place_named=named, adding=adding)
    offered = [
        each
        for title, address in found.nearby
        for each in fitting("feeds-add", address, *_behind(ask), label=SafeText(title or address, 75))
    ]
    return reply(line, *([Choices(PICK, name("pick_a_feed"), tuple(offered))] if offered else []))


async def _chosen(ask: Ask, verb: str) -> Followed | Reply:
    """The source that is meant: by its id, its address or its name."""
    here = await sources_here(ask)
    wanted = (ask.arguments[0] if ask.arguments else " ".join(ask.typed.words)).strip()
    if not wanted:
        raise query_error("feed_unnamed", prefix=ask.means.admin_prefix, verb=verb)
    for each in here:
        if wanted in (each.source.id, each.source.address) or wanted.casefold() == each.source.name.casefold():
            return each
    alike = [each for each in here if wanted.casefold() in f"{each.source.name} {each.source.address}".casefold()]
    if len(alike) == 1:
        return alike[0]
    if alike:
        options = tuple(
            option
            for each in alike
            for option in fitting(f"feeds-{verb}", each.source.id, *_behind(ask), label=SafeText(_name(each), 75))
        )
        return reply(say("which_feed", count=len(alike)), Choices(PICK, name("pick_a_feed"), options))
    guess = near(wanted, [each.source.name for each in here])
    hint = say("did_you_mean", guess=guess) if guess else say("feeds_list_them", prefix=ask.means.admin_prefix)
    raise query_error("no_feed_called", called=shown(wanted), hint=hint)


async def _paused(ask: Ask, *, paused: bool) -> Reply:
    """Pause a source, or go on with it, where nobody else follows it."""
    chosen = await _chosen(ask, "pause" if paused else "resume")
    if isinstance(chosen, Reply):
        return chosen
    places = (await _places(ask)).get(chosen.source.id, ())
    if not _may_pause(ask, places):
        whose = "given" if EVERYWHERE in places else "of_others"
        return reply(say(f"feed_{whose}_{'pause' if paused else 'resume'}", name=_called(chosen)))
    await ask.means.store.pause_source(chosen.source.id, paused)
    back = "feeds-resume" if paused else "feeds-pause"
    other = fitting(back, chosen.source.id, *_behind(ask), label=name("button_undo"))
    return reply(say("feed_paused" if paused else "feed_resumed", name=_called(chosen)), Buttons(other))


def _address(ask: Ask, verb: str) -> str:
    said = query.beside(ask.said, _OPTIONS)
    typed = ask.arguments[0] if ask.arguments else "".join(said[:1])
    if not typed:
        raise query_error("feed_unaddressed", prefix=ask.means.admin_prefix, verb=verb)
    return typed


def _row(ask: Ask, each: Followed, carried: Mapping[str, list[str]], places: Collection[Place], *, here_only: bool) -> Row:
    """A source with its health, and buttons for what can be done with it here."""
    under = carried.get(each.source.id, [])
    topics = say("feed_topics", topics=", ".join(under)) if under else ()
    where = say("feed_where_only", place=_named(ask, Place.of(_there(ask).channel))) if here_only else ()
    given = say("feed_given") if EVERYWHERE in places and ask.space != TERMINAL else ()
    line = layout.joined((_linked(_name(each), each.source.address),), topics, where, given)
    verbs = ["resume" if each.paused else "pause"] if _may_pause(ask, places) else []
    verbs += [] if _stays(_left_in(ask, here_only=here_only), places) else ["remove"]
    controls = tuple(
        control
        for verb in verbs
        for control in fitting(f"feeds-{verb}", each.source.id, *_behind(ask), label=name(f"button_{verb}"))
    )
    return Row(line, (feed_words.health(each, ask.zone),), controls)


async def _places(ask: Ask) -> Mapping[str, list[Place]]:
    """Where each source is followed, by its id."""
    found: dict[str, list[Place]] = {}
    for each in await ask.means.topics.follows():
        found.setdefault(each.source, []).append(each.place)
    return found


def _left_in(ask: Ask, *, here_only: bool) -> Place:
    """Where a source is followed no more when it is removed: in this channel, where this channel alone follows it."""
    return Place.of(ask.channel) if here_only and not _channel(ask) else place_of(ask)


def _stays(place: Place, followed_in: Collection[Place]) -> Unfollow | None:
    """Why a source cannot be left in a place; None where it can."""
    if place != EVERYWHERE and EVERYWHERE in followed_in:
        return Unfollow.GIVEN
    return None if any(place.covers(each) for each in followed_in) else Unfollow.ABSENT


def _may_pause(ask: Ask, followed_in: Collection[Place]) -> bool:
    """Whether it is for this place to say when a source is read: nobody else follows it, or the operator asks."""
    return ask.space == TERMINAL or all(each.space == ask.space for each in followed_in)


def _behind(ask: Ask) -> tuple[str, ...]:
    """What stands behind the feed in the id of a control: nothing is done yet, and the channel that is named."""
    return ("-", *_told(ask)) if _channel(ask) else ()


def _told(ask: Ask) -> tuple[str, ...]:
    """The channel that is named, for the id of a control."""
    channel = _channel(ask)
    return (str(channel),) if channel else ()


async def _here_only(ask: Ask) -> frozenset[str]:
    """The ids of the sources that this channel, or the one that is named, follows for itself, and not with all of its space."""
    there = _there(ask)
    follows = [each for each in await ask.means.topics.follows(there.space) if each.place.covers(Place.of(there.channel))]
    return frozenset(each.source for each in follows) - {each.source for each in follows if each.place.channel is None}


async def _topics(ask: Ask) -> Mapping[str, list[str]]:
    """The topics of each source, by its id."""
    found: dict[str, list[str]] = {}
    for topic in await ask.means.topics.topics(ask.space):
        for source in topic.sources:
            found.setdefault(source, []).append(topic.name)
    return found


def _named(ask: Ask, place: Place) -> str:
    """What a place is called by those who are in it."""
    if place.space is None or (place.channel and place.channel != ask.channel):
        return str(place)
    return name(f"this_{'channel' if place.channel else 'place'}")


def _newest(found: Discovery) -> list[Part]:
    titles = found.feed.newest if found.feed else ()
    rows = tuple(Row((Run(SafeText(title, 200)),)) for title in titles)
    return [Listing(say("feed_newest"), rows)] if rows else [Text(say("feed_empty"))]


def _name(each: Followed) -> str:
    return each.source.name or each.source.address


def _called(each: Followed) -> Run:
    return Run(SafeText(_name(each), 120), bold=True)


def _linked(called: str, address: str) -> Run:
    return Run(SafeText(called or address, 120), SafeLink.of(address), bold=True)


def _no_verb(ask: Ask) -> WordedError:
    """That feeds have no such verb, with the one that was meant or all there are."""
    word = ask.typed.words[0]
    guess = near(word, VERBS)
    hint = say("feeds_verb_meant", prefix=ask.means.admin_prefix, guess=guess) if guess else say("feeds_verbs")
    return query_error("feeds_no_verb", word=shown(word), hint=hint)
