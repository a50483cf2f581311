"""Full-text search: the one spot, with how a database is opened, where its dialect shows.

Both indexes hold the same words (see ``digests.folding``) and stand in a table ``article_words`` beside the articles:
on SQLite an FTS5 table kept by triggers, on PostgreSQL a ``tsvector`` that :func:`index` writes.  It is no column of the
article there, since an update of any other column, such as its story, would then write the whole index entry anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Select,
    Table,
    any_,
    bindparam,
    cast,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql

from bot.store.tables import Number, article
from digests.folding import words_of
from digests.words import asked_for, forms

# The index holds no text of its own (external content) and is kept by triggers, so that no writer can forget it.
SQLITE = (
    "CREATE VIRTUAL TABLE article_words USING fts5("
    "title, text, content='article', content_rowid='number', tokenize='unicode61 remove_diacritics 2')",
    "CREATE TRIGGER article_words_insert AFTER INSERT ON article BEGIN "
    "INSERT INTO article_words(rowid, title, text) VALUES (new.number, new.title, new.text); END",
    "CREATE TRIGGER article_words_delete AFTER DELETE ON article BEGIN "
    "INSERT INTO article_words(article_words, rowid, title, text) VALUES ('delete', old.number, old.title, old.text); END",
    "CREATE TRIGGER article_words_update AFTER UPDATE OF title, text ON article BEGIN "
    "INSERT INTO article_words(article_words, rowid, title, text) VALUES ('delete', old.number, old.title, old.text); "
    "INSERT INTO article_words(rowid, title, text) VALUES (new.number, new.title, new.text); END",
)
POSTGRESQL = (
    "CREATE TABLE article_words (number BIGINT NOT NULL CONSTRAINT pk_article_words PRIMARY KEY "
    "CONSTRAINT fk_article_words_number_article REFERENCES article (number) ON DELETE CASCADE, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_article_words_words ON article_words USING gin (words)",
)

for _dialect, _statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for _statement in _statements:
        event.listen(article, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]

# Not in the metadata of the other tables: what makes it is above.
_FTS5 = Table("article_words", MetaData(), Column("rowid", Number))
_VECTORS = Table("article_words", MetaData(), Column("number", Number), Column("words", postgresql.TSVECTOR))

# Limits of a tsvector; PostgreSQL refuses the longer word and the larger vector.
_LAST_POSITION = 16_383  # words behind it are found, phrases of them are not
_MOST_POSITIONS = 255  # of one word
_MOST_LETTERS = 60  # of a word, 2,046 bytes at most; longer ones count as alike
_MOST_BYTES = 1_000_000  # of all different words, with 3 bytes each and 2 a position; the text of a page may be 2 MiB

_MOST_FEW = 5_000  # articles that are looked up by their numbers; more are gone through from the newest on


def expression(dialect: str, words: Sequence[str], without: Sequence[str] = ()) -> str | None:
    """A search expression of the dialect that holds no syntax of theirs; None when nothing could match it.

    A word stands for each of its forms (`digests.words.forms`) and a place for its people, and so does the last of a phrase;
    with a star, for every word that begins with it.

    Args:
        words: all of which occur, at least one.
        without: of which none occurs.

    >>> expression("sqlite", ["new york*", "not*"], ["air*"])
    '(("new york" *) AND ("not" *)) NOT ("air" *)'
    >>> expression("postgresql", ["New York*", "NOT*"], ["air*"])
    "('new' <-> ('york':*)) & (('not':*)) & !(('air':*))"
    """
    spelt = _in_vectors if dialect == "postgresql" else _in_fts5
    wanted = [spelt(word) for word in words]
    if not wanted or not all(wanted):
        return None
    unwanted = [found for found in map(spelt, without) if found]
    if dialect == "postgresql":
        return " & ".join([*wanted, *(f"!{each}" for each in unwanted)])
    found = " AND ".join(wanted)
    return f"({found}) NOT {' NOT '.join(unwanted)}" if unwanted else found


def _in_fts5(word: str) -> str:
    phrases, star = _sought(word)
    found = [_quoted([*before, each], star) for before, last in phrases for each in last]
    return f"({' OR '.join(found)})" if found else ""


def _quoted(phrase: Sequence[str], star: bool) -> str:
    return f'"{" ".join(phrase)}"' + " *" * star


def _in_vectors(word: str) -> str:
    phrases, star = _sought(word)
    found = []
    for before, last in phrases:
        any_of = " | ".join(_lexeme(each, ":*" * star) for each in last)
        found.append(" <-> ".join([*map(_lexeme, before), f"({any_of})"]))
    return f"({' | '.join(found)})" if found else ""


def _lexeme(word: str, star: str = "") -> str:
    return f"'{word[:_MOST_LETTERS]}'{star}"


def _sought(word: str) -> tuple[list[tuple[list[str], list[str]]], bool]:
    """What a word or phrase stands for, any of it: the words before its last, and the last one in all its forms; and whether
    that is a beginning.  Nothing where there is no word at all."""
    folded, star = words_of(word), word.endswith("*")
    if not folded:
        return [], star
    if star:
        return [(folded[:-1], folded[-1:])], star
    return [(each[:-1], forms(each[-1])) for each in asked_for(folded)], star


def matching(connection: Connection, found: str, inside: ColumnElement[bool] | None, *, often: bool) -> ColumnElement[bool]:
    """The condition that an article holds what ``found`` (an :func:`expression`) says.

    Args:
        inside: the condition of a window, outside of which nothing needs to be looked for; None where there is no such.
        often: many articles of the window may hold it, and only the newest are wanted.
    """
    if connection.dialect.name == "postgresql":
        holding = select(_VECTORS.c.number).where(_VECTORS.c.words.op("@@")(cast(found, postgresql.TSQUERY)))
        few = None if often else _few(connection, holding)
        if few is None:
            return article.c.number.in_(holding)
        return article.c.number == any_(bindparam(None, few, type_=postgresql.ARRAY(BigInteger)))
    hits = select(_FTS5.c.rowid).where(text("article_words MATCH :found").bindparams(found=found))
    if inside is not None:
        # FTS5 would go through every article that holds a common word.  Articles are numbered as they come, so the numbers
        # of a window bound what it must look through.  (PostgreSQL plans by itself, and its min() of a window can be dear.)
        numbers = select(func.min(article.c.number), func.max(article.c.number)).where(inside)
        first, last = connection.execute(numbers).one()
        hits = hits.where(_FTS5.c.rowid.between(first or 0, last or 0))
    # SQLite would read the row of each hit to see when it was published and by whom.  Where there are many it is to go through
    # the index of the window instead, from the newest on; it does when the number is no bare column.
    return (article.c.number + 0 if often else article.c.number).in_(hits)


def _few(connection: Connection, holding: Select[int]) -> list[int] | None:
    """The numbers of all articles that hold something, out of the index alone; None where they are more than ``_MOST_FEW``.

    PostgreSQL does not know how seldom a rare word comes, and takes it for one that most articles hold: it goes through all of
    them from the newest on until it has as many as are wanted, or reads the whole table to join it, 220 ms of 100,000 articles.
    So the index is asked by itself, and never left for the table; what it gives says how many rows are to be looked up.
    """
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    few = connection.execute(holding.limit(_MOST_FEW + 1)).scalars().all()
    connection.exec_driver_sql("SET LOCAL enable_seqscan TO DEFAULT")
    return list(few) if len(few) <= _MOST_FEW else None


def index(connection: Connection, articles: Mapping[int, tuple[str, str]]) -> None:
    """Put titles and texts, by the number of their article, into the index, in place of what it has of them.

    SQLite's index has them already, by its triggers.
    """
    if connection.dialect.name != "postgresql" or not articles:
        return
    statement = postgresql.insert(_VECTORS)
    statement = statement.on_conflict_do_update(index_elements=["number"], set_={"words": statement.excluded.words})
    connection.execute(statement, [{"number": number, "words": vector(*both)} for number, both in articles.items()])


def rebuild(connection: Connection) -> None:
    """Make the index anew from the articles that are there."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO article_words(article_words) VALUES ('rebuild')")
        return
    last = 0
    some = select(article.c.number, article.c.title, article.c.text).order_by(article.c.number).limit(500)
    while rows := connection.execute(some.where(article.c.number > last)).all():
        index(connection, {row.number: (row.title, row.text) for row in rows})
        last = rows[-1].number


def vector(title: str, body: str) -> str:
    """A title and a text as a tsvector, spelt out; no phrase begins in the one and ends in the other.

    >>> vector("Ferry sinks", "The ferry sank.")
    "'ferry':1,5 'sinks':2 'the':4 'sank':6"
    """
    positions: dict[str, list[str]] = {}
    size = 0
    for position, word in enumerate([*words_of(title), "", *words_of(body)], 1):
        cut = word[:_MOST_LETTERS]
        at = positions.get(cut)
        if at is None:
            size += len(cut.encode()) + 3
            if size > _MOST_BYTES:
                break
            at = positions[cut] = []
        if len(at) < _MOST_POSITIONS and (not at or position <= _LAST_POSITION):
            at.append(str(min(position, _LAST_POSITION)))
            size += 2
    positions.pop("", None)
    return " ".join(f"'{word}':{','.join(at)}" for word, at in positions.items())
