import pytest

from digests.attribution import agency_of, credited, is_outlet, origin, shown, sources
from digests.data import table


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The harbour ministry said the pier would close.", ["The harbour ministry"]),
        ("Ada Pell told reporters that the pier was rotten.", ["Ada Pell"]),
        ("The pier will close, she said.", ["she"]),
        ("“The pier is rotten,” said Ada Pell, a spokeswoman.", ["Ada Pell"]),
        ("“The pier is rotten,” Ada Pell said.", ["Ada Pell"]),
        ("According to the Harbour Ministry, the pier is rotten.", ["Harbour Ministry"]),
        ("The pier is rotten, according to two people in the harbour.", ["two people in the harbour"]),
        ("Officials have repeatedly warned that the pier may fall.", ["Officials"]),
        ("Tom Vale, the harbour master, said the pier may fall.", ["Tom Vale"]),
        ("The Naxos Courier reports that the pier may fall.", ["The Naxos Courier"]),
        ("A Naxos Courier poll found that most want a new pier.", ["A Naxos Courier poll"]),
        ("Vale's claim that the pier is safe was tested.", ["Vale"]),
        ("Vale is telling visitors to stay away from the pier.", ["Vale"]),
        ("The ferry ran aground off the northern pier.", []),
        ("Two tugs pulled it free at high tide on Monday.", []),
    ],
)
def test_who_is_credited_in_a_sentence(sentence: str, expected: list[str]) -> None:
    assert [mention.name for mention in sources(sentence)] == expected


def test_a_mention_stands_where_it_says() -> None:
    sentence = "Late on Monday the Pentagon said so, Ada Pell of The Naxos Courier reported."

    for mention in sources(sentence):
        assert shown(sentence[mention.start : mention.end]) == mention.name


def test_who_speaks_inside_a_quotation_is_not_credited() -> None:
    assert [mention.name for mention in sources("“They said the pier was safe,” Ada Pell recalled.")] == ["Ada Pell"]


@pytest.mark.parametrize(
    ("sentence", "name", "role"),
    [
        ("NAXOS (AFP) -- The pier will close.", "AFP", "agency"),
        ("The sale was first reported by The Naxos Courier.", "The Naxos Courier", "first"),
        ("The sale was originally reported by Harbour Watch.", "Harbour Watch", "first"),
        ("The Naxos Courier first reported the sale.", "The Naxos Courier", "first"),
        ("The Naxos Courier was the first to report the sale.", "The Naxos Courier", "first"),
        ("Letters obtained by The Naxos Courier show the sale.", "The Naxos Courier", "first"),
        ("The pier was sold, as reported by The Naxos Courier earlier.", "The Naxos Courier", "also"),
        ("The Naxos Courier reported earlier that the pier was sold.", "The Naxos Courier", "also"),
    ],
)
def test_who_is_credited_with_the_news_itself(sentence: str, name: str, role: str) -> None:
    (mention, *_) = sources(sentence)

    assert (mention.name, mention.role, mention.outlet) == (name, role, True)


def test_who_was_first_is_an_articles_origin_not_who_has_it_too_or_sent_it_on() -> None:
    article = [
        "NAXOS (AFP) -- The pier was sold.",
        "The sale was first reported by The Naxos Courier.",
        "It will close, as reported by Harbour Watch earlier.",
        "The Naxos Courier first reported the price.",
    ]

    assert credited(article).origins == ("The Naxos Courier",)


def test_a_second_hand_report_has_the_outlet_that_its_opening_repeats_as_origin() -> None:
    article = ["NAXOS (AFP) -- The pier is to be sold, The Naxos Courier reported.", "It was built for the steamers."]

    assert credited(article).origins == ("The Naxos Courier",)


def test_an_agency_text_comes_from_its_agency_and_an_own_report_from_nobody_else() -> None:
    article = ["NAXOS (AFP) -- The pier was sold.", "The mayor said that the price was fair."]

    assert credited(article).origins == ("AFP",)
    assert credited(article, "AFP").origins == ()
    assert credited(article[1:], "The Naxos Courier").origins == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "The essay was first published in German translation.",
        "It was first published in May.",
        "A record obtained by the winner stands.",
        "The pier was first reported missing.",
        "He was first, reported or not.",
    ],
)
def test_a_word_of_reporting_alone_names_no_origin(sentence: str) -> None:
    assert credited([sentence]).origins == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("the Pentagon", "Pentagon"),
        ("The Naxos Courier", "The Naxos Courier"),
        ("a defence source", "a defence source"),
        ("Harbour Ferries Inc.", "Harbour Ferries Inc."),
        ("the U.S.", "U.S."),
        (" Ada  Pell,", "Ada Pell"),
        ("Ada Pell.", "Ada Pell"),
    ],
)
def test_a_source_is_shown_without_a_small_article_or_a_mark(name: str, expected: str) -> None:
    assert shown(name) == expected


def test_an_outlet_is_known_by_the_form_of_its_name() -> None:
    assert is_outlet("The Naxos Courier")
    assert is_outlet("Island News Agency")
    assert not is_outlet("the Harbour Ministry")


def test_a_body_that_is_no_newspaper_is_no_outlet() -> None:
    assert not is_outlet("European Harbour Agency")
    assert is_outlet("BBC")
    assert not is_outlet("the ABCD of ferries")


def test_who_only_says_something_is_no_origin_of_the_news() -> None:
    assert credited(["NAXOS (AP) — The European Harbour Agency says a second pier would cost too much."]).origins == ("AP",)
    assert credited(["Island News host Ada Pell said the pier was rotten."]).origins == ()


def test_the_outlet_that_somebody_spoke_to_is_the_origin_of_what_he_said() -> None:
    assert credited(["The captain told the Naxos Courier that he saw the rock too late."]).origins == ("Naxos Courier",)
    assert credited(["The captain told the harbour master that he saw the rock too late."]).origins == ()


def test_the_outlet_that_was_sent_a_letter_or_saw_a_document_is_the_origin() -> None:
    assert credited(["Captains condemn the pier in a letter sent to AFP on Tuesday."], "Alba Times").origins == ("AFP",)
    assert credited(["The rock was known, say charts seen by the Naxos Courier."], "Alba Times").origins == ("Naxos Courier",)
    assert credited(["The rock was known, say charts seen by the court."], "Alba Times").origins == ()


def test_two_names_of_one_agency_are_one_origin() -> None:
    assert credited(["The captain told The Associated Press that he saw the rock too late."]).origins == ("AP",)
    assert credited(["NAXOS (PA) -- The pier was sold."]).origins == ("PA Media",)
    assert credited(["NAXOS (PA) -- The pier was sold."], "The Press Association").origins == ()


def test_an_agency_is_known_by_each_of_its_names_and_nobody_else_is() -> None:
    for agency, others in table("agencies.toml").items():
        for name in (agency, *others, f"the {agency.removeprefix('The ')}", agency.upper()):
            assert agency_of(name) == agency
            assert origin(name) == origin(agency)
    assert agency_of("The Naxos Courier") is None
    assert origin("The Naxos Courier") == origin("the Naxos Courier") != origin("PA")


def test_what_an_outlet_does_with_its_news_credits_it() -> None:
    assert [each.name for each in sources("The Naxos Courier ran a long piece on the pier.")] == ["The Naxos Courier"]
    assert [each.name for each in sources("Island News' Ada Pell pressed the minister on the pier.")] == [
        "Island News' Ada Pell"
    ]
    assert sources("The Harbour Ministry ran a ferry to Naxos.") == ()


def test_a_statement_of_somebody_unnamed_credits_nobody() -> None:
    assert sources("His claim was never checked.") == ()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Two flights will carry blankets, tents and a clinic, said Dr. Ada Pell, the head of the mission.", ["Dr. Ada Pell"]),
        ("The spots went within an hour, which is how ice would behave, said Prof. Tom Vale, a geologist.", ["Prof. Tom Vale"]),
        ("A harbour court in Naxos on Wednesday ruled that the strike may go on.", ["A harbour court in Naxos"]),
        ("No network said that the pier was safe.", []),
        ("Tom Vale, a lawyer, said the plan failed.", ["Tom Vale"]),
    ],
)
def test_a_source_is_a_noun_phrase_that_can_speak_without_its_day(sentence: str, expected: list[str]) -> None:
    assert [mention.name for mention in sources(sentence)] == expected


def test_an_outlet_named_behind_its_work_is_the_origin_itself() -> None:
    assert credited(["The bridge fell on Monday, according to a report by the Naxos Courier News."]).origins == (
        "the Naxos Courier News",
    )
