"""One short article with everything that trips a digest up, and what its digest promises.

``golden/ferry.txt`` is invented.  It has no headline and no date of its own, tells its lead twice, holds a caption and page
furniture, days without a year, a weekday, a background day, five who are credited, a sentence cut off by its outlet, and
comment at the end.  ``golden/ferry.md`` and ``golden/ferry.json`` are its digest, for a person to read.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from bot import answer
from bot.answer import Asked
from bot.model import Fetched
from digests.model import Basis, Bullet, Digest, EventDate, Length, Query, Source, StoryDigest, Window
from digests.render import json as as_json
from digests.render import markdown, text
from digests.windows import window
from tests.fakes import FakeFetcher, InlineReader

FERRY = Path(__file__).parent / "golden" / "ferry.txt"
PUBLISHED = date(2025, 5, 18)
NOW = datetime(2025, 5, 18, 18, tzinfo=UTC)
LEAD = "Tarnholm is to withdraw both of its oldest ferries"

DATED = pytest.mark.parametrize("published", [PUBLISHED, None], ids=["published", "without a date"])
LENGTHS = pytest.mark.parametrize("length", Length)


@cache
def digest(published: date | None = PUBLISHED, length: Length = Length.NORMAL) -> Digest:
    """The digest that ``dateline digest --article ferry.txt`` makes, read and understood in this process."""
    everything: Window = window(None, None, NOW, "UTC")
    asked = Asked(Query(everything, (), length), "Ferries", "UTC", NOW, None, "Add one: `--published 2024-10-13`")
    # By a bare name: the address makes the story's id, and no folder may show in a golden file.
    files = FakeFetcher({FERRY.name: Fetched(FERRY.name, 200, FERRY.read_bytes(), "text/plain; charset=utf-8")})
    source = Source("ferry", "page", FERRY.name, FERRY.name, "UTC")
    made = asyncio.run(answer.from_sources(asked, [source], files, InlineReader(), published=published))
    assert not made.failures
    return made.digest


def story(published: date | None = PUBLISHED, length: Length = Length.NORMAL) -> StoryDigest:
    (only,) = digest(published, length).stories
    return only


def bullets(published: date | None = PUBLISHED, length: Length = Length.FULL) -> list[Bullet]:
    """Every bullet, the one behind the story line included."""
    shown = story(published, length)
    return [*([shown.lead] if shown.lead else []), *shown.bullets]


def the(words: str, published: date | None = PUBLISHED) -> Bullet:
    """The one bullet of the full digest that holds these words."""
    (found,) = (bullet for bullet in bullets(published) if words in bullet.text)
    return found


def written(published: date | None, length: Length) -> str:
    return " ".join(text.render(digest(published, length), 10_000).split())


def test_its_digest_reads_as_its_golden_files(golden: Callable[[str, str], None]) -> None:
    golden("ferry.md", markdown.render(digest()))
    golden("ferry.json", as_json.dumps(digest()))


def test_its_digest_without_a_publication_date_reads_as_its_golden_file(golden: Callable[[str, str], None]) -> None:
    golden("ferry-undated.md", markdown.render(digest(None)))


@DATED
@LENGTHS
def test_the_doubled_lead_stands_once(published: date | None, length: Length) -> None:
    assert written(published, length).count(LEAD) == 1


@DATED
@LENGTHS
@pytest.mark.parametrize(
    "words",
    ["north pier", "Photo", "newsletter", "clear sign", "counted for", "coming election", "symbol of care"],
)
def test_caption_furniture_and_comment_stand_nowhere(words: str, published: date | None, length: Length) -> None:
    assert words not in written(published, length)


@DATED
@pytest.mark.parametrize(
    ("words", "said_by"),
    [
        ("will charter two catamarans", "Harbour Office"),
        ("About 40 deckhands", "a union official"),
        ("met the union's leader", None),
        ("confirmed the hire", None),
        ("is to sail", None),
    ],
)
def test_each_source_is_credited_with_its_own_fact_and_only_there(
    words: str, said_by: str | None, published: date | None
) -> None:
    assert the(words, published).attribution.said_by == said_by


@DATED
def test_who_was_first_and_who_reports_too_are_not_who_says(published: date | None) -> None:
    assert story(published).first_reported_by == "The Tarnholm Courier"
    assert story(published).origins == ("The Tarnholm Courier",)
    assert the("New radar", published).attribution.also_reported_by == ("Coast Radio",)
    assert [each.text for each in bullets(published) if each.attribution.also_reported_by] == [the("New radar").text]


def test_a_day_in_front_is_one_on_which_the_text_says_that_this_very_fact_happened() -> None:
    leading = {bullet.text: bullet.date for bullet in bullets() if bullet.date.leads}

    assert {date.value for date in leading.values()} == {"2025-05-14", "2025-05-24"}
    assert leading[the("met the union's leader").text].value == "2025-05-14"
    assert leading[the("is to sail").text].planned
    assert all(bullet.date.value == "2025-05-18" for bullet in bullets() if not bullet.date.leads)


def test_the_moved_day_leaves_its_sentence() -> None:
    assert "Wednesday" not in the("met the union's leader").text


def test_what_came_before_stands_on_the_before_line_with_its_days() -> None:
    assert [(each.text, [day.value for day in each.dates]) for each in story().before] == [
        ("collision off Gull Rock", ["2022-11-09"]),
        ("two engine fires", ["2025-02-08", "2025-05-03"]),
    ]


def test_without_a_publication_date_no_day_is_made_up() -> None:
    dates = [each.date for each in bullets(None)] + [day for each in story(None).before for day in each.dates]

    assert {day.value for day in dates} == {None, "2022-11-09"}
    assert {day.basis for day in dates if day.value is None} == {Basis.UNCLEAR}
    assert the("met the union's leader", None).date.words == "on Wednesday"
    assert '"Wednesday", date unclear' in written(None, Length.NORMAL)
    assert "8 Feb, 3 May (year not stated)" in written(None, Length.NORMAL)
    below_the_notice = text.render(digest(None), 10_000).partition("\n")[2]
    assert re.findall(r"\b20\d\d\b", below_the_notice) == ["2022"]


def test_without_a_publication_date_the_first_line_says_what_to_type() -> None:
    first = text.render(digest(None), 10_000).splitlines()[0]

    assert first == "No publication date found, so 4 dates could not be completed. Add one: `--published 2024-10-13`"
    assert digest(PUBLISHED).notices == ()


@DATED
@LENGTHS
def test_a_sentence_that_its_outlet_broke_off_is_not_shown(published: date | None, length: Length) -> None:
    assert "continue to" not in written(published, length)
    assert "in the wake" not in written(published, length)


@DATED
def test_no_rank_or_initial_ends_a_sentence(published: date | None) -> None:
    assert the("Capt. J. R. Vane", published).text.endswith("confirmed the hire in a letter")


@DATED
@LENGTHS
def test_every_word_of_a_bullet_stands_in_its_quote_and_the_quote_in_the_file(published: date | None, length: Length) -> None:
    source = FERRY.read_text(encoding="utf-8")
    for bullet in bullets(published, length):
        assert bullet.citations
        assert list(missing(bullet)) == []
        for citation in bullet.citations:
            assert citation.quote == source[citation.start : citation.end]


def missing(bullet: Bullet) -> Iterator[str]:
    """The words of a bullet that its quotes do not hold, in their order; a capital at the start is ours."""
    quoted = iter(" ".join(citation.quote for citation in bullet.citations).casefold().split())
    for word in bullet.text.casefold().split():
        if not any(word.strip(".,") == other.strip(".,") for other in quoted):
            yield word


@DATED
@LENGTHS
def test_every_bullet_has_a_day_or_says_that_it_is_unclear(published: date | None, length: Length) -> None:
    for bullet in bullets(published, length):
        assert isinstance(bullet.date, EventDate)
        assert (bullet.date.value is None) == (bullet.date.basis is Basis.UNCLEAR)


def test_a_short_digest_is_the_story_line_and_one_bullet_at_most() -> None:
    assert len(story(PUBLISHED, Length.SHORT).bullets) <= 1
    assert len(story(PUBLISHED, Length.NORMAL).bullets) == 3
