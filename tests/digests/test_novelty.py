import pytest

from digests.novelty import History

TOLD = ["The storm cut power to 240,000 homes in Vessland on Monday.", "A court fined Mirel Bank 12 million euros for fraud."]


def test_what_was_told_in_other_words_is_not_new():
    assert not History(TOLD).is_new("Storm cuts power to 240,000 Vessland homes.")


def test_a_changed_number_makes_a_sentence_new_again():
    assert History(TOLD).is_new("The storm cut power to 31,000 homes in Vessland.")


@pytest.mark.parametrize("amounts", ["£5m £7m", "$2.3bn $4.1bn", "40k 90k", "41C 45C", "300m 500m"])
def test_an_amount_in_short_is_a_number_that_changes(amounts: str) -> None:
    before, now = amounts.split()

    assert History([f"The relief of Naxos has come to {before}"]).is_new(f"The relief of Naxos has come to {now}")
    assert not History([f"The relief of Naxos has come to {now}"]).is_new(f"The relief of Naxos has come to {now}")


def test_a_toll_in_words_is_another_number_than_one_in_digits():
    assert History(TOLD).is_new("Four people died when the storm cut power in Vessland on Monday.")
    assert not History(["The storm killed 4 people in Vessland."]).is_new("The storm killed four people in Vessland.")


def test_what_denies_lifts_or_takes_back_what_was_told_is_new() -> None:
    court = "Mirel Bank denies the fraud for which a court fined it 12 million euros."

    assert History(TOLD).is_new(court)
    assert not History(TOLD).is_new(court.replace("denies", "recalls"))
    assert not History([court]).is_new(court)
    assert not History(TOLD).is_new("The bank denies the fraud."), "who was told knows that"
    assert History(TOLD).is_new("Mirel denies fraud of Orsk"), "it says who denies what"
    assert History(TOLD).turns("The bank denies the fraud")


def test_another_event_is_new():
    assert History(TOLD).is_new("Voters in Orsk elected Ada Vell as their mayor.")


def test_to_a_channel_that_was_told_nothing_all_is_new():
    assert History([]).is_new("The storm cut power to 240,000 homes.")


def test_the_words_of_a_story_put_together_in_another_way_are_another_fact():
    assert not History(TOLD).is_new("The storm cut power, the mayor of Orsk told a radio station.")
    assert History(TOLD).is_new("Power to cut the budget of a radio station went to the mayor of Orsk in the storm.")


def test_one_word_in_common_is_not_told():
    assert History(["Voters in Orsk elected Ada Vell."]).is_new("Orsk.") is False
    assert History(["Voters in Orsk elected Ada Vell."]).is_new("Rain floods the harbour of Orsk.")
