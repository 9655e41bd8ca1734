"""Why somebody may use a command in a place, or may not: step by step, in the order in which it is asked."""

from dataclasses import dataclass
from typing import Any

import discord

from cogs.admin.permissions import texts
from database.access_blocks import ServerBlock
from utils.access import cannot_be_denied
from utils.bot import Hearth
from utils.checks import OF_THE_SERVER, invoker_permissions, is_owner_only, lacking
from utils.commands import AnyCommand
from utils.i18n import _, format_list
from utils.permissions import permission_names
from utils.time import timestamp


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was asked. `decides` is None where it leaves the matter open."""

    text: str
    decides: bool | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants to use what, where."""

    guild: discord.Guild
    member: discord.Member
    channel: Any
    command: AnyCommand


async def steps(bot: Hearth, asked: Asked) -> list[Step]:
    """All that speaks to it; the first that decides is what counts."""
    runs_the_bot = await bot.is_owner(asked.member)
    found = []
    if is_owner_only(asked.command):
        found.append(Step(_("Only who runs the bot may use it."), None if runs_the_bot else False))
    if not bot.switches.is_enabled(asked.guild.id, asked.channel, asked.command):
        found.append(Step(_("It is switched off here."), False))
    if not runs_the_bot:
        found += silences(bot, asked)
    elif bot.access.rules.applying(asked.guild, asked.member, asked.channel, asked.command):
        found.append(Step(_("They run the bot, so no rule denies them anything.")))
    rules = rule_steps(bot, asked, can_be_denied=not runs_the_bot)
    found += rules
    if not any(step.decides for step in rules):
        found += permission_steps(asked)
    return found or [Step(_("Nothing keeps anybody from it."), True)]


def silences(bot: Hearth, asked: Asked) -> list[Step]:
    """Whether somebody is blocked or ignored."""
    found = []
    if bot.access.blocks.of_bot(asked.member.id) is not None:
        found.append(Step(_("Who runs the bot blocked them everywhere."), False))
    block = bot.access.blocks.in_server(asked.guild.id, asked.member.id)
    if block is not None:
        found.append(Step(blocked(block), False))
    if bot.switches.is_ignored(asked.channel, asked.member):
        found.append(Step(_("They are ignored here: `ignore` shows whom and where."), False))
    return found


def blocked(block: ServerBlock) -> str:
    """Until when somebody isn't listened to."""
    if block.until is None:
        return _("They are blocked in this server.")
    return _("They are blocked in this server until {when}.").format(when=timestamp(block.until, "f"))


def rule_steps(bot: Hearth, asked: Asked, *, can_be_denied: bool = True) -> list[Step]:
    """The rules that apply, the first of which decides, unless it denies something that can't be denied."""
    rules = bot.access.rules.applying(asked.guild, asked.member, asked.channel, asked.command)
    found = []
    for index, rule in enumerate(rules):
        text = texts.short(asked.guild, rule)
        if index:
            found.append(Step(_("The rule above goes before: {rule}.").format(rule=f"~~{text}~~")))
        elif rule.allows:
            found.append(Step(_("By the most specific rule: {rule}.").format(rule=text), True))
        elif not can_be_denied or cannot_be_denied(asked.guild, asked.member, asked.command):
            found.append(Step(_("Nobody can deny it to them, though {rule}.").format(rule=text)))
        else:
            found.append(Step(_("By the most specific rule: {rule}.").format(rule=text), False))
    return found


def permission_steps(asked: Asked) -> list[Step]:
    """What Discord's permissions say, which count where no rule allows it."""
    needed = invoker_permissions(asked.command)
    if not needed:
        return [Step(_("It needs no permission of Discord's."), True)]
    missing = lacking(
        asked.member,
        asked.channel.permissions_for(asked.member),
        [name for name in needed if name in OF_THE_SERVER],
        [name for name in needed if name not in OF_THE_SERVER],
    )
    if missing:
        names = format_list(permission_names(missing))
        return [Step(_("It needs {permissions}, which they don't have.").format(permissions=names), False)]
    return [Step(_("They have {permissions}.").format(permissions=format_list(permission_names(needed))), True)]
