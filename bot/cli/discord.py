"""dateline discord: what it takes to let the bot into a server."""

from __future__ import annotations

import asyncio
import os
import re

import typer

from bot.cli.errors import helped
from bot.errors import ConfigError

APPLICATION = typer.Option(
    "", help="Id of the application, where there is no token yet. [default: that of DISCORD_TOKEN]", metavar="ID"
)


def line() -> typer.Typer:
    """The verb with its own verbs."""
    verbs = typer.Typer(help="What it takes to be a bot on Discord.", invoke_without_command=True, rich_markup_mode=None)
    verbs.callback()(helped)
    verbs.command("invite")(invite)
    return verbs


def invite(application: str = APPLICATION) -> None:
    """Print the address at which you let the bot into a server, with the permissions that it needs."""
    from bot.adapters.discord import invitation

    if application and not re.fullmatch(r"[0-9]{1,20}", application):
        raise ConfigError(f"--application is {application[:30]!r}; accepted: a number, from the portal's General Information.")
    typer.echo(invitation(application) if application else _of_token())


def _of_token() -> str:
    from bot.adapters.discord import Discord, Settings
    from bot.errors import DeliveryError
    from config.secrets import secret
    from config.settings import SettingsError

    try:
        token = secret(os.environ, "DISCORD_TOKEN")
    except SettingsError as error:
        raise ConfigError(str(error)) from None
    if token is None:
        raise ConfigError(
            "DISCORD_TOKEN is not set, so I don't know the application. Set it, or name its id: --application ID."
        )
    discord = Discord(Settings.read(token, api_url=os.environ.get("DISCORD_API_URL", "")))
    try:
        return asyncio.run(discord.invite())
    except DeliveryError as error:
        raise ConfigError(f"{error} Or name the application: --application ID.") from None
