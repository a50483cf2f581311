"""What an editor would mend in a sentence that is shown alone."""

import pytest

from digests.blemishes import blemishes
from tests.build import article, claim, happened


def found(text: str, who: str | None = None) -> set[str]:
    return set(blemishes(claim(article("a", text), text, who=who)))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The harbour of Naxos is the largest of the islands.", "state"),
        ("The pier could close before the summer.", "state"),
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
        ("A rival line opened a pier in Ostby.", "points"),
        ("Episode one was filmed on Naxos.", "points"),
        ("The council clearly voted against the islands.", "view"),
        ("Naxos opened a stunning pier in May.", "view"),
        ("Ferries should stop at the southern pier.", "view"),
        ("\u201cWe left the pier at noon,\u201d said Roe.", "voice"),
        ('Roe said that "my ferry was free" on Monday.', "voice"),
    ],
)
def test_it_names_what_an_editor_would_mend(text: str, name: str) -> None:
    assert name in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Two tugs pulled the ferry free on Monday.",
        "Naxos will close its pier in May.",
        "Divers are looking for the crew of the Alma.",
        "Police said the ferry was pulled free by two tugs.",
        "Best Western opened a hotel in Great Ostby.",
        'The captain called the pier "a stunning mess today".',
        "A second person has died on Naxos.",
        "Today\u2019s rules were written by the council.",
        "Ships left later in the week.",
        "The council voted this week to close the pier.",
    ],
)
def test_what_reports_a_fact_has_nothing_to_mend(text: str) -> None:
    assert found(text) == set()


def test_a_state_with_a_number_is_half_a_blemish_and_with_a_day_or_a_source_none():
    text = "The harbour has 12 piers."

    assert blemishes(claim(article("a", text), text)) == {"state": 0.5}
    assert found(text, who="the council") == set()
    assert found("Roe said the harbour has three piers.") == set()
    dated = claim(article("a", text), text, happened("2026-03-09"))
    assert blemishes(dated) == {}


def test_a_view_that_somebody_is_credited_with_is_his():
    assert "view" in found("Ferries should stop at the southern pier.")
    assert "view" not in found("Ferries should stop at the southern pier.", who="Roe")
    assert "view" not in found("Roe said ferries should stop at the southern pier.")
