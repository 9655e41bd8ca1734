"""The settings that hold for every feature: prefixes, language, time zone, what is switched off, who is ignored."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import discord

from utils.i18n import N_, _
from utils.setting_types import (
    Channel,
    Duration,
    Language,
    Many,
    Role,
    Setting,
    SettingError,
    Switch,
    Text,
    Timezone,
    User,
    WholeNumber,
)

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
TIMEZONE = Setting[str](
    "timezone", Timezone(), "UTC",
    N_("Where the days of this server begin, and how I read times of members who didn't choose their own time zone."),
)  # fmt: skip
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
IGNORED_PEOPLE = Setting[tuple[int, ...]](
    "ignored-people", Many(User(), 500), (), N_("People who may not use commands.")
)
DENIALS = Setting[bool](
    "tell-denied", Switch(), True, N_("Whether I say so when a rule of `permissions` keeps somebody from a command.")
)
SPAM_GUARD = Setting[bool](
    "command-spam", Switch(), True,
    N_("Whether I drop the commands of members who send too many, and block who goes on; moderators are exempt."),
)  # fmt: skip
SPAM_COMMANDS = Setting[int](
    "command-spam-count", WholeNumber(2, 100), 10, N_("How many commands I take from a member in a row.")
)
SPAM_SECONDS = Setting[int](
    "command-spam-seconds", WholeNumber(1, 300), 12, N_("In how many seconds these commands may come.")
)
SPAM_STRIKES = Setting[int](
    "command-spam-strikes", WholeNumber(1, 50), 5, N_("After how many commands too many I block a member.")
)
SPAM_BLOCK = Setting[timedelta](
    "command-spam-block", Duration(timedelta(minutes=1), timedelta(days=30)), timedelta(minutes=10),
    N_("How long I don't listen to who sent too many commands."),
)  # fmt: skip
DISABLED_FEATURES = Setting[tuple[str, ...]](
    "disabled-features", Many(Text(50), 50), (), N_("Features that are switched off here."), hidden=True
)
DISABLED_COMMANDS = Setting[tuple[str, ...]](
    "disabled-commands", Many(Text(120), 500), (), N_("Commands that are switched off here."), hidden=True
)

CORE_SETTINGS = (
    PREFIXES, LANGUAGE, TIMEZONE, SUGGESTIONS, IGNORED_CHANNELS, IGNORED_ROLES, IGNORED_PEOPLE, DENIALS,
    SPAM_GUARD, SPAM_COMMANDS, SPAM_SECONDS, SPAM_STRIKES, SPAM_BLOCK, DISABLED_FEATURES, DISABLED_COMMANDS,
)  # fmt: skip
