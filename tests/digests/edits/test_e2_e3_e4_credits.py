"""E2, E3: the source of a plain fact moves behind it.  E4: who reported it too.  And what must never move."""

import pytest

from digests.edits import edit
from digests.edits.crediting import also_reported, final_source, first_source
from digests.model import edited

FACT = "The ferry company will close its northern pier in May"


@pytest.mark.parametrize(
    ("tail", "who"),
    [
        ("according to the Harbour Ministry", "Harbour Ministry"),
        ("according to The Naxos Courier", "The Naxos Courier"),
        ("according to a Greek harbour official", "a Greek harbour official"),
        ("as per Harbour Ferries Inc.", "Harbour Ferries Inc."),
        ("the Harbour Ministry said", "Harbour Ministry"),
        ("the Harbour Ministry said Thursday", "Harbour Ministry"),
        ("the Harbour Ministry said on Thursday", "Harbour Ministry"),
        ("the Harbour Ministry said late on Thursday in a statement", "Harbour Ministry"),
        ("the Harbour Ministry said Thursday in a detailed report on the coast", "Harbour Ministry"),
        ("Pell says", "Pell"),
        ("spokeswoman Ada Pell said in an interview", "spokeswoman Ada Pell"),
        ("the Naxos Courier reported", "Naxos Courier"),
        ("Harbour Watch concluded in its yearly report", "Harbour Watch"),
        ("said harbour master Tom Vale", "harbour master Tom Vale"),
        ("a harbour source said", "a harbour source"),
    ],
)
def test_a_final_source_moves_behind_the_fact(tail: str, who: str) -> None:
    quote = f"{FACT}, {tail}" + ("" if tail.endswith(".") else ".")

    found = edit(quote)

    assert edited(quote, found.edits) == FACT
    assert found.attribution.said_by == who
    assert [one.rule for one in found.edits] == ["E2"]


@pytest.mark.parametrize(
    ("opening", "who"),
    [
        ("According to the Harbour Ministry, ", "Harbour Ministry"),
        ("As per a Greek harbour source, ", "a Greek harbour source"),
        ("According to Ada Pell, ", "Ada Pell"),
        ("According to a report by Harbour Watch, ", "a report by Harbour Watch"),
    ],
)
def test_an_initial_source_moves_behind_the_fact(opening: str, who: str) -> None:
    quote = f"{opening}the ferry company will close its northern pier."

    found = edit(quote)

    assert edited(quote, found.edits) == "The ferry company will close its northern pier"
    assert found.attribution.said_by == who
    assert [one.rule for one in found.edits] == ["E3"]


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param("he said", id="a pronoun"),
        pytest.param("the agency said", id="a bare noun"),
        pytest.param("officials said", id="a bare plural"),
        pytest.param("police said", id="police"),
        pytest.param("a court said", id="a bare noun with a"),
        pytest.param("two people said", id="counted people"),
        pytest.param("according to officials", id="officials"),
        pytest.param("according to research published yesterday", id="research of nobody"),
        pytest.param("but the Harbour Ministry said", id="another clause"),
        pytest.param("if the Harbour Ministry said", id="a condition"),
        pytest.param("the Harbour Ministry denied", id="a denial"),
        pytest.param("the Harbour Ministry has not said", id="a negation"),
        pytest.param("the Harbour Ministry of the islands and of all the coasts around them said", id="more than nine words"),
        pytest.param("which Ada Pell said", id="a relative clause"),
        pytest.param("as Ada Pell said", id="as somebody said"),
    ],
)
def test_a_source_that_names_nobody_stays(tail: str) -> None:
    assert final_source(f"{FACT}, {tail}.") is None


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param("The storm killed nine people on the northern islands", id="a toll"),
        pytest.param("At least 40 passengers were injured on the ferry", id="injuries"),
        pytest.param("The captain was charged with fraud after the accident", id="a charge"),
        pytest.param("The captain stole two million euros from the company", id="a crime"),
        pytest.param("The court found the captain guilty on Monday", id="a verdict"),
        pytest.param("The owner allegedly sold the ferry twice in a year", id="an allegation"),
        pytest.param("The owner denied that the ferry had been sold", id="a denial"),
        pytest.param("The captain was arrested in the harbour on Monday", id="an arrest"),
        pytest.param("Fifteen sailors were captured at sea by a navy", id="a capture"),
        pytest.param("Two boats clashed in the strait before noon", id="a clash"),
        pytest.param("A bomb was found under the northern pier", id="a bomb"),
        pytest.param("The ferry was old; it will be scrapped in May", id="two sentences in one"),
        pytest.param("The ferry -- the last of its kind -- will be scrapped", id="dashes"),
        pytest.param("“The ferry will be scrapped before the end of May”", id="a whole quotation"),
        pytest.param("The old ferry, not the new one", id="no verb left"),
        pytest.param("It will sail", id="too few words"),
    ],
)
def test_a_source_never_leaves_what_needs_it(fact: str) -> None:
    assert final_source(f"{fact}, the Harbour Ministry said.") is None
    assert first_source(f"According to the Harbour Ministry, {fact[0].lower()}{fact[1:]}.") is None


@pytest.mark.parametrize(
    "quote",
    [
        "“The pier closes in May, the Harbour Ministry said,” a captain told the crew on the bridge.",
        "“We close the northern pier of the harbour in May,” Ada Pell said.",
        "“We close the northern pier,” Ada Pell, a spokeswoman for the ministry said.",
        "“We close the northern pier of the harbour,” Ada Lay, head of the University of Naxos, South Campus, said.",
        "The pier closes in May, said the Harbour Ministry, which owns it, and nobody knows why.",
        "The ministry said the ferry company will close its northern pier.",
    ],
)
def test_nothing_is_cut_in_quotations_or_in_the_middle(quote: str) -> None:
    assert final_source(quote) is None


@pytest.mark.parametrize(
    "quote",
    [
        "According to Ada Pell, the harbour master, the ferry company closes the pier.",
        "According to officials, the ferry company will close the northern pier.",
        "According to her, the ferry company will close the northern pier.",
        "According to plan, the ferry company will close the northern pier.",
        "According to the Harbour Ministry the ferry company will close it.",
    ],
)
def test_an_initial_source_that_goes_on_or_names_nobody_stays(quote: str) -> None:
    assert first_source(quote) is None


@pytest.mark.parametrize(
    "tail",
    [
        "as reported by The Naxos Courier",
        "as reported by The Naxos Courier earlier",
        "as previously reported by The Naxos Courier",
        "as reported on Monday by The Naxos Courier",
        "as earlier reported by The Naxos Courier",
    ],
)
def test_who_reported_it_too_is_credited_with_that(tail: str) -> None:
    found = edit(f"{FACT}, {tail}.")

    assert edited(f"{FACT}, {tail}.", found.edits) == FACT
    assert found.attribution.also_reported_by == ("The Naxos Courier",)
    assert found.attribution.said_by is None
    assert found.origins == ()
    assert [one.rule for one in found.edits] == ["E4"]


def test_who_was_first_is_the_origin() -> None:
    quote = f"{FACT}, as first reported by The Naxos Courier."

    found = edit(quote)

    assert edited(quote, found.edits) == FACT
    assert found.attribution.first_reported_by == "The Naxos Courier"
    assert found.origins == ("The Naxos Courier",)


@pytest.mark.parametrize(
    "quote",
    [
        "The closure of the northern pier was first reported by The Naxos Courier.",
        "News of the sale was originally reported by Harbour Watch on Monday.",
    ],
)
def test_a_sentence_that_only_says_who_was_first_makes_no_bullet(quote: str) -> None:
    found = edit(quote)

    assert found.credit_only
    assert found.edits == ()
    assert found.origins == (found.attribution.first_reported_by,)


@pytest.mark.parametrize(
    "quote",
    [
        "The pier will close in May, the plan first reported by sources in the harbour.",
        "He read, as reported by The Naxos Courier, the whole log aloud to the crew.",
        "“The pier will close in May, as reported by The Naxos Courier.",
        "The profit was as reported by Harbour Ferries in its yearly figures.",
    ],
)
def test_a_report_inside_a_sentence_stays(quote: str) -> None:
    assert also_reported(quote) is None


@pytest.mark.parametrize(
    "quote",
    [
        "The harbour ministry, which has let the captains decide, says crews can return with care.",
        "In some ports, nine in ten crews have left, the Harbour Ministry, the keeper of the piers, said in a statement.",
    ],
)
def test_what_stands_behind_says_is_a_source_only_if_it_can_speak(quote: str) -> None:
    found = edit(quote)

    assert found.attribution.said_by is None
    assert not found.edits


def test_a_dateline_goes_from_a_sentence_whose_verb_nobody_knows() -> None:
    quote = "NAXOS (CPA) -- At 16, Tom Vale reflects on a life at sea."

    assert edited(quote, edit(quote).edits) == "At 16, Tom Vale reflects on a life at sea"
