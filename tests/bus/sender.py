"""A process that says something many times: `python -m tests.bus.sender TRANSPORT URL NAME COUNT`."""

import asyncio
import sys

from tests.bus.ends import End, until


async def main(transport: str, url: str, name: str, count: int) -> None:
    end = End(transport, url)
    await end.bus.start()
    for number in range(count):
        await end.say((name, number))
        if number % 10 == 0:
            await asyncio.sleep(0)
    # To close waits for a second at most, and this machine may be busy.
    await until(lambda: end.unsent == 0)
    await end.bus.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
