"""What is wrong with a server's rules and with its watch for raids, for `doctor`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord

from cogs.moderation.automod.alerts import Alerts
from cogs.moderation.automod.clauses import PERMISSIONS, Clauses
from cogs.moderation.automod.rules import OFF, ON
from database.automod import AutomodRule
from utils.findings import Finding, Severity, role_findings
from utils.formatting import code
from utils.i18n import _, format_list
from utils.permissions import permission_names

if TYPE_CHECKING:
    from utils.bot import Hearth


def lacking(guild: discord.Guild, clauses: Clauses) -> list[str]:
    """The permissions that I lack for what a rule does; discord.py's names."""
    needed = {PERMISSIONS[name] for name in clauses if name in PERMISSIONS and name != "warn"}
    return sorted(name for name in needed if not getattr(guild.me.guild_permissions, name))


def rule_findings(bot: "Hearth", guild: discord.Guild, rules: Sequence[AutomodRule]) -> list[Finding]:
    """What is wrong with rules that look."""
    found: list[Finding] = []
    looking = [rule for rule in rules if rule.mode != OFF]
    if looking and not bot.intents.message_content:
        found.append(Finding(
            _("Automod can't see what people write: I run without the message content intent."),
            _("Whoever runs me switches it on in Discord's developer portal and in my settings."),
        ))  # fmt: skip
    for rule in looking:
        found += _of_rule(guild, rule)
    if looking and Alerts(bot).channel(guild) is None:
        found.append(Finding(
            _("Nobody is told what automod finds: there is no channel for it."),
            _("Choose one with `config set automod-channel`."),
            Severity.WARNING,
        ))  # fmt: skip
    return found


def _of_rule(guild: discord.Guild, rule: AutomodRule) -> list[Finding]:
    what_for = _("Automod's rule {name}").format(name=code(rule.name))
    edit = _("Change it with `automod edit {name}`.").format(name=rule.name)
    found = []
    missing = lacking(guild, rule.clauses) if rule.mode == ON else []
    if missing:
        names = format_list(permission_names(missing))
        found.append(Finding(
            _("{what}: I lack {permissions} for what it does.").format(what=what_for, permissions=names),
            _("Give my role {permissions} in the server's settings.").format(permissions=names),
        ))  # fmt: skip
    if "give" in rule.clauses:
        found += role_findings(guild, rule.clauses["give"][0], what_for, if_gone=edit)
    gone = _gone(guild, rule.clauses)
    if gone:
        sentence = _("{what}: it names channels or roles that were deleted ({ids}).")
        found.append(Finding(sentence.format(what=what_for, ids=format_list(gone)), edit, Severity.WARNING))
    return found


def _gone(guild: discord.Guild, clauses: Clauses) -> list[str]:
    channels = [one for name in ("in", "not-in") for one in clauses.get(name, ())]
    roles = [one for name in ("role", "not-role") for one in clauses.get(name, ())]
    gone = [one for one in channels if guild.get_channel_or_thread(one) is None]
    gone += [one for one in roles if guild.get_role(one) is None]
    return [f"`{one}`" for one in gone]
