"""The game itself: each message of a counting channel is judged in its turn, written down and answered."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

import discord

from cogs.fun.channel_games.game import HEARD
from cogs.fun.counting import rules, texts
from cogs.fun.counting.settings import COUNTING_ALONE, COUNTING_CHANNEL, COUNTING_STARTS_OVER
from database.counting import Counting, CountingStore
from database.errors import DatabaseUnavailable
from utils.bot import CANNOT_SAY
from utils.i18n import using

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.fun")

MOST_WAITING: Final = 2_000
"""Messages of a channel that wait for their turn; more are left out."""
MOST_MISSED: Final = 1_000
"""Messages looked at that came while the bot was away."""
AFTER_DATABASE_TROUBLE_SECONDS: Final = 5.0
RIGHT, RECORD, HUNDRED, WRONG = "✅", "☑️", "💯", "❌"


class Game:
    """Counting in all servers. Messages of one are judged one after the other, in the order they came.

    What was written while the bot was away, or had lost its session with Discord, is read before anything else of
    that server is judged: the next number but one would be a mistake.
    """

    def __init__(
        self, bot: "Hearth", store: CountingStore, is_on: Callable[[int], bool], begin: Callable[[int], object]
    ) -> None:
        """`is_on` says whether a guild has switched this feature on; `begin` starts `work` for a guild in a task."""
        self.bot = bot
        self.store = store
        self._is_on = is_on
        self._begin = begin
        self._waiting: dict[int, deque[discord.Message]] = {}
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._up_to_date: set[int] = set()

    def is_here(self, guild_id: int | None, channel_id: int) -> bool:
        """Whether people count in this channel."""
        return (
            guild_id is not None
            and self.bot.guild_settings.get(guild_id, COUNTING_CHANNEL) == channel_id
            and self._is_on(guild_id)
        )

    def add(self, message: discord.Message) -> None:
        """Let a message of a counting channel wait for its turn, if it has a number."""
        if message.guild is None or not _is_number(message):
            return
        guild_id = message.guild.id
        if guild_id not in self._waiting:
            self._waiting[guild_id] = deque([message])
            self._begin(guild_id)
        elif len(self._waiting[guild_id]) < MOST_WAITING:
            self._waiting[guild_id].append(message)

    async def work(self, guild_id: int) -> None:
        """Judge what waits in a guild."""
        waiting = self._waiting[guild_id]
        try:
            while waiting:
                try:
                    async with self.turn(guild_id):
                        await self._read_missed(waiting[0].guild)
                        await self._judge(waiting[0])
                except DatabaseUnavailable:
                    log.warning("Counting in guild %d waits for the database", guild_id, exc_info=True)
                    await asyncio.sleep(AFTER_DATABASE_TROUBLE_SECONDS)
                    continue
                waiting.popleft()
        finally:
            del self._waiting[guild_id]

    def turn(self, guild_id: int) -> asyncio.Lock:
        """What is held by whoever changes how far a guild is."""
        return self._turns.setdefault(guild_id, asyncio.Lock())

    async def state(self, guild_id: int, channel_id: int) -> Counting:
        """How far people are in this channel; in another than before they begin, but the record stays."""
        stored = await self.store.of_guild(guild_id)
        if stored is None:
            return Counting(guild_id, channel_id, 0, None, None, 0)
        if stored.channel_id != channel_id:
            return replace(stored, channel_id=channel_id, number=0, last_user_id=None, number_message_id=None)
        return stored

    def forget(self, guild_id: int | None = None) -> None:
        """Something may have been missed: in a guild that was away, or in all, since this is another session."""
        if guild_id is None:
            self._up_to_date.clear()
        else:
            self._up_to_date.discard(guild_id)

    async def catch_up(self, guilds: Iterable[discord.Guild]) -> None:
        """Judge what was counted while the bot was away."""
        for guild in guilds:
            try:
                async with self.turn(guild.id):
                    await self._read_missed(guild)
            except DatabaseUnavailable as error:  # then before the next number is judged
                log.warning("Can't tell what was counted meanwhile in guild %d: %s", guild.id, error)

    async def _read_missed(self, guild: discord.Guild | None) -> None:
        """Judge what was written in a guild since its last number, once a session; of much, the beginning."""
        if guild is None or guild.id in self._up_to_date:
            return
        self._up_to_date.add(guild.id)  # before anything is waited for: another session may begin meanwhile
        channel = guild.get_channel(self.bot.guild_settings.get(guild.id, COUNTING_CHANNEL) or 0)
        if not isinstance(channel, discord.TextChannel) or not self.is_here(guild.id, channel.id):
            return
        try:
            state = await self.store.of_guild(guild.id)
            if state is None or state.channel_id != channel.id:
                return
            history = channel.history(
                limit=MOST_MISSED, after=discord.Object(state.last_message_id), oldest_first=True
            )
            for message in [message async for message in history if not message.author.bot and _is_number(message)]:
                await self._judge(message)
        except CANNOT_SAY as error:
            log.warning("Can't read what was counted meanwhile in guild %d: %s", guild.id, error)
        except BaseException:
            self._up_to_date.discard(guild.id)
            raise

    async def _judge(self, message: discord.Message) -> None:
        guild, number = message.guild, rules.read_number(message.content)
        assert guild is not None
        assert number is not None
        state = await self.state(guild.id, message.channel.id)
        if message.id <= state.last_message_id:
            return  # delivered twice
        if self.bot.access.blocks.shut_out(guild, message.author.id):
            await self.store.go_on(replace(state, last_message_id=message.id), None)  # looked at, and left out
            return
        get = self.bot.guild_settings.get
        count = rules.Count(state.number, state.last_user_id, state.highest)
        verdict = rules.judge(count, number, message.author.id, again_allowed=get(guild.id, COUNTING_ALONE))
        starts_over = get(guild.id, COUNTING_STARTS_OVER)
        then = rules.after(count, verdict, message.author.id, starts_over=starts_over)
        is_right, is_record = verdict == "right", then.highest > count.highest
        new = replace(
            state,
            number=then.number,
            last_user_id=then.last_user_id,
            number_message_id=message.id if is_right else state.number_message_id if then.number else None,
            last_message_id=message.id,
            told=state.told and not is_right,
            highest=then.highest,
            highest_at=message.created_at if is_record else state.highest_at,
            mistakes=state.mistakes + (not is_right),
        )
        if not await self.store.go_on(new, message.author.id, is_mistake=not is_right):
            return
        await self._answer(message, verdict, state, new)

    async def _answer(self, message: discord.Message, verdict: rules.Verdict, old: Counting, new: Counting) -> None:
        assert message.guild is not None
        record = new.highest > old.highest
        emoji = HUNDRED if new.number % 100 == 0 else RECORD if record else RIGHT
        with suppress(*CANNOT_SAY):
            await message.add_reaction(emoji if verdict == "right" else WRONG)
        if verdict == "right" or not old.number:  # where nothing was reached, nothing was ruined
            return
        with using(self.bot.language_of(message.guild)):
            sentence = texts.mistake(verdict, message.author.mention, old, new)
        with suppress(*CANNOT_SAY):
            await message.channel.send(sentence, reference=message.to_reference(fail_if_not_exists=False))

    async def tell_changed(self, guild: discord.Guild, message_ids: set[int], *, new_text: str | None) -> None:
        """Say what the last number was, if one of these messages was it and it is gone or another now.

        `new_text` is what it says now; None if it was deleted.
        """
        async with self.turn(guild.id):
            state = await self.store.of_guild(guild.id)
            if state is None or state.number_message_id not in message_ids or state.told:
                return
            if new_text is not None and rules.read_number(new_text) == state.number:
                return
            if not await self.store.tell(guild.id, state.number_message_id):
                return
        channel = guild.get_channel(state.channel_id)
        if not isinstance(channel, discord.TextChannel):
            return
        with using(self.bot.language_of(guild)):
            sentence = texts.changed(state, deleted=new_text is None)
        with suppress(*CANNOT_SAY):
            await channel.send(sentence)


def _is_number(message: discord.Message) -> bool:
    """Whether this is a number that somebody wrote; the name of a new thread is none."""
    return message.type in HEARD and rules.read_number(message.content) is not None
