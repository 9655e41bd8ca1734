"""What a message begins with if it is a command: a prefix of the guild, or a mention of the bot."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord

from utils.core_settings import PREFIXES
from utils.guild_settings import GuildSettings
from utils.i18n import _, format_list

if TYPE_CHECKING:
    from utils.bot import Hearth


class Beginnings:
    """`bot.beginnings`. Asked with each message, so it does no I/O."""

    def __init__(self, settings: GuildSettings) -> None:
        self._settings = settings
        self._made = settings.digest(self._make)
        self.mentions: tuple[str, ...] = ()
        """The bot's own, in both of Discord's forms; known after the login."""

    def know(self, bot_id: int) -> None:
        """Listen for mentions of the bot, too."""
        self.mentions = (f"<@{bot_id}>", f"<@!{bot_id}>")
        self._made.clear()

    def prefixes(self, guild: discord.Guild | None) -> Sequence[str]:
        """What commands start with here, the longest first. A mention of the bot works everywhere besides."""
        return self._settings.get(guild.id if guild else None, PREFIXES)

    def of(self, guild: discord.Guild | None) -> tuple[str, ...]:
        """What makes a message here a command if it begins so: the prefixes and the mentions."""
        return self._made.of(guild.id if guild else None)

    def _make(self, guild_id: int | None) -> tuple[str, ...]:
        return (*self._settings.get(guild_id, PREFIXES), *self.mentions)

    def sentence(self, guild: discord.Guild | None) -> str:
        """What commands start with here, for whoever mentions the bot and says nothing."""
        prefixes = self.prefixes(guild)
        if not prefixes:
            return _("Commands start with a mention of me here; try {help}.").format(help="`@… help`")
        return _("My commands start with {prefixes} here; try `{help}`.").format(
            prefixes=format_list([f"`{prefix}`" for prefix in prefixes]), help=f"{prefixes[0]}help"
        )


def beginnings_of(bot: "Hearth", message: discord.Message) -> list[str]:
    """What discord.py asks for, which takes the first that fits: the mentions come first."""
    return [*bot.beginnings.mentions, *bot.beginnings.prefixes(message.guild)]
