"""Carrying a plan out, piece by piece; each says whether it was done, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import discord

from cogs.admin.setting_up.facts import starters_of
from cogs.admin.setting_up.planning import (
    CELL,
    READ_ONLY,
    Admit,
    Change,
    Hide,
    Made,
    NewChannel,
    NewRole,
    Piece,
    Start,
    Switch,
)
from utils.bot import CANNOT_SAY, Hearth
from utils.core_settings import DISABLED_FEATURES
from utils.errors import UserError, answer_to, is_expected, our_bug
from utils.i18n import N_, _, ngettext, translate
from utils.setting_types import WRITES

THREADS: Final = ("create_public_threads", "create_private_threads", "send_messages_in_threads")
"""Ways to write where Send Messages is denied."""
NO_ROOM: Final = {
    30_005: N_("This server has as many roles as Discord allows: delete one."),
    30_013: N_("This server has as many channels as Discord allows: delete one."),
}
"""By Discord's code of the error."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A piece, and why it wasn't done; None if it was."""

    piece: Piece
    problem: str | None


class LeftOutError(UserError):
    """What a piece needs wasn't made."""


class Doing:
    """One run. What fails keeps only that from being done that needs it."""

    def __init__(self, bot: Hearth, member: discord.Member) -> None:
        self.bot = bot
        self.member = member
        self.guild = member.guild
        self.made: dict[str, int] = {}
        """The ids of what was made, by what stands for them in the plan."""
        self._new_roles: dict[int, discord.Role] = {}
        """Those that were made: Discord tells the bot of them a moment later."""

    async def run(self, interaction: discord.Interaction[Any], pieces: Sequence[Piece]) -> list[Outcome]:
        """Do them in order. `interaction` is whose language and rights refusals speak of."""
        return [Outcome(piece, await self._try(interaction, piece)) for piece in pieces]

    async def _try(self, interaction: discord.Interaction[Any], piece: Piece) -> str | None:
        try:
            await self._do(piece)
        except Exception as error:  # noqa: BLE001 - the others are done all the same
            return _why(interaction, error) or our_bug(self.bot.error_reports.add(error, "setup"))
        return None

    async def _do(self, piece: Piece) -> None:
        match piece:
            case NewRole():
                role = await self.guild.create_role(
                    name=piece.name, permissions=discord.Permissions.none(), reason=self._reason
                )
                self.made[piece.reference] = role.id
                self._new_roles[role.id] = role
            case NewChannel():
                await self._make_channel(piece)
            case Hide():
                await self._hide(piece)
            case Admit():
                await self._admit(piece)
            case Switch():
                await self._switch(piece)
            case Change():
                await self._change(piece)
            case Start():
                await self._start(piece)

    @property
    def _reason(self) -> str:
        return f"{self.member} ({self.member.id})"

    def _known(self, value: Any) -> Any:
        """A value with ids in place of what stands for them. Raises LeftOutError."""
        if not isinstance(value, Made):
            return value
        if value.reference not in self.made:
            raise LeftOutError(_("What it needs couldn't be made."))
        return self.made[value.reference]

    # --- making

    async def _make_channel(self, piece: NewChannel) -> None:
        overwrites = self._overwrites(piece)
        channel = await self.guild.create_text_channel(piece.name, overwrites=overwrites, reason=self._reason)
        self.made[piece.reference] = channel.id

    def _overwrites(self, piece: NewChannel) -> dict[Any, discord.PermissionOverwrite]:
        """Who sees a new channel. Nobody can allow or deny what they haven't, so the bot has to have all of it."""
        sees = discord.PermissionOverwrite(view_channel=True)
        own = discord.PermissionOverwrite(**dict.fromkeys(WRITES, True))
        found: dict[Any, discord.PermissionOverwrite] = {self.guild.me: own}
        if piece.kind == READ_ONLY:
            mine = self.guild.me.guild_permissions
            denied = ["send_messages", *(name for name in THREADS if getattr(mine, name))]
            found[self.guild.default_role] = discord.PermissionOverwrite(**dict.fromkeys(denied, False))
            jail = self._find_role(
                self.made.get(piece.jail.reference) if isinstance(piece.jail, Made) else piece.jail
            )
            if jail is not None:
                found[jail] = discord.PermissionOverwrite(view_channel=False)
            return found
        found[self.guild.default_role] = discord.PermissionOverwrite(view_channel=False)
        roles = [self._find_role(role_id) for role_id in piece.staff]
        found |= {role: sees for role in roles if role is not None}
        if piece.kind == CELL:
            role = self._role(self._known(piece.jail))
            found[role] = discord.PermissionOverwrite(view_channel=True, send_messages=True)
        return found

    def _find_role(self, role_id: int | None) -> discord.Role | None:
        """A role that is there or was just made."""
        return None if role_id is None else self.guild.get_role(role_id) or self._new_roles.get(role_id)

    def _role(self, role_id: int) -> discord.Role:
        """The same. Raises UserError."""
        role = self._find_role(role_id)
        if role is None:
            raise UserError(_("This role was deleted."))
        return role

    async def _hide(self, piece: Hide) -> None:
        """Hide each channel, also if one can't be. Raises UserError with how many couldn't."""
        role = self._role(self._known(piece.role))
        failed = []
        for channel_id in piece.channels:
            channel = self.guild.get_channel(channel_id)
            if channel is None:  # deleted meanwhile
                continue
            overwrite = channel.overwrites_for(role)
            overwrite.update(view_channel=False)
            try:
                await channel.set_permissions(role, overwrite=overwrite, reason=self._reason)
            except CANNOT_SAY:
                failed.append(channel.mention)
        if failed:
            raise UserError(
                ngettext(
                    "{count} channel couldn't be hidden, such as {channel}; `doctor moderation` tries again.",
                    "{count} channels couldn't be hidden, such as {channel}; `doctor moderation` tries again.",
                    len(failed),
                ).format(count=len(failed), channel=failed[0])
            )

    async def _admit(self, piece: Admit) -> None:
        channel = self.guild.get_channel(piece.channel)
        if channel is None:
            raise UserError(_("This channel was deleted."))
        role = self._role(self._known(piece.role))
        overwrite = channel.overwrites_for(role)
        overwrite.update(view_channel=True, send_messages=True)
        await channel.set_permissions(role, overwrite=overwrite, reason=self._reason)

    # --- setting

    async def _switch(self, piece: Switch) -> None:
        def changed(names: tuple[str, ...]) -> tuple[str, ...]:
            others = tuple(name for name in names if name != piece.feature)
            return others if piece.on else (*others, piece.feature)

        await self.bot.guild_settings.update(self.guild.id, DISABLED_FEATURES, changed, changed_by=self.member.id)

    async def _change(self, piece: Change) -> None:
        setting = self.bot.guild_settings.declared.get(piece.key)
        if setting is None:
            raise UserError(_("The feature that this belongs to isn't loaded any more."))
        new = self._known(piece.new)
        if new is None:
            await self.bot.guild_settings.reset(self.guild.id, setting, changed_by=self.member.id)
        else:
            await self.bot.guild_settings.set(self.guild.id, setting, new, changed_by=self.member.id)

    async def _start(self, piece: Start) -> None:
        starter = starters_of(self.bot).get(piece.key)
        if starter is None:
            raise UserError(_("The feature that this belongs to isn't loaded any more."))
        await starter.add(self.guild, piece.names)


def _why(interaction: discord.Interaction[Any], error: Exception) -> str | None:
    """Why something failed, in a sentence; None for what is our bug."""
    if isinstance(error, discord.HTTPException) and error.code in NO_ROOM:
        return translate(NO_ROOM[error.code])
    if is_expected(error):
        return answer_to(interaction, error) or _("Discord doesn't let me.")
    if isinstance(error, discord.HTTPException):
        return _("Discord doesn't let me: {answer}.").format(answer=error.text or error.status)
    return _("Discord can't be reached; try again in a moment.") if isinstance(error, CANNOT_SAY) else None
