"""When a bullet can be read without the sentences before it."""

import time

import pytest

from digests.edits import reads_alone, retells

EARLIER = """A ferry ran aground off Naxos on Monday.
Harbour Ferries said it had hired a 61-year-old captain and a second crew."""


@pytest.mark.parametrize(
    "sentence",
    [
        "The harbour ministry will close the northern pier in May",
        "Two tugs pulled the ferry free at high tide",
        "It is clear that the northern pier will stay closed",
        "There were 214 people aboard when the tide turned",
        "This week the harbour ministry closed the northern pier",
        "Those who booked a place get a refund from the company",
        "His Majesty opened the northern pier on Monday",
        "Yet another ferry ran aground off the islands",
        "So far 214 passengers have asked for a refund",
        "In addition to the ferry, two yachts ran aground",
        "Ada Pell said she had seen the rock too late",
        "Instead of the ferry, a bus takes passengers to Naxos",
        "The government closed all piers of the islands",
        "The head of the agency resigned on Monday",
        "Not only the ferry but also two yachts ran aground",
        "Then-minister Ada Pell opened the pier in 2019",
        "“We saw the rock,” captain Tom Vale said",
        "Vale wanted to turn back, he said",
        "When Vale saw the rock, he turned the ferry",
        "It was decided to close the northern pier",
        "Last year, it was clear that the pier would rot",
        "With Pell at the helm, her crew saw the rock too late",
        "In July, the islands built a second pier",
        "On Naxos, this week brought 214 guests",
        "Two of the people of Naxos were brought ashore",
        "When she was elected, Pell promised a second pier",
        "The new ranking of the islands is led by Naxos",
        "The governor opened the bridge, and the crowd cheered",
        "The Guardian has seen the letter of the ministry",
        "Pell sold nets, ropes, and sails, and with these goods paid the crew",
        "Some of the largest ferries of the islands are for sale",
        "After Harbour Ferries cut its prices, it sold more tickets",
        "This week's elections will be held on all islands",
        "In addition to Pell, it was the mate who saw the rock",
    ],
)
def test_a_sentence_that_needs_nothing_before_it_reads_alone(sentence: str) -> None:
    assert reads_alone(sentence, EARLIER)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("He saw the rock too late", id="he"),
        pytest.param("They were brought ashore in boats", id="they"),
        pytest.param("It was built in 1987 in Naxos", id="it"),
        pytest.param("Its captain saw the rock too late", id="its"),
        pytest.param("This angered the owners of the ferry", id="this"),
        pytest.param("These ships are older than the harbour", id="these"),
        pytest.param("At the fair of Naxos, this ship was shown", id="this ship behind an opening phrase"),
        pytest.param("The ferry will be sold in May, two of the people said", id="two of the people"),
        pytest.param("There he saw the rock too late", id="there"),
        pytest.param("But the captain saw the rock too late", id="but"),
        pytest.param("Meanwhile the tide turned in the harbour", id="meanwhile"),
        pytest.param("As a result, the pier stays closed", id="as a result"),
        pytest.param("For example, the pier stays closed", id="for example"),
        pytest.param("Since then, three ferries have run aground", id="since then"),
        pytest.param("Some of them were brought ashore in boats", id="some of them"),
        pytest.param("Despite this, the pier stays open", id="despite this"),
        pytest.param("The ferry was built in 1987 in Naxos", id="the ferry, brought in as a ferry"),
        pytest.param("The 61-year-old saw the rock too late", id="somebody's age"),
        pytest.param("The company will refund all tickets", id="the company, said by name before"),
        pytest.param("The ferry's owner will refund all tickets", id="the ferry's owner"),
        pytest.param("The two men saw the rock too late", id="the two"),
        pytest.param("Another passenger saw the rock too late", id="another"),
        pytest.param("Pell also said that the pier was rotten", id="also"),
        pytest.param("The ministry will close the southern pier too.", id="too"),
        pytest.param("On Monday, he saw the rock too late", id="a time, then he"),
        pytest.param("“We saw the rock,” he said.", id="only he speaks"),
        pytest.param("The pier will be closed, she added.", id="only she adds"),
        pytest.param("“We saw the rock.", id="half a quotation"),
        pytest.param("“We saw the rock, and then came the tugs.”", id="a quotation without its speaker"),
        pytest.param("It is designed to carry 214 people", id="an it that stands for something"),
        pytest.param("It was launched in May and has sailed since to be known", id="an it with two verbs"),
        pytest.param("In early 1931, her career began in the capital", id="a time, then his"),
        pytest.param("In addition to its order for two ferries, it announced a pier", id="its and it"),
        pytest.param("Now, the company is looking for a new captain", id="now, then the noun"),
        pytest.param("On Monday the company hired a third captain", id="a day, then the noun"),
        pytest.param("In another letter Pell asked for a new pier", id="in another"),
        pytest.param("5 of those aboard were children of the crew", id="so many of those"),
        pytest.param("The stock added more than 2 percent on Monday", id="a stock of somebody"),
        pytest.param("The researchers watched the rock for 17 nights", id="the researchers"),
        pytest.param("The island's economy shrank by a tenth", id="the island's"),
        pytest.param("This week's attack was the worst in years", id="this week's attack"),
        pytest.param("As the report states: the pier was rotten", id="as the report states"),
        pytest.param("Despite hosting a summit, it has no say in the plan", id="a participle, then it"),
        pytest.param("In addition to its order of 30 Pell boats, it bought a pier", id="its before a name"),
        pytest.param("Some of the women were held on board for a week", id="some of the women"),
        pytest.param("The American, who won her first race, leads", id="somebody from somewhere"),
        pytest.param("On one of those nights, Pell saw a light", id="one of those"),
        pytest.param("Pell plans to sail on boats built by these partner companies", id="these inside"),
        pytest.param("The low ranking the islands had was due to the pier", id="the ranking, behind an adjective"),
        pytest.param("The road safety slogan drew laughter", id="the slogan, behind two nouns"),
        pytest.param("Pell has seen signs of such leaks on other boats", id="such inside"),
        pytest.param("As they left the ferry, one by one, they looked tired", id="they, twice"),
        pytest.param("The meeting Tuesday was the third in a month", id="a noun before its day"),
        pytest.param("If not, the pier will stay closed", id="if not"),
    ],
)
def test_a_sentence_that_leans_on_others_does_not(sentence: str) -> None:
    assert not reads_alone(sentence, EARLIER)


def test_the_first_sentence_may_bring_in_its_nouns_with_the() -> None:
    assert reads_alone("The company will refund all tickets", "")


@pytest.mark.parametrize(
    "unit", ["In a ", "The a ", "of these ", "as they, ", "On Monday the ", "it was a ", "a, ", "In 19, it "]
)
def test_a_heap_of_words_takes_no_longer_than_its_size_says(unit: str) -> None:
    sentence = unit * (40_000 // len(unit))
    start = time.process_time()

    reads_alone(sentence, EARLIER)

    assert time.process_time() - start < 1


HEADLINE = "Naxos raises the fees of its northern harbour"


@pytest.mark.parametrize(
    "summary",
    [
        "The council of Naxos raised the harbour fees by a fifth on Monday",
        "Fees in the harbour of Naxos go up by a fifth",
        "Captains of Naxos say the harbour should be free",
        "Naxos has paid captains the fees of its harbour",
        "Naxos was paid by captains for its harbour on Monday",
        "Naxos plans to pay captains the fees of its harbour",
        "Naxos is looking for higher fees in its northern harbour",
        "Naxos wants higher fees, and captains of its harbour fear for the northern line",
    ],
)
def test_a_summary_that_tells_what_its_headline_tells_needs_no_headline(summary: str) -> None:
    assert retells(summary, HEADLINE)


@pytest.mark.parametrize(
    "summary",
    [
        pytest.param("Captains are not amused", id="it goes on from the headline"),
        pytest.param("A small island bets on its harbour", id="one word in common"),
        pytest.param("The island wants more money from the northern harbour", id="the island"),
        pytest.param("The former Naxos captain fears for the harbour and its fees", id="the former captain"),
        pytest.param("Captains left the northern harbour after that vote on fees", id="that vote"),
        pytest.param("Higher fees of the harbour hit the airport of the northern town and the team", id="the team"),
        pytest.param("Naxos must raise the fees of its harbour", id="must, and nobody says so"),
        pytest.param("The fees of the northern harbour of Naxos are the lowest", id="how things are"),
        pytest.param("Naxos has never raised the fees of its harbour", id="what never happened"),
        pytest.param("The fees of the harbour of Naxos could rise", id="what could be"),
        pytest.param("Naxos was paid by captains for its harbour", id="of a day that it does not tell"),
        pytest.param("Naxos is looking for captains for its harbour", id="what is going on"),
        pytest.param("An island has raised the fees of its northern harbour", id="a subject without the name of the headline"),
    ],
)
def test_a_summary_that_goes_on_from_its_headline_does_not_read_without_it(summary: str) -> None:
    assert not retells(summary, HEADLINE)


@pytest.mark.parametrize(
    ("then", "alone"),
    [
        (" But captains of its south pay nothing.", False),
        (" However, nobody pays them.", False),
        (" The court of the island has now stopped that.", False),
        (" Captains are not amused, but they pay.", True),
        (" The court of the island meets on Monday.", True),
        ("", True),
    ],
)
def test_of_a_summary_whose_next_sentence_goes_against_it_or_past_it_only_the_headline_knows_both(
    then: str, alone: bool
) -> None:
    assert retells("The council of Naxos raised the harbour fees by a fifth on Monday", HEADLINE, then=then) is alone


def test_nothing_goes_on_from_a_label() -> None:
    assert retells("Captains are not amused", "Report 12")


def test_what_follows_a_sentence_that_retells_the_headline_need_share_one_word_with_it() -> None:
    summary = "Captains of the island left the harbour in protest"

    assert not retells(summary, HEADLINE)
    assert retells(summary, HEADLINE, further=True)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("An engineer by trade, he has taken pumps apart for years", id="apposition and he"),
        pytest.param("Known as the Rust Gene, its proper name is longer", id="participle and its"),
        pytest.param("On their return home, the players were cheered", id="their, and the players"),
        pytest.param("The fact that he kept the medals means much", id="the fact that he"),
        pytest.param("In the days following the auction, Naxos bought the statue", id="the auction in front"),
        pytest.param("After the collision, Naxos closed the strait", id="after the collision"),
        pytest.param("Ada Pell said the suspect fled by boat", id="what somebody says looks back"),
        pytest.param("The captains of the line are happy though", id="though at the end"),
        pytest.param("At some piers, though, nine in ten stayed at home", id="though"),
        pytest.param("Firstly, all ferries of Naxos are old", id="firstly"),
        pytest.param("“It is a strange name for a pier,” said another", id="said another"),
    ],
)
def test_a_sentence_that_leans_in_its_opening_phrase_or_behind_a_speaker_does_not_read_alone(sentence: str) -> None:
    assert not reads_alone(sentence, EARLIER)
