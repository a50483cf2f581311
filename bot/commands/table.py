"""Which words and which controls lead to which command, what each takes, and who may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.commands import feeds, home, own, posted, preview, reading, schedule, settings, setup, status, story, why
from bot.commands import help as helping
from bot.commands.ask import Ask
from bot.talk import Reply

Run = Callable[[Ask], Awaitable[Reply]]

_TIMES: Final = frozenset({"since", "until"})
_PAGE: Final = frozenset({"page"})
_TOPIC: Final = frozenset({"topic"})
_CHANNEL: Final = frozenset({"channel"})


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be asked.

    Args:
        takes: the options that it understands.
        admin: only for those who may administer the place.
        shareable: everyone in the channel may be shown its answer.
        worded: the first argument of its control are words, read as if they were typed.
        sought: its words are looked for; of a question among them what it asks about.
        wordless: words mean nothing behind it.
        form: its answer may be a form.
    """

    run: Run
    takes: frozenset[str] = frozenset()
    admin: bool = False
    shareable: bool = False
    worded: bool = False
    sought: bool = False
    wordless: bool = False
    form: bool = False


COMMANDS: Final[Mapping[str, Command]] = {
    "now": Command(reading.now, _TIMES | {"topic", "length", "share"}, shareable=True),
    "catchup": Command(posted.catchup, frozenset({"since", "topic", "page"})),
    "about": Command(reading.about, _TIMES | {"source", "length", "share"}, shareable=True, worded=True, sought=True),
    "story": Command(story.story, frozenset({"page", "share"}), shareable=True),
    "link": Command(reading.link, frozenset({"date", "length", "share"}), shareable=True, worded=True),
    "search": Command(reading.search, _TIMES | {"source", "page", "share"}, shareable=True, worded=True, sought=True),
    "sources": Command(story.sources, frozenset({"page", "share"}), shareable=True),
    "why": Command(why.why),
    "follow": Command(own.follow, frozenset({"for"})),
    "unfollow": Command(own.unfollow),
    "mute": Command(own.mute, frozenset({"for"})),
    "unmute": Command(own.unmute),
    "forget-me": Command(own.forget_me, wordless=True),
    "help": Command(helping.help_, wordless=True),
    "schedule": Command(schedule.list_, schedule.OPTIONS | {"page"}, admin=True),
    "schedule list": Command(schedule.list_, frozenset({"page"}), admin=True),
    "schedule add": Command(schedule.add, schedule.OPTIONS, admin=True, form=True),
    "schedule edit": Command(schedule.edit, schedule.OPTIONS, admin=True, form=True),
    "schedule pause": Command(schedule.pause, admin=True),
    "schedule resume": Command(schedule.resume, admin=True),
    "schedule remove": Command(schedule.remove, admin=True),
    "schedule run": Command(schedule.run, admin=True),
    "feeds": Command(feeds.list_, _PAGE | _CHANNEL, admin=True),
    "feeds list": Command(feeds.list_, _PAGE | _CHANNEL, admin=True),
    "feeds add": Command(feeds.add, _TOPIC | _CHANNEL, admin=True),
    "feeds remove": Command(feeds.remove, _CHANNEL, admin=True),
    "feeds pause": Command(feeds.pause, admin=True),
    "feeds resume": Command(feeds.resume, admin=True),
    "feeds test": Command(feeds.test, admin=True),
    "feeds import": Command(feeds.import_, _TOPIC | _CHANNEL, admin=True),
    "feeds export": Command(feeds.export, admin=True, wordless=True),
    "setup": Command(setup.setup, admin=True, wordless=True),
    "preview": Command(preview.preview, admin=True),
    "status": Command(status.status, admin=True, wordless=True),
    "settings": Command(settings.settings, admin=True, wordless=True, form=True),
}
"""By the words that call them."""

ACTIONS: Final[Mapping[str, Command]] = {
    **{
        name: COMMANDS[name]
        for name in ("now", "about", "link", "search", "sources", "why", "follow", "mute", "unfollow", "unmute", "forget-me")
    },
    "timeline": COMMANDS["story"],
    "missed": COMMANDS["catchup"],
    "story": Command(posted.more),
    "left-out": Command(posted.left_out),
    "wrong": Command(posted.wrong, form=True),
    "help": COMMANDS["help"],
    "home": Command(home.home),
    "put-back": Command(own.put_back),
    "leave": Command(own.leave),
    "schedule": COMMANDS["schedule"],
    **{f"schedule-{verb}": COMMANDS[f"schedule {verb}"] for verb in ("add", "edit", "pause", "resume", "remove", "run")},
    "schedule-allowed": Command(schedule.allowed, admin=True),
    "feeds": COMMANDS["feeds"],
    **{f"feeds-{verb}": COMMANDS[f"feeds {verb}"] for verb in ("add", "remove", "pause", "resume", "test")},
    "setup": COMMANDS["setup"],
    "setup-topic": Command(setup.topic, admin=True),
    "setup-address": Command(setup.address, admin=True, form=True),
    "setup-preview": Command(setup.show, admin=True),
    "setup-daily": Command(setup.daily, admin=True),
    "preview": COMMANDS["preview"],
    "status": COMMANDS["status"],
    "settings": COMMANDS["settings"],
}
"""By the first word of a control's id."""


def command(called: str) -> Command | None:
    """The command of that name, whatever its capitals."""
    return COMMANDS.get(called.lower())


def names(*, admin: bool) -> list[str]:
    """What can be typed first."""
    return [name for name, each in COMMANDS.items() if admin or not each.admin]
