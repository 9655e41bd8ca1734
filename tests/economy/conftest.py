"""What tests of the economy share."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from cogs.economy.bank import Bank
from database.economy import Cause, Posting
from tests.support import simcord_adapter as adapter
from tests.support.ledger import prove
from tests.support.town import Town


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "broken_books: leaves a ledger behind that doesn't add up")


@pytest_asyncio.fixture
async def town(town: Town, request: pytest.FixtureRequest) -> AsyncIterator[Town]:
    """The town, whose books are proved after each test; and nobody waits for Discord during an operation."""
    waited: list[str] = []

    def note(method: str, path: str) -> None:
        if town.db.in_transaction:  # so would everybody else's coins
            waited.append(f"{method} {path}")

    with adapter.at_each_request(note):
        yield town
    assert waited == []
    if request.node.get_closest_marker("broken_books") is None:
        await prove(town.db, town.guild.id, wagers_alone=False)


class Purse:
    """Coins in a test's town: what people have, and giving them some without a command."""

    def __init__(self, town):
        self.town = town
        self.bank = Bank(town.bot)

    async def of(self, person) -> tuple[int, int]:
        """What somebody has in hand and in the bank."""
        account = await self.bank.account(self.town.guild.id, person.id)
        return account.cash, account.bank

    async def give(self, person, amount: int, *, pocket: str = "cash") -> None:
        """Let somebody have so much more (or less)."""
        await self.town.as_bot(self._give(person, amount, pocket))

    async def _give(self, person, amount, pocket):
        async with self.bank.operation(self.town.guild.id, "give", Cause("test")) as operation:
            await operation.post(Posting(person.id, amount, pocket))

    async def entries(self, person) -> list[tuple[str, int]]:
        """The kinds and amounts of somebody's ledger, the oldest first."""
        history = await self.bank.store.history(self.town.guild.id, person.id, limit=1000)
        return [(entry.kind, entry.amount) for entry in reversed(history)]


@pytest.fixture
def purse(town) -> Purse:
    return Purse(town)
