"""Who may use what: the rules of servers, and whom the bot doesn't listen to. All of it is read from memory.

`docs/PERMISSIONS.md` says in which order what is asked.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from database.access_blocks import AccessBlocksStore, BotBlock, ServerBlock
from database.errors import DatabaseError
from database.permission_rules import PermissionRule, PermissionRulesStore
from utils.command_spam import CommandSpam, SpamLimits, Verdict
from utils.core_settings import SPAM_BLOCK, SPAM_COMMANDS, SPAM_GUARD, SPAM_SECONDS, SPAM_STRIKES
from utils.i18n import _
from utils.permission_rules import about_feature, applying, subjects
from utils.shared_memory import Changed, Part, told_nobody
from utils.switches import ALWAYS_ON_COMMANDS, ALWAYS_ON_FEATURE, places
from utils.time import human_duration, timestamp

if TYPE_CHECKING:
    from utils.bot import Hearth
    from utils.commands import AnyCommand
    from utils.context import Context

log = logging.getLogger("hearth.access")


class PermissionRules:
    """The rules of all servers, in memory; changed here alone."""

    def __init__(self, store: PermissionRulesStore, changed: Changed = told_nobody) -> None:
        self.store = store
        self._tell = changed
        self._of: dict[int, dict[str, dict[int, PermissionRule]]] = {}
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """Read them all; what was in memory is forgotten."""
        async with self._changing:
            rules = await self.store.all()
            self._of.clear()
            self._keep(rules)

    async def read(self, guild_id: int | None) -> None:
        """Read those of one server, or all: another process changed them."""
        if guild_id is None:
            await self.load()
            return
        async with self._changing:
            await self._read_guild(guild_id)

    def held(self) -> AbstractAsyncContextManager[None]:
        """Keep others from changing anything. Enter it before a transaction, so that nobody waits for both."""
        return self._changing

    async def read_again(self, guild_id: int) -> None:
        """Read those of one server while they are `held`, after a change of them was committed."""
        await self._read_guild(guild_id)
        await self._tell(guild_id)

    async def _read_guild(self, guild_id: int) -> None:
        rules = await self.store.of_guild(guild_id)
        self._of.pop(guild_id, None)
        self._keep(rules)

    def of(self, guild_id: int) -> list[PermissionRule]:
        """A server's rules, by what they are about."""
        return [rule for _subject, rules in sorted(self._of.get(guild_id, {}).items()) for rule in rules.values()]

    def applying(
        self, guild: discord.Guild, member: discord.abc.User, channel: Any, command: "AnyCommand"
    ) -> list[PermissionRule]:
        """The rules about a command that apply to somebody in a place; the first one decides."""
        rules = self._of.get(guild.id)
        if not rules:
            return []
        about = subjects(command.qualified_name, feature_of(command))
        if rules.keys().isdisjoint(about):
            return []
        return list(applying(rules, about, targets_of(guild, member, channel)))

    def verdict(
        self, guild: discord.Guild, member: discord.abc.User, channel: Any, command: "AnyCommand"
    ) -> bool | None:
        """Whether rules allow or deny a command to somebody in a place; None if no rule says anything.

        Nothing is denied to the server's owner, nor the commands that are the way back to who manages the server.
        """
        found = self.applying(guild, member, channel, command)
        if not found:
            return None
        return None if not found[0].allows and cannot_be_denied(guild, member, command) else found[0].allows

    def denies_feature(self, guild: discord.Guild, member: discord.abc.User, channel: Any, feature: str) -> bool:
        """Whether a rule denies a whole feature to somebody in a place: also what of it is no command of the code."""
        rules = self._of.get(guild.id)
        if not rules or about_feature(feature) not in rules or member.id == guild.owner_id:
            return False
        found = next(applying(rules, [about_feature(feature)], targets_of(guild, member, channel)), None)
        return found is not None and not found.allows

    async def set(self, rules: Sequence[PermissionRule]) -> None:
        """Let rules hold from now on."""
        async with self._changing:
            await self.store.set(rules)
            self._keep(rules)
        await self._tell_of(rules)

    async def remove(self, rules: Sequence[PermissionRule]) -> None:
        """Let rules hold no longer."""
        async with self._changing:
            await self.store.remove(rules)
            for rule in rules:
                of_guild = self._of.get(rule.guild_id, {})
                of_guild.get(rule.subject, {}).pop(rule.target_id, None)
                if not of_guild.get(rule.subject):
                    of_guild.pop(rule.subject, None)
        await self._tell_of(rules)

    async def _tell_of(self, rules: Sequence[PermissionRule]) -> None:
        for guild_id in {rule.guild_id for rule in rules}:
            await self._tell(guild_id)

    def _keep(self, rules: Iterable[PermissionRule]) -> None:
        for rule in rules:
            self._of.setdefault(rule.guild_id, {}).setdefault(rule.subject, {})[rule.target_id] = rule


class Blocks:
    """Whom the bot doesn't listen to, in memory; changed here alone."""

    def __init__(self, store: AccessBlocksStore, changed: Changed = told_nobody) -> None:
        self.store = store
        self._tell = changed
        self._in_servers: dict[tuple[int, int], ServerBlock] = {}
        self._everywhere: dict[int, BotBlock] = {}
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """Read them all; what was in memory is forgotten."""
        async with self._changing:
            in_servers = await self.store.of_servers(discord.utils.utcnow())
            everywhere = await self.store.everywhere()
            self._in_servers = {(one.guild_id, one.user_id): one for one in in_servers}
            self._everywhere = {one.id: one for one in everywhere}

    async def read(self, _id: int | None) -> None:
        """Read them all: another process changed one. They are few."""
        await self.load()

    def of_server(self, guild_id: int) -> list[ServerBlock]:
        """Who isn't listened to in a server, the latest first."""
        now = discord.utils.utcnow()
        found = [one for one in self._in_servers.values() if one.guild_id == guild_id and not _is_over(one, now)]
        return sorted(found, key=lambda one: one.blocked_at, reverse=True)

    def everywhere(self) -> list[BotBlock]:
        """Whom and what the bot keeps away from, the latest first."""
        return sorted(self._everywhere.values(), key=lambda one: one.blocked_at, reverse=True)

    def in_server(self, guild_id: int, user_id: int) -> ServerBlock | None:
        """The block of somebody in a server, if it isn't over; it holds for all but the server's owner."""
        one = self._in_servers.get((guild_id, user_id))
        return None if one is None or _is_over(one, discord.utils.utcnow()) else one

    def of_bot(self, any_id: int) -> BotBlock | None:
        """The block of a person or a server everywhere."""
        return self._everywhere.get(any_id)

    def holding(self, guild: discord.Guild | None, user_id: int) -> ServerBlock | BotBlock | None:
        """The block by which somebody isn't listened to here. No server keeps its owner away."""
        if user_id in self._everywhere:
            return self._everywhere[user_id]
        if guild is None or not self._in_servers or user_id == guild.owner_id:
            return None
        return self.in_server(guild.id, user_id)

    def hold(self, guild: discord.Guild | None, user_id: int) -> bool:
        """Whether somebody isn't listened to here."""
        return self.holding(guild, user_id) is not None

    def shut_out(self, guild: discord.Guild, user_id: int) -> bool:
        """Whether people decided that somebody isn't listened to here: then they earn nothing, either.

        Who is only kept waiting for too many commands goes on earning by what they write.
        """
        one = self.holding(guild, user_id)
        return one is not None and one.blocked_by is not None

    def keep(self, one: ServerBlock) -> None:
        """Listen to somebody no more in a server until all is read again."""
        self._in_servers[one.guild_id, one.user_id] = one

    async def block(self, one: ServerBlock) -> None:
        """Listen to somebody no more in a server."""
        async with self._changing:
            await self.store.block(one)
            self.keep(one)
        await self._tell(one.guild_id)

    async def unblock(self, guild_id: int, user_id: int) -> None:
        """Listen to somebody again."""
        async with self._changing:
            await self.store.unblock(guild_id, user_id)
            self._in_servers.pop((guild_id, user_id), None)
        await self._tell(guild_id)

    async def block_everywhere(self, one: BotBlock) -> bool:
        """Keep away from a person or a server; False if it is so already."""
        async with self._changing:
            added = await self.store.block_everywhere(one)
            if added:
                self._everywhere[one.id] = one
        await self._tell(None)
        return added

    async def unblock_everywhere(self, one: BotBlock) -> None:
        """Keep away no longer."""
        async with self._changing:
            await self.store.unblock_everywhere(one)
            self._everywhere.pop(one.id, None)
        await self._tell(None)


class Access:
    """The service: rules, blocks, and what comes of too many commands."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        memory = bot.shared_memory
        self.rules = PermissionRules(PermissionRulesStore(bot.db), memory.teller("permission rules"))
        self.blocks = Blocks(AccessBlocksStore(bot.db), memory.teller("blocks"))
        self.spam = CommandSpam()
        self._spam_limits = bot.guild_settings.digest(self._limits)
        memory.keep((Part("permission rules", self.rules.read), Part("blocks", self.blocks.read)))

    async def load(self) -> None:
        """Read what holds; also after something else changed the tables."""
        await self.rules.load()
        await self.blocks.load()

    def lifts(self, ctx: "Context") -> bool:
        """Whether a rule allows the command, whatever Discord's permissions of the one who calls it are."""
        assert ctx.command is not None
        return ctx.guild is not None and self.rules.verdict(ctx.guild, ctx.author, ctx.channel, ctx.command) is True

    def denies(self, ctx: "Context") -> bool:
        """Whether a rule denies the command to the one who calls it, here."""
        assert ctx.command is not None
        return ctx.guild is not None and self.rules.verdict(ctx.guild, ctx.author, ctx.channel, ctx.command) is False

    async def takes(self, ctx: "Context") -> bool:
        """Whether a command may run as far as its sender's many commands go. Does no I/O unless there were too many.

        Moderators and whoever runs the bot are exempt.
        """
        guild_id = ctx.guild.id if ctx.guild else None
        limits = self._spam_limits.of(guild_id)
        if limits is None:
            return True
        sent = ctx.message.created_at.timestamp()
        verdict = self.spam.judge(guild_id or 0, ctx.author.id, ctx.message.id, sent, limits)
        if verdict is Verdict.RUN or is_moderator(ctx.author) or await self.bot.is_owner(ctx.author):
            return True
        if verdict is Verdict.BLOCK and guild_id is not None and not self.blocks.hold(ctx.guild, ctx.author.id):
            await self._block_for_spam(ctx, guild_id, self.bot.guild_settings.get(guild_id, SPAM_BLOCK))
        return False

    def _limits(self, guild_id: int | None) -> SpamLimits | None:
        get = self.bot.guild_settings.get
        if not get(guild_id, SPAM_GUARD):
            return None
        return SpamLimits(get(guild_id, SPAM_COMMANDS), get(guild_id, SPAM_SECONDS), get(guild_id, SPAM_STRIKES))

    async def _block_for_spam(self, ctx: "Context", guild_id: int, duration: timedelta) -> None:
        now = discord.utils.utcnow()
        self.spam.forgive(guild_id, ctx.author.id)  # it begins anew when the block is over
        block = ServerBlock(guild_id, ctx.author.id, None, now, now + duration)
        self.blocks.keep(block)  # at once: the next one comes while this is written
        try:
            await self.blocks.block(block)
        except DatabaseError:
            log.warning("That user %d is blocked in guild %d is lost at a restart", ctx.author.id, guild_id)
        log.info("User %d sends too many commands in guild %d", ctx.author.id, guild_id)
        try:
            await self.bot.speak_to(ctx.author.id, ctx.guild)
            await ctx.error(
                _(
                    "That's too many commands at once. I don't listen to you here for {duration}, until {when}."
                ).format(duration=human_duration(duration), when=timestamp(now + duration, "t"))
            )
        except (DatabaseError, TimeoutError, discord.HTTPException, aiohttp.ClientError, OSError):
            log.info("Could not answer in channel %d", ctx.channel.id, exc_info=True)


def feature_of(command: "AnyCommand") -> str:
    """The feature that a command belongs to."""
    feature: str = getattr(command.cog, "feature", ALWAYS_ON_FEATURE)
    return feature


def targets_of(guild: discord.Guild, member: discord.abc.User, channel: Any) -> list[int]:
    """Whom and which places a rule may be about to apply to somebody in a channel, the most specific first."""
    roles: Iterable[discord.Role] = reversed(member.roles) if isinstance(member, discord.Member) else ()
    return [member.id, *(role.id for role in roles if not role.is_default()), *places(channel), guild.id]


def cannot_be_denied(guild: discord.Guild, member: discord.abc.User, command: "AnyCommand") -> bool:
    """Whether no rule keeps somebody from a command: the owner from any, who manages the server from the way back."""
    if member.id == guild.owner_id:
        return True
    root = command.root_parent or command
    return root.qualified_name in ALWAYS_ON_COMMANDS and _manages(member)


def is_moderator(member: discord.abc.User) -> bool:
    """Whether somebody looks after messages or the server here, by Discord's permissions."""
    return isinstance(member, discord.Member) and (
        member.guild_permissions.manage_messages or member.guild_permissions.manage_guild
    )


def _manages(member: discord.abc.User) -> bool:
    return isinstance(member, discord.Member) and member.guild_permissions.manage_guild


def _is_over(one: ServerBlock, now: datetime) -> bool:
    return one.until is not None and one.until <= now
