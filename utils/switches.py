"""What is switched off in a guild: features, commands, channels, roles. All of it is read from memory."""

from dataclasses import dataclass
from typing import Any

import discord
from discord.ext import commands

from utils.core_settings import DISABLED_COMMANDS, DISABLED_FEATURES, IGNORED_CHANNELS, IGNORED_PEOPLE, IGNORED_ROLES
from utils.guild_settings import GuildSettings

ALWAYS_ON_FEATURE = "admin"
ALWAYS_ON_COMMANDS = frozenset({"help", "config", "feature", "command", "prefix", "permissions"})
"""The way back: who could switch these off could not switch anything on again."""


def entry(command_name: str, channel_id: int | None) -> str:
    """How a disabled command is written down: everywhere, or in one channel."""
    return command_name if channel_id is None else f"{command_name}@{channel_id}"


def places(channel: Any) -> list[int]:
    """The channel, the thread's parent and the category: what holds for them holds here."""
    found = [channel.id]
    parent = getattr(channel, "parent", None)
    if isinstance(channel, discord.Thread):
        found.append(channel.parent_id)
        channel = parent
    category_id = getattr(channel, "category_id", None)
    return found if category_id is None else [*found, category_id]


class Switches:
    """Answers whether a command runs in a place, for a person."""

    def __init__(self, settings: GuildSettings) -> None:
        self.settings = settings
        self._ignored = settings.digest(self._ignored_in)

    def feature_is_on(self, guild_id: int | None, feature: str) -> bool:
        """Whether a feature is switched on in a guild."""
        return feature == ALWAYS_ON_FEATURE or feature not in self.settings.get(guild_id, DISABLED_FEATURES)

    def is_enabled(self, guild_id: int, channel: Any, command: commands.Command[Any, ..., Any]) -> bool:
        """Whether a command, its groups and its feature are switched on in this channel; None is the whole guild."""
        feature = getattr(command.cog, "feature", ALWAYS_ON_FEATURE)
        if not self.feature_is_on(guild_id, feature):
            return False
        disabled = self.settings.get(guild_id, DISABLED_COMMANDS)
        if not disabled:
            return True
        names = [command.qualified_name, *(parent.qualified_name for parent in command.parents)]
        if names[-1] in ALWAYS_ON_COMMANDS:
            return True
        here = [None] if channel is None else [None, *places(channel)]
        return not any(entry(name, place) in disabled for name in names for place in here)

    def is_ignored(self, channel: Any, member: discord.abc.User) -> bool:
        """Whether commands of this member are not heard here. Who manages the server is always heard."""
        if not isinstance(member, discord.Member):
            return False
        ignored = self._ignored.of(member.guild.id)
        # Nearly nowhere is anything ignored, and a member's permissions take long to compute.
        if ignored is None or member.guild_permissions.manage_guild:
            return False
        return (
            member.id in ignored.people
            or any(role.id in ignored.roles for role in member.roles)
            or any(place in ignored.channels for place in places(channel))
        )

    def _ignored_in(self, guild_id: int | None) -> "_Ignored | None":
        lists = [self.settings.get(guild_id, one) for one in (IGNORED_ROLES, IGNORED_CHANNELS, IGNORED_PEOPLE)]
        return _Ignored(*map(frozenset, lists)) if any(lists) else None


@dataclass(frozen=True, slots=True)
class _Ignored:
    """Ids of those who aren't heard, and where nobody is."""

    roles: frozenset[int]
    channels: frozenset[int]
    people: frozenset[int]
