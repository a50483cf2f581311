"""What people type, as it is understood, and what they are answered when it cannot be."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digests.errors import QueryError
from digests.model import Length, Query, Window
from digests.query import OPTIONS, Typed, parse

NOW = datetime(2026, 3, 12, 7, 30, tzinfo=UTC)  # a Thursday
BERLIN = "Europe/Berlin"


def read(typed: str, *accepts: str) -> Typed:
    return parse(typed, NOW, BERLIN, accepts or OPTIONS)


def refusal(typed: str, *accepts: str) -> str:
    with pytest.raises(QueryError) as caught:
        parse(typed, NOW, BERLIN, accepts or OPTIONS)
    return str(caught.value)


def midnight(year: int, month: int, day: int) -> datetime:
    """When a winter day begins in Berlin."""
    return datetime(year, month, day, tzinfo=UTC) - timedelta(hours=1)


def test_words_phrases_and_options_are_told_apart():
    typed = read(
        'chips "supreme court" -Intel -"stock market" israel* since:12h topic:tech source:"BBC World" length:FULL page:2'
    )

    assert typed == Typed(
        words=("chips", "supreme court", "israel*"),
        without=("Intel", "stock market"),
        topic="tech",
        since=NOW - timedelta(hours=12),
        source="BBC World",
        length=Length.FULL,
        page=2,
    )


@pytest.mark.parametrize(
    ("typed", "since"),
    [
        ("since:yesterday", midnight(2026, 3, 11)),
        ("SINCE: Yesterday", midnight(2026, 3, 11)),
        ("since:monday", midnight(2026, 3, 9)),
        ('since:"last week"', midnight(2026, 3, 2)),
        ("since:last week", midnight(2026, 3, 2)),
        ("since last week", midnight(2026, 3, 2)),
        ('since: "9 Oct"', datetime(2025, 10, 8, 22, tzinfo=UTC)),
        ("since:9 Oct", datetime(2025, 10, 8, 22, tzinfo=UTC)),
        ("since: Oct 9, 2024", datetime(2024, 10, 8, 22, tzinfo=UTC)),
        ("since 9 October 2024", datetime(2024, 10, 8, 22, tzinfo=UTC)),
        ("since:Wed 11 Mar 08:00", datetime(2026, 3, 11, 7, tzinfo=UTC)),
        ("since:3 days ago", NOW - timedelta(days=3)),
        ("since 3d", NOW - timedelta(days=3)),
        ("since:2026-03-01T08:00Z", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("since：2026-03-01", midnight(2026, 3, 1)),
    ],
)
def test_a_time_is_read_with_and_without_quotes_colon_and_space(typed: str, since: datetime) -> None:
    assert read(f"{typed} ferry") == Typed(("ferry",), since=since)
    assert read(f"ferry {typed}") == Typed(("ferry",), since=since)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("since sun rises", ("since", "sun", "rises")),
        ("strike until friday", ("strike", "until", "friday")),
        ("ever since", ("ever", "since")),
        ('"since monday"', ("since monday",)),
        ("share prices fall", ("share", "prices", "fall")),
        ('market "share"', ("market", "share")),
        ("train at 08:00", ("train", "at", "08:00")),
        ("Ukraine: the latest", ("Ukraine", "the", "latest")),
        ("http://a.example/b?since:x", ("http://a.example/b?since:x",)),
        ("<https://a.example/b|a.example>", ("https://a.example/b",)),
        ("storm – power & light", ("storm", "power", "light")),
        ('5" pipe', ("5", "pipe")),
        ("co-owner AT&T", ("co-owner", "AT&T")),
    ],
)
def test_a_plain_word_stays_a_word(typed: str, words: tuple[str, ...]) -> None:
    assert read(typed) == Typed(words)


@pytest.mark.parametrize("typed", ["since:monday?", "since: monday!", 'since:"monday?"', "since monday?", "since:Monday,"])
def test_a_mark_behind_a_time_means_nothing(typed: str) -> None:
    assert read(f"ferry {typed}") == Typed(("ferry",), since=midnight(2026, 3, 9))
    assert read("ever since sun.").since is None


def test_a_mark_behind_any_other_value_means_nothing_but_behind_a_name() -> None:
    assert read("storm for a week?", "for").lasting == read("storm for:1w?", "for").lasting == timedelta(days=7)
    assert (read("length:full?").length, read("page:2.").page, read("share:yes!").share) == (Length.FULL, 2, True)
    assert read('topic:"Who next?"').topic == "Who next?"


@pytest.mark.parametrize(
    ("closing", "since", "until"),
    [
        ("in the last two days", NOW - timedelta(days=2), None),
        ("over the past 3 weeks?", NOW - timedelta(days=21), None),
        ("during the last week", NOW - timedelta(days=7), None),
        ("in the past couple of months", NOW - timedelta(days=60), None),
        ("last 12 hours", NOW - timedelta(hours=12), None),
        ("last week", midnight(2026, 3, 2), midnight(2026, 3, 9)),
        ("this week", midnight(2026, 3, 9), None),
        ("yesterday?", midnight(2026, 3, 11), midnight(2026, 3, 12)),
        ("today", midnight(2026, 3, 12), None),
        ("two days ago", NOW - timedelta(days=2), None),
        ("on Monday", midnight(2026, 3, 9), midnight(2026, 3, 10)),
        ("on 9 Oct", datetime(2025, 10, 8, 22, tzinfo=UTC), datetime(2025, 10, 9, 22, tzinfo=UTC)),
    ],
)
def test_a_time_that_closes_a_question_is_its_time(closing: str, since: datetime, until: datetime | None) -> None:
    times = ("since", "until", "topic")

    assert read(f"ferry strike {closing}", *times) == Typed(("ferry", "strike"), since=since, until=until)
    assert read(f"ferry {closing} topic:x", *times) == Typed(("ferry",), topic="x", since=since, until=until)


@pytest.mark.parametrize(
    "typed",
    [
        "USA Today",
        "black friday",
        "The Last Days",
        "attack on Sun",
        "the week",
        "strike in the last two days of January",
        '"in the last two days"',
        "yesterday",
        "monday",
        "in the year",
        "this week",
    ],
)
def test_what_may_be_something_else_is_no_time_at_the_end(typed: str) -> None:
    assert read(typed, "since", "until").since is None


def test_a_time_that_closes_a_question_and_is_none_is_asked_back_and_is_words_where_no_time_is_taken() -> None:
    assert refusal("storm in the last few days", "since").startswith("I don't know the time “last few days”; try today, ")
    assert read("storm in the last two days", "for").words == ("storm", "in", "the", "last", "two", "days")
    assert read("storm yesterday since:monday", "since").words == ("storm", "yesterday")


def test_until_needs_no_colon_behind_since():
    typed = read("ferry since monday until wednesday")

    assert typed == Typed(("ferry",), since=midnight(2026, 3, 9), until=midnight(2026, 3, 12))


def test_share_stands_last_or_before_options_where_a_command_takes_it_and_never_behind_a_word():
    assert read("market share") == Typed(("market", "share"))
    assert read("topic:chips market share") == Typed(("market", "share"), topic="chips")
    assert read("share") == Typed(share=True)
    assert read("market topic:chips share") == Typed(("market",), topic="chips", share=True)
    assert read("https://a.example/b share") == Typed(("https://a.example/b",), share=True)
    assert read("share", "since") == Typed(("share",))
    assert read("share topic:chips") == Typed(topic="chips", share=True)
    assert read("market share topic:chips") == Typed(("market", "share"), topic="chips")
    assert read("share:yes market") == Typed(("market",), share=True)
    assert read("market share:no") == Typed(("market",))


def test_until_a_day_is_until_its_end():
    assert read("until:2026-03-02").until == midnight(2026, 3, 3)
    assert read('until:"last week"').until == midnight(2026, 3, 9)


@pytest.mark.parametrize(
    ("typed", "published"),
    [
        ("date:yesterday", date(2026, 3, 11)),
        ("date: 9 Oct", date(2025, 10, 9)),
        ("date:2024-10-13", date(2024, 10, 13)),
        ("date:2024-10-13T08:00", datetime(2024, 10, 13, 6, tzinfo=UTC)),
    ],
)
def test_a_date_is_a_day_or_an_instant(typed: str, published: date) -> None:
    assert read(typed).published == published


@pytest.mark.parametrize(
    "typed",
    [
        'at:"weekdays 08:00" zone:europe/berlin if-nothing:silent title:"Morning news"',
        "at:weekdays 08:00 zone:europe/berlin IF-NOTHING: silent title: “Morning news”",
        'title:"Morning news" if-nothing:"silent" zone: "europe/berlin" at: weekdays 08:00',
    ],
)
def test_the_values_of_a_schedule_are_read_as_they_were_typed(typed: str) -> None:
    assert read(f"news-1 {typed}") == Typed(
        ("news-1",), at="weekdays 08:00", zone="europe/berlin", title="Morning news", if_nothing="silent"
    )


@pytest.mark.parametrize("times", ["mon,thu 07:30", "every 6h", "daily 08:00 and 18:00", "8:30 pm", "08:00"])
def test_a_schedule_needs_no_quotes_where_nothing_but_options_comes_behind_it(times: str) -> None:
    assert read(f"at: {times}") == read(f'at:"{times}"') == Typed(at=times)
    assert read(f"at:{times} length:full") == Typed(at=times, length=Length.FULL)


def test_a_topic_and_a_title_can_be_taken_away_but_not_by_saying_nothing():
    assert read('topic:"" title:""') == Typed(topic="", title="")
    assert refusal("topic:").startswith("Write behind `topic:`")
    assert refusal('zone:""').startswith("Write behind `zone:` what it is to be: `zone:Europe/Berlin`.")


@pytest.mark.parametrize(
    ("typed", "lasting"),
    [
        ("for a week", 7),
        ("for 2 weeks", 14),
        ("for one month", 30),
        ("FOR 1w", 7),
        ("for a day", 1),
        ("for:1w", 7),
        ("for a year", 365),
        ("for two weeks!", 14),
        ("for the next three days", 3),
        ("for:1y", 365),
    ],
)
def test_how_long_a_wish_holds_is_read_without_a_colon_too_at_the_end(typed: str, lasting: int) -> None:
    assert read(f"storms {typed}", "for") == Typed(("storms",), lasting=timedelta(days=lasting))


def test_for_good_is_always_and_a_time_that_cannot_be_counted_is_asked_back_and_no_words() -> None:
    assert read("storms for good", "for") == Typed(("storms",))
    for typed in (
        "for a while",
        "for 3 hours",
        "for ten years",
        "for some time",
        "for now",
        "for the time being",
        "for 0 days",
    ):
        assert refusal(f"storms {typed}", "for").startswith("I don't know how long “"), typed
    for typed in ("until friday", "until next week", "until 3 Apr", "until tomorrow?"):
        assert refusal(f"storms {typed}", "for").startswith("I don't know how long “until "), typed
    assert read("curfew until further notice", "for").words == ("curfew", "until", "further", "notice")


@pytest.mark.parametrize(
    "typed", ["cash for clunkers", "storms for a week away", "storms for m", "storms for", '"for a week"', "home for time"]
)
def test_for_is_a_word_where_no_time_stands_behind_it(typed: str) -> None:
    assert read(typed, "for").lasting is None
    assert "for" in " ".join(read(typed, "for").words)
    assert read("storms for a week", "since").words == ("storms", "for", "a", "week"), "who takes no `for:`"


@pytest.mark.parametrize("typed", ["Title: a story", "Cat: the film", "At: home", "Zone: forbidden"])
def test_the_options_of_schedules_are_words_to_who_keeps_none(typed: str) -> None:
    assert read(typed, "since", "topic").words == tuple(typed.replace(":", "").split())
    assert refusal("at:home", "since") == "I take no `at:` here. I take `since:`."


def test_quotes_and_signs_of_other_keyboards_are_read_too():
    assert read("„supreme court“ «high court» −“appeal court” israel＊") == Typed(
        ("supreme court", "high court", "israel*"), ("appeal court",)
    )


def test_markup_mentions_and_hidden_characters_leave_only_words():
    typed = read("<!channel> @everyone *bold* `code` \u202eturned\u0000 <@U123> a\u200bb \u3164")

    assert typed.words == ("channel", "everyone", "bold", "code", "turned", "U123", "a", "b")


@pytest.mark.parametrize(
    ("typed", "reply"),
    [
        (
            "sinse:yesterday",
            "I don't know `sinse:`; did you mean `since:`? To look for the words, put them in quotes.",
        ),
        ("sinse: yesterday", "I don't know `sinse:`; did you mean `since:`?"),
        ("form:x", "I don't know `form:`. I take `since:` and `until:`. To look for the words, put them in quotes."),
        ("length:full", "I take no `length:` here. I take `since:` and `until:`."),
        ("since:", "Write behind `since:` what it is to be: `since:yesterday`."),
        ("since:soon", "I don't know the time “soon”; try today, yesterday, a weekday, 12h"),
        ("since: soon", "I don't know the time “soon”"),
        ('since:"9 Oct" since:monday', "`since:` is there twice; give it once."),
        ("since:today until:yesterday", "`since:` lies after `until:`; give an earlier time."),
        ("since:2027-01-01", "`since:` lies after now; give an earlier time."),
        ("since:2010-01-01", "That is more than 10 years; give a later `since:`, or leave it out."),
        ("since:0001-01-01", "That lies before the first day of the calendar; give a later one."),
        ("since:31 Feb", "There is no 31 Feb; February has 29 days."),
        ('until:"30 Feb 2026"', "There is no 30 Feb 2026; February has 28 days in that year."),
        ("until:2026-13-01", "There is no 2026-13-01; a date is written 2026-03-09."),
        ("since:Mon 11 Mar 2026", "11 Mar 2026 is a Wednesday; leave the weekday out."),
        ("x" * 501, "That is 501 characters; I read 500 at most. Try fewer words."),
        ("x" * 10_000, "That is 10,000 characters; I read 500 at most. Try fewer words."),
        ("x " * 21, "That is 21 words; I look for 20 at most."),
        ("?! …", "I see no word to look for in that; write letters or digits, such as *chips*."),
        ("s*", "Too many words begin with “s”; give 2 letters or more before the star."),
        ('-"supreme court', "The quote behind “-” is left open; close it with another one."),
    ],
)
def test_what_cannot_be_understood_is_answered_with_what_would_be(typed: str, reply: str) -> None:
    assert refusal(typed, "since", "until").startswith(reply)


@pytest.mark.parametrize(
    ("typed", "reply"),
    [
        ("length:ful", "I don't know the length “ful”; did you mean full? There are short, normal or full."),
        ("page:0", "I don't know the page “0”; give its number: `page:2`."),
        ("page:٣", "I don't know the page"),
        ("date:2026-03-20", "`date:` lies ahead"),
        ("date:last week", "`date:` is one day, or an instant"),
        ("share:maybe", "Write `share:yes`"),
        ('topic:"middle', "The quote behind “topic:” is left open"),
        ("topic: -x", "Write behind `topic:` what it is to be: `topic:chips`."),
    ],
)
def test_a_value_that_cannot_be_is_answered_with_one_that_can(typed: str, reply: str) -> None:
    assert refusal(typed).startswith(reply)


def test_a_command_without_options_says_so():
    with pytest.raises(QueryError, match=r"I take no `since:` here\. I take words only\."):
        parse("chips since:monday", NOW, BERLIN)


@pytest.mark.parametrize("typed", ["since:{}", "length:{}", "page:{}", "until: {} z"])
def test_a_reply_repeats_nothing_that_marks_up_mentions_or_turns(typed: str) -> None:
    said = refusal(typed.format("a\u202e<!channel>`*@everyone_~|[x](b)\x07"))

    echoed = said.partition("“")[2].partition("”")[0]
    assert echoed in ("a", "a channel everyone x b")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ('ferry -"bus stop" strike*', 'ferry strike* -"bus stop"'),
        ('"share" "Since"', '"share" "Since"'),
        ('storms "for" "week"', 'storms "for" week'),
        ('"topic" "At" "If-nothing"', '"topic" "At" "If-nothing"'),
        ("08:00 -12:30", '"08:00" -"12:30"'),
        ("https://a.example/*?x:y", "https://a.example/*?x:y"),
        ("topic: chips market page:3 share", 'market topic:"chips" page:3 share:yes'),
        ("since:yesterday until:12h date:9 Oct", "since:2026-03-10T23:00:00Z until:2026-03-11T19:30:00Z date:2025-10-09"),
    ],
)
def test_what_was_typed_can_be_written_down_and_read_again(typed: str, written: str) -> None:
    assert str(read(typed)) == written
    assert read(written) == read(typed)


def test_a_query_is_made_of_what_was_typed_and_of_what_is_usual():
    typed = read("ferry -bus since:3d length:short")

    assert typed.query(NOW) == Query(Window(NOW - timedelta(days=3), NOW), ("ferry",), Length.SHORT, ("bus",))
    assert read("until:2026-03-02").query(NOW, back=timedelta(days=1)).window == Window(
        midnight(2026, 3, 2), midnight(2026, 3, 3)
    )
    assert read("").query(NOW) == Query(Window(None, NOW))


FRAGMENTS = st.one_of(
    st.sampled_from([*(f"{option}:" for option in OPTIONS), "-", '"', "“", "*", ":", "https://"]),
    st.sampled_from([*OPTIONS, *(f'"{option}"' for option in OPTIONS), "week", '"week"', "a week", "always", "2d", '"2d"']),
    st.sampled_from(["9 Oct", "31 Feb", "monday", "last week", "08:00", "2024-10-09", "12h", "9999-12-31", "Wed", "2024"]),
    st.sampled_from(["U.S.", "e\u0301", "\u0338", "\u202e", "\0", "हिन्दी", "０", "<@U1>", "http://a.example/b*", "İ"]),
    st.text(max_size=8),
    st.text(alphabet=string.ascii_letters + ' ":-*', max_size=12),
)
TYPED = st.lists(st.tuples(FRAGMENTS, st.sampled_from(["", " "])), max_size=12).map(lambda all_: "".join(map("".join, all_)))


@given(typed=st.one_of(TYPED, st.text(max_size=600)), accepts=st.sets(st.sampled_from(OPTIONS)))
@example(typed="ferry last week *", accepts={"since"})
def test_whatever_is_typed_is_understood_or_answered_and_what_is_written_of_it_reads_the_same(
    typed: str, accepts: set[str]
) -> None:
    try:
        found = parse(typed, NOW, BERLIN, accepts)
    except QueryError:
        return

    assert parse(str(found), NOW, BERLIN, accepts) == found


BARE = st.sampled_from(["for", "since", "until", "share", "topic", "a", "week", "2d", "always", "Monday"])


@given(words=st.lists(BARE, max_size=4))
def test_words_that_are_written_down_stay_words(words: list[str]) -> None:
    typed = Typed(words=tuple(words))

    assert read(str(typed)) == typed


@given(words=st.lists(st.text(alphabet="ab -.\"'*share", min_size=1, max_size=12), max_size=4))
def test_whatever_stands_in_quotes_is_words(words: list[str]) -> None:
    quoted = " ".join(f'"{word.replace(chr(34), "")}x"' for word in words)

    assert len(read(quoted).words) == len(words)
