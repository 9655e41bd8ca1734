"""Tests speak with the town, so that the simulated Discord behind it can be replaced."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
BEHIND = {
    "tests/support/town.py",
    "tests/support/places.py",
    "tests/support/happenings.py",
    "tests/support/records.py",
    "tests/support/simcord_adapter.py",
    "tests/support/simcord_speed.py",
}
ADAPTERS = ("playground/simulation/", "tests/support/simcord_adapter.py", "tests/support/simcord_speed.py")


def python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imports_simcord(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    if "simcord" not in text:
        return False
    for node in ast.walk(ast.parse(text)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        if any(name.split(".")[0] == "simcord" for name in names):
            return True
    return False


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_only_the_town_imports_simcord():
    importing = {where(path) for path in python_files("tests") if imports_simcord(path)}
    assert importing == BEHIND


def test_the_bot_knows_nothing_of_simcord():
    bot = [*python_files("cogs", "utils", "database"), ROOT / "main.py"]
    assert [where(path) for path in bot if imports_simcord(path)] == []


def test_only_the_adapters_reach_into_simcord():
    """Whatever of simcord is private is used by the simulation or by the tests' adapter, and explained there."""
    private = []
    for path in [*python_files("playground"), *(ROOT / name for name in sorted(BEHIND))]:
        if where(path).startswith(ADAPTERS):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute | ast.Name):
                owner = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id
                inner = node.attr.startswith("_") or node.attr == "backend"
                if owner in {"env", "preview", "handle", "result"} and inner:
                    private.append(f"{where(path)}:{node.lineno} {owner}.{node.attr}")
    assert private == []
