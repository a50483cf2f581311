"""Which story comes first, and why."""

from datetime import UTC, datetime, timedelta

import pytest

from digests.model import Article, Term, Understood
from digests.ranking import is_hard_news, published, weigh, weight
from tests.build import NOW, article


def weighed(*hours_ago: float | None, outlets: int = 1, origins: int = 1, topic: float | None = None) -> tuple[Term, ...]:
    told = [Understood(article(str(at), "", hours_ago=ago), ()) for at, ago in enumerate(hours_ago)]
    return weigh(told, outlets, origins, NOW, topic)


def value(terms: tuple[Term, ...], name: str) -> float:
    return next(each.value for each in terms if each.term == name)


def test_a_weight_is_the_sum_of_its_named_terms():
    terms = weighed(1, outlets=3, origins=2)

    assert [each.term for each in terms] == ["origins", "outlets", "freshness", "articles"]
    assert weight(terms) == pytest.approx(sum(each.value * each.weight for each in terms))


def test_another_origin_counts_more_than_another_echo():
    plain = weight(weighed(1, outlets=2, origins=1))

    assert weight(weighed(1, outlets=2, origins=2)) - plain > weight(weighed(1, outlets=3, origins=1)) - plain > 0


@pytest.mark.parametrize(("hours_ago", "fresh"), [(0, 1.0), (24, 0.5), (48, 0.25), (-3, 1.0), (None, 0.5)])
def test_freshness_halves_every_day_and_the_newest_article_decides(hours_ago: float | None, fresh: float) -> None:
    assert value(weighed(hours_ago), "freshness") == fresh
    assert value(weighed(hours_ago, 400), "freshness") >= value(weighed(400), "freshness")


def test_a_bare_day_is_as_old_as_its_noon():
    day = (NOW - timedelta(days=30)).date()
    old = Article("a", "Example News", "", "", published_day=day)

    assert published(old) == datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert value(weigh([Understood(old, ())], 1, 1, NOW), "freshness") < 0.01


def test_the_dead_of_one_outlet_come_before_what_another_tells_and_behind_what_two_know() -> None:
    told = [Understood(article("a", "", hours_ago=20), ())]
    toll, later = weight(weigh(told, 1, 1, NOW, toll=True)), weight(weighed(0))

    assert later < toll < weight(weighed(20, 20, outlets=2, origins=2))


def test_a_story_goes_on_before_another_like_it() -> None:
    told = [Understood(article("a", "", hours_ago=9), ())]

    assert weight(weighed(0)) < weight(weigh(told, 1, 1, NOW, told=True)) < weight(weighed(9, 9, outlets=2, origins=2))


def test_hard_news_is_what_is_of_public_affairs_beyond_doubt_or_counts_its_dead() -> None:
    told = [Understood(article("a", "", hours_ago=9), ())]

    assert not is_hard_news(weigh(told, 1, 1, NOW))
    assert not is_hard_news(weigh(told, 1, 1, NOW, affairs=0.5))
    assert is_hard_news(weigh(told, 1, 1, NOW, affairs=1.0))
    assert is_hard_news(weigh(told, 1, 1, NOW, toll=True))


def test_what_was_asked_for_outweighs_how_many_tell_it():
    about, mentions = weighed(40, topic=1.0), weighed(1, outlets=6, origins=3, topic=0.0)

    assert weight(about) > weight(mentions)
    assert about[0].term == "topic"
