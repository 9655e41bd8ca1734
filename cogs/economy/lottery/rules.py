"""The lottery's rules: who is drawn, and what a ticket brings back."""

import random
from collections.abc import Sequence

from cogs.economy.games.catalogue import Odds, ReadSetting, add_game
from cogs.economy.games.pots import returned
from cogs.economy.lottery.settings import HOUSE_SHARE
from database.lottery import Holder
from utils.i18n import N_, _

FEWEST_PLAYERS = 2


def drawn(holders: Sequence[Holder], chance: random.Random) -> int:
    """Whose ticket is drawn, each ticket being as likely as any other. There must be one."""
    return holder_of(holders, chance.randrange(sum(holder.tickets for holder in holders)))


def holder_of(holders: Sequence[Holder], ticket: int) -> int:
    """Who holds a ticket, these being numbered from zero in the order of their holders."""
    for holder in holders:
        if ticket < holder.tickets:
            return holder.user_id
        ticket -= holder.tickets
    raise ValueError("There is no such ticket.")


def odds(read: ReadSetting) -> list[Odds]:
    """What a ticket brings back on average: the pot is paid out but for the house's share."""
    return [Odds(N_("a ticket"), None, returned(read(HOUSE_SHARE)))]


def about() -> str:
    """How it goes."""
    return _(
        "Tickets fill a pot, and one of them wins it, each as likely as any other. `lottery` shows how likely yours"
        " are."
    )


LOTTERY = add_game("lottery", N_("Lottery"), N_("Whether members may buy lottery tickets."), odds, about)
