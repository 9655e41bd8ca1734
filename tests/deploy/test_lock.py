"""The lock that the image is made from is that of the requirements, and has the hash of each file."""

import re
from pathlib import Path

from tests.support.process import REPOSITORY

PINNED = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[\w,]+\])?==([^\s;\\]+)")


def pins(path: Path) -> dict[str, str]:
    found = filter(None, (PINNED.match(line) for line in path.read_text().splitlines()))
    return {match[1].lower().replace("_", "-").replace(".", "-"): match[2] for match in found}


def test_the_lock_has_every_requirement_in_its_version():
    required = pins(REPOSITORY / "requirements.txt")
    locked = pins(REPOSITORY / "requirements.lock")
    assert {name: locked.get(name) for name in required} == required
    assert len(locked) > len(required), "and what they need in turn"


def test_every_line_of_the_lock_has_hashes():
    text = (REPOSITORY / "requirements.lock").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines
    assert [line for line in lines if "--hash=sha256:" not in line] == []


def test_every_requirement_is_pinned():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (REPOSITORY / name).read_text().splitlines()
        wanted = [line for line in lines if line and not line.startswith(("#", "-r "))]
        assert [line for line in wanted if not PINNED.match(line)] == []
