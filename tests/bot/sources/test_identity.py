"""Which links and entries are the same."""

from __future__ import annotations

import pytest

from bot.sources.identity import absolute, canonical, entry_key, link_key, same_site
from digests.render.links import SafeLink

CLEANED = {
    "HTTPS://News.Example/Story": "https://news.example/Story",
    "http://news.example:80/a": "http://news.example/a",
    "https://news.example:443/a": "https://news.example/a",
    "https://news.example:8443/a": "https://news.example:8443/a",
    "https://news.example": "https://news.example/",
    "https://news.example/a/./b/../c": "https://news.example/a/c",
    "https://news.example/../../a": "https://news.example/a",
    "https://news.example/a#comments": "https://news.example/a",
    "https://news.example/#!/story/5": "https://news.example/#!/story/5",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "https://news.example/caf%c3%a9": "https://news.example/caf%C3%A9",
    "https://news.example/café bar": "https://news.example/caf%C3%A9%20bar",
    " https://news.example/a\n": "https://news.example/a",
    'https://news.example/a"b<c>': "https://news.example/a%22b%3Cc%3E",
    "https://news.example./a": "https://news.example/a",
}

TRACKED = (
    "utm_source=rss&utm_medium=feed", "fbclid=x", "gclid=x", "mc_cid=1&mc_eid=2", "at_medium=RSS&at_campaign=rss",
    "ns_mchannel=rss", "mtm_campaign=x", "_hsenc=x", "CMP=share", "cmpid=x", "ftag=x", "smid=tw", "ref=news.example", "ref=rss",
    "UTM_Source=x", "utm%5Fsource=x", "__twitter_impression=true",
)  # fmt: skip
KEPT = ("id=7", "p=12", "v=abc", "article=9&page=2", "b=1&a=2", "ref=main", "q=a+b", "story", "id=")


@pytest.mark.parametrize("link", CLEANED)
def test_a_link_has_one_spelling(link: str) -> None:
    assert canonical(link) == CLEANED[link]


@pytest.mark.parametrize("query", TRACKED)
def test_what_only_tracks_the_reader_goes(query: str) -> None:
    assert canonical(f"https://news.example/a?{query}") == "https://news.example/a"
    assert canonical(f"https://news.example/a?id=7&{query}") == "https://news.example/a?id=7"


@pytest.mark.parametrize("query", [*(query for query in TRACKED if "ref=" not in query), *KEPT])
def test_a_link_is_shown_with_the_parameters_with_which_it_is_kept(query: str) -> None:
    address = f"https://news.example/a?{query}"

    assert SafeLink.of(address) == canonical(address)


@pytest.mark.parametrize("query", KEPT)
def test_what_may_choose_the_article_stays_in_its_order(query: str) -> None:
    assert canonical(f"https://news.example/a?{query}") == f"https://news.example/a?{query}"


@pytest.mark.parametrize(
    "link",
    [
        "https://news.example/story/amp",
        "https://news.example/story/amp/",
        "https://news.example/story?amp=1",
        "https://news.example/story?amp",
        "https://news.example/story?outputType=amp",
        "https://amp.news.example/story",
        "https://news-example.cdn.ampproject.org/c/s/news.example/story",
        "https://www.google.com/amp/s/news.example/story",
    ],
)
def test_an_amp_address_is_the_article_itself(link: str) -> None:
    assert canonical(link) == "https://news.example/story"


def test_a_google_news_link_is_left_alone() -> None:
    link = "https://news.google.com/rss/articles/CBMiInvented?oc=5"

    assert canonical(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "",
        "story.html",
        "javascript:alert(1)",
        "mailto:desk@news.example",
        "ftp://news.example/a",
        "https://",
        "https://desk:secret@news.example/",
        "https://news.example@evil.example/",
        "http://[::1",
        "https://news.example:port/",
        "https://news.example/" + "a" * 3000,
        "https://" + "ü" * 300 + ".example/",
    ],
    ids=lambda link: link[:24],
)
def test_what_is_no_web_link_is_none(link: str) -> None:
    assert canonical(link) is None


def test_a_relative_link_is_joined_to_its_base() -> None:
    assert canonical("../b?utm_source=x", "https://news.example/a/feed.xml") == "https://news.example/b"
    assert absolute("/b#c", "https://news.example/a/") == "https://news.example/b#c"


def test_http_and_https_are_one_key_but_keep_their_links() -> None:
    assert link_key("http://news.example/a/") == link_key("https://news.example/a?utm_source=x")
    assert canonical("http://news.example/a") == "http://news.example/a"


def key(guid: str = "", url: str | None = None, title: str = "", text: str = "", repeated: bool = False) -> str:
    return entry_key(guid=guid, url=url, title=title, text=text, repeated=repeated)


def test_a_guid_is_the_key_whatever_else_changes() -> None:
    assert key("tag:1", "https://a.example/1", "Old") == key("tag:1", "https://a.example/2", "New", "text")


def test_a_guid_is_never_normalised() -> None:
    assert key("HTTP://a.example/1") != key("http://a.example/1")


def test_a_repeated_guid_needs_the_link_too() -> None:
    one, other = (key("same", f"https://a.example/{n}", repeated=True) for n in (1, 2))

    assert one != other


def test_without_a_guid_the_canonical_link_is_the_key() -> None:
    assert key(url="https://a.example/1?utm_source=x", title="a") == key(url="http://a.example/1", title="b")


def test_without_guid_and_link_title_and_text_are_the_key() -> None:
    assert key(title="Ferry  late", text="It waits.") == key(title="Ferry late", text="It  waits.")
    assert key(title="Ferry late", text="It waits.") != key(title="Ferry late", text="It left.")


def test_the_same_words_as_guid_and_as_link_are_different_keys() -> None:
    assert key("a.example/1") != key(url="http://a.example/1")


def test_a_site_is_one_with_its_mobile_and_www_hosts() -> None:
    assert same_site("https://www.news.example/a", "https://m.news.example/b")
    assert same_site("https://sport.news.example/", "https://news.example/")
    assert not same_site("https://news.example/", "https://oldnews.example/")
    assert not same_site("https://news.example/", "nonsense")
