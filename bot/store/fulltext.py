"""Full-text search: the one spot, with the pragmas, where the dialect of the database shows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import DDL, ColumnElement, column, event, select, table, text

from bot.store.tables import article

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

for _statement in SQLITE:
    event.listen(article, "after_create", DDL(_statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]

_WORDS = table("article_words", column("rowid"))


def expression(words: Sequence[str]) -> str | None:
    """The words as an FTS5 expression that holds no syntax of theirs; None when nothing could match it.

    >>> expression(["new york", "NOT"])
    '"new york" AND "NOT"'
    """
    plain = [word.replace("\0", " ") for word in words]
    if not plain or not all(any(character.isalnum() for character in word) for word in plain):
        return None
    return " AND ".join('"{}"'.format(word.replace('"', '""')) for word in plain)


def matches(found: str, first: ColumnElement[int], last: ColumnElement[int]) -> ColumnElement[bool]:
    """The condition that an article holds what ``found`` (an :func:`expression`) says.

    Articles are numbered as they come, so the numbers of a window bound what the index must look through.
    """
    hits = select(_WORDS.c.rowid).where(
        text("article_words MATCH :found").bindparams(found=found), _WORDS.c.rowid.between(first, last)
    )
    return article.c.number.in_(hits)
