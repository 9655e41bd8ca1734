"""The bot's life in town: started, stopped, killed, started again. The town goes on without it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from database.errors import DatabaseError, MigrationError
from database.manager import DatabaseManager
from playground.errors import Refused
from playground.mortal import MortalDatabase
from playground.shapes import Toast
from playground.simulation import hosting, wire
from playground.simulation.adapter import as_bot, leave_errors_to_the_bot
from playground.simulation.gateway import Gateway
from utils.bot import Hearth
from utils.config import Config

if TYPE_CHECKING:
    from playground.town.world import World

log = logging.getLogger("hearth.playground")

State = Literal["running", "starting", "dead"]
MakeBot = Callable[[Config, DatabaseManager], Hearth]
Hook = Callable[[Hearth, DatabaseManager], None]

START_SECONDS = 30.0  # real ones, for a bot to log in and load; in health it is half a second
STOP_SECONDS = 10.0  # real ones, for a clean end
CLOSE_SECONDS = 5.0  # real ones, for the database of a bot that is gone


@dataclass(frozen=True, slots=True)
class Generation:
    """One run of the bot, as one process would be."""

    bot: Hearth
    db: MortalDatabase
    gateway: Gateway


class Life:
    """Starts the bot and ends it. Each generation has its own connection to the database.

    `turn` is taken by whatever happens in town; start, stop and kill take it themselves. The code of the bot is
    imported once for the whole playground: a new generation runs the same.
    """

    def __init__(
        self,
        config: Config,
        make_bot: MakeBot,
        world: "World",
        turn: asyncio.Lock,
        *,
        tell: Callable[[Toast], None] = lambda toast: None,
        changed: Callable[[], None] = lambda: None,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        """`tell` hears what people should know; `changed` that the state is another.

        `stop_seconds`, real ones, are for a clean end; a bot that takes longer is killed.
        """
        owners = config.owner_ids or frozenset({world.owner.id})
        self.config = replace(config, owner_ids=owners)
        self.turn = turn
        self.state: State = "dead"
        self.arounds: list[wire.Around] = []
        """Stand around each REST call of every generation, the first outermost."""
        self._make_bot = make_bot
        self._env = world.env
        self._tell = tell
        self._changed = changed
        self._stop_seconds = stop_seconds
        self._now: Generation | None = None
        self._on_made: list[Hook] = []
        self._on_started: list[Hook] = []
        leave_errors_to_the_bot(world.env)

    @property
    def bot(self) -> Hearth | None:
        """The bot, while it runs."""
        return self._now.bot if self._now else None

    @property
    def db(self) -> DatabaseManager | None:
        """The bot's database, while the bot runs."""
        return self._now.db if self._now else None

    @property
    def gateway(self) -> Gateway | None:
        """The bot's line to the gateway, while the bot runs."""
        return self._now.gateway if self._now else None

    def on_made(self, hook: Hook) -> None:
        """Call `hook` with each new bot before it logs in: it has done nothing yet and loaded no feature."""
        self._on_made.append(hook)

    def on_started(self, hook: Hook) -> None:
        """Call `hook` with each new bot once it has come to rest after its start."""
        self._on_started.append(hook)

    # --- beginning

    async def start(self) -> None:
        """Start the bot. Raises Refused with the sentence why it can't be; then it is dead."""
        if self.state != "dead":
            raise Refused("The bot runs already." if self.state == "running" else "The bot is starting already.")
        self._become("starting")
        try:
            async with self._opened() as db:
                self._now = await self._born(db)
        except BaseException:
            self._become("dead")
            raise
        self._become("running")
        for hook in self._on_started:
            hook(self._now.bot, self._now.db)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[MortalDatabase]:
        """A database that stays open if the block comes to its end."""
        db = MortalDatabase(self.config.database_url)
        try:
            try:
                await db.connect()
                await db.migrate()
            except MigrationError as error:
                raise Refused(f"{error} Or forget it: --fresh starts the town anew.") from error
            except DatabaseError as error:
                raise Refused(f"The bot can't start: {error}") from error
            yield db
        except BaseException:
            db.die()
            await self._closed(db)
            raise

    async def _born(self, db: MortalDatabase) -> Generation:
        bot = self._make_bot(self.config, db)
        wire.install(self._env, bot, self.arounds)
        for hook in self._on_made:
            hook(bot, db)
        async with self.turn:
            try:
                async with asyncio.timeout(START_SECONDS):
                    await hosting.let_in(self._env, bot)
            except Exception as error:
                log.exception("The bot can't start")
                raise Refused(f"The bot can't start: {_in_a_line(error)}. The terminal shows where.") from error
            return Generation(bot, db, Gateway(self._env, bot))

    # --- ending

    async def kill(self) -> None:
        """End the bot as `kill -9` does: nothing more is sent or stored, whatever it was doing. Raises Refused."""
        async with self.turn:
            generation = self._must_run()
            generation.db.die()
            generation.gateway.give_up()
            await self._gone(generation, hosting.kill(self._env, generation.bot))

    async def stop(self) -> None:
        """End the bot as SIGTERM does, without the time of grace for running commands. Raises Refused."""
        async with self.turn:
            await self._end(self._must_run())

    async def notice_end(self) -> None:
        """Clear up after a bot that ends by itself, as after `!shutdown`. Whoever calls has the turn."""
        generation = self._now
        if generation is None or not generation.bot.is_closed():
            return
        await self._end(generation)
        self._tell(
            Toast(
                kind="info",
                title="The bot was stopped",
                text="The town goes on without it, until you start it again.",
                detail="",
            )
        )

    async def _end(self, generation: Generation) -> None:
        with as_bot(self._env):
            stopping = asyncio.create_task(generation.bot.stop(grace_seconds=0))  # waits for one that is under way
        await asyncio.wait({stopping}, timeout=self._stop_seconds)
        if not stopping.done():
            log.warning("The bot doesn't stop by itself, so it is killed")
            generation.db.die()
            await self._gone(generation, hosting.kill(self._env, generation.bot))
            return
        if error := stopping.exception():
            log.error("The bot didn't stop cleanly", exc_info=error)
        await self._gone(generation, hosting.take_out(self._env))

    async def close(self) -> None:
        """End the bot cleanly if it runs, and the simulated Discord with it: in one turn, so that nothing follows."""
        async with self.turn:
            if self._now is not None:
                await self._end(self._now)
            await self._env.shutdown()

    def _must_run(self) -> Generation:
        if self._now is None:
            raise Refused("The bot is just starting." if self.state == "starting" else "The bot doesn't run.")
        return self._now

    async def _gone(self, generation: Generation, leaving: Awaitable[None]) -> None:
        self._now = None
        try:
            await leaving
        finally:
            generation.gateway.give_up()
            await self._closed(generation.db)
            self._become("dead")

    async def _closed(self, db: MortalDatabase) -> None:
        try:
            await asyncio.wait_for(db.close(), CLOSE_SECONDS)
        except (TimeoutError, DatabaseError) as error:
            log.warning("The dead bot's database doesn't close: %s", _in_a_line(error))

    def _become(self, state: State) -> None:
        self.state = state
        self._changed()


def _in_a_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
