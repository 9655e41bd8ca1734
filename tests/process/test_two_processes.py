"""Two real processes of one bot on one PostgreSQL, by its own bus: what one changes holds in the other."""

import asyncio
import re
import signal
from collections.abc import Awaitable, Callable

import pytest

from tests.process.conftest import Start
from tests.support.discord_server import DiscordServer
from tests.support.discord_world import Payload, text_of
from tests.support.process import BotProcess, within

pytestmark = [pytest.mark.slow, pytest.mark.engines("postgresql")]

ASK_AGAIN_SECONDS = 0.2
TRIES = 50


async def two(hearth: Start, discord: DiscordServer, database_url: str) -> tuple[BotProcess, BotProcess]:
    """One process with shard 0, where direct messages come, and one with the shard of the town's guild."""
    guild_shard = 0
    count = 1
    while guild_shard == 0:
        count += 1
        guild_shard = (int(discord.world.guild_id) >> 22) % count
    rest = [str(shard) for shard in range(count) if shard != guild_shard]
    discord.gateway.shards = count
    discord.gateway.max_concurrency = count
    shared = {"SHARD_COUNT": str(count), "OWNER_IDS": discord.world.owner["id"]}
    direct = await hearth(database_url, SHARD_IDS=",".join(rest), **shared)
    guild = await hearth(database_url, SHARD_IDS=str(guild_shard), **shared)
    for shard in range(count):
        await guild.until(f"shard {shard}", lambda shard=shard: discord.gateway.sessions_of(shard))
    return direct, guild


async def says(bot: BotProcess, discord: DiscordServer, text: str, *, author: Payload, dm: bool = False) -> str:
    """What the process that hears it answers."""
    channel = discord.world.dm(author) if dm else None
    return text_of(await bot.answer(await discord.say(text, author=author, channel=channel)))


async def becomes(wanted: str, ask: Callable[[], Awaitable[str]]) -> str:
    """Ask until the answer has something in it: what another process does takes a moment."""
    for _try in range(TRIES):
        answer = await ask()
        if re.search(wanted, answer):
            return answer
        await asyncio.sleep(ASK_AGAIN_SECONDS)
    raise AssertionError(f"no {wanted!r} in {answer!r}")


@within(120)
async def test_two_processes_are_one_bot(hearth: Start, discord: DiscordServer, database_url: str) -> None:
    direct, guild = await two(hearth, discord, database_url)
    owner, max_ = discord.world.owner, discord.world.member

    # Both know of each other, and answer together. Only the second has a guild.
    state = await becomes(r"(?s)Process.*Process", lambda: says(direct, discord, "!botstats", author=owner, dm=True))
    assert "in 1 servers" in state
    assert "No answer" not in state
    assert discord.world.guild_id in await says(direct, discord, "!guilds", author=owner, dm=True)

    # A person's language: read in the guild, changed in a direct message, and seen in the guild.
    assert "Pong" in await says(guild, discord, "!ping", author=max_)
    await says(direct, discord, "!language de", author=max_, dm=True)
    await becomes("entfernt", lambda: says(guild, discord, "!ping", author=max_))

    # Whom the owner blocks in a direct message isn't heard in the guild.
    await says(direct, discord, f"!botblock add {max_['id']} noise", author=owner, dm=True)
    for _try in range(TRIES):
        asked = await discord.say("!ping", author=max_)
        await says(guild, discord, "!help", author=owner)  # what Max is told comes before this
        if not any("Pong" in text_of(one) for one in discord.said_by_bot(since=asked)):
            break
    else:
        raise AssertionError("the blocked one is heard")

    # A reload reaches both.
    answer = await says(direct, discord, "!reload fun", author=owner, dm=True)
    assert "Reloaded fun" in answer
    assert "done, too" in answer
    assert sum("Loaded fun" in line for line in guild.output) == 2

    # News that begin in the one are sent there once, and told the end of by the other, which leads.
    asked = await discord.say("!announce Back on Sunday.", author=owner)

    def said(words: str) -> list[Payload]:
        return [one for one in discord.said_by_bot(since=asked) if words in text_of(one)]

    await guild.until("a question", lambda: said("Send this to 1 server?"))
    question = said("Send this to 1 server?")[0]
    await discord.press(question, question["components"][0]["components"][0]["custom_id"], user=owner)
    await direct.until("the end", lambda: said("1 of 1 servers") and not said("1 of 1 servers")[0]["components"])
    assert len(said("Back on Sunday.")) == 2  # the first was shown before the question

    # One that is gone is named, and nothing else fails.
    await guild.kill()
    state = await says(direct, discord, "!botstats", author=owner, dm=True)
    assert "No answer came from" in state
    direct.signal(signal.SIGTERM)
    assert await direct.exit_status() == 0
    assert "Traceback" not in direct.text
