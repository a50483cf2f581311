"""Which claims are chosen, and which say the same."""

from hypothesis import given
from hypothesis import strategies as st

from digests import words
from digests.extract import Candidate, candidates, choose
from digests.model import Understood
from tests.build import article, claim, happened

SOURCE = article("a", "The ferry Alma ran aground off Port Alba.")
FACT = claim(SOURCE, SOURCE.text)


def candidate(content: str, score: float = 1.0, who: str | None = None) -> Candidate:
    return Candidate(claim(SOURCE, SOURCE.text, who=who), score, frozenset(content))


def ranked(*sentences: str) -> list[str]:
    """The sentences of an article as its claims are ranked, best first."""
    own = article("a", " ".join(sentences))
    understood = Understood(own, tuple(claim(own, sentence) for sentence in sentences))
    return [each.claim.citation.quote for each in candidates(understood, words.Rarity())]


def test_what_shares_more_than_half_of_the_shorter_ones_words_says_the_same():
    assert candidate("abcd").says(candidate("abcxyz"))
    assert not candidate("abcd").says(candidate("abxyz"))


def test_two_sources_must_share_nearly_all_to_say_the_same():
    assert candidate("abcd", who="police").says(candidate("abcxyz", who="police"))
    assert candidate("abcd", who="police").says(candidate("abcxyz"))
    assert not candidate("abcde", who="police").says(candidate("abcxyz", who="the operator"))
    assert candidate("abcd", who="police").says(candidate("abcd", who="the operator"))


def test_a_claim_without_words_of_its_own_repeats_nothing():
    assert not candidate("").says(candidate("abc"))
    assert not candidate("").says(candidate(""))


def test_what_repeats_a_better_claim_becomes_its_twin():
    best, same, other = candidate("abcd", 3.0), candidate("abce", 2.0), candidate("wxyz", 1.0)

    chosen = choose([best, same, other], None)

    assert [(each.chosen, each.twins) for each in chosen] == [(best, (same,)), (other, ())]


def test_the_leading_claim_is_chosen_first_however_low_it_stands():
    best, leading = candidate("abcd", 3.0), candidate("wxyz", -5.0)

    assert [each.chosen for each in choose([best, leading], 1, leading)] == [leading]


def test_a_claim_pays_for_what_it_repeats_of_those_before_it():
    best, half, fresh = candidate("abcd", 3.0), candidate("abyz", 2.05), candidate("mnop", 2.0)

    assert [each.chosen for each in choose([best, half, fresh], 2)] == [best, fresh]


pools = st.lists(st.tuples(st.sets(st.sampled_from("abcdefgh"), max_size=5), st.integers(0, 20)), max_size=12)


@given(pools, st.integers(0, 5) | st.none())
def test_no_two_chosen_say_the_same_and_nothing_is_chosen_twice(pool: list[tuple[set[str], int]], most: int | None) -> None:
    ranked = sorted((candidate("".join(content), float(score)) for content, score in pool), key=lambda each: -each.score)

    chosen = choose(ranked, most)

    heads = [each.chosen for each in chosen]
    assert not any(one.says(other) for at, one in enumerate(heads) for other in heads[at + 1 :])
    assert all(twin.says(each.chosen) for each in chosen for twin in each.twins)
    taken = [id(each) for choice in chosen for each in (choice.chosen, *choice.twins)]
    assert len(set(taken)) == len(taken)
    assert len(chosen) <= (len(ranked) if most is None else most)
    if most is None:
        assert len(taken) == len(ranked)


def test_no_bullet_is_made_of_too_little_or_too_much():
    long = "The court of Orsk fined Mirel Bank and " + "twelve other lenders " * 12 + "on Friday."

    assert ranked("It rained.", long, "The ferry Alma ran aground off Port Alba.") == [
        "The ferry Alma ran aground off Port Alba."
    ]


def test_a_question_is_no_first_choice():
    question, fact = "Who will pay for the ferry of Port Alba now?", "Port Alba will pay for the ferry itself."

    assert ranked(question, fact)[0] == fact


def test_a_dated_fact_comes_before_the_same_without_a_day():
    text = "Divers found a crack in the lock gate. Divers found a crack in the lock gate."
    own = article("a", text)
    undated = claim(own, text.split(". ")[0] + ".")
    dated = claim(own, text.split(". ")[0] + ".", happened("2026-03-11"))

    best = candidates(Understood(own, (undated, dated)), words.Rarity())[0]

    assert best.claim is dated
