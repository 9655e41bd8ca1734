"""Exporting and erasing by the declarations: the tables, on both engines."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cogs.admin.privacy.personal_data import PERSONAL_DATA as ADMIN
from cogs.economy.personal_data import PERSONAL_DATA as ECONOMY
from cogs.fun.personal_data import PERSONAL_DATA as FUN
from cogs.leveling.personal_data import PERSONAL_DATA as LEVELING
from cogs.moderation.personal_data import PERSONAL_DATA as MODERATION
from cogs.utility.personal_data import PERSONAL_DATA as UTILITY
from database.case_erasure import anonymised
from database.economy import Cause, EconomyStore, NewOperation, Posting
from database.economy_audit import AuditStore
from database.manager import DatabaseManager
from database.moderation import CasesStore, NewCase, Sanction, SanctionsStore
from database.personal_data import ErasureRequest, PersonalDataStore
from database.personal_tables import stand_in_name
from database.standing_values import Gain
from database.standings import StandingsStore
from database.timers import TimersStore
from database.wagers import WagersStore
from tests.support.ledger import prove
from tests.support.standings import prove_standings

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TOWN, VILLAGE = 1, 2
ANN, BOB, MONA = 111_111_111_111_111_111, 222_222_222_222_222_222, 333_333_333_333_333_333
STAND_IN = 4711
ALL = (*ECONOMY, *FUN, *LEVELING, *MODERATION, *UTILITY, *ADMIN)


def store_of(db: DatabaseManager) -> PersonalDataStore:
    tables = [table for one in ALL for table in one.tables]
    return PersonalDataStore(db, tables, dict.fromkeys(eraser for one in ALL for eraser in one.erasers))


def request(**fields: Any) -> ErasureRequest:
    return replace(ErasureRequest(ANN, STAND_IN, NOW, NOW), **fields)


async def moves(db: DatabaseManager, guild_id: int, kind: str, *postings: Posting) -> None:
    new = NewOperation(guild_id, kind, Cause("message"), postings[0].user_id, NOW, reason="for ann")
    async with EconomyStore(db).operation(new) as operation:
        await operation.post(*postings)


async def case_of(db: DatabaseManager, **fields: Any) -> Any:
    cases = CasesStore(db)
    new = NewCase(
        **{
            "guild_id": TOWN, "kind": "warn", "source": "command", "moderator_name": "mona", "opened_at": NOW,
            "target_id": ANN, "target_name": "ann", "moderator_id": MONA, "reason": f"ann <@{ANN}> spams", **fields,
        }
    )  # fmt: skip
    return await cases.settle(await cases.open(new), "done", NOW)


# --- coins and XP -----------------------------------------------------------------------------------------


async def test_the_books_stay_proven(db: DatabaseManager):
    await moves(db, TOWN, "work", Posting(ANN, 500), Posting(BOB, 500))
    await moves(db, TOWN, "pay", Posting(ANN, -50, counterparty_id=BOB), Posting(BOB, 50, counterparty_id=ANN))
    await moves(db, TOWN, "deposit", Posting(ANN, -100), Posting(ANN, 100, "bank"))
    await moves(db, VILLAGE, "work", Posting(ANN, 7))
    bets = NewOperation(TOWN, "bet", Cause("message"), ANN, NOW)
    async with EconomyStore(db).operation(bets) as operation:  # a game that goes on
        await operation.post(Posting(ANN, -30), Posting(BOB, -30))
        for player in (ANN, BOB):
            assert await WagersStore(db).open(operation, player, "duel", 30, match_id=9) is not None
    assert not await store_of(db).erase(request())
    for guild_id in (TOWN, VILLAGE):
        await prove(db, guild_id)
        async for step in AuditStore(db).steps(guild_id):
            assert not step.breaks
    bob = await EconomyStore(db).account(TOWN, BOB)
    nobody = await EconomyStore(db).account(TOWN, STAND_IN)
    assert bob is not None
    assert nobody is not None
    assert (bob.total, nobody.total) == (550, 0), "the bet is given back, ann's coins are gone"
    assert await EconomyStore(db).account(TOWN, ANN) is None
    assert [one.user_id for one in await EconomyStore(db).richest(TOWN, limit=9)] == [BOB]
    assert set(await store_of(db).export(ANN)) == {"recent_erasures"}
    assert (await store_of(db).counts(BOB))["ledger"] == 4


async def test_others_may_go_on_meanwhile(db: DatabaseManager):
    bank, standings = EconomyStore(db), StandingsStore(db)

    async def pays(number: int) -> None:
        guild_id = TOWN + number % 2
        new = NewOperation(guild_id, "work", Cause("message", number), BOB, NOW)
        async with bank.operation(new) as operation:
            await operation.post(Posting(ANN, 5), Posting(BOB, 5))

    async def chats(number: int) -> None:
        guild_id = TOWN + number % 2
        await standings.add_batch(guild_id, number, {ANN: Gain(5, 1), BOB: Gain(5, 1)}, today=date(2026, 1, 1))

    await asyncio.gather(*(pays(number) for number in range(4)), *(chats(number) for number in range(4)))
    await asyncio.gather(
        *(pays(number) for number in range(4, 16)),
        store_of(db).erase(request()),
        *(chats(number) for number in range(4, 16)),
        store_of(db).erase(replace(request(), user_id=MONA, stand_in=STAND_IN + 1)),
    )
    for guild_id in (TOWN, VILLAGE):
        await prove(db, guild_id)
        await prove_standings(db, guild_id)
        bob = await bank.account(guild_id, BOB)
        assert bob is not None
        assert bob.total == 8 * 5
        assert (await standings.get(guild_id, BOB)).xp == 8 * 5


async def test_standings_are_counted_nowhere(db: DatabaseManager):
    standings = StandingsStore(db)
    gains = {ANN: Gain(100, 3, 2), BOB: Gain(50, 1, 0)}
    await standings.add_batch(TOWN, 1, gains, today=date(2026, 1, 1))
    await standings.add_batch(VILLAGE, 2, gains, today=date(2026, 1, 1))
    assert (await store_of(db).export(ANN, TOWN))["standings"][0]["xp"] == 100
    await store_of(db).erase(request(guild_id=TOWN))
    assert await prove_standings(db, TOWN) == 1
    assert (await standings.get(TOWN, ANN)).is_empty
    assert await standings.rank(TOWN, 50) == 1
    assert (await standings.get(VILLAGE, ANN)).xp == 100, "the other server wasn't meant"
    await store_of(db).erase(request())
    assert await prove_standings(db, VILLAGE) == 1


async def test_nobody_votes_twice(db: DatabaseManager):
    for number, status in enumerate(("open", "approved"), start=1):
        await db.execute(
            "INSERT INTO suggestions (id, guild_id, number, author_id, text, anonymous, status, created_at)"
            " VALUES ($1, $2, $1, $3, 'cake', FALSE, $4, $5)", number, TOWN, BOB, status, NOW,
        )  # fmt: skip
        for voter in (ANN, BOB):
            await db.execute("INSERT INTO suggestion_votes VALUES ($1, $2, TRUE)", number, voter)
    await store_of(db).erase(request(guild_id=VILLAGE))
    assert (await store_of(db).counts(ANN))["suggestion_votes"] == 2
    await store_of(db).erase(request(guild_id=TOWN))
    rows = await db.fetchall("SELECT suggestion_id, user_id FROM suggestion_votes ORDER BY suggestion_id, user_id")
    assert [(row["suggestion_id"], row["user_id"]) for row in rows] == [(1, BOB), (2, STAND_IN), (2, BOB)]
    assert await store_of(db).erased_since(ANN, TOWN, NOW - DAY) == NOW
    assert await store_of(db).erased_since(ANN, None, NOW - DAY) is None, "it was in single servers"
    await store_of(db).forget_erased(NOW)
    assert await store_of(db).erased_since(ANN, TOWN, NOW - DAY) is None


# --- what moderators did ----------------------------------------------------------------------------------


async def test_cases_keep_their_numbers_and_lose_the_person(db: DatabaseManager):
    old = await case_of(db, details={"authors": [[ANN, "ann", 3]], "note": f"{ANN}"}, state_before={"nick": "Annie"})
    purge = await case_of(
        db, target_id=None, target_name=None, kind="purge", details={"authors": [[ANN, "ann", 3], [BOB, "bob", 1]]}
    )
    by_ann = await case_of(db, target_id=BOB, target_name="bob", moderator_id=ANN, moderator_name="ann", reason="x")
    await CasesStore(db).amend(old, {"reason": f"<@{ANN}> is ann"}, by=ANN, at=NOW)
    assert not await store_of(db).erase(request())
    name = stand_in_name(STAND_IN)
    found = {case.number: case for case in await CasesStore(db).numbered(TOWN, [1, 2, 3])}
    assert (found[1].target_id, found[1].target_name, found[1].moderator_name) == (STAND_IN, name, "mona")
    assert found[1].reason == f"<@{STAND_IN}> is {name}"
    assert found[1].details == {"authors": [[STAND_IN, name, 3]], "note": str(STAND_IN)}
    assert found[1].state_before == {"nick": None}
    assert found[purge.number].details == {"authors": [[STAND_IN, name, 3], [BOB, "bob", 1]]}
    assert (found[by_ann.number].moderator_id, found[by_ann.number].moderator_name) == (STAND_IN, name)
    assert found[by_ann.number].target_name == "bob"
    (change,) = await CasesStore(db).changes(TOWN, 1)
    assert (change.changed_by, str(ANN) in f"{change.old_value}{change.new_value}") == (STAND_IN, False)
    assert "ann" not in str(await db.fetchval("SELECT search_text FROM cases WHERE number = 1"))


async def test_what_is_in_force_stays_until_it_ends(db: DatabaseManager):
    ban = await case_of(db, kind="ban", ends_at=NOW + DAY)
    warning = await case_of(db, points=1, ends_at=NOW + 90 * DAY)
    timer_id = await TimersStore(db).add("sanction_timer", NOW + DAY, guild_id=TOWN, user_id=ANN, payload={})
    other_id = await TimersStore(db).add("auto_role_timer", NOW + DAY, guild_id=TOWN, user_id=ANN, payload={})
    sanction = Sanction(TOWN, ANN, "ban", ban.number, NOW + DAY, timer_id)
    await SanctionsStore(db).put(sanction)
    assert await store_of(db).erase(request())
    assert await TimersStore(db).get(timer_id) is not None, "it has to end"
    assert await TimersStore(db).get(other_id) is None
    kept = await CasesStore(db).numbered(TOWN, [ban.number, warning.number])
    assert [case.target_id for case in kept] == [ANN, ANN]
    # The ban ends, by a case of its own; somebody is warned again.
    await SanctionsStore(db).remove(sanction)
    unban = await case_of(db, kind="unban", source="timer", parent=ban.number, opened_at=NOW + DAY)
    newer = await case_of(db, opened_at=NOW + 2 * DAY)
    (pending,) = await store_of(db).pending()
    assert await store_of(db).finish(pending, NOW + 2 * DAY), "the warning still counts"
    numbers = [ban.number, warning.number, unban.number, newer.number]
    found = await CasesStore(db).numbered(TOWN, numbers)
    assert [case.target_id for case in found] == [STAND_IN, ANN, STAND_IN, ANN]
    (pending,) = await store_of(db).pending()
    assert not await store_of(db).finish(pending, NOW + 91 * DAY)
    found = await CasesStore(db).numbered(TOWN, numbers)
    assert [case.target_id for case in found] == [STAND_IN, STAND_IN, STAND_IN, ANN], "what came later is new"
    assert await store_of(db).pending() == []


async def test_of_deleted_accounts_warnings_go_at_once(db: DatabaseManager):
    await case_of(db, points=1)
    ban = await case_of(db, kind="ban")
    await SanctionsStore(db).put(Sanction(TOWN, ANN, "ban", ban.number))
    for table in ("server_blocks", "ticket_blocks"):
        await db.execute(
            f"INSERT INTO {table} (guild_id, user_id, blocked_by, blocked_at) VALUES ($1, $2, $3, $4)",
            TOWN, ANN, MONA, NOW,
        )  # fmt: skip
    assert await store_of(db).erase(request()), "what is held against somebody stays"
    assert set(await store_of(db).counts(ANN)) >= {"cases", "sanctions", "server_blocks", "ticket_blocks"}
    assert not await store_of(db).erase(request(strict=True)), "but nobody comes back to a deleted account"
    assert await store_of(db).counts(ANN) == {}
    assert not await store_of(db).is_named(ANN)
    assert await db.fetchval("SELECT COUNT(*) FROM cases WHERE target_id = $1", STAND_IN) == 2


# --- pure -------------------------------------------------------------------------------------------------

remembered = st.recursive(
    st.none() | st.booleans() | st.sampled_from([ANN, BOB, 5, str(ANN), f"<@{ANN}>", "text"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", str(ANN), "nick"]), inner),
    max_leaves=20,
)


@given(remembered, st.booleans())
def test_no_id_is_left_of_what_a_case_remembers(value: Any, own: bool):
    left = anonymised(value, ANN, STAND_IN, own=own)
    assert str(ANN) not in repr(left)
    assert repr(left).count(str(BOB)) <= repr(value).count(str(BOB))
    assert anonymised(left, ANN, STAND_IN, own=own) == left
