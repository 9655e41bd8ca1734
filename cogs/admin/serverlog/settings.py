"""What a server can set about its log: a channel for each kind, and who and what is left out."""

from typing import Any

import discord

from cogs.admin.serverlog.kinds import KINDS
from utils.i18n import N_
from utils.setting_types import WRITES, Channel, Many, Role, Setting, Switch, User

MOST_IGNORED = 50
ANYWHERE = (
    discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.voice, discord.ChannelType.stage_voice,
    discord.ChannelType.forum, discord.ChannelType.media, discord.ChannelType.category,
)  # fmt: skip

CHANNELS: dict[str, Setting[int | None]] = {
    key: Setting[int | None](
        f"serverlog-{key}", Channel(), None, N_("Where the server log shows this."), hidden=True, needs=WRITES
    )
    for key in KINDS
}
IGNORED_CHANNELS = Setting[tuple[int, ...]](
    "serverlog-ignored-channels", Many(Channel(ANYWHERE), MOST_IGNORED), (),
    N_("Channels and categories that the server log leaves out."),
)  # fmt: skip
IGNORED_ROLES = Setting[tuple[int, ...]](
    "serverlog-ignored-roles", Many(Role(), MOST_IGNORED), (),
    N_("Roles whose members the server log leaves out."),
)  # fmt: skip
IGNORED_PEOPLE = Setting[tuple[int, ...]](
    "serverlog-ignored-people", Many(User(), MOST_IGNORED), (), N_("People whom the server log leaves out.")
)
BOTS = Setting[bool]("serverlog-bots", Switch(), False, N_("Whether the server log shows what bots write and do."))

SETTINGS: tuple[Setting[Any], ...] = (*CHANNELS.values(), IGNORED_CHANNELS, IGNORED_ROLES, IGNORED_PEOPLE, BOTS)
