"""What a server can set about its starboard."""

from dataclasses import dataclass
from typing import Any

import discord

from utils.emoji import LONGEST_EMOJI, is_emoji
from utils.i18n import N_, _
from utils.setting_types import WRITES, Channel, Many, Setting, SettingError, Switch, Text, WholeNumber

MOST_IGNORED = 50
ANYWHERE = (
    discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.voice, discord.ChannelType.stage_voice,
    discord.ChannelType.forum, discord.ChannelType.category,
)  # fmt: skip


@dataclass(frozen=True)
class Emoji(Text):
    """One emoji."""

    def check(self, value: Any) -> str:
        text = super().check(value).strip()
        if not is_emoji(text):
            raise SettingError(_("This is one emoji, such as {example}.").format(example="⭐"))
        return text

    def show(self, value: str) -> str:
        return value

    def expects(self) -> str:
        return _("an emoji such as {example}").format(example="⭐")


CHANNEL = Setting[int | None](
    "starboard-channel", Channel(), None, N_("Where I show messages that members starred."), needs=WRITES
)
NSFW_CHANNEL = Setting[int | None](
    "starboard-nsfw-channel", Channel(), None,
    N_("Where I show starred messages from age-restricted channels; without it, nowhere."),
    needs=WRITES,
)  # fmt: skip
EMOJI = Setting[str]("starboard-emoji", Emoji(LONGEST_EMOJI), "⭐", N_("The reaction that counts as a star."))
THRESHOLD = Setting[int](
    "starboard-threshold", WholeNumber(1, 1_000), 3, N_("How many stars bring a message to the starboard.")
)
SELF_STAR = Setting[bool]("starboard-self-star", Switch(), False, N_("Whether members can star their own messages."))
IGNORED = Setting[tuple[int, ...]](
    "starboard-ignored", Many(Channel(ANYWHERE), MOST_IGNORED), (),
    N_("Channels and categories whose messages never come to the starboard."),
)  # fmt: skip
DAYS = Setting[int](
    "starboard-days", WholeNumber(0, 3_650), 0,
    N_("How many days old a message may be to come to the starboard; 0 for any age."),
)  # fmt: skip

SETTINGS: tuple[Setting[Any], ...] = (CHANNEL, NSFW_CHANNEL, EMOJI, THRESHOLD, SELF_STAR, IGNORED, DAYS)
