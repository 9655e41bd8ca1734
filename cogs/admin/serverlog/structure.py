"""Changes of the server, its channels, roles, members' roles and names: from the audit log, which says who did it.

Where the bot can't read the audit log, Discord's own news of channels, roles, threads and the server are shown in its
place, and nobody is named; nicknames, roles of members, emoji, invites and bans aren't told of then.
"""

import logging
from collections.abc import Mapping
from typing import Any, ClassVar

import discord

from cogs.admin.serverlog.audit import entry_of, fact_of, given_and_taken, target_type_of
from cogs.admin.serverlog.changes import differences
from cogs.admin.serverlog.desk import Desk
from cogs.admin.serverlog.kinds import KINDS
from cogs.admin.serverlog.lines import Entry
from cogs.admin.serverlog.members import MemberLog
from database.errors import DatabaseError
from utils.audit_entries import target_of
from utils.bot import Hearth
from utils.cog import Cog
from utils.events import ModAction
from utils.formatting import code, safe, truncate
from utils.i18n import N_, _, translate, using

log = logging.getLogger("hearth.admin")


class StructureLog(Cog):
    """What changes in a server, as part of the server log."""

    also_needs: ClassVar[Mapping[str, str]] = {"view_audit_log": "who did what, in the server log (`serverlog`)"}

    def __init__(self, bot: Hearth, desk: Desk, members: MemberLog) -> None:
        super().__init__(bot)
        self.desk = desk
        self.members = members

    @Cog.listener()
    async def on_mod_action(self, event: ModAction) -> None:
        """The mod log has this: the server log needn't."""
        self.desk.heard_case(event)

    @Cog.listener()
    async def on_audit_log_entry_create(self, entry: discord.AuditLogEntry) -> None:
        """Somebody did something."""
        guild = entry.guild
        if not self.desk.wants(guild.id, *KINDS) or not self.desk.is_new(entry.id):
            return
        fact = fact_of(entry, discord.utils.utcnow())
        if fact is not None:
            self.desk.remember(guild.id, fact)
        await self._note_roles(entry)
        if self._is_left_out(entry):
            return
        with using(self.bot.language_of(guild)):
            shown = entry_of(entry, fact, own=entry.user_id == guild.me.id)
        if shown is not None and not (shown.kind == "moderation" and self._is_a_case(entry)):
            self.desk.show(guild.id, shown)

    async def _note_roles(self, entry: discord.AuditLogEntry) -> None:
        given, taken = given_and_taken(entry)
        if entry.action is not discord.AuditLogAction.member_role_update or not (given or taken):
            return
        try:
            await self.members.change_roles(entry.guild.id, getattr(target_of(entry), "id", 0), given, taken)
        except DatabaseError as error:
            log.warning("Guild %d: that somebody's roles changed isn't noted: %s", entry.guild.id, error)

    def _is_left_out(self, entry: discord.AuditLogEntry) -> bool:
        guild_id, target, kind = entry.guild.id, target_of(entry), target_type_of(entry)
        if entry.user_id is not None and self.desk.ignores_person(guild_id, entry.user_id):
            return True
        if kind in {"channel", "thread"}:  # one that is gone is known by id alone
            return self.desk.ignores_channel(guild_id, target)
        return kind == "user" and target is not None and self.desk.ignores_person(guild_id, getattr(target, "id", 0))

    def _is_a_case(self, entry: discord.AuditLogEntry) -> bool:
        """Whether the mod log has it: all that the bot does, and what others do if moderation wants that."""
        if not self.desk.has_mod_log(entry.guild.id) or entry.action is discord.AuditLogAction.member_prune:
            return False
        setting = self.bot.guild_settings.declared.get("client-actions")
        everybodys = setting is not None and bool(self.bot.guild_settings.get(entry.guild.id, setting))
        return everybodys or entry.user_id == entry.guild.me.id

    # --- without the audit log

    def _tell(self, guild: discord.Guild, kind: str, title: str, subject: str, lines: list[str]) -> None:
        if guild.me.guild_permissions.view_audit_log or not self.desk.wants(guild.id, kind):
            return
        with using(self.bot.language_of(guild)):
            words = translate(title)
            entry = Entry(kind, words, "\n".join([subject, *lines]), f"{words} · {subject}", discord.utils.utcnow())
        self.desk.show(guild.id, entry)

    def _changed(self, guild: discord.Guild, kind: str, title: str, before: Any, after: Any) -> None:
        if guild.me.guild_permissions.view_audit_log or not self.desk.wants(guild.id, kind):
            return
        with using(self.bot.language_of(guild)):
            lines = differences(before, after)
            if getattr(before, "overwrites", None) != getattr(after, "overwrites", None):
                lines.append(_("**Permissions** changed"))
        if lines:
            subject = getattr(after, "mention", None) or safe(truncate(after.name, 100))
            self._tell(guild, kind, title, subject, lines)

    @Cog.listener()
    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is new."""
        if not self.desk.ignores_channel(channel.guild.id, channel):
            self._tell(channel.guild, "channels", N_("Channel created"), channel.mention, [])

    @Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone."""
        if not self.desk.ignores_channel(channel.guild.id, channel):
            self._tell(channel.guild, "channels", N_("Channel deleted"), _named(channel), [])

    @Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """A channel is changed."""
        if not self.desk.ignores_channel(after.guild.id, after):
            self._changed(after.guild, "channels", N_("Channel changed"), before, after)

    @Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        """A thread is new."""
        if not self.desk.ignores_channel(thread.guild.id, thread):
            self._tell(thread.guild, "threads", N_("Thread created"), thread.mention, [])

    @Cog.listener()
    async def on_thread_delete(self, thread: discord.Thread) -> None:
        """A thread is gone."""
        if not self.desk.ignores_channel(thread.guild.id, thread):
            self._tell(thread.guild, "threads", N_("Thread deleted"), _named(thread), [])

    @Cog.listener()
    async def on_thread_update(self, before: discord.Thread, after: discord.Thread) -> None:
        """A thread is changed."""
        if not self.desk.ignores_channel(after.guild.id, after):
            self._changed(after.guild, "threads", N_("Thread changed"), before, after)

    @Cog.listener()
    async def on_guild_role_create(self, role: discord.Role) -> None:
        """A role is new."""
        self._tell(role.guild, "roles", N_("Role created"), role.mention, [])

    @Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """A role is gone."""
        self._tell(role.guild, "roles", N_("Role deleted"), _named(role), [])

    @Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """A role is changed."""
        self._changed(after.guild, "roles", N_("Role changed"), before, after)

    @Cog.listener()
    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """The server is changed."""
        self._changed(after, "server", N_("Server changed"), before, after)


def _named(thing: Any) -> str:
    return f"{safe(truncate(thing.name, 100))} ({code(str(thing.id))})"
