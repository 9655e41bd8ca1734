"""What tests of leveling share."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.support import simcord_adapter as adapter
from tests.support.standings import prove_standings
from tests.support.town import Town


@pytest_asyncio.fixture
async def town(town: Town) -> AsyncIterator[Town]:
    """The town, whose standings are proved after each test; and nobody waits for Discord while they change."""
    waited: list[str] = []

    def note(method: str, path: str) -> None:
        if town.db.in_transaction:  # so would everybody else's XP
            waited.append(f"{method} {path}")

    with adapter.at_each_request(note):
        yield town
    assert waited == []
    await prove_standings(town.db, town.guild.id)
