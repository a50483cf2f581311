"""The address of a webhook: read once, checked, and kept where no log or error shows it."""

from __future__ import annotations

import re
from typing import Literal, Self
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from bot.address import is_loopback
from bot.errors import ConfigError

Kind = Literal["slack", "discord"]

_DISCORD = re.compile(r"(?P<before>.*?/api)(?:/v\d+)?(?P<hook>/webhooks/\d+/[\w-]+)(?P<after>/.*)?")
_VERSION = "/v10"  # an address as Discord shows it names none, and gets one that counts retry_after in milliseconds
_LONGEST = 2_048


class Hook(BaseModel):
    """The settings of one webhook.

    Args:
        name: as in the channel ``webhook:NAME``, in lower case; no secret.
        thread: of a Discord webhook whose address names one (``?thread_id=...``): all messages go there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str
    kind: Kind
    address: SecretStr
    thread: str | None = None

    @classmethod
    def read(cls, name: str, address: SecretStr, kind: str | None = None, *, variable: str = "") -> Self:
        """Read the address of a webhook.

        Args:
            kind: ``slack`` or ``discord``, for an address whose path does not tell.
            variable: where the address came from, for the complaint.

        Raises:
            ConfigError: it is no such address.  The text does not repeat it.
        """
        where = variable or f"webhook {name}"
        if kind not in (None, "slack", "discord"):
            raise ConfigError(f"{where}_KIND: the kind is {kind[:20]!r}; accepted: slack, discord.")
        parts = _parts(address.get_secret_value().strip(), where)
        told = kind or _told(parts.path)
        if told == "slack":
            return cls(name=name.lower(), kind="slack", address=SecretStr(f"{parts.scheme}://{parts.netloc}{parts.path}"))
        if told == "discord":
            thread = next(iter(parse_qs(parts.query).get("thread_id", [])), None)
            return cls(name=name.lower(), kind="discord", address=SecretStr(_discord(parts, where)), thread=thread)
        raise ConfigError(
            f"{where}: the path of the address does not say whose webhook it is "
            f"(Slack's has /services/, Discord's /api/webhooks/). Set {where}_KIND to slack or discord."
        )

    def message(self, message_id: str) -> SecretStr:
        """The address of one of its messages, on Discord."""
        return SecretStr(f"{self.address.get_secret_value()}/messages/{message_id}")


def _parts(address: str, where: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port, (parts.hostname or "").encode("idna")
    except ValueError:
        raise ConfigError(f"{where}: this is not an address; accepted: https://HOST/PATH.") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.path in ("", "/") or len(address) > _LONGEST:
        raise ConfigError(f"{where}: this is not the address of a webhook; accepted: https://HOST/PATH.")
    if not address.isascii() or re.search(r"[\s\x00-\x20\x7f\\\"<>]", address) or "@" in parts.netloc:
        raise ConfigError(f"{where}: the address holds characters that no webhook has (a space, a quote, a user name).")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ConfigError(f"{where}: plain http would send the secret readable over the net; accepted: https://HOST/PATH.")
    return parts


def _told(path: str) -> Kind | None:
    if "/services/" in path:
        return "slack"
    return "discord" if _DISCORD.match(path) else None


def _discord(parts: SplitResult, where: str) -> str:
    """The address with the version that we speak, without what follows the token."""
    found = _DISCORD.fullmatch(parts.path.rstrip("/"))
    if found is None:  # a gateway with paths of its own, named by its kind
        return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    if found["after"]:
        raise ConfigError(f"{where}: the address goes on after the token with {found['after'][:10]!r}; leave that away.")
    return f"{parts.scheme}://{parts.netloc}{found['before']}{_VERSION}{found['hook']}"
