"""Who joins, who leaves, who has another name or avatar, who is in which voice channel.

The bot keeps no members, so Discord's news of changed members reach nobody (discord.py tells them only of members in
memory), and of who left only the account is told. Members are therefore noted as they are seen: when they write or
join, and by a look through all of them once a day. Nicknames, roles and timeouts are in the audit log (`changes.py`);
names and avatars are in neither, and so are noticed when their owner writes the next time.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

import discord

from cogs.admin.serverlog import texts
from cogs.admin.serverlog.desk import Desk
from cogs.admin.serverlog.evidence import Invite, invite_used, who_removed
from cogs.admin.serverlog.kinds import KEEPS_MEMBERS
from cogs.admin.serverlog.settings import CHANNELS
from cogs.admin.serverlog.soon import Soon
from database.errors import DatabaseError
from database.server_log import SeenMember, SeenMembersStore
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import StartingCog
from utils.events import GuildSettingChanged
from utils.gathering import Batch, Writer
from utils.i18n import using
from utils.members import all_members

log = logging.getLogger("hearth.admin")

DEALT_WITH_AFTER_SECONDS: Final = 5.0
REMEMBERED: Final = 50_000
LOOK_EVERY: Final = timedelta(days=1)
BETWEEN_PAGES_SECONDS: Final = 1.0
NEWS_FOR: Final = timedelta(hours=1)
"""Discord tells of joining also about people who have been members for long."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody came."""

    member: discord.Member
    at: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody is gone."""

    user: discord.User | discord.Member
    at: datetime


class MemberLog(StartingCog):
    """Members who come, go and change, as part of the server log."""

    also_needs: ClassVar[dict[str, str]] = {"manage_guild": "which invite somebody came by (`serverlog`)"}

    def __init__(self, bot: Hearth, desk: Desk) -> None:
        super().__init__(bot)
        self.desk = desk
        self.store = SeenMembersStore(bot.db)
        self.writer: Writer[SeenMember] = Writer(self, "Members", lambda before, after: after, self._write)
        self._soon: Soon[Joined | Left] = Soon(self, DEALT_WITH_AFTER_SECONDS, self._deal_with)
        desk.heard.append(self._soon)
        self._latest: OrderedDict[tuple[int, int], SeenMember] = OrderedDict()
        self._invites: dict[int, dict[str, Invite]] = {}
        self._looking_through: set[int] = set()

    async def cog_load(self) -> None:
        """Hear of messages."""
        await super().cog_load()
        self.bot.chat_hearers.append(self._hear)

    async def cog_unload(self) -> None:
        """Hear of no more messages, and write what was gathered."""
        self.bot.chat_hearers.remove(self._hear)
        await self.writer.write_the_last()

    async def from_the_start_on(self) -> None:
        """For ever: look through members and invites once a day."""
        while True:
            for guild in self.bot.guilds:
                try:
                    await self._look_through(guild)
                except DatabaseError as error:
                    log.warning("Members of guild %d wait to be noted: %s", guild.id, error)
            await asyncio.sleep(LOOK_EVERY.total_seconds())

    @StartingCog.listener()
    async def on_guild_setting_changed(self, event: GuildSettingChanged) -> None:
        """Begin to note a server's members, or forget them."""
        kind = next((kind for kind, setting in CHANNELS.items() if setting.key == event.key), None)
        guild = self.bot.get_guild(event.guild_id)
        if kind is None or guild is None or (event.old is None) == (event.new is None):
            return
        if event.new is not None:
            await self._look_through(guild, only=kind)
        elif kind in KEEPS_MEMBERS and not self.desk.wants(guild.id, *KEEPS_MEMBERS):
            await self.writer.write(guild.id)
            await self.forget_guild(guild.id)
            await self.store.forget_guild(guild.id)

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Drop what isn't written of somebody, and note them anew when they are seen next."""
        await self.writer.forget(user_id, guild_id)
        for who in [who for who in self._latest if who[1] == user_id and guild_id in {None, who[0]}]:
            del self._latest[who]

    async def forget_guild(self, guild_id: int) -> None:
        """Note everybody there anew when they are seen next."""
        self._latest = OrderedDict((who, seen) for who, seen in self._latest.items() if who[0] != guild_id)

    # --- noting

    def _hear(self, message: discord.Message) -> None:
        member = message.author
        if isinstance(member, discord.Member) and self.desk.wants(member.guild.id, *KEEPS_MEMBERS):
            self._note(member)

    def _note(self, member: discord.Member) -> None:
        key, seen = (member.guild.id, member.id), seen_of(member)
        if self._latest.get(key) != seen and self.writer.add(*key, seen):
            self._latest[key] = seen
            self._latest.move_to_end(key)
            if len(self._latest) > REMEMBERED:
                self._latest.popitem(last=False)

    async def _write(self, batch: Batch[SeenMember]) -> None:
        """Note members, and tell what is new about their names and avatars."""
        before = await self.store.see(batch.guild_id, batch.gains)
        guild, now = self.bot.get_guild(batch.guild_id), discord.utils.utcnow()
        with using(self.bot.language_of(guild)):
            for user_id, seen in batch.gains.items():
                old = before.get(user_id)
                if old is None or self.desk.ignores_person(batch.guild_id, user_id, seen.role_ids):
                    continue
                if old.name != seen.name:
                    self.desk.show(batch.guild_id, texts.renamed(user_id, old.name, seen.name, now))
                if old.avatar != seen.avatar:
                    self.desk.show(batch.guild_id, texts.new_avatar(user_id, seen.avatar, now))

    async def _look_through(self, guild: discord.Guild, *, only: str | None = None) -> None:
        """Note everybody and the invites, as far as that is wanted, or wanted anew."""
        if self.desk.wants(guild.id, "joins") and only in {None, "joins"}:
            self._invites.pop(guild.id, None)
            await self._invites_now(guild)
        if not self.desk.wants(guild.id, *KEEPS_MEMBERS) or not (only is None or only in KEEPS_MEMBERS):
            return
        if guild.id in self._looking_through:  # several kinds were switched on together
            return
        self._looking_through.add(guild.id)
        try:
            async for page in all_members(guild):
                for member in page:
                    if not member.bot:
                        self._note(member)
                await self.writer.write(guild.id)
                await asyncio.sleep(BETWEEN_PAGES_SECONDS)
        except (discord.ClientException, discord.HTTPException) as error:
            log.info("The members of guild %d aren't noted: %r", guild.id, error)
        finally:
            self._looking_through.discard(guild.id)

    async def change_roles(self, guild_id: int, user_id: int, given: set[int], taken: set[int]) -> None:
        """Note that somebody was given and taken roles."""
        if self.desk.wants(guild_id, *KEEPS_MEMBERS):
            await self.writer.write(guild_id)
            self._latest.pop((guild_id, user_id), None)
            await self.store.change_roles(guild_id, user_id, given, taken)

    # --- coming and going

    @StartingCog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        """Somebody came."""
        now = discord.utils.utcnow()
        if member.joined_at is not None and now - member.joined_at > NEWS_FOR:
            return
        if self.desk.wants(member.guild.id, *KEEPS_MEMBERS) and not member.bot:
            self._note(member)
        if self.desk.wants(member.guild.id, "joins"):
            self._soon.add(member.guild.id, Joined(member, now))

    @StartingCog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Somebody is gone."""
        own = self.bot.user is not None and payload.user.id == self.bot.user.id
        if not own and self.desk.wants(payload.guild_id, *KEEPS_MEMBERS):
            self._soon.add(payload.guild_id, Left(payload.user, discord.utils.utcnow()))

    async def _deal_with(self, guild_id: int, news: list[Joined | Left], beyond: int) -> None:
        guild = self.bot.get_guild(guild_id)
        if guild is None:
            return
        if beyond:
            log.warning("Guild %d: %d members came and went too fast for the log", guild_id, beyond)
        came = [one for one in news if isinstance(one, Joined)]
        code, inviter_id = await self._invite(guild, len(came)) if came else (None, None)
        is_gone = {(one.user if isinstance(one, Left) else one.member).id: isinstance(one, Left) for one in news}
        known = await self._known(guild_id, [user_id for user_id, gone in is_gone.items() if gone])
        with using(self.bot.language_of(guild)):
            for one in news:
                if isinstance(one, Left):
                    self._show_left(guild_id, one, known.get(one.user.id))
                elif not self.desk.ignores_person(guild_id, one.member.id):
                    self.desk.show(guild_id, texts.joined(one.member, code, inviter_id, one.at))

    def _show_left(self, guild_id: int, left: Left, known: SeenMember | None) -> None:
        roles = () if known is None else known.role_ids
        if not self.desk.ignores_person(guild_id, left.user.id, roles):
            fact = who_removed(self.desk.facts_of(guild_id), left.user.id, left.at)
            self.desk.show(guild_id, texts.left(left.user, known, left.at, fact))

    async def _known(self, guild_id: int, gone: list[int]) -> dict[int, SeenMember]:
        """What is known of who is gone; it is forgotten by that. Who is back already is noted as they are now."""
        if not gone:
            return {}
        try:
            await self.writer.write(guild_id)
            known = await self.store.of(guild_id, gone)
            await self.store.forget(guild_id, gone)
        except DatabaseError as error:
            log.warning("What roles members of guild %d had isn't known: %s", guild_id, error)
            return {}
        for user_id in gone:
            self._latest.pop((guild_id, user_id), None)
        return known

    # --- invites

    async def _invite(self, guild: discord.Guild, joined: int) -> tuple[str | None, int | None]:
        """The invite by which all of them came, and whose it is, if that is sure."""
        before = self._invites.get(guild.id)
        now = await self._invites_now(guild)
        code = None if now is None else invite_used(before, now, joined)
        if code is None:
            return None, None
        invite = (now or {}).get(code) or (before or {}).get(code)
        return code, None if invite is None else invite.inviter_id

    async def _invites_now(self, guild: discord.Guild) -> dict[str, Invite] | None:
        if not guild.me.guild_permissions.manage_guild:
            self._invites.pop(guild.id, None)
            return None
        try:
            found = await guild.invites()
        except CANNOT_SAY as error:
            log.info("The invites of guild %d aren't known: %r", guild.id, error)
            self._invites.pop(guild.id, None)
            return None
        now = {
            one.code: Invite(one.uses or 0, one.max_uses or 0, one.inviter.id if one.inviter else None)
            for one in found
        }
        self._invites[guild.id] = now
        return now

    # --- voice

    @StartingCog.listener()
    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Somebody came into a voice channel, left it or went to another."""
        guild_id = member.guild.id
        if not self.desk.wants(guild_id, "voice") or self.desk.ignores_member(member, guild_id):
            return
        if self.desk.ignores_channel(guild_id, after.channel or before.channel):
            return
        with using(self.bot.language_of(member.guild)):
            for entry in texts.voice(member, before, after, discord.utils.utcnow()):
                self.desk.show(guild_id, entry)


def seen_of(member: discord.Member) -> SeenMember:
    """A member as they are now. Roles that nobody gives say nothing."""
    roles = tuple(sorted(role.id for role in member.roles if not role.is_default()))
    return SeenMember(member.joined_at, roles, str(member), member.display_avatar.url)
