"""What the economy sends and waits for; bets between members stand with the games."""

from datetime import datetime

from utils.events.catalogue import TimerEvent, event


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
class XpBoosted:
    """A member used a boost from the shop: their XP counts more until it ends.

    Sent by the economy after the commit. Leveling listens, and reads the boost.
    """

    guild_id: int
    user_id: int
    percent: int
    ends_at: datetime


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
