"""Count in how many texts each word stands, for ``digests/data/word_counts.en.txt``.

Usage: python -m benchmarks.learn.word_counts FOLDER > digests/data/word_counts.en.txt

FOLDER holds JSON-lines files of news articles (fields ``articles`` with ``text``, or ``sentences``, or ``text``).  The shipped
table was counted on the development split of the quality corpora: single, single-raw, attribute and dates (one text a
record), and cluster-ecb full texts with each gold event as one text, so that an event's own words do not look common.
Words that stand in fewer than three texts are left out.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from digests.words import content

LEAST = 3


def texts(folder: Path) -> Iterator[str]:
    """Yield each text of the folder that is counted."""
    for name in ("single", "single-raw", "attribute", "dates"):
        for line in (folder / f"{name}.dev.jsonl").read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if "articles" in record:
                yield from (article["text"] for article in record["articles"])
            else:
                yield record.get("text") or " ".join(record["sentences"])
    record = json.loads((folder / "cluster-ecb.dev.jsonl").read_text(encoding="utf-8").splitlines()[0])
    events = defaultdict(list)
    for article, event in zip(record["articles"], record["gold"], strict=True):
        events[event].append(article["title"] + "\n" + article["text"])
    yield from ("\n".join(event) for event in events.values())


def main() -> None:
    """Print the table: a line with the number of texts, then ``word count`` lines, most frequent first."""
    counts: Counter[str] = Counter()
    total = 0
    for text in texts(Path(sys.argv[1])):
        counts.update(set(content(text)))
        total += 1
    print("# Stems and the number of news texts that hold them; made by benchmarks/learn/word_counts.py")
    print(f"* {total}")
    for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count >= LEAST and not word.isdigit():
            print(word, count)


if __name__ == "__main__":
    main()
