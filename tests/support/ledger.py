"""What must hold of a guild's coins at any moment, looked up row by row and without the code that it is to prove."""

from collections import Counter, defaultdict
from itertools import count, pairwise

from database.economy import MOST_COINS
from database.manager import DatabaseManager, Row

GAME_KINDS = ("bet", "winnings", "bet_refund")
BETWEEN_POCKETS = ("deposit", "withdraw")


async def prove(db: DatabaseManager, guild_id: int, *, wagers_alone: bool = True) -> int:
    """Check every rule of the ledger; how many coins there are, those at stake included.

    `wagers_alone` says that all that went in and out of games is in the table of wagers: no lottery's tickets.
    """
    async with db.transaction():  # on SQLite nobody writes between these
        accounts = await db.fetchall("SELECT * FROM accounts WHERE guild_id = $1", guild_id)
        entries = await db.fetchall(
            "SELECT * FROM ledger WHERE guild_id = $1 ORDER BY operation, user_id, entry", guild_id
        )
        operations = await db.fetchall("SELECT * FROM operations WHERE guild_id = $1 ORDER BY number", guild_id)
        last = await db.fetchval("SELECT last FROM operation_numbers WHERE guild_id = $1", guild_id)
        wagers = await db.fetchall("SELECT * FROM wagers WHERE guild_id = $1", guild_id)
    _accounts_are_the_sums_of_their_entries(accounts, entries)
    _numbers_have_no_holes(operations, entries, last or 0)
    _causes_came_once(operations)
    _what_goes_round_stays(entries)
    if wagers_alone:
        _stakes_are_somewhere(entries, wagers)
    return sum(row["cash"] + row["bank"] for row in accounts) + sum(
        row["stake"] for row in wagers if row["status"] == "open"
    )


def _accounts_are_the_sums_of_their_entries(accounts: list[Row], entries: list[Row]) -> None:
    by_owner: defaultdict[int, list[Row]] = defaultdict(list)
    for entry in entries:
        by_owner[entry["user_id"]].append(entry)
    assert sorted(by_owner) == sorted(row["user_id"] for row in accounts)
    for account in accounts:
        pockets: Counter[str] = Counter()
        of_one = sorted(by_owner[account["user_id"]], key=lambda entry: int(entry["entry"]))
        for number, entry in zip(count(1), of_one, strict=False):
            assert entry["entry"] == number
            pockets[entry["pocket"]] += entry["amount"]
            assert entry["balance"] == pockets[entry["pocket"]]
            assert entry["balance"] >= 0
        assert (account["cash"], account["bank"]) == (pockets["cash"], pockets["bank"])
        assert account["cash"] + account["bank"] <= MOST_COINS
        assert account["entries"] == len(of_one)
        assert all(one["operation"] <= two["operation"] for one, two in pairwise(of_one))


def _numbers_have_no_holes(operations: list[Row], entries: list[Row], last: int) -> None:
    assert [row["number"] for row in operations] == list(range(1, last + 1))
    assert {entry["operation"] for entry in entries} <= {row["number"] for row in operations}


def _causes_came_once(operations: list[Row]) -> None:
    causes = Counter(
        (row["kind"], row["cause_kind"], row["cause_id"], row["actor_id"])
        for row in operations
        if row["cause_id"] is not None
    )
    assert set(causes.values()) <= {1}


def _what_goes_round_stays(entries: list[Row]) -> None:
    """What one gets from another, that one gives; and what leaves a pocket for the other arrives there."""
    pairs: Counter[tuple[int, int, int]] = Counter()
    pockets: Counter[tuple[int, int]] = Counter()
    for entry in entries:
        if entry["counterparty_id"] is not None:
            one, other = sorted((entry["user_id"], entry["counterparty_id"]))
            pairs[entry["operation"], one, other] += entry["amount"]
        if entry["kind"] in BETWEEN_POCKETS:
            pockets[entry["operation"], entry["user_id"]] += entry["amount"]
    assert set(pairs.values()) <= {0}
    assert set(pockets.values()) <= {0}


def _stakes_are_somewhere(entries: list[Row], wagers: list[Row]) -> None:
    """What left accounts for games is at stake, was lost, or came back."""
    won = sum(row["payout"] - row["stake"] for row in wagers if row["status"] == "settled")
    at_stake = sum(row["stake"] for row in wagers if row["status"] == "open")
    assert sum(entry["amount"] for entry in entries if entry["kind"] in GAME_KINDS) == won - at_stake
