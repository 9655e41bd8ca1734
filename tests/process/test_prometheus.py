"""A real Prometheus scrapes the real program, with the configuration, alerts and dashboard that we give away."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.process.conftest import Start
from tests.support.dashboard import queries
from tests.support.discord_server import DiscordServer
from tests.support.message_servers import ServerMissing, free_port, required
from tests.support.patience import PATIENCE
from tests.support.process import within
from tests.support.prometheus import PrometheusServer

pytestmark = pytest.mark.slow

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
WAITING_SECONDS = 30.0 * PATIENCE
POLL_SECONDS = 0.1

OF_OTHER_DAYS = (
    "hearth_gateway_latency_seconds",  # after the first heartbeat, which is some forty seconds away
    "hearth_errors_total", "hearth_log_lines_total", "hearth_rate_limits_total", "hearth_database_errors_total",
    "hearth_timer_lag_seconds", "hearth_batch_size", "hearth_backup_newest_time_seconds",
)  # fmt: skip
"""Metrics that have no value in the first seconds of a bot that is well."""


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def prometheus(tmp_path: Path, port: int) -> Iterator[PrometheusServer]:
    """Ours, looking more often, and at the bot of this test."""
    folder = tmp_path / "prometheus"
    folder.mkdir()
    text = (DEPLOY / "prometheus.yml").read_text()
    assert '"hearth:9464"' in text
    assert "15s" in text
    (folder / "prometheus.yml").write_text(text.replace("hearth:9464", f"127.0.0.1:{port}").replace("15s", "200ms"))
    (folder / "alerts.yml").write_text((DEPLOY / "alerts.yml").read_text().replace("for: 5m", "for: 200ms"))
    try:
        server = PrometheusServer(folder / "prometheus.yml", folder)
    except ServerMissing as missing:
        if required():
            raise
        pytest.skip(str(missing))
    server.start()
    yield server
    server.stop()


async def until(what: str, look: Callable[[], Any]) -> Any:
    end = time.monotonic() + WAITING_SECONDS
    while not (found := await asyncio.to_thread(look)):
        assert time.monotonic() < end, what
        await asyncio.sleep(POLL_SECONDS)
    return found


@within(120)
async def test_prometheus_scrapes_the_bot_and_answers_the_dashboard(
    hearth: Start, discord: DiscordServer, sqlite_url: str, port: int, prometheus: PrometheusServer
) -> None:
    bot = await hearth(sqlite_url, METRICS_PORT=str(port))
    for _time in range(3):
        await bot.ask("!ping")
    await bot.ask("!remind 1h tea")

    def commands() -> bool:
        found = prometheus.query('hearth_commands_total{command="ping", outcome="done"}')
        return bool(found) and float(found[0]["value"][1]) == 3

    await until("three commands", commands)
    await until("serving", lambda: prometheus.query('hearth_state{state="serving"} == 1'))
    (target,) = await asyncio.to_thread(prometheus.targets)
    assert (target["health"], target["lastError"]) == ("up", "")
    await bot.ask("!ping")  # so that a rate has something to go by
    await until("the fourth", lambda: prometheus.query('increase(hearth_commands_total{command="ping"}[1m])'))

    asked = [query for query in queries() if not any(name in query for name in OF_OTHER_DAYS)]
    assert [query for query in asked if not await asyncio.to_thread(prometheus.query, query)] == []
    for query in {*queries()} - {*asked}:
        await asyncio.to_thread(prometheus.query, query)  # it understands them all


@within(120)
async def test_alerts_fire_when_the_gateway_is_lost_and_end_when_it_is_back(
    hearth: Start, discord: DiscordServer, sqlite_url: str, port: int, prometheus: PrometheusServer
) -> None:
    await hearth(sqlite_url, METRICS_PORT=str(port))
    await until("a scrape", lambda: prometheus.query('hearth_state{state="serving"} == 1'))

    def firing() -> set[str]:
        return {alert["labels"]["alertname"] for alert in prometheus.alerts() if alert["state"] == "firing"}

    assert await asyncio.to_thread(firing) == set()
    discord.gateway.accepting.clear()
    discord.gateway.drop()
    assert await until("an alert", firing) == {"HearthGatewayLost"}
    discord.gateway.accepting.set()
    await until("its end", lambda: not firing())


def test_the_dashboard_is_what_grafana_reads() -> None:
    dashboard = json.loads((DEPLOY / "grafana" / "dashboards" / "hearth.json").read_text())
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len(set(ids))
    assert dashboard["uid"] == "hearth"
