"""Voice channels: mute, deafen, move and disconnect people."""

from typing import Annotated

import discord

from cogs.moderation.actions import Target
from cogs.moderation.kinds import performs
from cogs.moderation.long_names import LongVoiceChannel
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.reading import REASON_LIMIT
from cogs.moderation.voice.actions import (
    VoiceDeafen,
    VoiceKick,
    VoiceMove,
    VoiceMute,
    VoicePlace,
    VoiceUndeafen,
    VoiceUnmute,
)
from utils import checks
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context
from utils.converters import BoundedText, GuildMember
from utils.errors import UserError
from utils.i18n import _

Member = Annotated[discord.Member, GuildMember]
Reason = Annotated[str | None, BoundedText(REASON_LIMIT)]


class Voice(Cog):
    """Keep order in voice channels, each time with a case."""

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.pipeline = pipeline

    @group(only_leads=True)
    @example("")
    async def voice(self, ctx: Context, *, words: str = "") -> None:
        """Mute, deafen, move or disconnect people who are in a voice channel."""
        names = ", ".join(
            f"`{ctx.clean_prefix}voice {name}`" for name in sorted({c.name for c in self.voice.commands})
        )
        raise UserError(_("Say what to do with whom: {commands}.").format(commands=names))

    @voice.command(name="mute")
    @example("@Ann", "@Ann shouting")
    @performs("voice-mute")
    async def voice_mute(self, ctx: Context, member: Member, *, reason: Reason = None) -> None:
        """Let nobody in voice channels hear somebody, until it is lifted."""
        await self.pipeline.do(ctx, VoiceMute(self.bot, Target.of(member.guild, member), reason))

    @voice.command(name="unmute")
    @example("@Ann")
    @performs("voice-unmute")
    async def voice_unmute(self, ctx: Context, member: Member, *, reason: Reason = None) -> None:
        """Let somebody be heard again in voice channels."""
        await self.pipeline.do(ctx, VoiceUnmute(self.bot, Target.of(member.guild, member), reason))

    @voice.command(name="deafen")
    @example("@Ann", "@Ann listens in on a private talk")
    @performs("voice-deafen")
    async def voice_deafen(self, ctx: Context, member: Member, *, reason: Reason = None) -> None:
        """Let somebody hear nothing in voice channels, until it is lifted."""
        await self.pipeline.do(ctx, VoiceDeafen(self.bot, Target.of(member.guild, member), reason))

    @voice.command(name="undeafen")
    @example("@Ann")
    @performs("voice-undeafen")
    async def voice_undeafen(self, ctx: Context, member: Member, *, reason: Reason = None) -> None:
        """Let somebody hear again in voice channels."""
        await self.pipeline.do(ctx, VoiceUndeafen(self.bot, Target.of(member.guild, member), reason))

    @voice.command(name="move")
    @example("@Ann Lounge", "@Ann Quiet room too loud")
    @performs("voice-move")
    @checks.bot_needs(connect=True)
    async def voice_move(
        self, ctx: Context, member: Member, channel: Annotated[VoicePlace, LongVoiceChannel], *,
        reason: Reason = None,
    ) -> None:  # fmt: skip
        """Move somebody into another voice channel."""
        await self.pipeline.do(ctx, VoiceMove(self.bot, Target.of(member.guild, member), reason, channel=channel))

    @voice.command(name="kick", aliases=["disconnect"])
    @example("@Ann", "@Ann asleep")
    @performs("voice-kick")
    async def voice_kick(self, ctx: Context, member: Member, *, reason: Reason = None) -> None:
        """Disconnect somebody from voice; they may join again."""
        await self.pipeline.do(ctx, VoiceKick(self.bot, Target.of(member.guild, member), reason))
