from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from digests.allotment import MOST_BULLETS, MOST_STORIES, MOST_WORDS, Cost, allot
from digests.model import Length

costs = st.lists(
    st.builds(
        lambda line, bullets: Cost(line, tuple(bullets), 1 if bullets else 0),
        st.integers(3, 30),
        st.lists(st.integers(6, 45), max_size=12),
    ),
    max_size=60,
)


@given(costs, st.sampled_from([Length.SHORT, Length.NORMAL]))
def test_a_post_keeps_its_limits_whatever_there_is_to_tell(stories: list[Cost], length: Length) -> None:
    room = allot(stories, len(stories), length)
    shown = list(zip(stories, room.bullets, strict=False))
    words = sum(cost.words(most or 0) for cost, most in shown)
    words += sum(cost.line for cost in stories[len(shown) : len(shown) + room.lines])

    assert len(room.bullets) <= MOST_STORIES
    assert sum(most or 0 for most in room.bullets) <= MOST_BULLETS
    assert words <= MOST_WORDS or len(shown) == 1


@given(costs)
def test_at_full_length_nothing_is_left_out(stories: list[Cost]) -> None:
    assert allot(stories, len(stories), Length.FULL).bullets == (None,) * len(stories)


@given(costs)
def test_a_story_shown_in_depth_has_a_bullet_where_it_has_one(stories: list[Cost]) -> None:
    for cost, most in zip(stories, allot(stories, len(stories), Length.NORMAL).bullets, strict=False):
        assert most is not None
        assert cost.least <= most <= max(3, cost.least)


def test_the_first_story_is_told_in_most_depth():
    story = Cost(12, (25, 25, 25, 25), 1)

    assert allot([story] * 3, 3, Length.NORMAL).bullets == (3, 2, 1)


def test_short_gives_each_story_one_bullet():
    story = Cost(12, (25, 25, 25, 25), 1)

    assert allot([story] * 3, 3, Length.SHORT).bullets == (1, 1, 1)


def test_many_stories_become_lines_before_words_run_out():
    room = allot([Cost(12, (25, 25), 1)] * 40, 40, Length.NORMAL)

    assert room.lines >= 6
    assert len(room.bullets) >= 3


def test_no_story_is_asked_for_beyond_the_first_that_has_no_room():
    asked = count()

    room = allot((Cost(12, (25, 25), 1) for _ in asked), 1_000, Length.NORMAL)

    assert next(asked) == len(room.bullets) + room.lines + 1
