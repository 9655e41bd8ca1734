"""The database is lost at each step of an action: what the moderator reads, and what becomes of the case."""

import pytest

from cogs.moderation.kinds import KINDS
from tests.moderation.deeds import ALL, Deed, clocks, database_fails, in_force, prepare, the_cases
from tests.support.town import Town
from utils.events import ModAction

sqlite = pytest.mark.engines("sqlite")
english = pytest.mark.town(languages=("en",))
every_kind = pytest.mark.parametrize("deed", ALL, ids=str)

OPENS, SETTLES, TELLS, LOGS = "INSERT INTO cases", "SET status", "SET told", "SET log_channel_id"


@sqlite
@english
@every_kind
async def test_before_there_is_a_case(town: Town, deed: Deed):
    await prepare(town, deed)
    before = (await in_force(town), await clocks(town), await the_cases(town))
    town.forget_calls()
    with database_fails(town, OPENS):
        assert "I can't reach my database" in await town.says(town.admin, deed.words)
    assert (await in_force(town), await clocks(town), await the_cases(town)) == before
    assert [call.path for call in town.calls("[!G]*") if not call.path.endswith("/messages")] == []
    assert "Case **" in await town.says(town.admin, deed.words)


@english
@every_kind
async def test_after_the_action(town: Town, deed: Deed):
    """It is done: the moderator reads so, and a moment later the record does, too."""
    await prepare(town, deed)
    news = len(town.sent(ModAction))
    with database_fails(town, SETTLES):
        answer = await town.says(town.admin, deed.words)
    case = (await the_cases(town))[-1]
    assert (
        answer
        == f"It is done, but I couldn't write that down: case **{case['number']}** stays under way until I can."
    )
    assert case["status"] == "pending"
    await town.wait(seconds=11)
    case = (await the_cases(town))[-1]
    assert (case["kind"], case["status"]) == (deed.kind, "done")
    wanted = [] if deed.leaves is None else [(deed.leaves, case["number"], True)]
    assert await in_force(town) == wanted
    assert await clocks(town) == len(wanted)
    assert [one.kind for one in town.sent(ModAction)][news:] == [deed.kind]


@sqlite
@english
async def test_it_is_tried_until_the_database_is_back(town: Town):
    with database_fails(town, SETTLES):
        await town.says(town.moderator, "!ban @ann 2h spam")
        await town.wait(minutes=5)
        assert [case["status"] for case in await the_cases(town)] == ["pending"]
    await town.wait(minutes=10)
    assert [case["status"] for case in await the_cases(town)] == ["done"]
    await town.wait(hours=2)
    assert not town.ann.is_banned


@sqlite
@english
@pytest.mark.parametrize("deed", [deed for deed in ALL if deed.act], ids=str)
async def test_when_discord_refuses_as_well(town: Town, deed: Deed):
    """Why it failed is what the moderator has to know."""
    await prepare(town, deed)
    before = (await in_force(town), await clocks(town))
    town.refuse(*deed.act, status=403)
    with database_fails(town, SETTLES):
        assert "Discord doesn't let me" in await town.says(town.admin, deed.words)
    assert (await the_cases(town))[-1]["status"] == "pending"
    await town.wait(seconds=11)
    case = (await the_cases(town))[-1]
    assert (case["kind"], case["status"]) == (deed.kind, "failed")
    assert "Discord doesn't let me" in case["failure"]
    assert (await in_force(town), await clocks(town)) == before


@sqlite
@english
@pytest.mark.parametrize("deed", [deed for deed in ALL if KINDS[deed.kind].told], ids=str)
async def test_while_the_target_is_told(town: Town, deed: Deed):
    await prepare(town, deed)
    with database_fails(town, TELLS) as failed:
        assert "Case **" in await town.says(town.admin, deed.words)
    assert len(failed) == 1
    assert (await the_cases(town))[-1]["status"] == "done"
    assert len(town.messages(town.ann)) in {1, 2}


@sqlite
@english
@every_kind
async def test_while_the_case_is_logged(town: Town, deed: Deed):
    await prepare(town, deed)
    with database_fails(town, LOGS) as failed:
        assert "Case **" in await town.says(town.admin, deed.words)
    assert len(failed) == 1
    assert (await the_cases(town))[-1]["status"] == "done"


@sqlite
@english
async def test_the_file_of_a_purge_isnt_lost(town: Town):
    await prepare(town, next(deed for deed in ALL if deed.kind == "purge"))
    with database_fails(town, SETTLES):
        await town.says(town.admin, "!purge 3")
    assert [file.filename for file in town.last(town.private).message.attachments] == ["purge-1.txt"]
    assert town.last(town.private).fields["State"] == "under way"
    await town.wait(seconds=11)
    assert "State" not in town.last(town.private).fields


@sqlite
@english
async def test_what_a_warning_leads_to(town: Town):
    """The warning stands, and what it leads to was done: both are said."""
    await town.says(town.admin, "!escalation add 1 timeout 1h")
    question = await town.says(town.moderator, "!warn @ann")
    with database_fails(town, "INSERT INTO sanctions", times=1) as failed:
        reaction = await town.press(town.moderator, question, "Yes")
    assert len(failed) == 1
    assert "Warned" in reaction.replies[0]
    assert "It is done, but I couldn't write that down" in reaction.replies[0]
    await town.wait(seconds=11)
    assert [(case["kind"], case["status"]) for case in await the_cases(town)] == [
        ("warn", "done"),
        ("timeout", "done"),
    ]
    assert await in_force(town) == [("timeout", 2, True)]
