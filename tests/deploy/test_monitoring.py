"""The alerts and the dashboard ask for metrics and labels that there are; Prometheus's own tool reads the files."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.dashboard import DEPLOY, alerts, labels_in, names_in, panels, queries
from tests.support.message_servers import ServerMissing, find_program, required
from utils.metrics.catalogue import ALL, Metric

HERE = Path(__file__).resolve().parent
PROCESS = {"process_resident_memory_bytes", "process_cpu_seconds_total"}
"""Of the library, on Linux."""
OF_PROMETHEUS = {"instance", "job", "le"}
PARTS = {"counter": [""], "gauge": [""], "histogram": ["_bucket", "_sum", "_count"], "summary": ["_sum", "_count"]}
BY_SAMPLE: dict[str, Metric] = {metric.name + part: metric for metric in ALL for part in PARTS[metric.kind]}


@pytest.mark.parametrize("query", [*queries(), *alerts()])
def test_a_query_asks_for_what_there_is(query: str):
    names = names_in(query)
    assert names - {*BY_SAMPLE} - PROCESS == set()
    assert names or "up{" in query
    for name, label in labels_in(query):
        known = BY_SAMPLE[name].labels if name in BY_SAMPLE else ()
        assert label in {*known, *OF_PROMETHEUS}, f"{name} has no label {label}"
    if "_bucket" in query:
        assert re.search(r"by \([^)]*\ble\b", query), "a quantile needs the buckets' limits"


@pytest.mark.parametrize("panel", panels(), ids=lambda panel: panel["title"])
def test_a_legend_shows_labels_that_the_query_leaves(panel: dict):
    for target in panel["targets"]:
        grouped = re.search(r"by \(([^)]*)\)", target["expr"])
        for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
            if grouped:
                assert label in re.split(r",\s*", grouped[1])
            else:
                names = names_in(target["expr"])
                assert label == "instance" or all(label in BY_SAMPLE[name].labels for name in names)


def test_every_metric_is_on_the_dashboard_or_in_an_alert():
    shown = {BY_SAMPLE[name].name for query in [*queries(), *alerts()] for name in names_in(query) & {*BY_SAMPLE}}
    # `instance` is chosen by the first; a cache's limit is told, not watched.
    assert {metric.name for metric in ALL} - shown == {"hearth_build_info", "hearth_cache_entries_most"}


def test_panels_do_not_overlap():
    taken = set()
    for panel in panels():
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_provisioning_finds_the_data_and_the_dashboard():
    (source,) = yaml.safe_load((DEPLOY / "grafana/provisioning/datasources/prometheus.yml").read_text())[
        "datasources"
    ]
    assert {panel["datasource"]["uid"] for panel in panels()} == {source["uid"]}
    (provider,) = yaml.safe_load((DEPLOY / "grafana/provisioning/dashboards/hearth.yml").read_text())["providers"]
    services = yaml.safe_load((DEPLOY.parent / "compose.yaml").read_text())["services"]
    mounts = dict(mount.split(":")[:2] for mount in services["grafana"]["volumes"])
    assert mounts["./deploy/grafana/dashboards"] == provider["options"]["path"]
    assert source["url"] == "http://prometheus:9090"
    assert "prometheus" in services


def test_prometheus_scrapes_the_service_of_compose():
    (scraped,) = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())["scrape_configs"]
    (target,) = scraped["static_configs"][0]["targets"]
    host, port = target.split(":")
    assert host in yaml.safe_load((DEPLOY.parent / "compose.yaml").read_text())["services"]
    assert f"METRICS_PORT={port}" in (DEPLOY.parent / "Dockerfile").read_text()


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", str(DEPLOY / "prometheus.yml")),
        ("check", "rules", str(DEPLOY / "alerts.yml")),
        ("test", "rules", str(HERE / "alerts_test.yml")),
    ],
    ids=["configuration", "alerts", "tests of the alerts"],
)
def test_promtool_is_content(arguments: tuple[str, ...]):
    promtool(*arguments)


def test_promtool_understands_every_query(tmp_path: Path):
    rules = [{"record": f"query:{number}", "expr": query} for number, query in enumerate(queries())]
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    promtool("check", "rules", str(file))


def promtool(*arguments: str) -> None:
    try:
        program = find_program("promtool")
    except ServerMissing as missing:
        if required():
            raise
        pytest.skip(str(missing))
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
