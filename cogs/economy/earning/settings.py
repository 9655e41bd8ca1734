"""What a server can set about earning. Of a least and a most that are the wrong way round, each is the other."""

from datetime import timedelta

from database.economy import MOST_COINS
from utils.i18n import N_
from utils.setting_types import Duration, Many, Role, Setting, WholeNumber

MOST_PAYOUT = MOST_COINS // 1_000_000
MOST_SAFE_ROLES = 20

_COINS = WholeNumber(1, MOST_PAYOUT)
_COINS_OR_NONE = WholeNumber(0, MOST_PAYOUT)
_PERCENT = WholeNumber(0, 100)
_COOLDOWN = Duration(timedelta(seconds=1), timedelta(days=365))

# --- daily and weekly

DAILY_AMOUNT = Setting[int](
    "daily-amount", _COINS_OR_NONE, 350, N_("How many coins `daily` gives; 0 switches it off.")
)
DAILY_COOLDOWN = Setting[timedelta](
    "daily-cooldown", _COOLDOWN, timedelta(hours=20), N_("How long after one `daily` the next is possible.")
)
DAILY_GRACE = Setting[timedelta](
    "daily-grace",
    _COOLDOWN,
    timedelta(hours=28),
    N_("How long a streak waits for the next `daily` once it is possible; after 20 hours, 28 more make two days."),
)
STREAK_BONUS = Setting[int](
    "streak-bonus", _COINS_OR_NONE, 25, N_("How many coins each further day of a streak adds to `daily`.")
)
STREAK_BONUS_MOST = Setting[int](
    "streak-bonus-most", _COINS_OR_NONE, 500, N_("The most that a streak adds to `daily`.")
)
WEEKLY_AMOUNT = Setting[int](
    "weekly-amount", _COINS_OR_NONE, 2_000, N_("How many coins `weekly` gives; 0 switches it off.")
)
WEEKLY_COOLDOWN = Setting[timedelta](
    "weekly-cooldown", _COOLDOWN, timedelta(days=7), N_("How long after one `weekly` the next is possible.")
)

# --- work and crime

WORK_COOLDOWN = Setting[timedelta](
    "work-cooldown", _COOLDOWN, timedelta(hours=4), N_("How long after one `work` the next is possible.")
)
WORK_LEAST = Setting[int]("work-least", _COINS, 10, N_("The least that `work` pays."))
WORK_MOST = Setting[int]("work-most", _COINS, 250, N_("The most that `work` pays."))

CRIME_COOLDOWN = Setting[timedelta](
    "crime-cooldown", _COOLDOWN, timedelta(hours=4), N_("How long after one `crime` the next is possible.")
)
CRIME_CHANCE = Setting[int]("crime-chance", _PERCENT, 50, N_("Of a hundred crimes, how many succeed."))
CRIME_LEAST = Setting[int]("crime-least", _COINS, 10, N_("The least that a crime brings."))
CRIME_MOST = Setting[int]("crime-most", _COINS, 300, N_("The most that a crime brings."))
CRIME_FINE_LEAST = Setting[int]("crime-fine-least", _COINS_OR_NONE, 10, N_("The least that a failed crime costs."))
CRIME_FINE_MOST = Setting[int]("crime-fine-most", _COINS_OR_NONE, 250, N_("The most that a failed crime costs."))

# --- robbery

ROB_COOLDOWN = Setting[timedelta](
    "rob-cooldown", _COOLDOWN, timedelta(hours=24), N_("How long after one `rob` the next is possible.")
)
ROB_CHANCE = Setting[int]("rob-chance", _PERCENT, 30, N_("Of a hundred robberies, how many succeed."))
ROB_SHARE_LEAST = Setting[int](
    "rob-share-least", _PERCENT, 10, N_("The least that a robber takes of what the victim has in hand, in percent.")
)
ROB_SHARE_MOST = Setting[int](
    "rob-share-most", _PERCENT, 50, N_("The most that a robber takes of what the victim has in hand, in percent.")
)
ROB_FINE_LEAST = Setting[int]("rob-fine-least", _COINS_OR_NONE, 10, N_("The least that a failed robbery costs."))
ROB_FINE_MOST = Setting[int]("rob-fine-most", _COINS_OR_NONE, 250, N_("The most that a failed robbery costs."))
ROB_VICTIM_MINIMUM = Setting[int](
    "rob-victim-minimum", _COINS, 200, N_("Who has less than this in hand can't be robbed.")
)
ROB_OWN_MINIMUM = Setting[int](
    "rob-own-minimum", _COINS_OR_NONE, 250,
    N_("Who has less than this in hand can't rob: who fails is to feel the fine."),
)  # fmt: skip
ROB_IMMUNITY = Setting[timedelta](
    "rob-immunity",
    _COOLDOWN,
    timedelta(hours=12),
    N_("How long a member who was robbed can't be robbed again; `1s` is as good as not at all."),
)
ROB_SAFE_ROLES = Setting[tuple[int, ...]](
    "rob-safe-roles", Many(Role(), MOST_SAFE_ROLES), (), N_("Roles whose members can't be robbed.")
)

CLAIM_SETTINGS = (
    DAILY_AMOUNT,
    DAILY_COOLDOWN,
    DAILY_GRACE,
    STREAK_BONUS,
    STREAK_BONUS_MOST,
    WEEKLY_AMOUNT,
    WEEKLY_COOLDOWN,
)
JOB_SETTINGS = (
    WORK_COOLDOWN,
    WORK_LEAST,
    WORK_MOST,
    CRIME_COOLDOWN,
    CRIME_CHANCE,
    CRIME_LEAST,
    CRIME_MOST,
    CRIME_FINE_LEAST,
    CRIME_FINE_MOST,
)
ROBBERY_SETTINGS = (
    ROB_COOLDOWN,
    ROB_CHANCE,
    ROB_SHARE_LEAST,
    ROB_SHARE_MOST,
    ROB_FINE_LEAST,
    ROB_FINE_MOST,
    ROB_VICTIM_MINIMUM,
    ROB_OWN_MINIMUM,
    ROB_IMMUNITY,
    ROB_SAFE_ROLES,
)
