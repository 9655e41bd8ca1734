"""What is done to somebody in a voice channel: mute, deafen, move, disconnect."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import discord

from cogs.moderation.actions import Action, Target
from database.moderation import Case
from utils.errors import UserError
from utils.i18n import _, format_list
from utils.permissions import permission_names

if TYPE_CHECKING:
    from utils.bot import Hearth

NOT_IN_VOICE = (10065, 40032)  # Discord's codes for an unknown voice state, and for nobody connected
VoicePlace = discord.VoiceChannel | discord.StageChannel


class NotInVoiceError(UserError):
    """Discord changes nothing about people who aren't in a voice channel."""


@dataclass
class VoiceAction(Action):
    """Something with somebody who is in a voice channel now."""

    async def voice(self) -> discord.VoiceState:
        """How they are in voice now, asked of Discord: who is where isn't kept in memory. Raises NotInVoiceError."""
        member = self.target.member
        try:
            if member is not None:
                return await member.fetch_voice()
        except discord.HTTPException as error:
            if error.code not in NOT_IN_VOICE:
                raise
        raise NotInVoiceError(_("{target} isn't in a voice channel.").format(target=self.target.mention))

    async def state_before(self) -> dict[str, Any]:
        state = await self.voice()
        return {"mute": state.mute, "deaf": state.deaf, "channel": state.channel.id if state.channel else None}

    async def edit(self, audit_reason: str, **changes: Any) -> None:
        """Change them in voice. Raises HTTPException."""
        assert self.target.member is not None
        await self.target.member.edit(reason=audit_reason, **changes)


@dataclass
class _Switch(VoiceAction):
    """Mute or deafen, on or off. It stays with them when they leave the channel."""

    attribute: ClassVar[str]
    value: ClassVar[bool]

    async def already(self) -> str | None:
        if getattr(await self.voice(), self.attribute) is not self.value:
            return None
        if self.value:
            sentence = _("{target} is muted already.") if self.attribute == "mute" else _("{target} is deaf already.")
        else:
            sentence = _("{target} isn't muted.") if self.attribute == "mute" else _("{target} isn't deaf.")
        return sentence.format(target=self.target.mention)

    async def act(self, audit_reason: str) -> None:
        # Discord's word for it is the same as discord.py's in a state, but not in an edit.
        await self.edit(audit_reason, **{"deafen" if self.attribute == "deaf" else "mute": self.value})

    async def took_effect(self, case: Case) -> bool | None:
        try:
            return getattr(await self.voice(), self.attribute) is self.value
        except NotInVoiceError:
            return None


@dataclass
class VoiceMute(_Switch):
    """They can't be heard."""

    kind_key: ClassVar[str] = "voice-mute"
    attribute: ClassVar[str] = "mute"
    value: ClassVar[bool] = True


@dataclass
class VoiceUnmute(_Switch):
    """They can be heard again."""

    kind_key: ClassVar[str] = "voice-unmute"
    attribute: ClassVar[str] = "mute"
    value: ClassVar[bool] = False


@dataclass
class VoiceDeafen(_Switch):
    """They can't hear."""

    kind_key: ClassVar[str] = "voice-deafen"
    attribute: ClassVar[str] = "deaf"
    value: ClassVar[bool] = True


@dataclass
class VoiceUndeafen(_Switch):
    """They can hear again."""

    kind_key: ClassVar[str] = "voice-undeafen"
    attribute: ClassVar[str] = "deaf"
    value: ClassVar[bool] = False


@dataclass
class VoiceMove(VoiceAction):
    """Into another voice channel."""

    kind_key: ClassVar[str] = "voice-move"
    channel: VoicePlace | None = None

    def __post_init__(self) -> None:
        if self.channel is not None:
            self.details = {**self.details, "channel_id": self.channel.id}

    @classmethod
    async def of_case(cls, bot: "Hearth", target: Target, case: Case) -> "VoiceMove":
        found = target.guild.get_channel(case.details["channel_id"])
        channel = found if isinstance(found, VoicePlace) else None
        return cls(bot, target, case.reason, case.ends_at, case.points, case.details, channel)

    def done_sentence(self) -> str:
        return _("Moved {target} to {channel}.").format(
            target=self.target.mention, channel=f"<#{self.details['channel_id']}>"
        )

    def why_impossible(self) -> str | None:
        if self.channel is None:
            return _("This channel was deleted.")
        may = self.channel.permissions_for(self.target.guild.me)
        missing = [name for name in ("view_channel", "connect") if not getattr(may, name)]
        if missing:
            return _("I need {permissions} in {channel} to move people there.").format(
                permissions=format_list(permission_names(missing)), channel=self.channel.mention
            )
        return super().why_impossible()

    async def already(self) -> str | None:
        state = await self.voice()
        if state.channel is None or self.channel is None or state.channel.id != self.channel.id:
            return None
        return _("{target} is in {channel} already.").format(target=self.target.mention, channel=self.channel.mention)

    async def act(self, audit_reason: str) -> None:
        await self.edit(audit_reason, voice_channel=self.channel)


@dataclass
class VoiceKick(VoiceAction):
    """Out of voice, but free to come back."""

    kind_key: ClassVar[str] = "voice-kick"

    async def already(self) -> str | None:
        await self.voice()
        return None

    async def act(self, audit_reason: str) -> None:
        await self.edit(audit_reason, voice_channel=None)
