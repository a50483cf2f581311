from digests.novelty import History

TOLD = ["The storm cut power to 240,000 homes in Vessland on Monday.", "A court fined Mirel Bank 12 million euros for fraud."]


def test_what_was_told_in_other_words_is_not_new():
    assert not History(TOLD).is_new("Storm cuts power to 240,000 Vessland homes.")


def test_a_changed_number_makes_a_sentence_new_again():
    assert History(TOLD).is_new("The storm cut power to 31,000 homes in Vessland.")


def test_another_event_is_new():
    assert History(TOLD).is_new("Voters in Orsk elected Ada Vell as their mayor.")


def test_to_a_channel_that_was_told_nothing_all_is_new():
    assert History([]).is_new("The storm cut power to 240,000 homes.")
