"""Links lead to http(s) only, end where they should, and open at the sentence."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.model import Citation
from digests.render.links import SafeLink, cited, label
from digests.render.safe import SafeText
from tests.golden.injection import INJECTIONS
from tests.golden.news import article


@pytest.mark.parametrize(
    "address",
    [
        *(
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://news.example/",
            "//news.example/",
            "news.example",
            "https://",
            "",
            None,
        ),
        *("https://news.example/a\nb", "https://evil.example\\@news.example/", "https://a b.example/", "http://[::1"),
        *("https://news.example:99999/", f"https://news.example/{'x' * 2048}", "https://<x>.example/"),
    ],
)
def test_no_reader_is_sent_to_what_is_no_web_address(address: str | None) -> None:
    assert SafeLink.of(address) is None


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://news.example/wiki/Bridge_(Arn)", "https://news.example/wiki/Bridge_%28Arn%29"),
        ('https://news.example/a b|<c>"', "https://news.example/a%20b%7C%3Cc%3E%22"),
        ("https://user:secret@news.example/a", "https://news.example/a"),
        ("https://news.example/a?utm_source=x&id=7&fbclid=y#part", "https://news.example/a?id=7#part"),
        ("https://news.example/a?utm_source=x", "https://news.example/a"),
        ("https://news.example/%41%zz", "https://news.example/%41%25zz"),
        ("https://zürich.example/ü", "https://xn--zrich-kva.example/%C3%BC"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
        ("http://[2001:db8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
    ],
    ids=["brackets", "ends-of-links", "user-data", "tracking", "only-tracking", "percent", "idn", "port", "ipv6"],
)
def test_an_address_is_made_safe(address: str, safe: str) -> None:
    assert SafeLink.of(address) == safe


@pytest.mark.parametrize(
    "parameter", ["at_medium", "at_x", "CMP", "xtor", "spm", "_ga", "utm%5Fsource", "__twitter_impression"]
)
def test_what_only_tracks_a_reader_is_in_no_link(parameter: str) -> None:
    assert SafeLink.of(f"https://news.example/a?id=7&{parameter}=x&ref=main") == "https://news.example/a?id=7&ref=main"


@given(st.one_of(st.text(), st.sampled_from(INJECTIONS), st.text().map("https://news.example/".__add__)))
def test_a_safe_link_never_ends_early(address: str) -> None:
    link = SafeLink.of(address)

    if link is not None:
        assert not set(link) & set('<>|"()[] \n\\`')
        assert link.isascii()
        assert urlsplit(link).scheme in ("http", "https")
        assert "@" not in urlsplit(link).netloc
        assert SafeLink.of(link) == link


@pytest.mark.parametrize(
    ("sentence", "directive"),
    [
        ("Crews restored power to 900,000 homes on Saturday", "Crews%20restored%20power%20to%20900%2C000,on%20Saturday"),
        (
            "A well-known firm, Smith & Sons, sold its low-cost ship",
            "A%20well%2Dknown%20firm%2C%20Smith%20%26,low%2Dcost%20ship",
        ),
        ("The basin reopens on 20 October", "The%20basin%20reopens%20on%2020%20October"),
        ("Smith & Sons,  Ltd\nclosed", "Smith%20%26%20Sons%2C%20Ltd%20closed"),
        ("- The dry dock is to close for good this week.", "The%20dry%20dock%20is%20to,this%20week."),
        ("| | The basin reopens on 20 October", "The%20basin%20reopens%20on%2020%20October"),
    ],
    ids=["five-and-two", "dash-comma-ampersand", "short-whole", "white-space", "list-item", "cell"],
)
def test_a_text_fragment_names_the_ends_of_the_sentence(sentence: str, directive: str) -> None:
    link = SafeLink.of("https://news.example/a")

    assert link is not None
    assert link.at(sentence) == f"https://news.example/a#:~:text={directive}"
    assert link.at(sentence).bare == link


def test_a_beginning_that_stands_on_the_page_twice_is_taken_longer() -> None:
    link = SafeLink.of("https://news.example/a")
    sentence = "The number of new cases in the north of the county rose to 41 on Monday"
    teaser = "With the number of\nnew cases in every town rising, Ostby closes its pier."

    assert link is not None
    assert link.at(sentence, f"{sentence}. {teaser}").endswith("text=The%20number%20of%20new%20cases%20in%20the,on%20Monday")


def test_a_fragment_of_the_address_stays_before_the_directive() -> None:
    link = SafeLink.of("https://news.example/a#part:~:text=old")

    assert link is not None
    assert link.at("One two") == "https://news.example/a#part:~:text=One%20two"
    assert link.at("One two").bare == "https://news.example/a#part"


def test_a_fragment_that_grows_too_long_is_left_out() -> None:
    link = SafeLink.of("https://news.example/a")

    assert link is not None
    assert link.at("漢" * 1000) == link


@given(st.text(min_size=1).filter(lambda text: not text.split() or text.split()[0] not in "-*•·|"))
def test_a_text_directive_has_only_the_commas_and_dashes_of_its_grammar(sentence: str) -> None:
    link = SafeLink.of("https://news.example/a")
    assert link is not None

    directive = link.at(sentence.encode(errors="ignore").decode()).partition("text=")[2]

    words = sentence.encode(errors="ignore").decode().split()
    assert "-" not in directive
    assert "&" not in directive
    ends = [unquote(end) for end in directive.split(",")]
    assert ends == ([" ".join(words)] if len(words) <= 7 else [" ".join(words[:5]), " ".join(words[-2:])])


def test_only_a_page_that_was_read_opens_at_the_sentence() -> None:
    text = "The bridge opens."
    read, feed_only, local = (
        Citation(article("News", text, page_read=read, url=url), 0, len(text))
        for read, url in ((True, "https://news.example/a"), (False, "https://news.example/a"), (True, None))
    )

    assert cited(read) == "https://news.example/a#:~:text=The%20bridge%20opens."
    assert cited(feed_only) == "https://news.example/a"
    assert cited(local) is None
    assert cited(read, "https://other.example/b") == "https://other.example/b"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Example News", "Example News"),
        ("bank.example", "news.example"),
        ("https://bank.example/login", "news.example"),
        ("Pay at https://bank.example/login now", "Pay at news.example now"),
        ("www.bank.example", "news.example"),
        ("news.example", "news.example"),
        ("www.news.example", "www.news.example"),
        ("https://news.example/a", "https://news.example/a"),
        ("Amazon.example sues bank.example", "Amazon.example sues bank.example"),
    ],
)
def test_a_label_never_shows_another_host_than_it_opens(words: str, shown: str) -> None:
    assert label(SafeText(words), SafeLink.of("https://news.example/a")) == shown
