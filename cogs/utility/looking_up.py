"""What letters and ids are: `charinfo` and `snowflake`."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Annotated, Final

import discord
from discord.ext import commands

from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.formatting import bullets, code
from utils.i18n import _, ngettext
from utils.lookup import LARGEST_ID
from utils.time import human_duration, timestamp

MOST_CHARACTERS: Final = 50
CHARACTERS_A_PAGE: Final = 10
MOST_IDS: Final = 10
_DIGITS: Final = re.compile(r"(?<![0-9])[0-9]{15,20}(?![0-9])")


class Snowflakes(commands.Converter[list[int]]):
    """Ids, alone or in mentions, emoji and links."""

    async def convert(self, ctx: Context, argument: str) -> list[int]:  # type: ignore[override]
        """Raise `BadArgument` if there is none."""
        found = [int(digits) for digits in _DIGITS.findall(argument) if int(digits) <= LARGEST_ID]
        if not found:
            raise commands.BadArgument(_("There is no id in that. An id has 17 to 20 digits."))
        return list(dict.fromkeys(found))[:MOST_IDS]


class LookingUp(Cog):
    """Look up letters and ids."""

    @command(aliases=["unicode", "char"])
    @example("é", "👍🏽", "аpple")
    async def charinfo(self, ctx: Context, *, characters: str) -> None:
        """Show what the characters of a text are, one by one.

        It tells letters apart that look alike, shows invisible ones, and takes emoji to pieces.
        """
        lines = [character_line(one) for one in characters[:MOST_CHARACTERS]]
        if len(characters) > MOST_CHARACTERS:
            lines.append(
                ngettext(
                    "… and {count} character more", "… and {count} characters more", len(characters) - MOST_CHARACTERS
                ).format(count=len(characters) - MOST_CHARACTERS)
            )
        await ctx.paginate_lines(lines, most_lines=CHARACTERS_A_PAGE, title=_("Characters"))

    @command(aliases=["idinfo"])
    @example("80351110224678912", "80351110224678912 175928847299117063", "@ann")
    async def snowflake(self, ctx: Context, *, ids: Annotated[list[int], Snowflakes]) -> None:
        """Show when the things behind Discord's ids were made.

        It takes ids, mentions, custom emoji and links to messages. Of two ids it also tells the time between them.
        """
        answer = bullets(snowflake_line(one) for one in ids)
        if len(ids) == 2:
            between = abs(made_at(ids[0]) - made_at(ids[1]))
            answer += "\n" + _("Between them: {duration}").format(duration=exact_duration(between))
        await ctx.info(answer)


def character_line(character: str) -> str:
    """What a character is: itself where that can be shown, its number and its name."""
    number = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    category = unicodedata.category(character)
    if not name:
        name = _("control character") if category == "Cc" else _("without a name")
    shown = code(character) if category[0] not in "CZM" else code(" ")
    return f"{shown} {code(number)} {name}"


def made_at(snowflake: int) -> datetime:
    """When an id was made; they are accurate to the millisecond."""
    return discord.utils.snowflake_time(snowflake)


def snowflake_line(snowflake: int) -> str:
    """When an id was made, and where."""
    made = made_at(snowflake)
    return _("{id}: {when} ({ago}), worker {worker}, process {process}, number {number}").format(
        id=code(str(snowflake)), when=timestamp(made, "F"), ago=timestamp(made, "R"),
        worker=snowflake >> 17 & 31, process=snowflake >> 12 & 31, number=snowflake & 4095,
    )  # fmt: skip


def exact_duration(duration: timedelta) -> str:
    """A duration with its milliseconds if it is short."""
    if duration < timedelta(minutes=1):
        return f"{duration.total_seconds():.3f} s"
    return human_duration(duration)
