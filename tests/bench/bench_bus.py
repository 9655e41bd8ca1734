"""What each transport between processes carries: messages a second, and how long one is on its way.

    python -m tests.bench.bench_bus [--quick]

One process sends and two hear, each a program of its own, over a real server on this machine; a server that isn't
installed is left out. There is no goal: what travels are changes of settings and questions of the operator.
"""

import argparse
import asyncio
import statistics
import sys
import time
from contextlib import suppress

from database.manager import DatabaseManager
from tests.bus.ends import End, until
from tests.support.message_servers import RabbitServer, RedisServer, ServerMissing
from tests.support.postgres import PostgresServer
from tests.support.process import clean_environment

EARS = 2
TEXT = "x" * 200
ROW = "{:<12}{:>16}{:>12}{:>12}"


async def listen(transport: str, url: str) -> None:
    """A process that hears: for each word "end" it says how many messages came, and their times on the way."""
    end = End(transport, url)
    done = asyncio.Event()

    async def hear(payload: dict[str, float]) -> None:
        times.append(time.time() - payload["at"])
        if payload["last"]:
            await end.bus.send("heard", {"count": len(times), "times": sorted(times)})
            times.clear()

    async def stop(_payload: dict[str, object]) -> None:
        done.set()

    times: list[float] = []
    end.bus.listen("bench", hear)
    end.bus.listen("stop", stop)
    await end.bus.start()
    await end.bus.send("ready", {})
    await done.wait()
    await end.bus.close()


class Bench:
    """The process that sends."""

    def __init__(self, transport: str, url: str) -> None:
        self.transport, self.url = transport, url
        self.end = End(transport, url)
        self.ready = 0
        self.reports: list[list[float]] = []
        self.end.bus.listen("ready", self._count)
        self.end.bus.listen("heard", self._report)

    async def run(self, slowly: int, fast: int) -> None:
        await self.end.bus.start()
        command = (sys.executable, "-m", "tests.bench.bench_bus", "--ear", self.transport, self.url)
        ears = [await asyncio.create_subprocess_exec(*command, env=clean_environment()) for _ in range(EARS)]
        try:
            await until(lambda: self.ready == EARS, lambda: f"{self.transport}: {self.end.bus.state}")
            waits = await self._round(slowly, pause_seconds=0.01)
            began = time.perf_counter()
            await self._round(fast, pause_seconds=0)
            rate = fast / (time.perf_counter() - began)
            p50, p99 = statistics.median(waits), waits[int(len(waits) * 0.99)]
            print(ROW.format(self.transport, f"{rate:,.0f}", f"{p50 * 1000:.1f}", f"{p99 * 1000:.1f}"))
        finally:
            await self.end.bus.send("stop", {})
            for ear in ears:
                with suppress(TimeoutError):
                    await asyncio.wait_for(ear.wait(), 10)
                if ear.returncode is None:
                    ear.kill()
                    await ear.wait()
            await self.end.bus.close()

    async def _round(self, count: int, *, pause_seconds: float) -> list[float]:
        self.reports.clear()
        for number in range(1, count + 1):
            await self.end.bus.send("bench", {"at": time.time(), "last": number == count, "text": TEXT})
            if pause_seconds or number % 100 == 0:
                await asyncio.sleep(pause_seconds)
            await until(lambda: self.end.unsent < 5_000)
        await until(lambda: len(self.reports) == EARS, lambda: f"{self.transport}: {self.end.bus.state}")
        assert all(len(times) == count for times in self.reports), "messages were lost"
        return sorted(wait for times in self.reports for wait in times)

    async def _count(self, _payload: dict[str, object]) -> None:
        self.ready += 1

    async def _report(self, payload: dict[str, list[float]]) -> None:
        self.reports.append(payload["times"])


async def postgres(slowly: int, fast: int) -> None:
    server = await asyncio.to_thread(PostgresServer)
    try:
        await asyncio.to_thread(server.start)
        async with DatabaseManager(server.url(), pool_min=1) as db:
            await db.migrate()
        await Bench("postgres", server.url()).run(slowly, fast)
    finally:
        server.remove()


async def other(kind: type[RedisServer] | type[RabbitServer], transport: str, slowly: int, fast: int) -> None:
    try:
        server = kind()
    except ServerMissing as missing:
        print(missing)
        return
    try:
        await asyncio.to_thread(server.start)
        await Bench(transport, server.url).run(slowly, fast)
    finally:
        server.remove()


async def main(slowly: int, fast: int) -> None:
    print(ROW.format("", "messages/s", "p50 ms", "p99 ms"))
    await postgres(slowly, fast)
    await other(RedisServer, "redis", slowly, fast)
    await other(RabbitServer, "rabbitmq", slowly, fast)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few seconds: does it run")
    parser.add_argument("--ear", nargs=2, metavar=("TRANSPORT", "URL"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.ear:
        asyncio.run(listen(*arguments.ear))
    else:
        asyncio.run(main(*((50, 500) if arguments.quick else (500, 5_000))))
