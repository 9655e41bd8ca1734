"""Taking back jails, and what ended them."""

from typing import Any, ClassVar

import discord

from cogs.moderation.jail.actions import Jail, Unjail, jail_state, jailed, lock_up
from cogs.moderation.undo.reversals.base import Reversal, moment, not_here
from database.moderation import Case
from utils.i18n import N_, _
from utils.permissions import why_not_role


class OfJail(Reversal):
    """Their roles come back, as at the end of a jail."""

    kinds: ClassVar[tuple[str, ...]] = ("jail",)
    related: ClassVar[tuple[str, ...]] = ("jail", "unjail")
    told: ClassVar[str] = N_("Your jail in **{guild}** was taken back.")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.unjail = Unjail(self.bot, self.target)

    def done_sentence(self) -> str:
        return _("{target} is out of jail.").format(target=self.target.mention)

    async def changed(self) -> list[str]:
        """Whether they are out already, or in by another case."""
        sanction = await jailed(self.bot, self.target)
        if sanction is None:
            return [_("They were let out of jail meanwhile.")]
        if sanction.number != self.case.number:
            return [_("They are in jail by case {number} by now.").format(number=sanction.number)]
        return [] if self.member is not None else [not_here(self.target)]

    async def state_before(self) -> dict[str, Any]:
        return await self.unjail.state_before()

    async def act(self, reason: str) -> None:
        if "roles_back" not in self.unjail.details:  # after a crash
            await self.unjail.state_before()
        await self.unjail.act(reason)

    async def in_force(self, undo: Case) -> None:
        await self.unjail.in_force(undo)

    async def took_effect(self) -> bool | None:
        return self.member is None or self.member.get_role(self.before["jail_role"]) is None


class OfUnjail(Reversal):
    """In jail again, for what was left of it. The roles of now are kept for its end."""

    kinds: ClassVar[tuple[str, ...]] = ("unjail",)
    related: ClassVar[tuple[str, ...]] = ("jail", "unjail")
    told: ClassVar[str] = N_("You are in jail again in **{guild}**: letting you out was taken back.")

    @property
    def role(self) -> discord.Role | None:
        """The jail role that they had; None if they had none, or it was deleted."""
        found = self.before.get("jail_roles") or []
        return self.target.guild.get_role(int(found[0])) if found else None

    def done_sentence(self) -> str:
        return _("{target} is in jail again.").format(target=self.target.mention)

    def why_impossible(self) -> str | None:
        if self.kept is None or (self.kept_end and moment(self.kept_end) is None):
            return _("That jail would be over by now.")
        if self.member is None:
            return not_here(self.target)
        if self.role is None:
            return _("The jail role was deleted; `config set jail-role` takes another.")
        return why_not_role(self.target.guild.me, self.role, actor_is_bot=True)

    async def changed(self) -> list[str]:
        """Whether they are in jail again already."""
        sanction = await jailed(self.bot, self.target)
        if sanction is None:
            return []
        return [_("They are in jail by case {number} by now.").format(number=sanction.number)]

    async def state_before(self) -> dict[str, Any]:
        assert self.role is not None
        return await jail_state(self.bot, self.target, self.role)

    async def act(self, reason: str) -> None:
        assert self.member is not None
        assert self.role is not None
        await lock_up(self.member, self.role, reason)

    async def in_force(self, undo: Case) -> None:
        assert self.kept is not None
        # By the case of this undo: the roles that come back at the end are kept there.
        kept = {**self.kept, "number": undo.number}
        role_id = undo.state_before["jail_role"]
        await self.sanctions.put_back(kept, undo.guild_id, self.target.id, Jail.kind_key, role_id=role_id)

    async def took_effect(self) -> bool | None:
        return self.role is not None and self.member is not None and self.member.get_role(self.role.id) is not None
