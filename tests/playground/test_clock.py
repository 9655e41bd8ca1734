"""The town's clock: beside the real one, ahead of it, never back."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
from babel.dates import LOCALTZ
from discord.ext import commands
from hypothesis import given, settings
from hypothesis import strategies as st

from playground import memory
from playground.errors import Refused
from tests.playground.living import NOON, Living, RealClock, living_town
from tests.support.patience import PATIENCE
from utils.time import LONGEST

DAY = 86_400
YEAR = 365 * DAY


@pytest.fixture
async def living(tmp_path: Path) -> AsyncIterator[Living]:
    async with living_town(tmp_path) as living:
        yield living


def reminders(living: Living) -> list[str]:
    return [text for text in living.texts() if text.startswith("⏰")]


class TestGoingOn:
    async def test_it_follows_the_real_clock(self, living: Living):
        await living.says("ann", "!remind 10s tea")
        living.real_clock.move(seconds=9.5)
        await living.clock.tick()
        assert reminders(living) == []
        living.real_clock.move(seconds=0.5)
        await living.clock.tick()
        assert len(reminders(living)) == 1
        assert living.env.now() == living.real_clock.moment

    async def test_a_real_clock_that_is_set_back_is_waited_for(self, living: Living):
        await living.clock.tick()
        living.real_clock.move(hours=-1)
        await living.clock.tick()
        assert living.env.now() == NOON
        assert living.clock.now() == NOON
        living.real_clock.move(hours=1, seconds=2)
        await living.clock.tick()
        assert living.env.now() == NOON + timedelta(seconds=2)

    async def test_after_a_sleep_of_the_machine_it_catches_up(self, living: Living):
        async def bell(ctx: commands.Context) -> None:
            for _ in range(8):
                await asyncio.sleep(3600)
                await ctx.send("ding")

        living.command("bell", bell)
        await living.says("ann", "!bell")
        living.real_clock.move(hours=8, seconds=1)
        await living.clock.tick()
        assert living.texts().count("ding") == 8

    async def test_it_goes_on_without_a_bot(self, living: Living):
        await living.life.kill()
        living.real_clock.move(hours=1)
        await living.clock.tick()
        assert living.env.now() == living.real_clock.moment
        assert living.clock.state()["next_timer"] is None

    async def test_it_runs_by_itself_until_cancelled(self, living: Living):
        running = asyncio.create_task(living.clock.run())
        living.real_clock.move(hours=1)
        async with asyncio.timeout(10 * PATIENCE):
            while living.env.now() < living.real_clock.moment:
                await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


class TestSkipping:
    async def test_time_passes_and_what_is_due_happens(self, living: Living):
        await living.says("ann", "!remind 3h tea")
        state = await living.clock.skip(3 * 3600 + 1)
        assert len(reminders(living)) == 1
        assert living.env.now() == NOON + timedelta(hours=3, seconds=1)
        assert state == living.clock.state()
        assert state["now"] == (NOON + timedelta(hours=3, seconds=1)).timestamp() * 1000
        assert (state["ahead_seconds"], state["travelling"]) == (3 * 3600 + 1, False)

    async def test_the_clock_runs_on_from_there(self, living: Living):
        await living.clock.skip(3600)
        living.real_clock.move(minutes=1)
        await living.clock.tick()
        assert living.env.now() == NOON + timedelta(hours=1, minutes=1)

    async def test_things_happen_in_their_order_and_at_their_time(self, living: Living):
        for minutes in (50, 10, 30):
            await living.says("ann", f"!remind {minutes}m after {minutes}")
        await living.clock.skip(3600)
        heard = [message for message in living.history() if message.content.startswith("⏰")]
        assert [message.content.rpartition(" ")[2] for message in heard] == ["10", "30", "50"]
        assert [message.created_at - NOON < timedelta(minutes=50, seconds=1) for message in heard] == [True] * 3
        assert [round((message.created_at - NOON).total_seconds() / 60) for message in heard] == [10, 30, 50]

    async def test_people_can_act_on_the_way(self, living: Living):
        """The turn is free between the slices, and the state says that the clock travels."""
        travelled: list[bool] = []
        said_at: list[datetime] = []

        async def talk() -> None:
            while not living.clock.state()["travelling"]:
                await asyncio.sleep(0)
            for number in range(3):
                await living.says("ann", f"still here {number}")
                travelled.append(living.clock.state()["travelling"])
                said_at.append(living.env.now())

        talking = asyncio.create_task(talk())
        await living.clock.skip(20 * YEAR / 365)
        await talking
        assert travelled == [True, True, True]
        assert NOON < said_at[0] < said_at[1] < said_at[2] < living.env.now()
        assert living.changes >= 2  # the pages heard that it set out and that it arrived

    async def test_two_at_once_add_up(self, living: Living):
        await asyncio.gather(living.clock.skip(3600), living.clock.skip(60), living.clock.tick())
        assert living.env.now() == NOON + timedelta(hours=1, minutes=1)

    @pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), -float("inf")])
    async def test_it_never_goes_back(self, living: Living, seconds: float):
        with pytest.raises(Refused, match="only goes forward"):
            await living.clock.skip(seconds)

    async def test_ten_years_are_the_most(self, living: Living):
        with pytest.raises(Refused, match="ten years"):
            await living.clock.skip(LONGEST.total_seconds() + 1)
        await living.clock.skip(60)
        with pytest.raises(Refused, match="ten years"):
            await living.clock.skip(LONGEST.total_seconds() - 59)
        assert living.env.now() == NOON + timedelta(minutes=1)


class TestWhatFollows:
    async def test_a_view_times_out(self, living: Living):
        ended: list[datetime] = []

        class Panel(discord.ui.View):
            async def on_timeout(self) -> None:
                ended.append(discord.utils.utcnow())

            @discord.ui.button(label="Press")
            async def press(self, interaction: discord.Interaction, _button: discord.ui.Button) -> None:
                await interaction.response.send_message("pressed")

        async def panel(ctx: commands.Context) -> None:
            await ctx.send("panel", view=Panel(timeout=180))

        living.command("panel", panel)
        await living.says("ann", "!panel")
        await living.clock.skip(100)
        await living.presses("ann", "Press")  # which begins the 180 seconds anew
        assert living.texts()[-1] == "pressed"
        await living.clock.skip(179)
        assert ended == []
        await living.clock.skip(2)
        assert [moment - NOON for moment in ended] == [timedelta(seconds=280)]

    async def test_the_bots_own_question_times_out(self, living: Living):
        await living.says("olivia", "!shutdown")
        assert not living.history()[-1].components[0].children[0].disabled
        await living.clock.skip(3600)
        assert living.life.state == "running"
        assert all(button.disabled for row in living.history()[-1].components for button in row.children)

    async def test_a_cooldown_ends(self, living: Living):
        @commands.command(name="rare")
        @commands.cooldown(1, 60, commands.BucketType.user)
        async def rare(ctx: commands.Context) -> None:
            await ctx.send("a rare thing")

        living.bot.add_command(rare)
        assert await living.says("ann", "!rare") == "a rare thing"
        await living.clock.skip(50)
        assert await living.says("ann", "!rare") != "a rare thing"
        await living.clock.skip(10)
        assert await living.says("ann", "!rare") == "a rare thing"

    async def test_wait_for_and_loops_follow(self, living: Living):
        async def wait(ctx: commands.Context) -> None:
            try:
                await ctx.bot.wait_for("message", timeout=120)
            except TimeoutError:
                await ctx.send("nobody came")

        living.command("wait", wait)
        await living.says("ann", "!wait")
        await living.clock.skip(119)
        assert living.texts()[-1] == "!wait"
        await living.clock.skip(2)
        assert living.texts()[-1] == "nobody came"


class TestUntil:
    @pytest.mark.parametrize(
        ("text", "wall_clock"),
        [
            ("tomorrow 9:00", datetime(2026, 6, 2, 9, 0)),
            ("2026-08-01", datetime(2026, 8, 1, 9, 0)),
            ("2026-06-03 18:30", datetime(2026, 6, 3, 18, 30)),
        ],
    )
    async def test_a_moment_in_the_zone_of_the_machine(self, living: Living, text: str, wall_clock: datetime):
        await living.clock.skip_until(text)
        assert living.env.now() == wall_clock.replace(tzinfo=LOCALTZ).astimezone(UTC)

    async def test_a_distance(self, living: Living):
        await living.clock.skip(60)
        await living.clock.skip_until("in 3 weeks")
        assert (living.env.now() - NOON) // timedelta(hours=1) == 21 * 24

    @pytest.mark.parametrize("text", ["yesterday", "2020-01-01", "soon", "", "in 11 years", "`@everyone`"])
    async def test_what_is_no_moment_to_come_is_refused_with_examples(self, living: Living, text: str):
        with pytest.raises(Refused, match="Write it like 'tomorrow 9:00', 'in 3 weeks' or '2027-03-01'"):
            await living.clock.skip_until(text)
        assert living.env.now() == NOON

    async def test_the_next_timer_and_the_one_after_it(self, living: Living):
        await living.says("ann", "!remind 40d later")
        await living.says("ann", "!remind 2h tea")
        await living.clock.tick()
        assert living.clock.state()["next_timer"] == (NOON + timedelta(hours=2)).timestamp() * 1000
        state = await living.clock.skip_until("next")
        assert len(reminders(living)) == 1
        assert living.env.now() - NOON < timedelta(hours=2, seconds=1)
        assert state["next_timer"] == (NOON + timedelta(days=40)).timestamp() * 1000
        state = await living.clock.skip_until(" Next ")
        assert len(reminders(living)) == 2
        assert state["next_timer"] is None

    async def test_what_is_due_next_changes_with_what_people_do(self, living: Living):
        await living.says("ann", "!remind 2h tea")
        await living.clock.tick()
        changes = living.changes
        await living.says("ann", "!remind cancel 1")
        await living.clock.tick()
        assert living.clock.state()["next_timer"] is None
        assert living.changes > changes

    async def test_nothing_is_due(self, living: Living):
        with pytest.raises(Refused, match="Nothing of the bot is due"):
            await living.clock.skip_until("next")
        await living.life.kill()
        with pytest.raises(Refused, match="doesn't run"):
            await living.clock.skip_until("next")


class TestBusy:
    async def test_a_bot_at_work_is_waited_for_and_that_is_said_once(self, living: Living):
        done = asyncio.Event()

        async def labour(ctx: commands.Context) -> None:
            await asyncio.sleep(60)
            await done.wait()  # stands for work that takes real time
            await ctx.send("done")

        living.command("labour", labour)
        await living.says("ann", "!labour")
        patience, living.env.settle_timeout = living.env.settle_timeout, 0.05  # real seconds
        state = await living.clock.skip(3600)
        assert state["travelling"]
        assert living.env.now() == NOON + timedelta(seconds=60)
        await living.clock.tick()
        assert [toast["title"] for toast in living.toasts] == ["The bot is busy"]
        living.env.settle_timeout = patience
        done.set()
        await living.clock.tick()
        assert living.texts()[-1] == "done"
        assert living.env.now() == NOON + timedelta(hours=1)
        assert not living.clock.state()["travelling"]


class TestRestart:
    async def test_the_town_goes_on_where_it_was_and_with_the_time_that_passed(self, tmp_path: Path):
        real_clock = RealClock()
        async with living_town(tmp_path, real_clock) as living:
            await living.clock.skip(30 * DAY)
            await living.says("ann", "!remind 2h tea")
        real_clock.move(hours=3)
        async with living_town(tmp_path, real_clock) as living:
            assert living.env.now() == NOON + timedelta(days=30, hours=3)
            (reminder,) = reminders(living)
            assert "1 hour late" in reminder
            assert living.clock.state()["ahead_seconds"] == 30 * DAY

    async def test_a_skip_is_kept_before_it_is_made(self, living: Living):
        """Else a kill on the way would leave moments in the database that the next run hasn't reached."""
        kept: list[timedelta] = []

        async def look(_ctx: commands.Context) -> None:
            await asyncio.sleep(60)
            kept.append(memory.load(living.memory.path).ahead)

        living.command("look", look)
        await living.says("ann", "!look")
        await living.clock.skip(DAY)
        assert kept == [timedelta(days=1)]

    async def test_what_can_not_be_kept_does_not_happen(self, living: Living):
        living.memory.path.unlink()
        living.memory.path.mkdir()
        with pytest.raises(Refused, match="can't be kept"):
            await living.clock.skip(60)
        assert living.env.now() == NOON
        await living.clock.tick()
        assert living.env.now() == NOON


SKIPS = st.lists(
    st.one_of(
        st.tuples(st.just("skip"), st.floats(min_value=0.001, max_value=3 * DAY)),
        st.tuples(st.just("real"), st.floats(min_value=-DAY, max_value=DAY)),
    ),
    max_size=8,
)


@settings(max_examples=20, deadline=None)
@given(SKIPS)
def test_it_never_goes_back_and_skips_add_up(steps: list[tuple[str, float]]):
    async def play() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with living_town(Path(folder)) as living:
                skipped = furthest = 0.0
                for what, seconds in steps:
                    before = living.env.now()
                    if what == "skip":
                        await living.clock.skip(seconds)
                        skipped += seconds
                    else:
                        living.real_clock.move(seconds=seconds)
                        await living.clock.tick()
                    assert living.env.now() >= before
                    furthest = max(furthest, (living.real_clock.moment - NOON).total_seconds() + skipped)
                    assert (living.env.now() - NOON).total_seconds() == pytest.approx(furthest, abs=0.001)
                    assert living.clock.now() == living.env.now()
                assert living.memory.ahead.total_seconds() == pytest.approx(skipped, abs=0.001)

    asyncio.run(play())
