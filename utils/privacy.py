"""All that the loaded features declare about what they store, together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from database.guild_data import GuildDataStore
from database.personal_data import PersonalDataStore
from database.personal_tables import Table
from database.schema import shapes
from utils.cog import Cog
from utils.personal_data import PersonalData

if TYPE_CHECKING:
    from utils.bot import Hearth


def by_feature(bot: "Hearth") -> dict[str, list[PersonalData]]:
    """What the loaded features declare, in their order."""
    found: dict[str, list[PersonalData]] = {}
    for cog in bot.cogs.values():
        if isinstance(cog, Cog) and cog.personal_data:
            found.setdefault(cog.feature, []).extend(cog.personal_data)
    return dict(sorted(found.items()))


def _all(bot: "Hearth") -> Iterator[PersonalData]:
    for declared in by_feature(bot).values():
        yield from declared


def declared_tables(bot: "Hearth") -> list[Table]:
    """Every table that a loaded feature declares."""
    return [table for declared in _all(bot) for table in declared.tables]


def store_of(bot: "Hearth") -> PersonalDataStore:
    """All that is declared at this moment, to be exported and erased."""
    erasers = {eraser: None for declared in _all(bot) for eraser in declared.erasers}
    return PersonalDataStore(bot.db, declared_tables(bot), erasers)


def missing_features(bot: "Hearth") -> list[str]:
    """Features that aren't loaded: nobody knows what they store, so nothing can be erased."""
    return [name for name in bot.features.available() if name not in bot.features.loaded]


async def guild_data_of(bot: "Hearth") -> GuildDataStore:
    """All that is declared about guilds at this moment, to be deleted."""
    return GuildDataStore(bot.db, declared_tables(bot), await shapes(bot.db))


async def forget_guild_in_memory(bot: "Hearth", guild_id: int) -> None:
    """Let every feature drop what it has of a guild in memory. Raises what one of them raises."""
    bot.guild_settings.forget(guild_id)
    await bot.access.load()
    for cog in list(bot.cogs.values()):
        if isinstance(cog, Cog):
            await cog.forget_guild(guild_id)


async def forget_in_memory(bot: "Hearth", user_id: int, guild_id: int | None) -> None:
    """Let every feature drop what it has of somebody in memory. Raises what one of them raises."""
    await bot.user_settings.erased(user_id)
    await bot.access.load()  # who set a rule is in memory, too
    for cog in list(bot.cogs.values()):
        if isinstance(cog, Cog):
            await cog.forget_person(user_id, guild_id)
