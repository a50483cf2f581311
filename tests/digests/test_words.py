from hypothesis import given
from hypothesis import strategies as st

from digests.words import Rarity, Tally, content, cosine, forms, names, numbers, stem, tokens, unit


def test_inflected_forms_share_a_stem():
    assert stem("strike") == stem("strikes") == stem("striking")
    assert stem("flooded") == stem("floods") == stem("flood")


@given(st.text(st.sampled_from("bisnegdy"), min_size=1), st.sampled_from(["", "s", "es", "e", "ed", "ing", "y", "ies", "ied"]))
def test_the_forms_of_a_word_are_all_that_have_its_stem(word: str, ending: str):
    other = stem(word) + ending

    assert (other in forms(word)) == (stem(other) == stem(word))


@given(st.text(st.sampled_from("aB7_.,-' ")))
def test_a_curly_mark_elsewhere_in_a_text_changes_none_of_its_words(text: str):
    assert tokens(f"{text} ’") == tokens(text)


@given(st.text(st.sampled_from("aB7_.,-' ’")))
def test_a_letter_with_an_accent_elsewhere_in_a_text_changes_none_of_its_words(text: str):
    assert tokens(f"{text} é") == [*tokens(text), "é"]


@given(st.text("abc09.,' -_\n\t", max_size=60))
def test_a_number_elsewhere_in_a_text_changes_none_of_its_words(text: str):
    assert tokens(f"{text}\n1,000.5") == [*tokens(text), "1,000.5"]


def test_function_words_say_nothing():
    assert content("The court has also said that it will") == [stem("court")]


def test_names_are_capitalised_words_inside_a_sentence():
    assert names("Ministers met Prime Minister Ada Vell in Orsk's harbour. Later they left.") >= {"ada", "vell", stem("orsk")}
    assert "later" not in names("Ministers met. Later they left.")


def test_numbers_lose_their_thousands_separators():
    assert numbers("240,000 homes, 3.5 million euros and 12 towns") == {"240000", "3.5", "12"}


def test_a_word_of_the_texts_at_hand_grows_less_telling_the_more_of_them_hold_it():
    everywhere = Rarity([["tsunami"]] * 50)
    nowhere = Rarity()

    assert everywhere["tsunami"] < nowhere["tsunami"]


def test_words_asked_for_together_tell_what_each_tells():
    for rarity in (Rarity(), Rarity([["tsunami", "polic"]])):
        assert rarity.of(["tsunami", "polic", "zanthium"]) == {word: rarity[word] for word in ("tsunami", "polic", "zanthium")}


def test_a_word_never_seen_tells_more_than_a_common_one():
    rarity = Rarity()

    assert rarity["zanthium"] > rarity["polic"] >= 0.5


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.floats(0.01, 100), min_size=1, max_size=8))
def test_a_vector_is_like_itself(vector: dict[str, float]) -> None:
    scaled = unit(vector)

    assert abs(cosine(scaled, scaled) - 1) < 1e-9


def test_a_tally_counts_as_rarity_does_and_forgets_what_is_taken_back():
    tally, texts = Tally(), [["storm", "ferr"], ["storm", "tsunami"]]
    for text in texts:
        tally.add(text)
    counted = Rarity(texts)

    assert all(tally[word] == counted[word] for word in ("storm", "ferr", "tsunami"))
    assert (tally.texts, tally.holders("storm")) == (2, 2)
    for text in texts:
        tally.remove(text)
    assert (tally.texts, tally.holders("storm")) == (0, 0)
    assert tally["storm"] == Rarity()["storm"]
