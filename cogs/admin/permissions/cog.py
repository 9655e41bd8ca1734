"""`permissions`: who may use which commands where."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Final

import discord
from discord.ext import commands

from cogs.admin.permissions import explaining, texts, upkeep
from cogs.admin.permissions.explaining import Asked
from cogs.admin.permissions.reading import (
    AboutConverter,
    CommandAndPlace,
    CommandAndPlaceConverter,
    Subject,
    SubjectConverter,
    Target,
    TargetConverter,
)
from cogs.admin.permissions.section import MOST_RULES, PermissionsSection, why_not_allow
from database.permission_rules import PermissionRule
from utils import embeds
from utils.access import feature_of
from utils.bot import Hearth
from utils.checks import requires
from utils.cog import Cog
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import GuildMember
from utils.errors import UserError
from utils.findings import Finding
from utils.formatting import pages_of
from utils.i18n import _, format_list
from utils.permission_rules import COMMAND, subjects

LINES_A_PAGE: Final = 15

About = Annotated[Subject, SubjectConverter]
Whom = Annotated[Target, TargetConverter]


class Permissions(Cog):
    """Who may use which commands where."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.sections = (PermissionsSection(bot),)

    @group(aliases=["permission", "perms"])
    @requires(manage_guild=True)
    @example("")
    async def permissions(self, ctx: GuildContext) -> None:
        """Show who is allowed or denied which commands where.

        The most specific rule decides: first by what it is about (a command, then the group it is in, then the
        feature), then by whom (a person, then their highest role that has a rule, then the channel, the category,
        the server). Without a rule, Discord's permissions count. Nothing is denied to the server's owner.
        """
        await self._show(ctx, self.bot.access.rules.of(ctx.guild.id))

    @permissions.command(name="list")
    @example("")
    async def list_rules(self, ctx: GuildContext) -> None:
        """Show who is allowed or denied which commands where."""
        await self._show(ctx, self.bot.access.rules.of(ctx.guild.id))

    @permissions.command(name="allow")
    @example("warn @Helpers", '"giveaway start" @ann', "feature:economy #casino", "purge everyone")
    async def allow(self, ctx: GuildContext, what: About, *whom: Whom) -> None:
        """Let somebody use a command, a group or a feature, also without Discord's permission for it.

        Name members, roles, channels or categories, or `server` for everybody. Quote a name of several words. You
        can only allow what you may do yourself. What I may do, and whom roles protect, stays as it is.
        """
        if why_not := why_not_allow(ctx.author, what.commands):
            raise UserError(why_not)
        await self._set(ctx, what, whom, allows=True)

    @permissions.command(name="deny")
    @example("feature:economy #general", "remind #rules #news", "slots @ann")
    async def deny(self, ctx: GuildContext, what: About, *whom: Whom) -> None:
        """Keep somebody from a command, a group of commands or a feature.

        Name members, roles, channels or categories, or `server` for everybody. Quote a name of several words. What
        is denied doesn't show in help, either.
        """
        await self._set(ctx, what, whom, allows=False)

    @permissions.command(name="remove", aliases=["delete", "clear"])
    @example("warn @Helpers", "feature:economy")
    async def remove(self, ctx: GuildContext, what: About, *whom: Whom) -> None:
        """Take rules away: those about a command or feature for somebody, or all about it."""
        ids = {one.id for one in whom}
        gone = [
            rule
            for rule in self.bot.access.rules.of(ctx.guild.id)
            if rule.subject == what.key and (not ids or rule.target_id in ids)
        ]
        if not gone:
            raise UserError(_("There is no such rule; `permissions show` shows those about a command."))
        await self.bot.access.rules.remove(gone)
        await ctx.success(_("Removed: {what} for {whom}.").format(what=texts.about(what.key), whom=_whom(ctx, gone)))

    @permissions.command(name="reset")
    @example("")
    async def reset(self, ctx: GuildContext) -> None:
        """Take all rules of this server away; Discord's permissions count again."""
        rules = self.bot.access.rules.of(ctx.guild.id)
        if not rules:
            raise UserError(_("There are no rules."))
        question = _("Take all rules of this server away? There are {n}.").format(n=len(rules))
        if not await ctx.confirm(question):
            await ctx.info(_("They stay."))
            return
        await self.bot.access.rules.remove(self.bot.access.rules.of(ctx.guild.id))
        await ctx.success(_("There are no rules any more: Discord's permissions count."))

    @permissions.command(name="show", aliases=["get"])
    @example("warn", "@Helpers", "#general", "feature:economy")
    async def show(self, ctx: GuildContext, *, about: Annotated[Subject | Target, AboutConverter]) -> None:
        """Show the rules about a command or a feature, or for a member, a role or a channel."""
        rules = self.bot.access.rules.of(ctx.guild.id)
        if isinstance(about, Target):
            rules = [rule for rule in rules if rule.target_id == about.id]
        else:
            is_command = about.key.startswith(COMMAND) and bool(about.commands)
            above = subjects(about.name, feature_of(about.commands[0])) if is_command else []
            counts, inside = {about.key, *above}, f"{about.key} "
            rules = [rule for rule in rules if rule.subject in counts or rule.subject.startswith(inside)]
        await self._show(ctx, rules)

    @permissions.command(name="explain", aliases=["why", "test"])
    @example("@ann warn", "@ann giveaway start #general")
    async def explain(
        self,
        ctx: GuildContext,
        member: Annotated[discord.Member, GuildMember],
        *,
        command: Annotated[CommandAndPlace, CommandAndPlaceConverter],
    ) -> None:
        """Show whether somebody may use a command here or in a channel, and which rule decides that."""
        if member.bot:
            raise UserError(_("Bots don't use my commands."))
        asked = Asked(ctx.guild, member, command.place or ctx.channel, command.command)
        lines = explaining.told(asked, await explaining.steps(self.bot, asked))
        await ctx.paginate([embeds.info(page) for page in pages_of(lines)])

    # --- what else hears of it

    async def findings(self, guild: discord.Guild) -> Sequence[Finding]:
        """Rules that say nothing any more."""
        return upkeep.findings(self.bot, guild)

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Read anew who set what."""
        await self.bot.access.load()

    async def forget_guild(self, guild_id: int) -> None:
        """Know no rules and blocks of it."""
        await self.bot.access.load()

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Forget the rules of a place that is gone."""
        await self._forget(channel.guild.id, channel.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Forget the rules of a thread that is gone."""
        await self._forget(payload.guild_id, payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Forget the rules of a role that is gone."""
        await self._forget(role.guild.id, role.id)

    # --- helpers

    async def _set(self, ctx: GuildContext, what: Subject, whom: Iterable[Target], *, allows: bool) -> None:
        targets = {one.id: one for one in whom}
        if not targets:
            raise UserError(_("Say for whom: mention members, roles or channels, or write `server` for everybody."))
        if not what.commands:
            raise UserError(_("I don't have {what} any more.").format(what=texts.about(what.key)))
        for target in targets.values():
            _check_target(ctx.guild, target)
        now = ctx.message.created_at
        rules = [
            PermissionRule(ctx.guild.id, what.key, one.kind, one.id, allows, ctx.author.id, now)
            for one in targets.values()
        ]
        others = {(rule.subject, rule.target_id) for rule in self.bot.access.rules.of(ctx.guild.id)}
        if len(others | {(rule.subject, rule.target_id) for rule in rules}) > MOST_RULES:
            raise UserError(_("A server can have {most} rules at most; remove some first.").format(most=MOST_RULES))
        await self.bot.access.rules.set(rules)
        sentence = _("Allowed: {what} for {whom}.") if allows else _("Denied: {what} for {whom}.")
        await ctx.success(sentence.format(what=texts.about(what.key), whom=_whom(ctx, rules)))

    async def _show(self, ctx: GuildContext, rules: Iterable[PermissionRule]) -> None:
        lines = [texts.line(ctx.guild, rule) for rule in rules]
        if not lines:
            await ctx.info(_("There are no such rules: Discord's permissions count."))
            return
        pages = pages_of(lines, most_lines=LINES_A_PAGE)
        await ctx.paginate([embeds.info(page, title=_("Who may use what")) for page in pages])

    async def _forget(self, guild_id: int, target_id: int) -> None:
        gone = [rule for rule in self.bot.access.rules.of(guild_id) if rule.target_id == target_id]
        if gone:
            await self.bot.access.rules.remove(gone)


def _whom(ctx: GuildContext, rules: Iterable[PermissionRule]) -> str:
    return format_list([texts.for_whom(ctx.guild, rule.target_kind, rule.target_id) for rule in rules])


def _check_target(guild: discord.Guild, target: Target) -> None:
    if target.kind == "person" and target.id == guild.owner_id:
        raise UserError(_("The server's owner may use everything; no rule changes that."))
    if target.person is not None and target.person.bot:
        raise UserError(_("Bots don't use my commands."))
