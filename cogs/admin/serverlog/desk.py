"""The desk of the server log: who wants what where, who is left out, what was done by whom, and the sending."""

import io
import logging
from collections import deque
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Final

import discord

from cogs.admin.serverlog import settings
from cogs.admin.serverlog.evidence import KEPT_FOR, MOST_KEPT, USED, Fact
from cogs.admin.serverlog.lines import Entry, Parcel, parcels
from cogs.admin.serverlog.soon import Soon
from database.errors import DatabaseError
from database.server_log import ServerLogTroublesStore
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.events import ModAction
from utils.i18n import _, using
from utils.kept import FirstTimes
from utils.owners import tell_owner
from utils.permissions import missing_in, permission_names
from utils.switches import places

log = logging.getLogger("hearth.admin")

NEEDED: Final = ("view_channel", "send_messages", "embed_links", "attach_files")
"""Of the bot, in the channel of a log."""
SENT_AFTER_SECONDS: Final = 3.0
BUSY_SECONDS: Final = 30.0
"""In a raid, or where a role is given to many."""
ENTRIES_REMEMBERED: Final = 1_000
"""Entries of the audit log, which Discord may deliver twice."""
ALIKE: Final = 0.8
"""How near a mistyped name of a command is to it; of other words that begin like a command, few are so near."""
LONGEST_NAME: Final = 40


class Desk:
    """What all parts of the server log share."""

    def __init__(self, bot: Hearth, cog: Cog) -> None:
        self.bot = bot
        self.troubles = ServerLogTroublesStore(bot.db)
        self.facts: deque[tuple[int, Fact]] = deque(maxlen=MOST_KEPT)
        self.cases: deque[tuple[ModAction, Any]] = deque(maxlen=MOST_KEPT)
        self._entries = FirstTimes(ENTRIES_REMEMBERED)
        self._soon: Soon[Entry] = Soon(cog, SENT_AFTER_SECONDS, self._send, busy_seconds=BUSY_SECONDS)
        self.heard: list[Soon[Any]] = []
        """What the parts of the log are yet to make entries of."""
        self._troubled: set[int] | None = None
        self._logged = bot.guild_settings.digest(self._kinds_logged)

    # --- who wants what

    def wants(self, guild_id: int, *kinds: str) -> bool:
        """Whether a guild logs one of these kinds; from memory."""
        logged = self._logged.of(guild_id)
        return bool(logged) and not logged.isdisjoint(kinds)

    def _kinds_logged(self, guild_id: int | None) -> frozenset[str]:
        get = self.bot.guild_settings.get
        if not self.bot.switches.feature_is_on(guild_id, "admin"):
            return frozenset()
        return frozenset(kind for kind, setting in settings.CHANNELS.items() if get(guild_id, setting) is not None)

    def ignores_channel(self, guild_id: int, channel: Any) -> bool:
        """Whether a channel, the one of a thread, or the category is left out."""
        ignored = self.bot.guild_settings.get(guild_id, settings.IGNORED_CHANNELS)
        if not ignored or channel is None:
            return False
        return not set(places(channel)).isdisjoint(ignored)

    def ignores_person(
        self, guild_id: int, user_id: int, role_ids: Iterable[int] = (), *, is_bot: bool = False
    ) -> bool:
        """Whether somebody is left out: by name, by a role, or as a bot."""
        get = self.bot.guild_settings.get
        if is_bot and not get(guild_id, settings.BOTS):
            return True
        ignored_roles = get(guild_id, settings.IGNORED_ROLES)
        return user_id in get(guild_id, settings.IGNORED_PEOPLE) or not set(role_ids).isdisjoint(ignored_roles)

    def ignores_member(self, member: discord.Member | discord.User, guild_id: int) -> bool:
        """As `ignores_person`, for who is at hand."""
        roles = [role.id for role in member.roles] if isinstance(member, discord.Member) else []
        return self.ignores_person(guild_id, member.id, roles, is_bot=member.bot)

    def ignores_message(self, message: discord.Message, guild_id: int) -> bool:
        """Whether what a message is, or who wrote it and where, is left out; the bot's own always are."""
        assert self.bot.user is not None
        return (
            message.author.id == self.bot.user.id
            or message.is_system()
            or self.ignores_member(message.author, guild_id)
            or self.ignores_channel(guild_id, message.channel)
        )

    def is_command(self, message: discord.Message) -> bool:
        """Whether a message calls a command, or probably was to; from memory."""
        guild, bot = message.guild, self.bot
        for prefix in bot.beginnings.of(guild):
            if not message.content.startswith(prefix):
                continue
            name = next(iter(message.content[len(prefix) :].split(maxsplit=1)), "").lower()[:LONGEST_NAME]
            if name in bot.all_commands or get_close_matches(name, bot.all_commands, n=1, cutoff=ALIKE):
                return True
            if guild is not None and any(finder.knows(guild.id, name) for finder in bot.command_finders):
                return True
        return False

    # --- who did what

    def is_new(self, entry_id: int) -> bool:
        """Whether an entry of the audit log comes for the first time."""
        return self._entries.is_new(entry_id)

    def remember(self, guild_id: int, fact: Fact) -> None:
        """Remember for a while who did something that other news are of."""
        if fact.action in USED:
            self.facts.append((guild_id, fact))

    def facts_of(self, guild_id: int) -> list[Fact]:
        """What is remembered of a guild."""
        since = discord.utils.utcnow() - KEPT_FOR
        return [fact for whose, fact in self.facts if whose == guild_id and fact.at >= since]

    def has_mod_log(self, guild_id: int) -> bool:
        """Whether moderation shows its cases somewhere. Without that feature there is no such setting."""
        setting = self.bot.guild_settings.declared.get("mod-log")
        return setting is not None and self.bot.guild_settings.get(guild_id, setting) is not None

    def heard_case(self, case: ModAction) -> None:
        """Remember that the mod log has something."""
        self.cases.append((case, discord.utils.utcnow()))

    def _is_a_case(self, guild_id: int, entry: Entry) -> bool:
        """Whether the mod log has it already."""
        if entry.done is None or not self.has_mod_log(guild_id):
            return False
        family, target_id = entry.done
        since = discord.utils.utcnow() - KEPT_FOR
        recent = [case for case, at in self.cases if case.guild_id == guild_id and at >= since]
        return any(case.kind in FAMILIES[family] and case.target_id == target_id for case in recent)

    # --- sending

    def show(self, guild_id: int, entry: Entry) -> None:
        """Show something soon, together with what comes meanwhile."""
        if self.wants(guild_id, entry.kind):
            self._soon.add(guild_id, entry)

    async def send_the_last(self) -> None:
        """Show at once what was heard: the log goes, and its settings with it."""
        for soon in (*self.heard, self._soon):
            await soon.deal_with_the_last()

    async def _send(self, guild_id: int, entries: list[Entry], left_out: int) -> None:
        guild = self.bot.get_guild(guild_id)
        if guild is None or guild.unavailable:
            return
        by_channel: dict[int, list[Entry]] = {}
        for entry in entries:
            channel_id = self.bot.guild_settings.get(guild_id, settings.CHANNELS[entry.kind])
            if channel_id is not None and not self._is_a_case(guild_id, entry):
                by_channel.setdefault(channel_id, []).append(entry)
        with using(self.bot.language_of(guild)):
            for channel_id, those in by_channel.items():
                await self._send_in(guild, channel_id, parcels(those, left_out))
                left_out = 0

    async def _send_in(self, guild: discord.Guild, channel_id: int, packed: list[Parcel]) -> None:
        channel = guild.get_channel(channel_id)
        if not isinstance(channel, discord.TextChannel):
            await self._tell(
                guild, channel_id, _("The channel of the server log is gone. `serverlog set` chooses another.")
            )
            return
        lacks = missing_in(channel, guild.me, NEEDED)
        if lacks:
            sentence = _("I can't write the server log in {channel}: there I need {permission}.")
            await self._tell(
                guild, channel_id, sentence.format(channel=channel.mention, permission=permission_names(lacks[:1])[0])
            )
            return
        for parcel in packed:
            files = [discord.File(io.BytesIO(data), name) for name, data in parcel.files]
            try:
                await channel.send(
                    embeds=parcel.embeds, files=files, silent=True, allowed_mentions=discord.AllowedMentions.none()
                )
            except CANNOT_SAY as error:
                log.warning("The server log of guild %d isn't written: %r", guild.id, error)
                return
        await self._works(guild.id, channel_id)

    async def _tell(self, guild: discord.Guild, channel_id: int, sentence: str) -> None:
        """Tell the owner, once until it works again."""
        try:
            if await self.troubles.add(guild.id, channel_id):
                (await self._known_troubles()).add(channel_id)
                await tell_owner(self.bot, guild, sentence)
        except DatabaseError as error:
            log.warning("The owner of guild %d isn't told of the log: %s", guild.id, error)

    async def _works(self, guild_id: int, channel_id: int) -> None:
        try:
            if channel_id in await self._known_troubles():
                await self.troubles.remove(guild_id, channel_id)
                (await self._known_troubles()).discard(channel_id)
        except DatabaseError as error:
            log.warning("Guild %d: that its log works again isn't written down: %s", guild_id, error)

    async def read(self, _guild_id: int | None) -> None:
        """Read which logs fail when it is asked for next: another process wrote it down."""
        self._troubled = None

    async def _known_troubles(self) -> set[int]:
        if self._troubled is None:
            self._troubled = await self.troubles.all()
        return self._troubled


FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "nick": ("nick",),
    "roles": ("role-add", "role-remove", "role-temp", "jail", "unjail", "undo"),
    "places": ("lock", "unlock", "slowmode", "undo"),
    "voice": ("voice-mute", "voice-unmute", "voice-deafen", "voice-undeafen", "voice-move", "voice-kick", "undo"),
}
"""The kinds of cases that may stand for what the bot did."""
