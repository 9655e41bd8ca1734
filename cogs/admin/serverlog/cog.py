"""`serverlog`: which things are told in which channel, and who and what is left out."""

from collections.abc import Sequence
from typing import Any, ClassVar

import discord
from discord.ext import commands

from cogs.admin.serverlog import settings
from cogs.admin.serverlog.desk import NEEDED, Desk
from cogs.admin.serverlog.kinds import BY_AUDIT_LOG, KINDS, PRESETS, UnknownKindError, is_kind, read_kinds
from utils import checks, embeds
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import GuildContext
from utils.errors import UserError
from utils.findings import Finding, Severity, channel_findings
from utils.formatting import code, truncate
from utils.i18n import _, format_list, translate
from utils.lookup import find_channel
from utils.permissions import missing_in, permission_names
from utils.setting_types import Channel, Role, Setting, SettingError, User
from utils.shared_memory import Part


class ServerLog(Cog):
    """What is told of a server in its log."""

    settings: ClassVar[Any] = settings.SETTINGS
    also_needs: ClassVar[dict[str, str]] = dict.fromkeys(NEEDED, "the server log (`serverlog`)")

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.desk = Desk(bot, self)
        self.in_memory = (Part("server logs that fail", self.desk.read, here_alone=True),)

    async def cog_unload(self) -> None:
        """Show what is yet to be shown. This goes before the other parts, for it came before them."""
        await self.desk.send_the_last()

    @group(aliases=["logs", "logging"])
    @example("")
    @checks.requires(manage_guild=True)
    async def serverlog(self, ctx: GuildContext) -> None:
        """Show what I log here, and where."""
        get = self.bot.guild_settings.get
        lines = []
        for key, kind in KINDS.items():
            channel_id = get(ctx.guild.id, settings.CHANNELS[key])
            place = _("off") if channel_id is None else f"<#{channel_id}>"
            lines.append(f"{kind.emoji} {translate(kind.title)} ({code(key)}): {place}")
        lines.append("")
        lists = (settings.IGNORED_CHANNELS, settings.IGNORED_ROLES, settings.IGNORED_PEOPLE)
        left_out = [(setting, get(ctx.guild.id, setting)) for setting in lists]
        lines += [_("Left out: {what}").format(what=setting.type.show(ids)) for setting, ids in left_out if ids]
        if not get(ctx.guild.id, settings.BOTS):
            lines.append(_("Left out: {what}").format(what=_("what bots write")))
        lines += self._hints(ctx)
        await ctx.show(embeds.info("\n".join(lines), title=_("Server log")))

    def _hints(self, ctx: GuildContext) -> list[str]:
        hints = []
        if not ctx.guild.me.guild_permissions.view_audit_log and self.desk.wants(ctx.guild.id, *KINDS):
            hints.append(_("⚠️ I need View Audit Log: else I can't say who did it, and some things I don't hear of."))
        if not self.bot.intents.members and self.desk.wants(ctx.guild.id, "joins", "leaves"):
            hints.append(_("⚠️ Who joins and leaves isn't told to me: whoever runs me has switched that off."))
        command = f"{ctx.clean_prefix}serverlog set all #logs"
        hints.append(_("`{command}` logs everything there; `serverlog ignore` leaves out.").format(command=command))
        return hints

    @serverlog.command(name="set", aliases=["on", "channel"])
    @example("all #logs", "deletes edits #message-log", "members #member-log")
    async def serverlog_set(self, ctx: GuildContext, *, kinds_and_channel: str) -> None:
        """Log some kinds of things in a channel, or `all`, `messages`, `members` or `structure`.

        Without a channel it is the one you write in. `serverlog` shows all kinds. I need View Audit Log to say who
        did something, and say so only where it is sure. What messages say I keep for a day at most, to show what was
        deleted or edited.
        """
        keys, channel = self._read(ctx, kinds_and_channel)
        self._check_place(ctx, channel)
        for key in keys:
            await self.bot.guild_settings.set(
                ctx.guild.id, settings.CHANNELS[key], channel.id, changed_by=ctx.author.id
            )
        done = _("I log {kinds} in {channel} from now on.").format(kinds=_titles(keys), channel=channel.mention)
        await ctx.success("\n".join([done, *_warnings(ctx.guild, keys, channel)]))

    @serverlog.command(name="off", aliases=["disable", "stop"])
    @example("", "voice", "edits deletes")
    async def serverlog_off(self, ctx: GuildContext, *, kinds: str = "all") -> None:
        """Stop logging some kinds of things, or everything."""
        keys = _kinds(kinds)
        stopped = [
            key
            for key in keys
            if await self.bot.guild_settings.reset(ctx.guild.id, settings.CHANNELS[key], changed_by=ctx.author.id)
        ]
        if not stopped:
            raise UserError(_("That wasn't logged here."))
        await ctx.success(_("I no longer log {kinds}.").format(kinds=_titles(stopped)))

    @serverlog.command(name="ignore", aliases=["exclude"])
    @example("#spam", "@Bots", "@ann", "bots")
    async def serverlog_ignore(self, ctx: GuildContext, *, what: str) -> None:
        """Leave out a channel, a category, all who have a role, a person, or `bots`."""
        if what.strip().casefold() == "bots":
            await self.bot.guild_settings.set(ctx.guild.id, settings.BOTS, False, changed_by=ctx.author.id)
            await ctx.success(_("The server log leaves out what bots write."))
            return
        setting, value = self._meant(ctx, what)
        changed = await self._update(ctx, setting, lambda old: (*old, value))
        if not changed:
            raise UserError(_("{what} is left out already.").format(what=setting.type.of.show(value)))
        await ctx.success(_("The server log leaves out {what}.").format(what=setting.type.of.show(value)))

    @serverlog.command(name="unignore", aliases=["include"])
    @example("#spam", "@ann", "bots")
    async def serverlog_unignore(self, ctx: GuildContext, *, what: str) -> None:
        """Log again what was left out."""
        if what.strip().casefold() == "bots":
            await self.bot.guild_settings.set(ctx.guild.id, settings.BOTS, True, changed_by=ctx.author.id)
            await ctx.success(_("The server log shows what bots write."))
            return
        setting, value = self._meant(ctx, what)
        changed = await self._update(ctx, setting, lambda old: tuple(one for one in old if one != value))
        if not changed:
            raise UserError(_("{what} isn't left out.").format(what=setting.type.of.show(value)))
        await ctx.success(_("The server log shows {what} again.").format(what=setting.type.of.show(value)))

    # --- doctor

    async def findings(self, guild: discord.Guild) -> Sequence[Finding]:
        """Logs that the bot can't write in, and what it can't hear of."""
        get = self.bot.guild_settings.get
        used = {get(guild.id, setting) for setting in settings.CHANNELS.values()} - {None}
        found: list[Finding] = []
        for channel_id in sorted(one for one in used if one is not None and guild.get_channel(one) is not None):
            found += channel_findings(guild, channel_id, _("The server log"), needs=NEEDED, if_gone="")
        if used and not guild.me.guild_permissions.view_audit_log:
            found.append(
                Finding(
                    _("The server log can't say who did what, and doesn't hear of some things."),
                    _("Give my role the permission {permission}.").format(
                        permission=permission_names(["view_audit_log"])[0]
                    ),
                    Severity.WARNING,
                )
            )
        if self.desk.wants(guild.id, "joins", "leaves") and not self.bot.intents.members:
            found.append(
                Finding(
                    _("The server log doesn't hear who joins and leaves."),
                    _("Whoever runs me has to switch on the members intent (`MEMBERS=on`)."),
                    Severity.WARNING,
                )
            )
        return found

    # --- helpers

    async def _update(self, ctx: GuildContext, setting: Setting[tuple[int, ...]], change: Any) -> bool:
        try:
            changed = await self.bot.guild_settings.update(ctx.guild.id, setting, change, changed_by=ctx.author.id)
        except SettingError as error:
            raise UserError(str(error)) from error
        return changed is not None

    def _meant(self, ctx: GuildContext, text: str) -> tuple[Any, int]:
        """The list that something belongs in, and its id: a mention says which; a name may be a channel or a role."""
        attempts: tuple[tuple[Any, Any], ...] = (
            (settings.IGNORED_CHANNELS, Channel(settings.ANYWHERE)),
            (settings.IGNORED_ROLES, Role()),
            (settings.IGNORED_PEOPLE, User()),
        )
        for setting, kind in attempts:
            try:
                return setting, kind.parse(text, ctx.guild)
            except SettingError:
                continue
        raise UserError(
            _("I don't find {what}. Name a channel, a category, a role or `bots`, or mention somebody.").format(
                what=code(truncate(text, 60))
            )
        )

    def _read(self, ctx: GuildContext, text: str) -> tuple[tuple[str, ...], discord.TextChannel]:
        words = text.split()
        if is_kind(words[-1]):
            found: Any = ctx.channel
        else:
            try:
                found = find_channel(ctx.guild, words[-1], visible_to=ctx.author)
            except ValueError as error:
                if len(words) == 1:
                    raise _unknown(UnknownKindError(words[-1], None)) from error
                raise UserError(str(error)) from error
            words = words[:-1]
        if not isinstance(found, discord.TextChannel):
            raise UserError(_("The server log needs a text channel."))
        if not words:
            raise UserError(_("Say what to log: {kinds}.").format(kinds=_listed()))
        return _kinds(" ".join(words)), found

    def _check_place(self, ctx: GuildContext, channel: discord.TextChannel) -> None:
        if not channel.permissions_for(ctx.author).view_channel:
            raise commands.ChannelNotReadable(channel)
        if lacks := missing_in(channel, ctx.guild.me, NEEDED):
            raise UserError(
                _("I need {permissions} in {channel} for this.").format(
                    permissions=format_list(permission_names(lacks)), channel=channel.mention
                )
            )


def _warnings(guild: discord.Guild, keys: Sequence[str], channel: discord.TextChannel) -> list[str]:
    warnings = []
    if channel.permissions_for(guild.default_role).view_channel:
        warnings.append(
            _("⚠️ Everybody can read {channel}: they see what was said elsewhere.").format(channel=channel.mention)
        )
    if not guild.me.guild_permissions.view_audit_log:
        warnings.append(_("⚠️ Without View Audit Log I can't say who did it."))
        unheard = [key for key in keys if key in BY_AUDIT_LOG]
        if unheard:
            warnings.append(_("⚠️ Without it I don't hear of these: {kinds}.").format(kinds=_titles(unheard)))
    return warnings


def _kinds(text: str) -> tuple[str, ...]:
    try:
        return read_kinds(text.replace(",", " ").split())
    except UnknownKindError as error:
        raise _unknown(error) from error


def _unknown(error: UnknownKindError) -> UserError:
    if error.near is not None:
        sentence = _("I don't know {word}. Did you mean {near}?")
    else:
        sentence = _("I don't know {word}. There are {kinds}.")
    return UserError(
        sentence.format(word=code(truncate(error.word, 40)), near=code(error.near or ""), kinds=_listed())
    )


def _listed() -> str:
    return format_list([code(key) for key in (*PRESETS, *KINDS)])


def _titles(keys: Any) -> str:
    return format_list([f"**{translate(KINDS[key].title)}**" for key in keys])
