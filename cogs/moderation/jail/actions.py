"""Jail: all roles that can be taken are taken, one is given instead, and later those that still exist come back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import discord

from cogs.moderation.actions import Action, Target
from cogs.moderation.expiry import ENDINGS, LOOK_FOR_AWAY, RENEWALS, Look
from cogs.moderation.sanctions import Sanctions, as_kept
from database.moderation import Case, CaseFilter, CasesStore, Sanction
from database.roles_for_a_time import roles_for_a_time
from database.sanctions import JAIL
from utils.i18n import N_, _
from utils.permissions import why_not_role
from utils.setting_types import GIVES, Role, Setting

if TYPE_CHECKING:
    from utils.bot import Hearth

JAIL_ROLE = Setting[int | None](
    "jail-role",
    Role(),
    None,
    N_("The role that jailed people have instead of their own. It should see one channel."),
    needs=GIVES,
)
LOOK_AGAIN = timedelta(days=365)
"""How often a jail without an end is looked at: a role that was taken by hand isn't put on again."""


@dataclass
class Jail(Action):
    """The jail role in place of all others. It is put on again when they come back."""

    kind_key: ClassVar[str] = JAIL

    @property
    def role(self) -> discord.Role | None:
        """The jail role; None if none is set, or it was deleted."""
        role_id = self.bot.guild_settings.get(self.target.guild.id, JAIL_ROLE)
        return None if role_id is None else self.target.guild.get_role(role_id)

    def why_impossible(self) -> str | None:
        if self.role is None:
            if self.bot.guild_settings.get(self.target.guild.id, JAIL_ROLE) is None:
                return _("Choose the role for jailed people first: `config set jail-role @Jailed`.")
            return _("The jail role was deleted; `config set jail-role` takes another.")
        if self.role.permissions.value & discord.Permissions.elevated().value:
            return _("{role} has rights of staff, so it's no jail; `config set jail-role` takes another.").format(
                role=self.role.mention
            )
        return why_not_role(self.target.guild.me, self.role, actor_is_bot=True) or super().why_impossible()

    async def already(self) -> str | None:
        if await jailed(self.bot, self.target) is None:
            return None
        return _("{target} is in jail already.").format(target=self.target.mention)

    async def state_before(self) -> dict[str, Any]:
        assert self.role is not None
        return await jail_state(self.bot, self.target, self.role)

    async def act(self, audit_reason: str) -> None:
        assert self.target.member is not None
        assert self.role is not None
        await lock_up(self.target.member, self.role, audit_reason)

    async def in_force(self, case: Case) -> None:
        wake_at = case.ends_at or discord.utils.utcnow() + LOOK_AGAIN
        await Sanctions(self.bot).begin(case, self.kind_key, wake_at=wake_at, role_id=case.state_before["jail_role"])

    async def took_effect(self, case: Case) -> bool | None:
        member = self.target.member
        return member is not None and member.get_role(case.state_before["jail_role"]) is not None


@dataclass
class Unjail(Action):
    """The end of a jail. Somebody who left is free when they come back; their roles went when they left."""

    kind_key: ClassVar[str] = "unjail"
    needs_member: ClassVar[bool] = False

    async def already(self) -> str | None:
        if await jailed(self.bot, self.target) is not None or self._jail_roles():
            return None
        return _("{target} isn't in jail.").format(target=self.target.mention)

    async def state_before(self) -> dict[str, Any]:
        case = await self._case()
        wanted = [] if case is None else [int(role_id) for role_id in case.state_before["roles"]]
        # What they had for a time only, and whose time is over by now, doesn't come back.
        over = set(case.state_before.get("for_a_time", ())) if case else set()
        over -= await roles_for_a_time(self.bot.db, self.target.guild.id, self.target.id)
        wanted = [role_id for role_id in wanted if role_id not in over]
        back, missing = [], 0
        for role_id in wanted:
            role = self.target.guild.get_role(role_id)
            if role is None or why_not_role(self.target.guild.me, role, actor_is_bot=True) is not None:
                missing += 1
            else:
                back.append(role.id)
        # The case remembers what is put back, so that it can be told.
        self.details = {**self.details, "roles_back": back, "roles_missing": missing}
        return {
            "jail_roles": [role.id for role in self._jail_roles()],
            "jail_case": case.number if case else None,
            "sanction": as_kept(await jailed(self.bot, self.target)),
        }

    async def act(self, audit_reason: str) -> None:
        member = self.target.member
        if member is None:
            return
        found = [self.target.guild.get_role(role_id) for role_id in self.details["roles_back"]]
        kept = [role for role in own_roles(member) if role not in self._jail_roles()]
        roles = {role.id: role for role in [*kept, *found] if role is not None}
        await member.edit(roles=list(roles.values()), reason=audit_reason)

    async def in_force(self, case: Case) -> None:
        sanction = await jailed(self.bot, self.target)
        if sanction is not None:
            await Sanctions(self.bot).end(sanction.guild_id, sanction.user_id, sanction.kind, sanction.role_id)

    async def took_effect(self, case: Case) -> bool | None:
        member = self.target.member
        return member is None or not any(member.get_role(id_) for id_ in case.state_before["jail_roles"])

    def _jail_roles(self) -> list[discord.Role]:
        """The roles on them that jail people: the one that is set now."""
        role_id = self.bot.guild_settings.get(self.target.guild.id, JAIL_ROLE)
        known = {role_id} | {self.details.get("jail_role")}
        return [] if self.target.member is None else [r for r in own_roles(self.target.member) if r.id in known]

    async def _case(self) -> Case | None:
        """The case that jailed them; the latest one if it is no longer in force."""
        cases, sanction = CasesStore(self.bot.db), await jailed(self.bot, self.target)
        if sanction is not None:
            # It may have been begun with another role than the one that is set now.
            self.details = {**self.details, "jail_role": sanction.role_id}
            return await cases.get(sanction.guild_id, sanction.number)
        wanted = CaseFilter(target_id=self.target.id, kinds=(Jail.kind_key,))
        found = await cases.find(self.target.guild.id, wanted, limit=1)
        return found[0] if found and found[0].status == "done" else None


async def jailed(bot: "Hearth", target: Target) -> Sanction | None:
    """What says that somebody is in jail, here or not."""
    in_force = await Sanctions(bot).store.of(target.guild.id, target.id)
    return next((sanction for sanction in in_force if sanction.kind == Jail.kind_key), None)


async def jail_state(bot: "Hearth", target: Target, jail_role: discord.Role) -> dict[str, Any]:
    """What somebody here loses by going to jail, as its end reads it."""
    assert target.member is not None
    taken = [role.id for role in takable(target.member) if role != jail_role]
    for_a_time = await roles_for_a_time(bot.db, target.guild.id, target.id)
    return {
        "roles": taken,
        "jail_role": jail_role.id,
        "for_a_time": [role_id for role_id in taken if role_id in for_a_time],
    }


def own_roles(member: discord.Member) -> list[discord.Role]:
    """Somebody's roles without @everyone, the lowest first."""
    return [role for role in member.roles if not role.is_default()]


def takable(member: discord.Member) -> list[discord.Role]:
    """The roles of somebody that the bot can take: not those of apps and boosters, and none above its own."""
    return [role for role in own_roles(member) if why_not_role(member.guild.me, role, actor_is_bot=True) is None]


async def lock_up(member: discord.Member, role: discord.Role, reason: str) -> None:
    """Leave somebody the jail role and what can't be taken, in one step. Raises discord.HTTPException."""
    taken = {one.id for one in takable(member)}
    kept: Iterable[discord.Role] = [one for one in own_roles(member) if one.id not in taken]
    await member.edit(roles=[*kept, role], reason=reason)


async def keep_jailed(_bot: "Hearth", target: Target, sanction: Sanction, look: Look) -> Look | None:
    """Put somebody into jail again who came back. What was lifted by hand meanwhile stays lifted."""
    now = discord.utils.utcnow()
    next_look = sanction.ends_at or now + LOOK_AGAIN
    if target.member is None:
        return Look(min(now + LOOK_FOR_AWAY, next_look), was_away=True)
    role = target.guild.get_role(sanction.role_id)
    if role is None:
        return None  # the role was deleted, and with it the jail
    if target.member.get_role(role.id) is None:
        if not look.was_away:
            return None
        await lock_up(target.member, role, _("Case {number} goes on.").format(number=sanction.number))
    return Look(next_look)


ENDINGS[Jail.kind_key] = lambda bot, target, sanction: Unjail(bot, target)
RENEWALS[Jail.kind_key] = keep_jailed
