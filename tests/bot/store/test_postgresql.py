"""The database on a server: what is made, migrated and refused, and in which words."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, make_url, select, text

from bot.errors import StoreError
from bot.store import SqlStore, fulltext, migrate, open_store
from bot.store.schema import HEAD, REVISIONS, create
from bot.store.tables import article, metadata
from digests.model import Window
from tests.bot.store.making import HARBOUR, NOON, Clock, about, poll, understood
from tests.servers.postgres import PostgresServer, connected, run_in

pytestmark = pytest.mark.slow
EVERYTHING = Window(None, NOON.replace(year=2026))
MIGRATIONS = Path(__file__).parents[3] / "bot/store/migrations"


def migrate_to(address: str, revision: str) -> None:
    """Bring a database to a revision by the shipped migrations, past the store."""
    from alembic import command
    from alembic.config import Config

    with connected(address) as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def fill_old(address: str) -> None:
    """Put a source and an article into a database of the first revision, as the first version would have."""
    run_in(
        address,
        "INSERT INTO source (id, kind, address, name, zone, floor_s, paused, added_at, body_hash, ttl_s, failures, last_error, "
        "moved_times) VALUES ('harbour', 'feed', 'x', 'The Harbour Post', 'UTC', 3600, false, now(), '', 0, 0, '', 0)",
        "INSERT INTO article (id, source_id, outlet, title, text, at, stored_at, backlog, page_read, origins, stub, comment, "
        "revision, understood) VALUES ('a1', 'harbour', 'The Harbour Post', 'Ferry sinks', 'It sank.', '2024-10-13Z', "
        """'2024-10-13Z', false, false, '[]', false, false, 0, '{"claims"\\:[],"dropped"\\:[],"origins"\\:[]}')""",
    )


def shape(address: str) -> dict[str, object]:
    """Every column, index and constraint of a database."""
    found: dict[str, object] = {}
    with connected(address) as connection:
        inspector = inspect(connection)
        for table in set(inspector.get_table_names()) - {"alembic_version"}:
            columns = inspector.get_columns(table)
            found[table] = (
                [(one["name"], str(one["type"]), one["nullable"], one["default"]) for one in columns],
                inspector.get_pk_constraint(table),
                sorted(map(str, inspector.get_foreign_keys(table))),
                sorted(map(str, inspector.get_indexes(table))),
                sorted(map(str, inspector.get_unique_constraints(table))),
            )
    return found


async def used(address: str) -> None:
    """Open a store and write to it."""
    async with open_store(address) as store:
        await store.add_source(HARBOUR, now=NOON)
        await store.record([poll("a")])


async def refusal(address: str) -> str:
    """What is said when a store is used."""
    with pytest.raises(StoreError) as caught:
        await used(address)
    return str(caught.value)


def name_of(address: str) -> str:
    return make_url(address).database or ""


def cut_off(address: str) -> None:
    """End every connection to a database."""
    run_in(
        address,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


async def cut_off_while_writing(store: SqlStore, address: str) -> None:
    """Lose the connection in the middle of a transaction."""

    def write(connection: Connection) -> None:
        connection.execute(select(article.c.id))
        cut_off(address)
        connection.execute(select(article.c.id))

    await store._database.write(write)


def test_a_new_database_has_the_shape_that_the_migrations_lead_to(postgres: PostgresServer) -> None:
    new, old = postgres.database(empty=True), postgres.database(empty=True)
    with connected(new) as connection:
        create(connection)
    migrate_to(old, "head")

    assert shape(new) == shape(old)


def test_the_tables_are_those_of_the_newest_migration(postgres: PostgresServer) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    address = postgres.database(empty=True)
    migrate_to(address, "head")

    with connected(address) as connection:
        options = {"include_name": lambda name, kind, _: kind != "table" or name != "article_words"}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


async def test_an_empty_database_is_made_by_migrate_and_by_nothing_else(postgres: PostgresServer) -> None:
    address = postgres.database(empty=True)

    assert (await refusal(address)).endswith("is empty; make the tables with: dateline migrate")
    assert shape(address) == {}
    assert await migrate(address) is None
    async with open_store(address) as store:
        assert await store.sources() == []
    assert await migrate(address) == HEAD


@pytest.mark.parametrize("revision", REVISIONS[:-1])
async def test_a_database_of_an_earlier_version_is_migrated_when_asked(postgres: PostgresServer, revision: str) -> None:
    address = postgres.database(empty=True)
    migrate_to(address, revision)
    fill_old(address)
    if revision >= "0002":  # from there on the one who writes an article writes its words too
        with connected(address) as connection:
            fulltext.rebuild(connection)

    words = await refusal(address)
    assert f"(schema {revision}, this one needs {HEAD})" in words
    assert words.endswith("dateline migrate")
    assert await migrate(address) == revision

    async with open_store(address) as store:
        assert await store.search(about(["ferry"], EVERYTHING)) == ["a1"]
        assert len(await store.articles_between(EVERYTHING)) == 1


async def test_a_failed_migration_leaves_the_database_as_it_was(postgres: PostgresServer) -> None:
    address = postgres.database(empty=True)
    migrate_to(address, REVISIONS[0])
    run_in(address, "CREATE TABLE ix_article_words_words (x int)")
    before = shape(address)

    with pytest.raises(Exception, match="already exists"):
        await migrate(address)

    assert shape(address) == before


async def test_two_that_migrate_at_once_do_it_once(postgres: PostgresServer) -> None:
    address = postgres.database(empty=True)

    assert sorted(map(str, await asyncio.gather(*(migrate(address) for _ in range(3))))) == [HEAD, HEAD, "None"]


async def test_what_is_not_ours_is_refused(postgres: PostgresServer) -> None:
    other, newer, alembics = postgres.database(empty=True), postgres.database(), postgres.database(empty=True)
    run_in(other, "CREATE TABLE recipes (name text)")
    run_in(newer, "UPDATE alembic_version SET version_num = '0099'")
    run_in(alembics, "CREATE TABLE alembic_version (version_num text)", "INSERT INTO alembic_version VALUES ('0002')")

    assert "holds the tables of another program" in await refusal(other)
    assert "holds the tables of another program" in await refusal(alembics)
    assert "newer Dateline (schema 0099" in await refusal(newer)
    with pytest.raises(StoreError, match="tables of another program"):
        await migrate(other)


async def test_a_wrong_door_is_said_without_telling_the_password(postgres: PostgresServer) -> None:
    postgres.run("CREATE USER locked PASSWORD 'right'", "CREATE USER shut NOLOGIN")
    rules = postgres.folder / "pg_hba.conf"
    rules.write_text("local all locked scram-sha-256\n" + rules.read_text())
    postgres.run("SELECT pg_reload_conf()")

    wrong = await refusal(postgres.address(username="locked", password="guessed"))
    none = await refusal(postgres.address(username="locked", password=""))
    unknown = await refusal(postgres.address(username="nobody"))
    shut = await refusal(postgres.address(username="shut"))
    missing = await refusal(postgres.address(database="nowhere"))

    assert wrong.endswith("refuses the password of locked; put the right one into its address")
    assert "guessed" not in wrong
    assert none.endswith("refuses the password of locked; put the right one into its address")
    assert unknown.endswith("knows no user nobody; make it with: createuser nobody")
    assert shut.endswith('does not let shut in: role "shut" is not permitted to log in')
    assert missing.endswith("is not there; make it with: createdb nowhere")


async def test_a_user_without_rights_is_said(postgres: PostgresServer) -> None:
    address = postgres.database()
    postgres.run("CREATE USER guest")

    words = await refusal(postgres.address(database=name_of(address), username="guest"))

    assert "does not let guest do this: permission denied for table alembic_version; grant it" in words


async def test_a_read_only_server_can_be_read_and_says_why_it_cannot_be_written(postgres: PostgresServer) -> None:
    address = postgres.database()
    async with open_store(address) as store:
        await store.add_source(HARBOUR, now=NOON)
    run_in(address, f"ALTER DATABASE {name_of(address)} SET default_transaction_read_only = on")

    async with open_store(address) as store:
        assert len(await store.sources()) == 1
        with pytest.raises(StoreError, match="it is read-only; give the address of the primary server"):
            await store.record([poll("a")])


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("53100", "the disk of the server is full; free some space. Nothing was half written"),
        ("53200", "has nothing left for us: the server said so"),
        ("40001", "at once with what another program was doing; try again"),
        ("40P01", "at once with what another program was doing; try again"),
        ("57014", "gave up: the server said so"),
        ("58030", "look at the server's log"),
        ("XX001", "is damaged"),
    ],
)
async def test_what_the_server_cannot_do_is_said_and_keeps_nothing_by_halves(
    postgres: PostgresServer, state: str, words: str
) -> None:
    address = postgres.database()
    run_in(
        address,
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION 'the server said so' USING ERRCODE = '{state}'; END $$",
        "CREATE TRIGGER fail BEFORE INSERT ON entry EXECUTE FUNCTION fail()",
    )
    async with open_store(address) as store:
        await store.add_source(HARBOUR, now=NOON)

        with pytest.raises(StoreError) as caught:
            await store.record([poll("a")])

        assert words in str(caught.value)
        assert await store.articles_between(EVERYTHING) == []


async def test_a_connection_lost_on_the_way_is_said_and_leaves_no_lock(postgres: PostgresServer) -> None:
    address = postgres.database()
    async with open_store(address, clock=Clock()) as store:
        with pytest.raises(StoreError, match="broke off the connection; what was being written is there whole or not at all"):
            await cut_off_while_writing(store, address)

        assert await store.add_source(HARBOUR, now=NOON)


async def test_a_connection_lost_while_nobody_used_it_is_replaced(postgres: PostgresServer) -> None:
    address = postgres.database()
    async with open_store(address, clock=Clock()) as store:
        await store.add_source(HARBOUR, now=NOON)
        cut_off(address)

        assert len(await store.sources()) == 1


async def test_a_new_story_does_not_write_the_words_of_an_article_anew(postgres: PostgresServer) -> None:
    address = postgres.database()
    async with open_store(address, clock=Clock()) as store:
        await store.add_source(HARBOUR, now=NOON)
        await store.record([poll("a")])
        with connected(address) as connection:
            before = connection.execute(text("SELECT xmin::text FROM article_words")).scalar_one()

            await store.assign_stories({understood("a").article.id: "s-1"}, NOON)

            assert connection.execute(text("SELECT xmin::text FROM article_words")).scalar_one() == before
