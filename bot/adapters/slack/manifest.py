"""What Slack is told of the app: its command, shortcuts, events and scopes, out of ``manifest.yml`` beside this module."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from bot.adapters.slack.settings import COMMAND, command_named

DIGEST_LINK: Final = "digest_link"
WHY_STORY: Final = "why_story"
ASK_DIGEST: Final = "ask_digest"
"""Callback ids of the shortcuts."""

_SCOPE = re.compile(r"^ {6}- (?P<scope>[a-z_]+(?::[a-z_.]+)?) # (?P<why>.+)$", re.MULTILINE)


def manifest(command: str = COMMAND) -> str:
    """The manifest, as YAML with its comments.

    Args:
        command: what people type here.

    Raises:
        ConfigError: Slack takes no such command.
    """
    return _text().replace(f"command: {COMMAND}\n", f"command: {command_named(command)}\n")


@cache
def scopes() -> dict[str, str]:
    """The scopes that the app asks for, each with what it is for."""
    return {match["scope"]: match["why"] for match in _SCOPE.finditer(_text())}


def _text() -> str:
    return (files("bot.adapters.slack") / "manifest.yml").read_text(encoding="utf-8")
