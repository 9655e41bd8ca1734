"""Features that a test writes: real files in a package of their own, beside the bot's own `admin`."""

import sys
from itertools import count
from pathlib import Path

from database.manager import DatabaseManager
from tests.support.town import Town
from utils.bot import Hearth
from utils.config import Config

# Commands, listener, check, task, setting and button: everything that a reload must not double.
GREETER = '''
"""Greetings: saying hello."""
import asyncio
import discord
from utils.cog import Cog
from utils.commands import command, example
from utils.i18n import N_, _
from utils.setting_types import Setting, WholeNumber

VERSION = 1
VOLUME = Setting("volume", WholeNumber(0, 10), 5, N_("How loud I greet."))
CLOSED = Setting("closed-doors", WholeNumber(0, 10), 5, N_("How many doors are closed."))


class Wave(discord.ui.DynamicItem[discord.ui.Button], template="wave"):
    def __init__(self):
        super().__init__(discord.ui.Button(label=_("Wave"), custom_id="wave"))

    @classmethod
    async def from_custom_id(cls, interaction, item, match):
        return cls()

    async def callback(self, interaction):
        await interaction.response.send_message(_("You wave, {n}.").format(n=VERSION))


class Greeter(Cog):
    """Say hello."""

    settings = (VOLUME, CLOSED)
    dynamic_items = (Wave,)

    def __init__(self, bot):
        super().__init__(bot)
        self.greeted = 0

    async def cog_load(self):
        self.spawn(self.tick())

    async def tick(self):
        while True:
            await asyncio.sleep(3600)

    async def bot_check(self, ctx):
        self.checked = getattr(self, "checked", 0) + 1
        return True

    @command(aliases=["hi"])
    @example("")
    async def hello(self, ctx):
        """Say hello, and how often that was."""
        self.greeted += 1
        await ctx.info(_("Hello {n}, version {version}.").format(n=self.greeted, version=VERSION))

    @command()
    @example("")
    async def door(self, ctx):
        """Show a door to wave through."""
        view = discord.ui.View(timeout=None)
        view.add_item(Wave())
        await ctx.show(discord.Embed(description=_("A door.")), view=view)

    @Cog.listener()
    async def on_message(self, message):
        if message.content == "knock":
            await message.channel.send(_("Who is there?"))


async def setup(bot):
    await bot.add_cog(Greeter(bot))
'''

_numbers = count(1)


class FeatureFolder:
    """A package of features on disk, made by a test."""

    def __init__(self, root: Path) -> None:
        self.package = f"features_of_test_{next(_numbers)}"
        self.path = root / self.package
        self.path.mkdir()
        (self.path / "__init__.py").write_text("")
        self.write("admin", "import cogs.admin\nfrom cogs.admin import setup\n__doc__ = cogs.admin.__doc__\n")
        sys.path.insert(0, str(root))

    def write(self, feature: str, code: str, file: str = "__init__.py") -> Path:
        """Save one file of a feature."""
        path = self.path / feature / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(code)
        return path

    def make_bot(self, config: Config, db: DatabaseManager) -> Hearth:
        """A bot that knows these features and no others."""
        return Hearth(config, db, package=self.package)

    async def open(self, town: Town) -> None:
        """Restart the town's bot with these features."""
        config, db = town.bot.config, town.bot.db
        town.make_bot = lambda _town: self.make_bot(config, db)
        await town.restart()

    def remove(self) -> None:
        """Leave nothing in this process."""
        sys.path.remove(str(self.path.parent))
        for name in [name for name in sys.modules if f"{name}.".startswith(f"{self.package}.")]:
            del sys.modules[name]
