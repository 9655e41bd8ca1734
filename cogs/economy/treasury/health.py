"""How a guild's economy is doing: who has how much, and what makes and destroys coins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import discord

from cogs.economy.bank import Bank
from cogs.economy.kinds import KINDS, SOURCES
from database.economy_reports import Flow, Holdings, ReportsStore
from utils import embeds
from utils.i18n import _, format_decimal, format_number, format_percent, ngettext, translate

SPANS: Final = (7, 30)  # days


@dataclass(frozen=True, slots=True)
class Turnover:
    """What one source of coins created and destroyed in a time."""

    created: int = 0
    destroyed: int = 0


def by_source(flows: Sequence[Flow]) -> dict[str, Turnover]:
    """What each source did, in the order of `SOURCES`, without those that did nothing."""
    found = dict.fromkeys(SOURCES, Turnover())
    for flow in flows:
        source = KINDS[flow.kind].source if flow.kind in KINDS else "staff"
        found[source] = Turnover(found[source].created + flow.created, found[source].destroyed + flow.destroyed)
    return {source: one for source, one in found.items() if one.created or one.destroyed}


def velocity(flows: Sequence[Flow], held: Holdings) -> float:
    """How often a coin changed hands, between members or by being spent, of all that there are now."""
    moved = sum(flow.handed_on for flow in flows)
    spent = sum(flow.destroyed for flow in flows if flow.kind in KINDS and KINDS[flow.kind].spends)
    return (moved + spent) / held.total if held.total else 0.0


class Health:
    """Tells how an economy is doing."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.reports = ReportsStore(bank.bot.db)

    async def pages(self, guild: discord.Guild) -> list[discord.Embed]:
        """All that there is to tell."""
        now = discord.utils.utcnow()
        held = await self.reports.holdings(guild.id)
        flows = {days: await self.reports.flows(guild.id, now - timedelta(days=days)) for days in SPANS}
        fields = [
            (_("Coins"), "\n".join(self._coins(guild.id, held))),
            (_("Who has them"), "\n".join(self._shares(guild.id, held))),
        ]
        for days, found in flows.items():
            fields.append((self._span(days), "\n".join(self._flow(guild.id, found, days))))
        turns = format_decimal(velocity(flows[SPANS[-1]], held), 2)
        fields.append(
            (
                _("Velocity"),
                _("Each coin was spent or changed hands {times} times in {days} days.").format(
                    times=turns, days=SPANS[-1]
                ),
            )
        )
        return embeds.with_fields(embeds.info(title=_("How the economy is doing")), fields)

    def _coins(self, guild_id: int, held: Holdings) -> list[str]:
        lines = [
            _("In hand: {amount}").format(amount=self.bank.show(guild_id, held.cash)),
            _("In the bank: {amount}").format(amount=self.bank.show(guild_id, held.bank)),
        ]
        if held.at_stake:
            at_stake = self.bank.show(guild_id, held.at_stake)
            lines.append(_("In open games and the lottery: {amount}").format(amount=at_stake))
        if held.of_the_gone:
            lines.append(_("Of members who left: {amount}").format(amount=self.bank.show(guild_id, held.of_the_gone)))
        return lines

    def _shares(self, guild_id: int, held: Holdings) -> list[str]:
        count = ngettext("{count} account", "{count} accounts", held.accounts).format(
            count=format_number(held.accounts)
        )
        if not held.total:
            return [count]
        tenth = -(-held.accounts // 10)
        return [
            count,
            _("Half of them have more than {amount}.").format(amount=self.bank.show(guild_id, held.median)),
            _("The richest has {share}.").format(share=format_percent(held.top_one / held.total, 1)),
            _("The richest ten have {share}.").format(share=format_percent(held.top_ten / held.total, 1)),
            ngettext(
                "The richest tenth ({count} account) has {share}.",
                "The richest tenth ({count} accounts) has {share}.",
                tenth,
            ).format(count=format_number(tenth), share=format_percent(held.top_tenth / held.total, 1)),
        ]

    def _span(self, days: int) -> str:
        return ngettext(
            "A day on average, of the last {days} day", "A day on average, of the last {days} days", days
        ).format(days=days)

    def _flow(self, guild_id: int, flows: Sequence[Flow], days: int) -> list[str]:
        sources = by_source(flows)
        if not sources:
            return [_("No coins were made or destroyed.")]
        lines = [self._turnover(guild_id, translate(SOURCES[source]), one, days) for source, one in sources.items()]
        together = Turnover(
            sum(one.created for one in sources.values()), sum(one.destroyed for one in sources.values())
        )
        return [*lines, self._turnover(guild_id, _("Together"), together, days)]

    def _turnover(self, guild_id: int, name: str, one: Turnover, days: int) -> str:
        def a_day(amount: int) -> str:
            return format_number(round(amount / days))

        return _("**{name}**: +{created}, −{destroyed}").format(
            name=name, created=a_day(one.created), destroyed=a_day(one.destroyed)
        )
