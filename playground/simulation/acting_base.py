"""What all that people do has in common."""

from typing import Protocol

from simcord import Env, GuildHandle, UserHandle


class Town(Protocol):
    """What must be known of the world (`playground.town.world.World`)."""

    env: Env
    guilds: list[GuildHandle]
    people: dict[int, UserHandle]

    def add_person(self, name: str, guild: GuildHandle) -> UserHandle:
        """Let somebody new join a guild."""
