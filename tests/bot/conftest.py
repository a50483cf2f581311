"""What the tests of this folder may ask for."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import log


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The lines of the log, without the time; as it was before, afterwards."""
    handlers, level = logging.root.handlers, logging.root.level
    stream = io.StringIO()
    log.start(stream)
    yield stream
    structlog.reset_defaults()
    logging.root.handlers, logging.root.level = handlers, level
