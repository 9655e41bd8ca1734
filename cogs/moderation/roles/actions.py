"""Giving and taking roles, for good or for a time, and nicknames: as actions with a case."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import discord

from cogs.moderation.actions import Action, Target
from cogs.moderation.expiry import ENDINGS, LOOK_FOR_AWAY, RENEWALS, Look
from cogs.moderation.jail.actions import jailed
from cogs.moderation.sanctions import Sanctions
from database.moderation import Case, Sanction
from utils.formatting import safe
from utils.i18n import _
from utils.permissions import why_not_role

if TYPE_CHECKING:
    from utils.bot import Hearth


@dataclass
class RoleAction(Action):
    """Something with one role. `role` is None if it was deleted since."""

    role: discord.Role | None = None

    def __post_init__(self) -> None:
        if self.role is not None:
            self.details = {**self.details, "role_id": self.role.id, "role_name": self.role.name}

    @classmethod
    async def of_case(cls, bot: "Hearth", target: Target, case: Case) -> "RoleAction":
        role = target.guild.get_role(case.details["role_id"])
        return cls(bot, target, case.reason, case.ends_at, case.points, case.details, role)

    @property
    def on_anybody(self) -> bool:
        return True

    @property
    def role_id(self) -> int:
        """The role's id, also of one that is gone."""
        return int(self.details["role_id"])

    @property
    def has_it(self) -> bool:
        member = self.target.member
        return member is not None and member.get_role(self.role_id) is not None

    def why_impossible(self) -> str | None:
        reason = super().why_impossible()
        if reason is None and self.role is not None:
            reason = why_not_role(self.target.guild.me, self.role, actor_is_bot=True)
        return reason

    def why_not_for(self, moderator: discord.Member) -> str | None:
        return None if self.role is None else why_not_role(moderator, self.role, actor_is_bot=False)

    async def state_before(self) -> dict[str, Any]:
        sanctions, target = Sanctions(self.bot), self.target
        sanction = await sanctions.as_state(target.guild.id, target.id, RoleTemp.kind_key, self.role_id)
        return {"role_id": self.role_id, "had_role": self.has_it, "sanction": sanction}

    @property
    def role_mention(self) -> str:
        return f"<@&{self.role_id}>"


@dataclass
class RoleAdd(RoleAction):
    """A role for good; one that was given for a time stays."""

    kind_key: ClassVar[str] = "role-add"

    def done_sentence(self) -> str:
        return _("Gave {role} to {target}.").format(role=self.role_mention, target=self.target.mention)

    def why_impossible(self) -> str | None:
        if self.role is None:
            return _("This role was deleted.")
        return super().why_impossible()

    async def already(self) -> str | None:
        if not self.has_it or await for_a_time(self) is not None:
            return None
        return _("{target} has {role} already.").format(target=self.target.mention, role=self.role_mention)

    async def act(self, audit_reason: str) -> None:
        assert self.target.member is not None
        assert self.role is not None
        await self.target.member.add_roles(self.role, reason=audit_reason)

    async def in_force(self, case: Case) -> None:
        await Sanctions(self.bot).end(case.guild_id, self.target.id, RoleTemp.kind_key, self.role_id)

    async def took_effect(self, case: Case) -> bool | None:
        return self.has_it


@dataclass
class RoleTemp(RoleAdd):
    """A role for a time. Given again, its time is counted anew."""

    kind_key: ClassVar[str] = "role-temp"

    async def in_force(self, case: Case) -> None:
        await Sanctions(self.bot).begin(case, self.kind_key, wake_at=case.ends_at, role_id=self.role_id)


@dataclass
class RoleRemove(RoleAction):
    """A role taken away. What isn't there any more needn't be taken, be it the role or the person."""

    kind_key: ClassVar[str] = "role-remove"
    needs_member: ClassVar[bool] = False

    def done_sentence(self) -> str:
        return _("Took {role} from {target}.").format(role=self.role_mention, target=self.target.mention)

    async def already(self) -> str | None:
        if self.has_it:
            return None
        return _("{target} doesn't have {role}.").format(target=self.target.mention, role=self.role_mention)

    async def act(self, audit_reason: str) -> None:
        assert self.target.member is not None
        await self.target.member.remove_roles(discord.Object(self.role_id), reason=audit_reason)

    async def in_force(self, case: Case) -> None:
        await Sanctions(self.bot).end(case.guild_id, self.target.id, RoleTemp.kind_key, self.role_id)

    async def took_effect(self, case: Case) -> bool | None:
        return not self.has_it


@dataclass
class Nick(Action):
    """Another nickname; None takes it away."""

    kind_key: ClassVar[str] = "nick"
    nick: str | None = None

    def __post_init__(self) -> None:
        self.details = {**self.details, "nick": self.nick}

    @classmethod
    async def of_case(cls, bot: "Hearth", target: Target, case: Case) -> "Nick":
        return cls(bot, target, case.reason, case.ends_at, case.points, case.details, case.details["nick"])

    def done_sentence(self) -> str:
        if self.nick is None:
            return _("{target} goes by their own name again.").format(target=self.target.mention)
        return _("{target} is called {name} now.").format(target=self.target.mention, name=f"**{safe(self.nick)}**")

    async def already(self) -> str | None:
        if self.target.member is None or nick_of(self.target.member) != self.nick:
            return None
        if self.nick is None:
            return _("{target} has no nickname.").format(target=self.target.mention)
        return _("{target} is called that already.").format(target=self.target.mention)

    async def state_before(self) -> dict[str, Any]:
        return {"nick": nick_of(self.target.member) if self.target.member else None}

    async def act(self, audit_reason: str) -> None:
        assert self.target.member is not None
        await self.target.member.edit(nick=self.nick, reason=audit_reason)

    async def took_effect(self, case: Case) -> bool | None:
        return self.target.member is not None and nick_of(self.target.member) == self.nick


def nick_of(member: discord.Member) -> str | None:
    """Somebody's nickname; Discord has an empty one for none."""
    return member.nick or None


async def for_a_time(action: RoleAction) -> object | None:
    """What says that the person has the role for a time only."""
    store = Sanctions(action.bot).store
    return await store.get(action.target.guild.id, action.target.id, RoleTemp.kind_key, action.role_id)


async def keep_role(bot: "Hearth", target: Target, sanction: Sanction, look: Look) -> Look | None:
    """Give a role again to somebody who came back before its time was over; in jail they wait for it.

    Who loses it without leaving had it taken: that is final, and heard from the audit log, too (`audit/cog.py`).
    """
    assert sanction.ends_at is not None
    role = target.guild.get_role(sanction.role_id)
    if role is None:
        return None
    tomorrow = min(discord.utils.utcnow() + LOOK_FOR_AWAY, sanction.ends_at)
    if target.member is None:
        return Look(tomorrow, was_away=True)
    if target.member.get_role(role.id) is None:
        if not look.was_away:
            return None
        if await jailed(bot, target) is not None:
            return Look(tomorrow, was_away=True)
        await target.member.add_roles(role, reason=_("Case {number} goes on.").format(number=sanction.number))
    return Look(sanction.ends_at)


RENEWALS[RoleTemp.kind_key] = keep_role
ENDINGS[RoleTemp.kind_key] = lambda bot, target, sanction: RoleRemove(
    bot, target, details={"role_id": sanction.role_id}, role=target.guild.get_role(sanction.role_id)
)
