"""Somebody looking at a channel: what every part of a message needs to know about that."""

from dataclasses import dataclass, field
from functools import cached_property

import discord
from simcord.backend.models import Channel, Guild

from playground import shapes
from playground.markup import Kind
from playground.simulation.sight.names import Names
from playground.simulation.sight.people import People
from playground.simulation.sight.texts import Texts


@dataclass(eq=False)
class Scene:
    """Made anew for each look, so what it keeps can't be out of date."""

    people: People
    texts: Texts
    person: int
    channel: Channel
    options: dict[str, list[shapes.Option]] = field(default_factory=dict)
    """What the viewer could choose in selects of people, roles and channels, by what they ask for."""
    _authors: dict[int, shapes.Author] = field(default_factory=dict)

    @cached_property
    def guild(self) -> Guild | None:
        """Where the channel is; None for direct messages."""
        return self.people.backend.guilds.get(self.channel.guild_id) if self.channel.guild_id is not None else None

    @cached_property
    def permissions(self) -> discord.Permissions:
        """What the viewer may do here."""
        return self.people.access.permissions(self.person, self.channel)

    @cached_property
    def names(self) -> Names:
        """What mentions mean here."""
        return Names(self.people, self.person, self.guild)

    def author(self, user_id: int) -> shapes.Author:
        """Somebody as they look here."""
        if user_id not in self._authors:
            self._authors[user_id] = self.people.author(self.guild, user_id)
        return self._authors[user_id]

    def html(self, text: str, kind: Kind, *, everyone: bool = False) -> str:
        """Discord's Markdown for this viewer."""
        if not text:
            return ""
        return self.texts.html(text, self.names, kind=kind, viewer=self.person, everyone=everyone)
