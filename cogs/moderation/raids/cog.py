"""Raids: where their joins are heard, and what the staff can ask."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Final

import discord

from cogs.moderation.jail.actions import JAIL_ROLE
from cogs.moderation.kinds import performs
from cogs.moderation.massban.rules import KIND as MASS_BAN
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.raids import settings
from cogs.moderation.raids.rules import Join, replay
from cogs.moderation.raids.service import Raids
from cogs.moderation.raids.texts import past_lines
from cogs.moderation.raids.views import RaidButton
from database.errors import DatabaseUnavailable
from utils import checks, embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog, StartingCog
from utils.commands import example, group
from utils.context import Context
from utils.converters import Duration
from utils.errors import UserError
from utils.events import RaidTimer
from utils.findings import Finding
from utils.formatting import bullets, pages_of
from utils.i18n import _, format_list, ngettext
from utils.members import all_members
from utils.permissions import permission_names
from utils.setting_types import Setting
from utils.shared_memory import Part
from utils.time import human_duration, timestamp

SHOWN: Final = 5  # past raids
LONGEST_REPLAY: Final = timedelta(days=90)
A_PAGE: Final = 1_800  # characters


class RaidWatch(StartingCog, name="Raids"):
    """Many who join at once and mean no good: found, held, and released or banned by one button."""

    settings: ClassVar[Sequence[Setting[Any]]] = settings.SETTINGS
    dynamic_items = (RaidButton,)
    also_needs: ClassVar[Mapping[str, str]] = {"manage_guild": "raids: the verification level, and pausing invites"}

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.raids = Raids(pipeline, self.spawn)
        self.in_memory = (Part("raids", self.raids.load, here_alone=True),)

    async def cog_load(self) -> None:
        """Take up what goes on."""
        await self.raids.load()
        await super().cog_load()

    async def from_the_start_on(self) -> None:
        """Go on with raids where the last process left them."""
        for guild_id in list(self.raids.current):
            guild = self.bot.get_guild(guild_id)
            if guild is not None:
                await self.raids.resume(guild)

    @Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Go on with a raid when Discord has its guild again."""
        await self.raids.resume(guild)

    @Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Go on where the bot was taken away from a guild, and comes back."""
        await self.raids.load(guild.id)
        await self.raids.resume(guild)

    @Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        """Look at somebody who joins."""
        guild_id = member.guild.id
        if member.bot or not self.bot.guild_settings.get(guild_id, settings.WATCH):
            return
        if self.bot.switches.feature_is_on(guild_id, self.feature):
            await self.raids.hear(member)

    @Cog.listener()
    async def on_raid_timer(self, event: RaidTimer) -> None:
        """See whether a raid is over."""
        try:
            await self.raids.look(event)
        except DatabaseUnavailable as error:  # the timer comes again
            self.bot.error_reports.add(error, "the end of a raid")

    @Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Let go of a guild that the bot isn't in any more."""
        self.raids.forget(guild.id)

    async def forget_guild(self, guild_id: int) -> None:
        """Let go of a raid whose rows are gone: after a start it is there again, and would never end."""
        self.raids.forget(guild_id)

    async def findings(self, guild: discord.Guild) -> Sequence[Finding]:
        """What keeps me from finding raids, or from doing what I should in one."""
        if not self.bot.guild_settings.get(guild.id, settings.WATCH):
            return []
        found = []
        if not self.bot.intents.members:
            found.append(Finding(
                _("I don't hear who joins, so I can't watch for raids."),
                _("Whoever runs me switches on `MEMBERS`, and the members intent in Discord's developer portal."),
            ))  # fmt: skip
        if self.raids.alerts.channel(guild) is None:
            found.append(Finding(
                _("Nobody is told of a raid: there is no channel for it."),
                _("Choose one with `config set automod-channel`."),
            ))  # fmt: skip
        missing = self._lacking(guild)
        if missing:
            names = format_list(permission_names(missing))
            found.append(Finding(
                _("I lack {permissions} for what I should do in a raid.").format(permissions=names),
                _("Give my role {permissions} in the server's settings.").format(permissions=names),
            ))  # fmt: skip
        return found

    def _lacking(self, guild: discord.Guild) -> list[str]:
        does = self.bot.guild_settings.get(guild.id, settings.DOES)
        jails = self.bot.guild_settings.get(guild.id, JAIL_ROLE) is not None
        needed = {"manage_guild"} if {"verification", "invites"} & set(does) else set()
        if "quarantine" in does:
            needed.add("manage_roles" if jails else "moderate_members")
        return sorted(name for name in needed if not getattr(guild.me.guild_permissions, name))

    @group(aliases=["raids"])
    @example("")
    @checks.requires(moderate_members=True)
    async def raid(self, ctx: Context) -> None:
        """Show whether I watch for raids, what I do in one, and the latest ones.

        `config set raid-watch on` lets me watch; the other settings that begin with `raid-` say when it is one. In a
        raid I tell the staff, where automod does; `config set raid-actions` says what I do besides. Many who join on
        a good day are no raid: it takes new accounts, names that are alike, or far too many.
        """
        assert ctx.guild is not None
        lines = [self._how(ctx.guild.id)]
        raids = await self.raids.store.latest(ctx.guild.id, limit=SHOWN)
        if raids:
            lines += ["", _("The latest:")]
            for one in raids:
                count = len(await self.raids.store.members(one.id))
                people = ngettext("{count} person", "{count} people", count).format(count=count)
                line = _("{when}: {people}").format(when=timestamp(one.began_at, "R"), people=people)
                lines.append(bullets([line if one.ended_at else _("{raid}, going on").format(raid=line)]))
        await ctx.info("\n".join(lines), title=_("Raids"))

    def _how(self, guild_id: int) -> str:
        if not self.bot.guild_settings.get(guild_id, settings.WATCH):
            return _("I don't watch for raids; `config set raid-watch on` changes that.")
        limits, does = self.raids.limits(guild_id), self.bot.guild_settings.get(guild_id, settings.DOES)
        what = format_list([_("tell the staff"), *does])
        return _("I watch: {count} suspicious joins within {time} are a raid. Then I do this: {what}.").format(
            count=limits.joins, time=human_duration(limits.within), what=what
        )

    @raid.command(name="end", aliases=["stop"])
    @example("")
    async def raid_end(self, ctx: Context) -> None:
        """Say that a raid is over: what I closed is open again, and who is held stays so."""
        assert ctx.guild is not None
        raid = self.raids.current.get(ctx.guild.id)
        if raid is None:
            raise UserError(_("There is no raid at the moment."))
        done = await self.raids.end(ctx.guild, raid)
        await ctx.success("\n".join([_("The raid is over."), *done]))

    @raid.command(name="release")
    @example("")
    @performs("unjail", "untimeout")
    async def raid_release(self, ctx: Context) -> None:
        """Release everybody of the latest raid, and end it: it was none."""
        await self._decide(ctx, "release")

    @raid.command(name="ban")
    @example("")
    @performs(MASS_BAN)
    @checks.bot_needs(manage_guild=True)
    async def raid_ban(self, ctx: Context) -> None:
        """Ban everybody of the latest raid whom nobody has released."""
        await self._decide(ctx, "ban")

    async def _decide(self, ctx: Context, doing: str) -> None:
        assert isinstance(ctx.author, discord.Member)
        latest = await self.raids.store.latest(ctx.author.guild.id, limit=1)
        if not latest:
            raise UserError(_("There was no raid."))
        await ctx.success(await self.raids.press(doing, latest[0].id, ctx.author, ctx.channel.id, ctx.message.id))

    @raid.command(name="replay")
    @example("30d")
    @checks.requires(manage_guild=True)
    async def raid_replay(
        self, ctx: Context, *, time: Annotated[timedelta, Duration(maximum=LONGEST_REPLAY)]
    ) -> None:
        """Show which raids I would have found among those who joined in that time and are still here.

        Nothing is done. It helps to find the right settings; those who left or were banned since aren't seen.
        """
        assert ctx.guild is not None
        since, limits = discord.utils.utcnow() - time, self.raids.limits(ctx.guild.id)
        found = past_lines(replay(await self._joins(ctx.guild, since), limits))
        if not found:
            await ctx.info(_("No raid would have been found."))
            return
        title = _("What would have been a raid")
        await ctx.paginate([embeds.info(page, title=title) for page in pages_of([bullets(found)], A_PAGE)])

    @staticmethod
    async def _joins(guild: discord.Guild, since: datetime) -> list[Join]:
        joins = []
        try:
            async for page in all_members(guild):
                joins += [
                    Join(one.id, str(one), one.joined_at, one.created_at)
                    for one in page
                    if not one.bot and one.joined_at is not None and one.joined_at >= since
                ]
        except (discord.ClientException, *CANNOT_SAY) as error:
            raise UserError(_("Discord doesn't show me the members of this server.")) from error
        return joins
