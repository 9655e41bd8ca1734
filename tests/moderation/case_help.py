"""Cases to look at, opened as the pipeline opens them."""

from typing import Any

import discord

from database.moderation import Case, CasesStore, NewCase
from tests.support.places import Person
from tests.support.town import Town


async def given_case(town: Town, kind: str = "warn", *, status: str = "done", **fields: Any) -> Case:
    """A case in the town: mona's on bob, settled unless `status` is pending."""
    by: Person = fields.pop("by", town.moderator)
    on: Person = fields.pop("on", town.bob)
    store = CasesStore(town.bot.db)
    new = NewCase(
        **{
            "guild_id": town.guild.id, "kind": kind, "source": "command", "opened_at": discord.utils.utcnow(),
            "moderator_id": by.id, "moderator_name": by.name, "target_id": on.id, "target_name": on.name,
            "reason": "spam", **fields,
        }
    )  # fmt: skip
    case = await store.open(new)
    if status == "pending":
        return case
    settled = await store.settle(case, status, discord.utils.utcnow())
    assert settled is not None
    return settled
