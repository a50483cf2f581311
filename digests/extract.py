"""Choose the claims that a digest shows: a linear score over cheap features, then greedily with an overlap veto."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from digests import data, words
from digests.model import Claim, Understood
from digests.verbs import Tense, verbs

LONGEST_WORDS = 40
"""A longer claim is not chosen for a post (the hard stop of rule 13 in product.md): another one is."""
PREFERRED_WORDS = 28
SHORTEST_WORDS = 6
SAME, SAME_BY_ANOTHER = 0.5, 0.7
"""Share of the shorter claim's content words that another may hold before both say the same."""
_QUOTE = re.compile(r"[\"“”]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim with its score and what the overlap veto compares."""

    claim: Claim
    score: float
    content: frozenset[str]

    def says(self, other: Candidate) -> bool:
        """Whether the two say the same: they share more than half of the shorter one's content words.

        Who says it is a part of a claim: where two are credited, and not the same, they must share nearly all.
        """
        least, shared = min(len(self.content), len(other.content)), len(self.content & other.content)
        if shared <= SAME * least:
            return False
        credited, also = self.claim.attribution.said_by, other.claim.attribution.said_by
        return not (credited and also) or credited == also or shared > SAME_BY_ANOTHER * least


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen claim and those that say the same, in falling order of score."""

    chosen: Candidate
    twins: tuple[Candidate, ...] = ()


def candidates(
    understood: Understood,
    rarity: words.Rarity,
    around: Sequence[str] = (),
    *,
    most_words: int | None = LONGEST_WORDS,
    content: Sequence[str] | None = None,
) -> list[Candidate]:
    """The claims of an article that could be bullets, best first.

    Args:
        most_words: of a bullet; None for no bound.
        rarity: how much each word tells.
        around: content words of the other articles of the story; a claim that they support scores higher.
        content: those of this article's text, where they are known.
    """
    usable = [claim for claim in understood.claims if _usable(claim, most_words)]
    contents = [frozenset(words.content(claim.text)) for claim in usable]
    article = words.unit(_bag(words.content(understood.article.text) if content is None else content, rarity))
    story = words.unit(_bag(around, rarity))
    lead = contents[0] if contents else frozenset()
    title = frozenset(words.content(understood.article.title))
    scored = []
    for claim, told in zip(usable, contents, strict=True):
        features = _features(claim, told, lead, title)
        vector = words.unit(rarity.of(sorted(told)))  # a set has another order in every process
        features["central"] = words.cosine(vector, article)
        features["support"] = words.cosine(vector, story)
        scored.append(Candidate(claim, score(features), told))
    return sorted(scored, key=lambda candidate: (-candidate.score, candidate.claim.order))


def score(features: dict[str, float]) -> float:
    """The weighted sum of the features; the weights are data (``extract.toml``).

    To nine digits: between two claims that are equally good the newer report decides, not an error of rounding.
    """
    weights: dict[str, float] = data.table("extract.toml")["weights"]
    return round(sum(weights[name] * value for name, value in features.items()), 9)


def choose(ranked: Sequence[Candidate], most: int | None, leading: Candidate | None = None) -> list[Choice]:
    """Take the best claims that do not say what a better one says, the leading one first; None takes all.

    What a claim repeats of those before it counts against it (maximal marginal relevance, Carbonell and Goldstein 1998).
    The vetoed ones become twins of the first chosen one that says the same.

    Args:
        ranked: in falling order of score.
    """
    cost = data.table("extract.toml")["repeating"]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(ranked):
        for word in each.content:
            holders[word].append(at)
    chosen: list[Choice] = []
    told: set[str] = set()
    left = dict(enumerate(ranked))
    worth, repeated = [each.score for each in ranked], [0] * len(ranked)
    while left and (most is None or len(chosen) < most):
        first = next((at for at, each in left.items() if each is leading), None) if leading else None
        best = left.pop(max(left, key=worth.__getitem__) if first is None else first)
        leading = None
        sharing = sorted({at for word in best.content for at in holders[word]} & left.keys())
        twins = [at for at in sharing if left[at].says(best)]
        chosen.append(Choice(best, tuple(left.pop(at) for at in twins)))
        for at in chain.from_iterable(holders[word] for word in best.content - told):
            repeated[at] += 1
            worth[at] = ranked[at].score - cost * repeated[at] / len(ranked[at].content)
        told |= best.content
    return chosen


def _usable(claim: Claim, most_words: int | None) -> bool:
    length = _length(claim.text)
    return claim.alone and claim.whole and length >= SHORTEST_WORDS and (most_words is None or length <= most_words)


def _length(text: str) -> int:
    """How many words a claim shows: there is one space between two."""
    return text.count(" ") + 1


def _features(claim: Claim, content: frozenset[str], lead: frozenset[str], title: frozenset[str]) -> dict[str, float]:
    text = claim.text
    length = _length(text)
    return {
        "first": float(claim.order == 0),
        "early": 1.0 / (1.0 + claim.order),
        "late": min(claim.order, 30) / 30,
        "lead": len(content & lead) / (len(content) or 1),
        "title": len(content & title) / (len(title) or 1),
        "long": max(0, length - PREFERRED_WORDS) / 12,
        "short": max(0, 14 - length) / 8,
        "numbers": min(len(words.numbers(text)), 3) / 3,
        "names": min(len(words.names(text)), 4) / 4,
        "happened": float(_happened(text)),
        "dated": float(claim.date.leads or bool(claim.date.words)),
        "credited": float(claim.attribution.said_by is not None),
        "quote": float(bool(_QUOTE.search(text))),
        "question": float(text.rstrip("\"”'’").endswith("?")),
    }


def _happened(text: str) -> bool:
    """Whether the main clause tells what happened, not what is: its first own verb is in the past."""
    first = next((verb for verb in verbs(text) if verb.finite and not verb.saying), None)
    return first is not None and first.tense is Tense.PAST and not first.auxiliary


def _bag(content: Sequence[str], rarity: words.Rarity) -> dict[str, float]:
    counts = Counter(content)
    return {word: counts[word] * weight for word, weight in rarity.of(counts).items()}
