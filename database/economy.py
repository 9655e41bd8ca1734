"""The bank: accounts, and the ledger of all that ever changed them.

Coins move in operations alone. `EconomyStore.operation` is a transaction that takes the guild's next number first and
so holds that row until its end: operations of one guild come one after the other, on both engines. Inside it, any
table of the economy may be read and changed with no other operation in between; `Operation.post` moves the coins.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

from discord.utils import as_chunks

from database.economy_records import (
    MOST_COINS,
    Account,
    AlreadyDone,
    BankRefusal,
    Cause,
    Entry,
    NewOperation,
    NotEnough,
    OperationRecord,
    Pocket,
    Posting,
    Shortfall,
    TooMuch,
    account_of,
    entry_of,
    operation_of,
    transfer,
)
from database.errors import DatabaseError
from database.manager import DatabaseManager
from database.placeholders import placeholders
from database.presence import thought_otherwise, write_presence
from database.values import LARGEST_INTEGER

__all__ = [
    "MOST_COINS",
    "Account",
    "AlreadyDone",
    "BankRefusal",
    "Cause",
    "EconomyStore",
    "Entry",
    "NewOperation",
    "NotEnough",
    "Operation",
    "OperationRecord",
    "Pocket",
    "Posting",
    "Shortfall",
    "TooMuch",
    "transfer",
]

AT_ONCE: Final = 500  # accounts in one statement


class Operation:
    """An operation being done: what belongs to it is posted here, before the transaction ends."""

    def __init__(self, db: DatabaseManager, new: NewOperation, number: int) -> None:
        self._db = db
        self.new = new
        self.number = number
        self.entries: list[Entry] = []
        """All that was posted so far."""

    @property
    def guild_id(self) -> int:
        """Where it is done."""
        return self.new.guild_id

    async def account(self, user_id: int) -> Account:
        """What somebody has, as this operation finds it; an account of its own is opened by `post` alone."""
        return (await self.accounts([user_id]))[user_id]

    async def accounts(self, user_ids: Iterable[int]) -> dict[int, Account]:
        """What each of these has, as `account` tells of one."""
        wanted = set(user_ids)
        found = await self._read(wanted)
        return {one: found.get(one) or Account(self.guild_id, one, cash=self.new.opening) for one in wanted}

    async def post(self, *postings: Posting) -> list[Entry]:
        """Change balances, one posting after the other, and write each change to the ledger.

        Raises `NotEnough` with everybody who would go below zero, and `TooMuch`; none of these postings is written
        then.
        """
        return await self._post(postings, await self._read({posting.user_id for posting in postings}))

    async def _post(self, postings: Sequence[Posting], accounts: dict[int, Account]) -> list[Entry]:
        """As `post`, with the accounts as this operation found them."""
        written = _Book(self.new, self.number, accounts)
        for posting in postings:
            if posting.amount:
                written.add(posting)
        if written.shortfalls:
            raise NotEnough(list(written.shortfalls.values()))
        await self._db.executemany(
            "INSERT INTO accounts (guild_id, user_id, cash, bank, entries) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (guild_id, user_id) DO UPDATE"
            " SET cash = excluded.cash, bank = excluded.bank, entries = excluded.entries",
            written.changed_accounts(),
        )
        await self._db.executemany(
            "INSERT INTO ledger (guild_id, user_id, entry, operation, pocket, amount, balance, kind, counterparty_id,"
            " written_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            [
                (
                    one.guild_id, one.user_id, one.entry, one.operation, one.pocket, one.amount, one.balance,
                    one.kind, one.counterparty_id, one.at,
                )
                for one in written.entries
            ],
        )  # fmt: skip
        self.entries += written.entries
        return written.entries

    async def post_many(self, postings: Sequence[Posting]) -> None:
        """Post thousands, piece by piece, so that the loop goes on meanwhile. What falls short isn't all named."""
        for some in as_chunks(postings, AT_ONCE):
            await self.post(*some)

    async def pay(self, coins: Mapping[int, int], *, kind: str | None = None) -> None:
        """Give coins to people, by their ids, as many as fit: a full account keeps nothing from coming to its end."""
        for some in as_chunks(sorted(coins.items()), AT_ONCE):
            accounts = await self._read(user_id for user_id, _amount in some)
            room = {user_id: MOST_COINS - account.total for user_id, account in accounts.items()}
            room_of_new = MOST_COINS - self.new.opening
            postings = [
                Posting(user_id, min(amount, room.get(user_id, room_of_new)), kind=kind) for user_id, amount in some
            ]
            await self._post(postings, accounts)

    async def _read(self, user_ids: Iterable[int]) -> dict[int, Account]:
        return await _accounts(self._db, self.guild_id, user_ids)


class _Book:
    """Balances while postings are added up, before anything is written."""

    def __init__(self, new: NewOperation, number: int, accounts: dict[int, Account]) -> None:
        self.new = new
        self.number = number
        self.accounts = accounts
        self.entries: list[Entry] = []
        self.shortfalls: dict[tuple[int, Pocket], Shortfall] = {}
        self._before = dict(accounts)

    def add(self, posting: Posting) -> None:
        """Change one pocket, of an account that is opened for it if need be."""
        if posting.user_id not in self.accounts:
            self.accounts[posting.user_id] = Account(self.new.guild_id, posting.user_id)
            if self.new.opening:
                self.add(Posting(posting.user_id, self.new.opening, kind="opening"))
            self._before[posting.user_id] = self.accounts[posting.user_id]
        account = self.accounts[posting.user_id]
        balance: int = getattr(account, posting.pocket) + posting.amount
        if balance < 0:  # go on: all who fall short are to be named, with all that is to be taken from them
            self._note_shortfall(posting, balance)
        if account.total + posting.amount > MOST_COINS:
            raise TooMuch(posting.user_id)
        number = account.entries + 1
        cash, bank = (balance, account.bank) if posting.pocket == "cash" else (account.cash, balance)
        self.accounts[posting.user_id] = Account(account.guild_id, account.user_id, cash, bank, number)
        self.entries.append(
            Entry(
                self.new.guild_id, posting.user_id, number, self.number, posting.pocket, posting.amount, balance,
                posting.kind or self.new.kind, posting.counterparty_id, self.new.at,
            )
        )  # fmt: skip

    def _note_shortfall(self, posting: Posting, balance: int) -> None:
        has: int = getattr(self._before[posting.user_id], posting.pocket)
        noted = self.shortfalls.get((posting.user_id, posting.pocket))
        if noted is None or noted.needs < has - balance:
            shortfall = Shortfall(posting.user_id, posting.pocket, has, has - balance)
            self.shortfalls[posting.user_id, posting.pocket] = shortfall

    def changed_accounts(self) -> list[tuple[int, int, int, int, int]]:
        """The rows of all that were changed."""
        changed = {entry.user_id for entry in self.entries}
        return [
            (one.guild_id, one.user_id, one.cash, one.bank, one.entries)
            for one in self.accounts.values()
            if one.user_id in changed
        ]


class EconomyStore:
    """The tables `accounts`, `ledger` and `operations`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db
        # Those of one guild wait for each other here, and not each on a connection that others could use.
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    # --- moving coins

    @asynccontextmanager
    async def operation(self, new: NewOperation) -> AsyncIterator[Operation]:
        """A transaction in which coins move; all of it happens, or nothing.

        Raises `AlreadyDone` if its cause brought about the same before, and `DatabaseError` inside another
        transaction, which could wait for the one that waits for it.
        """
        async with self._turn(new.guild_id):
            yield await self.begin(new)

    async def begin(self, new: NewOperation) -> Operation:
        """Begin an operation in the caller's transaction, which has to hold this guild's number before anything else.

        Raises `AlreadyDone` as `operation` does.
        """
        number = await self.db.fetchval(
            "INSERT INTO operation_numbers (guild_id, last) VALUES ($1, 1) ON CONFLICT (guild_id)"
            " DO UPDATE SET last = operation_numbers.last + 1 RETURNING last",
            new.guild_id,
        )
        written = await self.db.execute(
            "INSERT INTO operations (guild_id, number, kind, cause_kind, cause_id, actor_id, subject, reason,"
            " happened_at, reverses) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
            new.guild_id, number, new.kind, new.cause.kind, new.cause.id, new.actor_id, new.subject, new.reason,
            new.at, new.reverses,
        )  # fmt: skip
        if not written:
            raise AlreadyDone
        return Operation(self.db, new, number)

    @asynccontextmanager
    async def _turn(self, guild_id: int) -> AsyncIterator[None]:
        """A transaction that those of the same guild in this process wait for."""
        if self.db.in_transaction:
            raise DatabaseError("An operation is a transaction of its own.")
        turn = self._turns.setdefault(guild_id, asyncio.Lock())
        async with turn, self.db.transaction():
            yield

    # --- looking

    async def account(self, guild_id: int, user_id: int) -> Account | None:
        """What somebody has; None for one who never had an account."""
        row = await self.db.fetchone("SELECT * FROM accounts WHERE guild_id = $1 AND user_id = $2", guild_id, user_id)
        return None if row is None else account_of(row)

    async def accounts(self, guild_id: int, user_ids: Iterable[int]) -> dict[int, Account]:
        """What each of these has; those who never had an account are left out."""
        return await _accounts(self.db, guild_id, user_ids)

    async def history(self, guild_id: int, user_id: int, *, limit: int, before: int | None = None) -> list[Entry]:
        """Somebody's entries, the newest first; those below the number `before` if given."""
        rows = await self.db.fetchall(
            "SELECT * FROM ledger WHERE guild_id = $1 AND user_id = $2"
            " AND entry < $3 ORDER BY entry DESC LIMIT $4",
            guild_id, user_id, LARGEST_INTEGER if before is None else before, limit,
        )  # fmt: skip
        return [entry_of(row) for row in rows]

    async def get_operation(self, guild_id: int, number: int) -> OperationRecord | None:
        """An operation by its number."""
        row = await self.db.fetchone("SELECT * FROM operations WHERE guild_id = $1 AND number = $2", guild_id, number)
        return None if row is None else operation_of(row)

    async def operations(self, guild_id: int, numbers: Iterable[int]) -> dict[int, OperationRecord]:
        """Operations by their numbers; those that don't exist are left out."""
        wanted = sorted(set(numbers))
        if not wanted:
            return {}
        rows = await self.db.fetchall(
            f"SELECT * FROM operations WHERE guild_id = $1 AND number IN ({placeholders(len(wanted), first=2)})",
            guild_id, *wanted,
        )  # fmt: skip
        return {row["number"]: operation_of(row) for row in rows}

    async def entries_of(self, guild_id: int, number: int) -> list[Entry]:
        """What an operation changed, in the order in which it did for each account."""
        rows = await self.db.fetchall(
            "SELECT * FROM ledger WHERE guild_id = $1 AND operation = $2 ORDER BY user_id, entry", guild_id, number
        )
        return [entry_of(row) for row in rows]

    # --- who has most

    async def richest(self, guild_id: int, *, limit: int, offset: int = 0) -> list[Account]:
        """Those who have most, without whom is known to have left; equals in the order of their ids."""
        rows = await self.db.fetchall(
            "SELECT * FROM accounts WHERE guild_id = $1 AND present"
            " ORDER BY (cash + bank) DESC, user_id LIMIT $2 OFFSET $3",
            guild_id, limit, offset,
        )  # fmt: skip
        return [account_of(row) for row in rows]

    async def rank(self, account: Account) -> int:
        """Which place somebody has among `richest`, from one."""
        better = await self.db.fetchval(
            "SELECT COUNT(*) FROM accounts WHERE guild_id = $1 AND present"
            " AND (cash + bank) >= $2 AND ((cash + bank) > $2 OR user_id < $3)",
            account.guild_id, account.total, account.user_id,
        )  # fmt: skip
        return int(better) + 1

    async def count(self, guild_id: int) -> int:
        """How many accounts `richest` goes through."""
        return int(await self.db.fetchval("SELECT COUNT(*) FROM accounts WHERE guild_id = $1 AND present", guild_id))

    async def mark(self, guild_id: int, user_ids: Sequence[int], *, present: bool) -> int:
        """Remember whether people are in the guild; how many of them were thought otherwise before."""
        if not await thought_otherwise(self.db, "accounts", guild_id, user_ids, present=present):
            return 0  # and nobody has to wait for a turn
        async with self._turn(guild_id):
            # Rows that an operation changes too, and in another order: so no operation may be under way.
            await self.db.execute("UPDATE operation_numbers SET last = last WHERE guild_id = $1", guild_id)
            return await write_presence(self.db, "accounts", guild_id, user_ids, present=present)


async def _accounts(db: DatabaseManager, guild_id: int, user_ids: Iterable[int]) -> dict[int, Account]:
    found = {}
    for some in as_chunks(sorted(user_ids), AT_ONCE):
        rows = await db.fetchall(
            f"SELECT * FROM accounts WHERE guild_id = $1 AND user_id IN ({placeholders(len(some), first=2)})",
            guild_id, *some,
        )  # fmt: skip
        found.update({row["user_id"]: account_of(row) for row in rows})
    return found
