"""Building a town in the simulated Discord, as its file tells it."""

from datetime import date, datetime, timedelta
from hashlib import blake2s

from simcord import Env, UserHandle

from playground import shapes
from playground.errors import PlaygroundError
from playground.simulation import arranging
from playground.simulation.adapter import bot_user, new_world
from playground.town.guild_builder import GuildBuilder
from playground.town.history import History
from playground.town.pictures import Pictures, avatar_hash
from playground.town.spec import Suggestion, Town
from playground.town.world import World

FIRST_BIRTHDAY = date(2016, 1, 1)  # of an account without a date of its own
BIRTHDAYS = 2_900  # days from then on, to the end of 2023
NEW_FOR = timedelta(days=1)


def build(town: Town, now: datetime, *, prefix: str = "!") -> World:
    """Make the town as of `now`, without a bot in it yet.

    People, guilds, roles, channels, emoji and named threads have the same ids in each run, which their names decide,
    so the database of the last run fits; messages have those of their moments. Days begin and end as in the time zone
    of `now`. `prefix` is what commands begin with. Raises PlaygroundError for a suggestion that can't be followed.
    """
    env = new_world(town.bot.name, avatar=avatar_hash(town.bot.name))
    pictures = Pictures()
    pictures.add_person(bot_user(env).id, town.bot.name)
    arranging.serve_pictures(env, pictures.find)
    users = _people(env, town, pictures)
    history = History(env, max(now, env.now()))
    builders = [
        GuildBuilder(env, town, name, guild, users, history, pictures, prefix) for name, guild in town.guilds.items()
    ]
    for builder in builders:
        builder.build()
    history.happen()
    arranging.forget_the_making(env)
    first = builders[0]
    humans = {users[name].id: users[name] for name, person in town.people.items() if not person.bot}
    world = World(
        name=town.name or first.name,
        env=env,
        guilds=[builder.guild for builder in builders],
        general=first.channels[town.start],
        owner=users[first.told.owner],
        people=humans,
        notes={user.id: _note(town, user.name, history.now) for user in humans.values()},
        pictures=pictures,
        suggestions=[],
    )
    by_name = {builder.name: builder for builder in builders}
    for number, suggestion in enumerate(town.suggestions, 1):
        builder = by_name[suggestion.guild or first.name]
        world.suggestions.append(_suggestion(env, number, suggestion, builder, prefix))
    return world


def _people(env: Env, town: Town, pictures: Pictures) -> dict[str, UserHandle]:
    users = {}
    for name, person in town.people.items():
        user_id = arranging.fixed_id(env, person.created or _birthday(name), "person", name)
        users[name] = arranging.make_user(
            env, user_id, name, shown=person.display, avatar=avatar_hash(name), bot=person.bot
        )
        colour = f"#{person.colour:06X}" if person.colour is not None else None
        pictures.add_person(user_id, person.display or name, colour)
    return users


def _birthday(name: str) -> date:
    number = int.from_bytes(blake2s(name.encode(), digest_size=4).digest())
    return FIRST_BIRTHDAY + timedelta(days=number % BIRTHDAYS)


def _note(town: Town, name: str, now: datetime) -> str:
    given = town.people[name].note
    if given is not None:
        return given
    guild = next(guild for guild in town.guilds.values() if name in guild.members)
    member = guild.members[name]
    held = [role for role in guild.roles if role in member.roles]
    hoisted = [role for role in held if guild.roles[role].hoist]
    if name == guild.owner:
        return "owner"
    if not hoisted and member.joined is not None and now - member.joined.at(now) < NEW_FOR:
        return "new here"
    return next(iter(hoisted + held), "")


def _suggestion(
    env: Env, number: int, suggestion: Suggestion, builder: GuildBuilder, prefix: str
) -> shapes.Suggestion:
    user, channel = builder.users[suggestion.person], builder.channels[suggestion.channel]
    may = arranging.permissions_in(env, channel, user.id)
    if not (may.view_channel and may.send_messages):
        what = "write in" if may.view_channel else "see"
        raise PlaygroundError(
            f"suggestions → #{number} → channel: '{suggestion.person}' can't {what} '{suggestion.channel}'."
        )
    return {
        "title": suggestion.title,
        "text": suggestion.text,
        "person": str(user.id),
        "channel": str(channel.id),
        "type": suggestion.type.replace("{prefix}", prefix),
    }
