import pytest

from digests.slips import near, shown

OPTIONS = ["since", "until", "length", "source", "date"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("sinse", "since"), ("UNTILL", "until"), ("lenght", "length"), ("sou", "source"), ("form", None), ("", None), ("s", None)],
)
def test_the_nearest_is_what_was_meant(typed: str, meant: str | None) -> None:
    assert near(typed, OPTIONS) == meant


def test_a_beginning_of_several_is_none_of_them():
    assert near("fee", ["feed a", "feeling"], alike=0.9) is None
    assert near("fee", ["Feeds", "status"], alike=0.9) == "Feeds"


def test_what_is_repeated_is_one_short_line_of_letters():
    assert shown("<!channel> *a*\n`b` @everyone\u202e\0 हिन्दी") == "channel a b everyone हिन्दी"
    assert shown("x" * 1_000) == "x" * 40 + "…"
    assert shown("ab" * 20) == "ab" * 20
