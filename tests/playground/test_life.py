"""The bot's life in town: it starts, dies and starts again, and the town goes on."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import discord
import pytest
from discord.ext import commands

from database.manager import DatabaseManager
from main import create_bot
from playground.errors import Refused
from playground.life import Life
from playground.simulation.wire import Call, Go
from tests.playground.living import Living, RealClock, living_town
from tests.support.patience import PATIENCE
from utils.bot import Hearth
from utils.cog import Cog
from utils.config import Config


@pytest.fixture
async def living(tmp_path: Path) -> AsyncIterator[Living]:
    async with living_town(tmp_path) as living:
        yield living


async def rows(living: Living) -> list[str]:
    return [row["text"] for row in await living.db.fetchall("SELECT text FROM notes ORDER BY text")]


async def make_notes(living: Living) -> None:
    await living.db.execute("CREATE TABLE notes (text TEXT NOT NULL)")


async def note(db: DatabaseManager, text: str) -> None:
    await db.execute("INSERT INTO notes (text) VALUES ($1)", text)


class TestStart:
    async def test_it_runs_and_answers(self, living: Living):
        assert "Pong!" in await living.says("ann", "!ping")
        assert living.states == ["starting", "running"]
        assert living.life.state == "running"
        assert living.bot.db is living.db

    async def test_the_owner_of_the_town_owns_the_bot(self, living: Living, tmp_path: Path):
        assert living.bot.owner_ids == {living.people["olivia"].id}

    async def test_the_operators_own_owners_are_kept(self, tmp_path: Path):
        living = Living(tmp_path, RealClock())
        config = Config(database_url=living.config.database_url, owner_ids=frozenset({7}))
        life = Life(config, create_bot, living.world, living.turn)
        assert life.config.owner_ids == {7}

    async def test_it_can_not_be_started_twice(self, living: Living):
        with pytest.raises(Refused, match=r"^The bot runs already\.$"):
            await living.life.start()
        assert "Pong!" in await living.says("ann", "!ping")

    async def test_two_at_once_start_one(self, living: Living):
        await living.life.kill()
        started = await asyncio.gather(living.life.start(), living.life.start(), return_exceptions=True)
        assert [str(one) for one in started] == ["None", "The bot is starting already."]
        await living.says("ann", "!ping")
        assert ["Pong!" in text for text in living.texts()] == [False, True]  # one bot answers, once

    async def test_a_database_that_can_not_be_opened_is_told_and_can_be_mended(self, tmp_path: Path):
        living = Living(tmp_path, RealClock())
        file = tmp_path / "living.db"
        file.mkdir()
        with pytest.raises(Refused, match=r"can't start: The database file .* can't be opened"):
            await living.life.start()
        assert living.states == ["starting", "dead"]
        assert living.life.bot is None
        file.rmdir()
        await living.life.start()
        assert "Pong!" in await living.says("ann", "!ping")
        await living.life.close()

    async def test_a_changed_migration_names_the_way_out(self, living: Living):
        await living.db.execute("UPDATE schema_migrations SET checksum = 'changed'")
        await living.life.kill()
        with pytest.raises(Refused, match="--fresh"):
            await living.life.start()
        assert living.life.state == "dead"
        assert await living.says("ann", "!ping") == "!ping"  # the town goes on

    async def test_a_bot_that_fails_while_it_starts_leaves_the_town_alone(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ):
        broken = True

        class Stumbling(Hearth):
            async def setup_hook(self) -> None:
                await super().setup_hook()
                if broken:
                    raise RuntimeError("no coffee")

        living = Living(tmp_path, RealClock(), Stumbling)
        with pytest.raises(
            Refused, match=r"^The bot can't start: RuntimeError: no coffee\. The terminal shows where"
        ):
            await living.life.start()
        assert "no coffee" in caplog.text
        assert living.life.state == "dead"
        assert await living.says("ann", "!ping") == "!ping"
        broken = False
        await living.life.start()
        assert "Pong!" in await living.says("ann", "!ping")
        await living.life.close()

    async def test_a_bot_that_is_still_at_work_after_its_start_has_started(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ):
        done = asyncio.Event()

        class Diligent(Hearth):
            async def on_ready(self) -> None:
                await done.wait()  # stands for a thousand reminders that are due

        living = Living(tmp_path, RealClock(), Diligent)
        patience, living.env.settle_timeout = living.env.settle_timeout, 0.05  # real seconds
        await living.life.start()
        assert living.life.state == "running"
        assert "still at work" in caplog.text
        living.env.settle_timeout = patience
        done.set()
        assert "Pong!" in await living.says("ann", "!ping")
        await living.life.close()


class TestKill:
    async def test_the_town_goes_on_without_it(self, living: Living):
        await living.life.kill()
        assert living.life.state == "dead"
        assert (living.life.bot, living.life.db, living.life.gateway) == (None, None, None)
        assert await living.says("ann", "!ping") == "!ping"
        await living.env.advance_time(60)
        assert living.texts()[-1] == "!ping"
        await living.life.start()
        assert "Pong!" in await living.says("ann", "!ping")
        assert living.texts().count("!ping") == 2  # what was said meanwhile is not answered later

    async def test_between_an_answer_and_the_next_step_nothing_more_happens(self, living: Living):
        await make_notes(living)
        ended: list[str] = []

        async def hand(ctx: commands.Context) -> None:
            try:
                await ctx.send("paid")
                await asyncio.sleep(10)
                await note(ctx.bot.db, "stored")
            finally:
                ended.append("here")
                try:
                    await note(ctx.bot.db, "stored while dying")
                finally:
                    await ctx.send("said while dying")

        living.command("hand", hand)
        assert await living.says("ann", "!hand") == "paid"
        await living.life.kill()
        assert ended == ["here"]
        assert living.texts()[-1] == "paid"
        await living.life.start()
        await living.env.advance_time(60)
        assert living.texts()[-1] == "paid"
        assert await rows(living) == []

    async def test_an_open_transaction_is_rolled_back_and_holds_up_nobody(self, living: Living):
        await make_notes(living)

        async def half(ctx: commands.Context) -> None:
            async with ctx.bot.db.transaction():
                await note(ctx.bot.db, "half")
                with suppress(asyncio.CancelledError):  # after which it would be committed
                    await asyncio.sleep(10)
            await note(ctx.bot.db, "other half")

        living.command("half", half)
        await living.says("ann", "!half")
        await living.life.kill()
        await living.life.start()
        assert await rows(living) == []
        await note(living.db, "later")
        assert await rows(living) == ["later"]

    async def test_what_was_stored_before_is_kept(self, living: Living):
        await make_notes(living)

        async def keep(ctx: commands.Context) -> None:
            await note(ctx.bot.db, "kept")
            await asyncio.sleep(10)

        living.command("keep", keep)
        await living.says("ann", "!keep")
        await living.life.kill()
        await living.life.start()
        assert await rows(living) == ["kept"]

    async def test_the_bots_own_end_is_not_run(self, living: Living):
        closed: list[str] = []

        class Tidy(commands.Cog):
            feature = "admin"
            settings = ()
            dynamic_items = ()
            in_memory = ()

            async def cancel_tasks(self) -> None: ...

            async def cog_unload(self) -> None:
                closed.append("unloaded")

        await living.as_bot(living.bot.add_cog(Tidy()))
        await living.life.kill()
        assert closed == []

    async def test_a_task_that_clings_to_life_is_no_obstacle(self, living: Living):
        held = []

        async def cling(ctx: commands.Context) -> None:
            for number in range(3):
                try:
                    await asyncio.sleep(3600)
                except asyncio.CancelledError:
                    held.append(number)
            await asyncio.sleep(3600)  # the clock of a dead bot stands still

        living.command("cling", cling)
        await living.says("ann", "!cling")
        async with asyncio.timeout(4 * PATIENCE):
            await living.life.kill()
        assert held == [0, 1, 2]

    async def test_buttons_of_before_fail(self, living: Living):
        class Panel(discord.ui.View):
            @discord.ui.button(label="Press")
            async def press(self, interaction: discord.Interaction, _button: discord.ui.Button) -> None:
                await interaction.response.send_message("pressed")

        async def panel(ctx: commands.Context) -> None:
            await ctx.send("panel", view=Panel())

        living.command("panel", panel)
        await living.says("ann", "!panel")
        await living.life.kill()
        await living.presses("ann", "Press")
        assert living.texts()[-1] == "panel"
        await living.life.start()
        await living.presses("ann", "Press")
        assert living.texts()[-1] == "panel"

    async def test_a_dead_one_can_not_be_killed(self, living: Living):
        killed = await asyncio.gather(living.life.kill(), living.life.kill(), return_exceptions=True)
        assert [str(one) for one in killed] == ["None", "The bot doesn't run."]
        with pytest.raises(Refused, match=r"^The bot doesn't run\.$"):
            await living.life.stop()


class TestAfterwards:
    async def test_a_reminder_due_meanwhile_comes_late_and_says_so(self, living: Living):
        await living.says("ann", "!remind 10m tea")
        await living.life.kill()
        await living.env.advance_time(timedelta(minutes=25).total_seconds())
        assert not any(text.startswith("⏰") for text in living.texts())
        await living.life.start()
        delivered = living.texts()[-1]
        assert delivered.startswith("⏰")
        assert "tea" in delivered
        assert "15 minutes late, sorry" in delivered
        await living.env.advance_time(3600)
        assert [text for text in living.texts() if text.startswith("⏰")] == [delivered]

    async def test_each_generation_is_shown_to_who_wants_to_know(self, living: Living):
        made: list[tuple[Hearth, DatabaseManager, bool]] = []
        started: list[tuple[Hearth, DatabaseManager, bool]] = []
        calls: list[str] = []

        async def around(call: Call, go: Go) -> object:
            calls.append(f"{call.method} {call.template}")
            return await go()

        living.life.on_made(lambda bot, db: made.append((bot, db, bot.is_ready())))
        living.life.on_started(lambda bot, db: started.append((bot, db, bot.is_ready())))
        living.life.arounds.append(around)  # also for the one that runs
        for generation in (1, 2):
            await living.life.kill()
            await living.life.start()
            assert made[-1] == (living.bot, living.db, False)
            assert started[-1] == (living.bot, living.db, True)
            assert len(made) == len(started) == generation
        assert made[0][0] is not made[1][0]
        await living.says("ann", "!ping")
        assert calls == ["POST /channels/{channel_id}/messages"]

    async def test_what_a_start_does_is_seen_too(self, living: Living):
        """A reminder that was due is sent before the start is over."""
        await living.says("ann", "!remind 10m tea")
        await living.life.kill()
        await living.env.advance_time(3600)
        calls: list[Call] = []

        async def around(call: Call, go: Go) -> object:
            calls.append(call)
            return await go()

        living.life.arounds.append(around)
        await living.life.start()
        assert [call.template for call in calls] == ["/channels/{channel_id}/messages"]

    async def test_answers_to_buttons_are_seen_too(self, living: Living):
        calls: list[Call] = []

        async def around(call: Call, go: Go) -> object:
            calls.append(call)
            return await go()

        living.life.arounds.append(around)
        await living.life.kill()
        await living.life.start()
        await living.says("olivia", "!shutdown")
        await living.presses("olivia", "No")
        assert "I stay." in living.texts()[-1]
        assert "/interactions/{webhook_id}/{webhook_token}/callback" in [call.template for call in calls]

    async def test_a_failing_command_is_the_bots_business_in_each_generation(self, living: Living):
        async def fail(_ctx: commands.Context) -> None:
            raise RuntimeError("broken")

        for _generation in range(2):
            living.command("fail", fail)
            answer = await living.says("ann", "!fail")
            assert answer != "!fail"
            assert living.env.errors == []
            await living.life.kill()
            await living.life.start()


class TestStop:
    async def test_a_clean_stop_lets_the_bot_write_down_what_it_has(self, living: Living):
        await make_notes(living)

        class Tidy(Cog):
            async def cog_unload(self) -> None:
                await note(self.bot.db, "written at the end")

        await living.as_bot(living.bot.add_cog(Tidy(living.bot)))
        await living.life.stop()
        assert living.life.state == "dead"
        await living.life.start()
        assert await rows(living) == ["written at the end"]

    async def test_the_owner_stops_it_from_chat_and_the_town_lives_on(self, living: Living):
        await living.says("olivia", "!shutdown")
        await living.presses("olivia", "Yes")
        assert "Good-bye." in living.texts()[-1]
        await living.clock.tick()
        assert living.life.state == "dead"
        assert [toast["title"] for toast in living.toasts] == ["The bot was stopped"]
        await living.clock.tick()
        assert len(living.toasts) == 1
        assert await living.says("ann", "!ping") == "!ping"
        await living.life.start()
        assert "Pong!" in await living.says("ann", "!ping")

    async def test_an_end_from_chat_is_waited_for(self, living: Living):
        await make_notes(living)
        done = asyncio.Event()

        class Slow(Cog):
            async def cog_unload(self) -> None:
                await done.wait()  # stands for writing down a lot
                await note(self.bot.db, "written at the end")

        await living.as_bot(living.bot.add_cog(Slow(living.bot)))
        await living.says("olivia", "!shutdown")
        patience, living.env.settle_timeout = living.env.settle_timeout, 0.05  # real seconds
        pressing = asyncio.create_task(living.presses("olivia", "Yes"))
        await asyncio.wait({pressing})
        assert isinstance(pressing.exception(), TimeoutError)  # the bot is still at it
        living.env.settle_timeout = patience
        await living.clock.tick()
        assert living.life.state == "running"
        done.set()
        await living.settle()
        await living.clock.tick()
        assert living.life.state == "dead"
        await living.life.start()
        assert await rows(living) == ["written at the end"]

    async def test_closing_ends_everything(self, tmp_path: Path):
        async with living_town(tmp_path) as living:
            await living.says("ann", "!remind 10m tea")
            bot = living.bot
        assert bot.is_closed()
        assert not (tmp_path / "living.db-wal").exists()  # the database was closed
        assert asyncio.all_tasks() == {asyncio.current_task()}

    async def test_closing_after_its_death(self, tmp_path: Path):
        async with living_town(tmp_path) as living:
            await living.life.kill()
        assert not (tmp_path / "living.db-wal").exists()


class TestGateway:
    @pytest.fixture
    def heard(self, living: Living) -> list[str]:
        """What discord.py tells the bot of its connection, and of messages."""
        heard: list[str] = []

        def hear(name: str) -> None:
            async def listener(*arguments: object) -> None:
                text = arguments[0].content if name == "on_message" else ""
                heard.append(f"{name.removeprefix('on_')} {text}".strip())

            living.bot.add_listener(listener, name)

        for name in ("on_disconnect", "on_resumed", "on_connect", "on_ready", "on_message"):
            hear(name)
        return heard

    async def test_a_dropped_bot_hears_nothing_and_a_resume_brings_it_all_in_order(
        self, living: Living, heard: list[str]
    ):
        await living.trouble.gateway(False)
        assert living.trouble.state()["gateway"] == "dropped"
        for text in ("one", "!ping", "three"):
            assert await living.says("ann", text) == text
        await living.env.advance_time(100)
        assert heard == ["disconnect"]
        await living.trouble.gateway(True)
        assert living.trouble.state()["gateway"] == "connected"
        assert [one for one in heard if not one.endswith("message")] == [
            "disconnect", "message one", "message !ping", "message three", "resumed",
        ]  # fmt: skip
        assert "Pong!" in living.texts()[-1]
        assert "resumed" in living.toasts[-1]["text"]

    async def test_after_long_the_session_is_new_and_what_was_missed_is_lost(self, living: Living, heard: list[str]):
        await living.trouble.gateway(False)
        await living.says("ann", "!ping")
        living.world.guilds[0].create_text_channel("built-meanwhile")
        await living.env.advance_time(121)
        await living.trouble.gateway(True)
        assert heard[:3] == ["disconnect", "connect", "ready"]
        assert "message !ping" not in heard
        assert living.texts()[-1] == "!ping"
        assert "built-meanwhile" in [channel.name for channel in living.guild.text_channels]
        assert "lost" in living.toasts[-1]["text"]
        assert "Pong!" in await living.says("ann", "!ping")

    async def test_what_the_bot_asks_of_a_dropped_gateway_fails(self, living: Living):
        await living.trouble.gateway(False)
        with pytest.raises(ConnectionResetError):
            await living.as_bot(living.guild.query_members("ann"))
        await living.trouble.gateway(True)
        assert await living.as_bot(living.guild.query_members("ann"))

    async def test_a_button_pressed_meanwhile_is_answered_too_late(self, living: Living):
        late: list[int] = []

        class Panel(discord.ui.View):
            @discord.ui.button(label="Press")
            async def press(self, interaction: discord.Interaction, _button: discord.ui.Button) -> None:
                try:
                    await interaction.response.send_message("pressed")
                except discord.NotFound as error:
                    late.append(error.code)

        async def panel(ctx: commands.Context) -> None:
            await ctx.send("panel", view=Panel())

        living.command("panel", panel)
        await living.says("ann", "!panel")
        await living.trouble.gateway(False)
        await living.presses("ann", "Press")
        await living.env.advance_time(10)
        await living.trouble.gateway(True)
        assert late == [10062]
        assert living.texts()[-1] == "panel"

    async def test_a_new_bot_has_a_new_line(self, living: Living):
        await living.trouble.gateway(False)
        await living.life.kill()
        await living.says("ann", "!ping")
        await living.life.start()
        assert living.trouble.state()["gateway"] == "connected"
        assert "Pong!" in await living.says("ann", "!ping")

    async def test_dropping_twice_and_coming_back_twice_change_nothing(self, living: Living, heard: list[str]):
        await living.trouble.gateway(True)
        await living.trouble.gateway(False)
        await living.trouble.gateway(False)
        await living.says("ann", "hello")
        await living.trouble.gateway(True)
        await living.trouble.gateway(True)
        assert heard == ["disconnect", "message hello", "resumed"]
        assert len(living.toasts) == 1

    async def test_a_dead_bot_has_none(self, living: Living):
        await living.life.kill()
        with pytest.raises(Refused, match="no gateway"):
            await living.trouble.gateway(False)


async def test_a_bot_that_does_not_stop_is_killed(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """Its end waits for time to pass, which doesn't."""
    caplog.set_level(logging.WARNING)

    class Slow(Hearth):
        async def close(self) -> None:
            await asyncio.sleep(3600)

    living = Living(tmp_path, RealClock(), Slow)
    life = Life(living.config, Slow, living.world, living.turn, stop_seconds=0.1)
    await life.start()
    await life.close()
    assert life.state == "dead"
    assert "doesn't stop by itself" in caplog.text
