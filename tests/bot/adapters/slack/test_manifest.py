"""The manifest: what Slack takes, what the code hears and calls, and nothing beyond."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.adapters.slack.manifest import manifest, scopes
from bot.errors import ConfigError
from tests.bot.adapters.slack.yaml import read

ROOM = Path(__file__).resolve().parents[4] / "bot/adapters/slack"
CODE = "\n".join(path.read_text("utf-8") for path in sorted(ROOM.glob("*.py")))

SCOPES_OF_METHODS = {  # docs.slack.dev, each method's own page; of those with several, by kind of conversation
    "auth.test": set(),
    "apps.connections.open": set(),  # the app-level token's own
    "chat.postMessage": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.completeUploadExternal": {"files:write"},
    "usergroups.list": {"usergroups:read"},
    "usergroups.users.list": {"usergroups:read"},
    "users.info": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
}
SCOPES_OF_EVENTS = {  # docs.slack.dev, each event's own page
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "tokens_revoked": set(),
    "message.im": {"im:history"},
    "member_joined_channel": {"channels:read", "groups:read"},
    **{key: {"channels:read"} for key in ("channel_archive", "channel_deleted", "channel_left")},
    **{key: {"groups:read"} for key in ("group_archive", "group_deleted", "group_left")},
}
OF_OTHER_THINGS = {"commands", "files:read"}  # the slash command and shortcuts; the address of a file

KEYS: dict[str, dict[str, Any]] = {  # of the manifest's schema, 2.0.0: what may stand where, and how long a text may be
    "display_information": {"name": 35, "description": 140, "background_color": 7, "long_description": 4_000},
    "features.app_home": {"home_tab_enabled": bool, "messages_tab_enabled": bool, "messages_tab_read_only_enabled": bool},
    "features.bot_user": {"display_name": 80, "always_online": bool},
    "features.slash_commands[]": {"command": 32, "description": 2_000, "usage_hint": 1_000, "should_escape": bool},
    "features.shortcuts[]": {"name": 24, "type": ("message", "global"), "callback_id": 255, "description": 150},
    "settings.interactivity": {"is_enabled": bool},
}
NAMES = {
    "": {"display_information", "features", "oauth_config", "settings"},
    "features": {"app_home", "bot_user", "slash_commands", "shortcuts"},
    "oauth_config": {"scopes"},
    "oauth_config.scopes": {"bot"},
    "settings": {
        *("event_subscriptions", "interactivity"),
        *("org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled"),
    },
    "settings.event_subscriptions": {"bot_events"},
}


@pytest.fixture
def whole() -> dict[str, Any]:
    found = read(manifest())
    assert isinstance(found, dict)
    return found


def wrong(value: Any, at: str = "") -> list[str]:
    """What Slack would not take."""
    if isinstance(value, list):
        return [each for one in value for each in (wrong(one, f"{at}[]") if isinstance(one, dict) else [])]
    if not isinstance(value, dict):
        return []
    known = KEYS.get(at, {})
    found = [f"{at}: {key}" for key in value if key not in known and key not in NAMES.get(at, set())]
    for key, inner in value.items():
        limit = known.get(key)
        good = (
            isinstance(inner, bool)
            if limit is bool
            else inner in limit
            if isinstance(limit, tuple)
            else isinstance(inner, str) and 0 < len(inner) <= limit
            if isinstance(limit, int)
            else True
        )
        found += [] if good else [f"{at}.{key}: {inner!r}"]
        found += wrong(inner, f"{at}.{key}".strip("."))
    return found


def test_slack_takes_it(whole: dict[str, Any]) -> None:
    assert wrong(whole) == []
    assert len(whole["display_information"]["long_description"]) >= 175
    assert re.fullmatch(r"#[0-9a-f]{6}", whole["display_information"]["background_color"])
    assert whole["settings"]["socket_mode_enabled"] is True
    assert whole["settings"]["token_rotation_enabled"] is False
    for kind in ("message", "global"):
        assert sum(each["type"] == kind for each in whole["features"]["shortcuts"]) <= 5


@pytest.mark.parametrize(
    ("place", "key", "value"),
    [
        ("display_information", "name", "x" * 36),
        ("display_information", "colour", "#000000"),
        ("settings", "socket_mode", True),
        ("features", "shortcuts", [{"name": "x" * 25, "type": "message", "callback_id": "x", "description": "x"}]),
        ("features", "shortcuts", [{"name": "x", "type": "channel", "callback_id": "x", "description": "x"}]),
    ],
)
def test_what_slack_does_not_take_is_found(whole: dict[str, Any], place: str, key: str, value: object) -> None:
    whole[place][key] = value

    assert wrong(whole)


def test_what_is_heard_is_declared_and_what_is_declared_is_heard(whole: dict[str, Any]) -> None:
    listened = {
        *re.findall(r'^            "(\w+)": self\._', CODE, re.MULTILINE),
        *re.findall(r'"((?:channel|group)_(?:deleted|left|archive))"', CODE),
    }
    declared = whole["settings"]["event_subscriptions"]["bot_events"]

    assert {each.partition(".")[0] for each in declared} == listened
    assert sorted(declared) == declared
    assert set(re.findall(r'^[A-Z_]+: Final = "(\w+_\w+)"$', CODE, re.MULTILINE)) - {"dateline_delivery"} == {
        each["callback_id"] for each in whole["features"]["shortcuts"]
    }
    assert len(whole["features"]["slash_commands"]) == 1


def test_each_scope_is_needed_explained_and_there(whole: dict[str, Any]) -> None:
    asked = set(whole["oauth_config"]["scopes"]["bot"])
    methods = {method for method in re.findall(r'"([a-z]+(?:\.[a-zA-Z]+)+)"', CODE) if method in SCOPES_OF_METHODS}
    called = set(re.findall(r'(?:ask|_asked)\(\s*"([\w.]+)"', CODE)) | {"conversations.replies"}
    events = whole["settings"]["event_subscriptions"]["bot_events"]

    assert called <= set(SCOPES_OF_METHODS)
    assert methods == set(SCOPES_OF_METHODS)
    needed = set().union(*(SCOPES_OF_METHODS[each] for each in methods), *(SCOPES_OF_EVENTS[each] for each in events))
    assert asked == needed | OF_OTHER_THINGS
    assert set(scopes()) == asked
    assert all(why.strip() for why in scopes().values())


def test_the_command_of_this_installation_stands_in_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_SLACK__COMMAND", "/news")

    assert cli.main(["slack", "manifest"]) == 0

    printed = capsys.readouterr().out
    assert printed == manifest("/news")
    assert read(printed)["features"]["slash_commands"][0]["command"] == "/news"


@pytest.mark.parametrize("command", ["/Digest", "/two words", "/" + "x" * 40, "/x\n- y"])
def test_a_command_that_slack_does_not_take_is_refused(command: str) -> None:
    with pytest.raises(ConfigError, match=r"slack\.command"):
        manifest(command)


def test_printing_it_loads_no_chat_library() -> None:
    loaded = "print(sorted(set(sys.modules) & {'slack_bolt', 'slack_sdk', 'aiohttp'}))"
    code = f"import sys; from bot import cli; cli.main(['slack', 'manifest']); {loaded}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60, check=True)

    assert run.stdout.endswith("[]\n")
