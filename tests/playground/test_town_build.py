"""A town is built as its file tells it: the same places in each run, with a past that reads right."""

import unicodedata
from datetime import UTC, datetime, timedelta

import discord
import pytest

from playground.town.build import build
from playground.town.file import HEARTH, load, read
from playground.town.world import World
from tests.playground.built import THREAD_BEGUN, Built
from tests.playground.towns import MESSAGES, SMALL, documented, small_town

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
TOWN = load(HEARTH)
STAFF = {"olivia", "ada", "mo", "nadia"}


@pytest.fixture(scope="module")
def world() -> World:
    return build(TOWN, NOW)


@pytest.fixture(scope="module")
def built(world: World) -> Built:
    return Built(world)


# --- ids


def test_each_run_has_the_same_ids(built: Built):
    later = Built(build(TOWN, NOW + timedelta(days=3, hours=5)))
    assert built.fixed_ids() == later.fixed_ids()
    assert len(built.fixed_ids()) > 60


def test_what_is_added_to_a_file_changes_no_ids():
    before = Built(build(read(SMALL, name="town.yaml"), NOW)).fixed_ids()
    more = small_town(
        (("people", "aaron"), {}),
        (("guilds", "Hearth Town", "members", "aaron"), {}),
        (("guilds", "Hearth Town", "roles", "Baker"), {}),
        (("guilds", "Hearth Town", "channels", "alley"), {}),
        (("guilds", "Annex"), {"owner": "ann", "members": {"ann": {}}}),
    )
    after = Built(build(more, NOW)).fixed_ids()
    assert before.items() < after.items()


def test_ids_tell_when_something_was_made(built: Built):
    assert discord.utils.snowflake_time(built.person("finn").id).date().isoformat() == "2025-11-30"
    for thing in (built.guild().id, built.channel("general").id, built.channel("A tea corner?").id):
        assert discord.utils.snowflake_time(thing).date().isoformat() == "2023-05-01"
    for said in built.everything_said():
        assert abs(discord.utils.snowflake_time(said.id) - said.at) < timedelta(milliseconds=1)


def test_no_id_is_given_twice(built: Built):
    ids = [*built.fixed_ids().values(), *(said.id for said in built.everything_said())]
    everyone = {guild.id for guild in built.world.guilds}  # their @everyone role has the guild's own id
    assert len(ids) - len(set(ids)) == len(everyone)


# --- the default town


def test_whom_one_can_be(world: World):
    assert [user.name for user in world.people.values()][:7] == [
        "olivia",
        "ada",
        "mo",
        "nadia",
        "ann",
        "bob",
        "chloe",
    ]
    assert len(world.people) == 16
    assert "echo" not in {user.name for user in world.people.values()}
    assert world.owner.name == "olivia"
    assert world.general.name == "general"
    assert world.name == "Hearth Town"


def test_names_in_many_scripts(world: World):
    shown = "".join(user.global_name or "" for user in world.people.values())
    scripts = {unicodedata.name(character).split()[0] for character in shown}
    assert {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HIRAGANA", "CJK", "HERB"} <= scripts
    assert max(len(user.global_name or "") for user in world.people.values()) == 32


def test_what_people_are(world: World):
    notes = {world.people[user_id].name: note for user_id, note in world.notes.items()}
    assert notes["olivia"] == "owner"
    assert notes["ada"] == "Admin"
    assert notes["mo"] == notes["nadia"] == "Moderator"
    assert notes["ann"] == "Violet"
    assert notes["finn"] == "new here"
    assert world.notes.keys() == world.people.keys()


def test_a_note_tells_the_role_unless_one_is_given():
    world = build(read(documented(), name="town.yaml"), NOW)
    notes = {world.people[user_id].name: note for user_id, note in world.notes.items()}
    assert notes == {"rita": "runs the mill", "ann": "new here", "bob": ""}
    small = build(small_town(), NOW)
    assert {small.people[user_id].name: note for user_id, note in small.notes.items()} == {
        "olivia": "owner",
        "ann": "",
    }


def test_roles_and_their_permissions(built: Built):
    assert built.role_names() == ["Hearth", "Admin", "Moderator", "Violet", "Rose", "Member", "Jailed"]
    roles = {role.name: role for role in built.guild().roles.values()}
    moderates = {"moderate_members", "kick_members", "ban_members", "manage_messages", "manage_nicknames"}
    moderates |= {"mute_members", "deafen_members", "move_members"}
    administers = moderates | {"manage_guild", "manage_channels", "manage_roles", "view_audit_log"}
    for name, allowed in (("Moderator", moderates), ("Admin", administers), ("Violet", set()), ("Member", set())):
        assert {key for key, given in discord.Permissions(roles[name].permissions) if given} == allowed
    assert {name for name, role in roles.items() if role.hoist} == {"Admin", "Moderator"}
    assert roles["Violet"].color == 0x9B59B6


def test_members(built: Built):
    assert built.member("zoe").nick == "Zoë of the herbs"
    assert built.person("echo").bot
    assert datetime.fromisoformat(built.member("finn").joined_at) == NOW - timedelta(minutes=42)
    assert datetime.fromisoformat(built.member("olivia").joined_at) == datetime(2023, 5, 1, tzinfo=UTC)
    assert datetime.fromisoformat(built.member("ada").joined_at) == NOW - timedelta(days=900)
    assert datetime.fromisoformat(built.member("maximilian").timed_out_until) > NOW


def test_nobody_joined_before_the_guild_was_there():
    way = ("guilds", "Hearth Town", "members", "ann", "joined")
    ann = Built(build(small_town((way, "9999 weeks ago")), NOW)).member("ann")
    assert datetime.fromisoformat(ann.joined_at) == datetime(2024, 1, 1, tzinfo=UTC)


def test_a_default_that_is_not_said():
    assert datetime.fromisoformat(Built(build(small_town(), NOW)).member("ann").joined_at) == NOW - timedelta(
        days=100
    )


def test_voice(built: Built):
    states = built.guild().voice_states
    assert {built.backend.users[user_id].name: state.self_mute for user_id, state in states.items()} == {
        "sofia": False,
        "dan": True,
    }
    assert {state.channel_id for state in states.values()} == {built.channel("Fireside").id}
    assert built.channel("Quiet room").user_limit == 4


@pytest.mark.parametrize("channel", ["staff-chat", "mod-log", "Staff"])
def test_only_the_staff_sees_its_area(built: Built, channel: str):
    seeing = {user.name for user in built.world.people.values() if built.may(user.id, channel).view_channel}
    assert seeing == STAFF
    assert built.may(built.bot_id, channel).send_messages


def test_who_is_jailed_sees_the_jail_and_reads_the_rules(built: Built):
    role = next(role for role in built.guild().roles.values() if role.name == "Jailed")
    dan = built.person("dan").id  # who has no role
    built.backend.add_member_role(built.guild().id, dan, role.id)
    places = ("jail", "rules", "general", "Fireside", "staff-chat")
    assert {place for place in places if built.may(dan, place).view_channel} == {"jail", "rules"}
    assert built.may(dan, "jail").send_messages


@pytest.mark.parametrize("channel", ["welcome", "rules", "announcements"])
def test_only_the_staff_writes_news(built: Built, channel: str):
    people = built.world.people.values()
    assert {user.name for user in people if built.may(user.id, channel).send_messages} == STAFF
    assert all(built.may(user.id, channel).view_channel for user in people)


@pytest.mark.parametrize("channel", ["general", "bot-commands"])
def test_everybody_talks(built: Built, channel: str):
    silent = [user.name for user in built.world.people.values() if not built.may(user.id, channel).send_messages]
    assert silent == ["maximilian"]  # who is timed out
    assert built.may(built.bot_id, channel).embed_links


def test_channels_stand_in_their_categories(built: Built):
    parents = {name: built.backend.channels[built.channel(name).parent_id].name for name in ("general", "mod-log")}
    assert parents == {"general": "Town square", "mod-log": "Staff"}
    names = [built.backend.channels[number].name for number in built.guild().channel_ids]
    assert names[:5] == ["Information", "welcome", "rules", "announcements", "Town square"]
    positions = [built.backend.channels[number].position for number in built.guild().channel_ids]
    assert positions == sorted(positions)


def test_slowmode_and_topic(built: Built):
    assert built.channel("kitchen").rate_limit_per_user == 5
    hearth = next(emoji for emoji in built.guild().emojis.values() if emoji.name == "hearth")
    rules = built.channel("rules").id
    assert built.channel("general").topic == f"Talk about anything <:hearth:{hearth.id}> Be kind, see <#{rules}>"


def test_emoji_have_pictures(built: Built):
    for emoji in built.guild().emojis.values():
        assert built.world.pictures.emoji(emoji.id)
    assert {emoji.name for emoji in built.guild().emojis.values()} == {"hearth", "tea", "heart", "yes", "no"}


def test_everybody_has_a_picture(built: Built):
    for user in built.backend.users.values():
        assert built.world.pictures.avatar(user.id)
    assert all(built.world.pictures.icon(guild.id) for guild in built.world.guilds)


def test_forum_and_threads(built: Built):
    forum = built.channel("ideas")
    tags = {int(tag["id"]): tag["name"] for tag in forum.available_tags}
    corner, colour = built.channel("A tea corner?"), built.channel("How do I get a colour?")
    assert [tags[tag] for tag in colour.applied_tags] == ["question", "done"]
    assert colour.thread_metadata.archived
    assert not corner.thread_metadata.archived
    assert [said.who for said in built.said("A tea corner?")] == ["zoe", "olivia", "dan"]
    members = {built.backend.users[user_id].name for user_id in corner.thread_members}
    assert members == {"zoe", "olivia", "dan"}


def test_a_thread_grows_out_of_a_message(built: Built):
    walk = next(said for said in built.said("general") if "walk" in said.text)
    thread = built.channel("Sunday walk")
    assert thread.id == walk.id
    assert discord.MessageFlags._from_value(walk.stored.flags).has_thread
    assert [said.who for said in built.said("Sunday walk")] == ["chloe", "zoe", "mo"]


def test_a_thread_of_its_own_is_announced_unless_it_is_private(built: Built):
    assert THREAD_BEGUN not in {said.kind for said in built.said("general")}
    thread = {"name": "Tea", "messages": [{"from": "ann", "at": "1 hour ago", "text": "Earl Grey"}]}
    open_town = Built(build(small_town(((*MESSAGES[:-1], "threads"), [thread])), NOW))
    assert [said.who for said in open_town.said("general") if said.kind == THREAD_BEGUN] == ["ann"]


# --- the second guild


def test_the_second_guild_is_badly_set_up(built: Built):
    bot = built.bot_id
    assert built.role_names(1) == ["Keeper", "Regular", "Hearth"]
    assert not built.may(bot, "corner", 1).manage_messages
    assert built.may(bot, "corner", 1).embed_links
    assert not built.may(bot, "no-embeds", 1).embed_links
    assert built.may(bot, "no-embeds", 1).send_messages
    assert not built.may(bot, "no-answers", 1).send_messages
    assert built.may(bot, "no-answers", 1).view_channel
    assert not built.may(bot, "hidden", 1).view_channel
    assert built.may(built.person("ann").id, "hidden", 1).view_channel


def test_its_log_was_deleted(built: Built):
    lost = next(said.text for said in built.said("corner", 1) if "can't find" in said.text)
    channel_id = int(lost.partition("<#")[2].partition(">")[0])
    assert channel_id not in built.backend.channels
    assert "crooked-log" not in built.world.guilds[1].channels


def test_people_are_in_both(world: World):
    both = [user.name for user in world.people.values() if len(world.guilds_of(user.id)) == 2]
    assert both == ["olivia", "mo", "ann", "bob", "dan", "zoe"]
    assert world.guilds[1].owner.name == "bob"
