"""One trade, from its beginning to its end, and what its message says."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import discord

from cogs.economy.bank import Bank
from cogs.economy.shop.texts import name_of
from cogs.economy.trade.rules import Offer
from database.shop import ShopItem
from utils import embeds
from utils.formatting import EMBED_FIELD_NAME_LIMIT, bullets, safe, truncate
from utils.i18n import _, current_language
from utils.time import timestamp

OPEN_FOR = timedelta(minutes=10)
"""How long a trade waits for the next word of either."""
LOOK_AGAIN = timedelta(seconds=3)
"""How long after a change nobody can confirm: who was about to press must see it first."""
LONGEST_SUBJECT = 200  # characters of the ledger's words for it


@dataclass
class Trade:
    """A trade. Whoever changes it holds its lock."""

    id: int
    """The id of the message that began it."""
    guild: discord.Guild
    members: tuple[discord.Member, discord.Member]
    deadline: datetime
    can_embed: bool
    language: str = field(default_factory=current_language)
    offers: list[Offer] = field(default_factory=lambda: [Offer(), Offer()])
    confirmed: list[bool] = field(default_factory=lambda: [False, False])
    items: dict[int, ShopItem] = field(default_factory=dict)
    """The items that are in the offers, by their numbers."""
    changed_at: datetime | None = None
    notice: str | None = None
    """Why it didn't go through."""
    message: discord.Message | None = None
    over: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def ids(self) -> tuple[int, int]:
        """Who trades."""
        return self.members[0].id, self.members[1].id

    def change(self, place: int, offer: Offer, items: dict[int, ShopItem], now: datetime) -> None:
        """Let one of the two offer something else: then neither has confirmed."""
        self.offers[place] = offer
        self.items |= items
        self.unconfirm(now)
        self.notice = None

    def unconfirm(self, now: datetime) -> None:
        """Let both look again."""
        self.confirmed = [False, False]
        self.changed_at = now
        self.deadline = now + OPEN_FOR

    def is_fresh(self, now: datetime) -> bool:
        """Whether an offer changed a moment ago."""
        return self.changed_at is not None and now < self.changed_at + LOOK_AGAIN


# --- in words


def lines_of(bank: Bank, trade: Trade, offer: Offer) -> list[str]:
    """What is in an offer, a line each."""
    coins = [bank.show(trade.guild.id, offer.coins)] if offer.coins else []
    return coins + [name_of(trade.items[number], quantity) for number, quantity in offer.things.items()]


def as_typed(trade: Trade, offer: Offer) -> str:
    """An offer as it is written into the form."""
    coins = [str(offer.coins)] if offer.coins else []
    things = [f"{quantity} {trade.items[number].name}" for number, quantity in offer.things.items()]
    return "\n".join(coins + things)


def subject_of(trade: Trade) -> str:
    """What the ledger says of it."""
    sides = [", ".join(as_typed(trade, offer).split("\n")) or "—" for offer in trade.offers]
    return truncate(" ⇄ ".join(sides), LONGEST_SUBJECT)


def open_embed(bank: Bank, trade: Trade) -> discord.Embed:
    """How an open trade stands."""
    lines = [
        _("{first} and {second}: say what you give, and confirm. Once both have, it changes hands.").format(
            first=trade.members[0].mention, second=trade.members[1].mention
        ),
        _("Ends {when} if nobody does anything.").format(when=timestamp(trade.deadline, "R")),
    ]
    embed = embeds.info("\n".join(lines), title=_("Trade"))
    _add_offers(bank, trade, embed, marks=True)
    if trade.notice is not None:
        embed.add_field(name=_("Not traded"), value=trade.notice, inline=False)
    return embed


def done_embed(bank: Bank, trade: Trade) -> discord.Embed:
    """That it changed hands."""
    embed = embeds.success(
        _("{first} and {second} have traded.").format(first=trade.members[0].mention, second=trade.members[1].mention)
    )
    embed.title = _("Trade")
    _add_offers(bank, trade, embed, marks=False)
    return embed


def called_off_embed(why: str) -> discord.Embed:
    """That nothing changed hands."""
    return embeds.info(why, title=_("Trade"))


def _add_offers(bank: Bank, trade: Trade, embed: discord.Embed, *, marks: bool) -> None:
    for member, offer, confirmed in zip(trade.members, trade.offers, trade.confirmed, strict=True):
        name = _("{member} gives").format(member=safe(truncate(member.display_name, EMBED_FIELD_NAME_LIMIT // 4)))
        lines = bullets(lines_of(bank, trade, offer)) or _("nothing")
        if marks:
            lines += "\n" + (_("✅ confirmed") if confirmed else _("⏳ not confirmed"))
        embed.add_field(name=name, value=lines)
