"""Foreign bytes as text: the encoding is found, never guessed wildly, and no codec but those of text is ever asked.

The order is a byte order mark, the HTTP header, the document's own word, strict UTF-8, windows-1252.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = (  # the first character of markup is "<", so its width shows
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:-]{1,40})|<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.I
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_UNWANTED = dict.fromkeys([*range(9), 11, *range(14, 32), 0xFEFF, 0xFFFE, 0xFFFF])
_UNWANTED[12] = 32


def decoded(body: bytes, content_type: str) -> str:
    """The text of a document, without control characters and byte order marks; newlines are LF.

    A document that calls itself Latin-1 or ASCII is read as windows-1252, as browsers do, unless it is valid UTF-8.
    Bytes that fit no announced encoding become U+FFFD.
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return _cleaned(body[len(mark) :].decode(codec, "replace"))
    for start, codec in _UNMARKED:
        if body.startswith(start):
            return _cleaned(body.decode(codec, "replace"))
    for codec in _candidates(body, content_type):
        try:
            return _cleaned(body.decode(codec))
        except UnicodeDecodeError:
            continue
    first = next(_announced(body, content_type), "utf-8")
    return _cleaned(body.decode(first if first != "cp1252" else "utf-8", "replace"))


def _candidates(body: bytes, content_type: str) -> Iterator[str]:
    for codec in _announced(body, content_type):
        if codec == "cp1252":  # the default of careless servers: UTF-8 that fits is no accident
            yield "utf-8"
        yield codec
    yield "utf-8"
    if body.count(b"\xc3") + body.count(b"\xe2\x80") < 3:  # UTF-8 with a broken byte is better mended than misread
        yield "cp1252"


def _announced(body: bytes, content_type: str) -> Iterator[str]:
    header, inside = _HEADER.search(content_type), _DECLARED.search(body[:4096])
    names = [header[1] if header else "", (inside[1] or inside[2]).decode("ascii") if inside else ""]
    for name in names:
        if codec := _text_codec(name):
            yield codec


def _text_codec(name: str) -> str | None:
    """Python's name of a text encoding; None for anything else (``zlib`` and ``rot13`` are codecs too)."""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", False) or info.name in (
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
        "utf-7",
    ):
        return None
    if info.name.startswith(("utf-16", "utf-32")):  # without its mark or zero bytes it is not: the label outlived a conversion
        return "utf-8"
    return _WIDER.get(info.name, info.name)


def _cleaned(text: str) -> str:
    return text.translate(_UNWANTED).replace("\r\n", "\n").replace("\r", "\n")
