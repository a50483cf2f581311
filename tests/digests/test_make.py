"""From understood articles to a digest: what a reader is promised."""

import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests import make
from digests.allotment import LINES_KEPT
from digests.claims import understand
from digests.model import Article, Basis, Citation, Digest, EventDate, Length, Order, StoryDigest, Understood, edited
from digests.stories import story_id
from tests.build import NOW, article, asked, before, claim, digest, happened, shown

FERRY = (
    "The ferry Alma ran aground off Port Alba with 140 passengers on board, the coast guard said. "
    "Tugs pulled all 140 passengers of the Alma to safety before dawn."
)
FERRY_TOO = (
    "Lifeboats brought 140 passengers ashore after the ferry Alma ran aground off Port Alba, officials said. "
    "Divers of the coast guard found a crack of two metres in the hull of the Alma."
)
BANK = (
    "A court in Orsk fined Mirel Bank 12 million euros for hiding losses from its investors. "
    "Mirel Bank put aside 9 million euros for the fine in its last report."
)


def citations(story: StoryDigest) -> list[Citation]:
    """Those of a story's line and bullets."""
    return [each for bullet in (*story.bullets, *([story.lead] if story.lead else [])) for each in bullet.citations]


def village(number: int) -> Article:
    """A story of its own: no two of them share a name."""
    name = "".join(chr(97 + int(digit)) for digit in f"{number * 7919:07}")
    return article(
        f"v{number:03}",
        f"{name.capitalize()}stad {name}ers {name}ated {number + 2} {name}ines at {name.capitalize()}mark. "
        f"The {name}ist {name.capitalize()}son {name}oured {number + 3} {name}als in {name.capitalize()}land.",
    )


# ---------------------------------------------------------------- stories


def test_reports_of_several_outlets_are_one_story():
    told = digest([article("a", FERRY, outlet="Alba Times"), article("b", FERRY_TOO, outlet="Coast News"), article("c", BANK)])

    assert [(story.outlets, set(story.articles)) for story in told.stories] == [(2, {"a", "b"}), (1, {"c"})]


def test_what_two_writers_say_of_one_matter_is_no_story():
    passwords, notebook = "Which password manager is best", "A notebook in a drawer beats every password manager"
    views = [
        article("keep", f"{passwords} depends on where you keep it, how many machines you own and who lives with you."),
        article("paper", f"{notebook}, since paper needs no machine, no battery and no cloud.", outlet="Alba Notes"),
    ]

    assert make.same_event(views) == [0, 0]  # as reports they would be one
    assert make.clusters([understand(each) for each in views]) == [0, 1]


def test_what_belongs_together_and_its_name_do_not_depend_on_what_is_asked_for():
    articles = [article("a", FERRY, hours_ago=30), article("b", FERRY_TOO, hours_ago=2), article("c", BANK)]

    everything, latest = digest(articles), digest(articles, asked(since=NOW - timedelta(hours=12)))

    ferry = next(story for story in everything.stories if "b" in story.articles)
    assert ferry.articles == ("b", "a")
    assert [story.articles for story in latest.stories if story.id == ferry.id] == [("b",)]


def test_a_story_is_named_after_its_first_article():
    first = digest([article("a", FERRY, hours_ago=30)])
    later = digest([article("a", FERRY, hours_ago=30), article("b", FERRY_TOO)])

    assert later.stories[0].id == first.stories[0].id == story_id("a")


def test_an_article_that_the_archive_has_not_grouped_yet_is_a_story_of_its_own():
    told = [understand(article("a", FERRY)), understand(article("b", BANK))]

    stories = make.group(told, {"a": "s-one"})

    assert {story.id for story in stories} == {"s-one", story_id("b")}


def test_echoes_of_one_report_are_one_origin():
    echoes = [article(f"e{n}", FERRY, origins=("The Harbour Gazette",)) for n in range(4)]

    story = digest([*echoes, article("own", FERRY, outlet="The Harbour Gazette")]).stories[0]

    assert (story.outlets, story.origins) == (5, ("The Harbour Gazette",))


def test_an_agency_is_one_origin_under_whatever_name_its_reports_give_it():
    named = article("page", FERRY, outlet="Alba Times", origins=("PA Media",))
    credited = article("text", f"PORT ALBA (PA) -- {FERRY_TOO}", outlet="Coast News")
    alone = "The ferry Alma lies on a reef off Port Alba and 140 passengers were brought ashore, the coast guard said."
    own = article("own", alone, outlet="Press Association", hours_ago=9)

    story = digest([named, credited, own]).stories[0]

    assert (story.outlets, len(story.origins)) == (3, 1)


def test_copies_share_the_origin_of_the_first_of_them():
    copies = [article("first", FERRY, outlet="Wire", hours_ago=9), article("copy", FERRY + " More follows.", hours_ago=2)]

    story = digest([*copies, article("other", FERRY_TOO, outlet="Coast News")]).stories[0]

    assert (story.outlets, story.origins) == (3, ("Wire", "Coast News"))


def test_the_same_article_from_two_feeds_is_one_and_its_longest_text_is_read():
    teaser = article("a", FERRY.split(". ")[0] + ".", outlet="Alba Times", url="https://www.alba.example/ferry")
    whole = article("b", FERRY, outlet="Alba Times", url="http://alba.example/ferry")

    for both in ([teaser, whole], [whole, teaser]):
        assert digest(both).stories[0].articles == ("b",)


def test_what_is_there_again_is_counted():
    feeds = [
        replace(article(name, FERRY, title="Alma aground", url="https://alba.example/ferry"), source_id=name) for name in "ab"
    ]

    assert [(each.kind, each.count, each.examples) for each in digest(feeds).left_out] == [("repeated", 1, ("Alma aground",))]


def test_two_feeds_of_an_outlet_may_word_the_teaser_of_one_page_otherwise():
    teaser = replace(article("a", "Rescuers work through the night.", url="https://alba.example/ferry"), source_id="a")
    whole = replace(article("b", FERRY, url="https://alba.example/ferry"), source_id="b")

    assert [story.articles for story in digest([teaser, whole]).stories] == [("b",)]


def test_unlike_entries_that_a_source_links_to_one_page_are_two_articles():
    apart = [replace(article(name, text), source_id="s") for name, text in (("a", FERRY), ("b", BANK))]
    live = [replace(each, url="https://alba.example/") for each in apart]

    told = digest(live)

    assert {story.articles for story in told.stories} == {("a",), ("b",)}
    assert told.left_out == digest(apart).left_out


def test_a_longer_text_from_before_the_window_hides_none_in_it():
    early = article("a", FERRY + " Divers will look at the hull on Friday.", url="https://alba.example/ferry", hours_ago=60)
    late = article("b", FERRY, url="https://alba.example/ferry", hours_ago=2)

    assert [story.articles for story in digest([early, late], asked(since=NOW - timedelta(hours=24))).stories] == [("b",)]


def test_opinion_makes_no_bullet_and_is_counted():
    column = article("c", FERRY_TOO, title="Why ferries sink", comment=True)

    told = digest([article("a", FERRY), column])

    assert [story.articles for story in told.stories] == [("a",)]
    assert [(each.kind, each.count, each.examples) for each in told.left_out] == [("comment", 1, ("Why ferries sink",))]


# ---------------------------------------------------------------- sources of a bullet


def cited(bullet_day: str | None, twin_day: str | None, twin: str, *, planned: bool = False) -> list[str]:
    """The outlets cited for a bullet of which another outlet has a twin."""
    fact = FERRY_OF_140
    own, other = article("own", fact, hours_ago=1), article("other", twin, hours_ago=2)
    told = [
        Understood(own, (claim(own, fact, happened(bullet_day) if bullet_day else None),)),
        Understood(other, (claim(other, twin, happened(twin_day, planned=planned) if twin_day else None),)),
    ]
    story = digest(told, one_story=True).stories[0]
    assert story.lead is not None
    assert story.bullets == ()
    return [citation.article.id for citation in story.lead.citations]


FERRY_OF_140 = "The ferry Alma ran aground off Port Alba with 140 passengers on board."
SAME = "With 140 passengers on board, the ferry Alma ran aground off Port Alba."


def test_another_outlet_is_cited_where_it_says_the_same():
    assert cited(None, None, SAME) == ["own", "other"]
    assert cited("2026-03-11", "2026-03-11", SAME) == ["own", "other"]


@pytest.mark.parametrize(
    "told",
    [
        pytest.param("The ferry Alma has 140 passengers on Sundays.", id="a part of it"),
        pytest.param("With 140 passengers on board, the ferry Alma never ran aground off Port Alba.", id="denied"),
    ],
)
def test_another_outlet_is_not_cited_where_it_tells_a_part_or_denies_it(told: str) -> None:
    assert len(cited(None, None, told)) == 1


def test_another_outlet_is_not_cited_for_a_day_that_it_does_not_give():
    assert cited("2026-03-11", "2026-03-10", SAME) == ["own"]
    assert cited("2026-03-11", None, SAME) == ["own"]
    assert cited("2026-03-11", "2026-03-11", SAME, planned=True) == ["own"]


@pytest.mark.parametrize("number", ["160", "twelve"])
def test_two_outlets_that_give_different_numbers_on_one_day_are_both_shown(number: str) -> None:
    story = digest([article("own", FERRY_OF_140), article("other", SAME.replace("140", number))], one_story=True).stories[0]

    assert story.lead is not None
    shown = [story.lead, *story.bullets]
    assert [[citation.article.id for citation in each.citations] for each in shown] in (
        [["own"], ["other"]],
        [["other"], ["own"]],
    )


@pytest.mark.parametrize("older", ["120", "nine"])
def test_of_two_days_the_newer_number_stands_and_the_older_is_no_source_of_it(older: str) -> None:
    late, early = article("late", SAME), article("early", FERRY_OF_140.replace("140", older), hours_ago=30)

    story = digest([early, late], one_story=True).stories[0]

    assert story.lead is not None
    assert [citation.article.id for citation in story.lead.citations] == ["late"]
    assert story.bullets == ()


# ---------------------------------------------------------------- the story line


def test_a_headline_that_the_text_bears_out_is_the_story_line_and_its_fact_no_bullet():
    story = digest([article("a", FERRY, title="Ferry Alma runs aground off Port Alba")]).stories[0]

    assert story.title == "Ferry Alma runs aground off Port Alba"
    assert story.lead is not None
    assert story.lead.text.startswith("The ferry Alma ran aground off Port Alba with 140 passengers")
    assert [bullet.text for bullet in story.bullets] == ["Tugs pulled all 140 passengers of the Alma to safety before dawn"]


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("", id="none"),
        pytest.param("Why did the ferry Alma run aground?", id="a question"),
        pytest.param("Ferry Alma runs aground off Skarne", id="a name that the text does not have"),
        pytest.param("Ferry Alma runs aground with 160 on board", id="a number that the text does not have"),
        pytest.param("Ferry Alma runs aground off Port Alba " + "with passengers on board " * 3, id="too long"),
    ],
)
def test_without_a_usable_headline_the_best_bullet_is_the_line_uncut_and_not_repeated(title: str) -> None:
    story = digest([article("a", FERRY, title=title)]).stories[0]

    assert story.lead is not None
    assert story.title == story.lead.text
    assert story.lead not in story.bullets


SCENE = "The captains of the two islands spent last winter in the tavern of Skarne. "
RAISED = "The harbour board of Ostby asked 900 crowns of each of the captains, which is twice the fee of 2024. "
DOUBLED = "Ferry firms face doubled charges from Ostby"


def line_of(text: str, title: str = DOUBLED) -> str:
    """The line of a page of its own."""
    told = digest([replace(article("a", text, title=title), page_read=True)])
    return [*(each.title for each in told.stories), *(each.title for each in told.also)][0]


@pytest.mark.parametrize("text", [SCENE + RAISED, RAISED], ids=["a scene", "no more than a part of it"])
def test_a_headline_that_tells_the_news_is_the_line_of_a_post_where_no_sentence_tells_it(text: str) -> None:
    assert line_of(text) == DOUBLED
    assert line_of(text, "Ferry firms of Westby face doubled charges from Ostby") != DOUBLED
    assert line_of(text, f"Why {DOUBLED}") != f"Why {DOUBLED}"


@pytest.mark.parametrize(
    "sentence",
    [
        "The harbour board has asked 900 crowns of each captain of the islands of Ostby and Skarne",
        "The harbour board will ask 900 crowns of each captain of the islands of Ostby and Skarne",
        "The harbour board of Ostby said that each captain of the islands owes 900 crowns to Skarne",
        "The captains of the islands of Ostby and Skarne paid 900 crowns each, the harbour board said",
    ],
    ids=["done", "ahead", "said", "past with a source"],
)
def test_a_sentence_in_the_tense_of_news_is_the_line_though_its_headline_says_it_otherwise(sentence: str) -> None:
    assert line_of(f"{sentence}. {SCENE}") == sentence


def test_a_day_in_an_aside_makes_no_news_of_a_past() -> None:
    past = "Alma Roe, who died on Monday, moored ships of the islands of Ostby and Skarne for 40 years. "

    assert line_of(past, "Ferry firms of Ostby mourn their captain") == "Ferry firms of Ostby mourn their captain"


def test_what_tells_no_news_leaves_its_headline_alone_and_comes_behind_the_others() -> None:
    title, scene = "The long winter of the captains", "The tavern of Skarne was full of captains all winter. "
    told = digest([replace(article("a", scene + RAISED, title=title), page_read=True), article("b", BANK)])

    assert (len(told.stories), [each.title for each in told.also]) == (1, [title])


def test_how_things_are_is_the_line_only_where_the_headline_says_nearly_the_same() -> None:
    state = "The yacht Alma of Ostby is as long as the ferry pier of Skarne. "

    assert line_of(state + RAISED, "The yacht Alma of Ostby is an odd ship") == "The yacht Alma of Ostby is an odd ship"
    assert line_of(state, "Yacht Alma of Ostby is as long as ferry pier") == "Yacht Alma of Ostby is as long as ferry pier"


def test_of_several_headlines_that_stands_which_the_best_sentence_says_most_of():
    died = "Alma Roe, who died of a fever, captained ferries of Ostby for forty years and moored 84 ships in Skarne."
    road, news = "Alma Roe's road from the piers of Ostby to the bridge of ships", "Captain Alma Roe dies"
    one = replace(article("a", died, outlet="Alba Times", title=road), page_read=True)
    two = replace(article("b", died, outlet="Coast News", title=news), page_read=True)

    assert digest([one, two], one_story=True).stories[0].title == news


def test_of_several_outlets_the_headline_on_which_they_agree_stands_where_the_best_sentence_says_none_of_them():
    row = "Yvonne Hiller, 43, had gotten into a row with 3 workers of the Kraft plant in Ostby on Thursday, the police said. "
    charged = "A court of Ostby will hear her for murder. "
    titles = [
        "Hiller charged with murder at Ostby plant",
        "Hiller is charged with murder in Ostby",
        "Inside a terrible night",
    ]
    told = [
        replace(article(f"a{n}", row + charged * n, outlet=f"Post {n}", title=title), page_read=True)
        for n, title in enumerate(titles, 1)
    ]

    named = digest(told, one_story=True).stories[0].title
    assert named in titles[:2]
    known = [replace(understand(each), headline_told=each.title == named) for each in told]
    old = [replace(understand(each), carried_over=each.title == named) for each in told]
    for marked in (known, old):
        assert digest(marked, one_story=True).stories[0].title == next(each for each in titles if each != named)
    assert digest(told[2:], one_story=True).stories[0].title == row.strip().rstrip(".")


@pytest.mark.parametrize(
    ("later", "overtakes"),
    [
        ("Crews restored power to all but 160,000 homes of western Velland that Storm Halvard had left dark.", True),
        ("Storm Halvard cut power to 160,000 more homes of western Velland that it had spared so far.", False),
        ("A storm of 2019 left 61 homes dark, and Velland gets no power back for those that it lost then.", False),
    ],
    ids=["another number", "more of them", "background"],
)
def test_a_headline_whose_number_a_newer_report_has_overtaken_names_no_story(later: str, overtakes: bool) -> None:
    left = "Storm Halvard left 240,000 homes of western Velland without power on Monday, the grid operator Vellnett said."
    old = article("a", left, title="Storm Halvard cuts power to 240,000 homes in Velland", outlet="Northwire", hours_ago=3)
    new = article("b", later, title="Velland gets power back after Storm Halvard", outlet="Harbour Gazette", hours_ago=1)

    assert (digest([old, new], one_story=True).stories[0].title != old.title) is overtakes
    at_once = replace(new, published_at=old.published_at)
    assert digest([old, at_once], one_story=True).stories[0].title == old.title


def test_a_story_of_which_only_an_overtaken_headline_could_stand_is_named_by_the_newest_number() -> None:
    three = "Storm Halvard killed 3 people in Asterby on Wednesday, police said."
    twelve = "Storm Halvard killed 12 people in Asterby, police said on Thursday."
    old = article("a", three, title="Storm Halvard kills 3 people in Asterby", outlet="Wire", hours_ago=14)
    new = article("b", twelve, title="More dead found in Asterby after storm", outlet="Gazette", hours_ago=1)

    [story] = digest([old, new], one_story=True).stories

    assert story.title.startswith("Storm Halvard killed 12 people")
    assert "3 people" not in " ".join(each.text for each in story.facts)


def test_a_headline_that_no_other_outlet_bears_out_names_no_story_of_several():
    shelter = article(
        "a", "The town of Asterby opened a shelter at 12 Mill Street on Monday for 40 families of the storm.", outlet="Herald",
        title="Asterby opens shelter at 12 Mill Street for 40 families",
    )  # fmt: skip
    storm = "Storm Halvard left 9,000 homes in Velland without power on Monday, said the grid operator. "
    others = [
        article(
            f"s{n}", storm + f"Crews mended {n} masts.", outlet=f"Post {n}", title="Storm Halvard leaves homes without power"
        )
        for n in (2, 3)
    ]

    assert digest([shelter], one_story=True).stories[0].title == shelter.title
    assert digest([shelter, *others], one_story=True).stories[0].title == others[0].title


def test_of_two_headlines_that_share_little_the_one_with_the_dead_names_the_story() -> None:
    text = (
        "The town of Asterby opened a heated shelter at 12 Mill Street on Monday for 40 families without power after the storm."
    )
    shelter = article("a", text, outlet="Herald", title="Asterby opens heated shelter at 12 Mill Street for 40 families")
    text = "Four people have been killed by Storm Halvard in Velland, the civil protection agency said."
    toll = article("b", text, outlet="Post", title="Velland storm toll rises to four, agency says")

    story = digest([shelter, toll], one_story=True).stories[0]

    assert story.title == toll.title
    assert "shelter" in " ".join(bullet.text for bullet in story.bullets)


@pytest.mark.parametrize(
    ("title", "gives_way"),
    [
        ("Large ferry runs aground in storm on Monday", True),
        ("New ferry runs aground in storm", True),
        ("Naxos ferry runs aground in storm", False),
        ("Ferry runs aground off Naxos in storm", False),
    ],
)
def test_a_headline_that_names_nobody_gives_way_to_a_sentence_that_says_the_same_and_does(title: str, gives_way: bool) -> None:
    text = "A large new ferry ran aground in a storm off Naxos on Monday, the harbour ministry said. Tugs came. It was dark."
    page = replace(article("a", text, title=title), page_read=True)

    [story] = digest([page]).stories

    assert story.title.startswith(text[:50] if gives_way else title)
    assert story.lead, "the line has the day and the source of the sentence"


def test_a_headline_of_several_lines_is_one_line():
    assert digest([article("a", FERRY, title="Ferry Alma runs\n aground")]).stories[0].title == "Ferry Alma runs aground"


def test_a_one_liner_whose_headline_no_fact_repeats_is_dated_by_its_report():
    text = "Crews at the yard of Port Alba finished the ferry Alma. Its owner paid 90 million euros to the builders in January."
    title = "Crews of Port Alba yard finished ferry Alma"
    own = understand(article("own", text, title=title, hours_ago=60))
    first, second = own.claims
    unsaid = replace(first, alone=False)
    paid = replace(second, alone=True, date=happened("2026-01-05"))

    told = digest([replace(own, claims=(unsaid, paid)), *(understand(village(number)) for number in range(12))])

    line = next(each for each in told.also if each.title == title)
    assert (line.date, line.citations) == (EventDate.of_report(own.article.published_day), (first.citation,))


# ---------------------------------------------------------------- days and order


def of_days(*days: tuple[str | None, bool], published: bool = True) -> Understood:
    """An article with a fact of each day (and whether it is planned), in text order."""
    facts = [
        "Divers found a crack in the lock gate of Skarne.",
        "Parliament in Orsk raised the tax on sugar by half.",
        "A fire burned down the timber yard near Tarn.",
        "Wolves killed forty sheep above the village of Kvist.",
        "Engineers will blow up the old bridge at Hemmer.",
    ][: len(days)]
    own = article("own", " ".join(facts), hours_ago=1 if published else None)
    told = [happened(day, planned=plan) if day else None for day, plan in days]
    return Understood(own, tuple(claim(own, fact, day) for fact, day in zip(facts, told, strict=True)))


def test_inside_a_story_the_newest_comes_first_and_a_plan_stands_with_its_report():
    own = of_days(("2026-03-09", False), ("2025-01-01", False), ("2026-03-11", False), ("2026-04-01", True), (None, False))

    story = digest([own], asked(length=Length.FULL)).stories[0]

    assert story.lead is not None
    days = ["2026-04-01", "2026-03-12", "2026-03-11", "2026-03-09", "2025-01-01"]
    assert [bullet.date.value for bullet in story.bullets] == [day for day in days if day != story.lead.date.value]


def test_what_was_reported_a_day_later_comes_before_what_reads_a_little_better():
    old, new = (
        article("old", "Divers of Orsk found a crack in the lock gate.", hours_ago=30),
        article("new", "Wolves ate forty sheep near Kvist."),
    )
    told = [Understood(old, (claim(old, old.text, who="the navy"),)), Understood(new, (claim(new, new.text),))]

    story = digest(told, one_story=True).stories[0]

    assert story.lead is not None
    assert story.lead.citations[0].article is new


def test_without_a_publication_date_a_story_stands_in_text_order():
    own = of_days(("2026-03-09", False), (None, False), ("2026-03-11", False), ("2025-01-01", False), published=False)

    story = digest([own], asked(length=Length.FULL)).stories[0]

    starts = [bullet.citations[0].start for bullet in story.bullets]
    assert starts == sorted(starts)


def test_dates_that_could_not_be_completed_are_counted_once_each():
    text = (
        "The ferry Alma ran aground off Port Alba on Wednesday with 140 passengers on board. "
        "The harbour of Port Alba closed on Wednesday until divers had looked at the hull. "
        "Mirel Bank paid 12 million euros to the owners of the Alma on April 13."
    )

    told = digest([article("a", text, hours_ago=None)], day=None)

    assert told.notices == ("No publication date found, so 2 dates could not be completed. Add one.",)
    assert digest([article("a", text)]).notices == ()
    assert digest([article("a", BANK, hours_ago=None)]).notices == (), "nothing was to be completed"


def test_where_only_some_articles_have_no_date_the_notice_says_how_many():
    undated = article(
        "a", "The ferry Alma ran aground off Port Alba on Wednesday with 140 passengers on board.", hours_ago=None
    )

    assert digest([undated, article("b", BANK)]).notices == (
        "No publication date found in 1 of 2 articles, so 1 date could not be completed.",
    )


def with_background(*phrases: tuple[str, str]) -> list[str]:
    own = article("own", FERRY, hours_ago=1)
    told = [before(own, text, day) for text, day in phrases]
    fact = claim(own, FERRY.split(". ")[0] + ".", happened("2026-03-11"), told_before=told)
    return [phrase.text for phrase in digest([Understood(own, (fact,))]).stories[0].before]


def test_before_has_three_phrases_at_most_oldest_first():
    found = with_background(
        ("strike", "2025-06-01"), ("flood of Orsk", "2019"), ("fire of Alba", "2024-02"), ("quake of Orsk", "2020-02")
    )
    assert found == ["flood of Orsk", "fire of Alba", "strike"]


def test_before_tells_no_news_of_the_story_itself():
    assert with_background(("grounding", "2026-03-10"), ("storm of Orsk", "2026"), ("flood of Orsk", "2019")) == [
        "flood of Orsk"
    ]


def test_before_tells_an_event_once_with_its_finest_day():
    assert with_background(("breach of Orsk", "2025-11"), ("dam breach of Orsk", "2025-11-04")) == ["dam breach of Orsk"]
    both = ["breach of Orsk", "dam breach of Orsk"]
    assert with_background(("breach of Orsk", "2024-11"), ("dam breach of Orsk", "2025-11-04")) == both


def test_before_holds_no_month_or_year_without_a_name():
    assert with_background(("storm season", "2024"), ("outbreak", "2025-03"), ("dam breach", "2025-11-04")) == ["dam breach"]


# ---------------------------------------------------------------- windows and topics


def test_a_window_holds_its_start_and_not_its_end():
    articles = [article("a", FERRY, hours_ago=12), article("b", BANK, hours_ago=0), article("c", BANK, hours_ago=13)]

    told = digest(articles, asked(since=NOW - timedelta(hours=12)))

    assert [story.articles for story in told.stories] == [("a",)]


def test_a_bare_day_is_in_a_window_that_holds_any_hour_of_it():
    own = understand(replace(article("a", FERRY), published_at=None))
    half_past_eleven_in_berlin = NOW.replace(month=10, day=25, hour=22, minute=30)
    long_day = replace(own, article=replace(own.article, published_day=half_past_eleven_in_berlin.date()))
    until = half_past_eleven_in_berlin + timedelta(hours=1)

    late = asked(since=half_past_eleven_in_berlin, until=until).window
    next_day = asked(since=half_past_eleven_in_berlin + timedelta(minutes=30), until=until).window

    assert make.in_window(long_day, late, "Europe/Berlin"), "the day of the clock change has 25 hours"
    assert not make.in_window(long_day, next_day, "Europe/Berlin")


def test_an_article_without_a_date_is_in_every_window():
    assert digest([article("a", FERRY, hours_ago=None)], asked(since=NOW - timedelta(hours=1))).stories


def test_a_topic_keeps_the_articles_that_have_its_words():
    assert [story.articles for story in digest([article("a", FERRY), article("b", BANK)], asked("bank")).stories] == [("b",)]
    assert digest([article("a", FERRY)], asked("nothing at all")).stories == ()


def test_a_story_about_the_topic_comes_before_one_that_mentions_it_and_shows_where():
    mention = "Voters in Orsk elected Ada Vell as mayor. Ada Vell promised to move the stranded ferry to the town's museum."
    echoes = [article(f"m{n}", mention, outlet=f"Paper {n}") for n in range(5)]

    told = digest([*echoes, article("a", FERRY, title="Ferry Alma runs aground", hours_ago=20)], asked("ferry"))

    assert [len(story.articles) for story in told.stories] == [1, 5]
    assert any("ferry" in text for text in shown(replace(told, stories=told.stories[1:])))
    assert told.stories[0].why[0].term == "topic"


def test_in_the_order_of_time_the_newest_report_decides_and_not_how_many_tell_it():
    echoes = [article(f"e{n}", FERRY, outlet=f"Paper {n}", hours_ago=9 + n) for n in range(5)]
    told = [
        understand(each) for each in (*echoes, article("b", BANK, hours_ago=2), article("u", village(1).text, hours_ago=None))
    ]

    by = {order: make.make(told, asked(), title="", zone="UTC", day=None, order=order).stories for order in Order}

    assert [[len(story.articles) for story in by[order]] for order in Order] == [[5, 1, 1], [1, 5, 1]]
    assert by[Order.NEWEST][0].articles == ("b",)
    assert by[Order.NEWEST][2].articles == ("u",)


# ---------------------------------------------------------------- limits, nothing lost


def test_every_story_that_there_was_no_room_for_can_be_named():
    told = digest([village(number) for number in range(60)])

    (capped,) = [each for each in told.left_out if each.kind == "capped"]
    seen = {each.id for each in told.stories} | {each.id for each in told.also}
    assert len(capped.stories) == capped.count > len(capped.examples)
    assert {each.id for each in capped.stories} == {story_id(f"v{number:03}") for number in range(60)} - seen
    assert all(each.title and each.url for each in capped.stories)


def lost(told: Digest, articles: int) -> int:
    """How many of the articles, each a story of its own, a digest neither shows nor counts."""
    counted = sum(each.count for each in told.left_out if each.kind in ("capped", "headline"))
    return articles - len(told.stories) - len(told.also) - counted


@pytest.mark.parametrize("count", [1, 8, 60])
@pytest.mark.parametrize("length", list(Length))
def test_every_story_is_shown_a_line_or_counted(count: int, length: Length) -> None:
    told = digest([village(number) for number in range(count)], asked(length=length))

    assert lost(told, count) == 0


def test_a_channel_post_keeps_its_limits():
    told = digest([village(number) for number in range(60)])
    bullets = [bullet for story in told.stories for bullet in story.bullets]
    lines = [line.title for line in told.stories] + [line.title for line in told.also]

    assert 1 <= len(told.stories) <= 10
    assert len(bullets) <= 25
    assert sum(len(text.split()) for text in (*lines, *(bullet.text for bullet in bullets))) <= 350
    assert told.also


def test_short_has_one_fact_a_story_and_full_has_them_all():
    articles = [village(number) for number in range(12)]

    short = digest(articles, asked(length=Length.SHORT))
    full = digest(articles, asked(length=Length.FULL))

    assert all(len(story.bullets) + bool(story.lead) == 1 for story in short.stories)
    assert all(len(story.bullets) + bool(story.lead) == 2 for story in full.stories)
    assert len(full.stories) == 12
    assert full.also == ()


TOLD = [
    "Quarles opened two breakwaters in Ostby in May.",
    "Mirel Bank lent 9 million euros to Ida Marlow.",
    "Tom Reed opened a rye bakery in Skarne.",
    "A court in Naxos closed nine piers of Pell Harbour.",
    "Divers mapped 40 wrecks off Ostby.",
    "Port Alba sold its oldest tugs.",
]
REPORT = " ".join(TOLD)
COLUMN = " ".join([REPORT, *(f"I would pay {number} crowns to see that, and so should you." for number in range(6))])
GUIDE_TITLE = "A tour of the islands in spring"


@pytest.mark.parametrize("length", [Length.SHORT, Length.NORMAL])
def test_a_column_or_a_guide_is_shown_by_its_headline_with_the_day_of_its_report(length: Length) -> None:
    told = digest([article("a", COLUMN, title=GUIDE_TITLE), article("b", FERRY)], asked(length=length))

    assert [story.articles for story in told.stories] == [("b",)]
    (line,) = told.also
    assert (line.title, line.url, line.date.basis) == (GUIDE_TITLE, "https://news.example/a", Basis.REPORT)


def test_one_without_a_headline_gives_one_line_however_much_it_tells():
    assert len(shown(digest([article("a", COLUMN)]))) == 1
    assert len(shown(digest([article("a", REPORT, title="Quarles opened two breakwaters in Ostby in May")]))) > 1


def test_a_column_whose_headline_names_nothing_is_counted():
    told = digest([article("a", COLUMN, title="About us")])

    assert (told.stories, told.also) == ((), ())
    assert [(each.kind, each.count) for each in told.left_out if each.kind == "headline"] == [("headline", 1)]


def test_what_is_no_report_is_left_out_as_a_whole_not_by_its_sentences():
    views = [f"I think that room {number} of the museum is too dark for us." for number in range(12)]
    column = article("a", " ".join(views), title=GUIDE_TITLE)

    alone = digest([column, article("b", REPORT)])
    beside = digest([column, article("b", REPORT)], one_story=True)

    assert [line.title for line in alone.also] == [GUIDE_TITLE]
    assert not [each for each in alone.left_out if each.kind == "comment"]
    assert [(each.count, each.examples) for each in beside.left_out if each.kind == "comment"] == [(1, (GUIDE_TITLE,))]


def test_of_a_story_that_others_report_only_these_are_read_and_a_column_at_full_length():
    both = [article("a", COLUMN, title=GUIDE_TITLE), article("b", REPORT)]

    cited = {each.article.id for story in digest(both, one_story=True).stories for each in citations(story)}

    assert cited == {"b"}
    assert len(shown(digest(both[:1], asked(length=Length.FULL)))) == len(TOLD)


def test_a_claim_that_presumes_what_is_not_shown_is_no_bullet_of_a_post():
    storm = "Storm waves closed the northern harbour of Ostby on Monday, the port said."
    named = "Tom Reed, a pilot from Ostby, ran the ferry Alma aground off Port Alba on Monday."
    presuming = "The police questioned Reed on Tuesday about the night of the storm."
    hidden = f"He had been warned, said Tom Reed. {presuming}"  # of which the first half leans on what stands before

    after_his_name, without_it = (
        shown(digest([article("a", f"{start} {presuming}")])) for start in (named, f"{storm} {hidden}")
    )

    assert any("questioned Reed" in text for text in after_his_name)
    assert not any("questioned Reed" in text for text in without_it)


def test_what_an_editor_would_mend_is_no_bullet_of_a_post_but_stands_at_full_length():
    mended = "Naxos has one of the most shocking wrecks of the northern islands"
    text = f"The ferry Alma ran aground off Port Alba on Monday, the coast guard said. {mended}."

    assert mended not in shown(digest([article("a", text)]))
    assert mended in shown(digest([article("a", text)], asked(length=Length.FULL)))


def test_a_story_of_which_no_sentence_is_fit_is_a_line_behind_the_others():
    unfit = "There is really something for everyone on the islands of Quarles and Naxos this spring."

    told = digest(
        [article("a", unfit, title="Quarles opens its islands in spring", hours_ago=1), article("b", BANK, hours_ago=9)]
    )

    assert ([story.articles for story in told.stories], [line.title for line in told.also]) == (
        [("b",)],
        ["Quarles opens its islands in spring"],
    )


STANDFIRST, HEADLINE = "Few captains are amused.", "Naxos raises its harbour fees again"


def test_a_summary_that_leans_on_its_headline_gives_a_line_and_no_bullet():
    told = digest([article("a", STANDFIRST, title=HEADLINE), article("b", BANK)])

    assert [story.articles for story in told.stories] == [("b",)]
    (line,) = told.also
    assert (line.title, line.date.basis, line.citations[0].quote) == (HEADLINE, Basis.REPORT, STANDFIRST)
    assert not [each for each in told.left_out if each.kind == "headline"]


@pytest.mark.parametrize("length", list(Length))
def test_a_headline_alone_is_a_line_at_every_length_behind_what_has_bullets(length: Length) -> None:
    told = digest(
        [article("a", STANDFIRST, title=HEADLINE, hours_ago=1), article("b", BANK, hours_ago=9)], asked(length=length)
    )

    assert ([story.articles for story in told.stories], [line.title for line in told.also]) == ([("b",)], [HEADLINE])


def test_of_headlines_alone_those_that_tell_something_come_before_labels() -> None:
    label, told = "The harbour lamps of Skarne", "Ostby raises its harbour fees again"

    shown = digest([article("a", "He left.", title=label), article("b", "It rained.", title=told, hours_ago=9)])
    assert [each.title for each in shown.also] == [told]
    pages = [
        replace(article("a", "He left.", title=label), page_read=True),
        article("b", "It rained.", title=told, hours_ago=9),
    ]
    assert [each.title for each in digest(pages).also] == [told, label]


def test_a_one_liner_is_its_headline_where_its_sentence_says_that_in_more_words() -> None:
    sentence = "The harbour of Orsk paid Mirel Lines 12 million euros on Monday for hiding rocks from many captains in 2024."
    short = "Harbour of Orsk pays Mirel Lines after angry letters pour in"
    paid = replace(article("z", sentence, title=short, hours_ago=40), page_read=True)

    told = digest([paid, *(village(number) for number in range(14))])

    [line] = [each for each in told.also if "Mirel" in each.title]
    assert line.title == short
    assert line.citations[0].quote == sentence
    seven = replace(
        paid,
        title="Harbour of Orsk pays Mirel Lines after 7 angry letters",
        text=f"{sentence} It rained. It snowed. It thawed. It had 7 letters.",
    )
    [line] = [each for each in digest([seven, *(village(number) for number in range(14))]).also if "Mirel" in each.title]
    assert line.title == sentence.rstrip("."), "the link opens a sentence without the seven"
    nobody = replace(paid, title="Large harbour pays shipping lines 12 million euros for rocks")
    [line] = [each for each in digest([nobody, *(village(number) for number in range(14))]).also if "12 million" in each.title]
    assert line.title == sentence.rstrip("."), "nobody knows which harbour"


def test_of_headlines_alone_one_that_tells_of_a_death_stands_for_what_else_is_written_of_the_dead() -> None:
    titles = ["From Ostby to Selby, Alma Roe made each ship her own", "'Ships of Ostby' captain Alma Roe dies aged 84"]
    told = [article(f"a{n}", "She left.", title=title, outlet=f"Post {n}", hours_ago=n) for n, title in enumerate(titles, 1)]

    shown = digest(told, one_story=True)

    assert [*(story.title for story in shown.stories), *(line.title for line in shown.also)] == [titles[1]]


def test_of_headlines_alone_of_one_story_that_stands_on_which_the_others_agree() -> None:
    titles = ["Roe made each ship of Ostby his own", "Captain Alma Roe of Ostby dies aged 84", "Ostby captain Roe dies at 84"]
    told = [article(f"a{n}", "He left.", title=title, outlet=f"Post {n}", hours_ago=n) for n, title in enumerate(titles, 1)]

    named = digest(told, one_story=True).also[0].title
    assert named in titles[1:]
    known = [replace(understand(each), headline_told=each.title == named) for each in told]
    old = [replace(understand(each), carried_over=each.title == named) for each in told]
    for marked in (known, old):
        assert digest(marked, one_story=True).also[0].title in {*titles} - {named}


def test_of_an_earlier_window_only_what_is_shown_is_counted() -> None:
    closed = article("a", "Engineers closed the cracked dam of Ostby on Monday.", outlet="Dale News", hours_ago=1)
    tents = article("b", "Soldiers carried 900 tents to the dam of Ostby on Sunday.", outlet="Hill Times", hours_ago=20)
    rain = article("c", "Rain wets dam of Ostby.", outlet="Rain Daily", hours_ago=21)
    told = [understand(closed), *(replace(understand(each), carried_over=True) for each in (tents, rain))]

    [story] = digest(told, one_story=True).stories
    [all_old] = digest([replace(each, carried_over=True) for each in told], one_story=True).stories

    assert [each.citations[0].article.outlet for each in story.facts] == ["Dale News", "Hill Times"]
    assert (story.outlets, story.origins) == (2, ("Hill Times", "Dale News"))
    assert all_old.outlets == 3


def fees(*titles: str) -> list[Article]:
    """A story of three outlets of which nothing but a headline can be shown."""
    said = (STANDFIRST, "What captains pay, and why.", "They were told in spring.")
    return [
        replace(article(f"n{at}", text, title=title, outlet=f"Outlet {at}", hours_ago=9), page_read=True)
        for at, (title, text) in enumerate(zip(titles, said, strict=True))
    ]


def test_a_story_that_several_outlets_tell_stands_at_its_place_though_only_its_headline_can_be_shown() -> None:
    alone = article("z", STANDFIRST, title="Quarles builds its second harbour", hours_ago=1)

    told = digest([*(village(number) for number in range(40)), alone, *fees(HEADLINE, HEADLINE, HEADLINE)])

    first = told.stories[0]
    assert (first.title, first.bullets, first.lead, first.outlets) == (HEADLINE, (), None, 3)
    assert first.cited, "its link and its day stand on what was cited"
    assert len(told.stories) > 2
    assert "Quarles builds its second harbour" not in [line.title for line in told.also]


@pytest.mark.parametrize(
    ("title", "other"),
    [
        pytest.param("Why Naxos raises its harbour fees", "Why harbour fees of Naxos rise", id="both tease"),
        pytest.param("The harbour lamps of Naxos", "The lamps of Naxos harbour", id="both are labels"),
        pytest.param("Council of Ostby sacks the mayor", "", id="nobody bears it out"),
    ],
)
def test_a_headline_that_tells_little_or_that_no_other_outlet_bears_out_is_a_line_however_many_tell_it(
    title: str, other: str
) -> None:
    told = digest(fees(other, other, title), one_story=True)

    assert told.stories == ()
    assert [line.title for line in told.also] in ([title], [other])


def test_headlines_of_an_outlet_that_reports_often_stand_before_those_of_one_that_writes_now_and_then() -> None:
    often = [
        article(f"n{at}", "He left.", title=title, outlet="Daily", hours_ago=9 + at)
        for at, title in enumerate(("Quarles raises its harbour fees", "Council of Ostby paints the hall"))
    ]
    rare = article("r", "It rained.", title="Skarne builds a boat out of paper", outlet="My boats", hours_ago=1)

    lines = [line.title for line in digest([rare, *often]).also]

    assert lines == [*(each.title for each in often), rare.title]
    assert [line.title for line in digest([rare, often[0]]).also] == [rare.title, often[0].title]


def test_a_first_sentence_without_a_word_of_its_headline_tells_no_news_of_it() -> None:
    text = "Roe has closed the northern pier of Ostby and sent its twelve captains home for the winter. It hums."

    def told(headline: str) -> list[str]:
        page = replace(article("a", text, title=headline), page_read=True)
        return [story.title for story in digest([page]).stories]

    assert told("Analog floppy synthesizer of Selby") == []
    assert told("Two winters with a lamp, a jar, a fern and a stone") == [text.partition(".")[0]]


def test_of_stories_that_one_outlet_tells_the_one_that_counts_its_dead_comes_first() -> None:
    def leads(text: str, title: str) -> bool:
        told = article("z", text, title=title, hours_ago=90)
        return digest([told, *(village(number) for number in range(5))]).stories[0].articles == ("z",)

    assert leads("A fire killed five people in Ostby on Thursday.", "Five dead in Ostby")
    assert not leads("A fire killed five people in Ostby in May 2019.", "What Ostby recalls")
    fined = "A builder in Ostby paid for a house with a fire that killed five people on Thursday."
    assert not leads(fined, "What Ostby recalls")


def test_a_line_tells_of_the_dead_whom_its_headline_leaves_out() -> None:
    sentence = "Two managers of the Tarnfell dam were charged in Ostby over its breach, in which 11 people died."

    def line(headline: str) -> str:
        told = article("z", f"{sentence} A court of Ostby will hear the two in April.", title=headline)
        return digest([told]).stories[0].title

    assert line("Two managers of Tarnfell dam charged over breach") == sentence.rstrip(".")
    assert line("Two managers of Tarnfell dam charged over deaths") == "Two managers of Tarnfell dam charged over deaths"


def test_of_headlines_of_pages_hard_news_comes_before_what_tells_something_else() -> None:
    hard = replace(article("h", "He left. She did not.", title="An army, a parliament and a coup in Naxos"), page_read=True)
    soft = replace(article("s", "He left. She did not.", title="Quarles builds a boat out of paper"), page_read=True)

    assert [line.title for line in digest([soft, hard]).also] == [hard.title, soft.title]


def test_hard_news_of_a_headline_alone_finds_its_place_among_what_sentences_tell() -> None:
    hard = article("h", "He left.", title="Rebels enter Skarne as soldiers flee", hours_ago=20)
    soft = article("s", "He left.", title="Skarne builds a boat out of paper", hours_ago=2)

    told = [replace(each, text=each.text.replace(". ", " on Thursday. ")) for each in map(village, range(30))]

    lines = [line.title for line in digest([hard, soft, *told]).also]

    assert hard.title in lines
    assert soft.title not in lines


def test_of_stories_that_one_outlet_tells_hard_news_comes_before_what_is_newer_and_behind_what_two_tell() -> None:
    court = article(
        "z",
        "A court in Ostby sent the mayor of Skarne to prison for fraud.",
        title="Court jails the mayor of Skarne",
        hours_ago=20,
    )
    twins = [article(name, FERRY, outlet=name) for name in ("Alba Times", "Coast News")]

    told = digest([court, *twins, *(village(number) for number in range(5))])

    assert [story.outlets for story in told.stories[:2]] == [2, 1]
    assert told.stories[1].articles == ("z",)


def test_a_headline_that_teases_is_counted_but_that_of_a_page_that_was_read_is_a_line():
    teased = article("a", STANDFIRST, title="Why Naxos raises its harbour fees again")
    read = replace(article("b", "He left. She did not.", title="Why Orsk builds a second bridge"), page_read=True)

    told = digest([teased, read])

    assert (told.stories, [line.title for line in told.also]) == ((), ["Why Orsk builds a second bridge"])
    assert [(each.kind, each.count) for each in told.left_out if each.kind == "headline"] == [("headline", 1)]


def test_while_a_post_has_room_headlines_of_hard_news_that_tell_nothing_by_themselves_fill_it():
    hard = article("h", STANDFIRST, title="An army, a parliament and a coup in Naxos", hours_ago=2)
    asks = article("q", STANDFIRST, title="Will the army of Naxos ask its parliament?", hours_ago=2)
    soft = article("s", STANDFIRST, title="A boat and a bridge in Naxos", hours_ago=2)
    quote = article("t", STANDFIRST, title="‘An army and a parliament of Naxos’", hours_ago=2)
    read = article("r", "A court fined 12 captains of Quarles on Monday.", title="Court fines 12 captains of Quarles")

    many = [replace(hard, id=f"m{n}", url=f"https://m.example/{n}", title=f"An army and a coup in Naxos {n}") for n in range(9)]

    def lines(*others: Article, length: Length = Length.NORMAL) -> list[str]:
        return [line.title for line in digest([hard, asks, soft, quote, read, *others], asked(length=length)).also]

    assert lines() == [hard.title]
    assert lines(length=Length.SHORT) == []
    touches = article("g", STANDFIRST, title="A mayor, a boat and a bridge in Quarles", hours_ago=1)
    assert lines(touches) == [hard.title, touches.title]
    assert lines(replace(touches, title="What a mayor and a boat share")) == [hard.title]
    rebels, boat = (
        replace(article(title[0], "He left. She did not.", title=title), page_read=True)
        for title in ("Rebels enter Skarne as soldiers flee", "Quarles builds a boat out of paper")
    )
    assert lines(rebels, boat) == [rebels.title, hard.title, boat.title]
    grouping = {each.id: f"s-{each.id}" for each in (*many, read)}
    told = make.make([understand(each) for each in (*many, read)], asked(), title="", zone="UTC", day=None, grouping=grouping)
    assert len(told.also) == LINES_KEPT
    assert hard.title not in lines(*(village(number) for number in range(40)))


def test_a_headline_that_fills_a_post_is_the_hardest_of_its_story():
    hard = article("h", STANDFIRST, title="An army, a parliament and a coup in Naxos", hours_ago=2)
    soft = article("s", STANDFIRST, title="A mayor, a bridge and a fair in Naxos", hours_ago=1)
    read = article("r", "A court fined 12 captains of Quarles on Monday.", title="Court fines 12 captains of Quarles")
    grouping = {"h": "s-naxos", "s": "s-naxos", "r": "s-quarles"}
    understood = [understand(each) for each in (hard, soft, read)]

    told = make.make(understood, asked(), title="", zone="UTC", day=None, grouping=grouping)

    assert [line.title for line in told.also] == [hard.title]


def test_a_soft_line_of_one_outlet_stands_behind_headlines_that_touch_public_affairs():
    one = article("h", STANDFIRST, title="First minister of Naxos enters Quarles", hours_ago=2)
    two = article("i", STANDFIRST, title="Court of Skarne opens a third hall", hours_ago=2)
    mayor = article("m", "The mayor of Orsk opened 40 graves on Monday.", title="Mayor of Orsk opens 40 graves")
    soft = article("s", "Ada Vell sailed her boat Orla from Selby to Tarn on Monday.", title="Vell sails Orla to Tarn")
    both = replace(soft, text=f"{soft.text} Selby and Tarn had sold 40 tickets for the race on Sunday, its harbour said.")

    def told(*articles: Article, order: Order = Order.WEIGHT, on_topic: bool = False) -> tuple[list[str], list[str]]:
        apart = {each.id: f"s-{each.id}" for each in articles}
        some = [understand(each) for each in articles]
        made = make.make(some, asked(), title="", zone="UTC", day=None, grouping=apart, order=order, on_topic=on_topic)
        return [story.title for story in made.stories], [line.title for line in made.also]

    hard = [one.title, two.title]
    assert told(one, two, mayor, soft) == ([mayor.title], [*hard, soft.title])
    assert told(one, mayor, soft)[0] == [mayor.title, soft.title], "one such headline is too few"
    assert told(one, two, soft) == ([soft.title], hard), "some story stays above"
    assert told(one, two, mayor, both) == ([mayor.title, soft.title], hard), "it has a bullet"
    assert told(one, two, mayor, soft, on_topic=True)[0] == [mayor.title, soft.title], "somebody asked for it"
    assert told(one, two, mayor, soft, order=Order.NEWEST)[0] == [mayor.title, soft.title]


def test_no_headline_that_teases_stands_while_reports_are_left_out_for_length():
    def fined(number: int) -> str:
        name = "".join(chr(97 + int(digit)) for digit in f"{number * 7919:07}")
        ships = " ".join(f"{name}{letter}ers" for letter in "abcdefghijklmnopqr")
        return f"{name.capitalize()}stad of Naxos has {name}ed {number + 20} {name}ines on Monday {ships}."

    told = [article(f"r{n}", " ".join(map(fined, range(4 * n, 4 * n + 4))), outlet=f"Post {n}") for n in range(8)]
    teases = article("t", STANDFIRST, title="Why Naxos raises its harbour fees again")
    grouping = {each.id: f"s-{each.id}" for each in (*told, teases)}
    articles = [understand(each) for each in (*told, teases)]

    found = make.make(articles, asked("naxos"), title="News", zone="UTC", day=None, grouping=grouping)

    assert len(found.stories) + len(found.also) < LINES_KEPT, "there would be room for a line"
    assert {each.kind for each in found.left_out} >= {"capped", "headline"}


def test_a_headline_of_what_is_over_by_its_summary_stands_nowhere():
    title = "Security alert halts flights at Orsk airport"
    halted = article("a", "What it meant. The alert, which has been lifted, hit 9 flights.", title=title)
    others = [article("b", "He left. She did not.", title="Quarles raises its harbour fees")]

    def lines(told: Article) -> list[str]:
        return [line.title for line in digest([told, *others]).also]

    assert lines(halted) == [others[0].title]
    assert title in lines(replace(halted, text=halted.text.replace("lifted", "loud")))
    whole = replace(halted, text=f"{title}, the police said on Monday. The alert, which has been lifted, hit 9 flights.")
    assert title not in [story.title for story in digest([whole]).stories]
    lifted = "Orsk airport lifts alert that halted flights"
    assert lifted in lines(replace(halted, title=lifted))


def test_who_asks_for_words_is_shown_headlines_that_tease_too_while_there_is_little_else():
    lines = [
        f"Why Naxos {verb} its harbour fees again" for verb in ("raises", "lowers", "doubles", "forgets", "waives", "counts")
    ]
    teased = [article(f"t{n}", STANDFIRST, title=title, hours_ago=2 + n) for n, title in enumerate(lines)]
    read = article("r", "Naxos fined 12 captains of its harbour on Monday.", title="Naxos fines 12 captains")
    grouping = {each.id: f"s-{each.id}" for each in (read, *teased)}

    def told(*words: str) -> Digest:
        articles = [understand(each) for each in (read, *teased)]
        return make.make(articles, asked(*words), title="News", zone="UTC", day=None, grouping=grouping)

    about = told("naxos")
    assert [line.title for line in about.also] == lines[: LINES_KEPT - 1]
    assert [(each.kind, each.count) for each in about.left_out if each.kind == "headline"] == [("headline", 1)]
    assert told().also == ()


def test_a_story_without_a_sentence_to_show_is_counted_by_its_headline():
    told = digest([article("a", "", title="Ferry at sea"), article("b", "He left.", title="Baker leaves"), article("c", BANK)])

    assert [story.articles for story in told.stories] == [("c",)]
    assert {(each.kind, each.count, frozenset(each.examples)) for each in told.left_out} >= {
        ("headline", 2, frozenset({"Ferry at sea", "Baker leaves"}))
    }


def test_an_example_of_what_was_left_out_is_shown_once():
    twice = f"{FERRY} {FERRY.split('. ')[0]}. Subscribe to our newsletter. Sign up for our newsletter."
    asked_for = [article(f"a{n}", twice) for n in range(3)]
    bakers = [article(f"m{n}", "He left.", title="Baker leaves") for n in range(3)]

    told = {each.kind: each for each in digest([*asked_for, *bakers]).left_out}

    assert told["furniture"].examples == ("Subscribe to our newsletter.", "Sign up for our newsletter.")
    assert (told["furniture"].count, len(told["repeated"].examples)) == (6, len(set(told["repeated"].examples)))
    assert told["headline"].examples == ("Baker leaves",)


def test_a_digest_of_nothing_but_such_stories_is_not_empty_and_shows_as_many_headlines_as_there_is_room_for():
    told = (
        "Why Orsk sold its trams; How bakers of Tarn count; What Kvist wants; Where wolves sleep; Who paid for Hemmer harbour; "
        "When glaciers sing; Why Velland sugar is blue; How a violin heals; What judges of Ostby read"
    )
    teased = [article(f"a{n}", "He left.", title=title) for n, title in enumerate(told.split("; "))]

    shown = digest(teased)

    assert (len(shown.stories), len(shown.also)) == (0, LINES_KEPT)
    assert [each.count for each in shown.left_out if each.kind == "headline"] == [9 - LINES_KEPT]
    assert digest([*teased, article("c", BANK)]).also == ()


@pytest.mark.parametrize("articles", [[], [article("a", "")], [article("a", "Yes.")], [article("a", " \n\n ", title=" ")]])
def test_where_there_is_nothing_to_say_the_digest_is_empty(articles: list[Article]) -> None:
    for length in Length:
        assert digest(articles, asked(length=length)).stories == ()


def test_at_full_length_a_sentence_that_leans_on_the_one_before_stands_with_it():
    text = "Judge Ada Vell rejected the appeal of Mirel Bank. She gave the bank 30 days to pay 12 million euros."
    own = article("a", text)

    assert shown(digest([own], asked(length=Length.FULL))) == [text.removesuffix(".")]
    assert shown(digest([own])) == ["Judge Ada Vell rejected the appeal of Mirel Bank"]


@pytest.mark.slow
def test_a_day_of_400_articles_is_one_small_post():
    articles = [understand(village(number)) for number in range(250)]
    articles += [understand(article(f"e{n}", FERRY, outlet=f"Paper {n}")) for n in range(150)]

    told = digest(articles)

    assert sum(len(text.split()) for text in shown(told)) <= 350
    assert told.stories[0].outlets == 150


# ---------------------------------------------------------------- the same in, the same out


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_in_which_articles_come_in_decides_nothing(order: random.Random) -> None:
    shuffled = list(READ)
    order.shuffle(shuffled)

    for length in Length:
        assert digest(shuffled, asked(length=length)) == digest(READ, asked(length=length))


READ = [
    understand(each)
    for each in (
        article("a", FERRY),
        article("b", FERRY),
        article("c", FERRY_TOO, hours_ago=None),
        article("d", BANK),
        article("e", BANK, url="https://news.example/d"),
        article("f", "", title="Nothing but a headline"),
        article("g", FERRY_TOO, comment=True),
        *(village(number) for number in range(6)),
    )
]

STRANGE = st.text(
    st.one_of(
        st.sampled_from(list(" .\n,?!\"'“”’()-–…:;0123456789aeiouTHE\0\u202e\u2029\ud800\u0130ßŉ東京。")), st.characters()
    ),
    max_size=300,
)
NEWSLIKE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "ORSK (AP) — ",
                "On Wednesday, ",
                "according to Reuters, ",
                "the court said on March 3",
                "The ferry Alma ran aground off Port Alba ",
                "which opened in 2019 ",
                ". ",
                "\n\n",
                "“We will not go,” she said. ",
                "in the last quarter of 99999 ",
                "12.5 million ",
                "It ",
                "also ",
                "...",
            ]
        ),
        STRANGE,
    ),
    max_size=25,
).map("".join)


@given(st.lists(st.tuples(NEWSLIKE, STRANGE, st.sampled_from([1.0, 30.0, None])), max_size=4), st.sampled_from(list(Length)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
def test_whatever_a_feed_writes_every_bullet_is_its_quote_and_every_quote_its_span(
    texts: list[tuple[str, str, float | None]], length: Length
) -> None:
    articles = [article(str(n), text, title=title, hours_ago=ago) for n, (text, title, ago) in enumerate(texts)]

    told = digest(articles, asked(length=length))

    for story in told.stories:
        assert story.title.strip()
        for bullet in (*([story.lead] if story.lead else []), *story.bullets):
            assert bullet.text == edited(bullet.citations[0].quote, bullet.edits) != ""
            for citation in bullet.citations:
                assert citation.quote == citation.article.text[citation.start : citation.end] != ""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("word " * 20_000, id="100 KB without a stop"),
        pytest.param("x" * 100_000, id="one word of 100 KB"),
        pytest.param(FERRY * 600, id="10,000 words"),
        pytest.param("." * 50_000, id="stops only"),
        pytest.param("\0".join(FERRY), id="NULs"),
        pytest.param("\u202e" + FERRY, id="right to left"),
        pytest.param("The \ud800ferry ran aground off Port Alba on Wednesday, officials said.", id="a lone surrogate"),
    ],
)
@pytest.mark.slow
def test_a_hostile_text_makes_a_digest_or_none_but_no_error(text: str) -> None:
    for length in Length:
        told = digest([article("a", text, title=text[:80])], asked(length=length))

        assert all(len(fact.split()) <= 40 for fact in shown(told)) or length is Length.FULL


_PRINTS_SCORES = """
from digests import composing, make, novelty
from digests.claims import understand
from tests.build import article, asked
from tests.digests.test_make import FERRY, FERRY_TOO, SAME
told = [understand(article(name, text)) for name, text in (("a", FERRY), ("b", FERRY_TOO), ("c", SAME))]
story = make.Story("s", tuple(told))
print([(each.claim.article.id, each.claim.order, repr(each.score)) for each in composing.ranked_claims(story, asked())])
print([repr(novelty.History([FERRY])._weight(set(FERRY_TOO.split())))])
"""


@pytest.mark.slow
def test_another_process_makes_the_same_of_the_same():
    """Sets stand in another order in every process; no sum of fractions may hang on it."""

    def scores(seed: int) -> str:
        environ = {**os.environ, "PYTHONHASHSEED": str(seed)}
        return subprocess.run(
            [sys.executable, "-c", _PRINTS_SCORES], env=environ, capture_output=True, text=True, check=True
        ).stdout

    assert len({scores(seed) for seed in range(4)}) == 1
