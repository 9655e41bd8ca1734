"""Rules that say nothing any more: their role or category was deleted, or I don't have their command any more."""

from collections.abc import Sequence

import discord

from cogs.admin.permissions import texts
from database.permission_rules import PermissionRule
from utils.bot import Hearth
from utils.findings import Finding, Repair, Severity
from utils.i18n import _, format_list
from utils.invoking import command_named
from utils.permission_rules import COMMAND, name_of

MOST_NAMED = 5  # rules in one sentence


def findings(bot: Hearth, guild: discord.Guild) -> Sequence[Finding]:
    """What `doctor` says about a server's rules."""
    rules = bot.access.rules.of(guild.id)
    nobodys = [rule for rule in rules if _is_nobodys(guild, rule)]
    nothings = [rule for rule in rules if rule not in nobodys and _is_about_nothing(bot, rule)]
    found = []
    if nobodys:
        problem = _("There are rules for roles or categories that were deleted: {rules}.")
        found.append(_finding(bot, guild, problem.format(rules=_named(guild, nobodys)), nobodys))
    if nothings:
        problem = _("There are rules about commands that I don't have: {rules}.")
        found.append(_finding(bot, guild, problem.format(rules=_named(guild, nothings)), nothings))
    return found


def _is_nobodys(guild: discord.Guild, rule: PermissionRule) -> bool:
    if rule.target_kind == "role":
        return guild.get_role(rule.target_id) is None
    # What is written down as a channel may be a thread that rests, which isn't known of.
    return rule.target_kind == "category" and guild.get_channel(rule.target_id) is None


def _is_about_nothing(bot: Hearth, rule: PermissionRule) -> bool:
    name = name_of(rule.subject)
    if not rule.subject.startswith(COMMAND):
        return name not in bot.features.available()
    if command_named(bot, name) is not None:
        return False
    return set(bot.features.available()) <= set(bot.features.loaded)  # else it may come back with its feature


def _finding(bot: Hearth, guild: discord.Guild, problem: str, rules: Sequence[PermissionRule]) -> Finding:
    async def remove(_member: discord.Member) -> None:
        gone = [rule for rule in rules if _is_nobodys(guild, rule) or _is_about_nothing(bot, rule)]
        await bot.access.rules.remove(gone)

    advice = _("Take them away with `permissions remove`.")
    return Finding(problem, advice, Severity.HINT, Repair(_("Take away rules that say nothing"), remove))


def _named(guild: discord.Guild, rules: Sequence[PermissionRule]) -> str:
    named = [texts.short(guild, rule) for rule in rules[:MOST_NAMED]]
    return format_list([*named, *["…"] * (len(rules) > MOST_NAMED)])
