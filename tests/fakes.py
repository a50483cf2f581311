"""Stand-ins for the world.  Each passes the same tests in ``tests/contracts`` as the real thing."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.errors import DeliveryError, MessageGone, OutcomeUnknown, Rejected, SourceError, TargetGone
from bot.model import Abilities, Channel, FeedDocument, Fetched, PageDocument, PageFeeds, Payload, Receipt, Space, Validators
from bot.opml import Outline
from bot.ports import UNCONDITIONAL, Adapter
from bot.sources.discovery import page_feeds
from bot.sources.feed import read_feed
from bot.sources.opml import read_opml
from bot.sources.page import read_page
from bot.talk import Asked, Person, Progress, Reply, Request, quietly
from digests.claims import understand
from digests.model import Article, Digest, Understood
from digests.render.layout import arrange, split, words
from digests.render.safe import SafeText


class FakeFetcher:
    """Answers from a table: what lies at an address, or the error that reading it gives.

    ``asked`` holds every call as (url, kind, validators).  An address that is not in the table is not found.
    """

    def __init__(self, answers: Mapping[str, Fetched | SourceError]) -> None:
        self.answers = dict(answers)
        self.asked: list[tuple[str, str, Validators]] = []

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        self.asked.append((url, kind, validators))
        answer = self.answers.get(url) or SourceError(f"{url} answered 404 (not found).", retry_after=3600.0)
        if isinstance(answer, SourceError):
            raise answer
        if answer.status == 200 and validators == answer.validators != UNCONDITIONAL:
            return replace(answer, status=304, body=b"", content_type="", truncated=False, link_header="")
        return answer


class InlineReader:
    """A `bot.ports.Reader` and `bot.ports.Finder` that works in this process: for texts that the tests themselves wrote."""

    async def feed(self, fetched: Fetched, fetched_at: datetime) -> FeedDocument:
        return read_feed(
            fetched.body,
            url=fetched.url,
            content_type=fetched.content_type,
            fetched_at=fetched_at,
            link_header=fetched.link_header,
        )

    async def page(self, fetched: Fetched) -> PageDocument:
        return read_page(fetched.body, url=fetched.url, content_type=fetched.content_type)

    async def page_feeds(self, fetched: Fetched) -> PageFeeds:
        return page_feeds(fetched.body, url=fetched.url, content_type=fetched.content_type, link_header=fetched.link_header)

    async def opml(self, fetched: Fetched) -> tuple[Outline, ...]:
        return read_opml(fetched.body)

    async def understand(self, articles: Sequence[Article]) -> list[Understood]:
        return [understand(article) for article in articles]


@dataclass
class Posted:
    """A message as the fake platform holds it: ``text`` is what people see of it."""

    channel: Channel
    payload: Payload
    nonce: str
    thread: str | None
    id: str

    @property
    def text(self) -> str:
        return str(self.payload["text"])


class Lines:
    """Digests as plain lines: the pure half of an adapter whose platform knows no mark-up.

    Args:
        items_per_message: bounds the stories of a message, so that a long digest has parts.
    """

    def __init__(self, abilities: Abilities, items_per_message: int = 20) -> None:
        self.abilities = abilities
        self._items = items_per_message

    def render(self, digest: Digest) -> list[Payload]:
        sheet = arrange(digest)
        parts = split(sheet, lambda items, index: len(items) <= self._items)
        texts = [[words(line) for item in items for line in item.lines] for items in parts]
        texts[0] = [sheet.title, sheet.summary, sheet.nothing, *texts[0]]
        texts[-1] += ["" if self.abilities.controls else sheet.left_out, sheet.footer]
        return [{"text": "\n".join(filter(None, text)), "controls": self.abilities.controls} for text in texts]

    def render_line(self, text: str) -> Payload:
        return {"text": str(SafeText(text, 900) or "(no words)"), "controls": False}

    def plain(self, payload: Payload) -> list[Payload]:
        return [{**payload, "controls": False}]


class FakeAdapter(Lines):
    """A `bot.ports.Adapter` that posts to memory, with whatever abilities and whatever faults a test wants.

    ``posted`` is the platform's record, in order; ``calls`` counts attempts, also those that failed.  ``fail_next`` queues what
    the next posts and edits come to: an error, or with ``stored`` an error after the message was stored all the same.
    """

    def __init__(
        self,
        *,
        abilities: Abilities = Abilities(edit=True, thread=True, look_up=True, ids=True),  # noqa: B008
        items_per_message: int = 20,
    ) -> None:
        super().__init__(abilities, items_per_message)
        self.posted: list[Posted] = []
        self.calls = 0
        self.named: dict[str, str] | None = None  # its groups, by id
        self.closed: dict[Channel, DeliveryError] = {}  # channels to which nothing can be posted, and why
        self._faults: deque[tuple[DeliveryError, bool, Channel | None]] = deque()

    def fail_next(self, error: DeliveryError, *, stored: bool = False, channel: Channel | None = None) -> None:
        """``channel``: the fault waits for a call to it; several are served side by side."""
        self._faults.append((error, stored, channel))

    def heal(self) -> None:
        """Nothing fails any more."""
        self._faults.clear()

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        yield

    async def check(self, channel: Channel) -> None:
        if channel in self.closed:
            raise self.closed[channel]

    async def groups(self, channel: Channel) -> dict[str, str] | None:
        return self.named

    async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
        error, stored = self._next(channel)
        if error is None or stored:
            under = thread if self.abilities.thread else None
            self.posted.append(Posted(channel, payload, nonce, under, f"m{len(self.posted) + 1}"))
        if error is not None:
            raise error
        return self._receipt(self.posted[-1])

    async def edit(self, channel: Channel, message_id: str, payload: Payload) -> None:
        if not self.abilities.edit:
            raise Rejected("This place can't edit.")
        error, stored = self._next(channel)
        message = next((one for one in self.posted if (one.channel, one.id) == (channel, message_id)), None)
        if message is not None and (error is None or stored):
            message.payload = payload
        if error is not None:
            raise error
        if message is None:
            raise MessageGone("That message is no longer there.")

    async def look_up(
        self, channel: Channel, nonce: str, *, since: datetime, number: int | None, thread: str | None = None
    ) -> Receipt | None:
        if not self.abilities.look_up:
            raise OutcomeUnknown("This place can't be asked.")
        found = (one for one in self.posted if (one.channel, one.nonce, one.thread) == (channel, nonce, thread))
        return next(map(self._receipt, found), None)

    def _next(self, channel: Channel) -> tuple[DeliveryError | None, bool]:
        self.calls += 1
        if not self._faults or self._faults[0][2] not in (None, channel):
            return None, False
        error, stored, _ = self._faults.popleft()
        return error, stored

    def _receipt(self, message: Posted) -> Receipt:
        return Receipt(message.id if self.abilities.ids else None)


class Serving:
    """`bot.ports.Adapters` with one adapter for every channel, but for those that it does not serve."""

    def __init__(self, adapter: Adapter, *, without: Collection[Channel] = ()) -> None:
        self._adapter, self._without = adapter, without

    def of(self, channel: Channel) -> Adapter:
        if channel in self._without:
            raise TargetGone(f"{channel} is not served here.")
        return self._adapter


class FakeDesk:
    """A `bot.ports.desk.Answers` that gives the replies it was given, in order, and remembers what was asked.

    Args:
        form: what it says of whether a reply may be a form.
        offered: what it offers, whatever is typed.
    """

    def __init__(self, *replies: Reply | None, form: bool = False, offered: Sequence[tuple[str, str]] = ()) -> None:
        self.replies, self.form, self.offered = list(replies), form, offered
        self.requests: list[Request] = []
        self.completed: list[tuple[str, Person | None]] = []

    @property
    def asked(self) -> list[Asked]:
        return [request.asked for request in self.requests]

    @property
    def attached(self) -> list[bytes | None]:
        return [request.attached for request in self.requests]

    async def answer(self, request: Request, progress: Progress = quietly) -> Reply | None:
        self.requests.append(request)
        return self.replies.pop(0)

    async def offers(
        self, channel: Channel, kind: str, typed: str, now: datetime, *, person: Person | None = None
    ) -> Sequence[tuple[str, str]]:
        self.completed.append((kind, person))
        return self.offered

    def may_be_form(self, asked: Asked) -> bool:
        return self.form

    async def admins(self, space: Space) -> str:
        return ""


class Waits:
    """Stands for ``asyncio.sleep``: the seconds pass on a clock that somebody set, and ``seconds`` holds them."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
