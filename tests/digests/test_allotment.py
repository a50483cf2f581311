from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from digests.allotment import MOST_BULLETS, MOST_STORIES, MOST_WORDS, Cost, allot
from digests.model import Length

costs = st.lists(
    st.builds(
        lambda line, bullets, bare: Cost(line, () if bare else tuple(bullets), 1 if bullets and not bare else 0, bare),
        st.integers(3, 30),
        st.lists(st.integers(6, 45), max_size=12),
        st.booleans(),
    ),
    max_size=60,
)


@given(costs, st.sampled_from([Length.SHORT, Length.NORMAL]))
def test_a_post_keeps_its_limits_whatever_there_is_to_tell(stories: list[Cost], length: Length) -> None:
    room = allot(stories, len(stories), length)
    words = sum(stories[rank].words(most or 0) for rank, most in room.bullets.items())
    words += sum(stories[rank].line for rank in room.lines)

    assert len(room.bullets) <= MOST_STORIES
    assert sum(most or 0 for most in room.bullets.values()) <= MOST_BULLETS
    assert words <= MOST_WORDS or len(room.bullets) == 1
    assert not room.bullets.keys() & set(room.lines)
    assert not any(stories[rank].line_only for rank in room.bullets)


@given(costs)
def test_at_full_length_nothing_is_left_out(stories: list[Cost]) -> None:
    room = allot(stories, len(stories), Length.FULL)

    assert sorted((*room.bullets, *room.lines)) == list(range(len(stories)))
    assert set(room.bullets.values()) <= {None}


@given(costs)
def test_a_story_shown_in_depth_has_a_bullet_where_it_has_one(stories: list[Cost]) -> None:
    for rank, most in allot(stories, len(stories), Length.NORMAL).bullets.items():
        cost = stories[rank]
        assert most is not None
        assert cost.least <= most <= max(3, cost.least)


def test_the_first_story_is_told_in_most_depth():
    story = Cost(12, (25, 25, 25, 25), 1)

    assert allot([story] * 3, 3, Length.NORMAL).bullets == {0: 3, 1: 2, 2: 1}


def test_short_gives_each_story_one_bullet():
    story = Cost(12, (25, 25, 25, 25), 1)

    assert allot([story] * 3, 3, Length.SHORT).bullets == {0: 1, 1: 1, 2: 1}


def test_many_stories_become_lines_before_words_run_out():
    room = allot([Cost(12, (25, 25), 1)] * 40, 40, Length.NORMAL)

    assert len(room.lines) >= 6
    assert len(room.bullets) >= 3


def test_lines_among_the_stories_leave_them_their_room():
    told, bare = Cost(12, (25, 25), 1), Cost(10, (), 0, line_only=True)

    room = allot([bare] * 20 + [told] * 3, 23, Length.NORMAL)

    assert list(room.bullets) == [20, 21, 22]
    assert room.lines[:6] == (0, 1, 2, 3, 4, 5)
    assert len(room.lines) > 6, "what the stories leave is for lines again"


def test_no_story_is_asked_for_beyond_the_first_that_has_no_room():
    asked = count()

    room = allot((Cost(12, (25, 25), 1) for _ in asked), 1_000, Length.NORMAL)

    assert next(asked) == len(room.bullets) + len(room.lines) + 1
