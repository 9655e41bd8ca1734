"""Lotteries in the database: tickets that many buy at once, and one end however many would end it."""

import asyncio
from datetime import UTC, datetime, timedelta

from database.economy import AlreadyDone, Cause, EconomyStore, NewOperation, Posting
from database.ids import new_id
from database.lottery import LotteryStore
from database.wagers import WagersStore

GUILD = 1
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PRICE = 10


class Booth:
    """Sells tickets and ends lotteries, without a bot."""

    def __init__(self, db):
        self.bank, self.lotteries, self.wagers = EconomyStore(db), LotteryStore(db), WagersStore(db)

    def operation(self, kind):
        return self.bank.operation(NewOperation(GUILD, kind, Cause("test"), None, NOW, opening=100))

    async def buy(self, user_id, tickets):
        async with self.operation("lottery_ticket") as operation:
            lottery = await self.lotteries.open_in(GUILD) or await self.lotteries.open(
                operation, price=PRICE, house_percent=5, draws_at=NOW + timedelta(days=1), timer_id=new_id(),
                lottery_id=new_id(), channel_id=7,
            )  # fmt: skip
            await self.lotteries.add_tickets(lottery.id, user_id, tickets, channel_id=user_id)
            await operation.post(Posting(user_id, -tickets * PRICE))
        return lottery.id

    async def end(self, lottery_id, winner_id):
        try:
            async with self.operation("winnings") as operation:
                pot = PRICE * sum(holder.tickets for holder in await self.lotteries.holders(lottery_id))
                ended = await self.lotteries.end(operation, lottery_id, winner_id=winner_id, prize=pot)
                if ended is None:
                    raise AlreadyDone
                await operation.post(Posting(winner_id, pot))
        except AlreadyDone:
            return None
        return ended


async def test_many_buy_and_end_at_once(db):
    booth = Booth(db)
    first = await booth.buy(1, 1)
    works = [booth.buy(user_id, 2) for user_id in range(2, 12)] + [booth.end(first, number) for number in range(1, 8)]
    results = await asyncio.gather(*works)
    (ended,) = [result for result in results[10:] if result is not None]
    assert not ended.is_open
    assert (await booth.lotteries.last_drawn(GUILD)).winner_id == ended.winner_id
    # Each coin is with somebody, or in the pot of the lottery that the later buyers opened.
    accounts = await booth.bank.richest(GUILD, limit=100)
    still_open = await booth.lotteries.open_in(GUILD)
    pot = PRICE * sum(one.tickets for one in await booth.lotteries.holders(still_open.id)) if still_open else 0
    assert sum(account.cash for account in accounts) + pot == 100 * len(accounts)
    assert set(results[:10]) <= {first, still_open.id if still_open else first}


async def test_a_lottery_remembers_its_tickets_and_its_end(db):
    booth = Booth(db)
    lottery_id = await booth.buy(1, 2)
    await booth.buy(1, 3)
    await booth.buy(2, 1)
    assert [(one.user_id, one.tickets) for one in await booth.lotteries.holders(lottery_id)] == [(1, 5), (2, 1)]
    assert await booth.lotteries.held_by(lottery_id, 1) == 5
    assert await booth.lotteries.held_by(lottery_id, 3) == 0
    lottery = await booth.lotteries.get(lottery_id)
    assert (lottery.price, lottery.channel_id, lottery.is_open, lottery.told) == (PRICE, 2, True, False)
    await booth.lotteries.set_timer(lottery_id, 5)
    async with booth.operation("bet_refund") as operation:
        ended = await booth.lotteries.end(operation, lottery_id, told=True)
    assert (ended.status, ended.winner_id, ended.told, ended.timer_id) == ("refunded", None, True, 5)
    assert await booth.lotteries.last_drawn(GUILD) is None


async def test_a_game_of_several_is_written_down_for_each(db):
    booth = Booth(db)
    async with booth.operation("winnings") as operation:
        await booth.wagers.record_all(operation, "lottery", [(1, 10, 95), (2, 90, 0)], match_id=3)
    (record,) = await booth.wagers.records(GUILD)
    assert (record.played, record.won, record.staked, record.paid) == (2, 1, 100, 95)
    assert [(one.user_id, one.payout) for one in await booth.wagers.of_match(GUILD, 3)] == [(1, 95), (2, 0)]
