"""`status`: what stands below the bot's name, kept over restarts."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Final, Literal

import aiohttp
import discord
from discord.ext import commands

from cogs.admin.presence.rules import MOST_LINES, PLACES, activity, read_line, shown
from database.bot_status import Appearance, BotStatusStore, Line
from database.errors import DatabaseError
from utils.bot import Hearth
from utils.checks import owner_only
from utils.cog import StartingCog
from utils.commands import example, group
from utils.context import Context
from utils.converters import Duration
from utils.errors import UserError
from utils.formatting import safe
from utils.i18n import _, format_number
from utils.shared_memory import Part
from utils.templates import fill, places_in
from utils.time import human_duration

log = logging.getLogger("hearth.admin")

IN_MEMORY: Final = "the status"
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=1)
TRIED_AGAIN_SECONDS: Final = 60.0
NOT_CONNECTED: Final = (discord.ConnectionClosed, ConnectionError, aiohttp.ClientError, discord.GatewayNotFound)
Look = Literal["online", "idle", "dnd", "invisible"]


class BotStatus(StartingCog):
    """What stands below my name."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.store = BotStatusStore(bot.db)
        self.appearance = Appearance()
        self.in_memory = (Part(IN_MEMORY, self._read, about="bot"),)
        self._turn = 0
        self._turning: asyncio.Task[None] | None = None

    async def from_the_start_on(self) -> None:
        """Read how I am to appear."""
        while True:
            try:
                self.appearance = await self.store.read()
            except DatabaseError as error:
                log.warning("The status waits for the database: %s", error)
                await asyncio.sleep(TRIED_AGAIN_SECONDS)
            else:
                break
        await self._appear()

    @commands.Cog.listener("on_ready")
    async def show_again(self) -> None:
        """Appear again: a new session of Discord's knows nothing of the one before."""
        if self.appearance != Appearance():
            await self._appear()

    async def _read(self, _id: int | None) -> None:
        changed = await self.store.read()
        if changed != self.appearance:
            self.appearance = changed
            self._turn = max(0, len(changed.lines) - 1)
            await self._appear()

    # --- commands

    @group(aliases=["presence"])
    @owner_only()
    @example("")
    async def status(self, ctx: Context) -> None:
        """Show what stands below my name."""
        await ctx.info(self._text(), title=_("My status"))

    @status.command(name="set")
    @example("watching {servers} servers", "Keeping the fire burning")
    async def status_set(self, ctx: Context, *, text: str) -> None:
        """Have one status, and no other.

        Begin with `playing`, `watching`, `listening to` or `competing in`, or just write. `{servers}`, `{members}`
        and `{prefix}` are filled in.
        """
        await self._change(ctx, [read_line(text)])

    @status.command(name="add")
    @example("listening to {prefix}help")
    async def status_add(self, ctx: Context, *, text: str) -> None:
        """Have a further status: they take turns."""
        line, lines = read_line(text), self.appearance.lines
        if len(lines) >= MOST_LINES:
            raise UserError(_("There are {most} already; remove one first.").format(most=MOST_LINES))
        if line in lines:
            raise UserError(_("That is there already."))
        await self._change(ctx, [*lines, line])

    @status.command(name="remove", aliases=["delete"])
    @example("2")
    async def status_remove(self, ctx: Context, number: int) -> None:
        """Have a status no more, by its number in the list."""
        lines = list(self.appearance.lines)
        if not 1 <= number <= len(lines):
            raise UserError(
                _("There is no status {number}; `status` lists them.").format(number=format_number(number))
            )
        del lines[number - 1]
        await self._change(ctx, lines)

    @status.command(name="clear", aliases=["reset", "none"])
    @example("")
    async def status_clear(self, ctx: Context) -> None:
        """Have no status."""
        await self._change(ctx, [])

    @status.command(name="every")
    @example("10m")
    async def status_every(self, ctx: Context, how_long: Annotated[timedelta, Duration()]) -> None:
        """Say how long each status stands before the next, and after which time numbers in one are new."""
        if not SHORTEST <= how_long <= LONGEST:
            raise UserError(
                _("Choose from {shortest} to {longest}.").format(
                    shortest=human_duration(SHORTEST), longest=human_duration(LONGEST)
                )
            )
        await self._look(ctx, replace(self.appearance, every_seconds=int(how_long.total_seconds())))

    @status.command(name="look")
    @example("idle", "online")
    async def status_look(self, ctx: Context, look: Look) -> None:
        """Let me appear as online, idle, dnd (do not disturb) or invisible."""
        await self._look(ctx, replace(self.appearance, look=look))

    # --- helpers

    async def _change(self, ctx: Context, lines: Sequence[Line]) -> None:
        await self.store.set_lines(lines)
        self.appearance = replace(self.appearance, lines=tuple(lines))
        self._turn = max(0, len(lines) - 1)  # the newest is seen at once
        await self._appear()
        await self.bot.shared_memory.changed(IN_MEMORY)
        await ctx.success(self._text())

    async def _look(self, ctx: Context, changed: Appearance) -> None:
        await self.store.set_appearance(changed.look, changed.every_seconds)
        self.appearance = changed
        await self._appear()
        await self.bot.shared_memory.changed(IN_MEMORY)
        await ctx.success(self._text())

    async def _appear(self) -> None:
        """Show what is to be shown now, and go on with the turns from here."""
        if self._turning is not None:
            self._turning.cancel()
            self._turning = None
        await self._show()
        if self._changes_by_itself():
            self._turning = self.spawn(self._take_turns())

    async def _take_turns(self) -> None:
        while True:
            await asyncio.sleep(self.appearance.every_seconds)
            self._turn += 1
            await self._show()

    async def _show(self) -> None:
        lines = self.appearance.lines
        line = lines[self._turn % len(lines)] if lines else None
        doing = None if line is None else activity(line.kind, fill(line.text, self._places()))
        try:
            await self.bot.change_presence(activity=doing, status=discord.Status(self.appearance.look))
        except NOT_CONNECTED as error:  # `on_ready` comes once there is a connection
            log.info("The status can't be shown now: %r", error)

    def _changes_by_itself(self) -> bool:
        lines = self.appearance.lines
        return len(lines) > 1 or any(places_in(line.text) for line in lines)

    def _places(self) -> dict[str, str]:
        guilds, prefixes = self.bot.guilds, self.bot.beginnings.prefixes(None)
        values = (len(guilds), sum(guild.member_count or 0 for guild in guilds))
        return dict(zip(PLACES, [*map(format_number, values), prefixes[0] if prefixes else "@"], strict=True))

    def _text(self) -> str:
        lines = [f"{number}. {safe(shown(line))}" for number, line in enumerate(self.appearance.lines, start=1)]
        words = {"look": f"`{self.appearance.look}`"}
        if not lines:
            return _("I have no status, and appear as {look}.").format(**words)
        said = _("I appear as {look}.").format(**words)
        if len(lines) > 1:
            every = human_duration(timedelta(seconds=self.appearance.every_seconds))
            said = _("I appear as {look}. Each stands for {duration}.").format(**words, duration=every)
        return "\n".join([*lines, said])
