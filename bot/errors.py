"""The errors of acting, sorted by who can mend them (see docs/architecture.md)."""


class ConfigError(ValueError):
    """The operator can mend it: the text names file, key, value found and values accepted."""


class SourceError(Exception):
    """The world failed us while reading a source, perhaps only for now.

    Args:
        message: what failed and what to do, without secrets.
        retry_after: seconds until asking again makes sense; None when trying again cannot help.
        status: the HTTP status that the server answered with; None when there was no answer.
        asked: the server itself named ``retry_after``.
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, status: int | None = None, asked: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.status = status
        self.asked = asked


class StoreError(Exception):
    """The database cannot be used as it is: too new, read-only, full, locked.  The text says what to do."""
