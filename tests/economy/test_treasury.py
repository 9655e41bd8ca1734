"""Giving and taking by staff, to one and to hundreds."""

import pytest

from tests.support.ledger import prove
from tests.support.town import Town

english = pytest.mark.town(languages=("en",))


async def agrees(town, person, words, *, reply_to=None):
    """Somebody commands and says yes; what is said then."""
    question = await town.says(person, words, reply_to=reply_to)
    reaction = await town.press(person, question, "Yes")
    return reaction.reply


async def test_giving_and_taking_from_one(town: Town, purse):
    said = await town.says(town.admin, "!economy give @ann 1k for the picture")
    assert said == f"{town.ann.mention} got 🪙 1,000 and has 🪙 1,100 in hand. That's operation **#1**."
    await town.restart(clean=False)
    assert await town.redeliver() is None
    await purse.give(town.ann, 400, pocket="bank")
    said = await town.says(town.admin, "!economy take @ann 1,200")
    assert said == f"Took 🪙 1,200 from {town.ann.mention}, who has 🪙 300 left. That's operation **#3**."
    assert await purse.of(town.ann) == (0, 300)
    assert "who had no more" in await town.says(town.admin, "!economy take @ann 5k")
    assert await town.says(town.admin, "!economy take @ann 1") == f"{town.ann.mention} has no coins to take."
    said = await town.says(town.admin, "!economy set @ann 50")
    assert said == f"{town.ann.mention} has 🪙 50 in hand now; it was 🪙 0. That's operation **#5**."
    assert "has 🪙 50 in hand already" in await town.says(town.admin, "!economy set @ann 50")
    assert await town.says(town.admin, "!economy set @ann 0") is not None
    assert await purse.of(town.ann) == (0, 0)
    assert await prove(town.db, town.guild.id) == 0


async def test_giving_to_a_role_of_three_hundred(town: Town, purse):
    """One operation for all of them, with bots left out; and taking it from everyone, who has less named."""
    helpers = town.role("Helpers")
    with town.not_listening():
        people = [town.member(f"helper{number}", roles=["Helpers"]) for number in range(300)]
        town.guild.handle.add_member(town.outsider("robot", bot=True).handle, roles=[helpers.handle])
    question = await town.says(town.admin, "!economy give Helpers 5 thanks")
    assert question == f"Give 🪙 5 to each of 300 members ({helpers.mention}), 🪙 1,500 together?"
    reaction = await town.press(town.admin, question, "Yes")
    assert reaction.reply == "300 members got 🪙 5 each, 🪙 1,500 together. That's operation **#1**."
    assert await purse.entries(people[7]) == [("opening", 100), ("give", 5)]
    assert await town.db.fetchval("SELECT COUNT(*) FROM operations") == 1
    assert await prove(town.db, town.guild.id) == 300 * 105
    # A revert takes all of it back, or nothing at all.
    await purse.give(people[1], -102)
    await purse.give(people[2], -104)
    refused = await agrees(town, town.admin, "!economy revert #1")
    assert "2 members have spent the coins" in refused
    assert f"{people[2].mention}: 🪙 4 missing\n{people[1].mention}: 🪙 2 missing" in refused
    assert await purse.of(people[0]) == (105, 0)
    question = await town.says(town.admin, "!economy take everyone 104")
    assert question.startswith(f"Take 🪙 {298 * 104 + 6 * 100 + 3 + 1:,} from 306 members together (everyone)?")
    assert "8 members have less than that, and lose all:" in question
    assert "Nothing was taken." in (await town.press(town.admin, question, "No")).reply
    taken = await agrees(town, town.admin, "!economy take Helpers 104")
    assert taken.startswith(f"Took 🪙 {298 * 104 + 3 + 1:,} from 300 members. That's operation **#4**.")
    assert f"- {people[1].mention}: 🪙 3\n- {people[2].mention}: 🪙 1" in taken
    assert (await purse.of(people[0]), await purse.of(people[1])) == ((1, 0), (0, 0))
    await agrees(town, town.admin, "!economy revert 4")
    assert (await purse.of(people[0]), await purse.of(people[1])) == ((105, 0), (3, 0))
    said = await agrees(town, town.admin, "!economy set Helpers 50 the same for all")
    assert said == "300 members have 🪙 50 each in hand now. That's operation **#6**."
    assert {await purse.of(person) for person in people[:3]} == {(50, 0)}
    assert "All of them have 🪙 50" in await agrees(town, town.admin, "!economy set Helpers 50")
    question = await town.says(town.admin, "!economy set everyone 0")
    assert question == "Let each of 306 members (everyone) have exactly 🪙 0 in hand?"
    assert "Nothing was changed." in (await town.press(town.admin, question, "No")).reply
    await prove(town.db, town.guild.id)


@pytest.mark.town(members=False)
async def test_without_the_members_intent(town: Town):
    assert "runs without the members intent" in await town.says(town.admin, "!economy give everyone 5")


async def test_discord_fails_while_it_lists_the_members(town: Town):
    town.refuse("GET", "*/members*")
    assert "Discord doesn't let me do this" in await town.says(town.admin, "!economy give everyone 5")
    town.refuse_no_more()
    assert await town.db.fetchval("SELECT COUNT(*) FROM operations") == 0


@english
async def test_what_is_refused(town: Town, purse):
    for who, words, says in (
        (town.ann, "give @ann 5", "Manage Server"),
        (town.admin, "give nobody 5", "I can't find a member or a role “nobody”"),
        (town.admin, "give ann half", "Write how many coins"),
        (town.admin, "give ann 0", "An amount is at least 1."),
        (town.admin, "give ann -5", "isn't an amount"),
        (town.admin, "give ann 9999999999999999", "That's too much"),
        (town.admin, "give ann 1000000000000000", "That's more than"),
        (town.admin, "give Nobodies 5", "Nobody has the role"),
        (town.admin, "set ann half", "Write how many coins"),
        (town.admin, "", "Say what to do"),
        (town.ann, "", "Manage Server"),
        (town.ann, "nonsense", "Manage Server"),
        (town.admin, "revert x", "as `!economy history` shows it"),
        (town.admin, "revert", "Which operation?"),
        (town.admin, "revert 7", "There is no operation **#7**."),
        (town.admin, "restore 1", "**#1** is no reset. `!economy history kind:reset` shows them."),
        (town.admin, "history kind:spells", "No coins move for “spells”"),
        (town.admin, "history since:soon", "as a time gone by"),
        (town.admin, "history", "No coins moved that fit."),
    ):
        if words == "give Nobodies 5":
            town.role("Nobodies")
        assert says in (await town.says(who, f"!economy {words}")), words
    town.member("admin")  # as the role is called
    assert "could be a member or a role" in await town.says(town.admin, "!economy give admin 5")
    town.guild.handle.add_member(town.outsider("robot", bot=True).handle)
    assert await town.says(town.admin, "!economy give @robot 5") == "Bots have no coins."
    assert await town.db.fetchval("SELECT COUNT(*) FROM operations") == 0
