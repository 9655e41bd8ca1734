"""Rules that say nothing any more: their role was deleted, or I don't have their command any more."""

from collections.abc import Sequence

import discord

from cogs.admin.permissions import texts
from database.permission_rules import PermissionRule
from utils.bot import Hearth
from utils.findings import Finding, Repair, Severity
from utils.i18n import _, format_list
from utils.permission_rules import COMMAND, name_of

MOST_NAMED = 5  # rules in one sentence


def findings(bot: Hearth, guild: discord.Guild) -> Sequence[Finding]:
    """What `doctor` says about a server's rules."""
    rules = bot.access.rules.of(guild.id)
    nobodys = [rule for rule in rules if rule.target_kind == "role" and guild.get_role(rule.target_id) is None]
    nothings = [rule for rule in rules if rule not in nobodys and not _is_known(bot, rule)]
    found = []
    if nobodys:
        problem = _("There are rules for roles that were deleted: {rules}.").format(rules=_named(guild, nobodys))
        found.append(_finding(bot, problem, nobodys))
    if nothings and set(bot.features.available()) <= set(bot.features.loaded):
        problem = _("There are rules about commands that I don't have: {rules}.").format(
            rules=_named(guild, nothings)
        )
        found.append(_finding(bot, problem, nothings))
    return found


def _is_known(bot: Hearth, rule: PermissionRule) -> bool:
    name = name_of(rule.subject)
    if rule.subject.startswith(COMMAND):
        return bot.get_command(name) is not None
    return name in bot.features.available()


def _finding(bot: Hearth, problem: str, rules: Sequence[PermissionRule]) -> Finding:
    async def remove(_member: discord.Member) -> None:
        await bot.access.rules.remove(rules)

    advice = _("Take them away with `permissions remove`.")
    return Finding(problem, advice, Severity.HINT, Repair(_("Take away rules that say nothing"), remove))


def _named(guild: discord.Guild, rules: Sequence[PermissionRule]) -> str:
    named = [texts.short(guild, rule) for rule in rules[:MOST_NAMED]]
    return format_list([*named, *["…"] * (len(rules) > MOST_NAMED)])
