"""The floors: main, operations and cogs, utils, database. Nothing imports upwards, and no cog knows another."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAY_IMPORT = {
    "database": {"database"},
    "utils": {"utils", "database"},
    "cogs": {"cogs", "utils", "database"},
    "operations": {"operations", "utils", "database"},
    "playground": {"playground", "utils", "database"},
    "tools": {"tools", "main", "operations", "playground", "cogs", "utils", "database"},
    "main.py": {"operations", "cogs", "utils", "database", "playground"},
}
ONLY_WHEN_ASKED_FOR = {"aio_pika", "aiohttp.web", "playground", "prometheus_client", "redis", "tqdm"}
"""Libraries of settings that most bots don't use and of other commands: each takes long to load."""
HOUSE = {"main", "operations", "cogs", "utils", "database", "playground", "tests", "tools"}


def imports_of(file: Path) -> Iterator[str]:
    """The full names of what a file imports, those for type checking too."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative imports hide which floor is meant"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files_of(place: str) -> list[Path]:
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


@pytest.mark.parametrize("place", MAY_IMPORT)
def test_nothing_imports_upwards(place: str):
    for file in files_of(place):
        for name in imports_of(file):
            floor = name.split(".")[0]
            assert floor not in HOUSE or floor in MAY_IMPORT[place], f"{file.relative_to(ROOT)} imports {name}"


def test_no_cog_imports_another():
    for file in files_of("cogs"):
        feature = file.relative_to(ROOT / "cogs").parts[0]
        for name in imports_of(file):
            parts = name.split(".")
            assert parts[0] != "cogs" or parts[1] == feature, f"{file.relative_to(ROOT)} imports {name}"


def test_the_bot_runs_without_the_playground():
    """Only main may import it, and only inside the function that needs it."""
    tree = ast.parse((ROOT / "main.py").read_text())
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    at_the_top = {name for node in imports for name in _modules(node)}
    assert not {name for name in at_the_top if name.startswith("playground")}


def test_a_start_loads_no_library_that_only_a_setting_needs():
    everything = (
        "import importlib, pkgutil, sys, main, cogs\n"
        "for module in pkgutil.walk_packages(cogs.__path__, 'cogs.'): importlib.import_module(module.name)\n"
        "print(*sys.modules)"
    )
    started = subprocess.run(
        [sys.executable, "-c", everything], cwd=ROOT, check=True, capture_output=True, text=True, timeout=300
    )
    assert not ONLY_WHEN_ASKED_FOR & set(started.stdout.split())


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]


def test_there_are_no_circles():
    files = [file for place in ("main.py", "operations", "cogs", "utils", "database") for file in files_of(place)]
    modules = {_module_name(file): file for file in files}
    graph = {name: set(_at_import_time(file, modules)) - {name} for name, file in modules.items()}

    def visit(name: str, path: list[str]) -> None:
        assert name not in path, " → ".join([*path[path.index(name) :], name])
        if name in seen:
            return
        for imported in graph[name]:
            visit(imported, [*path, name])
        seen.add(name)

    seen: set[str] = set()
    for name in graph:
        visit(name, [])


def _module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _at_import_time(file: Path, modules: dict[str, Path]) -> Iterator[str]:
    """The house's modules that running this file's top level imports: not those for type checking."""
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                if full in modules:
                    yield full
                elif node.module in modules:
                    yield node.module


SQL_WORDS = ("SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ")


def test_sql_is_in_the_database_alone():
    for place in ("main.py", "operations", "cogs", "utils", "playground"):
        for file in files_of(place):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    words = [word for word in SQL_WORDS if node.value.lstrip().startswith(word)]
                    assert not words, f"{file.relative_to(ROOT)}:{node.lineno} holds SQL"
