"""What it costs to understand an article, and how that compares with LexRank, which only ranks its sentences.

``article.txt`` was written for this.  Each round changes its sentences a little, so that none can be remembered.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.table import Row, show
from digests.model import Article

TEXT = (Path(__file__).parent / "article.txt").read_text("utf-8")
ARTICLES = 500
COMPARED = 60
WARM = 20


def measure() -> Iterator[Row]:
    """CPU milliseconds an article, of one process."""
    if importlib.util.find_spec("digests.claims") is None:
        yield Row("understanding an article", "not measured: digests.claims is not there")
        return
    understand: Callable[[Article], Any] = importlib.import_module("digests.claims").understand
    for number in range(WARM):
        understand(article(-1 - number))
    mean = cpu_ms(understand, [article(number) for number in range(ARTICLES)])
    yield Row(f"understanding an article of {len(TEXT) / 1000:.1f} kB, mean of {ARTICLES}", f"{mean:.2f} ms", "3 ms", mean <= 3)
    claims = len(understand(article(0)).claims)
    yield Row("claims it makes", str(claims), "some", claims > 0)
    yield from against_lexrank(understand)


def against_lexrank(understand: Callable[[Article], Any]) -> Iterator[Row]:
    """Both in one run, in turn: on a busy machine only the ratio counts."""
    if not (importlib.util.find_spec("sumy") and importlib.util.find_spec("numpy")):
        yield Row("sumy's LexRank", "not measured: sumy is not there; type ./dev bench")
        return
    plain = importlib.import_module("sumy.parsers.plaintext").PlaintextParser
    lexrank = importlib.import_module("sumy.summarizers.lex_rank").LexRankSummarizer()

    def summarise(item: Article) -> object:
        return lexrank(plain.from_string(item.text, Words()).document, 5)

    summarise(article(-1))
    turns = [article(number) for number in range(COMPARED)]
    pairs = [(cpu_ms(understand, [each]), cpu_ms(summarise, [each])) for each in turns]
    ours, theirs = (sum(each) / COMPARED for each in zip(*pairs, strict=True))
    yield Row(f"sumy's LexRank, mean of {COMPARED}", f"{theirs:.2f} ms")
    yield Row("ours against it", f"{ours / theirs:.2f} times", "0.75 times", ours <= 0.75 * theirs)


class Words:
    """The quickest tokenizer that sumy can be given; its own would have to download a model first."""

    def to_sentences(self, text: str) -> list[str]:
        return re.split(r"(?<=[.!?])\s+", text)

    def to_words(self, sentence: str) -> list[str]:
        return re.findall(r"\w+", sentence)


def article(number: int) -> Article:
    """An article of its own: nearly every sentence ends in a word that no other article has.  Weekdays stay."""
    mark = "".join(chr(ord("a") + (abs(number) // 26**place) % 26) for place in range(3)) + ("x" if number < 0 else "")
    text = re.sub(r'(?<=[a-z])(?<!day)(?<!said)(?=\."?\s)', mark, TEXT)
    published = datetime(2025, 3, 11, 18, tzinfo=UTC)
    return Article(
        f"a-{number}", "Tern Wire", f"Lock {number} shut", text, published_at=published, published_day=date(2025, 3, 11)
    )


def cpu_ms(work: Callable[[Article], object], articles: list[Article]) -> float:
    """CPU milliseconds of this process for each of the articles."""
    started = time.process_time()
    for each in articles:
        work(each)
    return (time.process_time() - started) * 1000 / len(articles)


if __name__ == "__main__":
    sys.exit(show("Understanding", measure()))
