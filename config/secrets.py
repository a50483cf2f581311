"""Secrets: from the environment, or from a file that it names.  Never from the settings file, never shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from config.settings import SettingsError

_WEBHOOK = re.compile(r"DATELINE_WEBHOOK_(?P<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*?)(?P<part>_FILE|_KIND)?")
_MAX_BYTES = 16 << 10


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """A webhook as the environment gives it, not yet read.

    Args:
        name: as in the channel ``webhook:NAME``, in lower case.
        kind: whose it is, where the operator says so; None otherwise.
        variable: where it came from, for complaints.
    """

    name: str
    address: SecretStr
    kind: str | None
    variable: str


@dataclass(frozen=True, slots=True)
class SlackTokens:
    """The tokens of a Slack app, not yet read.

    Args:
        bot: of its installation in a workspace; ``app`` opens the connection.
        api_url: where Slack is; ``""`` for Slack itself.
    """

    bot: SecretStr
    app: SecretStr
    api_url: str


@dataclass(frozen=True, slots=True)
class DiscordToken:
    """The token of a Discord bot, not yet read.

    Args:
        api_url, gateway_url: where Discord is; ``""`` for Discord itself.
    """

    bot: SecretStr
    api_url: str
    gateway_url: str


def secret(environ: Mapping[str, str], variable: str) -> SecretStr | None:
    """The secret in ``variable``, or in the file that ``variable_FILE`` names, without white space around it; None without.

    Raises:
        SettingsError: both are given, or the file cannot be read.
    """
    value, file = environ.get(variable, "").strip(), environ.get(f"{variable}_FILE", "").strip()
    if value and file:
        raise SettingsError(f"{variable} and {variable}_FILE are both set; one of them is enough.")
    if file:
        value = _read(Path(file), f"{variable}_FILE")
    return SecretStr(value) if value else None


def webhooks(environ: Mapping[str, str]) -> tuple[WebhookAddress, ...]:
    """The webhooks of the environment (``DATELINE_WEBHOOK_NAME``, ``..._FILE``, ``..._KIND``), by name.

    Raises:
        SettingsError: a file cannot be read, or a kind has no address.
    """
    found = [match for variable, value in environ.items() if value.strip() and (match := _WEBHOOK.fullmatch(variable))]
    hooks = []
    for name in sorted({match["name"] for match in found}):
        variable = f"DATELINE_WEBHOOK_{name}"
        address = secret(environ, variable)
        if address is None:
            raise SettingsError(f"{variable}_KIND is set, but {variable} is not; accepted: the address of the webhook.")
        kind = environ.get(f"{variable}_KIND", "").strip().lower() or None
        hooks.append(WebhookAddress(name.lower(), address, kind, variable))
    return tuple(hooks)


def slack(environ: Mapping[str, str]) -> SlackTokens | None:
    """The tokens of the environment (``SLACK_BOT_TOKEN``, ``SLACK_APP_TOKEN``, each or its ``..._FILE``); None without any.

    Raises:
        SettingsError: one of the two is missing, or a file cannot be read.
    """
    bot, app = secret(environ, "SLACK_BOT_TOKEN"), secret(environ, "SLACK_APP_TOKEN")
    if bot and app:
        return SlackTokens(bot, app, environ.get("SLACK_API_URL", "").strip())
    if bot or app:
        given, other = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN") if bot else ("SLACK_APP_TOKEN", "SLACK_BOT_TOKEN")
        raise SettingsError(f"{given} is set, but {other} is not; a Slack app needs both.")
    return None


def discord(environ: Mapping[str, str]) -> DiscordToken | None:
    """The token of the environment (``DISCORD_TOKEN``, or ``DISCORD_TOKEN_FILE``); None without one.

    Raises:
        SettingsError: a file cannot be read.
    """
    bot = secret(environ, "DISCORD_TOKEN")
    if bot is None:
        return None
    return DiscordToken(bot, environ.get("DISCORD_API_URL", "").strip(), environ.get("DISCORD_GATEWAY_URL", "").strip())


def _read(file: Path, variable: str) -> str:
    try:
        with file.open("rb") as opened:
            value = opened.read(_MAX_BYTES + 1).decode("ascii").strip()
    except UnicodeDecodeError:
        raise SettingsError(f"{variable}: {file} holds something else than a secret.") from None
    except OSError as error:
        raise SettingsError(f"{variable}: {file} cannot be read ({error.strerror}).") from None
    if not value or len(value) > _MAX_BYTES:
        raise SettingsError(f"{variable}: {file} is {'too long' if value else 'empty'}; accepted: one secret.")
    return value
