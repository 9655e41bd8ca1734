"""The people and places of the town: thin names for things of the simulated Discord.

Each knows its id, name and mention, keeps working after a restart of the bot, and hands every other question
to discord.py's own object: `ann.nick`, `town.general.slowmode_delay`, `town.guild.me`. That object is `live`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import simcord

from tests.support import simcord_adapter as adapter

if TYPE_CHECKING:
    from tests.support.town import Town


class Live:
    """The base: an id that stays, and discord.py's object as it is now."""

    id: int

    def __init__(self, town: Town, handle: Any) -> None:
        self.town = town
        self.handle = handle
        self.id = handle.id

    @property
    def name(self) -> str:
        return self.handle.name or ""

    @property
    def mention(self) -> str:
        return str(self.handle.mention)

    @property
    def live(self) -> Any:
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.live, name)

    def __eq__(self, other: object) -> bool:
        return getattr(other, "id", None) == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} {self.id}>"


class Person(Live):
    """Somebody in Discord. `live` is the member in the person's own guild, from Discord's side."""

    def __init__(self, town: Town, handle: simcord.UserHandle, guild: Guild) -> None:
        super().__init__(town, handle)
        self.guild = guild

    @property
    def live(self) -> discord.Member:
        return self.in_guild(self.guild)

    def in_guild(self, guild: Guild) -> discord.Member:
        """The member in a guild, from Discord's side; LookupError when not there."""
        member = adapter.member_as_discord_has_it(self.town.env, guild.id, self.id)
        if member is None:
            raise LookupError(f"{self.name} isn't in {guild.name}")
        return member

    @property
    def is_here(self) -> bool:
        """Whether the person is in their own guild now."""
        return self.id in self.guild.handle.member_ids()

    @property
    def is_banned(self) -> bool:
        return self.guild.handle.get_ban(self.handle) is not None

    @property
    def role_names(self) -> set[str]:
        """The names of the person's roles, without @everyone."""
        return {role.name for role in self.live.roles if not role.is_default()}

    def acts_in(self, guild_id: int) -> simcord.MemberActor:
        """The hands of this person in a guild."""
        return simcord.MemberActor(self.town.env, self.town.guild_by_id(guild_id).handle, self.handle)

    @property
    def dm(self) -> Channel:
        """The direct messages between this person and the bot."""
        return Channel(self.town, self.handle.dm_channel, None)


class Channel(Live):
    """A channel of a guild, or somebody's direct messages with the bot."""

    def __init__(self, town: Town, handle: simcord.ChannelHandle, guild: Guild | None) -> None:
        super().__init__(town, handle)
        self.guild = guild

    @property
    def live(self) -> Any:
        channel = self.town.bot.get_channel(self.id)
        if channel is None:
            raise LookupError(f"The bot doesn't see #{self.name}")
        return channel


class Role(Live):
    """A role of a guild."""

    def __init__(self, town: Town, handle: simcord.RoleHandle, guild: Guild) -> None:
        super().__init__(town, handle)
        self.guild = guild

    @property
    def live(self) -> discord.Role:
        role = self.guild.live.get_role(self.id)
        if role is None:
            raise LookupError(f"The bot doesn't see the role {self.name}")
        return role


class Guild(Live):
    """A guild. `live` is the bot's view of it."""

    @property
    def mention(self) -> str:
        return self.name

    @property
    def live(self) -> discord.Guild:
        guild = self.town.bot.get_guild(self.id)
        if guild is None:
            raise LookupError(f"The bot isn't in {self.name}")
        return guild

    @property
    def owner(self) -> Person:
        return Person(self.town, self.handle.owner, self)

    @property
    def everyone(self) -> Role:
        return Role(self.town, self.handle.default_role, self)

    def channel(self, name: str) -> Channel:
        return Channel(self.town, self.handle.channels[name], self)

    def role(self, name: str) -> Role:
        return Role(self.town, self.handle.roles[name], self)

    @property
    def general(self) -> Channel:
        return self.channel("general")

    @property
    def audit_log(self) -> list[Any]:
        """What was done in the guild, oldest first: `action_type`, `user_id`, `target_id`, `reason`."""
        return self.handle.audit_log()
