"""Work that was acknowledged and is done in its own time: kept track of, and its faults logged, never lost.

```python
async with Errands("slack") as errands:
    errands.do(answering(request))
```
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

from bot import log

MOST: Final = 1_000
"""At once; more are refused, so that a flood cannot take all memory."""
DRAIN_S: Final = 3.0
"""How long what was begun may take to end when the bot stops."""


class Errands:
    """Runs coroutines as tasks that outlive whoever handed them over.

    Args:
        name: in the log.
    """

    def __init__(self, name: str, *, most: int = MOST, drain_s: float = DRAIN_S) -> None:
        self._name, self._most, self._drain_s = name, most, drain_s
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def full(self) -> bool:
        """Whether the next errand would be refused."""
        return len(self._tasks) >= self._most

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait a while for what is under way, then cut it off."""
        if not self._tasks:
            return
        try:
            await asyncio.wait(self._tasks, timeout=self._drain_s)
        finally:  # cut off itself, it leaves nothing behind either
            late = [task for task in self._tasks if not task.done()]
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def do(self, errand: Coroutine[Any, Any, object]) -> asyncio.Task[Any] | None:
        """Begin an errand; None where too many are under way, and then it is never begun."""
        if self.full:
            errand.close()
            log.warning("errand_refused", part=self._name, under_way=len(self._tasks))
            return None
        task = asyncio.create_task(self._kept(errand))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _kept(self, errand: Coroutine[Any, Any, object]) -> object:
        with suppress(asyncio.CancelledError):
            try:
                return await errand
            except Exception as fault:  # the boundary at which a bug is logged and does not spread
                log.error("bug", fault, part=self._name, words=f"{type(fault).__name__}: {fault}")
        return None
