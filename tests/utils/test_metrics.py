"""What is counted and read, that it stays bounded, and that nothing is while it is off."""

import asyncio
import dataclasses
import itertools
import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as plain_metrics

from database.errors import DatabaseError
from database.manager import DatabaseManager
from database.schema import shapes
from database.subjects import subject
from main import create_bot
from tests.support.cable import Cable
from tests.support.message_servers import free_port
from tests.support.patience import PATIENCE
from tests.support.town import Town
from utils.config import Config
from utils.health import GATEWAY_STALLED_SECONDS, Absence, Health, HealthWatch, State
from utils.metrics import observed
from utils.metrics.bounded import OTHER, Bounded
from utils.metrics.catalogue import ALL
from utils.metrics.readings import MOST_ERRORS, MOST_EVENTS
from utils.metrics.rest import outcome_of
from utils.metrics.server import Observer
from utils.usage import CommandRun

OPEN_METRICS = "application/openmetrics-text; version=1.0.0"


# --- rules


@given(st.lists(st.text(max_size=3)), st.integers(0, 5))
def test_there_are_never_more_labels_than_that(names: list[str], most: int):
    bounded = Bounded(most)
    labels = [bounded(name) for name in names]
    assert len(set(labels) - {OTHER}) <= most
    assert all(label in {name, OTHER} for name, label in zip(names, labels, strict=True))
    assert [bounded(name) for name in names] == labels  # a name keeps its label


@given(
    st.builds(
        Health, started=st.booleans(), stopping=st.booleans(), shards=st.integers(0, 3), connected=st.integers(0, 3),
        away_seconds=st.floats(0, 2000), stalled_seconds=st.floats(0, 2000), database=st.booleans(),
        bus=st.booleans(), bus_state=st.just(""),
        cluster=st.booleans(), cluster_state=st.just(""),
        uptime_seconds=st.floats(0, 1e6),
    )
)  # fmt: skip
def test_the_states_are_told_apart(health: Health):
    whole = 0 < health.shards <= health.connected
    assert (health.state is State.STOPPING) == health.stopping
    assert (health.state is State.STARTING) == (not health.stopping and not health.started)
    running = health.started and not health.stopping
    assert (health.state is State.DATABASE_LOST) == (running and not health.database)
    assert health.ready == (health.state is State.SERVING)
    if health.shards:
        assert health.ready == (running and health.database and whole)
    assert health.alive == (health.stopping or health.stalled_seconds < GATEWAY_STALLED_SECONDS)
    assert dataclasses.replace(health, bus=not health.bus, cluster=not health.cluster).ready == health.ready


def test_a_gateway_that_gets_better_is_left_alone():
    absence = Absence(0.0)
    absence.note(10.0, whole=False, connected=0, waits=True)
    assert (absence.since, absence.moved_at) == (0.0, 10.0)
    for now, connected in ((20.0, 1), (30.0, 2)):
        absence.note(now, whole=False, connected=connected, waits=False)
        assert absence.moved_at == now
    for now, connected in ((40.0, 1), (50.0, 2), (60.0, 0)):  # one that comes and goes is no progress
        absence.note(now, whole=False, connected=connected, waits=False)
        assert (absence.since, absence.moved_at) == (0.0, 30.0)
    absence.note(70.0, whole=True, connected=3, waits=False)
    assert (absence.since, absence.moved_at) == (None, 70.0)
    absence.note(80.0, whole=False, connected=2, waits=False)
    absence.note(90.0, whole=False, connected=2, waits=False)
    assert (absence.since, absence.moved_at) == (80.0, 70.0)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1", ("select", "none")),
        ("select * from timers", ("select", "timers")),
        ("INSERT INTO timers (id) VALUES ($1)", ("insert", "timers")),
        ("INSERT INTO a (x) SELECT x FROM b", ("insert", "a")),
        ("UPDATE accounts SET coins = 1 WHERE id IN (SELECT id FROM b)", ("update", "accounts")),
        ("DELETE FROM cases", ("delete", "cases")),
        ("SELECT count(*) FROM (SELECT 1 FROM polls) AS p", ("select", "polls")),
        ("WITH x AS (SELECT id FROM a) DELETE FROM b WHERE id IN (SELECT id FROM x)", ("delete", "a")),
        ("WITH x AS (SELECT id FROM a) SELECT * FROM x", ("select", "a")),
        ("SELECT 'from secrets' AS x -- from nowhere", ("select", "none")),
        ("  \n", ("other", "none")),
        ("VACUUM", ("other", "none")),
    ],
)
def test_what_a_statement_is_about(sql: str, expected: tuple[str, str]):
    assert subject(sql) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, "ok"), (204, "ok"), (304, "ok"), (400, "refused"), (404, "refused"), (429, "rate_limited"),
     (500, "server_error"), (503, "server_error")],
)  # fmt: skip
def test_what_an_answer_of_discord_comes_to(status: int, expected: str):
    assert outcome_of(status) == expected


# --- the bot


class Page:
    """A bot that is measured, and what it tells of itself."""

    def __init__(self, town: Town, observer: Observer, session: aiohttp.ClientSession, address: str) -> None:
        self.town, self.observer, self.session, self.address = town, observer, session, address

    async def text(self, accept: str = "text/plain") -> str:
        async with self.session.get(f"{self.address}/metrics", headers={"Accept": accept}) as answer:
            assert answer.status == 200
            return await answer.text()

    async def samples(self) -> dict[tuple[str, ...], float]:
        """By name and the values of the labels, in the order of the labels' names."""
        families = plain_metrics(await self.text())
        return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


@pytest_asyncio.fixture
async def page(town: Town) -> AsyncIterator[Page]:
    observer, port = Observer(), free_port()
    observer.follow(town.bot)
    await observer.start("127.0.0.1", port)
    async with aiohttp.ClientSession() as session:
        yield Page(town, observer, session, f"http://127.0.0.1:{port}")
    await observer.close()


async def test_what_happens_in_the_town_is_told(town: Town, page: Page):
    await town.says(town.ann, "!ping")
    await town.says(town.ann, "!remind 2h tea")
    await town.says(town.ann, "!kick bob")
    found = await page.samples()
    assert found["hearth_commands_total", "ping", "done"] == 1
    assert found["hearth_commands_total", "kick", "refused"] == 1
    assert found["hearth_timers",] >= 1
    assert found["hearth_database_statement_seconds_count", "reminders", "insert"] == 1
    assert found["hearth_guilds",] == 1
    assert found["hearth_bus_healthy",] == found["hearth_leads",] == 1
    assert found["hearth_cache_entries_most", "people's settings"] == town.bot.config.people_cache
    assert found["hearth_cache_hits_total", "people's settings"] >= 2
    assert found["hearth_cache_misses_total", "people's settings"] == 1
    await town.wait(hours=2)
    assert (await page.samples())["hearth_timer_lag_seconds_count",] >= 1


async def test_all_metrics_of_the_catalogue_are_told_in_both_formats(page: Page):
    for accept, parse in (("text/plain", plain_metrics), (OPEN_METRICS, open_metrics)):
        families = {family.name: family for family in parse(await page.text(accept))}
        for metric in ALL:
            family = families[metric.name.removesuffix("_total")]
            assert (family.type, family.documentation) == (metric.kind, metric.help)
            labels = {label for sample in family.samples for label in sample.labels} - {"le"}
            assert labels <= {*metric.labels}
    assert {metric.name for metric in ALL if metric.name.endswith("_total") != (metric.kind == "counter")} == set()


async def test_labels_stay_bounded_whatever_happens(town: Town, page: Page):
    for number in range(MOST_EVENTS * 2):
        town.bot.dispatch(f"event_{number}")
    for number in range(MOST_ERRORS * 2):
        town.bot.error_reports.counts[f"Error{number}"] += 1
    for number in range(100):
        town.bot.usage.ran(CommandRun(None, number, 1.0, "done"))
    found = await page.samples()
    events = [key for key in found if key[0] == "hearth_events_total"]
    assert len(events) == MOST_EVENTS + 1
    assert sum(found[key] for key in events) == sum(town.bot.usage.events.values())
    assert len([key for key in found if key[0] == "hearth_errors_total"]) == MOST_ERRORS + 1
    assert found["hearth_commands_total", "custom", "done"] == 100


async def test_tables_are_those_there_are(town: Town, page: Page):
    for text in ("!daily", "!rank", "!warn bob spam", "!tag add tea hot", "!tag tea", "!help"):
        await town.says(town.moderator, text)
    tables = {key[1] for key in await page.samples() if key[0] == "hearth_database_statement_seconds_count"}
    assert len(tables) > 5
    assert tables <= {*await shapes(town.db), "none"}


async def test_a_statement_that_fails_is_counted_and_others_hear_of_it(town: Town, page: Page):
    with pytest.raises(DatabaseError):
        await town.db.execute("DELETE FROM nowhere")
    assert (await page.samples())["hearth_database_errors_total", "other"] == 1


async def test_a_wait_for_the_gateway_counts_as_a_rate_limit(page: Page):
    logging.getLogger("discord.gateway").warning(
        "WebSocket in shard ID %s is ratelimited, waiting %.2f seconds", 0, 1
    )
    found = await page.samples()
    assert found["hearth_rate_limits_total", "gateway"] == 1
    assert found["hearth_log_lines_total", "warning"] == 1


async def test_health_is_told(page: Page):
    for path in ("/healthz", "/readyz"):
        async with page.session.get(page.address + path) as answer:
            facts = await answer.json()
            assert (answer.status, facts["state"], facts["bus"]) == (200, "serving", "healthy")
            assert answer.headers["Cache-Control"] == "no-store"


async def test_who_heard_of_statements_before_and_after_still_does(town: Town):
    heard: list[str] = []
    town.db.on_statement = before = lambda text, *_rest: heard.append(text)
    observer = Observer()
    observer.follow(town.bot)
    await town.db.fetchval("SELECT 2")
    assert heard == ["SELECT 2"]
    await observer.close()
    assert town.db.on_statement is before
    town.db.on_statement = None


async def test_while_it_is_off_nothing_listens(town: Town):
    hearers = [*town.bot.usage.hearers]
    handlers = [*logging.getLogger().handlers]
    tasks = asyncio.all_tasks()
    async with observed(town.bot):
        assert town.db.on_statement is None
        assert town.bot.usage.hearers == hearers
        assert (town.bot.usage.batch_hearers, town.bot.timers.hearers) == ([], [])
        assert town.bot.http.http_trace is None
        assert logging.getLogger().handlers == handlers
        assert asyncio.all_tasks() == tasks


@pytest.mark.engines("sqlite")
async def test_a_bot_without_a_gateway_for_long_is_to_be_restarted(db: DatabaseManager):
    now = [0.0]
    watch = HealthWatch(create_bot(Config(), db), clock=lambda: now[0])
    now[0] = GATEWAY_STALLED_SECONDS - 1
    assert (await watch.read()).alive
    now[0] = GATEWAY_STALLED_SECONDS + 1
    health = await watch.read()
    assert (health.alive, health.state, health.away_seconds) == (False, State.STARTING, now[0])


@pytest.mark.engines("postgresql")
async def test_a_database_that_keeps_silent_holds_nothing_up(migrated_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("utils.health.DATABASE_SECONDS", 0.5)
    async with Cable(migrated_url) as cable, DatabaseManager(cable.url, pool_min=1) as db:
        watch = HealthWatch(create_bot(Config(), db), clock=itertools.count(step=10).__next__)
        assert (await watch.read()).database
        cable.hold()
        began = asyncio.get_running_loop().time()
        assert not (await watch.read()).database
        assert not (await watch.read()).database
        assert asyncio.get_running_loop().time() - began < 2.0 * PATIENCE
        cable.let_go()
        while not (await watch.read()).database:  # as soon as the connection is there again
            await asyncio.sleep(0.01)
