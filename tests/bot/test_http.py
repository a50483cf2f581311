"""The fetcher against servers that obey, that fail, and that mean harm."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientConnectorError, ClientOSError, ClientSession
from aiohttp import web as aioweb
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType

from bot.address import Peer, read_address
from bot.errors import SourceError
from bot.http import Client, user_agent
from bot.http.guard import Guard, GuardedConnector, RefusalError, SystemResolver
from bot.http.manners import Turns
from bot.http.redirects import Redirect, Way
from bot.model import Validators
from config.settings import exact_peer
from tests.servers.web import Web, Wire

FEED = b"<rss version='2.0'><channel><title>Ferries</title></channel></rss>"
OK = b"HTTP/1.1 200 OK\r\n"


class Names(AbstractResolver):
    """A resolver with a table; a name may give another answer each time it is asked."""

    def __init__(self, table: Mapping[str, list[str]], *later: Mapping[str, list[str]]) -> None:
        self._tables = [table, *later]
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        self.asked.append(host)
        table = self._tables[min(len(self.asked), len(self._tables)) - 1]
        if host not in table:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [
            ResolveResult(
                hostname=host,
                host=ip,
                port=port,
                family=socket.AF_INET6 if ":" in ip else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for ip in table[host]
        ]

    async def close(self) -> None:
        pass


class Clock:
    """Time that passes only when somebody pauses."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with Web() as server:
        yield server


@asynccontextmanager
async def reading(*peers: str, deadline_s: float = 15.0, names: AbstractResolver | None = None) -> AsyncIterator[Client]:
    async with Client(
        user_agent=user_agent("1.0", "https://example.com/bot"),
        allow=[Peer(*exact_peer(each)) for each in peers],
        resolver=names,
        deadline_s=deadline_s,
    ) as client:
        yield client


async def failure(client: Client, url: str, validators: Validators = Validators()) -> SourceError:  # noqa: B008
    with pytest.raises(SourceError) as caught:
        await client.fetch(url, kind="feed", validators=validators)
    return caught.value


# --- who may be connected to


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://0.0.0.0/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data/",
        "http://168.63.129.16/",
        "http://100.100.100.200/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fd00:ec2::254]/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
    ],
)
async def test_an_ip_that_is_not_public_is_refused_for_good_in_the_words_of_the_operator(url: str) -> None:
    async with reading() as client:
        error = await failure(client, url)

    assert str(error) == (
        "I can't read that address: it points inside a private network. An operator can allow it in `fetch.allow`."
    )
    assert error.retry_after is None


@pytest.mark.parametrize("url", ["http://example.com:8080/", "http://93.184.215.14:22/", "https://example.com:6379/"])
async def test_a_port_that_is_not_the_web_s_is_refused_without_asking_dns(url: str) -> None:
    names = Names({})
    async with reading(names=names) as client:
        error = await failure(client, url)

    assert "ports 80 and 443" in str(error)
    assert error.retry_after is None
    assert names.asked == []


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["2606:4700::1111", "::1"], ["fe80::1"], ["::ffff:192.168.0.1"]],
    ids=" ".join,
)
async def test_a_name_is_refused_when_any_of_its_answers_is_private_but_may_be_asked_again_later(answers: list[str]) -> None:
    async with reading(names=Names({"news.example": answers})) as client:
        error = await failure(client, "http://news.example/feed")

    assert "private network" in str(error)
    assert error.retry_after == 3600


async def test_an_allowed_peer_opens_no_other_port_and_no_other_address(web: Web) -> None:
    web.serve("/feed", FEED)
    mapped = f"http://[::ffff:127.0.0.1]:{web.port}/feed"
    neighbour = f"http://127.0.0.2:{web.port}/feed"
    other_port = "http://127.0.0.1:1/"

    async with reading(web.peer) as client:
        assert (await client.fetch(web.url("/feed"), kind="feed")).body == FEED
        for url in (mapped, neighbour, other_port):
            assert "`fetch.allow`" in str(await failure(client, url))

    assert len(web.seen) == 1


async def test_a_name_may_lead_to_an_allowed_peer_and_is_asked_for_by_its_name(web: Web) -> None:
    web.serve("/feed", FEED)

    async with reading(web.peer, names=Names({"news.example": ["127.0.0.1"]})) as client:
        fetched = await client.fetch(f"http://news.example:{web.port}/feed", kind="feed")

    assert fetched.body == FEED
    assert web.seen[0].headers["Host"] == f"news.example:{web.port}"


async def test_a_name_that_changes_its_answer_between_check_and_connection_gains_nothing(web: Web) -> None:
    web.serve("/feed", FEED)
    names = Names({"news.example": ["127.0.0.1"]}, {"news.example": ["127.0.0.2"]})

    async with reading(web.peer, names=names) as client:
        await client.fetch(f"http://news.example:{web.port}/feed", kind="feed")

    assert names.asked == ["news.example"]


async def test_an_ip_is_refused_by_its_socket_when_nobody_read_the_address_before(web: Web) -> None:
    async with ClientSession(connector=GuardedConnector(Guard([]), Names({}))) as session:
        with pytest.raises(ClientConnectorError) as caught:
            await session.get(web.url("/feed"))

    assert isinstance(caught.value.__cause__, RefusalError)
    assert web.seen == []


async def test_the_peer_itself_is_refused_when_a_socket_went_elsewhere(web: Web) -> None:
    class Blind(Guard):
        def open_socket(self, addr_info: AddrInfoType) -> socket.socket:
            return socket.socket(addr_info[0], addr_info[1], addr_info[2])

    async with ClientSession(connector=GuardedConnector(Blind([]), Names({}))) as session:
        with pytest.raises(ClientOSError) as caught:
            await session.get(web.url("/feed"))

    assert isinstance(caught.value.__cause__, RefusalError)
    assert web.seen == []


async def test_the_system_s_resolver_gives_every_answer_with_its_port() -> None:
    answers = await SystemResolver().resolve("127.0.0.1", 443)

    assert [(answer["host"], answer["port"], answer["family"]) for answer in answers] == [("127.0.0.1", 443, socket.AF_INET)]


async def test_a_cancelled_lookup_holds_nobody_up() -> None:
    lookup = asyncio.create_task(SystemResolver().resolve("127.0.0.1", 443))
    await asyncio.sleep(0)
    lookup.cancel()

    with pytest.raises(asyncio.CancelledError):
        await lookup


async def test_tls_asks_for_the_name_and_not_for_the_checked_ip() -> None:
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda _, name, __: asked.append(name)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    async with server, reading(f"127.0.0.1:{port}", names=Names({"news.example": ["127.0.0.1"]})) as client:
        await failure(client, f"https://news.example:{port}/")  # for lack of a certificate, after the name was said

    assert asked == ["news.example"]


async def test_a_server_without_tls_is_said_to_have_none(web: Web) -> None:
    async with reading(web.peer) as client:
        error = await failure(client, f"https://{web.peer}/")

    assert "no encrypted connection" in str(error)


async def test_proxies_of_the_environment_are_not_asked(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.serve("/feed", FEED)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async with reading(web.peer) as client:
        assert (await client.fetch(web.url("/feed"), kind="feed")).body == FEED


# --- redirects


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/",
        "http://[::ffff:127.0.0.1]/",
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://localhost/",
        "http://inside.example/",
        "//10.0.0.1/",
        "file:///etc/passwd",
        "http://user:word@example.com/",
        "http://127.0.0.1:22/",
        "http://example.com\\@127.0.0.1/",
    ],
)
async def test_a_redirect_is_checked_like_a_first_address(web: Web, to: str) -> None:
    web.redirect("/feed", to)

    async with reading(web.peer, names=Names({"inside.example": ["192.168.1.1"]})) as client:
        error = await failure(client, web.url("/feed"))

    assert "address" in str(error)
    assert str(error).startswith("127.0.0.1 sends me on")
    assert error.retry_after == 3600  # what a login page of a hotel does to every feed must not end them


async def test_five_redirects_are_followed_and_a_sixth_is_not(web: Web) -> None:
    for hop in range(6):
        web.redirect(f"/{hop}", f"/{hop + 1}")
    web.serve("/6", FEED)

    async with reading(web.peer) as client:
        fetched = await client.fetch(web.url("/1"), kind="feed")
        error = await failure(client, web.url("/0"))

    assert (fetched.url, fetched.body) == (web.url("/6"), FEED)
    assert str(error) == "127.0.0.1 sends me on, and I follow 5 times only."


async def test_a_redirect_loop_ends_when_it_closes(web: Web) -> None:
    web.redirect("/a", "/b")
    web.redirect("/b", "/a")

    async with reading(web.peer) as client:
        error = await failure(client, web.url("/a"))

    assert "circle" in str(error)
    assert [seen.path for seen in web.seen] == ["/a", "/b"]


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        ([301, 308], "/2"),
        ([301, 302], "/1"),
        ([302, 301], None),
        ([307], None),
        ([303], None),
        ([308], "/1"),
        ([], None),
    ],
    ids=str,
)
async def test_a_source_has_moved_as_far_as_permanent_redirects_alone_lead(
    web: Web, statuses: list[int], moved_to: str | None
) -> None:
    for hop, status in enumerate(statuses):
        web.redirect(f"/{hop}", f"/{hop + 1}", status)
    web.serve(f"/{len(statuses)}", FEED)

    async with reading(web.peer) as client:
        fetched = await client.fetch(web.url("/0"), kind="feed")

    assert fetched.moved_to == (moved_to and web.url(moved_to))


@pytest.mark.parametrize(
    ("hops", "moved_to"),
    [
        (["https://a.test/", "https://b.test/"], "https://b.test/"),
        (["http://a.test/", "https://a.test/"], "https://a.test/"),
        (["https://a.test/", "http://a.test/"], None),
        (["https://a.test/", "https://b.test/", "http://b.test/", "https://c.test/"], "https://b.test/"),
    ],
    ids=["kept", "gained", "given up", "given up later"],
)
def test_a_move_that_gives_up_tls_is_followed_but_not_a_move(hops: list[str], moved_to: str | None) -> None:
    way = Way(read_address(hops[0]))

    for hop in hops[1:]:
        way = way.onward(Redirect(301, hop))

    assert (way.here.url, way.moved_to) == (hops[-1], moved_to)


async def test_no_cookie_comes_back_and_no_referer_goes_along(web: Web) -> None:
    async def with_cookie(_: aioweb.Request) -> aioweb.StreamResponse:
        response = aioweb.Response(status=302, headers={"Location": "/feed"})
        response.set_cookie("visitor", "7")
        return response

    web.handle("/start", with_cookie)
    web.serve("/feed", FEED)

    async with polite(web, Clock(), "news.example") as client:
        await client.fetch(f"http://news.example:{web.port}/start", kind="feed")
        await client.fetch(f"http://news.example:{web.port}/feed", kind="feed")

    assert len(web.seen) == 3
    for seen in web.seen:
        assert "Cookie" not in seen.headers
        assert "Referer" not in seen.headers


async def test_a_redirect_with_an_endless_body_is_not_waited_for(web: Web) -> None:
    web.serve("/feed", FEED)

    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        location = web.url("/feed").encode()
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10\r\n" + b"x" * 16 + b"\r\n")
            await writer.drain()

    async with Wire(endless) as wire, reading(web.peer, wire.peer) as client:
        assert (await client.fetch(wire.url(), kind="feed")).body == FEED


# --- what is said to the server


@pytest.mark.parametrize(("kind", "accepted"), [("feed", "application/rss+xml"), ("page", "text/html")])
async def test_a_request_says_who_asks_and_what_for(web: Web, kind: str, accepted: str) -> None:
    web.serve("/x", FEED)

    async with reading(web.peer) as client:
        await client.fetch(web.url("/x"), kind="feed" if kind == "feed" else "page")

    headers = web.seen[0].headers
    assert headers["User-Agent"] == "Dateline/1.0 (+https://example.com/bot)"
    assert headers["Accept"].startswith(accepted) or accepted in headers["Accept"]
    assert headers["Accept-Encoding"] == "gzip, deflate"
    assert "If-None-Match" not in headers
    assert "If-Modified-Since" not in headers


async def test_an_address_is_asked_for_as_it_was_signed(web: Web) -> None:
    web.serve("/%7e/feed", FEED)
    web.serve("/~/feed", FEED)

    async with reading(web.peer) as client:
        await client.fetch(web.url("/%7e/feed?sig=a%2Bb%2F%3D&x"), kind="feed")

    assert web.seen[0].path == "/%7e/feed?sig=a%2Bb%2F%3D&x"


@pytest.mark.parametrize(
    "etag",
    [b'"1"', b'W/"1"', b"bare", b'"a b, c"', b'"\\"', '"früh"'.encode(), 'W/"新聞"'.encode(), b'"' + b"x" * 4000 + b'"'],
)
async def test_validators_go_back_byte_for_byte(etag: bytes) -> None:
    answer = OK + b"ETag: " + etag + b"\r\nLast-Modified: yesterday, or so\r\nContent-Length: 2\r\n\r\nok"

    async with Wire(answer) as wire, reading(wire.peer) as client:
        first = await client.fetch(wire.url(), kind="feed")
        await client.fetch(wire.url(), kind="feed", validators=first.validators)

    assert b"\r\nIf-None-Match: " + etag + b"\r\n" in wire.requests[1]
    assert b"\r\nIf-Modified-Since: yesterday, or so\r\n" in wire.requests[1]


async def test_a_validator_that_cannot_go_back_unchanged_is_forgotten_and_the_other_kept() -> None:
    answer = OK + b'ETag: "fr\xfch"\r\nLast-Modified: now\r\nContent-Length: 2\r\n\r\nok'

    async with Wire(answer) as wire, reading(wire.peer) as client:
        fetched = await client.fetch(wire.url(), kind="feed")

    assert fetched.validators == Validators(last_modified="now")


@pytest.mark.parametrize("etag", ['"\r\nX: 1"', '"\udcfc"', '"\0"'])
async def test_a_stored_validator_that_would_break_the_request_is_left_out(web: Web, etag: str) -> None:
    web.serve("/feed", FEED)

    async with reading(web.peer) as client:
        await client.fetch(web.url("/feed"), kind="feed", validators=Validators(etag=etag, last_modified="now"))

    assert "If-None-Match" not in web.seen[0].headers
    assert web.seen[0].headers["If-Modified-Since"] == "now"


async def test_a_304_with_a_new_validator_updates_it_and_keeps_the_other(web: Web) -> None:
    web.serve("/feed", status=304, etag='"2"')

    async with reading(web.peer) as client:
        fetched = await client.fetch(web.url("/feed"), kind="feed", validators=Validators('"1"', "now"))

    assert fetched.validators == Validators('"2"', "now")


async def test_a_200_brings_its_own_validators_and_keeps_no_old_ones(web: Web) -> None:
    web.serve("/feed", FEED, last_modified="today")

    async with reading(web.peer) as client:
        fetched = await client.fetch(web.url("/feed"), kind="feed", validators=Validators('"1"', "yesterday"))

    assert fetched.validators == Validators(None, "today")


async def test_a_304_that_was_not_asked_for_is_an_error(web: Web) -> None:
    web.serve("/feed", status=304)

    async with reading(web.peer) as client:
        assert "304" in str(await failure(client, web.url("/feed")))


# --- bodies


def deflated(data: bytes, bits: int) -> bytes:
    packer = zlib.compressobj(wbits=bits)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(FEED)),
        ("X-GZIP", gzip.compress(FEED)),
        ("identity, gzip", gzip.compress(FEED)),
        ("gzip", gzip.compress(FEED[:20]) + gzip.compress(FEED[20:])),
        ("gzip", gzip.compress(FEED) + b"rubbish"),
        ("deflate", deflated(FEED, 15)),
        ("deflate", deflated(FEED, -15)),
        ("identity", FEED),
        ("", FEED),
    ],
    ids=["gzip", "x-gzip", "with identity", "two members", "rubbish behind", "zlib", "raw", "identity", "empty"],
)
async def test_one_layer_of_packing_is_taken_off(web: Web, coding: str, packed: bytes) -> None:
    web.serve("/feed", packed, content_encoding=coding)

    async with reading(web.peer) as client:
        fetched = await client.fetch(web.url("/feed"), kind="feed")

    assert fetched.body == FEED
    assert not fetched.truncated


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        (b"gzip", gzip.compress(FEED[:20]) + gzip.compress(FEED[20:])),
        (b"deflate", deflated(FEED, 15)),
        (b"deflate", deflated(FEED, -15)),
    ],
    ids=["gzip", "zlib", "raw"],
)
async def test_packing_that_arrives_byte_by_byte_is_taken_off(coding: bytes, packed: bytes) -> None:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"Content-Encoding: " + coding + b"\r\nTransfer-Encoding: chunked\r\n\r\n")
        for byte in packed:
            writer.write(b"1\r\n" + bytes([byte]) + b"\r\n")
            for _turn in range(5):  # the other end runs on this loop too: let it read this byte alone
                await asyncio.sleep(0)
        writer.write(b"0\r\n\r\n")

    async with Wire(talk) as wire, reading(wire.peer) as client:
        fetched = await client.fetch(wire.url(), kind="feed")

    assert (fetched.body, fetched.truncated) == (FEED, False)


@pytest.mark.parametrize(
    ("coding", "words"),
    [("br", "can't read ('br')"), ("zstd", "can't read"), ("gzip, gzip", "packed twice"), ("gzip", "can't be unpacked")],
)
async def test_other_packing_is_refused_in_words(web: Web, coding: str, words: str) -> None:
    web.serve("/feed", FEED, content_encoding=coding)

    async with reading(web.peer) as client:
        error = await failure(client, web.url("/feed"))

    assert words in str(error)
    assert error.retry_after == 3600


async def test_a_bomb_stops_at_the_cap_and_is_called_one(web: Web) -> None:
    bomb = gzip.compress(bytes(100 << 20))
    web.serve("/feed", bomb, content_encoding="gzip")

    async with reading(web.peer) as client:
        tracemalloc.start()
        error = await failure(client, web.url("/feed"))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert "unpack to more than 5 MiB" in str(error)
    assert peak < 16 << 20


@pytest.mark.parametrize("packed", [False, True])
async def test_a_document_over_the_cap_is_cut_there_and_says_so(web: Web, packed: bool) -> None:
    text = b"".join(b"%07d\n" % number for number in range(800_000))
    coding = "gzip" if packed else "identity"
    web.serve("/big", gzip.compress(text, 1) if packed else text, etag='"1"', content_encoding=coding)

    async with reading(web.peer) as client:
        feed = await client.fetch(web.url("/big"), kind="feed")
        page = await client.fetch(web.url("/big"), kind="page")

    assert feed.body == text[: 5 << 20]
    assert page.body == text[: 2 << 20]
    assert feed.truncated
    assert page.truncated
    assert feed.validators == Validators()


async def test_a_document_of_exactly_the_cap_is_whole(web: Web) -> None:
    web.serve("/page", b"x" * (2 << 20))

    async with reading(web.peer) as client:
        fetched = await client.fetch(web.url("/page"), kind="page")

    assert (len(fetched.body), fetched.truncated) == (2 << 20, False)


async def test_chunks_without_end_stop_at_the_cap() -> None:
    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"Transfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            await writer.drain()

    async with Wire(endless) as wire, reading(wire.peer) as client:
        fetched = await client.fetch(wire.url(), kind="page")

    assert (len(fetched.body), fetched.truncated) == (2 << 20, True)


@pytest.mark.parametrize(
    "head",
    [b"Content-Length: 999\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n42\r\n"],
    ids=["shorter than its length", "chunks break off"],
)
async def test_a_body_that_breaks_off_is_given_as_far_as_it_came_without_validators(head: bytes) -> None:
    async with Wire(OK + b'ETag: "1"\r\n' + head + FEED) as wire, reading(wire.peer) as client:
        fetched = await client.fetch(wire.url(), kind="feed")

    assert (fetched.body, fetched.truncated, fetched.validators) == (FEED, True, Validators())


async def test_packing_that_breaks_off_is_given_as_far_as_it_came(web: Web) -> None:
    text = bytes(range(256)) * 4000
    packed = gzip.compress(text)
    web.serve("/feed", packed[: len(packed) // 2], content_encoding="gzip")

    async with reading(web.peer) as client:
        fetched = await client.fetch(web.url("/feed"), kind="feed")

    assert fetched.truncated
    assert fetched.body
    assert text.startswith(fetched.body)


async def test_a_missing_content_type_is_an_empty_one() -> None:
    async with Wire(OK + b"Content-Length: 2\r\n\r\nok") as wire, reading(wire.peer) as client:
        fetched = await client.fetch(wire.url(), kind="feed")

    assert (fetched.content_type, fetched.body, fetched.link_header) == ("", b"ok", "")


async def test_link_headers_and_odd_content_types_come_as_text_that_can_be_stored() -> None:
    head = b"Content-Type: text/xml; x=\xfc\r\nLink: </a>; rel=alternate\r\nLink: </b>; rel=hub\r\nContent-Length: 2\r\n\r\nok"

    async with Wire(OK + head) as wire, reading(wire.peer) as client:
        fetched = await client.fetch(wire.url(), kind="feed")

    assert fetched.content_type == "text/xml; x=ü"
    assert fetched.link_header == "</a>; rel=alternate, </b>; rel=hub"


async def test_others_get_a_turn_for_every_64_kb_that_are_unpacked(web: Web) -> None:
    text = b"the ferry is late; " * 200_000 + bytes(range(256)) * 400
    web.serve("/feed", gzip.compress(text, 1), content_encoding="gzip")
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with reading(web.peer) as client:
        counting = asyncio.create_task(count())
        fetched = await client.fetch(web.url("/feed"), kind="feed")
        counting.cancel()

    assert len(fetched.body) == len(text)
    assert turns > len(text) // 65536


# --- servers that fail


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 xyz\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
        OK + b"A" * 20_000 + b": 1\r\n\r\n",
        OK + b"A: " + b"1" * 20_000 + b"\r\n\r\n",
        OK + b"A: 1\r\n" * 5_000 + b"\r\n",
        OK + b"Content-Length: -1\r\n\r\n",
        OK + b"Content-Length: 10\r\nContent-Length: 20\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        OK + b"Content-Length: 10\r\n\r\n",
    ],
    ids=[
        "nothing",
        "an empty line",
        "another protocol",
        "a broken status",
        "TLS on a plain port",
        "a huge header name",
        "a huge header",
        "too many headers",
        "a negative length",
        "two lengths",
        "a broken chunk",
        "a body that never begins",
    ],
)
async def test_rubbish_is_an_error_of_the_source(answer: bytes) -> None:
    async with Wire(answer) as wire, reading(wire.peer) as client:
        error = await failure(client, wire.url())

    assert str(error).startswith("127.0.0.1 ")
    assert error.retry_after == 3600


async def test_a_connection_that_is_reset_is_an_error_of_the_source() -> None:
    async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        writer.transport.abort()

    async with Wire(reset) as wire, reading(wire.peer) as client:
        error = await failure(client, wire.url())

    assert str(error) == "127.0.0.1 broke the connection off."
    assert len(wire.requests) == 1


async def test_a_connection_kept_alive_that_the_server_closed_meanwhile_is_opened_anew() -> None:
    served = 0

    async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal served
        served += 1
        writer.write(OK + b"Content-Length: 2\r\n\r\nok")
        await writer.drain()
        if served == 1:
            await reader.readuntil(b"\r\n\r\n")  # closes as soon as the next request comes in on it

    async with Wire(twice) as wire, reading(wire.peer) as client:
        for _ in range(2):
            assert (await client.fetch(wire.url(), kind="feed")).body == b"ok"

    assert served == 2


async def test_a_closed_port_and_an_unknown_name_say_so() -> None:
    async with Wire(b"") as wire:
        peer, url = wire.peer, wire.url()

    async with reading(peer, names=Names({})) as client:
        assert str(await failure(client, url)) == "127.0.0.1 can't be reached."
        error = await failure(client, "http://news.example/")
        assert (str(error), error.nowhere) == ("I can't find news.example: its name leads nowhere (DNS).", True)


@pytest.mark.parametrize("part", ["status", "headers", "body"])
async def test_a_server_that_drips_meets_the_deadline(part: str) -> None:
    said = {"status": b"", "headers": OK, "body": OK + b"Content-Length: 9999\r\n\r\n"}[part]
    drop = {"status": b"\r\n", "headers": b"A: 1\r\n", "body": b"x"}[part]

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        while not writer.is_closing():
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.02)

    async with Wire(drip) as wire, reading(wire.peer, deadline_s=0.2) as client:
        error = await failure(client, wire.url())

    assert str(error) == "127.0.0.1 took longer than 0.2 s."
    assert error.retry_after == 3600


async def test_a_name_server_that_is_silent_meets_the_deadline() -> None:
    class Silent(Names):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
        ) -> list[ResolveResult]:
            await asyncio.Event().wait()
            return []

    async with reading(names=Silent({}), deadline_s=0.05) as client:
        error = await failure(client, "http://news.example/")

    assert "took longer" in str(error)


async def test_the_deadline_holds_for_all_redirects_together(web: Web) -> None:
    async def slow(request: aioweb.Request) -> aioweb.StreamResponse:
        await asyncio.sleep(0.1)
        return aioweb.Response(status=302, headers={"Location": f"/{int(request.path[1:]) + 1}"})

    for hop in range(5):
        web.handle(f"/{hop}", slow)
    web.serve("/5", FEED)

    async with reading(web.peer, deadline_s=0.3) as client:
        error = await failure(client, web.url("/0"))

    assert "took longer" in str(error)


async def test_a_cancelled_fetch_leaves_no_connection() -> None:
    arrived, left = asyncio.Event(), asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"Content-Length: 9\r\n\r\nx")
        arrived.set()
        await reader.read()  # b"" as soon as the other end is closed
        left.set()

    async with Wire(hang) as wire, reading(wire.peer) as client:
        fetching = asyncio.create_task(client.fetch(wire.url(), kind="feed"))
        await arrived.wait()
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching

        await asyncio.wait_for(left.wait(), 5)


@pytest.mark.parametrize(
    ("status", "headers", "retry_after"),
    [
        (429, {"retry_after": "120"}, 120),
        (503, {"retry_after": "Sun, 13 Oct 2024 18:10:00 GMT", "date": "Sun, 13 Oct 2024 18:00:00 GMT"}, 600),
        (503, {"retry_after": "Sun, 13 Oct 2024 17:00:00 GMT", "date": "Sun, 13 Oct 2024 18:00:00 GMT"}, 0),
        (429, {"retry_after": "9" * 400}, 31 * 86400),
        (429, {"retry_after": "soon"}, 4 * 3600),
        (429, {"retry_after": "-5"}, 4 * 3600),
        (429, {}, 4 * 3600),
        (503, {}, 4 * 3600),
        (403, {}, 4 * 3600),
        (404, {}, 3600),
        (500, {}, 3600),
        (204, {}, 3600),
        (302, {}, 3600),
        (410, {}, None),
        (410, {"retry_after": "5"}, None),
    ],
)
async def test_a_refusal_says_when_to_ask_again(
    web: Web, status: int, headers: dict[str, str], retry_after: float | None
) -> None:
    web.serve("/feed", b"", status, **headers)

    async with reading(web.peer) as client:
        error = await failure(client, web.url("/feed"))

    assert f"127.0.0.1 answered {status} (" in str(error)
    assert (error.status, error.retry_after) == (status, retry_after)
    assert error.asked == (status in (429, 503) and retry_after != 4 * 3600)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, None),
        ({"cache_control": "max-age=1800"}, 1800),
        ({"cache_control": 'public, Max-Age="60"'}, 60),
        ({"cache_control": "no-cache, max-age=1800"}, None),
        ({"cache_control": "max-age=0"}, None),
        ({"cache_control": "max-age=99999999"}, 86400),
        ({"cache_control": "max-age=-1"}, None),
        ({"expires": "Sun, 13 Oct 2024 18:10:00 GMT", "date": "Sun, 13 Oct 2024 18:00:00 GMT"}, 600),
        (
            {
                "cache_control": "max-age=60",
                "expires": "Sun, 13 Oct 2024 18:10:00 GMT",
                "date": "Sun, 13 Oct 2024 18:00:00 GMT",
            },
            60,
        ),
        ({"expires": "0"}, None),
        ({"expires": "Sun, 13 Oct 2024 17:00:00 GMT", "date": "Sun, 13 Oct 2024 18:00:00 GMT"}, None),
        ({"cache_control": "max-age=60", "retry_after": "7200"}, 7200),
    ],
    ids=str,
)
async def test_a_good_answer_says_how_long_it_stays_good(web: Web, headers: dict[str, str], wait_s: float | None) -> None:
    web.serve("/feed", FEED, 200, **headers)

    async with reading(web.peer) as client:
        fetched = await client.fetch(web.url("/feed"), kind="feed")

    assert fetched.wait_s == wait_s


# --- manners


@asynccontextmanager
async def polite(web: Web, clock: Clock, *names: str) -> AsyncIterator[Client]:
    """A client for which these names lead to ``web``."""
    async with Client(
        user_agent="Dateline",
        allow=[Peer(*exact_peer(web.peer))],
        resolver=Names({name: ["127.0.0.1"] for name in names}),
        clock=clock,
        pause=clock.pause,
    ) as client:
        yield client


async def test_requests_within_a_domain_start_a_second_apart_and_others_at_once(web: Web) -> None:
    web.serve("/feed", FEED)
    clock = Clock()

    async with polite(web, clock, "a.news.example", "b.news.example", "other.test") as client:
        for name in ("a.news.example", "b.news.example", "other.test", "a.news.example"):
            await client.fetch(f"http://{name}:{web.port}/feed", kind="feed")

    assert clock.pauses == [1.0, 1.0]


async def test_the_gap_holds_for_those_who_come_together(web: Web) -> None:
    web.serve("/feed", FEED)
    clock = Clock()
    names = [f"{label}.news.example" for label in "abcd"]

    async with polite(web, clock, *names) as client:
        await asyncio.gather(*(client.fetch(f"http://{name}:{web.port}/feed", kind="feed") for name in names))

    assert clock.pauses == [1.0, 1.0, 1.0]


async def test_the_gap_is_remembered_as_long_as_it_lasts(web: Web) -> None:
    web.serve("/feed", FEED)
    clock = Clock()

    async with polite(web, clock, "a.test", "b.test", "c.test") as client:
        for name, later_s in [("a.test", 0.5), ("b.test", 0.75), ("c.test", 0.0), ("b.test", 0.0)]:
            await client.fetch(f"http://{name}:{web.port}/feed", kind="feed")
            clock.now += later_s

    assert clock.pauses == [0.25]


async def test_who_gives_up_while_waiting_leaves_the_gap_to_the_next() -> None:
    clock, waits = Clock(), asyncio.Event()

    async def pause(seconds: float) -> None:
        await clock.pause(seconds)
        if not waits.is_set():
            waits.set()
            await asyncio.Event().wait()

    async def ask(turns: Turns) -> None:
        async with turns.turn("a.test", "a.test"):
            pass

    turns = Turns(clock=clock, pause=pause)
    await ask(turns)
    impatient = asyncio.create_task(ask(turns))
    await waits.wait()
    impatient.cancel()
    clock.now -= 0.75
    await ask(turns)

    assert clock.pauses == [1.0, 0.75]


async def test_the_operator_s_own_peers_wait_for_no_gap(web: Web) -> None:
    web.serve("/feed", FEED)
    clock = Clock()

    async with polite(web, clock) as client:
        for _ in range(5):
            await client.fetch(web.url("/feed"), kind="feed")

    assert clock.pauses == []


class Crowd:
    """A handler that counts how many requests are inside at once, and lets them go when nobody new has come."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0

    async def __call__(self, _: aioweb.Request) -> aioweb.StreamResponse:
        self.inside += 1
        self.most = max(self.most, self.inside)
        for _round in range(50):
            await asyncio.sleep(0)
        self.inside -= 1
        return aioweb.Response(body=FEED)


async def test_a_host_is_asked_one_thing_at_a_time(web: Web) -> None:
    crowd = Crowd()
    web.handle("/feed", crowd)

    async with reading(web.peer) as client:
        await asyncio.gather(*(client.fetch(web.url("/feed"), kind="feed") for _ in range(8)))

    assert crowd.most == 1


async def test_hosts_are_asked_side_by_side_but_no_more_than_32(web: Web) -> None:
    full = asyncio.Event()
    inside = most = 0

    async def crowd(_: aioweb.Request) -> aioweb.StreamResponse:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        if inside == 32:
            full.set()
        await asyncio.wait_for(full.wait(), 10)
        for _round in range(20):
            await asyncio.sleep(0)
        inside -= 1
        return aioweb.Response(body=FEED)

    web.handle("/feed", crowd)
    names = [f"news{number}.test" for number in range(40)]

    async with polite(web, Clock(), *names) as client:
        await asyncio.gather(*(client.fetch(f"http://{name}:{web.port}/feed", kind="feed") for name in names))

    assert most == 32


async def test_a_domain_that_asks_for_a_pause_is_left_alone_by_all_its_feeds(web: Web) -> None:
    web.serve("/busy", status=429, retry_after="600")
    web.serve("/feed", FEED)
    clock = Clock()

    async with polite(web, clock, "a.news.example", "b.news.example", "other.test") as client:
        await failure(client, f"http://a.news.example:{web.port}/busy")
        error = await failure(client, f"http://b.news.example:{web.port}/feed")
        await client.fetch(f"http://other.test:{web.port}/feed", kind="feed")
        clock.now += 600
        late = await client.fetch(f"http://b.news.example:{web.port}/feed", kind="feed")

    assert str(error) == "news.example asked to be left alone for a while."
    assert error.retry_after == pytest.approx(600, abs=2)
    assert late.body == FEED
    assert [seen.path for seen in web.seen] == ["/busy", "/feed", "/feed"]


async def test_waiting_for_a_turn_costs_nothing_of_the_deadline(web: Web) -> None:
    async def slow(_: aioweb.Request) -> aioweb.StreamResponse:
        await asyncio.sleep(0.1)
        return aioweb.Response(body=FEED)

    web.handle("/feed", slow)

    async with reading(web.peer, deadline_s=0.4) as client:
        fetched = await asyncio.gather(*(client.fetch(web.url("/feed"), kind="feed") for _ in range(6)))

    assert [each.body for each in fetched] == [FEED] * 6
