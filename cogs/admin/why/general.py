"""What can be said about messages and roles without knowing any feature: Discord's own doings, and its audit log."""

from datetime import timedelta
from typing import Any, Final

import discord

from utils.bot import CANNOT_SAY, Hearth
from utils.discretion import HIDDEN
from utils.explanations import Explanation, RemovedMessageQuestion, RoleQuestion
from utils.formatting import safe, truncate
from utils.i18n import _, format_number, ngettext
from utils.time import timestamp

ENTRIES: Final = 300  # of the audit log
LONGEST_REASON: Final = 300  # characters


async def why_removed(bot: Hearth, question: RemovedMessageQuestion) -> list[Explanation]:
    """Whether a message is gone at all, and who else may have removed it."""
    removed = question.removed
    if removed is not None:
        if removed.by != HIDDEN:
            return []
        text = _("It was a command that I delete at once, so that nobody sees who used it.")
        return [Explanation(text, decides=True)]
    channel: Any = question.guild.get_channel_or_thread(question.channel_id)
    if channel is None:
        text = _("Its channel or thread was deleted, or I can't see it (id {id}).")
        return [Explanation(text.format(id=f"`{question.channel_id}`"))]
    try:
        await channel.fetch_message(question.message_id)
        return [Explanation(_("Nobody removed it: this message is still there."), decides=True)]
    except discord.NotFound:
        return await _deleted_in_client(question)
    except CANNOT_SAY:
        return []


async def _deleted_in_client(question: RemovedMessageQuestion) -> list[Explanation]:
    """Who deleted messages there in Discord itself. The log doesn't say which messages, so nothing is sure."""
    if not question.asker.guild_permissions.view_audit_log:
        return []
    action = discord.AuditLogAction
    sent_at = discord.utils.snowflake_time(question.message_id)
    found = []
    for entry in await _entries(question.guild, [action.message_delete, action.message_bulk_delete], sent_at):
        extra: Any = entry.extra
        is_bulk = entry.action is action.message_bulk_delete
        place_id = getattr(entry.target if is_bulk else getattr(extra, "channel", None), "id", None)
        if place_id != question.channel_id or entry.user_id == question.guild.me.id:
            continue
        if not is_bulk and question.author_id != getattr(entry.target, "id", None):
            continue
        count = int(getattr(extra, "count", 1))
        text = ngettext(
            "Discord's audit log says that {user} deleted {count} message there {when}; it doesn't say which.",
            "Discord's audit log says that {user} deleted {count} messages there {when}; it doesn't say which.",
            count,
        )
        values = {"user": f"<@{entry.user_id}>", "when": timestamp(entry.created_at, "R")}
        found.append(Explanation(text.format(count=format_number(count), **values)))
    return found[:3]


async def why_role(bot: Hearth, question: RoleQuestion) -> list[Explanation]:
    """What Discord gives by itself, and who gave it by the audit log."""
    role = question.role
    if role.is_default():
        return [Explanation(_("Everybody has it."), decides=True)]
    if not role.managed:
        return await _given(bot, question) if question.has else []
    if role.is_premium_subscriber():
        text = _("Discord gives it to members who boost this server.")
    elif role.is_bot_managed() and role.tags is not None:
        text = _("It belongs to the app {app}, and nobody else has it.").format(app=f"<@{role.tags.bot_id}>")
    else:
        text = _("An integration of this server, such as Twitch or YouTube, gives and takes it.")
    return [Explanation(text, decides=True)]


async def _given(bot: Hearth, question: RoleQuestion) -> list[Explanation]:
    joined = question.member.joined_at or question.guild.created_at
    for entry in await _entries(question.guild, [discord.AuditLogAction.member_role_update], joined):
        if getattr(entry.target, "id", None) != question.member.id:
            continue
        if not any(role.id == question.role.id for role in getattr(entry.after, "roles", ())):
            continue
        values = {"when": timestamp(entry.created_at, "f"), "reason": _reason(entry)}
        if bot.user is not None and entry.user_id == bot.user.id:
            text = _("I gave it {when}: {reason}.").format(**values)
            return [Explanation(text, decides=True, last_resort=True)]
        sees_log = question.asker.guild_permissions.view_audit_log
        if sees_log and entry.reason:
            text = _("{user} gave it {when}: {reason}.").format(user=f"<@{entry.user_id}>", **values)
        elif sees_log:
            text = _("{user} gave it {when}.").format(user=f"<@{entry.user_id}>", **values)
        else:
            text = _("Somebody who may give roles, or another app, gave it {when}.").format(**values)
        return [Explanation(text, decides=True)]
    return []


def _reason(entry: discord.AuditLogEntry) -> str:
    return safe(truncate(entry.reason or "—", LONGEST_REASON)).rstrip(".")


async def _entries(
    guild: discord.Guild, actions: list[discord.AuditLogAction], since: Any
) -> list[discord.AuditLogEntry]:
    """The newest entries of these kinds since a moment; none if the bot can't read the log."""
    if not guild.me.guild_permissions.view_audit_log:
        return []
    found: list[discord.AuditLogEntry] = []
    try:
        for action in actions:
            async for entry in guild.audit_logs(limit=ENTRIES, action=action):
                if entry.created_at < since - timedelta(minutes=1):
                    break
                found.append(entry)
    except CANNOT_SAY:
        return found
    return found
