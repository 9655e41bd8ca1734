"""`why`: the bot explains what it did, each feature its part."""

import asyncio
from typing import Any, Final

import discord
from discord.ext import commands

from cogs.admin.why import command_reasons, general, texts
from cogs.admin.why.asking import Asking
from cogs.admin.why.rules import Asked, read
from cogs.admin.why.views import Menu
from utils.cog import StartingCog
from utils.commands import command, example
from utils.context import GuildContext
from utils.errors import UserError
from utils.explanations import (
    CommandQuestion,
    Explanation,
    Question,
    RemovedMessageQuestion,
    RoleQuestion,
    explains,
)
from utils.i18n import _
from utils.views import Pages

USES, SECONDS = 6, 30.0
"""So often somebody may ask: an answer may take several calls of Discord."""
SWEPT_EVERY_SECONDS: Final = 24 * 3600.0
LONGEST: Final = 1_000  # characters of a question


class Why(StartingCog):
    """Why I do what I do."""

    async def from_the_start_on(self) -> None:
        while True:
            if self.bot.cluster.leads:
                await self.bot.removals.sweep()
            await asyncio.sleep(SWEPT_EVERY_SECONDS)

    @command(aliases=["warum", "wieso", "weshalb"], usage="[question]")
    @example("", "can't @ann use ban here", "did this message get removed", "did I get no XP", "do I have @Member")
    @commands.guild_only()
    @commands.cooldown(USES, SECONDS, commands.BucketType.user)
    async def why(self, ctx: GuildContext, *, question: str = "") -> None:
        """Explain why I did something, or why I didn't.

        Ask why a command can't be used, why a message is gone (as a reply, or with its link or id), why a message
        brought no XP, or why somebody has a role. Alone it shows what you can ask. Who may manage messages can ask
        about others.
        """
        asking, asked = Asking(self.bot, ctx), read(question[:LONGEST])
        wanted = await asking.question(asked)
        if wanted is not None:
            await ctx.paginate(await self._answer(wanted))
            return

        if asked.words or asked.user_ids or asked.ids:
            raise UserError(
                _("I don't understand the question. `{why}` alone shows what you can ask, and how.").format(
                    why=f"{ctx.clean_prefix}why"
                )
            )
        await self._offer(ctx, asking)

    async def _offer(self, ctx: GuildContext, asking: Asking) -> None:
        """Show the questions there are; the answer takes the menu's place."""

        async def answer(interaction: discord.Interaction[Any], chosen: Asked) -> None:
            found = await asking.question(chosen)
            assert found is not None
            await interaction.response.defer()
            contents = ctx.as_contents(await self._answer(found))
            menu.stop()  # nothing more is done to the message in its time
            book = Pages(self.bot, ctx.author.id, contents) if len(contents) > 1 else None
            await interaction.edit_original_response(**contents[0], view=book)

        menu = Menu(self.bot, ctx.author.id, answer)
        await ctx.show(texts.menu(ctx.clean_prefix), view=menu)

    async def _answer(self, question: Question) -> list[discord.Embed]:
        return texts.pages(question, await self.bot.explanations.of(question))

    # --- what belongs to no feature

    @explains(CommandQuestion)
    async def why_not_command(self, question: CommandQuestion) -> list[Explanation]:
        """Places, blocks, switches, rules, permissions, ranks and cooldowns."""
        return await command_reasons.reasons(self.bot, question)

    @explains(RemovedMessageQuestion)
    async def why_removed(self, question: RemovedMessageQuestion) -> list[Explanation]:
        """What is still there, what was hidden, and what Discord's audit log says."""
        return await general.why_removed(self.bot, question)

    @explains(RoleQuestion)
    async def why_role(self, question: RoleQuestion) -> list[Explanation]:
        """What Discord gives by itself, and who gave a role by hand."""
        return await general.why_role(self.bot, question)
