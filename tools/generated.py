"""What the tools share that write pages from the code."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from database.manager import DatabaseManager
from main import create_bot
from utils.bot import Hearth
from utils.commands import AnyCommand
from utils.config import Config
from utils.i18n import help_parts
from utils.permissions import PERMISSION_NAMES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


@asynccontextmanager
async def loaded_bot() -> AsyncIterator[Hearth]:
    """The bot with every feature, connected to nothing."""
    with tempfile.TemporaryDirectory() as folder:
        async with DatabaseManager(f"sqlite:///{folder}/commands.db") as db:
            await db.migrate()
            bot = create_bot(Config(), db)
            await bot.features.load_all()
            if bot.features.failed:
                raise SystemExit(f"these features don't load: {', '.join(bot.features.failed)}")
            yield bot
            for name in list(bot.cogs):
                await bot.remove_cog(name)


def features(bot: Hearth) -> Iterable[tuple[str, str, str]]:
    """Each feature's name, its title and what it is for."""
    for feature in sorted(bot.features.loaded):
        title, _colon, purpose = help_parts(bot.features.loaded[feature].module.__doc__)[0].partition(":")
        yield feature, title, purpose.strip()[:1].upper() + purpose.strip()[1:]


def commands_of(bot: Hearth, feature: str) -> list[AnyCommand]:
    """A feature's commands and those in them, by name."""
    found = [one for one in bot.walk_commands() if getattr(one.cog, "feature", None) == feature]
    return sorted(found, key=lambda one: one.qualified_name)


def names_of(permissions: Iterable[str]) -> str:
    """Permissions as Discord's own settings call them."""
    return ", ".join(PERMISSION_NAMES.get(name, name) for name in permissions)


END = "<!-- to here -->"


def begin(command: str) -> str:
    """The marker after which a page that people write in goes on with what a command writes, up to `END`."""
    return f"<!-- written by {command} -->"


def put_between(target: Path, command: str, text: str) -> str:
    """A page with another text between its markers. Raises SystemExit if it doesn't have them once each, in order."""
    marker, page = begin(command), target.read_text(encoding="utf-8")
    before, found, rest = page.partition(marker)
    _old, end, after = rest.partition(END)
    if not (found and end) or marker in rest or END in after:
        raise SystemExit(f"{target.name} needs `{marker}` and, after it, `{END}`, once each")
    return f"{before}{marker}\n{text}\n{END}{after}"


def run(description: str | None, target: Path, text: Callable[[], Coroutine[Any, Any, str]], command: str) -> int:
    """Write a page, or with `--check` compare it with what the code says. Returns the exit status."""
    parser = argparse.ArgumentParser(prog=command, description=description)
    parser.add_argument("--check", action="store_true", help="fail when the file is not what the code says")
    arguments = parser.parse_args()
    wanted = asyncio.run(text())
    if not arguments.check:
        target.write_text(wanted, encoding="utf-8")
        return 0
    if not target.exists() or target.read_text(encoding="utf-8") != wanted:
        print(f"{target.relative_to(ROOT)} is out of date: {command}", file=sys.stderr)
        return 1
    return 0
