"""Secrets come from the environment or from files that it names, and are not shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.secrets import secret, webhooks
from config.settings import SettingsError

ADDRESS = "https://hooks.slack.com/services/T0/B0/very-secret"


def test_webhooks_are_found_by_name_with_their_kinds() -> None:
    environ = {
        "DATELINE_WEBHOOK_SPORT": f" {ADDRESS} ",
        "DATELINE_WEBHOOK_DAILY_NEWS": ADDRESS,
        "DATELINE_WEBHOOK_DAILY_NEWS_KIND": "Slack",
        "DATELINE_WEBHOOK_EMPTY": "",
        "DATELINE_DIGEST__ZONE": "UTC",
        "PATH": "/bin",
    }

    found = webhooks(environ)

    assert [(each.name, each.kind, each.variable) for each in found] == [
        ("daily_news", "slack", "DATELINE_WEBHOOK_DAILY_NEWS"),
        ("sport", None, "DATELINE_WEBHOOK_SPORT"),
    ]
    assert {each.address.get_secret_value() for each in found} == {ADDRESS}
    assert "very-secret" not in repr(found) + str(found)


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "hook"
    file.write_text(f"{ADDRESS}\n")

    (hook,) = webhooks({"DATELINE_WEBHOOK_NEWS_FILE": str(file)})

    assert (hook.name, hook.address.get_secret_value()) == ("news", ADDRESS)


def test_without_any_there_is_none() -> None:
    assert secret({}, "SLACK_BOT_TOKEN") is None
    assert secret({"SLACK_BOT_TOKEN": " "}, "SLACK_BOT_TOKEN") is None
    assert webhooks({}) == ()


def test_a_secret_given_twice_is_refused_without_showing_it() -> None:
    with pytest.raises(SettingsError, match="both set") as caught:
        secret({"TOKEN": "very-secret", "TOKEN_FILE": "x"}, "TOKEN")

    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"x" * 20_000, "too long"), (b"\xff\xfe", "something else"), (None, "cannot be read")],
)
def test_a_file_that_holds_no_secret_is_named(content: bytes | None, says: str, tmp_path: Path) -> None:
    file = tmp_path / "hook"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(SettingsError) as caught:
        secret({"TOKEN_FILE": str(file)}, "TOKEN")

    assert str(caught.value).startswith("TOKEN_FILE: ")
    assert says in str(caught.value)


def test_a_kind_without_an_address_is_named() -> None:
    with pytest.raises(SettingsError, match="DATELINE_WEBHOOK_NEWS is not"):
        webhooks({"DATELINE_WEBHOOK_NEWS_KIND": "slack"})
