"""Write docs/COMMANDS.md from the code: every command, setting and event.

`python -m tools.commands_doc` writes it; `--check` fails when it is not what the code says.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from database.manager import DatabaseManager
from main import create_bot
from utils import events
from utils.bot import Hearth
from utils.checks import bot_permissions, invoker_permissions, is_owner_only
from utils.commands import AnyCommand, examples_of, usage_of
from utils.config import Config
from utils.i18n import help_parts
from utils.permissions import PERMISSION_NAMES

TARGET = Path(__file__).resolve().parent.parent / "docs" / "COMMANDS.md"
PREFIX = "!"


async def document() -> str:
    """The whole text, from a bot that is connected to nothing."""
    with tempfile.TemporaryDirectory() as folder:
        async with DatabaseManager(f"sqlite:///{folder}/commands.db") as db:
            await db.migrate()
            bot = create_bot(Config(), db)
            await bot.features.load_all()
            if bot.features.failed:
                raise SystemExit(f"these features don't load: {', '.join(bot.features.failed)}")
            text = "\n".join(_lines(bot))
            for name in list(bot.cogs):
                await bot.remove_cog(name)
    return text + "\n"


def _lines(bot: Hearth) -> Iterator[str]:
    yield "# Commands, settings and events"
    yield ""
    yield "Written by `python -m tools.commands_doc` from the code. `<this>` is needed, `[this]` may be left out."
    for feature in sorted(bot.features.loaded):
        title, _colon, purpose = help_parts(bot.features.loaded[feature].module.__doc__)[0].partition(":")
        yield from ["", f"## {title}", "", purpose.strip()[:1].upper() + purpose.strip()[1:]]
        commands = [one for one in bot.walk_commands() if getattr(one.cog, "feature", None) == feature]
        for one in sorted(commands, key=lambda found: found.qualified_name):
            yield from _command(one)
    yield from ["", "## Settings", "", "Changed by `config set`, by who may manage the server.", ""]
    yield from ["| setting | what it does | what fits | default |", "|---|---|---|---|"]
    for setting in sorted(bot.guild_settings.declared.values(), key=lambda one: one.key):
        if not setting.hidden:
            default = bot.guild_settings.show(setting, setting.default)
            yield f"| `{setting.key}` | {setting.help} | {setting.type.expects()} | {default} |"
    yield from ["", "## Events", "", "What features tell each other, for developers; see `utils/events.py`.", ""]
    for name, event in sorted(events.CATALOGUE.items()):
        first_line, rest = help_parts(event.__doc__)
        yield f"- `on_{name}`: {first_line} {rest}".rstrip().replace("\n\n", " ")


def _command(one: AnyCommand) -> Iterator[str]:
    first_line, rest = help_parts(one.help)
    yield from ["", f"### `{usage_of(one, PREFIX)}`", "", first_line]
    if rest:
        yield from ["", rest]
    facts = []
    if one.aliases:
        facts.append("Also called " + ", ".join(f"`{alias}`" for alias in one.aliases))
    if one.cooldown:
        facts.append(f"Cooldown: {one.cooldown.rate} in {round(one.cooldown.per)} s")
    if is_owner_only(one):
        facts.append("Only for who runs the bot")
    for who, permissions in (("You need", invoker_permissions(one)), ("The bot needs", bot_permissions(one))):
        if permissions:
            facts.append(f"{who} " + ", ".join(PERMISSION_NAMES.get(name, name) for name in permissions))
    facts.append("Example: " + ", ".join(f"`{call}`" for call in examples_of(one, PREFIX)))
    yield from ["", *(f"- {fact}" for fact in facts)]


def main() -> int:
    """Write or check the file. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when the file is not what the code says")
    arguments = parser.parse_args()
    text = asyncio.run(document())
    if not arguments.check:
        TARGET.write_text(text)
        return 0
    if not TARGET.exists() or TARGET.read_text() != text:
        print("docs/COMMANDS.md is out of date: python -m tools.commands_doc", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
