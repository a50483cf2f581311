"""What a sentence tells by its main verb."""

import pytest

from digests.happenings import Tells, happened, tells


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Tugs pulled the ferry free on Monday", Tells.EVENT),
        ("The ferry was pulled free by two tugs", Tells.EVENT),
        ("Two tugs have pulled the ferry free", Tells.DONE),
        ("The pier has been closed", Tells.DONE),
        ("A man who lives on Naxos has been fined", Tells.DONE),
        ("When the storm had passed, tugs pulled the ferry free", Tells.EVENT),
        ("The minister said the pier was old", Tells.SAID),
        ("Captains say the pier is old", Tells.SAID),
        ("Divers are looking for the crew", Tells.GOING_ON),
        ("Divers are still looking for the crew", Tells.GOING_ON),
        ("Naxos will close its pier in May", Tells.AHEAD),
        ("Naxos is set to close its pier", Tells.AHEAD),
        ("The pier could close in May", Tells.SUPPOSED),
        ("Ferries should use the southern pier", Tells.SUPPOSED),
        ("The harbour has three piers", Tells.STATE),
        ("The harbour was once the largest of the islands", Tells.STATE),
        ("Roe was a leading figure of the strike", Tells.STATE),
        ("The harbour has long been the largest of the islands", Tells.STATE),
        ("The ferries have not stopped", Tells.STATE),
        ("The pier is situated in the north", Tells.STATE),
        ("Ferries to Naxos, a timetable", Tells.UNKNOWN),
        ("Will the pier close?", Tells.UNKNOWN),
        ("", Tells.UNKNOWN),
        ("“We left the pier,”", Tells.UNKNOWN),
    ],
)
def test_the_verb_of_the_main_clause_tells_what_a_sentence_is_about(sentence: str, told: Tells) -> None:
    assert tells(sentence) is told


def test_what_is_longer_than_any_sentence_of_news_is_not_taken_apart():
    long = "Tugs pulled the ferry free on Monday" + " and the crew of Naxos" * 80

    assert tells(long[:1500]) is Tells.EVENT
    assert tells(long) is Tells.UNKNOWN


def test_what_was_said_or_done_happened_and_what_is_or_will_be_did_not() -> None:
    assert happened("Tugs pulled the ferry free")
    assert happened("Tugs have pulled the ferry free")
    assert happened("The coast guard said the ferry was free")
    assert not happened("The ferry is free")
    assert not happened("The ferry will leave on Friday")
