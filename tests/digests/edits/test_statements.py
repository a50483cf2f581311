"""When a sentence states something at all."""

import time

import pytest

from digests.edits import states, tells_of_its_outlet


@pytest.mark.parametrize(
    "sentence",
    [
        "The ferry ran aground off the northern pier.",
        "Protesters battle police on the northern pier.",
        "The island names a new harbour master.",
        "How the ferry ran aground is still unclear.",
        "Where the pier ended, the sea was deep.",
        "eBay will sell the wreck of the ferry.",
        "de Vale led the council of the islands for years.",
        "Named after a king, the ferry was the largest of the line.",
        "Because of the storm, all ferries stay in the harbour.",
        "Is the pier of any use to the islands?",
        "Ada Pell, who led the company, resigned on Monday.",
        "- The pier was closed for the winter.",
        "A captain who saw the rock too late has resigned.",
        "A ferry that sank last year was raised on Monday.",
        "A court ruled that the pier must close.",
        "Ada Pell – a captain for thirty years – left the bridge.",
        "(Pell) owns the pier, the ferry and the tugs (both).",
        "Not because of the storm but of the rock the ferry ran aground.",
        "The pier (which is new) holds two ferries.",
        "Die Fähre lief am Montag vor dem Hafen auf Grund.",
    ],
)
def test_a_whole_sentence_states_something(sentence: str) -> None:
    assert states(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("The company gave these reasons for closing the line:", id="it leads in to a list"),
        pytest.param("The ferry, the pier and the tugs were all old;", id="it goes on"),
        pytest.param("and was pulled free by two tugs.", id="its second half"),
        pytest.param("Is an example of a pier of that age.", id="its subject is missing"),
        pytest.param("Which was the reason for the delay of the ferry.", id="a relative clause"),
        pytest.param("Built by Harbour Ferries for the northern line.", id="a participle"),
        pytest.param("Repaired the pumps that had failed in the storm.", id="a verb without its subject"),
        pytest.param("How the ferry line was saved from ruin.", id="a teaser with how"),
        pytest.param("A look back at the long life of the ferry.", id="a look back"),
        pytest.param("Everything you need for a day on the islands.", id="everything you need"),
        pytest.param("The harbour master's new plan for the northern pier.", id="no verb"),
        pytest.param("Council president Ada Pell, who is asking for a new pier.", id="only a relative clause"),
        pytest.param("Ada Pell — Marine engineer featured in The Naxos Courier.", id="a name and who it is"),
        pytest.param("A remarkable victory that will change the islands for years.", id="a noun and what it will do"),
        pytest.param("- New pumps for the ferry and a second pier for the islands.", id="an item of a list"),
        pytest.param("(Even though both piers are owned by the same company.)", id="an aside in brackets"),
        pytest.param(
            "A small lamp, which can be seen from the pier (and from the tugs, the ferry) and lights it.", id="with brackets"
        ),
        pytest.param("The shops of the pier (they are small).", id="a verb in brackets only"),
        pytest.param("The plan of the pier was published here. https://naxos.example/plan", id="an address"),
        pytest.param("Tickets are sold at www.naxos.example from Monday.", id="an address without its scheme"),
        pytest.param("Not how many piers there are, or how well they were built.", id="what something is not"),
    ],
)
def test_a_piece_a_teaser_or_a_lead_in_states_nothing(sentence: str) -> None:
    assert not states(sentence)


@pytest.mark.parametrize("unit", ["a ", "Ab ", "s ", ", who ", "How ", "- ", "the ", "Abed by "])
def test_a_heap_of_words_takes_no_longer_than_its_size_says(unit: str) -> None:
    sentence = unit * (40_000 // len(unit))
    start = time.process_time()

    states(sentence)

    assert time.process_time() - start < 1


def test_in_a_text_in_small_letters_a_small_letter_begins_a_sentence() -> None:
    sentence = "ada and tom vale ran the first half of the race apart."

    assert not states(sentence)
    assert states(sentence, capitals=False)


@pytest.mark.parametrize(
    ("sentence", "outlet"),
    [
        ("The Naxos Courier followed the opening of the pier.", "Naxos Courier"),
        ("NC asks whether the pier can be saved.", "Naxos Courier"),
        ("NC's Tom Vale asks what the pier is worth.", "Naxos Courier"),
        ("NTV Check has seen the letter of the ministry.", "NTV News"),
        ("Although the pier is old, NC explores why it is loved.", "Naxos Courier"),
        ("A NC investigation traces the money behind the pier.", "Naxos Courier"),
    ],
)
def test_an_outlet_that_tells_of_its_own_work_tells_no_news(sentence: str, outlet: str) -> None:
    assert tells_of_its_outlet(sentence, outlet)


@pytest.mark.parametrize(
    ("sentence", "outlet"),
    [
        ("The Naxos Courier was sold to a fisherman.", "Naxos Courier"),
        ("The mayor asked the Naxos Courier for a correction.", "Naxos Courier"),
        ("Naxos asks the union for help.", "Naxos Courier"),
        ("Ada Pell visited the pier of Naxos.", "Naxos Courier"),
        ("Ada Pell visited the pier of Naxos.", ""),
    ],
)
def test_an_outlet_that_is_the_news_or_only_named_does_not_tell_of_itself(sentence: str, outlet: str) -> None:
    assert not tells_of_its_outlet(sentence, outlet)
