"""Sections: what cogs declare of a server's configuration, and the rules that several of them have."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, ClassVar

import discord

from utils.formatting import code, truncate
from utils.giving_roles import why_not_give
from utils.i18n import _
from utils.permissions import why_not_role
from utils.portable.fields import MOST_SHOWN, Field


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry, as it is and as it will be; None where there is none."""

    key: str
    old: Any
    new: Any

    @property
    def added(self) -> list[Any]:
        """Where entries are lists: what stands in the new one alone."""
        return [one for one in self.new or () if one not in (self.old or ())]


class Section(ABC):
    """One part of a server's configuration.

    `name` is what it is called in files, `title` (marked by `N_`) for readers. `needs` are the permissions that who
    imports it must have. `most` entries are allowed. Parts of entries called as in `secret` aren't shown in previews.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    needs: ClassVar[Sequence[str]] = ("manage_guild",)
    most: ClassVar[int]
    secret: ClassVar[Collection[str]] = ()

    @abstractmethod
    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """All entries by their names, as plain data in a fixed order."""

    @abstractmethod
    def read(self, key: str, entry: Field) -> Any:
        """An entry as this server would export it. Raises `MisfitError` and `UnmappedError`."""

    def allowed(self, change: EntryChange, member: discord.Member) -> str | None:
        """Why somebody may not make a change, in a sentence; None if they may."""
        return None

    def clash(self, entries: Mapping[str, Any]) -> str | None:
        """Why a server can't have all of these entries, in a sentence; None if it can."""
        return None

    def held(self, guild: discord.Guild) -> AbstractAsyncContextManager[Any]:
        """Keep others from changing it. Entered before the transaction begins, so that nobody waits for both."""
        return nullcontext()

    @abstractmethod
    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store changes, within the caller's transaction; nothing else happens yet."""

    async def written(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int) -> None:
        """Let what is stored now hold, after the commit: in memory, in messages that show it."""
        return


def why_not_giving(guild: discord.Guild, member: discord.Member, role_ids: Iterable[int]) -> str | None:
    """Why somebody may not have the bot give away one of these roles, in a sentence; None if they may."""
    for role_id in role_ids:
        role = guild.get_role(role_id)
        if role is None:
            continue
        if role.is_default():
            return _("Everybody has this role anyway.")
        if reason := why_not_role(member, role, actor_is_bot=False) or why_not_give(guild, role):
            return reason
    return None


def called_twice(names: Iterable[str]) -> str | None:
    """That two have the same name, in a sentence; None if no two have. The names are as they are compared."""
    seen = set()
    for name in names:
        if name in seen:
            return _("Two would be called {name}.").format(name=code(truncate(name, MOST_SHOWN)))
        seen.add(name)
    return None
