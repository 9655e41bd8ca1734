"""Leaving and coming back shakes nothing off: what has to be kept up is put on again."""

from datetime import datetime

import discord

from cogs.moderation.expiry import RENEWALS, WAS_AWAY, Expiry
from cogs.moderation.pipeline import Pipeline
from database.moderation import Sanction
from utils.bot import Hearth
from utils.cog import Cog
from utils.members import get_members


class Rejoin(Cog):
    """Looks at what is in force for whoever joins."""

    def __init__(self, bot: Hearth, pipeline: Pipeline, expiry: Expiry) -> None:
        super().__init__(bot)
        self.pipeline = pipeline
        self.expiry = expiry
        pipeline.after_absence.append(self.look_who_came_back)

    @Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        """Let the timer of what has to be kept up come now: it puts it on, and tries again if Discord refuses."""
        for sanction in await self.pipeline.sanctions.store.of(member.guild.id, member.id):
            if sanction.kind in RENEWALS:
                await self._wake(sanction)

    async def look_who_came_back(self, guild: discord.Guild, since: datetime) -> None:
        """The same for those who joined while the bot was away. Raises TimeoutError if Discord doesn't tell."""
        found = await self.pipeline.sanctions.store.of_kinds(guild.id, list(RENEWALS))
        members = await get_members(guild, (sanction.user_id for sanction in found))
        for sanction in found:
            member = members.get(sanction.user_id)
            if member is not None and member.joined_at is not None and member.joined_at > since:
                await self._wake(sanction)

    async def _wake(self, sanction: Sanction) -> None:
        now = discord.utils.utcnow()
        if sanction.ends_at is None or sanction.ends_at > now:
            await self.expiry.wake_again(sanction, now, {WAS_AWAY: True})
