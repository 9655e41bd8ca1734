"""What the server log keeps: bodies of messages, members, and logs that can't be written."""

from datetime import UTC, datetime, timedelta

from discord.utils import time_snowflake

from database.bulk_roles import BulkRoleRun, BulkRolesStore
from database.manager import DatabaseManager
from database.server_log import Body, MessageBodiesStore, SeenMember, SeenMembersStore, ServerLogTroublesStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HERE, ELSEWHERE = 10, 11


async def test_bodies_are_found_changed_and_forgotten(db: DatabaseManager):
    store = MessageBodiesStore(db)
    ids = [time_snowflake(NOW + timedelta(seconds=number)) for number in range(250)]
    bodies = {one: Body(1, 2, is_shown=True, text=f"text {one}", files=("a.txt (1 kB)",)) for one in ids}
    await store.keep(HERE, bodies)
    await store.keep(ELSEWHERE, {5: Body(1, 2, is_shown=False, text="")})
    assert await store.get(HERE, [*ids, 999]) == bodies
    assert await store.get(ELSEWHERE, ids) == {}
    assert await store.get(HERE, []) == {}
    await store.keep(HERE, {ids[0]: Body(1, 2, is_shown=True, text="changed")})
    assert (await store.get(HERE, ids[:1]))[ids[0]] == Body(1, 2, is_shown=True, text="changed")
    await store.forget(ids[:1])
    assert await store.forget_before(NOW + timedelta(seconds=100)) == 99 + 1, "the other guild's is old, too"
    assert await store.forget_beyond(HERE, 50) == 100
    assert set(await store.get(HERE, ids)) == set(ids[200:])
    assert await store.forget_beyond(HERE, 50) == 0
    await store.forget_guild(HERE)
    assert await store.get(HERE, ids) == {}


async def test_members_are_told_as_they_were_before(db: DatabaseManager):
    store = SeenMembersStore(db)
    first = SeenMember(NOW, (1, 2), "ann", None)
    assert await store.see(HERE, {7: first}) == {}
    second = SeenMember(None, (), "anna", "https://cdn.example/a.png")
    assert await store.see(HERE, {7: second, 8: first}) == {7: first}
    await store.change_roles(HERE, 8, {5}, {1})
    await store.change_roles(HERE, 9, {5}, {1})
    assert await store.of(HERE, [7, 8, 9]) == {7: second, 8: SeenMember(NOW, (2, 5), "ann", None)}
    assert await store.of(ELSEWHERE, [7]) == {}
    await store.forget(HERE, [7])
    assert set(await store.of(HERE, [7, 8])) == {8}
    await store.forget_guild(HERE)
    assert await store.of(HERE, [8]) == {}


async def test_a_trouble_is_news_once(db: DatabaseManager):
    store = ServerLogTroublesStore(db)
    assert await store.add(HERE, 1)
    assert not await store.add(HERE, 1)
    assert await store.all() == {1}
    await store.remove(HERE, 1)
    assert await store.add(HERE, 1)


async def test_one_run_of_a_guild_at_a_time(db: DatabaseManager):
    store = BulkRolesStore(db)
    run = BulkRoleRun(1, HERE, 2, None, 3, 4, True, {"kind": "all"}, 100)
    assert await store.begin(run)
    assert not await store.begin(BulkRoleRun(2, HERE, 2, None, 3, 4, False, {"kind": "bots"}, 5))
    assert not await store.begin(run), "Discord delivered the command twice"
    await store.progress(1, 30, 2)
    assert await store.under_way() == [BulkRoleRun(1, HERE, 2, None, 3, 4, True, {"kind": "all"}, 100, 30, 2)]
    assert await store.of_guild(ELSEWHERE) is None
    assert await store.end(1)
    assert not await store.end(1)
    assert await store.of_guild(HERE) is None
