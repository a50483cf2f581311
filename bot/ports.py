"""What the use cases need of the outside, as Protocols; the rooms that do it are chosen in ``bot.app``."""

from __future__ import annotations

from typing import Final, Literal, Protocol

from bot.model import Fetched, Validators

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
