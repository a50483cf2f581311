"""Both databases must find the same: the words that we cut are those that SQLite's index cuts."""

from __future__ import annotations

import sqlite3
import unicodedata
from contextlib import closing

import pytest

from digests.folding import words_of


def sqlite_words(*texts: str) -> list[list[str]]:
    """The words of each text as FTS5 keeps them."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 2')")
        connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
        connection.executemany("INSERT INTO t(rowid, x) VALUES (?, ?)", enumerate(texts))
        found: list[list[str]] = [[] for _ in texts]
        for number, word in connection.execute("SELECT doc, term FROM v ORDER BY doc, offset"):
            found[number].append(word)
        return found


@pytest.mark.parametrize(
    "text",
    [
        "The ferry's 2nd AIR-raid: U.S. said 1,200.5 (€3m) at https://x.example/a_b?c=d; -12 e-mails",
        "Zürich Łódź São Paulo İstanbul straße Việt Nam Ångström naïve façade",
        "Fe\u0301rry Zu\u0308rich",
        "Αθήνα ΑΘΗΝΑΣ σοφός",
        "Москва Київ Йошкар-Ола",
        "서울 東京 القاهرة ירושלים",
        "a\0b\tc\nd\u00a0e\u2019f\u200bg",
        "\U0001f600 x² ½ Ⅷ",
    ],
    ids=["English", "Latin", "combining", "Greek", "Cyrillic", "other scripts", "spaces", "signs"],
)
def test_words_are_those_of_the_index_of_sqlite(text: str) -> None:
    assert [words_of(text)] == sqlite_words(text)


def test_every_letter_of_the_european_scripts_folds_as_in_sqlite() -> None:
    letters = [chr(code) for code in [*range(1, 0x300), *range(0x370, 0x528), *range(0x1E00, 0x2000)]]
    known = [letter for letter in letters if unicodedata.category(letter) != "Cn"]
    texts = [f"a{letter}b" for letter in known]

    ours = [words_of(text) for text in texts]

    different = {letter for letter, our, its in zip(known, ours, sqlite_words(*texts), strict=True) if our != its}
    assert different <= set("ǠǡẛͿ")  # accents that SQLite keeps, and a capital younger than its tables
