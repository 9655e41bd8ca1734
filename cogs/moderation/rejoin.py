"""Leaving and coming back shakes nothing off: what has to be kept up is put on again."""

import discord

from cogs.moderation.expiry import RENEWALS, WAS_AWAY, Expiry
from cogs.moderation.pipeline import Pipeline
from utils.bot import Hearth
from utils.cog import Cog


class Rejoin(Cog):
    """Looks at what is in force for whoever joins."""

    def __init__(self, bot: Hearth, pipeline: Pipeline, expiry: Expiry) -> None:
        super().__init__(bot)
        self.pipeline = pipeline
        self.expiry = expiry

    @Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        """Let the timer of what has to be kept up come now: it puts it on, and tries again if Discord refuses."""
        now = discord.utils.utcnow()
        for sanction in await self.pipeline.sanctions.store.of(member.guild.id, member.id):
            if sanction.kind in RENEWALS and (sanction.ends_at is None or sanction.ends_at > now):
                await self.expiry.wake_again(sanction, now, {WAS_AWAY: True})
