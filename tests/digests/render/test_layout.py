"""The rules of the digest message, whatever the place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from digests.model import Attribution, Bullet, Digest, EventDate, LeftOut, Precision, StoryDigest, Window
from digests.render import markdown, text
from digests.render.layout import arrange, fact, one_line, words
from tests.golden.news import SUNDAY, UNKNOWN, article, bullet, empty, full, happened, no_publication_date, of

WEDNESDAY = date(2024, 10, 9)


def lines(digest: Digest) -> list[str]:
    return [words(line) for draft in arrange(digest).drafts for line in draft.whole.lines]


def one(story: StoryDigest) -> list[str]:
    return lines(of("News", story))


def test_a_one_liner_of_several_outlets_says_of_how_many_in_a_digest_and_not_in_a_list() -> None:
    told = replace(full().also[1], outlets=4)

    [line] = [
        words(draft.whole.line) for draft in arrange(replace(full(), also=(told,))).drafts if draft.whole.name == told.title
    ]
    assert line.endswith(" · 4 outlets")
    assert "outlets" not in words(one_line(told, SUNDAY))


def test_a_planned_or_past_day_leads_and_a_report_day_follows_its_outlet() -> None:
    shown = one(full().stories[0])

    assert shown[1].endswith("the harbour master · Harbour Post, 13 Oct · Example News, 13 Oct +3")
    assert shown[2].startswith("Wed 9 Oct Divers")
    assert shown[2].endswith("· Example News")
    assert shown[3].startswith("for Sun 20 Oct The basin")


def test_a_lone_outlet_stands_on_the_story_line_and_bullets_carry_their_day() -> None:
    shown = one(full().stories[2])

    assert shown == [
        "The city council buys 40 electric buses for 31 million euros · Mill Street News, 13 Oct",
        "The depot in Mill Street gets 24 charging points · the mayor · 13 Oct",
        "Fri 11 Oct Councillors had approved the loan by 23 votes to 9",
        "1 outlet · first reported by The Evening Tram",
    ]


def test_a_headline_of_another_outlet_than_its_bullets_names_its_own() -> None:
    paper, other = article("Example News", "The tower of Selby fell in a storm."), article("Harbour Post", "The tower fell.")
    fell, theirs = bullet((paper,), happened(WEDNESDAY, "then")), bullet((other,), happened(WEDNESDAY, "then"))

    def line(*shown: Bullet) -> str:
        story = StoryDigest("s-1", "Tower falls", "https://e.example/a", shown, cited=fell.citations[0], outlets=2)
        return one(story)[0]

    assert line(theirs) == "Tower falls · Example News, 13 Oct"
    assert line(theirs, fell) == "Tower falls"


def test_a_day_that_the_fact_writes_is_not_repeated_in_front_of_it_and_the_day_of_the_report_carries_the_link() -> None:
    paper = article("Example News", "The tower fell on 9 October in a storm.")
    told = bullet((paper,), happened(WEDNESDAY, "on 9 October"))
    story = StoryDigest("s-1", "Tower of Selby falls", "https://examplenews.example/a", (told,), cited=told.citations[0])

    [item] = [draft.whole for draft in arrange(of("News", story)).drafts]

    assert words(item.bullets[0]) == "The tower fell on 9 October in a storm · 13 Oct"
    assert [run.text for run in item.bullets[0] if run.link] == ["13 Oct"]


def test_in_a_list_of_days_the_day_stands_in_front_whatever_the_fact_writes() -> None:
    paper = article("Example News", "The tower fell on 9 October in a storm.")
    told = bullet((paper,), happened(WEDNESDAY, "on 9 October"))

    assert words(fact(told, SUNDAY)).startswith("The tower")
    assert words(fact(told, SUNDAY, by_day=True)).startswith("Wed 9 Oct The tower")


def test_the_link_of_a_lone_outlets_bullet_is_on_its_day() -> None:
    item = arrange(of("News", full().stories[2])).drafts[0].whole

    assert [[run.text for run in line if run.link] for line in item.bullets] == [["13 Oct"], ["Fri 11 Oct"]]


def test_the_story_line_carries_day_and_source_of_the_lead_that_it_says() -> None:
    told = "The tower fell on Wednesday."
    papers = (article("Example News", told), article("Harbour Post", told))
    lead = bullet(papers, happened(WEDNESDAY, "on Wednesday"), " on Wednesday", Attribution(said_by="the warden"))
    story = StoryDigest("s-1", lead.text, "https://examplenews.example/a", (), lead, lead.citations[0], "update", outlets=2)

    assert one(story) == ["UPDATE · Wed 9 Oct The tower fell · the warden · Example News · Harbour Post", "2 outlets"]


def test_an_unclear_day_stands_behind_its_fact() -> None:
    fact = bullet((article("Example News", "The tower fell."), article("Harbour Post", "The tower fell.", None)), UNKNOWN)
    story = StoryDigest("s-1", "Tower falls", "https://examplenews.example/a", (fact,), outlets=2)

    assert one(story)[1] == "The tower fell · date unclear · Example News, 13 Oct · Harbour Post"


def test_a_changed_number_names_what_was_posted() -> None:
    assert "(was 2.2 million on Fri 11 Oct)" in one(full().stories[1])[2]


def test_more_than_three_background_phrases_are_not_shown() -> None:
    story = full().stories[0]
    small = one(replace(story, before=story.before[:1] * 5))[-1]

    assert small.count("storm at the eastern quay") == 3


def test_an_outlet_is_named_once_however_many_of_its_articles_are_cited() -> None:
    fact = bullet((article("Example News", "It fell."), article("Example News", "It fell."), article("Quay", "It fell.")))
    story = StoryDigest("s-1", "Tower falls", "https://examplenews.example/a", (fact,), outlets=2)

    assert one(story)[1] == "It fell · Example News, 13 Oct · Quay, 13 Oct"


def test_the_header_counts_stories_and_reading_time() -> None:
    assert arrange(full()).summary == "6 stories, 1 correction · 2 min · late · 2 feeds down"
    assert arrange(of("News", full().stories[2])).summary == "1 story · 1 min"


def test_the_legend_explains_the_day_of_a_story_that_is_a_headline_alone() -> None:
    assert arrange(of("News", full().stories[3])).footer.startswith("Day after an outlet = reported then.")


def test_the_legend_speaks_of_no_day_in_front_where_the_facts_write_theirs_themselves() -> None:
    def footer(text: str) -> str:
        told = bullet((article("Example News", text),), happened(WEDNESDAY, "then"))
        return arrange(of("News", StoryDigest("s-1", "Tower falls", None, (told,), outlets=1))).footer

    assert footer("The tower of Selby fell on 9 October.").startswith("Day after an outlet = reported then. ")
    assert footer("The tower of Selby fell then.").startswith("Bold day = it happened then. ")


def test_nothing_new_says_since_when_and_that_feeds_answered() -> None:
    digest = replace(empty(), window=Window(datetime(2024, 10, 13, 6, tzinfo=UTC), datetime(2024, 10, 14, 6, tzinfo=UTC)))

    assert arrange(digest).nothing == "Nothing new since 13 Oct 08:00. 34 feeds checked, 0 failing."
    assert arrange(replace(digest, sources=(1, 2))).nothing == "Nothing new since 13 Oct 08:00. 2 feeds checked, 1 failing."
    everything = replace(digest, window=Window(None, digest.window.end), sources=None)
    assert arrange(everything).nothing == "Nothing new."


def test_where_no_feed_answers_nobody_claims_that_nothing_is_new() -> None:
    digest = replace(empty(), window=Window(datetime(2024, 10, 13, 6, tzinfo=UTC), datetime(2024, 10, 14, 6, tzinfo=UTC)))

    def said(asked: int) -> str:
        return arrange(replace(digest, sources=(0, asked))).nothing

    assert said(4) == "Nothing new is known since 13 Oct 08:00: none of 4 feeds answers."
    assert said(1) == "Nothing new is known since 13 Oct 08:00: the one feed does not answer."


def test_the_footer_says_only_what_is_known() -> None:
    bare = replace(of("News", full().stories[2]), window=Window(None, full().window.end))

    assert arrange(bare).footer == "Bold day = it happened then; day after an outlet = reported then."
    assert arrange(full()).footer == (
        'Bold day = it happened then, "for" = planned; day after an outlet = reported then. '
        "No. 128 · Sat 08:00 – Sun 08:00 CEST · 31 of 33 feeds · next Mon 08:00"
    )


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (datetime(2024, 10, 6, 6, tzinfo=UTC), datetime(2024, 10, 13, 6, tzinfo=UTC), "6 Oct 08:00 – 13 Oct 08:00 CEST"),
        (
            datetime(2023, 12, 31, tzinfo=UTC),
            datetime(2024, 10, 13, 6, tzinfo=UTC),
            "31 Dec 2023 01:00 CET – 13 Oct 08:00 CEST",
        ),
    ],
    ids=["a-week", "a-clock-change"],
)
def test_a_window_that_weekdays_cannot_name_has_dates(start: datetime, end: datetime, shown: str) -> None:
    assert arrange(replace(empty(), window=Window(start, end))).footer.startswith(f"No. 129 · {shown}")


def test_what_was_left_out_is_counted_by_kind() -> None:
    everything = tuple(LeftOut(kind, number) for number, kind in enumerate(LeftOut.KINDS, 1))

    assert arrange(replace(empty(), left_out=everything)).left_out == (
        "Left out: 31 (1 repeated, 4 comments, 5 background, 6 for length, 7 headlines only, 8 muted)"
    )


def test_notices_are_the_first_lines() -> None:
    notice = no_publication_date().notices[0]

    assert text.render(no_publication_date(), 120).startswith(notice)
    assert markdown.render(no_publication_date()).startswith("> No publication date found, so 3 dates")


def test_words_are_the_same_whether_fragments_are_shown_or_not() -> None:
    for draft in arrange(full()).drafts:
        assert [words(line) for line in draft.whole.lines] == [words(line) for line in draft.bare.lines]


def test_days_are_counted_from_the_digests_day_only() -> None:
    later = replace(full(), day=date(2025, 3, 1))

    assert any(line.startswith("9 Oct 2024 Divers") for line in lines(later))


def test_a_month_stays_a_month() -> None:
    fact = bullet(article("Example News", "It fell."), EventDate("2024-10", Precision.MONTH, happened(SUNDAY, "").basis))
    story = StoryDigest("s-1", "Tower falls", "https://examplenews.example/a", (fact,), outlets=2)

    assert one(story)[1] == "October It fell · Example News"


def test_origins_are_named_where_there_are_more_of_them_than_outlets() -> None:
    first, *_ = full().stories
    more = replace(first, outlets=1, origins=("Al-Monitor", "Reuters"), first_reported_by=None)
    as_many = replace(more, outlets=2)

    def small(story: StoryDigest) -> str:
        return text.render(replace(full(), stories=(story,)), 200)

    assert "1 outlet, 2 origins: Al-Monitor, Reuters" in small(more)
    assert "2 outlets, 2 origins ·" in small(as_many)
