"""What every fetcher promises: the real one against a web server, and the fake that stands in for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from bot.address import Peer
from bot.errors import SourceError
from bot.http import Client
from bot.model import Fetched, Validators
from bot.ports import Fetcher
from config.settings import exact_peer
from tests.fakes import FakeFetcher
from tests.servers.web import Web

FEED = b"<rss version='2.0'/>"
VALIDATORS = Validators(etag='W/"7"', last_modified="Sun, 13 Oct 2024 18:00:00 GMT")

Setting = tuple[Fetcher, Callable[[str], str]]


@pytest.fixture(params=["real", "fake"])
async def setting(request: pytest.FixtureRequest) -> AsyncIterator[Setting]:
    async with Web() as web:
        web.serve("/feed", FEED, content_type="application/rss+xml", etag='W/"7"', last_modified=VALIDATORS.last_modified or "")
        web.serve("/plain", FEED)
        web.serve("/gone", status=410)
        web.serve("/busy", status=503, retry_after="120")
        if request.param == "fake":
            yield _fake(web.url), web.url
        else:
            async with Client(user_agent="Dateline/test", allow=[Peer(*exact_peer(web.peer))]) as client:
                yield client, web.url


def _fake(url: Callable[[str], str]) -> FakeFetcher:
    return FakeFetcher(
        {
            url("/feed"): Fetched(url("/feed"), 200, FEED, content_type="application/rss+xml", validators=VALIDATORS),
            url("/plain"): Fetched(url("/plain"), 200, FEED),
            url("/gone"): SourceError("gone", retry_after=None),
            url("/busy"): SourceError("busy", retry_after=120.0),
        }
    )


async def test_a_document_comes_with_its_body_type_and_validators(setting: Setting) -> None:
    fetcher, url = setting

    fetched = await fetcher.fetch(url("/feed"), kind="feed")

    assert (fetched.url, fetched.status, fetched.body) == (url("/feed"), 200, FEED)
    assert fetched.content_type == "application/rss+xml"
    assert fetched.validators == VALIDATORS
    assert not fetched.truncated
    assert fetched.moved_to is None


async def test_a_document_that_did_not_change_comes_as_a_304_without_body_and_keeps_its_validators(setting: Setting) -> None:
    fetcher, url = setting

    fetched = await fetcher.fetch(url("/feed"), kind="feed", validators=VALIDATORS)

    assert (fetched.status, fetched.body, fetched.validators) == (304, b"", VALIDATORS)


async def test_old_validators_bring_the_whole_document(setting: Setting) -> None:
    fetcher, url = setting

    fetched = await fetcher.fetch(url("/feed"), kind="feed", validators=Validators(etag='W/"6"'))

    assert (fetched.status, fetched.body) == (200, FEED)


async def test_a_document_without_validators_always_comes_whole(setting: Setting) -> None:
    fetcher, url = setting

    first = await fetcher.fetch(url("/plain"), kind="page")
    second = await fetcher.fetch(url("/plain"), kind="page", validators=first.validators)

    assert first.validators == Validators()
    assert second.body == FEED


@pytest.mark.parametrize(("path", "retry_after"), [("/gone", None), ("/busy", 120.0), ("/nowhere", 3600.0)])
async def test_what_cannot_be_read_raises_and_says_when_to_ask_again(
    setting: Setting, path: str, retry_after: float | None
) -> None:
    fetcher, url = setting

    with pytest.raises(SourceError) as caught:
        await fetcher.fetch(url(path), kind="feed")

    assert caught.value.retry_after == retry_after
