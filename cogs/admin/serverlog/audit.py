"""Entries of the audit log as entries of the server log: they say by themselves who did it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord import AuditLogAction

from cogs.admin.serverlog import texts
from cogs.admin.serverlog.changes import differences
from cogs.admin.serverlog.evidence import Fact
from cogs.admin.serverlog.lines import Entry
from utils.audit_entries import target_of
from utils.formatting import code, safe, truncate
from utils.i18n import N_, _, translate


@dataclass(frozen=True, slots=True)
class What:
    """What an action is to the server log. `family` is which cases it may be one of, if the bot did it."""

    kind: str
    title: str
    family: str | None = None


A: Final = AuditLogAction
ACTIONS: Final[Mapping[AuditLogAction, What]] = {
    A.guild_update: What("server", N_("Server changed")),
    A.channel_create: What("channels", N_("Channel created")),
    A.channel_update: What("channels", N_("Channel changed"), "places"),
    A.channel_delete: What("channels", N_("Channel deleted")),
    A.overwrite_create: What("channels", N_("Permissions in a channel added"), "places"),
    A.overwrite_update: What("channels", N_("Permissions in a channel changed"), "places"),
    A.overwrite_delete: What("channels", N_("Permissions in a channel removed"), "places"),
    A.thread_create: What("threads", N_("Thread created")),
    A.thread_update: What("threads", N_("Thread changed"), "places"),
    A.thread_delete: What("threads", N_("Thread deleted")),
    A.role_create: What("roles", N_("Role created")),
    A.role_update: What("roles", N_("Role changed")),
    A.role_delete: What("roles", N_("Role deleted")),
    A.invite_create: What("invites", N_("Invite created")),
    A.invite_update: What("invites", N_("Invite changed")),
    A.invite_delete: What("invites", N_("Invite deleted")),
    A.emoji_create: What("emoji", N_("Emoji added")),
    A.emoji_update: What("emoji", N_("Emoji changed")),
    A.emoji_delete: What("emoji", N_("Emoji deleted")),
    A.sticker_create: What("emoji", N_("Sticker added")),
    A.sticker_update: What("emoji", N_("Sticker changed")),
    A.sticker_delete: What("emoji", N_("Sticker deleted")),
    A.webhook_create: What("server", N_("Webhook created")),
    A.webhook_update: What("server", N_("Webhook changed")),
    A.webhook_delete: What("server", N_("Webhook deleted")),
    A.integration_create: What("server", N_("Integration added")),
    A.integration_delete: What("server", N_("Integration removed")),
    A.bot_add: What("server", N_("Bot added")),
    A.member_role_update: What("member-roles", N_("Roles of a member changed"), "roles"),
    A.member_update: What("names", N_("Nickname changed"), "nick"),
    A.ban: What("moderation", N_("Member banned")),
    A.unban: What("moderation", N_("Ban lifted")),
    A.kick: What("moderation", N_("Member kicked")),
    A.member_prune: What("moderation", N_("Inactive members removed")),
}


def target_type_of(entry: discord.AuditLogEntry) -> str | None:
    """What kind of thing that is; None if discord.py doesn't know what was done."""
    return getattr(entry.action, "target_type", None)


def fact_of(entry: discord.AuditLogEntry, at: Any) -> Fact | None:
    """What an entry says by ids; `at` is when it was heard."""
    if entry.user_id is None:
        return None
    channel = getattr(entry.extra, "channel", None)
    return Fact(
        entry.action.name, entry.user_id, getattr(target_of(entry), "id", None), at,
        channel_id=getattr(channel, "id", None), count=getattr(entry.extra, "count", None), reason=entry.reason,
    )  # fmt: skip


def entry_of(entry: discord.AuditLogEntry, fact: Fact | None, *, own: bool) -> Entry | None:
    """What the server log shows of an entry; None for what it doesn't. `own`: the bot did it."""
    what = _what(entry)
    if what is None:
        return None
    subject = subject_of(entry)
    lines = [subject, *roles_changed(entry), *_details(entry)]
    if entry.action.name.endswith("update") and len(lines) == 1:
        return None  # such as another position, of which moving one role makes an entry for each
    family = what.family if own else None
    done = None if family is None else (family, None if family == "places" else getattr(target_of(entry), "id", None))
    title = translate(what.title)
    text = "\n".join([*lines, *texts.by(fact)])
    short = " · ".join([title, subject, *([f"<@{fact.actor_id}>"] if fact else [])])
    return Entry(what.kind, title, text, short, entry.created_at, done=done)


def _what(entry: discord.AuditLogEntry) -> What | None:
    """A member's entry may be about a timeout or voice and not about their nickname."""
    what = ACTIONS.get(entry.action)
    if entry.action is A.member_update:
        if hasattr(entry.after, "timed_out_until") or hasattr(entry.before, "timed_out_until"):
            over = getattr(entry.after, "timed_out_until", None) is None
            return What("moderation", N_("Timeout lifted") if over else N_("Member timed out"))
        if any(hasattr(entry.after, name) for name in ("mute", "deaf")):
            return What("voice", N_("Muted or deafened in voice channels"), "voice")
    return what


def _details(entry: discord.AuditLogEntry) -> list[str]:
    if entry.action in {A.channel_delete, A.thread_delete, A.role_delete, A.emoji_delete, A.sticker_delete, A.kick}:
        return []
    if entry.action in {A.member_role_update, A.ban, A.unban, A.invite_delete, A.webhook_delete}:
        return []
    of_overwrite = entry.action in {A.overwrite_create, A.overwrite_update, A.overwrite_delete}
    # There, the type is whether it is a role's or a person's, which discord.py takes for a channel's.
    lines = differences(entry.before, entry.after, leave_out=("type",) if of_overwrite else ())
    whose = entry.extra
    if of_overwrite and whose is not None:
        lines.insert(0, _("For {whom}").format(whom=_mention_of(whose)))
    if entry.action is A.member_prune:
        lines.append(_("Members: {count}").format(count=getattr(whose, "members_removed", "?")))
    return lines


def roles_changed(entry: discord.AuditLogEntry) -> list[str]:
    """Which roles a member was given and taken."""
    if entry.action is not A.member_role_update:
        return []
    given, taken = given_and_taken(entry)
    lines = [_("Given: {roles}").format(roles=texts.roles(sorted(given)))] if given else []
    return lines + ([_("Taken: {roles}").format(roles=texts.roles(sorted(taken)))] if taken else [])


def given_and_taken(entry: discord.AuditLogEntry) -> tuple[set[int], set[int]]:
    """The ids of the roles that a member was given and taken."""
    given = {role.id for role in getattr(entry.after, "roles", [])}
    taken = {role.id for role in getattr(entry.before, "roles", [])}
    return given, taken


def subject_of(entry: discord.AuditLogEntry) -> str:
    """What or whom an entry is about."""
    group = target_type_of(entry)
    if group == "user" and (target_id := getattr(target_of(entry), "id", None)) is not None:
        return texts.person(target_id)
    if group == "guild":
        return safe(truncate(entry.guild.name, 100))
    name = getattr(entry.before, "name", None) or getattr(entry.after, "name", None)
    if group == "invite":
        name = getattr(entry.before, "code", None) or getattr(entry.after, "code", None)
        return code(str(name)) if name else "—"
    if entry.action.name.endswith("delete") and not entry.action.name.startswith("overwrite") and name:
        return f"{safe(truncate(str(name), 100))} ({code(str(getattr(target_of(entry), 'id', '?')))})"
    shown = _mention_of(target_of(entry))
    return f"{shown} {safe(truncate(str(name), 100))}" if name and group not in {"channel", "role"} else shown


def _mention_of(thing: Any) -> str:
    mention = getattr(thing, "mention", None)
    if isinstance(mention, str):
        return mention
    thing_id = getattr(thing, "id", None)
    return "—" if thing_id is None else code(str(thing_id))
