"""What the town needs of simcord beyond its public interface, for tests alone; each function says why.

The playground needs some of it too: that part is in `playground/simulation/adapter.py`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import discord
from simcord import ChannelHandle, Env, GuildHandle, MemberActor, interactions
from simcord.backend import serializers
from simcord.backend.models import Message, Overwrite
from simcord.enums import AuditLogAction, ComponentType, InteractionType, MessageType, OverwriteType
from simcord.http import router
from simcord.results import to_discord_message

# Discord's types of messages that somebody wrote: plain, reply, and the answers to two kinds of commands. The
# others are notices such as "Hearth pinned a message".
SPOKEN = frozenset({0, 19, 20, 23})


def messages_of_bot(env: Env, channel_id: int, *, known: set[int] = frozenset()) -> Iterator[discord.Message]:
    """The bot's messages in a channel, oldest first, without the `known` ids.

    `ChannelHandle.history` builds every message anew each time, which is slow in a long conversation.
    """
    bot_id = env.backend.bot_user.id
    for message in sorted(env.backend.messages.get(channel_id, {}).values(), key=lambda stored: stored.id):
        if message.author_id == bot_id and message.id not in known and message.type in SPOKEN:
            yield to_discord_message(env, message)


def message_ids(env: Env) -> dict[int, set[int]]:
    """The ids of all messages there are, by channel: what is new later is found by comparing."""
    return {channel_id: set(messages) for channel_id, messages in env.backend.messages.items()}


def find_message(env: Env, channel_id: int, message_id: int) -> discord.Message | None:
    """A message as it is now, also one that only one person sees; None when it is gone."""
    message = _stored(env, channel_id, message_id)
    return to_discord_message(env, message) if message else None


def whom_it_pings(env: Env, message: discord.Message) -> frozenset[int]:
    """The ids of people and roles that get a notification; discord.py knows only who is mentioned."""
    stored = _stored(env, message.channel.id, message.id)
    if stored is None:
        return frozenset()
    return frozenset(stored.ping_user_ids) | frozenset(stored.ping_role_ids)


def pings_everyone(env: Env, message: discord.Message) -> bool:
    """Whether the whole guild is notified."""
    stored = _stored(env, message.channel.id, message.id)
    return stored is not None and stored.mention_everyone


def member_as_discord_has_it(env: Env, guild_id: int, user_id: int) -> discord.Member | None:
    """A member from Discord's side, with or without being in the bot's cache; None when not in the guild."""
    guild, stored = env.bot.get_guild(guild_id), env.backend.get_guild(guild_id)
    if guild is None or user_id not in stored.members:
        return None
    payload: Any = serializers.member_payload(env.backend, stored, stored.members[user_id])
    return discord.Member(data=payload, guild=guild, state=env.bot._connection)


def deliver_again(env: Env, channel_id: int, message_id: int) -> None:
    """Send the same MESSAGE_CREATE once more, as Discord may after a resumed connection."""
    env.backend.announce_message_create(env.backend.get_message(channel_id, message_id))


def click(
    env: Env, guild_id: int, user_id: int, message: discord.Message, custom_id: str, *, times: int = 1
) -> None:  # fmt: skip
    """Deliver a press of a button, so many times, and don't wait for the answer as simcord's own does."""
    stored = _stored(env, message.channel.id, message.id)
    assert stored is not None
    record, payload = interactions.base_payload(
        env.backend,
        type=InteractionType.MESSAGE_COMPONENT,
        channel_id=stored.channel_id,
        guild_id=guild_id,
        user_id=user_id,
        data={"custom_id": custom_id, "component_type": ComponentType.BUTTON},
    )
    payload["message"] = dict(serializers.message_payload(env.backend, stored))
    record.source_message_id = stored.id
    for _time in range(times):
        env.backend.emit("INTERACTION_CREATE", payload)


@contextmanager
def at_each_request(check: Callable[[str, str], None]) -> Iterator[None]:
    """Call `check` with the method and path of whatever the bot asks Discord for, in the task that asks."""
    answer = router.dispatch

    def checked(backend: Any, method: str, path: str, **options: Any) -> Any:
        check(method, path)
        return answer(backend, method, path, **options)

    router.dispatch = checked
    try:
        yield
    finally:
        router.dispatch = answer


def delete_message(env: Env, channel_id: int, message_id: int) -> None:
    """Somebody with the right to it deletes the message."""
    env.backend.delete_message(channel_id, message_id)


def delete_channel(env: Env, channel_id: int) -> None:
    """Somebody deletes the channel."""
    env.backend.delete_channel(channel_id)


def keep_timed_out(env: Env, guild_id: int, user_id: int, until: datetime) -> None:
    """A timeout that Discord kept while its member was away; simcord forgets it with the member."""
    env.backend.get_member(guild_id, user_id).timed_out_until = until.isoformat()
    tell_of_change(env, guild_id, user_id)


def tell_of_change(env: Env, guild_id: int, user_id: int) -> None:
    """Discord says how a member is now; a bot that keeps no members learns nothing by it."""
    guild = env.backend.get_guild(guild_id)
    payload = dict(serializers.member_payload(env.backend, guild, guild.members[user_id]))
    env.backend.emit("GUILD_MEMBER_UPDATE", {**payload, "guild_id": str(guild_id)})


def set_pending(env: Env, guild_id: int, user_id: int, *, pending: bool) -> None:
    """Whether somebody has yet to pass the membership screening."""
    env.backend.get_member(guild_id, user_id).pending = pending
    tell_of_change(env, guild_id, user_id)


def add_pending_member(env: Env, guild_id: int, user_id: int) -> None:
    """Somebody joins who has yet to pass the membership screening; Discord's news of it says so."""
    env.backend.add_member(guild_id, user_id).pending = True
    tell_again_of_member(env, guild_id, user_id)


def tell_again_of_member(env: Env, guild_id: int, user_id: int) -> None:
    """Discord says of a member that they joined."""
    guild = env.backend.get_guild(guild_id)
    payload = dict(serializers.member_payload(env.backend, guild, guild.members[user_id]))
    env.backend.emit("GUILD_MEMBER_ADD", {**payload, "guild_id": str(guild_id)})


def boost(env: Env, channel_id: int, user_id: int) -> None:
    """Discord tells in the system channel that somebody boosts the guild."""
    env.backend.create_system_message(channel_id, MessageType.PREMIUM_GUILD_SUBSCRIPTION, user_id)


def say_who_joined(env: Env, channel_id: int, user_id: int) -> None:
    """Discord tells in the system channel that somebody joined."""
    env.backend.create_system_message(channel_id, MessageType.NEW_MEMBER, user_id)


def rename_role(env: Env, guild_id: int, role_id: int, name: str) -> None:
    """Somebody calls the role something else."""
    env.backend.edit_role(guild_id, role_id, {"name": name})


def delete_role(env: Env, guild_id: int, role_id: int) -> None:
    """Somebody deletes the role."""
    env.backend.delete_role(guild_id, role_id)


def remove_guild(env: Env, guild_id: int) -> None:
    """The bot is kicked from the guild."""
    env.backend.remove_guild(guild_id)


def invite_again(env: Env, guild: GuildHandle) -> None:
    """The bot is back in a guild it was kicked from, which lost its channels meanwhile."""
    model = guild._guild
    model.channel_ids.clear()
    model.thread_ids.clear()
    env.backend.guilds[model.id] = model
    payload = dict(serializers.guild_create_payload(env.backend, model))
    # Discord leaves this key out when a bot joins; with it, it is a guild that was away for an outage.
    payload.pop("unavailable", None)
    env.backend.emit("GUILD_CREATE", payload)


def invite(env: Env, guild_id: int) -> None:
    """Discord tells the bot of a guild as one that it joins just now."""
    payload = dict(serializers.guild_create_payload(env.backend, env.backend.get_guild(guild_id)))
    payload.pop("unavailable", None)
    env.backend.emit("GUILD_CREATE", payload)


def give_role(env: Env, guild_id: int, user_id: int, role_id: int) -> None:
    """Somebody gives a member a role."""
    env.backend.add_member_role(guild_id, user_id, role_id)


def take_role(env: Env, guild_id: int, user_id: int, role_id: int) -> None:
    """Somebody takes a role from a member."""
    env.backend.remove_member_role(guild_id, user_id, role_id)


def rename(env: Env, guild_id: int, user_id: int, nick: str | None) -> None:
    """Somebody changes a member's nickname."""
    env.backend.edit_member(guild_id, user_id, {"nick": nick})


def put_avatar(env: Env, user_id: int, key: str, files: Mapping[str, bytes]) -> None:
    """Let somebody have an avatar; `files` says what Discord gives at the addresses behind its key."""
    env.backend.get_user(user_id).avatar = key
    for guild in env.backend.guilds.values():
        if user_id in guild.members:
            tell_of_change(env, guild.id, user_id)
    for address, file in files.items():
        put_file(env, f"https://cdn.discordapp.com/avatars/{user_id}/{key}{address}", file)


def put_file(env: Env, address: str, file: bytes) -> None:
    """Let Discord have a file at an address."""
    env.backend.cdn._blobs[address] = file


def bot_role_id(env: Env, guild_id: int) -> int:
    """The bot's own role in a guild, which its invitation made."""
    guild = env.backend.get_guild(guild_id)
    return next(role.id for role in guild.roles.values() if role.managed)


def order_roles(env: Env, guild_id: int, role_ids: list[int]) -> None:
    """Put a guild's roles into this order, the lowest first."""
    env.backend.reorder_roles(
        guild_id, [{"id": role_id, "position": place} for place, role_id in enumerate(role_ids, start=1)]
    )


def roles_lowest_first(env: Env, guild_id: int) -> list[int]:
    """The ids of a guild's roles without @everyone, the lowest first."""
    roles = [role for role in env.backend.get_guild(guild_id).roles.values() if role.id != guild_id]
    return [role.id for role in sorted(roles, key=lambda role: role.position)]


def change_role_permissions(env: Env, guild_id: int, role_id: int, *, add: int = 0, remove: int = 0) -> None:
    """Change what a role may do in the whole guild."""
    role = env.backend.get_role(guild_id, role_id)
    env.backend.edit_role(guild_id, role_id, {"permissions": (role.permissions | add) & ~remove})


def change_overwrite(
    env: Env, channel_id: int, target_id: int, *, is_role: bool, allow: int = 0, deny: int = 0
) -> None:
    """Allow or deny something to one person or role in one channel, on top of what is set there."""
    overwrites = env.backend.get_channel(channel_id).overwrites
    old = next((known for known in overwrites if known.target_id == target_id), None)
    old_allow, old_deny = (old.allow, old.deny) if old else (0, 0)
    env.backend.set_overwrite(
        channel_id,
        Overwrite(
            target_id=target_id,
            type=OverwriteType.ROLE if is_role else OverwriteType.MEMBER,
            allow=(old_allow | allow) & ~deny,
            deny=(old_deny | deny) & ~allow,
        ),
    )


@contextmanager
def not_listening(env: Env) -> Iterator[None]:
    """What happens in this block, the bot doesn't hear: it is away, or has lost its session."""
    feed = env._gateway_feed
    env.backend.subscribers.remove(feed)
    try:
        yield
    finally:
        env.backend.subscribers.append(feed)


def guild_is_there_again(env: Env, guild_id: int) -> None:
    """Discord says that a guild is available again, as after an outage."""
    payload = dict(serializers.guild_create_payload(env.backend, env.backend.get_guild(guild_id)))
    env.backend.emit("GUILD_CREATE", {**payload, "unavailable": False})


def guild_goes_away(env: Env, guild_id: int) -> None:
    """Discord says that a guild isn't available, as in an outage."""
    env.backend.emit("GUILD_DELETE", {"id": str(guild_id), "unavailable": True})


def change_voice(env: Env, guild_id: int, user_id: int, channel_id: int | None, **flags: bool) -> None:
    """Somebody is in this voice channel, or in none, muted or not by whomever. simcord's own wait for rest."""
    env.backend.set_voice_state(guild_id, user_id, channel_id, **flags)


def voice_channel_of(env: Env, guild_id: int, user_id: int) -> int | None:
    """The id of the voice channel that somebody is in."""
    state = env.backend.get_guild(guild_id).voice_states.get(user_id)
    return None if state is None else state.channel_id


def move_channel(env: Env, channel_id: int, category_id: int | None) -> None:
    """Somebody moves a channel into a category, or out of it."""
    env.backend.edit_channel(channel_id, {"parent_id": category_id})


def restrict_by_age(env: Env, channel_id: int) -> None:
    """Somebody makes a channel one for adults; simcord keeps no such thing, so the bot is only told of it."""
    channel = env.backend.get_channel(channel_id)
    payload = {**serializers.channel_payload(env.backend, channel), "nsfw": True, "guild_id": str(channel.guild_id)}
    env.backend.emit("CHANNEL_UPDATE", payload)


def change_guild(env: Env, guild_id: int, **changes: Any) -> None:
    """Somebody changes settings of the guild itself."""
    env.backend.edit_guild(guild_id, changes)


def act_in_client(
    env: Env, guild_id: int, actor_id: int, action: str, target_id: int, *, reason: str | None = None,
    until: datetime | None = None, role_id: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Somebody bans, unbans, kicks, times out or `untimeout`s in Discord's own client; the entry of the audit log.

    `take-role` takes the role with the id `role_id`. simcord writes the audit log only for what the bot does.
    """
    backend, changes = env.backend, []
    if action == "ban":
        kind = AuditLogAction.MEMBER_BAN
        backend.apply_ban(guild_id, target_id, reason)
    elif action == "unban":
        kind = AuditLogAction.MEMBER_UNBAN
        backend.remove_ban(guild_id, target_id)
    elif action == "kick":
        kind = AuditLogAction.MEMBER_KICK
        backend.remove_member(guild_id, target_id)
    elif action == "take-role":
        assert role_id is not None
        kind = AuditLogAction.MEMBER_ROLE_UPDATE
        role = backend.get_role(guild_id, role_id)
        backend.remove_member_role(guild_id, target_id, role_id)
        changes = [{"key": "$remove", "new_value": [{"id": str(role.id), "name": role.name}]}]
    else:
        kind = AuditLogAction.MEMBER_UPDATE
        old = backend.get_member(guild_id, target_id).timed_out_until
        new = until.isoformat() if until is not None else None
        backend.edit_member(guild_id, target_id, {"timed_out_until": new})
        change = {"key": "communication_disabled_until", "old_value": old, "new_value": new}
        changes = [{name: value for name, value in change.items() if value is not None}]
    entry = backend.record_audit_log(
        guild_id, kind, target_id=target_id, changes=changes, reason=reason, user_id=actor_id
    )
    return {**serializers.audit_log_entry_payload(entry), "guild_id": str(guild_id)}


def write_in_audit_log(
    env: Env, guild_id: int, actor_id: int, action: int, target_id: int | None, **what: Any
) -> dict[str, Any]:
    """The audit log gets an entry, with `changes`, `options` and `reason`; nothing else happens."""
    entry = env.backend.record_audit_log(guild_id, action, target_id=target_id, user_id=actor_id, **what)
    return {**serializers.audit_log_entry_payload(entry), "guild_id": str(guild_id)}


def invite_by(env: Env, channel_id: int, inviter_id: int) -> str:
    """Somebody makes an invite; its code."""
    code: str = env.backend.create_invite(channel_id, inviter_id).code
    return code


def use_invite(env: Env, code: str) -> None:
    """Somebody comes by an invite: it counts that. simcord lets people join without one."""
    env.backend.invites[code].uses += 1


def add_preview(env: Env, channel_id: int, message_id: int) -> None:
    """Discord adds the preview of a link to a message, and says that the message is changed."""
    env.backend.edit_message(channel_id, message_id, {"embeds": [{"type": "link", "title": "Preview"}]})


def delete_many(env: Env, channel_id: int, message_ids: list[int]) -> None:
    """Messages of a channel disappear at once."""
    env.backend.bulk_delete_messages(channel_id, message_ids)


def ban_untold(env: Env, guild_id: int, user_id: int, reason: str | None) -> None:
    """Somebody is banned, and the audit log doesn't tell."""
    env.backend.apply_ban(guild_id, user_id, reason)


def unban_untold(env: Env, guild_id: int, user_id: int) -> None:
    """Somebody's ban is lifted, and the audit log doesn't tell."""
    env.backend.remove_ban(guild_id, user_id)


def deliver_entry_again(env: Env, entry: dict[str, Any]) -> None:
    """Send the same entry of the audit log once more, as Discord may after a resumed connection."""
    env.backend.emit("GUILD_AUDIT_LOG_ENTRY_CREATE", entry)


def open_faults(env: Env) -> list[dict[str, Any]]:
    """The injected failures that are still waiting for a matching call; removing one ends it."""
    return env.backend.faults


def _stored(env: Env, channel_id: int, message_id: int) -> Message | None:
    return env.backend.messages.get(channel_id, {}).get(message_id)


def write_before_start(env: Env, channel: ChannelHandle, author: MemberActor, text: str) -> None:
    """Put a message into a channel that was there before the bot came."""
    env.backend.create_message(channel.id, author.id, text)
