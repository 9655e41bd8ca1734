"""`kill -9` in the middle of a timeout: the next start finds out what became of it, and the case says so."""

from typing import Any

import pytest

from database.manager import DatabaseManager
from tests.process.conftest import Start
from tests.support.discord_server import DiscordServer
from tests.support.process import within

pytestmark = pytest.mark.slow

EDIT_MEMBER = r"/guilds/\d+/members/\d+"


async def the_case(database_url: str) -> dict[str, Any]:
    async with DatabaseManager(database_url) as db:
        [row] = await db.fetchall("SELECT * FROM cases")
        return dict(row)


async def killed_in_a_timeout(hearth: Start, discord: DiscordServer, database_url: str, *, after: bool) -> None:
    """Kill the bot while Discord has its request, before that has an effect or after."""
    fault = discord.fault("PATCH", EDIT_MEMBER, hold=True, after=after)
    bot = await hearth(database_url)
    await discord.say(f"!timeout {discord.world.stranger['id']} 2h flooding", author=discord.world.owner)
    await bot.until("the request", lambda: fault.struck == 1)
    await bot.kill()
    assert (await the_case(database_url))["status"] == "pending"


async def started_again(hearth: Start, database_url: str) -> dict[str, Any]:
    """The case as it is once another process has settled it."""
    bot = await hearth(database_url)
    while (case := await the_case(database_url))["status"] == "pending":
        await bot.ask("!ping")
    return case


@within(60)
async def test_killed_between_case_and_action(hearth: Start, discord: DiscordServer, database_url: str) -> None:
    await killed_in_a_timeout(hearth, discord, database_url, after=False)
    case = await started_again(hearth, database_url)
    assert (case["number"], case["status"]) == (1, "failed")
    assert case["failure"] == "I was stopped before this was done."


@within(60)
async def test_killed_between_action_and_settlement(hearth: Start, discord: DiscordServer, database_url: str) -> None:
    await killed_in_a_timeout(hearth, discord, database_url, after=True)
    case = await started_again(hearth, database_url)
    assert (case["number"], case["status"], case["failure"]) == (1, "done", None)
    async with DatabaseManager(database_url) as db:
        [in_force] = await db.fetchall("SELECT * FROM sanctions")
    assert (in_force["kind"], in_force["number"], in_force["ends_at"]) == ("timeout", 1, case["ends_at"])
    assert in_force["timer_id"] is not None
