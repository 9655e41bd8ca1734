"""Who and what the mentions in a text stand for, as its reader may know it."""

from simcord.backend.models import Guild

from playground.simulation.sight import kinds
from playground.simulation.sight.people import People, colour


class Names:
    """Looks mentions up for one reader in one guild, or outside of all (`playground.markup.Names`)."""

    def __init__(self, people: People, person: int, guild: Guild | None) -> None:
        self._people = people
        self._person = person
        self._guild = guild

    def user(self, identity: int) -> str | None:
        """Anybody that there is, also those who left."""
        return self._people.display(self._guild, identity) if identity in self._people.backend.users else None

    def role(self, identity: int) -> tuple[str, str | None] | None:
        """A role of this guild."""
        role = self._guild.roles.get(identity) if self._guild is not None else None
        return (role.name, colour(role.color)) if role is not None else None

    def channel(self, identity: int) -> tuple[str, str] | None:
        """A channel, if the reader sees it: names of hidden ones are told to nobody."""
        channel = self._people.access.channel(self._person, identity)
        if channel is None or channel.guild_id is None:
            return None
        return kinds.name(channel), kinds.kind(channel)
