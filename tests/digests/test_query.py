from datetime import UTC, datetime, timedelta

import pytest

from digests.errors import QueryError
from digests.model import Article, Attribution, Citation, Claim, EventDate, Length, Query, Understood, Window
from digests.query import matches, parse, share

NOW = datetime(2026, 3, 12, 7, 30, tzinfo=UTC)


def article(title: str, text: str) -> Understood:
    story = Article("a1", "Example News", title, text)
    claim = Claim(Citation(story, 0, len(text)), (), EventDate.of_report(None), Attribution(), 0)
    return Understood(story, (claim,))


def about(*words: str) -> Query:
    return Query(Window(None, NOW), words)


def test_words_phrases_and_options_are_told_apart():
    query = parse('chips "supreme court" since:12h length:full', NOW, "UTC")

    assert query.words == ("chips", "supreme court")
    assert query.window.start == NOW - timedelta(hours=12)
    assert query.length is Length.FULL


@pytest.mark.parametrize("typed", ["since:whenever x", "length:long x", "x " * 21, "x" * 501])
def test_what_cannot_be_understood_comes_back_as_a_reply(typed: str) -> None:
    with pytest.raises(QueryError, match=r"try|I look for|may have"):
        parse(typed, NOW, "UTC")


def test_every_word_must_occur_in_any_form_and_case():
    strike = article("Drivers strike", "Train drivers at Lowland Rail are striking over pay.")

    assert matches(about("STRIKES", "rail"), strike)
    assert not matches(about("strike", "port"), strike)


def test_a_phrase_must_occur_as_a_phrase():
    ruling = article("Ruling", "The supreme court of Orsk met in court.")

    assert matches(about("supreme court"), ruling)
    assert not matches(about("court supreme"), ruling)


def test_no_words_mean_every_story():
    assert matches(about(), article("", "Anything at all."))


def test_a_phrase_does_not_run_from_the_headline_into_the_text():
    ruling = article("New supreme", "Court of Orsk opens.")

    assert not matches(about("supreme court"), ruling)


def test_a_dash_between_words_is_no_word():
    assert parse("storm – power & light", NOW, "UTC").words == ("storm", "power", "light")
    assert not matches(about("!!!"), article("!!!", "Anything at all."))


def test_how_far_a_text_is_about_a_query_is_the_share_of_its_words():
    assert share(about("storm", "power"), "The storm left homes dark.") == 0.5
    assert share(about("storm power"), "The storm left homes dark.") == 0.0
    assert share(about(), "The storm left homes dark.") == 0.0
