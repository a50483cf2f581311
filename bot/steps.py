"""The steps of the way to a post, named, so that a test can make each of them fail, hang or be the last.

Between any two steps a process may die.  ``before x`` and ``after x`` are the points around step ``x``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

CORRECTING: Final = ("outdated", "revised", "hold", "correct")
PUBLISHING: Final = ("list", "claim", "take over", "read", "make", "compose", "abandon")
DELIVERING: Final = ("wait", "take", "next", "begin", "post", "edit", "look up", "settle", "refuse", "replace", "release")


def around(steps: tuple[str, ...]) -> tuple[str, ...]:
    """The points around some steps, in order."""
    return tuple(f"{when} {step}" for step in steps for when in ("before", "after"))


class Points(Protocol):
    """Told each point that is reached."""

    async def __call__(self, point: str) -> None: ...


async def no_points(point: str) -> None:
    """Nothing happens at any point."""


class Steps:
    """Takes steps, telling each point on the way."""

    def __init__(self, points: Points) -> None:
        self._points = points

    async def __call__(self, name: str, act: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        await self._points(f"before {name}")
        result = await act(*args, **kwargs)
        await self._points(f"after {name}")
        return result
