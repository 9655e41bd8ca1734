"""Taking back what was done in voice channels. Discord changes nothing about people who aren't in one."""

from typing import Any, ClassVar

import discord

from cogs.moderation.undo.reversals.base import Reversal, not_here
from cogs.moderation.voice.actions import NotInVoiceError, VoiceAction, VoiceKick
from utils.i18n import _


class _InVoice(Reversal):
    """Something with somebody who has to be in a voice channel now."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.action: VoiceAction = VoiceKick(self.bot, self.target)

    def why_impossible(self) -> str | None:
        return None if self.member is not None else not_here(self.target)


class OfVoiceSwitch(_InVoice):
    """Muted or not, deaf or not, as before."""

    kinds: ClassVar[tuple[str, ...]] = ("voice-mute", "voice-unmute", "voice-deafen", "voice-undeafen")

    @property
    def attribute(self) -> str:
        """What was switched: `mute` or `deaf`."""
        return "mute" if self.case.kind.endswith("mute") else "deaf"

    @property
    def value(self) -> bool:
        """How it was."""
        return bool(self.before[self.attribute])

    def done_sentence(self) -> str:
        sentences = {
            ("mute", True): _("Muted {target} in voice channels."),
            ("mute", False): _("Unmuted {target} in voice channels."),
            ("deaf", True): _("Deafened {target} in voice channels."),
            ("deaf", False): _("Undeafened {target} in voice channels."),
        }
        return sentences[self.attribute, self.value].format(target=self.target.mention)

    async def changed(self) -> list[str]:
        """Whether it is as before already."""
        if getattr(await self.action.voice(), self.attribute) is not self.value:
            return []
        return [_("Somebody took that back meanwhile.")]

    async def act(self, reason: str) -> None:
        await self.action.edit(reason, **{"deafen" if self.attribute == "deaf" else "mute": self.value})

    async def took_effect(self) -> bool | None:
        try:
            return getattr(await self.action.voice(), self.attribute) is self.value
        except NotInVoiceError:
            return None


class OfVoiceMove(_InVoice):
    """Back into the channel that they were in."""

    kinds: ClassVar[tuple[str, ...]] = ("voice-move",)

    @property
    def channel(self) -> discord.abc.GuildChannel | None:
        """Where they were; None if that was deleted."""
        return self.target.guild.get_channel(int(self.before.get("channel") or 0))

    def done_sentence(self) -> str:
        return _("Moved {target} to {channel}.").format(
            target=self.target.mention, channel=f"<#{self.before['channel']}>"
        )

    def why_impossible(self) -> str | None:
        if self.channel is None:
            return _("This channel was deleted.")
        return super().why_impossible()

    async def changed(self) -> list[str]:
        """Whether they are somewhere else by now."""
        now = (await self.action.voice()).channel
        if now is None or now.id == self.case.details["channel_id"]:
            return []
        return [_("They are in {channel} by now.").format(channel=now.mention)]

    async def act(self, reason: str) -> None:
        await self.action.edit(reason, voice_channel=self.channel)


class OfVoiceKick(Reversal):
    """The record is put right; they come back by themselves."""

    kinds: ClassVar[tuple[str, ...]] = ("voice-kick",)

    def done_sentence(self) -> str:
        return _("I can't fetch {target} back into voice; they can join again.").format(target=self.target.mention)
