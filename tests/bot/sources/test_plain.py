"""HTML fragments as plain text."""

from __future__ import annotations

import time

import pytest

from bot.sources.plain import one_line, paragraphs


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Ferry &amp; bridge", "Ferry & bridge"),
        ("Ferry &amp;amp; bridge", "Ferry & bridge"),
        ("<b>Ferry</b> leaves", "Ferry leaves"),
        ("&lt;b&gt;Ferry&lt;/b&gt; leaves", "Ferry leaves"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        (" Ferry\n\tleaves ", "Ferry leaves"),
        ("Fer\u00adry lea\u200bves", "Ferry leaves"),
        ("", ""),
    ],
)
def test_a_title_is_one_line_of_plain_words(written: str, read: str) -> None:
    assert one_line(written) == read


def test_a_long_title_is_cut_with_an_ellipsis() -> None:
    assert one_line("ab " * 1000, 10) == "ab ab ab…"


def test_blocks_become_paragraphs() -> None:
    assert paragraphs("<p>One <i>fine</i>\nday.</p><div>Two<p>Three</p>Four</div><ul><li>Five<li>Six</ul>") == (
        "One fine day.\n\nTwo\n\nThree\n\nFour\n\nFive\n\nSix"
    )


def test_one_break_is_a_space_and_two_part_paragraphs() -> None:
    assert paragraphs("One<br>line.<br/> <br/>Next &amp; last.") == "One line.\n\nNext & last."


def test_plain_text_keeps_its_paragraphs() -> None:
    assert paragraphs("One\nline.\n\n\nNext.") == "One line.\n\nNext."


@pytest.mark.parametrize(
    "hiding",
    [
        '<p style="display: none">secret</p>',
        "<p hidden>secret</p>",
        '<div aria-hidden="true"><p>secret</p></div>',
        '<span style="position:absolute; left:-9999px">secret</span>',
        '<span class="screen-reader-text">secret</span>',
        '<span class="person-rollover-block">secret</span>',
        '<span class="tip tooltiptext">secret</span>',
        "<!-- secret -->",
        "<template><p>secret</p></template>",
        "<script>secret</script>",
        "<style>secret</style>",
        '<i style="font-size:0">secret</i>',
    ],
)
def test_what_a_reader_would_not_see_is_dropped_and_what_follows_is_kept(hiding: str) -> None:
    assert paragraphs(f"<p>Seen.</p>{hiding} also seen") == "Seen.\n\nalso seen"


def test_a_link_that_a_feed_left_in_markdown_is_its_words() -> None:
    assert paragraphs("<p>It is on [Git Hub](https://git.example/a-b?c=1).</p>") == "It is on Git Hub."
    assert paragraphs("See [1] (p. 3) and f[x](y).") == "See [1] (p. 3) and f[x](y)."


def test_what_a_tooltip_explains_is_seen() -> None:
    told = '<p>The <span class="tooltip">reeve<span class="tooltiptext">an officer of a town</span></span> spoke.</p>'

    assert paragraphs(told) == "The reeve spoke."


@pytest.mark.slow
@pytest.mark.parametrize(
    "fragment",
    [
        "<div>" * 100_000,
        "<b>" * 15_000 + "x",
        "<p " * 100_000,
        "<!--" * 100_000,
        "&lt;" * 100_000,
        "<p>x</p>" * 50_000,
        "<" * 300_000,
    ],
    ids=["divs", "inline", "open-tags", "comments", "entities", "many", "brackets"],
)
def test_no_fragment_takes_long(fragment: str) -> None:
    started = time.process_time()

    paragraphs(fragment)
    one_line(fragment)

    assert time.process_time() - started < 3
