from collections.abc import Sequence
from datetime import UTC, datetime

from digests import data, words
from digests.model import Article, Attribution, Citation, Claim, EventDate, Query, Understood, Window
from digests.query import matches, share

NOW = datetime(2026, 3, 12, 7, 30, tzinfo=UTC)


def article(title: str, text: str) -> Understood:
    story = Article("a1", "Example News", title, text)
    claim = Claim(Citation(story, 0, len(text)), (), EventDate.of_report(None), Attribution(), 0)
    return Understood(story, (claim,))


def about(*words: str, without: Sequence[str] = ()) -> Query:
    return Query(Window(None, NOW), words, without=tuple(without))


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


def test_what_has_no_letter_occurs_nowhere():
    assert not matches(about("!!!"), article("!!!", "Anything at all."))


def test_a_word_that_must_not_occur_keeps_an_article_out():
    strike = article("Drivers strike", "Train drivers at Lowland Rail are striking over pay.")

    assert not matches(about("rail", without=["strikes"]), strike)
    assert not matches(about(without=["lowland rail"]), strike)
    assert matches(about("rail", without=["port", "drivers rail"]), strike)
    assert matches(about(without=["port"]), strike)


def test_a_star_makes_a_beginning():
    army = article("Army", "Israelis in the northern districts were told to stay home.")

    assert matches(about("israel*"), army)
    assert matches(about("northern dist*"), army)
    assert matches(about("districts*"), army)
    assert not matches(about("north"), army)
    assert not matches(about("rael*"), army)
    assert not matches(about("northern trict*"), army)
    assert not matches(about(without=["israel*"]), army)


def test_a_place_is_found_by_its_people_too_and_not_the_other_way_round():
    army = article("Army", "Israelis and South Koreans in the northern districts were told to stay home.")

    assert matches(about("Israel"), army)
    assert matches(about("south korea"), army)
    assert not matches(about("north korea"), army)
    assert not matches(about(without=["israel"]), army)
    assert matches(about("saudi arabia"), article("Court", "A Saudi court sent two Danes home."))
    assert matches(about("denmark"), article("Court", "A Saudi court sent two Danes home."))
    assert not matches(about("israelis"), article("Army", "The army of Israel told the north to stay home."))


def test_every_people_is_found_in_the_plural_too():
    for place, peoples in data.table("peoples.en.toml").items():
        stems = {words.stem(people.split()[-1]) for people in peoples}
        for people in (each.split()[-1] for each in peoples):
            assert people.endswith(("ese", "ish", "sh", "s", "ch", "asy")) or words.stem(f"{people}s") in stems, place


def test_accents_do_not_matter():
    assert matches(about("zurich"), article("Trams", "Zürich buys trams."))
    assert matches(about("ZÜRICH"), article("Trams", "Zurich buys trams."))


def test_how_far_a_text_is_about_a_query_is_the_share_of_its_words():
    assert share(about("storm", "power"), "The storm left homes dark.") == 0.5
    assert share(about("storm power"), "The storm left homes dark.") == 0.0
    assert share(about(), "The storm left homes dark.") == 0.0
    assert share(about("storm", without=["homes"]), "The storm left homes dark.") == 0.0
