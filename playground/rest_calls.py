"""The bot's REST calls by the names that people have for them, and Discord's errors to them."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import discord

ANY: Final = "*"
"""In a pattern, any one part of a path; alone, any path. As a method, any method."""

# Patterns of paths as in Discord's documentation; each name is an imperative.
NAMES: Final[dict[tuple[str, str], str]] = {
    ("POST", "/channels/*/messages"): "Send message",
    ("PATCH", "/channels/*/messages/*"): "Edit message",
    ("DELETE", "/channels/*/messages/*"): "Delete message",
    ("GET", "/channels/*/messages/*"): "Fetch message",
    ("GET", "/channels/*/messages"): "Read channel history",
    ("POST", "/channels/*/messages/bulk-delete"): "Delete messages in bulk",
    ("PUT", "/channels/*/messages/*/reactions/*/@me"): "Add reaction",
    ("DELETE", "/channels/*/messages/*/reactions/*/@me"): "Remove own reaction",
    ("DELETE", "/channels/*/messages/*/reactions/*/*"): "Remove reaction",
    ("PUT", "/channels/*/messages/pins/*"): "Pin message",
    ("PUT", "/channels/*/pins/*"): "Pin message",
    ("DELETE", "/channels/*/messages/pins/*"): "Unpin message",
    ("DELETE", "/channels/*/pins/*"): "Unpin message",
    ("POST", "/channels/*/typing"): "Show typing",
    ("POST", "/channels/*/threads"): "Open thread",
    ("POST", "/channels/*/messages/*/threads"): "Open thread at message",
    ("GET", "/channels/*"): "Fetch channel",
    ("PATCH", "/channels/*"): "Edit channel",
    ("DELETE", "/channels/*"): "Delete channel",
    ("PUT", "/channels/*/permissions/*"): "Set channel permissions",
    ("DELETE", "/channels/*/permissions/*"): "Remove channel permissions",
    ("POST", "/guilds/*/channels"): "Create channel",
    ("GET", "/guilds/*/members/*"): "Fetch member",
    ("PATCH", "/guilds/*/members/*"): "Edit member (timeout, nickname, voice)",
    ("PATCH", "/guilds/*/members/@me"): "Edit own nickname",
    ("DELETE", "/guilds/*/members/*"): "Kick member",
    ("PUT", "/guilds/*/members/*/roles/*"): "Give role",
    ("DELETE", "/guilds/*/members/*/roles/*"): "Take role",
    ("PUT", "/guilds/*/bans/*"): "Ban member",
    ("DELETE", "/guilds/*/bans/*"): "Unban member",
    ("GET", "/guilds/*/bans/*"): "Fetch ban",
    ("GET", "/guilds/*/bans"): "Fetch bans",
    ("POST", "/guilds/*/bulk-ban"): "Ban members in bulk",
    ("GET", "/guilds/*/audit-logs"): "Read audit log",
    ("POST", "/guilds/*/roles"): "Create role",
    ("PATCH", "/guilds/*/roles/*"): "Edit role",
    ("DELETE", "/guilds/*/roles/*"): "Delete role",
    ("POST", "/users/@me/channels"): "Open direct messages",
    ("GET", "/users/*"): "Fetch user",
    ("POST", "/interactions/*/*/callback"): "Answer button, select or form",
    ("POST", "/webhooks/*/*"): "Send follow-up to button, select or form",
    ("GET", "/webhooks/*/*/messages/@original"): "Fetch answer to button, select or form",
    ("PATCH", "/webhooks/*/*/messages/*"): "Edit answer to button, select or form",
    ("DELETE", "/webhooks/*/*/messages/*"): "Delete answer to button, select or form",
    ("PATCH", "/webhooks/*/*/messages/@original"): "Edit answer to button, select or form",
    ("DELETE", "/webhooks/*/*/messages/@original"): "Delete answer to button, select or form",
    ("POST", "/channels/*/webhooks"): "Create webhook",
    ("GET", "/oauth2/applications/@me"): "Fetch own application",
}

# What Discord says is unknown, by the part of the path before its last id.
UNKNOWN: Final[dict[str, tuple[int, str]]] = {
    "channels": (10003, "Unknown Channel"),
    "guilds": (10004, "Unknown Guild"),
    "members": (10007, "Unknown Member"),
    "messages": (10008, "Unknown Message"),
    "pins": (10008, "Unknown Message"),
    "permissions": (10009, "Unknown Overwrite"),
    "roles": (10011, "Unknown Role"),
    "users": (10013, "Unknown User"),
    "reactions": (10014, "Unknown Emoji"),
    "emojis": (10014, "Unknown Emoji"),
    "webhooks": (10015, "Unknown Webhook"),
    "bans": (10026, "Unknown Ban"),
    "interactions": (10062, "Unknown interaction"),
}
UNKNOWN_USER: Final = UNKNOWN["users"]
UNKNOWN_ELSE: Final = (0, "404: Not Found")
MISSING_ACCESS: Final = (50001, "Missing Access")
MISSING_PERMISSIONS: Final = (50013, "Missing Permissions")
SERVER_ERROR: Final = (0, "500: Internal Server Error")
RATE_LIMITED: Final = (0, "You are being rate limited.")

_NAME_IN_TEMPLATE = re.compile(r"\{[^}/]*\}")
_PATTERN = re.compile(r"(?:/(?:\*|[\w@.%:~-]+))+")


def pattern_of(template: str) -> str:
    """`/channels/*/messages` of `/channels/{channel_id}/messages`."""
    return _NAME_IN_TEMPLATE.sub(ANY, template)


def is_pattern(text: str) -> bool:
    """Whether this can match a path."""
    return text == ANY or _PATTERN.fullmatch(text) is not None


def matches(pattern: str, path: str) -> bool:
    """Whether a path is one of a pattern: part for part the same, and any part for each `*`."""
    if pattern == ANY:
        return True
    wanted, given = pattern.split("/"), path.split("/")
    return len(wanted) == len(given) and all(want in (ANY, part) for want, part in zip(wanted, given, strict=True))


def name_of(method: str, pattern: str) -> str:
    """What people call it: 'Send message'; else the call itself."""
    if (method, pattern) == (ANY, ANY):
        return "Any call"
    named = NAMES.get((method, pattern))
    if named is None:  # a path with the ids in it
        named = next(
            (name for (verb, known), name in NAMES.items() if verb == method and matches(known, pattern)), None
        )
    return named or f"{method} {pattern}"


def failure(status: int, method: str, template: str) -> discord.HTTPException:
    """What discord.py raises when Discord answers a call with 403, 404, 429 or 500."""
    code, message = _reason(status, method, pattern_of(template))
    kind: type[discord.HTTPException] = {
        403: discord.Forbidden, 404: discord.NotFound, 500: discord.DiscordServerError
    }.get(status, discord.HTTPException)  # fmt: skip
    answer: Any = _Answer(status)
    return kind(answer, {"code": code, "message": message})


@dataclass(frozen=True, slots=True)
class _Answer:
    """What discord.py reads of Discord's answer."""

    status: int

    @property
    def reason(self) -> str:
        return {403: "Forbidden", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error"}[
            self.status
        ]


def _reason(status: int, method: str, pattern: str) -> tuple[int, str]:
    if status == 403:
        return MISSING_ACCESS if method == "GET" else MISSING_PERMISSIONS
    if status == 404:
        return _unknown(method, pattern)
    return SERVER_ERROR if status == 500 else RATE_LIMITED


def _unknown(method: str, pattern: str) -> tuple[int, str]:
    if (method, pattern) == ("PUT", "/guilds/*/bans/*"):
        return UNKNOWN_USER
    if pattern.endswith("/@original"):
        return UNKNOWN["messages"]
    parts = pattern.split("/")
    kinds = [before for before, part in pairwise(parts) if part == ANY and before != ANY]
    return UNKNOWN.get(kinds[-1], UNKNOWN_ELSE) if kinds else UNKNOWN_ELSE
