"""Show how often each editing rule fires over texts of yours, with samples: only what is seldom wrong is worth its risk.

Usage: python -m benchmarks.rules PATH [PATH ...] [--samples 10] [--seed 1]

A PATH is a text file (one article), a JSON-lines file (records with ``articles`` of ``text``, ``title`` and ``published``, or
with ``text`` alone), or a folder of such files.  Counted over all sentences that make claims, not over chosen bullets: what a
rule does where nobody looks it will one day do where somebody does.  Beside the rules: what was left out of a text, by kind,
and the sentences that make no bullet because they state nothing or lean on what stands before.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from digests import edits
from digests.claims import understand, with_pairs
from digests.model import Article, Claim, Understood

Fired = tuple[str, str]
"""A rule, and what it did in one place, to be read."""

_LONGEST = 400  # characters of a sample


def articles(paths: Iterable[Path]) -> Iterator[Article]:
    """The articles of files and folders, in the order of their names."""
    for path in paths:
        if path.is_dir():
            yield from articles(sorted(each for each in path.iterdir() if each.suffix in (".txt", ".jsonl")))
        elif path.suffix == ".jsonl":
            for line in path.read_text(encoding="utf-8").splitlines():
                record = json.loads(line)
                yield from (_article(each) for each in record.get("articles", [record] if "text" in record else []))
        else:
            yield _article({"text": path.read_text(encoding="utf-8")})


def _article(fields: dict[str, Any]) -> Article:
    day = fields.get("published") or fields.get("reference")
    return Article(
        id=str(fields.get("id") or "text"),
        outlet=fields.get("source") or "",
        title=fields.get("title") or "",
        text=fields["text"],
        url=None,
        published_at=None,
        published_day=date.fromisoformat(day[:10]) if day else None,
        page_read=False,
    )


def fired(understood: Understood) -> Iterator[Fired]:
    """What each rule did in an article."""
    for claim in understood.claims:
        yield from _cuts(claim)
        for phrase in claim.background:
            yield "E8, E9", f"{', '.join(day.words for day in phrase.dates)}: {phrase.text}   <  {claim.citation.quote}"
        if not claim.alone:
            yield "leans", claim.text
        if not edits.states(claim.citation.quote):
            yield "states nothing", claim.text
    for pair in with_pairs(understood).claims:
        if pair not in understood.claims:
            yield "E11", pair.text
    title = understood.article.title
    if title and edits.headline_serves(title, [claim.citation.quote for claim in understood.claims[:3]]):
        yield "E12", f"{title}   <  {understood.claims[0].citation.quote}"
    for dropped in understood.dropped:
        yield dropped.kind, dropped.citation.quote


def _cuts(claim: Claim) -> Iterator[Fired]:
    quote, who = claim.citation.quote, claim.attribution.said_by or claim.attribution.first_reported_by
    for edit in claim.edits:
        cut = f"{quote[: edit.start]}[-{quote[edit.start : edit.end]}-]{quote[edit.end :]}"
        shown = (
            f"{claim.date.value} | " if edit.rule in ("E5", "E6") else f"{who} | " if edit.rule in ("E2", "E3", "E4") else ""
        )
        yield edit.rule, shown + cut


def main() -> None:
    """Print the table of counts, then the samples."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--samples", type=int, default=10, help="of each rule (10)")
    parser.add_argument("--seed", type=int, default=1, help="which ones are drawn (1)")
    wanted = parser.parse_args()
    found: defaultdict[str, list[str]] = defaultdict(list)
    texts = claims = 0
    for article in articles(wanted.paths):
        understood = understand(article)
        texts, claims = texts + 1, claims + len(understood.claims)
        for rule, what in fired(understood):
            found[rule].append(" ".join(what.split())[:_LONGEST])
    print(f"{texts} texts, {claims} claims")
    for rule, seen in sorted(found.items()):
        print(f"{len(seen):6}  {rule}")
    draw = random.Random(wanted.seed)
    for rule, seen in sorted(found.items()):
        print(f"\n{rule}")
        for what in draw.sample(seen, min(wanted.samples, len(seen))):
            print(f"  {what}")


if __name__ == "__main__":
    main()
