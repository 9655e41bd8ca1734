"""Loading, unloading and reloading features, with real files, and what the owner sees of it."""

import asyncio
import gc
import os
import sys
import weakref
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from database.manager import DatabaseManager
from tests.support.feature_folder import GREETER, FeatureFolder
from tests.support.town import Town
from utils.bot import Hearth
from utils.config import Config
from utils.features import FeatureError

pytestmark = pytest.mark.engines("sqlite")
english = pytest.mark.town(languages=("en",))

BROKEN = {
    "syntax": "def setup(:\n",
    "import": "import no_such_module_anywhere\n",
    "at import": "raise RuntimeError('at import')\n",
    "exit": "raise SystemExit(3)\n",
    "no setup": "VERSION = 2\n",
    "setup": GREETER + "\nasync def setup(bot):\n    raise RuntimeError('in setup')\n",
    "after a cog": GREETER
    + "\nasync def setup(bot):\n    await bot.add_cog(Greeter(bot))\n    raise RuntimeError('later')\n",
    "cog_load": GREETER.replace(
        "        self.spawn(self.tick())",
        "        self.spawn(self.tick())\n        raise RuntimeError('in cog_load')",
    ),
    "name taken": GREETER.replace("async def hello(", "async def ping("),
    "setting taken": GREETER.replace('"closed-doors"', '"language"'),
}


@pytest.fixture
def features(feature_folder: FeatureFolder) -> FeatureFolder:
    """A folder with the greeter in it."""
    feature_folder.write("greeter", GREETER)
    return feature_folder


@pytest_asyncio.fixture
async def bot(features: FeatureFolder, db: DatabaseManager) -> AsyncIterator[Hearth]:
    """A bot that isn't connected, with admin and the greeter loaded."""
    bot = features.make_bot(Config(), db)
    async with bot:
        await bot.guild_settings.load()
        await bot.features.load_all()
        yield bot


def shape(bot: Hearth) -> dict[str, object]:
    """Everything in the bot and in the loop that a feature may add to."""
    return {
        "commands": sorted(command.qualified_name for command in bot.walk_commands()),
        "names": sorted(bot.all_commands),
        "cogs": sorted(bot.cogs),
        "listeners": sorted((event, len(listeners)) for event, listeners in bot.extra_events.items() if listeners),
        "checks": len(bot._checks) + len(bot._check_once),
        "buttons": sorted(pattern.pattern for pattern in bot._connection._view_store._dynamic_items),
        "views": len(bot.persistent_views),
        "tasks": len(asyncio.all_tasks()),
        "settings": sorted(bot.guild_settings.declared),
        "loaded": sorted(bot.features.loaded),
    }


# --- A broken reload ----------------------------------------------------------------------------------------


@english
@pytest.mark.parametrize("code", BROKEN.values(), ids=BROKEN)
async def test_a_broken_reload_leaves_the_old_version_with_its_state(town: Town, features: FeatureFolder, code: str):
    await features.open(town)
    await town.says(town.ann, "!hello")
    await town.says(town.admin, "!config set volume 7")
    door = await town.says(town.ann, "!door")
    before = shape(town.bot)

    features.write("greeter", code)
    answer = await town.says(town.developer, "!reload greeter")
    assert "greeter is broken; the version before runs on." in answer
    assert "```" in answer, "with the error"
    assert await town.says(town.ann, "!hi") == "Hello 2, version 1."
    assert (await town.press(town.ann, door, "Wave")).reply == "You wave, 1."
    assert "7" in await town.says(town.admin, "!config show volume")
    assert len((await town.says(town.ann, "knock")).replies) == 1
    assert shape(town.bot) == before
    assert "The last try failed:" in (await town.says(town.developer, "!cogs")).fields["Feature greeter"]

    features.write("greeter", GREETER.replace("VERSION = 1", "VERSION = 2"))
    assert "Reloaded greeter" in await town.says(town.developer, "!reload greeter")
    assert await town.says(town.ann, "!hello") == "Hello 1, version 2."
    assert "failed" not in (await town.says(town.developer, "!cogs")).fields["Feature greeter"]


async def test_a_module_of_the_feature_is_as_old_as_the_rest(bot: Hearth, features: FeatureFolder):
    features.write("greeter", "LOUD = 1\n", "rules.py")
    features.write("greeter", f"from {features.package}.greeter.rules import LOUD\n{GREETER}")
    await bot.features.reload("greeter")
    features.write("greeter", "LOUD = 2\n", "rules.py")
    features.write("greeter", f"from {features.package}.greeter.rules import LOUD\nraise RuntimeError\n")
    with pytest.raises(FeatureError):
        await bot.features.reload("greeter")
    from importlib import import_module

    assert import_module(f"{features.package}.greeter.rules").LOUD == 1
    features.write("greeter", f"from {features.package}.greeter.rules import LOUD\n{GREETER}")
    assert (await bot.features.reload("greeter")).module.LOUD == 2


async def test_being_cancelled_while_loading_is_no_failure_of_the_feature(bot: Hearth, features: FeatureFolder):
    features.write("greeter", GREETER.replace("self.spawn(self.tick())", "await asyncio.sleep(3600)"))
    reload = asyncio.create_task(bot.features.reload("greeter"))
    while bot.get_cog("Greeter"):
        await asyncio.sleep(0)
    reload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reload
    assert "greeter" not in bot.features.failed
    assert bot.get_cog("Greeter") is not None, "the version before runs on"


# --- Nothing doubles ----------------------------------------------------------------------------------------


LOOSE = """
from discord.ext import commands

async def heard(message): ...

async def allowed(ctx):
    return True

@commands.command()
async def loose(ctx): ...

async def setup(bot):
    bot.add_listener(heard, "on_message")
    bot.add_check(allowed)
    bot.add_check(allowed, call_once=True)
    bot.add_command(loose)
"""


async def test_fifty_reloads_double_nothing(bot: Hearth, features: FeatureFolder):
    features.write("loose", LOOSE)
    await bot.features.load("loose")
    before = shape(bot)
    old = weakref.ref(bot.get_cog("Greeter"))
    for number in range(50):
        features.write("greeter", GREETER.replace("VERSION = 1", f"VERSION = {number + 2}"))
        await bot.features.reload("greeter")
        await bot.features.reload("loose")
    assert shape(bot) == before
    assert bot.features.loaded["greeter"].module.VERSION == 51
    gc.collect()
    assert old() is None, "no version before is kept alive"


async def test_what_was_added_without_a_cog_comes_back_as_well(bot: Hearth, features: FeatureFolder):
    features.write("loose", LOOSE)
    await bot.features.load("loose")
    before = shape(bot)
    features.write("loose", LOOSE + "    raise RuntimeError\n")
    with pytest.raises(FeatureError):
        await bot.features.reload("loose")
    assert shape(bot) == before
    await bot.features.unload("loose")
    assert "loose" not in bot.all_commands
    assert shape(bot)["checks"] == before["checks"] - 2
    assert dict(before["listeners"])["on_message"] == dict(shape(bot)["listeners"])["on_message"] + 1


async def test_two_reloads_at_once_take_turns(bot: Hearth, features: FeatureFolder):
    slow = GREETER.replace("self.spawn(self.tick())", "await asyncio.sleep(0.01)\n        self.spawn(self.tick())")
    features.write("greeter", slow)
    before = shape(bot)
    await asyncio.gather(*(bot.features.reload("greeter") for _ in range(3)))
    assert shape(bot) == before


@pytest.mark.town(languages=("en",))
async def test_buttons_and_listeners_answer_once_after_reloads(town: Town, features: FeatureFolder):
    await features.open(town)
    door = await town.says(town.ann, "!door")
    for _ in range(3):
        await town.as_bot(town.bot.features.reload("greeter"))
    assert len((await town.press(town.ann, door, "Wave")).replies) == 1
    assert len((await town.says(town.ann, "knock")).replies) == 1
    assert len((await town.says(town.ann, "!hello")).replies) == 1
    assert town.bot.get_cog("Greeter").checked == 1


# --- What is on disk runs -----------------------------------------------------------------------------------


async def test_two_saves_in_one_second_and_of_one_size_both_run(
    bot: Hearth, features: FeatureFolder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)  # whatever this run's own wish is
    path = features.path / "greeter" / "__init__.py"
    for number in (2, 3, 4):
        features.write("greeter", GREETER.replace("VERSION = 1", f"VERSION = {number}"))
        os.utime(path, (1_700_000_000, 1_700_000_000))
        loaded = await bot.features.reload("greeter")
        assert loaded.module.VERSION == number  # noqa: SIM300 - a constant of that module


async def test_a_new_file_is_found(bot: Hearth, features: FeatureFolder):
    features.write("greeter", "LOUD = 11\n", "rules.py")
    features.write("greeter", f"from {features.package}.greeter.rules import LOUD\n{GREETER}")
    assert (await bot.features.reload("greeter")).module.LOUD == 11


async def test_the_store_of_a_feature_is_loaded_again_wherever_the_bot_was_started(
    bot: Hearth, features: FeatureFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import database

    store = tmp_path / "stores"
    store.mkdir()
    monkeypatch.setattr(database, "__path__", [*database.__path__, str(store)])
    (store / "greeter.py").write_text("ROWS = 1\n")
    features.write("greeter", f"from database.greeter import ROWS\n{GREETER}")
    assert (await bot.features.reload("greeter")).module.ROWS == 1
    (store / "greeter.py").write_text("ROWS = 22\n")
    assert (await bot.features.reload("greeter")).module.ROWS == 22
    features.write("greeter", "raise RuntimeError\n")
    with pytest.raises(FeatureError):
        await bot.features.reload("greeter")
    from database import greeter

    assert greeter.ROWS == 22
    await bot.features.unload("greeter")
    assert not hasattr(database, "greeter")


async def test_a_setting_changes_with_its_declaration(bot: Hearth, features: FeatureFolder):
    settings = bot.guild_settings
    await settings.set(1, settings.declared["volume"], 7, changed_by=None)
    await settings.set(2, settings.declared["volume"], 2, changed_by=None)
    features.write("greeter", GREETER.replace("WholeNumber(0, 10), 5", "WholeNumber(0, 3), 1"))
    await bot.features.reload("greeter")
    volume = settings.declared["volume"]
    assert [settings.get(guild, volume) for guild in (1, 2, 3)] == [1, 2, 1], "7 fits no longer"
    features.write("greeter", GREETER.replace("(VOLUME, CLOSED)", "()"))
    await bot.features.reload("greeter")
    assert "volume" not in settings.declared
    features.write("greeter", GREETER)
    await bot.features.reload("greeter")
    assert [settings.get(guild, settings.declared["volume"]) for guild in (1, 2, 3)] == [7, 2, 5]


# --- Failing at the start, loading, unloading ---------------------------------------------------------------


async def test_a_feature_that_fails_at_the_start_stops_no_other(town: Town, features: FeatureFolder):
    features.write("aaa", "raise RuntimeError('not today')\n")
    await features.open(town)
    assert await town.says(town.ann, "!hello") == "Hello 1, version 1."
    shown = (await town.says(town.developer, "!cogs")).fields
    assert "Not loaded." in shown["Feature aaa"]
    assert "RuntimeError: not today" in shown["Feature aaa"]
    assert "Loaded in" in shown["Feature greeter"]
    answer = await town.says(town.developer, "!load aaa")
    assert "That didn't work" in answer
    assert "aaa: RuntimeError: not today" in answer

    features.write("aaa", GREETER.replace("hello", "later").replace("Greeter", "Later").replace('"hi"', '"la"')
                   .replace("door", "gate").replace("volume", "loudness").replace("wave", "nod"))  # fmt: skip
    assert "Loaded aaa" in await town.says(town.developer, "!load AAA")
    assert await town.says(town.ann, "!later") == "Hello 1, version 1."
    assert "failed" not in (await town.says(town.developer, "!cogs")).fields["Feature aaa"]


async def test_unloading_removes_everything(bot: Hearth, features: FeatureFolder):
    without = FeatureFolder(features.path.parent)
    tasks = len(asyncio.all_tasks())
    async with without.make_bot(Config(), bot.db) as bare:
        await bare.features.load_all()
        await bot.features.unload("greeter")
        assert shape(bot) == {**shape(bare), "tasks": tasks - 1}
    without.remove()
    features.write("greeter", GREETER.replace("VERSION = 1", "VERSION = 2"))
    assert (await bot.features.load("greeter")).module.VERSION == 2


async def test_the_owner_loads_and_unloads(town: Town, features: FeatureFolder):
    await features.open(town)
    assert await town.says(town.developer, "!unload greeter") == "Unloaded greeter."
    assert await town.says(town.ann, "!hello") is None
    assert "Not loaded." in (await town.says(town.developer, "!cogs")).fields["Feature greeter"]
    assert "greeter is not loaded" in await town.says(town.developer, "!unload greeter")
    assert "Loaded greeter in" in await town.says(town.developer, "!load greeter")
    assert "greeter is loaded already" in await town.says(town.developer, "!load greeter")
    assert await town.says(town.ann, "!hello") == "Hello 1, version 1."
    for word in ("load", "unload", "reload"):
        answer = await town.says(town.developer, f"!{word} nothing")
        assert "nothing" in answer
        assert "runs on" not in answer
    assert await town.says(town.developer, "!unload Admin") == ("`admin` stays on: without it there is no way back.")
    assert "Pong" in await town.says(town.ann, "!ping")


async def test_reload_all(town: Town, features: FeatureFolder):
    await features.open(town)
    await town.says(town.ann, "!hello")
    features.write("greeter", GREETER.replace("VERSION = 1", "VERSION = 2"))
    answer = await town.says(town.developer, "!reload all")
    assert answer.startswith("Reloaded admin in ")
    assert "\nReloaded greeter in " in answer
    assert await town.says(town.ann, "!hello") == "Hello 1, version 2."
    assert "Pong" in await town.says(town.ann, "!ping")
    features.write("greeter", BROKEN["syntax"])
    answer = await town.says(town.developer, "!reload")
    assert answer.startswith("Reloaded admin in ")
    assert "greeter is broken" in answer


async def test_only_the_owner_may(town: Town, features: FeatureFolder):
    await features.open(town)
    for text in ("!cogs", "!load greeter", "!unload greeter", "!reload all", "!shutdown", "!loglevel debug"):
        assert await town.says(town.owner, text) is None, text
    assert await town.says(town.ann, "!hello") == "Hello 1, version 1."


async def test_the_bots_own_features_reload(town: Town):
    await town.says(town.ann, "!ping")  # from the first command on, something waits to write down what is counted
    before = shape(town.bot)
    answer = await town.says(town.developer, "!reload all")
    assert "broken" not in answer
    assert shape(town.bot) == before
    assert "Pong" in await town.says(town.ann, "!ping")
