"""What it takes to be an app in a workspace: two tokens, and where Slack is."""

from __future__ import annotations

import re
from typing import Final, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from bot.address import is_loopback
from bot.errors import ConfigError

API_URL: Final = "https://slack.com/api/"
COMMAND: Final = "/digest"

_COMMAND = re.compile(r"/[a-z0-9_-]{1,31}")
_LONGEST = 2_048
_BOT, _APP = "xoxb-", "xapp-"  # how the two tokens begin


class Settings(BaseModel):
    """The settings of the app in one workspace.

    Args:
        bot_token: of the installation, ``xoxb-...``; posts and answers.
        app_token: of the app, ``xapp-...``; opens the connection (Socket Mode).
        api_url: where the Web API is, with a slash at the end.
        command: what people type; another where another app has ``/digest``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    bot_token: SecretStr
    app_token: SecretStr
    api_url: str = API_URL
    command: str = COMMAND

    @classmethod
    def read(cls, bot_token: SecretStr, app_token: SecretStr, *, api_url: str = "", command: str = "") -> Self:
        """Check what the environment says.

        Args:
            api_url: ``""`` for Slack itself; plain http only to this very machine, since the tokens go there.
            command: ``""`` for ``/digest``.

        Raises:
            ConfigError: a value cannot be right.  The text repeats no token.
        """
        given = bot_token.get_secret_value().strip(), app_token.get_secret_value().strip()
        if given[0].startswith(_APP) and given[1].startswith(_BOT):
            raise ConfigError(
                f"SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: the bot's begins with {_BOT}, the app's with {_APP}; "
                "exchange them."
            )
        return cls(
            bot_token=_token(bot_token, _BOT, "SLACK_BOT_TOKEN", "OAuth & Permissions › Bot User OAuth Token"),
            app_token=_token(app_token, _APP, "SLACK_APP_TOKEN", "Basic Information › App-Level Tokens"),
            api_url=_address(api_url.strip() or API_URL),
            command=command_named(command.strip() or COMMAND),
        )


def command_named(command: str) -> str:
    """The command, checked.

    Raises:
        ConfigError: Slack takes no such command.
    """
    written = command if command.startswith("/") else f"/{command}"
    if not _COMMAND.fullmatch(written):
        raise ConfigError(
            f"slack.command is {command[:40]!r}; accepted: a slash, then at most 31 small letters, digits, - and _, "
            "as in /digest."
        )
    return written


def is_safe(address: str) -> bool:
    """Whether a secret may be sent to an address: over TLS, or to this very machine."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")))


def _token(token: SecretStr, begins: str, variable: str, where: str) -> SecretStr:
    value = token.get_secret_value().strip()
    if not re.fullmatch(rf"{begins}[\w-]{{3,300}}", value, re.ASCII):
        raise ConfigError(
            f"{variable} is no such token: it begins with {begins}. "
            f"It stands at https://api.slack.com/apps › your app › {where}."
        )
    return SecretStr(value)


def _address(address: str) -> str:
    if len(address) > _LONGEST or not re.fullmatch(r"https?://[!-~]+", address) or set(address) & set('"<>\\?#@'):
        raise ConfigError(f"SLACK_API_URL is {address[:80]!r}; accepted: https://HOST/api/.")
    if not is_safe(address):
        raise ConfigError(
            f"SLACK_API_URL is {address[:80]!r}: plain http would send the token readable over the net; accepted: https://HOST/api/."
        )
    return address.rstrip("/") + "/"
