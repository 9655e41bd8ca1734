"""Where a file is read for, and what that server doesn't have."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import discord


@dataclass(frozen=True, slots=True)
class Lost:
    """A role or channel that this server doesn't have, or has `several` of; and where the file names it."""

    place: str
    what: str
    several: bool = False


@dataclass(slots=True)
class Target:
    """Where a file is read for: the server, who asks, and what couldn't be found there."""

    guild: discord.Guild
    member: discord.Member
    lost: list[Lost] = field(default_factory=list)
    _roles: dict[str, list[Any]] = field(init=False, repr=False)
    _channels: dict[str, list[Any]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # By name, for a file may have thousands.
        self._roles, self._channels = _by_name(self.guild.roles), _by_name(self.guild.channels)

    def roles_called(self, name: str | None) -> list[discord.Role]:
        """The roles of that name, else those whose names differ from it in case alone."""
        return _exactly(name, self._roles)

    def channels_called(self, name: str | None, kinds: Collection[discord.ChannelType]) -> list[Any]:
        """The same of channels and categories of these kinds; of any if none are given."""
        return _exactly(name, self._channels, lambda one: not kinds or one.type in kinds)


def _by_name(found: Iterable[Any]) -> dict[str, list[Any]]:
    named: dict[str, list[Any]] = {}
    for one in found:
        named.setdefault(one.name.casefold(), []).append(one)
    return named


def _exactly(
    name: str | None, named: Mapping[str, list[Any]], fits: Callable[[Any], bool] = lambda one: True
) -> list[Any]:
    if name is None:
        return []
    alike = [one for one in named.get(name.casefold(), ()) if fits(one)]
    return [one for one in alike if one.name == name] or alike
