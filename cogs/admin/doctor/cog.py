"""`doctor`: what is wrong in a server, what to do about it, and repairing what can be."""

from typing import Annotated

from discord.ext import commands

from cogs.admin.doctor.looking import look
from cogs.admin.doctor.views import Findings
from cogs.admin.toggles import FeatureName
from utils.checks import requires
from utils.cog import GuildCog
from utils.commands import command, example
from utils.context import GuildContext
from utils.findings import Finding

USES, SECONDS = 3, 30.0
"""So often somebody may look: it may take some calls of Discord."""


class Doctor(GuildCog):
    """What is wrong here, and how it gets right."""

    @command(aliases=["diagnose", "checkup", "health"], usage="[feature]")
    @requires(manage_guild=True)
    @example("", "moderation", "utility")
    @commands.cooldown(USES, SECONDS, commands.BucketType.guild)
    async def doctor(self, ctx: GuildContext, feature: Annotated[str | None, FeatureName] = None) -> None:
        """Look for what is wrong with how I am set up here, in one feature or in all.

        I look at my permissions in the server and in channels, at the order of roles, at settings that name deleted
        channels and roles, at what is switched off, and at what each feature needs. Each line says what to do; what
        I can repair myself (🔧) I do if you choose it and have the right to do so.
        """

        async def look_here() -> list[Finding]:
            return await look(self.bot, ctx.guild, feature)

        async with ctx.typing():
            view = Findings(self.bot, ctx.author.id, look_here, feature, ctx.as_contents)
            content = await view.refresh()
        view.message = await ctx.reply(**content, view=view)
