"""What the tests of this folder may ask for."""

from __future__ import annotations

import io

import pytest

from bot import log


@pytest.fixture
def lines() -> io.StringIO:
    """The lines of the log, without the time."""
    stream = io.StringIO()
    log.start(stream)
    return stream
