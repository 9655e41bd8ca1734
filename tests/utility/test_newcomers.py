"""Who joins: greeted, and given roles, once and after the screening."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.utility.greetings.rules import AGAIN_AFTER, KINDS, PLACES, Lately, filled, own_texts
from database.auto_roles import AutoRole, AutoRolesStore
from database.newcomers import GreetingsStore, Newcomer, NewcomersStore
from tests.support.town import Town
from utils.templates import unknown_places

GIVE = ("PUT", "/guilds/*/members/*/roles/*")


@pytest.mark.parametrize("kind", KINDS)
def test_our_own_texts_can_be_filled(kind):
    for text in own_texts(kind):
        assert not unknown_places(text, PLACES)
        shown = filled(text, mention="<@1>", name="*ann*", server="Town", members=1_000, boosts=2)
        assert "{" not in shown
        assert "*ann*" not in shown.replace("**", "")


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 30)), max_size=30))
def test_nobody_is_greeted_twice_in_a_short_time(events):
    lately, now, last = Lately(), datetime(2026, 1, 1, tzinfo=UTC), dict[int, datetime]()
    for user_id, minutes in events:
        now += timedelta(minutes=minutes)
        before = last.get(user_id)
        is_new = lately.is_new("welcome", 1, user_id, now)
        assert is_new == (before is None or now - before >= AGAIN_AFTER)
        if is_new:
            last[user_id] = now


async def test_they_are_stored(db):
    newcomers, now = NewcomersStore(db), datetime(2026, 1, 1, tzinfo=UTC)
    first, second = Newcomer(1, 7, now, timer_id=54), Newcomer(1, 8, now + timedelta(days=2), 3, 55)
    await newcomers.put(first)
    await newcomers.put(second)
    assert await newcomers.all() == [first, second]
    assert await newcomers.get(1, 9) is None
    again = Newcomer(1, 7, now + timedelta(days=1), 1, 9)
    await newcomers.put(again)
    assert await newcomers.get(1, 7) == again
    assert await newcomers.remove(1, 7) == again
    assert await newcomers.remove(1, 7) is None

    greetings = GreetingsStore(db)
    assert await greetings.add(1, "welcome", "Hello", 2) == 1
    assert await greetings.add(1, "welcome", "Hi", 2) == 2
    assert await greetings.add(1, "welcome", "Hey", 2) is None
    assert await greetings.add(1, "leave", "Bye", 2) == 1
    assert await greetings.remove(1, "welcome", 1)
    assert not await greetings.remove(1, "welcome", 1)
    assert await greetings.add(1, "welcome", "Hey", 2) == 3
    assert await greetings.of(1, "welcome") == {2: "Hi", 3: "Hey"}

    assert await greetings.background(1) is None
    await greetings.put_background(1, b"first")
    await greetings.put_background(1, b"\x00\xff")
    assert await greetings.background(1) == b"\x00\xff"
    assert await greetings.remove_background(1)
    assert not await greetings.remove_background(1)

    roles = AutoRolesStore(db)
    person, robot = AutoRole(1, 11), AutoRole(1, 11, for_bots=True, delay_seconds=60, powers=8)
    assert await roles.put(person, 2)
    assert await roles.put(robot, 2)
    assert not await roles.put(AutoRole(1, 12), 2)
    assert await roles.put(AutoRole(1, 11, delay_seconds=5), 2)
    assert await roles.of(1) == await roles.all() == [AutoRole(1, 11, delay_seconds=5), robot]
    assert await roles.remove(1, 11)
    assert not await roles.remove(1, 11)


@pytest.mark.town(languages=("en",))  # a server's own texts aren't translated
async def test_greetings(town: Town):
    said = await town.says(town.admin, "!greeting add welcome Hello {member}, @everyone! We are {members}.")
    assert "This is text `1` now" in said
    assert not said.pings_everyone
    assert "{nmae}" in await town.says(town.admin, "!greeting add welcome {nmae}")
    await town.says(town.admin, "!greeting add leave {name} went.")
    assert "no such text" in await town.says(town.admin, "!greeting remove leave 99999999999999999999")
    for setting in ("welcome-channel #bots-corner", "leave-channel #bots-corner", "welcome-delete-after 60"):
        await town.says(town.admin, f"!config set {setting}")
    cleo = town.outsider("cleo")
    await town.join(cleo)
    greeted = town.last(town.bots_corner)
    assert greeted is not None
    assert greeted.startswith(f"Hello {cleo.mention}, @everyone! We are ")
    assert not greeted.pings
    assert not greeted.pings_everyone
    await town.leave(cleo)
    assert town.last(town.bots_corner) == "cleo went."
    town.refuse("DELETE", "/channels/*/messages/*", status=502)
    await town.wait(minutes=3)
    assert town.now_of(greeted) is None
    count = len(town.messages(town.bots_corner))
    await town.join(cleo)
    await town.leave(cleo)
    assert len(town.messages(town.bots_corner)) == count  # within ten minutes
    await town.wait(minutes=15)
    await town.says(town.admin, "!config set welcome-dm on")
    await town.says(town.admin, "!config set welcome-ping on")
    await town.says(town.admin, "!config set greeting-embed on")
    await town.join(cleo)
    greeted = town.last(town.bots_corner)
    assert greeted is not None
    assert greeted.pings == {cleo.id}
    assert greeted.embed is not None
    assert "Welcome to **Town**, cleo!" in town.last(cleo)
    assert "welcome" in (await town.says(town.admin, "!greeting")).lower()
    assert "cleo" not in await town.says(town.admin, "!greeting test dm")
    await town.says(town.admin, "!greeting add dm " + "{member} " * 160)  # longer than a message, with mentions
    await town.says(town.admin, "!greeting remove welcome 1")
    await town.says(town.admin, "!greeting add welcome Hi!")
    await town.says(town.admin, "!config set greeting-embed off")
    fred = town.outsider("fred")
    await town.join(fred)
    assert town.last(fred).startswith(f"{fred.mention} {fred.mention}")
    greeted = town.last(town.bots_corner)
    assert greeted == f"{fred.mention} Hi!"
    assert greeted.pings == {fred.id}
    for who, minutes in ((fred, 20), (fred, 60), (town.bob, 0)):
        await town.wait(minutes=minutes)
        await town.is_told_of_again(who)
        assert not [one for one in town.messages(town.bots_corner) if "Hi!" in one]
    await town.says(town.admin, "!config set boost-channel #bots-corner")
    await town.boosts(town.ann, town.general)
    await town.boosts(town.ann, town.general)  # a second boost at once
    thanks = [one for one in town.messages(town.bots_corner) if "boosts Town" in one]
    assert len(thanks) == 1
    await town.delete_channel(town.bots_corner)
    dora = town.outsider("dora")
    town.close_dms(dora)
    await town.join(dora)
    await town.join(town.outsider("emil"))
    told = [one for one in town.messages(town.owner) if "welcome-channel" in one]
    assert len(told) == 1


async def test_nobody_is_greeted_or_given_roles_before_the_screening(town: Town):
    town.role("Newcomer")
    await town.says(town.admin, "!config set welcome-channel #bots-corner")
    await town.says(town.admin, "!config set leave-channel #bots-corner")
    await town.says(town.admin, "!autorole add Newcomer")
    cleo, dora, emil = (town.outsider(name) for name in ("cleo", "dora", "emil"))
    for who in (cleo, dora, emil):
        await town.join(who, pending=True)
    await town.leave(emil)
    await town.is_announced(cleo, town.general)
    assert town.messages(town.bots_corner) == []
    await town.restart(clean=False)
    await town.wait(minutes=1)
    await town.accepts_the_rules(cleo)
    await town.says(cleo, "hello")
    assert cleo.role_names == {"Newcomer"}
    assert [cleo.mention in one for one in town.messages(town.bots_corner)] == [True]
    await town.accepts_the_rules(dora)
    assert dora.role_names == set()
    await town.wait(hours=2)
    assert dora.role_names == {"Newcomer"}
    assert len(town.messages(town.bots_corner)) == 2
    fritz = town.outsider("fritz")
    await town.join(fritz, pending=True)
    await town.wait(days=30)  # who never accepts is forgotten
    assert await town.db.fetchval("SELECT COUNT(*) FROM newcomers") == 0


async def test_roles_for_newcomers(town: Town):
    for name in ("Newcomer", "Regular", "Robot", "Gone"):
        town.role(name)
    town.role("Jailed")
    await town.says(town.owner, "!config set jail-role Jailed")
    assert "no roles here" in await town.says(town.admin, "!autorole")
    assert "not below your role" in await town.says(town.admin, "!autorole add Admin")
    await town.says(town.admin, "!autorole add Newcomer")
    await town.says(town.admin, "!autorole add Gone 1h")
    await town.says(town.admin, "!autorole add Regular 1h")
    await town.says(town.admin, "!autorole bots Robot")
    assert "1 hour" in await town.says(town.admin, "!autorole")
    cleo, robot = town.outsider("cleo"), town.outsider("robo", bot=True)
    town.refuse(*GIVE, status=502, times=2)
    await town.join(cleo)
    await town.wait(minutes=20)
    assert cleo.role_names == {"Newcomer"}
    await town.join(robot)
    assert robot.role_names == {"Robot"}
    await town.restart(clean=False)
    await town.delete_role(town.guild.role("Gone"))
    await town.wait(hours=1)
    assert cleo.role_names == {"Newcomer", "Regular"}
    await town.leave(cleo)
    await town.wait(minutes=1)
    await town.join(cleo)
    await town.wait(minutes=1)
    await town.says(town.admin, "!jail @cleo")
    await town.wait(hours=2)
    assert "Regular" not in cleo.role_names
    await town.says(town.admin, "!unjail @cleo")
    await town.wait(hours=8)
    assert cleo.role_names == {"Newcomer", "Regular"}
    town.role("Second")
    await town.says(town.admin, "!autorole add Second")
    gus = town.outsider("gus")
    town.refuse(*GIVE)
    await town.join(gus)
    await town.wait(minutes=1)
    assert len(gus.role_names & {"Newcomer", "Second"}) == 1
    await town.wait(minutes=30)
    await town.leave(gus)
    await town.wait(minutes=1)
    await town.join(gus)
    await town.wait(minutes=40)
    assert gus.role_names == {"Newcomer", "Second"}  # what was to come after the first joining comes no more
    await town.wait(minutes=30)
    assert "Regular" in gus.role_names
    await town.says(town.admin, "!autorole remove Second")
    await town.give_permission(town.guild, "ban_members", of=town.guild.role("Newcomer"))
    await town.join(town.outsider("dora"))
    await town.join(town.outsider("emil"))
    assert len([one for one in town.messages(town.owner) if "nobody agreed" in one]) == 1
    removed = await town.says(town.admin, "!autorole remove Newcomer")
    assert "don't get" in removed
