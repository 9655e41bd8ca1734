"""Building one guild of a town, as the town's file tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import discord
from simcord import ChannelHandle, Env, GuildHandle, RoleHandle, UserHandle

from playground.simulation import arranging
from playground.simulation.adapter import bot_user
from playground.town.history import GuildHistory, History
from playground.town.pictures import Pictures
from playground.town.spec import Channel, Guild, Overwrite, Overwrites, Town
from playground.town.texts import Texts

USUALLY_JOINED = timedelta(days=100)  # ago


@dataclass
class GuildBuilder:
    """Builds one guild; everything made is kept by the name that it has in the file."""

    env: Env
    town: Town
    name: str
    told: Guild
    users: Mapping[str, UserHandle]
    """Everybody in town."""
    history: History
    pictures: Pictures
    prefix: str
    roles: dict[str, RoleHandle] = field(default_factory=dict)
    emoji: dict[str, int] = field(default_factory=dict)
    channels: dict[str, ChannelHandle] = field(default_factory=dict)
    tags: dict[str, dict[str, int]] = field(default_factory=dict)
    """Of each forum."""

    def __post_init__(self) -> None:
        owner = self.users[self.told.owner]
        guild_id = self._id("guild")
        self.guild: GuildHandle = arranging.make_guild(
            self.env, guild_id, self.name, owner, bot_role_id=self._id("bot's role")
        )
        if self.told.icon is not None:
            self.pictures.add_guild(guild_id, self.told.icon.picture, f"#{self.told.icon.colour:06X}")

    def build(self) -> None:
        """Make everything in it; what was said there goes into the history."""
        self._make_roles()
        self._make_emoji()
        self._put_members()
        self._make_channels()
        settings: dict[str, str | int | None] = {"description": self.told.description}
        for field_name in ("system_channel", "rules_channel"):
            channel = getattr(self.told, field_name)
            settings[f"{field_name}_id"] = self.channels[channel].id if channel is not None else None
        arranging.set_up_guild(self.env, self.guild, **settings)
        self._put_in_voice()
        texts = self._texts()
        self._set_topics(texts)
        self._remember(texts)
        for name, channel in self.told.all_channels().items():
            if channel.deleted:
                arranging.delete_channel(self.env, self.channels.pop(name))

    def _id(self, *names: str) -> int:
        return arranging.fixed_id(self.env, self.told.created, self.name, *names)

    def _make_roles(self) -> None:
        own = arranging.bot_role(self.env, self.guild)
        from_the_top = []
        for name, role in self.told.roles.items():
            self.roles[name] = arranging.make_role(
                self.env,
                self.guild,
                self._id("role", name),
                name,
                _permissions(role.permissions),
                color=role.colour or 0,
                hoist=role.hoist,
                mentionable=role.mentionable,
            )
            from_the_top.append(self.roles[name])
        below = self.told.bot.below
        from_the_top.insert(0 if below is None else list(self.roles).index(below) + 1, own)
        arranging.order_roles(self.env, self.guild, from_the_top)
        if self.told.bot.permissions is not None:
            arranging.permit(self.env, self.guild, own, _permissions(self.told.bot.permissions))
        if self.told.everyone is not None:
            arranging.permit(self.env, self.guild, self.guild.default_role, _permissions(self.told.everyone))

    def _make_emoji(self) -> None:
        for name, motif in self.told.emoji.items():
            emoji_id = self.emoji[name] = self._id("emoji", name)
            arranging.make_emoji(self.env, self.guild, emoji_id, name, self.users[self.told.owner])
            self.pictures.add_emoji(emoji_id, motif)

    def _put_members(self) -> None:
        if self.told.bot.nick is not None:
            arranging.nick_bot(self.env, self.guild, self.told.bot.nick)
        for name, member in self.told.members.items():
            lasts = member.timed_out_for
            arranging.put_member(
                self.env,
                self.guild,
                self.users[name],
                roles=[self.roles[role] for role in member.roles],
                nick=member.nick,
                joined=self._joined(name),
                timed_out_until=self.history.now + lasts if lasts is not None else None,
            )

    def _joined(self, name: str) -> datetime:
        """When somebody joined: never before the guild was there."""
        created = datetime.combine(self.told.created, time(), UTC)
        told = self.told.members[name].joined
        if told is not None:
            return max(told.at(self.history.now), created)
        return created if name == self.told.owner else max(self.history.now - USUALLY_JOINED, created)

    def _make_channels(self) -> None:
        for name, channel in self.told.channels.items():
            self._make_channel(name, channel, None, None)
        for title, category in self.told.categories.items():
            overwrites = self._overwrites(category.overwrites)
            parent = arranging.make_channel(
                self.env, self.guild, self._id("channel", title), title, "category", overwrites=overwrites
            )
            for name, channel in category.channels.items():
                self._make_channel(name, channel, parent, category.overwrites)

    def _make_channel(
        self, name: str, channel: Channel, parent: ChannelHandle | None, inherited: Overwrites | None
    ) -> None:
        self.tags[name] = {tag: self._id("tag", name, tag) for tag in channel.tags}
        self.channels[name] = arranging.make_channel(
            self.env,
            self.guild,
            self._id("channel", name),
            name,
            channel.kind,
            parent=parent,
            overwrites=self._overwrites(channel.overwrites or inherited),
            rate_limit_per_user=channel.slowmode,
            user_limit=channel.user_limit,
            available_tags=[arranging.forum_tag(tag_id, tag) for tag, tag_id in self.tags[name].items()],
        )

    def _overwrites(self, told: Overwrites | None) -> arranging.Overwrites:
        if told is None:
            return {}
        found: dict[RoleHandle | UserHandle, Overwrite | None] = {
            self.guild.default_role: told.everyone,
            bot_user(self.env): told.bot,
        }
        found |= {self.roles[name]: overwrite for name, overwrite in told.roles.items()}
        found |= {self.users[name]: overwrite for name, overwrite in told.people.items()}
        return {
            target: discord.PermissionOverwrite.from_pair(_permissions(one.allow), _permissions(one.deny))
            for target, one in found.items()
            if one is not None
        }

    def _put_in_voice(self) -> None:
        for name, channel in self.told.all_channels().items():
            for person, how in channel.connected.items():
                arranging.put_in_voice(
                    self.env,
                    self.guild,
                    self.users[person],
                    self.channels[name],
                    muted=how.muted,
                    deafened=how.deafened,
                )

    def _set_topics(self, texts: Texts) -> None:
        """When all channels are there, since a topic may mention any."""
        for name, channel in self.told.all_channels().items():
            if channel.topic:
                arranging.set_topic(self.env, self.channels[name], texts.filled(channel.topic))

    def _remember(self, texts: Texts) -> None:
        voices = {name: self.users[name] for name in self.told.members} | {self.town.bot.name: bot_user(self.env)}
        told = GuildHistory(self.history, voices, self.emoji, texts)
        if self.told.system_channel is not None:
            for name in self.told.members:
                told.add_joining(self.channels[self.told.system_channel], self.users[name], self._joined(name))
        for name, channel in self.told.all_channels().items():
            told.add_messages(self.channels[name], channel)
            threads = [(thread.name, thread) for thread in channel.threads] + list(channel.posts.items())
            for title, thread in threads:
                told.add_thread(self.channels[name], self._id("thread", name, title), title, thread, self.tags[name])

    def _texts(self) -> Texts:
        mentions = {f"@{name}": role.mention for name, role in self.roles.items()}
        mentions |= {f"@{name}": user.mention for name, user in self.users.items()}
        mentions[f"@{self.town.bot.name}"] = bot_user(self.env).mention
        mentions |= {f"#{name}": channel.mention for name, channel in self.channels.items()}
        mentions |= {f":{name}:": f"<:{name}:{emoji_id}>" for name, emoji_id in self.emoji.items()}
        return Texts(self.history.now, self.prefix, mentions)


def _permissions(names: list[str]) -> discord.Permissions:
    return discord.Permissions(**dict.fromkeys(names, True))
