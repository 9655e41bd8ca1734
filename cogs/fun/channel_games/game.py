"""A game that listens in a channel: what trivia, hangman and the other word games have in common."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import discord

from utils import embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.formatting import MESSAGE_LIMIT, truncate
from utils.i18n import _, set_language
from utils.kept import FirstTimes

if TYPE_CHECKING:
    import random

    from discord.abc import MessageableChannel

log = logging.getLogger("hearth.fun")

HEARD: Final = frozenset({discord.MessageType.default, discord.MessageType.reply})
"""What people say; not what Discord says of them."""
REMEMBERED_MESSAGES: Final = 50  # of a game, so that one that Discord delivers twice is heard once

Work = Callable[[], Awaitable[None]]
Spawn = Callable[[Coroutine[Any, Any, Any]], "asyncio.Task[Any]"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a game is played, who began it, and in which language it speaks."""

    bot: Hearth
    channel: "MessageableChannel"
    guild: discord.Guild | None
    starter_id: int
    language: str
    prefix: str
    feature: str
    spawn: Spawn
    let_go: Callable[["ChannelGame"], Awaitable[None]]
    """Called once when the game is over: the channel is free again."""

    @property
    def is_on(self) -> bool:
        """Whether games are switched on there; where they aren't any more, this one ends without a word."""
        return self.guild is None or self.bot.switches.feature_is_on(self.guild.id, self.feature)

    @property
    def chance(self) -> "random.Random":
        """What decides in the game."""
        return self.bot.chance


class ChannelGame(ABC):
    """A game in a channel, from `begin` to `finish`.

    `hear` is told of the messages there on their path, so it judges by what is in memory, without I/O; what follows
    from that goes through `do`, one thing after another in the order it was heard. What the clock brings is set by
    `after`, one alarm at a time.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.is_over = False
        self._heard = FirstTimes(REMEMBERED_MESSAGES)
        self._alarm: asyncio.Task[Any] | None = None
        self._alarms = 0  # how often one was set or taken back
        self._turns = asyncio.Lock()

    # --- what each game says about itself

    @abstractmethod
    async def begin(self) -> None:
        """Say how it goes, and begin."""

    @abstractmethod
    def hear(self, message: discord.Message) -> None:
        """Judge a message. No I/O."""

    @abstractmethod
    def farewell(self) -> str:
        """What is said when somebody ends the game: the answer, the points so far."""

    # --- what all have

    def heard(self, message: discord.Message) -> None:
        """Hear a message once, however often Discord delivers it."""
        if not self.is_over and self._heard.is_new(message.id):
            self.hear(message)

    def do(self, work: Work) -> None:
        """Do something in Discord or the database, after what was to be done before."""
        self.place.spawn(self._in_turn(work))

    def after(self, seconds: float, work: Work) -> None:
        """Do something in so many seconds, in place of what was set before."""
        self.no_alarm()
        self._alarm = self.place.spawn(self._later(seconds, work, self._alarms))

    def no_alarm(self) -> None:
        """Let nothing happen by the clock."""
        self._alarms += 1
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    async def _later(self, seconds: float, work: Work, number: int) -> None:
        await asyncio.sleep(seconds)
        self._alarm = None  # what this does may set the next one, which must not end it

        async def unless_put_off() -> None:
            if number == self._alarms:  # somebody may have played while this waited for its turn
                await work()

        await self._in_turn(unless_put_off)

    async def _in_turn(self, work: Work) -> None:
        async with self._turns:
            if self.is_over:
                return
            set_language(self.place.language)
            try:
                if self.place.is_on:
                    await work()
                else:
                    await self.finish()
            except CANNOT_SAY as error:
                log.info("A game in channel %d ends, since I can't speak there: %s", self.place.channel.id, error)
                await self.finish()
            except Exception:
                await self.finish()
                raise

    async def open(self) -> None:
        """Begin, before anything that is heard meanwhile is answered."""
        async with self._turns:
            await self.begin()

    async def finish(self) -> bool:
        """End the game; False if it has ended already, by somebody's `stop` or by itself."""
        if self.is_over:
            return False
        self.is_over = True
        self.no_alarm()
        await self.place.let_go(self)
        return True

    async def end(self, why: str) -> None:
        """End the game by itself, and say why."""
        if await self.finish():
            await self.say(f"{why}\n\n{self.farewell()}", title=_("The game is over"))

    async def say(self, text: str, *, title: str | None = None) -> discord.Message:
        """Say something in the channel; as plain text where embeds aren't shown."""
        embed = embeds.info(text, title=title)
        if self._may(embed_links=True):
            return await self.place.channel.send(embed=embed)
        return await self.place.channel.send(truncate(embeds.as_text(embed), MESSAGE_LIMIT))

    async def react(self, message: discord.Message, emoji: str) -> None:
        """React, where that is allowed; the game goes on without."""
        if self._may(add_reactions=True, read_message_history=True):
            try:
                await message.add_reaction(emoji)
            except CANNOT_SAY as error:
                log.info("No reaction in channel %d: %s", self.place.channel.id, error)

    def _may(self, **permissions: bool) -> bool:
        guild, user = self.place.guild, self.place.bot.user
        if guild is None:
            return True
        myself = guild.get_member(user.id) if user else None
        if myself is None:  # thrown out meanwhile: sending fails, and ends the game
            return False
        channel: Any = self.place.channel
        return bool(channel.permissions_for(myself) >= discord.Permissions(**permissions))
