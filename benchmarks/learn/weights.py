"""Learn the weights by which a claim is chosen, for ``digests/data/extract.toml``.

Usage: python -m benchmarks.learn.weights FOLDER [--held-back]

FOLDER holds JSON-lines files of articles with reference summaries (``single.dev.jsonl`` and so on, tasks ``digest`` of one
article).  Each article is read, scored and chosen from by the product's own functions.  What is learnt is what makes the three
chosen sentences hold most of the reference (mean of ROUGE-1 and ROUGE-2 F): many weight vectors are drawn, each with the signs
that a reader would expect, and the mean of the best twentieth is kept.  One best vector would be the luck of these articles;
the mean of many good ones changes little from fold to fold.

Articles fall into five folds by their name, the dirty copy of an article with the article.  Four are learnt from, and each of
them is tested with what the other three taught; the fifth is shown with ``--held-back`` only, so look at it once, at the end.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import fmean

from digests import data, extract, words
from digests.claims import understand
from digests.extract import Candidate
from digests.tasks import article_of

FILES = ("single", "single-raw", "noisy")
LEARNT = {  # from where to where a weight is drawn; depth sets the scale
    "depth": (-0.33, -0.33),
    "central": (0.0, 4.0),
    "short": (-0.6, 0.0),
    "long": (-0.4, 0.0),
    "pronouns": (-0.6, 0.0),
    "happened": (0.0, 0.6),
    "quote": (-0.4, 0.0),
    "label": (-0.6, 0.0),
}
DRAWN = 1000
KEPT = 0.05
FOLDS = 5
HELD_BACK = 3
BULLETS = 3
Weights = dict[str, float]
Figures = tuple[float, float]


@dataclass
class Case:
    """An article's claims, the references, and what every choice among them that was looked at is worth."""

    kind: str
    fold: int
    pool: Sequence[Candidate]
    references: Sequence[Counter[tuple[str, ...]]]
    known: dict[tuple[int, ...], Figures] = field(default_factory=dict)

    def worth(self, weights: Mapping[str, float]) -> Figures:
        """ROUGE-1 and ROUGE-2 F of the bullets that these weights choose."""
        scored = [replace(each, score=round(sum(weights[k] * v for k, v in each.features.items()), 9)) for each in self.pool]
        ranked = sorted(scored, key=lambda each: -each.score)
        return self.of([choice.chosen for choice in extract.choose(ranked, BULLETS)])

    def of(self, chosen: Sequence[Candidate]) -> Figures:
        key = tuple(each.claim.order for each in chosen)
        if key not in self.known:
            self.known[key] = rouge([each.claim.text for each in chosen], self.references)
        return self.known[key]


def rouge(texts: Sequence[str], references: Sequence[Counter[tuple[str, ...]]]) -> Figures:
    """Mean ROUGE-1 and ROUGE-2 F over the references (Lin 2004), on our own stems."""
    told = grams("\n".join(texts))
    found = []
    for length in (1, 2):
        own = sum(count for gram, count in told.items() if len(gram) == length)
        scores = []
        for reference in references:
            shared = sum(min(count, told[gram]) for gram, count in reference.items() if len(gram) == length)
            theirs = sum(count for gram, count in reference.items() if len(gram) == length)
            scores.append(2 * shared / (own + theirs) if own + theirs else 0.0)
        found.append(sum(scores) / len(scores))
    return found[0], found[1]


def grams(text: str) -> Counter[tuple[str, ...]]:
    """How often each word and each pair of neighbours stands in a text."""
    stems = [words.stem(word) for word in words.tokens(text)]
    return Counter([*zip(stems, strict=True), *pairwise(stems)])


def cases(folder: Path) -> list[Case]:
    rarity = words.Rarity()
    found = []
    for kind in FILES:
        for line in (folder / f"{kind}.dev.jsonl").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            name = record["id"].removesuffix("-noisy")
            fold = int(hashlib.sha256(name.encode()).hexdigest(), 16) % FOLDS
            pool = extract.candidates(understand(article_of(record["articles"][0])), rarity)
            found.append(Case(kind, fold, pool, [grams(each) for each in record["references"]]))
    return found


def drawn() -> list[Weights]:
    """Weight vectors, the same in every run; what is not learnt is as it was set by hand."""
    by_hand: Weights = data.table("extract.toml")["weights"]
    random = Random(1)
    return [by_hand | {name: random.uniform(*ends) for name, ends in LEARNT.items()} for _ in range(DRAWN)]


def learnt(vectors: Sequence[Weights], worth: Sequence[Sequence[float]]) -> Weights:
    """The mean of the best vectors; ``worth`` has a row for each article, with what each vector is worth there."""
    means = [fmean(column) for column in zip(*worth, strict=True)]
    best = sorted(range(len(vectors)), key=lambda at: -means[at])[: int(KEPT * len(vectors))]
    return {name: fmean(vectors[at][name] for at in best) for name in vectors[0]}


def by_kind(told: Sequence[Case], figures: Sequence[Figures]) -> str:
    """The mean figures of each file."""
    shown = []
    for kind in FILES:
        rows = [figure for case, figure in zip(told, figures, strict=True) if case.kind == kind]
        one, two = (fmean(column) for column in zip(*rows, strict=True))
        shown.append(f"{kind} {one:.3f} / {two:.3f} (n {len(rows)})")
    return ", ".join(shown)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--held-back", action="store_true", help="show the fold that nothing was learnt from")
    asked = parser.parse_args()
    everything = cases(asked.folder)
    told = [case for case in everything if case.fold != HELD_BACK]
    vectors = drawn()
    worth = [[fmean(case.worth(vector)) for vector in vectors] for case in told]
    print(f"learnt from {len(told)} articles of {', '.join(FILES)}; {len(everything) - len(told)} held back; {DRAWN} vectors")
    print("ROUGE-1 / ROUGE-2 of three bullets, on our own stems (an official scorer differs in the third digit)")
    shipped = data.table("extract.toml")["weights"]
    print("first three claims:   ", by_kind(told, [case.of(first(case)) for case in told]))
    print("as shipped:           ", by_kind(told, [case.worth(shipped) for case in told]))
    tested: dict[int, Figures] = {}
    for fold in sorted({case.fold for case in told}):
        weights = learnt(vectors, [row for case, row in zip(told, worth, strict=True) if case.fold != fold])
        print(f"  without fold {fold}:", shown(weights))
        tested |= {at: case.worth(weights) for at, case in enumerate(told) if case.fold == fold}
    print("learnt, tested apart: ", by_kind(told, [tested[at] for at in range(len(told))]))
    weights = {name: round(value, 2) for name, value in learnt(vectors, worth).items()}
    print("learnt from all four: ", by_kind(told, [case.worth(weights) for case in told]))
    print(shown(weights))
    if asked.held_back:
        apart = [case for case in everything if case.fold == HELD_BACK]
        print("held back, first three:", by_kind(apart, [case.of(first(case)) for case in apart]))
        print("held back, learnt:     ", by_kind(apart, [case.worth(weights) for case in apart]))
        print("held back, as shipped: ", by_kind(apart, [case.worth(shipped) for case in apart]))


def first(case: Case) -> list[Candidate]:
    return sorted(case.pool, key=lambda each: each.claim.order)[:BULLETS]


def shown(weights: Weights) -> str:
    return ", ".join(f"{name} {weights[name]:.2f}" for name in LEARNT)


if __name__ == "__main__":
    main()
