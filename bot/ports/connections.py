"""How the connection to a chat platform is doing, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DoorState:
    """Whether a door is connected, and what there is to say of it; see `bot.connection_words` for how it is told.

    Args:
        words: as whom and to what it is connected, or why it is not, such as what to do about a token; ``""`` for nothing.
        since: from when on it is connected, aware, in UTC; None where it is not.
        counts: what was asked over it so far, in words; ``""`` for nothing.
        refused: it is not tried again before a restart.
    """

    connected: bool
    words: str = ""
    since: datetime | None = None
    counts: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Connection:
    """The state of a platform's door, as it was kept.

    Args:
        changed_at: since when it is connected, or is not, aware, in UTC.
    """

    platform: str
    state: DoorState
    changed_at: datetime
