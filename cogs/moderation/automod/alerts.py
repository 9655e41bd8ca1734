"""Telling the staff what automod found: one message for a burst, where the staff reads."""

import logging
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import discord

from cogs.moderation import settings as moderation_settings
from cogs.moderation.automod import settings
from cogs.moderation.automod.clauses import CLAUSES
from cogs.moderation.automod.rules import Hit
from cogs.moderation.automod.writing import of_group
from cogs.moderation.staff_places import others_read
from utils import embeds
from utils.bot import CANNOT_SAY
from utils.formatting import bullets, code, message_link, safe, truncate
from utils.i18n import _, format_list, ngettext

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.moderation")

LONGEST_QUOTE: Final = 500  # characters
MOST_A_MINUTE: Final = 10
"""Alerts of a guild; more are counted, and told of with the next one."""


@dataclass
class Report:
    """What is told of one burst."""

    member: discord.Member
    channel_id: int
    message_id: int
    text: str
    """Of the first message with which a rule acts; else of the first that one found."""
    hits: list[Hit] = field(default_factory=list)
    """The first of each rule."""
    messages: int = 0
    deleted: int = 0
    done: list[str] = field(default_factory=list)
    """Sentences about what was done, or why it wasn't."""


class Alerts:
    """Sends them, and not too many."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self._sent: dict[int, deque[datetime]] = {}
        self._left_out: dict[int, int] = {}

    def channel(self, guild: discord.Guild) -> discord.TextChannel | None:
        """Where the staff is told; None if there is no such place."""
        chosen = self.bot.guild_settings.get(guild.id, settings.CHANNEL)
        mod_log = self.bot.guild_settings.get(guild.id, moderation_settings.MOD_LOG)
        found = guild.get_channel(chosen or mod_log or 0)
        return found if isinstance(found, discord.TextChannel) else None

    async def send(self, guild: discord.Guild, report: Report) -> None:
        """Tell the staff, in the guild's language, which its caller speaks."""
        channel = self.channel(guild)
        if channel is None or not self._may_send(guild.id):
            return
        private = not others_read(self.bot, channel, chosen=True)
        embed = alert(report, guild.id, show_text=private)
        left_out = self._left_out.pop(guild.id, 0)
        if left_out:
            embed.set_footer(
                text=ngettext(
                    "{count} alert before this one was left out.",
                    "{count} alerts before this one were left out.",
                    left_out,
                ).format(count=left_out)
            )
        try:
            await channel.send(embed=embed)
        except CANNOT_SAY as error:
            log.warning("An alert of automod in guild %d isn't shown: %s", guild.id, error)

    def _may_send(self, guild_id: int) -> bool:
        sent, now = self._sent.setdefault(guild_id, deque()), discord.utils.utcnow()
        while sent and now - sent[0] > timedelta(minutes=1):
            sent.popleft()
        if len(sent) >= MOST_A_MINUTE:
            self._left_out[guild_id] = self._left_out.get(guild_id, 0) + 1
            return False
        sent.append(now)
        return True


def alert(report: Report, guild_id: int, *, show_text: bool) -> discord.Embed:
    """What the staff reads of a burst."""
    acts = any(hit.acts for hit in report.hits)
    hits = sorted(report.hits, key=lambda hit: not hit.acts)
    names = format_list([code(hit.rule.name) if hit.acts or not acts else f"👁️ {code(hit.rule.name)}" for hit in hits])
    title = _("Automod") if acts else _("Automod, only watching")
    lines = [_("{member} in {channel}: {rules}").format(
        member=report.member.mention, channel=f"<#{report.channel_id}>", rules=names
    )]  # fmt: skip
    lines += dict.fromkeys(found_line(hit, show_text=show_text) for hit in hits)
    if report.messages > 1:
        lines.append(
            ngettext("{count} message in a row.", "{count} messages in a row.", report.messages).format(
                count=report.messages
            )
        )
    embed = embeds.info("\n".join(lines), title=title, colour=discord.Colour(0xE67E22 if acts else 0x95A5A6))
    if report.done:
        embed.add_field(name=_("Done"), value=truncate(bullets(report.done), 1_000), inline=False)
    if not acts:
        would = dict.fromkeys(actions_in_words(hit.rule.clauses) for hit in hits)
        embed.add_field(name=_("Would be done"), value=truncate(bullets(would), 1_000), inline=False)
    if show_text and report.text:
        embed.add_field(name=_("Message"), value=safe(truncate(report.text, LONGEST_QUOTE))[:1_000], inline=False)
    if not report.deleted:
        link = message_link(guild_id, report.channel_id, report.message_id)
        embed.add_field(name=_("Where"), value=link, inline=False)
    return embed


def found_line(hit: Hit, *, show_text: bool = True) -> str:
    """What a rule found: `words`: `nitro`."""
    name = code(f"--{hit.trigger}")
    return f"{name}: {code(hit.matched)}" if show_text and hit.matched else name


def actions_in_words(clauses: dict[str, Any]) -> str:
    """What a rule does: `delete the message and time out for 10 minutes`."""
    return format_list([CLAUSES[name].show(clauses[name]) for name in of_group(clauses, "action")])
