"""What all that people do has in common: who acts, where, and waiting for the bot."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Protocol

from simcord import ChannelHandle, Env, GuildHandle, MemberActor, ResponseMessage, UserHandle
from simcord.backend.models import Guild, Message

from playground.errors import Refused
from playground.simulation.acting_refusals import refusing
from playground.simulation.acting_rules import Place, place_of


class Town(Protocol):
    """What must be known of the world (`playground.town.world.World`)."""

    env: Env
    guilds: list[GuildHandle]
    people: dict[int, UserHandle]

    def add_person(self, name: str, guild: GuildHandle) -> UserHandle:
        """Let somebody new join a guild."""


class Base:
    """Acts as one person, named by user id."""

    def __init__(self, world: Town) -> None:
        self.world = world
        self.env = world.env

    # --- who and where

    def user(self, person: int) -> UserHandle:
        """Somebody in town. Raises Refused."""
        user = self.world.people.get(person)
        if user is None:
            raise Refused("Nobody in town has that id.")
        return user

    def place(self, person: int, channel: int) -> Place:
        """A channel as this person stands there. Raises Refused when they don't see it."""
        self.user(person)
        return place_of(self.env, person, channel)

    def guild(self, guild_id: int) -> Guild:
        """A guild. Raises Refused when it is gone."""
        guild = self.env.backend.guilds.get(guild_id)
        if guild is None:
            raise Refused("That server is gone.")
        return guild

    def guild_handle(self, guild_id: int) -> GuildHandle:
        """A guild, to be changed from outside."""
        return GuildHandle(self.env, self.guild(guild_id))

    def member(self, person: int, guild_id: int) -> MemberActor:
        """Somebody as a member who can act. Raises Refused when they aren't there."""
        guild, user = self.guild(guild_id), self.user(person)
        if person not in guild.members:
            raise Refused(f"{display_name(user)} isn't in {guild.name}.")
        return MemberActor(self.env, self.guild_handle(guild_id), user)

    def hands(self, place: Place) -> MemberActor | UserHandle:
        """Who clicks, edits and so on there: the member, or in direct messages the user."""
        if place.guild is None:
            return self.user(place.person)
        return self.member(place.person, place.guild.id)

    def channel_handle(self, place: Place) -> ChannelHandle:
        """The channel, as simcord's actors want it."""
        guild = self.guild_handle(place.guild.id) if place.guild is not None else None
        return ChannelHandle(self.env, guild, place.channel)

    def message(self, place: Place, message_id: int) -> Message:
        """A message that this person sees. Raises Refused."""
        stored = self.env.backend.messages.get(place.channel.id, {}).get(message_id)
        if stored is None or not stored.visible_to(place.person):
            raise Refused("That message is gone.")
        return stored

    def reference(self, stored: Message) -> ResponseMessage:
        """The message as simcord's actors take it: unlike discord.py's, it needs no bot that is alive."""
        return ResponseMessage(self.env, stored)

    # --- doing

    @asynccontextmanager
    async def operation(self, label: str) -> AsyncIterator[None]:
        """Around what simcord has no verb for: afterwards the bot gets the time to come to rest."""
        with refusing():
            self.env._begin_operation(label)
            try:
                yield
                await self.env._settle_internal(dispatch=label)
            finally:
                self.env._end_operation()

    @contextmanager
    def events(self, name: str) -> Iterator[list[Mapping[str, Any]]]:
        """Collect the payloads of a kind of gateway events in the block."""
        collected: list[Mapping[str, Any]] = []

        def listen(event: str, payload: Mapping[str, Any]) -> None:
            if event == name:
                collected.append(payload)

        self.env.backend.subscribers.append(listen)
        try:
            yield collected
        finally:
            self.env.backend.subscribers.remove(listen)


def display_name(user: UserHandle) -> str:
    """How a sentence names somebody."""
    return user.global_name or user.name
