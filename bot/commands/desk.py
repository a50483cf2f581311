"""The desk: every request comes here, and gets a reply in words whatever happens.

Checked in this order: was it answered before, may so much be asked, is there such a command, may this person.  A fault is a
sentence with a reference that stands in the operator's log; no fault leaves the desk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Final

from bot import log
from bot.commands import table
from bot.commands.ask import TERMINAL, Ask, Means
from bot.commands.completion import Completion, Offer
from bot.commands.limits import Limits
from bot.commands.phrases import as_command, asked_about, without_please
from bot.commands.table import Command
from bot.errors import DeliveryError, SourceError, StoreError
from bot.model import Channel, Space
from bot.ports.people import SpaceSettings
from bot.talk import (
    PICK,
    Asked,
    Buttons,
    Control,
    Listing,
    Person,
    Picked,
    Pressed,
    Progress,
    Reply,
    Request,
    Shown,
    Submitted,
    Typed,
    control_id,
    fitting,
    quietly,
    read_control,
    read_stamp,
    reply,
    stamp,
)
from bot.wording import line_of, name, query_error, say
from digests import query
from digests.errors import QueryError
from digests.query.typed import is_address
from digests.render.safe import SafeText
from digests.slips import MARKS, near, shown

LONGEST_S: Final = 60.0
"""How long an answer may take."""
_ALIKE = 0.6  # a command has few letters, and two of them are soon swapped
MOST_CHARACTERS: Final = 2_000
"""Of one request.  A longer one is refused unread."""
_TYPED, _PRESSED = "t", "c"
_TIMES = ("since", "until", "date")
_NO_ZONE: Final = "UTC"  # what `digest.zone` is where the operator chose none


class Desk:
    """Answers requests.  One serves all platforms of a process, so that its limits hold across them."""

    def __init__(self, means: Means, *, longest_s: float = LONGEST_S) -> None:
        self._means, self._longest_s = means, longest_s
        self._limits = Limits()
        self._completion = Completion(means)

    async def answer(self, request: Request, progress: Progress = quietly) -> Reply | None:
        """The reply to a request; None when the same request was answered before.

        Args:
            progress: told in words what is going on, where an answer takes its time.
        """
        try:
            if not await self._means.people.take(request.space, request.id, request.at):
                return None
            wait_s, most = self._limits.wait_s(request.space, request.person.id, request.at)
            if wait_s and request.space != TERMINAL:  # there nobody is kept waiting, and a script is no flood
                return reply(say("too_many", most=most, seconds=wait_s))
            async with asyncio.timeout(self._longest_s):
                return await self._answered(request, progress)
        except (QueryError, SourceError, DeliveryError) as error:
            return reply(line_of(error))
        except TimeoutError as error:
            return reply(say("took_too_long", seconds=round(self._longest_s), reference=_logged(request, error)))
        except StoreError as error:
            return reply(say("store_failed", reference=_logged(request, error)))
        except Exception as error:
            return reply(say("broke", reference=_logged(request, error)))

    async def offers(
        self, channel: Channel, kind: str, typed: str, now: datetime, *, person: Person | None = None
    ) -> list[Offer]:
        """What could be meant by the beginning of a word; see `completion`.  None where the archive cannot be read."""
        try:
            return await self._completion.offers(channel, kind, typed, now, person)
        except StoreError:
            return []

    def may_be_form(self, asked: Asked) -> bool:
        """Whether the reply may be a form."""
        match asked:
            case Pressed(control, values):
                read = read_control(values[0] if control == PICK and values else control)
                command = table.ACTIONS.get(read[0]) if read else None
            case Picked(called):
                command = table.command(called)
            case Typed(words):
                first, second = (*words.split(maxsplit=2), "", "")[:2]
                command = table.command(f"{first} {second}") or table.command(first)
            case Submitted():
                return True
        return command is not None and command.form

    async def admins(self, space: Space) -> str:
        """Id of the group or role whose members may administer a space too; ``""`` for none, or where it cannot be read."""
        try:
            return (await self._means.people.settings(space)).admins
        except StoreError:
            return ""

    async def _answered(self, request: Request, progress: Progress) -> Reply:
        means = self._means.on(request.space.platform)
        # As long as nobody chose a zone, neither the operator nor this place, eight in the morning is the asker's.
        zone = request.person.zone if means.zone == _NO_ZONE else ""
        usual = SpaceSettings(zone=zone or means.zone, length=means.length)
        settings = await means.people.settings(request.space, default=usual)
        ask = Ask(means, request, settings, request.person.zone or settings.zone, progress=progress)
        match request.asked:
            case Typed(words):
                return await _typed(ask, words)
            case Picked(command, words, options):
                return await _picked(ask, command, words, options)
            case Pressed(control, values):
                return await _pressed(replace(ask, values=values), control)
            case Submitted(form, fields, begun):
                return await _pressed(replace(ask, fields=fields, begun=begun), form)


async def _typed(ask: Ask, words: str, *, shared: bool = False) -> Reply:
    """Run the command that the first words name; without any, the digest of now."""
    if len(words) > MOST_CHARACTERS:
        raise query_error("too_long", characters=len(words), most=MOST_CHARACTERS)
    words = as_command(words)
    first, _, rest = words.partition(" ")
    again = (_TYPED, words)
    if not first:
        return await _run(table.COMMANDS["now"], ask, "", again, shared=shared)
    second, _, others = rest.strip().partition(" ")
    if first == "?":
        first = "help"
    if _is_option(first, rest):
        return await _run(table.COMMANDS["now"], ask, words, again, shared=shared)
    second = second if others else second.rstrip(MARKS)
    apart = [(f"{first}{dash}{second}", others) for dash in ("", "-") if second]  # "catch up", "forget me"
    for called, behind in ((f"{first} {second}", others), (first, rest), *apart):
        if command := table.command(called):
            return await _run(command, ask, behind, again, shared=shared)
    if ask.request.attached is not None:  # "here you go": the list itself says what is to be done with it
        return await _run(table.COMMANDS["feeds import"], ask, "", again, shared=shared)
    return _unknown(ask, first, rest.strip(), words)


def _is_option(first: str, rest: str) -> bool:
    """Whether what was typed begins with an option of `now`, misspelt ones too: then the command was left out."""
    takes = table.COMMANDS["now"].takes
    if first.lower() in ("since", "until"):
        return bool(rest)
    option, colon, _ = first.lower().replace("：", ":").partition(":")
    return bool(colon) and not is_address(first) and (option in takes or near(option, takes) is not None)


async def _picked(ask: Ask, called: str, words: str, options: Mapping[str, str]) -> Reply:
    """Run a command whose words and options came apart."""
    command = table.command(called)
    if command is None:
        return _unknown(ask, called, "", called)
    kind = {key: without_please(value) if key in _TIMES else value for key, value in options.items()}
    given = [f'{key}:"{value.replace(chr(34), " ")}"' for key, value in kind.items() if value]
    behind = " ".join([without_please(words), *given])
    return await _run(command, ask, behind, (_TYPED, f"{called} {behind}".strip()))


async def _pressed(ask: Ask, control: str, *, shared: bool = False) -> Reply:
    """Do what a control is for."""
    read = read_control(control)
    if control == PICK and ask.values:
        return await _pressed(replace(ask, values=()), ask.values[0])
    if read and read[0] == "share" and not shared:
        return await _shared(ask, read[1])
    command = table.ACTIONS.get(read[0]) if read else None
    if read is None or command is None:
        return _old_control(ask)
    words = read[1][0] if command.worded and read[1] else ""
    return await _run(command, replace(ask, arguments=read[1]), words, (_PRESSED, read[0], *read[1]), shared=shared)


async def _shared(ask: Ask, arguments: tuple[str, ...]) -> Reply:
    """Ask again what was asked at an instant, as it was then, and let everybody see the answer."""
    when, how, *again = (*arguments, "", "", "")[: max(3, len(arguments))]
    try:
        at, control = read_stamp(when), "" if how == _TYPED else control_id(*again)
    except ValueError:  # a control that we did not make
        return _old_control(ask)
    then = replace(ask, request=replace(ask.request, at=min(at, ask.now)))
    if how == _TYPED:
        answer = await _typed(then, again[0], shared=True)
    else:
        answer = await _pressed(then, control, shared=True)
    # A button is soon pressed twice; in the channel the same would stand twice.
    shown_once = f"share {ask.channel} {ask.person.id} {' '.join(arguments)}"
    if answer.public and not await ask.means.people.take(ask.space, shown_once, ask.now):
        return reply(say("shared_already"))
    return answer


async def _run(command: Command, ask: Ask, words: str, again: tuple[str, ...], *, shared: bool = False) -> Reply:
    """The answer of a command.

    Args:
        again: how the same can be asked once more: typed, or by a control.
        shared: for everybody to see, which not every answer is.
    """
    if command.admin and not ask.may_administer:
        who = say("admins_of", group=ask.settings.admins) if ask.settings.admins else ()
        return reply(say("not_allowed", who=who, prefix=ask.means.prefix))
    if shared and not command.shareable:
        return _old_control(ask)
    if command.sought:
        words = asked_about(words)
    typed = query.parse(words, ask.now, ask.zone, command.takes, wordless=command.wordless)
    answer = await command.run(replace(ask, typed=replace(typed, share=typed.share or shared), said=words))
    if shared:
        return replace(answer, public=True)
    return _with_share(ask, answer, again) if command.shareable and not answer.public else answer


def _with_share(ask: Ask, answer: Reply, again: tuple[str, ...]) -> Reply:
    """The answer with a button that shows it to everybody; without one where what was asked is too long for its id."""
    if not any(isinstance(part, Shown | Listing) for part in answer.parts):  # a question back, or that there is nothing
        return answer
    share = fitting("share", stamp(ask.now), *again, label=name("button_share"))
    *parts, last = answer.parts
    if isinstance(last, Buttons):
        return replace(answer, parts=(*parts, Buttons((*last.controls, *share))))
    return replace(answer, parts=(*answer.parts, Buttons(share))) if share else answer


def _old_control(ask: Ask) -> Reply:
    return reply(say("old_control", prefix=ask.means.prefix))


def _unknown(ask: Ask, first: str, rest: str, words: str) -> Reply:
    """No command is called so: what is near, and how to ask for the words as words.

    Args:
        rest: what stands behind the first word of ``words``.
    """
    if is_address(first):
        return _what_with(ask, first)
    if not shown(first) or query.is_picture(first):
        return reply(say("no_words", prefix=ask.means.prefix), Buttons((Control(control_id("now"), name("button_now")),)))
    meant = near(first.lower(), table.names(admin=ask.may_administer), alike=_ALIKE)
    prefix = ask.means.prefix
    if meant:
        typed = ask.means.admin_prefix if table.COMMANDS[meant].admin else prefix
        line = say("unknown_command_near", word=shown(first), near=meant, prefix=typed)
    else:
        line = say("unknown_command", word=shown(first), prefix=prefix)
    now = Control(control_id("now"), name("button_now"))
    look = fitting("about", words, label=name("button_about_these_words"))
    return reply(line, Buttons((*_near(meant, rest), *look, now)))


def _near(meant: str | None, rest: str) -> tuple[Control, ...]:
    """A button for the command that was meant, with the words behind it where it takes them from a button."""
    action = {"story": "timeline", "catchup": "missed"}.get(meant or "", (meant or "").replace(" ", "-"))
    command = table.ACTIONS.get(action)
    if meant is None or meant == "now" or command is None or (rest and not command.worded):
        return ()
    return fitting(action, *([rest] if rest else []), label=SafeText(f"{meant} {rest}", 40))


def _what_with(ask: Ask, address: str) -> Reply:
    """Only an address was typed: a page to digest, or a feed to follow."""
    line = say("only_an_address", prefix=ask.means.prefix, address=address)
    link = fitting("link", address, label=name("button_digest_this_link"))
    add = fitting("feeds-add", address, label=name("button_follow_feed")) if ask.may_administer else ()
    return reply(line, Buttons((*link, *add))) if link or add else reply(line)


def _logged(request: Request, fault: Exception) -> str:
    """A short name for what broke, written into the operator's log with the fault."""
    reference = "d-" + blake2b(f"{request.space}\0{request.id}".encode(), digest_size=3).hexdigest()
    log.error("request_failed", fault, reference=reference, space=str(request.space), asked=type(request.asked).__name__)
    return reference
