"""Taking back nicknames, and roles given and taken."""

from typing import ClassVar

import discord

from cogs.moderation.roles.actions import RoleTemp, nick_of
from cogs.moderation.undo.reversals.base import Reversal, not_here
from database.moderation import Case
from utils.formatting import safe
from utils.i18n import _
from utils.permissions import why_not_role


class OfNick(Reversal):
    """The nickname from before."""

    kinds: ClassVar[tuple[str, ...]] = ("nick",)
    related: ClassVar[tuple[str, ...]] = ("nick",)

    @property
    def nick(self) -> str | None:
        """What they were called."""
        return self.before.get("nick")

    def done_sentence(self) -> str:
        if self.nick is None:
            return _("{target} goes by their own name again.").format(target=self.target.mention)
        return _("{target} is called {name} again.").format(target=self.target.mention, name=f"**{safe(self.nick)}**")

    def why_impossible(self) -> str | None:
        return None if self.member is not None else not_here(self.target)

    async def changed(self) -> list[str]:
        """Whether they are called something else by now."""
        now = nick_of(self.member) if self.member is not None else None
        if now == self.case.details.get("nick"):
            return []
        if now is None:
            return [_("They have no nickname by now.")]
        return [_("They are called {name} by now.").format(name=f"**{safe(now)}**")]

    async def act(self, reason: str) -> None:
        assert self.member is not None
        await self.member.edit(nick=self.nick, reason=reason)

    async def took_effect(self) -> bool | None:
        return self.member is not None and nick_of(self.member) == self.nick


class OfRole(Reversal):
    """The role is theirs as before: for good, for what is left of a time, or not at all."""

    kinds: ClassVar[tuple[str, ...]] = ("role-add", "role-remove", "role-temp")
    on_anybody: ClassVar[bool] = True

    @property
    def role_id(self) -> int:
        """The role's id, also of one that was deleted."""
        return int(self.before["role_id"])

    @property
    def role(self) -> discord.Role | None:
        """The role; None if it was deleted."""
        return self.target.guild.get_role(self.role_id)

    @property
    def had_it(self) -> bool:
        """Whether they had it before."""
        return bool(self.before.get("had_role"))

    @property
    def has_it(self) -> bool:
        """Whether they have it now."""
        return self.member is not None and self.member.get_role(self.role_id) is not None

    def done_sentence(self) -> str:
        sentence = _("{target} has {role} as before.") if self.had_it else _("{target} doesn't have {role} any more.")
        return sentence.format(target=self.target.mention, role=f"<@&{self.role_id}>")

    def why_impossible(self) -> str | None:
        if self.role is None:
            return _("This role was deleted.")
        if self.had_it and self.member is None:
            return not_here(self.target)
        return why_not_role(self.target.guild.me, self.role, actor_is_bot=True)

    def why_not_for(self, moderator: discord.Member) -> str | None:
        return None if self.role is None else why_not_role(moderator, self.role, actor_is_bot=False)

    async def changed(self) -> list[str]:
        """Whether they lost or got it meanwhile."""
        if self.member is None:
            return [not_here(self.target)]
        left = self.case.kind != "role-remove"
        if self.has_it == left:
            return []
        return [_("They have lost the role meanwhile.") if left else _("They have got the role again meanwhile.")]

    async def act(self, reason: str) -> None:
        if self.member is None or self.has_it == self.had_it:
            return
        role = discord.Object(self.role_id)
        change = self.member.add_roles if self.had_it else self.member.remove_roles
        await change(role, reason=reason)

    async def in_force(self, undo: Case) -> None:
        kept = self.kept if self.had_it else None
        await self.sanctions.put_back(
            kept, self.target.guild.id, self.target.id, RoleTemp.kind_key, role_id=self.role_id
        )

    async def took_effect(self) -> bool | None:
        return self.member is None or self.has_it == self.had_it
