"""What was posted, for one who missed it: each story once, its newest line, its latest numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from digests import corrections
from digests.catchup import CatchUp, catch_up
from digests.claims import understand
from digests.corrections import Posted
from digests.model import Also, Article, Bullet, Citation, Correction, Digest, EventDate, StoryDigest, Was, Window
from digests.wishes import Marks, Theme, Wishes
from tests.build import NOBODY

FIRST = date(2026, 3, 2)


def article(text: str, day: int, *, source: str = "wire", title: str = "") -> Article:
    return Article(
        f"{day} {text}",
        "Wire",
        title,
        text,
        f"https://wire.example/{day}",
        published_day=FIRST + timedelta(day),
        source_id=source,
    )


def bullet(text: str, day: int, *, was: Was | None = None, source: str = "wire") -> Bullet:
    told = article(text, day, source=source)
    return Bullet(text, EventDate.of_report(told.published_day), NOBODY, (Citation(told, 0, len(text)),), was=was)


def story(name: str, line: str, *facts: str, day: int = 0, update: bool = False, source: str = "wire") -> StoryDigest:
    """A story whose line is a headline above its facts."""
    bullets = tuple(bullet(text, day, source=source) for text in facts or (f"{line} indeed",))
    cited = bullets[0].citations[0]
    articles = tuple(each.citations[0].article.id for each in bullets)
    status = "update" if update else "new"
    return StoryDigest(name, line, cited.article.url, bullets, cited=cited, status=status, articles=articles)


def also(name: str, line: str, day: int = 0) -> Also:
    told = article(line, day)
    return Also(name, line, told.url, EventDate.of_report(told.published_day), (Citation(told, 0, len(line)),))


def digest(day: int, *stories: StoryDigest, lines: tuple[Also, ...] = (), says: tuple[Correction, ...] = ()) -> Digest:
    end = datetime(2026, 3, 2, 8, tzinfo=UTC) + timedelta(day)
    window = Window(end - timedelta(1), end)
    return Digest("News", "UTC", window, FIRST + timedelta(day), stories, lines, says, number=day + 1)


def lines(found: CatchUp) -> list[tuple[str, str]]:
    return [(each.line.id, each.line.title) for each in found.stories]


def facts(found: CatchUp) -> list[str]:
    [one] = found.stories
    return [f"{each.text} (was {each.was.text})" if each.was else each.text for each in one.facts]


def test_nothing_posted_is_nothing_to_catch_up_with() -> None:
    assert catch_up([]) == CatchUp()
    assert catch_up([digest(0)]) == CatchUp()


def test_a_story_that_came_up_four_times_in_ten_digests_is_one_line() -> None:
    homes = {2: "2.2 million", 4: "1.4 million", 5: "900,000", 8: "31,000"}
    storm_of = {
        day: story("s-storm", f"Storm, day {day}", f"{left} homes are without power in Florida", day=day, update=day > 2)
        for day, left in homes.items()
    }
    others = [story(f"s-{day}", f"Something on day {day}", day=day) for day in range(10)]
    posted = [digest(day, *([storm_of[day]] if day in homes else []), others[day]) for day in range(10)]

    found = catch_up(posted)

    (storm,) = [each for each in found.stories if each.line.id == "s-storm"]
    assert len(found.stories) == 11
    assert (storm.line.title, storm.line.url) == ("Storm, day 8", "https://wire.example/8")
    assert storm.line.date.value == "2026-03-10"
    assert storm.numbers == (3, 5, 6, 9)
    assert [(each.text, each.was and each.was.text) for each in storm.facts] == [
        ("31,000 homes are without power in Florida", "2.2 million")
    ]
    assert not storm.update


def test_what_a_number_was_before_all_of_the_digests_is_what_the_reader_knows() -> None:
    was = Was("3 million", EventDate.of_report(FIRST))
    first = story("s-1", "Storm", day=1, update=True)
    first = replace(first, bullets=(bullet("2.2 million homes are without power in Florida", 1, was=was),))
    second = story("s-1", "Storm again", "1.4 million homes are still without power in Florida", day=2, update=True)

    found = catch_up([digest(1, first), digest(2, second)])

    assert facts(found) == ["1.4 million homes are still without power in Florida (was 3 million)"]
    assert found.stories[0].update


def test_facts_that_say_other_things_all_stand_newest_first() -> None:
    found = catch_up(
        [
            digest(0, story("s-1", "Quake", "The quake killed 24 people in the valley", "The army sent 200 tents")),
            digest(1, story("s-1", "Quake", "A school opened as a shelter", "The quake killed 31 people in the valley", day=1)),
        ]
    )

    assert facts(found) == [
        "A school opened as a shelter",
        "The quake killed 31 people in the valley (was 24)",
        "The army sent 200 tents",
    ]


def test_under_a_line_stands_no_fact_that_says_the_same_in_more_words() -> None:
    line = "Parliament to vote on dam safety bill on March 26"
    same = "Parliament will vote on March 26 on a bill for dam safety that makes owners liable for 50 years"
    other = "An independent office with 45 staff is to open in Asterby"

    [told] = catch_up([digest(0, story("s-1", line, same, other)), digest(1, story("s-1", line, same, day=1))]).stories
    [alone] = catch_up([digest(0, story("s-1", line, same))]).stories

    assert told.fact is not None
    assert told.fact.text == other
    assert alone.fact is None


def test_under_a_line_stands_what_its_number_was_and_a_number_that_it_does_not_have() -> None:
    line, other = "Quake kills 31 people in the valley", "The quake killed 24 people in the valley"
    was = Was("24", EventDate.of_report(FIRST))
    risen = replace(story("s-1", line), bullets=(bullet("The quake killed 31 people in the valley", 0, was=was),))

    [changed] = catch_up([digest(0, risen)]).stories
    [disagreeing] = catch_up([digest(0, story("s-1", line, other))]).stories

    assert changed.fact is not None
    assert changed.fact.was == was
    assert disagreeing.fact is not None
    assert disagreeing.fact.text == other


def test_a_fact_that_was_posted_twice_is_told_once_with_its_newest_source() -> None:
    found = catch_up(
        [
            digest(0, story("s-1", "Quake", "The army sent 200 tents")),
            digest(1, story("s-1", "Quake", "The army sent 200 tents", day=1)),
        ]
    )

    assert facts(found) == ["The army sent 200 tents"]
    assert found.stories[0].facts[0].citations[0].article.url == "https://wire.example/1"


def test_a_fact_that_was_posted_twice_keeps_what_its_number_was() -> None:
    again = replace(bullet("31 people died", 1), was=Was("24", EventDate.of_report(FIRST)))
    posted = [
        digest(0, story("s-1", "Quake", "31 people died")),
        digest(1, replace(story("s-1", "Quake", day=1), bullets=(again,))),
    ]

    assert facts(catch_up(posted)) == ["31 people died (was 24)"]


def test_a_one_liner_is_a_line_and_the_newest_of_a_story_counts_whatever_it_is() -> None:
    found = catch_up(
        [
            digest(0, story("s-1", "Ferry aground", "The ferry ran aground"), lines=(also("s-2", "Bank fined"),)),
            digest(1, story("s-2", "Bank appeals", "The bank appealed", day=1), lines=(also("s-1", "Ferry afloat", 1),)),
        ]
    )

    assert lines(found) == [("s-2", "Bank appeals"), ("s-1", "Ferry afloat")]
    assert [[each.text for each in one.facts] for one in found.stories] == [["The bank appealed"], ["The ferry ran aground"]]


def test_the_line_of_a_lead_is_dated_and_cited_as_the_lead_is() -> None:
    lead = replace(bullet("The ferry sank", 1), date=EventDate.of_report(FIRST))
    told = replace(story("s-1", "The ferry sank", "Divers found it", day=1), lead=lead)

    [one] = catch_up([digest(1, told)]).stories

    assert (one.line.date, one.line.citations) == (lead.date, lead.citations)
    assert [each.text for each in one.facts] == ["The ferry sank", "Divers found it"]


def test_what_was_told_last_comes_first_and_in_one_digest_its_own_order_holds() -> None:
    posted = [
        digest(0, story("s-1", "One"), story("s-2", "Two"), story("s-3", "Three")),
        digest(1, story("s-4", "Four", day=1), story("s-2", "Two again", day=1), lines=(also("s-5", "Five", 1),)),
    ]

    assert [name for name, _ in lines(catch_up(posted))] == ["s-4", "s-2", "s-5", "s-1", "s-3"]


def test_stories_that_became_one_are_one_line() -> None:
    posted = [
        digest(0, story("s-a", "Quake", "The quake killed 24 people in the valley")),
        digest(1, story("s-b", "Aftershock", "The quake killed 31 people in the valley", day=1)),
        digest(2, story("s-c", "Floods", day=2)),
    ]

    found = catch_up(posted, now={"s-a": "s-b", "s-b": "s-b"})

    assert lines(found) == [("s-c", "Floods"), ("s-b", "Aftershock")]
    assert found.stories[1].numbers == (1, 2)
    assert [each.text for each in found.stories[1].facts] == ["The quake killed 31 people in the valley"]


def test_two_stories_of_one_digest_that_became_one_have_the_line_of_the_first() -> None:
    found = catch_up(
        [digest(0, story("s-a", "Quake", "The army sent 200 tents"), story("s-b", "Aftershock", "A school opened"))],
        now={"s-b": "s-a"},
    )

    assert lines(found) == [("s-a", "Quake")]
    assert facts(found) == ["The army sent 200 tents", "A school opened"]
    assert found.stories[0].numbers == (1,)


# ---------------------------------------------------------------- corrections

TOLL = "The quake killed 24 people in the valley of Orsk"


def corrected(now: str, *further: str) -> tuple[Digest, Correction]:
    """A digest that told of 24 dead as it reads after its source says something else now, and what the next one says of it."""
    old = Article("a", "Wire", "", f"{TOLL}. The army sent 200 tents.", "https://wire.example/a", published_day=FIRST)
    cited = Citation(old, 0, len(TOLL))
    fact = Bullet(TOLL, EventDate.of_report(FIRST), NOBODY, (cited,))
    told = StoryDigest("s-1", "Quake in Orsk", old.url, (fact,), cited=cited, articles=("a",))
    posted = Posted("s-1", TOLL, cited, fact.date)
    found = corrections.compare(posted, understand(replace(old, text=now)), FIRST)
    assert found is not None
    made = corrections.correction(posted, found, "Quake in Orsk", FIRST)
    return corrections.amended(digest(0, told), posted, found, made), made


def test_a_correction_takes_the_place_of_what_it_corrects_and_is_told_no_second_time() -> None:
    first, made = corrected("The quake killed 17 people in the valley of Orsk. The army sent 200 tents.")

    found = catch_up([first, digest(1, says=(made,))])

    assert facts(found) == ["The quake killed 17 people in the valley of Orsk"]
    assert found.corrections == ()


def test_what_was_withdrawn_is_no_fact() -> None:
    first, made = corrected(
        f"Retraction: This article has been retracted. An earlier version said that {TOLL[0].lower()}{TOLL[1:]}. It did not."
    )
    assert made.now is None

    found = catch_up([first, digest(1, says=(made,))])

    assert facts(found) == []
    assert lines(found) == [("s-1", "Quake in Orsk")]


def test_a_withdrawn_line_carries_its_mark() -> None:
    mark = Correction("s-1", "Ferry sank", None, (), day=FIRST)
    headline = story("s-1", "Ferry sank", "Divers found it")
    lead = replace(headline, lead=replace(bullet("Ferry sank", 0), corrections=(mark,)))

    for told in (replace(headline, corrections=(mark,)), lead):
        [one] = catch_up([digest(0, told), digest(1, says=(mark,))]).stories
        assert one.line.corrections == (mark,)
        assert [each.text for each in one.facts] == ["Divers found it"]


def test_what_is_corrected_of_earlier_digests_is_told() -> None:
    earlier = Correction("s-old", "24 dead", "17 dead", (), day=FIRST - timedelta(5))
    same_day = Correction("s-2", "24 dead", "17 dead", (), day=FIRST)

    found = catch_up([digest(0, story("s-1", "Ferry")), digest(1, says=(earlier, same_day))])

    assert found.corrections == (earlier, same_day)


# ---------------------------------------------------------------- wishes


def test_what_the_reader_follows_comes_first_and_what_he_mutes_is_named_alone() -> None:
    posted = [
        digest(0, story("s-ferry", "Ferry aground"), story("s-bank", "Bank fined", source="coast")),
        digest(1, story("s-tram", "Tram line approved", day=1), lines=(also("s-rain", "Rain in Orsk", 1),)),
    ]
    wishes = Wishes(Marks(sources=frozenset({"coast"})), Marks(frozenset({"s-rain"}), themes=(Theme("ferries", ("ferry",)),)))

    found = catch_up(posted, wishes=wishes)

    assert [name for name, _ in lines(found)] == ["s-bank", "s-tram"]
    assert [(each.id, each.title) for each in found.muted] == [("s-ferry", "Ferry aground"), ("s-rain", "Rain in Orsk")]


def test_a_muted_story_stays_muted_when_it_joined_another() -> None:
    wishes = Wishes(muted=Marks(frozenset({"s-b"})))

    assert catch_up([digest(0, story("s-a", "Quake"))], now={"s-a": "s-b"}, wishes=wishes).stories == ()


def test_a_catch_up_on_a_theme_holds_its_stories_and_what_was_corrected_of_them_alone():
    ferry, rain = (Correction(f"s-{each}", "24", "17", (), day=FIRST - timedelta(5)) for each in ("ferry", "rain"))
    digests = [
        digest(0, story("s-ferry", "Ferry runs aground"), story("s-rain", "Rain floods the quay")),
        digest(1, lines=(also("s-rain", "Rain goes on", 1),), says=(ferry, rain)),
    ]

    told = catch_up(digests, about=Theme("ferries", ("ferry",)))

    assert ([each.line.id for each in told.stories], told.corrections) == (["s-ferry"], (ferry,))
    assert catch_up(digests, about=Theme("snow", ("snow",))) == CatchUp()
