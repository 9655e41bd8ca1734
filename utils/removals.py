"""What the bot removes is written down with the rule that removed it, so that `why` can tell."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import discord

from database.errors import DatabaseError
from database.manager import DatabaseManager
from database.removed_messages import RemovedMessage, RemovedMessagesStore

log = logging.getLogger("hearth.removals")

KEPT: Final = timedelta(days=30)
SWEPT_EVERY: Final = timedelta(hours=6)


class Removals:
    """Whoever removes members' messages says so here, and explains it (`utils.explanations`)."""

    def __init__(self, db: DatabaseManager) -> None:
        self.store = RemovedMessagesStore(db)
        self._swept_at: datetime | None = None

    async def note(self, removed: Sequence[RemovedMessage]) -> None:
        """Write down what was removed. It is only for the telling: where the database is away, it goes unsaid."""
        now = discord.utils.utcnow()
        try:
            if removed:
                await self.store.add(removed)
            if self._swept_at is None or now - self._swept_at > SWEPT_EVERY:
                self._swept_at = now
                await self.store.forget(now - KEPT)
        except DatabaseError:
            log.warning("Could not write down %d removed messages", len(removed), exc_info=True)
