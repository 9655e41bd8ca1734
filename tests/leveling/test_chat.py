"""XP for messages."""

from database.standings import StandingsStore
from tests.support.town import Town


async def xp(town: Town, person) -> int:
    return (await StandingsStore(town.db).get(town.guild.id, person.id)).xp


async def test_chatting_brings_xp_once_a_minute(town: Town):
    with town.sql_statements() as statements:
        await town.says(town.ann, "good morning")
    assert statements == []
    await town.says(town.ann, "how is everybody today?")
    await town.wait(seconds=6)
    assert 15 <= await xp(town, town.ann) <= 25
    await town.wait(minutes=1)
    await town.says(town.ann, "anyone there at all")
    await town.restart()
    assert 30 <= await xp(town, town.ann) <= 50
    assert await town.bot.levels.of(town.guild.id, town.ann.id) == 0
