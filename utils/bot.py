"""The bot: discord.py's, with the services that every feature shares."""

import asyncio
import logging
import random
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord.ext import commands

from database.errors import DatabaseError
from database.guild_settings import GuildSettingsStore
from database.manager import DatabaseManager
from database.timers import TimersStore
from database.user_settings import UserSettingsStore
from utils import checks, errors, events
from utils.access import Access
from utils.config import Config
from utils.context import Context
from utils.core_settings import CORE_SETTINGS, LANGUAGE, PREFIXES, SPAM_GUARD, SUGGESTIONS
from utils.drawing.drawing import Drawing
from utils.explanations import Explanations
from utils.features import Features
from utils.guild_settings import GuildSettings
from utils.i18n import _, format_list, set_language
from utils.invoking import CommandFinder, MadeHere, command_meant, may_run, refund_cooldown
from utils.levels import Levels
from utils.log import log_context
from utils.near import nearest
from utils.removals import Removals
from utils.switches import ALWAYS_ON_FEATURE, Switches
from utils.timers import Timers
from utils.usage import CommandRun, Usage
from utils.user_settings import UserSettings

if TYPE_CHECKING:
    from utils.cog import Cog

log = logging.getLogger("hearth")
command_log = logging.getLogger("hearth.commands")

REMEMBERED = 2_000  # command messages and presses of buttons, so that one delivered twice counts once
GRACE_SECONDS = 10.0  # for running commands, when the bot stops
CANNOT_SAY = (TimeoutError, discord.HTTPException, aiohttp.ClientError, OSError)
"""What sending an answer may end with, through nobody's mistake."""


def intents(*, message_content: bool, members: bool) -> discord.Intents:
    """The gateway intents that are used, by name. Presences are not: they cost memory and approval."""
    return discord.Intents(
        guilds=True,  # servers, channels, roles: nothing works without
        members=members,  # privileged: who joins, so that leaving shakes nothing off
        voice_states=True,  # who is in which voice channel, for XP
        moderation=True,  # bans, and the audit log's entries as they are written
        guild_messages=True,  # commands in servers
        guild_reactions=True,  # stars on messages, for the starboard
        dm_messages=True,  # commands in direct messages
        message_content=message_content,  # privileged: the text behind a prefix
    )


class Hearth(commands.AutoShardedBot):
    """The bot. Making one does no I/O; `setup_hook` reads the database and loads the features.

    AutoShardedBot, also for one shard: it says goodbye to the gateway with 1000, so the bot shows as offline at once.
    """

    def __init__(self, config: Config, db: DatabaseManager, *, package: str = "cogs") -> None:
        super().__init__(
            command_prefix=Hearth.prefixes_for,
            intents=intents(message_content=config.message_content, members=config.members),
            owner_ids=config.owner_ids or None,
            help_command=None,
            case_insensitive=True,
            strip_after_prefix=True,
            chunk_guilds_at_startup=False,
            # Events tell who comes; remembering everybody would take memory that grows with the servers.
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=False, replied_user=True),
        )
        self.config = config
        self.db = db
        self.guild_settings = GuildSettings(
            GuildSettingsStore(db),
            lambda event: events.publish(self, event),
            {
                PREFIXES.key: (config.command_prefix,),
                LANGUAGE.key: config.default_language,
                SPAM_GUARD.key: config.command_spam,
            },
        )
        self.guild_settings.declare(ALWAYS_ON_FEATURE, CORE_SETTINGS)
        self.user_settings = UserSettings(UserSettingsStore(db))
        self.timers = Timers(self, TimersStore(db))
        self.switches = Switches(self.guild_settings)
        self.access = Access(self)
        self.features = Features(self, package)
        self.error_reports = errors.ErrorReports()
        self.usage = Usage(self.error_reports)
        self.levels = Levels()
        self.drawing = Drawing()
        self.explanations = Explanations(self)
        self.removals = Removals(db)
        self.chance: random.Random = random.SystemRandom()
        """What decides in games and payouts: the system's own source, which nobody can foretell."""
        self.chat_hearers: list[Callable[[discord.Message], None]] = []
        """Told of each message that is no command, on its path: they do no I/O, and don't raise."""
        self.message_hearers: list[Callable[[discord.Message], None]] = []
        """The same for every message that somebody writes, commands too."""
        self.command_finders: list[CommandFinder] = []
        """Asked in turn for a command that the code doesn't have."""
        self.started_at = discord.utils.utcnow()
        self.stopping = False
        self._session: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[Any]] = set()
        self._handled: OrderedDict[int, None] = OrderedDict()
        self._mentions: tuple[str, ...] = ()
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
        self._mentions = (f"<@{self.user.id}>", f"<@!{self.user.id}>")
        await self.guild_settings.load()
        await self.access.load()
        await self.features.load_all()
        self.timers.start()

    async def on_ready(self) -> None:
        """Say that it works; after each new session forget the settings of guilds the bot left meanwhile."""
        self.guild_settings.keep_only(guild.id for guild in self.guilds)
        log.info("Ready as %s in %d servers", self.user, len(self.guilds))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Take up a guild where it was left."""
        await self.guild_settings.load_guild(guild.id)
        await self.timers.guild_is_back(guild.id)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Hand out what waited for Discord to have the guild again."""
        await self.timers.guild_is_back(guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Let a guild's settings go from memory; the database keeps them."""
        self.guild_settings.forget(guild.id)

    async def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Take no new commands, let the running ones finish for a while, then close."""
        self.stopping = True
        current = asyncio.current_task()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + grace_seconds
        while waiting := self._running - {current}:
            left = deadline - loop.time()
            if left <= 0:
                log.warning("%d commands did not finish in time", len(waiting))
                break
            await asyncio.wait(waiting, timeout=left)
        await self.close()

    async def close(self) -> None:
        """Stop the timers, unload the cogs (each writes down what it gathered) and leave the gateway."""
        self.stopping = True
        await self.timers.stop()
        if self._closing is None:
            if self._session not in {None, asyncio.current_task()}:
                self._session.cancel()
            self._closing = asyncio.create_task(super().close())
        # Whoever comes second waits too: after this the database is closed, and a cog may still be writing.
        await asyncio.shield(self._closing)
        self.drawing.close()

    # --- cogs

    async def add_cog(self, cog: "Cog", **options: Any) -> None:  # type: ignore[override]
        """Add a cog, with its settings and its buttons in old messages."""
        if self.get_cog(cog.qualified_name) is not None:
            raise discord.ClientException(f"there is a cog called {cog.qualified_name} already")
        self.guild_settings.declare(cog.feature, cog.settings)
        try:
            await super().add_cog(cog, **options)
        except BaseException:
            self.guild_settings.withdraw(cog.settings)
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
        return removed

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Hand an event out, and count it."""
        self.usage.events[event] += 1
        super().dispatch(event, *args, **kwargs)

    # --- messages

    def prefixes(self, guild: discord.Guild | None) -> Sequence[str]:
        """What commands start with here, the longest first. A mention of the bot works everywhere besides."""
        return self.guild_settings.get(guild.id if guild else None, PREFIXES)

    async def prefixes_for(self, message: discord.Message) -> list[str]:
        """What discord.py asks for: the prefixes and the mentions."""
        return [*self._mentions, *self.prefixes(message.guild)]

    async def on_message(self, message: discord.Message) -> None:
        """Run a command if the message is one. Ordinary chat ends here, without I/O and without a new task."""
        if message.author.bot or self.stopping:
            return
        content = message.content
        self._tell(self.message_hearers, message)
        if not content.startswith((*self.prefixes(message.guild), *self._mentions)):
            self._tell(self.chat_hearers, message)
        elif self.is_new(message.id):
            if content.strip() in self._mentions:
                await self._tell_prefixes(message)
            else:
                await self.process_commands(message)

    def _tell(self, hearers: Sequence[Callable[[discord.Message], None]], message: discord.Message) -> None:
        for hear in hearers:
            try:
                hear(message)
            except Exception as error:  # noqa: BLE001 - one that fails keeps no other from hearing
                self.error_reports.add(error, hear.__qualname__)

    async def get_context(self, origin: Any, *, cls: Any = Context) -> Any:
        """Make the context of a command, of our own class."""
        return await super().get_context(origin, cls=cls)

    async def _tell_prefixes(self, message: discord.Message) -> None:
        ctx: Context = await self.get_context(message)
        if not await checks.is_heard(ctx) or not await self.access.takes(ctx):
            return
        await self._speak_for(ctx)
        prefixes = self.prefixes(message.guild)
        if prefixes:
            answer = _("My commands start with {prefixes} here; try `{help}`.").format(
                prefixes=format_list([f"`{prefix}`" for prefix in prefixes]), help=f"{prefixes[0]}help"
            )
        else:
            answer = _("Commands start with a mention of me here; try {help}.").format(help="`@… help`")
        try:
            await ctx.info(answer)
        except CANNOT_SAY:
            log.info("Could not answer in channel %d", ctx.channel.id, exc_info=True)

    # --- commands

    async def invoke(self, ctx: Context) -> None:  # type: ignore[override]
        """Run a command, and write down how it went."""
        made = self._made_here(ctx)
        if ctx.command is None and made is None:
            await super().invoke(ctx)
            return
        if not await self.access.takes(ctx):
            return
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        fields = {
            "command": made.name if made else command_meant(ctx), "user": ctx.author.id,
            "guild": ctx.guild.id if ctx.guild else None, "channel": ctx.channel.id,
        }  # fmt: skip
        token = log_context.set(fields)
        started = time.perf_counter()
        outcome = "error"
        try:
            await self._speak_for(ctx)
            outcome = await self._run(ctx, made)
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            command_log.info(
                "%s: %s",
                ctx.command.qualified_name if ctx.command else fields["command"],
                outcome,
                extra={"duration_ms": milliseconds, "outcome": outcome},
            )
            if made is None or not made.calls_another:
                name = ctx.command.qualified_name if ctx.command else None
                self.usage.ran(CommandRun(name, ctx.guild.id if ctx.guild else None, milliseconds, outcome))
            log_context.reset(token)
            self._running.discard(task)

    def _made_here(self, ctx: Context) -> MadeHere | None:
        """The command of the server's own that a message calls."""
        if ctx.command is not None or ctx.guild is None or not ctx.invoked_with:
            return None
        return next((made for finder in self.command_finders if (made := finder.find(ctx)) is not None), None)

    async def _run(self, ctx: Context, made: MadeHere | None) -> str:
        try:
            if made is None:
                await self._run_ours(ctx)
            elif await checks.is_heard(ctx):
                await made.run()
            else:
                raise errors.Silent
        except Exception as error:  # noqa: BLE001 - a check may raise anything, and it is told like the rest
            refund_cooldown(ctx, error)
            wrapped = error if isinstance(error, commands.CommandError) else commands.CommandInvokeError(error)
            if ctx.command is None:
                await self.on_command_error(ctx, wrapped)
            else:
                await ctx.command.dispatch_error(ctx, wrapped)
            return "refused" if errors.is_expected(error) else "error"
        return "cancelled" if ctx.command_failed else "done"  # discord.py swallows a cancellation

    async def _run_ours(self, ctx: Context) -> None:
        assert ctx.command is not None
        self.dispatch("command", ctx)
        if not await self.can_run(ctx, call_once=True):
            raise commands.CheckFailure
        await ctx.command.invoke(ctx)
        self.dispatch("command_completion", ctx)

    def is_new(self, delivered_id: int) -> bool:
        """Whether a message or a press of a button comes for the first time: Discord may deliver one twice."""
        if delivered_id in self._handled:
            return False
        self._handled[delivered_id] = None
        if len(self._handled) > REMEMBERED:
            self._handled.popitem(last=False)
        return True

    async def _speak_for(self, ctx: Context) -> None:
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
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            sentence = await self._sentence_for(ctx, error)
            if sentence:
                await ctx.error(sentence)
        except CANNOT_SAY:
            log.info("Could not answer in channel %d", ctx.channel.id, exc_info=True)
        finally:
            self._running.discard(task)

    async def _sentence_for(self, ctx: Context, error: commands.CommandError) -> str | None:
        if isinstance(error, commands.CommandNotFound):
            return await self._suggestion(ctx)
        if not errors.is_expected(error):
            where = ctx.command.qualified_name if ctx.command else "a command"
            return errors.our_bug(self.error_reports.add(errors.cause_of(error), where))
        sentence = errors.answer_to(ctx, error)
        if sentence and isinstance(error, errors.USAGE_FOLLOWS):
            return f"{sentence}\n{errors.usage_line(ctx)}"
        return sentence

    async def _suggestion(self, ctx: Context) -> str | None:
        if ctx.guild is None or not ctx.invoked_with or not self.guild_settings.get(ctx.guild.id, SUGGESTIONS):
            return None
        if not await checks.is_heard(ctx) or not await self.access.takes(ctx):
            return None
        await self._speak_for(ctx)
        names = [name for name, command in self.all_commands.items() if await may_run(ctx, command)]
        names += [name for finder in self.command_finders for name in await finder.names(ctx)]
        near = nearest(ctx.invoked_with.lower(), names)
        return _("Did you mean `{command}`?").format(command=f"{ctx.clean_prefix}{near}") if near else None

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Write down what a listener raised."""
        error = sys.exc_info()[1]
        if error is not None:
            self.error_reports.add(error, event_method)
