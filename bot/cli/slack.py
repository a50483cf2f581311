"""dateline slack: what Slack is to know of the app."""

from __future__ import annotations

import typer

from bot.cli.errors import helped

COMMAND = typer.Option(
    "/digest", help="What people type in Slack; another where another app has it.", envvar="SLACK_COMMAND", metavar="COMMAND"
)


def line() -> typer.Typer:
    """The verb with its own verbs."""
    verbs = typer.Typer(help="What it takes to be an app in Slack.", invoke_without_command=True, rich_markup_mode=None)
    verbs.callback()(helped)
    verbs.command("manifest")(manifest)
    return verbs


def manifest(command: str = COMMAND) -> None:
    """Print the manifest of the app: paste it into Slack's page for new apps, "From a manifest"."""
    from bot.adapters.slack import manifest as slack

    typer.echo(slack.manifest(command), nl=False)
