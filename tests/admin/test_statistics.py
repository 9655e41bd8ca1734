"""`stats` and `botstats`: what is counted of the use of commands, and how it is shown."""

import io
from datetime import date, timedelta

import discord
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cogs.admin.statistics.chart import BAR, FAILED, HEIGHT, WIDTH, ChartFacts, draw_chart, heights, points
from cogs.admin.statistics.counting import MOST_SAMPLES, Distances, merged
from database.usage import Tally, UsageStore
from tests.support.town import Town
from utils.drawing.fonts import Fonts
from utils.errors import ErrorReports
from utils.memory_use import memory_bytes
from utils.usage import CommandRun, Usage

FONTS = Fonts(with_system=False)
DAY = date(2026, 1, 7)

counts = st.integers(0, 10**6)
tallies = st.builds(Tally, counts, counts, counts, counts, counts)
uses = st.tuples(st.sampled_from([738_000, 738_001]), st.sampled_from(["rank", "daily", ""]))
commands = st.dictionaries(uses, tallies, max_size=3)
bars = st.lists(st.integers(0, 10**6).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), max_size=90)


@given(commands, commands, commands)
def test_tallies_are_joined_in_any_order(first: dict, second: dict, third: dict):
    assert merged(merged(first, second), third) == merged(first, merged(second, third))
    assert merged(first, second) == merged(second, first)
    assert merged(first, {}) == first


@given(bars)
def test_what_there_is_any_of_is_seen(drawn: list[tuple[int, int]]):
    found = heights(tuple(whole for whole, _red in drawn), tuple(red for _whole, red in drawn), 200)
    for (whole, red), (high, part) in zip(drawn, found, strict=True):
        assert (high > 0, part > 0) == (whole > 0, red > 0)
        assert part <= high <= 200


@given(st.lists(st.none() | st.floats(0, 1e6), max_size=90))
def test_a_curve_stays_inside(curve: list[float | None]):
    assert all(one is None or 0 <= one <= 200 for one in points(tuple(curve), 200))


@settings(max_examples=10)
@given(bars, st.lists(st.none() | st.floats(0, 1e6), max_size=288))
def test_a_chart_is_drawn(drawn: list[tuple[int, int]], curve: list[float | None]):
    facts = ChartFacts(
        "Commands", "1 Jan", "7 Jan", tuple(one for one, _ in drawn), tuple(red for _, red in drawn), tuple(curve),
        "9 used", "12 ms", "999,999",
    )  # fmt: skip
    image = Image.open(io.BytesIO(draw_chart(facts, FONTS))).convert("RGB")
    assert image.size == (WIDTH, HEIGHT)
    if not curve:
        colours = {colour for _count, colour in image.getcolors(1 << 20) or ()}
        assert (FAILED in colours) or not any(red for _, red in drawn)
        assert (BAR in colours) or all(one == red for one, red in drawn)


def test_the_distance_is_sampled_now_and_then():
    distances, now = Distances(), discord.utils.utcnow()
    distances.sample(float("nan"), now)
    distances.sample(0.04, now)
    distances.sample(0.05, now + timedelta(minutes=1))
    assert [one for _when, one in distances.samples] == [40.0]
    for number in range(1, 400):
        distances.sample(0.05, now + timedelta(minutes=5 * number))
    assert len(distances.samples) == MOST_SAMPLES


def test_memory_is_told():
    assert (memory_bytes() or 0) > 1_000_000


def test_one_that_fails_keeps_no_other_from_hearing():
    reports, heard = ErrorReports(), []
    usage = Usage(reports)
    usage.hearers += [lambda _run: 1 // 0, heard.append]
    run = CommandRun("rank", 1, 2.0, "done")
    usage.ran(run)
    assert heard == [run]
    assert len(reports.all()) == 1


async def test_uses_are_added_once_for_each_batch(db):
    store, today = UsageStore(db), DAY.toordinal()
    for batch in (1, 1, 2):
        village = {(today, "rank"): Tally(3, 1, 1, 30, 20 - batch), (today, ""): Tally(1)}
        town = {(today + 1, "daily"): Tally(50, 0, 0, 5, 5)}
        await store.add(batch, {7: village, 8: town})
    assert await store.by_command(7, DAY) == {"rank": Tally(6, 2, 2, 60, 19), "": Tally(2)}
    assert list(await store.by_command(None, DAY)) == ["daily", "rank", ""]
    assert await store.by_command(7, DAY + timedelta(days=1)) == {}
    assert await store.by_day(None, DAY) == {
        DAY: Tally(8, 2, 2, 60, 19), DAY + timedelta(days=1): Tally(100, 0, 0, 10, 5),
    }  # fmt: skip
    await store.add(3, {7: {(today + 90, "rank"): Tally(1)}})
    assert await store.by_command(7, DAY) == {"rank": Tally(1)}, "older ones are forgotten"
    assert "daily" in await store.by_command(None, DAY), "of others not yet"


async def test_uses_are_counted_and_shown(town: Town):
    town.new_guild("Village")
    await town.says(town.admin, "!stats")
    await town.says(town.ann, "!ping")
    await town.says(town.admin, "!alias add hello ping")
    await town.says(town.ann, "!hello")
    await town.says(town.ann, "!ban bob")
    await town.dm(town.ann, "!about")
    await town.says(town.ann, "just chatting")
    await town.says(town.ann, "!nosuchcommand")
    answer = await town.says(town.admin, "!stats")
    assert "**5** commands were used" in answer
    assert "Refused: 1. Failed by an error of mine: 0." in answer
    header = next(line for line in answer.splitlines() if "Used" in line)
    assert "Refused" in header
    assert "Failed" not in header, "a column of zeros only makes the table too wide"
    assert "ping" in answer
    assert "about" not in answer, "that wasn't here"
    assert [file.filename for file in answer.files] == ["statistics.png"]
    assert await town.db.fetchval("SELECT uses FROM command_days WHERE command = 'ping'") == 2
    assert "Manage Server" in await town.says(town.ann, "!stats")
    assert await town.says(town.owner, "!botstats") is None
    answer = await town.says(town.developer, "!botstats 7")
    assert "about" in answer
    assert "in 2 servers" in answer
    assert "Memory:" in answer
    assert "MESSAGE" in (await town.says(town.developer, "!botstats events")).upper()
    assert (await town.says(town.developer, "!botstats latency")).startswith("Distance to Discord")
    await town.restart()
    assert "ping" in await town.says(town.admin, "!usage 90"), "what was gathered is written at the end"
