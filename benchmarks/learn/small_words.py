"""Find the words that news writes in small letters, for ``digests/data/small_words.en.txt``.

Usage: python -m benchmarks.learn.small_words FOLDER > digests/data/small_words.en.txt

A headline may write every word with a capital; there this table tells "Gives" from a name.  FOLDER is as for ``word_counts``.
The shipped table was made on the development split of the quality corpora: multi, single-raw, attribute, background, and
cluster-ecb full texts.  A word (its stem) counts where it stands inside a sentence, so that a capital marks a name; it is
in the table if more texts have it in small letters than with a capital.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from digests.words import content

LEAST = 1
HARDLY = 0.4  # of the texts that have it
INSIDE = re.compile(r"(?<=[a-z,] )[A-Za-z][a-z]+\b")


def texts(folder: Path) -> Iterator[str]:
    """Yield each text of the folder that is counted."""
    for name in ("multi", "single-raw", "attribute", "background", "cluster-ecb"):
        for line in (
            (folder / f"{name}.dev.jsonl").read_text(encoding="utf-8").splitlines()[: 1 if name == "cluster-ecb" else None]
        ):
            record = json.loads(line)
            if "articles" in record:
                yield from (article["text"] for article in record["articles"])
            else:
                yield " ".join(record["sentences"])


def main() -> None:
    """Print the stems, one a line."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts(Path(sys.argv[1])):
        found = set(INSIDE.findall(text))
        small.update({stem for word in found if word.islower() for stem in content(word)})
        capital.update({stem for word in found if word[0].isupper() for stem in content(word)})
    print("# Stems of words that news writes in small letters; made by benchmarks/learn/small_words.py")
    for word, count in sorted(small.items()):
        if count >= LEAST and capital[word] <= HARDLY * (count + capital[word]):
            print(word)


if __name__ == "__main__":
    main()
