"""What is wrong with the bot as a whole here: intents, features, what is switched off, its place among the roles."""

import discord

from utils.bot import Hearth
from utils.core_settings import DISABLED_COMMANDS, DISABLED_FEATURES
from utils.findings import Finding, Repair, Severity
from utils.formatting import code
from utils.i18n import _, format_list
from utils.invoking import command_named
from utils.switches import ALWAYS_ON_FEATURE
from utils.time import timestamp

MOST_NAMED = 8


def intents(bot: Hearth) -> list[Finding]:
    """What Discord doesn't tell the bot, as whoever runs it decided."""
    found = []
    if not bot.intents.message_content:
        found.append(
            Finding(
                _("I don't see what messages say: only commands that begin with a mention of me work."),
                _("Whoever runs me switches on `MESSAGE_CONTENT`, and that intent in Discord's developer portal."),
            )
        )
    if not bot.intents.members:
        found.append(
            Finding(
                _("I don't hear who joins and leaves, and can't list members."),
                _("Whoever runs me switches on `MEMBERS`, and that intent in Discord's developer portal."),
                Severity.WARNING,
            )
        )
    return found


def features(bot: Hearth, guild: discord.Guild) -> list[tuple[str, Finding]]:
    """Features that couldn't be loaded, and those that are switched off here."""
    found = [
        (
            name,
            Finding(
                _("The feature {name} couldn't be loaded.").format(name=code(name)),
                _("Whoever runs me finds the reason in my log, and loads it with `reload {name}`.").format(name=name),
            ),
        )
        for name in sorted(bot.features.failed)
    ]
    off = bot.guild_settings.get(guild.id, DISABLED_FEATURES)
    for name in sorted(off):
        problem = _("The feature {name} is switched off here.").format(name=code(name))
        advice = _("`feature enable {name}` switches it on, if that isn't meant.").format(name=name)
        found.append((name, Finding(problem, advice, Severity.HINT)))
    return found


def disabled_commands(bot: Hearth, guild: discord.Guild) -> list[Finding]:
    """Commands that are switched off: those that are, and what is left of commands and channels that are gone."""
    entries = bot.guild_settings.get(guild.id, DISABLED_COMMANDS)
    gone = [one for one in entries if _is_gone(bot, guild, one)]
    there = sorted({one.partition("@")[0] for one in entries if one not in gone})
    found = []
    if there:
        named = [code(name) for name in there[:MOST_NAMED]] + ["…"] * (len(there) > MOST_NAMED)
        problem = _("Commands are switched off, here or in some channels: {commands}.")
        advice = _("`command enable` switches them on, if that isn't meant.")
        found.append(Finding(problem.format(commands=format_list(named)), advice, Severity.HINT))
    if gone:

        async def forget(member: discord.Member) -> None:
            await bot.guild_settings.update(
                guild.id, DISABLED_COMMANDS, lambda names: tuple(one for one in names if one not in gone),
                changed_by=member.id,
            )  # fmt: skip

        found.append(
            Finding(
                _("Commands or channels are switched off that don't exist any more."),
                _("The repair forgets them."),
                Severity.HINT,
                Repair(_("Forget what was switched off and is gone"), forget),
            )
        )
    return found


def _is_gone(bot: Hearth, guild: discord.Guild, entry: str) -> bool:
    name, _at, channel_id = entry.partition("@")
    if command_named(bot, name) is None:
        return not bot.features.failed  # else it may come back with its feature
    return bool(channel_id) and guild.get_channel_or_thread(int(channel_id)) is None


def place_among_roles(guild: discord.Guild) -> list[Finding]:
    """Whether there is any role below the bot's."""
    me = guild.me
    roles = [role for role in guild.roles if not (role.is_default() or role.managed)]
    if not roles or me.guild_permissions.administrator or any(role < me.top_role for role in roles):
        return []
    own = "`@everyone`" if me.top_role.is_default() else me.top_role.mention
    return [
        Finding(
            _("All roles are above mine, {own}: I can give none, and do nothing to who has one.").format(own=own),
            _("Move my role up in Server Settings, Roles: above all that I am to give or act on."),
            Severity.WARNING,
        )
    ]


def timed_out(guild: discord.Guild) -> list[Finding]:
    """Whether somebody timed the bot out."""
    until = guild.me.timed_out_until
    if until is None or not guild.me.is_timed_out():
        return []
    return [
        Finding(
            _("I am timed out until {when}, so I can do nothing here.").format(when=timestamp(until, "f")),
            _("Who may time members out takes it off me, in Discord itself."),
        )
    ]


def everywhere(bot: Hearth, guild: discord.Guild) -> list[tuple[str, Finding]]:
    """All of this, each with the feature that it is shown with."""
    general = [
        *timed_out(guild), *intents(bot), *place_among_roles(guild), *disabled_commands(bot, guild),
    ]  # fmt: skip
    return [*features(bot, guild), *[(ALWAYS_ON_FEATURE, one) for one in general]]
