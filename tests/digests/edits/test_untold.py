"""What a claim takes for known that only the text before it tells."""

import pytest

from digests.edits import presumes, takes_for_known

EARLIER = """Tom Reed, the harbour master of Quarles, closed a pier on Monday.
The first to dive was Ida J. Marlow, and Lars van Dyk held the rope of a rusty old raft.
Nell “Sparks” Orban mends engines. Minister Pell was there. President Barack Obama sent a wreath.
Divers of the Quarles Pilots looked at the Pilots' boat. In Tarnby nobody saw it. A city councillor wept."""


@pytest.mark.parametrize(
    ("text", "known"),
    [
        pytest.param("Reed said the winter had been long", "reed", id="a surname"),
        pytest.param("Mr Reed, who had slept badly, went home", "reed", id="with a title"),
        pytest.param("Reed's boat sank in May", "reed", id="whose"),
        pytest.param("Marlow dived again on Friday", "marlow", id="an initial between the two"),
        pytest.param("Orban has mended engines for years", "orban", id="a nickname between the two"),
        pytest.param("“Reed was right,” said the owner of the yard", "reed", id="inside quotation marks"),
        pytest.param("The winter, says Reed, has been long", "reed", id="who speaks inside it"),
        pytest.param("“The winter has been long,” Reed said in May", "reed", id="who speaks behind a quotation"),
        pytest.param("A crowd stood outside when the couple came ashore", "coupl", id="people who were named one by one"),
        pytest.param("The rope held for two hours", "rope", id="the thing that opens it, in whatever form it stood before"),
        pytest.param("Divers from Naxos will look at the raft again", "raft", id="the thing that was brought in"),
    ],
)
def test_a_claim_takes_for_known_whom_and_what_only_the_text_before_it_brought_in(text: str, known: str) -> None:
    assert takes_for_known(text, EARLIER) == {known}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The winter, says Reed, the harbour master, was long", id="who says what he is inside it"),
        pytest.param("Tom Reed said the winter had been long", id="the name in full"),
        pytest.param("Reed, the harbour master, went home", id="who says what he is"),
        pytest.param("Reed, 61, went home", id="and how old"),
        pytest.param("Ekman said the winter had been long", id="named nowhere before"),
        pytest.param("Pell said the winter had been long", id="who had no first name before either"),
        pytest.param("Obama said the winter had been long", id="whom all news know"),
        pytest.param("Tarnby built two breakwaters in May", id="a place behind a small word"),
        pytest.param("Pilots went on strike in May", id="a word that opens a sentence"),
        pytest.param("After the winter two breakwaters were built", id="a small word"),
        pytest.param("The owner of a raft wants the raft back", id="the thing that it brings in itself"),
        pytest.param("Quarles pays for the raft of the ministry", id="the thing that it describes"),
        pytest.param("Ada Pell and Tom Vale wept when the couple came ashore", id="people whom it names itself"),
        pytest.param("The president sent his thanks", id="who opens it, of whom all news tell"),
        pytest.param("The dredger sank in May", id="what opens it and stood nowhere before"),
        pytest.param("Quarles paid for the dredger", id="a thing that nobody brought in"),
        pytest.param("Quarles paid for the city", id="a thing that only describes another"),
    ],
)
def test_a_claim_that_tells_who_and_what_takes_nothing_for_known(text: str) -> None:
    assert not takes_for_known(text, EARLIER + " The pilots met a president.")


def test_nothing_is_taken_for_known_where_nothing_stands_before() -> None:
    assert not takes_for_known("Reed said the raft had sunk", "")


TOLD = """Tom Reed and Ida J. Marlow run the Northern Harbour Board (NHB). A Danish duo dived. Minister Pell was there.
The camera of the Lander Kestrel 2 broke. President Barack Obama sent a wreath."""


@pytest.mark.parametrize(
    ("text", "said_by", "known"),
    [
        pytest.param("Divers of Ostby told Reed of the leak", "", {"reed"}, id="a surname anywhere"),
        pytest.param("The leak was found by Marlow's divers", "", {"marlow"}, id="whose"),
        pytest.param("The leak has been closed", "Reed", {"reed"}, id="who is credited with it"),
        pytest.param("Divers met Mr. Reed in May", "", {"reed"}, id="with a title"),
        pytest.param("Divers of the NHB found a leak", "", {"nhb"}, id="an abbreviation that was written out"),
        pytest.param("The Danish duo found a leak", "", {"duo"}, id="a duo that was told"),
    ],
)
def test_a_claim_presumes_whom_the_text_before_it_named_in_full(text: str, said_by: str, known: set[str]) -> None:
    assert presumes(text, TOLD, said_by) == known


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Divers of Ostby told Tom Reed of the leak", id="the name in full"),
        pytest.param("Divers found a leak in Reed Park", id="a part of a longer name"),
        pytest.param("Divers of the Northern Harbour Board (NHB) found a leak", id="an abbreviation written out again"),
        pytest.param("Divers found the camera of Kestrel in May", id="a thing with a number"),
        pytest.param("Divers spoke with Pell in May", id="who had no first name before either"),
        pytest.param("Divers spoke with Obama in May", id="whom all news know"),
        pytest.param("The Swedish divers found a leak", id="people who were not told before"),
    ],
)
def test_what_it_tells_in_full_or_what_all_know_is_presumed_by_none(text: str) -> None:
    assert not presumes(text, TOLD)


def test_nothing_is_presumed_where_nothing_stands_before() -> None:
    assert not presumes("Divers told Reed of the leak", "")
