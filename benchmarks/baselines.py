"""Two summarisers that know nothing of news, to compare ``dateline engine`` with: they answer the same lines in the same way.

    python -m benchmarks.baselines lead < questions.jsonl > answers.jsonl
    python -m benchmarks.baselines centroid < questions.jsonl > answers.jsonl

They answer the task ``digest`` alone, with sentences as they stand; nothing is cleaned away but pieces of a few words.
``lead`` takes the first sentences of each article in turn, newest article first; of one article that is Lead-3.
``centroid`` takes the sentences that are most like all of the text (words weighted by how few sentences hold them) and least
like those taken before: centroid (Radev et al. 2004) with maximal marginal relevance (Carbonell and Goldstein 1998).
"""

from __future__ import annotations

import itertools
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

LIKE_BEFORE = 0.5
"""How much likeness to what was taken before counts against a sentence; likeness to the text counts with the rest of 1."""
LEAST_WORDS = 5
"""What is shorter is no sentence: "By", a time of day."""
_ENDS = re.compile(r"(?<=[.!?])[\"”’')\]]*\s+|\n+")
_WORD = re.compile(r"[a-z0-9]+")
Line = dict[str, Any]


class Sentence(NamedTuple):
    text: str
    article: str


def lead(articles: Sequence[Line]) -> Iterator[Sentence]:
    """The first sentence of each article, then the second of each."""
    newest_first = sorted(articles, key=lambda each: each.get("published") or "", reverse=True)
    for rank in itertools.zip_longest(*map(sentences, newest_first)):
        yield from (each for each in rank if each)


def centroid(articles: Sequence[Line]) -> Iterator[Sentence]:
    """The sentences that are like all of the text and unlike those before them, best first."""
    left = [each for article in articles for each in sentences(article)]
    bags = [Counter(_WORD.findall(each.text.lower())) for each in left]
    held = Counter(word for bag in bags for word in bag)
    vectors = [unit({word: count * math.log(1 + len(bags) / held[word]) for word, count in bag.items()}) for bag in bags]
    middle: Counter[str] = Counter()
    for vector in vectors:
        middle.update(vector)
    about = unit(middle)
    relevant = [cosine(vector, about) for vector in vectors]
    repeated = [0.0] * len(left)
    open_ = set(range(len(left)))
    while open_:
        best = max(open_, key=lambda at: ((1 - LIKE_BEFORE) * relevant[at] - LIKE_BEFORE * repeated[at], -at))
        open_.remove(best)
        yield left[best]
        for at in open_:
            repeated[at] = max(repeated[at], cosine(vectors[at], vectors[best]))


def sentences(article: Line) -> list[Sentence]:
    pieces = (piece.strip() for piece in _ENDS.split(article["text"]))
    return [Sentence(text, article["id"]) for text in pieces if len(text.split()) >= LEAST_WORDS]


def unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.hypot(*vector.values())
    return {word: weight / length for word, weight in vector.items()} if length else {}


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())


def within(found: Iterable[Sentence], budget: Line) -> list[Sentence]:
    """What fits: as many sentences as are asked for, up to the one with which the words are full."""
    most, most_words = budget.get("max_bullets") or math.inf, budget.get("max_words") or math.inf
    taken: list[Sentence] = []
    words = 0
    for each in found:
        if len(taken) >= most or words >= most_words:
            break
        taken.append(each)
        words += len(each.text.split())
    return taken


KINDS: dict[str, Callable[[Sequence[Line]], Iterator[Sentence]]] = {"lead": lead, "centroid": centroid}


def main(arguments: Sequence[str]) -> int:
    """Return 0 when every line was answered, 2 for bad usage."""
    if len(arguments) != 1 or arguments[0] not in KINDS:
        print(f"say which one: {' or '.join(KINDS)}", file=sys.stderr)
        return 2
    choose = KINDS[arguments[0]]
    for line in sys.stdin:
        asked = json.loads(line)
        taken = within(choose(asked["articles"]), asked.get("budget") or {})
        bullets = [{"text": each.text, "date": None, "sources": [each.article]} for each in taken]
        print(json.dumps({"id": asked["id"], "bullets": bullets}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
