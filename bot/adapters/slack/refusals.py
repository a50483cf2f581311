"""What Slack says no with, and what each of its words means for a message.

Source: docs.slack.dev, the error lists of chat.postMessage, chat.update, chat.postEphemeral and conversations.*; words that no
list has (``msg_blocks_too_long``) are those that people met.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.errors import (
    AuthDead,
    DeliveryError,
    MessageGone,
    NotAllowed,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TargetGone,
)

APPS: Final = "https://api.slack.com/apps"

_GONE: Final = {
    "channel_not_found": "that channel is deleted, or I am not in it. In a private channel type /invite with my name",
    "is_archived": "that channel is archived. Unarchive it, or choose another",
    "not_in_channel": "I am not in that channel. Type /invite with my name there, then try again",
    "user_not_found": "that person is no longer there",
    "user_disabled": "that person is no longer there",
}
_FORBIDDEN: Final = {
    "restricted_action": "an admin of the workspace has restricted posting there. Ask them to allow this app",
    "restricted_action_read_only_channel": "only some may post in that channel. Ask an admin to allow this app",
    "restricted_action_thread_only_channel": "in that channel messages go into threads only. Choose another",
    "restricted_action_non_threadable_channel": "that channel has no threads. Choose another",
    "restricted_action_thread_locked": "that thread is locked",
    "no_permission": "I may not do that there. Ask an admin of the workspace to allow this app",
    "access_denied": "I may not do that there. Ask an admin of the workspace to allow this app",
    "team_access_not_granted": "the app has no access to that workspace. Ask an admin to grant it",
    "ekm_access_denied": "the workspace's own keys keep me out. Ask an admin of the workspace",
    "cannot_dm_bot": "that is a bot, which takes no direct message",
    "user_not_in_channel": "that person is not in the channel",
    "messages_tab_disabled": "the app's Messages tab is off. Switch it on at App Home, or install the manifest anew",
    "method_not_supported_for_channel_type": "that kind of conversation takes no such message. Choose a channel",
    "not_allowed_token_type": "that is a token of another kind",
}
_DEAD: Final = frozenset({"invalid_auth", "not_authed", "token_revoked", "account_inactive", "token_expired", "team_disabled"})
_MESSAGE_GONE: Final = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found", "cannot_reply_to_message"}
)
_LIMITED: Final = frozenset({"ratelimited", "rate_limited"})
_PASSING: Final = frozenset(
    {"fatal_error", "internal_error", "service_unavailable", "request_timeout", "team_added_to_org", "org_login_required"}
)
_SPENT: Final = frozenset({"used_url", "expired_url", "invalid_url"})
_LATE: Final = frozenset(
    {
        "expired_trigger_id",
        "exchanged_trigger_id",
        "invalid_trigger_id",
        "trigger_expired",
        "trigger_exchanged",
        "hash_conflict",
    }
)


def refusal(method: str, status: int, said: Mapping[str, Any], wait_s: float) -> DeliveryError:
    """What an answer that is no yes means.

    Args:
        status: of HTTP.
        said: the object that it holds; empty when it holds none.
        wait_s: how long Slack asks to wait.
    """
    word = _word(said)
    if status == 429 or word in _LIMITED:
        return RateLimited(f"Slack asks for a pause of {wait_s:g} s.", retry_after=wait_s)
    if word in _SPENT | _LATE:
        return MessageGone(f"Slack says {word}: that came too late.")
    if status >= 500 or word in _PASSING:
        return OutcomeUnknown(f"Slack answered {method} with {word or status}; it may be done.")
    if word in _DEAD or status == 401:
        return AuthDead(
            f"Slack no longer takes the bot's token ({word or status}). Install the app anew at {APPS} › your app › "
            "Install App, set SLACK_BOT_TOKEN to the new token and start again."
        )
    if word == "missing_scope":
        needed = re.sub(r"[^a-z:., _-]", "", str(said.get("needed", "")))[:100] or "a scope"
        return NotAllowed(
            f"The app lacks the scope {needed}. Install it anew with the manifest of `dateline slack manifest` at {APPS}."
        )
    for meanings, kind in ((_GONE, TargetGone), (_FORBIDDEN, NotAllowed)):
        if word in meanings:
            return kind(f"Slack says {word}: {meanings[word]}.")
    if word in _MESSAGE_GONE:
        return MessageGone(f"Slack says {word}: that message can no longer be changed or answered.")
    if word or 400 <= status < 500:
        return Rejected(f"Slack refused {method}: {word or status}{_details(said)}.")
    return OutcomeUnknown(f"Slack answered {method} with something that cannot be read; it may be done.")


def _word(said: Mapping[str, Any]) -> str:
    word = said.get("error")
    return word if isinstance(word, str) and re.fullmatch(r"[a-z_]{1,60}", word) else ""


def _details(said: Mapping[str, Any]) -> str:
    """Which part of a payload Slack names as wrong: for us, since that is our bug."""
    told = said.get("response_metadata")
    messages = told.get("messages") if isinstance(told, dict) else None
    named = (
        [" ".join(each.split())[:120] for each in messages[:3] if isinstance(each, str)] if isinstance(messages, list) else []
    )
    return f" ({'; '.join(named)})" if named else ""
