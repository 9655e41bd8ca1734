"""`todo`: a list of one's own."""

import asyncio
from datetime import UTC, datetime

from cogs.utility.todo.cog import MOST_TODOS
from database.errors import ConstraintViolated
from database.todos import Todo, TodosStore
from tests.support.town import Town

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def test_a_list_is_kept_for_each_person(town: Town):
    assert "empty" in await town.says(town.ann, "!todo")
    assert "⬜ **#1** buy \\*\\*bread\\*\\*" in await town.says(town.ann, "!todo add buy **bread**")
    await town.says(town.ann, "!todo add @everyone party")
    await town.redeliver()
    await town.says(town.ann, "!todo add sleep")
    assert "empty" in await town.says(town.bob, "!todo")
    await town.restart()
    assert "#2" in await town.says(town.ann, "!todo done 2")
    assert "done already" in await town.says(town.ann, "!todo done 2")
    shown = await town.dm(town.ann, "!todo list")
    assert shown.index("sleep") < shown.index("party"), "what is done comes last"
    assert "~~" in shown
    assert not shown.pings_everyone
    assert "It says now: ⬜ **#1** cake" in await town.says(town.ann, "!todo edit #1 cake")
    assert "again" in await town.says(town.ann, "!todo undo 2")
    assert "isn't ticked off" in await town.says(town.ann, "!todo undo 2")
    await town.says(town.ann, "!todo done 1, 3")
    assert "2 things" in await town.says(town.ann, "!todo clear")
    assert "nothing to take off" in await town.says(town.ann, "!todo clear done")
    assert "#2" in await town.says(town.ann, "!todo remove 2")
    assert "empty" in await town.says(town.ann, "!todo")


async def test_what_goes_wrong_with_a_list(town: Town):
    for wrong in ("done 1", "undo 1", "edit 1 x", "remove 1", "done 99999999999", "done x", "remove 😀", "clear x"):
        answer = await town.says(town.ann, f"!todo {wrong}")
        assert "On your list" not in answer
        assert "Something went wrong" not in answer
    assert "too long" in await town.says(town.ann, f"!todo add {'x' * 501}")
    for number in range(MOST_TODOS):
        await town.as_bot(TodosStore(town.db).add(town.ann.id, "x", number + 1, NOW, most=MOST_TODOS))
    assert "the most" in await town.says(town.ann, "!todo add one more")
    question = await town.says(town.ann, "!todo clear all")
    assert "not yours" in (await town.press(town.bob, question, "Yes")).reply
    await town.press(town.ann, question, "Yes")
    assert "100 things" in town.last()
    assert "empty" in await town.says(town.ann, "!todo")


async def test_things_that_come_at_once_get_numbers_of_their_own(db):
    store = TodosStore(db)

    async def add(message_id: int) -> Todo | None:
        while True:
            try:
                return await store.add(1, "x", message_id, NOW, most=6)
            except ConstraintViolated:
                continue

    added = await asyncio.gather(*(add(message_id) for message_id in range(1, 10)))
    assert sorted(one.number for one in added if one) == [1, 2, 3, 4, 5, 6]
    assert await store.add(2, "x", 20, NOW, most=6) is not None
    assert await store.add(2, "x", 20, NOW, most=6) is None
    assert await store.of_message(20) == Todo(1, "x")
    assert not await store.set_done(2, 1, None)
    assert await store.set_done(2, 1, NOW)
    assert not await store.set_done(2, 1, NOW)
    assert (await store.of(2))[0].done_at == NOW
