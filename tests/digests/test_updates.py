from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from digests import make, updates
from digests.claims import understand
from digests.model import Article, Digest, EventDate, Query, Term, Understood, Was, Window
from digests.reporting import is_report
from digests.updates import Told
from tests.build import article, digest

FRIDAY = EventDate.of_report(date(2024, 10, 11))


def told(text: str, story: str = "s-1") -> Told:
    return Told(story, text, FRIDAY)


def report(name: str, text: str) -> Understood:
    return understand(Article(name, "The Harbour Post", "", text, published_day=date(2024, 10, 12)))


@pytest.mark.parametrize(
    ("before", "now", "was"),
    [
        (
            "2.2 million customers are without power in Florida",
            "1.4 million customers are still without power in Florida",
            "2.2 million",
        ),
        ("The quake killed 24 people in the valley", "The quake killed 31 people in the valley", "24"),
        ("Damage is put at $50 billion by insurers", "Damage is put at $65 billion by insurers", "$50 billion"),
        ("Turnout reached 41% of voters by noon", "Turnout reached 52% of voters by noon", "41%"),
        ("Some 40k homes in Velland have no power", "Some 90k homes in Velland have no power", "40k"),
        ("The quake killed five people in the valley", "The quake killed seven people in the valley", "five"),
        ("The quake killed five people in the valley", "The quake killed 5 people in the valley", None),
        ("The quake killed 24 people in the valley", "The quake killed 24 people in the valley", None),
        ("The quake killed 24 people in the valley", "The flood drove 31 people from the coast", None),
        ("The quake killed 24 people in the valley", "The quake left 31 houses in the valley in ruins", None),
        ("The court meets on 11 October in Bonn", "The court meets on 18 October in Bonn", None),
        ("The bridge was built in 1987 by the state", "The bridge was built in 1989 by the state", None),
        ("The quake killed 24 people and hurt 90 children", "The quake killed 31 people and hurt 120 children", None),
        ("The quake killed 1,200 people in the valley", "The quake killed 1200 people in the valley", None),
    ],
    ids=[
        "scale",
        "toll",
        "money",
        "share",
        "short",
        "words",
        "words and digits",
        "same",
        "other event",
        "other thing",
        "day",
        "year",
        "two changes",
        "spelling",
    ],
)
def test_a_changed_number_says_what_it_was_only_when_that_is_sure(before: str, now: str, was: str | None) -> None:
    assert updates.was(now, [told(before)]) == (Was(was, FRIDAY) if was else None)


def test_the_number_told_last_is_what_it_was() -> None:
    history = [told("The quake killed 24 people in the valley"), told("The quake killed 31 people in the valley")]

    found = updates.was("The quake killed 40 people in the valley", history)

    assert found is not None
    assert found.text == "31"


def test_an_article_keeps_only_what_its_story_was_not_told_with() -> None:
    old = "The ferry sank off the coast near Selby on Friday night."
    new = "Prosecutors opened an inquiry into the owner of the company."
    known, unknown, other = report("a", f"{old} {new}"), report("b", old), report("c", old)

    found = updates.unsaid([known, unknown, other], {"a": "s-1", "b": "s-1", "c": "s-2"}, [told(old.rstrip("."))])

    assert [(each.article.id, [claim.citation.quote for claim in each.claims]) for each in found] == [
        ("a", [new]),
        ("c", [old]),
    ]


def test_a_story_that_rests_does_not_come_back() -> None:
    new = report("a", "Prosecutors opened an inquiry into the owner of the company.")

    assert updates.unsaid([new], {"a": "s-1"}, [told("The ferry sank near Selby")], {"s-1"}) == []


def test_a_summary_that_cannot_be_shown_brings_back_no_headline_that_was_told():
    title = "Ferry Aurora sinks off Skagen"
    summary = "The captain was charged with manslaughter on Tuesday."  # of which ship? it goes on from its headline
    article = understand(Article("a", "The Harbour Post", title, summary, published_day=date(2024, 10, 12)))
    fresh = understand(
        Article("b", "The Harbour Post", "Captain of the Aurora is charged", summary, published_day=date(2024, 10, 12))
    )

    found = updates.unsaid([article, fresh], {"a": "s-1", "b": "s-1"}, [told(title)])

    assert [each.article.id for each in found] == ["b"]


def test_a_guide_whose_headline_was_told_does_not_come_back_with_its_sentences():
    guide = report("a", " ".join(f"Jar {number} holds {number + 2} ferns and a litre of water." for number in range(12)))
    named = replace(guide, article=replace(guide.article, title="How to keep ferns in jars"))

    assert updates.unsaid([named], {"a": "s-1"}, [told("How to keep ferns in jars")]) == []
    assert updates.unsaid([named], {"a": "s-1"}, [told("The ferry sank near Selby")]) == [named]


def test_a_report_stays_one_when_its_first_sentences_were_told():
    begins = ["The ferry Alma ran aground off Selby on Friday.", "The coast guard took 140 people off the ship."]
    goes_on = [f"Cabin {number} of the ship is {number + 2} metres long and has a window." for number in range(12)]
    whole = report("a", " ".join([*begins, *goes_on]))
    rest = replace(whole, claims=whole.claims[2:], report=None)
    assert is_report(whole)
    assert not is_report(rest), "what is left would not show it"

    (left,) = updates.unsaid([whole], {"a": "s-1"}, [told(each.rstrip(".")) for each in begins])

    assert [claim.citation.quote for claim in left.claims] == goes_on
    assert is_report(left)


def test_a_line_that_says_what_its_story_was_told_with_is_counted_and_one_that_goes_on_stands():
    def line(title: str) -> Digest:
        found = digest([article("a", "Few captains are amused.", title=title)], one_story=True)
        return updates.marked(found, [told("The ferry Alma ran aground off Selby", "s-one")])

    again, on = line("Ferry Alma runs aground off Selby"), line("Ferry Alma is towed to Selby after nine days on the reef")

    assert ([each.title for each in again.also], [(each.kind, each.count) for each in again.left_out]) == (
        [],
        [("repeated", 1)],
    )
    assert [each.title for each in on.also] == ["Ferry Alma is towed to Selby after nine days on the reef"]


def test_only_what_shares_a_word_or_three_names_with_what_is_shown_is_an_earlier_fact_and_without_one_the_story_is_new() -> (
    None
):
    shown = digest([article("a", "The ferry Alma ran aground off Selby with 140 passengers on board.")], one_story=True)
    ferry, strike = told("The ferry Alma left Skarne with a list", "s-one"), told("Dockworkers shut down 31 cranes", "s-one")

    def first(*before: Told) -> tuple[str, int]:
        story = updates.marked(shown, before).stories[0]
        return story.status, story.earlier

    assert first(ferry, strike) == ("update", 1)
    assert first(strike) == ("new", 0)
    assert first(told("Dockworkers of Selby shut down 31 cranes", "s-one")) == ("new", 0), "they share but a town"
    assert first(told("A reef off Selby holds the Alma", "s-one")) == ("update", 1)
    of_one = [replace(each, article="old") for each in (ferry, strike)]
    assert first(*of_one) == ("update", 2), "the same article told both"


def test_an_article_whose_words_were_all_told_is_news_where_its_headline_turns_them() -> None:
    before = "A court in Orsk fined the captain Roe 41 crowns over the ferry that ran aground"
    text = "A court in Orsk fined the captain Roe 41 crowns over the ferry that ran aground, an appeal found."

    def found(headline: str) -> list[Understood]:
        lost = report("a", text)
        lost = replace(lost, article=replace(lost.article, title=headline))
        return updates.unsaid([lost], {"a": "s-1"}, [told(before)])

    [news] = found("Appeal over captain Roe and the ferry in Orsk dismissed")
    assert [claim.text for claim in news.claims] == [text.rstrip(".")]
    assert found("Captain Roe fined over the ferry in Orsk") == []


def test_an_update_is_named_by_a_headline_that_says_something_new_where_one_does() -> None:
    before = "Halmer in talks to buy Ostrel Freight"
    near = report(
        "a",
        "Halmer is near a deal to buy Ostrel Freight for 41m crowns. A court in Orsk fined two dockers 9 crowns on Friday.",
    )
    denied = report("b", "Ostrel Freight denies that Halmer is to buy it. Drivers of Ostrel met in Orsk.")
    near = replace(near, article=replace(near.article, title="Halmer near a deal to buy Ostrel Freight", outlet="Coast News"))
    denied = replace(denied, article=replace(denied.article, title="Ostrel denies that Halmer is to buy it"))
    grouping = {"a": "s-1", "b": "s-1"}

    news = updates.unsaid([near, denied], grouping, [told(before)])

    assert [each.headline_told for each in news] == [True, False]
    wanted = Query(Window(None, datetime(2024, 10, 13, tzinfo=UTC)))
    first, fresh = (
        make.make(some, wanted, title="News", zone="UTC", day=None, grouping=grouping).stories[0].title
        for some in ([near, denied], news)
    )
    assert (first, fresh) == (near.article.title, denied.article.title)


def test_a_short_headline_that_denies_what_was_told_is_new() -> None:
    before = "Ostrel Freight is for sale, said Halmer"
    news = report("a", "Drivers of the firm met in Orsk on Friday and asked for 41 crowns more an hour.")

    def found(headline: str) -> bool:
        named = replace(news, article=replace(news.article, title=headline))
        return updates.unsaid([named], {"a": "s-1"}, [told(before)])[0].headline_told

    assert not found("Ostrel Freight denies sale")
    assert found("Ostrel Freight for sale")


def test_two_names_in_common_are_no_earlier_fact_and_three_are() -> None:
    shown = digest([article("a", "Roe and Pell opened the pier of Selby with 140 guests.")], one_story=True)

    def status(before: str) -> str:
        return updates.marked(shown, [told(before, "s-one")]).stories[0].status

    assert status("Selby buys nine new trams from Skarne, said Pell") == "new"
    assert status("Selby buys nine new trams from Skarne, said Pell and Roe") == "update"


def test_a_country_that_opens_two_headlines_and_a_year_make_no_update() -> None:
    shown = digest(
        [article("a", "Few captains are amused.", title="Naxos opens 3 piers in 2026 after a storm")], one_story=True
    )

    assert updates.marked(shown, [told("Naxos elects its captains in 2026", "s-one")]).also[0].status == "new"


def test_a_line_that_goes_on_with_what_was_told_is_an_update_too() -> None:
    shown = digest(
        [article("a", "Few captains are amused.", title="Ferry Alma is towed to Selby after nine days")], one_story=True
    )

    def statuses(before: str) -> list[str]:
        return [each.status for each in updates.marked(shown, [told(before, "s-one")]).also]

    assert statuses("The ferry Alma ran aground on the reef") == ["update"]
    assert statuses("Dockworkers shut down 31 cranes") == ["new"]


def test_a_headline_of_several_outlets_that_says_what_its_story_was_told_with_is_counted() -> None:
    papers = [
        article(f"n{at}", said, title="Naxos raises its harbour fees again", outlet=f"Outlet {at}")
        for at, said in enumerate(("Few captains are amused.", "They were told in spring.", "What captains pay, and why."))
    ]
    shown = digest(papers, one_story=True)
    assert [story.bare for story in shown.stories] == [True]

    after = updates.marked(shown, [told("Naxos raises harbour fees again", "s-one")])

    assert after.stories == ()
    assert ("repeated", 1) in [(each.kind, each.count) for each in after.left_out]


def test_an_update_shows_its_best_facts_in_the_order_of_their_days():
    text = (
        "A storm cut the power of 240,000 homes in Velland. Ferries to the Skarne islands stopped for two days. "
        "Crews of Vellnett mended 31 masts in Orsk. The county of Tarn closed 12 schools until the spring."
    )
    story = digest([article("a", text)]).stories[0]
    bullets = tuple(replace(story.bullets[0], why=(Term(f"{worth}", worth, 1.0),)) for worth in (1.0, 3.0, 2.0))
    shown = replace(digest([article("a", text)]), stories=(replace(story, bullets=bullets),))

    after = updates.marked(shown, [Told(story.id, "Velland braces for a storm", FRIDAY)]).stories[0]

    assert [each.why[0].value for each in after.bullets] == [3.0, 2.0]
