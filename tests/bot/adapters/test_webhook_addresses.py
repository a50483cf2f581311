"""The address of a webhook is read once, checked, and shown nowhere."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.adapters.webhook import Hook, read_hook
from bot.errors import ConfigError

SLACK = "https://hooks.slack.com/services/T0/B0/very-secret"
DISCORD = "https://discord.com/api/webhooks/123/very-secret"


def read(address: str, kind: str | None = None) -> Hook:
    return read_hook("News", SecretStr(address), kind, variable="DATELINE_WEBHOOK_NEWS")


@pytest.mark.parametrize(
    ("address", "kind", "told"),
    [
        (SLACK, None, "slack"),
        ("https://hooks.slack-gov.com/services/T0/B0/x", None, "slack"),
        (DISCORD, None, "discord"),
        ("https://canary.discord.com/api/v9/webhooks/123/x", None, "discord"),
        ("https://chat.example/hooks/x", "slack", "slack"),
        ("https://gateway.example/to-discord/x", "discord", "discord"),
        ("http://127.0.0.1:8080/services/x", None, "slack"),
        ("http://localhost/services/x", None, "slack"),
        ("http://[::1]:8080/services/x", None, "slack"),
    ],
)
def test_the_path_says_whose_it_is_or_the_operator_does(address: str, kind: str | None, told: str) -> None:
    assert read(address, kind).kind == told


@pytest.mark.parametrize(
    ("address", "read_as"),
    [
        (DISCORD, "https://discord.com/api/v10/webhooks/123/very-secret"),
        ("https://discord.com/api/v6/webhooks/123/x_-", "https://discord.com/api/v10/webhooks/123/x_-"),
        ("https://discord.com/api/webhooks/123/x/", "https://discord.com/api/v10/webhooks/123/x"),
        ("https://proxy.example/d/api/webhooks/123/x", "https://proxy.example/d/api/v10/webhooks/123/x"),
        (f" {SLACK}\n", SLACK),
    ],
)
def test_an_address_of_discord_gets_the_version_that_is_spoken(address: str, read_as: str) -> None:
    assert read(address).address.get_secret_value() == read_as


def test_a_thread_in_the_address_is_kept() -> None:
    assert read(f"{DISCORD}?thread_id=77").thread == "77"
    assert read(DISCORD).thread is None


@pytest.mark.parametrize(
    ("address", "kind", "says"),
    [
        ("http://hooks.slack.com/services/T0/B0/very-secret", None, "plain http"),
        ("http://127.0.0.1.evil.example/services/very-secret", None, "plain http"),
        ("ftp://hooks.slack.com/services/very-secret", None, "accepted: https://HOST/PATH"),
        ("very-secret", None, "accepted: https://HOST/PATH"),
        ("", None, "accepted: https://HOST/PATH"),
        ("https://hooks.slack.com/", None, "accepted: https://HOST/PATH"),
        ("https://[::1/services/very-secret", None, "not an address"),
        ("https://a..b/services/very-secret", None, "not an address"),
        ("https://host:99999/services/very-secret", None, "not an address"),
        ("https://me:very-secret@host/services/x", None, "characters"),
        ("https://host/services/very secret", None, "characters"),
        ("https://host/services/very-secret\x00", None, "characters"),
        (f"https://host/services/{'very-secret' * 400}", None, "accepted: https://HOST/PATH"),
        ("https://hooks.slack.com/triggers/very-secret", None, "DATELINE_WEBHOOK_NEWS_KIND"),
        (SLACK, "teams", "accepted: slack, discord"),
        (f"{DISCORD}/slack", None, "leave that away"),
    ],
)
def test_what_is_no_such_address_is_refused_without_repeating_it(address: str, kind: str | None, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(address, kind)

    assert says in str(caught.value)
    assert "DATELINE_WEBHOOK_NEWS" in str(caught.value)
    assert "very-secret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("address", [SLACK, DISCORD])
def test_no_form_of_a_hook_shows_its_address(address: str) -> None:
    hook = read(address)

    for shown in (repr(hook), str(hook), f"{hook}", hook.model_dump_json(), repr(hook.model_dump())):
        assert "secret" not in shown.lower().replace("secretstr", "")


def test_names_are_told_apart_whatever_their_capitals() -> None:
    assert read(SLACK).name == "news"
