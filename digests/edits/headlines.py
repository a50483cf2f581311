"""Tells whether a headline may stand as the story line (E12)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from digests import numbers, sentences, words
from digests.data import table
from digests.edits.alone import reads_alone
from digests.edits.safety import has_finite_verb
from digests.edits.statements import has_verb, states
from digests.model import Kind

_TEASES = re.compile(
    r"\?|\b(?:you|your|why|how|here['’]s|here (?:is|are))\b|^\W*(?:watch|listen|video|audio|podcast|photos|in pictures)\s*[:|]",
    re.IGNORECASE,
)
_WITHHOLDS = re.compile(r"^\W*(?:What|When|Where|Who|Whose|Which|Inside)\b(?!.*,)")
_CUT_OFF = re.compile(r"(?:\.\.\.|…)[\"”’']?$")
_ABBREVIATION = re.compile(r"\b[A-Z][A-Z0-9]+\b")
_POSSESSIVE = re.compile(r"['’]s?(?![^\W_])")
_SPACES = 3  # in a headline that tells something
_HELD = 0.66  # of a headline's content words, to stand in the first sentences
_MOST = 0.7  # of its later words, to have a capital where every word has one


def headline_serves(title: str, first_sentences: Sequence[str]) -> bool:
    """Whether ``title`` tells something and does not tease, and its every name and number and two thirds of its content words
    stand in the first sentences.

    Args:
        first_sentences: the article's first three.

    >>> headline_serves("Ferry runs aground off Naxos", ["A ferry ran aground off Naxos on Monday."])
    True
    """
    if not title.strip() or headline_teases(title) or not _has_verb(title):
        return False
    content, stand = _content(title), _content(" ".join(first_sentences))
    return bool(content) and _names_stand(title, stand) and len(content & stand) >= _HELD * len(content)


def headline_teases(title: str) -> bool:
    """Whether ``title`` asks, invites or speaks to its reader, announces a film or breaks off.

    >>> headline_teases("Why the ferry sank"), headline_teases("Watch: Ferry sinks"), headline_teases("The last ferry of Naxos")
    (True, True, False)
    """
    return bool(_TEASES.search(title) or _CUT_OFF.search(title.strip()))


def headline_withholds(title: str) -> bool:
    """Whether ``title`` begins as a question does and answers none: it tells nothing, though what it promises may be news.

    >>> headline_withholds("What judges of Ostby read"), headline_withholds("When rescuers came, 40 were dead")
    (True, False)
    """
    return bool(_WITHHOLDS.search(title))


def headline_vouched(title: str, text: str) -> bool:
    """Whether ``title`` tells something by itself and its every name and number stand somewhere in its article.

    >>> headline_vouched("Ferry runs aground off Naxos", "For years divers have warned. Off Naxos a ship now lies on a reef.")
    True
    """
    return headline_tells(title) and _names_stand(title, _content(text))


def headline_is_past(title: str, summary: str) -> bool:
    """Whether what halts, closes or bans something in a headline is over by what stands below it: the alert has been lifted.

    >>> headline_is_past("Alert halts flights", "The alert, which has been lifted, closed the port for an hour.")
    True
    """
    over, begun = _over()
    return bool(over.search(summary) and begun.search(title))


@cache
def _over() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What says that something is over, and what said in a headline that it began."""
    patterns = table("editing.en.toml")["over"]
    return re.compile(patterns["summary"], re.IGNORECASE), re.compile(patterns["headline"], re.IGNORECASE)


def _names_stand(title: str, stand: Collection[str]) -> bool:
    """Whether every name and number of a headline is among these content words."""
    return all(word in stand for name in _names(numbers.spaced(title)) for word in words.content(name))


def _content(text: str) -> set[str]:
    """The content words of a text; a headline's "16M" is the "16 million" of its article, and the other way about."""
    return set(words.content(numbers.spaced(text)))


def headline_tells(title: str) -> bool:
    """Whether ``title`` tells something by itself, with nothing but its outlet to vouch for it: a fact with a verb, no teaser,
    question, comment or label.

    >>> headline_tells("Quarles raises its harbour fees again"), headline_tells("The flaws in the plans of Quarles")
    (True, False)
    """
    told = sentences.read(f"{title.strip()}.")  # with its stop it is judged as a sentence, not as a line of the page
    if (
        title.strip().count(" ") < _SPACES
        or len(told) != 1
        or told[0].kind is not Kind.FACT
        or headline_teases(title)
        or _LABEL.match(title)
    ):
        return False
    text = title.strip()
    lowered = _lowered(text)
    # "The change of plans" and "Quarles's last ask" are no sentences, "women win the cup" is one.
    has = has_finite_verb(lowered) if _NOUN_FIRST.match(text) else _tells(text)
    return has and states(lowered) and reads_alone(text, "") and not _PERSON_WHO.match(text)


_LABEL = re.compile(
    r"(?:what|when|where|which|who|whose|can|could|will|would|should|must|is|are|do|does|did|meet|inside|lessons|introducing)\b"
    r"|[^:|]*\b(?:newsletter|podcast|quiz|watch|live|opinion|analysis|video|review|photos|pictures|explain(?:er|ed)) ?[:|–—-]",
    re.IGNORECASE,
)
"""A question without its mark, an invitation, or what kind of piece it is."""
_NOUN_FIRST = re.compile(r"(?:The|An?) |[\w.-]+['’]s? ")
_PERSON_WHO = re.compile(r"(?:The|An?) [^,:]*? (?:who|that|which) [^,:]*$")


def _lowered(title: str) -> str:
    """The headline in small letters where its capitals mark no name."""
    return title[0] + title[1:].lower() if _in_title_case(title) else title


def _has_verb(title: str) -> bool:
    """Whether a verb stands in a headline, an infinitive and a participle too: "Naxos to close its pier", "Pier closed"."""
    return " to " in title or _tells(title.strip())


def _tells(title: str) -> bool:
    """Whether a verb or a word that could be one stands in a headline.

    What only could be one is none as the last word ("Naxos harbour labels") or in capitals ("BIOS").
    """
    if has_finite_verb(_lowered(title)):
        return True
    return has_verb(_lowered(_ABBREVIATION.sub("X", title)).rpartition(" ")[0])


def _in_title_case(title: str) -> bool:
    """Whether nearly every word has a capital, so that a capital marks no name."""
    later: list[str] = words.WORD.findall(title)[1:]
    return sum(word[0].isupper() for word in later) > _MOST * len(later)


def _names(title: str) -> list[str]:
    """The words of a headline that may be names or numbers: a capital shows them, but that of the first word shows nothing.

    Where nearly every word has a capital, only those count that news does not write in small letters elsewhere.
    """
    written = [_POSSESSIVE.sub("", word) for word in words.WORD.findall(title)]
    first, later = written[:1], written[1:]
    marked = [word for word in later if word[0].isupper() or any(character.isdigit() for character in word)]
    if len(marked) > _MOST * len(later):
        marked = [word for word in marked if not (has_finite_verb(word) or words.written_small(word))]
    return [word for word in first if not words.written_small(word)] + marked
