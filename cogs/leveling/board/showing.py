"""A page of the leaderboard as it is shown: as a list, and as a picture where there can be one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import discord

from cogs.leveling.board import texts
from cogs.leveling.board.picture import BoardFacts, RowFacts, draw_board
from cogs.leveling.board.settings import PICTURES
from database.standing_values import Board
from utils.context import GuildContext
from utils.drawing.drawing import Drawing
from utils.i18n import _, format_number

FILE_NAME: Final = "leaderboard.jpg"


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody on the page. `value` is what the board counts."""

    place: int
    user_id: int
    value: int
    level: int
    is_reader: bool


def line(row: Row, board: Board) -> str:
    """Somebody in the list."""
    amount, level = texts.amount(board, row.value), texts.level_text(row.level)
    text = f"**#{format_number(row.place)}** <@{row.user_id}> · {amount} · {level}"
    return f"➤ {text}" if row.is_reader else text


class Pictures:
    """Draws pages."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing

    async def file(
        self, ctx: GuildContext, rows: Sequence[Row], board: Board, members: Mapping[int, discord.Member]
    ) -> discord.File | None:
        """The page as picture; None where there can't be one, or Discord didn't say whom it shows."""
        people = [members[row.user_id] for row in rows if row.user_id in members]
        if not rows or len(people) < len(rows) or not _may_draw(ctx):
            return None
        avatars = await self.drawing.avatars(people)
        facts = BoardFacts(
            tuple(
                _row_facts(row, board, person, has_avatar=avatar is not None, most=max(1, rows[0].value))
                for row, person, avatar in zip(rows, people, avatars, strict=True)
            )
        )
        return await self.drawing.file(
            facts,
            lambda: draw_board(facts, avatars, self.drawing.fonts),
            name=FILE_NAME,
            description=_("The list above as a picture."),
        )


def _may_draw(ctx: GuildContext) -> bool:
    """Whether the server wants pictures, and Discord takes them here."""
    wanted = ctx.bot.guild_settings.get(ctx.guild.id, PICTURES)
    return wanted and ctx.can_embed and ctx.can_attach


def _row_facts(row: Row, board: Board, person: discord.Member, *, has_avatar: bool, most: int) -> RowFacts:
    return RowFacts(
        row.place,
        f"#{format_number(row.place)}",
        person.display_name,
        person.display_avatar.key if has_avatar else "",
        texts.amount(board, row.value),
        texts.level_text(row.level),
        row.value / most,
        row.is_reader,
    )
