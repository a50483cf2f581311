"""Following redirects by hand: where a fetch stands, and how far its source has moved.  Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.address import Address, join_address, refusal
from bot.errors import SourceError
from bot.http.manners import HOUR_S

MAX_REDIRECTS = 5
PERMANENT = frozenset({301, 308})
REDIRECTS = PERMANENT | {302, 303, 307}


@dataclass(frozen=True, slots=True)
class Redirect:
    """A server's answer that the document lies elsewhere; ``location`` is the header as sent."""

    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Way:
    """Where a fetch stands, and how it got there.

    Args:
        behind: the addresses that sent us on, first to last.
        moved_to: where permanent redirects alone led: until the first that is not one, or that gives up TLS.
        still_permanent: nothing but such redirects so far.
    """

    here: Address
    behind: tuple[Address, ...] = ()
    moved_to: str | None = None
    still_permanent: bool = True

    def refusal(self, why: str, *, final: bool) -> SourceError:
        """Return the error for not going to ``here``; ``final`` when only another address could help."""
        if self.behind:
            sender = self.behind[-1].host
            words = f"{sender} sends me on to an address that I can't read: {why}."
            return SourceError(words, retry_after=HOUR_S, refused=True)
        return refusal(why, retry_after=None if final else HOUR_S)

    def onward(self, redirect: Redirect) -> Way:
        """Return the way after ``redirect``.

        Raises:
            SourceError: it leads to no readable address, in a circle, or on for too long.
        """
        host = self.here.host
        behind = (*self.behind, self.here)
        try:
            there = join_address(self.here, redirect.location)
        except SourceError as error:
            raise SourceError(f"{host} sends me on, and {error}", retry_after=HOUR_S, refused=True) from None
        if there.url in {address.url for address in behind}:
            raise SourceError(f"{host} sends me round in a circle.", retry_after=HOUR_S)
        if len(behind) > MAX_REDIRECTS:
            raise SourceError(f"{host} sends me on, and I follow {MAX_REDIRECTS} times only.", retry_after=HOUR_S)
        safe = there.scheme == "https" or self.here.scheme == "http"
        permanent = self.still_permanent and redirect.status in PERMANENT and safe
        return Way(there, behind, there.url if permanent else self.moved_to, permanent)
