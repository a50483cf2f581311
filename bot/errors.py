"""The errors of acting, sorted by who can mend them (see docs/architecture.md)."""

# ruff: noqa: N818  (an answer of a platform is named for what it says: `except RateLimited`)


class ConfigError(ValueError):
    """The operator can mend it: the text names file, key, value found and values accepted."""


class SourceError(Exception):
    """The world failed us while reading a source, perhaps only for now.

    Args:
        message: what failed and what to do, without secrets.
        retry_after: seconds until asking again makes sense; None when trying again cannot help.
        status: the HTTP status that the server answered with; None when there was no answer.
        asked: the server itself named ``retry_after``.
        refused: we did not ask: the address is none that is read.
        nowhere: there is no such name, or nothing at that address: who just typed it may have misspelt it.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        status: int | None = None,
        asked: bool = False,
        refused: bool = False,
        nowhere: bool = False,
    ) -> None:
        super().__init__(message)
        self.nowhere = nowhere
        self.refused = refused
        self.retry_after = retry_after
        self.status = status
        self.asked = asked


class StoreError(Exception):
    """The database cannot be used as it is: too new, read-only, full, locked.  The text says what to do."""


class DeliveryError(Exception):
    """A platform did not take a message.  Which of the classes below it is says what to do; none of them says a secret.

    Args:
        message: what failed and what to do, in words for the one who set the channel up.
        retry_after: seconds until trying again makes sense; None when trying again cannot help.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RateLimited(DeliveryError):
    """Surely not delivered: too much at once.  ``retry_after`` is what the platform asks for, an hour at most."""


class Unreachable(DeliveryError):
    """Surely not delivered: no connection came about, so nothing was sent.  Try again after ``retry_after``."""


class TargetGone(DeliveryError):
    """Surely not delivered: the channel or its webhook is deleted, archived or hidden.  Pause the target, tell its owner."""


class MessageGone(DeliveryError):
    """The message to edit or to reply to is no longer there: settle as failed, say it in the next digest, never post anew."""


class NotAllowed(DeliveryError):
    """Surely not delivered: a permission is missing.  The text names it; pause the target after one try."""


class AuthDead(DeliveryError):
    """Surely not delivered: the installation's token is wrong or revoked.  Stop its whole space, keep the others running."""


class Rejected(DeliveryError):
    """Surely not delivered: the platform refuses this payload, which is our bug.  Try `bot.ports.Adapter.plain` once."""


class OutcomeUnknown(DeliveryError):
    """Perhaps delivered: no answer, a broken one, or a fault after the platform had our bytes.  Never blindly send it again."""
