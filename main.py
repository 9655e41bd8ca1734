"""Hearth: a self-hosted Discord bot.

The front door: arguments, settings, logs, start and clean stop. Everything else is behind it.
"""

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import discord

from database.errors import DatabaseError
from database.manager import DatabaseManager
from operations.cli import add_commands
from utils import i18n, log, reload_on_save
from utils.backups.service import before_migration
from utils.bot import Hearth
from utils.config import HOW_TO_LOG_IN, Config, ConfigError, environment
from utils.metrics import CannotServeError, observed

logger = logging.getLogger("hearth")

EXIT_WRONG_SETTINGS = 2
EXIT_FAILED = 1
PLAYGROUND_DATABASE = "sqlite:///data/playground.db"
PLAYGROUND_PORT = 8765

PRIVILEGED_SWITCHES = (
    "Discord refuses an intent. Open https://discord.com/developers/applications, choose your application, Bot, and "
    "switch on 'Message Content Intent' and 'Server Members Intent'. Or do without: with MESSAGE_CONTENT=off only a "
    "mention works as a prefix, and with MEMBERS=off I don't notice who comes back."
)

TOKEN_REFUSED = f"Discord refuses DISCORD_TOKEN. Get a new one: {HOW_TO_LOG_IN}"
AUTHENTICATION_FAILED = 4004  # a close code of the gateway


class StartError(Exception):
    """The program can't run; the message is the sentence for the operator."""


def build_parser() -> argparse.ArgumentParser:
    """The command line. Without a sub-command the bot runs."""
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="Hearth, a self-hosted Discord bot.",
        epilog="Settings come from the environment and from .env; .env.example lists them all.",
    )
    parser.set_defaults(run=serve)
    parser.add_argument(
        "--cluster", metavar="K/N", help="run the share of process K of N, such as 2/4 (docs/DEPLOYMENT.md)"
    )
    parser.add_argument("--dev", action="store_true", help="reload features when their files are saved")
    playground = parser.add_argument_group("playground")
    playground.add_argument(
        "--playground",
        action="store_true",
        help="run in a simulated Discord in the browser: no account, no token",
    )
    playground.add_argument("--fresh", action="store_true", help="forget what the playground kept from the last run")
    playground.add_argument("--town", type=Path, metavar="FILE", help="the town to play in (docs/PLAYGROUND.md)")
    playground.add_argument(
        "--port", type=int, default=PLAYGROUND_PORT, help=f"the playground's port (default {PLAYGROUND_PORT})"
    )
    add_commands(parser.add_subparsers(title="commands", metavar="COMMAND", help="instead of running the bot"))
    return parser


def create_bot(config: Config, db: DatabaseManager) -> Hearth:
    """Make the bot; no I/O happens until it starts."""
    return Hearth(config, db)


# --- Running ---------------------------------------------------------------------------------------------


async def run_on_discord(config: Config, *, dev: bool) -> None:
    """Connect to Discord and run until a signal or until Discord says no. Raises StartError and CannotServeError."""
    stop = stop_on_signals()
    db = DatabaseManager(config.database_url)
    bot = create_bot(config, db)
    try:
        async with observed(bot):  # all around: it tells of the start and the end, too
            if await _done_before(stop, _open(db, config)):
                await _run_bot(bot, config.discord_token, stop, dev=dev)
    finally:
        await db.close()
    logger.info("Stopped")


async def _open(db: DatabaseManager, config: Config) -> None:
    await db.connect()
    await db.migrate(before=lambda missing: before_migration(db, config, missing))


async def _run_bot(bot: Hearth, token: str, stop: asyncio.Event, *, dev: bool) -> None:
    async with bot:
        watcher = reload_on_save.start(bot) if dev else None
        running = asyncio.create_task(_connect(bot, token))
        stopping = asyncio.create_task(stop.wait())
        settling = asyncio.create_task(_settle(bot))
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            logger.info("Stopping: running commands get up to 10 s")
            await bot.stop()
        for task in (watcher, stopping, settling):
            if task is not None:
                task.cancel()
        await running
        if bot.cluster.why_ended is not None:
            raise StartError(bot.cluster.why_ended)


async def _settle(bot: Hearth) -> None:
    """Spare the garbage collector what stays to the end: a full round over it stops everything for tens of ms."""
    await bot.wait_until_ready()
    gc.freeze()


async def _done_before(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do some work to its end; False when a signal came first, and the work is cancelled."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if stop.is_set():
        working.cancel()
    try:
        await working
    except asyncio.CancelledError:
        return False
    return True


async def _connect(bot: Hearth, token: str) -> None:
    try:
        await bot.start(token)
    except discord.LoginFailure as error:
        raise StartError(TOKEN_REFUSED) from error
    except discord.PrivilegedIntentsRequired as error:
        raise StartError(PRIVILEGED_SWITCHES) from error
    except discord.ConnectionClosed as error:
        if error.code == AUTHENTICATION_FAILED:  # the token was reset after the login
            raise StartError(TOKEN_REFUSED) from error
        raise StartError(f"Discord closed the connection for good (code {error.code}).") from error
    except (aiohttp.ClientError, OSError) as error:
        raise StartError(f"Discord can't be reached: {error}") from error
    except (discord.HTTPException, discord.GatewayNotFound) as error:
        raise StartError(f"Discord answers with an error: {error}") from error


def stop_on_signals() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set. A second signal ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal() -> None:
        if stop.is_set():
            logger.warning("Second signal: stopping at once")
            logging.shutdown()
            os._exit(EXIT_FAILED)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, on_signal)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(on_signal))
    return stop


async def run_playground(config: Config, arguments: argparse.Namespace) -> None:
    """Run in the simulated Discord until a signal."""
    stop = stop_on_signals()  # before the imports, which take the longest: Ctrl-C then is no traceback
    try:
        from playground import PlaygroundError, run  # noqa: PLC0415 - needs the development requirements
    except ImportError as error:
        raise StartError(f"The playground needs more: pip install -r requirements-dev.txt ({error})") from error
    try:
        await run(
            replace(config, database_url=PLAYGROUND_DATABASE, shard_count=None, shard_ids=(), cluster=None),
            create_bot,
            fresh=arguments.fresh,
            port=arguments.port,
            stop=stop,
            dev=arguments.dev,
            **({"town": arguments.town} if arguments.town else {}),
        )
    except PlaygroundError as error:
        raise StartError(str(error)) from error


def serve(arguments: argparse.Namespace) -> int:
    """Run the bot, on Discord or in the playground, until it is stopped. Returns the exit status."""
    try:
        settings = environment() | ({"CLUSTER": arguments.cluster} if arguments.cluster else {})
        config = Config.from_env(settings, playground=arguments.playground)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return EXIT_WRONG_SETTINGS
    if arguments.dev and not reload_on_save.available():
        print(reload_on_save.NEEDS_WATCHFILES, file=sys.stderr)
        return EXIT_WRONG_SETTINGS
    # The bot speaks in text alone, so the libraries for voice are no loss to warn of.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    log.set_up(config.log_level, config.log_format, config.secrets)
    i18n.load_catalogues()
    try:
        if arguments.playground:
            asyncio.run(run_playground(config, arguments))
        else:
            with asyncio.Runner(loop_factory=fast_loop()) as runner:
                runner.run(run_on_discord(config, dev=arguments.dev))
    except (StartError, CannotServeError, DatabaseError) as error:
        logger.critical("%s", error)
        return EXIT_FAILED
    return 0


def fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Uvloop where it exists (not on Windows): a fifth less work for each message."""
    with suppress(ImportError):
        import uvloop  # noqa: PLC0415 - absent on Windows

        loop: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
        return loop
    return None


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and do what it says. Returns the exit status."""
    arguments = build_parser().parse_args(argv)
    status: int = arguments.run(arguments)
    return status


if __name__ == "__main__":
    sys.exit(main())
