"""The newsroom that ships with the project: invented outlets and articles, with their own "now", served as if from the web.

It makes the first digest on a machine without network, key or settings, and goes through the same pipeline as any source.
``gold.json`` says what a careful editor would make of it; the tests hold the engine to it, and ``dateline evaluate`` measures
by it.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any, Literal

from bot.errors import SourceError
from bot.model import Fetched, Validators
from bot.ports import UNCONDITIONAL
from digests.model import Source, utc


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What the newsroom holds: its sources, its title, and the instant (UTC) at which its digest is made."""

    title: str
    now: datetime
    zone: str
    sources: tuple[Source, ...]
    documents: dict[str, tuple[str, str]]

    async def fetch(self, url: str, *, kind: Literal["feed", "page"], validators: Validators = UNCONDITIONAL) -> Fetched:
        """The document that stands for an address, as `bot.ports.Fetcher` promises; it never changes.

        Raises:
            SourceError: the newsroom has no such document.
        """
        del kind, validators
        try:
            name, content_type = self.documents[url.partition("?")[0]]
        except KeyError:
            raise SourceError(f"The newsroom has no page {url}") from None
        return Fetched(url, 200, files(__name__).joinpath(name).read_bytes(), content_type)


def load() -> Newsroom:
    """The newsroom, read from its own table of contents."""
    contents = tomllib.loads(files(__name__).joinpath("newsroom.toml").read_text(encoding="utf-8"))
    documents = {each["feed"]: (f"feeds/{each['file']}", each["content_type"]) for each in contents["outlet"]}
    documents |= {each["url"]: (f"pages/{each['file']}", each["content_type"]) for each in contents["page"]}
    return Newsroom(
        contents["title"],
        utc(datetime.fromisoformat(contents["now"])),
        contents["zone"],
        tuple(Source(each["feed"], "feed", each["feed"], each["name"], each["zone"]) for each in contents["outlet"]),
        documents,
    )


def gold() -> dict[str, Any]:
    """What a careful editor makes of the newsroom's articles; `digests.evaluate.gold` has its parts."""
    return dict(json.loads(files(__name__).joinpath("gold.json").read_text(encoding="utf-8")))
