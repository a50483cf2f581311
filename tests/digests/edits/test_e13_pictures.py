"""E13: what points at a picture goes from a sentence of news."""

import pytest

from digests.edits import edit
from digests.model import edited


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("The ferry Alma (pictured) sank off Naxos on Monday.", "The ferry Alma sank off Naxos on Monday"),
        ("Captain Ada Pell (pictured), 48, left the bridge last.", "Captain Ada Pell, 48, left the bridge last"),
        ("The mate (Pictured with her crew) and the cook (pictured) were saved.", "The mate and the cook were saved"),
    ],
)
def test_a_sentence_is_shown_without_what_points_at_its_picture(quote: str, shown: str) -> None:
    found = edit(quote)

    assert edited(quote, found.edits) == shown
    assert {one.rule for one in found.edits} == {"E13"}


@pytest.mark.parametrize("quote", ["The suspect was pictured (left) on a ferry to Naxos.", "The pier (pictured) was old."])
def test_what_tells_something_stays_and_so_does_what_a_short_sentence_needs(quote: str) -> None:
    assert edit(quote).edits == ()
