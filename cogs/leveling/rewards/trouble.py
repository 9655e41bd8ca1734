"""What keeps the bot from giving a role for a level, and telling it once to whoever can mend it."""

import logging
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import discord

from database.level_rewards import LevelRewardsStore, Reward
from utils.formatting import safe
from utils.giving_roles import powers, powers_shown, why_not_give
from utils.i18n import _, format_list, using
from utils.owners import tell_owner

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.leveling")


class Trouble:
    """Knows of each role for a level whether it can be given."""

    def __init__(self, bot: "Hearth", store: LevelRewardsStore) -> None:
        self.bot = bot
        self.store = store

    def why_not(self, guild: discord.Guild, role_id: int, reward: Reward | None, *, gives: bool) -> str | None:
        """Why a role can't be given or taken, in a sentence; None if it can."""
        role = guild.get_role(role_id)
        if role is not None and guild.me.guild_permissions.manage_roles and role >= guild.me.top_role:
            # By name: whoever runs the guild reads it in direct messages, where no role can be mentioned.
            return _("It has to be below my role, {own}: move my role up in Server Settings, Roles.").format(
                own=f"**{safe(guild.me.top_role.name)}**"
            )
        why = why_not_give(guild, role)
        if why is None and gives and role is not None and reward is not None:
            more = powers(role) & ~reward.powers
            if more:
                return _(
                    "It gives these permissions, which nobody agreed to give away for a level: {permissions}."
                ).format(permissions=powers_shown(more))
        return why

    def answer(self, error: Exception) -> str:
        """What Discord answered, in a sentence."""
        text = error.text if isinstance(error, discord.HTTPException) else ""
        return _("Discord doesn't let me: {answer}.").format(answer=safe(text) or "?")

    async def note(
        self,
        guild: discord.Guild,
        refused: Mapping[int, str],
        works: Collection[int],
        rewards: Mapping[int, Reward],
    ) -> bool:
        """Write down which roles can be given and which can't, and tell of what is new; whether anything is."""
        changed = False
        for role_id in works:
            if rewards[role_id].in_trouble:
                changed |= await self.store.mark(guild.id, role_id, in_trouble=False)
        new = [id_ for id_ in sorted(refused) if await self.store.mark(guild.id, id_, in_trouble=True)]
        if not new:
            return changed
        if not guild.me.guild_permissions.manage_roles:  # all of them have the same trouble: it is told once
            for role_id in rewards:
                await self.store.mark(guild.id, role_id, in_trouble=True)
        log.warning("Guild %d: roles %s can't be given for levels", guild.id, new)
        with using(self.bot.language_of(guild)):
            await tell_owner(self.bot, guild, self._sentence(guild, refused[new[0]], new))
        return True

    def _sentence(self, guild: discord.Guild, why: str, role_ids: Collection[int]) -> str:
        names = [f"**{safe(role.name)}**" for id_ in role_ids if (role := guild.get_role(id_)) is not None]
        return _("I can't give or take {roles} for levels. {why} When it is mended, say `levels sync`.").format(
            roles=format_list(names), why=why
        )
