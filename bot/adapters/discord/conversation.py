"""From an interaction to its answer: acknowledged at once, asked at the desk, answered, whatever happens between."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot import log
from bot.adapters.discord import commands, render, replies
from bot.adapters.discord.refusals import MALFORMED, TOO_OLD, Answer, meaning
from bot.adapters.discord.replies import EPHEMERAL, Message
from bot.adapters.discord.rest import Rest
from bot.adapters.discord.visits import CHOICES, LATER, MESSAGE, MODAL, SILENTLY, Met, TooLate, Visit, form_of
from bot.errors import DeliveryError
from bot.model import Payload
from bot.ports.desk import Answers
from bot.talk import (
    PICK,
    Asked,
    Choices,
    Control,
    Form,
    Part,
    Picked,
    Pressed,
    Reply,
    Request,
    Submitted,
    control_id,
    read_control,
    reply,
)
from bot.wording import name, say
from digests.render.layout import Line

COMMAND, CONTROL, TYPING, SUBMITTED = 2, 3, 4, 5  # kinds of an interaction
FORM_WAIT_S: Final = 2.0
"""How long a reply that may be a form is waited for: a modal must be the first response, and that has three seconds."""
PROGRESS_S: Final = 1.0
"""Between two edits that say what is going on."""
LAST_PROGRESS_S: Final = 0.5
"""How long the answer waits for the last of them.  Then it comes as a message of its own, which none of them can overwrite."""
MOST_BYTES: Final = 1 << 20
"""Of a file that comes with a command."""
_MOST_SEEN, _MOST_DRAFTS, _MOST_OFFERS, _MOST_MEASURED = 5_000, 500, 25, 1_000
_ADDRESS = re.compile(r"https?://[^\s<>\"'|\\^`{}]{3,1900}")
_STORIES = re.compile(r"v\d+:story:")


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that somebody fills in, and which of its steps are still to be shown to them."""

    form: Form
    steps: tuple[int, ...]


class Drafts:
    """The forms that are being filled in, of the people who did last: what was typed is not to be typed again.

    They are in memory alone; after a restart a form begins anew.
    """

    def __init__(self, most: int = _MOST_DRAFTS) -> None:
        self._most = most
        self._held: OrderedDict[tuple[str, str], Draft] = OrderedDict()

    def keep(self, met: Met, draft: Draft) -> None:
        self._held[met.person.id, draft.form.id] = draft
        self._held.move_to_end((met.person.id, draft.form.id))
        while len(self._held) > self._most:
            self._held.popitem(last=False)

    def of(self, met: Met, form_id: str) -> Draft | None:
        return self._held.get((met.person.id, form_id))


class Conversation:
    """Answers interactions, each once.

    Args:
        now: the present instant, aware, in UTC.
    """

    def __init__(self, rest: Rest, desk: Answers, now: Callable[[], datetime]) -> None:
        self._rest, self._desk, self._now = rest, desk, now
        self._drafts = Drafts()
        self._seen: OrderedDict[str, None] = OrderedDict()
        self.count = 0
        self.acknowledged_ms: deque[float] = deque(maxlen=_MOST_MEASURED)

    async def meet(self, met: Met) -> None:
        """Answer an interaction; no fault leaves it but bugs."""
        if met.id in self._seen:
            return
        self._seen[met.id] = None
        if len(self._seen) > _MOST_SEEN:
            self._seen.popitem(last=False)
        visit = Visit(self._rest, met)
        self.count += 1
        try:
            await (self._offer(visit) if met.kind == TYPING else self._answer(visit))
        except TooLate:
            log.info("answer_late", platform="discord", kind=met.kind)
        except Answer as answer:
            log.warning("answer_lost", platform="discord", words=str(meaning(answer, str(met.channel))))
        except DeliveryError as error:
            log.warning("answer_lost", platform="discord", words=str(error))

    # What is asked

    async def _answer(self, visit: Visit) -> None:
        met = visit.met
        wanted = self._wanted(met)
        match wanted:
            case Draft(form, steps):
                await self._open(visit, form, steps)
            case Reply():
                await self._first(visit, MESSAGE, _ephemeral(replies.messages(wanted)[0].payload))
            case _:
                await self._ask(visit, wanted)

    def _wanted(self, met: Met) -> Asked | Reply | Draft:
        """What an interaction asks of the desk; or the form that it opens; or what is said without asking."""
        data = met.data
        if met.kind == COMMAND:
            if data.get("type", 1) == 1:
                return commands.picked(data)[0]
            return _of_message(data)
        if met.kind == CONTROL:
            made, behind = replies.read(str(data.get("custom_id", "")))
            opens = re.match(r"f|g(\d)", behind)
            if opens and (draft := self._drafts.of(met, made)):
                step = int(opens[1] or 0)
                return replace(draft, steps=tuple(each for each in draft.steps if each >= step) or draft.steps)
            return replies.pressed(str(data.get("custom_id", "")), [str(each) for each in data.get("values") or ()])
        return self._submitted(met)

    def _submitted(self, met: Met) -> Asked | Reply:
        """A form as far as it is filled in: what is wrong with a step is told before the next one."""
        form_id, step, of = replies.step_of(str(met.data.get("custom_id", "")))
        values = replies.filled(met.data)
        draft = self._drafts.of(met, form_id)
        if draft is None:
            return Submitted(form_id, values) if of == 1 else replies.form_lost(form_id)
        form = replies.with_values(draft.form, values)
        self._drafts.keep(met, replace(draft, form=form))
        whole = {each.name: each.value for each in form.fields} | values
        return Submitted(form_id, whole, begun=any(each > step for each in draft.steps))

    # How it is answered

    async def _ask(self, visit: Visit, asked: Asked) -> None:
        """Acknowledge, ask, answer.  Where the reply may be a form it is waited for a little before."""
        met, desk = visit.met, self._desk
        public = _is_shared(asked)
        in_place = met.on_ephemeral and _takes_place(met)
        told = _Telling(visit, self._loop_s)
        try:
            if isinstance(asked, Submitted) or not desk.may_be_form(asked):
                await self._defer(visit, public=public, in_place=in_place)
                answer = await self._asking(visit, asked, told)
            else:
                task = asyncio.create_task(self._asking(visit, asked, told))
                try:
                    done, _ = await asyncio.wait({task}, timeout=FORM_WAIT_S)
                    if done and (form := _form(task.result())):
                        await self._open(visit, form, tuple(range(1, replies.steps(form) + 1)))
                        return
                    await self._defer(visit, public=public, in_place=in_place)
                    answer = await task
                finally:
                    task.cancel()
        finally:
            is_free = await told.end()
        if answer is None:  # it was answered before
            if not in_place:
                await visit.delete()
            return
        takes_place = is_free and (in_place or answer.public == public)
        await self._deliver(visit, self._with_forms(met, asked, answer), takes_place=takes_place)

    async def _asking(self, visit: Visit, asked: Asked, told: _Telling) -> Reply | None:
        met, attached = visit.met, None
        if file_id := commands.picked(met.data)[1] if met.kind == COMMAND else "":
            found = await self._attached(met.data, file_id, told)
            if isinstance(found, Reply):
                return found
            attached = found
        return await self._desk.answer(Request(met.id, met.person, met.channel, asked, met.at, attached), told.progress)

    async def _attached(self, data: Mapping[str, Any], file_id: str, told: _Telling) -> bytes | Reply:
        """The file that came with a command, or why it is not read."""
        file = data.get("resolved", {}).get("attachments", {}).get(file_id, {})
        if int(file.get("size", 0)) > MOST_BYTES:
            return reply(say("file_too_big", most=MOST_BYTES >> 20))
        await told.visit.acknowledged.wait()  # what takes its time comes after the acknowledgement
        content = await self._rest.fetch(str(file.get("url", "")), MOST_BYTES)
        return reply(say("file_unread")) if content is None else content

    async def _defer(self, visit: Visit, *, public: bool, in_place: bool) -> None:
        """Say that the answer comes.  What everybody is to see comes also where it is too late for that: into the channel."""
        kind, data = (SILENTLY, None) if in_place else (LATER, {"flags": 0 if public else EPHEMERAL})
        try:
            await self._first(visit, kind, data)
        except TooLate as late:
            if not public or late.code != TOO_OLD:
                raise

    async def _first(self, visit: Visit, kind: int, data: Payload | None) -> None:
        await visit.first(kind, data)
        self.acknowledged_ms.append(self._since(visit.met))

    async def _open(self, visit: Visit, form: Form, steps: tuple[int, ...]) -> None:
        self._drafts.keep(visit.met, Draft(form, steps))
        try:
            await self._first(visit, MODAL, replies.modal(form, steps[0]))
        except Answer as answer:
            if answer.code != MALFORMED:
                raise
            _tell_refused(answer, visit.met)  # a form that is refused acknowledges nothing, so that words may follow
            words = reply(say("form_refused", title=form.title))
            await self._first(visit, MESSAGE, _ephemeral(replies.messages(words)[0].payload))

    def _with_forms(self, met: Met, asked: Asked, answer: Reply) -> Reply:
        """The answer whose form is a button: it came too late, or what was sent off has something wrong."""
        form = _form(answer)
        if form is None:
            return answer
        if isinstance(asked, Submitted) and asked.begun:
            return self._between(met, form)
        wrong = tuple(sorted({step for step, _ in replies.faults(form)}))
        self._drafts.keep(met, Draft(form, wrong or tuple(range(1, replies.steps(form) + 1))))
        if not isinstance(asked, Submitted):
            return answer
        parts: list[Part] = []
        for part in answer.parts:
            parts += replies.form_again(part).parts if isinstance(part, Form) else [part]
        return replace(answer, parts=tuple(parts))

    def _between(self, met: Met, form: Form) -> Reply:
        """What comes after a step that is not the last: the next one, or the same once more, where something is wrong in it."""
        _, step, of = replies.step_of(str(met.data.get("custom_id", "")))
        draft = self._drafts.of(met, form.id)
        left = tuple(each for each in (draft.steps if draft else range(1, of + 1)) if each > step)
        typed = {each.name: each.value for each in draft.form.fields} if draft else {}
        so_far = replies.without_faults(replies.with_values(form, typed), left)
        wrong = {at for at, _ in replies.faults(so_far)}
        self._drafts.keep(met, Draft(so_far, tuple(sorted({*wrong, *left}))))
        return replies.form_again(so_far) if wrong or not left else replies.form_on(so_far, left[0])

    async def _deliver(self, visit: Visit, answer: Reply, *, takes_place: bool) -> None:
        """Put the answer in the place of "is thinking...".  Who sees it was decided there, so that one may have to go."""
        left = deque(replies.messages(answer))
        try:
            if not takes_place:
                await visit.delete()
            while left:
                await self._show(visit, left[0], takes_place=takes_place, ephemeral=not answer.public)
                left.popleft()
                takes_place = False
        except TooLate:
            if not answer.public:
                raise
            await self._into_channel(visit.met, left)

    async def _show(self, visit: Visit, message: Message, *, takes_place: bool, ephemeral: bool) -> None:
        """Show one message of an answer; where Discord refuses its form, its words alone, once."""
        try:
            await (visit.edit(message) if takes_place else visit.follow(message, ephemeral=ephemeral))
        except Answer as answer:
            if answer.code != MALFORMED:
                raise
            _tell_refused(answer, visit.met)
            if takes_place:  # a message of components never takes plain words again
                await visit.delete()
            for plain in _plain(message):
                await visit.follow(plain, ephemeral=ephemeral)

    async def _into_channel(self, met: Met, messages: Iterable[Message]) -> None:
        """The token is spent: what everybody is to see is posted by the bot itself."""
        for number, message in enumerate(messages):
            try:
                await self._post(met, message, str(number))
            except Answer as answer:
                if answer.code != MALFORMED:
                    raise
                _tell_refused(answer, met)
                for part, plain in enumerate(_plain(message)):
                    await self._post(met, plain, f"{number}.{part}")

    async def _post(self, met: Met, message: Message, number: str) -> None:
        body = {**message.payload, "nonce": f"{met.id}{number}"[-25:], "enforce_nonce": True}
        content: dict[str, Any] = {"form": form_of(body, message.files)} if message.files else {"json": body}
        await self._rest.call("POST", "/channels/{channel_id}/messages", channel_id=met.channel.id, **content)

    # While somebody types

    async def _offer(self, visit: Visit) -> None:
        """What could be meant, from memory: what takes longer than a moment offers nothing."""
        met = visit.met
        kinds, typed = commands.typing(met.data)
        found: dict[str, str] = {}
        for kind in kinds:
            for label, value in await self._desk.offers(met.channel, kind, typed, met.at, person=met.person):
                if label and 0 < len(value) <= 100:
                    found.setdefault(value, label)
        offers = [{"name": replies.named(label), "value": value} for value, label in found.items()][:_MOST_OFFERS]
        await self._first(visit, CHOICES, {"choices": offers})

    def _since(self, met: Met) -> float:
        return (self._loop_s() - met.came) * 1000

    @staticmethod
    def _loop_s() -> float:
        return asyncio.get_running_loop().time()


class _Telling:
    """What is going on, shown in the waiting answer: once a second at most, and nobody waits for it."""

    def __init__(self, visit: Visit, clock: Callable[[], float]) -> None:
        self.visit, self._clock = visit, clock
        self._told_at: float | None = None
        self._over = False
        self._showing: asyncio.Task[bool] | None = None

    async def progress(self, line: Line) -> None:
        at = self._clock()
        if self._over or not self.visit.acknowledged.is_set() or (self._showing and not self._showing.done()):
            return
        if self._told_at is None or at - self._told_at >= PROGRESS_S:
            self._told_at = at
            self._showing = asyncio.create_task(self.visit.tell(replies.progress(line)))

    async def end(self) -> bool:
        """Show no more; whether nothing that was shown before can still arrive, and take the place of the answer."""
        self._over = True
        if self._showing is None:
            return True
        await asyncio.wait({self._showing}, timeout=LAST_PROGRESS_S)
        known = self._showing.done() and not self._showing.cancelled() and self._showing.result()
        self._showing.cancel()
        return known


def _form(answer: Reply | None) -> Form | None:
    return next((part for part in answer.parts if isinstance(part, Form)), None) if answer else None


def _is_shared(asked: Asked) -> bool:
    """Whether everybody is to see the answer: that is decided before it is known."""
    match asked:
        case Picked(_, _, options):
            return "share" in options
        case Pressed(control):
            return (read_control(control) or ("",))[0] == "share"
        case _:
            return False


def _takes_place(met: Met) -> bool:
    """Whether what is answered takes the place of the message in which the control stands: a page, a yes, a filled form."""
    return met.kind == SUBMITTED or replies.read(str(met.data.get("custom_id", "")))[1].startswith("t")


def _ephemeral(payload: Payload) -> Payload:
    return {**payload, "flags": int(payload.get("flags", 0)) | EPHEMERAL}


def _plain(message: Message) -> list[Message]:
    """The words of a message without components, and its files with the first of them."""
    first, *more = render.plain(message.payload) or [render.NO_PINGS]
    return [Message(first, message.files), *map(Message, more)]


def _tell_refused(answer: Answer, met: Met) -> None:
    log.error("answer_refused", platform="discord", words=str(meaning(answer, str(met.channel))))


def _of_message(data: Mapping[str, Any]) -> Asked | Reply:
    """What is asked by the menu of a message: of its link, or of the stories of our own digest."""
    does = commands.on_message(data)
    message = data.get("resolved", {}).get("messages", {}).get(str(data.get("target_id")), {})
    stories = _stories(message) if does != commands.ON_LINK else []
    if len(stories) == 1:
        return Pressed(control_id(does, stories[0][0]))
    if stories:
        options = tuple(Control(control_id(does, story), label) for story, label in stories)
        return reply(say("which_of_digest"), Choices(PICK, name("pick_a_story"), options))
    address = _address(message)
    if not does or not address:
        return reply(say("no_story_here" if does == commands.ON_SOURCES else "no_link_here"))
    return Picked(does, address)


def _stories(message: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(id, label) of the stories in the menu of a digest of ours."""
    return [
        (str(option["value"]), str(option["label"]))
        for part in _parts(message.get("components") or ())
        if _STORIES.match(str(part.get("custom_id", "")))
        for option in part.get("options") or ()
    ]


def _address(message: Mapping[str, Any]) -> str:
    """The first address in a message, also where it stands in a component or a preview."""
    texts = [str(message.get("content") or "")]
    texts += [str(part.get("content") or "") for part in _parts(message.get("components") or ())]
    texts += [str(embed.get("url") or "") for embed in message.get("embeds") or ()]
    found = next((match for text in texts if (match := _ADDRESS.search(text))), None)
    return found[0].rstrip(").,;:!?*_~") if found else ""


def _parts(components: Any) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for component in components:
        found += [component, *_parts(component.get("components") or ())]
    return found
