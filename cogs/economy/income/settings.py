"""What a server can set about coins that come by themselves."""

from datetime import timedelta
from typing import Any

import discord

from database.economy import MOST_COINS
from utils.i18n import N_
from utils.setting_types import Channel, Duration, Many, Setting, Switch, WholeNumber

MOST_PAID = MOST_COINS // 1_000_000_000
MOST_CHANNELS = 50

CHAT = Setting[bool]("chat-income", Switch(), False, N_("Whether members get coins for chatting."))
CHAT_LEAST = Setting[int](
    "chat-income-least", WholeNumber(0, MOST_PAID), 1, N_("The least that a message brings.")
)  # fmt: skip
CHAT_MOST = Setting[int](
    "chat-income-most", WholeNumber(1, MOST_PAID), 5, N_("The most that a message brings.")
)  # fmt: skip
CHAT_COOLDOWN = Setting[timedelta](
    "chat-income-cooldown", Duration(timedelta(seconds=1), timedelta(days=1)), timedelta(minutes=1),
    N_("How long after a message that brought coins the next one brings some."),
)  # fmt: skip
CHAT_NOT_IN = Setting[tuple[int, ...]](
    "chat-income-not-in",
    Many(
        Channel((
            discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.voice,
            discord.ChannelType.stage_voice, discord.ChannelType.forum, discord.ChannelType.category,
        )),
        MOST_CHANNELS,
    ),
    (),
    N_("Channels and categories in which chatting brings nothing, their threads included."),
)  # fmt: skip
LEVEL_UP_REWARD = Setting[int](
    "level-up-reward", WholeNumber(0, MOST_PAID), 0, N_("What a member gets for each new level; 0 for nothing.")
)

SETTINGS: tuple[Setting[Any], ...] = (CHAT, CHAT_LEAST, CHAT_MOST, CHAT_COOLDOWN, CHAT_NOT_IN, LEVEL_UP_REWARD)
