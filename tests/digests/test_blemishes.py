"""What an editor would mend in a sentence that is shown alone."""

import pytest

from digests.blemishes import blemishes, weakness
from digests.model import Claim
from tests.build import article, claim, happened


def mended(of: Claim) -> dict[str, float]:
    return {**blemishes(of), **weakness(of)}


def found(text: str, who: str | None = None) -> set[str]:
    """What there is to mend beside how hard the fact is."""
    return set(mended(claim(article("a", text), text, who=who))) - {"soft"}


def softness(text: str, who: str | None = None) -> float:
    return mended(claim(article("a", text), text, who=who)).get("soft", 0.0)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The harbour of Naxos is the largest of the islands.", "state"),
        ("The pier could close before the summer.", "state"),
        ("Tom Reed arrives at the pier of Naxos.", "state"),
        ("Tom Reed of Naxos at the pier, where he debuted.", "state"),
        ("Naxos spoke at that pier and left.", "points"),
        ("In Naxos and Ostby, that share is likely to be higher.", "points"),
        ("Tom Reed, a diver, was driving home from Naxos when he found a leak.", "state"),
        ("Apparently, Naxos closed its pier on Monday.", "roundabout"),
        ("The ferry was pulled free today by two tugs.", "moment"),
        ("Yesterday two tugs pulled the ferry free.", "moment"),
        ("The council met here to vote on the pier.", "moment"),
        ("Two other ferries were seen off Ostby.", "points"),
        ("Tom Reed, another captain, left the harbour.", "points"),
        ("The council then voted for a second pier.", "points"),
        ("Like the ferry of Ostby, the Alma was pulled free.", "points"),
        ("Roe responded by closing the northern pier.", "points"),
        ("In May, for the first time, Naxos will also close its northern pier.", "points"),
        ("Divers spoke of these piers in the harbour.", "points"),
        ("Who was in Ostby at the times listed above must stay at home.", "points"),
        ("Naxos says that it's enough for two ferries.", "points"),
        ("Tom Reed, meanwhile, left the harbour of Naxos.", "points"),
        ("Roe rejected that argument on Monday in Naxos.", "points"),
        ("Roe said the two left Naxos on Monday.", "points"),
        ("Roe spoke in Naxos of last week's storm.", "points"),
        ("A week later, Roe left Naxos for Ostby.", "points"),
        ("The next day Roe left Naxos for Ostby.", "points"),
        ("A rival line opened a pier in Ostby.", "points"),
        ("Episode one was filmed on Naxos.", "points"),
        ("Despite two warnings, Naxos closed its pier on Monday.", "roundabout"),
        ("To save the pier, Naxos sold two ferries on Monday.", "roundabout"),
        ("In an abrupt turn, Naxos closed its pier on Monday.", "roundabout"),
        ("Roe's words came hours after Naxos closed its pier.", "roundabout"),
        ("For weeks, Naxos had looked for two divers.", "roundabout"),
        ("Some believe that Naxos will close its pier.", "roundabout"),
        ("The council clearly voted against the islands.", "view"),
        ("Naxos opened a stunning pier in May.", "view"),
        ("Ferries should stop at the southern pier.", "view"),
        ("\u201cWe left the pier at noon,\u201d said Roe.", "voice"),
        ('Roe said that "my ferry was free" on Monday.', "voice"),
        ("Tom Reed, 27, said: 'I wanted one pier for two ferries.", "voice"),
        ("In response, Naxos closed its pier on Monday.", "points"),
        ("Wearing two coats, Roe left Naxos on Monday.", "roundabout"),
        ("Roe had expected two ferries off Naxos.", "old"),
        ("The ferry Alma of Naxos had been pulled free.", "old"),
        ("In December, Roe had said that the pier of Naxos was closed.", "old"),
    ],
)
def test_it_names_what_an_editor_would_mend(text: str, name: str) -> None:
    assert name in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Two tugs pulled the ferry free on Monday.",
        "Naxos will close its pier in May.",
        "The council was going to close the pier of Naxos on Monday.",
        "Two divers were being treated on Monday.",
        "Tom Reed was leaving the harbour of Naxos when he was hit by a ferry.",
        "Roe said on Monday in Naxos, for two hours, that he was lost.",
        "Divers are looking for the crew of the Alma.",
        "Naxos says it will close two piers.",
        "Police said the ferry was pulled free by two tugs.",
        "Best Western opened a hotel in Great Ostby.",
        'The captain called the pier "a stunning mess today".',
        "A second person has died on Naxos.",
        "Today\u2019s rules were written by the council.",
        "Ships left later in the week.",
        "The council voted this week to close the pier.",
        "In a letter to the council, Roe said the pier was safe.",
        "In May, Naxos closed its pier.",
        "Roe said on Monday that Naxos came second of two.",
        "Roe said that case law of Naxos was written in May.",
        "After the storm of May, Naxos closed its pier.",
        "Naxos opens its pier on Monday.",
        "Tom Reed arrives at the pier to vote.",
        "Beijing, in a letter to Naxos, closed its pier.",
        "Speaking in Ostby, Roe said the pier was closed.",
        "Building the pier was left to Naxos, Roe said.",
        "Divers found that the pier had been closed.",
        "Naxos closed the pier that it had opened in May.",
        "Roe said in Naxos he had closed the pier.",
        "The owners' pier of Naxos was closed in May.",
        "In Naxos, two ferries were pulled free.",
    ],
)
def test_what_reports_a_fact_has_nothing_to_mend(text: str) -> None:
    assert found(text) == set()


def test_a_state_with_a_number_is_half_a_blemish_and_with_a_day_or_a_source_none():
    text = "The harbour has 12 piers."

    assert mended(claim(article("a", text), text))["state"] == 0.5
    assert found(text, who="the council") == set()
    assert found("Roe said the harbour has three piers.") == set()
    dated = claim(article("a", text), text, happened("2026-03-09"))
    assert "state" not in mended(dated)


def test_where_a_deed_stands_but_no_main_verb_was_found_the_state_is_a_quarter_of_a_blemish():
    text = "A driver who killed a diver of Naxos while checking his phone has been jailed."

    assert mended(claim(article("a", text), text))["state"] == 0.25


def test_a_view_that_somebody_is_credited_with_is_his():
    assert "view" in found("Ferries should stop at the southern pier.")
    assert "view" not in found("Ferries should stop at the southern pier.", who="Roe")
    assert "view" not in found("Roe said ferries should stop at the southern pier.")


def test_a_fact_is_the_harder_the_more_it_has_of_a_number_a_day_a_source_and_two_names():
    assert softness("The ferries of Naxos stay in the harbour.") == 1.0
    softer = [
        softness("Twelve ferries of Naxos stay in the harbour."),
        softness("Twelve ferries of Naxos stay in the harbour on Monday."),
        softness("Twelve ferries of Naxos stay in Ostby on Monday."),
        softness("Twelve ferries of Naxos stay in Ostby on Monday.", who="Roe"),
    ]
    assert softer == sorted(softer, reverse=True)
    assert softer[0] < 1.0
    assert softer[2:] == [0.0, 0.0]


def test_in_a_text_in_small_letters_names_are_taken_as_given():
    assert softness("The ferries of Naxos stay in the harbour.") > softness("The ferries of naxos stay in the harbour.")


def test_what_came_before_is_old_unless_its_day_stands_in_front():
    text = "Roe had closed the pier of Naxos."

    assert "old" in found(text)
    assert "old" not in mended(claim(article("a", text), text, happened("2026-03-09")))


def test_a_fact_of_long_before_its_report_tells_what_came_before():
    text = "Naxos closed its pier."
    dated = {day: mended(claim(article("a", text), text, happened(day))) for day in ("2025-05-14", "2026-03-09", "2026-05-01")}

    assert ["old" in each for each in dated.values()] == [True, False, False]
