"""The bot: discord.py's, with the services that every feature shares."""

import asyncio
import logging
import random
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import aiohttp
import discord
from discord.ext import commands

from database.errors import DatabaseError
from database.guild_settings import GuildSettingsStore
from database.manager import DatabaseManager
from database.timers import TimersStore
from database.user_settings import UserSettingsStore
from utils import checks, error_answers, errors, events
from utils.access import Access
from utils.backups import Backups
from utils.beginnings import Beginnings, beginnings_of
from utils.bus import create_bus
from utils.bus.asking import Asking
from utils.calls import Calls
from utils.cluster import create_cluster
from utils.config import Config
from utils.context import Context
from utils.core_settings import CORE_SETTINGS, LANGUAGE, PREFIXES, SPAM_GUARD, TIMEZONE
from utils.drawing.drawing import Drawing
from utils.events.travelling import Travelling
from utils.everywhere import Everywhere
from utils.explanations import Explanations
from utils.features import Features
from utils.guild_settings import GuildSettings
from utils.i18n import set_language
from utils.intents import MEMBERS_KEPT, intents
from utils.invoking import CommandFinder
from utils.kept import FirstTimes
from utils.levels import Levels
from utils.members import forget_members
from utils.removals import Removals
from utils.shared_cache import create_cache
from utils.shared_memory import Part, SharedMemory
from utils.switches import ALWAYS_ON_FEATURE, Switches
from utils.timers import Timers
from utils.usage import Usage
from utils.user_settings import UserSettings

if TYPE_CHECKING:
    from utils.cog import Cog

log = logging.getLogger("hearth")

REMEMBERED = 2_000  # command messages and presses of buttons, so that one delivered twice counts once
GRACE_SECONDS = 10.0  # for running commands, when the bot stops
CANNOT_SAY = (TimeoutError, discord.HTTPException, aiohttp.ClientError, OSError)
"""What sending an answer may end with, through nobody's mistake."""


class Hearth(commands.AutoShardedBot):
    """The bot. Making one does no I/O; `setup_hook` reads the database and loads the features.

    AutoShardedBot, also for one shard: it says goodbye to the gateway with 1000, so the bot shows as offline at once.
    """

    def __init__(self, config: Config, db: DatabaseManager, *, package: str = "cogs") -> None:
        super().__init__(
            command_prefix=beginnings_of,
            intents=intents(message_content=config.message_content, members=config.members),
            owner_ids=config.owner_ids or None,
            help_command=None,
            case_insensitive=True,
            strip_after_prefix=True,
            shard_count=config.shard_count,
            shard_ids=list(config.share.home) if config.share else None,  # type: ignore[arg-type]
            chunk_guilds_at_startup=False,
            member_cache_flags=MEMBERS_KEPT[config.member_cache],
            max_messages=config.message_cache or None,  # discord.py takes 0 for a thousand
            allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=False, replied_user=True),
        )
        self.config = config
        self.db = db
        self.bus = create_bus(config, db)
        self.cluster = create_cluster(self)
        self.shared_memory = SharedMemory(self.bus)
        self.shared_cache = create_cache(config)
        self.travelling = Travelling(self.bus, self._hear_from_afar)
        self.asking = Asking(self.bus, self.process_name)
        self.guild_settings = GuildSettings(
            GuildSettingsStore(db),
            lambda event: events.publish(self, event),
            {
                PREFIXES.key: (config.command_prefix,),
                LANGUAGE.key: config.default_language,
                SPAM_GUARD.key: config.command_spam,
            },
            self.shared_memory.teller("settings"),
        )
        self.guild_settings.declare(ALWAYS_ON_FEATURE, CORE_SETTINGS)
        self.beginnings = Beginnings(self.guild_settings)
        self.user_settings = UserSettings(
            UserSettingsStore(db),
            most=config.people_cache,
            changed=self.shared_memory.teller("people's settings"),
            cache=self.shared_cache,
        )
        self.shared_memory.keep(
            (
                Part("settings", self.guild_settings.read),
                Part("people's settings", self.user_settings.read, about="person"),
            )
        )
        self.timers = Timers(self, TimersStore(db))
        self.switches = Switches(self.guild_settings)
        self.access = Access(self)
        self.calls = Calls(self)
        self.features = Features(self, package)
        self.everywhere = Everywhere(self)
        self.error_reports = errors.ErrorReports()
        self.usage = Usage(self.error_reports)
        self.levels = Levels()
        self.drawing = Drawing()
        self.backups = Backups(self)
        self.explanations = Explanations(self)
        self.removals = Removals(db)
        self.chance: random.Random = random.SystemRandom()
        """What decides in games and payouts: the system's own source, which nobody can foretell."""
        self.chat_hearers: list[Callable[[discord.Message], None]] = []
        """Told of each message that is no command, on its path: they do no I/O, and don't raise."""
        self.message_hearers: list[Callable[[discord.Message], None]] = []
        """The same for every message that somebody writes, commands too."""
        self.bot_message_hearers: list[Callable[[discord.Message], None]] = []
        """The same for what bots and webhooks write, and this bot itself."""
        self.command_finders: list[CommandFinder] = []
        """Asked in turn for a command that the code doesn't have."""
        self.started_at = discord.utils.utcnow()
        self.stopping = False
        self._session: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._handled = FirstTimes(REMEMBERED)
        self.add_check(checks.runs_here)

    # --- life cycle

    async def start(self, token: str, *, reconnect: bool = True) -> None:
        """Log in and stay connected until `close`.

        In a task that `close` can end: discord.py's own close doesn't stop a login or the connecting of a shard,
        which go on trying for ever.
        """
        self._session = asyncio.create_task(super().start(token, reconnect=reconnect))
        try:
            await self._session
        except asyncio.CancelledError:
            if not self.stopping:
                raise

    async def setup_hook(self) -> None:
        """Read the settings, load the features, start the timers."""
        self.started_at = discord.utils.utcnow()
        assert self.user is not None
        self.beginnings.know(self.user.id)
        await self.cluster.join()
        await self.bus.start()  # first: what others change while it is read is read again
        await self.guild_settings.load()
        await self.access.load()
        await self.features.load_all()
        self.timers.start()
        await self.backups.start()
        await self.asking.start()  # from now on this process can answer

    async def on_ready(self) -> None:
        """Say that it works; after each new session forget the settings of guilds the bot left meanwhile."""
        self.guild_settings.forget_where(
            lambda guild_id: self.cluster.sees(guild_id) and self.get_guild(guild_id) is None
        )
        log.info("Ready as %s in %d servers", self.user, len(self.guilds))

    async def on_shard_ready(self, shard_id: int) -> None:
        """Begin with a shard that Discord has told all about."""
        await self.cluster.shard_is_there(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """The same after a connection that was cut."""
        await self.cluster.shard_is_there(shard_id)

    async def launch_shard(self, gateway: Any, shard_id: int, *, initial: bool = False) -> None:
        """Start a shard when it is its turn among all processes; discord.py calls this, and again when it fails."""
        if await self.cluster.before_launch(shard_id):
            await super().launch_shard(gateway, shard_id, initial=initial)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Start a session when it is its turn; in one process discord.py's own pause does."""
        if not await self.cluster.before_identify(shard_id):
            await super().before_identify_hook(shard_id, initial=initial)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Take up a guild where it was left."""
        await self.guild_settings.load_guild(guild.id)
        await self.timers.guild_is_back(guild.id)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Hand out what waited for Discord to have the guild again."""
        await self.timers.guild_is_back(guild.id)

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Forget a guild's members in an outage: who leaves meanwhile isn't told of, nor heard if they come back."""
        forget_members(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Let a guild's settings go from memory; the database keeps them."""
        self.guild_settings.forget(guild.id)

    async def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Take no new commands, let the running ones finish for a while, then close."""
        self.stopping = True
        await self.calls.finish(grace_seconds)
        await self.close()

    async def close(self) -> None:
        """Stop the timers, unload the cogs (each writes down what it gathered) and leave the gateway."""
        self.stopping = True
        await self.timers.stop()
        await self.backups.stop()
        await self.cluster.stop()
        if self._closing is None:
            if self._session not in {None, asyncio.current_task()}:
                self._session.cancel()
            self._closing = asyncio.create_task(super().close())
        # Whoever comes second waits too: after this the database is closed, and a cog may still be writing.
        await asyncio.shield(self._closing)
        await self.shared_memory.close()
        await self.travelling.close()
        await self.asking.close()
        await self.cluster.leave()
        await self.bus.close()
        await self.shared_cache.close()
        self.drawing.close()

    def process_name(self) -> str:
        """What people call this process among those of the bot."""
        return self.cluster.process_name

    # --- cogs

    async def add_cog(self, cog: "Cog", **options: Any) -> None:  # type: ignore[override]
        """Add a cog, with its settings and its buttons in old messages."""
        if self.get_cog(cog.qualified_name) is not None:
            raise discord.ClientException(f"there is a cog called {cog.qualified_name} already")
        self.guild_settings.declare(cog.feature, cog.settings)
        self.shared_memory.keep(cog.in_memory)
        try:
            await super().add_cog(cog, **options)
        except BaseException:
            self.guild_settings.withdraw(cog.settings)
            self.shared_memory.release(cog.in_memory)
            await cog.cancel_tasks()
            raise
        self.add_dynamic_items(*cog.dynamic_items)

    async def remove_cog(self, name: str, **options: Any) -> commands.Cog | None:
        """Take a cog away, and its settings, tasks and buttons with it."""
        cog: Any = self.get_cog(name)
        if cog is not None:
            self.remove_dynamic_items(*cog.dynamic_items)
        removed = await super().remove_cog(name, **options)
        if cog is not None:
            await cog.cancel_tasks()
            self.guild_settings.withdraw(cog.settings)
            self.shared_memory.release(cog.in_memory)
        return removed

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Hand an event out, and count it."""
        self.usage.events[event] += 1
        super().dispatch(event, *args, **kwargs)

    def carry(self, news: object) -> None:
        """Take one of our own events to the other processes, if it is for everywhere."""
        self.travelling.take(news)

    def _hear_from_afar(self, news: object) -> None:
        """Hand out an event of another process, if it is about a guild that is here, or about none."""
        guild_id = getattr(news, "guild_id", None)
        if guild_id is None or self.get_guild(guild_id) is not None:
            self.dispatch(events.name_of(type(news)), news)

    # --- messages

    async def on_message(self, message: discord.Message) -> None:
        """Run a command if the message is one. Ordinary chat ends here, without I/O and without a new task."""
        if self.stopping:
            return
        guild = message.guild
        if not (self.cluster.is_sure or await self.cluster.owns_after_all(guild.id if guild else None)):
            return
        if message.author.bot:
            self._tell(self.bot_message_hearers, message)
            return
        content = message.content
        self._tell(self.message_hearers, message)
        if not content.startswith(self.beginnings.of(guild)):
            self._tell(self.chat_hearers, message)
        elif self.is_new(message.id):
            if content.strip() in self.beginnings.mentions:
                await self._tell_prefixes(message)
            else:
                await self.process_commands(message)

    def _tell(self, hearers: Sequence[Callable[[discord.Message], None]], message: discord.Message) -> None:
        for hear in hearers:
            try:
                hear(message)
            except Exception as error:  # noqa: BLE001 - one that fails keeps no other from hearing
                self.error_reports.add(error, hear.__qualname__)

    def is_new(self, delivered_id: int) -> bool:
        """Whether a message or a press of a button comes for the first time: Discord may deliver one twice."""
        return self._handled.is_new(delivered_id)

    async def get_context(self, origin: Any, *, cls: Any = Context) -> Any:
        """Make the context of a command, of our own class."""
        return await super().get_context(origin, cls=cls)

    async def _tell_prefixes(self, message: discord.Message) -> None:
        ctx: Context = await self.get_context(message)
        if not await checks.is_heard(ctx) or not await self.access.takes(ctx):
            return
        await self.speak_for(ctx)
        try:
            await ctx.info(self.beginnings.sentence(message.guild))
        except CANNOT_SAY:
            log.info("Could not answer in channel %d", ctx.channel.id, exc_info=True)

    # --- commands

    async def invoke(self, ctx: Context) -> None:  # type: ignore[override]
        """Run a command, and write down how it went."""
        made = self.calls.made_here(ctx)
        if ctx.command is None and made is None:
            await super().invoke(ctx)
        elif await self.access.takes(ctx):
            await self.calls.run(ctx, made)

    # --- languages and time zones

    async def speak_for(self, ctx: Context) -> None:
        """Answer in the member's language, else the guild's."""
        try:
            if ctx.guild is not None:
                await self.guild_settings.catch_up(ctx.guild.id)
            ctx.preferences = await self.user_settings.of(ctx.author.id)
        except DatabaseError:
            log.warning("Could not read the settings for user %d", ctx.author.id)
        set_language(ctx.preferences.language or self.language_of(ctx.guild))

    def language_of(self, guild: discord.Guild | None) -> str:
        """The language of a guild's answers; the operator's in direct messages."""
        return self.guild_settings.get(guild.id if guild else None, LANGUAGE)

    async def language_for(self, user_id: int, guild: discord.Guild | None) -> str:
        """The language that a person reads: their own, else the guild's."""
        return (await self.user_settings.of(user_id)).language or self.language_of(guild)

    def timezone_of(self, guild: discord.Guild | None) -> ZoneInfo:
        """Where a guild's days begin at midnight; UTC in direct messages."""
        return ZoneInfo(self.guild_settings.get(guild.id if guild else None, TIMEZONE))

    async def timezone_for(self, user_id: int, guild: discord.Guild | None) -> ZoneInfo:
        """The time zone that a person's words are read in: their own, else the guild's."""
        return (await self.user_settings.of(user_id)).zone or self.timezone_of(guild)

    async def speak_to(self, user_id: int, guild: discord.Guild | None) -> None:
        """Speak a person's language from here to the end of the task: for work that no command started."""
        set_language(await self.language_for(user_id, guild))

    # --- errors

    async def on_command_error(self, ctx: Context, error: commands.CommandError) -> None:  # type: ignore[override]
        """Tell the person who caused it, or write it down under an id. Never raises for want of a place to say it."""
        if ctx.command is not None and (
            ctx.command.has_error_handler() or (ctx.cog is not None and ctx.cog.has_error_handler())
        ):
            return
        with self.calls.under_way():
            try:
                sentence = await error_answers.sentence_for(self, ctx, error)
                if sentence:
                    await ctx.error(sentence)
            except CANNOT_SAY:
                log.info("Could not answer in channel %d", ctx.channel.id, exc_info=True)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Write down what a listener raised."""
        error = sys.exc_info()[1]
        if error is not None:
            self.error_reports.add(error, event_method)
