"""The program as a self-hoster runs it: it logs in, answers, and stops when told to."""

import signal
import time
from pathlib import Path

import pytest

from tests.process.conftest import Start
from tests.support.discord_server import DiscordServer
from tests.support.discord_world import text_of
from tests.support.process import within

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
@within(60)
async def test_answers_and_stops_cleanly(
    stop: signal.Signals, hearth: Start, discord: DiscordServer, database_url: str
) -> None:
    bot = await hearth(database_url, PYTHONWARNINGS="always::ResourceWarning")
    assert "pong" in (await bot.ask("!ping")).lower()
    assert "remind" in await bot.ask("!help")
    assert "?" in await bot.ask("!prefix add ?", author=discord.world.owner)
    assert "pong" in (await bot.ask("?ping")).lower()

    begin = time.monotonic()
    asked = await discord.say("!remind 3s tea")
    confirmed = await bot.answer(asked)
    await bot.until("reminder", lambda: len(discord.said_by_bot(since=asked)) == 2)
    assert 2.9 < time.monotonic() - begin < 9  # a busy machine may be slow, but it is never early
    reminder = discord.said_by_bot(since=asked)[1]
    assert "tea" in text_of(reminder)
    assert confirmed["id"] != reminder["id"]

    bot.signal(stop)
    assert await bot.exit_status() == 0
    assert discord.gateway.close_codes == [1000]
    assert discord.rest.unexpected == []
    assert "Traceback" not in bot.text
    assert "ResourceWarning" not in bot.text


@within(60)
async def test_the_database_is_closed_when_it_stops(hearth: Start, discord: DiscordServer, tmp_path: Path) -> None:
    database = tmp_path / "hearth.db"
    bot = await hearth(f"sqlite:///{database}")
    await bot.ask("!prefix add ?", author=discord.world.owner)
    assert Path(f"{database}-wal").exists()
    bot.signal(signal.SIGTERM)
    assert await bot.exit_status() == 0
    # SQLite removes its log when the last connection closes in order.
    assert not Path(f"{database}-wal").exists()


@within(60)
async def test_nobody_but_the_asker_is_mentioned(hearth: Start, discord: DiscordServer, sqlite_url: str) -> None:
    bot = await hearth(sqlite_url)
    asked = await discord.say("!remind 1s @everyone <@&1> tea")
    await bot.until("reminder", lambda: len(discord.said_by_bot(since=asked)) == 2)
    for post in discord.posts():
        allowed = post.body["allowed_mentions"]
        assert not {"everyone", "roles"} & set(allowed.get("parse", []))
        assert set(allowed.get("users", [])) <= {discord.world.member["id"], int(discord.world.member["id"])}


@within(60)
async def test_answers_in_a_direct_message(hearth: Start, discord: DiscordServer, sqlite_url: str) -> None:
    bot = await hearth(sqlite_url)
    assert "pong" in (await bot.ask("!ping", channel=discord.world.dm(discord.world.member))).lower()


@within(60)
async def test_two_shards_answer_in_the_guild_and_in_direct_messages(
    hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    discord.gateway.shards = 2
    bot = await hearth(sqlite_url)
    # Discord wants five seconds between two shards.
    await bot.until("second shard", lambda: len(discord.gateway.sessions) == 2)
    assert "pong" in (await bot.ask("!ping")).lower()
    assert "pong" in (await bot.ask("!ping", channel=discord.world.dm(discord.world.member))).lower()
    bot.signal(signal.SIGTERM)
    assert await bot.exit_status() == 0
    assert discord.gateway.close_codes == [1000, 1000]
