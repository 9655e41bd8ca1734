"""The catalogue of the bot's own events.

Cogs talk to each other through these alone. Each event is a frozen dataclass; its name is derived from its class
(`GuildSettingChanged` is heard as `on_guild_setting_changed`), so that a mistyped name can't be dispatched. An event
carries ids and values, and says who sends it, when, and who listens.
"""

from utils.events.catalogue import CATALOGUE, TimerEvent, event, name_of, publish
from utils.events.economy import CoinsEarned, CoinsSpent, ItemBought, LotteryTimer, ShopRoleTimer, XpBoosted
from utils.events.fun import (
    BetEnded,
    BetHeld,
    BetRefused,
    BetRequested,
    BetSettled,
    BirthdayRoleTimer,
    BirthdayTimer,
    BoardGameTimer,
)
from utils.events.guilds import GuildDataTimer, GuildSettingChanged
from utils.events.leveling import LevelRolesTimer, LevelUp, LevelUpMessageTimer
from utils.events.moderation import ChannelTimer, ModAction, RaidTimer, ReportOpened, SanctionTimer
from utils.events.utility import (
    AutoRoleTimer,
    GiveawayTimer,
    GreetingTimer,
    NewcomerTimer,
    PollTimer,
    ReminderTimer,
    ScheduledMessageTimer,
    SelfRoleTimer,
    StickyRolesTimer,
    TicketTimer,
)

__all__ = [
    "CATALOGUE",
    "AutoRoleTimer",
    "BetEnded",
    "BetHeld",
    "BetRefused",
    "BetRequested",
    "BetSettled",
    "BirthdayRoleTimer",
    "BirthdayTimer",
    "BoardGameTimer",
    "ChannelTimer",
    "CoinsEarned",
    "CoinsSpent",
    "GiveawayTimer",
    "GreetingTimer",
    "GuildDataTimer",
    "GuildSettingChanged",
    "ItemBought",
    "LevelRolesTimer",
    "LevelUp",
    "LevelUpMessageTimer",
    "LotteryTimer",
    "ModAction",
    "NewcomerTimer",
    "PollTimer",
    "RaidTimer",
    "ReminderTimer",
    "ReportOpened",
    "SanctionTimer",
    "ScheduledMessageTimer",
    "SelfRoleTimer",
    "ShopRoleTimer",
    "StickyRolesTimer",
    "TicketTimer",
    "TimerEvent",
    "XpBoosted",
    "event",
    "name_of",
    "publish",
]
