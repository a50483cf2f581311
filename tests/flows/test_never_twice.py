"""A due digest is posted exactly once, or is reported; an article stands in one digest of a channel; a correction is said once.

Whatever fails, hangs or dies on the way, and whatever the clock does.  Judged by what the platform holds, not by our own word.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.correct import correct_posted
from bot.deliver import deliver
from bot.errors import AuthDead, OutcomeUnknown, RateLimited, Rejected, TargetGone, Unreachable
from bot.model import Abilities, Channel, DeliveryKind, DeliveryState, Payload, Space
from bot.ports import Adapter
from bot.publish import publish_due
from bot.steps import CORRECTING, DELIVERING, PUBLISHING, Points, around, no_points
from bot.store import SqlStore, open_store
from digests.model import Digest, Understood
from tests.bot.newsdesk import (
    EIGHT,
    NEWS,
    article,
    corrections_for,
    event,
    follow,
    mark,
    revise_articles,
    store_articles,
    subscription,
)
from tests.bot.store.making import Clock
from tests.fakes import FakeAdapter, Waits

Fault = Literal["die", "raise", "hang"]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HOOK = Channel.parse("webhook:team")
ABLE = Abilities(edit=True, thread=True, look_up=True, ids=True)
REPORTED = (DeliveryState.FAILED, DeliveryState.UNCONFIRMED)

pytestmark = pytest.mark.slow


class Platforms:
    """Two platforms: one that can be asked what it holds, and webhooks, which cannot."""

    def __init__(self) -> None:
        self.able = FakeAdapter(abilities=ABLE, items_per_message=1)
        self.hooks = FakeAdapter(abilities=Abilities(), items_per_message=2)

    def of(self, channel: Channel) -> Adapter:
        return self._of(channel)

    def _of(self, channel: Channel) -> FakeAdapter:
        return self.hooks if channel == HOOK else self.able

    def shown(self, channel: Channel, number: int) -> int:
        """In how many messages of a channel an event stands; what is only said to be corrected does not."""
        texts = (message.text.split("\n") for message in self._of(channel).posted)
        return sum(any(mark(number) in line and "Correction to" not in line for line in lines) for lines in texts)

    def corrections(self, channel: Channel, *, under: bool) -> list[str]:
        """The lines of a channel that correct something: in its digests, or ``under`` them."""
        texts = [message.text for message in self._of(channel).posted if message.text.startswith("Correction") is under]
        return [line for text in texts for line in text.split("\n") if line.startswith("Correction")]

    def nonces(self) -> list[str]:
        return [message.nonce for adapter in (self.able, self.hooks) for message in adapter.posted]


class Trap:
    """Points at one of which something happens, once.  A process that died reaches no further point."""

    def __init__(self, springs: Callable[[str], bool], fault: Fault) -> None:
        self._springs, self._fault = springs, fault
        self.sprung = asyncio.Event()

    async def __call__(self, point: str) -> None:
        if self.sprung.is_set():
            if self._fault == "die":
                await asyncio.Event().wait()
        elif self._springs(point):
            self.sprung.set()
            if self._fault == "raise":
                raise InterruptedError(point)
            await asyncio.Event().wait()


class Copy:
    """A process of the bot on a database, until it dies."""

    _started = 0

    def __init__(self, path: Path, clock: Clock, platforms: Platforms) -> None:
        Copy._started += 1
        self.owner = f"copy {Copy._started}"
        self._path, self._clock, self._platforms = path, clock, platforms
        self._stack = AsyncExitStack()
        self._left: list[asyncio.Task[None]] = []
        self.store: SqlStore

    async def start(self) -> None:
        self.store = await self._stack.enter_async_context(open_store(str(self._path), clock=self._clock))

    async def tick(self, points: Points = no_points) -> None:
        """Correct what was posted, publish what is due and deliver what waits."""
        ledger, now = self.store.ledger, self._clock.now
        await correct_posted(ledger, self._platforms, now, points=points)
        await publish_due(ledger, self.store, self._platforms, now, self.owner, points=points)
        await deliver(ledger, self._platforms, self._clock, self.owner, wait=Waits(), points=points)

    async def tick_into(self, trap: Trap, fault: Fault) -> None:
        """Tick until the trap springs: then this process dies, has an error, or hangs until it is cancelled."""
        task = asyncio.create_task(self.tick(trap))
        sprung = asyncio.create_task(trap.sprung.wait())
        await asyncio.wait([task, sprung], return_when=asyncio.FIRST_COMPLETED)
        sprung.cancel()
        if fault == "die" and trap.sprung.is_set():
            self._left.append(task)
            return
        if fault == "hang" and trap.sprung.is_set():
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def end(self) -> None:
        """Clear away what is left of it; what it does to clean up comes to a point, and so to nothing."""
        for task in self._left:
            while not task.done():
                task.cancel()
                await asyncio.sleep(0)
        await self._stack.aclose()


async def reported(store: SqlStore, channel: Channel, number: int) -> bool:
    """Whether the operator is told that the message with an event may not have arrived, or is held back by such a one."""
    held = {each.run for each in await store.ledger.deliveries(*REPORTED, limit=1_000)}
    mine = [each for each in await store.ledger.deliveries(limit=1_000) if each.channel == channel and each.run in held]
    return any(mark(number) in str(each.payload["text"]) for each in mine)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a source and two subscriptions, to be copied."""
    path = tmp_path_factory.mktemp("never-twice") / "news.db"
    asyncio.run(prepare(path))
    return path


async def prepare(path: Path) -> None:
    async with open_store(str(path)) as store:
        await follow(store)
        await store.ledger.add_subscription(subscription("news", NEWS, at=(8, 14)))
        await store.ledger.add_subscription(subscription("team", HOOK, at=(8, 14)))


def accident(number: int, toll: int, published_at: datetime) -> Understood:
    """An article of an event of its own, of which the toll may change."""
    text = f"A ferry sank off {mark(number)} after a storm, and {toll} people died in the night."
    return article(f"event {number}", text, published_at=published_at)


class BreaksOnce(FakeAdapter):
    """Fails once to draw a digest: a bug of ours."""

    broken = False

    def render(self, digest: Digest) -> list[Payload]:
        if not self.broken:
            self.broken = True
            raise ZeroDivisionError
        return super().render(digest)


async def provoke(step: str, copy: Copy, clock: Clock, platforms: Platforms) -> None:
    """Bring about what makes a tick reach a step."""
    if step == "take over":
        await copy.tick_into(Trap(lambda point: point == "after claim", "hang"), "hang")
        clock.now += 3 * MINUTE
    elif step == "look up":
        platforms.able.fail_next(OutcomeUnknown("No answer."), stored=True)
        await copy.tick()
        clock.now += MINUTE
    elif step == "replace":
        platforms.able.fail_next(Rejected("invalid_blocks"))
    elif step == "refuse":
        platforms.able.fail_next(TargetGone("It is archived."))
    elif step == "abandon":
        platforms.able = BreaksOnce(abilities=ABLE, items_per_message=1)
    elif step == "edit":
        await copy.tick()
        first = next(each for each in await copy.store.ledger.deliveries() if each.channel == NEWS)
        text = first.payload["text"]
        await copy.store.ledger.enqueue(NEWS, DeliveryKind.EDIT, {"text": text}, "e", clock.now, concerns=first.id)


@pytest.mark.parametrize("fault", ["die", "raise", "hang"])
@pytest.mark.parametrize("point", around(tuple(dict.fromkeys(PUBLISHING + DELIVERING))))
async def test_whatever_fails_at_any_point_each_part_is_posted_once_or_reported(
    tmp_path: Path, template: Path, point: str, fault: Fault
) -> None:
    path, clock, platforms = tmp_path / "news.db", Clock(EIGHT - HOUR), Platforms()
    shutil.copy(template, path)
    step = point.partition(" ")[2]
    copies = [Copy(path, clock, platforms)]
    await copies[0].start()
    await store_articles(copies[0].store, clock.now, *map(event, range(3)))
    clock.now = EIGHT
    await provoke(step, copies[0], clock, platforms)

    trap = Trap(lambda reached: reached == point, fault)
    await copies[0].tick_into(trap, fault)
    if fault == "die":
        copies.append(Copy(path, clock, platforms))
        await copies[1].start()
    for _ in range(7):
        clock.now += 2 * MINUTE
        await copies[-1].tick()

    assert trap.sprung.is_set()
    nonces = platforms.nonces()
    assert len(nonces) == len(set(nonces))
    for channel in (NEWS, HOOK):
        for number in range(3):
            shown = platforms.shown(channel, number)
            told = await reported(copies[-1].store, channel, number)
            assert shown == 1 or (shown == 0 and told)
            if channel == NEWS and step != "refuse":
                assert shown == 1  # this platform can be asked, so that nothing is left open
    for copy in copies:
        await copy.end()


CORRECTED = (
    *CORRECTING,
    "list",
    "claim",
    "read",
    "make",
    "compose",
    "wait",
    "take",
    "next",
    "begin",
    "edit",
    "post",
    "settle",
    "release",
)


@pytest.mark.parametrize("fault", ["die", "raise", "hang"])
@pytest.mark.parametrize("point", around(CORRECTED))
async def test_whatever_fails_at_any_point_a_correction_is_said_once_in_each_place(
    tmp_path: Path, template: Path, point: str, fault: Fault
) -> None:
    path, clock, platforms = tmp_path / "news.db", Clock(EIGHT - HOUR), Platforms()
    shutil.copy(template, path)
    copies = [Copy(path, clock, platforms)]
    await copies[0].start()
    await store_articles(copies[0].store, clock.now, accident(0, 24, clock.now))
    clock.now = EIGHT
    await copies[0].tick()
    clock.now = EIGHT + 6 * HOUR  # the next digest is due
    await revise_articles(copies[0].store, clock.now, accident(0, 17, EIGHT - HOUR))

    trap = Trap(lambda reached: reached == point, fault)
    await copies[0].tick_into(trap, fault)
    if fault == "die":
        copies.append(Copy(path, clock, platforms))
        await copies[1].start()
    for _ in range(7):
        clock.now += 2 * MINUTE
        await copies[-1].tick()
    clock.now = EIGHT + DAY
    await copies[-1].tick()
    clock.now += 2 * MINUTE
    await copies[-1].tick()

    assert trap.sprung.is_set()
    nonces = platforms.nonces()
    assert len(nonces) == len(set(nonces))
    told = 'now has "17 people"; we posted "24 people"'
    assert [told in line for line in platforms.corrections(NEWS, under=True)] == [True]
    assert [told in line for line in platforms.corrections(NEWS, under=False)] == [True]
    assert 'and 17 people died in the night (corrected: we posted "24 people")' in platforms.able.posted[0].text
    hooked = [told in line for line in platforms.corrections(HOOK, under=False)]
    assert hooked == [True] or (hooked == [] and await reported(copies[-1].store, HOOK, 0))
    assert await copies[-1].store.ledger.outdated() == []
    for copy in copies:
        await copy.end()


class Bot(RuleBasedStateMachine):
    """Two copies of the bot, two platforms, and everything that may come over them."""

    MOST_EVENTS = 9  # so few that a digest shows them all

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "news.db"
        self.clock, self.platforms = Clock(EIGHT - HOUR), Platforms()
        self.copies: list[Copy] = []
        self.dead: list[Copy] = []
        self.events = 0
        self.tolls: dict[int, int] = {}
        self.began: datetime = self.clock.now
        self.latest: datetime = self.clock.now

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        self.loop.run_until_complete(work)

    @initialize()
    def start(self) -> None:
        self.run(prepare(self.path))
        self.copies = [Copy(self.path, self.clock, self.platforms) for _ in range(2)]
        for copy in self.copies:
            self.run(copy.start())

    @precondition(lambda self: self.events < self.MOST_EVENTS)
    @rule()
    def an_article_comes(self) -> None:
        fresh = event(self.events, self.clock.now)
        if self.events % 2:
            self.tolls[self.events] = 90 - self.events
            fresh = accident(self.events, self.tolls[self.events], self.clock.now)
        self.run(store_articles(self.copies[0].store, self.clock.now, fresh))
        self.events += 1

    @precondition(lambda self: self.tolls)
    @rule(which=st.integers(0, 9))
    def a_source_corrects_itself(self, which: int) -> None:
        number = sorted(self.tolls)[which % len(self.tolls)]
        self.tolls[number] -= 10  # as no other event ever has
        if self.tolls[number] > 0:
            self.run(revise_articles(self.copies[0].store, self.clock.now, accident(number, self.tolls[number], self.began)))

    @rule(minutes=st.sampled_from([1, 2, 61, 6 * 60, 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.clock.now += minutes * MINUTE
        self.latest = max(self.latest, self.clock.now)

    @rule(hours=st.sampled_from([-26, -7, -1, 1, 7, 26]))
    def the_clock_jumps(self, hours: int) -> None:
        self.clock.now = max(self.clock.now + hours * HOUR, self.began)  # what lies before a subscription is not owed to it
        self.latest = max(self.latest, self.clock.now)

    @rule(which=st.integers(0, 1))
    def one_ticks(self, which: int) -> None:
        self.run(self.copies[which].tick())

    @rule()
    def both_tick(self) -> None:
        async def both() -> None:
            await asyncio.gather(*(copy.tick() for copy in self.copies))

        self.run(both())

    @rule(which=st.integers(0, 1), after=st.integers(0, 30), fault=st.sampled_from(["die", "raise", "hang"]))
    def one_fails_on_its_way(self, which: int, after: int, fault: Fault) -> None:
        async def fail() -> None:
            points = iter(range(1_000))
            await self.copies[which].tick_into(Trap(lambda _: next(points) == after, fault), fault)
            if fault == "die":
                self.dead.append(self.copies[which])
                self.copies[which] = Copy(self.path, self.clock, self.platforms)
                await self.copies[which].start()

        self.run(fail())

    @rule(able=st.booleans(), stored=st.booleans())
    def an_answer_is_lost(self, able: bool, stored: bool) -> None:
        self.platform(able).fail_next(OutcomeUnknown("No answer."), stored=stored)

    @rule(able=st.booleans(), error=st.sampled_from([RateLimited("Slow down.", retry_after=90.0), Unreachable("Down.")]))
    def it_is_surely_not_delivered(self, able: bool, error: RateLimited | Unreachable) -> None:
        self.platform(able).fail_next(error)

    @rule(able=st.booleans(), error=st.sampled_from([Rejected("invalid_blocks"), AuthDead("Revoked.")]))
    def it_is_refused(self, able: bool, error: Rejected | AuthDead) -> None:
        self.platform(able).fail_next(error)

    @rule()
    def the_operator_mends_the_tokens(self) -> None:
        self.run(self.mended())

    @invariant()
    def nothing_is_there_twice(self) -> None:
        nonces = self.platforms.nonces()
        assert len(nonces) == len(set(nonces))
        for channel in (NEWS, HOOK):
            for number in range(self.events):
                assert self.platforms.shown(channel, number) <= 1
            for under in (True, False):
                told = [line.partition(": ")[2] for line in self.platforms.corrections(channel, under=under)]
                assert len(told) == len(set(told))

    def teardown(self) -> None:
        try:
            if self.copies:
                self.run(self.nothing_is_lost())
                self.nothing_is_there_twice()
        finally:
            for copy in (*self.copies, *self.dead):
                self.run(copy.end())
            self.loop.close()
            self.folder.cleanup()

    async def nothing_is_lost(self) -> None:
        """In the end, when nothing fails any more, every article is shown or reported."""
        for adapter in (self.platforms.able, self.platforms.hooks):
            adapter.heal()
        await self.mended()
        self.clock.now = self.latest
        for span in (DAY, *[MINUTE] * 8, DAY, *[MINUTE] * 8):
            self.clock.now += span
            await self.copies[0].tick()
        for channel in (NEWS, HOOK):
            for number in range(self.events):
                shown = self.platforms.shown(channel, number)
                assert shown == 1 or await reported(self.copies[0].store, channel, number)
            assert await corrections_for(self.copies[0].store.ledger, channel) == []
        assert await self.copies[0].store.ledger.outdated() == []

    async def mended(self) -> None:
        for channel in (NEWS, HOOK):
            await self.copies[0].store.ledger.start_space(Space.of(channel))

    def platform(self, able: bool) -> FakeAdapter:
        return self.platforms.able if able else self.platforms.hooks


TestTheBotInAllWeathers = Bot.TestCase
TestTheBotInAllWeathers.settings = settings(
    max_examples=20,
    stateful_step_count=30,
    derandomize=True,
    phases=[Phase.generate],  # a failure comes with its steps; making them fewer takes many minutes
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
