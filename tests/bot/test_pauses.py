import gc
from collections.abc import Iterator

import pytest

from bot.pauses import FULL_AFTER, shorten_pauses


@pytest.fixture
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.usefixtures("as_before")
def test_what_was_loaded_at_the_start_is_never_walked_through_again():
    loaded = [[number] for number in range(100)]

    shorten_pauses()

    walked = {id(each) for each in gc.get_objects()}
    assert not any(id(each) in walked for each in loaded)
    assert gc.get_threshold()[2] == FULL_AFTER
