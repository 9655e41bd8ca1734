"""Ratings in games on boards, and how members fared in them."""

from collections.abc import Sequence
from typing import Annotated

import discord

from cogs.fun.boards.kinds import KINDS, Kind, RatedGame
from database.board_games import BoardRating, BoardRatingsStore
from utils import embeds
from utils.bot import Hearth
from utils.cog import GuildCog
from utils.commands import command, example
from utils.context import GuildContext
from utils.converters import GuildMember
from utils.errors import UserError
from utils.formatting import safe
from utils.i18n import _, format_number, ngettext, translate
from utils.rankings import PER_PAGE, RankedPage, Ranking, RankingCog
from utils.views import LivePage


class RatingOrder(Ranking[BoardRating]):
    """Who has the highest rating in a game."""

    def __init__(self, ratings: BoardRatingsStore, guild: discord.Guild, game: str) -> None:
        super().__init__(guild)
        self.ratings = ratings
        self.game = game

    async def count(self) -> int:
        """How many there are who aren't known to have left."""
        return await self.ratings.ranked(self.guild.id, self.game)

    async def top(self, *, limit: int, offset: int = 0) -> Sequence[BoardRating]:
        """So many of them from a place on."""
        return await self.ratings.top(self.guild.id, self.game, limit=limit, offset=offset)

    async def leave_out(self, user_ids: Sequence[int]) -> None:
        """Write down that these have left."""
        await self.ratings.note_presence(self.guild.id, user_ids, present=False)


class BoardScores(GuildCog, RankingCog):
    """Who fares how in games on boards."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.ratings = BoardRatingsStore(bot.db)

    async def note_presence(self, guild_id: int, user_id: int, *, present: bool) -> None:
        """Leave somebody out who left, until they come back; their rating stays theirs."""
        await self.ratings.note_presence(guild_id, [user_id], present=present)

    # --- commands

    @command(aliases=["boardscore"])
    @example("", "@bob")
    async def boardstats(
        self, ctx: GuildContext, *, member: Annotated[discord.Member | None, GuildMember] = None
    ) -> None:  # fmt: skip
        """Show how you fare in games on boards, or how another member does.

        Everybody begins with a rating of 1,000. A win against a better player brings more than one against a weaker.
        """
        player = member or ctx.author
        if player.bot:
            raise UserError(_("Bots don't play."))
        found = [one for one in await self.ratings.of(ctx.guild.id, player.id) if one.game in KINDS]
        embed = embeds.info(None if found else _("No games were played yet."), title=_("Games on boards"))
        embed.set_author(name=player.display_name, icon_url=player.display_avatar.url)
        for one in found:
            embed.add_field(name=translate(KINDS[one.game].label), value="\n".join(await self._lines(one)))
        await ctx.show(embed)

    async def _lines(self, one: BoardRating) -> list[str]:
        lines = [
            ngettext("{count} game", "{count} games", one.played).format(count=format_number(one.played)),
            _("{won} won · {lost} lost · {drawn} drawn").format(
                won=format_number(one.won), lost=format_number(one.lost), drawn=format_number(one.drawn)
            ),
        ]
        if KINDS[one.game].is_rated:
            lines.append(
                _("Rating {rating}, place #{place}").format(
                    rating=format_number(one.rating), place=format_number(await self.ratings.place(one))
                )
            )
        return lines

    @command(aliases=["boardratings"])
    @example("connect4", "tictactoe 2")
    async def boardtop(
        self, ctx: GuildContext, game: Annotated[Kind, RatedGame], page: Annotated[int | None, int] = None
    ) -> None:
        """Show who has the highest rating in a game. People who left the server are not in it."""
        order = RatingOrder(self.ratings, ctx.guild, game.name)

        async def read(index: int) -> LivePage:
            ranked = await order.page(index)
            title = _("{game}: ratings in {server}").format(game=translate(game.label), server=safe(ctx.guild.name))
            return LivePage(embeds.info(_page_text(ranked, ctx.author.id), title=title), ranked.index, ranked.pages)

        await ctx.leaf(read, max(0, (page or 1) - 1))


def _page_text(ranked: RankedPage[BoardRating], reader_id: int) -> str:
    if not ranked.entries:
        return _("No games were played yet.")
    lines = []
    for rank, one in enumerate(ranked.entries, ranked.index * PER_PAGE + 1):
        record = f"{one.won}–{one.drawn}–{one.lost}"
        line = f"**#{format_number(rank)}** <@{one.user_id}> · {format_number(one.rating)} ({record})"
        lines.append(f"➤ {line}" if one.user_id == reader_id else line)
    return "\n".join([*lines, "", _("In brackets: games won, drawn and lost.")])
