"""What is kept in memory of the database is registered, so that other processes' changes are read, and documented."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.town import Town

ROOT = Path(__file__).resolve().parents[2]
KEPT = "in memory"
"""What a store's method says of itself that reads rows for who keeps them."""


def methods_for_memory() -> Iterator[tuple[str, str]]:
    """The stores' classes and methods that are called to keep their rows."""
    for file in (ROOT / "database").glob("*.py"):
        for one in ast.parse(file.read_text()).body:
            for method in one.body if isinstance(one, ast.ClassDef) else ():
                if isinstance(method, ast.AsyncFunctionDef) and KEPT in (ast.get_docstring(method) or ""):
                    yield one.name, method.name


def calls(source: str, method: str) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method
        for node in ast.walk(ast.parse(source))
    )


def test_who_keeps_rows_in_memory_registers_it():
    methods = set(methods_for_memory())
    assert ("AutoRolesStore", "all") in methods, "the stores say no more what is kept in memory"
    missing = []
    for file in [*(ROOT / "cogs").rglob("*.py"), *(ROOT / "utils").rglob("*.py")]:
        source = file.read_text()
        if any(re.search(rf"\b{store}\b", source) and calls(source, method) for store, method in methods):
            around = [file] if file.parent == ROOT / "utils" else file.parent.rglob("*.py")
            if not any("Part(" in other.read_text() for other in around):
                missing.append(str(file.relative_to(ROOT)))
    assert missing == [], "these keep rows in memory without a Part of utils/shared_memory.py"


async def test_every_part_is_in_the_table_of_the_docs(town: Town):
    page = (ROOT / "docs" / "ARCHITECTURE.md").read_text()
    section = page.partition("\n## Between processes\n")[2].partition("\n## ")[0]
    documented = dict(re.findall(r"^\| ([^|]+?) \| [^|]+ \| (all|here) \|", section, re.MULTILINE))
    parts = {part.name: "here" if part.here_alone else "all" for part in town.bot.shared_memory.parts.values()}
    assert documented == parts
