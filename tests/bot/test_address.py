"""Which addresses are read.  The tables are what attackers write, and what honest feeds do."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.address import is_public, join_address, read_address, registrable_domain
from bot.errors import SourceError

NOT_PUBLIC = [
    ip_network(network)
    for network in [
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/23",
        "::/96",
        "::ffff:0:0:0/96",
        "fec0::/10",
        "100::/64",
        "3fff::/20",
        "5f00::/16",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "100.64.0.0/10",
        "168.63.129.16/32",
        "0.0.0.0/8",
        "10.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::1/128",
        "2001:db8::/32",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
    ]
]

REFUSED = {
    "no scheme": "example.com/feed",
    "a scheme without slashes": "http:example.com",
    "ftp": "ftp://example.com/feed",
    "file": "file:///etc/passwd",
    "gopher": "gopher://example.com:70/_x",
    "javascript": "javascript:alert(1)",
    "feed": "feed://example.com/rss",
    "no host": "http:///feed",
    "a port alone": "http://:80/",
    "user data": "http://user@example.com/",
    "user and password": "https://user:word@example.com/",
    "empty user data": "http://@example.com/",
    "a host that poses as user data": "http://example.com@127.0.0.1/",
    "a backslash that hides the host": "http://example.com\\@127.0.0.1/",
    "an encoded host": "http://127.0.0.1%2f.example.com/",
    "a space": "http://example.com/a b",
    "a leading space": " http://example.com/",
    "a tab in the scheme": "ht\ttp://example.com/",
    "a line break": "http://example.com/\r\nX-Injected: 1",
    "a NUL": "http://example.com/\0",
    "a no-break space": "http://example.com/\u00a0",
    "a bidi override": "http://example.com/\u202egpj.exe",
    "a zero-width space": "http://exam\u200bple.com/",
    "a lone surrogate": "http://example.com/\udc80",
    "one label": "http://localhost/",
    "one label with a dot": "http://localhost./",
    "one label that is short": "http://metadata/computeMetadata/v1/",
    "an empty label": "http://example..com/",
    "a leading dot": "http://.example.com/",
    "a label too long": f"http://{'a' * 64}.com/",
    "a name too long": f"http://{'a.' * 127}com/",
    "a hyphen at the edge": "http://-example.com/",
    "a foreign character in the host": "http://exa mple.com/".replace(" ", "\u2028"),
    "a host that folds into a slash": "http://evil.com\uff0fexample.com/",
    "short form": "http://127.1/",
    "three numbers": "http://127.0.1/",
    "a decimal number": "http://2130706433/",
    "a hexadecimal number": "http://0x7f000001/",
    "hexadecimal parts": "http://0x7f.1/",
    "hexadecimal last": "http://127.0.0.0x1/",
    "octal": "http://017700000001/",
    "octal parts": "http://0177.0.0.01/",
    "a number out of range": "http://256.256.256.256/",
    "five numbers": "http://1.2.3.4.5/",
    "full-width short form": "http://１２７.1/",
    "a network card": "http://[fe80::1%25eth0]/",
    "an unfinished bracket": "http://[::1/",
    "words before the bracket": "http://example[::1]/",
    "words behind the bracket": "http://[::1]example.com/",
    "a future form": "http://[v1.fe80::a]/",
    "a port that is no number": "http://example.com:http/",
    "a port too large": "http://example.com:65536/",
    "2,049 characters": "http://example.com/" + "a" * (2049 - 19),
    "2,049 characters once encoded": "http://example.com/" + "é" * 400,
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_what_could_lead_astray_is_refused_for_good(text: str) -> None:
    with pytest.raises(SourceError, match=r"^I can't read that address: it") as caught:
        read_address(text)

    assert caught.value.retry_after is None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://example.com", "http://example.com/"),
        ("HTTPS://Example.COM:443/Feed?b=2&a=1#top", "https://example.com/Feed?b=2&a=1"),
        ("http://example.com./", "http://example.com/"),
        ("http://example.com:/", "http://example.com/"),
        ("http://example.com?q", "http://example.com/?q"),
        ("http://bücher.example/straße?ä=ö", "http://xn--bcher-kva.example/stra%C3%9Fe?%C3%A4=%C3%B6"),
        ("http://example.com/%7ejo/%2f?sig=a%2Bb%3D", "http://example.com/%7ejo/%2f?sig=a%2Bb%3D"),
        ("http://my_feeds.example.com/", "http://my_feeds.example.com/"),
        ("http://93.184.215.14/", "http://93.184.215.14/"),
        ("http://[2606:4700::0001]/", "http://[2606:4700::1]/"),
        ("http://１.１.１.１/", "http://1.1.1.1/"),
        ("http://127.0.0.1:8080/feed", "http://127.0.0.1:8080/feed"),
    ],
)
def test_an_address_is_kept_as_written_but_for_what_the_wire_needs(text: str, url: str) -> None:
    assert read_address(text).url == url


def test_2048_characters_are_read() -> None:
    url = "http://example.com/" + "a" * (2048 - 19)

    assert read_address(url).url == url


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "https://example.com/b"),
        ("?page=2", "https://example.com/a/feed?page=2"),
        ("//cdn.example.net/x", "https://cdn.example.net/x"),
        ("http://example.org/", "http://example.org/"),
    ],
)
def test_a_redirect_is_read_from_where_it_stands(location: str, url: str) -> None:
    assert join_address(read_address("https://example.com/a/feed"), location).url == url


@pytest.mark.parametrize("location", ["/a b", "\\\\127.0.0.1\\x", "ht\ntp://127.0.0.1/", "file:///etc/passwd", "//[::1"])
def test_a_redirect_obeys_the_same_rules(location: str) -> None:
    with pytest.raises(SourceError):
        join_address(read_address("https://example.com/a/feed"), location)


@given(st.ip_addresses())
def test_no_address_of_a_listed_network_is_public(ip: IPv4Address | IPv6Address) -> None:
    plain = (ip.ipv4_mapped if isinstance(ip, IPv6Address) else None) or ip

    if is_public(ip):
        assert plain.is_global
        assert not plain.is_multicast
        assert not plain.is_reserved
        assert not any(plain in network for network in NOT_PUBLIC)


@pytest.mark.parametrize("network", NOT_PUBLIC, ids=str)
def test_a_listed_network_is_not_public_from_its_first_address_to_its_last(network: IPv4Network | IPv6Network) -> None:
    for ip in (network[0], network[network.num_addresses // 2], network[-1]):
        assert not is_public(ip), ip


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_as_public_as_the_one_it_wraps(ip: IPv4Address) -> None:
    assert is_public(IPv6Address(f"::ffff:{ip}")) == is_public(ip)


@pytest.mark.parametrize("written", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8"])
def test_the_open_web_is_public(written: str) -> None:
    assert is_public(ip_address(written))


@given(st.text(max_size=40))
def test_a_host_that_is_read_is_the_host_that_stands_in_the_address(host: str) -> None:
    try:
        address = read_address(f"http://{host}/x")
    except SourceError:
        return

    assert address.url.isascii()
    assert urlsplit(address.url).hostname == URL(address.url, encoded=True).raw_host == address.host


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.com", "example.com"),
        ("www.feeds.example.com", "example.com"),
        ("feeds.bbci.co.uk", "bbci.co.uk"),
        ("co.uk", "co.uk"),
        ("www.abc.net.au", "abc.net.au"),
        ("staff.tumblr.com", "tumblr.com"),
        ("93.184.215.14", "93.184.215.14"),
        ("2606:4700::1", "2606:4700::1"),
    ],
)
def test_manners_hold_for_what_somebody_registered(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain
