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
from bot.wording import plain, say

_GONE: Final = {
    "channel_not_found": "slack_refused_gone",
    "is_archived": "slack_refused_archived",
    "not_in_channel": "slack_refused_not_in",
    "user_not_found": "slack_refused_nobody",
    "user_disabled": "slack_refused_nobody",
}
_FORBIDDEN: Final = {
    "restricted_action": "slack_refused_restricted",
    "restricted_action_read_only_channel": "slack_refused_read_only",
    "restricted_action_thread_only_channel": "slack_refused_threads_only",
    "restricted_action_non_threadable_channel": "slack_refused_no_threads",
    "restricted_action_thread_locked": "slack_refused_locked",
    "no_permission": "slack_refused_permission",
    "access_denied": "slack_refused_permission",
    "team_access_not_granted": "slack_refused_team",
    "ekm_access_denied": "slack_refused_keys",
    "cannot_dm_bot": "slack_refused_bot",
    "user_not_in_channel": "slack_refused_not_there",
    "messages_tab_disabled": "slack_refused_tab",
    "method_not_supported_for_channel_type": "slack_refused_kind",
    "not_allowed_token_type": "slack_refused_token_kind",
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
        return RateLimited(plain(say("slack_refused_wait", seconds=f"{wait_s:g}")), retry_after=wait_s)
    if word in _SPENT | _LATE:
        return MessageGone(plain(say("slack_refused_late", word=word)))
    if status >= 500 or word in _PASSING:
        return OutcomeUnknown(plain(say("slack_refused_broken", method=method, word=word or str(status))))
    if word in _DEAD or status == 401:
        return AuthDead(plain(say("slack_refused_token", word=word or str(status))))
    if word == "missing_scope":
        needed = re.sub(r"[^a-z:., _-]", "", str(said.get("needed", "")))[:100] or "a scope"
        return NotAllowed(plain(say("slack_refused_scope", scope=needed)))
    for meanings, kind in ((_GONE, TargetGone), (_FORBIDDEN, NotAllowed)):
        if word in meanings:
            return kind(plain(say(meanings[word], word=word)))
    if word in _MESSAGE_GONE:
        return MessageGone(plain(say("slack_refused_message_gone", word=word)))
    if word or 400 <= status < 500:
        return Rejected(plain(say("slack_refused_payload", method=method, word=f"{word or status}{_details(said)}")))
    return OutcomeUnknown(plain(say("slack_refused_unread", method=method)))


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
