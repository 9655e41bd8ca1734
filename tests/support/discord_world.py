"""What exists in the double's Discord: one guild with its channels, roles and people, and every message.

Everything is a payload as Discord documents it (API v10), so that the REST and the gateway halves of the
double show the same world. There are no permissions: whatever the bot asks for, it may.
"""

import itertools
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Payload = dict[str, Any]

DISCORD_EPOCH_MS = 1_420_070_400_000
TEXT_CHANNEL, DM_CHANNEL = 0, 1
DEFAULT_MESSAGE, REPLY = 0, 19
ADMINISTRATOR = 1 << 3
EVERYDAY_PERMISSIONS = (1 << 6) | (1 << 10) | (1 << 11) | (1 << 14) | (1 << 15) | (1 << 16)

_serial = itertools.count(1)


def snowflake(at_ms: int | None = None) -> int:
    """An id of this moment: cooldowns and ages are computed from ids, so made-up numbers would not do."""
    now_ms = int(time.time() * 1000) if at_ms is None else at_ms
    return ((now_ms - DISCORD_EPOCH_MS) << 22) | (next(_serial) & 0x3FFFFF)


def timestamp(at_ms: int | None = None) -> str:
    return datetime.fromtimestamp((time.time() * 1000 if at_ms is None else at_ms) / 1000, UTC).isoformat()


def user_payload(name: str, *, bot: bool = False) -> Payload:
    return {
        "id": str(snowflake()),
        "username": name.lower(),
        "global_name": name,
        "discriminator": "0",
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
        "primary_guild": None,
    }


def role_payload(role_id: str, name: str, *, position: int, permissions: int) -> Payload:
    return {
        "id": role_id,
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def text_of(message: Payload) -> str:
    """Everything a person reads in a message: its text, its embeds and its text displays."""
    parts = [message["content"]]
    for embed in message["embeds"]:
        parts += [
            embed.get("author", {}).get("name", ""),
            embed.get("title", ""),
            embed.get("description", ""),
        ]
        parts += [text for part in embed.get("fields", []) for text in (part["name"], part["value"])]
        parts.append(embed.get("footer", {}).get("text", ""))
    waiting = list(message["components"])
    while waiting:
        component = waiting.pop(0)
        parts += [component.get("content", ""), component.get("label", "") or ""]
        waiting += component.get("components", [])
    return "\n".join(part for part in parts if part)


@dataclass
class World:
    """One guild of four people and the bot; `general` and `random` are its channels, DMs open on demand."""

    bot: Payload = field(default_factory=lambda: user_payload("Hearth", bot=True))
    owner: Payload = field(default_factory=lambda: user_payload("Olga"))
    member: Payload = field(default_factory=lambda: user_payload("Max"))
    stranger: Payload = field(default_factory=lambda: user_payload("Sam"))
    messages: dict[str, list[Payload]] = field(default_factory=dict)  # by channel id, oldest first
    reactions: list[tuple[str, str]] = field(default_factory=list)  # message id, emoji
    typing: list[str] = field(default_factory=list)  # channel ids
    others: list[Payload] = field(default_factory=list)  # guilds that only tell of themselves, before ours
    application_flags: int = 0  # which privileged intents are switched on in the portal, among others

    def __post_init__(self) -> None:
        self.guild_id = str(snowflake())
        self.users = {user["id"]: user for user in (self.bot, self.owner, self.member, self.stranger)}
        bot_role = role_payload(str(snowflake()), "Hearth", position=1, permissions=ADMINISTRATOR)
        everyone = role_payload(self.guild_id, "@everyone", position=0, permissions=EVERYDAY_PERMISSIONS)
        self.roles = [everyone, bot_role]
        self.members = {
            user_id: self._member_payload(user, [bot_role["id"]] if user is self.bot else [])
            for user_id, user in self.users.items()
        }
        self.channels: dict[str, Payload] = {}
        self.general = self._add_text_channel("general")
        self.random = self._add_text_channel("random")
        self._dm_by_user: dict[str, Payload] = {}
        self._by_nonce: dict[tuple[str, str], Payload] = {}

    def _member_payload(self, user: Payload, roles: list[str]) -> Payload:
        return {
            "user": user,
            "nick": None,
            "avatar": None,
            "banner": None,
            "roles": roles,
            "joined_at": timestamp(),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
            "communication_disabled_until": None,
        }

    def _add_text_channel(self, name: str) -> Payload:
        channel: Payload = {
            "id": str(snowflake()),
            "type": TEXT_CHANNEL,
            "guild_id": self.guild_id,
            "name": name,
            "position": len(self.channels),
            "permission_overwrites": [],
            "nsfw": False,
            "parent_id": None,
            "topic": None,
            "rate_limit_per_user": 0,
            "last_message_id": None,
            "flags": 0,
        }
        self.channels[channel["id"]] = channel
        self.messages[channel["id"]] = []
        return channel

    def dm(self, user: Payload) -> Payload:
        """The DM channel of the bot and a user; the same one at every call."""
        if user["id"] not in self._dm_by_user:
            channel = {
                "id": str(snowflake()),
                "type": DM_CHANNEL,
                "recipients": [user],
                "last_message_id": None,
                "flags": 0,
            }
            self._dm_by_user[user["id"]] = self.channels[channel["id"]] = channel
            self.messages[channel["id"]] = []
        return self._dm_by_user[user["id"]]

    @property
    def application(self) -> Payload:
        return {
            "id": self.bot["id"],
            "name": "Hearth",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "owner": self.owner,
            "team": None,
            "flags": self.application_flags,
            "interactions_endpoint_url": None,
        }

    @property
    def guild(self) -> Payload:
        """The guild object that REST and GUILD_CREATE share."""
        return {
            "id": self.guild_id,
            "name": "Hearthside",
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "banner": None,
            "description": None,
            "owner_id": self.owner["id"],
            "afk_channel_id": None,
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "roles": self.roles,
            "emojis": [],
            "stickers": [],
            "features": [],
            "mfa_level": 0,
            "nsfw_level": 0,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "safety_alerts_channel_id": None,
            "vanity_url_code": None,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "premium_progress_bar_enabled": False,
            "preferred_locale": "en-US",
        }

    def guild_create(self) -> Payload:
        """The guild as it follows READY: without the presences intent only the bot's own member is in it."""
        return self.guild | {
            "joined_at": self.members[self.bot["id"]]["joined_at"],
            "large": False,
            "unavailable": False,
            "member_count": len(self.members),
            "voice_states": [],
            "members": [self.members[self.bot["id"]]],
            "channels": [channel for channel in self.channels.values() if channel["type"] != DM_CHANNEL],
            "threads": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def add_message(self, channel: Payload, author: Payload, body: Payload) -> tuple[Payload, bool]:
        """Post a message; with `enforce_nonce` a repeated nonce gives the first message back, and False."""
        nonce = body.get("nonce")
        nonce_key = (channel["id"], str(nonce))
        if nonce is not None and body.get("enforce_nonce") and nonce_key in self._by_nonce:
            return self._by_nonce[nonce_key], False
        content = body.get("content") or ""
        mentioned = dict.fromkeys(re.findall(r"<@!?(\d+)>", content))
        message: Payload = {
            "id": str(snowflake()),
            "channel_id": channel["id"],
            "author": author,
            "content": content,
            "timestamp": timestamp(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [self.users[user_id] for user_id in mentioned if user_id in self.users],
            "mention_roles": [],
            "attachments": [],
            "embeds": body.get("embeds") or [],
            "components": body.get("components") or [],
            "pinned": False,
            "type": DEFAULT_MESSAGE,
            "flags": body.get("flags", 0),
        }
        if nonce is not None:
            message["nonce"] = nonce
            self._by_nonce[nonce_key] = message
        if reference := body.get("message_reference"):
            message["type"] = REPLY
            message["message_reference"] = {key: str(value) for key, value in reference.items()} | {"type": 0}
            message["referenced_message"] = self.find_message(channel["id"], str(reference["message_id"]))
        self.messages[channel["id"]].append(message)
        channel["last_message_id"] = message["id"]
        return message, True

    def find_message(self, channel_id: str, message_id: str) -> Payload | None:
        return next((each for each in self.messages.get(channel_id, []) if each["id"] == message_id), None)

    def as_event(self, message: Payload) -> Payload:
        """A message as MESSAGE_CREATE and MESSAGE_UPDATE carry it: with guild and member, in a guild."""
        channel = self.channels[message["channel_id"]]
        event = message | {"channel_type": channel["type"]}
        if channel["type"] == TEXT_CHANNEL:
            member = self.members[message["author"]["id"]]
            event |= {
                "guild_id": self.guild_id,
                "member": {key: value for key, value in member.items() if key != "user"},
            }
        return event
