import gc
import sys
from collections.abc import Iterator

import pytest

from bot.pauses import FULL_AFTER, TURN_S, shorten_pauses


@pytest.fixture
def as_before() -> Iterator[None]:
    before, turn = gc.get_threshold(), sys.getswitchinterval()
    yield
    sys.setswitchinterval(turn)
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.usefixtures("as_before")
def test_what_was_loaded_at_the_start_is_never_walked_through_again():
    loaded = [[number] for number in range(100)]

    shorten_pauses()

    walked = {id(each) for each in gc.get_objects()}
    assert not any(id(each) in walked for each in loaded)
    assert gc.get_threshold()[2] == FULL_AFTER


@pytest.mark.usefixtures("as_before")
def test_a_thread_that_thinks_lets_the_loop_go_on_soon():
    shorten_pauses()

    assert sys.getswitchinterval() == pytest.approx(TURN_S)
