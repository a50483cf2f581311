"""What it costs to understand an article and to make its digest, against LexRank, which only ranks sentences.

``article.txt`` was written for this.  Each round changes every sentence of it, so that nothing of a sentence can be remembered
from the round before; what is known of single words can, as it is from one article of a day to the next.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from benchmarks.table import Row, show
from digests import make, sentences
from digests.claims import understand, understand_all
from digests.composing import COMPOSED_OF, Composed
from digests.model import Article, Digest, Query, Story, Window

TEXT = (Path(__file__).parent / "article.txt").read_text("utf-8")
PUBLISHED = datetime(2025, 3, 11, 18, tzinfo=UTC)
ASKED = datetime(2025, 3, 11, 20, tzinfo=UTC)
ARTICLES = 300
CLUSTER = 8
COMPARED = 60
CLUSTERS_COMPARED = 5
STORIES_COMPARED = 5
MANY_GOAL = 1.5
WARM = 20
T = TypeVar("T")


def measure() -> Iterator[Row]:
    """CPU milliseconds of one process."""
    for number in range(WARM):
        digest([article(-1 - number)])
    articles = [article(number) for number in range(ARTICLES)]
    clusters = [articles[at : at + CLUSTER] for at in range(0, ARTICLES, CLUSTER)]
    size = f"{len(TEXT) / 1000:.1f} kB"
    yield timed(f"understanding an article of {size}, mean of {ARTICLES}", cpu_ms(understand, articles), goal_ms=3)
    yield timed(f"digest of one article, mean of {ARTICLES}", cpu_ms(digest, [[each] for each in articles]), goal_ms=4)
    yield timed(f"digest of a cluster of {CLUSTER}, mean of {len(clusters)}", cpu_ms(digest, clusters), goal_ms=20)
    shown = digest([article(0)])
    bullets = sum(len(story.bullets) + bool(story.lead) for story in shown.stories)
    yield Row("bullets of one article", str(bullets), "some", bullets > 0)
    yield of_many(articles)
    yield from against_lexrank()


def of_many(articles: Sequence[Article]) -> Row:
    """What a search takes to show a story that hundreds of articles tell, against one that sixty do: it shows as much of it."""
    understood = understand_all(articles)
    few, many = (Story("lock", understood[:count]) for count in (COMPOSED_OF, len(understood)))
    turns = [(cpu_ms(show_story, [few]), cpu_ms(show_story, [many])) for _ in range(STORIES_COMPARED)]
    few_ms, many_ms = map(min, zip(*turns, strict=True))
    what = f"showing a story of {len(understood)} articles ({many_ms:.0f} ms) against one of {COMPOSED_OF}"
    return Row(what, f"{many_ms / few_ms:.2f} times", f"{MANY_GOAL} times", many_ms <= MANY_GOAL * few_ms)


def show_story(story: Story) -> Composed:
    return Composed.of(story, Query(Window(None, ASKED)))


def digest(articles: Sequence[Article]) -> Digest:
    """The whole pipeline, from texts of one story to its digest; which story a text belongs to the archive knows."""
    understood = [understand(each) for each in articles]
    grouping = {each.id: "lock" for each in articles}
    wanted = Query(Window(None, ASKED))
    return make.make(understood, wanted, title="Bench", zone="UTC", day=ASKED.date(), grouping=grouping)


def against_lexrank() -> Iterator[Row]:
    """Both in one run, in turn: on a busy machine only the ratio counts."""
    if not (importlib.util.find_spec("sumy") and importlib.util.find_spec("numpy")):
        yield Row("sumy's LexRank", "not measured: sumy is not there; type ./dev bench")
        return
    plain = importlib.import_module("sumy.parsers.plaintext").PlaintextParser
    lexrank = importlib.import_module("sumy.summarizers.lex_rank").LexRankSummarizer()

    def summarise(articles: Sequence[Article]) -> object:
        text = "\n\n".join(each.text for each in articles)
        return lexrank(plain.from_string(text, Words()).document, 5)

    summarise([article(-1)])
    ones = [[article(number)] for number in range(COMPARED)]
    yield from compared("understanding of one article", understand_all, summarise, ones, goal=0.55)
    yield from compared("digest of one article", digest, summarise, ones, goal=0.73)
    eights = [[article(at * CLUSTER + number) for number in range(CLUSTER)] for at in range(CLUSTERS_COMPARED)]
    yield from compared(f"digest of a cluster of {CLUSTER}", digest, summarise, eights, goal=0.1)


def compared(
    what: str, ours: Callable[[T], object], theirs: Callable[[T], object], turns: Sequence[T], *, goal: float
) -> Iterator[Row]:
    """Their time, and ours as a share of it.  The goals: 3 and 4 to 5.5 ms, 20 to 194 ms, measured on one idle machine."""
    pairs = [(cpu_ms(ours, [each]), cpu_ms(theirs, [each])) for each in turns]
    our_ms, their_ms = (sum(each) / len(turns) for each in zip(*pairs, strict=True))
    yield Row(f"sumy's LexRank beside our {what}, mean of {len(turns)}", f"{their_ms:.2f} ms")
    yield Row(f"our {what} against it", f"{our_ms / their_ms:.2f} times", f"{goal} times", our_ms <= goal * their_ms)


class Words:
    """The quickest tokenizer that sumy can be given; its own would have to download a model first."""

    def to_sentences(self, text: str) -> list[str]:
        return re.split(r"(?<=[.!?])\s+", text)

    def to_words(self, sentence: str) -> list[str]:
        return re.findall(r"\w+", sentence)


def article(number: int) -> Article:
    """An article of its own: every sentence has a word that no other article has, its last; where that is a day, a number or
    "said", its longest.  So its days are those of every other."""
    mark = "".join(chr(ord("a") + (abs(number) // 26**place) % 26) for place in range(3)) + ("x" if number < 0 else "")
    text = re.sub(r'(?<=[a-z])(?<!day)(?<!said)(?=\."?\s)', mark, TEXT)
    for start, end in reversed(sentences.split(text)):
        if mark not in text[start:end]:
            longest = max(re.finditer(r"\b[a-z]+\b", text[start:end]), key=lambda word: len(word[0]))
            text = text[: start + longest.end()] + mark + text[start + longest.end() :]
    outlet = f"Tern Wire {number % CLUSTER}"
    return Article(
        f"a-{number}",
        outlet,
        f"Lock {number} at Holm Bay shut after divers find crack",
        text,
        published_at=PUBLISHED,
        published_day=PUBLISHED.date(),
    )


def timed(what: str, took_ms: float, *, goal_ms: float) -> Row:
    return Row(what, f"{took_ms:.2f} ms", f"{goal_ms} ms", took_ms <= goal_ms)


def cpu_ms(work: Callable[[T], object], turns: Sequence[T]) -> float:
    """CPU milliseconds of this process for each turn."""
    started = time.process_time()
    for each in turns:
        work(each)
    return (time.process_time() - started) * 1000 / len(turns)


if __name__ == "__main__":
    sys.exit(show("Understanding", measure()))
