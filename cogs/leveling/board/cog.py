"""The leaderboard's commands, and who is left out of it because they left."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Final

from discord.ext import commands

from cogs.leveling.base import LevelingCog
from cogs.leveling.board import texts
from cogs.leveling.board.ranking import BoardRanking
from cogs.leveling.board.rules import Wanted, period_end
from cogs.leveling.board.settings import SETTINGS
from cogs.leveling.board.showing import Pictures, Row, line
from cogs.leveling.exports import FORMATS, Format, FormatConverter, send_export
from cogs.leveling.service import Leveling
from database.standing_values import Standing
from utils import checks, embeds
from utils.bot import Hearth
from utils.commands import example, group
from utils.context import GuildContext
from utils.formatting import safe
from utils.rankings import RankedPage, RankingCog
from utils.views import LivePage

EVERYTHING: Final = Wanted()
SHOWN_TIMES, SHOWN_SECONDS = 6, 20.0
"""So often in this time somebody may ask for a board: Discord is asked then who is still here."""


class Leaderboard(LevelingCog, RankingCog):
    """Who has gathered most."""

    settings = SETTINGS
    also_needs: ClassVar[Mapping[str, str]] = {"attach_files": "the pictures of `leaderboard`"}

    def __init__(self, bot: Hearth, leveling: Leveling) -> None:
        super().__init__(bot, leveling)
        self.pictures = Pictures(bot.drawing)

    async def note_presence(self, guild_id: int, user_id: int, *, present: bool) -> None:
        """Leave somebody out who left, until they come back."""
        await self.leveling.note_presence(guild_id, [user_id], present=present)

    # --- the boards

    @group(aliases=["lb", "top"], usage="[period] [board] [page]")
    @example("", "week", "voice 2", "today messages", "me")
    @commands.cooldown(SHOWN_TIMES, SHOWN_SECONDS, commands.BucketType.user)
    async def leaderboard(self, ctx: GuildContext, *, wanted: Wanted = EVERYTHING) -> None:
        """Show who has most XP, messages or time in voice channels.

        Say in any order which period counts (`all`, `week` or `day`), which board you want (`xp`, `messages` or
        `voice`), and a page, or `me` for the page that you are on. Equals share a place, and people who left the
        server are not in it. Weeks begin on Monday, at midnight in the server's time zone, which
        `config set timezone` sets.
        """

        async def read(index: int) -> LivePage:
            return await self._page(ctx, wanted, index)

        ranking = BoardRanking(self.leveling, ctx.guild, wanted)
        await ctx.leaf(read, await ranking.page_of(ctx.author.id) if wanted.at_me else wanted.page - 1)

    async def _page(self, ctx: GuildContext, wanted: Wanted, index: int) -> LivePage:
        await self.leveling.write(ctx.guild.id)
        ranking = BoardRanking(self.leveling, ctx.guild, wanted)
        own = await ranking.own(ctx.author.id)  # first, since who came back is ranked then
        page = await ranking.page(index)
        rows = await self._rows(ranking, page, own)
        title = texts.title(wanted.board, wanted.span, safe(ctx.guild.name))
        embed = embeds.info("\n".join(await self._lines(ranking, page, rows, own)), title=title)
        file = await self.pictures.file(ctx, rows, wanted.board, page.members)
        if file is not None:
            embed.set_image(url=f"attachment://{file.filename}")
        return LivePage(embed, page.index, page.pages, file)

    async def _rows(self, ranking: BoardRanking, page: RankedPage[Standing], own: Standing) -> list[Row]:
        guild_id = ranking.guild.id
        # In a period, what counts on its board isn't what makes the level.
        overall = await self.leveling.store.get_many(guild_id, [one.user_id for one in page.entries])
        return [
            Row(
                place,
                one.user_id,
                one.value(ranking.board),
                self.leveling.level(guild_id, overall[one.user_id].xp),
                is_reader=one.user_id == own.user_id,
            )
            for place, one in zip(await ranking.places(page), page.entries, strict=True)
        ]

    async def _lines(
        self, ranking: BoardRanking, page: RankedPage[Standing], rows: Sequence[Row], own: Standing
    ) -> list[str]:
        board, span = ranking.board, ranking.period or "all"
        lines = []
        if ranking.period is not None:
            zone = self.bot.timezone_of(ranking.guild)
            lines += [texts.until(span, period_end(ranking.period, ranking.today, zone)), ""]
        if not rows:
            return [*lines, texts.empty(board, span)]
        lines += [line(row, board) for row in rows]
        value = own.value(board)
        return [*lines, "", texts.foot(board, value, await ranking.place(value), page.people)]

    # --- as files

    @leaderboard.command(name="export")
    @example("", "csv", "json")
    @checks.requires(manage_guild=True)
    @checks.bot_requires(attach_files=True)
    async def leaderboard_export(
        self, ctx: GuildContext, form: Annotated[Format | None, FormatConverter] = None
    ) -> None:
        """Get everybody's XP as files: `csv` for spreadsheets, `json` for programs; both without a word.

        People who left are in them. `xp import` reads these files.
        """
        await send_export(ctx, self.leveling, *([form] if form else FORMATS))
