"""One grammar for all that people type: words, phrases, what must not occur, beginnings of words, and options.

It forgives where it is clear what is meant: curly quotes, capitals, a space behind the colon, a time of several words without
quotes (``since: 9 Oct``), ``since monday`` without a colon.  Where it is not it asks back, and a plain word stays a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, takewhile
from typing import Any

from digests import moments, windows, words
from digests.errors import QueryError
from digests.model import Length, utc
from digests.moments import Moment
from digests.query.typed import OF_ADMINS, OPTIONS, Typed, is_address
from digests.slips import MARKS, near, shown

MOST_CHARACTERS = 500
"""Of the words and names in one question; what is much longer is not even read."""
MOST_WORDS = 20
MOST_YEARS = 10
"""How much of an archive one question may be about."""
_MOST_TYPED = 4 * MOST_CHARACTERS
_MOST_PAGES = 1_000
_LEAST_OF_A_BEGINNING = 2  # letters before a star; one letter begins half of all words

_ALIKE_SIGNS = str.maketrans("“”„‟«»＂：＊−﹣－", '""""""":*---')  # as phones and other keyboards write them
_BLANKS = str.maketrans(dict.fromkeys("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0", " "))  # letters that show nothing
_PART = re.compile(
    r'(?<!\S)(?P<key>(?i:if-nothing)|[^\W\d_]{2,20}):(?!//)(?:"(?P<quoted>[^"]*)"|(?P<value>[^\s"]*)(?P<key_open>"?))'
    r'|(?P<minus>(?<!\S)-+)?"(?P<phrase>[^"]*)"(?P<star>\*?)'
    r'|(?P<open>(?<!\S)-+")'
    r'|(?P<word>[^\s"]+)'
)
_ADDRESS = re.compile(r"https?://[\w\-.~:/?#\[\]@!$&'()*+,;=%]+", re.I)
_PICTURE = re.compile(r":[\w+'-]*[a-z_+][\w+'-]*:(?::skin-tone-\d:)?|<a?:\w+:\d+>", re.ASCII | re.IGNORECASE)
_OF_PICTURES = ("So", "Sk", "Mn", "Me", "Cf")  # with the colour of a skin, and what joins two into one
_INSIDE = ".,:'’&-"  # what may stand between the letters of a word
_CERTAIN = 0.8  # how alike a word before a colon is to an option that was surely meant, though a space follows
_MOST_CLOSING = moments.MOST_WORDS + 2  # "in the last couple of days"
_SPAN = re.compile(r"([0-9]{1,3})\s*(?:(d)(?:ays?)?|(w)(?:eeks?)?|(m)(?:onths?)?|(y)(?:ears?)?)")
_SPAN_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_UNCOUNTED = re.compile(
    r"(?:[0-9]+ ?|an? |some |(?:a )?few |several )(?:h|hours?|minutes?|days?|weeks?|months?|years?|decades?|while|time|bit)"
    r"|now|today|tonight|time being"
)
"""Behind "for", or alone behind it, certainly a time, though none that can be counted."""
_LONGEST_SPAN = 366  # days
_LASTS = ("always", "ever", "forever", "good")
_TIMES = ("since", "until", "date")
_OF_SEVERAL_WORDS = ("at",)  # takes all plain words behind it: "at: weekdays 08:00"
_NAMES = ("topic", "source", "title")  # a mark at their end may be theirs; behind any other value it means nothing
_MAY_BE_NONE = ("topic", "title")  # title:"" is no title
_EXAMPLES = {
    "topic": "topic:chips",
    "since": "since:yesterday",
    "until": "until:monday",
    "source": "source:reuters",
    "length": "length:full",
    "date": "date:2024-10-13",
    "for": "for:1w",
    "page": "page:2",
    "share": "share:yes",
    "at": 'at:"weekdays 08:00"',
    "zone": "zone:Europe/Berlin",
    "title": 'title:"Morning news"',
    "if-nothing": "if-nothing:silent",
    "channel": "channel:here",
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of what was typed: an option with its value, or words.

    Args:
        raw: as it was typed, without quotes; of an option its value.
        words: of it, without mark-up and other signs.
        key: of an option, in small letters.
        quoted: it stood in quotes.
        minus: a minus stood before it.
        beginning: a star stood behind it.
    """

    raw: str
    words: str = ""
    key: str = ""
    quoted: bool = False
    minus: bool = False
    beginning: bool = False

    @property
    def phrase(self) -> bool:
        """Whether it is words in quotes, and nothing else."""
        return self.quoted and not (self.key or self.minus)

    @property
    def plain(self) -> bool:
        """Whether it may be of an option's value that has no quotes."""
        return not (self.key or self.quoted or self.minus or self.beginning)


def parse(typed: str, now: datetime, zone: str, accepts: Collection[str] = (), *, wordless: bool = False) -> Typed:
    """Read words, and those of the `OPTIONS` that a command accepts.

    Args:
        typed: as it came from a person.
        now: aware; "today" and "12h" count from it.
        zone: IANA name; a day begins at midnight there.
        accepts: names of options.  ``share`` is then also read as the last word, or before options, unless it is in quotes.
        wordless: there is no use for words either, so that an option is not answered with them.

    Raises:
        QueryError: it cannot be understood, or it is too much; the message is the reply, and repeats nothing that could harm.
    """
    if len(typed) > _MOST_TYPED:
        raise _too_long(len(typed))
    parts = list(_parts(_clean(typed), accepts))
    if (size := sum(len(part.raw) for part in parts)) > MOST_CHARACTERS:
        raise _too_long(size)
    return _Reading(parts, now, zone, accepts, wordless=wordless).typed()


def beside(typed: str, options: Collection[str]) -> list[str]:
    """What was typed beside some options and their values, apart at white space and otherwise untouched, as an address must be.

    >>> beside("example.org/a topic： „Wires of the world“", ["topic"])
    ['example.org/a']
    """
    option = re.compile(rf'(?<!\S)(?:{"|".join(map(re.escape, options))}):\s*(?:"[^"]*"|\S*)', re.IGNORECASE)
    kept, at = [], 0
    for found in option.finditer(typed.translate(_ALIKE_SIGNS)):  # one sign for one: what is found stands where it was typed
        kept.append(typed[at : found.start()])
        at = found.end()
    return " ".join([*kept, typed[at:]]).split()


def is_picture(word: str) -> bool:
    """Whether a word is an emoji, as it is or as chats write it: ``:wave:``, ``<:ours:123>``; such are no words.

    >>> is_picture("🙂"), is_picture(":slightly_smiling_face:"), is_picture("?"), is_picture("topic:x")
    (True, True, False, False)
    """
    return bool(_PICTURE.fullmatch(word)) or (
        any(unicodedata.category(each) == "So" for each in word)
        and all(unicodedata.category(each) in _OF_PICTURES for each in word)
    )


def length(typed: str | None) -> Length:
    """The length that a word names; normal when none is given.

    Raises:
        QueryError: the word names none.
    """
    try:
        return Length((typed or "normal").casefold())
    except ValueError:
        likely = near(typed or "", list(Length))
        hint = f"did you mean {likely}? There are" if likely else "try"
        raise QueryError(f"I don't know the length “{shown(typed or '')}”; {hint} short, normal or full.") from None


def _too_long(size: int) -> QueryError:
    return QueryError(f"That is {size:,} characters; I read {MOST_CHARACTERS} at most. Try fewer words.")


def _clean(typed: str) -> str:
    """One line in which every character shows and turns nothing around: no control, bidi or blank ones, no NUL."""
    text = unicodedata.normalize("NFC", typed).translate(_ALIKE_SIGNS).translate(_BLANKS)
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _parts(text: str, accepts: Collection[str]) -> Iterator[_Part]:
    options = [option for option in OPTIONS if option in accepts or option not in OF_ADMINS]
    for found in _PART.finditer(text):
        if found["open"] or found["key_open"]:
            raise QueryError(f"The quote behind “{shown(found[0][:-1])}” is left open; close it with another one.")
        if found["key"]:
            yield _keyed(found["key"], found["value"], found["quoted"], options)
        elif found["word"]:
            yield _word(found["word"])
        else:
            phrase = found["phrase"].strip()
            beginning = phrase.endswith("*") or bool(found["star"])
            yield _Part(phrase, _searched(phrase), quoted=True, minus=bool(found["minus"]), beginning=beginning)


def _keyed(key: str, value: str | None, quoted: str | None, options: Collection[str]) -> _Part:
    """An option, or the first word of "Ukraine: the latest"."""
    folded = key.lower()
    if value == "" and folded not in options and not near(folded, options, alike=_CERTAIN):
        return _word(key)
    return _Part((value or quoted or "").strip(), key=folded, quoted=quoted is not None)


def _word(typed: str) -> _Part:
    if is_picture(typed):
        return _Part(typed)
    bare = typed.lstrip("-")
    if address := _ADDRESS.search(bare):
        return _Part(address[0], address[0], minus=bare != typed)
    return _Part(bare, _searched(bare), minus=bare != typed, beginning=bare.endswith("*") and bare[0] != "*")  # *bold*


def _searched(typed: str) -> str:
    """Words without mark-up and other signs: letters and digits, with what may stand between them."""
    kept = "".join(each if each in _INSIDE or each.isalnum() or unicodedata.category(each)[0] == "M" else " " for each in typed)
    return " ".join(filter(None, (_from_its_first_letter(piece.rstrip(_INSIDE)) for piece in kept.split())))


def _from_its_first_letter(piece: str) -> str:
    return next((piece[at:] for at, each in enumerate(piece) if each.isalnum()), "")


class _Reading:
    """What was typed while it is read, from left to right."""

    def __init__(self, parts: Iterable[_Part], now: datetime, zone: str, accepts: Collection[str], *, wordless: bool) -> None:
        self._rest = deque(parts)
        self._now = utc(now)
        self._zone = zone
        self._accepts = [option for option in OPTIONS if option in accepts]
        self._only = "nothing behind it" if wordless else "words only"
        self._given: dict[str, Any] = {}
        self._words: list[str] = []
        self._without: list[str] = []
        self._behind_a_word = False

    def typed(self) -> Typed:
        signs = False  # something was typed in which there is no word
        while self._rest:
            part = self._rest.popleft()
            if part.key:
                self._option(part)
            elif not (self._bare(part) or self._closing(part)):
                signs |= not self._keep(part)
            self._behind_a_word = not part.key and not is_address(part.raw)
        if signs and not (self._words or self._without or self._given):
            raise QueryError("I see no word to look for in that; write letters or digits, such as *chips*.")
        if (many := len(self._words) + len(self._without)) > MOST_WORDS:
            raise QueryError(f"That is {many} words; I look for {MOST_WORDS} at most.")
        since, until = self._window()
        given = self._given | {"since": since, "until": until}
        return Typed(tuple(self._words), tuple(self._without), **{_FIELDS.get(name, name): given[name] for name in given})

    def _keep(self, part: _Part) -> bool:
        """Whether there is a word to look for, or one that must not occur, in a part; a lone dash is none."""
        if not words.tokens(part.words):
            return False
        last = part.words.rpartition(" ")[2]
        if part.beginning and last.isascii() and len(last) < _LEAST_OF_A_BEGINNING:
            raise QueryError(
                f"Too many words begin with “{last}”; give {_LEAST_OF_A_BEGINNING} letters or more before the star."
            )
        (self._without if part.minus else self._words).append(part.words + "*" * part.beginning)
        return True

    def _bare(self, part: _Part) -> bool:
        """Whether it is an option without its colon: ``since monday``, ``for a week`` at the end, ``share`` there or before
        options.

        ``until friday`` is read so behind a ``since`` only: alone it is what news says of curfews and strikes.
        """
        word = part.raw.lower()
        if word == "until" and part.plain and self._day_ahead():
            raise QueryError(_unknown_span(f"until {' '.join(each.raw for each in self._rest)}"))
        if not part.plain or word not in self._accepts or word in self._given:
            return False
        # Whoever looks for "market share" does not want everybody to see it: behind a word it takes ``share:yes``.
        if word == "share" and not self._behind_a_word and (not self._rest or self._rest[0].key):
            self._given[word] = True
            return True
        if word == "for":
            return self._for_so_long()
        if word == "since" or (word == "until" and "since" in self._given):
            moment = self._moment(unmistakable=True)
            if moment is not None:
                self._given[word] = moment
                return True
        return False

    def _closing(self, part: _Part) -> bool:
        """Whether all that comes now, or stands before options, is a time: ``storm in the last two days``."""
        if not part.plain or "since" not in self._accepts or "since" in self._given or "until" in self._given:
            return False
        run = [part, *takewhile(lambda each: each.plain, self._rest)]
        behind = next(islice(self._rest, len(run) - 1, None), None)
        said = " ".join(each.raw for each in run if any(map(str.isalnum, each.raw)))  # a star alone is no word
        if len(run) > _MOST_CLOSING or (behind and not behind.key):
            return False
        moment = moments.closing(said, self._now, self._zone, alone=not self._words)
        if moment is None or any(each.key in _TIMES for each in self._rest):
            return False
        self._given["since"] = moment
        # What is over has an end as well: "yesterday" is not today.
        if "until" in self._accepts and not isinstance(moment.last, datetime) and moment.end(self._zone) <= self._now:
            self._given["until"] = moment
        for _ in run[1:]:
            self._rest.popleft()
        return True

    def _for_so_long(self) -> bool:
        """Whether all that comes now is a time: ``mute storms for a week``.

        Raises:
            QueryError: it is one that nobody can count: ``mute storms for a while``.  As words it would hide nothing.
        """
        rest = " ".join(part.raw if part.plain else "" for part in self._rest).casefold().rstrip(MARKS)
        counted = moments.counted(rest.removeprefix("the ").removeprefix("next "))
        span = f"1 {counted}" if counted in ("day", "week", "month", "year") else counted
        if not (span in _LASTS or _SPAN.fullmatch(span) or _UNCOUNTED.fullmatch(span)):
            return False
        self._given["for"] = _lasting(span)
        self._rest.clear()
        return True

    def _day_ahead(self) -> bool:
        """Whether all that comes now names a day or a week, where it may be how long something holds: ``mute storms until
        friday``."""
        said = " ".join(part.raw if part.plain else "" for part in self._rest).casefold().rstrip(MARKS)
        if "for" not in self._accepts or "until" in self._accepts or not self._words or len(said.split()) > moments.MOST_WORDS:
            return False
        ahead = said.removeprefix("next ")
        return ahead in ("tomorrow", "week", "month", "year") or moments.named(ahead, self._now, self._zone) is not None

    def _option(self, part: _Part) -> None:
        key = part.key
        if key not in OPTIONS:
            raise QueryError(self._unknown(key))
        if key not in self._accepts:
            raise QueryError(f"I take no `{key}:` here. {self._taken()}")
        if key in self._given:
            raise QueryError(f"`{key}:` is there twice; give it once.")
        if not (part.raw or part.quoted) and self._rest and self._rest[0].phrase:
            part = self._rest.popleft()  # there is a space behind the colon
        if key not in _TIMES:
            self._given[key] = self._value(key, part)
        elif moment := self._time(part):
            self._given[key] = _published(moment, self._now, self._zone) if key == "date" else moment
        else:
            raise _empty(key)

    def _value(self, key: str, part: _Part) -> object:
        """The value of an option; a space may stand behind the colon."""
        if not part.raw and part.quoted and key in _MAY_BE_NONE:
            return ""
        said = part.raw
        while not part.quoted and self._rest and self._rest[0].plain and (not said or key in _OF_SEVERAL_WORDS):
            said = f"{said} {self._rest.popleft().raw}".strip()
        if not said:
            raise _empty(key)
        return _VALUES[key](said if key in _NAMES else said.rstrip(MARKS))

    def _time(self, part: _Part) -> Moment | None:
        """As ``_value``, of several words perhaps."""
        moment = windows.moment(part.raw, self._now, self._zone) if part.quoted and part.raw else self._moment(part.raw)
        if moment is not None:
            return moment
        said = part.raw or next((each.raw for each in islice(self._rest, 1) if each.plain), "")
        return windows.moment(said, self._now, self._zone) if said else None  # it says why not

    def _moment(self, begun: str = "", *, unmistakable: bool = False) -> Moment | None:
        """The time that the most of the plain words that come now name; they are then read.

        Args:
            begun: what stands before them, directly behind the colon.
            unmistakable: not by the mere "sun", which is a word too.
        """
        plain = takewhile(lambda part: part.plain, islice(self._rest, moments.MOST_WORDS))
        run = [*([begun] if begun else []), *(part.raw for part in plain)]
        for many in range(len(run), 0, -1):
            said = " ".join(run[:many])
            moment = moments.named(said, self._now, self._zone)
            if moment is not None and not (unmistakable and _is_short(said.rstrip(MARKS))):
                for _ in range(many - bool(begun)):
                    self._rest.popleft()
                return moment
        return None

    def _window(self) -> tuple[datetime | None, datetime | None]:
        since, until = self._given.get("since"), self._given.get("until")
        start = _start(since, self._zone) if since else None
        end = until.end(self._zone) if until else None
        if start is not None and (start > self._now or (end and start >= end)):
            raise QueryError(f"`since:` lies after {'now' if start > self._now else '`until:`'}; give an earlier time.")
        if start is not None and (end or self._now) - start > timedelta(days=366 * MOST_YEARS):
            raise QueryError(f"That is more than {MOST_YEARS} years; give a later `since:`, or leave it out.")
        return start, end

    def _unknown(self, key: str) -> str:
        likely = near(key, self._accepts)
        said = f"I don't know `{shown(key)}:`{'; did you mean' if likely else '.'}"
        return f"{said} {f'`{likely}:`?' if likely else self._taken()} To look for the words, put them in quotes."

    def _taken(self) -> str:
        *others, last = [f"`{option}:`" for option in self._accepts] or [self._only]
        return f"I take {' and '.join(filter(None, [', '.join(others), last]))}."


def _empty(key: str) -> QueryError:
    return QueryError(f"Write behind `{key}:` what it is to be: `{_EXAMPLES[key]}`.")


def _is_short(said: str) -> bool:
    """Whether a time is one short word, "sun", which is said of other things too."""
    return len(said) <= 3 and said.isalpha()


def _start(moment: Moment, zone: str) -> datetime:
    try:
        return moment.start(zone)
    except OverflowError:
        raise QueryError("That lies before the first day of the calendar; give a later one.") from None


def _published(moment: Moment, now: datetime, zone: str) -> date | datetime:
    if moment.first != moment.last:
        raise QueryError("`date:` is one day, or an instant: `date:2024-10-13`.")
    if _start(moment, zone) > now + timedelta(days=1):  # it is tomorrow elsewhere
        raise QueryError("`date:` lies ahead; give the day on which it was published: `date:2024-10-13`.")
    return moment.first


def _lasting(typed: str) -> timedelta | None:
    folded = typed.casefold()
    if folded in _LASTS:
        return None
    span = _SPAN.fullmatch(folded)
    unit = next(filter(None, span.groups()[1:])) if span else ""
    length = int(span[1]) * _SPAN_DAYS[unit] if span else 0
    if 0 < length <= _LONGEST_SPAN:
        return timedelta(days=length)
    raise QueryError(_unknown_span(typed))


def _unknown_span(typed: str) -> str:
    return f"I don't know how long “{shown(typed)}” is; try `for:1d`, `for:1w`, `for:1m` or `for:always`."


def _page(typed: str) -> int:
    if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= _MOST_PAGES:
        return int(typed)
    raise QueryError(f"I don't know the page “{shown(typed)}”; give its number: `page:2`.")


def _shared(typed: str) -> bool:
    answer = {"yes": True, "true": True, "no": False, "false": False}.get(typed.lower())
    if answer is None:
        raise QueryError("Write `share:yes` to answer for everybody here; without it only you see the answer.")
    return answer


_VALUES: Mapping[str, Callable[[str], object]] = {
    "topic": str,
    "source": str,
    "length": length,
    "for": _lasting,
    "page": _page,
    "share": _shared,
    "at": str,
    "zone": str,
    "title": str,
    "if-nothing": str,
    "channel": str,
}
_FIELDS = {"date": "published", "for": "lasting", "if-nothing": "if_nothing"}
