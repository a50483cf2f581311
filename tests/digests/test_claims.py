"""What is understood of an article."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from digests.claims import MOST_CHARACTERS, understand
from digests.model import Article, Basis, Claim, Kind, Understood

PUBLISHED = date(2031, 5, 15)  # a Thursday


def article(text: str, **fields: object) -> Article:
    made = Article("a-1", "Naxos Courier", "Ferry aground", text, published_day=PUBLISHED)
    return replace(made, **fields)  # type: ignore[arg-type]


def only(understood: Understood) -> Claim:
    (claim,) = understood.claims
    return claim


def test_a_claim_is_a_sentence_with_its_day_and_who_says_it() -> None:
    claim = only(
        understand(article("Two ferries were stopped by the coast guard on Tuesday in the strait, according to Harbour Watch."))
    )

    assert claim.text == "Two ferries were stopped by the coast guard in the strait"
    assert claim.date.value == "2031-05-13"
    assert claim.date.basis is Basis.WORKED_OUT
    assert claim.attribution.said_by == "Harbour Watch"
    assert claim.citation.quote == claim.article.text


def test_a_fact_without_a_day_has_that_of_its_report() -> None:
    claim = only(understand(article("Two tugs pulled the ferry free of the rocks at high tide.")))

    assert (claim.date.value, claim.date.basis) == ("2031-05-15", Basis.REPORT)


def test_without_a_publication_date_a_day_is_not_invented() -> None:
    claim = only(understand(article("Two tugs pulled the ferry free of the rocks at high tide.", published_day=None)))

    assert claim.date.basis is Basis.UNCLEAR


def test_what_makes_no_claim_is_kept_under_its_kind() -> None:
    text = (
        "Two tugs pulled the ferry free of the rocks.\n\nSign up for our letter\n\nTwo tugs pulled the ferry free of the rocks."
    )

    understood = understand(article(text))

    assert [each.kind for each in understood.dropped] == [Kind.FURNITURE, Kind.REPEATED]
    assert [claim.order for claim in understood.claims] == [0]


def test_a_sentence_that_only_credits_the_news_is_no_claim() -> None:
    text = "The ferry company will close its pier. The closure was first reported by The Naxos Mirror."

    understood = understand(article(text))

    assert [each.kind for each in understood.dropped] == [Kind.BACKGROUND]
    assert understood.origins == ("The Naxos Mirror",)


def test_a_sentence_that_leans_on_the_text_before_it_does_not_read_alone() -> None:
    text = "A ferry ran aground off Naxos. The ferry was built in 1987. Two tugs pulled at it all night."

    assert [claim.alone for claim in understand(article(text)).claims] == [True, False, True]


def test_what_came_before_is_told_with_its_day() -> None:
    text = "The pier was closed after the May 3, 2029, landslide that blocked it."

    (phrase,) = only(understand(article(text))).background

    assert (phrase.text, phrase.dates[0].value) == ("landslide", "2029-05-03")


def test_a_text_is_understood_up_to_a_sentence_that_is_whole() -> None:
    sentence = "Two tugs with {} men pulled the ferry free of the rocks. "
    text = "".join(sentence.format(number) for number in range(MOST_CHARACTERS // len(sentence) + 200))

    understood = understand(article(text))

    assert understood.claims
    assert all(claim.citation.quote.endswith("rocks.") for claim in understood.claims)
    assert understood.claims[-1].citation.end <= MOST_CHARACTERS


@pytest.mark.parametrize("text", ["", "   ", "...", "\n\n\n"])
def test_a_text_without_words_makes_no_claims(text: str) -> None:
    assert understand(article(text)).claims == ()


def test_an_instant_of_publication_needs_no_more_than_its_day() -> None:
    text = "Two ferries were stopped by the coast guard on Tuesday in the strait."
    instant = datetime(2031, 5, 15, 23, tzinfo=UTC)

    assert only(understand(article(text, published_at=instant))).date.value == "2031-05-13"
