"""Everybody's XP as files that spreadsheets, other bots and `xp import` read: CSV or JSON."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import discord
from discord.ext import commands

from cogs.leveling.service import Leveling
from database.standing_values import Standing
from utils.context import GuildContext
from utils.errors import UserError
from utils.i18n import _
from utils.members import get_members
from utils.spreadsheets import MOST_FILE_BYTES, as_text, csv_head, csv_line, in_files

Format = Literal["csv", "json"]
FORMATS: Final[tuple[Format, ...]] = ("csv", "json")
COLUMNS: Final = ("user_id", "name", "level", "xp", "messages", "voice_minutes", "present")
AT_ONCE: Final = 100  # people written without a pause
MOST_NAMED: Final = 1_000
"""People whose names are looked up, those with most XP: Discord tells of a hundred at once."""


class FormatConverter(commands.Converter[Format]):
    """`csv` or `json`."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Format:
        """Raise `BadArgument` for anything else."""
        for one in FORMATS:
            if argument.strip().removeprefix(".").casefold() == one:
                return one
        raise commands.BadArgument(_("I export as `csv` or as `json`."))


@dataclass(frozen=True, slots=True)
class Exported:
    """What is written of somebody. The name is None where it isn't known."""

    standing: Standing
    level: int
    name: str | None


def csv_row(one: Exported) -> bytes:
    """Somebody as a line of CSV. The id is text: a spreadsheet would round it."""
    cells = [as_text(one.standing.user_id), *_cells(one)]
    return csv_line([("yes" if cell else "no") if isinstance(cell, bool) else cell for cell in cells]).encode()


def json_row(one: Exported) -> bytes:
    """Somebody as an object of JSON; the id as text, for JavaScript would round a number."""
    cells = (str(one.standing.user_id), *_cells(one))
    row = json.dumps(dict(zip(COLUMNS, cells, strict=True)), ensure_ascii=False, separators=(",", ":"))
    return row.encode()


def _cells(one: Exported) -> tuple[str | int | None, ...]:
    """What comes behind the id."""
    standing = one.standing
    return one.name, one.level, standing.xp, standing.messages, standing.voice_minutes, standing.present


async def export_files(
    leveling: Leveling, guild: discord.Guild, form: Format, *, most_bytes: int = MOST_FILE_BYTES
) -> AsyncIterator[bytes]:
    """Everybody who has anything, also those who left, in one file or in several."""
    curve, names = leveling.curve(guild.id), await _names(leveling, guild)
    row = csv_row if form == "csv" else json_row
    await leveling.write(guild.id)

    async def rows() -> AsyncIterator[bytes]:
        async for page in leveling.store.all(guild.id):
            for number, standing in enumerate(page):
                if not number % AT_ONCE:
                    await asyncio.sleep(0)  # others want to be heard, too
                if not standing.is_empty:
                    yield row(Exported(standing, curve.level(standing.xp), names.get(standing.user_id)))

    if form == "csv":
        files = in_files(rows(), most_bytes, head=csv_head(COLUMNS))
    else:
        files = in_files(rows(), most_bytes, head=b'{"members":[\n', between=b",\n", tail=b"\n]}\n")
    async for content in files:
        yield content


async def _names(leveling: Leveling, guild: discord.Guild) -> dict[int, str]:
    """The user names of those with most XP; nobody's, if Discord doesn't answer."""
    best = await leveling.store.top(guild.id, limit=MOST_NAMED)
    try:
        members = await get_members(guild, [one.user_id for one in best])
    except TimeoutError:
        return {}
    return {member.id: member.name for member in members.values()}


async def send_export(ctx: GuildContext, leveling: Leveling, *forms: Format) -> None:
    """Answer with everybody's XP, in each of these forms."""
    if not await _anything(leveling, ctx.guild.id):
        raise UserError(_("Nobody has any XP here yet."))
    async with ctx.typing():
        for form in forms:
            number = 0
            async for content in export_files(leveling, ctx.guild, form):
                number += 1
                await ctx.send(file=discord.File(io.BytesIO(content), f"levels-{number}.{form}"))


async def _anything(leveling: Leveling, guild_id: int) -> bool:
    await leveling.write(guild_id)
    async for page in leveling.store.all(guild_id):
        if not all(standing.is_empty for standing in page):
            return True
    return False
