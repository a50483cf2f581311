"""dateline slack: what Slack is to know of the app."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.cli.errors import helped
from bot.cli.settings import settings_from


def line() -> typer.Typer:
    """The verb with its own verbs."""
    verbs = typer.Typer(help="What it takes to be an app in Slack.", invoke_without_command=True, rich_markup_mode=None)
    verbs.callback()(helped)
    verbs.command("manifest")(manifest)
    return verbs


def manifest(config: Path | None = typer.Option(None, help="A settings file.", metavar="FILE")) -> None:
    """Print the manifest of the app: paste it into Slack's page for new apps, "From a manifest".

    The command that people type is slack.command of the settings.
    """
    from bot.adapters.slack import manifest as slack

    typer.echo(slack.manifest(settings_from(config).slack.command), nl=False)
