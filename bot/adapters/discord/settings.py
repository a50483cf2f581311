"""What the operator sets for Discord, and where the library is told to call."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from typing import Final, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from bot.address import is_loopback
from bot.errors import ConfigError

API: Final = "https://discord.com/api/v10"
_GATEWAY = "wss://gateway.discord.gg/"


class Settings(BaseModel):
    """The settings of one application on Discord.

    Args:
        token: of its bot user; no secret is shown by any text of this value.
        api_url: without a slash at its end.
        gateway_url: ``""`` for Discord's own.
        guild: id of a server to which the commands are told at once, for trying them out; ``""`` for all servers.
        silent: what is posted on schedule rings nobody's phone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    token: SecretStr
    api_url: str = API
    gateway_url: str = ""
    guild: str = ""
    silent: bool = False

    @classmethod
    def read(cls, token: SecretStr, *, api_url: str = "", gateway_url: str = "", guild: str = "", silent: bool = False) -> Self:
        """The settings, checked.

        Args:
            token: of ``DISCORD_TOKEN``.
            api_url: of ``DISCORD_API_URL``; ``""`` for Discord's own.
            gateway_url: of ``DISCORD_GATEWAY_URL``; ``""`` for Discord's own.
            guild: of the setting ``discord.guild``; ``""`` for none.

        Raises:
            ConfigError: one of them is not what it should be.  The text never repeats the token.
        """
        raw = token.get_secret_value().strip()
        if not raw or re.search(r"[\s\x00-\x1f\x7f]", raw) or not raw.isascii():
            raise ConfigError(
                "DISCORD_TOKEN: this is not the token of a bot; accepted: the one line that the Developer Portal shows "
                "once under Bot > Reset Token, without the word Bot before it."
            )
        if guild and not re.fullmatch(r"[0-9]{1,20}", guild):
            raise ConfigError(f"discord.guild is {guild[:30]!r}; accepted: the id of a server, a number.")
        return cls(
            token=SecretStr(raw),
            api_url=_checked("DISCORD_API_URL", api_url or API, "https").rstrip("/"),
            gateway_url=gateway_url and _checked("DISCORD_GATEWAY_URL", gateway_url, "wss"),
            guild=guild,
            silent=silent,
        )

    def application(self) -> str:
        """Id of the application as its token begins with it; ``""`` where that is no number, so that Discord must be asked."""
        head = self.token.get_secret_value().partition(".")[0]
        try:
            told = urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("ascii")
        except ValueError:
            return ""
        return told if re.fullmatch(r"[0-9]{15,20}", told) else ""


def point_library(settings: Settings) -> None:
    """Let discord.py call the addresses of the settings.

    The library has no option for them: they are an attribute of two of its classes, so they hold for the whole process, and
    are set before anything of it is used.  The gateway is asked for at its fixed address, as `discord.Client` does.
    """
    import yarl
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE = settings.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway_url or _GATEWAY)


def _checked(variable: str, address: str, scheme: str) -> str:
    """The address, if a token may be sent there.  Raises ConfigError."""
    plain = "http" if scheme == "https" else "ws"
    try:
        parts = urlsplit(address.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in (scheme, plain) or not host or "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigError(f"{variable}: this is not an address to call; accepted: {scheme}://HOST/PATH.")
    if parts.scheme == plain and not is_loopback(host):
        raise ConfigError(f"{variable}: {plain}:// would send the token readable over the net; accepted: {scheme}://HOST/PATH.")
    return address.strip()
