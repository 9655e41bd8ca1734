"""`--dev` in the playground: a save runs in the bot that lives just then, and the pages hear of it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from database.manager import DatabaseManager
from playground.saves import Saves
from tests.playground.living import Living, living_town
from tests.support.feature_folder import GREETER, FeatureFolder
from tests.support.patience import PATIENCE
from utils.bot import Hearth
from utils.config import Config
from utils.reload_on_save import Broken, NeedsRestart, Reloaded, Translated

GREETER_FILE = Path("cogs/greeter/__init__.py")


@pytest.fixture
async def living(tmp_path: Path, feature_folder: FeatureFolder) -> AsyncIterator[Living]:
    feature_folder.write("greeter", GREETER)

    def make_bot(config: Config, db: DatabaseManager) -> Hearth:
        return feature_folder.make_bot(config, db)

    async with living_town(tmp_path, make_bot=make_bot) as living:
        yield living


@pytest.fixture
def saves(living: Living) -> Saves:
    return Saves(living.life, living.env, living.turn, living.toasts.append)


def save(feature_folder: FeatureFolder, version: int) -> None:
    feature_folder.write("greeter", GREETER.replace("VERSION = 1", f"VERSION = {version}"))


async def test_a_save_runs_and_is_told(living: Living, saves: Saves, feature_folder: FeatureFolder):
    assert "version 1" in await living.says("ann", "!hello")
    save(feature_folder, 2)
    await saves.apply({GREETER_FILE})
    assert "version 2" in await living.says("ann", "!hello")
    (toast,) = living.toasts
    assert toast["kind"] == "success"
    assert toast["title"].startswith("Reloaded greeter in ")
    assert toast["title"].endswith(" ms")


async def test_the_new_code_lives_in_the_towns_time(living: Living, saves: Saves, feature_folder: FeatureFolder):
    every_hour = "        while True:\n            await asyncio.sleep(3600)\n"
    assert every_hour in GREETER
    feature_folder.write(
        "greeter", GREETER.replace(every_hour, "        await asyncio.sleep(60)\n        self.greeted = 40\n")
    )
    await saves.apply({GREETER_FILE})
    await living.env.advance_time(61)
    assert "Hello 41" in await living.says("ann", "!hello")


async def test_a_broken_save_is_shown_and_the_version_before_runs_on(
    living: Living, saves: Saves, feature_folder: FeatureFolder
):
    feature_folder.write("greeter", "def broken(:\n")
    await saves.apply({GREETER_FILE})
    assert "version 1" in await living.says("ann", "!hello")
    (toast,) = living.toasts
    assert (toast["kind"], toast["title"]) == ("error", "greeter is broken")
    assert toast["text"] == "The version before runs on."
    assert "SyntaxError" in toast["detail"]
    save(feature_folder, 3)
    await saves.apply({GREETER_FILE})
    assert "version 3" in await living.says("ann", "!hello")


async def test_each_kind_of_outcome_has_its_word(living: Living):
    from playground.saves import toast_of

    assert toast_of(Reloaded("economy", 41.4))["title"] == "Reloaded economy in 41 ms"
    assert toast_of(Broken("economy", "Traceback", runs_on=False))["text"] == "It isn't loaded."
    assert toast_of(Translated())["title"] == "Reloaded the translations"
    restart = toast_of(NeedsRestart(Path("utils/bot.py")))
    assert restart["title"] == "utils/bot.py changed"
    assert "Ctrl-C" in restart["text"]
    assert "kill the bot and start it isn't enough" in restart["text"]


async def test_the_next_generation_is_the_one_that_reloads(
    living: Living, saves: Saves, feature_folder: FeatureFolder
):
    await living.life.kill()
    await living.life.start()
    save(feature_folder, 2)
    await saves.apply({GREETER_FILE})
    assert "version 2" in await living.says("ann", "!hello")


async def test_what_is_saved_while_the_bot_is_dead_runs_once_it_lives(
    living: Living, saves: Saves, feature_folder: FeatureFolder
):
    await living.life.kill()
    save(feature_folder, 2)
    await saves.apply({GREETER_FILE})
    assert living.toasts == []
    await living.life.start()
    async with asyncio.timeout(10 * PATIENCE):
        while not living.toasts:
            await asyncio.sleep(0)
    assert "version 2" in await living.says("ann", "!hello")


async def test_it_waits_for_its_turn(living: Living, saves: Saves, feature_folder: FeatureFolder):
    save(feature_folder, 2)
    async with living.turn:
        applying = asyncio.create_task(saves.apply({GREETER_FILE}))
        for _ in range(20):
            await asyncio.sleep(0)
        assert living.toasts == []
    await applying
    assert len(living.toasts) == 1


async def test_a_watcher_that_fails_says_so_and_leaves_the_town_alone(
    living: Living, saves: Saves, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.ERROR):
        await saves.watch(tmp_path / "nowhere")  # there is nothing that could be watched
    (toast,) = living.toasts
    assert (toast["kind"], toast["title"]) == ("error", "Saves aren't noticed any more")
    assert "Saves aren't noticed any more" in caplog.text
    assert "version 1" in await living.says("ann", "!hello")


async def test_real_files_are_watched(living: Living, saves: Saves, tmp_path: Path, feature_folder: FeatureFolder):
    """The one test here in real time: the watcher is another thread's, in Rust."""
    root = tmp_path / "root"
    root.mkdir()
    # The package is called otherwise, since this process has the real `cogs`; the watcher sees it under that name.
    feature_folder.path.rename(root / "cogs")
    feature_folder.path.symlink_to(root / "cogs")
    watching = asyncio.create_task(saves.watch(root))
    version = 2
    async with asyncio.timeout(20 * PATIENCE):
        while not living.toasts:  # the watcher may not look yet when the first one is saved
            save(feature_folder, version)
            version += 1
            await asyncio.sleep(0.3)
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching
    assert living.toasts[0]["title"].startswith("Reloaded greeter")
    assert "version 1" not in await living.says("ann", "!hello")
