"""Of which of its articles a story is composed; what a digest makes of it is in ``test_make.py``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from digests.claims import understand
from digests.composing import COMPOSED_OF, Composed
from digests.model import Article, Claim, Length, Story, Understood
from tests.build import article, asked, claim

HUNDREDS = 300


class Asked(tuple[Claim, ...]):
    """The claims of an article, which know how often anybody looked at them."""

    times = 0

    def __iter__(self) -> Iterator[Claim]:
        self.times += 1
        return super().__iter__()


def report(number: int) -> Understood:
    """The newer, the lower its number."""
    text = f"The harbour board said {number} ferries of the Alba line left port on Monday."
    own = article(f"a{number}", text, hours_ago=1 + number / 60)
    return Understood(own, Asked([claim(own, text, who="the harbour board")]), report=True)


def composed(articles: Sequence[Understood], length: Length = Length.NORMAL) -> Composed:
    return Composed.of(Story("s-ferry", tuple(articles)), asked(length=length))


def looked_at(articles: Sequence[Understood]) -> int:
    return sum(isinstance(each.claims, Asked) and each.claims.times > 0 for each in articles)


def test_a_post_of_a_story_of_hundreds_of_articles_asks_no_more_than_one_of_sixty():
    many = [report(number) for number in range(HUNDREDS)]

    shown = composed(many)

    assert looked_at(many) == looked_at(many[:COMPOSED_OF]) == COMPOSED_OF
    assert shown.rows == composed(many[:COMPOSED_OF]).rows != []


def test_newer_articles_that_tell_nothing_keep_no_older_report_out():
    silent = [replace(report(number), claims=()) for number in range(HUNDREDS)]
    older = report(HUNDREDS)

    assert [each.chosen.claim for each in composed([*silent, older]).rows] == list(older.claims)


def test_at_full_length_every_article_of_a_story_has_its_say():
    many = [report(number) for number in range(COMPOSED_OF + 1)]

    composed(many, Length.FULL)

    assert looked_at(many) == COMPOSED_OF + 1


def test_a_line_alone_counts_the_outlets_that_tell_what_it_tells() -> None:
    opened = "The energy authority opened an inquiry on Monday into the grid operator Vellnett over its outages."
    own = understand(article("a", opened, title="Energy authority opens inquiry into Vellnett over outages", outlet="Courier"))
    same = understand(article("b", "An inquiry into Vellnett was opened over outages.", title="Energy inquiry", outlet="Wire"))
    more = understand(article("c", "Crews of Vellnett mended nine lines.", title="All homes have power back", outlet="Gazette"))

    def outlets(*told: Understood) -> int:
        return Composed.of(Story("s-1", told), asked()).one_line().outlets

    assert (outlets(own, more), outlets(own, same), outlets(own, same, more)) == (1, 2, 2)


def test_a_line_that_is_a_shorter_headline_counts_who_tells_that() -> None:
    paid = "The harbour of Orsk paid Mirel Lines 12 million euros on Monday for hiding rocks from many captains in 2024."
    own = article("a", paid, title="Harbour of Orsk pays Mirel Lines after angry letters pour in", outlet="Post")
    other = article("b", "It was long due.", title="Mirel Lines get money from harbour of Orsk", outlet="Wire")

    line = Composed.of(Story("s-1", (understand(own), understand(other))), asked()).one_line()

    assert (line.title, line.outlets) == (own.title, 2)


def test_a_story_counts_the_outlets_that_tell_of_what_it_shows() -> None:
    wave = article(
        "a",
        "Nine mayors resigned on Monday after the files of the Orla ring were released, the ministry said.",
        title="Orla files bring a wave of resignations and investigations",
        outlet="Post",
    )
    other = article(
        "b", "Essex looks at private planes that left its airport.", title="Police assess flights in Orla files", outlet="Wire"
    )
    names = "ministers, judges, editors, bankers, singers, bishops, painters, bakers, tailors, dancers, pilots, miners"
    long = f"The {names} and doctors of four countries left office in nine days of anger, and so did their {names}."
    same = article("c", long, title="Wave of resignations brought by Orla", outlet="Sun")
    words = article("d", "Files of the Orla ring made nine mayors resign.", title="Nine are gone", outlet="Star")

    def counted(*told: Article) -> tuple[int, tuple[str, ...]]:
        drawn = Composed.of(Story("s-1", tuple(map(understand, told))), asked()).drawn(3)
        return drawn.outlets, drawn.origins

    assert counted(wave, other) == (1, ("Post",))
    assert counted(wave, same)[0] == 2
    assert counted(wave, other, words) == (2, ("Star", "Post"))
    alone = Composed.of(Story("s-1", tuple(map(understand, (wave, words)))), asked()).one_line()
    assert alone.outlets == 1, "no bullet tells what the other one does"


def test_below_a_denial_stands_no_older_news_that_it_denies() -> None:
    deal = "Halmer Terminals was close to a deal with the founders of Ostrel, who had asked for 60 trucks and a port."
    near = article("a", deal, title="Halmer close to a deal with founders of Ostrel", outlet="Wire", hours_ago=20)
    text = "Ostrel Freight on Monday denied that the firm is to be sold to Halmer for 41 million crowns."
    denies = article("b", text, title="Ostrel denies sale to Halmer", outlet="Observer", hours_ago=1)

    def below(other: Article) -> str:
        told = (understand(denies), replace(understand(other), headline_told=True))
        made = Composed.of(Story("s-1", told), asked())
        assert made.title == denies.title
        return " ".join(each.chosen.claim.text for each in made.choices)

    assert "close to a deal" not in below(near)
    assert "close to a deal" in below(replace(near, published_at=denies.published_at, published_day=denies.published_day)), (
        "which of the two was first nobody knows"
    )
