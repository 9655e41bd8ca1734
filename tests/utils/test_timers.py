"""Timers: due to the second, in order, at least once, whatever happens in between."""

import asyncio
import gc
import weakref
from datetime import UTC, datetime, timedelta

import pytest
from discord.ext import commands

from database.timers import Backlog, TimersStore
from tests.support.town import Town
from utils.events import TimerEvent, event
from utils.timers import GONE_GUILD_KEPT, GONE_GUILD_LOOK, LEASE, InHand

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NAME = "kettle_timer"
GUILD = 77


@event
class KettleTimer(TimerEvent):
    """The kettle boils. Scheduled and heard by these tests alone."""


class Kettles(commands.Cog):
    """Hears kettles; `finishes` says whether it gets its work done."""

    def __init__(self, bot, *, finishes: bool = True) -> None:
        self.bot = bot
        self.finishes = finishes
        self.heard: list[KettleTimer] = []

    feature = "admin"
    settings = ()
    dynamic_items = ()
    in_memory = ()

    async def cancel_tasks(self) -> None:
        """It has none."""

    @commands.Cog.listener()
    async def on_kettle_timer(self, due: KettleTimer) -> None:
        self.heard.append(due)
        if self.finishes:
            await self.bot.timers.done(due)


async def kettles_in(town: Town, *, finishes: bool = True) -> Kettles:
    cog = Kettles(town.bot, finishes=finishes)
    await town.as_bot(town.bot.add_cog(cog))
    town.bot.timers.wake()
    await town.settle()
    return cog


async def schedule(town: Town, seconds: float, **details) -> int:
    due_at = town.now + timedelta(seconds=seconds)
    return await town.as_bot(town.bot.timers.schedule(KettleTimer, due_at, **details))


async def names(town: Town) -> list[str]:
    """Of the timers that are set, but for what the bot itself sets as it leaves a guild."""
    return [row["name"] for row in await town.db.fetchall("SELECT name FROM timers WHERE name <> 'guild_data_timer'")]


@pytest.mark.town(languages=("en",))
class TestInTown:
    async def test_comes_on_the_second_and_once(self, town: Town):
        cog = await kettles_in(town)
        await schedule(town, 10, guild_id=town.guild.id, user_id=town.ann.id, payload={"cups": 2})
        await town.wait(seconds=9.9)
        assert cog.heard == []
        await town.wait(seconds=0.2)
        (due,) = cog.heard
        assert due.payload == {"cups": 2}
        assert (due.guild_id, due.user_id, due.attempt) == (town.guild.id, town.ann.id, 1)
        assert due.late < timedelta(seconds=1)
        await town.wait(hours=3)
        assert len(cog.heard) == 1
        assert await names(town) == []

    async def test_the_next_one_is_known(self, town: Town):
        timers = town.bot.timers
        begun = town.now
        await schedule(town, 60)
        assert await timers.next_due() is None  # nobody would hear it
        await kettles_in(town, finishes=False)
        await schedule(town, 3600)
        assert await timers.next_due() == begun + timedelta(seconds=60)
        await town.wait(seconds=61)  # it isn't finished, so it comes again
        assert await timers.next_due() == begun + timedelta(seconds=60) + LEASE

    @pytest.mark.engines("sqlite")  # PostgreSQL wouldn't take such a row
    async def test_a_row_that_can_not_be_read_does_not_end_them_all(self, town: Town):
        town.expect_errors()
        await town.db.execute(
            "INSERT INTO timers (id, name, due_at, payload) VALUES (1, $1, $2, $3)", NAME, town.now, "[1"
        )
        cog = await kettles_in(town)
        [report] = town.bot.error_reports.all()
        assert (report.where, "JSONDecodeError" in report.traceback) == ("the timers", True)
        await town.db.execute("DELETE FROM timers")
        await schedule(town, 10)
        await town.wait(minutes=2)
        assert len(cog.heard) == 1

    async def test_what_is_due_in_years_is_not_kept_in_memory(self, town: Town):
        class Moment(datetime):
            """One that tells when it is forgotten."""

        await kettles_in(town)
        due_at = Moment.fromtimestamp(town.now.timestamp() + 2 * 365 * 86_400, UTC)
        forgotten = weakref.ref(due_at)
        await town.as_bot(town.bot.timers.schedule(KettleTimer, due_at))
        del due_at
        await schedule(town, 10)
        await town.wait(minutes=1)
        gc.collect()
        assert forgotten() is None

    async def test_a_guild_that_is_there_again_takes_nothing_out_of_a_hand(self, town: Town):
        cog = await kettles_in(town, finishes=False)
        await schedule(town, 1, guild_id=town.guild.id)
        await town.wait(seconds=2)
        await town.as_bot(town.bot.timers.guild_is_back(town.guild.id))
        assert len(cog.heard) == 1
        await town.wait(seconds=LEASE.total_seconds())
        assert len(cog.heard) == 2

    async def test_an_earlier_one_is_not_held_up_by_a_later_one(self, town: Town):
        cog = await kettles_in(town)
        await schedule(town, 3600, payload={"n": 2})
        await schedule(town, 5, payload={"n": 1})
        await town.wait(seconds=6)
        assert [due.payload["n"] for due in cog.heard] == [1]
        await town.wait(hours=1)
        assert [due.payload["n"] for due in cog.heard] == [1, 2]

    async def test_far_away_ones_come_too(self, town: Town):
        cog = await kettles_in(town)
        await schedule(town, timedelta(days=10).total_seconds())
        await town.wait(days=9, hours=23)
        assert cog.heard == []
        await town.wait(hours=1, seconds=1)
        assert len(cog.heard) == 1

    async def test_one_set_inside_a_transaction_is_not_overlooked(self, town: Town):
        cog = await kettles_in(town)

        async def slowly() -> None:
            async with town.db.transaction():
                await town.bot.timers.schedule(KettleTimer, town.now + timedelta(seconds=5))
                await asyncio.sleep(0)  # the task looks at the table here, before the commit

        await town.as_bot(slowly())
        await town.wait(seconds=6)
        assert len(cog.heard) == 1

    async def test_cancelled_and_moved(self, town: Town):
        cog = await kettles_in(town)
        gone = await schedule(town, 5)
        moved = await schedule(town, 5)
        assert await town.as_bot(town.bot.timers.cancel(gone))
        assert not await town.as_bot(town.bot.timers.cancel(gone))
        assert await town.as_bot(town.bot.timers.reschedule(moved, town.now + timedelta(seconds=20)))
        assert not await town.as_bot(town.bot.timers.reschedule(gone, town.now))
        await town.wait(seconds=19)
        assert cog.heard == []
        await town.wait(seconds=2)
        assert [due.timer_id for due in cog.heard] == [moved]

    @pytest.mark.parametrize("clean", [True, False])
    async def test_those_due_in_the_downtime_come_at_the_start_in_order(self, town: Town, clean: bool):
        for seconds in (50, 10, 30):
            await schedule(town, seconds, payload={"seconds": seconds})
        # Nobody hears kettles yet, so they wait; that is what downtime is to them.
        await town.wait(minutes=5)
        await town.restart(clean=clean)
        cog = await kettles_in(town)
        await town.wait(seconds=1)
        assert [due.payload["seconds"] for due in cog.heard] == [10, 30, 50]
        assert [due.late >= timedelta(minutes=4) for due in cog.heard] == [True, True, True]

    async def test_unfinished_work_comes_again_with_growing_pauses(self, town: Town):
        cog = await kettles_in(town, finishes=False)
        await schedule(town, 1)
        await town.wait(seconds=2)
        assert [due.attempt for due in cog.heard] == [1]
        await town.wait(town.now + LEASE + timedelta(seconds=1))
        assert [due.attempt for due in cog.heard] == [1, 2]
        await town.wait(minutes=1)
        assert len(cog.heard) == 2
        await town.wait(minutes=1, seconds=2)
        assert [due.attempt for due in cog.heard] == [1, 2, 3]
        cog.finishes = True
        await town.wait(minutes=5)
        assert await names(town) == []

    async def test_what_a_dead_process_had_in_its_hands_comes_at_once(self, town: Town):
        cog = await kettles_in(town, finishes=False)
        await schedule(town, 1)
        await town.wait(seconds=2)
        assert len(cog.heard) == 1
        await town.restart(clean=False)
        cog = await kettles_in(town)
        await town.wait(seconds=1)
        assert [due.attempt for due in cog.heard] == [2]

    async def test_nothing_is_handed_out_that_nobody_hears(self, town: Town):
        await schedule(town, 1)
        await town.wait(hours=2)
        assert await names(town) == [NAME]
        assert await town.db.fetchval("SELECT attempt FROM timers") == 0

    async def test_a_gone_guild_keeps_its_timers_for_a_while(self, town: Town):
        cog = await kettles_in(town)
        await schedule(town, 5, guild_id=GUILD)
        await town.wait(town.now + GONE_GUILD_KEPT - timedelta(hours=1))
        assert cog.heard == []
        assert await names(town) == [NAME]
        await town.wait(town.now + GONE_GUILD_LOOK + timedelta(hours=2))
        assert cog.heard == []
        assert await names(town) == []

    async def test_joining_again_releases_them(self, town: Town):
        cog = await kettles_in(town)
        away = town.new_guild("Away")
        await town.settle()
        await town.kick_bot_from(away)
        await schedule(town, 5, guild_id=away.id)
        await town.wait(minutes=1)
        assert cog.heard == []
        await town.as_bot(town.bot.timers.guild_is_back(away.id))
        await town.wait(seconds=1)
        assert cog.heard == []  # still away: looked at, and left
        await town.invite_bot_to(away)
        await town.wait(seconds=1)
        assert len(cog.heard) == 1

    async def test_a_failing_handler_is_reported_and_tried_again(self, town: Town):
        town.expect_errors()

        class Breaks(Kettles):
            @commands.Cog.listener()
            async def on_kettle_timer(self, due: KettleTimer) -> None:
                self.heard.append(due)
                raise RuntimeError("the kettle is broken")

        cog = Breaks(town.bot)
        await town.as_bot(town.bot.add_cog(cog))
        await schedule(town, 1)
        await town.wait(minutes=1, seconds=3)
        assert [due.attempt for due in cog.heard] == [1, 2]
        assert "the kettle is broken" in town.bot.error_reports.all()[0].traceback


class TestStore:
    async def test_one_of_many_gets_it(self, db):
        store = TimersStore(db)
        timer_id = await store.add(NAME, NOW, guild_id=None, user_id=None, payload={})
        claims = await asyncio.gather(*(store.claim(timer_id, NOW, NOW + LEASE) for _ in range(20)))
        assert sum(claim is not None for claim in claims) == 1
        assert await store.due(NOW, [NAME], limit=10) == []
        assert [row.id for row in await store.due(NOW + LEASE, [NAME], limit=10)] == [timer_id]

    async def test_next_due_counts_leases(self, db):
        store = TimersStore(db)
        assert await store.next_due(NOW, [NAME]) is None
        first = await store.add(NAME, NOW, guild_id=None, user_id=None, payload={})
        await store.add(NAME, NOW + timedelta(days=1), guild_id=None, user_id=None, payload={})
        await store.add("other_timer", NOW - timedelta(days=1), guild_id=None, user_id=None, payload={})
        assert await store.next_due(NOW, [NAME]) == NOW
        await store.claim(first, NOW, NOW + LEASE)
        assert await store.next_due(NOW, [NAME]) == NOW + LEASE
        await store.remove(first)
        assert await store.next_due(NOW, [NAME]) == NOW + timedelta(days=1)

    async def test_the_backlog_is_what_could_be_handed_out(self, db):
        store = TimersStore(db)
        first = await store.add(NAME, NOW - timedelta(hours=2), guild_id=None, user_id=1, payload={})
        await store.add(NAME, NOW - timedelta(hours=1), guild_id=None, user_id=1, payload={})
        await store.add(NAME, NOW + timedelta(hours=1), guild_id=None, user_id=1, payload={})
        await store.add("nobody_hears_timer", NOW - timedelta(hours=3), guild_id=None, user_id=1, payload={})
        assert await store.backlog(NOW, [NAME]) == Backlog(4, 2, NOW - timedelta(hours=2))
        await store.claim(first, NOW, NOW + timedelta(minutes=1))
        assert await store.backlog(NOW, [NAME]) == Backlog(4, 1, NOW - timedelta(hours=1))
        assert await store.backlog(NOW, []) == Backlog(4, 0, None)

    async def test_due_is_in_order_and_only_what_is_due(self, db):
        store = TimersStore(db)
        for minutes in (3, 1, 2, -1):
            due_at = NOW - timedelta(minutes=minutes)
            await store.add(NAME, due_at, guild_id=None, user_id=None, payload={"m": minutes})
        assert [row.payload["m"] for row in await store.due(NOW, [NAME], limit=10)] == [3, 2, 1]
        assert [row.payload["m"] for row in await store.due(NOW, [NAME], limit=2)] == [3, 2]


async def test_a_timer_in_hand_is_left_alone_and_only_so_many_are_at_work():
    in_hand, go_on, begun = InHand(2), asyncio.Event(), list[int]()

    async def work(kettle: KettleTimer) -> None:
        begun.append(kettle.timer_id)
        await go_on.wait()
        if kettle.timer_id == 1:
            raise TimeoutError

    kettles = [KettleTimer(number, NOW, timedelta(0), None, None, {}, 0) for number in (1, 1, 2, 3, 3)]
    tasks = [asyncio.create_task(in_hand.handle(kettle, work)) for kettle in kettles]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert begun == [1, 2]
    assert 3 in in_hand
    go_on.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert begun == [1, 2, 3]
    assert [type(result) for result in results].count(TimeoutError) == 1
    assert 1 not in in_hand
    await in_hand.handle(kettles[2], work)  # it came again later
    assert begun == [1, 2, 3, 2]
