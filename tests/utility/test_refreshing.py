"""Messages that show counts: the latest look comes last."""

import asyncio
from typing import Any

from cogs.utility.refreshing import Refresher


async def test_the_latest_look_comes_last():
    count, shown, discord_answers = 1, [], asyncio.Event()

    async def refresh(_about_id: int) -> bool:
        seen = count
        if seen == 1:
            await discord_answers.wait()
        shown.append(seen)
        return True

    cog: Any = None  # nothing waits here
    refresher = Refresher(cog, refresh)
    looks = [asyncio.create_task(refresher.now(7))]
    await asyncio.sleep(0)
    count = 2
    looks.append(asyncio.create_task(refresher.now(7)))
    await asyncio.sleep(0)
    discord_answers.set()
    assert all(await asyncio.gather(*looks))
    assert shown == [1, 2]
