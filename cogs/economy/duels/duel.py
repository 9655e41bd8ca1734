"""One duel, from the challenge to its end, and what its message says."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

import discord

from cogs.economy.bank import Bank
from cogs.economy.duels.rules import HANDS, SIDES, VARIETIES, Hand, Throw, Variety, Winner, payouts
from database.wagers import Wager
from utils import embeds
from utils.i18n import N_, _, current_language, translate
from utils.time import timestamp

SECONDS_TO_ANSWER = 120
SECONDS_TO_CHOOSE = 60


class Phase(Enum):
    """How far a duel is."""

    ASKED = auto()
    CHOOSING = auto()
    OVER = auto()


@dataclass
class Duel:
    """A duel. Whoever changes it holds its lock."""

    id: int
    """The id of the message that proposed it."""
    guild: discord.Guild
    players: tuple[int, int]
    """The challenger's id, and the other's."""
    variety: Variety
    stake: int
    rake: int
    deadline: datetime
    can_embed: bool
    language: str = field(default_factory=current_language)
    phase: Phase = Phase.ASKED
    hands: dict[int, Hand] = field(default_factory=dict)
    wagers: list[Wager] = field(default_factory=list)
    message: discord.Message | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_over(self) -> bool:
        """Whether nothing can happen in it any more."""
        return self.phase is Phase.OVER

    def hand_of(self, place: int) -> Hand | None:
        """What one of the two chose."""
        return self.hands.get(self.players[place])

    def payouts(self, winner: Winner) -> dict[int, int]:
        """What each player gets."""
        return dict(zip(self.players, payouts(self.stake, winner, self.rake), strict=True))

    def prize(self) -> int:
        """What the winner gets."""
        return payouts(self.stake, 0, self.rake)[0]


# --- in words

HAND_LABELS: dict[Hand, str] = {"rock": N_("Rock"), "paper": N_("Paper"), "scissors": N_("Scissors")}
HAND_EMOJI: dict[Hand, str] = {"rock": "🪨", "paper": "📄", "scissors": "✂️"}
assert set(HANDS) == set(HAND_LABELS)


def shown_hand(hand: Hand) -> str:
    """A hand, with its sign."""
    return f"{HAND_EMOJI[hand]} {translate(HAND_LABELS[hand])}"


def _mentions(duel: Duel) -> dict[str, str]:
    return {"challenger": f"<@{duel.players[0]}>", "opponent": f"<@{duel.players[1]}>"}


def how_it_goes(duel: Duel) -> str:
    """The rule of what is played."""
    if duel.variety == "coinflip":
        return _("Heads: {challenger}. Tails: {opponent}.").format(**_mentions(duel))
    if duel.variety == "dice":
        return _("Both throw two dice; the higher sum wins, and equal sums are thrown again.")
    return _(
        "Both choose in secret within {seconds} seconds. Who doesn't choose loses; if neither does, or it's a draw,"
        " both get their bets back."
    ).format(seconds=SECONDS_TO_CHOOSE)


def challenge_embed(bank: Bank, duel: Duel) -> discord.Embed:
    """The question to the other."""
    asks = _("{challenger} challenges {opponent}: {bet} each, and the winner gets {prize}.").format(
        bet=bank.show(duel.guild.id, duel.stake), prize=bank.show(duel.guild.id, duel.prize()), **_mentions(duel)
    )
    until = _("{opponent}, do you accept? You can answer until {when}.").format(
        when=timestamp(duel.deadline, "T"), **_mentions(duel)
    )
    return embeds.info("\n\n".join([asks, how_it_goes(duel), until]), title=_title(duel))


def choosing_embed(duel: Duel) -> discord.Embed:
    """That both are to choose, and who has."""
    lines = [
        _("{challenger} and {opponent}, choose until {when}.").format(
            when=timestamp(duel.deadline, "T"), **_mentions(duel)
        ),
        how_it_goes(duel),
    ]
    lines += [_("✅ {member} has chosen.").format(member=f"<@{player_id}>") for player_id in duel.hands]
    return embeds.info("\n\n".join(lines), title=_title(duel))


def ending_embed(bank: Bank, duel: Duel, happened: str, winner: Winner) -> discord.Embed:
    """What happened, and who has the coins."""
    if winner is None:
        outcome = _("Both get their bets of {bet} back.").format(bet=bank.show(duel.guild.id, duel.stake))
        return embeds.info("\n\n".join(filter(None, [happened, outcome])), title=_title(duel))
    outcome = _("{member} wins and gets {prize}.").format(
        member=f"<@{duel.players[winner]}>", prize=bank.show(duel.guild.id, duel.prize())
    )
    embed = embeds.success(f"{happened}\n\n{outcome}")
    embed.title = _title(duel)
    return embed


def called_off_embed(duel: Duel, why: str) -> discord.Embed:
    """That there is no duel, or that it was cut off."""
    return embeds.info(why, title=_title(duel))


def coin_text(winner: Winner) -> str:
    """How the coin fell."""
    return _("🪙 The coin shows **{side}**.").format(side=translate(SIDES[winner or 0]))


def dice_text(duel: Duel, rounds: list[tuple[Throw, Throw]]) -> str:
    """All throws, round by round."""
    line = _("🎲 {challenger}: {mine} · {opponent}: {theirs}")
    return "\n".join(line.format(mine=_sum(mine), theirs=_sum(theirs), **_mentions(duel)) for mine, theirs in rounds)


def _sum(throw: Throw) -> str:
    return f"{throw[0]} + {throw[1]} = **{sum(throw)}**"


def hands_text(duel: Duel) -> str:
    """What both chose, or that they didn't."""
    lines = []
    for player_id in duel.players:
        hand = duel.hands.get(player_id)
        if hand is None:
            lines.append(_("{member} didn't choose in time.").format(member=f"<@{player_id}>"))
        else:
            lines.append(_("{member}: {hand}").format(member=f"<@{player_id}>", hand=shown_hand(hand)))
    return "\n".join(lines)


def _title(duel: Duel) -> str:
    return _("Duel: {game}").format(game=translate(VARIETIES[duel.variety]))
