"""A digest that was kept: it reads in every place as the one that was posted, and takes no article with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.discord import render as discord
from bot.adapters.slack import render as slack
from bot.store import digest_codec
from digests.model import Article, Citation, Correction, Digest, LeftOut, Unshown
from digests.render import json as as_json
from digests.render import markdown, text
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
