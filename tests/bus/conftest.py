"""Each transport with its real server; one of each for a run of tests."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from database.manager import DatabaseManager
from tests.bus.ends import End, know_each_other
from tests.support.cable import Cable
from tests.support.message_servers import MessageServer, RabbitServer, RedisServer, ServerMissing, required
from tests.support.postgres import Databases, PostgresServer

TRANSPORTS = ("postgres", "redis", "rabbitmq")

Connect = Callable[..., Awaitable[End]]


def _running(kind: type[MessageServer]) -> Iterator[MessageServer]:
    try:
        server = kind()
    except ServerMissing as missing:
        if required():
            raise
        pytest.skip(str(missing))
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[MessageServer]:
    yield from _running(RedisServer)


@pytest.fixture(scope="session")
def rabbit_server() -> Iterator[MessageServer]:
    yield from _running(RabbitServer)


@pytest.fixture(scope="session")
def own_postgres() -> Iterator[PostgresServer]:
    """A server of these tests alone: they restart it."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(request: pytest.FixtureRequest, transport: str) -> Any:
    name = {"postgres": "own_postgres", "redis": "redis_server", "rabbitmq": "rabbit_server"}[transport]
    return request.getfixturevalue(name)


@pytest.fixture
async def url(server: Any, transport: str) -> AsyncIterator[str]:
    """The address of a bus that this test has for itself."""
    if transport != "postgres":
        yield server.url
        return
    databases = await asyncio.to_thread(Databases, server.url())
    name = f"bus_{uuid.uuid4().hex[:12]}"
    address = await asyncio.to_thread(databases.create, name)
    await asyncio.to_thread(databases.close)
    async with DatabaseManager(address, pool_min=1) as db:
        await db.migrate()
    yield address


@pytest.fixture
async def cable(url: str) -> AsyncIterator[Cable]:
    """The way of `connect(cabled=True)` to the server."""
    async with Cable(url) as cable:
        yield cable


@pytest.fixture
async def connect(transport: str, url: str, request: pytest.FixtureRequest) -> AsyncIterator[Connect]:
    """Start the end of one more process."""
    async with AsyncExitStack() as stack:

        async def start(address: str = "") -> End:
            end = End(transport, address or url)
            stack.push_async_callback(end.bus.close)
            await end.bus.start()
            return end

        yield start


@pytest.fixture
async def ann(connect: Connect) -> End:
    return await connect()


@pytest.fixture
async def bob(connect: Connect, cable: Cable, ann: End) -> End:
    """A second process, whose cable can be cut. Both know each other."""
    bob = await connect(cable.url)
    await know_each_other(ann, bob)
    return bob
