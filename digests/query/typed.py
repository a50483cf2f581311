"""What somebody typed, once it is understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from digests.model import Length, Query, Window, utc

OF_ADMINS = ("at", "zone", "title", "if-nothing", "channel")
"""Options for commands that keep schedules and feeds: elsewhere "Title: a story" is words."""
OPTIONS = ("topic", "since", "until", "source", "length", "date", "for", "page", "share", *OF_ADMINS)
"""All that can be typed beside words; each command takes some of them."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Words and options as they were typed; what was not given is None.

    ``str`` of it, read again by `digests.query.parse`, gives the same value: times of the clock have become instants.

    Args:
        words, without: as in `digests.model.Query`; a web address is one word, as it was typed.
        topic, source: names as they were typed, not looked up yet; `digests.slips.shown` makes them fit to be repeated.
        since, until: instants, in UTC; until a day is until its end.
        published: of ``date:``, a day or an instant in UTC.
        lasting: of ``for:``, how long a wish holds; None for always.
        page: from 1 on.
        share: the answer is for everybody in the channel.
        at, zone, title, if_nothing: of a schedule, as typed: who keeps schedules reads them.
        channel: where a feed is followed, as typed.

    A topic and a title may be ``""``, given as ``topic:""``: there is to be none.
    """

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    topic: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    source: str | None = None
    length: Length | None = None
    published: date | datetime | None = None
    lasting: timedelta | None = None
    page: int | None = None
    share: bool = False
    at: str | None = None
    zone: str | None = None
    title: str | None = None
    if_nothing: str | None = None
    channel: str | None = None

    def __post_init__(self) -> None:
        if self.page is not None and self.page < 1:
            raise ValueError(f"there is no page {self.page}")
        if self.since and self.until and self.since >= self.until:
            raise ValueError("what was typed cannot end before it begins")

    def query(self, now: datetime, *, back: timedelta | None = None, length: Length = Length.NORMAL) -> Query:
        """What is wanted to be read.

        Args:
            now: where the window ends, unless ``until:`` says it.
            back: how far before its end the window begins, unless ``since:`` says it; None for everything.
            length: unless ``length:`` says it.
        """
        end = utc(now) if self.until is None else self.until
        start = self.since if self.since is not None or back is None else end - back
        return Query(Window(start, end), self.words, self.length or length, self.without)

    def __str__(self) -> str:
        return " ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        yield from (_written(word) for word in self.words)
        yield from (f"-{_written(word)}" for word in self.without)
        for option, value in (
            ("topic", _quoted(self.topic)),
            ("since", _iso(self.since)),
            ("until", _iso(self.until)),
            ("source", _quoted(self.source)),
            ("length", self.length),
            ("date", _iso(self.published)),
            ("for", self.lasting and f"{self.lasting.days}d"),
            ("page", self.page),
            ("share", "yes" if self.share else None),
            ("at", _quoted(self.at)),
            ("zone", _quoted(self.zone)),
            ("title", _quoted(self.title)),
            ("if-nothing", _quoted(self.if_nothing)),
            ("channel", _quoted(self.channel)),
        ):
            if value is not None:
                yield f"{option}:{value}"


def is_address(word: str) -> bool:
    """Whether a word is a web address."""
    return word.lower().startswith(("http://", "https://"))


def _written(word: str) -> str:
    """A word, in quotes where it would be read as anything else, as what an option is called may be without its colon."""
    if is_address(word) or not (" " in word or ":" in word or word.lower() in OPTIONS):
        return word
    return f'"{word}"'


def _quoted(value: str | None) -> str | None:
    return None if value is None else f'"{value}"'


def _iso(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
