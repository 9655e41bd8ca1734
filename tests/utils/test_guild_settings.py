"""The settings of guilds: read from memory, changed in one place, written down, taken back."""

import asyncio
import tracemalloc
from datetime import timedelta
from typing import Any

import discord
import pytest

from database.errors import DatabaseError
from database.guild_settings import GuildSettingsStore
from database.manager import DatabaseManager
from utils.events import GuildSettingChanged
from utils.guild_settings import GuildSettings
from utils.setting_types import Duration, Many, Setting, SettingError, Switch, Text, WholeNumber

sqlite = pytest.mark.engines("sqlite")

GUILD, OTHER, ADA, OLIVIA = 10, 20, 1, 2

WORDS = Setting[tuple[str, ...]]("words", Many(Text(10), 200), (), "Words.")
NUMBER = Setting[int]("number", WholeNumber(0, 100), 5, "A number.")
QUIET = Setting[bool]("quiet", Switch(), False, "Whether it is quiet.")
PAUSE = Setting[timedelta](
    "pause", Duration(timedelta(seconds=1), timedelta(days=1)), timedelta(minutes=1), "A pause."
)
CHANNEL = Setting[int | None]("log", WholeNumber(1, 2**63 - 1), None, "Where the log goes.")
ALL = (WORDS, NUMBER, QUIET, PAUSE, CHANNEL)


class Service(GuildSettings):
    """The service, with what it published."""

    def __init__(self, db: DatabaseManager, **defaults: Any) -> None:
        self.published: list[GuildSettingChanged] = []
        super().__init__(GuildSettingsStore(db), self.published.append, defaults)


def service(db: DatabaseManager, **defaults: Any) -> Service:
    made = Service(db, **defaults)
    made.declare("test", ALL)
    return made


async def test_a_value_holds_in_its_guild_and_outlives_a_restart(db: DatabaseManager):
    settings = service(db)
    await settings.set(GUILD, NUMBER, 7, changed_by=ADA)
    await settings.set(GUILD, PAUSE, timedelta(hours=1), changed_by=ADA)
    await settings.set(GUILD, QUIET, True, changed_by=ADA)
    await settings.set(GUILD, WORDS, ("a", "b"), changed_by=ADA)
    await settings.set(OTHER, CHANNEL, 2**62 + 1, changed_by=None)
    again = service(db)
    await again.load()
    for each in (settings, again):
        assert each.get(GUILD, NUMBER) == 7
        assert each.get(GUILD, PAUSE) == timedelta(hours=1)
        assert each.get(GUILD, QUIET) is True
        assert each.get(GUILD, WORDS) == ("a", "b")
        assert each.get(OTHER, CHANNEL) == 2**62 + 1
        assert each.get(OTHER, NUMBER) == 5
        assert each.get(None, NUMBER) == 5, "in direct messages"
        assert each.is_set(GUILD, NUMBER)
        assert not each.is_set(OTHER, NUMBER)


async def test_every_change_is_published_and_written_down(db: DatabaseManager):
    settings = service(db)
    before = discord.utils.utcnow()
    await settings.set(GUILD, NUMBER, 7, changed_by=ADA)
    await settings.set(GUILD, NUMBER, 8, changed_by=OLIVIA)
    await settings.reset(GUILD, NUMBER, changed_by=None)
    await settings.undo_last(GUILD, changed_by=ADA)
    assert settings.published == [
        GuildSettingChanged(GUILD, "number", None, 7, ADA),
        GuildSettingChanged(GUILD, "number", 7, 8, OLIVIA),
        GuildSettingChanged(GUILD, "number", 8, None, None),
        GuildSettingChanged(GUILD, "number", None, 8, ADA),
    ]
    history = await settings.store.history(GUILD)
    assert [(one.old, one.new, one.changed_by, one.undone) for one in history] == [
        (None, 8, ADA, False), (8, None, None, True), (7, 8, OLIVIA, False), (None, 7, ADA, False),
    ]  # fmt: skip
    assert history[0].undoes == history[1].id
    assert all(before - timedelta(seconds=1) <= one.changed_at <= discord.utils.utcnow() for one in history)
    assert await settings.store.history(OTHER) == []
    assert [one.new for one in await settings.store.history(GUILD, limit=2)] == [8, None]
    await settings.set(GUILD, QUIET, True, changed_by=ADA)
    assert [one.key for one in await settings.store.history(GUILD, key="quiet")] == ["quiet"]


@sqlite
async def test_what_changes_nothing_leaves_no_trace(db: DatabaseManager):
    settings = service(db)
    assert await settings.set(GUILD, NUMBER, 5, changed_by=ADA) is None, "the default"
    assert await settings.reset(GUILD, NUMBER, changed_by=ADA) is None
    await settings.set(GUILD, NUMBER, 6, changed_by=ADA)
    assert await settings.set(GUILD, NUMBER, 6, changed_by=ADA) is None
    assert len(settings.published) == len(await settings.store.history(GUILD)) == 1


@sqlite
async def test_what_does_not_fit_changes_nothing(db: DatabaseManager):
    settings = service(db)
    with pytest.raises(SettingError):
        await settings.set(GUILD, NUMBER, 101, changed_by=ADA)
    with pytest.raises(SettingError):
        await settings.update(GUILD, WORDS, lambda words: (*words, "x" * 11), changed_by=ADA)
    assert settings.get(GUILD, NUMBER) == 5
    assert settings.published == await settings.store.history(GUILD) == []


@sqlite
async def test_the_default_is_not_stored(db: DatabaseManager):
    settings = service(db)
    await settings.set(GUILD, NUMBER, 6, changed_by=ADA)
    await settings.set(GUILD, NUMBER, 5, changed_by=ADA)
    assert await settings.store.all() == []
    assert not settings.is_set(GUILD, NUMBER)


@sqlite
async def test_the_operators_default_stands_in(db: DatabaseManager):
    settings = service(db, number=50)
    assert settings.get(GUILD, NUMBER) == settings.default(NUMBER) == 50
    await settings.set(GUILD, NUMBER, 5, changed_by=ADA)
    assert settings.get(GUILD, NUMBER) == 5
    await settings.reset(GUILD, NUMBER, changed_by=ADA)
    assert settings.get(GUILD, NUMBER) == 50


# --- Races --------------------------------------------------------------------------------------------------


async def test_all_who_add_at_once_win(db: DatabaseManager):
    settings = service(db)

    async def add(word: str) -> None:
        await settings.update(GUILD, WORDS, lambda words: (*words, word), changed_by=ADA)

    await asyncio.gather(*(add(f"word{number}") for number in range(30)))
    again = service(db)
    await again.load()
    assert set(settings.get(GUILD, WORDS)) == {f"word{number}" for number in range(30)}
    assert again.get(GUILD, WORDS) == settings.get(GUILD, WORDS)
    assert len(await settings.store.history(GUILD)) == 30


async def test_undoing_at_once_takes_one_back_each(db: DatabaseManager):
    settings = service(db)
    for number in range(10, 16):
        await settings.set(GUILD, NUMBER, number, changed_by=ADA)
    undone = await asyncio.gather(*(settings.undo_last(GUILD, changed_by=ADA) for _ in range(8)))
    assert [change.new if change else "none" for change in undone] == [14, 13, 12, 11, 10, None, "none", "none"]


async def test_joining_while_somebody_changes_something(db: DatabaseManager):
    settings = service(db)
    await settings.set(GUILD, NUMBER, 6, changed_by=ADA)
    for number in range(20, 40):
        await asyncio.gather(settings.load_guild(GUILD), settings.set(GUILD, NUMBER, number, changed_by=ADA))
        assert settings.get(GUILD, NUMBER) == number


@sqlite
async def test_a_change_that_can_not_be_stored_does_not_hold(db: DatabaseManager):
    settings = service(db)
    await db.execute("DROP TABLE guild_setting_changes")
    with pytest.raises(DatabaseError):
        await settings.set(GUILD, NUMBER, 6, changed_by=ADA)
    assert settings.get(GUILD, NUMBER) == 5
    assert settings.published == await settings.store.all() == []


# --- Undo ---------------------------------------------------------------------------------------------------


async def test_undo_goes_back_step_by_step(db: DatabaseManager):
    settings = service(db)
    await settings.set(GUILD, NUMBER, 6, changed_by=ADA)
    await settings.set(GUILD, QUIET, True, changed_by=ADA)
    await settings.set(OTHER, NUMBER, 60, changed_by=ADA)
    await settings.reset(GUILD, NUMBER, changed_by=ADA)

    async def undo() -> tuple[Any, ...]:
        await settings.undo_last(GUILD, changed_by=ADA)
        return settings.get(GUILD, NUMBER), settings.get(GUILD, QUIET), settings.get(OTHER, NUMBER)

    assert await undo() == (6, True, 60), "the reset"
    assert await undo() == (6, False, 60)
    assert await undo() == (5, False, 60)
    assert await settings.undo_last(GUILD, changed_by=ADA) is None
    await settings.set(GUILD, NUMBER, 9, changed_by=ADA)
    assert await undo() == (5, False, 60), "a change after undoing can be undone as well"
    assert await settings.undo_last(GUILD, changed_by=ADA) is None


@sqlite
async def test_undo_of_a_setting_that_nobody_declares_is_known_when_it_comes_back(db: DatabaseManager):
    settings = service(db)
    await settings.set(GUILD, NUMBER, 6, changed_by=ADA)
    await settings.set(GUILD, NUMBER, 7, changed_by=ADA)
    settings.withdraw([NUMBER])
    await settings.undo_last(GUILD, changed_by=ADA)
    settings.declare("test", [NUMBER])
    assert settings.get(GUILD, NUMBER) == 6
    settings.withdraw([NUMBER])
    await settings.undo_last(GUILD, changed_by=ADA)
    settings.declare("test", [NUMBER])
    assert settings.get(GUILD, NUMBER) == 5


# --- Declarations -------------------------------------------------------------------------------------------


async def test_values_that_nobody_declares_are_kept(db: DatabaseManager):
    await service(db).set(GUILD, NUMBER, 6, changed_by=ADA)
    settings = Service(db)
    await settings.load()
    assert settings.declared == {}
    settings.declare("test", [NUMBER])
    assert settings.get(GUILD, NUMBER) == 6
    assert len(await settings.store.all()) == 1


@sqlite
async def test_a_stored_value_that_no_longer_fits_gives_way_to_the_default(
    db: DatabaseManager, caplog: pytest.LogCaptureFixture
):
    await service(db).set(GUILD, NUMBER, 60, changed_by=ADA)
    await service(db).set(OTHER, NUMBER, 6, changed_by=ADA)
    smaller = Setting[int]("number", WholeNumber(0, 10), 5, "A number.")
    settings = Service(db)
    settings.declare("test", [smaller])
    await settings.load()
    assert settings.get(GUILD, smaller) == 5
    assert settings.get(OTHER, smaller) == 6
    assert not settings.is_set(GUILD, smaller)
    assert "no longer fits" in caplog.text
    assert len(await settings.store.all()) == 2, "the row stays"
    await settings.reset(GUILD, smaller, changed_by=ADA)
    assert [row.guild_id for row in await settings.store.all()] == [OTHER]


@sqlite
async def test_a_value_that_holds_is_checked_again_by_a_new_declaration(db: DatabaseManager):
    settings = service(db)
    await settings.set(GUILD, NUMBER, 60, changed_by=ADA)
    smaller = Setting[int]("number", WholeNumber(0, 10), 5, "A number.")
    settings.declare("test", [smaller])
    assert settings.get(GUILD, smaller) == 5
    settings.declare("test", [NUMBER])
    assert settings.get(GUILD, NUMBER) == 60


@sqlite
async def test_undo_to_a_value_that_no_longer_fits_is_the_default(db: DatabaseManager):
    settings = service(db)
    await settings.set(GUILD, NUMBER, 60, changed_by=ADA)
    await settings.set(GUILD, NUMBER, 6, changed_by=ADA)
    settings.declare("test", [Setting[int]("number", WholeNumber(0, 10), 5, "A number.")])
    assert settings.get(GUILD, NUMBER) == 6
    await settings.undo_last(GUILD, changed_by=ADA)
    assert settings.get(GUILD, NUMBER) == 5


@sqlite
def test_two_features_can_not_declare_the_same(db: DatabaseManager):
    settings = service(db)
    fresh = Setting[bool]("fresh", Switch(), False, "New.")
    with pytest.raises(ValueError, match="declared by both test and other"):
        settings.declare("other", [fresh, NUMBER])
    assert "fresh" not in settings.declared, "nothing of it is half declared"
    settings.withdraw(ALL)
    settings.declare("other", [NUMBER])
    assert settings.of_feature("other") == [NUMBER]
    assert settings.of_feature("test") == []


@sqlite
def test_hidden_settings_are_not_listed(db: DatabaseManager):
    settings = Service(db)
    hidden = Setting[bool]("hidden", Switch(), False, "Hidden.", hidden=True)
    settings.declare("test", [QUIET, hidden, NUMBER])
    assert settings.of_feature("test") == [QUIET, NUMBER]


# --- Memory -------------------------------------------------------------------------------------------------


@sqlite
async def test_guilds_with_defaults_cost_nothing(db: DatabaseManager):
    settings = service(db)
    await settings.load_guild(1)
    tracemalloc.start()
    before, _peak = tracemalloc.get_traced_memory()
    for guild_id in range(10_000):
        settings.get(guild_id, NUMBER)
        settings.is_set(guild_id, NUMBER)
    after, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 2_000, "bytes"


@sqlite
async def test_a_guild_that_was_left_is_forgotten_and_read_again(db: DatabaseManager):
    settings = service(db)
    await settings.set(GUILD, NUMBER, 6, changed_by=ADA)
    await settings.set(OTHER, NUMBER, 7, changed_by=ADA)
    settings.forget(GUILD)
    assert settings.get(GUILD, NUMBER) == 5
    assert settings.get(OTHER, NUMBER) == 7
    await settings.load_guild(GUILD)
    assert settings.get(GUILD, NUMBER) == 6
    settings.forget_where(lambda guild_id: guild_id != OTHER)
    assert (settings.get(GUILD, NUMBER), settings.get(OTHER, NUMBER)) == (5, 7)


@sqlite
async def test_values_of_nobody_are_forgotten_with_their_guild(db: DatabaseManager):
    await service(db).set(GUILD, NUMBER, 6, changed_by=ADA)
    settings = Service(db)
    await settings.load()
    settings.forget(GUILD)
    settings.declare("test", ALL)
    assert settings.get(GUILD, NUMBER) == 5


class AwayOnce(GuildSettingsStore):
    """A store whose database is away when one guild is read for the first time."""

    away = True

    async def of_guild(self, guild_id: int) -> list[Any]:
        if self.away:
            self.away = False
            raise DatabaseError("away")
        return await super().of_guild(guild_id)


async def test_what_could_not_be_read_is_read_before_it_is_changed(db: DatabaseManager):
    """Else a list made longer from its default would take the place of the stored one."""
    words = Setting("words", Many(Text(20), 10), ("!",), "Words.")
    settings = GuildSettings(AwayOnce(db), lambda event: None, {})
    settings.declare("admin", [words])
    await settings.store.change(7, "words", ["a", "b"], changed_by=None, at=discord.utils.utcnow())
    with pytest.raises(DatabaseError):
        await settings.load_guild(7)
    assert settings.get(7, words) == ("!",)
    await settings.update(7, words, lambda old: (*old, "c"), changed_by=1)
    assert settings.get(7, words) == ("a", "b", "c")


async def test_it_is_caught_up_with_at_the_next_command(db: DatabaseManager):
    words = Setting("words", Many(Text(20), 10), ("!",), "Words.")
    settings = GuildSettings(AwayOnce(db), lambda event: None, {})
    settings.declare("admin", [words])
    await settings.store.change(7, "words", ["a"], changed_by=None, at=discord.utils.utcnow())
    with pytest.raises(DatabaseError):
        await settings.load_guild(7)
    await settings.catch_up(7)
    assert settings.get(7, words) == ("a",)
    await settings.catch_up(8)
    assert settings.get(8, words) == ("!",)


async def test_what_is_made_of_settings_is_kept_until_one_changes(db: DatabaseManager):
    settings = service(db)
    asked: list[int | None] = []

    def make(guild_id: int | None) -> str:
        asked.append(guild_id)
        return f"{settings.get(guild_id, NUMBER)} {settings.get(guild_id, QUIET)}"

    digest = settings.digest(make)
    assert [digest.of(GUILD), digest.of(OTHER), digest.of(GUILD)] == ["5 False"] * 3
    assert asked == [None]  # guilds that set nothing share it
    await settings.set(GUILD, NUMBER, 7, changed_by=ADA)
    assert [digest.of(GUILD), digest.of(GUILD), digest.of(OTHER)] == ["7 False", "7 False", "5 False"]
    assert asked == [None, GUILD]
    await settings.set(GUILD, QUIET, True, changed_by=ADA)
    assert digest.of(GUILD) == "7 True"
    async with settings.held(GUILD):
        await settings.store_many(GUILD, {"number": 9}, changed_by=ADA, import_id=1)
        await settings.take_many(GUILD, {"number": 9}, changed_by=ADA)
    assert digest.of(GUILD) == "9 True"
    await settings.undo_last(GUILD, changed_by=ADA)  # what came by a file isn't taken back by it
    assert digest.of(GUILD) == "9 False"
    await settings.reset(GUILD, NUMBER, changed_by=ADA)
    assert digest.of(GUILD) == "5 False"


async def test_what_is_made_of_settings_follows_what_happens_to_them(db: DatabaseManager):
    settings, elsewhere = service(db), service(db)
    digest = settings.digest(lambda guild_id: settings.get(guild_id, NUMBER))
    await settings.set(GUILD, NUMBER, 7, changed_by=ADA)
    assert digest.of(GUILD) == 7
    await elsewhere.load()
    await elsewhere.set(GUILD, NUMBER, 8, changed_by=ADA)
    await settings.load_guild(GUILD)
    assert digest.of(GUILD) == 8
    settings.withdraw(ALL)
    assert digest.of(GUILD) == 5
    settings.declare("test", ALL)
    assert digest.of(GUILD) == 8
    settings.forget(GUILD)
    assert digest.of(GUILD) == 5
