"""E7: a clause that the outlet broke off goes, and a final ``as``, ``amid``, ``which`` or ``where`` that tells nothing."""

import pytest

from digests.edits import edit
from digests.edits.tails import cut_off, empty_tail
from digests.model import edited

FACT = "The ferry company will close its northern pier in May"
LONG = (
    "The ferry company that links the two largest islands with the mainland said it will close its northern pier in May "
    "and move all of its ships to the new harbour in the south"
)


@pytest.mark.parametrize("mark", ["...", "…", " ...", " …", " [...]", ". . ."])
def test_a_clause_that_was_broken_off_goes(mark: str) -> None:
    quote = f"{FACT}, hoping to save{mark}"

    found = edit(quote)

    assert edited(quote, found.edits) == FACT
    assert [one.rule for one in found.edits] == ["E7"]
    assert found.whole


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param(f"{FACT} and will...", id="no comma"),
        pytest.param(f"{FACT} and will...Read More", id="an invitation to read on behind it"),
        pytest.param(f"{FACT} and will… (continue reading)", id="in brackets"),
        pytest.param(f"{FACT}, unless the ministry...", id="a condition"),
        pytest.param(f"{FACT}, but not before...", id="a limit"),
        pytest.param(f"{FACT}, unless, of course, the ministry...", id="a condition before it"),
        pytest.param("The owner defended the closing of the pier by saying, it will...", id="what is said is cut"),
        pytest.param("If the ferry company closes its northern pier, the ministry...", id="only a subordinate clause left"),
        pytest.param("After the ferry ran aground off the pier, the captain...", id="only a time clause left"),
        pytest.param("The ferry company, which has closed its northern pier, will...", id="only a relative clause left"),
        pytest.param("The ferry company closed piers in Naxos, Paros, and...", id="a list"),
        pytest.param("“The ferry company closes its pier, and it will...", id="half a quotation"),
        pytest.param("It will cost the ferry company 1,2...", id="a number"),
        pytest.param("The ferry, the pier...", id="too little left"),
        pytest.param("On Monday, the ferry company...", id="an opening phrase"),
    ],
)
def test_what_cannot_be_mended_is_known_to_be_broken(quote: str) -> None:
    assert cut_off(quote) is None
    assert not edit(quote).whole


@pytest.mark.parametrize("quote", [f"{FACT} with the", f"{FACT} and its", f"{FACT}, the ministry said on"])
def test_a_sentence_without_end_is_broken_without_an_ellipsis_too(quote: str) -> None:
    assert not edit(quote).whole


@pytest.mark.parametrize("quote", [f"{FACT}.", FACT, f"{FACT} ... and its southern one in June."])
def test_a_whole_sentence_is_whole(quote: str) -> None:
    assert edit(quote).whole


@pytest.mark.parametrize(
    "tail", ["as costs rise", "amid rising costs", "as expected", "amid growing anger over delays", "as tides get higher"]
)
def test_an_empty_tail_goes(tail: str) -> None:
    quote = f"{FACT}, {tail}."

    assert edited(quote, edit(quote).edits) == FACT


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param("as Harbour Watch had asked", id="a name"),
        pytest.param("amid 200 complaints", id="a number"),
        pytest.param("amid hundreds of complaints", id="a number word"),
        pytest.param("as long as the sun shines", id="a condition"),
        pytest.param("as if nothing had happened", id="as if"),
        pytest.param("as critics say", id="a speaker"),
        pytest.param("as the log shows", id="a proof"),
        pytest.param("as well as its southern one", id="as well as"),
        pytest.param("as part of a sale", id="as part of"),
        pytest.param("as did its rival", id="as did"),
        pytest.param("as costs rise, and its southern one", id="not the last"),
        pytest.param("which has cost too much", id="which, in a short sentence"),
        pytest.param("where a ferry sank", id="where, in a short sentence"),
        pytest.param("hoping to save costs", id="an -ing tail"),
        pytest.param("with costs rising", id="with"),
        pytest.param("despite rising costs", id="despite"),
    ],
)
def test_a_tail_that_tells_or_limits_stays(tail: str) -> None:
    assert empty_tail(f"{FACT}, {tail}.") is None


@pytest.mark.parametrize("tail", ["which has long been too small", "where the water is deeper"])
def test_a_relative_tail_goes_from_a_long_sentence(tail: str) -> None:
    quote = f"{LONG}, {tail}."

    assert edited(quote, edit(quote).edits) == LONG


@pytest.mark.parametrize(
    "tail", ["which Pell bought", "which cost 2 million", "which is not paid for", "which critics call too deep"]
)
def test_a_relative_tail_with_a_name_number_guard_or_speaker_stays(tail: str) -> None:
    assert empty_tail(f"{LONG}, {tail}.") is None


@pytest.mark.parametrize(
    "quote",
    [
        "Tom Vale joined the crew of the old ferry in May as costs rose.",
        "“The pier will close in May, as costs rise.",
        "When the pier of the harbour closes in May, as costs rise.",
    ],
)
def test_a_tail_without_its_main_clause_stays(quote: str) -> None:
    assert empty_tail(quote) is None


def test_what_somebody_is_made_stays_with_who_is_made_it() -> None:
    assert edit("The owner of the ferry line asked the council to appoint Pell, then the first mate, as captain.").edits == ()
