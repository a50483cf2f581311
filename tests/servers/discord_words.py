"""What people read and hear of a Discord message: its words without the marks, whom it rings, what it unfolds.

A small reader of Discord's markdown, written from its documents (Reference: Message Formatting; Markdown Text 101) and from
what its clients do.  It shares nothing with the adapters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

# What can ring


EVERYONE = re.compile(r"@(everyone|here)\b")  # a backslash before it does not help
ROLES, USERS = re.compile(r"<@&(\d+)>"), re.compile(r"<@!?(\d+)>")


def spoken(payload: Json) -> list[str]:
    """The texts of a message in which a mention can ring: its content and its text displays, not its embeds."""
    return [payload.get("content") or "", *_displays(payload.get("components") or [])]


def pings(payload: Json, default: Iterable[str]) -> Iterator[str]:
    """Whom a message may ring, by what it allows: ``everyone``, ``here``, ``role:ID``, ``user:ID``.

    Args:
        default: the kinds that are allowed when the message does not say.
    """
    allowed = payload.get("allowed_mentions")
    allowed = {"parse": list(default)} if allowed is None else allowed
    for words in spoken(payload):
        for kind, mention, form in (("everyone", EVERYONE, "{}"), ("roles", ROLES, "role:{}"), ("users", USERS, "user:{}")):
            for one in mention.findall(words):
                if kind in (allowed.get("parse") or []) or one in map(str, allowed.get(kind) or []):
                    yield form.format(one)


def previews(content: str) -> list[str]:
    """Addresses that unfold below a message: links of its content that do not stand in angle brackets."""
    return [what for mark, what in read(content).marks if mark in ("link", "url")]


# What is read


@dataclass
class Reading:
    """What a person reads of a text, and what of it came alive.

    Attributes:
        marks: what was no plain text, in order, as (kind, what): ``("bold", "Wed 9 Oct")``, ``("link", "https://...")``.
            Kinds: heading, small, bullet, number, quote, bold, italic, underline, strike, spoiler, code, block (of code),
            link (with a label), quiet link (in angle brackets: it does not unfold), url, user, role, channel, command,
            everyone, emoji, time, email, phone.
        spans: where in the text each mark stands, from and up to.
    """

    text: str = ""
    marks: list[tuple[str, str]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)


def shown(payload: Json, names: Mapping[str, str] | None = None) -> str:
    """The words of a message as a person reads them: content, embeds, text displays; no labels of buttons."""
    texts = [payload.get("content") or ""]
    for embed in payload.get("embeds") or []:
        texts += [embed.get("title") or "", embed.get("description") or ""]
        texts += [part for one in embed.get("fields") or [] for part in (one["name"], one["value"])]
        texts.append((embed.get("footer") or {}).get("text") or "")
    texts += _displays(payload.get("components") or [])
    return "\n".join(read(one, names).text for one in texts if one).strip()


def read(markdown: str, names: Mapping[str, str] | None = None) -> Reading:
    """What a person reads of a text.

    Args:
        names: of users, roles and channels, by id.
    """
    reading = _Reader(names or {}).read(markdown)
    return Reading(reading.text, reading.marks, reading.spans)


def _displays(components: list[Json]) -> Iterator[str]:
    for component in components:
        if component.get("type") == 10:
            yield component.get("content") or ""
        yield from _displays(component.get("components") or [])


_FENCE = re.compile(r"```(?:[\w+-]*\n)?([\s\S]+?)```")
_BLOCKS = (
    ("heading", re.compile(r" *#{1,3}[ \t]+(?=\S)")),
    ("small", re.compile(r"-#[ \t]+(?=\S)")),
    ("bullet", re.compile(r"[ \t]*[-*+][ \t]+(?=\S)")),
    ("number", re.compile(r"[ \t]*\d+\.[ \t]+(?=\S)")),
)
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_PLAIN_LINK = re.compile(r"https?://[^\s<]*[^\s<.,:;\"'\])]")
_QUIET_LINK = re.compile(r"<(https?://[^\s<>]+)>")
_TARGET = re.compile(r"\(\s*(<)?(https?://[^\s<>]*?)(?(1)>)(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")
_INNER = (  # kind, form, what it reads as
    ("user", re.compile(r"<@!?(\d+)>"), "@{}"),
    ("role", re.compile(r"<@&(\d+)>"), "@{}"),
    ("channel", re.compile(r"<#(\d+)>"), "#{}"),
    ("command", re.compile(r"</([-_'\w]{1,32}(?: [-_'\w]{1,32}){0,2}):\d+>"), "/{}"),
    ("channel", re.compile(r"<id:(customize|browse|guide|linked-roles)(?::\d+)?>"), "#{}"),
    ("emoji", re.compile(r"<a?:(\w{2,32}):\d+>"), ":{}:"),
    ("email", re.compile(r"<([\w.+-]+@[\w-]+(?:\.[\w-]+)+)>"), "{}"),
    ("phone", re.compile(r"<(\+[\d -]{5,20})>"), "{}"),
    ("everyone", re.compile(r"@(everyone|here)\b"), "@{}"),
)
_TIME = re.compile(r"<t:(-?\d{1,13})(?::([tTdDfFsSR]))?>")
_TIMES = {
    "t": "%H:%M",
    "T": "%H:%M:%S",
    "d": "%d/%m/%Y",
    "D": "%d %B %Y",
    "f": "%d %B %Y %H:%M",
    "F": "%A, %d %B %Y %H:%M",
    "s": "%d/%m/%Y, %H:%M",
    "S": "%d/%m/%Y, %H:%M:%S",
}
_STYLES = (("**", "bold"), ("__", "underline"), ("~~", "strike"), ("||", "spoiler"), ("*", "italic"), ("_", "italic"))
_EMOJI = re.compile(r":(\w[\w+-]*):")
EMOJI = {  # a few of the names that clients draw as emoji
    "blush": "😊",
    "exploding_head": "🤯",
    "fire": "🔥",
    "heart": "❤️",
    "joy": "😂",
    "rotating_light": "🚨",
    "smile": "😄",
    "star_struck": "🤩",
    "tada": "🎉",
    "warning": "⚠️",
}


DEEPEST = 20  # styles in styles; what is deeper stays as it is


class _Reader:
    def __init__(self, names: Mapping[str, str], depth: int = 0) -> None:
        self._names, self._depth = names, depth
        self.text = ""
        self.marks: list[tuple[str, str]] = []
        self.spans: list[tuple[int, int]] = []

    def read(self, markdown: str) -> _Reader:
        """Blocks of code first, for nothing in them is alive; then the lines between them."""
        at = 0
        for fence in _fences(markdown):
            self._lines(markdown[at : fence.start()])
            self._say("block", fence[1])
            at = fence.end()
        self._lines(markdown[at:])
        return self

    def _lines(self, text: str) -> None:
        """A heading, an item or a small line is a block of its own; other lines hang together."""
        together: list[str] = []
        lines = text.split("\n")
        for at, line in enumerate(lines):
            newline = "\n" if at < len(lines) - 1 else ""
            if line.startswith(">>> "):
                self._inline("".join(together))
                self._nested("quote", "\n".join([line[4:], *lines[at + 1 :]]))
                return
            block = self._block(line)
            if block is None:
                together.append(line + newline)
                continue
            self._inline("".join(together))
            together = []
            self._nested(*block)
            self.text += newline
        self._inline("".join(together))

    def _block(self, line: str) -> tuple[str, str] | None:
        """What kind of block a line is, and the words in it."""
        if self._depth >= DEEPEST:
            return None
        if line.startswith("> "):
            return "quote", line[2:]
        for kind, prefix in _BLOCKS:
            if found := prefix.match(line):
                return kind, line[found.end() :]
        return None

    def _nested(self, kind: str, text: str) -> None:
        """Something whose words are read in turn: a mark is told before those in it."""
        inner = _Reader(self._names, self._depth + 1)
        if kind in ("quote", "bullet", "number"):
            inner._lines(text)
        else:
            inner._inline(text)
        self._say(kind, inner.text, within=inner)

    def _say(self, kind: str, text: str, what: str | None = None, within: _Reader | None = None) -> None:
        at = len(self.text)
        self.marks.append((kind, text if what is None else what))
        self.spans.append((at, at + len(text)))
        self.text += text
        if within:
            self.marks += within.marks
            self.spans += [(at + begin, at + end) for begin, end in within.spans]

    def _inline(self, text: str) -> None:
        at = 0
        while at < len(text):
            at = self._next(text, at)

    def _next(self, text: str, at: int) -> int:
        """Read what stands at a place; returns where the next begins."""
        if found := _ESCAPED.match(text, at):
            self.text += found[1]
            return found.end()
        character = text[at]
        end = None
        if character == "`":
            end = self._code(text, at)
        elif character == "[":
            end = self._masked(text, at)
        elif character in "<@":
            end = self._pointed(text, at)
        elif character == "h" and (found := _PLAIN_LINK.match(text, at)):
            self._say("url", found[0])
            end = found.end()
        elif character == ":" and (found := _EMOJI.match(text, at)) and found[1] in EMOJI:
            self._say("emoji", EMOJI[found[1]], found[0])
            end = found.end()
        elif character in "*_~|":
            end = self._styled(text, at)
        if end is None:
            self.text += character
            return at + 1
        return end

    def _code(self, text: str, at: int) -> int | None:
        ticks = re.compile("`+").match(text, at)
        assert ticks is not None
        closing = re.compile(rf"(?<!`){ticks[0]}(?!`)").search(text, ticks.end())
        if closing is None or closing.start() == ticks.end():
            return None
        self._say("code", text[ticks.end() : closing.start()].strip() or " ")
        return closing.end()

    def _masked(self, text: str, at: int) -> int | None:
        """``[label](address)``; a label that is an address itself masks nothing."""
        closing = _closing_bracket(text, at)
        target = _TARGET.match(text, closing + 1) if closing else None
        if closing is None or target is None:
            return None
        label = text[at + 1 : closing]
        if not label.strip() or re.search(r"https?://", label):
            return None
        inner = _Reader(self._names, self._depth + 1)
        inner._inline(label)
        self._say("quiet link" if target[1] else "link", inner.text, target[2], inner)
        return target.end()

    def _pointed(self, text: str, at: int) -> int | None:
        if found := _QUIET_LINK.match(text, at):
            self._say("quiet link", found[1])
            return found.end()
        if found := _TIME.match(text, at):
            self._say("time", _told(int(found[1]), found[2] or "f"), found[0])
            return found.end()
        for kind, form, reads in _INNER:
            if found := form.match(text, at):
                self._say(kind, reads.format(self._names.get(found[1], found[1])), found[0])
                return found.end()
        return None

    def _styled(self, text: str, at: int) -> int | None:
        if self._depth >= DEEPEST:
            return None
        for mark, kind in _STYLES:
            if text.startswith(mark, at) and (closing := _closing(text, at, mark)) is not None:
                self._nested(kind, text[at + len(mark) : closing])
                return closing + len(mark)
        return None


def _fences(markdown: str) -> Iterator[re.Match[str]]:
    at = 0
    while found := _FENCE.search(markdown, at):
        backslashes = len(markdown[: found.start()]) - len(markdown[: found.start()].rstrip("\\"))
        if backslashes % 2:
            at = found.start() + 1
            continue
        yield found
        at = found.end()


def _closing(text: str, at: int, mark: str) -> int | None:
    """Where a style ends that begins at a place; None when it does not end, and is no style then."""
    begin = at + len(mark)
    if mark == "_" and at and (text[at - 1].isalnum() or text[at - 1] == "_"):
        return None
    if mark == "*" and text[begin : begin + 1].isspace():
        return None
    here = begin
    while here < len(text):
        if text[here] == "\\":
            here += 2
        elif text.startswith(mark, here) and here > begin:
            run = len(text[here:]) - len(text[here:].lstrip(mark[0]))
            end = here + run - len(mark)  # of ``***`` it is the last ones that close
            of_two = len(mark) == 1 and run == 2
            in_a_word = mark == "_" and text[end + 1 : end + 2].isalnum()
            after_space = mark == "*" and text[end - 1 : end].isspace()
            if not (of_two or in_a_word or after_space):
                return end
            here += run
        else:
            here += 1
    return None


def _closing_bracket(text: str, at: int) -> int | None:
    depth, here = 0, at
    while here < len(text):
        if text[here] == "\\":
            here += 1
        elif text[here] == "[":
            depth += 1
        elif text[here] == "]":
            depth -= 1
            if not depth:
                return here
        here += 1
    return None


def _told(seconds: int, style: str) -> str:
    """An instant as a British reader in UTC sees it; how long ago it was (``R``) is told as its day and time."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime(_TIMES.get(style, _TIMES["f"]))
    except (OverflowError, ValueError, OSError):
        return "Invalid Date"
