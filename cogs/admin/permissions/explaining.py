"""Why somebody may use a command in a place, or may not: step by step, in the order in which it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from cogs.admin.permissions import texts
from utils.access import cannot_be_denied, feature_of
from utils.bot import Hearth
from utils.checks import OF_THE_SERVER, invoker_permissions, is_owner_only, lacking
from utils.commands import AnyCommand
from utils.core_settings import DISABLED_COMMANDS
from utils.formatting import code
from utils.i18n import _, format_list
from utils.permissions import permission_names
from utils.switches import entry, places


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
    """All that speaks to it, in the order in which it is asked; the first that decides is what counts."""
    found = []
    if is_owner_only(asked.command):
        runs_the_bot = await bot.is_owner(asked.member)
        found.append(Step(_("Only who runs the bot may use it."), None if runs_the_bot else False))
    found += await before_permissions(bot, asked)
    if not any(step.decides for step in found):
        found += permission_steps(asked)
    return found


def told(asked: Asked, found: Sequence[Step]) -> list[str]:
    """Whether they may, and below it what was asked."""
    decided = next(step.decides for step in found if step.decides is not None)
    sentence = (
        _("{member} may use {command} in {channel}.")
        if decided
        else _("{member} may not use {command} in {channel}.")
    ).format(
        member=asked.member.mention, command=code(asked.command.qualified_name), channel=f"<#{asked.channel.id}>"
    )
    sign = texts.ALLOWS if decided else texts.DENIES
    return [f"{sign} {sentence}", *(f"{index}. {step.text}" for index, step in enumerate(found, 1))]


async def before_permissions(bot: Hearth, asked: Asked) -> list[Step]:
    """What is asked before Discord's permissions: blocks, switches, whom I ignore, rules."""
    if not await bot.is_owner(asked.member):
        return [*blocks(bot, asked), *switches(bot, asked), *ignoring(bot, asked), *rule_steps(bot, asked)]
    found = switches(bot, asked)
    rules = rule_steps(bot, asked, can_be_denied=False)
    if rules:
        found.append(Step(_("They run the bot, so no rule denies them anything.")))
    return [*found, *rules]


def blocks(bot: Hearth, asked: Asked) -> list[Step]:
    """Whether somebody is blocked, by whom and until when."""
    one = bot.access.blocks.holding(asked.guild, asked.member.id)
    return [] if one is None else [Step(texts.blocked(one), False)]


def switches(bot: Hearth, asked: Asked) -> list[Step]:
    """What is switched off; the names are those that switch it on again."""
    guild_id, command = asked.guild.id, asked.command
    found = []
    feature = feature_of(command)
    if not bot.switches.feature_is_on(guild_id, feature):
        text = _("The feature {feature} is switched off in this server; `feature enable {name}` switches it on.")
        found.append(text.format(feature=code(feature), name=feature))
    disabled = bot.guild_settings.get(guild_id, DISABLED_COMMANDS)
    for name in (command.qualified_name, *(parent.qualified_name for parent in command.parents)):
        if entry(name, None) in disabled:
            text = _("The command {command} is switched off in this server; `command enable {name}` switches it on.")
            found.append(text.format(command=code(name), name=name))
        for place in places(asked.channel):
            if entry(name, place) in disabled:
                text = _("The command {command} is switched off in {channel}; `command enable` switches it on.")
                found.append(text.format(command=code(name), channel=f"<#{place}>"))
    if not command.enabled:
        found.append(_("Whoever runs me switched this command off."))
    return [Step(text, False) for text in found]


def ignoring(bot: Hearth, asked: Asked) -> list[Step]:
    """Whether somebody isn't heard there."""
    if not bot.switches.is_ignored(asked.channel, asked.member):
        return []
    return [Step(_("They are ignored here: `ignore` shows whom and where."), False)]


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
