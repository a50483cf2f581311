"""Which platforms are on, which are off and why; one wrong address switches off nothing but itself."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.app.platforms import platforms
from bot.errors import ConfigError, TargetGone
from bot.model import Channel
from config.settings import load

SLACK = "https://hooks.slack.com/services/T024BE7LD/B061EG9SL/x7GkQ2pLw9"
DISCORD = "https://discord.com/api/webhooks/1098765432/aB3-dE_f6hIjK"
NEWS, OPS = Channel.parse("webhook:news"), Channel.parse("webhook:ops")
SETTINGS = load(None, {})


def test_without_any_setting_the_terminal_is_on_and_the_rest_says_how_to_switch_it_on():
    found = platforms({}, io.StringIO(), SETTINGS)

    assert found.on == (("console", "messages go to standard output"),)
    assert found.off == (
        ("slack", "no token is set; set SLACK_BOT_TOKEN and SLACK_APP_TOKEN"),
        ("discord", "no token is set; set DISCORD_TOKEN"),
        ("webhook", "no address is set; set DATELINE_WEBHOOK_NAME to one"),
    )


def test_each_webhook_of_the_environment_is_on_under_its_name():
    found = platforms({"DATELINE_WEBHOOK_NEWS": SLACK, "DATELINE_WEBHOOK_OPS": DISCORD}, io.StringIO(), SETTINGS)

    assert found.on[:2] == (("webhook:news", "a webhook of Slack"), ("webhook:ops", "a webhook of Discord"))
    assert found.of(NEWS).abilities.ids is False
    assert found.of(OPS).abilities.ids is True


def test_one_address_under_two_names_is_said_without_showing_it():
    found = platforms({"DATELINE_WEBHOOK_DESK": SLACK, "DATELINE_WEBHOOK_NEWS": SLACK}, io.StringIO(), SETTINGS, "webhook")

    assert found.on == (
        ("webhook:desk", "a webhook of Slack"),
        ("webhook:news", "a webhook of Slack, the same as webhook:desk: what both are sent comes there twice"),
    )


def test_a_wrong_address_is_off_by_its_name_and_the_others_are_on():
    found = platforms({"DATELINE_WEBHOOK_NEWS": SLACK, "DATELINE_WEBHOOK_OPS": "ftp://x.example/y"}, io.StringIO(), SETTINGS)

    assert [name for name, _ in found.on] == ["webhook:news", "console"]
    why = dict(found.off)["webhook:ops"]
    assert "DATELINE_WEBHOOK_OPS: this is not the address of a webhook" in why
    with pytest.raises(TargetGone, match="ops"):
        found.of(OPS)


def test_only_one_platform_is_on_where_only_that_was_asked_for():
    found = platforms({"DATELINE_WEBHOOK_NEWS": SLACK}, io.StringIO(), SETTINGS, "console")

    assert [name for name, _ in found.on] == ["console"]
    assert found.off == tuple((name, "--only console was asked for") for name in ("slack", "discord", "webhook"))
    with pytest.raises(TargetGone, match=r"webhook:news is not served: --only console was asked for\."):
        found.of(NEWS)


def test_a_platform_that_there_is_not_is_refused_with_those_there_are():
    with pytest.raises(ConfigError, match="--only is 'irc'; accepted: slack, discord, webhook, console"):
        platforms({}, io.StringIO(), SETTINGS, "irc")


@pytest.mark.parametrize(
    ("environ", "only", "words"),
    [
        ({}, "slack", "no token is set; set SLACK_BOT_TOKEN and SLACK_APP_TOKEN"),
        ({}, "webhook", "no address is set"),
        ({"DATELINE_WEBHOOK_NEWS": "ftp://x.example/y"}, "webhook", "DATELINE_WEBHOOK_NEWS: this is not the address"),
    ],
)
def test_one_that_was_asked_for_alone_and_is_off_is_refused_with_the_reason(environ: dict[str, str], only: str, words: str):
    with pytest.raises(ConfigError, match=f"--only {only} was asked for, but that is off: {words}"):
        platforms(environ, io.StringIO(), SETTINGS, only)


def test_swapped_tokens_of_slack_are_told_as_swapped():
    found = platforms({"SLACK_BOT_TOKEN": "xapp-1-s3cret", "SLACK_APP_TOKEN": "xoxb-1-s3cret"}, io.StringIO(), SETTINGS)

    why = dict(found.off)["slack:token"]
    assert "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped" in why
    assert "s3cret" not in why


def test_a_channel_of_a_platform_that_is_not_here_is_left_alone_in_words():
    with pytest.raises(TargetGone, match="slack:T1/C1 is not served: no token is set; set SLACK_BOT_TOKEN and SLACK_APP_TOKEN"):
        platforms({}, io.StringIO(), SETTINGS).of(Channel.parse("slack:T1/C1"))


def test_a_secret_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="DATELINE_WEBHOOK_NEWS_FILE"):
        platforms({"DATELINE_WEBHOOK_NEWS_FILE": str(tmp_path / "absent")}, io.StringIO(), SETTINGS)


def test_no_address_shows_in_what_is_printed_of_them():
    found = platforms(
        {"DATELINE_WEBHOOK_NEWS": SLACK, "DATELINE_WEBHOOK_OPS": "ftp://x.example/s3cret"}, io.StringIO(), SETTINGS
    )

    assert "x7GkQ2pLw9" not in repr(found)
    assert "s3cret" not in repr(found)
    assert set(found.secrets) == {SLACK, "ftp://x.example/s3cret"}
