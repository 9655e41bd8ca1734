"""Whom the bot doesn't listen to."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.admin.blocking.blocklist import REASON_LIMIT, read_length
from database.access_blocks import AccessBlocksStore, ServerBlock
from database.standings import StandingsStore
from tests.support.places import Person
from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")


# --- Ignoring -----------------------------------------------------------------------------------------------


async def test_people_roles_and_channels_are_ignored(town: Town):
    role = town.role("Newcomer")
    carl = town.member("carl", roles=["Newcomer"])
    assert await town.says(town.admin, "!ignore") == "I hear commands from everybody, everywhere."
    whom = f"{town.ann.mention}, {role.mention}, and {town.bots_corner.mention}"
    assert await town.says(town.admin, f"!ignore @ann {role.mention} #bots-corner") == f"Ignored from now on: {whom}."
    assert await town.says(town.admin, "!ignore @ann") == "They are ignored already."
    await town.restart()
    assert await town.says(town.ann, "!ping") is None
    assert await town.says(carl, "!ping") is None
    assert await town.says(town.bob, "!ping", channel=town.bots_corner) is None
    assert await town.says(town.bob, "!ping") is not None
    assert await town.says(town.admin, "!ping", channel=town.bots_corner) is not None
    shown = await town.says(town.admin, "!ignore")
    listed = f"{town.bots_corner.mention}\n{role.mention}\n{town.ann.mention}"
    assert shown == f"I hear no commands here, or from\n{listed}"
    await town.delete_role(role)
    gone = await town.says(town.admin, f"!unignore @ann {role.id}")
    assert gone == f"Heard again: {town.ann.mention} and a deleted role ({role.id})."
    assert await town.says(town.ann, "!ping") is not None
    assert await town.says(town.admin, "!unignore @ann") == (
        "They aren't ignored; `ignore` shows whom and where I don't hear commands."
    )


@sqlite
async def test_whom_nobody_ignores(town: Town):
    assert "is always heard" in await town.says(town.admin, "!ignore @olivia")
    assert "is always heard" in await town.says(town.admin, "!ignore @ada")
    assert "I can't ignore everybody" in await town.says(town.admin, "!ignore server")
    assert "Say whom" in await town.says(town.admin, "!unignore")
    assert "Manage Server" in await town.says(town.ann, "!ignore @bob")


# --- The block list of a server -----------------------------------------------------------------------------


async def test_who_is_blocked_is_not_heard_until_then(town: Town):
    assert await town.says(town.admin, "!blocklist") == "I listen to everybody in this server."
    answer = await town.says(town.admin, "!blocklist add @ann 2h plays *all* night")
    assert answer.startswith(f"I don't listen to {town.ann.mention} in this server until <t:")
    became_owner = ServerBlock(town.guild.id, town.owner.id, town.admin.id, town.now, None)
    await town.as_bot(AccessBlocksStore(town.db).block(became_owner))
    await town.restart()
    assert "Pong" in await town.says(town.owner, "!ping")
    assert (await town.says(town.admin, "!permissions explain @olivia ping")).startswith("✅")
    await town.as_bot(town.bot.access.blocks.unblock(town.guild.id, town.owner.id))
    assert await town.says(town.ann, "!ping") is None
    assert await town.says(town.ann, town.bot.user.mention) is None
    assert await town.dm(town.ann, "!ping") is not None
    shown = await town.says(town.admin, "!blocklist list")
    assert f"{town.ann.mention}, by {town.admin.mention} on <t:" in shown
    assert r"plays \*all\* night" in shown
    await town.wait(hours=2)
    assert await town.says(town.ann, "!ping") is not None
    assert await town.says(town.admin, "!blocklist") == "I listen to everybody in this server."
    await town.wait(hours=23)
    assert await town.db.fetchall("SELECT * FROM server_blocks") == [], "nothing is kept of what is over"
    await town.says(town.admin, "!blocklist add @ann")
    assert await town.says(town.ann, "!ping") is None
    assert await town.says(town.admin, "!blocklist remove @ann") == f"I listen to {town.ann.mention} again."
    assert await town.says(town.ann, "!ping") is not None


@sqlite
async def test_buttons_of_old_messages_are_for_others(town: Town):
    poll = await town.says(town.admin, '!poll "Tea?" Yes No')
    await town.says(town.admin, "!blocklist add @ann")
    assert (await town.press(town.ann, poll, "1. Yes")).reply == "I don't listen to you here."
    assert (await town.press(town.bob, poll, "1. Yes")).reply != "I don't listen to you here."


@sqlite
@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("add @ada", "You can't do this to yourself."),
        ("add @olivia", "can't be blocked"),
        ("add @devi", "can't be blocked"),
        ("add @mona", "Only the server's owner can block moderators."),
        ("add @Hearth", "Bots don't use my commands."),
        ("add @ann " + "x" * 300, "too long"),
        ("remove @ann", "isn't blocked in this server"),
    ],
)
async def test_whom_nobody_blocks(town: Town, call: str, answer: str):
    assert answer in await town.says(town.admin, f"!blocklist {call}")


async def test_who_is_blocked_earns_nothing_meanwhile(town: Town):
    for words in ("chat-income on", "chat-income-least 3", "chat-income-most 3"):
        await town.says(town.admin, f"!config set {words}")
    await town.says(town.admin, "!blocklist add @ann 10m plays all night")
    await town.goes_into(town.guild.channel("voice"), town.ann, town.bob)
    await town.says(town.ann, "good morning everybody")
    await town.says(town.bob, "good morning to you, ann")
    await town.wait(minutes=5)
    assert [await xp(town, who) > 0 for who in (town.ann, town.bob)] == [False, True]
    assert [await coins(town, who) for who in (town.ann, town.bob)] == [0, 3]
    why = await town.says(town.moderator, "!why does ann get no xp")
    assert "➡️ Who is blocked in this server, or everywhere by whoever runs me, gets no XP." in why
    why = await town.says(town.moderator, "!why can't ann use rank")
    assert f"➡️ {town.admin.mention} blocked them in this server until <t:" in why
    assert "plays all night" in why
    await town.wait(minutes=5)
    await town.says(town.ann, "here I am again")
    await town.wait(minutes=5)
    assert await xp(town, town.ann) > 0
    assert await coins(town, town.ann) == 3


async def xp(town: Town, who: Person) -> int:
    found = await StandingsStore(town.db).get_many(town.guild.id, [who.id])
    return found[who.id].xp if who.id in found else 0


async def coins(town: Town, who: Person) -> int:
    found = await town.db.fetchval("SELECT SUM(amount) FROM ledger WHERE user_id = $1 AND kind = 'chat'", who.id)
    return int(found or 0)


def test_how_long_and_why():
    assert read_length("7d spam") == (timedelta(days=7), "spam")
    assert read_length("7d") == (timedelta(days=7), None)
    assert read_length("spam for 7d") == (None, "spam for 7d")
    assert read_length(" ") == (None, None)
    assert read_length("2nd account") == (None, "2nd account")


@given(st.text(max_size=300))
def test_any_reason_is_kept_or_refused(text: str):
    with suppress(ValueError):  # whose text is the answer
        _length, reason = read_length(text)
        assert reason is None or 0 < len(reason) <= REASON_LIMIT


# --- Too many commands --------------------------------------------------------------------------------------


@pytest.mark.town(command_spam=True)
async def test_who_sends_too_many_commands_is_blocked_for_a_while(town: Town):
    for _number in range(10):
        assert await town.says(town.ann, "!ping") is not None
    for _number in range(4):
        assert await town.says(town.ann, "!ping") is None
    answer = await town.says(town.ann, "!ping")
    assert answer.startswith("That's too many commands at once. I don't listen to you here for 10 minutes, until")
    await town.wait(minutes=5)
    assert await town.says(town.ann, "!ping") is None
    assert "me: too many commands" in await town.says(town.admin, "!blocklist")
    why = await town.says(town.moderator, "!why can't ann use ping")
    assert "➡️ They sent too many commands, so I don't listen to them until <t:" in why
    explained = await town.says(town.admin, "!permissions explain @ann ping")
    assert "1. They sent too many commands" in explained
    await town.says(town.ann, "what I write still counts")
    assert "brought XP less than" in await town.says(town.moderator, "!why does ann get no xp")
    await town.restart()
    assert await town.says(town.ann, "!ping") is None
    await town.wait(minutes=5)
    assert await town.says(town.ann, "!ping") is not None


@sqlite
@pytest.mark.town(command_spam=True)
async def test_moderators_and_other_servers_are_exempt_and_it_can_be_switched_off(town: Town):
    await town.says(town.admin, "!config set command-spam-count 2")
    for who in (town.moderator, town.developer):
        for _number in range(4):
            assert await town.says(who, "!ping") is not None
    assert await town.says(town.ann, "!ping") is not None
    assert await town.says(town.ann, "!ping") is not None
    assert await town.says(town.ann, "!ping") is None
    assert await town.says(town.ann, town.bot.user.mention) is None, "a mention that is answered counts too"
    await town.wait(seconds=13)
    assert await town.says(town.ann, "!ping") is not None
    await town.says(town.admin, "!config set command-spam off")
    for _number in range(5):
        assert await town.says(town.ann, "!ping") is not None


# --- Everywhere ---------------------------------------------------------------------------------------------


async def test_who_is_blocked_everywhere(town: Town):
    assert await town.says(town.owner, f"!botblock add {town.ann.id}") is None, "only who runs the bot"
    answer = await town.says(town.developer, f"!botblock add {town.ann.mention} spams")
    assert answer == f"I don't listen to {town.ann.mention} anywhere any more."
    assert await town.says(town.developer, f"!botblock add {town.ann.id}") == f"`{town.ann.id}` is blocked already."
    await town.restart()
    assert await town.says(town.ann, "!ping") is None
    assert await town.dm(town.ann, "!ping") is None
    shown = await town.dm(town.developer, "!botblock list")
    assert f"{town.ann.mention} (`{town.ann.id}`), on <t:" in shown
    assert "can't be blocked" in await town.dm(town.developer, f"!botblock add {town.developer.id}")
    assert "is none" in await town.dm(town.developer, "!botblock add ann")
    assert (
        await town.dm(town.developer, f"!botblock remove {town.ann.id}") == f"`{town.ann.id}` isn't blocked any more."
    )
    assert await town.dm(town.developer, f"!botblock remove {town.ann.id}") == f"`{town.ann.id}` isn't blocked."
    assert await town.dm(town.ann, "!ping") is not None


@sqlite
async def test_a_blocked_server_is_left_and_refused(town: Town):
    village = town.new_guild("Village")
    await town.settle()
    asked = await town.says(town.developer, f"!botblock add {village.id} raids")
    assert asked == "Leave the server Village, and refuse to come back?"
    reaction = await town.press(town.developer, asked, "Yes")
    assert f"I keep away from the server `{village.id}` from now on." in str(reaction.replies)
    assert town.bot.get_guild(village.id) is None
    await town.invite_bot_to(village)
    assert town.bot.get_guild(village.id) is None
    await town.says(town.developer, f"!botblock remove {village.id}")
    await town.invite_bot_to(village)
    assert town.bot.get_guild(village.id) is not None
