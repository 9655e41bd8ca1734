"""Taking back what put somebody out: nobody can be fetched back, but what they had waits for them.

Their roles and their nickname are given back when they return, for a while; the jail role isn't.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

import discord

from cogs.moderation.actions import Target
from cogs.moderation.expiry import RENEWALS, Look
from cogs.moderation.jail.actions import JAIL_ROLE
from cogs.moderation.undo.reversals.base import Reversal
from database.moderation import Case, CaseFilter, CasesStore, Sanction
from utils.i18n import _
from utils.permissions import why_not_role

if TYPE_CHECKING:
    from utils.bot import Hearth

KEPT_FOR = timedelta(days=90)
"""How long what somebody had waits for them."""
MOST_LOOKED_AT = 100  # cases of roles that somebody was given
RETURN = "return"
"""What is in force meanwhile."""


class OfDeparture(Reversal):
    """Of a kick or softban the record is put right; they have to come back by themselves."""

    kinds: ClassVar[tuple[str, ...]] = ("kick", "softban")

    def done_sentence(self) -> str:
        if self.member is not None:
            return _("{target} is back already, and gets what they had before.").format(target=self.target.mention)
        return _("I can't fetch {target} back, but when they return they get what they had before.").format(
            target=self.target.mention
        )

    async def act(self, reason: str) -> None:
        if self.member is not None:
            await give_back(self.bot, self.member, self.case, reason)

    async def in_force(self, undo: Case) -> None:
        if self.member is None:
            await keep_for_return(self, undo)

    async def took_effect(self) -> bool | None:
        return None if self.member is not None else True


async def keep_for_return(reversal: Reversal, undo: Case) -> None:
    """Let what somebody had wait for them, if they had anything. Joins the caller's transaction."""
    if reversal.member is None and (reversal.before.get("roles") or reversal.before.get("nick")):
        await reversal.sanctions.begin(undo, RETURN, wake_at=undo.opened_at + KEPT_FOR)


async def give_back(bot: "Hearth", member: discord.Member, case: Case, reason: str) -> None:
    """Give somebody the roles that they had before a case and that can be given, and their nickname.

    What they have got since stays. Raises discord.HTTPException.
    """
    me, jail_role = member.guild.me, bot.guild_settings.get(member.guild.id, JAIL_ROLE)
    lost = set(case.state_before.get("roles", [])) - {jail_role, *await _roles_whose_time_is_over(bot, case)}
    found = [member.guild.get_role(role_id) for role_id in lost]
    missing = [role for role in found if role is not None and role not in member.roles]
    roles = [role for role in missing if why_not_role(me, role, actor_is_bot=True) is None]
    if roles and me.guild_permissions.manage_roles:
        await member.add_roles(*roles, reason=reason)
    nick = case.state_before.get("nick")
    if nick and member.nick is None and me.guild_permissions.manage_nicknames and me.top_role > member.top_role:
        await member.edit(nick=nick, reason=reason)


async def _roles_whose_time_is_over(bot: "Hearth", case: Case) -> set[int]:
    """The roles that somebody had for a time only when a case put them out."""
    wanted = CaseFilter(case.target_id, kinds=("role-temp", "role-add"), statuses=("done",))
    latest: dict[int, Case] = {}
    for given in await CasesStore(bot.db).find(case.guild_id, wanted, limit=MOST_LOOKED_AT):
        if given.number < case.number:
            latest.setdefault(given.details["role_id"], given)
    now = discord.utils.utcnow()
    return {role_id for role_id, given in latest.items() if given.ends_at is not None and given.ends_at <= now}


async def on_return(bot: "Hearth", target: Target, sanction: Sanction, look: Look) -> Look | None:
    """Give somebody who is back what waited for them."""
    if target.member is None:
        ends_at = sanction.ends_at or look.at + KEPT_FOR
        return Look(ends_at, was_away=True)
    cases = CasesStore(bot.db)
    undo = await cases.get(sanction.guild_id, sanction.number)
    undone = None if undo is None or undo.parent is None else await cases.get(sanction.guild_id, undo.parent)
    if undone is not None:
        await give_back(bot, target.member, undone, _("Case {number} goes on.").format(number=sanction.number))
    return None


RENEWALS[RETURN] = on_return
