"""`--dev`: saved files run, or say that they need a restart."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from database.manager import DatabaseManager
from tests.support.feature_folder import GREETER, FeatureFolder
from tests.support.patience import PATIENCE
from utils import reload_on_save
from utils.bot import Hearth
from utils.config import Config
from utils.reload_on_save import Broken, NeedsRestart, Outcome, Reloaded, Translated, features_touched

pytestmark = pytest.mark.engines("sqlite")

FEATURES = ["admin", "economy", "greeter"]


@pytest.mark.parametrize(
    ("saved", "reloaded", "translations", "restart"),
    [
        (["cogs/greeter/__init__.py"], {"greeter"}, False, []),
        (["cogs/greeter/deep/rules.py", "cogs/admin/help.py"], {"greeter", "admin"}, False, []),
        (["database/economy.py"], {"economy"}, False, []),
        (["database/manager.py"], set(), False, ["database/manager.py"]),
        (["utils/bot.py", "main.py"], set(), False, ["main.py", "utils/bot.py"]),
        (["cogs/__init__.py"], set(), False, ["cogs/__init__.py"]),
        (["migrations/0002_more.sql"], set(), False, ["migrations/0002_more.sql"]),
        (["locales/de/LC_MESSAGES/hearth.po"], set(), True, []),
        (["cogs/greeter/__pycache__/rules.pyc", "cogs/greeter/notes.txt~", "cogs/greeter/4913"], set(), False, []),
    ],
)
def test_what_saved_files_mean(saved: list[str], reloaded: set[str], translations: bool, restart: list[str]):
    touched = features_touched({Path(path) for path in saved}, FEATURES)
    assert touched == (reloaded, translations, [Path(path) for path in restart])


@pytest_asyncio.fixture
async def bot(feature_folder: FeatureFolder, db: DatabaseManager) -> AsyncIterator[Hearth]:
    """A bot that isn't connected, with the greeter loaded."""
    feature_folder.write("greeter", GREETER)
    async with feature_folder.make_bot(Config(), db) as bot:
        await bot.features.load_all()
        yield bot


def version(bot: Hearth) -> int:
    return bot.features.loaded["greeter"].module.VERSION


async def test_a_saved_file_runs(bot: Hearth, feature_folder: FeatureFolder):
    feature_folder.write("greeter", GREETER.replace("VERSION = 1", "VERSION = 2"))
    await reload_on_save.apply(bot, {Path("cogs/greeter/__init__.py")})
    assert version(bot) == 2


async def test_a_new_feature_is_loaded_and_a_deleted_one_ignored(bot: Hearth, feature_folder: FeatureFolder):
    feature_folder.write("later", "async def setup(bot): ...\n")
    await reload_on_save.apply(bot, {Path("cogs/later/__init__.py"), Path("cogs/never/__init__.py")})
    assert "later" in bot.features.loaded


async def test_a_broken_save_leaves_what_runs_and_the_watcher(
    bot: Hearth, feature_folder: FeatureFolder, caplog: pytest.LogCaptureFixture
):
    feature_folder.write("greeter", "def broken(:\n")
    await reload_on_save.apply(bot, {Path("cogs/greeter/__init__.py")})
    assert version(bot) == 1
    assert bot.get_cog("Greeter") is not None
    assert "greeter is broken; the version before runs on" in caplog.text
    assert "SyntaxError" in caplog.text


async def test_what_needs_a_restart_is_named(bot: Hearth, caplog: pytest.LogCaptureFixture):
    await reload_on_save.apply(bot, {Path("utils/bot.py"), Path("database/manager.py")})
    assert "utils/bot.py changed: restart the bot to see it" in caplog.text
    assert "database/manager.py changed: restart the bot to see it" in caplog.text
    assert version(bot) == 1


async def test_each_outcome_is_told_as_it_comes(bot: Hearth, feature_folder: FeatureFolder):
    feature_folder.write("greeter", GREETER.replace("VERSION = 1", "VERSION = 2"))
    feature_folder.write("admin", "raise RuntimeError('no')\n")
    feature_folder.write("new", "import nowhere\n")
    told: list[Outcome] = []
    saved = {"cogs/greeter/__init__.py", "cogs/admin/__init__.py", "cogs/new/__init__.py", "main.py", "locales/de.po"}
    outcomes = await reload_on_save.apply(bot, {Path(path) for path in saved}, told.append)
    assert told == outcomes
    admin, greeter, new, translated, restart = outcomes
    assert isinstance(admin, Broken)
    assert (admin.feature, admin.runs_on) == ("admin", True)
    assert admin.traceback.endswith("RuntimeError: no\n")
    assert str(feature_folder.path / "admin" / "__init__.py") in admin.traceback
    assert isinstance(greeter, Reloaded)
    assert greeter.feature == "greeter"
    assert greeter.milliseconds > 0
    assert isinstance(new, Broken)
    assert not new.runs_on
    assert isinstance(translated, Translated)
    assert restart == NeedsRestart(Path("main.py"))


async def test_no_secret_is_in_a_traceback(feature_folder: FeatureFolder, db: DatabaseManager):
    feature_folder.write("greeter", "raise RuntimeError('the token is tell-nobody')\n")
    async with feature_folder.make_bot(Config(discord_token="tell-nobody"), db) as bot:
        [broken] = await reload_on_save.apply(bot, {Path("cogs/greeter/__init__.py")})
    assert isinstance(broken, Broken)
    assert "the token is" in broken.traceback
    assert "tell-nobody" not in broken.traceback


async def test_watching_real_files(tmp_path: Path, db: DatabaseManager, caplog: pytest.LogCaptureFixture):
    """The one test here in real time: the watcher is another thread's, in Rust."""
    caplog.set_level(logging.INFO, "hearth.dev")
    folder = tmp_path / "root"
    (folder / "cogs").mkdir(parents=True)
    features = FeatureFolder(tmp_path / "root")
    # The package is called otherwise, since this process has the real `cogs`; the watcher sees it under that name.
    (folder / "cogs").rmdir()
    features.path.rename(folder / "cogs")
    features.path.symlink_to(folder / "cogs")
    features.write("greeter", GREETER)
    async with features.make_bot(Config(), db) as bot:
        await bot.features.load_all()
        watching = asyncio.create_task(reload_on_save.watch(bot, folder))
        try:
            async with asyncio.timeout(20 * PATIENCE):
                saves = 2
                while version(bot) == 1:  # the watcher may not look yet when the first one is saved
                    features.write("greeter", GREETER.replace("VERSION = 1", f"VERSION = {saves}"))
                    saves += 1
                    await asyncio.sleep(0.3)
        finally:
            watching.cancel()
    features.remove()
    assert "Reloaded greeter in" in caplog.text


def test_dev_without_the_library_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    import main

    monkeypatch.setitem(sys.modules, "watchfiles", None)
    monkeypatch.chdir(tmp_path)
    assert not reload_on_save.available()
    assert main.main(["--playground", "--dev"]) == 2
    assert "pip install -r requirements-dev.txt" in capsys.readouterr().err
