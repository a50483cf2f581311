"""Choose the claims that a digest shows: a sum of named terms for each, then greedily with an overlap veto."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, lru_cache, partial
from heapq import heapify, heappop, heappush
from itertools import chain, islice

from digests import blemishes, data, edits, numbers, ranking, sentences, words
from digests.happenings import TIMELESS, Tells, tells
from digests.model import Basis, Claim, EventDate, Precision, Term, Understood
from digests.verbs import Tense, first_verbs

LONGEST_WORDS = 40
"""A longer claim is not chosen for a post: another one is."""
PREFERRED_WORDS = 28
SHORTEST_WORDS = 6
SAME, SAME_BY_ANOTHER = 0.5, 0.7
"""Share of the shorter claim's content words that another may hold before both say the same."""
SAME_WORDS = 0.6
"""Share of all words of the shorter claim, small ones too, with which another reads as its repetition."""
FIT = 0.3
"""What a claim is worth at least to be shown in a post.

Set by hand, on bullets of real pages that were read: less is worth what explains, comes late in a text or judges.  Of 62
bullets under a story's line an editor would have rewritten 3 of 24 above .4, 6 of 21 down to .15, and 5 of 17 below."""
_TITLE_ADDS = 0.2
"""What a bullet is worth by the words of its headline, in the middle: where there is no headline, nothing can add it."""
MOST_LOST = -0.55
"""What a claim may lose by all that an editor would mend in it, however much it is worth."""
MOST_AGAIN = 0.9
"""What a claim of a post may hold of what stands above it: the share of its content words that all that do hold, and that of
the shorter one's that one of them does.

Of 91 bullets of stories that several tell 28 told the line again in other words: 17 of them reach this, and 7 of the others."""
HEADLINE_SHARE, HEADLINE_MOST = 0.45, 0.6
"""Share of its headline's content words that a claim holds, at least, when it says what its article is about, and when it says
the same.

Of 39 lines of real pages an editor would have rewritten 2 of 29 above the first, and 6 of 10 below."""
_TELLING_TITLE = 3  # content words
_NEWSLIKE = frozenset({Tells.DONE, Tells.SAID, Tells.AHEAD})
FIRST = 3
"""A story's line is of the first claims that could be bullets: so many may stand before it."""
_NEWS = timedelta(days=7)
_ASIDE_PLANS = 4
"""Claims before a plan, behind so many of which its day is worth half: what stands late is to be done beside the news."""
_ROUNDING = 1e-9
_DAY_OF_A_YEAR = re.compile(r"XXXX-\d\d-\d\d")
"""The value of a day whose year is unknown, as TIMEX3 writes it."""
_QUOTE_MARKS = ('"', "“", "”")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim with its score, the features that make it, and what the overlap veto compares.

    ``untold`` gives the words by which it means somebody or something that its article told before it, ``presumed`` these and
    all others whose first mention stands there, ``which`` the nouns that "the" takes for known.  To look for these, for its
    ``blemishes`` and its ``weakness`` costs more than all else that is asked of a claim, so it is asked only of those that
    come up.
    It ``opens`` if it is the first of its article that could be a bullet.  Its ``toll`` is 1 if it counts the dead or the hurt
    and is that first one, less for each claim before it, and 0 if it does not.
    """

    claim: Claim
    score: float
    content: frozenset[str]
    tokens: frozenset[str] = frozenset()
    features: Mapping[str, float] = field(default_factory=dict, repr=False, compare=False)
    untold: Callable[[], frozenset[str]] = field(default=frozenset, repr=False, compare=False)
    presumed: Callable[[], frozenset[str]] = field(default=frozenset, repr=False, compare=False)
    which: Callable[[], Sequence[str]] = field(default=list, repr=False, compare=False)
    blemishes: Callable[[], Mapping[str, float]] = field(default=dict, repr=False, compare=False)
    weakness: Callable[[], Mapping[str, float]] = field(default=dict, repr=False, compare=False)
    opens: bool = field(default=False, compare=False)
    toll: float = field(default=0.0, compare=False)

    @property
    def terms(self) -> tuple[Term, ...]:
        """What the score is the sum of, so that "why is this here" has an answer."""
        weights = _weights()
        return tuple(Term(name, round(value, 3), weights[name]) for name, value in self.features.items() if value)

    @property
    def with_toll(self) -> float:
        """Its score with its toll, which counts in posts only."""
        return self.score + _weights()["toll"] * self.toll

    @property
    def tells_the_news(self) -> bool:
        """Whether it tells what its article reports, as far as the headline and its own form show: a scene does not, nor does
        what came before.

        It says what the headline does, has a fresh day or a source in front or behind, or begins the article in the tense of
        news, or in the past with a day or a source inside, with a word of the headline at least.  How things are is news only
        where the headline says nearly that.
        """
        title, share = words.content(self.claim.article.title), self.features.get("title", 0.0)
        if not title or (share >= HEADLINE_MOST and len(title) >= _TELLING_TITLE):
            return True
        tense = tells(self.claim.text)
        if share >= HEADLINE_SHARE and len(title) >= _TELLING_TITLE:
            return tense not in TIMELESS
        if self.features.get("dated") or self.features.get("credited"):
            return True
        past = tense is Tells.EVENT and blemishes.is_vouched(self.claim)
        return share > 0 and (past or tense in _NEWSLIKE) and not self.features.get("depth")

    def says(self, other: Candidate) -> bool:
        """Whether the two say the same, so that a reader needs one of them: they share more than half of the shorter one's
        content words, or most of its words as they stand.

        Who says it is a part of a claim: where two are credited, and not the same, they must share nearly all.  So is how many:
        two outlets that give different numbers on one day contradict each other, and a reader needs both.
        """
        least, shared = min(len(self.content), len(other.content)), len(self.content & other.content)
        if shared > SAME * least:
            credited, also = self.claim.attribution.said_by, other.claim.attribution.said_by
            same = not (credited and also) or credited == also or shared > SAME_BY_ANOTHER * least
        else:
            same = False
        return (same or self._reads_like(other)) and not self.contradicts(other)

    def shares(self, other: Candidate) -> float:
        """Share of the shorter one's content words that the other holds."""
        return _shared(self.content, other.content)

    def counts_otherwise(self, other: Candidate) -> bool:
        """Whether the two give different numbers of the same thing."""
        ours = _counted(self.claim.text)
        theirs = _counted(other.claim.text) if ours else {}
        return any(of in theirs and number.value != theirs[of].value for of, number in ours.items())

    def _reads_like(self, other: Candidate) -> bool:
        least = min(len(self.tokens), len(other.tokens))
        return least > 0 and len(self.tokens & other.tokens) >= SAME_WORDS * least

    def contradicts(self, other: Candidate) -> bool:
        """Whether another outlet gives, on one day, another number of the same thing."""
        one, two = self.claim.article, other.claim.article
        return one.outlet != two.outlet and one.published_day == two.published_day and self.counts_otherwise(other)


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen claim and those that say the same, in falling order of score.

    ``repeats`` is the share of its content words that the claims chosen before it tell; it ``leans`` if it takes for known
    what neither they nor the headline tell.  ``blemishes`` are what an editor would mend in it, where that was asked, and its
    toll.
    """

    chosen: Candidate
    twins: tuple[Candidate, ...] = ()
    repeats: float = 0.0
    leans: bool = False
    blemishes: Mapping[str, float] = field(default_factory=dict, repr=False, compare=False)

    @property
    def why(self) -> tuple[Term, ...]:
        """The terms by which it was chosen, what it cost to repeat others and to lean on what is not shown among them."""
        costs = (("repeats", round(self.repeats, 3)), ("untold", float(self.leans)), *self.blemishes.items())
        return (*self.chosen.terms, *(Term(name, value, _weights()[name]) for name, value in costs if value))


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of an article, read once.

    Args:
        content: its content words, in order.
        quotes: all words (tokens) of the quotes of its claims, by their spans.
    """

    content: Sequence[str]
    quotes: Mapping[tuple[int, int], Sequence[str]]

    @classmethod
    def of(cls, understood: Understood) -> Wording:
        text, at = understood.article.text, 0
        found: list[str] = []
        quotes = {}
        for start, end in ((claim.citation.start, claim.citation.end) for claim in understood.claims):
            quotes[start, end] = words.tokens(text[start:end])
            if between := text[at:start].strip():
                found += words.tokens(between)
            found += quotes[start, end]
            at = end
        return cls(words.telling([*found, *words.tokens(text[at:])]), quotes)

    def tokens(self, claim: Claim) -> frozenset[str]:
        """The words that a claim shows, small ones too."""
        quote = None if claim.edits else self.quotes.get((claim.citation.start, claim.citation.end))
        return frozenset(words.tokens(claim.text) if quote is None else quote)


class StoryWords:
    """The words of all articles of a story, from which each takes its own: that costs what its words do, not the story's."""

    def __init__(self, contents: Sequence[Sequence[str]], rarity: words.Rarity) -> None:
        self.counts = Counter(chain.from_iterable(contents))
        self.weights = rarity.of(self.counts)
        self.square = sum((count * self.weights[word]) ** 2 for word, count in self.counts.items())

    def beside(self, content: Sequence[str]) -> Support | None:
        """What the other articles support, beside the one of these content words; None where they have no words."""
        own, counts, weights = Counter(content), self.counts, self.weights
        gone = sum(weights[word] ** 2 * count * (2 * counts[word] - count) for word, count in own.items())
        left = self.square - gone
        return Support(self, own, math.sqrt(left)) if left > self.square * _ROUNDING else None


@dataclass(frozen=True, slots=True)
class Support:
    """How much of what a claim says the other articles of its story say: the words of the story without its article's.

    Args:
        length: of the vector of those words.
    """

    story: StoryWords
    own: Mapping[str, int]
    length: float

    def of(self, vector: Mapping[str, float]) -> float:
        """Cosine of the angle between a claim's words, a vector of length 1, and those of the other articles."""
        counts, weights, own = self.story.counts, self.story.weights, self.own
        others = (
            (counts[word] - own.get(word, 0)) * weights[word] * weight for word, weight in vector.items() if word in counts
        )
        return sum(others) / self.length


def candidates(
    understood: Understood,
    rarity: words.Rarity,
    support: Support | None = None,
    *,
    most_words: int | None = LONGEST_WORDS,
    wording: Wording | None = None,
    further: Callable[[Claim], Mapping[str, float]] | None = None,
) -> list[Candidate]:
    """The claims of an article that could be bullets, best first.

    Args:
        rarity: how much each word tells.
        most_words: of a bullet; None for no bound.
        support: of the other articles of the story; a claim that they support scores higher.
        wording: that of this article, where it is known.
        further: features of a claim that its article alone does not show.
    """
    wording = wording or Wording.of(understood)
    bullets = [claim for claim in understood.claims if usable(claim, most_words)]
    article = words.unit(_bag(Counter(wording.content), rarity))
    title = frozenset(words.content(understood.article.title))
    scored = []
    for before, claim in enumerate(bullets):
        tokens = wording.tokens(claim)
        told = frozenset(words.telling(tokens))
        features = _features(claim, tokens, told, title, before)
        vector = words.unit(rarity.of(sorted(told)))  # a set has another order in every process
        features["central"] = words.cosine(vector, article)
        features["support"] = support.of(vector) if support else 0.0
        if further:
            features.update(further(claim))
        late = partial(_untold, claim), partial(_presumed, claim), partial(edits.definites, claim.text)
        mended = partial(blemishes.blemishes, claim), partial(blemishes.weakness, claim)
        opens = before == 0 and _is_first(claim, understood)
        scored.append(
            Candidate(claim, score(features), told, tokens, features, *late, *mended, opens, _is_toll(claim) / (1 + before))
        )
    return sorted(scored, key=lambda candidate: (-candidate.score, candidate.claim.order))


def _is_first(claim: Claim, understood: Understood) -> bool:
    """Whether no claim that could be a bullet was taken out of the article before this one, as what was told is."""
    known = (*(each.citation for each in understood.claims), *(each.citation for each in understood.dropped))
    return sum(each.start < claim.citation.start for each in known) >= claim.order


def counts_victims(text: str) -> bool:
    """Whether a sentence or a headline counts those who died, were hurt or are missing; not of an event of another month or
    year, which came before.

    >>> counts_victims("Five people were killed in a fire in Ostby"), counts_victims("Nine arrested over death of Alma Roe")
    (True, False)
    """
    return _is_counted(text) and not _pattern("month").search(text)


def tells_of_a_death(headline: str) -> bool:
    """Whether a headline tells that somebody died."""
    return bool(_pattern("death").search(headline.lower()))


def tells_of_victims(headline: str) -> bool:
    """Whether a headline tells of the dead, the hurt or the missing, counted or not.

    >>> tells_of_victims("Storm toll rises"), tells_of_victims("Managers charged over a dam")
    (True, False)
    """
    return bool(_pattern("victims").search(headline.lower()))


def _is_toll(claim: Claim) -> bool:
    return _is_counted(claim.text) and (_fresh(claim) or not _pattern("month").search(claim.text))


def _is_counted(text: str) -> bool:
    return bool(_pattern("toll").search(text) and _counted(text))


def _untold(claim: Claim) -> frozenset[str]:
    return edits.takes_for_known(claim.text, claim.article.text[: claim.citation.start])


def _presumed(claim: Claim) -> frozenset[str]:
    return edits.presumes(claim.text, claim.article.text[: claim.citation.start], claim.attribution.said_by or "")


def score(features: Mapping[str, float]) -> float:
    """The weighted sum of the features; the weights are data (``extract.toml``).

    To nine digits: between two claims that are equally good the newer report decides, not an error of rounding.
    """
    weights = _weights()
    return round(sum(weights[name] * value for name, value in features.items()), 9)


def _weights() -> dict[str, float]:
    weights: dict[str, float] = data.table("extract.toml")["weights"]
    return weights


def choose(
    ranked: Sequence[Candidate],
    most: int | None,
    leading: Candidate | None = None,
    *,
    headline: str = "",
    fit: bool = False,
    mended: bool = False,
) -> list[Choice]:
    """Take the best claims that do not say what a better one says, the leading one first; None takes all.

    What a claim repeats of those before it counts against it (maximal marginal relevance, Carbonell and Goldstein 1998), and so
    does taking for known what neither they nor the headline tell.
    The vetoed ones become twins of the first chosen one that says the same.  Of claims that say the same but for a number the
    one of the newest report is taken: a toll that has risen is shown as it stands now.

    Args:
        ranked: in falling order of score.
        leading: the claim that the headline says, shown by it.
        headline: what stands above the claims.
        fit: only what an editor would let stand: nothing that presumes what neither the headline nor a claim taken before
            tells, and nothing that is worth less than ``FIT``, what he would mend counted.
        mended: what he would mend counts, and an article's beginning, though none is kept out; ``fit`` is that too.
    """
    pool = _Pool(ranked, words.content(headline), fit=fit, mended=fit or mended)
    chosen: list[Choice] = []
    while pool.left and (most is None or len(chosen) < most):
        lead = next((at for at, each in pool.left.items() if each is leading), None) if leading else None
        found = pool.best() if lead is None else lead
        if found is None:
            break
        twins = pool.twins(found)
        if lead is None and (newer := _newest_count(pool.left, found, twins)) != found:
            found, twins = newer, pool.twins(newer)
        chosen.append(pool.take(found, twins, shown=lead is None))
        leading = None
    return chosen


class _Pool:
    """The claims of which some are chosen, each with what it is worth beside those that were.

    Args:
        known: the content words of the headline.
        fit, mended: as in ``choose``.
    """

    def __init__(self, ranked: Sequence[Candidate], known: Iterable[str], *, fit: bool, mended: bool) -> None:
        self.left = dict(enumerate(ranked))
        self._ranked, self._fit, self._mends, self._headline = ranked, fit, mended, frozenset(known)
        self._known = set(self._headline)
        self._repeated = [0] * len(ranked)
        self._told: set[str] = set()
        self._taken: list[Candidate] = []
        self._untold: dict[int, frozenset[str]] = {}
        self._leaning: set[int] = set()
        self._which: dict[int, frozenset[str]] = {}
        self._blemishes: dict[int, Mapping[str, float]] = {}
        self._weakness: dict[int, Mapping[str, float]] = {}
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        for at, each in enumerate(ranked):
            for word in each.content:
                self._holders[word].append(at)
        self._worth = [self._worth_of(at) for at in range(len(ranked))]  # at most: what costs time is asked where it decides
        self._queue = [(-worth, at) for at, worth in enumerate(self._worth)]  # every worth that one had, best first
        heapify(self._queue)

    def best(self) -> int | None:
        """The one that is worth most; None where none is fit."""
        while self._queue:
            negated, at = self._queue[0]
            if at not in self.left or self._worth[at] != -negated:
                heappop(self._queue)  # it was put away, or is worth something else by now
            elif negated == math.inf:
                break
            elif self._is_asked(at):
                return at
            else:
                self._ask(at)  # what is found only takes away
        return None

    def twins(self, found: int) -> list[int]:
        """The other claims that say the same as the one that was found."""
        sharing = sorted({at for word in self.left[found].content for at in self._holders[word]} & self.left.keys() - {found})
        return [at for at in sharing if self.left[at].says(self.left[found])]

    def take(self, found: int, twins: Sequence[int], *, shown: bool) -> Choice:
        """Choose a claim and put its twins away; one that is not shown stands for the headline, which is known already."""
        while not self._is_asked(found):
            self._ask(found)
        best = self.left.pop(found)
        repeats = len(best.content & self._told) / (len(best.content) or 1)
        also = tuple(self.left.pop(at) for at in twins)
        first = {"toll": round(best.toll, 3)} if self._mends and best.toll else {}
        choice = Choice(best, also, repeats, found in self._leaning, self._mended(found) | first)
        opens = not self._known
        if shown:
            self._known |= best.content - self._untold[found]
        self._leaning = {at for at in self._leaning if not self._untold[at] <= self._known}
        self._taken.append(best)
        shared = Counter(chain.from_iterable(self._holders[word] for word in best.content - self._told))
        for at, times in shared.items():
            self._repeated[at] += times
        for at in self.left if opens else self.left.keys() & (self._which.keys() | self._untold.keys() | shared.keys()):
            self._weigh(at)
        self._told |= best.content
        return choice

    def _is_asked(self, at: int) -> bool:
        return at in (self._weakness if self._mends else self._untold)

    def _ask(self, at: int) -> None:
        """Look for one more of the things that cost time to find, the cheapest first: the next may not be needed."""
        each = self._ranked[at]
        if self._mends and at not in self._which:
            self._which[at] = frozenset(each.which())
        elif self._mends and at not in self._blemishes:
            self._blemishes[at] = each.blemishes()
        elif at not in self._untold:
            self._untold[at] = each.presumed() if self._mends else each.untold()
            if not self._untold[at] <= self._known:
                self._leaning.add(at)
        else:
            self._weakness[at] = each.weakness()
        self._weigh(at)

    def _weigh(self, at: int) -> None:
        """Note what a claim is worth now."""
        worth = self._worth_of(at)
        if worth != self._worth[at]:
            self._worth[at] = worth
            heappush(self._queue, (-worth, at))

    def _worth_of(self, at: int) -> float:
        """What a claim is worth; nothing at all, less than any number, where only fit ones are taken and it is not."""
        weights, each, opens = _weights(), self._ranked[at], not self._known
        depth = each.features.get("depth", 0.0)
        if self._fit and (at in self._leaning or (opens and depth > math.log1p(FIRST))):
            return -math.inf
        worth = each.score + weights["untold"] * (at in self._leaning)
        worth += weights["repeats"] * self._repeated[at] / (len(each.content) or 1)
        if not self._mends:
            return worth
        worth += each.with_toll - each.score
        least = FIT if each.claim.article.title.strip() else FIT - _TITLE_ADDS
        if self._fit and (worth < least or self._says_it_again(at)):
            return -math.inf
        mended = self._mended(at)
        soft = weights["soft"] * mended.pop("soft", 0.0)  # it keeps a claim out, but does not put a harder one before it
        lost = sum(weights[name] * value for name, value in mended.items())
        worth += lost
        if self._fit and (worth + soft < least or lost < MOST_LOST):
            return -math.inf
        return worth + weights["line"] * depth if opens else worth

    def _says_it_again(self, at: int) -> bool:
        """Whether most of what a claim tells stands above it, the most of that in one claim or the headline."""
        each = self._ranked[at]
        if not self._repeated[at]:
            return False
        again = len(each.content & (self._told | self._headline)) / len(each.content)
        closest = max(self._taken, key=each.shares)
        shared = max(each.shares(closest), _shared(each.content, self._headline))
        return again + shared >= MOST_AGAIN and not (each.contradicts(closest) or self._is_another_fact(each.claim))

    def _is_another_fact(self, claim: Claim) -> bool:
        """Whether a claim has a day on which nothing that was taken happened, or counts what none of that counts."""
        if claim.date.leads and all(claim.date.value != each.claim.date.value for each in self._taken):
            return True
        told = {of for each in self._taken for of in _counted(each.claim.text)}
        return not told.union(_listed("time")).issuperset(_counted(claim.text))

    def _mended(self, at: int) -> dict[str, float]:
        """What an editor would mend in a claim: its blemishes, a caption's label, and up to two nouns of which nothing shown
        tells which one is meant."""
        if not self._mends:
            return {}
        found = {**self._blemishes.get(at, {}), **self._weakness.get(at, {})}
        if self._ranked[at].opens and self._ranked[at].tells_the_news:
            found.pop("soft", None)  # it may name nobody: "A pilot who flew asleep was jailed"
        found["caption"] = self._ranked[at].features.get("label", 0.0)
        which = min(len(self._which.get(at, frozenset()) - self._known), 2)
        found["which"] = which / 2 if self._known else which  # below what is shown a reader may guess
        return {name: value for name, value in found.items() if value}


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the smaller set's words that the other holds."""
    return len(one & other) / max(min(len(one), len(other)), 1)


def _newest_count(left: Mapping[int, Candidate], found: int, twins: Sequence[int]) -> int:
    """Of the claim found and its twins that give another number, the one of the newest report."""
    reported = ranking.published(left[found].claim.article)
    if reported is None or not twins:
        return found
    published = {at: instant for at in twins if (instant := ranking.published(left[at].claim.article)) and instant > reported}
    newer = [at for at in published if left[at].counts_otherwise(left[found])]
    return max(newer, key=published.__getitem__, default=found)


def usable(claim: Claim, most_words: int | None) -> bool:
    """Whether a claim could be a bullet of at most so many words; None for no bound."""
    length = _length(claim.text)
    return claim.alone and claim.whole and length >= SHORTEST_WORDS and (most_words is None or length <= most_words)


def _length(text: str) -> int:
    """How many words a claim shows: there is one space between two."""
    return text.count(" ") + 1


def _features(
    claim: Claim, tokens: frozenset[str], content: frozenset[str], title: frozenset[str], before: int
) -> dict[str, float]:
    """What its words, its place and its day say of a claim; ``before`` claims that could be bullets stand before it."""
    text, small = claim.text, claim.text.lower()
    length = _length(text)
    quotes = text.startswith(("'", "‘")) or any(mark in text for mark in _QUOTE_MARKS)
    return {
        "depth": math.log1p(before),
        "title": len(content & title) / (len(title) or 1),
        "long": max(0, length - PREFERRED_WORDS) / 12,
        "short": max(0, 14 - length) / 8,
        "pronouns": min(len(tokens & _listed("pronouns")), 3) / 3,
        "happened": float(_happened(claim)),
        "dated": _fresh(claim) / (1 + before / _ASIDE_PLANS if claim.date.planned else 1),
        "credited": float(claim.attribution.said_by is not None),
        "quote": float(quotes),
        "vague": float(quotes and _vague(text)),
        "label": float(": " in text and bool(_pattern("label").match(small))),
        "silent": float(not _listed("silent_words").isdisjoint(tokens) and bool(_pattern("silent").search(small))),
        "question": float(text.rstrip("\"”'’").endswith("?")),
    }


@lru_cache(maxsize=256)
def _counted(text: str) -> Mapping[str, numbers.Number]:
    """The numbers of a claim by what they count; asked for once for each claim that says the same."""
    return numbers.counted(text)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(data.table("choosing.en.toml")[name], re.VERBOSE)


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(data.table("choosing.en.toml")[name])


_MOSTLY, _TELLING = 0.5, 0.4  # shares of words


def _vague(text: str) -> bool:
    """Whether a claim is mostly a quotation, and few words of that tell something: "We'll see, but we are happy with it"."""
    quoted = " ".join(sentences.quotations(text))
    length = _length(quoted)
    return length >= _MOSTLY * _length(text) and len(words.content(quoted)) <= _TELLING * length


def _happened(claim: Claim) -> bool:
    """Whether the main clause tells what happened, not what is: its first own verb is in the past ("fell", "was arrested")."""
    found = first_verbs(claim.text if claim.edits else claim.citation.quote)
    first = next((verb for verb in found if verb.finite and not verb.saying), None)
    if first is None or first.tense is not Tense.PAST:
        return False
    return not first.auxiliary or any(verb.helped and not verb.auxiliary for verb in islice(found, 2))


def _fresh(claim: Claim) -> bool:
    """Whether a day or a week stands in front and is news: planned, or at most a week before the report.

    Where nobody knows when the report was, a day that only lacks that to be known counts too.
    """
    date, reported = claim.date, claim.article.published_day
    if reported is None:
        return date.basis is Basis.UNCLEAR and _names_a_day(date)
    if not date.leads or date.precision not in (Precision.DAY, Precision.WEEK) or date.last_day is None:
        return False
    return date.planned or date.last_day >= reported - _NEWS


def _names_a_day(date: EventDate) -> bool:
    """Whether the words of a date name a weekday or a day of a month ("on Wednesday", "April 13"); "last month" does not."""
    return bool(_DAY_OF_A_YEAR.fullmatch(date.partial or "")) or not _weekdays().isdisjoint(words.tokens(date.words or ""))


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(data.table("dates.en.toml")["values"]["weekday"])


def _bag(counts: Mapping[str, int], rarity: words.Rarity) -> dict[str, float]:
    return {word: counts[word] * weight for word, weight in rarity.of(counts).items()}
