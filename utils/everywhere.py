"""What is known and done in all processes of the bot together.

With one process nothing is sent and nothing waits: what this process says is all there is.
"""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

import discord

from utils import privacy
from utils.bus.asking import Answers
from utils.bus.plain import fields_of, values_in
from utils.features import FeatureError
from utils.formatting import code
from utils.i18n import _, format_list
from utils.memory_use import memory_bytes

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth")

FEATURE_SECONDS: Final = 60.0
"""So long another process may take to load a feature, or all of them."""
LEAVING_SECONDS: Final = 15.0

Verb = Literal["load", "unload", "reload"]


@dataclass(frozen=True, slots=True)
class ProcessState:
    """How one process is. The milliseconds to Discord and the bytes of memory are None where they aren't known."""

    process: str
    started_at: datetime
    guilds: int
    members: int
    milliseconds: int | None
    memory: int | None


@dataclass(frozen=True, slots=True)
class GuildFacts:
    """A guild that the bot is in, here or in another process."""

    id: int
    name: str
    members: int
    owner_id: int
    joined_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """What all processes say together, and the names of those that gave no answer."""

    states: Sequence[ProcessState] = ()
    guilds: Sequence[GuildFacts] = ()
    failed: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of loading a feature in one process; None for an error if it went well."""

    process: str
    feature: str
    milliseconds: float = 0.0
    error: str | None = None
    runs_on: bool = False
    """Whether the version before still runs."""


class Everywhere:
    """Asks the other processes, answers them, and adds what this one says."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        answer = bot.asking.answer
        answer("state", self._tell_state)
        answer("guilds", self._tell_guilds)
        answer("features", self._change_features)
        answer("leave", self._leave)
        answer("forget person", self._forget_person)
        answer("forget guild", self._forget_guild)

    @property
    def is_alone(self) -> bool:
        """Whether no other process is known to be there."""
        return not self.bot.asking.others

    # --- what is known

    def state(self) -> ProcessState:
        """How this process is."""
        bot, latency = self.bot, self.bot.latency
        return ProcessState(
            self.bot.process_name(),
            bot.started_at,
            len(bot.guilds),
            sum(guild.member_count or 0 for guild in bot.guilds),
            round(latency * 1000) if math.isfinite(latency) else None,
            memory_bytes(),
        )

    async def states(self) -> Found:
        """How each process is, this one first."""
        answers = await self.bot.asking.ask("state")
        others = [ProcessState(**values_in(one.said)) for one in answers.good]
        return Found(states=[self.state(), *others], failed=answers.failed)

    async def guilds(self) -> Found:
        """The guilds that the bot is in, each once."""
        answers = await self.bot.asking.ask("guilds")
        found = {one.id: one for one in self._guilds()}
        for answer in answers.good:
            found |= {plain["id"]: GuildFacts(**values_in(plain)) for plain in answer.said["guilds"]}
        return Found(guilds=list(found.values()), failed=answers.failed)

    def _guilds(self) -> list[GuildFacts]:
        return [
            GuildFacts(guild.id, guild.name, guild.member_count or 0, guild.owner_id or 0, _joined_at(guild))
            for guild in self.bot.guilds
        ]

    async def _tell_state(self, _payload: dict[str, Any]) -> dict[str, Any]:
        return fields_of(self.state())

    async def _tell_guilds(self, _payload: dict[str, Any]) -> dict[str, Any]:
        return {"guilds": [fields_of(one) for one in self._guilds()]}

    # --- what is done

    async def change_features(self, verb: Verb, names: Sequence[str]) -> tuple[list[Outcome], list[str]]:
        """Load, unload or reload features in the other processes: what came of each, and who gave no answer."""
        answers = await self.bot.asking.ask("features", {"verb": verb, "names": list(names)}, within=FEATURE_SECONDS)
        return [Outcome(**plain) for one in answers.good for plain in one.said["outcomes"]], answers.failed

    async def leave(self, guild_id: int) -> tuple[bool, list[str]]:
        """Leave a guild, whichever process runs it: whether it was there, and who gave no answer.

        Raises `discord.HTTPException` if this process runs it and Discord refuses.
        """
        guild = self.bot.get_guild(guild_id)
        if guild is not None:
            await guild.leave()
            return True, []
        answers = await self.bot.asking.ask("leave", {"guild": guild_id}, within=LEAVING_SECONDS)
        return any(one.said["left"] for one in answers.good), answers.failed

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Let every process drop what it has of somebody in memory. Raises what a feature of this one raises."""
        await privacy.forget_in_memory(self.bot, user_id, guild_id)
        answers = await self.bot.asking.ask("forget person", {"user": user_id, "guild": guild_id})
        _warn(answers, "still has in memory what somebody had deleted")

    async def forget_guild(self, guild_id: int) -> None:
        """Let every process drop what it has of a guild in memory. Raises what a feature of this one raises."""
        await privacy.forget_guild_in_memory(self.bot, guild_id)
        answers = await self.bot.asking.ask("forget guild", {"guild": guild_id})
        _warn(answers, "still has in memory what was deleted of a guild")

    async def _change_features(self, payload: dict[str, Any]) -> dict[str, Any]:
        outcomes = [await self._change_feature(payload["verb"], name) for name in payload["names"]]
        return {"outcomes": [fields_of(one) for one in outcomes]}

    async def _change_feature(self, verb: str, name: str) -> Outcome:
        features, process = self.bot.features, self.bot.process_name()
        try:
            if verb == "unload":
                await features.unload(name)
                return Outcome(process, name)
            loaded = await (features.load(name) if verb == "load" else features.reload(name))
        except FeatureError as error:
            return Outcome(process, name, error=str(error), runs_on=name in features.loaded)
        return Outcome(process, name, loaded.milliseconds)

    async def _leave(self, payload: dict[str, Any]) -> dict[str, Any]:
        guild = self.bot.get_guild(payload["guild"])
        if guild is not None:
            await guild.leave()
        return {"left": guild is not None}

    async def _forget_person(self, payload: dict[str, Any]) -> dict[str, Any]:
        await privacy.forget_in_memory(self.bot, payload["user"], payload["guild"])
        return {}

    async def _forget_guild(self, payload: dict[str, Any]) -> dict[str, Any]:
        await privacy.forget_guild_in_memory(self.bot, payload["guild"])
        return {}


def silence(processes: Sequence[str]) -> list[str]:
    """A sentence that names the processes without an answer; none where all answered."""
    if not processes:
        return []
    return [_("No answer came from: {processes}.").format(processes=format_list([code(one) for one in processes]))]


def _joined_at(guild: discord.Guild) -> datetime | None:
    return guild.me.joined_at if guild.me is not None else None


def _warn(answers: Answers, what: str) -> None:
    for name in answers.failed:
        log.warning("Process %s gave no answer, and perhaps %s", name, what)
