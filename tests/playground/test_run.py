"""The playground as a program: it starts, it remembers, it forgets when told to, it ends cleanly."""

import asyncio
import re
import signal
import socket
from contextlib import suppress
from pathlib import Path

import pytest

from main import create_bot
from playground import PlaygroundError, run
from playground.run import until_stopped
from tests.playground.tab import Tab, text_of
from tests.support.process import BotProcess, within
from utils.config import Config


class Started:
    """`run` in a task, until `stop`."""

    def __init__(self, config: Config, *, fresh: bool = False, port: int = 0) -> None:
        self.stop = asyncio.Event()
        said: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.greeting = said
        self.task = asyncio.create_task(
            run(config, create_bot, fresh=fresh, port=port, stop=self.stop, announce=said.set_result)
        )

    async def url(self) -> str:
        await asyncio.wait({self.task, self.greeting}, return_when=asyncio.FIRST_COMPLETED)
        if self.task.done():
            self.task.result()
        return re.search(r"http://\S+", self.greeting.result()).group()

    async def __aenter__(self) -> str:
        return await self.url()

    async def __aexit__(self, *exception: object) -> None:
        self.stop.set()
        await self.task


async def test_it_says_where_it_is_and_what_to_type(playground_config: Config):
    started = Started(playground_config)
    async with started as url:
        assert "!help" in started.greeting.result()
        assert "!remind 10s tea" in started.greeting.result()
        async with Tab(url) as tab:
            assert "Pong!" in text_of(await tab.answer_to("!ping"))


async def test_it_remembers_until_it_shall_be_fresh(playground_config: Config):
    async def answers_to_question_mark(*, fresh: bool) -> bool:
        async with Started(playground_config, fresh=fresh) as url, Tab(url) as tab:
            number = await tab.say("?ping")
            return any(int(message["id"]) > int(number) for message in tab.of_bot())

    async with Started(playground_config) as url, Tab(url) as tab:
        await tab.answer_to("!prefix add ?")
    assert await answers_to_question_mark(fresh=False)
    assert not await answers_to_question_mark(fresh=True)


async def test_a_taken_port_is_no_obstacle(playground_config: Config):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with Started(playground_config, port=port) as url:
            assert f":{port}/" not in url
            async with Tab(url) as tab:
                assert tab.hello["town"] == "Hearth Town"


async def test_the_port_is_the_one_asked_for(playground_config: Config):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    async with Started(playground_config, port=free) as url:
        assert f":{free}/" in url


async def test_whoever_stops_it_before_it_is_open_sees_no_town(playground_config: Config):
    started = Started(playground_config)
    started.stop.set()
    await started.task
    assert not started.greeting.done()


async def test_the_town_stays_open_when_saves_are_not_noticed_any_more():
    stop = asyncio.Event()
    going_on = asyncio.create_task(until_stopped(stop, [asyncio.create_task(asyncio.sleep(0))]))
    for _turn in range(10):
        await asyncio.sleep(0)
    assert not going_on.done()
    stop.set()
    await going_on


async def test_what_fails_beside_the_town_closes_it():
    async def fail() -> None:
        raise OSError("no more time")

    with pytest.raises(OSError, match="no more time"):
        await until_stopped(asyncio.Event(), [asyncio.create_task(fail()), asyncio.create_task(asyncio.sleep(0))])


async def test_it_deletes_no_database_but_its_own_file():
    with pytest.raises(PlaygroundError, match="another database"):
        await Started(Config(database_url="postgresql://localhost/precious"), fresh=True).url()


async def test_a_changed_migration_names_the_way_out(playground_config: Config, tmp_path: Path):
    async with Started(playground_config):
        pass
    from database.manager import DatabaseManager

    async with DatabaseManager(playground_config.database_url) as db:
        (table,) = [
            row["name"]
            for row in await db.fetchall("SELECT name FROM sqlite_master WHERE type = 'table'")
            if "migration" in row["name"]
        ]
        await db.execute(f"UPDATE {table} SET checksum = 'changed'")
    with pytest.raises(PlaygroundError, match="--fresh"):
        await Started(playground_config).url()


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
@within(60)
async def test_the_program_needs_no_token_and_ends_with_0(stop: signal.Signals, tmp_path: Path):
    program = await BotProcess.start("--playground", "--port", "0", directory=tmp_path)
    try:
        url = await program.until("address", lambda: re.search(r"http://\S+/", "\n".join(program.printed)))
        async with Tab(url.group()) as tab:
            assert "Pong!" in text_of(await tab.answer_to("!ping"))
        program.signal(stop)
        assert await program.exit_status() == 0
        assert "Traceback" not in program.text
        assert (tmp_path / "data" / "playground.db").exists()
        assert not (tmp_path / "data" / "playground.db-wal").exists()  # the database was closed
    finally:
        with suppress(ProcessLookupError):
            await program.kill()
