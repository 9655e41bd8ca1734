"""How rules read."""

import discord

from database.access_blocks import BotBlock, ServerBlock
from database.permission_rules import PermissionRule
from utils.formatting import code, safe
from utils.i18n import N_, _, translate
from utils.permission_rules import FEATURE, name_of
from utils.time import timestamp

ALLOWS, DENIES = "✅", "⛔"
MENTIONS = {"person": "<@{id}>", "role": "<@&{id}>", "channel": "<#{id}>", "category": "<#{id}>"}
GONE = {
    "role": N_("a deleted role ({id})"),
    "channel": N_("a channel that I can't see ({id})"),
    "category": N_("a category that I can't see ({id})"),
}


def about(subject: str) -> str:
    """What a rule is about."""
    if subject.startswith(FEATURE):
        return _("the feature {name}").format(name=code(name_of(subject)))
    return code(name_of(subject))


def for_whom(guild: discord.Guild, kind: str, target_id: int) -> str:
    """For whom or where a rule holds."""
    if kind == "server":
        return _("the whole server")
    is_there = (kind == "person" or guild.get_role(target_id) or guild.get_channel_or_thread(target_id)) is not None
    return (MENTIONS[kind] if is_there else translate(GONE[kind])).format(id=target_id)


def line(guild: discord.Guild, rule: PermissionRule) -> str:
    """A rule in a list."""
    return _("{sign} {what}: {whom} (by {who}, {when})").format(
        sign=ALLOWS if rule.allows else DENIES, what=about(rule.subject),
        whom=for_whom(guild, rule.target_kind, rule.target_id), who=f"<@{rule.set_by}>",
        when=timestamp(rule.set_at, "d"),
    )  # fmt: skip


def short(guild: discord.Guild, rule: PermissionRule) -> str:
    """A rule in an explanation."""
    what, whom = about(rule.subject), for_whom(guild, rule.target_kind, rule.target_id)
    if rule.allows:
        return _("a rule allows {what}: {whom}").format(what=what, whom=whom)
    return _("a rule denies {what}: {whom}").format(what=what, whom=whom)


def blocked(one: ServerBlock | BotBlock) -> str:
    """Why somebody isn't listened to, and until when."""
    if isinstance(one, BotBlock):
        return _("Who runs the bot blocked them everywhere.")
    until = "" if one.until is None else timestamp(one.until, "f")
    if one.blocked_by is None:
        text = _("They sent too many commands, so I don't listen to them until {until}.")
        return text.format(until=until)
    if one.until is None:
        text = _("{who} blocked them in this server.").format(who=f"<@{one.blocked_by}>")
    else:
        text = _("{who} blocked them in this server until {until}.").format(who=f"<@{one.blocked_by}>", until=until)
    return "\n".join([text, _("The reason: {reason}").format(reason=safe(one.reason))]) if one.reason else text
