"""Kinds of channels, and how a channel is called."""

from simcord.backend.models import Channel
from simcord.enums import ChannelType

from playground.shapes import ChannelKind

KINDS: dict[int, ChannelKind] = {
    ChannelType.TEXT: "text",
    ChannelType.DM: "dm",
    ChannelType.VOICE: "voice",
    ChannelType.CATEGORY: "category",
    ChannelType.NEWS: "news",
    ChannelType.PUBLIC_THREAD: "thread",
    ChannelType.PRIVATE_THREAD: "thread",
    ChannelType.STAGE_VOICE: "stage",
    ChannelType.FORUM: "forum",
}


def kind(channel: Channel) -> ChannelKind:
    """What sort of channel it is."""
    return KINDS.get(channel.type, "text")


def name(channel: Channel) -> str:
    """What a channel of a guild is called."""
    return channel.name or str(channel.id)
