"""Whether the bot is there, and who it is."""

import math
import platform

import discord

from utils import embeds
from utils.checks import bot_permissions
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.everywhere import silence
from utils.i18n import _, format_number
from utils.time import timestamp
from utils.version import VERSION

BASIC_PERMISSIONS = (
    "view_channel",
    "send_messages",
    "send_messages_in_threads",
    "embed_links",
    "read_message_history",
)
"""What every answer needs; commands and cogs add their own."""


class About(Cog):
    """Whether I am there, and who I am."""

    @command()
    @example("")
    async def ping(self, ctx: Context) -> None:
        """Show whether I am there, and how far away Discord is."""
        latency = self.bot.latency
        if not math.isfinite(latency):
            await ctx.info(_("Pong! I'm connected; Discord's distance isn't measured yet."))
            return
        await ctx.info(_("Pong! Discord is {milliseconds} ms away.").format(milliseconds=round(latency * 1000)))

    @command(aliases=["info", "invite", "version", "uptime"])
    @example("")
    async def about(self, ctx: Context) -> None:
        """Show my version, since when I run, and the link that invites me."""
        embed = embeds.info(
            _("A bot that looks after a server: by commands, on your own machine."),
            title=_("About {name}").format(name=ctx.me.display_name),
        )
        embed.add_field(name=_("Version"), value=f"{VERSION} · Python {platform.python_version()}")
        embed.add_field(name=_("Running since"), value=timestamp(self.bot.started_at, "R"))
        found = await self.bot.everywhere.states()
        servers = [format_number(sum(one.guilds for one in found.states)), *silence(found.failed)]
        embed.add_field(name=_("Servers"), value="\n".join(servers))
        if math.isfinite(self.bot.latency):
            embed.add_field(name=_("Distance to Discord"), value=_("{n} ms").format(n=round(self.bot.latency * 1000)))
        embed.add_field(
            name=_("Invite me"),
            value=_("[With just the permissions I need]({link})").format(link=self.invite_link()),
            inline=False,
        )
        await ctx.show(embed)

    def invite_link(self) -> str:
        """The link that adds the bot to a server with what its features need, and no more."""
        needed = {*BASIC_PERMISSIONS}
        for one in self.bot.walk_commands():
            needed.update(bot_permissions(one))
        for cog in self.bot.cogs.values():
            needed.update(cog.also_needs if isinstance(cog, Cog) else ())
        permissions = discord.Permissions(**dict.fromkeys(needed, True))
        assert self.bot.application_id is not None
        return discord.utils.oauth_url(self.bot.application_id, permissions=permissions, scopes=("bot",))
