"""Everybody's standing as files: CSV for spreadsheets, JSON for programs. `xp import` reads both."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import discord

from cogs.leveling.service import Leveling
from database.standings import Standing
from utils.members import get_members
from utils.spreadsheets import MOST_FILE_BYTES, as_text, csv_head, csv_line, in_files

Form = Literal["csv", "json"]
FORMS: Final[tuple[Form, ...]] = ("csv", "json")
COLUMNS: Final = ("user_id", "name", "level", "xp", "messages", "voice_minutes", "present")
MOST_NAMED: Final = 1_000
"""People whose names are looked up, those with most XP: Discord tells of a hundred at once."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A person's row. `name` is empty where it isn't known."""

    standing: Standing
    level: int
    name: str


async def export(
    leveling: Leveling, guild: discord.Guild, form: Form, names: Mapping[int, str]
) -> AsyncIterator[bytes]:
    """Files that Discord takes with everybody who ever gathered anything, by id; one even if there is nobody.

    Read in batches, so that a large server's standings are never in memory as a whole.
    """
    shape = csv_row if form == "csv" else json_object
    entries = _entries(leveling, guild.id, names, shape)
    if form == "csv":
        files = in_files(entries, MOST_FILE_BYTES, head=csv_head(COLUMNS))
    else:
        files = in_files(entries, MOST_FILE_BYTES, head=b"[\n", between=b",\n", tail=b"\n]\n")
    async for file in files:
        yield file


async def known_names(leveling: Leveling, guild: discord.Guild) -> dict[int, str]:
    """The user names of those with most XP; nobody's, if Discord doesn't answer."""
    best = await leveling.store.top(guild.id, limit=MOST_NAMED)
    try:
        members = await get_members(guild, [one.user_id for one in best])
    except TimeoutError:
        return {}
    return {member.id: member.name for member in members.values()}


async def _entries(
    leveling: Leveling, guild_id: int, names: Mapping[int, str], shape: Callable[[Exported], str]
) -> AsyncIterator[bytes]:
    curve = leveling.curve(guild_id)
    async for batch in leveling.store.all(guild_id):
        for one in batch:
            yield shape(Exported(one, curve.level(one.xp), names.get(one.user_id, ""))).encode()


def csv_row(one: Exported) -> str:
    """A person as a line of CSV."""
    standing = one.standing
    return csv_line(
        (
            as_text(standing.user_id), one.name, one.level, standing.xp, standing.messages, standing.voice_minutes,
            "yes" if standing.present else "no",
        )
    )  # fmt: skip


def json_object(one: Exported) -> str:
    """A person as JSON. The id is a string: many programs round numbers as large as these."""
    standing = one.standing
    values = (
        str(standing.user_id), one.name, one.level, standing.xp, standing.messages, standing.voice_minutes,
        standing.present,
    )  # fmt: skip
    return json.dumps(dict(zip(COLUMNS, values, strict=True)), ensure_ascii=False)
