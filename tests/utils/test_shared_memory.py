"""What one process changes, another reads anew: services of two processes on one database, joined by a wire."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import discord
import pytest
import pytest_asyncio

from database.access_blocks import AccessBlocksStore, BotBlock, ServerBlock
from database.errors import DatabaseUnavailable
from database.guild_settings import GuildSettingsStore
from database.manager import DatabaseManager
from database.permission_rules import PermissionRule, PermissionRulesStore
from database.user_settings import UserSettingsStore
from tests.support.memory_bus import MemoryBus, Wire
from tests.support.patience import PATIENCE
from utils.access import Blocks, PermissionRules
from utils.core_settings import CORE_SETTINGS, LANGUAGE, TIMEZONE
from utils.guild_settings import GuildSettings
from utils.shared_memory import MOST_ONE_BY_ONE, Part, SharedMemory
from utils.user_settings import UserSettings

GUILD, OTHER, ANN = 10, 20, 30


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(5 * PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


@dataclass
class Process:
    """The services of a process that keep rows in memory."""

    bus: MemoryBus
    memory: SharedMemory
    settings: GuildSettings
    people: UserSettings
    rules: PermissionRules
    blocks: Blocks


def process(wire: Wire, db: DatabaseManager) -> Process:
    bus = MemoryBus(wire)
    memory = SharedMemory(bus)
    settings = GuildSettings(GuildSettingsStore(db), lambda _event: None, {}, memory.teller("settings"))
    settings.declare("admin", CORE_SETTINGS)
    people = UserSettings(UserSettingsStore(db), most=10, changed=memory.teller("people"))
    rules = PermissionRules(PermissionRulesStore(db), memory.teller("rules"))
    blocks = Blocks(AccessBlocksStore(db), memory.teller("blocks"))
    memory.keep(
        [
            Part("settings", settings.read),
            Part("people", people.read, about="person"),
            Part("rules", rules.read),
            Part("blocks", blocks.read),
        ]
    )
    return Process(bus, memory, settings, people, rules, blocks)


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest_asyncio.fixture
async def two(wire: Wire, db: DatabaseManager) -> AsyncIterator[tuple[Process, Process]]:
    here, there = process(wire, db), process(wire, db)
    for one in (here, there):
        await one.bus.start()
    yield here, there
    for one in (here, there):
        await one.memory.close()
        await one.bus.close()


async def test_a_setting_is_seen_by_the_other_process(two: tuple[Process, Process]) -> None:
    here, there = two
    await here.settings.set(GUILD, LANGUAGE, "de", changed_by=ANN)
    await there.bus.quiet()
    assert there.settings.get(GUILD, LANGUAGE) == "de"
    await there.settings.undo_last(GUILD, changed_by=ANN)
    await here.bus.quiet()
    assert here.settings.get(GUILD, LANGUAGE) == "en"


async def test_many_settings_at_once_are_one_message(two: tuple[Process, Process], wire: Wire) -> None:
    here, there = two
    async with here.settings.held(GUILD):
        values = {LANGUAGE.key: "de", TIMEZONE.key: "Europe/Berlin"}
        await here.settings.store_many(GUILD, values, changed_by=ANN, import_id=1)
        await here.settings.take_many(GUILD, values, changed_by=ANN)
    await there.bus.quiet()
    assert there.settings.stored(GUILD) == values
    assert wire.sent == [("memory", {"part": "settings", "id": GUILD})]


async def test_a_persons_language_holds_everywhere(two: tuple[Process, Process]) -> None:
    here, there = two
    assert (await there.people.of(ANN)).language is None
    await here.people.set_language(ANN, "de")
    await there.bus.quiet()
    assert (await there.people.of(ANN)).language == "de"


async def test_rules_and_blocks_hold_everywhere(two: tuple[Process, Process]) -> None:
    here, there = two
    now = discord.utils.utcnow()
    rule = PermissionRule(GUILD, "command:ping", "person", ANN, False, ANN, now)
    await here.rules.set([rule])
    await here.blocks.block(ServerBlock(GUILD, ANN, ANN, now, None))
    await there.bus.quiet()
    assert [one.target_id for one in there.rules.of(GUILD)] == [ANN]
    assert there.blocks.in_server(GUILD, ANN) is not None
    everywhere = BotBlock("user", 77, ANN, now, None)
    await here.blocks.block_everywhere(everywhere)
    await there.bus.quiet()
    assert there.blocks.of_bot(77) is not None
    await there.rules.remove([rule])
    await there.blocks.unblock(GUILD, ANN)
    await here.bus.quiet()
    assert here.rules.of(GUILD) == []
    assert here.blocks.in_server(GUILD, ANN) is None
    await there.blocks.unblock_everywhere(everywhere)
    await here.bus.quiet()
    assert here.blocks.of_bot(77) is None


async def test_what_was_missed_is_read_when_the_wire_is_mended(two: tuple[Process, Process], wire: Wire) -> None:
    here, there = two
    await there.settings.set(OTHER, LANGUAGE, "de", changed_by=ANN)
    await there.people.of(ANN)
    await here.bus.quiet()
    wire.cut()
    await here.settings.set(GUILD, LANGUAGE, "de", changed_by=ANN)
    await here.settings.reset(OTHER, LANGUAGE, changed_by=ANN)
    await here.people.set_language(ANN, "de")
    assert there.settings.get(GUILD, LANGUAGE) == "en"
    await wire.mend()
    assert there.settings.get(GUILD, LANGUAGE) == "de"
    assert not there.settings.is_set(OTHER, LANGUAGE)
    assert (await there.people.of(ANN)).language == "de"


class Shelf:
    """Keeps a value, and reads it anew as slowly or as often in vain as a test wants."""

    def __init__(self) -> None:
        self.stored = self.kept = "old"
        self.away = 0
        self.asked: list[int | None] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def read(self, wanted: int | None) -> None:
        self.asked.append(wanted)
        if self.away:
            self.away -= 1
            raise DatabaseUnavailable("gone for a moment")
        found = self.stored
        await self.gate.wait()
        self.kept = found


async def test_what_cannot_be_read_is_tried_again(wire: Wire) -> None:
    shelf, other = Shelf(), MemoryBus(wire)
    memory = SharedMemory(MemoryBus(wire))
    memory.keep([Part("shelf", shelf.read)])
    for bus in (memory.bus, other):
        await bus.start()
    shelf.stored, shelf.away = "new", 2
    await other.send("memory", {"part": "shelf", "id": 5})
    await until(lambda: shelf.kept == "new")
    assert shelf.asked == [5, 5, 5]
    await memory.close()


async def test_a_change_made_while_reading_is_not_lost(wire: Wire) -> None:
    shelf, memory = Shelf(), SharedMemory(MemoryBus(wire))
    memory.keep([Part("shelf", shelf.read)])
    shelf.gate.clear()
    reading = asyncio.create_task(memory.read_all())
    await until(lambda: shelf.asked == [None])
    shelf.stored = shelf.kept = "newer"  # committed here, after the reading has begun
    await memory.changed("shelf", 5)
    shelf.gate.set()
    await reading
    assert shelf.kept == "newer"


async def test_what_only_this_process_changes_is_read_when_a_guild_is_taken_over(wire: Wire) -> None:
    alone, told, of_people = Shelf(), Shelf(), Shelf()
    memory = SharedMemory(MemoryBus(wire))
    memory.keep(
        [
            Part("alone", alone.read, here_alone=True),
            Part("told", told.read),
            Part("people", of_people.read, about="person"),
        ]
    )
    await memory.read_all()
    assert (alone.asked, told.asked, of_people.asked) == ([], [None], [None])
    await memory.read_guilds([GUILD, OTHER])
    assert alone.asked == [GUILD, OTHER]
    assert told.asked == [None, GUILD, OTHER]
    assert of_people.asked == [None]
    many = range(MOST_ONE_BY_ONE + 1)
    await memory.read_guilds(many)
    assert alone.asked[2:] == [*many]  # what the chat changes meanwhile isn't overwritten for all
    assert told.asked[3:] == [None]


async def test_two_cannot_keep_the_same(wire: Wire) -> None:
    memory = SharedMemory(MemoryBus(wire))
    part = Part("shelf", Shelf().read)
    memory.keep([part])
    with pytest.raises(ValueError, match="shelf"):
        memory.keep([part])
    memory.release([part])
    memory.keep([part])
