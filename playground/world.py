"""Hearth Town: the guild that the playground plays in, with its people and a word of welcome."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import discord
from simcord import ChannelHandle, Env, GuildHandle, MemberActor, RoleHandle

from playground import avatars
from playground.simulation.adapter import (
    bot_user,
    move_clock_before_start,
    new_world,
    write_before_start,
)

GUILD_NAME = "Hearth Town"
BOT = "Hearth"

MODERATES = discord.Permissions(
    moderate_members=True, kick_members=True, ban_members=True, manage_messages=True, manage_nicknames=True
)
ADMINISTERS = MODERATES | discord.Permissions(
    manage_guild=True, manage_channels=True, manage_roles=True, view_audit_log=True
)

# Name, colour, permissions; the highest first. The bot's own role stands above them all.
ROLES = (
    ("Admin", 0xE67E22, ADMINISTERS),
    ("Moderator", 0x3498DB, MODERATES),
    ("Violet", 0x9B59B6, discord.Permissions.none()),
    ("Rose", 0xEB459E, discord.Permissions.none()),
    ("Member", 0x57F287, discord.Permissions.none()),
)

# Account name, display name, roles. The first one owns the guild, and the bot.
PEOPLE = (
    ("olivia", "Olivia", ("Admin",)),
    ("ada", "Ada", ("Admin",)),
    ("mo", "Mo", ("Moderator",)),
    ("ann", "Ann", ("Member", "Violet")),
    ("bob", "Bob", ("Member",)),
    ("chloe", "Chloé", ("Member", "Rose")),
    ("dan", "Dan", ()),
)

WELCOME = (
    ("olivia", "Welcome to Hearth Town! The bot lives here: type `!help` and look around."),
    ("ada", "I can set it up: `!config` shows what there is to change."),
    ("mo", "And when it's quiet: `!remind 10s tea`"),
)
FIRST_WORD_AGO = timedelta(minutes=12)
BETWEEN_WORDS = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class World:
    """The simulated Discord and what is where in it."""

    env: Env
    guild: GuildHandle
    general: ChannelHandle
    people: dict[str, MemberActor]
    """By account name; the owner first."""
    pictures: dict[str, tuple[str, bytes]]
    """Avatars by address: file name and content."""

    @property
    def owner(self) -> MemberActor:
        return next(iter(self.people.values()))


def build(now: datetime) -> World:
    """Make the town as of `now`, without a bot in it yet.

    Everything is made in the same order at the simulation's fixed beginning, so each run gives the same ids to the
    same people and channels, and the database of the last run fits.
    """
    env = new_world(BOT, avatar=avatars.avatar_hash(BOT))
    users = {
        name: env.create_user(name, global_name=shown, avatar=avatars.avatar_hash(name))
        for name, shown, _roles in PEOPLE
    }
    guild = env.create_guild(GUILD_NAME, owner=users[PEOPLE[0][0]])
    for name, colour, permissions in ROLES:
        guild.create_role(name, permissions=permissions, color=colour, hoist=name in {"Admin", "Moderator"})
    general = _channels(env, guild)
    people = {}
    for name, _shown, roles in PEOPLE:
        handles = [guild.roles[role] for role in roles]
        people[name] = guild.add_member(users[name], roles=handles)
    _small_talk(env, general, people, now)
    pictures = avatars.assets({bot_user(env).id: BOT} | {user.id: name for name, user in users.items()})
    return World(env, guild, general, people, pictures)


def _channels(env: Env, guild: GuildHandle) -> ChannelHandle:
    guild.create_text_channel("welcome", topic="What this place is about")
    general = guild.create_text_channel("general", topic="Talk about anything; the bot listens here")
    guild.create_text_channel("bot-commands", topic="For trying the bot without disturbing anybody")
    staff: list[RoleHandle] = [guild.roles["Admin"], guild.roles["Moderator"]]
    hidden = discord.PermissionOverwrite(view_channel=False)
    shown = discord.PermissionOverwrite(view_channel=True)
    guild.create_text_channel(
        "mod-log",
        topic="What the moderators did",
        overwrites={guild.default_role: hidden, bot_user(env): shown, **dict.fromkeys(staff, shown)},
    )
    guild.create_voice_channel("voice")
    return general


def _small_talk(env: Env, channel: ChannelHandle, people: dict[str, MemberActor], now: datetime) -> None:
    for number, (name, text) in enumerate(WELCOME):
        move_clock_before_start(env, now - FIRST_WORD_AGO + number * BETWEEN_WORDS)
        write_before_start(env, channel, people[name], text)
    move_clock_before_start(env, now)
