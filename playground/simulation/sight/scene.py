"""Somebody looking at a channel: what every part of a message needs to know about that."""

from dataclasses import dataclass, field
from functools import cached_property

from simcord.backend.models import Channel, Guild

from playground import shapes
from playground.markup import Kind
from playground.simulation.acting_rules import Place
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
    def place(self) -> Place:
        """The channel with what the viewer may do there."""
        return self.people.access.place(self.person, self.channel)

    @property
    def guild(self) -> Guild | None:
        """Where the channel is; None for direct messages."""
        return self.place.guild

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
