"""What the path of a message needs of a guild's settings, put together once instead of for each message."""

from collections.abc import Callable, Container
from typing import Generic, TypeVar

T = TypeVar("T")


class Digest(Generic[T]):
    """Something made of a guild's settings, kept until one of them changes. `GuildSettings.digest` makes one.

    Guilds that set nothing share what is made of the defaults, so it takes memory only for the others.
    """

    def __init__(self, set_by: Container[int], make: Callable[[int | None], T]) -> None:
        """`set_by` has the guilds that set anything. `make` gets one of them, or None for the defaults."""
        self._set_by = set_by
        self._make = make
        self._made: dict[int | None, T] = {}

    def of(self, guild_id: int | None) -> T:
        """What holds in a guild; in direct messages, what is made of the defaults."""
        key = guild_id if guild_id in self._set_by else None
        try:
            return self._made[key]
        except KeyError:
            made = self._made[key] = self._make(key)
            return made

    def forget(self, guild_id: int) -> None:
        """Make it anew for a guild when it is asked for next."""
        self._made.pop(guild_id, None)

    def clear(self) -> None:
        """Make all of it anew: settings were declared or withdrawn."""
        self._made.clear()
