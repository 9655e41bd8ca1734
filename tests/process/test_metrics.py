"""/metrics, /healthz and /readyz of the real program, while Discord and PostgreSQL come and go."""

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.process.conftest import Start
from tests.support.discord_server import MESSAGES, DiscordServer
from tests.support.message_servers import RedisServer, ServerMissing, free_port, required
from tests.support.patience import PATIENCE
from tests.support.postgres import PostgresServer
from tests.support.process import POLL_SECONDS, within

pytestmark = pytest.mark.slow


@pytest.fixture
def port() -> int:
    return free_port()


class Asking:
    """What somebody who looks after the program asks it."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self.session = session
        self.port = port

    async def get(self, path: str) -> tuple[int, dict[str, Any]]:
        async with self.session.get(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.status, await answer.json()

    async def state(self) -> str | None:
        try:
            return str((await self.get("/readyz"))[1]["state"])
        except aiohttp.ClientError:
            return None

    async def until(self, state: str | None, seconds: float = 30.0 * PATIENCE) -> None:
        end = time.monotonic() + seconds
        while (now := await self.state()) != state:
            assert time.monotonic() < end, f"{now} and not {state}"
            await asyncio.sleep(POLL_SECONDS)

    async def samples(self) -> dict[str, float]:
        """All samples by name and labels, as Prometheus's own text format has them."""
        async with self.session.get(f"http://127.0.0.1:{self.port}/metrics") as answer:
            assert answer.status == 200
            text = await answer.text()
        found = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                labels = ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))
                found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
        return found


@pytest.fixture
async def ask(port: int) -> AsyncIterator[Asking]:
    async with aiohttp.ClientSession() as session:
        yield Asking(session, port)


@pytest.fixture
def postgres() -> Iterator[PostgresServer]:
    """A server of this test's own, to be stopped and started."""
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@within(90)
async def test_what_happens_is_counted(
    hearth: Start, discord: DiscordServer, sqlite_url: str, port: int, ask: Asking
) -> None:
    bot = await hearth(sqlite_url, METRICS_PORT=str(port))
    await ask.until("serving")
    assert await bot.ask("!ping")
    await bot.ask("!remind 1s tea")
    await bot.until("reminder", lambda: len(discord.said_by_bot()) >= 3)
    discord.fault("POST", MESSAGES, status=429, retry_after=0.1)
    assert await bot.ask("!ping")

    found = await ask.samples()
    assert found["hearth_commands_total{command=ping,outcome=done}"] == 2
    assert found["hearth_command_seconds_count{command=ping}"] == 2
    assert found["hearth_events_total{event=message}"] >= 3
    assert found["hearth_rest_requests_total{method=POST,outcome=rate_limited}"] == 1
    assert found["hearth_rest_requests_total{method=POST,outcome=ok}"] >= 3
    assert sum(value for name, value in found.items() if name.startswith("hearth_rate_limits_total")) == 1
    assert found["hearth_timer_lag_seconds_count"] == 1
    assert found["hearth_timers"] >= 0
    assert found["hearth_database_statement_seconds_count{table=reminders,verb=insert}"] >= 1
    assert found["hearth_guilds"] == 1
    assert found["hearth_shards_connected"] == found["hearth_shards"] == 1
    assert found["process_resident_memory_bytes"] > 1e6
    assert found["hearth_log_lines_total{level=warning}"] >= 1


@within(90)
async def test_the_gateway_is_lost_and_comes_back(
    hearth: Start, discord: DiscordServer, sqlite_url: str, port: int, ask: Asking
) -> None:
    bot = await hearth(sqlite_url, METRICS_PORT=str(port))
    await ask.until("serving")
    assert (await ask.get("/readyz"))[0] == (await ask.get("/healthz"))[0] == 200
    discord.gateway.accepting.clear()
    discord.gateway.drop()
    await ask.until("gateway lost")
    status, facts = await ask.get("/readyz")
    assert (status, facts["shards"], facts["shards_connected"], facts["database"]) == (503, 1, 0, "reachable")
    while not (await ask.get("/readyz"))[1]["gateway_away_seconds"]:
        await asyncio.sleep(POLL_SECONDS)
    assert (await ask.get("/healthz"))[0] == 200  # it tries by itself: no reason to restart it yet
    found = await ask.samples()
    assert (found["hearth_shards_connected"], found["hearth_state{state=gateway lost}"]) == (0, 1)
    discord.gateway.accepting.set()
    await ask.until("serving")
    assert (await ask.get("/readyz"))[1]["gateway_away_seconds"] == 0
    assert await bot.ask("!ping")


@within(90)
async def test_the_database_is_lost_and_comes_back(
    hearth: Start, postgres: PostgresServer, port: int, ask: Asking
) -> None:
    bot = await hearth(postgres.url(), METRICS_PORT=str(port))
    await ask.until("serving")
    found = await ask.samples()
    assert found["hearth_database_connections"] >= 1
    assert "hearth_timers" in found
    postgres.stop()
    await ask.until("database lost")
    status, facts = await ask.get("/readyz")
    assert (status, facts["shards_connected"], facts["database"]) == (503, 1, "lost")
    assert (await ask.get("/healthz"))[0] == 200  # a restart brings no database back
    found = await ask.samples()
    assert (found["hearth_state{state=database lost}"], found["hearth_guilds"]) == (1, 1)
    assert "hearth_timers" not in found  # nobody knows
    assert found["hearth_database_errors_total{kind=unavailable}"] >= 1
    postgres.start()
    await ask.until("serving")
    assert await bot.ask("!ping")


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    try:
        server = RedisServer()
    except ServerMissing as missing:
        if required():
            raise
        pytest.skip(str(missing))
    server.start()
    yield server
    server.remove()


@within(90)
async def test_it_serves_without_the_bus_and_says_so(
    hearth: Start, discord: DiscordServer, redis: RedisServer, sqlite_url: str, port: int, ask: Asking
) -> None:
    bot = await hearth(sqlite_url, METRICS_PORT=str(port), EVENT_BUS="redis", REDIS_URL=redis.url)
    await ask.until("serving")

    async def bus() -> str:
        status, facts = await ask.get("/readyz")
        assert (status, facts["state"]) == (200, "serving")
        return str(facts["bus"])

    for change, wanted in ((redis.kill, "lost"), (redis.start, "healthy")):
        assert await bus() != wanted
        await asyncio.to_thread(change)
        end = time.monotonic() + 60 * PATIENCE
        while await bus() != wanted:
            assert time.monotonic() < end
            await asyncio.sleep(POLL_SECONDS)
        assert (await ask.samples())["hearth_bus_healthy"] == (wanted == "healthy")
    assert await bot.ask("!ping")


@within(90)
async def test_it_is_starting_until_the_database_and_discord_are_there(
    launch: Start, discord: DiscordServer, postgres: PostgresServer, port: int, ask: Asking
) -> None:
    postgres.stop()
    discord.gateway.accepting.clear()
    bot = await launch(discord=discord, DATABASE_URL=postgres.url(), METRICS_PORT=str(port))
    await ask.until("starting")
    status, facts = await ask.get("/readyz")
    assert (status, facts["database"], facts["shards"]) == (503, "lost", 0)
    assert (await ask.get("/healthz"))[0] == 200
    assert (await ask.samples())["hearth_state{state=starting}"] == 1
    postgres.start()
    await bot.until("login", lambda: any(each.path == "/users/@me" for each in discord.rest.requests), 60)
    assert (await ask.get("/readyz"))[1]["state"] == "starting"
    discord.gateway.accepting.set()
    await ask.until("serving")


@within(60)
async def test_it_is_stopping_while_a_command_finishes(
    hearth: Start, discord: DiscordServer, sqlite_url: str, port: int, ask: Asking
) -> None:
    bot = await hearth(sqlite_url, METRICS_PORT=str(port))
    await ask.until("serving")
    held = discord.fault("POST", MESSAGES, hold=True)
    await discord.say("!ping")
    await bot.until("a held answer", lambda: held.struck)
    assert (await ask.samples())["hearth_commands_running"] == 1
    bot.signal(signal.SIGTERM)
    await ask.until("stopping")
    assert (await ask.get("/readyz"))[0] == 503
    assert (await ask.get("/healthz"))[0] == 200
    held.release()
    assert await bot.exit_status() == 0
    assert await ask.state() is None


@within(60)
async def test_a_taken_port_ends_the_start_with_a_sentence(
    launch: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        bot = await launch(discord=discord, DATABASE_URL=sqlite_url, METRICS_PORT=str(port))
        assert await bot.exit_status(30 * PATIENCE) == 1
    assert f"METRICS_PORT {port} on 127.0.0.1 can't be listened on" in bot.text
    assert "Traceback" not in bot.text
    assert discord.gateway.identifies == []


@within(60)
async def test_a_host_of_another_machine_ends_the_start_with_a_sentence(
    launch: Start, discord: DiscordServer, sqlite_url: str, port: int
) -> None:
    settings = {"METRICS_PORT": str(port), "METRICS_HOST": "192.0.2.1"}
    bot = await launch(discord=discord, DATABASE_URL=sqlite_url, **settings)
    assert await bot.exit_status(30 * PATIENCE) == 1
    assert f"METRICS_PORT {port} on 192.0.2.1 can't be listened on" in bot.text
    assert "Traceback" not in bot.text
