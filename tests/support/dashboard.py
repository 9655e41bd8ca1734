"""The queries of the dashboard and of the alerts that we give away, and the names in them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "hearth.json"
_NAME = re.compile(r"\b(?:hearth|process|python)_[a-z0-9_]+\b")
_SELECTED = re.compile(r"\b((?:hearth|process|python)_[a-z0-9_]+)\{([^}]*)\}")
_LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
_GROUPED = re.compile(r"\bby \(([^)]*)\)")


def panels() -> list[dict[str, Any]]:
    """What the dashboard shows, without the titles of its rows."""
    everything = json.loads(DASHBOARD.read_text())["panels"]
    return [panel for panel in everything if panel["type"] != "row"]


def queries() -> list[str]:
    """What the panels ask Prometheus, with Grafana's variables as they are at first."""
    asked = [target["expr"] for panel in panels() for target in panel["targets"]]
    return [query.replace("$instance", ".*").replace("$__rate_interval", "1m") for query in asked]


def alerts() -> list[str]:
    """What the alerts ask."""
    groups = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"]
    return [rule["expr"] for group in groups for rule in group["rules"]]


def names_in(query: str) -> set[str]:
    """The metrics in a query."""
    return set(_NAME.findall(query))


def labels_in(query: str) -> Iterator[tuple[str, str]]:
    """Each label that a query selects by, with its metric; those it groups by, with each metric of the query."""
    for name, selected in _SELECTED.findall(query):
        for label in _LABEL.findall(selected):
            yield name, label
    for grouped in _GROUPED.findall(query):
        for label in grouped.split(","):
            for name in names_in(query):
                yield name, label.strip()
