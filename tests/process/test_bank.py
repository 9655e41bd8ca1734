"""Coins under `kill -9`: the total is exact, every answered operation is there, and none is there twice.

Two halves. A small program around the store alone is cheap to start: it is killed often, with many transfers under
way. The real bot, killed once in the middle of `!pay`, shows that its answers are as good as the store's.
"""

import asyncio
import random
import subprocess
import sys
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from database.manager import DatabaseManager
from tests.process.conftest import Start
from tests.support.discord_server import DiscordServer
from tests.support.discord_world import Payload, text_of
from tests.support.ledger import prove
from tests.support.process import BotProcess, within

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SEED = 20_26
KILLS = 5
MOST_ANSWERS = 150  # before a kill
DELIVERED_AGAIN = 40  # of the messages before a kill: what was under way, and some that were answered
OPENING = 100
PEOPLE = {1: 6, 2: 3}  # by guild

# Many clients, each doing one transfer after the other. What message n wants is drawn from n: whoever sends it again,
# means the same. It says each number after the operation ended, and how: done, refused, or done before.
CLIENTS = """
import asyncio, random, sys
from datetime import UTC, datetime
from itertools import count
from database import DatabaseManager
from database.economy import AlreadyDone, Cause, EconomyStore, NewOperation, NotEnough, transfer

PEOPLE, OPENING, CLIENTS = {people}, {opening}, 20

async def pay(store, message):
    chance = random.Random(message)
    guild = chance.choice(list(PEOPLE))
    sender, receiver = chance.sample(range(1, PEOPLE[guild] + 1), 2)
    about = NewOperation(
        guild, "pay", Cause("message", message), sender, datetime.now(UTC), opening=OPENING, reason=str(message)
    )
    try:
        async with store.operation(about) as operation:
            await operation.post(*transfer(sender, receiver, chance.randint(1, 60)))
    except AlreadyDone:
        return "before"
    except NotEnough:
        return "refused"
    return "done"

async def client(store, messages):
    for message in messages:
        print(message, await pay(store, message), flush=True)

async def main():
    async with DatabaseManager(sys.argv[1], pool_min=1) as db:
        store, messages = EconomyStore(db), count(int(sys.argv[2]))
        await asyncio.gather(*(client(store, messages) for _ in range(CLIENTS)))

asyncio.run(main())
"""


async def sent_by(db: DatabaseManager) -> Counter[int]:
    """How many operations each message brought about."""
    return Counter(row["cause_id"] for row in await db.fetchall("SELECT cause_id FROM operations WHERE kind = 'pay'"))


@within(120)
async def test_many_clients_of_a_store_that_is_killed(migrated_url: str) -> None:
    chance = random.Random(SEED)
    ends: dict[int, str] = {}
    came_again = False
    program = CLIENTS.format(people=PEOPLE, opening=OPENING)
    async with DatabaseManager(migrated_url, pool_min=1) as db:
        for _ in range(KILLS):
            first = max(1, max(ends, default=0) - DELIVERED_AGAIN)
            process = subprocess.Popen(
                [sys.executable, "-c", program, migrated_url, str(first)], stdout=subprocess.PIPE, text=True, cwd=ROOT
            )
            assert process.stdout is not None
            read = process.stdout.readline
            lines = [await asyncio.to_thread(read) for _ in range(chance.randint(1, MOST_ANSWERS))]
            process.kill()
            lines += process.stdout.read().splitlines()
            process.wait()
            # What was refused before may have been done this time, and the kill kept it from being said.
            ends = {message: end for message, end in ends.items() if message < first or end != "refused"}
            for line in lines:
                message, _, end = line.strip().partition(" ")
                assert end, process.returncode
                ends[int(message)] = end
                came_again = came_again or end == "before"
            sent = await sent_by(db)
            for guild, people in PEOPLE.items():
                coins = await prove(db, guild)
                accounts = await db.fetchval("SELECT COUNT(*) FROM accounts WHERE guild_id = $1", guild)
                assert coins == OPENING * accounts <= OPENING * people
            for message, end in ends.items():
                assert sent[message] == (0 if end == "refused" else 1), (message, end)
            assert set(sent.values()) <= {1}
    assert came_again


class Payments:
    """Three people who pay each other all the time, and what they are told."""

    def __init__(self, discord: DiscordServer) -> None:
        self.discord = discord
        world = discord.world
        self.people = (world.owner, world.member, world.stranger)
        self.said: list[Payload] = []
        self.chance = random.Random(SEED)

    async def go_on(self, bot: BotProcess, person: Payload) -> None:
        """Pay somebody, wait for the answer, and so on, until the bot is gone."""
        for _ in count():
            other = self.chance.choice([one for one in self.people if one is not person])
            content = f"!pay <@{other['id']}> {self.chance.randint(1, 30)}"
            self.said.append(await self.discord.say(content, author=person))
            while not self.answers(self.said[-1]):
                if not bot.running:
                    return
                await asyncio.sleep(0.002)

    def answers(self, message: Payload) -> list[str]:
        """What the bot replied to a message."""
        return [
            text_of(reply)
            for reply in self.discord.said_by_bot()
            if reply.get("message_reference", {}).get("message_id") == message["id"]
        ]


@pytest.mark.engines("sqlite")  # a start of the bot is dear, and the engines are the store's affair
@within(120)
async def test_payments_to_a_bot_that_is_killed(hearth: Start, discord: DiscordServer, database_url: str) -> None:
    payments = Payments(discord)
    bot = await hearth(database_url)
    clients = [asyncio.create_task(payments.go_on(bot, person)) for person in payments.people]
    await bot.until("some answers", lambda: sum(map(bool, map(payments.answers, payments.said))) >= 25)
    await asyncio.sleep(payments.chance.uniform(0, 0.02))  # a payment takes some milliseconds
    await bot.kill()
    await asyncio.gather(*clients)
    unanswered = [message for message in payments.said if not payments.answers(message)]
    assert unanswered

    bot = await hearth(database_url)
    async with DatabaseManager(database_url, pool_min=1) as db:
        before = await sent_by(db)
        # A payment that was refused may find the coins now, and what moved coins before is passed over in silence.
        answers = {message["id"]: len(payments.answers(message)) for message in payments.said}
        awaited = [message for message in payments.said if not before[int(message["id"])]]
        for message in payments.said:  # Discord delivers all of them again
            await discord.gateway.dispatch_message("MESSAGE_CREATE", message)
        while not all(len(payments.answers(message)) > answers[message["id"]] for message in awaited):
            await asyncio.sleep(0.01)
        await bot.ask("!ping")
        sent = await sent_by(db)
        coins = await prove(db, int(discord.world.guild_id))
    for message in payments.said:
        paid = [answer for answer in payments.answers(message) if " paid " in answer]
        assert sent[int(message["id"])] == (1 if paid or before[int(message["id"])] else 0), message
        assert len(paid) <= 1
    assert coins == OPENING * len(payments.people)
