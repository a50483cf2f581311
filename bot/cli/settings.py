"""The operator's settings, as the verbs take them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from config.settings import Settings


def settings_from(file: Path | None) -> Settings:
    """The settings of a file (or none) and the environment.

    Raises:
        ConfigError: something in them is not accepted; the text names it.
    """
    from config.settings import SettingsError, load

    try:
        return load(file, os.environ)
    except SettingsError as error:
        raise ConfigError(str(error)) from None


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


def database_of(settings: Settings, given: str | None) -> str:
    """The address of the archive: the one given, else the settings'; the folder of a default one is made.

    Raises:
        StoreError: the folder cannot be made.
    """
    if given:
        return given
    from config.settings import home

    if settings.database_url.startswith("sqlite:///" + str(home(os.environ))):
        folder = home(os.environ)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise StoreError(f"The folder {folder} cannot be made ({why}); name another one with DATELINE_HOME.") from None
    return settings.database_url
