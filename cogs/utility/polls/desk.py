"""Opening, showing and ending polls: a poll ends once, and its end is told until somebody can read it."""

import asyncio
import logging
from dataclasses import replace
from datetime import datetime

import discord

from cogs.utility.polls.rules import MOST_OPEN_OF_AUTHOR, Tally, tally
from cogs.utility.polls.texts import poll_embed, result_text
from cogs.utility.polls.views import buttons_of
from cogs.utility.refreshing import Refresher, delete_message, edit_message, place_of, say
from database.numbering import with_next_number
from database.polls import Poll, PollsStore
from utils.bot import CANNOT_SAY
from utils.cog import Cog
from utils.errors import UserError
from utils.events import PollTimer
from utils.i18n import _, using
from utils.timers import InHand

log = logging.getLogger("hearth.utility")


class Desk:
    """The polls of all guilds."""

    def __init__(self, cog: Cog) -> None:
        self.bot = cog.bot
        self.messages = Refresher(cog, self._show)
        self.store = PollsStore(cog.bot.db)
        self._in_hand = InHand()

    # --- opening and moving

    async def open(self, poll: Poll) -> Poll:
        """Keep a poll under its guild's next number, with its timer, and post it. Raises UserError."""
        kept = await with_next_number(lambda: self._add(poll))
        try:
            return await self.post(kept, kept.channel_id)
        except (UserError, *CANNOT_SAY):
            async with self.bot.db.transaction():
                await self.store.remove(kept.id)
                if kept.timer_id is not None:
                    await self.bot.timers.cancel(kept.timer_id)
            raise

    async def _add(self, poll: Poll) -> Poll:
        async with self.bot.db.transaction():
            timer_id = None if poll.ends_at is None else await self._schedule(poll, poll.ends_at)
            kept = await self.store.add(replace(poll, timer_id=timer_id), most_of_author=MOST_OPEN_OF_AUTHOR)
            if kept is None:
                raise UserError(
                    _("You have {most} open polls here, which is the most. Close one first.").format(
                        most=MOST_OPEN_OF_AUTHOR
                    )
                )
            return kept

    async def post(self, poll: Poll, channel_id: int) -> Poll:
        """Post its message there, in place of any before. Raises UserError, and what Discord answers."""
        channel = await place_of(self.bot, poll.guild_id, channel_id)
        if channel is None:
            raise UserError(_("I can't write in that channel."))
        standing = await self.standing(poll)
        with using(self.bot.language_of(channel.guild)):
            message = await channel.send(embed=poll_embed(poll, standing), view=buttons_of(poll))
        await self.store.posted(poll.id, channel_id, message.id)
        await delete_message(self.bot, poll.guild_id, poll.channel_id, poll.message_id)
        return replace(poll, channel_id=channel_id, message_id=message.id)

    async def move(self, poll: Poll, ends_at: datetime | None) -> bool:
        """Let it end at another time, or not by itself; False when it is over."""
        async with self.bot.db.transaction():
            timer_id = poll.timer_id
            if ends_at is None:
                if timer_id is not None:
                    await self.bot.timers.cancel(timer_id)
                timer_id = None
            elif timer_id is None or not await self.bot.timers.reschedule(timer_id, ends_at):
                timer_id = await self._schedule(poll, ends_at)
            moved = await self.store.move(poll.id, ends_at, timer_id, discord.utils.utcnow())
            if not moved:
                await self._arm(poll, discord.utils.utcnow())
        return moved

    async def standing(self, poll: Poll) -> Tally:
        """How it stands."""
        return tally(len(poll.options), await self.store.masks(poll.id))

    async def _show(self, poll_id: int) -> bool:
        """Edit its message to what it is now; False when that is gone."""
        poll = await self.store.get(poll_id)
        if poll is None:
            return False
        standing = await self.standing(poll)
        with using(self.bot.language_of(self.bot.get_guild(poll.guild_id))):
            embed, view = poll_embed(poll, standing), buttons_of(poll)
        return await edit_message(self.bot, poll.guild_id, poll.channel_id, poll.message_id, embed=embed, view=view)

    # --- its end

    async def close(self, poll: Poll, closed_by: int) -> bool:
        """Close it early; its timer tells of it. False when it was closed before."""
        now = discord.utils.utcnow()
        async with self.bot.db.transaction():
            closed = await self.store.close(poll.id, now, closed_by)
            if closed:
                await self._arm(poll, now)
        return closed

    async def due(self, event: PollTimer) -> None:
        """End it and tell. Raises what Discord or the database answers; then the timer comes again."""
        await self._in_hand.handle(event, self._due)

    async def _due(self, event: PollTimer) -> None:
        poll = await self.store.get(event.payload["poll_id"])
        if poll is None or poll.told or poll.timer_id != event.timer_id:
            await self.bot.timers.done(event)
            return
        if poll.is_open and poll.ends_at is not None and poll.ends_at > discord.utils.utcnow():
            return  # moved since, and the timer with it
        await self.store.close(poll.id, discord.utils.utcnow())
        await self._tell(poll.id)
        await self.bot.timers.done(event)

    async def _tell(self, poll_id: int) -> None:
        poll = await self.store.get(poll_id)
        assert poll is not None
        is_there = await self.messages.now(poll.id)
        standing = await self.standing(poll)
        with using(self.bot.language_of(self.bot.get_guild(poll.guild_id))):
            text = result_text(poll, standing)
            embed = None if is_there else poll_embed(poll, standing)
        reply_to = poll.message_id if is_there else None
        nonce = f"poll-{poll.id:x}"
        if not await say(self.bot, poll.guild_id, poll.channel_id, text, reply_to=reply_to, nonce=nonce, embed=embed):
            log.info("Nobody could be told how poll %d in guild %d ended", poll.number, poll.guild_id)
        await self.store.told(poll.id)

    async def wake(self, guild_id: int) -> None:
        """See to it that what has an end has a timer: one of a guild that the bot left is dropped in time."""
        for poll in await self.store.untold_in(guild_id):
            due_at = discord.utils.utcnow() if not poll.is_open else poll.ends_at
            if due_at is None or (poll.timer_id and await self.bot.timers.store.get(poll.timer_id) is not None):
                continue
            async with self.bot.db.transaction():
                await self._arm(poll, max(due_at, discord.utils.utcnow()))
            await asyncio.sleep(0)

    async def _arm(self, poll: Poll, due_at: datetime) -> None:
        """Let its timer come at that time, or a new one where it has none; inside a transaction."""
        if poll.timer_id is None or not await self.bot.timers.reschedule(poll.timer_id, due_at):
            await self.store.set_timer(poll.id, await self._schedule(poll, due_at))

    async def _schedule(self, poll: Poll, due_at: datetime) -> int:
        return await self.bot.timers.schedule(PollTimer, due_at, guild_id=poll.guild_id, payload={"poll_id": poll.id})
