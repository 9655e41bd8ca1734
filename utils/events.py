"""The catalogue of the bot's own events.

Cogs talk to each other through these alone. Each event is a frozen dataclass; its name is derived from its class
(`GuildSettingChanged` is heard as `on_guild_setting_changed`), so that a mistyped name can't be dispatched. An event
carries ids and values, and says who sends it, when, and who listens.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, dataclass_transform

import discord

T = TypeVar("T")


def name_of(event: type) -> str:
    """The name under which an event class is dispatched: `GuildSettingChanged` → `guild_setting_changed`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", event.__name__).lower()


_shape = dataclass(frozen=True, slots=True)

CATALOGUE: dict[str, type] = {}
"""Every event by its name."""


@dataclass_transform(frozen_default=True)
def event(declared: type[T]) -> type[T]:
    """Make a class an event: a frozen dataclass in the catalogue."""
    made: type[T] = _shape(declared)
    CATALOGUE[name_of(made)] = made
    return made


def publish(bot: discord.Client, news: object) -> None:
    """Tell every listener. Returns before they run, so it can't answer."""
    bot.dispatch(name_of(type(news)), news)


@event
class GuildSettingChanged:
    """A guild's setting got another value.

    Sent by the guild settings after the change is stored. Whoever keeps something derived from a setting listens.
    Values are as stored (JSON-able); `changed_by` is the user's id, None for the bot itself.
    """

    guild_id: int
    key: str
    old: Any
    new: Any
    changed_by: int | None


@_shape
class TimerEvent:
    """Something scheduled is due: the base of every `…Timer` event.

    Sent by the timers at least once: a handler may hear the same `timer_id` again after a crash and must end with
    `bot.timers.done(event)`. `late` is how long after `due_at` it is heard; `attempt` counts from one.
    """

    timer_id: int
    due_at: datetime
    late: timedelta
    guild_id: int | None
    user_id: int | None
    payload: dict[str, Any]
    attempt: int


@event
class ReminderTimer(TimerEvent):
    """A reminder is due. Sent by the timers; heard by the utility cog, which delivers it.

    The payload is `{"reminder_id": int}`.
    """


@event
class ScheduledMessageTimer(TimerEvent):
    """A message that staff scheduled is to be sent. Sent by the timers; heard by utility.

    The payload is `{"scheduled_id": int}`.
    """


@event
class ModAction:
    """Something was done to somebody, and its case is settled.

    Sent by moderation after the action. Whoever keeps something about members listens. `kind` is the case's (`ban`,
    `timeout`, …), `source` what began it (command, client, escalation, timer, automod); `moderator_id` is None where
    nobody knows, and `target_id` where it was done to no person: a lock, a purge. `parent` is the number of the case
    that this one belongs to. A ban of many is told of once as `massban`, and besides as a `ban` of each person with
    the massban's number as `parent`: who keeps something about members hears of each, and who only shows what was
    done leaves those out.
    """

    guild_id: int
    number: int
    kind: str
    target_id: int | None
    moderator_id: int | None
    reason: str | None
    source: str
    parent: int | None = None


@event
class ReportOpened:
    """A member reported somebody to the staff, and nobody has reported that before.

    Sent by moderation when it is written down. Whoever watches over a guild's members listens. `message_id` and
    `channel_id` are None where the person as such is meant, and no message.
    """

    guild_id: int
    report_id: int
    target_id: int
    reporter_id: int
    channel_id: int | None
    message_id: int | None


@event
class CoinsEarned:
    """A member got coins that weren't theirs before, other than from another member or from staff.

    Sent by the economy after the commit, once for each kind of earning in an operation (`daily`, `work`, `winnings`,
    `chat`, …: cogs/economy/kinds.py). `winnings` are the whole payout, the bet included, which `coins_spent` told of:
    whoever rewards them rewards a draw, too. Leveling listens, and may turn some kinds into XP; never `level_up`,
    which is paid for a level: there the chain ends.
    """

    guild_id: int
    user_id: int
    amount: int
    kind: str
    operation: int


@event
class CoinsSpent:
    """A member paid coins for something, other than to another member: a purchase, a bet, a fine.

    Sent by the economy after the commit, once for each kind of spending in an operation. Whoever rewards or counts
    spending listens.
    """

    guild_id: int
    user_id: int
    amount: int
    kind: str
    operation: int


@event
class ItemBought:
    """A member bought something in the shop, and has it: a role that Discord refuses is no purchase.

    Sent by the economy after the commit, and for a role that is given at once after it was given. Whoever rewards or
    counts purchases listens. `item` is the item's number in the guild, `kind` role, text, code, boost or
    collectable.
    """

    guild_id: int
    user_id: int
    item: int
    name: str
    kind: str
    quantity: int
    paid: int
    operation: int


@event
class LevelUp:
    """A member reached a higher level by what they did.

    Sent by leveling after the new level is stored. The economy listens, and pays for each level that this member
    wasn't paid for before. The chain ends there: coins for a level give no XP.
    """

    guild_id: int
    user_id: int
    old_level: int
    new_level: int


@event
class XpBoosted:
    """A member used a boost from the shop: their XP counts more until it ends.

    Sent by the economy after the commit. Leveling listens, and reads the boost.
    """

    guild_id: int
    user_id: int
    percent: int
    ends_at: datetime


@event
class SanctionTimer(TimerEvent):
    """Something that is in force for a person ends or has to be renewed. Sent by the timers; heard by moderation.

    The row in `sanctions` that has this timer says what it is about. The payload tells what was tried: `tries` counts
    refusals, `was_away` says that the person wasn't in the guild.
    """


@event
class ChannelTimer(TimerEvent):
    """Locked or slowed down channels are to be put back. Sent by the timers; heard by moderation.

    The rows in `channel_states` that have this timer say which. The payload is `{"attempt": int}`, how often Discord
    refused before, or empty.
    """


@event
class ShopRoleTimer(TimerEvent):
    """A bought role ends, or has to be given again to who came back. Sent by the timers; heard by the economy.

    The row in `shop_roles` that has this timer says which. The payload is empty.
    """


@event
class LotteryTimer(TimerEvent):
    """A lottery is to be drawn, or how it ended is to be told. Sent by the timers; heard by the economy.

    The payload is `{"lottery_id": int}`.
    """


@event
class LevelUpMessageTimer(TimerEvent):
    """A message about a new level is to be deleted. Sent by the timers; heard by leveling.

    The payload is `{"channel_id": int, "message_id": int}`.
    """


@event
class LevelRolesTimer(TimerEvent):
    """Somebody's roles for levels are to be looked at again. Sent by the timers; heard by leveling.

    The row in `level_role_dues` of this guild and user says whether they still are. The payload is empty.
    """


@event
class SelfRoleTimer(TimerEvent):
    """A role that somebody took out of a role menu for a time is over. Sent by the timers; heard by utility.

    The row in `self_role_terms` that has this timer says which. The payload is empty.
    """


@event
class PollTimer(TimerEvent):
    """A poll is over, or how it ended has to be told. Sent by the timers; heard by utility.

    The payload is `{"poll_id": int}`.
    """


@event
class GiveawayTimer(TimerEvent):
    """A giveaway is over, or who won it has to be told. Sent by the timers; heard by utility.

    The payload is `{"giveaway_id": int}`.
    """


@event
class TicketTimer(TimerEvent):
    """A ticket has to be looked after: opened, warned, closed or deleted. Sent by the timers; heard by utility.

    The payload is `{"ticket_id": int}`.
    """


@event
class BoardGameTimer(TimerEvent):
    """A challenge wasn't answered or a move not made in time. Sent by the timers; heard by fun.

    The payload is `{"game_id": int}`.
    """


@event
class BetRequested:
    """A game between members is about to begin, and all of them bet the same.

    Sent by fun when the last player agreed. The economy listens, takes all stakes together or none, and answers with
    `bet_held` or `bet_refused`; where it is off nobody answers, and the game is for honour. A second request with the
    same `bet_id` is ignored.
    """

    bet_id: int
    guild_id: int
    game: str
    players: tuple[int, ...]
    stake: int


@event
class BetHeld:
    """The stakes of a game are held: they are nobody's until `bet_settled`.

    Sent by the economy after the commit, in answer to `bet_requested`. Fun listens and begins the game; stakes that
    came too late it gives back by a `bet_settled` without winners. `shown` is the stake in the guild's own coins.
    """

    bet_id: int
    guild_id: int
    shown: str


@event
class BetRefused:
    """The stakes of a game can't be held, and nothing was taken.

    Sent by the economy in answer to `bet_requested`. Fun listens, and doesn't begin the game. `reason` is a sentence
    in the language of the request.
    """

    bet_id: int
    guild_id: int
    reason: str


@event
class BetSettled:
    """A game with a bet is over, or isn't played after all.

    Sent by fun after the end is stored, and again at a start while it isn't known what became of it. The economy
    listens: all stakes go to the winners in equal parts, or back to everybody if there are none, and `bet_ended`
    tells what became of them. A bet is settled or given back once: told of it again, or after a restart gave the
    stakes back, nothing more happens.
    """

    bet_id: int
    guild_id: int
    winners: tuple[int, ...]


@event
class BetEnded:
    """What became of a bet.

    Sent by the economy after `bet_settled`, and when it gives the stakes back because a restart cut it off. Fun
    listens and tells the players; a game that isn't over goes on for honour. `shown` is by player what each got, in
    the guild's own coins; nobody, if the stakes were given back. `given_back` says so.
    """

    bet_id: int
    guild_id: int
    shown: dict[int, str]
    given_back: bool


@event
class NewcomerTimer(TimerEvent):
    """It is looked again whether a newcomer has accepted the rules. Sent by the timers; heard by utility.

    The row in `newcomers` of this guild and user says whether they still have to. The payload is empty.
    """


@event
class GreetingTimer(TimerEvent):
    """A welcome, leave or boost message is to be deleted. Sent by the timers; heard by utility.

    The payload is `{"channel_id": int, "message_id": int}`.
    """


@event
class AutoRoleTimer(TimerEvent):
    """A newcomer is to get roles. Sent by the timers; heard by utility.

    The payload is `{"role_ids": [int], "joined_at": int, "tries": int}`; `joined_at` is in seconds since 1970, and
    tells whether it is still the same stay.
    """


@event
class BirthdayTimer(TimerEvent):
    """Somebody's birthday begins. Sent by the timers; heard by fun.

    The row in `birthdays` of this guild and user says whether it still does. More than a day late, it isn't told any
    more. The payload is empty.
    """


@event
class BirthdayRoleTimer(TimerEvent):
    """Somebody's role for their birthday ends, however late. Sent by the timers; heard by fun.

    The row in `birthday_roles` of this guild and user says which. The payload is empty.
    """


@event
class StickyRolesTimer(TimerEvent):
    """Somebody who came back is to get their roles again. Sent by the timers; heard by utility.

    The row in `sticky_roles` of this guild and user says which. The payload is empty.
    """


@event
class GuildDataTimer(TimerEvent):
    """The bot was away from a guild for so long that its data goes. Sent by the timers; heard by admin.

    The payload is `{"guild_id": int}`: a timer of the guild itself would wait until the bot is back.
    """


@event
class RaidTimer(TimerEvent):
    """It is looked whether a raid is over. Sent by the timers; heard by moderation.

    The payload is `{"raid_id": int}`.
    """
