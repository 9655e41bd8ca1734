"""`say` and `embed`: what staff has the bot write, with the rights of who asks for it."""

import io
import re
from contextlib import suppress
from typing import Any, ClassVar, Final

import discord
from discord.ext import commands

from cogs.admin.saying.builder import Builder
from cogs.admin.saying.places import check_place
from cogs.admin.saying.rules import LONGEST_JSON, Draft, DraftError, read, write
from cogs.admin.saying.service import Saying, draft_of, embeds_in
from database.personal_tables import ANONYMISE, Person, Table
from utils import checks
from utils.attached import attached_to, read_attached
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import GuildCog
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import ChannelConverter, parse_text
from utils.errors import UserError
from utils.formatting import MESSAGE_LIMIT, code_block
from utils.i18n import N_, _
from utils.message_finding import message_meant
from utils.personal_data import PersonalData

_CHANNEL: Final = re.compile(r"(<#[0-9]{15,20}>|#\S+)\s*")
_SHOWN_IN_CHAT: Final = 1_900
"""Characters of JSON; longer ones come as a file."""


class Speaking(GuildCog):
    """What the bot says for staff."""

    personal_data: ClassVar = (
        PersonalData(
            N_("Which messages you had me write by `say` and `embed`, without what they say."),
            N_("So that they can be changed later, and it is known who wrote them."),
            N_("As long as I'm in the server. If you delete your data, they stay without you."),
            (Table("said_messages", (Person("author_id", ANONYMISE),)),),
        ),
    )

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.saying = Saying(bot)

    # --- say

    @group(aliases=["echo"], ignore_extra=True)
    @example("Dinner is ready!", "#news The new season begins on Monday.")
    @checks.requires(manage_messages=True)
    async def say(self, ctx: GuildContext, *, text: str = "") -> None:
        """Let me write something, here or in another channel.

        You need Manage Messages there, and it notifies only whom you could notify yourself. Files that you attach are
        sent with it.
        """
        channel, rest = await self._channel(ctx, text)
        files = ctx.message.attachments
        if not rest and not files:
            raise commands.MissingRequiredArgument(self.say.clean_params["text"])
        draft = Draft(_checked(rest, least=0 if files else 1))
        message = await self.saying.post(ctx.author, channel, draft, called_in=ctx.channel.id, files=files)
        await self._answer(ctx, message)

    @say.command(name="edit", aliases=["change"])
    @example("https://discord.com/channels/1/2/3 Dinner is served!")
    async def say_edit(self, ctx: GuildContext, *, link_and_text: str) -> None:
        """Change a message that I wrote by `say`: its link, or this as a reply to it, and the new text.

        Embeds of it stay.
        """
        message, rest = await message_meant(ctx, link_and_text)
        await self.saying.check_ours(message)
        kept = embeds_in(message)
        await self.saying.change(ctx.author, message, Draft(_checked(rest), kept), called_in=ctx.channel.id)
        await ctx.success(_("I changed it: {link}").format(link=message.jump_url))

    # --- embed

    @group(ignore_extra=True)
    @example("", "#news", '#news {"title": "News", "description": "The new season begins on Monday."}')
    @checks.requires(manage_messages=True)
    @checks.bot_requires(embed_links=True)
    async def embed(self, ctx: GuildContext, *, json: str = "") -> None:
        """Let me write an embed, put together by buttons or given as JSON.

        Without JSON you get a preview with buttons. JSON is what embed builders on the web export: a message with
        `content` and `embeds`, or one embed; write it here or attach it as a file. Say a channel first if it is for
        another one. You need Manage Messages and Embed Links there.
        """
        channel, rest = await self._channel(ctx, json)
        draft = await self._given(ctx, rest)
        if draft is None:
            check_place(ctx.author, channel, Draft("", ({},)), called_in=ctx.channel.id)
            await self._build(ctx, Draft(), lambda made: self._post(ctx, channel, made))
            return
        await self._answer(ctx, await self.saying.post(ctx.author, channel, draft, called_in=ctx.channel.id))

    @embed.command(name="edit", aliases=["change"])
    @example("https://discord.com/channels/1/2/3", 'https://discord.com/channels/1/2/3 {"title": "Old news"}')
    async def embed_edit(self, ctx: GuildContext, *, link_and_json: str = "") -> None:
        """Change a message that I wrote by `embed` or `say`, by buttons or with JSON in place of what it says.

        Give its link, or reply to it with this.
        """
        message, rest = await message_meant(ctx, link_and_json)
        await self.saying.check_ours(message)
        draft = await self._given(ctx, rest)
        if draft is None:
            await self._build(ctx, draft_of(message), lambda made: self._change(ctx, message, made))
            return
        await ctx.success(await self._change(ctx, message, draft))

    @embed.command(name="show", aliases=["json", "get", "export"])
    @example("https://discord.com/channels/1/2/3")
    async def embed_show(self, ctx: GuildContext, *, link: str = "") -> None:
        """Show a message with its embeds as JSON, to change it and send it again."""
        message, _rest = await message_meant(ctx, link)
        text = write(draft_of(message))
        if len(text) <= _SHOWN_IN_CHAT or not ctx.can_attach:
            await ctx.info(code_block(text, "json"))
            return
        await ctx.reply(file=discord.File(io.BytesIO(text.encode()), "embed.json"))

    # --- helpers

    async def _channel(self, ctx: GuildContext, text: str) -> tuple[Any, str]:
        """The channel that a text begins with, or this one; and the rest. `#1 of the list` is no channel."""
        found = _CHANNEL.match(text)
        if found is None:
            return ctx.channel, text
        try:
            return await ChannelConverter().convert(ctx, found[1]), text[found.end() :]
        except commands.BadArgument:
            if found[1].startswith("<#"):
                raise
            return ctx.channel, text

    async def _given(self, ctx: GuildContext, text: str) -> Draft | None:
        """The JSON that was written or attached; None if there is none. Raises UserError."""
        if not text.strip() and not ctx.message.attachments:
            return None
        if not text.strip():
            file = attached_to(ctx.message, most_bytes=4 * LONGEST_JSON, wanted="")
            text = (await read_attached(file)).decode("utf-8-sig", errors="replace")
        try:
            return read(text)
        except DraftError as error:
            raise UserError(str(error)) from error

    async def _build(self, ctx: GuildContext, draft: Draft, done: Any) -> None:
        view = Builder(self.bot, ctx.author.id, draft, done)
        view.message = await ctx.reply(view=view, **view.look())

    async def _post(self, ctx: GuildContext, channel: Any, draft: Draft) -> str:
        await ctx.check_again()  # a quarter of an hour may have passed
        message = await self.saying.post(ctx.author, channel, draft, called_in=ctx.channel.id)
        return _("I wrote it: {link}").format(link=message.jump_url)

    async def _change(self, ctx: GuildContext, message: discord.Message, draft: Draft) -> str:
        await ctx.check_again()
        await self.saying.change(ctx.author, message, draft, called_in=ctx.channel.id)
        return _("I changed it: {link}").format(link=message.jump_url)

    async def _answer(self, ctx: GuildContext, message: discord.Message) -> None:
        """Say where it is; here, take the command away instead, as far as that may be done."""
        if message.channel.id != ctx.channel.id:
            await ctx.success(_("I wrote it: {link}").format(link=message.jump_url))
        elif ctx.bot_permissions.manage_messages:
            with suppress(*CANNOT_SAY):
                await ctx.message.delete()


def _checked(text: str, *, least: int = 1) -> str:
    try:
        return parse_text(text, MESSAGE_LIMIT, least)
    except ValueError as error:
        raise UserError(str(error)) from error
