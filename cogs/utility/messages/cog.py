"""`quote`, `bookmark` and `firstmessage`: messages, shown elsewhere to who may read them."""

import re
from typing import Annotated, Any, ClassVar, Final, Self

import discord
from discord.ext import commands
from discord.ui import Button, View

from cogs.utility.messages.texts import quoted
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context, GuildContext
from utils.converters import ChannelConverter
from utils.errors import UserError
from utils.formatting import clean_input, truncate
from utils.i18n import _
from utils.lasting import LastingButton
from utils.message_finding import may_read, message_meant, not_found, shows_to_more

LONGEST_NOTE: Final = 500
BOOKMARK: Final = "bookmark:delete"


class DeleteBookmark(LastingButton, template=BOOKMARK):
    """Deletes a bookmark from somebody's direct messages."""

    def __init__(self) -> None:
        super().__init__(Button(emoji="🗑️", label=_("Delete"), custom_id=BOOKMARK))

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The button; they are all alike."""
        return cls()

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Delete the message that has it. In direct messages there is nobody else to press."""
        await interaction.response.defer()
        assert interaction.message is not None
        await interaction.message.delete()


class Messages(Cog):
    """Quote messages, and keep them for yourself."""

    dynamic_items: ClassVar = (DeleteBookmark,)

    @command()
    @example("https://discord.com/channels/1/2/3", "")
    @commands.guild_only()
    @commands.cooldown(5, 20.0, commands.BucketType.user)
    async def quote(self, ctx: GuildContext, *, link: str = "") -> None:
        """Show a message of this server here, by its link or as the one you reply to; else a saying.

        You have to be able to read the message yourself, and so has everybody who can read here. The sayings are
        those of `saying`.
        """
        if not link and ctx.message.reference is None and await self._tells_saying(ctx):
            return
        message, _rest = await message_meant(ctx, link)
        if shows_to_more(ctx.channel, message.channel):
            raise UserError(
                _("Not everybody here can read that message. `{command}` sends it to you alone.").format(
                    command=f"{ctx.clean_prefix}bookmark"
                )
            )
        await ctx.show(quoted(message))

    async def _tells_saying(self, ctx: GuildContext) -> bool:
        """Whether there is a command for sayings here, which answers then."""
        saying: Any = self.bot.get_command("saying")
        if saying is None or not self.bot.switches.is_enabled(ctx.guild.id, ctx.channel, saying):
            return False
        await ctx.invoke(saying)
        return True

    @command(aliases=["save"])
    @example("https://discord.com/channels/1/2/3 the recipe", "")
    @commands.cooldown(5, 20.0, commands.BucketType.user)
    async def bookmark(self, ctx: Context, *, link_and_note: str = "") -> None:
        """Keep a message in your direct messages, by its link or as the one you reply to.

        What you write behind the link stands above it. A button deletes the bookmark again.
        """
        message, note = await message_meant(ctx, link_and_note)
        view = View(timeout=None)
        view.add_item(DeleteBookmark())
        sentence = _("🔖 Your bookmark: {note}") if note else _("🔖 Your bookmark:")
        await ctx.author.send(
            sentence.format(note=truncate(clean_input(note), LONGEST_NOTE)), embed=quoted(message), view=view
        )
        if ctx.guild is not None:
            await ctx.success(_("I sent it to you by direct message."))

    @command(aliases=["first", "firstmsg"])
    @example("", "#general")
    @commands.guild_only()
    @commands.cooldown(3, 20.0, commands.BucketType.user)
    async def firstmessage(
        self, ctx: GuildContext, *, channel: Annotated[Any, ChannelConverter] = commands.CurrentChannel
    ) -> None:
        """Show the first message of a channel."""
        if not await may_read(ctx.author, channel) or not await may_read(ctx.guild.me, channel):
            raise not_found()
        if shows_to_more(ctx.channel, channel):
            raise UserError(_("Not everybody here can read that channel; ask me there."))
        found = [message async for message in channel.history(limit=1, oldest_first=True)]
        if not found:
            raise UserError(_("Nobody has written anything there yet."))
        await ctx.show(quoted(found[0]))
