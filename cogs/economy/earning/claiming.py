"""Claims as commands make them: inside the operation that pays, so that one claim pays once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cogs.economy.bank import Bank
from cogs.economy.earning import settings
from cogs.economy.earning.rules import Rhythm
from database.claims import Claim, ClaimsStore
from database.economy import Operation
from utils.errors import UserError
from utils.i18n import N_, _, ngettext, translate
from utils.setting_types import Setting
from utils.time import timestamp

COOLDOWNS: dict[str, Setting[timedelta]] = {
    "daily": settings.DAILY_COOLDOWN,
    "weekly": settings.WEEKLY_COOLDOWN,
    "work": settings.WORK_COOLDOWN,
    "crime": settings.CRIME_COOLDOWN,
    "rob": settings.ROB_COOLDOWN,
}
"""What can be claimed, in the order in which it is listed."""

_TOO_EARLY = {
    "daily": N_("You had your daily coins already: the next are there {moment}, {when}."),
    "weekly": N_("You had your weekly coins already: the next are there {moment}, {when}."),
    "work": N_("You have worked enough: you can work again {moment}, {when}."),
    "crime": N_("You had better lie low: the next crime is possible {moment}, {when}."),
    "rob": N_("You had better lie low: the next robbery is possible {moment}, {when}."),
}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim that was made now, and the one before it."""

    claim: Claim
    before: Claim | None
    possible_at: datetime
    lives_until: datetime

    @property
    def lost(self) -> int:
        """How long the streak was that ended before; zero if none of at least two days did."""
        if self.before is None or self.claim.streak > 1 or self.before.streak == 1:
            return 0
        return self.before.streak


class Claiming:
    """What each member claimed last."""

    def __init__(self, bank: Bank) -> None:
        self.bot = bank.bot
        self.store = ClaimsStore(bank.bot.db)

    def rhythm(self, guild_id: int, kind: str) -> Rhythm:
        """How often something may be claimed as a guild has set it now."""
        get = self.bot.guild_settings.get
        if kind == "daily":
            return Rhythm(get(guild_id, settings.DAILY_COOLDOWN), get(guild_id, settings.DAILY_GRACE))
        return Rhythm(get(guild_id, COOLDOWNS[kind]))

    async def claim(self, operation: Operation, user_id: int, kind: str) -> Claimed:
        """Claim something now; raises `UserError` that says when it is possible."""
        now, rhythm = operation.new.at, self.rhythm(operation.guild_id, kind)
        last = await self.store.last(operation.guild_id, user_id, kind)
        if last is not None and not rhythm.is_possible(last, now):
            raise UserError(too_early(last, rhythm))
        claim = await self.store.write(operation, user_id, kind, rhythm.streak(last, now))
        return Claimed(claim, last, rhythm.possible_at(now), rhythm.lives_until(now))


def too_early(last: Claim, rhythm: Rhythm) -> str:
    """When something can be claimed again, and how long a streak waits for it."""
    possible_at = rhythm.possible_at(last.at)
    sentence = translate(_TOO_EARLY[last.kind]).format(
        moment=timestamp(possible_at, "F"), when=timestamp(possible_at, "R")
    )
    return sentence if last.kind != "daily" else f"{sentence}\n{streak_lives(last, rhythm.lives_until(last.at))}"


def next_time(claimed: Claimed) -> str:
    """When the same is possible again."""
    return _("Next time: {moment}, {when}.").format(
        moment=timestamp(claimed.possible_at, "F"), when=timestamp(claimed.possible_at, "R")
    )


def streak_lives(claim: Claim, until: datetime) -> str:
    """How long a streak is, and until when it can be continued."""
    return ngettext(
        "Your streak: **{days} day**, your best: **{best}**. It lives until {until}.",
        "Your streak: **{days} days**, your best: **{best}**. It lives until {until}.",
        claim.streak,
    ).format(days=claim.streak, best=claim.best_streak, until=timestamp(until, "F"))
