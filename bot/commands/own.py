"""What a person wishes for themselves: to follow, to mute, to be forgotten.  Nobody else's digest changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.commands.ask import Ask
from bot.commands.finding import article_at, instant, story_of
from bot.ports.people import Does, Sort, Thing, Wish
from bot.ports.topics import folded
from bot.talk import Buttons, Confirm, Control, Listing, Reply, Row, control_id, fitting, reply
from bot.wording import name, query_error, say
from digests.errors import QueryError
from digests.query.typed import is_address
from digests.render import layout
from digests.render.layout import Line
from digests.slips import shown

_NEVER: Final = "-"
_ALL: Final = "all"
_EVERYTHING: Final = ("all", "everything", "all of it", "all of them")


async def follow(ask: Ask) -> Reply:
    """Put a topic, a story, a source or words first for the one who asks."""
    return await _wish(ask, Does.FOLLOW)


async def mute(ask: Ask) -> Reply:
    """Hide a topic, a story, a source or words from the one who asks."""
    return await _wish(ask, Does.MUTE)


async def unfollow(ask: Ask) -> Reply:
    return await _withdraw(ask, Does.FOLLOW)


async def unmute(ask: Ask) -> Reply:
    return await _withdraw(ask, Does.MUTE)


async def forget_me(ask: Ask) -> Reply:
    """Ask before everything that is kept about the person is deleted."""
    yes = Control(control_id("forget-me", "yes"), name("button_forget_me_yes"), "danger")
    if ask.arguments != ("yes",):
        return reply(Confirm(say("forget_me"), yes, Control(control_id("leave"), name("button_leave"))))
    forgotten = await ask.means.people.forget_person(ask.space, ask.person.id)
    return reply(say("forgotten", things=forgotten) if forgotten else say("forgotten_nothing"))


async def leave(ask: Ask) -> Reply:
    """Nothing is done after all."""
    return reply(say("left_alone"))


async def put_back(ask: Ask) -> Reply:
    """Undo a wish: set again what was there before it, or withdraw it."""
    [does, sort, thing_name, before, *when] = (*ask.arguments, "", "", "", "")[:5]
    people, now = ask.means.people, ask.now
    try:
        done, thing = Does(does), Thing(Sort(sort), thing_name)
        until = datetime.fromisoformat(when[0]) if when[0] else None
        over = until is not None and until <= now
        was = None if before == _NEVER or over else Wish(Does(before), thing, now, until)
    except QueryError:
        raise
    except (ValueError, TypeError):  # a control that we did not make
        return reply(say("old_control", prefix=ask.means.prefix))
    if before == _NEVER:
        await people.withdraw_wish(ask.space, ask.person.id, done, thing, now)
    elif was:
        await people.set_wish(ask.space, ask.person.id, was, now)
    return reply(say("undone"))


async def _wish(ask: Ask, does: Does) -> Reply:
    words = " ".join(ask.typed.words)
    if not words and not ask.arguments:
        return await _wished(ask, does)
    meant = await _meant(ask)
    until = ask.now + ask.typed.lasting if ask.typed.lasting else None
    before = await ask.means.people.set_wish(ask.space, ask.person.id, Wish(does, meant.thing, ask.now, until), ask.now)
    how_long = say("until", when=instant(ask, until)) if until else say("for_always")
    key = "followed" if does is Does.FOLLOW else "muted"
    return reply(say(key, thing=meant.line, how_long=how_long), *_undo(does, meant.thing, before, set_=True))


async def _withdraw(ask: Ask, does: Does) -> Reply:
    if not ask.typed.words and not ask.arguments:
        return await _wished(ask, does)
    wished = await _wished_thing(ask, does)
    if ask.arguments == (_ALL,) or (wished is None and " ".join(ask.typed.words).casefold() in _EVERYTHING):
        return await _withdraw_all(ask, does)
    meant = wished or await _meant(ask)
    before = await ask.means.people.withdraw_wish(ask.space, ask.person.id, does, meant.thing, ask.now)
    if before is None:
        key = "not_followed" if does is Does.FOLLOW else "not_muted"
        return reply(say(key, thing=meant.line, prefix=ask.means.prefix))
    key = "unfollowed" if does is Does.FOLLOW else "unmuted"
    return reply(say(key, thing=meant.line), *_undo(does, meant.thing, before, set_=False))


async def _withdraw_all(ask: Ask, does: Does) -> Reply:
    """Take back all that the person follows, or muted; asked first, for it cannot be undone at once."""
    people, person = ask.means.people, ask.person.id
    things = [each.thing for each in await people.wishes(ask.space, person, ask.now) if each.does is does]
    if not things:
        return await _wished(ask, does)
    command = f"un{'follow' if does is Does.FOLLOW else 'mute'}"
    if ask.arguments != (_ALL,):
        yes = Control(control_id(command, _ALL), name(f"button_{command}"), "danger")
        asked = say("unfollow_all" if does is Does.FOLLOW else "unmute_all", count=len(things))
        return reply(Confirm(asked, yes, Control(control_id("leave"), name("button_leave"))))
    for each in things:
        await people.withdraw_wish(ask.space, person, does, each, ask.now)
    return reply(say("unfollowed_all" if does is Does.FOLLOW else "unmuted_all"))


async def _wished(ask: Ask, does: Does) -> Reply:
    """What the person follows, or mutes, with a button to end each."""
    wishes = [each for each in await ask.means.people.wishes(ask.space, ask.person.id, ask.now) if each.does is does]
    command = "follow" if does is Does.FOLLOW else "mute"
    if not wishes:
        return reply(say(f"list_empty_{command}", prefix=ask.means.prefix))
    rows = []
    for wish in wishes:
        ends = say("until", when=instant(ask, wish.until)) if wish.until else say("for_always")
        end = fitting(f"un{command}", str(wish.thing.sort), wish.thing.name, label=name(f"button_un{command}"))
        rows.append(Row(layout.joined(await _called(ask, wish.thing), ends), controls=end))
    return reply(Listing(say(f"list_{command}", count=len(rows)), tuple(rows)))


@dataclass(frozen=True, slots=True)
class _Meant:
    """A thing, and how the reply names it."""

    thing: Thing
    line: Line


async def _meant(ask: Ask) -> _Meant:
    """What is to be followed or muted: of a control its sort and name; of words a story, a topic, a source."""
    if ask.arguments:
        sort, thing_name = (*ask.arguments, "")[:2]
        try:
            thing = Thing(Sort(sort), thing_name)
        except QueryError:
            raise
        except ValueError:  # a control that we did not make
            raise query_error("old_control", prefix=ask.means.prefix) from None
        return _Meant(thing, await _called(ask, thing))
    words = " ".join(ask.typed.words)
    if address := next(filter(is_address, ask.typed.words), None):
        kept = await article_at(ask, address)
        if isinstance(kept, Reply) or not kept.story:
            raise query_error("wish_of_a_page", address=shown(address, 120), prefix=ask.means.prefix)
        thing = Thing(Sort.STORY, kept.story)
    elif words.startswith("s-") and (story := await story_of(ask, words)):
        thing = Thing(Sort.STORY, story.id)
    elif topic := next(
        (each for each in await ask.means.topics.topics(ask.space) if each.name.casefold() == words.casefold()), None
    ):
        thing = Thing(Sort.TOPIC, topic.name)
    elif source := await _source_named(ask, words):
        thing = Thing(Sort.SOURCE, source)
    else:
        thing = Thing(Sort.WORDS, words)
    return _Meant(thing, await _called(ask, thing))


async def _wished_thing(ask: Ask, does: Does) -> _Meant | None:
    """What the person follows, or muted, by the name under which it is told to them; None where nothing is called so.

    It is looked for before the topics and sources of the place: one that came later may be called like words that were muted.
    """
    words = " ".join(ask.typed.words).casefold()
    for wish in await ask.means.people.wishes(ask.space, ask.person.id, ask.now) if words else ():
        if wish.does is does and wish.thing.key.casefold() == words:
            return _Meant(wish.thing, await _called(ask, wish.thing))
    return None


async def _source_named(ask: Ask, words: str) -> str | None:
    followed = await ask.means.topics.followed(ask.space, ask.channel)
    here = (each.source for each in await ask.means.store.sources() if each.source.id in followed)
    return next((each.id for each in here if each.name and folded(each.name) == folded(words)), None)


async def _called(ask: Ask, thing: Thing) -> Line:
    """A thing as its person knows it."""
    if thing.sort is Sort.STORY:
        story = await story_of(ask, thing.name)
        return say("the_story", title=story.linked if story else thing.name)
    if thing.sort is Sort.SOURCE:
        names = {each.source.id: each.source.name for each in await ask.means.store.sources()}
        return say("the_source", source=names.get(thing.name) or thing.name)
    return say("the_topic" if thing.sort is Sort.TOPIC else "the_words", words=thing.name)


def _undo(does: Does, thing: Thing, before: Wish | None, *, set_: bool) -> tuple[Buttons, ...]:
    """A button that sets again what was there before; none where the name is too long for one."""
    was = before if set_ or before else None
    previous = (str(was.does), was.until.isoformat(timespec="seconds") if was.until else "") if was else (_NEVER,)
    controls = fitting("put-back", str(does), str(thing.sort), thing.name, *previous, label=name("button_undo"))
    return (Buttons(controls),) if controls else ()
