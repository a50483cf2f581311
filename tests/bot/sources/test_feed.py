"""Feeds of every kind, whole, broken and hostile."""

from __future__ import annotations

import contextlib
import json
import time
from datetime import UTC, date, datetime

import pytest

from bot.errors import SourceError
from bot.model import Entry, FeedDocument
from bot.sources.feed import MOST_ENTRIES, read_feed

NOW = datetime(2025, 4, 2, 9, 30, tzinfo=UTC)
URL = "https://harbour.example/news/feed.xml"
BODY = "The ferry to the islands leaves an hour later from Monday, because the pier is being mended. " * 9

ITEM = (
    "<item><title>Ferry leaves &amp;amp; returns later</title><link>/news/ferry?utm_source=rss&amp;id=7</link>"
    '<guid isPermaLink="false">ferry-7</guid><pubDate>Tue, 01 Apr 2025 08:00:00 +0200</pubDate>'
    "<dc:creator>Ada Quay</dc:creator><category>Transport</category><description>&lt;p&gt;Short.&lt;/p&gt;</description>"
    f"<content:encoded><![CDATA[<p>{BODY}</p><p hidden>secret</p><p>Second.</p>]]></content:encoded></item>"
)


def rss(items: str = ITEM, channel: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        f"<title>Harbour News</title><link>https://harbour.example/</link><language>en-GB</language>{channel}{items}</channel></rss>"
    )


def item(**fields: str) -> str:
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</item>"


def read(body: str | bytes, *, content_type: str = "application/rss+xml", url: str = URL) -> FeedDocument:
    return read_feed(body.encode() if isinstance(body, str) else body, url=url, content_type=content_type, fetched_at=NOW)


def only(body: str | bytes) -> Entry:
    (entry,) = read(body).entries
    return entry


def test_an_rss_entry_is_read_whole() -> None:
    entry = only(rss())

    assert entry.title == "Ferry leaves & returns later"
    assert entry.guid == "ferry-7"
    assert entry.raw_url == "https://harbour.example/news/ferry?utm_source=rss&id=7"
    assert entry.url == "https://harbour.example/news/ferry?id=7"
    assert entry.text == f"{BODY.strip()}\n\nSecond."
    assert entry.published_at == datetime(2025, 4, 1, 6, tzinfo=UTC)
    assert entry.published_day == date(2025, 4, 1)
    assert entry.date_raw == "Tue, 01 Apr 2025 08:00:00 +0200"
    assert entry.date_note == ""
    assert entry.authors == ("Ada Quay",)
    assert entry.categories == ("Transport",)
    assert not entry.summary_only


def test_a_feed_says_its_own_name_language_and_patience() -> None:
    feed = read(rss(channel="<ttl>90</ttl>"))

    assert (feed.title, feed.url, feed.version, feed.language) == ("Harbour News", "https://harbour.example/", "rss20", "en-GB")
    assert feed.ttl_s == 5400
    assert (
        read(rss(channel="<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>")).ttl_s == 43_200
    )
    assert read(rss(channel="<ttl>soon</ttl>")).ttl_s is None


def test_atom_is_read() -> None:
    entry = only(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour</title><entry><id>tag:harbour.example,2025:7</id>'
        '<title type="html">Ferry &lt;b&gt;late&lt;/b&gt;</title><link rel="enclosure" href="/a.mp3"/><link href="ferry.html"/>'
        "<updated>2025-04-01T08:00:00Z</updated><published>2025-03-31T08:00:00+02:00</published>"
        '<author><name>Ada Quay</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It waits.</p>'
        "<p>It left.</p></div></content></entry></feed>"
    )

    assert (entry.title, entry.url) == ("Ferry late", "https://harbour.example/news/ferry.html")
    assert entry.text == "It waits.\n\nIt left."
    assert entry.published_at == datetime(2025, 3, 31, 6, tzinfo=UTC)


def test_rdf_is_read() -> None:
    feed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Harbour</title></channel>'
        '<item rdf:about="y"><title>Ferry late</title><link>https://harbour.example/1</link><dc:date>2025-04-01</dc:date></item></rdf:RDF>'
    )

    assert feed.version == "rss10"
    assert [(entry.title, entry.published_at, entry.published_day) for entry in feed.entries] == [
        ("Ferry late", None, date(2025, 4, 1))
    ]


def json_feed(**fields: object) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Harbour", "items": [fields]})


def test_json_feed_is_read() -> None:
    entry = only(
        json_feed(
            id=7,
            url="/ferry",
            title="Ferry & bridge",
            content_html=f"<p>{BODY}</p>",
            summary="Short.",
            date_published="2025-04-01T08:00:00+02:00",
            authors=[{"name": "Ada Quay"}],
            tags=["transport"],
        )
    )

    assert (entry.guid, entry.url) == ("7", "https://harbour.example/ferry")
    assert entry.title == "Ferry & bridge"
    assert entry.text == BODY.strip()
    assert entry.published_at == datetime(2025, 4, 1, 6, tzinfo=UTC)
    assert (entry.authors, entry.categories) == (("Ada Quay",), ("transport",))


def test_a_json_feed_of_odd_values_is_still_read() -> None:
    entry = only(
        json_feed(
            id=True, url=None, external_url="https://other.example/1", title=["x"], content_text="1 < 2", tags="x", authors=7
        )
    )

    assert (entry.guid, entry.url, entry.title, entry.text) == ("", "https://other.example/1", "", "1 < 2")


# --- what is no feed says what it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("\0\0\0", "empty"),
        ('{"items": []}', "no JSON Feed"),
        ('{"error": "not found"}', "no JSON Feed"),
        ("[1, 2]", "no JSON Feed"),
        ('{"version": "https://jsonfeed.org/version/1", "items": [', "broken or cut off"),
        ("[" * 100_000, "broken or cut off"),
        ("<html><head><title>Harbour</title></head><body>Hello</body></html>", "web page, not a feed"),
        ("<!DOCTYPE html><p>Hello", "web page, not a feed"),
        ("<note><to>Ada</to></note>", "root is <note>"),
        ("The ferry is late.", "holds no markup"),
        ("<rss version='2.0'><channel><title>Harb", "cut off before its first entry"),
        ("<!-- never closed " + "x" * 100_000, "holds no markup"),
    ],
    ids=lambda value: value[:20] if len(value) > 20 else value,
)
def test_what_is_no_feed_is_refused_in_words(body: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read(body)


def test_a_page_where_a_feed_was_expected_names_its_feeds() -> None:
    page = """<!doctype html><html><head><link rel="stylesheet" href="/x.css">
        <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
        <link rel='alternate' type='application/rss+xml' title='All &amp; sundry' href='/feed'>
        <link href="https://harbour.example/atom.xml" type="application/atom+xml" rel="alternate">
        </head><body>Hi</body></html>"""

    with pytest.raises(SourceError) as caught:
        read(page, content_type="text/html")

    assert str(caught.value) == (
        "That page is no feed itself; it names these feeds: All & sundry (https://harbour.example/feed); "
        "https://harbour.example/atom.xml; Comments (https://harbour.example/comments/feed)"
    )


def test_a_page_that_names_its_feeds_in_its_link_header_alone_is_understood_too() -> None:
    header = (
        '</style.css>; rel=preload; as=style, </feed.xml>; rel="alternate"; type="application/rss+xml"; title="All news", '
        "<https://harbour.example/atom>;type=application/atom+xml;rel=alternate"
    )

    with pytest.raises(SourceError) as caught:
        read_feed(b"<html><body>Hi</body></html>", url=URL, content_type="text/html", fetched_at=NOW, link_header=header)

    assert str(caught.value).endswith(
        "it names these feeds: All news (https://harbour.example/feed.xml); https://harbour.example/atom"
    )


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss("")).entries == ()


# --- broken feeds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        "\n\n   " + rss(),
        "\ufeff" + rss(),
        "<br />\n<b>Warning</b>: cannot modify header in <b>/srv/x.php</b> on line <b>3</b><br />\n" + rss(),
        rss().replace("<title>Harbour News", "<title>Harbour & Sons News"),
        rss().replace("islands", "is&nbsp;lands\x0b\x00"),
        rss() + "\n<!-- page made in 0.1 s --><script>x</script>",
        rss().replace("</channel></rss>", "<item><title>Cut"),
        rss().replace('<?xml version="1.0" encoding="utf-8"?>', '<?xml?xml version="1.0" encoding="utf-8"??>'),
        rss().replace(
            '<?xml version="1.0" encoding="utf-8"?>', '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "x.dtd">'
        ),
        "<!-- <rss> was here -->" + rss(),
        rss().replace('version="2.0"', "version=2.0"),
    ],
    ids=["space", "bom", "warning", "ampersand", "controls", "junk", "cut", "doubled", "doctype", "comment", "unquoted"],
)
def test_a_feed_broken_in_a_known_way_gives_its_entries(broken: str) -> None:
    entry = read(broken).entries[0]

    assert entry.title == "Ferry leaves & returns later"
    assert entry.guid == "ferry-7"
    assert entry.published_at == datetime(2025, 4, 1, 6, tzinfo=UTC)


def test_a_cut_feed_says_so() -> None:
    assert "cut off" in read(rss()[: rss().index("</channel>")]).notes[0]


@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", "us-ascii", "utf-16", "zlib"])
def test_a_wrong_charset_in_the_header_does_not_garble_utf8(label: str) -> None:
    feed = read(rss(item(title="Fähre", guid="1")), content_type=f"text/xml; charset={label}")

    assert feed.entries[0].title == "Fähre"


def test_bytes_of_latin1_under_the_label_utf8_are_read() -> None:
    assert only(rss(item(title="Fähre", guid="1")).encode("latin-1")).title == "Fähre"


# --- identity ----------------------------------------------------------------------------------------------------------


def test_a_guid_stays_as_it_was_written() -> None:
    assert only(rss(item(title="a", guid="../7 #x"))).guid == "../7 #x"


def test_a_guid_that_is_a_link_is_the_link() -> None:
    entry = only(rss(item(title="a", guid="https://harbour.example/7?utm_source=x")))

    assert (entry.guid, entry.url) == ("https://harbour.example/7?utm_source=x", "https://harbour.example/7")


def test_entries_that_share_a_guid_have_keys_of_their_own() -> None:
    same = '<guid isPermaLink="false">same</guid>'
    feed = read(
        rss("".join(item(title="t", link=f"https://harbour.example/{n}").replace("</item>", f"{same}</item>") for n in (1, 2)))
    )

    assert len({entry.key for entry in feed.entries}) == 2


def test_an_entry_that_is_listed_twice_is_one_entry_before_and_after() -> None:
    listed = item(title="t", link="https://harbour.example/1", guid="one")

    assert {entry.key for entry in read(rss(listed * 2)).entries} == {only(rss(listed)).key}


def test_a_key_survives_tracking_and_wording() -> None:
    one = only(rss(item(title="Ferry late", link="https://harbour.example/7?utm_source=a")))
    other = only(rss(item(title="Ferry very late", link="http://harbour.example/7")))

    assert one.key == other.key


def test_entries_without_id_and_link_are_told_apart_by_their_words() -> None:
    feed = read(rss(item(title="One") + item(title="Two")))

    assert len({entry.key for entry in feed.entries}) == 2
    assert [entry.url for entry in feed.entries] == [None, None]


def test_a_dangerous_link_is_no_link() -> None:
    entry = only(rss(item(title="a", guid="1", link="javascript:alert(1)")))

    assert entry.url is None


# --- dates -------------------------------------------------------------------------------------------------------------


def dated(raw: str) -> Entry:
    return only(rss(item(title="a", guid="1", pubDate=raw)))


def test_an_undated_entry_stays_undated_and_says_so() -> None:
    entry = only(rss(item(title="a", guid="1")))

    assert (entry.published_at, entry.published_day) == (None, None)
    assert entry.date_note == "the feed gives no date"


@pytest.mark.parametrize("raw", ["Thu, 01 Jan 1970 00:00:00 GMT", "0000-00-00", "soon"])
def test_a_date_that_cannot_be_is_refused_with_a_note(raw: str) -> None:
    entry = dated(raw)

    assert (entry.published_at, entry.published_day, entry.date_raw) == (None, None, raw)
    assert raw in entry.date_note


def test_a_date_in_the_future_is_the_time_of_fetching_with_a_note() -> None:
    entry = dated("Fri, 04 Apr 2025 08:00:00 GMT")

    assert (entry.published_at, entry.published_day) == (NOW, NOW.date())
    assert "future" in entry.date_note


@pytest.mark.parametrize("raw", ["Thu, 03 Apr 2025 08:00:00 GMT", "Thu, 03 Apr 2025 00:30:00"], ids=["ahead", "without zone"])
def test_a_clock_that_is_hours_ahead_is_believed_its_day_and_not_that_it_comes_after_the_fetch(raw: str) -> None:
    entry = dated(raw)

    assert (entry.published_at, entry.published_day) == (NOW, date(2025, 4, 3))
    assert "future" in entry.date_note


def test_what_the_clock_of_an_outlet_says_is_kept_where_no_zone_is_given() -> None:
    assert dated("Thu, 03 Apr 2025 00:30:00").wall_clock == datetime(2025, 4, 3, 0, 30, tzinfo=UTC).replace(tzinfo=None)
    assert dated("Tue, 01 Apr 2025 08:00:00 GMT").wall_clock is None
    assert dated("2025-04-01").wall_clock is None


def test_a_day_far_ahead_is_the_day_of_fetching() -> None:
    assert (dated("2025-04-09").published_at, dated("2025-04-09").published_day) == (None, NOW.date())


def test_an_unreadable_date_gives_way_to_the_next_one() -> None:
    entry = only(
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>a</title><published>soon</published>'
        "<updated>2025-04-01T08:00:00Z</updated></entry></feed>"
    )

    assert entry.published_at == datetime(2025, 4, 1, 8, tzinfo=UTC)


# --- teasers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["Short.", BODY + "…", BODY + "[...]", BODY + '&lt;a href="x"&gt;Read more »&lt;/a&gt;', BODY + "..."]
)
def test_a_teaser_is_known_by_its_length_or_its_end(text: str) -> None:
    assert only(rss(item(title="a", guid="1", description=text))).summary_only


def test_a_whole_text_is_no_teaser() -> None:
    assert not only(rss(item(title="a", guid="1", description=BODY))).summary_only


# --- hostile feeds -----------------------------------------------------------------------------------------------------


def test_entity_declarations_are_refused() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + rss(item(title="&b;")).split("?>", 1)[1]
    )

    with pytest.raises(SourceError, match="entities of its own"):
        read(bomb)


def test_newlines_before_the_root_cost_nothing() -> None:
    started = time.process_time()
    feed = read('<?xml version="1.0"?>' + "\n" * 64 * 1024 + "<!--" + "\n" * 64 * 1024 + "-->" + rss().split("?>", 1)[1])

    assert len(feed.entries) == 1
    assert time.process_time() - started < 1


def test_a_body_beyond_the_size_is_refused() -> None:
    with pytest.raises(SourceError, match="larger than 5 MiB"):
        read(b" " * (5 * 1024 * 1024 + 1))


def test_tags_without_end_are_refused() -> None:
    with pytest.raises(SourceError, match="more than 300,000 tags"):
        read("<rss><channel><item>" + "<b>" * 300_001)


@pytest.mark.slow
def test_of_ten_thousand_entries_five_thousand_are_read_and_the_rest_is_counted() -> None:
    feed = read(rss("".join(item(title=f"Ferry {n}", guid=f"n{n}") for n in range(10_000))))

    assert len(feed.entries) == MOST_ENTRIES
    assert feed.entries[-1].title == "Ferry 4999"
    assert feed.notes == ("The feed has 5,000 entries more than the 5,000 that are read.",)


def test_a_body_that_is_the_name_of_a_file_opens_no_file() -> None:
    with pytest.raises(SourceError, match="holds no markup"):
        read("/etc/hostname")


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        rss(item(title="a", author="x" * 20_000)),
        rss(item(title="a", author="a@" * 10_000)),
        rss(item(title="<![CDATA[" + "<!--" * 40_000 + "]]>", guid="1")),
        rss("<item>" * 20_000),
        "<rss><channel>" + "<a:b>" * 20_000,
        "<!" * 100_000,
        "<?" * 100_000,
        "<!DOCTYPE " * 50_000 + rss(),
        rss(item(title="&amp;" * 100_000, guid="1")),
    ],
    ids=["author", "mail", "comments", "items", "nested", "declarations", "instructions", "doctypes", "entities"],
)
def test_a_hostile_feed_ends(body: str) -> None:
    started = time.process_time()
    with contextlib.suppress(SourceError):
        read(body)

    assert time.process_time() - started < 10
