"""What can be asked here, with examples of this very channel."""

from __future__ import annotations

from bot.commands.ask import Ask
from bot.commands.finding import nothing_followed, sources_of
from bot.ports import Kept
from bot.talk import Buttons, Control, Listing, Reply, Row, Text, control_id, reply
from bot.wording import name, say
from digests import words
from digests.model import Window


async def help_(ask: Ask) -> Reply:
    """Five lines; an example is a topic or a word of what was read here last."""
    topics = await ask.means.topics.topics(ask.space)
    followed = await sources_of(ask)
    word = await _word(ask, followed)
    topic = topics[0].name if topics else ""
    rows = (_in_fields if ask.in_fields else _typed)(ask, topic, word)
    how = say("help_words_fields") if ask.in_fields else say("help_words")
    all_of_it = (Listing(say("help_title"), tuple(rows)), Text(how, small=True))
    if not followed:
        begin, *buttons = nothing_followed(ask).parts
        return reply(begin, *all_of_it, *buttons)
    now, missed = Control(control_id("now"), name("button_now")), Control(control_id("missed", "-"), name("button_missed"))
    return reply(*all_of_it, Buttons((now, missed)))


def _typed(ask: Ask, topic: str, word: str) -> list[Row]:
    """What can be asked where it is typed in one line."""
    prefix = ask.means.prefix
    written = f'"{topic}"' if " " in topic else topic or name("example_topic")
    rows = [
        Row(say("help_now", prefix=prefix, topic=written), (say("help_now_is"),)),
        Row(say("help_about", prefix=prefix, word=word), (say("help_about_is"),)),
        Row(say("help_story", prefix=prefix), (say("help_story_is"),)),
        Row(say("help_link", prefix=prefix), (say("help_link_is"),)),
        Row(say("help_follow", prefix=prefix, example=topic or word), (say("help_follow_is"),)),
    ]
    if ask.may_administer:
        rows.append(Row(say("help_admin", prefix=ask.means.admin_prefix), (say("help_admin_is"),)))
    return rows


def _in_fields(ask: Ask, topic: str, word: str) -> list[Row]:
    """The same where a command is picked, and each option is a field of its own."""
    prefix = ask.means.prefix
    rows = [
        Row(say("help_now_fields", prefix=prefix, topic=topic or name("example_topic")), (say("help_now_is"),)),
        Row(say("help_about_fields", prefix=prefix, word=word), (say("help_about_is"),)),
        Row(say("help_story_fields", prefix=prefix), (say("help_story_is"),)),
        Row(say("help_link_fields", prefix=prefix), (say("help_link_is"),)),
        Row(say("help_follow_fields", prefix=prefix, example=topic or word), (say("help_follow_is"),)),
    ]
    if ask.may_administer:
        rows.append(Row(say("help_admin_fields", prefix=ask.means.admin_prefix), (say("help_admin_is"),)))
    return rows


async def _word(ask: Ask, followed: frozenset[str]) -> str:
    """A telling word of the newest headline, as it is written there but for its capitals: its stem would be half a word."""
    newest: list[Kept] = await ask.means.store.articles_between(Window(None, ask.now), sources=followed, limit=1)
    title = newest[0].understood.article.title if newest else ""
    telling = (word for word in words.tokens(title) if word.isalpha() and words.content(word))
    return max(telling, key=len, default=name("example_word"))
