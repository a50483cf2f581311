"""What a reader's wishes do to a digest: what is followed comes first, what is muted is counted and not shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digests import make
from digests.claims import understand
from digests.model import Also, Article, Bullet, Citation, Digest, EventDate, Length, Order, StoryDigest, Understood
from digests.wishes import NOTHING, Marks, Report, Theme, Wishes, reports_of
from tests.build import NOBODY, TODAY, article, asked, shown

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
COUNCIL = (
    "The council of Brackley approved a tram line of nine kilometres to the harbour. "
    "A ferry to the harbour stops in spring, the council of Brackley said."
)


def report(name: str, text: str, source: str, title: str = "", story: str = "") -> tuple[Understood, str]:
    return understand(replace(article(name, text, title=title), source_id=source)), story or f"s-{name}"


REPORTS = (
    report("ferry", FERRY, "times", "Ferry Alma aground off Port Alba", "s-ferry"),
    report("ferry-too", FERRY_TOO, "coast", "All 140 passengers of the Alma safe", "s-ferry"),
    report("bank", BANK, "times", "Mirel Bank fined 12 million euros in Orsk", "s-bank"),
    report("council", COUNCIL, "harbour", "Brackley approves a tram line to the harbour", "s-council"),
)


def digest(
    wishes: Wishes, *reports: tuple[Understood, str], length: Length = Length.NORMAL, order: Order = Order.WEIGHT
) -> Digest:
    told = reports or REPORTS
    return make.make(
        [each for each, _ in told],
        asked(length=length),
        title="News",
        zone="UTC",
        day=TODAY,
        grouping={each.article.id: story for each, story in told},
        wishes=wishes,
        order=order,
    )


def stories(told: Digest) -> list[str]:
    return [*(each.id for each in told.stories), *(each.id for each in told.also)]


def muted(told: Digest) -> list[tuple[int, tuple[str, ...], list[str]]]:
    return [(one.count, one.examples, [each.id for each in one.stories]) for one in told.left_out if one.kind == "muted"]


def mute(**marks: object) -> Wishes:
    return Wishes(muted=Marks(**marks))  # type: ignore[arg-type]


def follow(**marks: object) -> Wishes:
    return Wishes(followed=Marks(**marks))  # type: ignore[arg-type]


def words(*them: str) -> tuple[Theme, ...]:
    return (Theme(" ".join(them), them),)


# ---------------------------------------------------------------- muted


def test_without_wishes_nothing_changes() -> None:
    plain = digest(NOTHING)

    assert set(stories(plain)) == {"s-ferry", "s-bank", "s-council"}
    assert muted(plain) == []
    assert "followed" not in [term.term for story in plain.stories for term in story.why]


def test_a_muted_story_is_counted_and_not_shown() -> None:
    told = digest(mute(stories=frozenset({"s-bank"})))

    assert set(stories(told)) == {"s-ferry", "s-council"}
    assert muted(told) == [(1, ("Mirel Bank fined 12 million euros in Orsk",), ["s-bank"])]
    assert not any("Mirel" in line for line in shown(told))


def test_a_story_that_muted_sources_alone_tell_is_not_shown() -> None:
    told = digest(mute(sources=frozenset({"times"})))

    assert set(stories(told)) == {"s-ferry", "s-council"}
    assert muted(told) == [(1, ("Mirel Bank fined 12 million euros in Orsk",), ["s-bank"])]


def test_a_story_that_others_tell_too_is_shown_without_the_muted_source() -> None:
    told = digest(mute(sources=frozenset({"times"})), *REPORTS[:2], length=Length.FULL)

    (ferry,) = told.stories
    assert (ferry.articles, ferry.outlets, ferry.origins) == (("ferry-too",), 1, ("Outlet ferry-too",))
    assert muted(told) == []
    cited = {citation.article.id for bullet in ferry.bullets for citation in bullet.citations}
    assert cited == {"ferry-too"}
    assert len(digest(NOTHING, *REPORTS[:2], length=Length.FULL).stories[0].articles) == 2


def test_when_every_source_of_it_is_muted_a_story_of_several_is_not_shown() -> None:
    told = digest(mute(sources=frozenset({"times", "coast"})), *REPORTS[:2])

    assert stories(told) == []
    assert [ids for _, _, ids in muted(told)] == [["s-ferry"]]


def test_muted_words_hide_what_is_about_them_and_not_what_mentions_them() -> None:
    told = digest(mute(themes=words("ferry")))

    assert set(stories(told)) == {"s-bank", "s-council"}, "the council's ferry is no lead"
    assert [ids for _, _, ids in muted(told)] == [["s-ferry"]]


def test_muted_words_must_all_be_told() -> None:
    assert "s-bank" not in stories(digest(mute(themes=words("mirel bank", "orsk"))))
    assert "s-bank" in stories(digest(mute(themes=words("mirel bank", "brackley"))))
    assert "s-bank" in stories(digest(mute(themes=words("bank mirel"))))


@pytest.mark.parametrize(("others", "hidden"), [(0, True), (1, True), (2, False)])
def test_one_outlets_angle_hides_no_story_that_most_tell_otherwise(others: int, hidden: bool) -> None:
    angle = report("angle", f"A whale ran ahead of it. {FERRY}", "times", "Whale seen as the Alma runs aground", "s-ferry")
    rest = [report(f"o{number}", FERRY, f"o{number}", "Ferry Alma aground", "s-ferry") for number in range(others)]

    told = digest(mute(themes=words("whale")), angle, *rest)

    assert (stories(told) == []) is hidden


def test_a_muted_topic_holds_what_its_sources_bring() -> None:
    told = digest(mute(themes=(Theme("harbours", ("no such word",), frozenset({"harbour"})),)))

    assert "s-council" not in stories(told)
    assert [ids for _, _, ids in muted(told)] == [["s-council"]]


def test_what_is_muted_leaves_no_other_trace_in_the_digest() -> None:
    column = understand(replace(article("column", BANK, title="Why we bank", comment=True), source_id="times")), "s-bank"
    doubled = report("doubled", f"{COUNCIL} {COUNCIL}", "harbour", "Brackley approves a tram line")
    repeated = [one.count for one in digest(NOTHING, doubled).left_out if one.kind == "repeated"]

    told = digest(mute(sources=frozenset({"harbour"})), doubled, column)

    assert repeated
    assert [one.kind for one in told.left_out] == ["muted", "comment"]


def test_a_muted_story_without_a_headline_is_named_by_its_lead() -> None:
    told = digest(mute(stories=frozenset({"s-x"})), report("x", BANK, "times", "", "s-x"))

    assert muted(told) == [(1, (BANK.partition(". ")[0],), ["s-x"])]


# ---------------------------------------------------------------- followed


@pytest.mark.parametrize(
    "wishes",
    [
        follow(stories=frozenset({"s-council"})),
        follow(sources=frozenset({"harbour"})),
        follow(themes=words("tram", "harbour")),
        follow(themes=(Theme("harbours", (), frozenset({"harbour"})),)),
    ],
    ids=["story", "source", "words", "topic"],
)
def test_what_is_followed_comes_first_and_says_why(wishes: Wishes) -> None:
    assert stories(digest(NOTHING))[0] == "s-ferry"

    told = digest(wishes)

    assert told.stories[0].id == "s-council"
    (term,) = [term for term in told.stories[0].why if term.term == "followed"]
    assert term.value * term.weight > 0
    assert not [term for story in told.stories[1:] for term in story.why if term.term == "followed"]


def test_a_source_is_followed_into_a_story_that_others_tell_too() -> None:
    (ferry,) = digest(follow(sources=frozenset({"coast"})), *REPORTS[:2]).stories

    assert "followed" in [term.term for term in ferry.why]
    assert set(ferry.articles) == {"ferry", "ferry-too"}


def test_who_follows_a_story_sees_all_of_it_whatever_is_muted() -> None:
    wishes = Wishes(Marks(stories=frozenset({"s-ferry"})), Marks(sources=frozenset({"times", "coast"}), themes=words("ferry")))

    told = digest(wishes)

    (ferry,) = [each for each in told.stories if each.id == "s-ferry"]
    assert set(ferry.articles) == {"ferry", "ferry-too"}
    assert "s-bank" not in stories(told)
    assert not wishes.hiding("s-ferry", [Report("times", ("Ferry aground",))])
    assert wishes.hiding("s-bank", [Report("times", ("Bank fined",))])


def test_what_is_both_followed_by_theme_and_muted_is_not_shown() -> None:
    wishes = Wishes(Marks(themes=words("mirel")), Marks(sources=frozenset({"times"})))

    assert "s-bank" not in stories(digest(wishes))


def test_newest_first_what_is_followed_still_comes_before_the_rest() -> None:
    reports = [
        (understand(article(name, text, hours_ago=hours)), f"s-{name}")
        for name, text, hours in (("ferry", FERRY, 9), ("bank", BANK, 2), ("council", COUNCIL, 5))
    ]

    assert stories(digest(NOTHING, *reports, order=Order.NEWEST)) == ["s-bank", "s-council", "s-ferry"]
    followed = follow(stories=frozenset({"s-ferry"}))
    assert stories(digest(followed, *reports, order=Order.NEWEST)) == ["s-ferry", "s-bank", "s-council"]


# ---------------------------------------------------------------- why


def test_the_marks_that_decided_are_told() -> None:
    ferry, mirel = words("ferry"), words("mirel")
    wishes = Wishes(
        Marks(sources=frozenset({"times", "coast"}), themes=(*ferry, *mirel)), Marks(frozenset({"s-x"}), themes=ferry)
    )
    reports = [Report("times", ("Ferry aground",)), Report("wire", ("Alma aground",))]

    assert wishes.following("s-ferry", reports) == Marks(sources=frozenset({"times"}), themes=ferry)
    assert wishes.hiding("s-ferry", reports) == Marks(themes=ferry)
    assert wishes.hiding("s-x", [Report("wire", ("Bank fined",))]) == Marks(frozenset({"s-x"}))
    assert not wishes.hiding("s-y", [Report("wire", ("Bank fined",))])


def test_a_story_of_a_posted_digest_is_looked_at_by_what_it_cites() -> None:
    own = Article("a", "Times", "Ferry aground", "The ferry sank. Nobody was hurt.", source_id="times")
    other = Article("b", "Wire", "", "Nobody was hurt.", source_id="wire")
    day = EventDate.of_report(None)
    lead = Bullet("The ferry sank", day, NOBODY, (Citation(own, 0, 15),))
    bullet = Bullet("Nobody was hurt", day, NOBODY, (Citation(other, 0, 16), Citation(own, 16, 32)))
    story = StoryDigest("s-1", "Ferry aground", None, (bullet,), lead)
    line = Also("s-2", "Bank fined", None, day, (Citation(other, 0, 16),))

    assert reports_of(story) == [
        Report("times", ("Ferry aground", "Ferry aground", "The ferry sank.")),
        Report("wire", ("Ferry aground", "", "Nobody was hurt.")),
    ]
    assert reports_of(line) == [Report("wire", ("Bank fined", "", "Nobody was hurt."))]


def test_a_theme_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="neither words nor sources"):
        Theme("empty")
