"""Tags: texts that members keep under a name, and call again."""

import io
import operator
from typing import Annotated

import discord
from discord.ext import commands

from cogs.utility.tags import rules, texts
from cogs.utility.tags.section import TagsSection
from cogs.utility.tags.settings import EVERYONE, SETTINGS, TAG_CREATORS, TAG_ROLE, WITH_ROLE
from database.ids import new_id
from database.tags import Tag, TagsStore
from utils.arguments import as_bad_argument
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context, GuildContext
from utils.converters import BoundedText, GuildMember
from utils.errors import UserError
from utils.formatting import MESSAGE_LIMIT, code, safe, truncate
from utils.gathering import Batch, Writer
from utils.i18n import _, ngettext
from utils.members import get_member
from utils.near import nearest
from utils.people import named

SHOWN_IN_STATS = 5  # tags, and members


class NewName(commands.Converter[str]):
    """A name that a tag may get."""

    async def convert(self, ctx: Context, argument: str) -> str:  # type: ignore[override]
        """Raise `BadArgument` if none may."""
        assert isinstance(ctx.cog, Tags)
        with as_bad_argument():
            return rules.read_name(argument, ctx.cog.tag.all_commands)


Name = Annotated[str, NewName]
Content = Annotated[str, BoundedText(MESSAGE_LIMIT)]


class Tags(Cog):
    """Tags: texts that members keep under a name, and call again."""

    settings = SETTINGS

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.store = TagsStore(bot.db)
        self.sections = (TagsSection(self),)
        # A gain's second id is the tag's here.
        self.writer: Writer[int] = Writer(self, "Uses of tags", operator.add, self._write)

    async def cog_unload(self) -> None:
        """Write the uses that were counted."""
        await self.writer.write_the_last()

    # --- using

    @group(aliases=["tags"])
    @commands.guild_only()
    @example("rules", "how to join", "")
    async def tag(self, ctx: GuildContext, *, name: str = "") -> None:
        """Show a tag: a text that somebody keeps here under a name.

        Say it as a reply to a message, and the text comes as a reply to that. Without a name it shows what there is.
        """
        if not name:
            await self.tag_list(ctx)
            return
        tag = await self._tag(ctx, name)
        self.writer.add(ctx.guild.id, tag.id, 1)
        await ctx.send(tag.content, reference=_replied_to(ctx), allowed_mentions=discord.AllowedMentions.none())

    @tag.command(name="raw")
    @example("rules")
    async def tag_raw(self, ctx: GuildContext, *, name: str) -> None:
        """Show a tag's text as it was typed, to copy it."""
        tag = await self._tag(ctx, name)
        escaped = discord.utils.escape_markdown(tag.content).replace("<", "\\<")  # else mentions show as such
        if len(escaped) <= MESSAGE_LIMIT:
            await ctx.reply(escaped, allowed_mentions=discord.AllowedMentions.none())
            return
        await ctx.reply(file=discord.File(io.BytesIO(tag.content.encode()), "tag.txt"))

    @tag.command(name="info", aliases=["owner"])
    @example("rules")
    async def tag_info(self, ctx: GuildContext, *, name: str) -> None:
        """Show whose a tag is, how often it was used, and what else it is called."""
        await self.writer.write(ctx.guild.id)
        tag = await self._tag(ctx, name)
        await ctx.show(texts.info(tag, await self.store.aliases(tag)))

    @tag.command(name="list", aliases=["all"])
    @example("", "@Ann")
    async def tag_list(
        self, ctx: GuildContext, *, member: Annotated[discord.Member | None, GuildMember] = None
    ) -> None:
        """Show the tags of this server, or of a member."""
        names = await self.store.names(ctx.guild.id, member.id if member else None)
        if not names:
            raise UserError(_("There are no tags yet.") if member is None else _no_tags_of(member))
        await ctx.paginate(texts.listed(_("Tags"), names))

    @tag.command(name="search", aliases=["find"])
    @example("join")
    async def tag_search(self, ctx: GuildContext, *, words: Annotated[str, BoundedText(rules.NAME_LIMIT)]) -> None:
        """Find tags by a part of their name."""
        found = await self.store.search(ctx.guild.id, rules.folded(words))
        if not found:
            raise UserError(_("No tag has “{words}” in its name.").format(words=safe(words)))
        await ctx.paginate(texts.listed(_("Tags found"), found))

    @tag.command(name="stats")
    @example("", "@Ann")
    async def tag_stats(
        self, ctx: GuildContext, *, member: Annotated[discord.Member | None, GuildMember] = None
    ) -> None:
        """Show how much tags are used, of this server or of a member."""
        await self.writer.write(ctx.guild.id)
        guild_id, owner_id = ctx.guild.id, member.id if member else None
        numbers = await self.store.numbers(guild_id, owner_id)
        most_used = await self.store.most_used(guild_id, owner_id, SHOWN_IN_STATS)
        owners = [] if member else await self.store.busiest_owners(guild_id, SHOWN_IN_STATS)
        title = _("Tags") if member is None else _("Tags of {name}").format(name=member.display_name)
        await ctx.show(texts.stats(title, numbers, most_used, owners))

    # --- making and changing

    @tag.command(name="create", aliases=["add", "make"])
    @example("rules Be kind, and no spoilers.", '"how to join" Ask in #welcome.')
    async def tag_create(self, ctx: GuildContext, name: Name, *, content: Content) -> None:
        """Make a tag.

        Put a name of several words into quotes. A tag is a text: files that are attached aren't kept, and links to
        files in Discord stop working after a day, so neither is taken. Who may make tags is set by `tag-creators`.
        """
        self._check_may_create(ctx)
        _check_text(ctx, content)
        await self._check_room(ctx)
        now = ctx.message.created_at
        if not await self.store.add(Tag(new_id(), ctx.guild.id, name, content, ctx.author.id, now)):
            raise _taken(name)
        await ctx.success(
            _("{tag} is kept; `{command}` shows it.").format(
                tag=texts.called(name), command=f"{ctx.clean_prefix}tag {name}"
            )
        )

    @tag.command(name="alias")
    @example("regulations rules", '"the rules" rules')
    async def tag_alias(self, ctx: GuildContext, alias: Name, *, name: str) -> None:
        """Call a tag something else besides; the tag must be yours, or you manage messages."""
        self._check_may_create(ctx)
        tag = await self._changeable(ctx, name)
        if len(await self.store.aliases(tag)) >= rules.MOST_ALIASES:
            raise UserError(_("A tag can have {most} aliases at most.").format(most=rules.MOST_ALIASES))
        if not await self.store.add_alias(tag, alias):
            raise _taken(alias)
        await ctx.success(
            _("{alias} shows the tag {tag} too.").format(alias=texts.called(alias), tag=texts.called(tag.name))
        )

    @tag.command(name="edit")
    @example("rules Be kind.")
    async def tag_edit(self, ctx: GuildContext, name: str, *, content: Content) -> None:
        """Change a tag's text; the tag must be yours, or you manage messages."""
        tag = await self._changeable(ctx, name)
        _check_text(ctx, content)
        if not await self.store.edit(tag.id, content, ctx.message.created_at):
            raise _unknown(name)
        await ctx.success(_("{tag} has its new text.").format(tag=texts.called(tag.name)))

    @tag.command(name="delete", aliases=["remove"])
    @example("rules")
    async def tag_delete(self, ctx: GuildContext, *, name: str) -> None:
        """Delete a tag with its aliases, or an alias alone; the tag must be yours, or you manage messages."""
        tag = await self._changeable(ctx, name)
        if rules.folded(name) != tag.name:
            await self.store.remove_alias(tag, rules.folded(name))
            await ctx.success(
                _("The tag {tag} isn't called {alias} any more.").format(
                    tag=texts.called(tag.name), alias=texts.called(rules.folded(name))
                )
            )
            return
        if not await self.store.remove(tag):
            raise _unknown(name)
        await ctx.success(_("The tag {tag} is deleted.").format(tag=texts.called(tag.name)))

    @tag.command(name="transfer", aliases=["give"])
    @example("@Ann rules")
    async def tag_transfer(
        self, ctx: GuildContext, member: Annotated[discord.Member, GuildMember], *, name: str
    ) -> None:
        """Give a tag of yours to another member."""
        tag = await self._changeable(ctx, name)
        if member.bot:
            raise UserError(_("Bots don't own tags."))
        if member.id == tag.owner_id:
            raise UserError(
                _("{tag} is {member}'s already.").format(tag=texts.called(tag.name), member=member.mention)
            )
        await self._hand_over(ctx, tag, member)

    @tag.command(name="claim")
    @example("rules")
    async def tag_claim(self, ctx: GuildContext, *, name: str) -> None:
        """Take over a tag whose owner has left this server."""
        self._check_may_create(ctx)
        tag = await self._tag(ctx, name)
        if tag.owner_id == ctx.author.id:
            raise UserError(_("{tag} is yours already.").format(tag=texts.called(tag.name)))
        if await get_member(ctx.guild, tag.owner_id) is not None:
            raise UserError(
                _("{member} is still here: ask them for {tag}.").format(
                    member=f"<@{tag.owner_id}>", tag=texts.called(tag.name)
                )
            )
        await self._check_room(ctx)
        await self._hand_over(ctx, tag, ctx.author)

    # --- helpers

    async def _write(self, batch: Batch[int]) -> None:
        await self.store.add_uses(batch.id, batch.gains)

    async def _tag(self, ctx: GuildContext, name: str) -> Tag:
        """The tag of this name. Raises UserError, with a near name if there is one."""
        wanted = rules.folded(name)
        tag = await self.store.named(ctx.guild.id, wanted)
        if tag is not None:
            return tag
        if len(wanted) > rules.NAME_LIMIT:
            raise _unknown(name)
        near = nearest(wanted, await self.store.names_like(ctx.guild.id, wanted))
        if near is None:
            raise _unknown(name)
        raise UserError(
            _("There is no tag {name}. Did you mean {near}?").format(name=_shown(name), near=texts.called(near))
        )

    async def _changeable(self, ctx: GuildContext, name: str) -> Tag:
        """The tag, if it is the author's or they look after all. Raises UserError."""
        tag = await self._tag(ctx, name)
        if tag.owner_id != ctx.author.id and not _is_staff(ctx.author):
            raise UserError(
                _("{tag} is {member}'s: only they and who manages messages can change it.").format(
                    tag=texts.called(tag.name), member=f"<@{tag.owner_id}>"
                )
            )
        return tag

    def _check_may_create(self, ctx: GuildContext) -> None:
        settings = self.bot.guild_settings
        who = settings.get(ctx.guild.id, TAG_CREATORS)
        if who == EVERYONE or _is_staff(ctx.author):
            return
        role = ctx.guild.get_role(settings.get(ctx.guild.id, TAG_ROLE) or 0) if who == WITH_ROLE else None
        if role is None:
            raise UserError(_("Only who manages messages makes tags here."))
        if role not in ctx.author.roles:
            raise UserError(_("You need the role {role} to make tags here.").format(role=named(role)))

    async def _check_room(self, ctx: GuildContext) -> None:
        if (await self.store.numbers(ctx.guild.id)).tags >= rules.MOST_TAGS:
            raise UserError(_("This server has no room for more tags; delete some first."))
        mine = await self.store.numbers(ctx.guild.id, ctx.author.id)
        if mine.tags >= rules.MOST_OF_ONE and not _is_staff(ctx.author):
            raise UserError(
                ngettext(
                    "You can have {most} tag; delete one first.",
                    "You can have {most} tags; delete one first.",
                    rules.MOST_OF_ONE,
                ).format(most=rules.MOST_OF_ONE)
            )

    async def _hand_over(self, ctx: GuildContext, tag: Tag, member: discord.Member) -> None:
        if not await self.store.hand_over(tag, member.id):
            raise UserError(_("Somebody else was faster; look at the tag again."))
        await ctx.success(
            _("{tag} belongs to {member} now.").format(tag=texts.called(tag.name), member=member.mention)
        )


def _replied_to(ctx: Context) -> discord.MessageReference | None:
    """The message that a command replies to, for an answer to that; where I may reply, and if it isn't deleted."""
    reference = ctx.message.reference
    if reference is None or not ctx.bot_permissions.read_message_history:
        return None
    reference.fail_if_not_exists = False
    return reference


def _is_staff(member: discord.Member) -> bool:
    return member.guild_permissions.manage_messages


def _check_text(ctx: Context, content: str) -> None:
    if ctx.message.attachments:
        raise UserError(_("A tag is a text: I don't keep files. Put them on a page of your own, and link that."))
    if rules.expires(content):
        raise UserError(
            _(
                "Links to files in Discord stop working after a day. "
                "Put the file on a page of your own, and link that."
            )
        )


def _taken(name: str) -> UserError:
    return UserError(_("There is a tag called {name} already.").format(name=texts.called(name)))


def _unknown(name: str) -> UserError:
    return UserError(_("There is no tag {name}.").format(name=_shown(name)))


def _no_tags_of(member: discord.Member) -> str:
    return _("{member} has no tags.").format(member=member.mention)


def _shown(name: str) -> str:
    return code(truncate(name, rules.NAME_LIMIT))
