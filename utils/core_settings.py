"""The settings that hold for every feature: prefixes, language, what is switched off, who is ignored."""

from collections.abc import Sequence
from typing import Any

import discord

from utils.i18n import N_, _
from utils.setting_types import Channel, Language, Many, Role, Setting, SettingError, Switch, Text

MOST_PREFIXES = 10
LONGEST_PREFIX = 20  # characters


class PrefixText(Text):
    """One prefix. Discord cuts spaces off the start of a message, so none begins with one."""

    def check(self, value: Any) -> str:
        if isinstance(value, str) and value.lstrip().startswith("<@"):
            raise SettingError(_("A mention can't be a prefix; a mention of me works anyway."))
        return super().check(value).lstrip()


def longest_first(prefixes: Sequence[str]) -> list[str]:
    """In the order they are tried: `!!` before `!`."""
    return sorted(prefixes, key=len, reverse=True)


PREFIXES = Setting[tuple[str, ...]](
    "prefixes", Many(PrefixText(LONGEST_PREFIX), MOST_PREFIXES, arrange=longest_first), ("!",),
    N_("What commands start with here; a mention of me always works too."),
)  # fmt: skip
LANGUAGE = Setting[str](
    "language", Language(), "en", N_("The language I answer in, for members who didn't choose their own.")
)
SUGGESTIONS = Setting[bool](
    "suggestions", Switch(), False, N_("Whether I suggest the nearest command when somebody mistypes one.")
)
IGNORED_CHANNELS = Setting[tuple[int, ...]](
    "ignored-channels",
    Many(Channel((discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.voice,
                  discord.ChannelType.forum, discord.ChannelType.category)), 100),
    (), N_("Channels and categories where only who manages the server may use commands."),
)  # fmt: skip
IGNORED_ROLES = Setting[tuple[int, ...]](
    "ignored-roles", Many(Role(), 50), (), N_("Roles whose members may not use commands.")
)
DISABLED_FEATURES = Setting[tuple[str, ...]](
    "disabled-features", Many(Text(50), 50), (), N_("Features that are switched off here."), hidden=True
)
DISABLED_COMMANDS = Setting[tuple[str, ...]](
    "disabled-commands", Many(Text(120), 500), (), N_("Commands that are switched off here."), hidden=True
)

CORE_SETTINGS = (
    PREFIXES, LANGUAGE, SUGGESTIONS, IGNORED_CHANNELS, IGNORED_ROLES, DISABLED_FEATURES, DISABLED_COMMANDS,
)  # fmt: skip
