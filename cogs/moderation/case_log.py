"""The log channel: one embed a case, changed when the case is."""

import logging
from typing import TYPE_CHECKING, Any

import discord

from cogs.moderation import settings
from cogs.moderation.kinds import KINDS, title_of
from database.moderation import Case, CasesStore
from utils.bot import CANNOT_SAY
from utils.formatting import truncate
from utils.i18n import _, using
from utils.time import human_duration, timestamp

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.moderation")

FIELD_LIMIT = 1024  # characters


class CaseLog:
    """Shows cases in the channel that the guild chose. That it can't is said once, and loses no case."""

    def __init__(self, bot: "Hearth", cases: CasesStore) -> None:
        self.bot = bot
        self.cases = cases
        self._complained: set[int] = set()

    async def show(self, case: Case) -> None:
        """Show a case, or change the embed that shows it. Never raises for want of a place."""
        guild = self.bot.get_guild(case.guild_id)
        channel_id = self.bot.guild_settings.get(case.guild_id, settings.MOD_LOG)
        if guild is None or channel_id is None:
            return
        with using(self.bot.language_of(guild)):
            embed = case_embed(case)
        try:
            if case.log_message_id is not None and case.log_channel_id is not None:
                await self._edit(case.log_channel_id, case.log_message_id, embed)
                return
            channel = guild.get_channel(channel_id)
            if not isinstance(channel, discord.TextChannel):
                await self._complain(guild, _("The mod log channel was deleted; `config set mod-log` takes another."))
                return
            sent = await channel.send(embed=embed)
            await self.cases.logged(case, channel.id, sent.id)
            self._complained.discard(guild.id)
        except discord.Forbidden:
            await self._complain(guild, _("I may not write in the mod log channel, <#{id}>.").format(id=channel_id))
        except CANNOT_SAY:
            log.warning("Case %d of guild %d isn't in its log", case.number, case.guild_id, exc_info=True)

    async def _edit(self, channel_id: int, message_id: int, embed: discord.Embed) -> None:
        place: Any = self.bot.get_partial_messageable(channel_id)
        try:
            await place.get_partial_message(message_id).edit(embed=embed)
        except discord.NotFound:
            log.info("The log message %d was deleted; its case stays", message_id)

    async def _complain(self, guild: discord.Guild, sentence: str) -> None:
        """Tell the owner once that the log doesn't work, until it works again."""
        if guild.id in self._complained or guild.owner_id is None:
            return
        self._complained.add(guild.id)
        log.warning("Guild %d: %s", guild.id, sentence)
        owner = self.bot.get_user(guild.owner_id)
        try:
            owner = owner or await self.bot.fetch_user(guild.owner_id)
            await owner.send(f"**{discord.utils.escape_markdown(guild.name)}**: {sentence}")
        except CANNOT_SAY:
            log.info("The owner of guild %d can't be told", guild.id)


def case_embed(case: Case) -> discord.Embed:
    """A case as an embed, in the current language."""
    kind = KINDS.get(case.kind)
    title = f"{kind.emoji if kind else '•'} {title_of(case.kind)} · {_('Case {number}').format(number=case.number)}"
    embed = discord.Embed(title=title, colour=kind.colour if kind else None, timestamp=case.opened_at)
    if case.target_id is not None:
        who = f"<@{case.target_id}> · {discord.utils.escape_markdown(case.target_name or '')} · `{case.target_id}`"
        embed.add_field(name=_("Who"), value=who, inline=False)
    embed.add_field(name=_("Reason"), value=truncate(case.reason or _("none given"), FIELD_LIMIT), inline=False)
    by = f"<@{case.moderator_id}>" if case.moderator_id else case.moderator_name
    embed.add_field(name=_("By"), value=by)
    if case.ends_at is not None:
        length = human_duration(case.ends_at - case.opened_at)
        embed.add_field(name=_("Length"), value=f"{length}, {timestamp(case.ends_at, 'R')}")
    if case.points:
        embed.add_field(name=_("Points"), value=str(case.points))
    if case.channel_id and case.message_id:
        link = f"https://discord.com/channels/{case.guild_id}/{case.channel_id}/{case.message_id}"
        embed.add_field(name=_("Where"), value=f"[{_('the message')}]({link})")
    state = _state(case)
    if state:
        embed.add_field(name=_("State"), value=state, inline=False)
    return embed


def _state(case: Case) -> str | None:
    if case.status == "pending":
        return _("under way")
    if case.status == "failed":
        return _("failed: {why}").format(why=case.failure or "")
    if case.status == "undone":
        return _("undone")
    return _("They couldn't be told: their direct messages are closed.") if case.told == "closed" else None
