"""Telling the target by direct message what was done, for how long, and why. Closed ones never stop an action."""

import logging
from typing import TYPE_CHECKING

import discord

from cogs.moderation import settings
from database.moderation import Case
from utils import embeds
from utils.bot import CANNOT_SAY
from utils.formatting import EMBED_DESCRIPTION_LIMIT, safe, truncate
from utils.i18n import _, translate, using
from utils.templates import fill
from utils.time import timestamp

if TYPE_CHECKING:
    from cogs.moderation.actions import Action
    from utils.bot import Hearth

log = logging.getLogger("hearth.moderation")

LONGEST_FILLED = EMBED_DESCRIPTION_LIMIT - settings.LONGEST_DM_NOTE - 2
"""Characters; a server may name the reason ten times."""


async def tell(bot: "Hearth", action: "Action", case: Case) -> str | None:
    """Tell the target in their language; `sent`, `closed`, or None if that isn't wanted or Discord has trouble.

    Only people who share the guild can be written to, so an id of somebody elsewhere isn't tried.
    """
    member = action.target.member
    if not action.kind.told or member is None or member.bot:
        return None
    if not bot.guild_settings.get(case.guild_id, settings.DM_TARGETS):
        return None
    with using(await bot.language_for(member.id, action.target.guild)):
        embed = _message(bot, action, case)
    try:
        await member.send(embed=embed)
    except discord.Forbidden:
        return "closed"
    except CANNOT_SAY as error:
        log.info("The target of case %d in guild %d wasn't told: %s", case.number, case.guild_id, error)
        action.telling_failed = True
        return None
    return "sent"


async def take_back(bot: "Hearth", action: "Action") -> None:
    """Tell a target who was told of something that then failed."""
    member = action.target.member
    if member is None:
        return
    with using(await bot.language_for(member.id, action.target.guild)):
        embed = embeds.info(_("That didn't happen after all: nothing has changed for you."))
    try:
        await member.send(embed=embed)
    except CANNOT_SAY:
        return


def _message(bot: "Hearth", action: "Action", case: Case) -> discord.Embed:
    guild = action.target.guild
    wanted = settings.DM_TEXTS.get(case.kind)
    text = None if wanted is None else bot.guild_settings.get(guild.id, wanted)
    lines = _own_words(action, case) if text is None else [truncate(fill(text, _places(guild, case)), LONGEST_FILLED)]
    note = bot.guild_settings.get(guild.id, settings.DM_NOTE)
    if note:
        lines.append(note)
    embed = embeds.info("\n\n".join(lines), colour=discord.Colour(action.kind.colour))
    embed.set_footer(text=_("Case {number}").format(number=case.number))
    return embed


def _own_words(action: "Action", case: Case) -> list[str]:
    # The server's name is somebody's text: it may hold marks, but is shown in bold on one line.
    lines = [translate(action.kind.told).format(guild=discord.utils.escape_markdown(action.target.guild.name))]
    if case.reason:
        lines.append(_("Reason: {reason}").format(reason=case.reason))
    if case.ends_at is not None and case.kind != "warn":
        lines.append(_("Until {when}, {relative}.").format(
            when=timestamp(case.ends_at, "F"), relative=timestamp(case.ends_at, "R")
        ))  # fmt: skip
    return lines


def _places(guild: discord.Guild, case: Case) -> dict[str, str]:
    """What is filled in, in the words of the server; the names are in `settings.DM_PLACES`."""
    return {
        "server": discord.utils.escape_markdown(guild.name),
        "reason": case.reason or _("none given"),
        "until": timestamp(case.ends_at, "F") if case.ends_at is not None else _("for good"),
        "moderator": safe(case.moderator_name),
        "case": str(case.number),
    }
