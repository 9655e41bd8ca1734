"""How the bot stands in a guild: what it may do, and where its role is among the others."""

import discord
from simcord import Env
from simcord.backend import Backend
from simcord.backend.models import Channel, Guild, Member, Overwrite, Role
from simcord.enums import OverwriteType

from playground.errors import Refused
from playground.simulation.hosting import settle

OF_CHANNELS = discord.Permissions.all_channel()
"""What an overwrite can allow or deny."""


class Standing:
    """Changes it, as somebody with every right could. Whoever calls has the turn. All raise Refused."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.backend = env.backend
        # Channels in which an overwrite for the bot allowed what was taken from it, by guild and permission.
        self._allowed: dict[tuple[int, str], set[int]] = {}

    async def permit(self, guild_id: int, permission: str, on: bool) -> None:
        """Give the bot a permission in the whole guild, or take it; `permission` by discord.py's name.

        It is a matter of the bot's own role. What everybody has can only be taken from the bot alone by overwrites,
        one in each channel.
        """
        guild, bot, role = self._bot_in(guild_id)
        flag = discord.Permissions.VALID_FLAGS.get(permission)
        if flag is None:
            raise Refused(f"Discord has no permission '{permission}'.")
        permissions = role.permissions | flag if on else role.permissions & ~flag
        left = _granted(guild, bot, {role.id: permissions})
        if not on and left & flag & ~_by_overwrites(flag):
            raise Refused(
                f"Everybody in {guild.name} has that, or a second role of the bot; it can't be denied to it."
            )
        if not on and left & discord.Permissions.administrator.flag:
            raise Refused(f"The bot is an administrator in {guild.name}, so it keeps everything. Take that first.")
        if permissions != role.permissions:
            self.backend.edit_role(guild.id, role.id, {"permissions": permissions})
        if _by_overwrites(flag):
            self._overwrite(guild, permission, flag, deny=bool(left & flag) and not on)
        await settle(self.env)

    async def move(self, guild_id: int, position: int) -> None:
        """Put the bot's role at a place among the roles, 0 for the top; the others make room."""
        guild, _bot, own = self._bot_in(guild_id)
        others = [role for role in _highest_first(guild) if role.id != own.id]
        if not 0 <= position <= len(others):
            raise Refused(f"{guild.name} has no such place among its roles.")
        order = [*others[:position], own, *others[position:]]
        self.backend.reorder_roles(
            guild.id, [{"id": role.id, "position": place} for place, role in enumerate(reversed(order), start=1)]
        )
        await settle(self.env)

    def _bot_in(self, guild_id: int) -> tuple[Guild, Member, Role]:
        guild = self.backend.guilds.get(guild_id)
        bot = guild.members.get(self.backend.bot_user.id) if guild else None
        if guild is None or bot is None:
            raise Refused("The bot isn't in that server.")
        own = next((guild.roles[number] for number in bot.role_ids if guild.roles[number].managed), None)
        if own is None:
            raise Refused(f"The bot has no role of its own in {guild.name}.")
        return guild, bot, own

    def _overwrite(self, guild: Guild, permission: str, flag: int, *, deny: bool) -> None:
        """Deny the bot something in each channel, or take that denial back."""
        bot_id = self.backend.bot_user.id
        allowed = self._allowed.setdefault((guild.id, permission), set())
        for channel in _channels(self.backend, guild):
            old = _overwrite_for(channel, bot_id) or Overwrite(bot_id, OverwriteType.MEMBER)
            if deny and old.allow & flag:
                allowed.add(channel.id)
            back = flag if not deny and channel.id in allowed else 0
            allow = (old.allow & ~flag | back) if deny or back else old.allow
            denied = old.deny | flag if deny else old.deny & ~flag
            if (allow, denied) == (old.allow, old.deny):
                continue
            if allow or denied:
                self.backend.set_overwrite(channel.id, Overwrite(bot_id, OverwriteType.MEMBER, allow, denied))
            else:
                self.backend.delete_overwrite(channel.id, bot_id)
        if not deny:
            allowed.clear()


def denied_everywhere(backend: Backend, guild: Guild) -> int:
    """What overwrites deny the bot in each channel of a guild."""
    denied = OF_CHANNELS.value
    for channel in _channels(backend, guild):
        overwrite = _overwrite_for(channel, backend.bot_user.id)
        denied &= overwrite.deny if overwrite else 0
    return denied if guild.channel_ids else 0


def _by_overwrites(flag: int) -> int:
    return flag & OF_CHANNELS.value


def _granted(guild: Guild, member: Member, instead: dict[int, int]) -> int:
    """What roles and @everyone allow a member in the whole guild, with other permissions for some roles."""
    allowed = guild.everyone_role.permissions
    for number in member.role_ids:
        allowed |= instead.get(number, guild.roles[number].permissions)
    return allowed


def _overwrite_for(channel: Channel, user_id: int) -> Overwrite | None:
    return next((overwrite for overwrite in channel.overwrites if overwrite.target_id == user_id), None)


def _channels(backend: Backend, guild: Guild) -> list[Channel]:
    """The channels of a guild that have overwrites of their own: not the threads."""
    return [backend.channels[number] for number in guild.channel_ids if number in backend.channels]


def _highest_first(guild: Guild) -> list[Role]:
    """All roles but @everyone, as the guild's settings list them."""
    return sorted(
        (role for role in guild.roles.values() if role.id != guild.id), key=lambda role: (-role.position, role.id)
    )
