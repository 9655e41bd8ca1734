"""What a multiplier is for, and until when, as staff writes it."""

import re
from datetime import datetime, tzinfo
from typing import Any, Final

import discord
from discord.ext import commands

from cogs.leveling.multiplying.rules import MOST_IN_A_GUILD, parse_percent
from cogs.leveling.settings import CHANNELS
from database.xp_multipliers import Kind, XpMultiplier
from utils.arguments import as_bad_argument
from utils.errors import UserError
from utils.formatting import quoted
from utils.i18n import _, format_number
from utils.lookup import NoMatchError, find_channel, find_role
from utils.time import TimeError, parse_moment

Target = tuple[Kind, int]

SERVER: Final[Target] = ("server", 0)
_SERVER_WORDS: Final = frozenset({"server", "guild", "all", "global", "everywhere", "everyone", "@everyone"})
_LEAD = re.compile(r"(?:for|until|till|für|bis)\s+", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]{1,19}")
_MENTION = re.compile(r"<(?:#|@&)([0-9]{1,19})>")


class Percent(commands.Converter[int]):
    """How much XP counts, in percent."""

    async def convert(self, _ctx: commands.Context[Any], argument: str) -> int:
        """Raise `BadArgument` if it can't be read or is out of the limits."""
        with as_bad_argument():
            return parse_percent(argument)


def find_target(guild: discord.Guild, text: str, asker: discord.Member) -> Target:
    """The server, or the channel, category or role that is meant; raises `UserError`."""
    if text.strip().casefold() in _SERVER_WORDS:
        return SERVER
    found: list[Target] = []
    for find in (_channel, _role):
        try:
            found.append(find(guild, text, asker))
        except NoMatchError as error:
            if text.startswith(("#", "<#") if find is _channel else ("@", "<@")):
                raise UserError(str(error)) from error
    if not found:
        raise UserError(
            _("I find neither a channel nor a role “{text}”. Say `server`, a channel or category, or a role.").format(
                text=quoted(text)
            )
        )
    if len(found) > 1:
        raise UserError(_("There is a channel and a role of this name. Mention the one you mean."))
    return found[0]


def _channel(guild: discord.Guild, text: str, asker: discord.Member) -> Target:
    return "channel", find_channel(guild, text, CHANNELS, visible_to=asker).id


def _role(guild: discord.Guild, text: str, _asker: discord.Member) -> Target:
    role = find_role(guild, text)
    return SERVER if role.is_default() else ("role", role.id)


def find_held(guild: discord.Guild, text: str, asker: discord.Member, held: list[XpMultiplier]) -> XpMultiplier:
    """The multiplier for what is meant, by the id also for what was deleted; raises `UserError`."""
    digits = _MENTION.fullmatch(text.strip()) or _DIGITS.fullmatch(text.strip())
    wanted = int(digits[digits.lastindex or 0]) if digits else None
    target = next(((one.kind, one.target_id) for one in held if one.target_id == wanted), None)
    kind, target_id = target or find_target(guild, text, asker)
    for one in held:
        if (one.kind, one.target_id) == (kind, target_id):
            return one
    raise UserError(_("There is no multiplier for this. `xp multiplier` shows those there are."))


def parse_end(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """When a multiplier ends: `for 2d`, `until friday`; never if nothing is said. Raises `UserError`."""
    text = text.strip()
    if not text:
        return None
    lead = _LEAD.match(text)
    try:
        return parse_moment(text[lead.end() if lead else 0 :], now, zone)
    except TimeError as error:
        raise UserError(str(error)) from error


def check_room(held: list[XpMultiplier], one: XpMultiplier) -> None:
    """Raise `UserError` if there are too many multipliers for another one."""
    known = any((other.kind, other.target_id) == (one.kind, one.target_id) for other in held)
    if len(held) >= MOST_IN_A_GUILD and not known:
        raise UserError(
            _("That's enough: there may be {most} multipliers. Remove one first.").format(
                most=format_number(MOST_IN_A_GUILD)
            )
        )
