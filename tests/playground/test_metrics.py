"""With METRICS_PORT the playground tells of its bot as the program does, one bot after the other."""

import socket
from dataclasses import replace

import aiohttp
import pytest

from main import create_bot
from playground import PlaygroundError
from playground.run import opened
from tests.playground.tab import Tab
from tests.support.message_servers import free_port
from utils.config import Config


async def state(port: int) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/readyz") as answer:
        return str((await answer.json())["state"])


async def pings(port: int) -> float:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    wanted = 'hearth_commands_total{command="ping",outcome="done"} '
    return sum(float(line.removeprefix(wanted)) for line in lines if line.startswith(wanted))


async def test_it_follows_each_bot_of_the_town(playground_config: Config):
    port = free_port()
    config = replace(playground_config, metrics_port=port)
    async with opened(config, create_bot) as playground:
        async with Tab(playground.url) as tab:
            await tab.answer_to("!ping")
        assert (await state(port), await pings(port)) == ("serving", 1)
        await playground.life.stop()
        assert await state(port) == "stopping"
        await playground.life.start()
        assert await state(port) == "serving"
        async with Tab(playground.url) as tab:
            await tab.answer_to("!ping")
        assert await pings(port) == 2
    with pytest.raises(aiohttp.ClientError):
        await state(port)


async def test_a_port_that_is_taken_is_said(playground_config: Config):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PlaygroundError, match=f"METRICS_PORT {port}"):
            async with opened(replace(playground_config, metrics_port=port), create_bot):
                pass
