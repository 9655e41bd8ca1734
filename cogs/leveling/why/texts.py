"""Why a message brings nothing, in a sentence; and what it brings."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import discord

from cogs.leveling import settings
from cogs.leveling.base import role_ids
from cogs.leveling.chat.cog import Chat
from cogs.leveling.chat.rules import Reason
from cogs.leveling.multipliers import multiplied
from cogs.leveling.multiplying.texts import boost_line, multiplier_line
from database.xp_multipliers import XpMultiplier
from utils.formatting import bullets
from utils.i18n import N_, _, format_list, format_number, ngettext, translate
from utils.switches import places
from utils.time import human_duration, timestamp


def refusal(chat: Chat, reason: Reason, member: discord.Member, channel: discord.abc.Snowflake) -> str:
    """The sentence for why a message of this member in this channel brings nothing."""
    get, guild_id = chat.bot.guild_settings.get, member.guild.id
    if reason == "wait":
        until = chat.writer.waits.until(guild_id, member.id)
        assert until is not None
        return _(
            "A message of {member} brought XP less than {wait} ago; the next that brings some is one after {time},"
            " {relative}."
        ).format(
            member=member.mention, wait=human_duration(get(guild_id, settings.XP_COOLDOWN)),
            time=timestamp(until, "T"), relative=timestamp(until, "R"),
        )  # fmt: skip
    if reason == "short":
        least = get(guild_id, settings.SHORTEST)
        return ngettext(
            "A message needs at least {count} character to bring XP.",
            "A message needs at least {count} characters to bring XP.",
            least,
        ).format(count=format_number(least))
    if reason in _PLAIN:
        return translate(_PLAIN[reason])
    return _refusal_there(chat, reason, member, channel)


_PLAIN: Final[dict[Reason, str]] = {
    "off": N_("Leveling is switched off in this server."),
    "blocked": N_("Who is blocked in this server, or everywhere by whoever runs me, gets no XP."),
    "not_chat": N_("Only ordinary messages and replies of members bring XP."),
    "repeated": N_("The message says nearly the same as one just before, and such messages bring no XP."),
    "full": N_("So many members write at the moment that I can't keep count of more. Try again in a minute."),
}


def _refusal_there(chat: Chat, reason: Reason, member: discord.Member, channel: discord.abc.Snowflake) -> str:
    """The sentence for why nobody with this member's roles gets XP in a channel."""
    get, guild_id = chat.bot.guild_settings.get, member.guild.id
    if reason == "no_channel":
        place = next(one for one in places(channel) if one in get(guild_id, settings.NO_XP_CHANNELS))
        return _("Messages in {channel} bring no XP.").format(channel=f"<#{place}>")
    if reason == "other_channel":
        return _("Messages bring XP only in {channels}.").format(
            channels=_some(f"<#{one}>" for one in get(guild_id, settings.ONLY_XP_CHANNELS))
        )
    if reason == "no_role":
        role = next(one for one in role_ids(member) if one in get(guild_id, settings.NO_XP_ROLES))
        return _("Members with {role} get no XP.").format(role=f"<@&{role}>")
    return _("Only members with {roles} get XP.").format(
        roles=_some((f"<@&{one}>" for one in get(guild_id, settings.ONLY_XP_ROLES)), style_or=True)
    )


def _some(mentions: Iterable[str], *, style_or: bool = False, most: int = 10) -> str:
    """The first of these, joined; a server may have set a hundred."""
    listed = list(mentions)
    return format_list([*listed[:most], *["…"] * (len(listed) > most)], style="or" if style_or else "and")


def zero(chat: Chat, member: discord.Member, channel: discord.abc.Snowflake, now: datetime) -> str | None:
    """The sentence for why a message that counts brings nothing all the same; None if it brings some."""
    _least, most = settings.xp_range(chat.bot.guild_settings, member.guild.id)
    if not most:
        return _("Messages bring no XP in this server: the setting `xp-most` is 0.")
    if multiplied(most, chat.percents(member, channel, now)):
        return None
    lowest = min(_applying(chat, member, channel, now), key=lambda one: one.percent)
    return _("A multiplier leaves nothing of the XP: {multiplier}.").format(
        multiplier=multiplier_line(member.guild, lowest)
    )


def prospect(chat: Chat, member: discord.Member, channel: discord.abc.Snowflake, now: datetime) -> str:
    """What a message brings, with each multiplier and its end."""
    guild = member.guild
    least, most = settings.xp_range(chat.bot.guild_settings, guild.id)
    percents = chat.percents(member, channel, now)
    xp = _range_text(multiplied(least, percents), multiplied(most, percents))
    lines = [
        _("A message of {member} in {channel} brings {xp}.").format(
            member=member.mention, channel=f"<#{channel.id}>", xp=f"**{xp}**"
        )
    ]
    held = [multiplier_line(guild, one) for one in _applying(chat, member, channel, now)]
    boost = chat.multipliers.boost(guild.id, member.id, now)
    if boost is not None:
        held.append(boost_line(boost))
    if held:
        lines.append(_("Without these multipliers it would be {xp}:").format(xp=_range_text(least, most)))
        lines.append(bullets(held))
    lines.append(
        _("After it, none brings XP for {wait}.").format(
            wait=human_duration(chat.bot.guild_settings.get(guild.id, settings.XP_COOLDOWN))
        )
    )
    return "\n".join(lines)


def _applying(
    chat: Chat, member: discord.Member, channel: discord.abc.Snowflake, now: datetime
) -> list[XpMultiplier]:
    return chat.multipliers.applying(member.guild.id, places(channel), role_ids(member), now)


def _range_text(least: int, most: int) -> str:
    if least == most:
        return _("{xp} XP").format(xp=format_number(most))
    return _("{least} to {most} XP").format(least=format_number(least), most=format_number(most))
