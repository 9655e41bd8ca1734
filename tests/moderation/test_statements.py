"""How often moderation asks the database: never for chat, once for who joins, and the same however long a list is."""

import pytest

from tests.moderation.case_help import given_case
from tests.moderation.deeds import ALL, Deed, prepare
from tests.support.town import Town

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.town(languages=("en",))]

MOST = 30
"""Statements of one thing that a moderator does."""


async def test_chat_costs_nothing(town: Town):
    with town.sql_statements() as seen:
        await town.says(town.ann, "hello everybody")
        await town.edits(town.ann, "hello, everybody")
        await town.deletes(town.ann)
    assert seen == []


async def test_who_joins_costs_one_for_each_topic(town: Town):
    await town.leave(town.ann)
    await town.settle()
    with town.sql_statements() as seen:
        await town.join(town.ann)
        await town.settle()
    assert sorted(statement.split(" FROM ")[1].split()[0] for statement in seen) == [
        "accounts", "board_ratings", "sanctions", "shop_roles", "standings", "trivia_scores"
    ]  # fmt: skip


async def test_who_leaves_costs_one_for_each_topic(town: Town):
    with town.sql_statements() as seen:
        await town.leave(town.ann)
        await town.settle()
    assert sorted(statement.split(" FROM ")[1].split()[0] for statement in seen) == [
        "accounts", "board_ratings", "standings", "tickets", "trivia_scores"
    ]  # fmt: skip


@pytest.mark.parametrize("deed", ALL, ids=str)
async def test_what_a_deed_costs(town: Town, deed: Deed):
    await prepare(town, deed)
    with town.sql_statements() as seen:
        assert "Case **" in await town.says(town.admin, deed.words)
    assert len(seen) <= MOST, "\n".join(seen)


@pytest.mark.parametrize("words", ["history bob", "cases", "modstats", "case 1", "cases export json"])
async def test_a_longer_list_costs_no_more(town: Town, words: str):
    costs = []
    await town.says(town.admin, "!cases", channel=town.private)  # what is kept in memory about who asks
    for count in (3, 40):
        for _case in range(count):
            await given_case(town)
        with town.sql_statements() as seen:
            await town.says(town.admin, f"!{words}", channel=town.private)
        costs.append(len(seen))
    assert costs[0] == costs[1]


async def test_locking_more_channels_costs_one_each(town: Town):
    costs = []
    for count in (5, 25):
        for number in range(count):
            town.channel(f"room-{count}-{number}")
        question = await town.says(town.admin, "!lock all")
        with town.sql_statements() as seen:
            await town.press(town.admin, question, "Yes")
        costs.append(len(seen))
        await town.says(town.admin, "!unlock all")
    assert costs[1] - costs[0] == 25
