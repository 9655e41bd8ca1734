"""What is in a built town, read from the simulated Discord itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord

from playground.simulation.adapter import bot_user
from playground.town.world import World

DEFAULT, REPLY, PINNED, JOINED, THREAD_BEGUN = 0, 19, 6, 7, 18  # kinds of messages


@dataclass(frozen=True)
class Said:
    """A message."""

    stored: Any
    world: World

    @property
    def id(self) -> int:
        return int(self.stored.id)

    @property
    def who(self) -> str:
        return str(self.world.env.backend.users[self.stored.author_id].name)

    @property
    def text(self) -> str:
        return str(self.stored.content)

    @property
    def kind(self) -> int:
        return int(self.stored.type)

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.stored.timestamp)

    @property
    def reactions(self) -> dict[str, list[str]]:
        users = self.world.env.backend.users
        return {one.emoji: [users[user_id].name for user_id in one.user_ids] for one in self.stored.reactions}


class Built:
    """A world by the names of what is in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.backend = world.env.backend

    def guild(self, number: int = 0) -> Any:
        return self.backend.guilds[self.world.guilds[number].id]

    def person(self, name: str) -> Any:
        return next(user for user in self.backend.users.values() if user.name == name)

    @property
    def bot_id(self) -> int:
        return bot_user(self.world.env).id

    def member(self, name: str, guild: int = 0) -> Any:
        return self.guild(guild).members[self.person(name).id]

    def channel(self, name: str, guild: int = 0) -> Any:
        """A channel or thread."""
        there = self.guild(guild)
        ids = [*there.channel_ids, *there.thread_ids]
        return next(found for number in ids if (found := self.backend.channels[number]).name == name)

    def said(self, channel: str, guild: int = 0) -> list[Said]:
        """Everything in a channel, in the order in which Discord shows it."""
        stored = self.backend.messages[self.channel(channel, guild).id]
        return [Said(stored[number], self.world) for number in sorted(stored)]

    def everything_said(self) -> list[Said]:
        return [Said(message, self.world) for there in self.backend.messages.values() for message in there.values()]

    def may(self, user_id: int, channel: str, guild: int = 0) -> discord.Permissions:
        channel_id = self.channel(channel, guild).id
        return discord.Permissions(self.backend.compute_permissions(self.guild(guild).id, user_id, channel_id))

    def role_names(self, guild: int = 0) -> list[str]:
        """Without @everyone, the highest first."""
        roles = sorted(self.guild(guild).roles.values(), key=lambda role: -role.position)
        return [role.name for role in roles][:-1]

    def fixed_ids(self) -> dict[str, int]:
        """The ids of what has a name: people, guilds, roles, channels, emoji, threads that grow out of no message."""
        found = {f"user {user.name}": user.id for user in self.backend.users.values()}
        for guild in self.backend.guilds.values():
            found[f"guild {guild.name}"] = guild.id
            found |= {f"{guild.name} role {role.name}": role.id for role in guild.roles.values()}
            found |= {f"{guild.name} emoji {emoji.name}": emoji.id for emoji in guild.emojis.values()}
            for channel_id in [*guild.channel_ids, *guild.thread_ids]:
                channel = self.backend.channels[channel_id]
                if channel_id not in self.backend.messages.get(channel.parent_id or 0, {}):
                    found[f"{guild.name} channel {channel.name}"] = channel_id
                found |= {
                    f"{guild.name} {channel.name} tag {tag['name']}": int(tag["id"]) for tag in channel.available_tags
                }
        return found
