"""What is understood of an article: its claims, what makes none, and whom it credits."""

from dataclasses import replace

import pytest

from digests.claims import MOST_CHARACTERS, understand, with_pairs
from digests.model import Basis, Kind, Understood
from tests.build import article


def facts(text: str, *, title: str = "") -> list[str]:
    return [claim.text for claim in understand(article("a", text, title=title)).claims]


def test_claims_stand_in_text_order_on_whole_sentences():
    text = "The ferry Alma ran aground off Port Alba. Tugs pulled all 140 passengers to safety."

    claims = understand(article("a", text)).claims

    assert [claim.citation.quote for claim in claims] == ["The ferry Alma ran aground off Port Alba.", text[42:]]
    assert [claim.order for claim in claims] == [0, 1]


def test_every_sentence_is_a_claim_or_dropped_with_its_reason():
    fact = "The ferry Alma ran aground off Port Alba."

    told = understand(article("a", f"{fact} {fact}\n\nRead more: ships"))

    assert [claim.citation.quote for claim in told.claims] == [fact]
    assert [(each.kind, each.citation.quote) for each in told.dropped] == [
        (Kind.REPEATED, fact),
        (Kind.FURNITURE, "Read more: ships"),
    ]


def test_a_weekday_is_worked_out_and_moves_to_the_front():
    claim = understand(article("a", "The ferry Alma ran aground off Port Alba on Wednesday.")).claims[0]

    assert (claim.date.value, claim.date.basis, claim.date.words) == ("2026-03-11", Basis.WORKED_OUT, "on Wednesday")
    assert claim.text == "The ferry Alma ran aground off Port Alba"


def test_without_a_day_a_fact_has_that_of_its_report_and_without_that_none():
    text = "The ferry Alma ran aground off Port Alba."

    assert understand(article("a", text)).claims[0].date.basis is Basis.REPORT
    assert understand(article("a", text, hours_ago=None)).claims[0].date.basis is Basis.UNCLEAR


def test_who_says_it_is_kept_beside_the_fact():
    text = "Engineers restored power to 160,000 homes on the west coast, according to Vellnett."

    claim = understand(article("a", text)).claims[0]

    assert claim.text == "Engineers restored power to 160,000 homes on the west coast"
    assert claim.attribution.said_by == "Vellnett"


def test_a_sentence_that_only_credits_the_news_makes_no_claim_but_an_origin():
    told = understand(
        article("a", "Halbrook is in talks to buy Ostra. The talks were first reported by The Harbour Gazette.", outlet="CPA")
    )

    assert "The Harbour Gazette" in told.origins
    assert told.first_reported_by == "The Harbour Gazette"


def test_an_agency_in_the_dateline_is_an_origin():
    assert understand(article("a", "PORT ALBA (CPA) — The ferry Alma ran aground on Monday.")).origins == ("CPA",)


def test_a_day_of_the_background_is_no_day_of_the_fact():
    text = "Following the October 7, 2023, attack on Port Alba, the navy has sent two more ships to the strait."

    claim = understand(article("a", text)).claims[0]

    assert not claim.date.leads
    assert [(phrase.text, phrase.dates[0].value) for phrase in claim.background] == [("attack on Port Alba", "2023-10-07")]


@pytest.mark.slow
def test_what_the_reading_limit_cuts_in_two_is_not_read():
    sentence = "The ferry Alma ran aground off Port {}bury with passengers on board. "
    text = "".join(sentence.format(f"{n:05}".translate(str.maketrans("0123456789", "abcdefghij"))) for n in range(1200))
    assert len(text) > MOST_CHARACTERS

    last = understand(article("a", text)).claims[-1]

    assert last.citation.end <= MOST_CHARACTERS
    assert last.citation.quote.endswith("on board.")


# ---------------------------------------------------------------- pairs


def paired(text: str) -> list[str]:
    return [claim.text for claim in with_pairs(understand(article("a", text))).claims if claim.alone]


def test_a_sentence_that_leans_on_the_one_before_is_joined_to_it_and_one_citation_spans_both():
    text = "The ferry Alma ran aground off Port Alba. It had 140 passengers on board."
    told = with_pairs(understand(article("a", text)))

    assert [claim.citation.quote for claim in told.claims] == [text]
    assert [claim.text for claim in told.claims] == [text.removesuffix(".")]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param("\n\nIt had 140 passengers on board.", id="in another paragraph"),
        pytest.param(" It had 140 passengers on board, according to Corvin Line.", id="with another source"),
    ],
)
def test_sentences_are_not_joined_across_what_parts_them(second: str) -> None:
    first = "The ferry Alma ran aground off Port Alba."

    assert paired(first + second)[0] == first.removesuffix(".")


def test_nothing_is_joined_to_a_sentence_with_a_day_of_its_own():
    text = "The ferry Alma ran aground off Port Alba on Monday. It had 140 passengers on board."

    assert paired(text) == ["The ferry Alma ran aground off Port Alba"]


def test_an_article_of_nothing_is_understood():
    told = understand(article("a", ""))

    assert told == Understood(told.article, (), report=False)


def test_a_page_of_advice_keeps_only_what_has_a_name_a_number_or_a_day():
    advice = "You should book early. You may bring a dog. Ask the mate. I always do. We like the upper deck. My bag is small."
    general = "Early risers make good sailors. The line runs 12 ferries. The ferry Alma sails to Port Alba. Ropes are long."

    told = understand(article("a", f"{advice} {general}"))

    assert [claim.text for claim in told.claims] == ["The line runs 12 ferries", "The ferry Alma sails to Port Alba"]
    assert {each.kind for each in told.dropped} == {Kind.COMMENT}


def test_a_command_behind_a_dateline_makes_no_bullet():
    told = understand(article("a", "May 3, 2026 -- Imagine a pier where no ferry has come for years. The ferry Alma came."))

    assert [claim.whole for claim in told.claims] == [False, True]


def test_an_article_with_a_comment_or_two_keeps_all_that_it_tells():
    facts_told = [f"The ferry stopped at pier {number}." for number in range(12)]

    assert len(facts(" ".join(["You should book early.", *facts_told, "Ropes are long."]))) == 13


def test_what_somebody_says_between_two_other_sentences_is_no_fact_of_the_outlet():
    told = understand(
        article("a", "“The rock is old. The northern pier is a danger. Close it,” Ada Pell wrote. The ferry Alma left.")
    )

    assert [claim.citation.quote for claim in told.claims if claim.alone] == ["The ferry Alma left."]


def test_a_summary_that_its_next_sentence_turns_round_is_left_to_its_headline_and_that_of_a_page_is_not() -> None:
    text, title = (
        "The council of Naxos raised the harbour fees on Monday. But captains pay nothing.",
        "Naxos raises harbour fees",
    )

    assert not understand(article("a", text, title=title)).claims[0].alone
    assert understand(replace(article("a", text, title=title), page_read=True)).claims[0].alone


def test_a_summary_of_a_sentence_leans_on_its_headline_and_a_page_does_not():
    summary, title = "The network denies that it stopped the talk.", "Island News under fire"

    assert not understand(article("a", summary, title=title)).claims[0].alone
    assert understand(article("a", f"{summary} Tugs came. A storm rose. Nobody was hurt.", title=title)).claims[0].alone
