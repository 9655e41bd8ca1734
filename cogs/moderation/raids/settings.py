"""What a server can set about raids."""

from datetime import timedelta

from cogs.moderation.raids.rules import Limits
from utils.guild_settings import GuildSettings
from utils.i18n import N_
from utils.setting_types import Choice, Duration, Many, Setting, Switch, WholeNumber

ACTIONS = ("quarantine", "verification", "invites")

WATCH = Setting[bool](
    "raid-watch", Switch(), False, N_("Whether I watch for raids: many who join at once and look suspicious.")
)
JOINS = Setting[int]("raid-joins", WholeNumber(3, 100), 10, N_("How many must join at once for it to be a raid."))
WITHIN = Setting[timedelta](
    "raid-window", Duration(timedelta(seconds=5), timedelta(minutes=10)), timedelta(seconds=30),
    N_("Within how long that is."),
)  # fmt: skip
YOUNG = Setting[timedelta](
    "raid-account-age", Duration(timedelta(0), timedelta(days=365)), timedelta(days=7),
    N_("Accounts that are younger are suspicious."),
)  # fmt: skip
QUIET = Setting[timedelta](
    "raid-quiet", Duration(timedelta(minutes=1), timedelta(hours=12)), timedelta(minutes=10),
    N_("A raid is over when nobody suspicious joined for so long."),
)  # fmt: skip
DOES = Setting[tuple[str, ...]](
    "raid-actions", Many(Choice(ACTIONS), len(ACTIONS)), (),
    N_(
        "What I do in a raid besides telling the staff: quarantine (jail, or a timeout if there is no jail role), "
        "verification (raise it to the highest level), invites (pause them)."
    ),
)  # fmt: skip

SETTINGS = (WATCH, JOINS, WITHIN, YOUNG, QUIET, DOES)


def limits_of(values: GuildSettings, guild_id: int) -> Limits:
    """What a guild has set."""
    return Limits(
        values.get(guild_id, JOINS), values.get(guild_id, WITHIN), values.get(guild_id, YOUNG),
        values.get(guild_id, QUIET),
    )  # fmt: skip
