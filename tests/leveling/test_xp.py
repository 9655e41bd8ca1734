"""Staff's commands for XP: giving, taking and setting it, beginning anew, and taking all of that back."""

import asyncio

import pytest

from cogs.leveling.xp import changing
from database.standing_snapshots import StandingSnapshotsStore
from database.standing_values import Gain, Standing
from database.standings import StandingsStore
from tests.support.town import Town

english = pytest.mark.town(languages=("en",))


class Standings:
    """What people in a test's town have."""

    def __init__(self, town):
        self.town = town
        self.store = StandingsStore(town.db)

    async def put(self, *standings):
        async with self.store.change(self.town.guild.id) as change:
            await change.put(standings)

    async def xp(self, person) -> int:
        return (await self.of(person)).xp

    async def of(self, person) -> Standing:
        return await self.store.get(self.town.guild.id, person.id)


@pytest.fixture
def standings(town):
    return Standings(town)


async def agrees(town, person, words, **more):
    """Somebody commands and says yes; what was asked and what is said then."""
    question = await town.says(person, words, **more)
    reaction = await town.press(person, question, "Yes")
    return question, reaction.reply


@english
async def test_one_person(town: Town, standings):
    said = await town.says(town.admin, "!xp give @ann 1.5k")
    assert said == f"{town.ann.mention} has 1,500 XP (level 5) now; it was 0 (level 0)."
    assert await town.redeliver() is None
    assert await standings.xp(town.ann) == 1_500
    assert "has 500 XP (level 3) now" in await town.says(town.admin, "!xp take ann 1,000")
    assert "has 0 XP (level 0) now" in await town.says(town.admin, "!xp take ann 1m")
    assert "has 0 XP (level 0) already" in await town.says(town.admin, "!xp take ann 5")
    assert "has 4,675 XP (level 10) now" in await town.says(town.admin, "!xp set @ann level 10")
    assert "(level 12) now" in await town.says(town.admin, "!xp give ann 2 levels")
    assert "has 100 XP (level 1) now" in await town.says(town.admin, "!xp set ada 100")  # oneself
    shown = await town.says(town.admin, "!xp")
    assert shown.fields["XP"] == "100"
    assert shown.fields["Next level"] == "0 of 155 XP, 155 to go"
    # Somebody who left is named by id, and isn't ranked.
    gone = town.outsider("gus")
    assert "has 300 XP" in await town.says(town.admin, f"!xp give {gone.id} 300")
    assert await standings.of(gone) == Standing(gone.id, 300, present=False)
    assert await town.db.fetchval("SELECT COUNT(*) FROM standing_snapshots") == 0


@english
async def test_what_is_refused(town: Town):
    town.guild.handle.add_member(town.outsider("robot", bot=True).handle)
    town.role("Nobodies")
    bots_role = town.guild.live.me.top_role.name
    for who, words, says in (
        (town.ann, "give @ann 5", "Manage Server"),
        (town.ann, "reset everyone", "Manage Server"),
        (town.ann, "restore", "Manage Server"),
        (town.admin, "give nobody 5", "I can't find a member or a role “nobody”"),
        (town.admin, "give ann", "Something is missing"),
        (town.admin, "give ann half", "isn't an amount"),
        (town.admin, "give ann 0", "An amount is at least 1."),
        (town.admin, "give ann -5", "without a minus"),
        (town.admin, "give ann 9999999999999999", "the most is 1,000,000,000,000,000 XP"),
        (town.admin, "set ann level 5000", "the highest level is 1,000"),
        (town.admin, "give ann 99999999999999999999999", "the most is 1,000,000,000,000,000 XP"),
        (town.admin, "give @robot 5", "Bots have no XP."),
        (town.admin, f"give {bots_role} 5", "Bots have no XP."),
        (town.admin, "give Nobodies 5", "Nobody has the role"),
        (town.admin, "reset ann", "There is nothing to reset"),
        (town.admin, "reset everyone", "There is nothing to reset"),
        (town.admin, "snapshots", "There are no snapshots yet"),
        (town.admin, "restore", "There is nothing to take back."),
        (town.admin, "restore 7", "There is no snapshot **#7**"),
        (town.admin, "restore x", "`x` is no snapshot"),
    ):
        assert says in (await town.says(who, f"!xp {words}")), words


async def test_many_people_and_back_again(town: Town, standings, monkeypatch):
    """Piece by piece, with bots left out; what they gather later stays on top when it is taken back."""
    monkeypatch.setattr(changing, "PIECE", 2)
    town.role("Helpers")
    with town.not_listening():
        people = [town.member(f"helper{number}", roles=["Helpers"]) for number in range(5)]
        robot = town.outsider("robot", bot=True)
        town.guild.handle.add_member(robot.handle, roles=[town.role("Helpers").handle])
    told = []
    town.bot.cogs["Xp"].leveling.watchers.append(told.extend)
    question = await town.says(town.admin, "!xp give Helpers 120")
    assert question == f"Give 120 XP to each of 5 members ({town.role('Helpers').mention})?"
    assert "Nothing was changed." in (await town.press(town.admin, question, "No")).reply
    _question, said = await agrees(town, town.admin, "!xp give Helpers 120")
    assert said.startswith("The XP of 5 members is changed.\n")
    assert f"{people[0].mention}: 0 → 120 XP" in said
    assert said.endswith("`!xp restore 1` takes it back.")
    assert sorted(move.user_id for move in told) == sorted(person.id for person in people)
    assert {(move.old_level, move.new_level, move.earned) for move in told} == {(0, 1, False)}
    assert await standings.xp(robot) == 0

    await standings.put(Standing(people[0].id, 200, messages=3), Standing(town.ann.id, 70))
    question, said = await agrees(town, town.admin, "!xp reset everyone")
    assert "Let 6 members (everyone) begin at zero?" in question
    assert "6 members begin at zero again." in said
    assert await standings.of(people[0]) == Standing(people[0].id)
    await standings.put(Standing(people[0].id, 15, messages=1))

    question, said = await agrees(town, town.admin, "!xp restore")
    assert "Take **#2** back" in question
    assert "- 6 members change\n- 6 members have more XP\n" in question
    assert "**#2** is taken back: the XP of 6 members is changed." in said
    assert await standings.of(people[0]) == Standing(people[0].id, 215, messages=4)
    assert await standings.xp(town.ann) == 70
    assert "**#2** was taken back already, by **#3**." in await town.says(town.admin, "!xp restore 2")

    _question, said = await agrees(town, town.admin, "!xp restore 3")
    assert await standings.xp(people[0]) == 15
    await agrees(town, town.admin, "!xp restore 2")
    await agrees(town, town.admin, "!xp restore")  # what was given first
    assert await standings.of(people[0]) == Standing(people[0].id, 95, messages=4)
    assert [await standings.xp(one) for one in people[1:]] == [0, 0, 0, 0]
    shown = await town.says(town.admin, "!xp snapshots")
    assert shown.count("**#") == 6 + 1
    assert "There is nothing to take back." in await town.says(town.admin, "!xp restore")


async def test_two_are_asked_the_same(town: Town, standings):
    """Two say yes to taking the same back, one after the other or at once; it happens once."""
    for at_once in (False, True):
        await standings.put(Standing(town.ann.id, 500))
        await agrees(town, town.admin, "!xp reset @ann")
        questions = [(one, await town.says(one, "!xp restore"), "Yes") for one in (town.admin, town.owner)]
        if at_once:
            await town.press_at_once(*questions)
        else:
            await town.press(*questions[0])
            assert "**#1** was taken back already, by **#2**." in (await town.press(*questions[1])).reply
        assert await standings.xp(town.ann) == 500
    assert len(await StandingSnapshotsStore(town.db).all(town.guild.id)) == 4


async def test_what_is_under_way_is_not_taken_back_in_part(town: Town, standings):
    await standings.put(Standing(town.ann.id, 500))
    await agrees(town, town.admin, "!xp reset @ann")
    under_way = town.bot.cogs["Xp"].backups.changing._turns.setdefault(town.guild.id, asyncio.Lock())
    async with under_way:
        assert "Other XP is being changed here" in await town.says(town.admin, "!xp restore")
    await agrees(town, town.admin, "!xp restore")
    assert await standings.xp(town.ann) == 500


async def test_a_reset_takes_the_week_and_a_restore_brings_it_back(town: Town, standings):
    today, store = town.bot.cogs["Xp"].leveling.today(town.guild.id), standings.store

    async def gains(xp):
        async with store.change(town.guild.id) as change:
            await change.add({town.ann.id: Gain(xp, 1)}, today=today)

    async def week():
        return [one.xp for one in await store.recent_top(town.guild.id, "week", today, limit=5)]

    await gains(50)
    await agrees(town, town.admin, "!xp reset everyone")
    assert await week() == []
    await gains(20)
    await agrees(town, town.admin, "!xp restore 1")
    assert (await standings.xp(town.ann), await week()) == (70, [70])
    await agrees(town, town.admin, "!xp restore 2")
    assert (await standings.xp(town.ann), await week()) == (20, [20])
    await agrees(town, town.admin, "!xp restore 1")
    assert (await standings.xp(town.ann), await week()) == (70, [70])


@pytest.mark.town(members=False)
async def test_without_the_members_intent(town: Town, standings):
    assert "runs without the members intent" in await town.says(town.admin, "!xp give everyone 5")
    await standings.put(Standing(town.ann.id, 70))
    await agrees(town, town.admin, "!xp reset everyone")
    assert await standings.xp(town.ann) == 0
