"""Starting, showing and drawing giveaways: each draw happens once, and is told until somebody can read it."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

import discord

from cogs.utility.giveaways import texts
from cogs.utility.giveaways.rules import MOST_OPEN, Person, Terms, drawn, entries_of, lacks
from cogs.utility.giveaways.views import buttons_of
from cogs.utility.refreshing import Refresher, delete_message, edit_message, place_of, say
from database.giveaways import Giveaway, GiveawaysStore
from database.numbering import with_next_number
from utils.bot import CANNOT_SAY
from utils.cog import Cog
from utils.errors import UserError
from utils.events import GiveawayTimer
from utils.i18n import N_, _, using
from utils.members import MOST_FOUND, get_members
from utils.setting_types import Setting, Switch
from utils.timers import InHand

log = logging.getLogger("hearth.utility")

ATTEMPTS = 5  # at hearing from Discord who is here
ASKED_AGAIN_SECONDS = 20.0

TELL_WINNERS = Setting[bool](
    "giveaway-messages", Switch(), False, N_("Whether winners of giveaways get a direct message as well.")
)


class Desk:
    """The giveaways of all guilds."""

    def __init__(self, cog: Cog) -> None:
        self.bot = cog.bot
        self.messages = Refresher(cog, self._show)
        self.store = GiveawaysStore(cog.bot.db)
        self._in_hand = InHand()

    # --- starting and showing

    async def start(self, giveaway: Giveaway) -> Giveaway:
        """Keep a giveaway under its guild's next number, with its timer, and post it. Raises UserError."""
        kept = await with_next_number(lambda: self._add(giveaway))
        try:
            return await self.post(kept, kept.channel_id)
        except (UserError, *CANNOT_SAY):
            async with self.bot.db.transaction():
                await self.store.remove(kept.id)
                await self.bot.timers.cancel(kept.timer_id)
            raise

    async def _add(self, giveaway: Giveaway) -> Giveaway:
        async with self.bot.db.transaction():
            timer_id = await self._schedule(giveaway, giveaway.ends_at)
            kept = await self.store.add(replace(giveaway, timer_id=timer_id), most_open=MOST_OPEN)
            if kept is None:
                raise UserError(
                    _("{most} giveaways are open in this server, which is the most. End one first.").format(
                        most=MOST_OPEN
                    )
                )
            return kept

    async def post(self, giveaway: Giveaway, channel_id: int) -> Giveaway:
        """Post its message there, in place of any before. Raises UserError, and what Discord answers."""
        channel = await place_of(self.bot, giveaway.guild_id, channel_id)
        if channel is None:
            raise UserError(_("I can't write in that channel."))
        embed = await self.embed(giveaway)
        with using(self.bot.language_of(channel.guild)):
            message = await channel.send(embed=embed, view=buttons_of(giveaway))
        await self.store.posted(giveaway.id, channel_id, message.id)
        await delete_message(self.bot, giveaway.guild_id, giveaway.channel_id, giveaway.message_id)
        return replace(giveaway, channel_id=channel_id, message_id=message.id)

    async def embed(self, giveaway: Giveaway) -> discord.Embed:
        """It as it is now, in the guild's language."""
        entered, winners = await self.store.count(giveaway.id), await self.store.winners(giveaway.id)
        with using(self.bot.language_of(self.bot.get_guild(giveaway.guild_id))):
            return texts.giveaway_embed(giveaway, Terms.decode(giveaway.terms), entered, winners)

    async def _show(self, giveaway_id: int) -> bool:
        """Edit its message to what it is now; False when that is gone."""
        giveaway = await self.store.get(giveaway_id)
        if giveaway is None:
            return False
        embed = await self.embed(giveaway)
        with using(self.bot.language_of(self.bot.get_guild(giveaway.guild_id))):
            view = buttons_of(giveaway)
        return await edit_message(
            self.bot, giveaway.guild_id, giveaway.channel_id, giveaway.message_id, embed=embed, view=view
        )

    # --- who may enter

    async def person(self, terms: Terms, member: discord.Member) -> Person:
        """What the terms look at."""
        level = await self.bot.levels.of(member.guild.id, member.id) if terms.level else None
        return Person({role.id for role in member.roles}, member.created_at, member.joined_at, level)

    # --- changing

    async def edit(self, giveaway: Giveaway, changed: Giveaway) -> bool:
        """Change prize, winners, terms or end; False when it is over."""
        async with self.bot.db.transaction():
            edited = await self.store.edit(
                giveaway.id, prize=changed.prize, winners=changed.winners, terms=changed.terms,
                ends_at=changed.ends_at, now=discord.utils.utcnow(),
            )  # fmt: skip
            if edited and changed.ends_at != giveaway.ends_at:
                await self._arm(giveaway, changed.ends_at)
        return edited

    async def end_now(self, giveaway: Giveaway) -> bool:
        """Let its timer draw it at once; False when it is over."""
        return await self.edit(giveaway, replace(giveaway, ends_at=discord.utils.utcnow()))

    async def cancel(self, giveaway: Giveaway) -> bool:
        """Call it off; False when it was drawn before."""
        async with self.bot.db.transaction():
            cancelled = await self.store.cancel(giveaway.id)
            if cancelled:
                await self.bot.timers.cancel(giveaway.timer_id)
        return cancelled

    # --- drawing

    async def reroll(self, giveaway: Giveaway, count: int) -> bool:
        """Draw so many others than those who won; the timer tells who. False when somebody else did meanwhile.

        Raises UserError if nobody else can win, and TimeoutError when Discord doesn't say who is here.
        """
        if giveaway.told_rounds < giveaway.rounds or giveaway.timer_id in self._in_hand:
            raise UserError(_("The winners are just being announced; try again in a minute."))
        winner_ids = await self._pick(giveaway, count)
        if not winner_ids:
            raise UserError(_("Nobody else is in who may win."))
        async with self.bot.db.transaction():
            is_first = await self.store.draw(giveaway, winner_ids)
            if is_first:
                await self._arm(giveaway, discord.utils.utcnow())
        return is_first

    async def due(self, event: GiveawayTimer) -> None:
        """Draw, and tell. Raises what Discord or the database answers; then the timer comes again."""
        await self._in_hand.handle(event, self._due)

    async def _due(self, event: GiveawayTimer) -> None:
        giveaway = await self.store.get(event.payload["giveaway_id"])
        if giveaway is None or giveaway.timer_id != event.timer_id:
            await self.bot.timers.done(event)
            return
        if giveaway.is_open:
            if giveaway.ends_at > discord.utils.utcnow():
                return  # moved since, and the timer with it
            winner_ids = await self._pick(giveaway, giveaway.winners, attempts=ATTEMPTS)
            async with self.bot.db.transaction():
                is_drawn = await self.store.draw(giveaway, winner_ids)
            if not is_drawn:
                return  # changed meanwhile: its timer was moved, or comes again and finds how it is then
        await self._tell(giveaway.id)
        await self.bot.timers.done(event)

    async def _pick(self, giveaway: Giveaway, count: int, *, attempts: int = 1) -> list[int]:
        """Whom chance picks of those who are in, still here, still may win, and didn't win yet.

        `attempts` is how often Discord is asked who is here. Raises TimeoutError when it doesn't say.
        """
        guild = self.bot.get_guild(giveaway.guild_id)
        if guild is None:
            raise TimeoutError("The guild isn't there at the moment")
        terms, entrants = Terms.decode(giveaway.terms), await self.store.entrants(giveaway.id)
        unasked, members, held = iter(entrants), dict[int, discord.Member](), dict[int, int]()

        async def entries(user_id: int) -> int:
            if user_id not in held and user_id not in members:
                others = (one for one in unasked if one != user_id and one not in members and one not in held)
                batch = [user_id, *islice(others, MOST_FOUND - 1)]
                found = await self._members(guild, batch, attempts)
                members.update(found)
                held.update({one: 0 for one in batch if one not in found})
            if user_id in members:
                held[user_id] = await self._entries(terms, members.pop(user_id))
            return held[user_id]

        return await drawn(entrants, count, terms.most_entries, entries, self.bot.chance)

    async def _members(
        self, guild: discord.Guild, user_ids: Sequence[int], attempts: int
    ) -> dict[int, discord.Member]:
        """Those who are here; asked again after a while, for Discord answers about a hundred questions a minute."""
        for _attempt in range(1, attempts):
            try:
                return await get_members(guild, user_ids)
            except TimeoutError:
                await asyncio.sleep(ASKED_AGAIN_SECONDS)
        return await get_members(guild, user_ids)

    async def _entries(self, terms: Terms, member: discord.Member) -> int:
        """How many entries a member has; 0 for who doesn't meet the terms."""
        person = await self.person(terms, member)
        existing = {role.id for role in member.guild.roles}
        is_out = lacks(terms, person, existing, discord.utils.utcnow()) is not None
        return 0 if is_out else entries_of(terms, person)

    # --- telling

    async def _tell(self, giveaway_id: int) -> None:
        """Tell of the draws that aren't told yet. Raises for what may pass."""
        giveaway = await self.store.get(giveaway_id)
        assert giveaway is not None
        guild = self.bot.get_guild(giveaway.guild_id)
        if guild is None or giveaway.told_rounds == giveaway.rounds:
            return
        is_there = await self.messages.now(giveaway.id)
        winners = await self.store.winners(giveaway.id)
        for draw in range(giveaway.told_rounds + 1, giveaway.rounds + 1):
            winner_ids = [winner.user_id for winner in winners if winner.round == draw]
            await self._announce(giveaway, guild, draw, winner_ids, is_there=is_there)
            if self.bot.guild_settings.get(guild.id, TELL_WINNERS):
                for user_id in winner_ids:
                    await self._write_to(giveaway, guild, user_id, draw)
            await self.store.told(giveaway.id, draw)

    async def _announce(
        self, giveaway: Giveaway, guild: discord.Guild, draw: int, winner_ids: Sequence[int], *, is_there: bool
    ) -> None:
        with using(self.bot.language_of(guild)):
            text = texts.announcement(giveaway, winner_ids, draw)
        said = await say(
            self.bot, guild.id, giveaway.channel_id, text,
            reply_to=giveaway.message_id if is_there else None,
            nonce=f"gift-{giveaway.id:x}-{draw}",
            embed=None if is_there else await self.embed(giveaway),
            allowed_mentions=discord.AllowedMentions(
                everyone=False, roles=False, replied_user=False,
                users=[discord.Object(user_id) for user_id in winner_ids],
            ),
        )  # fmt: skip
        if not said:
            with using(await self.bot.language_for(giveaway.host_id, guild)):
                text = texts.message_to_host(giveaway, guild, texts.announcement(giveaway, winner_ids, draw))
            await self._send_to(giveaway.host_id, text, f"host-{giveaway.id:x}-{draw}")

    async def _write_to(self, giveaway: Giveaway, guild: discord.Guild, user_id: int, draw: int) -> None:
        with using(await self.bot.language_for(user_id, guild)):
            text = texts.message_to_winner(giveaway, guild)
        await self._send_to(user_id, text, f"won-{giveaway.id:x}-{draw}")

    async def _send_to(self, user_id: int, text: str, nonce: str) -> None:
        """A direct message; one that can't be sent is left out, for the channel has said it."""
        try:
            user = self.bot.get_user(user_id) or await self.bot.fetch_user(user_id)
            await user.send(text, nonce=nonce)
        except CANNOT_SAY:
            log.info("User %d can't be told of a giveaway", user_id, exc_info=True)

    # --- timers

    async def wake(self, guild_id: int) -> None:
        """See to it that what isn't finished has a timer: one of a guild that the bot left is dropped in time."""
        for giveaway in await self.store.unfinished_in(guild_id):
            if await self.bot.timers.store.get(giveaway.timer_id) is None:
                async with self.bot.db.transaction():
                    await self._arm(giveaway, max(giveaway.ends_at, discord.utils.utcnow()))
                await asyncio.sleep(0)

    async def _arm(self, giveaway: Giveaway, due_at: datetime) -> None:
        """Let its timer come at that time, or a new one where it has none; inside a transaction."""
        if not await self.bot.timers.reschedule(giveaway.timer_id, due_at):
            await self.store.set_timer(giveaway.id, await self._schedule(giveaway, due_at))

    async def _schedule(self, giveaway: Giveaway, due_at: datetime) -> int:
        return await self.bot.timers.schedule(
            GiveawayTimer, due_at, guild_id=giveaway.guild_id, payload={"giveaway_id": giveaway.id}
        )
