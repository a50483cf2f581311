"""The operator's settings, as the verbs take them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from config.settings import Settings


def settings_from(file: Path | None) -> Settings:
    """The settings of a file (or none) and the environment; a variable that seems misspelt is told on standard error.

    Raises:
        ConfigError: something in them is not accepted; the text names it.
    """
    from config.settings import SettingsError, load, misspelt

    try:
        settings = load(file, os.environ)
    except SettingsError as error:
        raise ConfigError(str(error)) from None
    for variable, meant in misspelt(os.environ):
        typer.echo(f"dateline: {variable} does nothing. Did you mean {meant}?", err=True)
    return settings


def checked_zone(name: str) -> None:
    """Do nothing when there is a time zone of that name.

    Raises:
        ConfigError: there is none; the text names the nearest.
    """
    from config.settings import known_zone

    try:
        known_zone(name)
    except ValueError as error:
        raise ConfigError(f"I don't know the time zone {name!r}; accepted: {error}.") from None


def database_of(settings: Settings, given: str | None, *, make: bool = False) -> str:
    """The address of the archive: the one given, else the settings'; the folder of a default one is made.

    Args:
        given: as typed; None for that of the settings.
        make: the verb may begin one that was named and is not there.  The default one any verb may begin.

    Raises:
        StoreError: the folder cannot be made, or an archive was named that is not there: a slip, perhaps, and one that was
            begun by it would look like a bot that has nothing to post.
    """
    from config.settings import default_database, home

    address, default = given or settings.database_url, default_database(os.environ)
    if address == default:
        folder = home(os.environ)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise StoreError(f"The folder {folder} cannot be made ({why}); name another one with DATELINE_HOME.") from None
    elif not make:
        _there(address)
    return address


def _there(address: str) -> None:
    from bot import app

    if (file := app.archive_file(address)) and not file.exists():
        raise StoreError(
            f"There is no archive {file}. Name one that there is, or begin one: dateline migrate --database {address}"
        )
