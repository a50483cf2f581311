"""Foreign bytes become the text that was meant."""

from __future__ import annotations

import codecs

import pytest

from bot.sources.charset import decoded

WORDS = "<?xml version='1.0'?><p>Zürich – “Fähre”</p>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (WORDS.encode(), ""),
        (codecs.BOM_UTF8 + WORDS.encode(), "text/xml; charset=iso-8859-1"),
        (WORDS.encode("utf-16"), "text/xml"),
        (WORDS.encode("utf-16-le"), "text/xml"),
        (WORDS.encode("utf-16-be"), ""),
        (WORDS.encode("utf-32"), ""),
        (WORDS.encode("cp1252"), "text/xml; charset=windows-1252"),
        (WORDS.encode("cp1252"), "text/xml; charset=ISO-8859-1"),
        (WORDS.encode("cp1252"), "text/xml"),
        (WORDS.encode("cp1252"), "text/xml; charset=utf-8"),
        (WORDS.encode(), "text/xml; charset=iso-8859-1"),
        (WORDS.encode(), "text/xml; charset=us-ascii"),
        (WORDS.encode(), "text/xml; charset=nonsense"),
        (WORDS.encode(), "text/xml; charset=utf-16"),
    ],
)
def test_text_is_read_in_the_encoding_it_was_written_in(body: bytes, content_type: str) -> None:
    assert decoded(body, content_type) == WORDS


def test_the_documents_own_word_is_heard() -> None:
    russian = "<?xml version='1.0' encoding='koi8-r'?><p>паром</p>"
    page = '<html><meta charset="euc-jp"><p>渡し船</p>'

    assert decoded(russian.encode("koi8-r"), "application/xml") == russian
    assert decoded(page.encode("euc-jp"), "text/html") == page


def test_one_broken_byte_does_not_spoil_a_utf8_text() -> None:
    body = "Fähre, Möwe, Küste, Tür".encode() + b" \xff"

    assert decoded(body, "text/plain; charset=utf-8") == "Fähre, Möwe, Küste, Tür \ufffd"


@pytest.mark.parametrize("codec", ["zlib", "rot13", "unicode_escape", "idna", "hex", "../../etc/passwd", "utf-7"])
def test_only_codecs_of_text_are_asked(codec: str) -> None:
    assert decoded(b"plain +ADw-words", f"text/plain; charset={codec}") == "plain +ADw-words"


def test_controls_go_and_newlines_are_lf() -> None:
    assert decoded(b"one\r\ntwo\rthree\x00\x08 four\x0c five\tsix", "") == "one\ntwo\nthree four  five\tsix"
