"""Which claims are chosen, and which say the same."""

import math
from collections import Counter
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests import words
from digests.claims import understand
from digests.extract import FIRST, FIT, Candidate, StoryWords, Wording, candidates, choose, counts_victims
from digests.model import Basis, Dropped, Edit, EventDate, Kind, Length, Precision, Understood
from tests.build import article, asked, claim, digest, happened

SOURCE = article("a", "The ferry Alma ran aground off Port Alba.", title="Ferry Alma aground off pier")
FACT = claim(SOURCE, SOURCE.text)
HARBOUR = "The harbour authority closed two berths after the ferry ran aground."
STORM = "A storm cut the power of 31,000 homes, and the ferry stayed in the harbour."


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


def test_a_claim_waits_until_a_shown_one_has_told_what_it_takes_for_known():
    leaning = replace(candidate("abcd", 3.0), untold=lambda: frozenset("d"))
    plain, telling = candidate("mnop", 2.5), candidate("dvwx", 2.4)

    assert [each.chosen for each in choose([leaning, plain, telling], 3)] == [plain, telling, leaning]
    assert [each.leans for each in choose([leaning, plain], 2)] == [False, True]


def test_what_leaning_cost_stands_among_the_reasons():
    leaning, plain = replace(candidate("abcd", 3.0), untold=lambda: frozenset("d")), candidate("wxyz", 2.0)

    chosen = choose([leaning, plain], None)

    assert [(each.chosen, [term.term for term in each.why]) for each in chosen] == [(leaning, ["untold"]), (plain, [])]


def test_what_the_headline_tells_may_be_taken_for_known():
    leaning = replace(candidate("abcd", 3.0), untold=lambda: frozenset({"reed"}))
    plain = candidate("mnop", 2.5)

    assert [each.chosen for each in choose([leaning, plain], 1, headline="Tom Reed closes a pier")] == [leaning]


def test_a_claim_that_leans_tells_nobody_what_it_leans_on():
    first, second = (replace(candidate(letters, 3.0), untold=lambda: frozenset("d")) for letters in ("abcd", "dwxy"))

    assert [each.leans for each in choose([first, second], 2)] == [True, True]


def test_what_a_claim_takes_for_known_is_asked_only_when_it_comes_up():
    asked_of: list[str] = []

    def asking(name: str, content: str, score: float) -> Candidate:
        def untold() -> frozenset[str]:
            asked_of.append(name)
            return frozenset("d")

        return replace(candidate(content, score), untold=untold)

    choose([asking("first", "dabc", 3.0), asking("second", "dwxy", 2.5), asking("last", "mnop", 1.0)], 1)

    assert asked_of == ["first", "second"]


def test_a_candidate_holds_whom_its_article_introduced_before_it():
    own = article("a", "Tom Reed of Quarles closed both piers. Reed found two cracks in the piers.")
    understood = Understood(own, (claim(own, "Reed found two cracks in the piers."),))

    assert candidates(understood, words.Rarity())[0].untold() == {"reed"}


VAGUE = "“We will see what comes of it, and we are happy with where we are now,” said Ida Marlow of the yard."


@pytest.mark.parametrize(
    "better",
    [
        pytest.param(
            "“Pilots refused to board tankers in fog, and insurers doubled premiums,” said Ida Marlow.",
            id="a quotation that tells",
        ),
        pytest.param(
            "Ida Marlow of the yard said that they were happy and would “see what comes” now that it was so.",
            id="a few quoted words",
        ),
        pytest.param(
            "Ida Marlow of the yard said that they would see what comes of it now and were happy with where they are.",
            id="the same, not quoted",
        ),
    ],
)
def test_a_quotation_of_which_few_words_tell_anything_ranks_low(better: str) -> None:
    assert ranked(VAGUE, better) == [better, VAGUE]


def test_of_several_days_the_newest_number_is_taken_however_low_it_stands():
    old, new = article("old", "The quake killed 24 people.", hours_ago=30), article("new", "The quake killed 31 people.")
    first = Candidate(claim(old, old.text), 3.0, frozenset("abc"))
    second = Candidate(claim(new, new.text), 1.0, frozenset("abc"))

    assert [(each.chosen, each.twins) for each in choose([first, second], None)] == [(second, (first,))]


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


FACT_OF_A_DAY = "Divers found a crack in the lock gate of Skarne"


def first_of(*days: str | None, planned: bool = False) -> str | None:
    """The day of the best of several claims that differ in their days alone; the report is of 12 March 2026."""
    own = article("a", ". ".join(f"{FACT_OF_A_DAY} {name}" for name in "ABCD"[: len(days)]))
    told = [
        claim(own, f"{FACT_OF_A_DAY} {name}", happened(day, planned=planned) if day else None)
        for name, day in zip("ABCD", days, strict=False)
    ]
    best = candidates(Understood(own, tuple(told)), words.Rarity())[0].claim.date
    return best.value if best.leads else None


def test_a_fact_with_a_fresh_day_comes_before_the_same_without():
    assert first_of(None, "2026-03-11") == "2026-03-11"
    assert first_of(None, "2026-03-20", planned=True) == "2026-03-20"


def test_a_plan_counts_less_the_later_it_stands() -> None:
    own = article("a", ". ".join(f"{FACT_OF_A_DAY} {name}" for name in "ABCDE"))

    def worth(*days: EventDate | None) -> list[float]:
        told = tuple(claim(own, f"{FACT_OF_A_DAY} {name}", day) for name, day in zip("ABCDE", days, strict=True))
        found = candidates(Understood(own, told), words.Rarity())
        return [each.features["dated"] for each in sorted(found, key=lambda each: each.claim.text)]

    plan, past = happened("2026-03-20", planned=True), happened("2026-03-11")
    assert worth(plan, None, None, None, plan) == [1, 0, 0, 0, 0.5]
    assert worth(past, None, None, None, past) == [1, 0, 0, 0, 1]


def test_a_day_of_long_ago_is_background_and_counts_for_nothing():
    assert first_of(None, "2019-03-11") is None


@pytest.mark.parametrize(
    ("partial", "told", "counts"),
    [
        (None, "on Wednesday", True),
        ("XXXX-04-13", "April 13", True),
        ("XXXX-04", "in April", False),
        ("XXXX-XX-XX", "that day", False),
        (None, "last month", False),
    ],
    ids=["weekday", "day of a month", "month", "day not known", "month before"],
)
def test_where_nobody_knows_when_the_report_was_a_day_that_lacks_only_that_counts(
    partial: str | None, told: str, counts: bool
) -> None:
    own = article("a", f"{FACT_OF_A_DAY} A. {FACT_OF_A_DAY} B", hours_ago=None)
    day = EventDate(None, Precision.NONE, Basis.UNCLEAR, told, partial=partial)
    plain, dated = claim(own, f"{FACT_OF_A_DAY} A"), claim(own, f"{FACT_OF_A_DAY} B", day)

    best = candidates(Understood(own, (plain, dated)), words.Rarity())[0].claim

    assert best is (dated if counts else plain)


def worth(sentence: str, term: str) -> float:
    """What a term adds to the score of the only sentence of an article."""
    own = article("a", sentence)
    (found,) = candidates(Understood(own, (claim(own, sentence),)), words.Rarity())
    return sum(each.value * each.weight for each in found.terms if each.term == term)


@pytest.mark.parametrize("event", ["Divers closed the lock gate of Skarne.", "Two guards were arrested at the gate of Skarne."])
def test_what_happened_is_worth_more_than_what_is(event: str) -> None:
    assert worth(event, "happened") > 0
    assert worth("The lock gate of Skarne is old and shut.", "happened") == 0
    assert worth("The guards of the gate were calm all day.", "happened") == 0


def test_a_label_like_that_of_a_caption_costs_and_a_speaker_before_a_colon_does_not():
    assert worth("Long delays: barges wait in front of the gate.", "label") < 0
    assert worth("The mayor of Skarne said: the lock gate stays shut until May.", "label") == 0
    assert worth("Boats wait at the gate from Monday to 7:30 on Friday.", "label") == 0


def test_somebody_who_says_nothing_is_no_news():
    assert worth("Mirel Bank declined to comment on the ships of Skarne.", "silent") < 0
    assert worth("The owner did not immediately respond to a request for comment.", "silent") < 0
    assert worth("The mayor of Skarne could not immediately be reached on Friday.", "silent") < 0
    assert worth("The owner of the lock has not yet returned several calls.", "silent") < 0
    assert worth("The two owners did not reply to a list of questions.", "silent") < 0
    assert worth("The bank of Skarne did not reply to two e-mails on Friday.", "silent") < 0
    assert worth("The owner of the lock was not available for comment.", "silent") < 0
    assert worth("The owner declined an offer of four million euros for the ships.", "silent") == 0


def test_the_words_of_an_article_and_of_its_claims_are_read_in_one_go():
    first, second = "Skarne’s lock shut on 3.5 km of the canal.", "According to Roe, 1,200 barges wait."
    own = article("a", f"Canal\n{first} And so on.\n{second} More soon.")
    cut = replace(claim(own, second), edits=(Edit("E3", 0, 18),))
    wording = Wording.of(Understood(own, (claim(own, first), cut)))

    assert list(wording.content) == words.content(own.text)
    assert wording.tokens(claim(own, first)) == frozenset(words.tokens(first))
    assert wording.tokens(cut) == frozenset(words.tokens("1,200 barges wait"))
    assert wording.tokens(claim(own, "More soon.")) == {"more", "soon"}, "a claim that was joined since"


def test_a_sentence_of_pronouns_tells_little_by_itself():
    assert worth("Roe lost his ship and sold his house when they came for it.", "pronouns") < 0
    assert worth("Roe lost a ship and sold a house in Skarne.", "pronouns") == 0


def test_the_score_is_the_sum_of_its_terms():
    texts = [
        "Divers found a crack in the lock gate.",
        "Who will pay for it?",
        "Lock keeper: he said it would shut in his lifetime.",
    ]
    own = article("a", " ".join(texts), title="Crack in lock gate")

    for each in candidates(Understood(own, tuple(claim(own, text) for text in texts)), words.Rarity()):
        assert each.terms
        assert sum(term.value * term.weight for term in each.terms) == pytest.approx(each.score, abs=0.01)


def test_a_bullet_says_why_it_was_chosen_and_what_it_cost_to_repeat_others():
    text = (
        "The ferry Alma ran aground off Port Alba with 140 passengers. "
        "Divers of the navy found a crack of two metres in the hull of the Alma."
    )
    story = digest([article("a", text)], asked(length=Length.FULL)).stories[0]

    assert story.lead is not None
    bullets = {bullet.text[:4]: {term.term: term for term in bullet.why} for bullet in (story.lead, *story.bullets)}
    assert all("central" in terms for terms in bullets.values())
    assert sorted("repeats" in terms for terms in bullets.values()) == [False, True], "the later one names the Alma again"


def test_two_that_share_most_of_their_words_small_ones_too_read_as_one():
    texts = ["He said it was one of the best of all of them in town.", "It was said to be one of the best in all of Orsk."]
    own = article("a", " ".join(texts))
    first, second = candidates(Understood(own, tuple(claim(own, text) for text in texts)), words.Rarity())

    assert len(first.content & second.content) <= 0.5 * min(len(first.content), len(second.content))
    assert first.says(second)


def test_the_support_of_a_claim_is_that_of_the_other_articles_counted_anew():
    contents = [words.content(text) for text in (" ".join([HARBOUR, STORM]), HARBOUR, " ".join([STORM, STORM]), "")]
    rarity = words.Rarity(contents)
    together = StoryWords(contents, rarity)
    claim_words = words.unit(rarity.of(words.content(HARBOUR + " Elsewhere")))

    for at, content in enumerate(contents):
        others = Counter(chain.from_iterable(contents[:at] + contents[at + 1 :]))
        anew = words.unit({word: count * rarity[word] for word, count in others.items()})
        beside = together.beside(content)
        assert beside
        assert beside.of(claim_words) == pytest.approx(words.cosine(claim_words, anew), abs=1e-12)


def test_an_article_alone_has_no_support():
    content = words.content(HARBOUR)

    assert StoryWords([content], words.Rarity()).beside(content) is None
    assert StoryWords([content, []], words.Rarity()).beside(content) is None


# ---------------------------------------------------------------- what is fit for a post


def fit(*ranked: Candidate, headline: str = "", leading: Candidate | None = None) -> list[Candidate]:
    return [each.chosen for each in choose(list(ranked), None, leading, headline=headline, fit=True)]


def test_where_there_is_no_headline_less_worth_is_fit_for_none_can_come_from_its_words():
    bare = replace(candidate("abcd", FIT - 0.15), claim=claim(replace(SOURCE, title=""), SOURCE.text))

    assert fit(bare) == [bare]
    assert fit(replace(bare, score=FIT - 0.21)) == fit(candidate("abcd", FIT - 0.15)) == []


def test_what_is_worth_too_little_is_not_fit():
    enough, low = candidate("abcd", FIT), candidate("wxyz", FIT - 0.01)

    assert fit(enough, low) == [enough]
    assert fit(low) == fit(low, headline="Ferry aground") == []


def test_a_post_tells_first_how_many_died_or_were_hurt() -> None:
    storm = article("a", "The storm closed 30 schools in Velland. A falling tree killed two people in Velland.")
    schools, dead = candidates(understand(storm), words.Rarity())

    assert (schools.toll, dead.toll) == (0.0, 0.5)
    assert [each.chosen for each in choose([schools, dead], None)] == [schools, dead]
    chosen = choose([schools, dead], None, fit=True)
    assert [each.chosen for each in chosen] == [dead, schools]
    assert "toll" in [term.term for term in chosen[0].why]


def test_what_an_editor_would_mend_costs_worth_in_a_post_alone_and_why_says_so():
    mended = replace(candidate("abcd", 3.0), blemishes=lambda: {"voice": 1.0})
    plain = candidate("wxyz", 2.9)

    assert [each.chosen for each in choose([mended, plain], None)] == [mended, plain]
    chosen = choose([mended, plain], None, fit=True)
    assert [(each.chosen, [term.term for term in each.why]) for each in chosen] == [(plain, []), (mended, ["voice"])]


def test_what_loses_too_much_is_not_fit_however_much_it_is_worth():
    assert fit(replace(candidate("abcd", 9.0), blemishes=lambda: {"moment": 1.0})) == []
    assert fit(replace(candidate("abcd", 9.0), blemishes=lambda: {"voice": 1.0, "state": 0.5})) == []


def test_what_presumes_something_is_fit_once_that_is_shown():
    presuming = replace(candidate("abcd", 3.0), presumed=lambda: frozenset("x"))
    telling = candidate("wxyz", 2.0)

    assert fit(presuming) == []
    assert fit(presuming, telling) == [telling, presuming]
    assert fit(presuming, headline="x") == []
    assert fit(replace(presuming, presumed=lambda: frozenset({"ferr"})), headline="The ferry") == [presuming]


def test_a_claim_that_the_headline_says_is_not_shown_and_tells_nobody_anything():
    presuming = replace(candidate("abcd", 3.0), presumed=lambda: frozenset("x"))
    leading = candidate("wxyz", 2.0)

    assert fit(presuming, leading, headline="Ferry aground", leading=leading) == [leading]


def test_a_storys_line_is_of_its_first_claims():
    late, first = (
        replace(candidate(letters, score), features={"depth": math.log1p(before)})
        for letters, score, before in (("abcd", 3.0, FIRST + 1), ("wxyz", 2.0, FIRST))
    )

    assert fit(late, first) == [first, late]
    assert fit(late) == []
    assert fit(late, headline="Ferry aground") == [late]


def test_a_noun_that_nothing_shown_tells_costs_worth_until_it_is_told():
    asking = replace(candidate("abcd", FIT + 0.1), which=lambda: ["x"])
    telling = candidate("wxyz", 2.0)

    assert fit(asking, headline="Ferry aground") == []
    assert fit(asking, telling) == [telling, asking]


def test_such_a_noun_costs_more_in_a_storys_line():
    asking = replace(candidate("abcd", FIT + 0.4), which=lambda: ["x"])

    assert fit(asking) == []
    assert fit(asking, headline="Ferry aground") == [asking]


def test_a_soft_fact_is_kept_out_but_a_harder_one_is_not_put_before_it():
    later = {"depth": math.log1p(1)}
    soft = replace(candidate("abcd", 3.0), features=later, blemishes=lambda: {"soft": 1.0})
    hard = replace(candidate("wxyz", 2.9), features=later)

    assert fit(soft, hard) == [soft, hard]
    assert fit(replace(soft, score=FIT + 0.5)) == []


def test_an_articles_first_claim_may_name_nobody_if_it_says_what_the_headline_does():
    soft = replace(candidate("abcd", FIT), blemishes=lambda: {"soft": 1.0})

    assert fit(soft) == fit(replace(soft, opens=True)) == []
    assert fit(replace(soft, opens=True, features={"title": 0.6})) == [soft]


def test_what_is_left_of_an_article_once_its_first_claim_was_told_does_not_open_it():
    texts = ["Two tugs pulled the ferry free.", "A diver found a leak in the hull of it."]
    own = article("a", " ".join(texts))
    first, second = (claim(own, text) for text in texts)
    second = replace(second, order=1)

    assert [each.opens for each in candidates(Understood(own, (first, second)), words.Rarity())].count(True) == 1
    assert [each.opens for each in candidates(Understood(own, (second,)), words.Rarity())] == [False]
    cleaned = Dropped(Kind.FURNITURE, first.citation)
    assert [each.opens for each in candidates(Understood(own, (second,), (cleaned,)), words.Rarity())] == [True]


def test_for_a_storys_line_the_beginning_counts_twice_and_below_a_headline_once():
    first, later = candidate("abcd", 2.0), replace(candidate("wxyz", 2.3), features={"depth": math.log1p(1)})

    assert fit(later, first) == [first, later]
    assert fit(later, first, headline="Ferry aground") == [later, first]
    assert [each.chosen for each in choose([later, first], None)] == [later, first]


def test_what_those_shown_above_tell_is_not_fit_unless_it_counts_something_else_or_is_of_another_day():
    shown = [candidate("abcd", 3.0), candidate("efgh", 2.5)]
    again = candidate("abefz", 2.0)

    def telling(text: str, day: str | None = None) -> Candidate:
        return replace(again, claim=claim(article("b", text), text, happened(day) if day else None))

    aged, counted, later = (
        telling("A 59-year-old man ran."),
        telling("The pier is 9 metres long."),
        telling("It sank.", "2026-01-09"),
    )
    assert fit(*shown, again) == fit(*shown, aged) == shown
    assert [fit(*shown, each) for each in (counted, later)] == [[*shown, counted], [*shown, later]]
    assert fit(*shown, candidate("aeuvxyz", 2.0)) == [*shown, candidate("aeuvxyz", 2.0)]


def test_one_claim_may_tell_the_headline_in_full_and_no_second_one():
    first, second = candidate("ferrywx", 3.0), candidate("ferryuv", 2.0)
    told = {"content": frozenset({"ferri", "aground", "naxo"})}
    first, second = (replace(each, content=each.content | told["content"]) for each in (first, second))

    assert fit(first, second) == [first]
    assert fit(first, headline="Ferry aground off Naxos") == [first]
    other = replace(second, content=told["content"] | set("klmnopqst"))
    assert fit(first, other) == [first, other]
    assert fit(first, other, headline="Ferry aground off Naxos") == [first]


def test_what_begins_as_a_caption_does_is_not_fit():
    caption = replace(candidate("abcd", 9.0), features={"label": 1.0})

    assert fit(caption) == []


def test_where_nothing_is_fit_what_an_editor_would_mend_least_can_be_asked_for():
    worse = replace(candidate("abcd", 3.0), blemishes=lambda: {"moment": 1.0})
    better = replace(candidate("wxyz", 2.9), blemishes=lambda: {"roundabout": 1.0})

    assert fit(worse, better) == []
    assert [each.chosen for each in choose([worse, better], 1, mended=True)] == [better]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Five people were killed in a fire in Ostby", True),
        ("Ten skiers missing after avalanche", True),
        ("A ship that killed five people was sold", False),
        ("Tally sheets were missing from 212 polling places", False),
        ("A fire killed five people in Ostby in May 2019", False),
        ("Alma Roe dies aged 84", False),
        ("Nobody was hurt", False),
    ],
)
def test_who_counts_victims_counts_people_of_the_event_that_is_told(text: str, counts: bool) -> None:
    assert counts_victims(text) is counts
