"""What a server can set about levels. Of a least and a most that are the wrong way round, each is the other."""

from datetime import timedelta
from typing import Any

import discord

from cogs.leveling.curves import DEFAULT, Curve, CurveError, checked, parse_curve, show_curve
from utils.formatting import code
from utils.guild_settings import GuildSettings
from utils.i18n import N_, _
from utils.setting_types import (
    Channel,
    Duration,
    Many,
    Role,
    Setting,
    SettingError,
    SettingType,
    Switch,
    WholeNumber,
)

MOST_PER_MESSAGE = 1_000
MOST_PLACES = 100

CHANNELS = (
    discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.voice, discord.ChannelType.stage_voice,
    discord.ChannelType.forum, discord.ChannelType.category,
)  # fmt: skip


class CurveType(SettingType[Curve]):
    """How much XP levels take."""

    def parse(self, text: str, guild: discord.Guild) -> Curve:
        try:
            return parse_curve(text)
        except CurveError as error:
            raise SettingError(str(error)) from error

    def check(self, value: Any) -> Curve:
        if isinstance(value, list) and len(value) == 2:
            kind, numbers = value
            if kind in {"step", "total"} and isinstance(numbers, list) and all(type(one) is int for one in numbers):
                value = Curve(kind, tuple(numbers))
        if not isinstance(value, Curve):
            raise SettingError(_("This should be {what}.").format(what=self.expects()))
        try:
            return checked(value)
        except CurveError as error:
            raise SettingError(str(error)) from error

    def encode(self, value: Curve) -> Any:
        return [value.kind, list(value.coefficients)]

    def show(self, value: Curve) -> str:
        return code(show_curve(value))

    def expects(self) -> str:
        return _("a curve such as `mee6` or `linear 100 75`")


CURVE = Setting[Curve](
    "level-curve", CurveType(), DEFAULT, N_("How much XP each level takes; `levels curve` changes it."), hidden=True
)  # fmt: skip
XP_LEAST = Setting[int]("xp-least", WholeNumber(0, MOST_PER_MESSAGE), 15, N_("The least XP that a message brings."))
XP_MOST = Setting[int]("xp-most", WholeNumber(0, MOST_PER_MESSAGE), 25, N_("The most XP that a message brings."))
XP_COOLDOWN = Setting[timedelta](
    "xp-cooldown", Duration(timedelta(seconds=1), timedelta(days=1)), timedelta(minutes=1),
    N_("How long after a message that brought XP the next one brings some."),
)  # fmt: skip
SHORTEST = Setting[int](
    "xp-shortest", WholeNumber(0, 200), 3, N_("Messages with fewer characters than this bring no XP.")
)  # fmt: skip
REPEATED = Setting[bool](
    "xp-repeats", Switch(), False, N_("Whether messages bring XP that repeat what the member said just before.")
)
NO_XP_CHANNELS = Setting[tuple[int, ...]](
    "no-xp-channels", Many(Channel(CHANNELS), MOST_PLACES), (),
    N_("Channels and categories that bring no XP, their threads included."),
)  # fmt: skip
ONLY_XP_CHANNELS = Setting[tuple[int, ...]](
    "only-xp-channels", Many(Channel(CHANNELS), MOST_PLACES), (),
    N_("Channels and categories that alone bring XP; with none set, all do."),
)  # fmt: skip
NO_XP_ROLES = Setting[tuple[int, ...]](
    "no-xp-roles", Many(Role(), MOST_PLACES), (), N_("Roles whose members get no XP.")
)
ONLY_XP_ROLES = Setting[tuple[int, ...]](
    "only-xp-roles", Many(Role(), MOST_PLACES), (), N_("Roles whose members alone get XP; with none set, all do.")
)

SETTINGS: tuple[Setting[Any], ...] = (
    CURVE, XP_LEAST, XP_MOST, XP_COOLDOWN, SHORTEST, REPEATED, NO_XP_CHANNELS, ONLY_XP_CHANNELS, NO_XP_ROLES,
    ONLY_XP_ROLES,
)  # fmt: skip


def xp_range(values: GuildSettings, guild_id: int | None) -> tuple[int, int]:
    """The least and the most that a message brings in a guild, before multipliers."""
    one, other = values.get(guild_id, XP_LEAST), values.get(guild_id, XP_MOST)
    return min(one, other), max(one, other)
