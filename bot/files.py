"""Local files, read as if they had been fetched."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

from bot.errors import SourceError
from bot.model import Fetched, Validators
from bot.ports import UNCONDITIONAL

MAX_BYTES = {"feed": 5 << 20, "page": 2 << 20}
_TYPES = {".htm": "text/html", ".html": "text/html", ".json": "application/json", ".md": "text/plain", ".txt": "text/plain"}


class Files:
    """A `bot.ports.Fetcher` whose addresses are paths."""

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        """The file at a path.

        Args:
            kind: a feed may be 5 MiB, a page 2 MiB.

        Raises:
            SourceError: there is no such file, or it is too large or unreadable; asking again cannot help.
        """
        del validators
        return await asyncio.to_thread(_read, Path(url), MAX_BYTES[kind])


def _read(path: Path, most: int) -> Fetched:
    try:
        with path.open("rb") as file:
            body = file.read(most + 1)
    except FileNotFoundError:
        raise SourceError(
            f"There is no file {path}. Give a file that exists, or an address that begins with https://."
        ) from None
    except IsADirectoryError:
        raise SourceError(f"{path} is a folder. Give the file in it.") from None
    except ValueError:  # a NUL
        raise SourceError(f"{str(path)!r} is no name of a file.") from None
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from None
    if len(body) > most:
        raise SourceError(f"{path} is larger than {most >> 20} MiB, which no {'feed' if most > 2 << 20 else 'article'} is.")
    if not body.strip():
        raise SourceError(f"{path} is empty.")
    return Fetched(path.resolve().as_uri(), 200, body, _TYPES.get(path.suffix.lower(), ""))
