"""The examples for Loki and Elasticsearch name the fields that the log really has."""

import json
import logging
import re

import yaml

from tests.support.process import REPOSITORY
from utils.log import make_formatter

ELK = REPOSITORY / "deploy/elk"
ALLOY = (REPOSITORY / "deploy/loki/config.alloy").read_text()


def line_of_the_log() -> dict[str, object]:
    record = logging.makeLogRecord({"msg": "Error", "name": "hearth", "levelname": "ERROR", "error_id": "a1b2c3"})
    written: dict[str, object] = json.loads(make_formatter("json", frozenset(), colour=False).format(record))
    return written


def test_loki_takes_fields_that_are_there():
    taken = re.search(r"expressions = \{(.+)\}", ALLOY)
    assert taken is not None
    fields = dict(re.findall(r'(\w+)\s*=\s*"(\w+)"', taken[1]))
    assert set(fields.values()) <= set(line_of_the_log())
    labels = re.search(r"stage\.labels \{\s*values = \{(.+)\}", ALLOY)
    assert labels is not None
    assert set(re.findall(r"(\w+)\s*=", labels[1])) == {"level", "logger"}, "ids would make a stream of each person"


def test_alloy_knows_every_part_that_is_named():
    made = set(re.findall(r'^([\w.]+) "(\w+)" \{', ALLOY, re.MULTILINE))
    for component, label in re.findall(r"\b((?:loki|discovery)\.\w+)\.(\w+)\.(?:receiver|targets)", ALLOY):
        assert (component, label) in made
    assert ALLOY.count("{") == ALLOY.count("}")


def test_filebeat_reads_the_time_as_the_log_writes_it():
    config = yaml.safe_load((ELK / "filebeat.yml").read_text())
    (source,) = config["filebeat.inputs"]
    (stamp,) = [entry["timestamp"] for entry in source["processors"] if "timestamp" in entry]
    assert stamp["field"] == "hearth.time"
    shape = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
    assert shape.fullmatch(stamp["test"][0])
    assert shape.fullmatch(str(line_of_the_log()["time"]))


def test_elasticsearch_keeps_every_id_as_a_word():
    properties = json.loads((ELK / "index-template.json").read_text())["template"]["mappings"]["properties"]
    fields = properties["hearth"]["properties"]
    words = {"level", "logger", "error_id", "command", "outcome", "user", "guild", "channel"}
    assert {name for name, kind in fields.items() if kind["type"] == "keyword"} == words
