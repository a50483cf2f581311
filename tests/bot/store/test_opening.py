"""Opening, sharing and killing a database; as a file: what is made, migrated, refused (and in which words) or full."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, make_url, select

from bot.errors import StoreError
from bot.model import Channel, Space
from bot.store import SqlStore, open_store, sqlite
from bot.store.schema import HEAD, REVISIONS
from bot.store.tables import metadata, source
from digests.model import Source, Window
from tests.bot.newsdesk import told_to
from tests.bot.store.making import HARBOUR, NOON, VALLEY, Clock, about, poll, understood

EVERYTHING = Window(None, NOON + timedelta(days=400))
ROOT = Path(__file__).parents[3]


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a piece of Python in a process of its own, in the project's folder."""
    return subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)


def migrate(path: Path, revision: str) -> None:
    """Bring a database to a revision by the shipped migrations, without opening it as a store."""
    from alembic import command
    from alembic.config import Config

    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(ROOT / "bot/store/migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def schema(path: Path) -> dict[str, object]:
    """Every table, index and trigger of a database, apart from how its statement was spelt."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'alembic%'").fetchall()
        shape: dict[str, object] = {f"{kind} {name}": None for kind, name in names}
        for kind, name in names:
            if kind == "table":
                for pragma in ("table_xinfo", "foreign_key_list", "index_list"):
                    rows = connection.execute(f"PRAGMA {pragma}({name})").fetchall()
                    shape[f"{pragma} {name}"] = sorted(map(str, (row[1:] for row in rows)))
            elif kind == "index":
                shape[f"index_xinfo {name}"] = connection.execute(f"PRAGMA index_xinfo({name})").fetchall()
    return shape


async def test_a_new_database_has_the_shape_that_the_migrations_lead_to(tmp_path: Path) -> None:
    async with open_store(str(tmp_path / "new.db")):
        pass
    migrate(tmp_path / "old.db", "head")

    assert schema(tmp_path / "new.db") == schema(tmp_path / "old.db")


def test_the_tables_are_those_of_the_newest_migration(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    migrate(tmp_path / "old.db", "head")
    engine = create_engine(f"sqlite:///{tmp_path}/old.db")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: kind != "table" or not name.startswith("article_words")}
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_the_revisions_named_in_code_are_the_shipped_ones() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(ROOT / "bot/store/migrations"))
    shipped = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]

    assert tuple(reversed(shipped)) == REVISIONS


def fill_old(path: Path) -> None:
    """Put a source and an article into a database of the first revision, as the first version would have."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO source (id, kind, address, name, zone, floor_s, paused, added_at, body_hash, ttl_s, failures, "
            "last_error, moved_times) VALUES ('harbour', 'feed', ?, 'The Harbour Post', 'UTC', 3600, 0, ?, '', 0, 0, '', 0)",
            (HARBOUR.address, "2024-10-13 12:00:00.000000"),
        )
        connection.execute(
            "INSERT INTO article (id, source_id, outlet, title, text, at, stored_at, backlog, page_read, origins, stub, "
            "comment, revision, understood) VALUES ('a1', 'harbour', 'The Harbour Post', 'Ferry sinks', 'It sank.', ?, ?, 0, "
            """0, '[]', 0, 0, 0, '{"claims":[],"dropped":[],"origins":[]}')""",
            ("2024-10-13 12:00:00.000000", "2024-10-13 12:00:00.000000"),
        )


@pytest.mark.parametrize("revision", REVISIONS[:-1])
async def test_a_database_of_an_earlier_version_is_migrated_after_a_copy(tmp_path: Path, revision: str) -> None:
    path = tmp_path / "news.db"
    migrate(path, revision)
    fill_old(path)

    async with open_store(str(path)) as store:
        found = await store.search(about(["ferry"], EVERYTHING))
        [kept] = await store.articles_between(EVERYTHING)
        followed = await store.topics.followed(Space("slack", "T1"))

    assert found == ["a1"]
    assert followed == ({"harbour"} if revision < "0007" else set())  # what was polled for all goes on to be shown to all
    assert kept.understood.article.title == "Ferry sinks"
    with closing(sqlite3.connect(tmp_path / f"news.db.before-{HEAD}")) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [(revision,)]
        assert copy.execute("SELECT id FROM article").fetchall() == [("a1",)]


async def test_what_was_told_before_there_were_corrections_knows_the_text_that_it_stands_on(tmp_path: Path) -> None:
    path, instant = tmp_path / "news.db", "2024-10-13 12:00:00.000000"
    migrate(path, "0003")
    fill_old(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE article SET revision = 3")
        connection.execute("INSERT INTO sent VALUES ('console', 'a1', 2, 's-1', 'r-1', ?)", (instant,))
        connection.execute(
            'INSERT INTO fact (channel, story, text, date, article, start, "end", told_at, is_update, run_id) '
            "VALUES ('console', 's-1', 'It sank', ?, 'a1', 0, 8, ?, 0, 'r-1')",
            ('["2024-10-13", "day", "day of report", "", false, null]', instant),
        )

    async with open_store(str(path)) as store:
        [fact] = await told_to(store.ledger, Channel("console"))
        outdated = await store.ledger.outdated()

    assert (fact.revision, fact.withdrawn) == (2, False)
    assert outdated == []  # what changed weeks ago is not told now


async def test_a_failed_migration_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    migrate(path, REVISIONS[0])
    fill_old(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE in_the_way (x)")
        connection.execute("CREATE TRIGGER article_words_update AFTER UPDATE ON article BEGIN DELETE FROM in_the_way; END")
    before = schema(path)

    with pytest.raises(Exception, match="already exists"):
        async with open_store(str(path)):
            pass

    assert schema(path) == before


def test_a_database_that_is_up_to_date_is_opened_without_alembic(tmp_path: Path) -> None:
    code = """
import asyncio, sys
from bot.store import SqlStore, open_store

async def main():
    for _ in ("made", "found"):
        async with open_store(sys.argv[1]):
            print("alembic" in sys.modules)

asyncio.run(main())
"""
    assert run(code, str(tmp_path / "news.db")).stdout == "False\nFalse\n"


async def refusal(address: str) -> str:
    with pytest.raises(StoreError) as caught:
        async with open_store(address) as store:
            await store.record([poll("a")])
    return str(caught.value)


async def test_a_newer_database_is_refused_with_the_way_back(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    async with open_store(str(path)):
        pass
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")

    words = await refusal(str(path))
    copy = path.with_name("news.db.before-0099")
    copy.write_bytes(path.read_bytes())

    assert words.endswith(f"was written by a newer Dateline (schema 0099, this one knows {HEAD}); update Dateline")
    assert (await refusal(str(path))).endswith(f"update Dateline, or go back to the copy made before: {copy}")


async def test_what_is_no_file_of_ours_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("This is a diary, not a database. " * 40)
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection, connection:
        connection.execute("CREATE TABLE recipes (name)")

    assert await refusal(str(tmp_path)) == f"{tmp_path} is a folder; name a file in it: {tmp_path}/dateline.db"
    assert "is not a database; name another file" in await refusal(str(tmp_path / "text.db"))
    assert "the tables of another program" in await refusal(str(tmp_path / "other.db"))
    assert "mkdir -p" in await refusal(str(tmp_path / "nowhere" / "news.db"))
    assert (tmp_path / "text.db").read_text().startswith("This is a diary")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgres://u:secret@127.0.0.1:1/news", "The database news at 127.0.0.1:1 cannot be reached: Connection refused"),
        ("postgresql+asyncpg://u:secret@127.0.0.1:1/news", "check that the server runs and that its address is right"),
        (
            "postgresql://u:secret@127.0.0.1:1/news?pgbouncer=true",
            "by this address: invalid connection option",
        ),
        ("postgresql://u:secret@127.0.0.1:99999/news", "cannot be reached by this address: invalid port number"),
        ("mysql://u:secret@db/news", "must be a file"),
        ("sqlite://", "must be a file"),
        ("http://u:secret@x:port", "is no database address"),
    ],
)
async def test_what_cannot_be_opened_is_refused_without_telling_secrets(address: str, words: str) -> None:
    said = await refusal(address)

    assert words in said
    assert "secret" not in said


async def test_a_read_only_database_can_be_read_and_says_why_it_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    async with open_store(str(path)) as store:
        await store.add_source(HARBOUR, now=NOON)

    async with open_store(f"sqlite:///file:{path}?mode=ro&uri=true") as store:
        assert len(await store.sources()) == 1
        with pytest.raises(StoreError, match="read-only"):
            await store.record([poll("a")])


@pytest.fixture
def read_only_folder(tmp_path: Path) -> Path:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere, so no folder is read-only to it")
    tmp_path.chmod(0o500)
    return tmp_path


async def test_a_read_only_folder_is_refused_in_words(read_only_folder: Path) -> None:
    words = await refusal(str(read_only_folder / "news.db"))

    assert "check that its folder exists and that this user may write in it" in words


def test_a_disk_that_is_nearly_full_is_told(tmp_path: Path) -> None:
    url = make_url(f"sqlite:///{tmp_path}/news.db")

    assert sqlite.narrow(url, least=1 << 60).endswith(f"MiB are free where {tmp_path}/news.db is, so it soon cannot grow")
    assert sqlite.narrow(url, least=1) == ""
    assert sqlite.narrow(make_url("sqlite:////no/such/folder/news.db"), least=1 << 60) == ""


async def test_a_full_disk_is_said_and_keeps_nothing_by_halves(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    async with open_store(str(path)) as store:
        await store.add_source(HARBOUR, now=NOON)
        with store._database.engine.begin() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 4}")
        large = understood("b", text="Ferry. " + "The ferry sank again. " * 4_000)

        with pytest.raises(StoreError, match="the disk is full; free some space"):
            await store.record([poll("a"), replace(poll("b"), new=(("b", large),))])

        assert await store.articles_between(EVERYTHING) == []
        assert await store.known(HARBOUR.id, ["a", "b"]) == {}


KILLED = """
import asyncio, os, signal, sys
from sqlalchemy import event
from bot.store import SqlStore, open_store
from tests.bot.store.making import *

async def main(path, at):
    async with open_store(path, clock=Clock()) as store:
        await store.add_source(HARBOUR, now=NOON)
        await store.record([poll("kept")])
        statements = 0

        @event.listens_for(store._database.engine, "before_cursor_execute")
        def die(conn, cursor, statement, parameters, context, executemany):
            nonlocal statements
            statements += 1
            if statements == at:
                os.kill(os.getpid(), signal.SIGKILL)

        await store.record([poll("a", "b", "c")])

for line in sys.stdin:
    path, at = line.split()
    child = os.fork()  # a process of its own each, without a second import of everything
    if not child:
        asyncio.run(main(path, int(at)))
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_kill_before_any_statement_leaves_nothing_half_written(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    survived = False
    pipe = asyncio.subprocess.PIPE
    killing = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, stdin=pipe, stdout=pipe, cwd=ROOT)
    assert killing.stdin is not None
    assert killing.stdout is not None
    for at in range(1, 25):
        address = f"sqlite:///{tmp_path}/{at}.db" if kind == "sqlite" else request.getfixturevalue("postgres").database()
        killing.stdin.write(f"{address} {at}\n".encode())
        code = int(await killing.stdout.readline())
        survived = code == 0
        assert code in (0, -signal.SIGKILL)
        async with open_store(address, clock=Clock()) as store:
            found = len(await store.articles_between(EVERYTHING)), len(await store.known(HARBOUR.id, ["kept", "a", "b", "c"]))
            assert len(await store.search(about(["ferry"], EVERYTHING))) == found[0]
        assert found == ((4, 4) if survived else (1, 1))
        if survived:
            break
    killing.stdin.close()
    assert await killing.wait() == 0
    assert survived, "the kill never came too late, so it did not meet every statement"


MANY = """
import asyncio, sys
from bot.store import SqlStore, open_store
from tests.bot.store.making import *

async def main(path, name):
    async with open_store(path) as store:
        await store.add_source(HARBOUR, now=NOON)
        claimed = await store.claim_due(NOON)
        for number in range(20):
            await store.record([poll(f"{name}{number}")])
    print(len(claimed))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.slow
async def test_several_processes_may_make_and_fill_one_database_at_once(database: str) -> None:
    ended = await asyncio.gather(*(asyncio.to_thread(run, MANY, database, name) for name in "xyz"))

    assert [one.stderr for one in ended] == ["", "", ""]
    assert sorted(one.stdout for one in ended) == ["0\n", "0\n", "1\n"]
    async with open_store(database) as store:
        assert len(await store.articles_between(EVERYTHING)) == 60


CLAIMING = """
import asyncio, sys
from bot.store import SqlStore, open_store
from tests.bot.store.making import *

async def main(address):
    async with open_store(address) as store:
        print(flush=True)
        sys.stdin.readline()
        for number in range(40):
            for followed in await store.claim_due(NOON, only=[f"s{number}"]):
                print(followed.source.id)

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.slow
async def test_of_several_processes_that_claim_at_once_each_source_goes_to_one(database: str) -> None:
    async with open_store(database) as store:
        for number in range(40):
            await store.add_source(Source(f"s{number}", "feed", f"https://{number}.example/feed", "Outlet"), now=NOON)
    claiming = [sys.executable, "-c", CLAIMING, database]
    pipe = asyncio.subprocess.PIPE
    processes = [await asyncio.create_subprocess_exec(*claiming, stdin=pipe, stdout=pipe, cwd=ROOT) for _ in range(3)]
    for process in processes:
        assert process.stdout is not None
        await process.stdout.readline()  # its store is open

    ended = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))

    claimed = b"".join(out for out, _ in ended).decode().split()
    assert sorted(claimed) == sorted(f"s{number}" for number in range(40))


@asynccontextmanager
async def writing(store: SqlStore) -> AsyncIterator[None]:
    """Within the block a transaction of the store is in the middle of writing."""
    begun, over = threading.Event(), threading.Event()

    def write(_connection: Connection) -> None:
        begun.set()
        over.wait()

    writer = asyncio.create_task(store._database.write(write))
    await asyncio.to_thread(begun.wait)
    try:
        yield
    finally:
        over.set()
        await writer


async def test_readers_are_not_kept_waiting_by_a_writer(database: str) -> None:
    async with open_store(database, clock=Clock()) as store:
        await store.add_source(HARBOUR, now=NOON)
        await store.record([poll("a")])
        async with writing(store):
            assert len(await store.articles_between(EVERYTHING)) == 1


async def test_a_reader_sees_one_state_whatever_is_written_meanwhile(database: str) -> None:
    async with open_store(database, clock=Clock()) as store, open_store(database, clock=Clock()) as other:
        await store.add_source(HARBOUR, now=NOON)
        loop = asyncio.get_running_loop()

        def look_twice(connection: Connection) -> list[bool]:
            paused = select(source.c.paused)
            before = connection.execute(paused).scalar_one()
            asyncio.run_coroutine_threadsafe(other.pause_source(HARBOUR.id, True), loop).result()
            return [before, connection.execute(paused).scalar_one()]

        assert await store._database.read(look_twice) == [False, False]
        assert [followed.paused for followed in await store.sources()] == [True]


async def test_a_writer_waits_for_another_process_only_so_long(database: str) -> None:
    async with open_store(database) as other, open_store(database, busy_s=0.05) as store:
        async with writing(other):
            with pytest.raises(StoreError, match="being written by another process"):
                await store.add_source(HARBOUR, now=NOON)
        assert await store.add_source(HARBOUR, now=NOON)


async def test_a_copy_of_the_file_is_a_whole_database(tmp_path: Path) -> None:
    async with open_store(str(tmp_path / "news.db"), clock=Clock()) as store:
        await store.add_source(VALLEY, now=NOON)
    shutil.copy(tmp_path / "news.db", tmp_path / "copy.db")

    async with open_store(str(tmp_path / "copy.db")) as store:
        assert [followed.source for followed in await store.sources()] == [VALLEY]


async def test_an_article_changed_by_another_process_is_read_anew(database: str) -> None:
    changed = understood("a", title="Ferry raised")
    async with open_store(database, clock=Clock()) as one, open_store(database, clock=Clock()) as other:
        await one.add_source(HARBOUR, now=NOON)
        await one.record([poll("a")])
        await one.articles_between(EVERYTHING)

        await other.record([replace(poll("a"), new=(), changed=(("a", changed),))])

        assert [kept.understood for kept in await one.articles_between(EVERYTHING)] == [changed]


async def test_a_writer_holds_the_lock_from_its_start_so_that_it_cannot_lose_it_half_way(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    async with open_store(str(path)) as store, writing(store):
        with (
            closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("BEGIN IMMEDIATE")


FULL, READ_ONLY, WELL = sqlite.Disk(free=0), sqlite.Disk(read_only=True), sqlite.Disk()


@pytest.mark.parametrize(
    ("code", "disk", "words"),
    [
        ("SQLITE_IOERR_SHMSIZE", FULL, "the disk is full; free some space"),
        ("SQLITE_CANTOPEN", FULL, "the disk is full; free some space"),
        ("SQLITE_FULL", WELL, "the disk is full; free some space"),
        ("SQLITE_READONLY", FULL, "give this user the right to write"),
        ("SQLITE_CANTOPEN", READ_ONLY, "its disk is mounted read-only; mount it for writing"),
        ("SQLITE_READONLY_DBMOVED", READ_ONLY, "its disk is mounted read-only"),
        ("SQLITE_IOERR_READ", WELL, "look at the system's log"),
        ("SQLITE_CANTOPEN", WELL, "check that its folder exists"),
    ],
)
def test_what_sqlite_calls_an_error_of_the_disk_is_told_by_what_its_disk_says(code: str, disk: sqlite.Disk, words: str) -> None:
    assert words in (sqlite.advised(code, disk) or "")


def test_an_error_of_no_kind_that_an_operator_can_mend_is_a_bug() -> None:
    assert sqlite.advised("SQLITE_CONSTRAINT_UNIQUE", FULL) is None


def test_what_its_disk_is_like_is_asked_of_the_system(tmp_path: Path) -> None:
    assert not sqlite.Disk.of(tmp_path / "news.db").read_only
    assert sqlite.Disk.of(tmp_path / "news.db").free > 0
    assert sqlite.Disk.of(Path("/no/such/folder/news.db")) == WELL
