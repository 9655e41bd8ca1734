"""Reading a town from its YAML file. What is wrong with it is said in one line that names the place."""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from playground.errors import PlaygroundError
from playground.town.checks import Place, Problem, problems
from playground.town.spec import Town

HEARTH = Path(__file__).with_name("hearth.yaml")
"""The town that is there without asking for another."""
LARGEST_BYTES = 1_000_000

_SENTENCES = {
    "missing": "is missing",
    "string_type": "should be a text; put it in quotes if it looks like something else",
    "int_type": "should be a whole number",
    "bool_type": "should be true or false",
    "list_type": "should be a list, with '- ' before each item",
    "dict_type": "should be fields like 'name: value'",
    "string_too_short": "is too short: it needs {min_length} or more characters",
    "string_too_long": "has more than {max_length} characters",
    "too_short": "needs at least {min_length}",
    "too_long": "has {actual_length} where {max_length} are the most",
    "literal_error": "should be {expected}",
    "greater_than_equal": "should be at least {ge}",
    "less_than_equal": "should be at most {le}",
    "string_pattern_mismatch": "should have letters, digits, '_', '.' and '-' only",
}


class _Loader(yaml.SafeLoader):
    """YAML with less magic: no aliases, no tags, no key twice; `on`, `18:30` and `2026-05-01` are texts."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {}  # noqa: RUF012 - PyYAML's own

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            raise _misplaced("aliases (*) can't be used here", event.start_mark)
        if event.tag not in {None, "!"}:
            raise _misplaced("tags (!) can't be used here", event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: dict[str, int] = {}
        for key, _value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name in seen:
                raise _misplaced(f"'{name}' stands there twice, first in line {seen[name]}", key.start_mark)
            seen[name] = key.start_mark.line + 1
        return super().construct_mapping(node, deep)


def _misplaced(problem: str, mark: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


for _tag, _form, _beginnings in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", ["t", "f"]),
    ("int", r"^-?(?:0|[1-9]\d{0,17})$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_form), _beginnings)


def load(path: Path) -> Town:
    """Read a town and check it. Raises PlaygroundError with a line that names file, place and problem."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise PlaygroundError(f"{path}: a town file has at most a megabyte.")
        return read(path.read_text(encoding="utf-8"), name=str(path))
    except OSError as error:
        raise PlaygroundError(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise PlaygroundError(f"{path} isn't a text in UTF-8.") from error


def read(text: str, *, name: str) -> Town:
    """Read a town from the text of a file of that name. Raises PlaygroundError as `load` does."""
    try:
        root, data = _parsed(text)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark is not None else ""
        raise PlaygroundError(f"{name}{line}: {error.problem}{_hint(error.problem or '')}.") from error
    except yaml.YAMLError as error:
        raise PlaygroundError(f"{name} isn't YAML: {error}.") from error
    except RecursionError as error:
        raise PlaygroundError(f"{name} isn't a town: it is nested too deeply.") from error
    if root is None or data is None:
        raise PlaygroundError(f"{name} is empty; docs/PLAYGROUND.md shows what a town file looks like.")
    try:
        town = Town.model_validate(data)
    except ValidationError as error:
        raise _refusal(name, root, _in_words(error.errors()[0])) from error
    for problem in problems(town):
        raise _refusal(name, root, problem)
    return town


def _parsed(text: str) -> tuple[yaml.Node | None, Any]:
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        return root, loader.construct_document(root) if root is not None else None
    finally:
        loader.dispose()


def _hint(problem: str) -> str:
    """What one may have forgotten where YAML itself says little."""
    if "mapping values are not allowed" in problem or "cannot start any token" in problem:
        return "; a text with ': ' in it, or one that begins with '@', '`', '*' or the like, needs quotes"
    return ""


def _in_words(error: ErrorDetails) -> Problem:
    values = error.get("ctx", {})
    sentence = values["sentence"] if error["type"] == "town" else _SENTENCES.get(error["type"], error["msg"])
    place = tuple(part for part in error["loc"] if part != "[key]")
    return Problem(place, sentence if error["type"] == "town" else sentence.format(**values))


def _refusal(name: str, root: yaml.Node, problem: Problem) -> PlaygroundError:
    way = " → ".join(f"#{part + 1}" if isinstance(part, int) else part for part in problem.place)
    where = f"{way}: " if way else ""
    end = "" if problem.sentence.endswith("?") else "."
    return PlaygroundError(f"{name}, line {_line(root, problem.place)}: {where}{problem.sentence}{end}")


def _line(node: yaml.Node, place: Place) -> int:
    """The line of a place; of one that isn't there, the line of what it is missing in."""
    mark = node.start_mark
    for part in place:
        if isinstance(node, yaml.MappingNode):
            pairs = [(key, value) for key, value in node.value if key.value == part]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            pairs = [(item, item) for item in node.value[part : part + 1]]
        else:
            pairs = []
        if not pairs:
            break
        (marked, node), *_rest = pairs
        mark = marked.start_mark
    return int(mark.line) + 1
