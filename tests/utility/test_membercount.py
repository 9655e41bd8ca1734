"""`membercount`: what is counted of who comes and goes, and its graph."""

import io
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from cogs.utility.membercount.cog import graph_facts
from cogs.utility.membercount.graph import BOTTOM, COMING, GOING, HEIGHT, LEFT, RIGHT, TOP, WIDTH, draw_graph, scale
from database.server_counts import Coming, ServerCountsStore
from tests.support.town import Town
from utils.drawing.fonts import Fonts

FONTS = Fonts(with_system=False)
DAY = date(2026, 1, 7)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=7, max_size=60))
@example([(0, 0)] * 6 + [(1, 10**6)])
@example([(0, 0)] * 6 + [(10**6, 1)])
def test_the_graph_has_bars_for_what_was_counted(counts: list[tuple[int, int]]):
    first = date(2026, 1, 1)
    counted = {date.fromordinal(first.toordinal() + n): Coming(*one) for n, one in enumerate(counts)}
    facts = graph_facts(first, max(counted), counted)
    image = Image.open(io.BytesIO(draw_graph(facts, FONTS))).convert("RGB")
    assert image.size == (WIDTH, HEIGHT)
    area = image.crop((LEFT, TOP, RIGHT, BOTTOM))
    colours = {colour for _count, colour in area.getcolors(1 << 20) or ()}
    up, down = scale(facts.joined, facts.gone)
    assert (COMING in colours) or not any(one * 100 > up for one in facts.joined)
    assert (GOING in colours) or not any(one * 100 > down for one in facts.gone)
    if not any(facts.gone):
        assert GOING not in colours


def test_each_day_on_which_somebody_came_or_went_has_a_bar():
    first = date(2026, 1, 1)
    counted = {date(2026, 1, 1): Coming(1, 1), date(2026, 1, 7): Coming(10**6, 10**6)}
    facts = graph_facts(first, DAY, counted)
    assert facts.gone_label == "1,000,001 went away"  # "left" would be what remains, too
    image = Image.open(io.BytesIO(draw_graph(facts, FONTS))).convert("RGB")
    days = (
        image.crop((LEFT, TOP, LEFT + (RIGHT - LEFT) // 7, BOTTOM)),
        image.crop((LEFT + 400, TOP, RIGHT - 150, BOTTOM)),
    )
    seen = [{colour for _count, colour in day.getcolors(1 << 20) or ()} for day in days]
    assert [{COMING, GOING} <= one for one in seen] == [True, False]


async def test_counts_are_added_once_for_each_batch(db):
    store = ServerCountsStore(db)
    for batch in (1, 1, 2):
        await store.add_members(7, batch, {DAY.toordinal(): Coming(3, 1)})
        await store.add_emoji(7, batch + 10, DAY, {5: 2, 6: 1})
    assert await store.members(7, DAY) == {DAY: Coming(6, 2)}
    assert await store.members(8, DAY) == {}
    assert await store.members(7, date(2026, 1, 8)) == {}
    assert await store.emoji(7, DAY) == {5: 4, 6: 2}
    await store.add_emoji(7, 20, date(2028, 1, 7), {5: 1})
    assert await store.emoji(7, DAY) == {5: 1}, "older ones are forgotten"
    for batch in range(30, 140):
        await store.add_members(7, batch, {DAY.toordinal(): Coming(1, 0)})
    assert await db.fetchval("SELECT COUNT(*) FROM count_batches WHERE guild_id = 7") == 100


async def test_members_are_counted_as_they_come_and_go(town: Town):
    answer = await town.says(town.ann, "!membercount")
    assert "members" in answer
    people = [town.member(f"person{n}") for n in range(3)]
    await town.settle()
    await town.leave(people[0])
    answer = await town.says(town.ann, "!membercount 7")
    assert "3 joined and 1 left" in answer
    assert [file.filename for file in answer.files] == ["members.png"]
    await town.restart()
    await town.take_permission(town.general, "attach_files")
    answer = await town.says(town.bob, "!members 365")
    assert "3 joined and 1 left" in answer
    assert not answer.files
    for wrong in ("0", "6", "366", "-7", "x", "9" * 500, "😀"):
        assert "joined" not in await town.says(town.bob, f"!membercount {wrong}")
