"""Gives who is credited in a sentence, and whom an article credits with its news.

Who says a thing, who was first to report it and who reports it too are three questions: a mention carries its role.
Found without a parser: a verb of saying (``speech.en.toml``) and the noun phrase that stands as its subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from typing import NamedTuple

from digests.data import table
from digests.datelines import dateline
from digests.sentences import unquoted

_MOST_WORDS = 14  # of a source: a longer stretch before a verb is no name


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody credited in a sentence: ``sentence[start:end]`` names them.

    ``name`` is that without a small article ("the Pentagon" is Pentagon); ``role`` is says, first, also or agency.
    """

    start: int
    end: int
    name: str
    outlet: bool = False
    role: str = "says"


def sources(sentence: str) -> tuple[Mention, ...]:
    """Who is credited in ``sentence``, in text order, each once a place; pronouns and common nouns too ("he", "officials")."""
    found: list[Mention] = []
    for finder in (news_credits, _according, _after_quote, _subjects, _pieces, _newswork, _possessors):
        for mention in finder(sentence):
            if not any(mention.start < other.end and other.start < mention.end for other in found):
                found.append(mention)
    return tuple(sorted(found, key=lambda mention: mention.start))


class Credited(NamedTuple):
    """Whom an article credits with its news, each once, and the first that it says was first to report it."""

    origins: tuple[str, ...]
    first: str | None


def credited(sentences: Sequence[str], outlet: str = "", news: Sequence[Sequence[Mention]] | None = None) -> Credited:
    """Whom an article credits with its news; no origins when it reports for itself.

    Who is said to have been first counts; where nobody is, an outlet that the opening sentences repeat; where they repeat
    none, the agency of the dateline.

    Args:
        sentences: of the article, in text order.
        outlet: who published it, and so is no origin by being its own source.
        news: what ``news_credits`` says of each sentence, where that is known.
    """
    mentions = list(chain.from_iterable(map(news_credits, sentences) if news is None else news))
    first = [mention.name for mention in mentions if mention.role == "first"]
    agency = [mention.name for mention in mentions if mention.role == "agency"]
    own = origin(outlet)
    others = (tuple(name for name in names if origin(name) != own) for names in _in_turn(first, sentences, agency))
    found = tuple(agency_of(name) or name for name in next(filter(None, others), ()))
    return Credited(tuple(dict.fromkeys(found)), first[0] if first else None)


def _in_turn(first: Sequence[str], sentences: Sequence[str], agency: Sequence[str]) -> Iterator[Sequence[str]]:
    """Those who may be the origin, the best known first; the opening is only read when it is asked for."""
    yield first
    for_opening = (
        (*sources(sentence), *_told_to(sentence)) if is_outlet(sentence) else news_credits(sentence)
        for sentence in sentences[:_OPENING]
    )
    yield [_whose(each.name) for mentions in for_opening for each in mentions if _is_origin(each)]
    yield agency


def _is_origin(mention: Mention) -> bool:
    """Whether the opening credits an outlet, or its work, with the news: not somebody who works there or only speaks."""
    return mention.role != "agency" and (mention.role != "says" or _is_newsroom(mention.name))


def _whose(name: str) -> str:
    """The outlet of a piece of work that names it last: "videos verified by Daily Example" are Daily Example's."""
    found = _BY.search(name)
    return found["who"] if found and is_outlet(found["who"]) else name


def agency_of(name: str) -> str | None:
    """A news agency by any of its names, as a reader knows it; None for anybody else.

    >>> agency_of("the Press Association"), agency_of("PA"), agency_of("The Daily Example")
    ('PA Media', 'PA Media', None)
    """
    return _agencies().get(_plain_name(name))


def origin(name: str) -> str:
    """An outlet or agency as what is the same for all its names."""
    return _plain_name(agency_of(name) or name)


_OPENING = 2  # sentences in which a second-hand report says whose it is


def _plain_name(name: str) -> str:
    return name.casefold().removeprefix("the ")


@cache
def _agencies() -> dict[str, str]:
    agencies: dict[str, list[str]] = table("agencies.toml")
    return {_plain_name(name): agency for agency, others in agencies.items() for name in (agency, *others)}


def shown(name: str) -> str:
    """A source as a reader sees it: without a small article before a name, a possessive or a title's comma after it.

    >>> shown("the Pentagon"), shown("The Daily Example"), shown("a defence source")
    ('Pentagon', 'The Daily Example', 'a defence source')
    """
    name = " ".join(name.split()).strip(" ,;:–—-")
    if name.endswith(".") and not _KEEPS_STOP.search(name):
        name = name[:-1]
    return name[4:] if name.startswith("the ") and name[4:5].isupper() else name


_KEEPS_STOP = re.compile(r"\b(?:(?:\w\.){2,}|(?:Inc|Corp|Co|Ltd|Jr|Sr|Bros)\.)$")


def is_outlet(name: str) -> bool:
    """Whether a name has the form of a newspaper, agency or station ("The ... Times", "... News")."""
    if any(not name[: found.start()][-1:].isalnum() for found in _OUTLET.finditer(name)):
        return True
    return bool(_outlets().search(name)) or ("." in name and bool(_SITE.search(name)))


def _is_newsroom(name: str) -> bool:
    """Whether a name is that of an outlet or its work, not of one who works there: "a Daily Example poll", no "host"."""
    return bool(_newsroom().search(name))


@cache
def _outlets() -> re.Pattern[str]:
    """Those whose names have no form of their own; as written, as whole words."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(name) for name in table('speech.en.toml')['outlets'])})(?!\w)")


@cache
def _newsroom() -> re.Pattern[str]:
    works = "|".join(table("speech.en.toml")["works"])
    return re.compile(rf"(?:{_OUTLET.pattern}|{_outlets().pattern}|{_SITE.pattern})(?: (?:[a-z-]+ ){{0,2}}(?:{works})s?\b.*)?$")


# ---------------------------------------------------------------- credits: datelines, first reported by, as reported by

NAMES = r"(?:[Tt]he )?[A-Z0-9][\w.&’'-]*(?:[ /-](?:(?:of|and|de|der|des|del|la|le|for|the|&) )?[A-Z0-9][\w.&’'-]*){0,6}"
_OUTLET = re.compile(
    r"(?:Times|Post|Journal|News|Herald|Tribune|Gazette|Press|Daily|Today|Radio|TV|Television|Broadcasting|Telegraph|Guardian"
    r"|Independent|Chronicle|Observer|Mirror|Mail|Globe|Courier|Dispatch|Examiner|Inquirer|Enquirer|Register|Sentinel|Magazine"
    r"|Weekly|Review|Bulletin|(?:News|Press|Sports|Broadcasting|Television|Radio) (?:Agency|Network)"
    r"|Reuters|Bloomberg|Zeitung|Presse|Monde|Figaro|Pa[ií]s|Newswire|Wire)\b"
)
_SITE = re.compile(r"\w\.(?:com|org|net)\b")
_BROKEN = "reported|revealed|published|disclosed|broken"
_NO_OUTLET = (  # in what a text is first published besides: a language, a month, a year
    r"(?:English|German|French|Spanish|Italian|Portuguese|Dutch|Swedish|Danish|Norwegian|Polish|Russian|Arabic|Hebrew|Turkish"
    r"|Chinese|Japanese|Korean|Hindi|January|February|March|April|May|June|July|August|September|October|November|December"
    r"|\d{4})\b"
)
_FIRST = re.compile(rf"\b(?:first|originally|initially) (?:{_BROKEN}) (?:on \w+ )?(?:by|in(?! {_NO_OUTLET})) (?P<who>{NAMES})")
_FIRST_ACTIVE = re.compile(
    rf"(?P<who>{NAMES})(?:,? which)? (?:was (?:the )?first to report|first reported|first revealed|broke the (?:story|news))\b"
)
_OBTAINED = re.compile(rf"\b(?:obtained|seen|reviewed|viewed) (?:exclusively )?by (?P<who>{NAMES})")
_ALSO = re.compile(rf"\b(?:as|also|previously|earlier) (?:was )?reported (?:earlier |previously |on \w+ )?by (?P<who>{NAMES})")
_BY = re.compile(rf"^[^A-Z]+ (?:by|from|in|of) (?P<who>{NAMES})$")
_EARLIER = re.compile(
    rf"(?P<who>{NAMES}) (?:had )?(?:earlier|previously) reported\b|(?P<who2>{NAMES}) reported (?:earlier|previously)\b"
)


def news_credits(sentence: str) -> Sequence[Mention]:
    """Who is credited with the news itself: the agency of a dateline, who was first to report, who reports it too."""
    return tuple(_news_credits(sentence)) if "(" in sentence or _may_credit(sentence) else ()


def _news_credits(sentence: str) -> Iterator[Mention]:
    line = dateline(sentence) if "(" in sentence else None
    while line:
        if line["agency"]:
            yield Mention(line.start("agency"), line.end("agency"), line["agency"], True, "agency")
        line = dateline(sentence, line.end())
    if not _may_credit(sentence):
        return
    for word, pattern, role in _CREDITS:
        if word in sentence:
            for found in pattern.finditer(sentence):
                group = "who" if found["who"] else "who2"
                if role != "obtained" or is_outlet(found[group]) or found[group].isupper():
                    start, end = found.span(group)
                    end = start + len(found[group].rstrip(".,'’"))
                    yield Mention(start, end, shown(sentence[start:end]), True, "first" if role == "obtained" else role)


def _may_credit(sentence: str) -> bool:
    """Whether a word stands in ``sentence`` that a pattern needs; few sentences have one, and all are asked."""
    return (
        "reported" in sentence
        or "first " in sentence
        or "obtained" in sentence
        or "initially " in sentence
        or "originally " in sentence
        or "broke the" in sentence
        or "seen " in sentence
        or "viewed " in sentence
    )


_CREDITS = (
    ("first ", _FIRST, "first"),
    ("originally ", _FIRST, "first"),
    ("initially ", _FIRST, "first"),
    ("first re", _FIRST_ACTIVE, "first"),
    ("first to report", _FIRST_ACTIVE, "first"),
    ("broke the", _FIRST_ACTIVE, "first"),
    ("obtained", _OBTAINED, "obtained"),
    ("seen ", _OBTAINED, "obtained"),
    ("viewed ", _OBTAINED, "obtained"),
    ("reported", _ALSO, "also"),
    ("earlier reported", _EARLIER, "also"),
    ("previously reported", _EARLIER, "also"),
    ("reported earlier", _EARLIER, "also"),
    ("reported previously", _EARLIER, "also"),
)

# ---------------------------------------------------------------- saying

_ACCORDING = re.compile(r"\b(?:[Aa]ccording to|[Aa]s per|[Ii]n the (?:words|view|opinion) of) ")
_PHRASE_END = re.compile(r"[,.;:!?\"”()\[\]—–]|--|\b(?:that|which|who|and the|in which|but|while|when|after)\b| [“‘]|$")
_TOKEN = re.compile(
    r"(?:[A-Z]\.)+|(?:Mr|Mrs|Ms|Dr|St|Sen|Rep|Gov|Gen|Col|Maj|Capt|Lt|Sgt|Prof|Rev|Jr)\.|[^\W_]+(?:[.'’/&-][^\W_]+)*['’]?|[^\w\s]"
)


def _according(sentence: str) -> Iterator[Mention]:
    """ "According to X": the phrase up to the next mark or clause."""
    for found in _ACCORDING.finditer(sentence):
        start = found.end()
        stop = _stop_of_phrase(sentence, start)
        if stop > start:
            yield _mention(sentence, start, stop)


def _stop_of_phrase(sentence: str, start: int) -> int:
    """Where the noun phrase that begins at ``start`` ends; the stop of an abbreviation is none."""
    for found in _PHRASE_END.finditer(sentence, start):
        end = found.start()
        before = sentence[start:end].rsplit(" ", 1)[-1]
        abbreviated = found[0] == "." and end + 1 < len(sentence) and _short(before)
        if not abbreviated:
            return start + len(sentence[start:end].rstrip())
    return len(sentence)


@cache
def _titles() -> frozenset[str]:
    return frozenset(table("splitting.en.toml")["before_name"])


def _short(word: str) -> bool:
    """Whether a word is an initial, an abbreviation with stops, or a title: the stop after it ends nothing."""
    return len(word) <= 2 or "." in word or word.lower() in _titles()


def _mention(sentence: str, start: int, end: int) -> Mention:
    if when := _WHEN.search(sentence, start, end):
        end = when.start()
    words = sentence[start:end]
    return Mention(start, end, shown(words), is_outlet(words))


_DAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|yesterday)"
_WHEN = re.compile(
    rf"(?<=\w) (?:(?:late|early) )?(?:on )?(?:(?:late|early) )?{_DAY}(?: (?:morning|afternoon|evening|night))?\Z"
)
"""When somebody spoke, behind the name: "a court in Quarles on Wednesday"."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists of ``speech.en.toml``; ``verbs`` are those of saying and of holding."""

    said: frozenset[str]
    verbs: frozenset[str]
    between: frozenset[str]
    stops: frozenset[str]
    newswork: frozenset[str]
    progressive: frozenset[str]
    being: frozenset[str]
    ambiguous: frozenset[str]
    determiners: frozenset[str]
    before_subject: frozenset[str]
    leading: frozenset[str]
    pronouns: frozenset[str]
    inverts: frozenset[str]
    no_noun: frozenset[str]


@cache
def _words() -> _Words:
    fields = {name: words for name, words in table("speech.en.toml").items() if name not in ("outlets", "works")}
    listed = {name: frozenset(words) for name, words in fields.items()}
    listed["verbs"] = listed["said"] | listed.pop("held")
    listed["no_noun"] |= frozenset(table("verbs.en.toml")["irregular"])
    return _Words(**listed)


def _after_quote(sentence: str) -> Iterator[Mention]:
    """ "..., said X": the subject follows its verb after a closing mark."""
    for found in _INVERTED.finditer(sentence):
        if found["verb"] in _words().said:
            stop = _stop_of_phrase(sentence, found.end())
            words = sentence[found.end() : stop].split()
            if (
                words
                and _words().stops.isdisjoint(words[1:])
                and (words[0][0].isupper() or words[0] in _words().before_subject)
                and words[0] not in ("That", "It")
                and not _PAST.search(words[-1])
            ):
                yield _mention(sentence, found.end(), stop)


_INVERTED = re.compile(r"(?:[,?!]['’\"”]*|['’]{2}|[”\"’]) (?P<verb>[a-z]+) ")
_STATEMENT = (
    r"(?:claim|statement|comment|assertion|belief|view|criticism|accusation|warning|argument|remark|suggestion|proposal|pledge|promise|call|demand"
    r"|estimate|opinion|answer|response|announcement|concern)s?|testimony|contention|insistence"
)
_STATED = re.compile(rf" (?:{_STATEMENT})\b")
_OWNED = re.compile(
    r"(?P<who>(?:[A-Z][\w.-]*(?: [A-Z][\w.-]*){0,3})(?=['’]s? ))['’]s? (?:[a-z-]+ ){0,2}?"
    rf"(?:{_STATEMENT})\b"
)
_WORKS = (" report", " poll", " survey", " article", " story", " investigation", " analysis", " interview", " editorial")
_PIECE = re.compile(rf"(?P<who>{NAMES})(?: [a-z]+)?(?:{'|'.join(_WORKS)})\b")


def _pieces(sentence: str) -> Iterator[Mention]:
    """An outlet that is named for its work: "a Daily Example report"."""
    if any(work in sentence for work in _WORKS):
        for found in _PIECE.finditer(sentence):
            if is_outlet(found["who"]):
                yield _mention(sentence, *found.span("who"))


def _possessors(sentence: str) -> Iterator[Mention]:
    """The owner of a statement: "Roe's claim that"."""
    for found in _OWNED.finditer(sentence) if _STATED.search(sentence) else ():
        yield _mention(sentence, *found.span("who"))


_TOLD = re.compile(rf"\b(?:told|interview with|speaking to|(?:statement|sent) to|shared with) (?P<who>{NAMES})")


def _told_to(sentence: str) -> Iterator[Mention]:
    """The outlet that somebody spoke to, or sent something: what it was told is its news."""
    for found in _TOLD.finditer(sentence):
        if is_outlet(found["who"]):
            yield _mention(sentence, *found.span("who"))


def _newswork(sentence: str) -> Iterator[Mention]:
    """An outlet, or its named reporter, in what outlets do: "The Daily Example ran", "NBC's Ann Lee pressed"."""
    if not is_outlet(sentence) or _words().newswork.isdisjoint(_LOWER.findall(sentence)):
        return
    for found in _NEWSWORK.finditer(sentence):
        if found["verb"] in _words().newswork and is_outlet(found["who"]):
            yield _mention(sentence, *found.span("who"))


_NEWSWORK = re.compile(rf"(?P<who>{NAMES}(?:['’]s? {NAMES})?) (?:(?:then|also|first|later|has|had) )?(?P<verb>[a-z-]+)\b")
_LOWER = re.compile(r"[a-z]+(?:-[a-z]+)?")


class _Token(NamedTuple):
    start: int
    end: int
    text: str
    small: str


def _subjects(sentence: str) -> Iterator[Mention]:
    """The subjects of verbs of saying and holding, outside quotations."""
    own, listed = unquoted(sentence), _words()
    if listed.verbs.isdisjoint(_LOWER.findall(own)):
        return
    tokens = [_Token(m.start(), m.end(), m[0], m[0].lower().replace("’", "'")) for m in _TOKEN.finditer(own)]
    for index, (before, token) in enumerate(pairwise(tokens), 1):
        goes_on = token.text in listed.progressive and before.small in listed.being
        if (token.text in listed.verbs or goes_on) and (span := _subject(tokens, index, sentence)):
            yield _mention(sentence, tokens[span[0]].start, tokens[span[1]].end)


def _subject(tokens: list[_Token], verb: int, sentence: str) -> tuple[int, int] | None:
    """The first and last token of the noun phrase that is the subject of the verb at ``verb``."""
    if verb + 1 < len(tokens) and tokens[verb + 1].text == "by":  # a passive: its subject says nothing
        return None
    last, listed = verb - 1, _words()
    while last >= 0 and (tokens[last].small in listed.between or tokens[last].small.endswith("n't")):
        last -= 1
    if last >= 0 and tokens[last].text == ",":
        if tokens[verb].text in listed.inverts and _is_subject(tokens[verb + 1 :]):
            return None  # "The frost went, said Prof. Roe": what stands before the comma is what was said
        last = _before_apposition(tokens, last)
    if last < 0 or not tokens[last].text[0].isalnum():
        return None
    if tokens[last].small in listed.pronouns:
        told = bool(last) and tokens[last - 1].small in listed.said and tokens[verb].text not in listed.said
        return None if told else (last, last)  # "says she hopes": one source
    first = last
    while first > 0 and last - first < _MOST_WORDS and not _bounds(tokens[first - 1]):
        if sentence[tokens[first - 1].end : tokens[first].start].strip():  # a quotation stands between
            break
        first -= 1
    while first < last and tokens[first].small in listed.leading:
        first += 1
    return (first, last) if _nominal(tokens[first : last + 1], tokens[verb].text) else None


def _is_subject(behind: Sequence[_Token]) -> bool:
    """Whether the words behind a verb of saying are its subject, not what is said: a name or "a court", and no verb."""
    if not behind or not (behind[0].text[0].isupper() or behind[0].text in _words().before_subject):
        return False
    irregular = table("verbs.en.toml")["irregular"]
    between = _words().between
    return not any(token.small in between or token.small in irregular or _PAST.search(token.text) for token in behind)


_PAST = re.compile(r"[a-z]ed\Z")


def _before_apposition(tokens: list[_Token], comma: int) -> int:
    """The last token before "X, a spokesman, said": the comma that opens the apposition, or -1."""
    for index in range(comma - 1, max(-1, comma - 16), -1):
        if tokens[index].text == ",":
            return index - 1
        if tokens[index].text in '.;:?!"“”':
            return -1
    return -1


def _bounds(token: _Token) -> bool:
    """Whether a token cannot stand inside a subject: marks, conjunctions, other verbs."""
    return not token.text[0].isalnum() or token.small in _words().stops


@cache
def _acts() -> frozenset[str]:
    """Verbs as they stand behind "will" or "to": a phrase that begins with one is no subject."""
    return frozenset(table("finite.en.toml")["base"])


def _nominal(tokens: list[_Token], verb: str) -> bool:
    """Whether the tokens can be a source: a name, a determined or plural noun."""
    first, last, listed = tokens[0], tokens[-1], _words()
    name = last.text[0].isupper()
    if first.small == "no" or first.text in _acts():
        return False
    if (
        last.small in listed.no_noun
        or last.small in listed.determiners
        or first.small in listed.no_noun
        or (not name and last.text.endswith(("ly", "ing", "ed")))
    ):
        return False
    if verb in listed.ambiguous and not name and any(token.text.endswith(("'s", "’s")) for token in tokens[:-1]):
        return False  # "the senator's tax plans": a noun
    if len(tokens) == 1:
        return name or last.text.endswith("s")
    return first.text[0].isupper() or last.text.endswith("s") or name or first.small in listed.determiners
