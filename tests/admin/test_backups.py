"""`backup`, and the backups that the bot makes by itself."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.backups import programs_path
from tests.support.town import Town
from utils.backups.making import make_backup


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the bot runs in, where its backups go by default."""
    folder = tmp_path / "bot"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", programs_path())
    return folder


def made(here: Path) -> list[str]:
    return sorted(path.name for path in (here / "data" / "backups").glob("*[!k]") if path.suffix != ".json")


async def test_an_owner_makes_one_and_lists_them(town: Town, here: Path):
    assert await town.says(town.owner, "!backup") is None, "a server's owner isn't who runs the bot"
    answer = await town.says(town.developer, "!backup")
    assert "There are no backups yet." in answer
    assert "`BACKUP_EVERY` would change that" in answer
    answer = await town.says(town.developer, "!backup now")
    assert answer.startswith("It's there, and it can be restored:")
    [file] = made(here)
    assert file in answer
    listed = await town.says(town.developer, "!backups")
    assert file in listed
    assert re.search(r"<t:\d+:R>: 0\.\d+ MB, [\d,]+ rows", listed)
    assert "The newest backup was made" in await town.says(town.developer, "!botstats")
    (here / "data" / "backups" / file).unlink()
    assert "its file is missing" in await town.says(town.developer, "!backup")


async def test_one_that_fails_is_told(town: Town, here: Path):
    (here / "data").write_text("a file in the folder's place")
    answer = await town.says(town.developer, "!backup now")
    assert answer.startswith("The backup failed:")
    assert "No backup can be written to data/backups" in answer
    assert "The latest backup failed" in await town.says(town.developer, "!botstats")
    (here / "data").unlink()
    assert "The latest backup failed" in await town.says(town.developer, "!backup")
    await town.says(town.developer, "!backup now")
    assert "failed" not in await town.says(town.developer, "!backup")


@pytest.mark.town(backup_every=timedelta(hours=6), backups_kept=2)
async def test_it_makes_them_by_itself(town: Town, here: Path, caplog: pytest.LogCaptureFixture):
    assert "I make one by myself every 6 hours." in await town.says(town.developer, "!backup")

    async def passes(count: int, **duration: float) -> list[str]:
        await town.wait(**duration)
        for _attempt in range(1000):
            if len(found := made(here)) >= count and town.bot.backups.newest is not None:
                return found
            await town.settle()
        raise AssertionError(made(here))

    first = await passes(1, minutes=2)
    assert len(first) == 1
    await town.wait(hours=5)
    assert made(here) == first, "too early"
    await town.restart()
    await town.wait(minutes=30)
    assert made(here) == first, "a restart is no reason"
    assert town.bot.backups.due_at == town.bot.backups.newest + timedelta(hours=6)
    second = await passes(2, minutes=40)
    assert len(second) == 2
    assert first[0] in second


async def test_one_that_somebody_else_made_is_noticed(town: Town):
    """By a job of the machine, with a bot that makes none by itself."""
    assert (town.bot.backups.newest, town.bot.backups.due_at) == (None, None)
    now = town.now
    await town.as_bot(make_backup(town.db.keeper, town.bot.backups.folder, keep=7, now=now))
    await town.wait(hours=7)
    assert town.bot.backups.newest == now
    assert town.bot.backups.due_at is None
