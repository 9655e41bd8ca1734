"""What can happen to a bot in a town: Discord refuses, people come and go, things vanish, rights are lost."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord
import simcord

from playground.simulation.adapter import bot_user
from tests.support import simcord_adapter as adapter
from tests.support.answers import Answer
from tests.support.places import Channel, Guild, Person, Role


class Happenings:
    """The part of the town in which somebody other than the bot or its user does something."""

    if TYPE_CHECKING:
        env: simcord.Env
        guild: Guild

        async def settle(self) -> None: ...

    def refuse(
        self, method: str, path: str, *, status: int = 403, code: int = 0, times: int | None = 1,
        message: str = "Refused by the test",
    ) -> None:  # fmt: skip
        """Let Discord refuse the next matching REST calls: `town.refuse("POST", "/channels/*/messages")`."""
        # Not by simcord's own `inject_error`: that is refused while the bot makes a call.
        adapter.open_faults(self.env).append(
            {"method": method, "path": path, "status": status, "code": code, "message": message, "times": times}
        )

    def refuse_no_more(self) -> None:
        """Take all `refuse` back."""
        adapter.open_faults(self.env).clear()

    def close_dms(self, who: Person) -> None:
        """Nobody can write to this person any more (Discord's error 50007)."""
        self.refuse("POST", _dm_path(who), code=50007, times=None, message="Cannot send messages to this user")

    def open_dms(self, who: Person) -> None:
        """Take `close_dms` back."""
        faults = adapter.open_faults(self.env)
        faults[:] = [fault for fault in faults if fault["path"] != _dm_path(who)]

    async def leave(self, who: Person, guild: Guild | None = None) -> None:
        """Somebody leaves a guild."""
        (guild or who.guild).handle.remove_member(who.handle)
        await self.settle()

    async def join(
        self, who: Person, guild: Guild | None = None, *, timed_out_until: datetime | None = None,
        pending: bool = False,
    ) -> None:  # fmt: skip
        """Somebody joins a guild, or comes back: then Discord has kept their timeout. `pending`: by the screening."""
        if pending:
            adapter.add_pending_member(self.env, (guild or who.guild).id, who.id)
        else:
            (guild or who.guild).handle.add_member(who.handle)
        if timed_out_until is not None:
            adapter.keep_timed_out(self.env, (guild or who.guild).id, who.id, timed_out_until)
        await self.settle()

    def invites(self, who: Person, channel: Channel) -> str:
        """Somebody makes an invite to a channel; its code."""
        return adapter.invite_by(self.env, channel.id, who.id)

    async def join_by(self, code: str, *people: Person) -> None:
        """People join by an invite."""
        for who in people:
            adapter.use_invite(self.env, code)
            who.guild.handle.add_member(who.handle)
        await self.settle()

    async def boosts(self, who: Person, channel: Channel) -> None:
        """Somebody boosts the guild, and Discord says so in its system channel."""
        adapter.boost(self.env, channel.id, who.id)
        await self.settle()

    async def is_told_of_again(self, who: Person) -> None:
        """Discord tells again that somebody joined, as it may do of any member."""
        adapter.tell_again_of_member(self.env, who.guild.id, who.id)
        await self.settle()

    async def is_announced(self, who: Person, channel: Channel) -> None:
        """Discord says in the guild's system channel that somebody joined."""
        adapter.say_who_joined(self.env, channel.id, who.id)
        await self.settle()

    async def accepts_the_rules(self, who: Person) -> None:
        """Somebody passes the membership screening. Discord tells that to nobody who doesn't keep members."""
        adapter.set_pending(self.env, who.guild.id, who.id, pending=False)
        await self.settle()

    async def give_role(self, who: Person, role: str | Role) -> None:
        """Somebody else gives the person a role."""
        adapter.give_role(self.env, who.guild.id, who.id, self._role(who.guild, role).id)
        await self.settle()

    async def take_role(self, who: Person, role: str | Role) -> None:
        """Somebody else takes a role from the person."""
        adapter.take_role(self.env, who.guild.id, who.id, self._role(who.guild, role).id)
        await self.settle()

    async def rename(self, who: Person, nick: str | None) -> None:
        """The person gets another nickname."""
        adapter.rename(self.env, who.guild.id, who.id, nick)
        await self.settle()

    def chooses_avatar(self, who: Person, file: bytes) -> None:
        """Somebody has this as their avatar from now on."""
        key = hashlib.md5(file, usedforsecurity=False).hexdigest()
        adapter.put_avatar(self.env, who.id, key, {".webp?size=256": file})

    def has_file(self, address: str, file: bytes) -> None:
        """Discord has a file at this address."""
        adapter.put_file(self.env, address, file)

    async def delete_channel(self, channel: Channel) -> None:
        adapter.delete_channel(self.env, channel.id)
        await self.settle()

    async def rename_role(self, role: Role, name: str) -> None:
        adapter.rename_role(self.env, role.guild.id, role.id, name)
        await self.settle()

    async def delete_role(self, role: Role) -> None:
        adapter.delete_role(self.env, role.guild.id, role.id)
        await self.settle()

    async def press_at_once(self, *presses: tuple[Person, Answer, str], times: int = 1) -> None:
        """Several presses that Discord delivers, each so many times, before the bot could answer the first."""
        for press in presses:
            self.delivers_press(*press, times=times)
        await self.settle()

    def delivers_press(self, who: Person, answer: Answer, button: str, *, times: int = 1) -> None:
        """Discord delivers a press, so many times; the bot has yet to hear of it."""
        custom_id = answer.button(button).custom_id
        assert custom_id is not None
        adapter.click(self.env, self.guild.id, who.id, answer.message, custom_id, times=times)

    async def delete_message(self, message: Answer | discord.Message) -> None:
        """A message disappears, whoever deleted it."""
        adapter.delete_message(
            self.env, (message.message if isinstance(message, Answer) else message).channel.id, message.id
        )
        await self.settle()

    async def gets_preview(self, message: discord.Message) -> None:
        """Discord adds the preview of a link to a message."""
        adapter.add_preview(self.env, message.channel.id, message.id)
        await self.settle()

    async def delete_many(self, channel: Channel, messages: Sequence[discord.Message]) -> None:
        """Messages disappear at once, whoever deleted them."""
        adapter.delete_many(self.env, channel.id, [message.id for message in messages])
        await self.settle()

    async def kick_bot_from(self, guild: Guild) -> None:
        adapter.remove_guild(self.env, guild.id)
        await self.settle()

    async def invite_bot_to(self, guild: Guild) -> None:
        """The bot joins a guild again that it was kicked from."""
        adapter.invite_again(self.env, guild.handle)
        await self.settle()

    async def is_invited_to(self, guild: Guild) -> None:
        """The bot joins a guild that was made for it (`new_guild`), with all that is there."""
        adapter.invite(self.env, guild.id)
        await self.settle()

    async def acts_in_client(
        self, who: Person, action: str, target: Person, *, reason: str | None = None, until: datetime | None = None,
        role: Role | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """A moderator does something in Discord's own client.

        That is: ban, unban, kick, timeout (`until`), untimeout, take-role (`role`).
        """
        entry = adapter.act_in_client(
            self.env, self.guild.id, who.id, action, target.id, reason=reason, until=until,
            role_id=role.id if role else None,
        )  # fmt: skip
        await self.settle()
        return entry

    async def writes_in_audit_log(
        self, who: Person, action: discord.AuditLogAction, target_id: int | None, **what: Any
    ) -> dict[str, Any]:
        """Somebody did something by which the audit log gets an entry, with `changes`, `options` and `reason`."""
        entry = adapter.write_in_audit_log(self.env, self.guild.id, who.id, action.value, target_id, **what)
        await self.settle()
        return entry

    def not_listening(self) -> AbstractContextManager[None]:
        """What happens in this block, the bot doesn't hear: its session is lost, or it is about to be ended."""
        return adapter.not_listening(self.env)

    async def goes_into(self, channel: Channel, *people: Person, **flags: bool) -> None:
        """People go into a voice channel, out of any other one of that guild; perhaps with `self_mute=True`."""
        assert channel.guild is not None
        for who in people:
            adapter.change_voice(self.env, channel.guild.id, who.id, channel.id, **flags)
        await self.settle()

    async def hangs_up(self, *people: Person, guild: Guild | None = None) -> None:
        """People go out of the voice channel they are in."""
        for who in people:
            adapter.change_voice(self.env, (guild or who.guild).id, who.id, None)
        await self.settle()

    async def change_voice(self, who: Person, **flags: bool) -> None:
        """Somebody is muted or deafened, or no longer: `self_mute`, `self_deaf`, `mute`, `deaf`, `suppress`."""
        here = adapter.voice_channel_of(self.env, who.guild.id, who.id)
        adapter.change_voice(self.env, who.guild.id, who.id, here, **flags)
        await self.settle()

    async def move_channel(self, channel: Channel, category: Channel | None) -> None:
        """Somebody moves a channel into a category, or out of it."""
        adapter.move_channel(self.env, channel.id, category.id if category is not None else None)
        await self.settle()

    async def restrict_by_age(self, channel: Channel) -> None:
        """Somebody makes a channel one for adults."""
        adapter.restrict_by_age(self.env, channel.id)
        await self.settle()

    async def set_afk_channel(self, channel: Channel) -> None:
        """Make a voice channel the one for who is away."""
        assert channel.guild is not None
        adapter.change_guild(self.env, channel.guild.id, afk_channel_id=channel.id)
        await self.settle()

    async def goes_away(self, guild: Guild) -> None:
        """Discord says that a guild isn't available, as in an outage."""
        adapter.guild_goes_away(self.env, guild.id)
        await self.settle()

    async def is_there_again(self, guild: Guild) -> None:
        """Discord says that a guild is available again, as after an outage."""
        adapter.guild_is_there_again(self.env, guild.id)
        await self.settle()

    def gets_banned(self, who: Person, reason: str | None = None) -> None:
        """Somebody is banned at this very moment, and no audit log tells."""
        adapter.ban_untold(self.env, who.guild.id, who.id, reason)

    def gets_unbanned(self, who: Person) -> None:
        """Somebody's ban is lifted at this very moment, and no audit log tells."""
        adapter.unban_untold(self.env, who.guild.id, who.id)

    async def hear_entry_again(self, entry: dict[str, Any]) -> None:
        """Discord delivers an entry of the audit log twice."""
        adapter.deliver_entry_again(self.env, entry)
        await self.settle()

    async def take_permission(self, where: Channel | Guild, *names: str, of: Person | Role | None = None) -> None:
        """Take permissions from the bot (or from somebody): in one channel, or in a whole guild."""
        await self._change_permission(where, names, of, given=False)

    async def give_permission(self, where: Channel | Guild, *names: str, of: Person | Role | None = None) -> None:
        """Give permissions to the bot (or to somebody): in one channel, or in a whole guild."""
        await self._change_permission(where, names, of, given=True)

    async def put_bot_below(self, role: str | Role) -> None:
        """Put the bot's own role just below another one."""
        above = self._role(self.guild, role)
        bots = next(
            r for r in self.guild.handle.roles.values() if r.id == adapter.bot_role_id(self.env, self.guild.id)
        )
        self._reorder(Role(self, bots, self.guild), below=above)
        await self.settle()

    async def _change_permission(
        self, where: Channel | Guild, names: Sequence[str], of: Person | Role | None, *, given: bool
    ) -> None:
        bits = discord.Permissions(**dict.fromkeys(names, True)).value
        if isinstance(where, Channel):
            target = of.id if of else bot_user(self.env).id
            change = {"allow" if given else "deny": bits}
            adapter.change_overwrite(self.env, where.id, target, is_role=isinstance(of, Role), **change)
        else:
            role_id = of.id if isinstance(of, Role) else adapter.bot_role_id(self.env, where.id)
            for changed in {
                role_id,
                role_id if given else where.id,
            }:  # what @everyone may, the bot may as well
                adapter.change_role_permissions(self.env, where.id, changed, **{"add" if given else "remove": bits})
        await self.settle()

    def _reorder(self, role: Role, *, below: Role) -> None:
        order = [i for i in adapter.roles_lowest_first(self.env, role.guild.id) if i != role.id]
        order.insert(order.index(below.id), role.id)
        adapter.order_roles(self.env, role.guild.id, order)

    def _role(self, guild: Guild, role: str | Role) -> Role:
        return guild.role(role) if isinstance(role, str) else role


def _dm_path(who: Person) -> str:
    return f"/channels/{who.dm.id}/messages"
