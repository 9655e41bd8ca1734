"""A small town file for tests to change, and the one in the documentation."""

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from playground.errors import PlaygroundError
from playground.town.file import read
from playground.town.spec import Town
from tests.support.process import REPOSITORY

SMALL = """
start: general
people:
  olivia:
  ann:
  echo: {bot: true}
guilds:
  Hearth Town:
    owner: olivia
    members:
      olivia: {roles: [Admin]}
      ann: {}
      echo: {}
    roles:
      Admin: {permissions: [manage_guild]}
    emoji: {tea: cup}
    channels:
      general:
        messages:
          - {from: ann, at: 2 hours ago, text: Hello, key: hello}
          - {from: olivia, at: 1 hour ago, text: Hi, reply_to: hello}
      ideas:
        kind: forum
        tags: [idea]
        posts:
          A bench: {tags: [idea], messages: [{from: ann, at: 1 hour ago, text: By the fire}]}
      table: {kind: voice, connected: {ann: {}}}
      old-log: {deleted: true}
    categories:
      Staff:
        channels:
          staff: {}
suggestions:
  - {title: Tea, text: Ann wants tea., as: ann, channel: general, type: "!remind 10s tea"}
"""

Way = tuple[str | int, ...]
MESSAGES: Way = ("guilds", "Hearth Town", "channels", "general", "messages")
GONE: Any = object()


def changed(*changes: tuple[Way, Any]) -> str:
    """The small town with other values in some places; `GONE` takes one away, a list's length as index appends."""
    data = copy.deepcopy(yaml.safe_load(SMALL))
    for way, value in changes:
        part = data
        for step in way[:-1]:
            if isinstance(part, dict) and part.get(step) is None:
                part[step] = {}
            part = part[step]
        if value is GONE:
            del part[way[-1]]
        elif isinstance(part, list) and way[-1] == len(part):
            part.append(value)
        else:
            part[way[-1]] = value
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def small_town(*changes: tuple[Way, Any]) -> Town:
    """The small town, changed."""
    return read(changed(*changes), name="town.yaml")


def documented() -> str:
    """The example in the documentation."""
    text = (REPOSITORY / "docs" / "PLAYGROUND.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    return str(example)


def town_file(directory: Path, text: str) -> Path:
    """A file with that text."""
    path = directory / "town.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def place(way: Way) -> str:
    """A way as it is told in a refusal."""
    return " → ".join(f"#{step + 1}" if isinstance(step, int) else step for step in way)


def refusal(text: str) -> str:
    """What is said of a file with that text."""
    with pytest.raises(PlaygroundError) as refused:
        read(text, name="town.yaml")
    return str(refused.value)
