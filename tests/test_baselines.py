"""What the engine is compared with: it must be what it says it is, or the comparison is worth nothing."""

from benchmarks.baselines import Line, Sentence, centroid, lead, within

OLD: Line = {"id": "old", "published": "2026-03-10", "text": "Old one of five words. Old two of five words."}
NEW: Line = {"id": "new", "published": "2026-03-12", "text": "New one of five words. By Ada Pell. New two of five words."}


def test_the_lead_is_what_each_article_opens_with_the_newest_first():
    assert [each.text for each in lead([OLD, NEW])] == [
        "New one of five words.",
        "Old one of five words.",
        "New two of five words.",
        "Old two of five words.",
    ]


def test_the_centroid_is_what_most_of_the_text_is_about_and_is_not_told_twice():
    text = (
        "The ferry of Port Alba ran aground. The ferry of Port Alba ran aground there. "
        "Divers looked at the hull of the ferry of Port Alba. Nobody asked what wolves do in winter."
    )
    first, second, *_ = centroid([{"id": "a", "text": text}])

    assert "ran aground" in first.text
    assert "ran aground" not in second.text


def test_a_budget_counts_sentences_or_words():
    told = [Sentence("one two three", "a"), Sentence("four five six", "a"), Sentence("seven", "a")]

    assert within(told, {"max_bullets": 2, "max_words": None}) == told[:2]
    assert within(told, {"max_bullets": None, "max_words": 4}) == told[:2]
    assert within(told, {}) == told
