"""Erasing somebody from the books of the economy, which stay proven: their coins go by an operation of its own, and a
stand-in takes their place in what happened.
"""

from database.economy import Account, Cause, EconomyStore, NewOperation, Operation, Posting
from database.personal_data import Eraser, ErasureRequest
from database.wagers import Wager, WagersStore

_NAMES = (
    ("accounts", "user_id"),
    ("ledger", "user_id"),
    ("ledger", "counterparty_id"),
    ("operations", "actor_id"),
    ("wagers", "user_id"),
)
"""Where the books name people: all of it changes together."""


class EconomyEraser(Eraser):
    """Erases from `accounts`, `ledger`, `operations` and `wagers`; codes that nobody read go back into stock."""

    turn = 10

    async def hold(self, request: ErasureRequest) -> None:
        """Hold each guild's number first, in the order of the guilds: no operation is under way there then."""
        for guild_id in await self._guilds(request):
            await self.db.execute("UPDATE operation_numbers SET last = last WHERE guild_id = $1", guild_id)

    async def erase(self, request: ErasureRequest) -> bool:
        """Give open bets back, take the coins out, and put the stand-in everywhere."""
        store = EconomyStore(self.db)
        for guild_id in await self._guilds(request):
            await self._call_off(store, guild_id, request)
            await self._take_coins(store, guild_id, request)
            await self._return_codes(guild_id, request.user_id)
            await self.db.execute(
                "UPDATE operations SET reason = NULL WHERE guild_id = $1 AND actor_id = $2", guild_id, request.user_id
            )
            for table, column in _NAMES:
                await self.db.execute(
                    f"UPDATE {table} SET {column} = $3 WHERE guild_id = $1 AND {column} = $2",
                    guild_id, request.user_id, request.stand_in,
                )  # fmt: skip
            await self.db.execute(
                "UPDATE accounts SET present = FALSE WHERE guild_id = $1 AND user_id = $2", guild_id, request.stand_in
            )
        return False

    async def _call_off(self, store: EconomyStore, guild_id: int, request: ErasureRequest) -> None:
        """Give back the stake of a game that goes on; of one between several people, everybody's."""
        wagers = WagersStore(self.db)
        wager = await wagers.open_of(guild_id, request.user_id)
        if wager is None:
            return
        parts = [wager] if wager.match_id is None else await wagers.of_match(guild_id, wager.match_id)
        operation = await store.begin(self._new("bet_refund", guild_id, request, wager))
        ended = [await wagers.refund(part.id, request.at) for part in parts]
        await operation.pay({part.user_id: part.stake for part in ended if part is not None})

    async def _take_coins(self, store: EconomyStore, guild_id: int, request: ErasureRequest) -> None:
        account = await store.account(guild_id, request.user_id)
        if account is not None and account.total:
            operation = await store.begin(self._new("erasure", guild_id, request))
            await _empty(operation, account)

    def _new(self, kind: str, guild_id: int, request: ErasureRequest, wager: Wager | None = None) -> NewOperation:
        cause = Cause("erasure") if wager is None else Cause("wager", wager.id)
        subject = None if wager is None else wager.game
        return NewOperation(guild_id, kind, cause, request.user_id, request.at, subject=subject)

    async def _return_codes(self, guild_id: int, user_id: int) -> None:
        """Codes that were bought and never read can be sold again."""
        await self.db.execute(
            "UPDATE shop_items SET stock = stock + (SELECT quantity FROM inventory i WHERE i.guild_id = $1"
            " AND i.user_id = $2 AND i.item = shop_items.number) WHERE guild_id = $1 AND kind = 'code'"
            " AND stock IS NOT NULL AND number IN (SELECT item FROM inventory WHERE guild_id = $1 AND user_id = $2)",
            guild_id, user_id,
        )  # fmt: skip

    async def _guilds(self, request: ErasureRequest) -> list[int]:
        rows = await self.db.fetchall(
            "SELECT guild_id FROM accounts WHERE user_id = $1 UNION SELECT guild_id FROM operations"
            " WHERE actor_id = $1 UNION SELECT guild_id FROM inventory WHERE user_id = $1 ORDER BY guild_id",
            request.user_id,
        )
        guilds = [row["guild_id"] for row in rows]
        return guilds if request.guild_id is None else [one for one in guilds if one == request.guild_id]


async def _empty(operation: Operation, account: Account) -> None:
    await operation.post(
        Posting(account.user_id, -account.cash, "cash"), Posting(account.user_id, -account.bank, "bank")
    )
