"""Whatever a moderator does: Discord refuses, the target leaves, the process dies, the message comes twice."""

from typing import Any

import pytest

from cogs.moderation.actions import Action
from cogs.moderation.kinds import KINDS
from tests.moderation.deeds import (
    ALL,
    TO_PEOPLE,
    Deed,
    at_the_call,
    clocks,
    in_force,
    leaves_at_once,
    prepare,
    the_cases,
)
from tests.support.town import Town
from utils.events import ModAction

# Each kind by itself is tested on both engines; this is a matrix of all of them.
pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.town(languages=("en",))]

sqlite = pytest.mark.engines("sqlite")
english = pytest.mark.town(languages=("en",))
every_kind = pytest.mark.parametrize("deed", ALL, ids=str)
every_kind_with_a_call = pytest.mark.parametrize("deed", [deed for deed in ALL if deed.act], ids=str)


def test_all_kinds_are_here():
    assert {deed.kind for deed in TO_PEOPLE} >= set(Action.by_kind)


# --- Discord refuses ---------------------------------------------------------------------------------------


@sqlite
@every_kind_with_a_call
async def test_discord_refuses_the_action(town: Town, deed: Deed):
    await prepare(town, deed)
    before = (await in_force(town), await clocks(town), len(await the_cases(town)), len(town.sent(ModAction)))
    for attempt, (status, says) in enumerate(((500, "(500)"), (403, "doesn't let me"), (404, "any more")), 1):
        town.refuse(*deed.act, status=status)
        answer = await town.says(town.admin, deed.words)
        case = (await the_cases(town))[-1]
        assert (case["kind"], case["status"]) == (deed.kind, "failed")
        assert says in case["failure"]
        assert says in answer
        assert says in town.last(town.private).fields["State"]
        after = (await in_force(town), await clocks(town), len(await the_cases(town)), len(town.sent(ModAction)))
        assert after == (*before[:2], before[2] + attempt, before[3])
    assert "Case **" in await town.says(town.admin, deed.words)
    assert (await the_cases(town))[-1]["status"] == "done"
    assert [news.kind for news in town.sent(ModAction)][before[3] :] == [deed.kind]


@sqlite
@english
@pytest.mark.parametrize("deed", [deed for deed in ALL if deed.asks], ids=str)
async def test_discord_refuses_what_is_asked_before(town: Town, deed: Deed):
    await prepare(town, deed)
    before = (await in_force(town), len(await the_cases(town)))
    town.refuse("GET", deed.asks, status=500)
    assert "rror" in await town.says(town.admin, deed.words) or "trouble" in town.last()
    assert (await in_force(town), len(await the_cases(town))) == before
    assert "Case **" in await town.says(town.admin, deed.words)


@sqlite
@english
@pytest.mark.parametrize("deed", [deed for deed in ALL if KINDS[deed.kind].told], ids=str)
async def test_closed_direct_messages_stop_nothing(town: Town, deed: Deed):
    await prepare(town, deed)
    town.close_dms(town.ann)
    assert "their direct messages are closed" in await town.says(town.admin, deed.words)
    case = (await the_cases(town))[-1]
    assert (case["kind"], case["status"], case["told"]) == (deed.kind, "done", "closed")


@sqlite
@english
@pytest.mark.parametrize("deed", [deed for deed in ALL if KINDS[deed.kind].told], ids=str)
async def test_trouble_with_direct_messages_stops_nothing(town: Town, deed: Deed):
    await prepare(town, deed)
    town.refuse("POST", f"/channels/{town.ann.dm.id}/messages", status=500)
    assert "They weren't told: Discord has trouble" in await town.says(town.admin, deed.words)
    case = (await the_cases(town))[-1]
    assert (case["kind"], case["status"], case["told"]) == (deed.kind, "done", None)


@sqlite
@english
@every_kind
async def test_trouble_with_the_log_stops_nothing(town: Town, deed: Deed):
    await prepare(town, deed)
    log = f"/channels/{town.private.id}/messages"
    shown = len(town.messages(town.private))
    town.refuse("POST", log, status=500)
    assert "Case **" in await town.says(town.admin, deed.words)
    case = (await the_cases(town))[-1]
    assert (case["kind"], case["status"]) == (deed.kind, "done")
    # What is missing there is shown with the next one; an undo changes the embed of what it undoes right away.
    assert len(town.messages(town.private)) == shown + (deed.kind == "undo")
    # What changes about it is shown then, or not, but never stops the change.
    await town.says(town.admin, "!reason latest second thoughts")
    assert "second thoughts" in town.last(town.private).fields["Reason"]
    town.refuse("PATCH", f"{log}/*", status=500)
    assert "has a new reason" in await town.says(town.admin, "!reason latest third thoughts")
    assert (await the_cases(town))[-1]["reason"] == "third thoughts"


@sqlite
@english
@pytest.mark.parametrize("cut", ["before", "after"])
@pytest.mark.parametrize("deed", [deed for deed in TO_PEOPLE if deed.act and not deed.unknown], ids=str)
async def test_no_answer_comes(town: Town, deed: Deed, cut: str):
    """Whether it was done shows in Discord, so nobody is told the opposite."""
    await prepare(town, deed)
    heard = len(town.messages(town.ann))
    with at_the_call(town, *deed.act, cut=cut):
        answer = await town.says(town.admin, deed.words)
    case = (await the_cases(town))[-1]
    if cut == "before":
        assert (case["kind"], case["status"]) == (deed.kind, "failed")
        assert "Discord can't be reached" in answer
        return
    assert (case["kind"], case["status"]) == (deed.kind, "done")
    assert "Case **" in answer
    assert "didn't happen" not in "".join(map(str, town.messages(town.ann)[heard:]))


@sqlite
@english
async def test_a_softban_whose_end_gets_no_answer(town: Town):
    with at_the_call(town, "DELETE", "/guilds/*/bans/*", cut="before"):
        assert "is banned, but" in await town.says(town.moderator, "!softban @ann")
    assert (await the_cases(town))[-1]["status"] == "failed"
    assert len(town.messages(town.ann)) == 1  # nobody tells them that nothing has changed


# --- The target leaves in between --------------------------------------------------------------------------


@sqlite
@english
@pytest.mark.parametrize("deed", [deed for deed in TO_PEOPLE if deed.act], ids=str)
async def test_the_target_leaves_in_between(town: Town, deed: Deed):
    await prepare(town, deed)
    method, path = deed.act
    with at_the_call(town, method, path, before=leaves_at_once(town, town.ann)):
        answer = await town.says(town.admin, deed.words)
    case = (await the_cases(town))[-1]
    assert case["kind"] == deed.kind
    if deed.kind in {"ban", "softban", "unban"}:
        assert case["status"] == "done"
        return
    assert case["status"] == "failed"
    assert "Discord doesn't know them any more" in answer
    assert deed.leaves not in [kind for kind, _number, _clock in await in_force(town)]


# --- The process dies in between ---------------------------------------------------------------------------


@sqlite
@english
@every_kind_with_a_call
async def test_killed_between_case_and_action(town: Town, deed: Deed):
    await prepare(town, deed)
    before = (await in_force(town), await clocks(town))
    with at_the_call(town, *deed.act, dies="before"):
        await town.says(town.admin, deed.words)
    assert (await the_cases(town))[-1]["status"] == "pending"
    await town.wait(seconds=1)
    await town.restart(clean=False)
    await town.wait(seconds=1)
    case = (await the_cases(town))[-1]
    assert (case["kind"], case["status"]) == (deed.kind, "failed")
    assert ("please look yourself" if deed.unknown else "I was stopped before this was done") in case["failure"]
    assert case["failure"] in town.last(town.private).fields["State"]
    assert (await in_force(town), await clocks(town)) == before
    assert "Case **" in await town.says(town.admin, deed.words)


@english
@every_kind_with_a_call
async def test_killed_between_action_and_settlement(town: Town, deed: Deed):
    await prepare(town, deed)
    if deed.kind == "lock":  # which makes two calls
        deed = Deed("lock", deed.words, ("PUT", f"/channels/*/permissions/{town.guild.id}"), leaves="lock")
    before = len(town.sent(ModAction))
    with at_the_call(town, *deed.act, dies="after"):
        await town.says(town.admin, deed.words)
    case = (await the_cases(town))[-1]
    assert case["status"] == "pending"
    await town.wait(seconds=1)
    await town.restart(clean=False)
    await town.wait(seconds=1)
    case = (await the_cases(town))[-1]
    if deed.unknown:
        assert case["status"] == "failed"
        assert "please look yourself" in case["failure"]
        return
    assert (case["kind"], case["status"], case["failure"]) == (deed.kind, "done", None)
    assert [news.kind for news in town.sent(ModAction)][before:] == [deed.kind]
    wanted = [] if deed.leaves is None else [(deed.leaves, case["number"], True)]
    assert await in_force(town) == wanted
    assert await clocks(town) == len(wanted)


# --- The same message twice --------------------------------------------------------------------------------


@english
@every_kind
async def test_the_same_message_twice(town: Town, deed: Deed):
    await prepare(town, deed)
    delivered: dict[int, Any] = {}
    with at_the_call(town, "POST", "*", before=lambda: delivered.update(town.env.backend.messages[town.general.id])):
        await town.says(town.admin, deed.words)
    said, cases = town.last_said, await the_cases(town)
    assert cases[-1]["status"] == "done"
    await town.wait(seconds=1)
    await town.restart(clean=False)  # the new process remembers no messages
    town.forget_calls()
    if deed.kind == "purge":  # it deleted its own message, too
        town.env.backend.announce_message_create(delivered[said.id])
        await town.settle()
    else:
        answer = await town.redeliver(said)
        # Whoever is out already isn't found by name any more, and what is undone needs no undoing.
        assert answer is None or deed.kind in {"kick", "ban", "softban", "unban", "undo"}
    assert await the_cases(town) == cases
    assert [call.path for call in town.calls("[!G]*") if not call.path.endswith("/messages")] == []
