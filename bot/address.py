"""Which foreign addresses may be read: pure rules on URLs, IP addresses and names.

Nothing here resolves or connects.  ``bot.http`` asks twice: for the address as written, and for every peer it is about
to connect to, because a harmless name may stand for a machine inside the operator's own network.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urljoin, urlsplit

import idna

from bot.errors import SourceError

MAX_CHARACTERS = 2048
PORTS = {"http": 80, "https": 443}

PRIVATE = "it points inside a private network. An operator can allow it in `fetch.allow`"
ODD_PORT = "only ports 80 and 443 are read. An operator can allow more in `fetch.allow`"

# ``ipaddress`` calls most of these global, yet each can lead into a private network or to a cloud's own services.
_NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        *("100.64.0.0/10", "168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24"),
        *("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16"),
        *("3fff::/20", "5f00::/16", "fec0::/10"),
    )
)

# Under a country's own domain these second labels are open to everyone's names: example.co.uk, example.com.au.
_SHARED_LABELS = frozenset(
    (
        *("ac", "co", "com", "edu", "gen", "go", "gob", "gouv", "gov", "gv", "ltd", "me", "mil"),
        *("ne", "net", "nhs", "nom", "or", "org", "plc", "sch", "web"),
    )
)

_PLAIN = re.compile(r"[!-\[\]-~]*")  # printable ASCII but the space and the backslash
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_BRACKETED = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[0-9]*)?")
_KEPT = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Peer:
    """The far end of a connection.  Compared exactly: a mapped ``::ffff:127.0.0.1`` is not ``127.0.0.1``."""

    ip: IPv4Address | IPv6Address
    port: int

    def __str__(self) -> str:
        return f"{self.ip}:{self.port}" if self.ip.version == 4 else f"[{self.ip}]:{self.port}"


@dataclass(frozen=True, slots=True)
class Address:
    """An http(s) URL that is safe to write on the wire as it stands; whether its peer is, only connecting can tell.

    Args:
        url: ASCII, without fragment; path and query are as written, for signed addresses break when they are "cleaned".
        host: lower case, in IDNA's ASCII form, or an IP address without brackets.
        ip: set when the host is one.
    """

    url: str
    scheme: str
    host: str
    port: int
    ip: IPv4Address | IPv6Address | None = None


@lru_cache(maxsize=4096)  # the same addresses are polled again and again; reading one costs a tenth of a poll
def read_address(text: str) -> Address:
    """Return ``text`` as an address that may be asked for.

    Raises:
        SourceError: it is none; the text says what is wrong with it, and trying again cannot help.

    >>> read_address("HTTP://Example.com/feed#top").url
    'http://example.com/feed'
    """
    if len(text) > MAX_CHARACTERS:
        raise refusal(f"it is longer than {MAX_CHARACTERS:,} characters")
    if not _PLAIN.fullmatch(text) and any(_is_hidden(character) for character in text):
        raise refusal("it holds a space, a backslash or a character that nobody can see")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise refusal("it is not written as an address is") from None
    if parts.scheme not in PORTS:
        raise refusal("it does not begin with http:// or https://")
    if "@" in parts.netloc:
        raise refusal("it carries a user name or a password")
    host, ip = _read_literal(parts.netloc) if "[" in parts.netloc else _read_name(parts.hostname or "")
    shown = f"[{host}]" if ip is not None and ip.version == 6 else host
    if port is not None and port != PORTS[parts.scheme]:
        shown = f"{shown}:{port}"
    query = f"?{quote(parts.query, safe=_KEPT)}" if parts.query else ""
    url = f"{parts.scheme}://{shown}{quote(parts.path, safe=_KEPT) or '/'}{query}"
    if len(url) > MAX_CHARACTERS:
        raise refusal(f"it is longer than {MAX_CHARACTERS:,} characters")
    return Address(url, parts.scheme, host, PORTS[parts.scheme] if port is None else port, ip)


def join_address(base: Address, location: str) -> Address:
    """Return where a redirect from ``base`` leads; the same rules hold for it.

    Raises:
        SourceError: as `read_address`.
    """
    if not _PLAIN.fullmatch(location) and any(_is_hidden(character) for character in location):
        raise refusal("it holds a space, a backslash or a character that nobody can see")  # urljoin would drop some
    try:
        return read_address(urljoin(base.url, location))
    except ValueError:
        raise refusal("it is not written as an address is") from None


def refusal(why: str, *, retry_after: float | None = None) -> SourceError:
    """Return the error for an address that is not read, in the words that the asker sees."""
    return SourceError(f"I can't read that address: {why}.", retry_after=retry_after, refused=True)


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Say whether ``ip`` is on the open internet; a mapped IPv4 address counts as what it wraps."""
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return not any(ip in network for network in _NOT_PUBLIC if network.version == ip.version)


def is_loopback(host: str) -> bool:
    """Whether a host, as an address names it, is this very machine: there a secret may go without TLS.

    >>> [is_loopback(host) for host in ("localhost", "127.0.0.1", "::1", "10.0.0.1", "localhost.example")]
    [True, True, True, False, False]
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def registrable_domain(host: str) -> str:
    """Return the part of a host's name that somebody registered; manners (pauses, gaps) hold for all of it.

    Two labels, or three under a country's shared second label (``bbc.co.uk``).  This is a rule of thumb, not the Public
    Suffix List: neighbours on a platform (``a.github.io``, ``b.github.io``) count as one, which is what its limits do too.
    An IP address is its own domain.

    >>> registrable_domain("feeds.bbci.co.uk")
    'bbci.co.uk'
    """
    labels = host.split(".")
    if ":" in host or _NUMBER.fullmatch(labels[-1]):
        return host
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED_LABELS
    return ".".join(labels[-3 if shared else -2 :])


def domain_at(url: str) -> str | None:
    """The registrable domain of an address; None for a file, and for an IP that is not public, where each peer is by itself."""
    try:
        address = read_address(url)
    except SourceError:
        return None
    return None if address.ip is not None and not is_public(address.ip) else registrable_domain(address.host)


def _is_hidden(character: str) -> bool:
    return character == "\\" or character.isspace() or unicodedata.category(character)[0] in "CZ"


def _read_literal(netloc: str) -> tuple[str, IPv6Address]:
    found = _BRACKETED.fullmatch(netloc)
    try:
        ip = IPv6Address(found[1] if found else "")
    except ValueError:
        raise refusal("its host is no IP address") from None
    return str(ip), ip


def _read_name(written: str) -> tuple[str, IPv4Address | None]:
    host = _ascii_host(written)
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):  # what resolvers and browsers read as a number: 127.1, 0x7f.1, 2130706433
        try:
            return host, IPv4Address(host)
        except ValueError:
            raise refusal("its host is a number but no plain IP address") from None
    if len(labels) < 2 or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise refusal("its host is not a full name such as example.com")
    return host, None


def _ascii_host(written: str) -> str:
    host = written.lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except UnicodeError:
            raise refusal("its host is not a full name such as example.com") from None
    return host.removesuffix(".")
