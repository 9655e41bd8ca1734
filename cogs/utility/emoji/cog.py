"""`emoji`: looking at a server's emoji, adding some, and which of them are used."""

from datetime import timedelta
from typing import Annotated, Any, Final

import discord
from discord.ext import commands

from cogs.utility.emoji.counting import EmojiCounts
from cogs.utility.emoji.rules import CUSTOM, NAME, Use, fitting_name, ranked, sources_in
from cogs.utility.looking_up import character_line
from cogs.utility.membercount.cog import DEFAULT_DAYS
from database.server_counts import ServerCountsStore
from utils import checks, embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context, GuildContext
from utils.converters import Days
from utils.emoji import is_emoji
from utils.errors import UserError
from utils.formatting import code, quoted, truncate
from utils.i18n import _, format_number
from utils.time import timestamp

LARGEST_BYTES: Final = 256 * 1024
"""Discord's limit for the picture of an emoji."""
NO_ROOM: Final = frozenset({30008, 30018})
"""Discord's errors for a server that has all the emoji, or all the animated ones, that it may have."""
EMOJI_A_PAGE: Final = 15


class Emoji(Cog):
    """The emoji of this server."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.store = ServerCountsStore(bot.db)
        self.counts = EmojiCounts(self, self.store)

    async def cog_load(self) -> None:
        """Begin to hear what is written."""
        self.bot.chat_hearers.append(self.counts.hear)

    async def cog_unload(self) -> None:
        """Write what was counted."""
        self.bot.chat_hearers.remove(self.counts.hear)
        await self.counts.writer.write_the_last()

    @group(aliases=["emote"])
    @example("👍", ":partying:")
    @commands.guild_only()
    async def emoji(self, ctx: GuildContext, *, emoji: str) -> None:
        """Show what an emoji is, and its picture."""
        await self._show(ctx, emoji)

    @emoji.command(name="info")
    @example("👍")
    async def emoji_info(self, ctx: GuildContext, *, emoji: str) -> None:
        """Show what an emoji is, and its picture."""
        await self._show(ctx, emoji)

    @emoji.command(name="add", aliases=["create", "steal"])
    @example("party", "party :partying:")
    @checks.requires(create_expressions=True)
    @checks.bot_requires(create_expressions=True)
    @commands.cooldown(5, 30.0, commands.BucketType.guild)
    async def emoji_add(self, ctx: GuildContext, *, name_and_emoji: str = "") -> None:
        """Add an emoji to this server: one of another server, or a picture that you attach.

        A name has 2 to 32 letters, digits and underscores; without one it keeps its own. Pictures are PNG, JPEG, GIF
        or WebP files of at most 256 KiB. An emoji can also be given by the link to its picture, and what you reply to
        counts as yours.
        """
        name, picture = await self._wanted(ctx, name_and_emoji)
        if len(picture) > LARGEST_BYTES:
            raise UserError(_("That picture is too large: an emoji has at most 256 KiB."))
        try:
            made = await ctx.guild.create_custom_emoji(
                name=name, image=picture, reason=truncate(f"{ctx.author} ({ctx.author.id})", 200)
            )
        except ValueError as error:
            raise UserError(
                _("That isn't a picture that Discord takes: attach a PNG, JPEG, GIF or WebP file.")
            ) from error
        except discord.HTTPException as error:
            raise _refused(error) from error
        self.counts.know(ctx.guild.id, made.id)
        await ctx.success(_("{emoji} is here now: {name}").format(emoji=made, name=code(f":{made.name}:")))

    @emoji.command(name="stats", aliases=["usage", "list"])
    @example("", "90")
    @commands.cooldown(3, 20.0, commands.BucketType.user)
    async def emoji_stats(self, ctx: GuildContext, days: Annotated[int, Days(7, 365)] = DEFAULT_DAYS) -> None:
        """Show in how many messages each emoji of this server was used, lately 30 days.

        Reactions aren't counted, and neither is who uses them.
        """
        emoji = {one.id: one for one in await ctx.guild.fetch_emojis()}
        if not emoji:
            raise UserError(_("This server has no emoji of its own."))
        await self.counts.writer.write(ctx.guild.id)
        since = discord.utils.utcnow().date() - timedelta(days=days - 1)
        uses = ranked(list(emoji), await self.store.emoji(ctx.guild.id, since))
        title = _("Emoji, used in messages of {days} days").format(days=days)
        await ctx.paginate_lines(
            (_line(emoji[use.emoji_id], use) for use in uses),
            most_lines=EMOJI_A_PAGE,
            title=title,
        )

    # --- helpers

    async def _show(self, ctx: GuildContext, text: str) -> None:
        text = text.strip()
        found = CUSTOM.fullmatch(text)
        if found is None:
            if not is_emoji(text):
                raise UserError(_("“{text}” isn't an emoji that I know.").format(text=quoted(text)))
            lines = [character_line(one) for one in text]
            await ctx.show(embeds.info("\n".join(lines), title=_("A Unicode emoji")))
            return
        emoji = await _partial(ctx, text)
        embed = embeds.info(await self._described(ctx, emoji), title=f":{emoji.name}:")
        await ctx.show(embed.set_image(url=emoji.url))

    async def _described(self, ctx: GuildContext, emoji: discord.PartialEmoji) -> str:
        assert emoji.id is not None
        lines = [
            _("Id: {id}").format(id=code(str(emoji.id))),
            _("Made {when}").format(when=timestamp(discord.utils.snowflake_time(emoji.id), "F")),
            _("[Picture]({link})").format(link=emoji.url),
        ]
        try:
            own = await ctx.guild.fetch_emoji(emoji.id)
        except discord.NotFound:
            return "\n".join([*lines, _("It belongs to another server.")])
        if own.user is not None:
            lines.append(_("Added by {member}").format(member=own.user.mention))
        if own.roles:
            lines.append(_("For {roles} only").format(roles=" ".join(role.mention for role in own.roles)))
        return "\n".join(lines)

    async def _wanted(self, ctx: Context, text: str) -> tuple[str, bytes]:
        """The name and the picture that are meant. Raises UserError."""
        sources, words = sources_in(text)
        files = ctx.message.attachments
        replied = ctx.message.reference and ctx.message.reference.resolved
        if isinstance(replied, discord.Message) and not sources and not files:
            sources, files = sources_in(replied.content)[0], replied.attachments
        if len(words) > 1 or len(sources) > 1:
            raise UserError(_("Write one name, and one emoji or an attached picture."))
        name = words[0].strip(":") if words else None
        if name is not None and not NAME.fullmatch(name):
            raise UserError(_("A name has 2 to 32 letters, digits and underscores."))
        if sources:
            name = name or sources[0].name
            return checked_name(name), await _read(await _partial(ctx, str(sources[0])))
        if not files:
            raise UserError(_("Write an emoji of another server, or attach a picture."))
        if files[0].size > LARGEST_BYTES:
            raise UserError(_("That picture is too large: an emoji has at most 256 KiB."))
        return checked_name(name or fitting_name(files[0].filename)), await _read(files[0])


def checked_name(name: str | None) -> str:
    """The name that an emoji gets; raises UserError if there is none that Discord takes."""
    if name is None or not NAME.fullmatch(name):
        raise UserError(_("Say what it is to be called: `{command}`.").format(command="emoji add party"))
    return name


async def _partial(ctx: Context, text: str) -> discord.PartialEmoji:
    return await commands.PartialEmojiConverter().convert(ctx, text)


async def _read(picture: Any) -> bytes:
    """The file of an emoji or an attachment."""
    try:
        file: bytes = await picture.read()
    except CANNOT_SAY as error:
        raise UserError(_("I can't get that picture from Discord; is it still there?")) from error
    return file


def _refused(error: discord.HTTPException) -> Exception:
    """What is said when Discord doesn't take an emoji."""
    if error.code in NO_ROOM:
        return UserError(_("This server has all the emoji that it may have. Delete one first."))
    if error.status == 400:
        return UserError(_("Discord doesn't take that as an emoji: the picture may be too large or broken."))
    return error


def _line(emoji: discord.Emoji, use: Use) -> str:
    """An emoji in the list, with how often it was used."""
    return f"{emoji} {code(f':{emoji.name}:')} {format_number(use.uses)}"
