"""A bot as a process of its own on a Discord on loopback with many guilds: what it takes, by the system's count."""

import asyncio
import itertools
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

from tests.support.discord_server import DiscordServer
from tests.support.discord_world import Payload, role_payload, snowflake, timestamp, user_payload
from tests.support.process import clean_environment

CHANNELS: Final = 20  # of each guild
ROLES: Final = 15
PEOPLE: Final = 500  # who write, all guilds together
ANSWER_SECONDS: Final = 300.0
POLL_SECONDS: Final = 0.002
CHAT: Final = "just an ordinary message of ordinary length, as people write them all day"


def guild(number: int, bot: Payload) -> Payload:
    """A guild as it follows READY: with the bot as the only member, as it is without presences."""
    guild_id = str(snowflake())
    roles = [
        role_payload(str(snowflake()), f"role {place}", position=place, permissions=0) for place in range(1, ROLES)
    ]
    channels = [
        {"id": str(snowflake()), "type": 0, "name": f"channel-{place}", "position": place,
         "permission_overwrites": [], "topic": None, "parent_id": None, "nsfw": False}
        for place in range(CHANNELS)
    ]  # fmt: skip
    return {
        "id": guild_id, "name": f"guild {number}", "owner_id": "7", "member_count": 200, "large": False,
        "unavailable": False, "joined_at": timestamp(),
        "members": [{"user": bot, "roles": [], "flags": 0, "joined_at": timestamp()}],
        "roles": [role_payload(guild_id, "@everyone", position=0, permissions=0x7FFFFFFF), *roles],
        "channels": channels, "voice_states": [], "threads": [], "presences": [], "emojis": [], "stickers": [],
        "features": [],
    }  # fmt: skip


def guilds(count: int, bot: Payload) -> list[Payload]:
    """So many guilds."""
    return [guild(number, bot) for number in range(count)]


class Program:
    """A bot that runs; `bot` is "ours" or "bare"."""

    def __init__(self, bot: str, discord: DiscordServer, process: asyncio.subprocess.Process, began: float) -> None:
        self.bot = bot
        self.discord = discord
        self.process = process
        self.began = began
        self._people = [user_payload(f"Person{number}") for number in range(PEOPLE)]

    @classmethod
    async def start(cls, bot: str, discord: DiscordServer, folder: Path) -> Self:
        """Start it with what it keeps in a folder: its database, and what Python compiled at the start before."""
        module = "tests.support.launch" if bot == "ours" else "tests.bench.bare_bot"
        settings = {
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"), "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
            "LOG_LEVEL": "WARNING",
        }  # fmt: skip
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, cwd=folder, stdin=asyncio.subprocess.DEVNULL,
            env=clean_environment() | discord.environment | settings,
        )  # fmt: skip
        return cls(bot, discord, process, began)

    async def answer(self) -> None:
        """Ask for a pong, and wait for it. Raises RuntimeError if there is none."""
        question = await self.discord.say("!ping")
        await self._until(lambda: self.discord.said_by_bot(since=question), "answer")

    async def first_answer(self) -> float:
        """Seconds from its start to the answer to the first command, which comes behind all the guilds."""
        await self._until(self._told_of_all_guilds, "login")
        await self.answer()
        return time.monotonic() - self.began

    def _told_of_all_guilds(self) -> bool:
        sessions = self.discord.gateway.sessions
        return bool(sessions) and len(sessions[-1].events) > len(self.discord.world.others) + 1

    async def _until(self, condition: Any, what: str) -> None:
        end = time.monotonic() + ANSWER_SECONDS
        while not condition():
            if self.process.returncode is not None or time.monotonic() > end:
                raise RuntimeError(f"no {what} of {self.bot} (it ended with {self.process.returncode})")
            await asyncio.sleep(POLL_SECONDS)

    @property
    def cpu_seconds(self) -> float:
        """Processor time of all its threads so far."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    @property
    def memory_mb(self) -> float:
        """What it holds of the machine's memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]) / 1024

    async def cost(self, count: int) -> float:
        """Microseconds of processor time for each of so many ordinary messages, the network included."""
        places = self.discord.world.others or [self.discord.world.guild_create()]
        session = self.discord.gateway.sessions[-1]
        connection = session.connection
        assert connection is not None
        batch = list(itertools.islice(_chat(places, self._people), count))
        await self.answer()
        before = self.cpu_seconds
        for message in batch:
            await connection.send(0, message, len(session.events), "MESSAGE_CREATE")
        await self.answer()
        return (self.cpu_seconds - before) / count * 1e6

    async def end(self) -> None:
        """Stop it, and wait until it is gone."""
        if self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()


def _chat(places: Sequence[Payload], people: Sequence[Payload]) -> Any:
    for number, (place, author) in enumerate(zip(itertools.cycle(places), itertools.cycle(people), strict=False)):
        yield {
            "id": str(snowflake()), "guild_id": place["id"], "author": author,
            "channel_id": place["channels"][number % len(place["channels"])]["id"],
            "member": {"roles": [], "flags": 0, "joined_at": "2024-01-01T00:00:00+00:00"}, "content": CHAT,
            "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None, "tts": False,
            "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
            "components": [], "pinned": False, "type": 0,
        }  # fmt: skip
