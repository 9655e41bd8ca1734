"""Rules in words."""

import discord

from cogs.moderation.automod.alerts import actions_in_words
from cogs.moderation.automod.clauses import CLAUSES
from cogs.moderation.automod.rules import OBSERVE, OFF, ON
from cogs.moderation.automod.writing import as_line, of_group
from database.automod import AutomodHit, AutomodRule
from utils import embeds
from utils.formatting import bullets, code, code_block, message_link, truncate
from utils.i18n import N_, _, format_list, format_number, ngettext, translate
from utils.time import timestamp

MODES = {ON: N_("acts"), OBSERVE: N_("only watches"), OFF: N_("rests")}
_SIGNS = {ON: "🟢", OBSERVE: "👁️", OFF: "⚪"}


def mode_of(rule: AutomodRule) -> str:
    """What a rule is doing: `👁️ only watches`."""
    return f"{_SIGNS[rule.mode]} {translate(MODES[rule.mode])}"


def looks_for(rule: AutomodRule) -> str:
    """What a rule looks for, in words."""
    return format_list([CLAUSES[name].show(rule.clauses[name]) for name in of_group(rule.clauses, "trigger")], "or")


def rule_line(rule: AutomodRule) -> str:
    """A rule in a list."""
    hits = ngettext("{count} hit", "{count} hits", rule.hits).format(count=format_number(rule.hits))
    # Discord takes `1. ` for the beginning of a list, also in bold.
    return _("**{number}.** **{name}** ({mode}, {hits}): {what}").format(
        number=rule.number, name=rule.name, mode=mode_of(rule), hits=hits, what=truncate(looks_for(rule), 300)
    )


def rule_embed(rule: AutomodRule) -> discord.Embed:
    """Everything about a rule, and the line that makes it."""
    embed = embeds.info(title=_("Automod: {rule}").format(rule=rule.name))
    embed.add_field(name=_("Now"), value=mode_of(rule))
    embed.add_field(name=_("Hits"), value=format_number(rule.hits))
    triggers = bullets(CLAUSES[name].show(rule.clauses[name]) for name in of_group(rule.clauses, "trigger"))
    embed.add_field(name=_("Looks for"), value=truncate(triggers, 1_000), inline=False)
    conditions = [*of_group(rule.clauses, "condition"), *of_group(rule.clauses, "word")]
    if conditions:
        shown = bullets(CLAUSES[name].show(rule.clauses[name]) for name in conditions)
        embed.add_field(name=_("But"), value=truncate(shown, 1_000), inline=False)
    embed.add_field(name=_("Does"), value=truncate(actions_in_words(rule.clauses), 1_000), inline=False)
    embed.add_field(name=_("As a line"), value=code_block(truncate(as_line(rule.clauses), 950)), inline=False)
    return embed


def hit_line(hit: AutomodHit) -> str:
    """Something that was found, in a list."""
    found = f"`--{hit.trigger}`" if hit.matched is None else f"`--{hit.trigger}` {code(hit.matched)}"
    link = message_link(hit.guild_id, hit.channel_id, hit.message_id)
    parts = [timestamp(hit.at, "R"), f"**{hit.rule_name}**", f"<@{hit.user_id}>", found, link]
    if not hit.done:
        parts.append(_("(only watched)"))
    elif hit.case_number is not None:
        parts.append(_("(case {number})").format(number=hit.case_number))
    return " ".join(parts)
