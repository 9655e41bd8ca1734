"""What the bot removes is written down with the rule that removed it, so that `why` can tell."""

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

import discord

from database.errors import DatabaseError
from database.manager import DatabaseManager
from database.removed_messages import RemovedMessage, RemovedMessagesStore

log = logging.getLogger("hearth.removals")

KEPT: Final = timedelta(days=30)


class Removals:
    """Whoever removes members' messages says so here, and explains it (`utils.explanations`)."""

    def __init__(self, db: DatabaseManager) -> None:
        self.store = RemovedMessagesStore(db)

    async def note(self, removed: Sequence[RemovedMessage]) -> None:
        """Write down what was removed. It is only for the telling: where the database is away, it goes unsaid."""
        try:
            if removed:
                await self.store.add(removed)
        except DatabaseError:
            log.warning("Could not write down %d removed messages", len(removed), exc_info=True)

    async def without_case(self, guild_id: int, message_ids: Iterable[int]) -> bool:
        """Whether some of these were removed by a rule alone, so that no case and no mod log shows them."""
        try:
            removed = await self.store.some(guild_id, message_ids)
        except DatabaseError:
            log.warning("What removed messages of guild %d isn't known", guild_id, exc_info=True)
            return False
        return any("case" not in one.details for one in removed)

    async def sweep(self) -> None:
        """Let go of what is too long ago."""
        try:
            await self.store.forget(discord.utils.utcnow() - KEPT)
        except DatabaseError:
            log.warning("Old notes of removed messages stay for now", exc_info=True)
