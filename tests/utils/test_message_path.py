"""What a message and a command cost, counted in function calls: the same on every machine, however busy it is."""

from pathlib import Path

import pytest

from tests.bench.bench_message_path import CHAT, COMMAND, both, calls, let_hurry, messages

MOST_TIMES = 1.5
"""Of what a bare bot does with the same message. The goal in time is the same; `bench_message_path` measures that."""


@pytest.mark.engines("sqlite")
async def test_an_ordinary_message_costs_little_more_than_a_bare_bot(tmp_path: Path) -> None:
    async with both(tmp_path) as (_bot, feeds):
        for feed in feeds.values():
            await calls(feed, messages(CHAT, 300))  # fills caches
        found = {who: await calls(feed, messages(CHAT, 300)) for who, feed in feeds.items()}
        assert found["ours"] <= MOST_TIMES * found["bare"], found


MOST_TIMES_OF_A_COMMAND = 1.7
"""The same for a command without database: checks, permissions, access, statistics and its line in the log."""


@pytest.mark.engines("sqlite")
async def test_a_command_costs_no_more_than_it_did(tmp_path: Path) -> None:
    async with both(tmp_path) as (bot, feeds):
        await let_hurry(bot)
        for feed in feeds.values():
            await calls(feed, messages(COMMAND, 500))  # as many as there are people, whose settings are read once
        found = {who: await calls(feed, messages(COMMAND, 300)) for who, feed in feeds.items()}
        assert found["ours"] <= MOST_TIMES_OF_A_COMMAND * found["bare"], found
