"""Erasing somebody's data: from the database in one transaction, and from memory before and after it."""

import asyncio
from datetime import timedelta
from typing import Final

import discord

from database.personal_data import ErasureRequest, new_stand_in
from utils.bot import Hearth
from utils.errors import UserError
from utils.i18n import _
from utils.privacy import missing_features, store_of
from utils.time import timestamp

BETWEEN: Final = timedelta(days=30)
"""So long after somebody had their data deleted it isn't done again."""


class Erasing:
    """Erases people's data, one after the other."""

    def __init__(self, bot: Hearth) -> None:
        self.bot = bot
        self._one_at_a_time = asyncio.Lock()

    def check_whole(self) -> None:
        """Raise `UserError` while a feature isn't loaded: nobody knows then what it stores."""
        if missing_features(self.bot):
            raise UserError(_("A part of me isn't running at the moment. Please try again later."))

    async def check_wait(self, user_id: int, guild_id: int | None) -> None:
        """Raise `UserError` for who had their data deleted lately: it would bring start balances again and again."""
        since = discord.utils.utcnow() - BETWEEN
        last = await store_of(self.bot).erased_since(user_id, guild_id, since)
        if last is not None:
            raise UserError(
                _("I deleted your data {when}. You can have it deleted again {again}.").format(
                    when=timestamp(last, "R"), again=timestamp(last + BETWEEN, "R")
                )
            )

    async def erase(
        self, user_id: int, guild_id: int | None = None, *, strict: bool = False, is_noted: bool = True
    ) -> bool:
        """Erase what is somebody's, everywhere or in one guild; whether something stays until it ends.

        `is_noted` says whether they have to wait before it is done again. Raises `UserError` while a feature isn't
        loaded, and `DatabaseError`; then nothing is erased.
        """
        self.check_whole()
        now = discord.utils.utcnow()
        request = ErasureRequest(user_id, new_stand_in(), now, now, guild_id, strict, is_noted)
        async with self._one_at_a_time:
            # What is yet to be written would come back; and what is read meanwhile may be the old.
            await self.bot.everywhere.forget_person(user_id, guild_id)
            stays = await store_of(self.bot).erase(request)
            await self.bot.everywhere.forget_person(user_id, guild_id)
        return stays

    async def finish(self) -> None:
        """Erase of those of whom something stayed what has ended meanwhile. Raises `DatabaseError`."""
        if missing_features(self.bot):
            return
        store = store_of(self.bot)
        await store.forget_erased(discord.utils.utcnow() - BETWEEN)
        for pending in await store.pending():
            async with self._one_at_a_time:
                await store.finish(pending, discord.utils.utcnow())
