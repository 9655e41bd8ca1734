"""From a member to their card: what is read, fetched and drawn for it."""

from dataclasses import dataclass, replace
from typing import Final

import discord

from cogs.leveling.cards.draw import CardFacts, draw_card
from cogs.leveling.cards.gallery import draw_gallery
from cogs.leveling.cards.settings import RANK_CARDS
from cogs.leveling.cards.texts import Place, alt_text, card_embed, card_facts
from cogs.leveling.service import Leveling
from database.rank_cards import RankCardsStore
from database.standing_values import Standing
from utils.context import GuildContext
from utils.drawing.backgrounds import BACKGROUNDS
from utils.drawing.drawing import Drawing

FILE_NAME: Final = "rank.png"
GALLERY_FILE_NAME: Final = "backgrounds.png"


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody's card: what it shows, and the picture to be sent if there is one."""

    person: discord.Member | discord.User
    facts: CardFacts
    file: discord.File | None

    @property
    def embed(self) -> discord.Embed:
        """The same without a picture."""
        return card_embed(self.person, self.facts)


class Showing:
    """Makes cards."""

    def __init__(self, leveling: Leveling, drawing: Drawing, store: RankCardsStore) -> None:
        self.leveling = leveling
        self.drawing = drawing
        self.store = store

    async def card(
        self, ctx: GuildContext, person: discord.Member | discord.User, standing: Standing
    ) -> Card:  # fmt: skip
        """The card of somebody who has this, as it can be shown here."""
        place = await self._place(ctx.guild, person, standing)
        choice = await self.store.of_user(person.id)
        facts = card_facts(person, standing, self.leveling.curve(ctx.guild.id), place, choice)
        if not self._may_draw(ctx):
            return Card(person, facts, None)
        avatar = await self.drawing.avatar(person)
        if avatar is not None:
            facts = replace(facts, avatar=person.display_avatar.key)
        file = await self.drawing.file(
            facts,
            lambda: draw_card(facts, avatar, self.drawing.fonts),
            name=FILE_NAME,
            description=alt_text(facts),
        )
        return Card(person, facts, file)

    async def gallery(self, ctx: GuildContext) -> discord.File | None:
        """All backgrounds; None where no picture can be shown."""
        if not self._may_draw(ctx):
            return None
        return await self.drawing.file(
            "gallery",
            lambda: draw_gallery(self.drawing.fonts),
            name=GALLERY_FILE_NAME,
            description=", ".join(BACKGROUNDS),
        )

    def _may_draw(self, ctx: GuildContext) -> bool:
        """Whether pictures are wanted, and can be sent here."""
        return self.leveling.bot.guild_settings.get(ctx.guild.id, RANK_CARDS) and ctx.can_attach

    async def _place(
        self, guild: discord.Guild, person: discord.Member | discord.User, standing: Standing
    ) -> Place | None:
        """The rank of who is here and has XP."""
        is_here = isinstance(person, discord.Member)
        if standing.present != is_here:  # without the members intent nobody tells of who comes and goes
            await self.leveling.note_presence(guild.id, [person.id], present=is_here)
        if not is_here or not standing.xp:
            return None
        rank, people = (
            await self.leveling.store.rank(guild.id, standing.xp),
            await self.leveling.store.count(guild.id),
        )
        return Place(rank, max(rank, people))
