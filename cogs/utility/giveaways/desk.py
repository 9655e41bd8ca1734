"""Showing, changing and drawing giveaways: each draw happens once, and is told until somebody can read it."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import discord
from discord.ui import View

from cogs.utility.giveaways import texts
from cogs.utility.giveaways.rules import MOST_OPEN, Person, Terms, drawn, entries_of, lacks
from cogs.utility.giveaways.views import buttons_of
from cogs.utility.posted_desk import PostedDesk
from database.giveaways import Giveaway, GiveawaysStore
from utils.bot import CANNOT_SAY
from utils.cog import Cog
from utils.errors import UserError
from utils.events import GiveawayTimer
from utils.i18n import N_, _, using
from utils.members import MOST_FOUND, get_members
from utils.places import say
from utils.setting_types import Setting, Switch

log = logging.getLogger("hearth.utility")

ATTEMPTS = 5  # at hearing from Discord who is here
ASKED_AGAIN_SECONDS = 20.0

TELL_WINNERS = Setting[bool](
    "giveaway-messages", Switch(), False, N_("Whether winners of giveaways get a direct message as well.")
)


class Desk(PostedDesk[Giveaway]):
    """The giveaways of all guilds."""

    store: GiveawaysStore
    most_open = MOST_OPEN

    def __init__(self, cog: Cog) -> None:
        super().__init__(cog, GiveawaysStore(cog.bot.db), GiveawayTimer, "giveaway_id")

    async def look(self, one: Giveaway) -> tuple[discord.Embed, View | None]:
        entered, winners = await self.store.count(one.id), await self.store.winners(one.id)
        return texts.giveaway_embed(one, Terms.decode(one.terms), entered, winners), buttons_of(one)

    def too_many(self) -> UserError:
        return UserError(
            _("{most} giveaways are open in this server, which is the most. End one first.").format(
                most=self.most_open
            )
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
                await self.ends.arm(giveaway, changed.ends_at)
        return edited

    async def end_now(self, giveaway: Giveaway) -> bool:
        """Let its timer draw it at once; False when it is over."""
        return await self.edit(giveaway, replace(giveaway, ends_at=discord.utils.utcnow()))

    async def cancel(self, giveaway: Giveaway) -> bool:
        """Call it off; False when it was drawn before."""
        async with self.bot.db.transaction():
            cancelled = await self.store.cancel(giveaway.id)
            if cancelled:
                await self.ends.disarm(giveaway)
        return cancelled

    # --- drawing

    async def reroll(self, giveaway: Giveaway, count: int) -> bool:
        """Draw so many others than those who won; the timer tells who. False when somebody else did meanwhile.

        Raises UserError if nobody else can win, and TimeoutError when Discord doesn't say who is here.
        """
        if giveaway.told_rounds < giveaway.rounds or self.ends.is_ending(giveaway):
            raise UserError(_("The winners are just being announced; try again in a minute."))
        winner_ids = await self._pick(giveaway, count)
        if not winner_ids:
            raise UserError(_("Nobody else is in who may win."))
        async with self.bot.db.transaction():
            is_first = await self.store.draw(giveaway, winner_ids)
            if is_first:
                await self.ends.arm(giveaway, discord.utils.utcnow())
        return is_first

    async def end(self, one: Giveaway) -> bool:
        if one.is_open:
            winner_ids = await self._pick(one, one.winners, attempts=ATTEMPTS)
            async with self.bot.db.transaction():
                is_drawn = await self.store.draw(one, winner_ids)
            if not is_drawn:
                return False  # changed meanwhile: its timer was moved, or comes again and finds how it is then
        await self._tell(one.id)
        return True

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
            embed=None if is_there else (await self.shown(giveaway))[0],
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
