"""What an ordinary message costs, counted in function calls: the same on every machine, however busy it is."""

from pathlib import Path

import pytest

from tests.bench.bench_message_path import CHAT, both, calls, messages

MOST_TIMES = 1.5
"""Of what a bare bot does with the same message. The goal in time is the same; `bench_message_path` measures that."""


@pytest.mark.engines("sqlite")
async def test_an_ordinary_message_costs_little_more_than_a_bare_bot(tmp_path: Path) -> None:
    async with both(tmp_path) as (_bot, feeds):
        for feed in feeds.values():
            await calls(feed, messages(CHAT, 300))  # fills caches
        found = {who: await calls(feed, messages(CHAT, 300)) for who, feed in feeds.items()}
        assert found["ours"] <= MOST_TIMES * found["bare"], found
