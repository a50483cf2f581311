"""The one outgoing client for foreign addresses: address guard, size and time limits, validators, manners."""

from bot.http.client import Client, user_agent

__all__ = ["Client", "user_agent"]
