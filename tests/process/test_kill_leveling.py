"""XP under `kill -9`: a guild's batch is there whole or not at all, and at most what wasn't written yet is lost.

Two halves. A small program around the writing alone is cheap to start: it is killed often, in the middle of batches.
The real bot shows that SIGTERM loses nothing, and `kill -9` no more than the last few seconds.
"""

import asyncio
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from database.manager import DatabaseManager
from tests.process.conftest import Start
from tests.support.discord_server import DiscordServer
from tests.support.process import within
from tests.support.standings import prove_standings

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SEED = 20_26
KILLS = 4
MOST_BATCHES = 60  # before a kill
GUILDS = (1, 2)
PEOPLE = 30  # of a guild, and all of them are in each of its batches

# Writes batch after batch of each guild, trying the one before once more each time, as after a lost answer. It says
# the guild and how many it has written, after each.
WRITER = """
import asyncio, sys
from datetime import date
from database import DatabaseManager
from database.ids import new_id
from database.standing_values import Gain
from database.standings import StandingsStore

PEOPLE = {people}

async def write(store, guild):
    before = None
    while True:
        batch = new_id()
        for one in (batch, before):
            if one is not None:
                gains = {{user: Gain(xp=user, messages=1) for user in range(1, PEOPLE + 1)}}
                await store.add_batch(guild, one, gains, today=date(2026, 3, 1))
        before = batch
        print(guild, flush=True)

async def main():
    async with DatabaseManager(sys.argv[1], pool_min=1) as db:
        store = StandingsStore(db)
        await asyncio.gather(*(write(store, guild) for guild in {guilds}))

asyncio.run(main())
"""


@within(120)
async def test_a_batch_is_there_whole_or_not_at_all(migrated_url: str) -> None:
    chance = random.Random(SEED)
    told = dict.fromkeys(GUILDS, 0)
    program = WRITER.format(people=PEOPLE, guilds=GUILDS)
    async with DatabaseManager(migrated_url, pool_min=1) as db:
        for kills in range(1, KILLS + 1):
            process = subprocess.Popen(
                [sys.executable, "-c", program, migrated_url], stdout=subprocess.PIPE, text=True, cwd=ROOT
            )
            assert process.stdout is not None
            read = process.stdout.readline
            lines = [await asyncio.to_thread(read) for _ in range(chance.randint(1, MOST_BATCHES))]
            await asyncio.sleep(chance.uniform(0, 0.02))  # a batch takes some milliseconds
            process.kill()
            lines += process.stdout.read().splitlines()
            process.wait()
            for line in lines:
                told[int(line)] += 1
            for guild in GUILDS:
                assert await prove_standings(db, guild) in {0, PEOPLE}
                rows = await db.fetchall("SELECT * FROM standings WHERE guild_id = $1", guild)
                batches = {row["messages"] for row in rows} or {0}
                assert len(batches) == 1  # nobody has a part of a batch
                assert told[guild] <= max(batches) <= told[guild] + kills  # whose answer nobody heard
                assert all(row["xp"] == row["user_id"] * row["messages"] for row in rows)
                recent = await db.fetchall("SELECT * FROM recent_standings WHERE guild_id = $1", guild)
                assert {row["messages"] for row in recent} == batches - {0}


async def written(database_url: str, guild_id: int) -> tuple[int, int]:
    """How many messages and how much XP is in the database."""
    async with DatabaseManager(database_url, pool_min=1) as db:
        await prove_standings(db, guild_id)
        rows = await db.fetchall("SELECT * FROM standings WHERE guild_id = $1", guild_id)
    return sum(row["messages"] for row in rows), sum(row["xp"] for row in rows)


@pytest.mark.engines("sqlite")  # a start of the bot is dear, and the engines are the store's affair
@within(120)
async def test_the_bot_is_stopped_and_killed(hearth: Start, discord: DiscordServer, database_url: str) -> None:
    guild_id = int(discord.world.guild_id)
    bot = await hearth(database_url)
    await discord.say("good morning, is anybody here?")
    await discord.say("I am", author=discord.world.stranger)
    await bot.ask("!ping")  # it has heard both
    bot.signal(signal.SIGTERM)
    assert await bot.exit_status() == 0
    messages, xp = await written(database_url, guild_id)
    assert messages == 2
    assert 30 <= xp <= 50

    bot = await hearth(database_url)
    await discord.say("the weather is fine")
    while (await written(database_url, guild_id))[0] < 3:
        await asyncio.sleep(0.1)  # until the window is over
    before = await written(database_url, guild_id)
    await discord.say("shall we go for a walk?")
    await bot.ask("!ping")
    await bot.kill()
    after = await written(database_url, guild_id)
    assert after[0] in {3, 4}  # at most what was said since the last writing is lost
    assert after[1] >= before[1]
