"""The metrics that are read when somebody asks, from what the bot knows anyway."""

import asyncio
import math
import platform
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

import discord

from database.errors import DatabaseError
from utils.health import Health, State
from utils.metrics import catalogue as metrics
from utils.metrics.bounded import OTHER
from utils.metrics.caches import caches_of
from utils.metrics.catalogue import Family, Metric
from utils.version import VERSION

if TYPE_CHECKING:
    from utils.bot import Hearth

MOST_EVENTS: Final = 250
MOST_ERRORS: Final = 100
BACKLOG_SECONDS: Final = 3.0
"""How long counting the timers may take; what isn't known then is left out."""


async def read(bot: "Hearth", health: Health) -> list[Family]:
    """Everything that holds now. Raises nothing; what can't be read has no value."""
    return [
        *_program(bot, health),
        *_gateway(bot, health),
        *_members(bot),
        *_connections(bot),
        *await _timers(bot, health),
        *_caches(bot),
    ]


def _program(bot: "Hearth", health: Health) -> Iterator[Family]:
    build = metrics.BUILD.family()
    build.add_metric([VERSION, platform.python_version(), discord.__version__, bot.db.dialect], 1)
    yield build
    yield _value(metrics.STARTED, bot.started_at.timestamp())
    state = metrics.STATE.family()
    for one in State:
        state.add_metric([one.value], one is health.state)
    yield state
    yield _counted(metrics.ERRORS, bot.error_reports.counts, MOST_ERRORS)
    yield _value(metrics.RUNNING, bot.calls.count)
    yield _value(metrics.BUS, health.bus)
    yield _value(metrics.LEADS, bot.cluster.leads)
    yield _moment(metrics.BACKUP, bot.backups.newest)
    yield _moment(metrics.BACKUP_DUE, bot.backups.due_at)


def _gateway(bot: "Hearth", health: Health) -> Iterator[Family]:
    yield _value(metrics.SHARDS, health.shards)
    yield _value(metrics.CONNECTED, health.connected)
    latency = metrics.LATENCY.family()
    for shard_id, shard in bot.shards.items():
        if math.isfinite(shard.latency):
            latency.add_metric([str(shard_id)], shard.latency)
    yield latency
    yield _counted(metrics.EVENTS, bot.usage.events, MOST_EVENTS)


def _members(bot: "Hearth") -> Iterator[Family]:
    guilds = bot.guilds
    yield _value(metrics.GUILDS, len(guilds))
    yield _value(metrics.UNAVAILABLE, sum(guild.unavailable for guild in guilds))
    yield _value(metrics.MEMBERS, sum(guild.member_count or 0 for guild in guilds))
    yield _value(metrics.MEMBERS_KEPT, sum(len(guild.members) for guild in guilds))


def _connections(bot: "Hearth") -> Iterator[Family]:
    load = bot.db.load
    yield _value(metrics.OPEN, load.open)
    yield _value(metrics.MOST, load.most)
    yield _value(metrics.IN_USE, load.in_use)
    yield _value(metrics.WAITING, load.waiting)


async def _timers(bot: "Hearth", health: Health) -> list[Family]:
    waiting, overdue, oldest = (
        metric.family() for metric in (metrics.TIMERS, metrics.TIMERS_OVERDUE, metrics.TIMERS_OLDEST)
    )
    if health.database:
        try:
            async with asyncio.timeout(BACKLOG_SECONDS):
                backlog = await bot.timers.backlog()
        except (DatabaseError, TimeoutError):
            return [waiting, overdue, oldest]
        waiting.add_metric([], backlog.waiting)
        overdue.add_metric([], backlog.overdue)
        since = backlog.oldest
        oldest.add_metric([], 0 if since is None else (discord.utils.utcnow() - since).total_seconds())
    return [waiting, overdue, oldest]


def _caches(bot: "Hearth") -> Iterator[Family]:
    size, most, hits, misses = (
        metric.family()
        for metric in (metrics.CACHE_SIZE, metrics.CACHE_MOST, metrics.CACHE_HITS, metrics.CACHE_MISSES)
    )
    for cache in caches_of(bot):
        size.add_metric([cache.name], cache.entries)
        if cache.most is not None:
            most.add_metric([cache.name], cache.most)
        if cache.hits is not None and cache.misses is not None:
            hits.add_metric([cache.name], cache.hits)
            misses.add_metric([cache.name], cache.misses)
    yield from (size, most, hits, misses)


def _moment(metric: Metric, at: datetime | None) -> Family:
    family = metric.family()
    if at is not None:
        family.add_metric([], at.timestamp())
    return family


def _value(metric: Metric, value: float) -> Family:
    family = metric.family()
    family.add_metric([], value)
    return family


def _counted(metric: Metric, counts: dict[str, int], most: int) -> Family:
    """Counts by name; all beyond the first so many names are one, so that no label's count ever falls."""
    family = metric.family()
    names: Iterable[tuple[str, int]] = counts.items()
    for name, count in islice(names, most):
        family.add_metric([name], count)
    rest = sum(islice(counts.values(), most, None))
    if rest:
        family.add_metric([OTHER], rest)
    return family
