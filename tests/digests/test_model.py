"""The values hold no nonsense: what their constructors refuse, and the laws of what they compute."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.model import (
    Also,
    Article,
    Attribution,
    Basis,
    Before,
    Bullet,
    Citation,
    Claim,
    Digest,
    Edit,
    EventDate,
    LeftOut,
    Precision,
    Story,
    StoryDigest,
    Window,
    edited,
    utc,
)

NOW = datetime(2026, 3, 12, 7, 30, tzinfo=UTC)
TEXT = "The ferry Alma ran aground off Port Alba on Monday. Tugs pulled it free."
ARTICLE = Article("a1", "Example News", "Ferry aground", TEXT, published_day=NOW.date())
CITED = Citation(ARTICLE, 0, 51)
REPORTED = EventDate.of_report(NOW.date())
NOBODY = Attribution()


def shown(**fields: object) -> Bullet:
    return replace(Bullet(edited(CITED.quote, ()), REPORTED, NOBODY, (CITED,)), **fields)  # type: ignore[arg-type]


# ---------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("value", "precision", "first", "last"),
    [
        ("2024-10-09", Precision.DAY, date(2024, 10, 9), date(2024, 10, 9)),
        ("2024-W41", Precision.WEEK, date(2024, 10, 7), date(2024, 10, 13)),
        ("2024-02", Precision.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("2024", Precision.YEAR, date(2024, 1, 1), date(2024, 12, 31)),
        ("9999-12", Precision.MONTH, date(9999, 12, 1), date(9999, 12, 31)),
        ("9999-W52", Precision.WEEK, date(9999, 12, 27), date(9999, 12, 31)),
    ],
)
def test_a_date_covers_the_days_of_its_grain(value: str, precision: Precision, first: date, last: date) -> None:
    found = EventDate(value, precision, Basis.WRITTEN)

    assert (found.first_day, found.last_day) == (first, last)


@pytest.mark.parametrize(
    ("value", "precision", "basis"),
    [
        pytest.param("2024-02-30", Precision.DAY, Basis.WRITTEN, id="no day of the calendar"),
        pytest.param("2024-W60", Precision.WEEK, Basis.WRITTEN, id="no week of the year"),
        pytest.param("2024-13", Precision.MONTH, Basis.WRITTEN, id="no month"),
        pytest.param("0000", Precision.YEAR, Basis.WRITTEN, id="no year"),
        pytest.param("2024", Precision.DAY, Basis.WRITTEN, id="coarser than its precision"),
        pytest.param("2024-10-09", Precision.MONTH, Basis.WRITTEN, id="finer than its precision"),
        pytest.param("２０２４", Precision.YEAR, Basis.WRITTEN, id="digits of another script"),
        pytest.param("2024-10-09", Precision.DAY, Basis.UNCLEAR, id="known but unclear"),
        pytest.param("2024-10-09", Precision.NONE, Basis.WRITTEN, id="a value without precision"),
        pytest.param(None, Precision.DAY, Basis.WRITTEN, id="a precision without value"),
        pytest.param(None, Precision.NONE, Basis.WRITTEN, id="written but unknown"),
    ],
)
def test_a_date_that_contradicts_itself_does_not_construct(value: str | None, precision: Precision, basis: Basis) -> None:
    with pytest.raises(ValueError):
        EventDate(value, precision, basis)


def test_only_an_unclear_date_may_be_partly_known():
    assert EventDate(None, Precision.NONE, Basis.UNCLEAR, "April 13", partial="XXXX-04-13").first_day is None

    with pytest.raises(ValueError, match="partly"):
        EventDate("2024-04-13", Precision.DAY, Basis.WRITTEN, partial="XXXX-04-13")


def test_a_day_of_report_never_leads_a_bullet_and_a_day_of_the_text_does():
    assert not EventDate.of_report(date(2024, 10, 13)).leads
    assert not EventDate.of_report(None).leads
    assert EventDate.of_report(None).basis is Basis.UNCLEAR
    assert all(EventDate("2024", Precision.YEAR, basis).leads for basis in (Basis.WRITTEN, Basis.WORKED_OUT))


# ---------------------------------------------------------------- articles and citations


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        pytest.param(datetime(2026, 3, 12), date(2026, 3, 12), id="naive"),  # noqa: DTZ001
        pytest.param(NOW.astimezone(timezone(timedelta(hours=1))), NOW.date(), id="not in UTC"),
        pytest.param(NOW, None, id="an instant without its day"),
        pytest.param(NOW, date(2026, 3, 14), id="a day that no zone gives"),
    ],
)
def test_a_publication_that_no_clock_shows_does_not_construct(instant: datetime, day: date | None) -> None:
    with pytest.raises(ValueError):
        Article("a1", "Example News", "", "", published_at=instant, published_day=day)


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "file:///etc/passwd", "example.org/x"])
def test_an_article_links_to_the_web_or_nowhere(url: str) -> None:
    with pytest.raises(ValueError, match="web address"):
        Article("a1", "Example News", "", "", url=url)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 3), (0, len(TEXT) + 1)])
def test_a_citation_is_a_span_of_its_article(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="a1"):
        Citation(ARTICLE, start, end)


def test_a_quote_is_exactly_its_span():
    assert Citation(ARTICLE, 4, 14).quote == "ferry Alma"


# ---------------------------------------------------------------- edits


def test_an_edit_that_cuts_nothing_does_not_construct():
    for start, end in ((3, 3), (4, 3), (-1, 2)):
        with pytest.raises(ValueError, match="cuts nothing"):
            Edit("E1", start, end)


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([Edit("E1", 0, 9), Edit("E2", 4, 12)], id="overlapping"),
        pytest.param([Edit("E1", 40, 400)], id="outside the quote"),
        pytest.param([Edit("E1", 0, 6)], id="inside a word"),
    ],
)
def test_edits_that_cannot_be_replayed_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="edit"):
        edited(CITED.quote, edits)


@pytest.mark.parametrize(
    ("quote", "edits", "text"),
    [
        pytest.param("It rained.", [], "It rained", id="the stop goes"),
        pytest.param("He left the U.S.", [], "He left the U.S.", id="but not that of an abbreviation"),
        pytest.param("She works for Mirel Inc.", [], "She works for Mirel Inc.", id="nor of a firm"),
        pytest.param('He said: "Go."', [], 'He said: "Go."', id="nor inside a quotation"),
        pytest.param("Did it rain?", [], "Did it rain?", id="a question keeps its mark"),
        pytest.param("It  rained\n on us.", [], "It rained on us", id="white space folded"),
        pytest.param("Meanwhile, tugs came.", [Edit("E10", 0, 11)], "Tugs came", id="a capital after a cut"),
        pytest.param("Yes, iPhone sales fell.", [Edit("E10", 0, 5)], "iPhone sales fell", id="but not to a name"),
        pytest.param("It sank, X said.", [Edit("E2", 7, 15)], "It sank", id="no space before the stop"),
        pytest.param("Yes, it rose .5 percent.", [Edit("E10", 0, 5)], "It rose .5 percent", id="a mark that begins a number"),
        pytest.param(
            "Rebels, they say, fired a .22 rifle.", [Edit("E2", 6, 17)], "Rebels fired a .22 rifle", id="or a calibre"
        ),
        pytest.param("On Friday they left .NET.", [Edit("E5", 0, 10)], "They left .NET", id="or a name"),
        pytest.param("Yes, it sank , he said.", [Edit("E10", 0, 5)], "It sank , he said", id="what is written so stays"),
        pytest.param("It sank, X said ...", [Edit("E2", 7, 15)], "It sank...", id="no space before an ellipsis"),
        pytest.param("It sank on Monday.", [Edit("E5", 8, 17, "on 9 March")], "It sank on 9 March", id="a day written out"),
    ],
)
def test_a_bullet_is_its_quote_with_its_cuts(quote: str, edits: list[Edit], text: str) -> None:
    assert edited(quote, edits) == text


@st.composite
def cut_quotes(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A sentence of words, and cuts of whole words that do not overlap."""
    words = draw(st.lists(st.from_regex(r"[A-Za-z0-9]{1,8}[,.]?", fullmatch=True), min_size=1, max_size=12))
    quote = " ".join(words)
    starts = [len(" ".join(words[:at])) + (at > 0) for at in range(len(words))]
    cut = draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))
    return quote, [Edit("E", starts[at], starts[at] + len(words[at])) for at in range(len(words)) if cut[at]]


@given(
    st.lists(
        st.tuples(st.sampled_from(["rose", ".5", ".NET", "a", ",", "X,", "end.", "–", "...", ".22-calibre"]), st.booleans())
    )
)
def test_between_its_cuts_a_bullet_reads_as_its_quote_does(words: list[tuple[str, bool]]) -> None:
    quote, edits, pieces = "", [], [""]
    for word, cut in words:
        start = len(quote) + bool(quote)
        quote = f"{quote} {word}".lstrip()
        if cut:
            edits.append(Edit("E", start, len(quote)))
            pieces.append("")
        else:
            pieces[-1] += f" {word}"

    text, at = edited(quote, edits).lower(), 0

    for piece in pieces:
        at = text.index(piece.strip(" ,.;:–—-").lower(), at)


@given(cut_quotes(), st.randoms())
def test_cuts_only_take_away_and_their_order_does_not_matter(given_: tuple[str, list[Edit]], random: object) -> None:
    quote, edits = given_
    shuffled = list(edits)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    text = edited(quote, edits)

    assert edited(quote, shuffled) == text
    remaining = iter(quote.lower())
    assert all(character in remaining for character in text.lower())
    assert text == " ".join(text.split())


# ---------------------------------------------------------------- bullets, stories, digests


def test_an_extracted_bullet_is_its_quote_with_its_edits_and_nothing_else():
    assert shown().text == "The ferry Alma ran aground off Port Alba on Monday"

    for fields in ({"text": "The ferry Alma sank"}, {"edits": (Edit("E5", 41, 50),)}, {"citations": ()}, {"written_by": "me"}):
        with pytest.raises(ValueError):
            shown(**fields)
    assert shown(text="The Alma is aground", written_by="model").text == "The Alma is aground"


def test_further_claims_become_further_citations():
    other = Article("a2", "Other News", "", TEXT)
    claims = [Claim(Citation(each, 0, 51), (), REPORTED, NOBODY, 0) for each in (ARTICLE, other)]

    assert [citation.article.id for citation in Bullet.of(*claims).citations] == ["a1", "a2"]


def test_what_was_before_has_words_a_day_and_a_citation():
    for text, dates, citations in (("", (REPORTED,), (CITED,)), ("storm", (), (CITED,)), ("storm", (REPORTED,), ())):
        with pytest.raises(ValueError):
            Before(text, dates, citations)


def test_a_story_line_is_not_repeated_as_a_bullet_and_says_something():
    lead = shown()

    for bullets, first, status in (((lead,), lead, "new"), ((), None, "new"), ((lead,), None, "old")):
        with pytest.raises(ValueError):
            StoryDigest("s-1", "Ferry aground", None, bullets, first, status=status)
    assert StoryDigest("s-1", "Ferry aground", None, (), lead).lead is lead


def test_no_story_without_an_article_and_no_line_without_a_citation():
    with pytest.raises(ValueError, match="article"):
        Story("s-1", ())
    with pytest.raises(ValueError, match="citation"):
        Also("s-1", "Ferry aground", None, REPORTED, ())


@pytest.mark.parametrize(("kind", "count"), [("other", 1), ("repeated", 0), ("repeated", -1)])
def test_what_is_left_out_has_a_known_kind_and_a_number(kind: str, count: int) -> None:
    with pytest.raises(ValueError):
        LeftOut(kind, count)


def test_a_digest_is_written_in_a_zone_that_exists():
    with pytest.raises(KeyError):
        Digest("News", "Europe/Atlantis", Window(None, NOW), None, ())
    with pytest.raises(ValueError, match="next_run"):
        Digest("News", "UTC", Window(None, NOW), None, (), next_run=datetime(2026, 3, 13))  # noqa: DTZ001


# ---------------------------------------------------------------- windows

instants = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.lists(instants, min_size=3, max_size=3).map(sorted), instants)
def test_neighbouring_windows_neither_overlap_nor_leave_a_gap(ends: list[datetime], instant: datetime) -> None:
    start, middle, end = ends

    assert (instant in Window(start, middle)) + (instant in Window(middle, end)) == (instant in Window(start, end))


def test_a_window_holds_its_start_and_not_its_end():
    hour = Window(NOW - timedelta(hours=1), NOW)

    assert NOW - timedelta(hours=1) in hour
    assert NOW not in hour
    assert datetime.min.replace(tzinfo=UTC) in Window(None, NOW)


def test_a_window_is_in_utc_and_does_not_end_before_it_starts():
    berlin = timezone(timedelta(hours=1))

    for start, end in ((NOW, NOW - timedelta(seconds=1)), (NOW.replace(tzinfo=None), NOW), (None, NOW.astimezone(berlin))):
        with pytest.raises(ValueError):
            Window(start, end)


def test_an_instant_without_a_zone_is_refused():
    assert utc(NOW.astimezone(timezone(timedelta(hours=5)))) == NOW
    with pytest.raises(ValueError, match="zone"):
        utc(datetime(2026, 3, 12))  # noqa: DTZ001
