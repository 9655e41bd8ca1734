"""Everybody's XP as files that spreadsheets, other bots and `xp import` read: CSV or JSON."""

import io
import json
from collections.abc import AsyncIterator
from typing import Any, Final, Literal

import discord
from discord.ext import commands

from cogs.leveling.curves import Curve
from cogs.leveling.service import Leveling
from database.standings import BOARDS, Standing
from utils.context import GuildContext
from utils.errors import UserError
from utils.i18n import _
from utils.spreadsheets import MOST_FILE_BYTES, csv_head, csv_line, in_files

COLUMNS: Final = ("user_id", "xp", "level", "messages", "voice_minutes")
FORMATS: Final = ("csv", "json")
Format = Literal["csv", "json"]


class FormatConverter(commands.Converter[Format]):
    """`csv` or `json`."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Format:
        """Raise `BadArgument` for anything else."""
        for one in ("csv", "json"):
            if argument.strip().removeprefix(".").casefold() == one:
                return one  # type: ignore[return-value]
        raise commands.BadArgument(_("I export as `csv` or as `json`."))


def csv_row(standing: Standing, curve: Curve) -> bytes:
    """A standing as a line of CSV.

    The id goes without quotes: spreadsheets don't care about them. They round it once the file is saved there, which
    `xp import` notices.
    """
    return csv_line(_cells(standing, curve)).encode()


def json_row(standing: Standing, curve: Curve) -> bytes:
    """A standing as an object of JSON; the id as text, for JavaScript would round a number."""
    return json.dumps(dict(zip(COLUMNS, _cells(standing, curve), strict=True)), separators=(",", ":")).encode()


def _cells(standing: Standing, curve: Curve) -> tuple[str, int, int, int, int]:
    level = curve.level(standing.xp)
    return str(standing.user_id), standing.xp, level, standing.messages, standing.voice_minutes


async def export_files(
    leveling: Leveling, guild_id: int, form: Format, *, most_bytes: int = MOST_FILE_BYTES
) -> AsyncIterator[bytes]:
    """Everybody who has anything, also those who left, in one file or in several."""
    curve = leveling.curve(guild_id)
    row = csv_row if form == "csv" else json_row
    await leveling.write(guild_id)

    async def rows() -> AsyncIterator[bytes]:
        async for page in leveling.store.all(guild_id):
            for standing in page:
                if any(standing.value(board) for board in BOARDS):
                    yield row(standing, curve)

    if form == "csv":
        files = in_files(rows(), most_bytes, head=csv_head(COLUMNS))
    else:
        files = in_files(rows(), most_bytes, head=b'{"members":[\n', between=b",\n", tail=b"\n]}\n")
    async for content in files:
        yield content


async def send_export(ctx: GuildContext, leveling: Leveling, form: Format) -> None:
    """Answer with everybody's XP."""
    if not await _anything(leveling, ctx.guild.id):
        raise UserError(_("Nobody has any XP here yet."))
    number = 0
    async with ctx.typing():
        async for content in export_files(leveling, ctx.guild.id, form):
            number += 1
            await ctx.send(file=discord.File(io.BytesIO(content), f"levels-{number}.{form}"))


async def _anything(leveling: Leveling, guild_id: int) -> bool:
    await leveling.write(guild_id)
    async for page in leveling.store.all(guild_id):
        if any(standing.value(board) for standing in page for board in BOARDS):
            return True
    return False
