"""Several processes of one bot: real ones, on one real PostgreSQL, at one Discord that counts their sessions."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from database.manager import DatabaseManager
from tests.process.conftest import Start
from tests.support.discord_server import DiscordServer
from tests.support.patience import PATIENCE
from tests.support.postgres import PostgresServer
from tests.support.process import BotProcess, within

pytestmark = pytest.mark.slow

COUNT = 4
TAKEOVER_SECONDS = 6
DISCORDS_SECONDS = 4.9  # between two sessions that start; five, and the way to us
DELIVERY = "⏰"


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    """A server of this test's own, which it restarts."""
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture
async def strict(discord: DiscordServer) -> AsyncIterator[DiscordServer]:
    """A Discord that refuses sessions too soon after one another; at the end, it had none to refuse."""
    discord.gateway.shards = COUNT
    discord.gateway.identify_every_seconds = DISCORDS_SECONDS
    yield discord
    assert discord.gateway.refused == []


class Processes:
    """The processes of a bot, by number."""

    def __str__(self) -> str:
        return "\n".join(f"--- {number}\n{one.text}" for number, one in self.of.items())

    def __init__(self, launch: Start, discord: DiscordServer, url: str) -> None:
        self._launch = launch
        self.discord = discord
        self.url = url
        self.of: dict[int, BotProcess] = {}

    @property
    def count(self) -> int:
        """Of processes, and of shards."""
        return self.discord.gateway.shards

    @property
    def guilds_shard(self) -> int:
        return (int(self.discord.world.guild_id) >> 22) % self.count

    async def start(self, number: int, **settings: str) -> BotProcess:
        self.of[number] = await self._launch(
            "--cluster",
            f"{number}/{self.count}",
            discord=self.discord,
            DATABASE_URL=self.url,
            **{"SHARD_COUNT": str(self.count), "TAKEOVER_SECONDS": str(TAKEOVER_SECONDS)} | settings,
        )
        return self.of[number]

    def all_ready(self) -> bool:
        return all("Ready as" in one.text for one in self.of.values())

    async def all_there(self, *, but: int | None = None) -> None:
        """Wait until each shard has one session; `but` is a process that has ended."""
        some = next(one for number, one in self.of.items() if number != but)
        gateway = self.discord.gateway
        await some.until(
            "one session of each shard",
            lambda: [len(gateway.sessions_of(shard)) for shard in range(self.count)] == [1] * self.count,
            60 * PATIENCE,
        )

    async def answers_once(self, some: BotProcess) -> None:
        """Somebody asks, and gets one answer; then the answer to a second question, which comes after another one."""
        first = await self.discord.say("!ping")
        await some.until("an answer", lambda: self.discord.said_by_bot(since=first), 30 * PATIENCE)
        second = await self.discord.say("!ping", channel=self.discord.world.random)
        await some.answer(second)
        assert len(self.discord.said_by_bot(since=first)) == 1


@pytest.fixture
async def processes(
    launch: Start, strict: DiscordServer, postgres: PostgresServer
) -> AsyncIterator[Processes]:  # fmt: skip
    made = Processes(launch, strict, postgres.url())
    yield made
    print(made)  # shown where the test failed


async def until_due(url: str, milliseconds: int) -> None:
    """Let all that waits be due so much from now."""
    async with DatabaseManager(url, pool_min=1) as db:
        due_at = int(time.time() * 1000) + milliseconds
        await db.execute("UPDATE reminders SET due_at = $1", due_at)
        await db.execute("UPDATE timers SET due_at = $1 WHERE name = 'reminder_timer'", due_at)


@within(240)
async def test_one_of_four_is_killed_and_comes_back(processes: Processes, postgres: PostgresServer) -> None:
    discord, gateway = processes.discord, processes.discord.gateway
    await processes.start(1)
    await processes.of[1].until("the tables", lambda: "runs shards" in processes.of[1].text, 30 * PATIENCE)
    await asyncio.gather(*(processes.start(number) for number in (2, 3, 4)))
    await processes.all_there()
    shard, number = processes.guilds_shard, processes.guilds_shard + 1
    others = [one for other, one in processes.of.items() if other != number]
    await others[0].until("readiness", processes.all_ready, 60 * PATIENCE)
    await processes.answers_once(others[0])

    # Its work is done once, elsewhere.
    asked = await discord.say("!remind 1h tea")
    await others[0].answer(asked)
    await processes.of[number].kill()
    await until_due(processes.url, 500)
    await others[0].until("nobody there", lambda: not gateway.sessions_of(shard))
    await processes.all_there(but=number)

    def delivered() -> list[str]:
        said = [message["content"] for message in discord.said_by_bot(since=asked)]
        return [text for text in said if text.startswith(DELIVERY)]

    await others[0].until("the reminder", delivered, 60 * PATIENCE)
    takers = [one for one in others if f"Taking over shards {shard}" in one.text]
    assert len(takers) == 1
    await processes.answers_once(takers[0])
    assert len(delivered()) == 1
    assert discord.said_by_bot(since=asked)[-1]["channel_id"] == asked["channel_id"]

    # The database goes away and comes back: nobody takes anything from anybody.
    sessions = len(gateway.sessions)
    await asyncio.to_thread(postgres.stop)
    await others[0].until("the news", lambda: all("can't be told" in one.text for one in others), 30 * PATIENCE)
    await asyncio.to_thread(postgres.start)
    await others[0].until("the others", lambda: all("hear of this one again" in one.text for one in others), 240)
    await processes.answers_once(takers[0])
    assert len(gateway.sessions) == sessions

    # It comes back, and gets its shard back.
    back = await processes.start(number)
    await back.until("readiness", lambda: "Ready" in back.text, 60 * PATIENCE)
    assert f"Giving back shards {shard}" in takers[0].text
    await processes.all_there()
    await processes.answers_once(back)
    assert len(delivered()) == 1

    for one in processes.of.values():
        one.signal(signal.SIGTERM)
    assert [await one.exit_status() for one in processes.of.values()] == [0] * COUNT
    assert not [one.text for one in processes.of.values() if "Traceback" in one.text]
    async with DatabaseManager(processes.url, pool_min=1) as db:
        assert await db.fetchall("SELECT * FROM cluster_shards") == []


@within(120)
async def test_a_second_one_of_the_same_number_waits(processes: Processes) -> None:
    first = await processes.start(1)
    await first.until("readiness", lambda: "Ready" in first.text, 30 * PATIENCE)
    second = await processes.start(1)
    await second.until("a sentence", lambda: "A process 1/4 runs already" in second.text, 30 * PATIENCE)
    assert len(processes.discord.gateway.sessions_of(0)) == 1
    first.signal(signal.SIGTERM)
    assert await first.exit_status() == 0
    await second.until("readiness", lambda: "Ready" in second.text, 30 * PATIENCE)


@pytest.fixture
async def pair(processes: Processes) -> Processes:
    """Two, of two shards."""
    processes.discord.gateway.shards = 2
    first = await processes.start(1)
    await first.until("the tables", lambda: "runs shards" in first.text, 30 * PATIENCE)
    second = await processes.start(2)
    await processes.all_there()
    await second.until("readiness", processes.all_ready, 60 * PATIENCE)
    return processes


async def until_silent(url: str, seconds: float) -> None:
    """Wait until somebody has given no sign of life for so long."""
    async with DatabaseManager(url, pool_min=1) as db:
        now = "EXTRACT(EPOCH FROM clock_timestamp()) * 1000"
        while await db.fetchval(f"SELECT MAX({now} - beat_at) FROM cluster_processes") < seconds * 1000:
            await asyncio.sleep(0.2)


async def until_beaten(url: str, beats: int = 2) -> None:
    """Wait until somebody has given some signs of life more."""
    async with DatabaseManager(url, pool_min=1) as db:
        seen: set[int] = set()
        while len(seen) <= beats:
            seen.add(await db.fetchval("SELECT MAX(beat_at) FROM cluster_processes"))
            await asyncio.sleep(0.1)


@within(120)
async def test_one_that_stood_still_does_nothing_that_was_done_meanwhile(pair: Processes) -> None:
    gateway, shard = pair.discord.gateway, pair.guilds_shard
    sleeper, taker = pair.of[shard + 1], pair.of[2 - shard]
    sleeper.signal(signal.SIGSTOP)
    await taker.until("a second session", lambda: len(gateway.sessions_of(shard)) == 2, 60 * PATIENCE)
    await taker.until("the servers", lambda: f"Shard {shard} is here now" in taker.text, 30 * PATIENCE)
    asked = await pair.discord.say("!ping")  # both are told of it
    await taker.answer(asked)
    sleeper.signal(signal.SIGCONT)
    await sleeper.until("its shard", lambda: f"Shard {shard} is here now" in sleeper.text, 60 * PATIENCE)
    await pair.all_there()
    assert f"Shards {shard} are another process's now" in sleeper.text
    assert len(pair.discord.said_by_bot(since=asked)) == 1
    await pair.answers_once(sleeper)


@within(120)
async def test_nobody_takes_over_after_all_stood_still(pair: Processes) -> None:
    one, other = pair.of.values()
    sessions = len(pair.discord.gateway.sessions)
    for process in (one, other):
        process.signal(signal.SIGSTOP)
    await until_silent(pair.url, TAKEOVER_SECONDS + 1)
    one.signal(signal.SIGCONT)
    await until_beaten(pair.url)
    await one.until("its beat", lambda: "This process was not heard of for" in one.text, 30 * PATIENCE)
    other.signal(signal.SIGCONT)
    await other.until("its beat", lambda: "This process was not heard of for" in other.text, 30 * PATIENCE)
    await pair.answers_once(one)
    assert "Taking over" not in one.text + other.text
    assert "another process's" not in one.text + other.text
    assert len(pair.discord.gateway.sessions) == sessions


@within(120)
async def test_who_starts_with_another_number_of_shards_waits(pair: Processes) -> None:
    first = pair.of[1]
    pair.of[2].signal(signal.SIGTERM)
    assert await pair.of[2].exit_status() == 0
    second = await pair.start(2, SHARD_COUNT="4")
    await second.until("a sentence", lambda: "Process 1/2 runs with SHARD_COUNT=2" in second.text, 30 * PATIENCE)
    await pair.all_there(but=2)  # meanwhile the first runs all of the two shards
    await first.until("the servers", lambda: "Shard 1 is here now" in first.text, 30 * PATIENCE)
    await pair.answers_once(first)
    assert all(identify["shard"][1] == 2 for identify in pair.discord.gateway.identifies)
    first.signal(signal.SIGTERM)
    assert await first.exit_status() == 0
    pair.discord.gateway.shards = 4
    await second.until("its shards", lambda: "runs shards 2-3 of 4" in second.text, 30 * PATIENCE)
    await pair.all_there(but=1)  # the two of the process that isn't there, too


@within(120)
async def test_no_session_is_started_beyond_what_discord_allows_in_a_day(processes: Processes) -> None:
    rest, gateway = processes.discord.rest, processes.discord.gateway
    gateway.shards, rest.starts_left, rest.starts_reset_after_ms = 2, 0, 500
    first = await processes.start(1)
    await first.until("a sentence", lambda: first.text.count("too few for 1 shards") > 1, 30 * PATIENCE)
    assert gateway.identifies == []
    rest.starts_left = 9
    await first.until("readiness", lambda: "Ready as" in first.text, 30 * PATIENCE)
    second = await processes.start(2)
    await second.until("readiness", lambda: "Ready as" in second.text, 30 * PATIENCE)
    rest.starts_left, said = 0, first.text.count("too few")
    await second.kill()
    await first.until("a sentence", lambda: first.text.count("too few") > said + 1, 60 * PATIENCE)
    assert len(gateway.identifies) == 2
    rest.starts_left = 9
    await processes.all_there(but=2)


@within(60)
async def test_settings_that_do_not_fit_are_named(launch: Start) -> None:
    bot = await launch("--cluster", "2/4", SHARD_COUNT="4")
    assert await bot.exit_status() == 2
    assert "Several processes need PostgreSQL" in bot.text
