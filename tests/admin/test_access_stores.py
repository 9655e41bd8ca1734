"""What is stored of rules, blocks and aliases."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from database.access_blocks import AccessBlocksStore, BotBlock, ServerBlock
from database.command_aliases import CommandAlias, CommandAliasesStore
from database.manager import DatabaseManager
from database.permission_rules import PermissionRule, PermissionRulesStore
from utils.access import Blocks

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RULE = PermissionRule(1, "command:ping", "role", 7, True, 5, NOW)


async def test_a_rule_takes_the_place_of_the_one_before(db: DatabaseManager):
    store = PermissionRulesStore(db)
    others = [replace(RULE, target_id=8, target_kind="channel"), replace(RULE, guild_id=2)]
    await store.set([RULE, *others])
    denied = replace(RULE, allows=False, set_by=6)
    await store.set([denied])
    assert sorted(await store.all(), key=str) == sorted([denied, *others], key=str)
    await store.remove([denied, denied])
    assert await store.of_guild(1) == [others[0]]
    await store.replace(1, [RULE])
    assert await store.of_guild(1) == [RULE]
    assert await store.of_guild(2) == [others[1]]


async def test_blocks_that_are_over_go(db: DatabaseManager):
    store = AccessBlocksStore(db)
    for_good = ServerBlock(1, 5, 9, NOW, None, "spam")
    a_while = ServerBlock(1, 6, None, NOW, NOW + timedelta(hours=1))
    await store.block(replace(for_good, reason="another"))
    await store.block(for_good)
    await store.block(a_while)
    assert sorted(await store.of_servers(NOW), key=str) == sorted([for_good, a_while], key=str)
    assert await store.of_servers(NOW + timedelta(hours=1)) == [for_good]
    assert await store.of_servers(NOW) == [for_good]
    await store.unblock(1, 5)
    assert await store.of_servers(NOW) == []


async def test_blocks_everywhere(db: DatabaseManager):
    store = AccessBlocksStore(db)
    person, guild = BotBlock("user", 5, 9, NOW, "spam"), BotBlock("guild", 5, 9, NOW)
    assert [await store.block_everywhere(one) for one in (person, guild, person, guild)] == [True, True, False, False]
    assert await store.everywhere() == [person, guild]
    await store.unblock_everywhere(person)
    assert await store.everywhere() == [guild]
    await store.unblock_everywhere(guild)
    assert await store.everywhere() == []


async def test_aliases(db: DatabaseManager):
    store = CommandAliasesStore(db)
    one = CommandAlias(1, "hush", "timeout {1} 1h", 5, NOW)
    assert [await store.add(one), await store.add(one), await store.add(replace(one, guild_id=2))] == [
        True,
        False,
        True,
    ]
    changed = replace(one, text="ping", made_by=6)
    assert await store.change(changed)
    assert changed in await store.all()
    await store.replace(1, [replace(one, name="p")])
    assert sorted(each.name for each in await store.all()) == ["hush", "p"]
    await store.remove(2, "hush")
    assert [each.name for each in await store.all()] == ["p"]
    assert not await store.change(changed)


async def test_what_is_blocked_while_all_is_read_again_stays(db: DatabaseManager):
    blocks = Blocks(AccessBlocksStore(db))
    ids = range(1, 21)
    added = [blocks.block(ServerBlock(1, user_id, 9, NOW)) for user_id in ids]
    await asyncio.gather(*added[:10], blocks.load(), *added[10:], blocks.load())
    assert {one.user_id for one in blocks.of_server(1)} == set(ids)
