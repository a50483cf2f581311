"""What becomes of a posted fact when its article changes: corrected, withdrawn, or neither; and how the digest reads then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from digests import changes, make
from digests.claims import understand
from digests.corrections import (
    Changed,
    Posted,
    Withdrawn,
    amended,
    chained,
    compare,
    correction,
    shown_line,
)
from digests.model import Article, Bullet, Citation, Correction, Digest, StoryDigest, Understood, edited
from digests.render import text as plain
from tests.build import asked
from tests.test_newsroom import compared

SATURDAY = date(2024, 10, 12)
LEAD = "The ferry Aurora sank off Skagen on Monday, and 24 people died."
REST = "The harbour is closed until further notice. Divers were sent out by the navy."
TITLE = "Ferry sinks in a storm off Skagen"


def article(*paragraphs: str, title: str = TITLE, outlet: str = "AP", day: date = SATURDAY) -> Understood:
    text = "\n\n".join(paragraphs)
    return understand(
        Article(outlet.lower(), outlet, title, text, f"https://{outlet.lower()}.example/a", published_day=day, page_read=True)
    )


def posted(old: Understood, at: int = 0) -> Posted:
    claim = old.claims[at]
    return Posted("s-1", claim.text, claim.citation, claim.date)


def headline(old: Understood) -> Posted:
    return Posted("s-1", old.article.title, old.claims[0].citation, old.claims[0].date)


def outcome(now: Understood, old: Understood | None = None) -> tuple[str, str] | str | None:
    """What became of the lead: both forms, the words of the notice that withdraws it, or nothing."""
    found = compare(posted(old or article(LEAD, REST)), now, SATURDAY)
    if isinstance(found, Changed):
        return found.change.posted, found.change.now
    return found.notice.quote if found else None


def test_a_changed_number_is_a_correction_with_the_sentence_as_it_stands_now():
    now = article(REST, LEAD.replace("24", "17"))

    found = compare(posted(article(LEAD, REST)), now, SATURDAY)

    assert isinstance(found, Changed)
    assert (found.change.posted, found.change.now) == ("24 people", "17 people")
    assert found.claim.citation.quote == LEAD.replace("24", "17")


@pytest.mark.parametrize(
    "now",
    [
        article(REST, LEAD),
        article(LEAD.replace("24 people died", "twenty-four people drowned")),
        article(REST),
        article("24 died when the Aurora went down.", REST),
        article(LEAD.replace(" on Monday", ""), REST),
        article(LEAD, REST, day=date(2024, 10, 20)),
        article(REST, "This article was amended on 13 October: the name of the harbour was misspelt."),
        article(LEAD, REST, "Correction: An earlier version of this article said that the harbour was open."),
        article(REST, "17 people died when the ferry Nora sank off Selby in 1987."),
    ],
    ids=[
        "moved", "reworded", "dropped", "retold", "day left out", "re-dated", "other notice", "notice beside it", "other fact",
    ],
)  # fmt: skip
def test_what_moved_was_reworded_or_was_dropped_is_no_correction(now: Understood) -> None:
    assert outcome(now) is None


def test_a_sentence_that_stood_there_before_is_not_what_became_of_another() -> None:
    other = "The ferry Nora sank off Selby on Friday, and 17 people died."

    assert outcome(article(other, REST), article(LEAD, other, REST)) is None


def test_a_changed_day_is_told_as_it_was_shown() -> None:
    assert outcome(article(LEAD.replace("Monday", "Tuesday"), REST)) == ("Mon 7 Oct", "Tue 8 Oct")


@pytest.mark.parametrize(
    "paragraphs",
    [
        [REST, "This article was amended on 13 October. An earlier version said 24 people died when the ferry Aurora sank."],
        [REST, "Correction: We wrongly said that 24 people died when the ferry Aurora sank off Skagen; police deny it."],
        ["This story has been withdrawn by AP."],
        [LEAD, REST, "This article has been retracted because its source was false."],
    ],
    ids=["amended", "correction", "withdrawn", "retracted as it stands"],
)
def test_a_fact_is_withdrawn_where_the_source_itself_says_so(paragraphs: list[str]) -> None:
    found = compare(posted(article(LEAD, REST)), article(*paragraphs), SATURDAY)

    assert isinstance(found, Withdrawn)


@pytest.mark.parametrize(
    ("sentence", "is_one"),
    [
        ("This article was amended: an earlier version said that the work cost 21 million crowns.", True),
        ("This story has been corrected to say that nobody died.", True),
        ("The headline of this report was wrong; the original version said 24 people had died.", True),
        ("Editor's note: The name of the ferry was misspelt.", True),
        ("A previous version of this article misstated the toll.", True),
        ("We apologise for the error.", True),
        ("This article was updated at 9 a.m.", False),
        ("This article was edited by Anna Berg.", False),
        ("An earlier version of the bill said that owners are liable for 30 years.", False),
        ("The ministry corrected its forecast to 2 percent.", False),
        ("The court withdrew the charge because a witness was wrong.", False),
        ("; " * 20_000, False),
    ],
)
def test_a_notice_speaks_of_the_article_and_not_of_the_world(sentence: str, is_one: bool) -> None:
    assert changes.matches("notice", sentence) is is_one


@pytest.mark.parametrize(
    ("sentence", "is_one"),
    [
        ("This story has been withdrawn by AP.", True),
        ("Retraction: the report on the dam was false.", True),
        ("The Harbour Post has retracted this article.", True),
        ("The ferry has been withdrawn from service.", False),
        ("The minister has withdrawn the bill.", False),
        ("Troops have withdrawn.", False),
    ],
)
def test_only_the_whole_article_is_taken_back_by_a_retraction(sentence: str, is_one: bool) -> None:
    assert changes.matches("retraction", sentence) is is_one


@pytest.mark.parametrize(
    "filler",
    ["24 people " * 5_000, "Correction " * 5_000, "not " * 10_000, "Berg 17 and Olsen 24, " * 2_000],
    ids=["numbers", "openings", "negations", "names"],
)
def test_a_sentence_without_end_costs_no_time(filler: str) -> None:
    assert outcome(article(f"{LEAD.replace('24', '17')[:-1]} {filler}.", REST)) is None


def test_a_notice_that_stood_there_when_the_fact_was_posted_withdraws_nothing() -> None:
    notice = "Correction: We wrongly said that 24 people died when the ferry Aurora sank off Skagen; police deny it."

    assert outcome(article(REST, notice), article(LEAD, REST, notice)) is None


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("24 dead as ferry sinks off Skagen", "17 dead as ferry sinks off Skagen", ("24 dead", "17 dead")),
        ("24 dead as ferry sinks off Skagen", "What we know about the Skagen ferry", None),
        ("24 dead as ferry sinks off Skagen", "24 Dead As Ferry Sinks Off Skagen", None),
    ],
)
def test_a_headline_is_held_against_the_headline(was: str, now: str, told: tuple[str, str] | None) -> None:
    found = compare(headline(article(LEAD, REST, title=was)), article(LEAD, REST, title=now), SATURDAY)

    assert (found and isinstance(found, Changed) and (found.change.posted, found.change.now)) == told


def test_corrections_of_one_fact_become_one_until_they_are_told() -> None:
    first, second, back = (Correction("s-1", *words, ()) for words in (("24 d", "17 d"), ("17 d", "19 d"), ("19 d", "24 d")))

    assert [(each.posted, each.now) for each in chained([first], second)] == [("24 d", "19 d")]
    assert chained(chained([first], second), back) == ()
    assert chained([first], Correction("s-1", "17 d in all", None, ())) == (Correction("s-1", "24 d in all", None, ()),)
    assert chained([first], Correction("s-1", "Milton", "Hilton", ())) == (first, Correction("s-1", "Milton", "Hilton", ()))


@pytest.mark.slow
def test_another_report_of_the_newsroom_corrects_nothing_when_it_is_taken_for_a_revision() -> None:
    stories = make.group(compared().articles)
    pairs = [(one, other) for story in stories for one in story.articles for other in story.articles]
    assert len(pairs) > 100

    found = [
        (claim.text, outcome)
        for one, other in pairs
        for claim in one.claims
        if (outcome := compare(Posted("s-1", claim.text, claim.citation, claim.date), other, SATURDAY))
    ]

    assert found == []


# ---------------------------------------------------------------- the digest


def digest(*articles: Understood) -> Digest:
    grouping = {each.article.id: "s-1" for each in articles}
    return make.make(articles, asked(), title="News", zone="UTC", day=SATURDAY, grouping=grouping)


def after(before: Digest, told: Posted, now: Understood) -> Digest:
    found = compare(told, now, before.day)
    assert found is not None
    return amended(before, told, found, correction(told, found, before.stories[0].title, before.day))


def bullets(told: Digest) -> list[Bullet]:
    (story,) = told.stories
    return [*([story.lead] if story.lead else []), *story.bullets]


def test_a_corrected_bullet_is_its_new_sentence_with_a_mark_of_what_stood_there() -> None:
    old, now = article(LEAD, REST), article(LEAD.replace("24", "17"), REST)

    told = after(digest(old), posted(old), now)

    (corrected,) = [bullet for bullet in bullets(told) if bullet.corrections]
    assert corrected.text == edited(corrected.citations[0].quote, corrected.edits)
    assert corrected.citations[0].article is now.article
    assert '17 people died (corrected: we posted "24 people")' in plain.render(told, 200)


def test_a_withdrawn_bullet_stays_with_a_mark_that_its_source_withdrew_it() -> None:
    old = article(LEAD, REST)

    told = after(digest(old), posted(old), article("This story has been withdrawn by AP."))

    assert "24 people died (withdrawn by AP)" in plain.render(told, 200)


def test_an_outlet_that_still_tells_the_old_number_is_no_witness_of_the_new_one() -> None:
    old, other = article(LEAD, REST), article(LEAD, outlet="Reuters")
    bullet = Bullet.of(old.claims[0], other.claims[0])
    before = replace(digest(old, other), stories=(StoryDigest("s-1", TITLE, None, (bullet,), articles=("ap", "reuters")),))

    told = after(before, posted(old), article(LEAD.replace("24", "17"), REST))

    assert [citation.article.outlet for citation in bullets(told)[0].citations] == ["AP"]


def test_a_story_line_that_says_the_old_number_gets_the_new_headline_or_the_sentence() -> None:
    old = article(LEAD, REST, title="24 people died on the ferry Aurora off Skagen")
    before = digest(old)
    assert before.stories[0].title == old.article.title
    assert before.stories[0].lead is not None

    retitled = article(LEAD.replace("24", "17"), REST, title="17 people died on the ferry Aurora off Skagen")
    left = article(LEAD.replace("24", "17"), REST, title=old.article.title)

    assert after(before, posted(old), retitled).stories[0].title == retitled.article.title
    assert after(before, posted(old), left).stories[0].title.startswith("The ferry Aurora sank off Skagen, and 17 people died")


def test_what_a_headline_hid_was_not_shown() -> None:
    old = article(LEAD, REST, title="Ferry Aurora sank off Skagen on Monday, toll unknown")
    before = digest(old)
    assert before.stories[0].lead is not None

    assert shown_line(before, posted(old)) == old.article.title


def test_corrected_twice_a_bullet_still_says_what_was_posted_first() -> None:
    old, now, later = (article(LEAD.replace("24", number), REST) for number in ("24", "17", "19"))

    once = after(digest(old), posted(old), now)
    twice = after(once, posted(now), later)

    assert '19 people died (corrected: we posted "24 people")' in plain.render(twice, 200)


def test_a_fact_is_corrected_under_the_story_that_told_it_whatever_that_is_called_now() -> None:
    old, now = article(LEAD, REST), article(LEAD.replace("24", "17"), REST)

    told = after(digest(old), replace(posted(old), story="s-it-joined"), now)

    assert '17 people died (corrected: we posted "24 people")' in plain.render(told, 200)


def test_a_citation_of_another_story_is_left_alone() -> None:
    old = article(LEAD, REST)
    elsewhere = posted(article(LEAD, REST, outlet="Reuters"))
    found = compare(elsewhere, article(LEAD.replace("24", "17"), outlet="Reuters"), SATURDAY)
    assert found is not None

    before = digest(old)

    assert amended(before, elsewhere, found, correction(elsewhere, found, TITLE, SATURDAY)) == before


def test_a_citation_stands_on_the_article_as_it_is() -> None:
    old, now = article(LEAD, REST), article(REST, LEAD.replace("24", "17"))
    found = compare(posted(old), now, SATURDAY)
    assert found is not None

    made = correction(posted(old), found, TITLE, SATURDAY)

    assert made == Correction("s-1", "24 people", "17 people", (Citation(now.article, *_span(now)),), TITLE, SATURDAY)


def _span(now: Understood) -> tuple[int, int]:
    start = now.article.text.index("The ferry")
    return start, len(now.article.text)
