"""What the use cases need of the outside, as Protocols; the rooms that do it are chosen in ``bot.app``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal, Protocol

from bot.model import (
    Abilities,
    Channel,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Fact,
    FeedDocument,
    Fetched,
    PageDocument,
    PageFeeds,
    Payload,
    Receipt,
    Run,
    RunState,
    Slot,
    Space,
    Subscription,
    Validators,
)
from bot.opml import Outline
from bot.polling import FLOOR_S, Health
from bot.ports.connections import Connection, DoorState
from bot.ports.topics import Topics
from digests.model import Article, Citation, Correction, Digest, Query, Source, Understood, Window
from digests.stories import Arrival, Change

UNCONDITIONAL: Final = Validators()


class Fetcher(Protocol):
    """Reads foreign addresses, politely and only where it is safe."""

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        """Return the document at ``url``, or a 304 without a body when ``validators`` still hold.

        Args:
            kind: what is asked for; a feed may be 5 MiB, a page 2 MiB.

        Raises:
            SourceError: nothing could be read; its text says why, its ``retry_after`` when to ask again.
        """
        ...


class Reader(Protocol):
    """Makes articles of foreign bytes, in workers that can be killed."""

    async def feed(self, fetched: Fetched, fetched_at: datetime) -> FeedDocument:
        """Return what a feed holds.  Raises SourceError when it is none, or when reading it takes too much."""
        ...

    async def page(self, fetched: Fetched) -> PageDocument:
        """Return what an article page holds.  Raises SourceError when reading it takes too much."""
        ...

    async def understand(self, articles: Sequence[Article]) -> Sequence[Understood]:
        """Return the claims of each article, in the same order.  Raises SourceError when they take too much, as one may."""
        ...


class Finder(Protocol):
    """Makes of foreign bytes what it takes to find a feed, in workers that can be killed."""

    async def feed(self, fetched: Fetched, fetched_at: datetime) -> FeedDocument:
        """As :meth:`Reader.feed`."""
        ...

    async def page_feeds(self, fetched: Fetched) -> PageFeeds:
        """Return what a document that is no feed says of feeds.  Raises SourceError when reading it takes too much."""
        ...

    async def opml(self, fetched: Fetched) -> tuple[Outline, ...]:
        """Return the feeds of a list (OPML), each once, with its folders.  Raises SourceError, in words, when it is none."""
        ...


@dataclass(frozen=True, slots=True)
class Followed:
    """A source of this installation, as the store knows it.

    Args:
        source: what it is.
        health: how it is doing.
        floor_s: seconds between two polls at least; 900 for what the operator marks as urgent.
        posts_a_week: articles of the last seven days; known only when it is claimed for polling.
        unread: the entries whose page is still to be read; known as ``posts_a_week`` is.
    """

    source: Source
    health: Health = field(default_factory=Health)
    floor_s: float = FLOOR_S
    paused: bool = False
    added_at: datetime | None = None
    posts_a_week: int = 0
    unread: tuple[EntryPrint, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryPrint:
    """An entry of a source as it was last seen: enough to know it again, and to see that it changed.

    Args:
        key: its identity within the source.
        content: print of folded title and text.
        link: print of its canonical link, ``""`` without one.
        title: print of its folded title.
        page_tries: its page is still to be read, and was asked for so often in vain; None where none is to be read.
    """

    key: str
    content: str
    link: str = ""
    title: str = ""
    page_tries: int | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll of a source gave, to be kept as one.

    Args:
        source_id: whose.
        health: how the source is doing after it.
        listed: keys of all entries that the source lists now.
        entries: those whose print is new or changed, or whose page waits otherwise than before.
        new: articles never seen, by the key of their entry.
        changed: articles whose title or text changed, by the key of their entry.
        completed: articles that were kept with the first words of a feed, now with the text of their page: their source changed
            nothing, so nothing that was posted of them is to be corrected.
        backlog: keys of new articles that were there before we came (a first fetch, renamed ids): found by readers who
            ask, never posted by schedule.
        address: the new address of a source that moved.
        name: what its outlet is called by what it gave; it becomes the name of a source to which nobody gave one.
        pause_until: until when its server asked to be left alone: no source of its registrable domain is asked before.
    """

    source_id: str
    health: Health
    listed: tuple[str, ...] = ()
    entries: tuple[EntryPrint, ...] = ()
    new: tuple[tuple[str, Understood], ...] = ()
    changed: tuple[tuple[str, Understood], ...] = ()
    completed: tuple[tuple[str, Understood], ...] = ()
    backlog: frozenset[str] = frozenset()
    address: str | None = None
    name: str = ""
    pause_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """An article as the store keeps it.

    Args:
        stored_at: when this installation first had it; subscription windows are cut by it.
        story: id of its story (``s-7f3a...``); None until it was grouped.
        revision: how often its title or text changed since.
    """

    understood: Understood
    stored_at: datetime
    story: str | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Live:
    """What is to be grouped into stories.

    Args:
        arrivals: the articles, oldest first.
        last: the number of the newest article of the store, to ask for those after it.
        change: the number of the newest change of a story; another one means that somebody else has regrouped.
        old: articles that have no story and are too old for a live one, oldest first: what a feed had before it was followed.
        comments: ids of columns that have no story: they tell no event, and no digest shows them, so each is one of its own.
    """

    arrivals: tuple[Arrival, ...]
    last: int
    change: int
    old: tuple[Arrival, ...] = ()
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Regrouped:
    """What became of a story, and when."""

    change: Change
    at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the store holds."""

    sources: int
    paused: int
    failing: int
    stopped: int
    articles: int
    stories: int


@dataclass(frozen=True, slots=True)
class News:
    """What a digest of a channel is made of, all of one state of the store.

    Args:
        articles: newest first.
        sent: ids of those that stand in a digest of the channel.
        told: what the channel was told of their stories, oldest first.
        corrections: what its next digest has to correct, oldest first, by number; nothing of what never arrived.
    """

    articles: Sequence[Kept]
    sent: Collection[str]
    told: Sequence[Fact]
    corrections: Sequence[tuple[int, Correction]]


class Store(Protocol):
    """What this installation remembers.  Every method may raise StoreError, in words, with the next step."""

    @property
    def topics(self) -> Topics:
        """Who follows what: whoever reads articles for a place asks here first what it may be shown."""
        ...

    async def add_source(self, source: Source, *, now: datetime, floor_s: float = FLOOR_S) -> bool:
        """Let every space follow a source that is new here; False when its address is known, and nothing changes.

        For fewer spaces, or one that is known: `bot.ports.topics.Topics.follow`.
        """
        ...

    async def remove_source(self, source_id: str) -> bool:
        """Forget a source and its articles; False when there is none."""
        ...

    async def pause_source(self, source_id: str, paused: bool) -> bool:
        """Poll a source no more, or again; resuming one that stopped asks it at once.  False when there is none."""
        ...

    async def sources(self) -> list[Followed]:
        """Every source, in the order in which they were added."""
        ...

    async def claim_due(
        self, now: datetime, *, everything: bool = False, only: Collection[str] | None = None, early: bool = False
    ) -> list[Followed]:
        """The sources to poll now, claimed for the caller: no other process is given them for a while.

        A claim counts as a poll: if the caller dies, they are due again after an hour, so that a crash loop asks nobody early.

        Args:
            everything: also those that are not due (but neither paused nor claimed by another).
            only: ids to choose from; None for all.
            early: also those that may be asked before their turn, for a digest that is due soon.
        """
        ...

    async def known(self, source_id: str, keys: Collection[str]) -> dict[str, str]:
        """Those of the keys that were seen before, even if their article is long gone, each with its print of content."""
        ...

    async def alike(self, source_id: str, prints: Collection[EntryPrint]) -> set[str]:
        """The keys of those entries whose link or title is known in the source, under whatever key."""
        ...

    async def record(self, polls: Sequence[Poll]) -> Sequence[str]:
        """Keep polls: articles, entries, validators and health, all or nothing.  Returns the ids of articles that were new."""
        ...

    async def articles_between(
        self,
        window: Window,
        *,
        by: Literal["published", "stored"] = "published",
        sources: Collection[str] | None = None,
        limit: int | None = None,
    ) -> list[Kept]:
        """The articles of a window, newest first.

        Args:
            by: ``"published"``: by publication (by the instant of storing when unknown, or when it lies ahead of that);
                ``"stored"``: by the instant at which they were first stored, without the backlog of first fetches.
            sources: ids of those whose articles count; None for all.
            limit: the newest so many.
        """
        ...

    async def articles(self, ids: Collection[str]) -> list[Kept]:
        """Articles by id, in the order of the ids; those that are not there (any more) are left out."""
        ...

    async def at_address(self, url: str) -> list[Kept]:
        """The articles at a web address, newest first; the scheme, ``www.`` and a slash at the end do not matter."""
        ...

    async def story(self, story_id: str, *, sources: Collection[str] | None = None) -> list[Kept]:
        """The articles of a story, newest first; of a story that joined another, those of that one; none when it is gone.

        Args:
            sources: as in :meth:`articles_between`.
        """
        ...

    async def search(
        self, wanted: Query, *, sources: Collection[str] | None = None, limit: int = 1_000, offset: int = 0
    ) -> list[str]:
        """Ids of articles published in the window of a query whose title or text, as they are now, hold each of its words and
        none of those that must not occur: the best first, then newest first.

        The best is the newest whose headline alone holds every word, looked for among the newest 200 that were found; one who
        searches for a name wants the report about it before the latest that mentions it, and after that what is new.

        A word is found in every form that has its stem, and so is the last word of a phrase; with a star it is a beginning.
        Words are words: nothing in them is syntax.  A word without letter or digit is found nowhere, and without a word that
        must occur nothing is found.

        Args:
            sources: as in :meth:`articles_between`.
            limit, offset: so many, after so many; the best is the first of the first page and on no other.
        """
        ...

    async def live(self, since: datetime, *, after: int = 0) -> Live:
        """The articles from an instant on (by publication, as in :meth:`articles_between`) that were stored after another one,
        given by its number, and all those that have no story yet; apart from them what is older and has none."""
        ...

    async def assign_stories(self, placed: Mapping[str, str], now: datetime, *, changes: Sequence[Change] = ()) -> None:
        """Put articles (by id) that have no story into one (by id), and do the changes, which are kept as a trace.

        What channels were told of an article goes where the article goes, and what they were told of a story that joined
        another belongs to that one; so does what people follow and mute.
        """
        ...

    async def story_changes(self, story_id: str) -> list[Regrouped]:
        """What became of a story, newest first: joins, splits, articles that moved.  Forgotten with old articles."""
        ...

    async def stories_now(self, story_ids: Collection[str]) -> dict[str, str]:
        """The name that each of the stories has now: that of the one that it joined, and its own otherwise."""
        ...

    async def news(
        self,
        channel: Channel,
        window: Window,
        *,
        limit: int,
        sources: Collection[str] | None = None,
        back: timedelta = timedelta(0),
    ) -> News:
        """The newest articles that were stored in a window, without the backlog of first fetches, and what a channel knows.

        Args:
            back: so long before the window begins what was stored comes too, if the channel was told of its story.
            sources: as in :meth:`articles_between`.
        """
        ...

    async def feeds(self, sources: Collection[str]) -> tuple[int, int] | None:
        """Of those sources (by id) that are feeds and not paused: how many answered when last asked, and how many there are.

        None when there is none.  One that was never asked yet counts as answering.
        """
        ...

    async def counts(self, sources: Collection[str] | None = None) -> Counts:
        """How much the store holds and how the sources are doing; of some sources, by id, where they are given."""
        ...

    async def prune(self, before: datetime) -> int:
        """Forget articles stored before an instant, in small steps; returns how many.

        Those of a story that took in an article since then stay, and so do those of a digest that is not sent yet.
        Keys of entries are remembered longer: at least 1,000 and at least 90 days a source.
        """
        ...


class Adapter(Protocol):
    """A chat platform.  One call is one attempt: whether to try again is decided by who calls, never here or in a library.

    ``post``, ``edit`` and ``look_up`` raise a `bot.errors.DeliveryError` of the class that says what is known: every class
    but `OutcomeUnknown` means that nothing was delivered.
    """

    @property
    def abilities(self) -> Abilities:
        """What this platform can do; the same for all channels that the adapter serves."""
        ...

    def serve(self) -> AbstractAsyncContextManager[None]:
        """Be able to post while the context is open; nothing is posted outside it.  It may be opened again."""
        ...

    async def check(self, channel: Channel) -> None:
        """Nothing when a digest can be posted in a channel, as far as the platform tells without posting.

        Raises:
            NotAllowed: a permission is missing; the text names it and says where it is given.
            TargetGone: there is no such channel, or the bot is not in it; the text says how it is let in.
            DeliveryError: this cannot be told just now.
        """
        ...

    async def groups(self, channel: Channel) -> Mapping[str, str] | None:
        """What the user groups or roles of a channel's space are called, by id; None where the platform has none to ask for.

        Raises:
            DeliveryError: this cannot be told just now.
        """
        ...

    def render(self, digest: Digest) -> list[Payload]:
        """The messages of a digest, in order.  Pure: the same digest gives the same payloads."""
        ...

    def render_line(self, text: str) -> Payload:
        """A message of one plain line, literal and cut at 900 characters: nothing new, notices, corrections.  Pure."""
        ...

    def plain(self, payload: Payload) -> list[Payload]:
        """The same words in the platform's plainest form, to be sent once when it rejected a payload.  Pure."""
        ...

    async def post(self, channel: Channel, payload: Payload, *, nonce: str, thread: str | None = None) -> Receipt:
        """Post one message.

        Args:
            nonce: at most 25 characters, the same whenever this delivery is sent; marks it where the platform can.
            thread: id of the message under which it goes; a platform without threads posts to the channel.
        """
        ...

    async def edit(self, channel: Channel, message_id: str, payload: Payload) -> None:
        """Put another payload in the place of a posted one.  Raises Rejected where the platform cannot."""
        ...

    async def look_up(
        self, channel: Channel, nonce: str, *, since: datetime, number: int | None, thread: str | None = None
    ) -> Receipt | None:
        """Find a delivery of unknown outcome; None when it is surely absent.

        Args:
            since: when it was sent at the earliest.
            number: of its digest, which the message shows; None without one.
            thread: id of the message under which it was sent.

        Raises:
            OutcomeUnknown: this cannot be told, here or now.
        """
        ...


class Adapters(Protocol):
    """The chat platforms that this process serves."""

    def of(self, channel: Channel) -> Adapter:
        """The adapter of a channel.  Raises DeliveryError, in words, when this process does not serve it and is to leave it."""
        ...


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription as the ledger knows it.

    Args:
        reason: why it is paused, or why its whole space is stopped; ``""`` while it runs or when somebody just paused it.
        stopped: its space is stopped: its token is dead.
        last: the slot that ran last, ``last_run`` the run that was claimed last.
    """

    subscription: Subscription
    reason: str = ""
    stopped: bool = False
    last: Slot | None = None
    last_run: Run | None = None

    @property
    def active(self) -> bool:
        """Whether its slots are run."""
        return not (self.subscription.paused or self.stopped)


@dataclass(frozen=True, slots=True)
class Heard:
    """What the runs of a subscription came to, day by day.

    Args:
        news: of each of the last days with a digest of news the last such run, by when it was due, oldest first.
        nothing: when the last run since then that found nothing was due; None when none did.  Runs that a person asked for do
            not count.
    """

    news: tuple[datetime, ...] = ()
    nothing: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentArticle:
    """An article that stands in a digest."""

    article: str
    revision: int
    story: str


@dataclass(frozen=True, slots=True)
class Composition:
    """What a run came to, to be recorded as one.

    Args:
        state: ``composed`` or ``empty``.
        window: what it is about, and so closed by it.
        payloads: its messages, in order; none when nothing is to be posted.
        articles: those that stand in it; no later digest of the channel shows them.
        facts: what it tells.
        not_after: a digest that could not begin to go out until then is made anew.
        digest: what its messages show; None when it tells nothing.
        corrections: those that it carries, by number.
    """

    state: RunState
    window: Window
    payloads: tuple[Payload, ...] = ()
    articles: tuple[SentArticle, ...] = ()
    facts: tuple[Fact, ...] = ()
    not_after: datetime | None = None
    digest: Digest | None = None
    corrections: tuple[int, ...] = ()


class Composed(StrEnum):
    """What became of recording a composition.

    ``lost``: another process has the run by now; ``crowded``: another digest of the channel took one of its articles or
    corrections meanwhile, so nothing was recorded, and it is to be made again without.
    """

    DONE = "done"
    LOST = "lost"
    CROWDED = "crowded"


@dataclass(frozen=True, slots=True)
class Outdated:
    """What a run told a channel of an article that has changed since."""

    channel: Channel
    run: str
    article: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A fact that a channel was told.

    Args:
        number: its name in the ledger.
        citation: what it stands on, in the article as it was then; None where that text is not kept.
        waiting: what corrected it and was said by no digest yet.
    """

    number: int
    fact: Fact
    citation: Citation | None
    waiting: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Revised:
    """All that it takes to hold what a run told of an article against the article as it is now.

    Args:
        now: the article as it is, and ``revision`` which that is.
        facts: what was told of it, in order; nothing that was withdrawn.
        digest: what the messages of the run show, or will once they are edited; None where it is not kept, or cannot be read.
        edition: how often it was edited.
        messages: those of the digest, in order, without replaced ones.
        zone: IANA name, in which the channel reads days; UTC where it has no subscription any more.
    """

    about: Outdated
    now: Understood
    revision: int
    facts: tuple[Standing, ...]
    digest: Digest | None
    edition: int
    messages: tuple[Delivery, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class About:
    """A message that changes or answers one: ``kind`` is edit or reply, ``concerns`` the delivery."""

    kind: DeliveryKind
    payload: Payload
    concerns: str


@dataclass(frozen=True, slots=True)
class Correcting:
    """What holding facts against a revision came to, to be recorded as one.

    Args:
        facts: those that changed, by number: as the channel knows each from now on, and what the next digest has to say of it.
        digest: what the messages show once they are edited; None when it stays as it was.
        about: edits of these messages, and lines under them.
    """

    facts: tuple[tuple[int, Fact, tuple[Correction, ...]], ...] = ()
    digest: Digest | None = None
    about: tuple[About, ...] = ()


@dataclass(frozen=True, slots=True)
class Posted:
    """A digest that a channel was posted.

    Args:
        number: counted in its channel.
        posted_at: when its first message was settled.
        digest: what its messages show, corrected where sources corrected it; its stories have the names that they had then,
            see ``Store.stories_now``.
        messages: those of its messages that were sent, in order, and those of which nobody knows (``unconfirmed``).
    """

    number: int
    posted_at: datetime
    digest: Digest
    messages: tuple[Delivery, ...]


class Stood(StrEnum):
    """As what a story stood in a digest: with its bullets, as a line, or among what was left out."""

    SHOWN = "shown"
    ALSO = "also"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Appearance:
    """A posted digest in which a story stood.

    Args:
        left_out_as: the kind under which it was left out (``capped``, ``headline``); ``""`` where it was not.
    """

    number: int
    posted_at: datetime
    stood: Stood
    left_out_as: str = ""


class Ledger(Protocol):
    """Who wants a digest where and when, what became of each, and every message on its way: see docs/architecture.md.

    Every method is one transaction, on disk when it returns, and may raise StoreError.  What changes a run or a delivery
    answers whether it did: False when another process has it by now.
    """

    # Subscriptions

    async def add_subscription(self, subscription: Subscription) -> bool:
        """Keep a new subscription; False when its id is taken."""
        ...

    async def change_subscription(self, subscription: Subscription) -> bool:
        """Put another value in the place of a subscription, by its id (its pause stays as it is); False when there is none."""
        ...

    async def subscriptions(self) -> list[Subscribed]:
        """Every subscription, in the order in which they were added."""
        ...

    async def subscription(self, subscription_id: str) -> Subscribed | None:
        """One subscription; None when there is none."""
        ...

    async def pause_subscription(self, subscription_id: str, reason: str = "") -> bool:
        """Post nothing more of it, keeping why; False when there is none."""
        ...

    async def resume_subscription(self, subscription_id: str, now: datetime) -> bool:
        """Run it again; slots count from now.  False when there is none."""
        ...

    async def remove_subscription(self, subscription_id: str) -> bool:
        """Forget it, its runs and its messages; what its channel was told stays known.  False when there is none."""
        ...

    async def pause_channel(self, channel: Channel, reason: str) -> bool:
        """Post nothing more in a channel, keeping why; False when it has no subscription."""
        ...

    async def stop_space(self, space: Space, reason: str, now: datetime) -> bool:
        """Post nothing more in a space: its token is dead, or the bot was removed.  False when it was stopped before."""
        ...

    async def start_space(self, space: Space) -> bool:
        """Serve a space again, after its token was mended or the bot came back; False when it was not stopped."""
        ...

    async def stopped_spaces(self) -> list[tuple[str, str, str]]:
        """The spaces that were stopped for their token, as (platform, space, why)."""
        ...

    async def forget_space(self, space: Space) -> int:
        """Forget all that concerns a space, its people too; returns how many subscriptions it had."""
        ...

    # Runs

    async def claim(
        self, subscription_id: str, slot: Slot | None, now: datetime, owner: str, *, missed: int = 0, late: bool = False
    ) -> Run | None:
        """Claim a slot; None when it was claimed before.  Without a slot it is an extra run, keyed by ``now``.

        Runs of the subscription that did not come to a digest, or whose messages could not leave, are skipped by it: their
        articles are free again, and the new run is late and counts them as missed.
        """
        ...

    async def unfinished(self, now: datetime) -> list[Run]:
        """Runs to be taken over: claimed by an owner who did not finish in time, or whose messages could not leave in time."""
        ...

    async def take_over(self, run: Run, now: datetime, owner: str) -> Run | None:
        """Claim an unfinished run anew; messages that could not leave are replaced, their articles free again.

        None when another process was faster, or when a message of it is on its way after all.
        """
        ...

    async def compose(self, run: Run, composition: Composition, now: datetime) -> Composed:
        """Record what a run came to, its messages, articles and facts: all of it or nothing."""
        ...

    async def abandon(self, run: Run, error: str, now: datetime, *, final: bool) -> bool:
        """Keep why a run could not be made; ``final``: it failed, and the next one makes up for it."""
        ...

    # What was posted

    async def posted(self, channel: Channel, since: datetime, *, limit: int = 100) -> list[Posted]:
        """The digests that a channel was posted from an instant on, oldest first; of more the newest so many.

        A digest counts once one of its messages was sent, or is unconfirmed: it may be there.  A line that nothing is new is
        no digest.  One that another version kept in a form that this one cannot read is left out here and below, and logged.
        """
        ...

    async def posted_digest(self, channel: Channel, number: int) -> Posted | None:
        """One digest that a channel was posted, by its number; None when it was never posted, is forgotten, or cannot be
        read."""
        ...

    async def appearances(self, channel: Channel, story_id: str, *, limit: int = 100) -> list[Appearance]:
        """The posted digests of a channel in which a story stood, or one that joined it since, newest first.

        Digests that were made before this program kept which stories they left out tell nothing of these.
        """
        ...

    # Corrections

    async def outdated(self) -> list[Outdated]:
        """What channels were told of articles that changed since it was last held against them, oldest first."""
        ...

    async def revised(self, about: Outdated) -> Revised | None:
        """What it takes to hold that against the article as it is; None when somebody did, or nothing is left of it."""
        ...

    async def correct(self, revised: Revised, correcting: Correcting, now: datetime) -> bool:
        """Record that facts were held against a revision, and what came of it: all of it or nothing.

        False when another process did, when the messages were edited for another article meanwhile or replaced by their plain
        form, and when a digest took what waited to be said.
        """
        ...

    async def correction_counts(self, space: Space | None = None) -> tuple[int, int]:
        """How many corrections there were, in a space or in all, and how many of them no digest has carried yet."""
        ...

    # Deliveries

    async def enqueue(
        self, channel: Channel, kind: DeliveryKind, payload: Payload, key: str, now: datetime, *, concerns: str | None = None
    ) -> bool:
        """Put a message in the outbox that is no part of a digest; False when one with its key was before."""
        ...

    async def waiting(self, now: datetime) -> list[Channel]:
        """The channels that have something to send, or to look up, now."""
        ...

    async def take_channel(self, channel: Channel, owner: str, now: datetime) -> int | None:
        """Become the one sender of a channel for a minute; returns the fence, or None while another is."""
        ...

    async def release_channel(self, channel: Channel, owner: str, fence: int, now: datetime) -> None:
        """Let the channel go, if it is still ours."""
        ...

    async def next_delivery(self, channel: Channel, now: datetime) -> Delivery | None:
        """What is to be done next in a channel: a pending message to send, or one in doubt (``sending``) to look up.

        Messages go in order: while the first must wait, so do the others.  What failed or is unconfirmed holds back the
        later parts of its own digest only.
        """
        ...

    async def begin(self, delivery: Delivery, owner: str, fence: int, now: datetime) -> Delivery | None:
        """``pending`` to ``sending``, or the next look-up of one in doubt; None unless the lease on its channel is ours."""
        ...

    async def settle(
        self,
        delivery: Delivery,
        state: DeliveryState,
        now: datetime,
        *,
        receipt: Receipt | None = None,
        not_before: datetime | None = None,
        error: str = "",
    ) -> bool:
        """Record what came of a begun delivery.

        Args:
            state: ``sent`` with a receipt; ``pending`` again, not before an instant; ``sending`` still, not to be looked up
                before an instant; ``failed`` or ``unconfirmed``.
        """
        ...

    async def refuse(self, delivery: Delivery, error: str, now: datetime, *, whole_space: bool) -> bool:
        """Record that a place takes nothing any more: the delivery failed, the channel's subscriptions are paused with the
        reason, or its whole space is stopped."""
        ...

    async def replace(self, delivery: Delivery, payloads: Sequence[Payload], error: str, now: datetime) -> bool:
        """Put the plain form, in new rows, in the place of a delivery that the platform refused."""
        ...

    async def resend(self, delivery_id: str, now: datetime) -> bool:
        """Send an unconfirmed or failed delivery once more, as a person said; False when it is neither."""
        ...

    # Looking on

    async def runs(self, subscription_id: str | None = None, *, limit: int = 20) -> list[Run]:
        """The runs that were claimed last, newest first."""
        ...

    async def heard(self, days: int) -> dict[str, Heard]:
        """What the runs of each subscription came to, by its id; of so many days with news each."""
        ...

    async def deliveries(self, *states: DeliveryState, run: str | None = None, limit: int = 100) -> list[Delivery]:
        """Deliveries in some states (all without any), newest first."""
        ...

    async def delivery_counts(self, space: Space | None = None) -> dict[DeliveryState, int]:
        """How many deliveries there are in each state, to channels of a space or to all."""
        ...


class Beats(Protocol):
    """What the store knows of the running bot itself.  Every method is one transaction and may raise StoreError."""

    async def beat(self, owner: str, now: datetime) -> None:
        """Keep that the clock of a process ticked."""
        ...

    async def ticked_at(self) -> datetime | None:
        """When the clock of any process ticked last; None when none ever did."""
        ...

    async def stop(self, owner: str, now: datetime) -> None:
        """Keep that a process ended in order; nothing changes where the clock of another ticked since."""
        ...

    async def stopped(self) -> bool:
        """Whether the process whose clock ticked last ended in order, so that none is known to run."""
        ...

    async def refused(self, now: datetime) -> str:
        """Why nothing can be written down just now, in words, found out by trying; ``""`` when it can."""
        ...

    def narrow(self) -> str:
        """That the disk of the archive is nearly full, in words; ``""`` when it is not, or when that is not known."""
        ...

    async def connection(self, platform: str, state: DoorState, now: datetime) -> None:
        """Keep how the connection to a chat platform is doing."""
        ...

    async def disconnect(self, platform: str) -> None:
        """Forget how the connection to a chat platform was doing: nobody connects to it any more."""
        ...

    async def connections(self) -> list[Connection]:
        """How each connection was doing that was kept, by platform."""
        ...

    async def forget_messages(self, before: datetime) -> int:
        """Forget runs, settled messages and what channels were told before an instant, in small steps; returns how many.

        What is unsent, unconfirmed or tells of a story that still lives stays, and so does the last closed window of each
        subscription.
        """
        ...
