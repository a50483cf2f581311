"""What a time expression is, and what it turned out to mean."""

from __future__ import annotations

from typing import NamedTuple

from digests.model import Basis, Precision


class TimeExpression(NamedTuple):
    """Words of a text that mean a time.

    Args:
        start: offset in code points of the text, as ``end``; ``words == text[start:end]``.
        value: in the forms of TIMEX3: ``2013-03-22``, ``2013-03``, ``2013-W12``, ``P1M``, ``PAST_REF``, ``2013-03-22TNI``;
            ``XXXX-04-13`` where the year is unknown; None where nothing of it is known.
        type: DATE, TIME, DURATION or SET.
        precision: of the calendar value; NONE for what is no day, week, month or year of the calendar.
        basis: WRITTEN when the words say it all, WORKED_OUT with the help of the reference, else UNCLEAR.
        ahead: the verb beside it looks forward ("will meet").
    """

    start: int
    end: int
    words: str
    value: str | None
    type: str
    precision: Precision
    basis: Basis
    ahead: bool = False

    @property
    def day(self) -> str | None:
        """The calendar value without a time of day: ``2013-03-22``, ``2013-03``, ``2013``; None for anything else."""
        if self.value is None or self.precision is Precision.NONE or self.basis is Basis.UNCLEAR:
            return None
        return self.value.partition("T")[0]


class Meaning(NamedTuple):
    """What words turned out to mean; ``precision`` of a calendar value, NONE for any other."""

    value: str | None
    type: str = "DATE"
    precision: Precision = Precision.NONE
    basis: Basis = Basis.WORKED_OUT
    ahead: bool = False


UNKNOWN = Meaning(None, basis=Basis.UNCLEAR)
ELSEWHERE = Meaning("XXXX-XX-XX", basis=Basis.UNCLEAR)
"""Of "the same day": it hangs on words that were not found, so that no publication date could settle it."""

Found = tuple[int, int, Meaning]
"""Where the words stand in the text, and what they mean."""
