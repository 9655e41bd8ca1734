"""A second process of the bot, which only hears what changed: it has in memory what reading all anew would give."""

from collections.abc import AsyncIterator, Mapping, Set
from typing import Any

import pytest
import pytest_asyncio

from database.manager import DatabaseManager
from tests.admin.test_departures import let_30_days_pass
from tests.admin.test_portable import exported, imports
from tests.admin.test_setup import answer
from tests.support.memory_bus import MemoryBus, Wire
from tests.support.remembered import CONTAINERS, OURS
from tests.support.town import Town
from utils import privacy
from utils.bot import Hearth
from utils.digests import Digest
from utils.shared_memory import TOPIC

pytestmark = pytest.mark.town(languages=("en",))

PORTABLE = {"settings", "custom commands", "aliases", "permission rules", "automod rules", "roles for newcomers"}


def seen_in(value: Any, above: tuple[int, ...] = ()) -> Any:
    """What something holds, to be compared: rows and settings, but no database, no bot and no locks."""
    if id(value) in above:
        return "…"
    above = (*above, id(value))
    if isinstance(value, Mapping):
        pairs = [(repr(key), seen_in(one, above)) for key, one in value.items()]
        return sorted((pair for pair in pairs if pair[1] != []), key=lambda pair: pair[0])
    if isinstance(value, Set):
        return sorted(repr(seen_in(one, above)) for one in value)
    if isinstance(value, CONTAINERS):
        return [seen_in(one, above) for one in value]
    kind = type(value)
    if kind.__module__.split(".")[0] not in OURS:
        return repr(value) if kind.__module__ in {"builtins", "datetime"} and not callable(value) else kind.__name__
    if isinstance(value, Hearth | DatabaseManager | Digest) or kind.__name__.endswith("Store"):
        return kind.__name__
    slots = {name for one in kind.__mro__ for name in getattr(one, "__slots__", ())}
    names = sorted(slots | set(getattr(value, "__dict__", {})))
    return [(name, seen_in(getattr(value, name), above)) for name in names if hasattr(value, name)]


class Other:
    """The other process: all features, no connection to Discord, and an end of the wire."""

    def __init__(self, bot: Hearth, town: Town) -> None:
        self.bot = bot
        self.town = town
        self.wire = Wire()
        self._end = MemoryBus(self.wire)

    async def start(self) -> None:
        await self.bot.guild_settings.load()
        await self.bot.access.load()
        await self.bot.features.load_all()
        self._end.listen(TOPIC, self._hear)
        await self._end.start()
        self.town.bot.shared_memory.bus = MemoryBus(self.wire)
        self.before = self.memory()

    async def _hear(self, news: dict[str, Any]) -> None:
        await self.bot.shared_memory.parts[news["part"]].read(news["id"])

    def memory(self) -> dict[str, Any]:
        """What each part holds of servers that changes are told of; of people it is a cache, which is emptied."""
        kept = self.bot.shared_memory.parts.values()
        parts = [part for part in kept if part.about == "guild" and not part.here_alone]
        return {part.name: seen_in(part.read.__self__) for part in parts}  # type: ignore[attr-defined]

    async def changed(self) -> set[str]:
        """What it has changed by what it heard; that has to be all that there is."""
        await self._end.quiet()
        heard, before = self.memory(), self.before
        assert self.bot.beginnings.of(self.town.guild.live) == self.prefixes
        await self.bot.shared_memory.read_all()
        self.before = self.memory()
        assert {name for name, held in self.before.items() if held != heard[name]} == set(), "not told of"
        return {name for name, held in heard.items() if held != before[name]}

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What is made of the guild's settings, without what the bot is called."""
        return tuple(self.town.bot.beginnings.prefixes(self.town.guild.live))


@pytest_asyncio.fixture
async def other(town: Town) -> AsyncIterator[Other]:
    async with town.make_bot(town) as bot:
        made = Other(bot, town)
        await made.start()
        yield made


async def make_some_of_all(town: Town) -> None:
    for text in (
        "prefix add ?", "customcommand add hi hello", "alias add hey ping", "permissions deny ping @ann",
        "automod preset basic", "autorole add @Member", "blocklist add @bob",
    ):  # fmt: skip
        await town.says(town.admin, f"!{text}")


async def test_whatever_changes_is_heard(town: Town, other: Other):
    nothing = await exported(town, town.admin)
    await make_some_of_all(town)
    assert await other.changed() >= PORTABLE | {"blocks"}

    asked = await imports(town, town.admin, nothing)
    preview = await town.press(town.admin, asked, "Remove what the file doesn't have")
    assert preview.message is not None
    await town.press(town.admin, preview.message, "Import")
    assert await other.changed() >= PORTABLE

    question = await town.says(town.admin, "!config undo")
    assert question is not None
    await town.press(town.admin, question, "Take back")
    assert await other.changed() >= PORTABLE
    await town.says(town.admin, "!config undo")
    assert await other.changed() == {"settings"}

    levels = {"levels": ["In one channel"], "level-channel": "Make #levels"}
    said = await answer(town, {"welcome": [town.general], **levels})
    await town.press(town.admin, said, "Do it")
    assert await other.changed() >= {"settings"}

    for text in ("customcommand remove hi", "alias remove hey", "permissions remove ping", "blocklist remove @bob"):
        await town.says(town.admin, f"!{text}")
    await other.changed()


async def test_what_a_server_left_is_gone(town: Town, other: Other):
    await make_some_of_all(town)
    await other.changed()
    await town.kick_bot_from(town.guild)
    await let_30_days_pass(town)
    await privacy.forget_guild_in_memory(other.bot, town.guild.id)
    heard = other.memory()
    await other.bot.shared_memory.read_all()
    assert other.memory() == heard
