"""Text from outside becomes one inert line."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.render.safe import SafeText


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("a\r\nb\u2028c\u0085d\te", "a b c d e"),
        ("nul\x00 bell\x07 \x1b[31mred", "nul bell [31mred"),
        ("\u202eevil\u202c \u2066x\u2069\u200f", "evil x"),
        ("zero\u200bwidth\u200c\u2060\ufeff\u00ad", "zerowidth"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("\ufdd0\uffff\ue000\U0010ffff", ""),
        ("\u3164\u115f\u2800", ""),
        ("e\u0301", "é"),
        ("  two  spaces ", "two spaces"),
        ("no\u00a0break", "no break"),
    ],
    ids=["lines", "controls", "bidi", "zero-width", "tags", "noncharacters", "blank-letters", "nfc", "spaces", "no-break"],
)
def test_what_hides_or_breaks_out_is_gone(raw: str, safe: str) -> None:
    assert SafeText(raw) == safe


@pytest.mark.parametrize("emoji", ["👩‍🚀", "👩🏽‍🚀", "🏳️‍🌈", "❤️‍🔥", "🇩🇪", "👍🏽"])
def test_emoji_stay_whole(emoji: str) -> None:
    assert SafeText(f"hello {emoji} world") == f"hello {emoji} world"


def test_a_joiner_outside_emoji_goes() -> None:
    assert SafeText("pay\u200dpal 👩\u200dx") == "paypal 👩x"


def test_at_most_four_marks_in_a_row_stay() -> None:
    safe = SafeText("Z" + "\u0335" * 40 + "a")

    assert [unicodedata.category(character) for character in safe] == ["Lu", "Mn", "Mn", "Mn", "Mn", "Ll"]


def test_a_cap_cuts_between_words() -> None:
    assert SafeText("the quick brown fox jumps", 18) == "the quick brown…"


@pytest.mark.parametrize("emoji", ["👩🏽‍🚀", "🇩🇪", "e\u0335\u0336"])
def test_a_cap_never_cuts_inside_a_character(emoji: str) -> None:
    whole = f"abcd{emoji * 3}"

    for limit in range(5, len(whole)):
        kept = SafeText(whole, limit).removesuffix("…")
        assert len(kept) < limit
        assert (len(kept) - 4) % len(emoji) == 0 or len(kept) < 4, (limit, kept)


@given(st.text(), st.integers(2, 50))
def test_safe_text_is_safe_already(raw: str, limit: int) -> None:
    safe = SafeText(raw, limit)

    assert SafeText(str(safe), limit) == safe
    assert len(safe) <= limit
    assert safe.isprintable() or any(unicodedata.category(character) in ("Cf", "Cn") for character in safe)
    assert unicodedata.is_normalized("NFC", safe)


def test_a_megabyte_of_marks_takes_no_time() -> None:
    assert len(SafeText("a" + "\u0300\u0316" * 500_000, 600)) < 10
