"""A digest that was kept: it reads in every place as the one that was posted, and takes no article with it."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

from bot.adapters.discord import render as discord
from bot.adapters.slack import render as slack
from bot.store import digest_codec
from digests.model import Article, Bullet, Citation, Correction, Digest, Edit, EventDate, LeftOut, StoryDigest, Unshown
from digests.render import json as as_json
from digests.render import markdown, text
from tests.build import NOBODY
from tests.golden.news import DIGESTS


def rendered(digest: Digest) -> list[object]:
    return [text.render(digest), markdown.render(digest), as_json.dumps(digest), slack.render(digest), discord.embeds(digest)]


@pytest.mark.parametrize("name", DIGESTS)
def test_a_kept_digest_reads_in_every_place_as_it_was(name: str) -> None:
    digest = DIGESTS[name]()

    kept = digest_codec.decode(digest_codec.encode(digest))

    assert rendered(kept) == rendered(digest)
    assert digest_codec.encode(kept) == digest_codec.encode(digest)


def test_only_what_is_cited_of_an_article_is_kept() -> None:
    told = Article("a", "AP", "Toll", "Secret. 24 people died in all. Nobody knows more.")
    mark = Correction("s-1", "24 people", "17 people", (Citation(told, 8, 30), Citation(told, 11, 30)), "Milton", None)

    line = digest_codec.encode_correction(mark)
    kept = digest_codec.decode_correction(line)

    assert "Secret" not in line
    assert "Nobody" not in line
    assert [each.quote for each in kept.citations] == ["24 people died in all.", "people died in all."]
    assert replace(kept, citations=()) == replace(mark, citations=())


def test_the_stories_that_were_left_out_are_kept_and_a_digest_from_before_they_were_is_read() -> None:
    capped = LeftOut("capped", 1, ("Toll",), (Unshown("s-1", "Toll", "https://news.example/toll"),))
    digest = replace(DIGESTS["empty"](), left_out=(capped,))
    line = digest_codec.encode(digest)

    assert digest_codec.decode(line).left_out == (capped,)
    older = line.replace(',[["s-1","Toll","https://news.example/toll"]]', "")
    assert older != line
    assert digest_codec.decode(older).left_out == (replace(capped, stories=()),)


def told(text: str, edits: tuple[Edit, ...], written_by: str) -> Digest:
    """A digest with one bullet, about an article of one sentence."""
    article = Article("a", "AP", "Prices rise", "Prices rose, the office said, by a tenth.")
    cited = (Citation(article, 0, len(article.text)),)
    story = StoryDigest(
        "s-1", "Prices", None, (Bullet(text, EventDate.of_report(None), NOBODY, cited, edits, written_by=written_by),)
    )
    return replace(DIGESTS["empty"](), stories=(story,))


@pytest.mark.parametrize(
    "edits",
    [(Edit("E1", 11, 28),), (Edit("E1", 13, 19),), (Edit("E1", 0, 99),)],
    ids=["other text", "inside a word", "too long"],
)
def test_a_digest_reads_as_it_was_posted_where_a_later_version_edits_otherwise(edits: tuple[Edit, ...]) -> None:
    posted = told("Prices rose by tenth", edits, "kept")
    line = digest_codec.encode(posted)
    assert '"by":"kept"' in line

    kept = digest_codec.decode(line.replace('"by":"kept"', '"by":"extract"'))

    assert rendered(kept) == rendered(posted)
    assert digest_codec.decode(digest_codec.encode(kept)) == kept


def test_a_bullet_that_is_edited_now_as_it_was_stays_an_extract() -> None:
    posted = told("Prices rose by a tenth", (Edit("E1", 11, 29),), "extract")

    assert digest_codec.decode(digest_codec.encode(posted)) == posted


@pytest.mark.parametrize("changed", [{"zone": "Nowhere/Gone"}, {"window": ["now", "then"]}, {"stories": [{}]}, {"day": 5}])
def test_a_line_that_this_version_cannot_read_is_none_and_the_log_says_of_which_run(
    changed: dict[str, object], lines: io.StringIO
) -> None:
    kept = json.loads(digest_codec.encode(DIGESTS["empty"]()))
    kept["it"] |= changed

    assert digest_codec.legible(json.dumps(kept), "r-1") is None
    assert "warning digest_illegible run=r-1 error=" in lines.getvalue()
    assert digest_codec.legible("no line", "r-2") is None
