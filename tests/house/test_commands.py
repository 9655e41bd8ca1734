"""What every command, listener, setting and event owes its user."""

import re
from pathlib import Path

import discord
import pytest
from discord.ext import commands

from database.manager import DatabaseManager
from main import create_bot
from utils import events
from utils.bot import Hearth
from utils.checks import bot_permissions, invoker_permissions
from utils.commands import examples_of
from utils.config import Config, env_example
from utils.i18n import help_parts
from utils.permissions import PERMISSION_NAMES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def bot(tmp_path: Path):
    """The bot with every feature loaded, connected to nothing."""
    async with DatabaseManager(f"sqlite:///{tmp_path / 'house.db'}") as db:
        await db.migrate()
        bot = create_bot(Config(), db)
        await bot.features.load_all()
        assert not bot.features.failed
        yield bot
        for cog in list(bot.cogs):
            await bot.remove_cog(cog)


async def test_every_command_has_help_and_an_example(bot: Hearth):
    for command in bot.walk_commands():
        first_line, _rest = help_parts(command.help)
        assert first_line.endswith((".", "?", "!")), f"{command.qualified_name}: help is a sentence"
        assert len(first_line) <= 100, f"{command.qualified_name}: help fits a select's description"
        assert examples_of(command), f"{command.qualified_name} has no example"


async def test_no_two_commands_share_a_name(bot: Hearth):
    groups = [bot, *(one for one in bot.walk_commands() if isinstance(one, commands.Group))]
    for group in groups:
        names = [name for one in group.commands for name in [one.name, *one.aliases]]
        assert len(names) == len(set(names)), f"{group} has a name twice: {sorted(names)}"


async def test_every_example_parses(bot: Hearth):
    """The words of an example find their command, and not a sub-command or another one."""
    for command in bot.walk_commands():
        for example in examples_of(command):
            words = example.split()
            found = max(
                (bot.get_command(" ".join(words[:count])) for count in range(1, len(words) + 1)),
                key=lambda one: len(one.qualified_name) if one else 0,
            )
            assert found == command, f"{example!r} runs {found}"


async def test_every_permission_has_the_name_that_discord_shows(bot: Hearth):
    for command in bot.walk_commands():
        for name in [*invoker_permissions(command), *bot_permissions(command)]:
            assert name in PERMISSION_NAMES, f"{command.qualified_name} needs {name}"
    for cog in bot.cogs.values():
        for name in cog.also_needs:
            assert name in PERMISSION_NAMES, f"{type(cog).__name__} needs {name}"
    assert PERMISSION_NAMES.keys() <= discord.Permissions.VALID_FLAGS.keys()


async def test_every_listener_hears_a_discord_event_or_one_of_the_catalogue(bot: Hearth):
    known = {f"on_{name}" for name in [*_discord_events(), *_library_events(), *events.CATALOGUE]}
    for cog in bot.cogs.values():
        for name, _method in cog.get_listeners():
            assert name in known, f"{type(cog).__name__} listens for {name}, which nobody sends"


def _discord_events() -> set[str]:
    """What discord.py itself dispatches, read from its source."""
    folder = Path(discord.__file__).parent
    source = "\n".join(file.read_text() for file in [*folder.glob("*.py"), *folder.glob("ext/commands/*.py")])
    return set(re.findall(r"dispatch\(\s*f?'([a-z_]+)'", source))


def _library_events() -> set[str]:
    return {"command", "command_completion", "command_error"}


def test_every_event_is_documented():
    for name, event in events.CATALOGUE.items():
        if event.__module__.startswith(events.__name__):
            doc = event.__doc__ or ""
            assert "Sent by" in doc, f"{name}: the docstring says who sends it"
            assert re.search(r"heard by|listens", doc, re.IGNORECASE), f"{name}: the docstring says who listens"


async def test_every_setting_is_documented(bot: Hearth):
    for setting in bot.guild_settings.declared.values():
        assert setting.help.endswith("."), f"{setting.key}: help is a sentence"
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", setting.key), f"{setting.key}: words joined by dashes"
        assert setting.type.expects()


def test_env_example_is_that_of_the_settings():
    assert (ROOT / ".env.example").read_text() == env_example()
