"""Making a world before any bot is in it, down to what simcord's own builders leave out.

Here nobody is asked for permission and nothing is announced: it has simply been so. Whatever is made with a fixed
id has the same one in each run, so that what the bot stored in an earlier run still fits.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2s
from typing import Any

import discord
from simcord import ChannelHandle, Env, GuildHandle, RoleHandle, UserHandle
from simcord.backend.models import Message, Overwrite
from simcord.enums import ChannelType, MessageType, OverwriteType

from playground.simulation.adapter import bot_user

KINDS = {
    "text": ChannelType.TEXT,
    "news": ChannelType.NEWS,
    "voice": ChannelType.VOICE,
    "stage": ChannelType.STAGE_VOICE,
    "forum": ChannelType.FORUM,
    "category": ChannelType.CATEGORY,
}
DAY_MILLISECONDS = 86_400_000
HAS_THREAD = 1 << 5  # a message's flag

Overwrites = Mapping[RoleHandle | UserHandle, discord.PermissionOverwrite]


def fixed_id(env: Env, day: date, *names: str) -> int:
    """An id for something made on that day: always the same one for the same names."""
    digest = blake2s("\n".join(names).encode(), digest_size=8).digest()
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    moment = midnight + timedelta(milliseconds=int.from_bytes(digest[:4]) % DAY_MILLISECONDS)
    low_bits = int.from_bytes(digest[4:]) % (1 << 22)
    found = discord.utils.time_snowflake(moment) | low_bits
    while found in env.backend._reserved_ids:
        found += 1
    env.backend.reserve_id(found)
    return found


@contextmanager
def _next_ids(env: Env, *ids: int) -> Iterator[None]:
    """Give these ids, in this order, to what is made in the block."""
    left = iter(ids)
    env.backend.snowflake = lambda: next(left)  # type: ignore[method-assign]
    try:
        yield
    finally:
        del env.backend.snowflake  # the method of the class is back


# --- people, guilds, roles, channels


def make_user(env: Env, user_id: int, name: str, *, shown: str | None, avatar: str, bot: bool) -> UserHandle:
    """An account."""
    with _next_ids(env, user_id):
        return env.create_user(name, global_name=shown, avatar=avatar, bot=bot)


def account_names(env: Env) -> set[str]:
    """The names of all accounts, bots and those that left their guilds too."""
    return {user.name for user in env.backend.users.values()}


def make_guild(env: Env, guild_id: int, name: str, owner: UserHandle, *, bot_role_id: int) -> GuildHandle:
    """A guild with its owner and the bot in it."""
    env.backend._reserved_ids.discard(guild_id)  # the guild reserves it itself
    with _next_ids(env, bot_role_id):
        return env.create_guild(name, id=guild_id, owner=owner)


def set_up_guild(env: Env, guild: GuildHandle, **settings: Any) -> None:
    """Set a guild's `description`, `system_channel_id` or `rules_channel_id`."""
    env.backend.edit_guild(guild.id, settings)


def make_role(
    env: Env, guild: GuildHandle, role_id: int, name: str, permissions: discord.Permissions, **look: Any
) -> RoleHandle:
    """A role; `look` is `color`, `hoist`, `mentionable`."""
    with _next_ids(env, role_id):
        return guild.create_role(name, permissions=permissions, **look)


def bot_role(env: Env, guild: GuildHandle) -> RoleHandle:
    """The role that came with the bot."""
    ids = env.backend.get_member(guild.id, bot_user(env).id).role_ids
    return next(role for role in guild.roles.values() if role.id in ids)


def order_roles(env: Env, guild: GuildHandle, from_the_top: Sequence[RoleHandle]) -> None:
    """Say which role stands above which; all of them but @everyone are named."""
    positions = [{"id": role.id, "position": len(from_the_top) - i} for i, role in enumerate(from_the_top)]
    env.backend.reorder_roles(guild.id, positions)


def permit(env: Env, guild: GuildHandle, role: RoleHandle, permissions: discord.Permissions) -> None:
    """Say what a role may in the whole guild."""
    env.backend.edit_role(guild.id, role.id, {"permissions": permissions.value})


def permissions_in(env: Env, channel: ChannelHandle, user_id: int) -> discord.Permissions:
    """What somebody may in a channel of a guild."""
    assert channel.guild is not None
    return discord.Permissions(env.backend.compute_permissions(channel.guild.id, user_id, channel.id))


def make_emoji(env: Env, guild: GuildHandle, emoji_id: int, name: str, maker: UserHandle) -> None:
    """A custom emoji of a guild."""
    with _next_ids(env, emoji_id):
        env.backend.create_emoji(guild.id, name, maker.id)


def make_channel(
    env: Env,
    guild: GuildHandle,
    channel_id: int,
    name: str,
    kind: str,
    *,
    overwrites: Overwrites,
    parent: ChannelHandle | None = None,
    **settings: Any,
) -> ChannelHandle:
    """A channel or category below those that are there.

    `kind` is one of `KINDS`; `settings` are `rate_limit_per_user` (seconds), `user_limit`, `available_tags`.
    """
    with _next_ids(env, channel_id):
        made = env.backend.create_channel(
            guild.id,
            name,
            type=KINDS[kind],
            overwrites=[_overwrite(target, overwrite) for target, overwrite in overwrites.items()],
            parent_id=parent.id if parent is not None else None,
            **settings,
        )
    return ChannelHandle(env, guild, made)


def _overwrite(target: RoleHandle | UserHandle, overwrite: discord.PermissionOverwrite) -> Overwrite:
    allow, deny = overwrite.pair()
    kind = OverwriteType.ROLE if isinstance(target, RoleHandle) else OverwriteType.MEMBER
    return Overwrite(target.id, kind, allow.value, deny.value)


def forum_tag(tag_id: int, name: str) -> dict[str, Any]:
    """A tag for a forum's `available_tags`."""
    return {"id": str(tag_id), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}


def set_topic(env: Env, channel: ChannelHandle, topic: str) -> None:
    """Say what a channel is about."""
    env.backend.edit_channel(channel.id, {"topic": topic})


def delete_channel(env: Env, channel: ChannelHandle) -> None:
    """Take a channel away, so that its id leads nowhere."""
    env.backend.delete_channel(channel.id)


# --- members


def put_member(
    env: Env,
    guild: GuildHandle,
    user: UserHandle,
    *,
    roles: Sequence[RoleHandle] = (),
    nick: str | None = None,
    joined: datetime,
    timed_out_until: datetime | None = None,
) -> None:
    """Somebody who is in a guild since then."""
    member = env.backend.add_member(guild.id, user.id, roles=[role.id for role in roles], nick=nick)
    member.joined_at = joined.astimezone(UTC).isoformat()
    if timed_out_until is not None:
        member.timed_out_until = timed_out_until.astimezone(UTC).isoformat()


def nick_bot(env: Env, guild: GuildHandle, nick: str) -> None:
    """Let the bot have another name in one guild."""
    env.backend.edit_member(guild.id, bot_user(env).id, {"nick": nick})


def put_in_voice(
    env: Env, guild: GuildHandle, user: UserHandle, channel: ChannelHandle, *, muted: bool, deafened: bool
) -> None:
    """Somebody who is in a voice channel, and may have muted or deafened themselves."""
    env.backend.set_voice_state(guild.id, user.id, channel.id, self_mute=muted, self_deaf=deafened)


# --- what was said, at the world's present moment; `move_clock_before_start` moves it on


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to put at a message."""

    name: str
    content: bytes
    description: str | None = None


def write(
    env: Env,
    channel_id: int,
    author: UserHandle,
    text: str,
    *,
    embeds: Sequence[dict[str, Any]] = (),
    files: Sequence[Upload] = (),
    reply_to: int | None = None,
) -> int:
    """Write a message; its id."""
    backend = env.backend
    attachments = [
        backend.cdn.store_attachment(backend.snowflake(), channel_id, file.name, file.content, file.description)
        for file in files
    ]
    reference = {"channel_id": str(channel_id), "message_id": str(reply_to)} if reply_to is not None else None
    message = backend.create_message(
        channel_id, author.id, text, embeds=list(embeds), attachments=attachments, reference=reference
    )
    _into_thread(env, message, author)
    return message.id


def _into_thread(env: Env, message: Message, author: UserHandle) -> None:
    """Who writes in a thread is a member of it."""
    if env.backend.get_channel(message.channel_id).is_thread:
        env.backend.add_thread_member(message.channel_id, author.id)


def mark_edited(env: Env, channel_id: int, message_id: int) -> None:
    """Let a message be one that was edited now."""
    env.backend.edit_message(channel_id, message_id, {})


def react(env: Env, channel_id: int, message_id: int, emoji: str, user: UserHandle) -> None:
    """Add a reaction: an emoji itself, or `name:id` for a custom one."""
    env.backend.add_reaction(channel_id, message_id, emoji, user.id)


def pin(env: Env, channel_id: int, message_id: int, user: UserHandle) -> None:
    """Pin a message; Discord says so in the channel."""
    env.backend.set_pinned(channel_id, message_id, True, actor_id=user.id)


def tell_who_joined(env: Env, channel_id: int, user: UserHandle) -> None:
    """Let Discord say that somebody joined."""
    env.backend.create_system_message(channel_id, MessageType.NEW_MEMBER, user.id)


def begin_thread(
    env: Env,
    channel_id: int,
    thread_id: int,
    name: str,
    owner: UserHandle,
    *,
    private: bool = False,
    tags: Sequence[int] = (),
) -> None:
    """Begin a thread. With a message's id as its own it grows out of that message; in a forum it is a post."""
    backend = env.backend
    kind = ChannelType.PRIVATE_THREAD if private else ChannelType.PUBLIC_THREAD
    backend.create_thread(
        channel_id, name, owner.id, type=kind, message_id=thread_id, applied_tags=tags, broadcast=False
    )
    source = backend.messages[channel_id].get(thread_id)
    parent = backend.get_channel(channel_id)
    if source is not None:
        source.flags |= HAS_THREAD
    elif parent.type == ChannelType.FORUM:
        parent.last_message_id = thread_id
    elif not private:
        backend.create_system_message(channel_id, MessageType.THREAD_CREATED, owner.id, target_channel_id=thread_id)


def add_to_thread(env: Env, thread_id: int, user: UserHandle) -> None:
    """Make somebody a member of a thread."""
    env.backend.add_thread_member(thread_id, user.id)


def close_thread(env: Env, thread_id: int, *, archived: bool, locked: bool) -> None:
    """Archive or lock a thread."""
    env.backend.edit_channel(thread_id, {}, thread_metadata={"archived": archived, "locked": locked})


# --- the rest


def serve_pictures(env: Env, find: Callable[[str], bytes | None]) -> None:
    """Let what the bot downloads from Discord's addresses be found; `find` is asked for what isn't stored."""
    store = env.backend.cdn
    stored = store.get

    def get(url: str) -> bytes | None:
        content = stored(url)
        return content if content is not None else find(url)

    store.get = get  # type: ignore[method-assign]


def forget_the_making(env: Env) -> None:
    """Drop simcord's records of how the world was made."""
    env.backend.transcript.clear()
