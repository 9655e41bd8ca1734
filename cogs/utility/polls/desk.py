"""Showing, moving and ending polls: a poll ends once, and its end is told until somebody can read it."""

import logging
from datetime import datetime

import discord
from discord.ui import View

from cogs.utility.polls.rules import MOST_OPEN_OF_AUTHOR, Tally, tally
from cogs.utility.polls.texts import poll_embed, result_text
from cogs.utility.polls.views import buttons_of
from cogs.utility.posted_desk import PostedDesk
from database.polls import Poll, PollsStore
from utils.cog import Cog
from utils.errors import UserError
from utils.events import PollTimer
from utils.i18n import _, using
from utils.places import say

log = logging.getLogger("hearth.utility")


class Desk(PostedDesk[Poll]):
    """The polls of all guilds."""

    store: PollsStore
    most_open = MOST_OPEN_OF_AUTHOR

    def __init__(self, cog: Cog) -> None:
        super().__init__(cog, PollsStore(cog.bot.db), PollTimer, "poll_id")

    async def standing(self, poll: Poll) -> Tally:
        """How it stands."""
        return tally(len(poll.options), await self.store.masks(poll.id))

    async def look(self, one: Poll) -> tuple[discord.Embed, View | None]:
        return poll_embed(one, await self.standing(one)), buttons_of(one)

    def too_many(self) -> UserError:
        return UserError(
            _("You have {most} open polls here, which is the most. Close one first.").format(most=self.most_open)
        )

    async def move(self, poll: Poll, ends_at: datetime | None) -> bool:
        """Let it end at another time, or not by itself; False when it is over."""
        async with self.bot.db.transaction():
            timer_id = None
            if ends_at is None:
                await self.ends.disarm(poll)
            else:
                timer_id = await self.ends.arm(poll, ends_at)
            moved = await self.store.move(poll.id, ends_at, timer_id, discord.utils.utcnow())
            if not moved:
                await self.ends.arm(poll, discord.utils.utcnow())
        return moved

    # --- its end

    async def close(self, poll: Poll, closed_by: int) -> bool:
        """Close it early; its timer tells of it. False when it was closed before."""
        now = discord.utils.utcnow()
        async with self.bot.db.transaction():
            closed = await self.store.close(poll.id, now, closed_by)
            if closed:
                await self.ends.arm(poll, now)
        return closed

    async def end(self, one: Poll) -> bool:
        if not one.told:
            await self.store.close(one.id, discord.utils.utcnow())
            await self._tell(one.id)
        return True

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
