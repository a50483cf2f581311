"""E12: when a headline may be the story line."""

import pytest

from digests.edits import headline_serves, headline_tells, headline_vouched

LEAD = [
    "A ferry with 214 people aboard ran aground off Naxos on Monday, the Harbour Ministry said.",
    "Two tugs pulled it free at high tide.",
    "Nobody was hurt, but Harbour Ferries will close its northern pier until May.",
]


@pytest.mark.parametrize(
    "title",
    [
        "Ferry runs aground off Naxos",
        "Ferry with 214 aboard ran aground off Naxos",
        "Ferry Runs Aground Off Naxos With 214 Aboard",
        "Huge Ferry With 214 People Aboard Ran Aground Off Naxos",
        "Gigantic ferry with 214 people aboard ran aground off Naxos",
        "Harbour Ferries to close northern pier until May",
        "Tugs pull ferry free at high tide",
        "Ferry with 214 people aboard runs aground",
        "Naxos ferry ran aground on Monday",
        "Ferry toll rises off Naxos, Harbour Ministry says",
    ],
)
def test_a_headline_that_the_lead_bears_out_serves(title: str) -> None:
    assert headline_serves(title, LEAD)


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("", id="none"),
        pytest.param("Why a ferry ran aground off Naxos", id="why"),
        pytest.param("How a ferry ran aground off Naxos", id="how"),
        pytest.param("Ferry aground off Naxos: what you must know", id="you"),
        pytest.param("Did a ferry run aground off Naxos?", id="a question"),
        pytest.param("Here's the ferry that ran aground off Naxos", id="here's"),
        pytest.param("Ferry with 240 aboard ran aground off Naxos", id="another number"),
        pytest.param("Ferry ran aground off Paros", id="another name"),
        pytest.param("Paros Ferry Runs Aground With 214 People Aboard", id="another name among capitals"),
        pytest.param("The ferry of Naxos", id="no verb"),
        pytest.param("Naxos ferry and harbour tugs", id="a plural at the end"),
        pytest.param("Naxos Ferry TUGS Harbour Pier", id="a plural in capitals"),
        pytest.param("Ferry with 214 people aboard ran aground off...", id="it breaks off"),
        pytest.param("Paros ferry ran aground with 214 people aboard", id="another name at the start"),
        pytest.param("A disgrace at sea, and nobody is to blame", id="other words"),
        pytest.param("Harbour Watch blames ferry that ran aground off Naxos", id="a name that is not told"),
        pytest.param("The ferry that broke the harbour's heart", id="poetry"),
    ],
)
def test_a_headline_that_teases_or_says_more_does_not(title: str) -> None:
    assert not headline_serves(title, LEAD)


@pytest.mark.parametrize(
    "title",
    [
        "Quarles raises its harbour fees again",
        "Ferries stop for a day over pay",
        "Harbour Workers Leave the Northern Pier",
        "The harbour council has a new leader",
    ],
)
def test_a_headline_with_a_verb_tells_something_by_itself(title: str) -> None:
    assert headline_tells(title)


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("The flaws in the plans of Quarles", id="no verb"),
        pytest.param("Quarles's last big ask of the islands", id="a noun that could be a verb"),
        pytest.param("The young captain who may lead the islands", id="only a relative clause"),
        pytest.param("What the harbour strike reveals about Quarles", id="a question without its mark"),
        pytest.param("Is the ferry line of Quarles doomed?", id="a question"),
        pytest.param("Why the ferries of Quarles stand still", id="why"),
        pytest.param("Meet the pilot who moves the largest ships", id="an invitation"),
        pytest.param("Island newsletter: Ferries stop for a day", id="a kind of piece"),
        pytest.param("We must save the northern pier", id="a view"),
        pytest.param("Ferry aground", id="two words"),
        pytest.param("", id="none"),
    ],
)
def test_a_headline_that_teases_or_only_names_a_thing_does_not(title: str) -> None:
    assert not headline_tells(title)


@pytest.mark.parametrize(
    "title",
    ["Quarles raises the fees of Ostby harbour", "Quarles gets $16M for Ostby harbour", "Fees of Ostby Harbour Rise Again"],
)
def test_a_headline_is_vouched_for_where_its_names_and_numbers_stand_anywhere_in_its_article(title: str) -> None:
    text = "For years captains have grumbled. The board of Ostby harbour met. Quarles has 16 million crowns for it."

    assert headline_vouched(title, text)
    assert not headline_vouched(title, text.replace("Ostby", "Westby"))
    assert not headline_vouched(f"Why {title}", text)


@pytest.mark.parametrize(
    ("one", "other"), [("$16M", "$16 million"), ("£2.3bn", "£2.3 billion"), ("40k", "40 thousand"), ("300m", "300 m")]
)
def test_a_number_of_a_headline_is_vouched_for_in_its_other_spelling(one: str, other: str) -> None:
    for title, text in ((one, other), (other, one)):
        assert headline_vouched(f"Quarles gets {title} for Ostby harbour", f"Quarles has {text} for Ostby harbour.")


def test_a_number_of_a_headline_that_its_article_does_not_have_vouches_for_nothing():
    assert not headline_vouched("Quarles gets $16M for Ostby harbour", "Quarles has 15 million crowns for Ostby harbour.")
