"""YAML as a bounded, plain format: texts, numbers, true and false, nothing, lists and mappings, each with its line.

PyYAML with libyaml is used because it has been looked after for years, is fast, and tells where in the file something
stands. Only its events are used: they come one after the other, so what is too deep or too much is
refused before it is built. Nothing is ever made that a file names (tags), and nothing in it stands for something else
(anchors and aliases), so a short file can't grow. Unlike in YAML 1.1, `no`, `on`, `1:30` and dates are texts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from utils.formatting import code, truncate
from utils.i18n import _

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_DEPTH: Final = 12
MOST_VALUES: Final = 100_000

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,30})")
_WITH_POINT: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,15})\.[0-9]{1,15}")
_WORDS: Final[dict[str, Any]] = {"": None, "~": None, "null": None, "true": True, "false": False}
_QUOTED_CHARACTERS: Final = 60


class YamlError(ValueError):
    """A file can't be read; the text is the sentence for whoever gave it, with the line."""


@dataclass(frozen=True, slots=True)
class Value:
    """Something in a file: a plain value, a list of values, or a dict of values by text; `line` counts from 1."""

    plain: Any
    line: int | None = None


def value_of(plain: Any) -> Value:
    """What doesn't come from a file, as if it did."""
    if isinstance(plain, dict):
        return Value({key: value_of(one) for key, one in plain.items()})
    if isinstance(plain, list | tuple):
        return Value([value_of(one) for one in plain])
    return Value(plain)


def plain_of(value: Value) -> Any:
    """A value without its lines."""
    if isinstance(value.plain, dict):
        return {key: plain_of(one) for key, one in value.plain.items()}
    if isinstance(value.plain, list):
        return [plain_of(one) for one in value.plain]
    return value.plain


def read_yaml(data: bytes) -> Value:
    """What is in a file. Raises `YamlError`."""
    if len(data) > MOST_BYTES:
        raise YamlError(_("The file is too large: {most} MiB are the most.").format(most=MOST_BYTES // 1024**2))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise YamlError(_("Line {line}: This is no text in UTF-8.").format(line=line)) from error
    try:
        return _Reader(yaml.parse(text, Loader=_LOADER)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _at(mark.line + 1 if mark else 1, _("This is no YAML: {problem}"), error.problem or "") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _at(line, _("This is no YAML: {problem}"), str(error.reason)) from error


def write_yaml(data: Any) -> str:
    """The same as a file; `read_yaml` reads exactly this back."""
    written: str = yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=False, width=110
    )
    return written


def _at(line: int, sentence: str, problem: str) -> YamlError:
    shown = code(truncate(" ".join(problem.split()), _QUOTED_CHARACTERS)) if problem else "—"
    return YamlError(_("Line {line}: {problem}").format(line=line, problem=sentence.format(problem=shown)))


class _Reader:
    """Builds values from events, with bounds."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.count = 0

    def document(self) -> Value:
        value = Value(None, 1)
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _at(_line(event), _("There is a second document; one file has one."), "")
            elif isinstance(event, yaml.NodeEvent):
                value = self._value(event, 1)
        return value

    def _value(self, event: Any, depth: int) -> Value:
        line = _line(event)
        self.count += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _at(line, _("Anchors and aliases ({problem}) aren't read; write it out."), _mark(event))
        if event.tag is not None and event.tag != "!":
            raise _at(line, _("Tags such as {problem} aren't read."), event.tag)
        if depth > MOST_DEPTH:
            raise _at(line, _("This is nested too deep."), "")
        if self.count > MOST_VALUES:
            raise _at(line, _("The file holds too much up to here."), "")
        if isinstance(event, yaml.ScalarEvent):
            return Value(_scalar(event), line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Value(list(self._items(depth)), line)
        return Value(self._mapping(depth), line)

    def _items(self, depth: int) -> Iterator[Value]:
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._value(event, depth + 1)

    def _mapping(self, depth: int) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise _at(_line(event), _("A name is wanted here, not a list or a mapping."), "")
            self._value(event, depth + 1)
            if event.value in found:
                raise _at(_line(event), _("{problem} stands here a second time."), event.value)
            found[event.value] = self._value(next(self.events), depth + 1)
        return found


def _scalar(event: Any) -> Any:
    """The value of a scalar: only what is written without quotes is anything but a text."""
    text: str = event.value
    if event.style or not event.implicit[0]:  # quoted, or in lines of its own
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _WITH_POINT.fullmatch(text) else text


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _mark(event: Any) -> str:
    return f"*{event.anchor}" if isinstance(event, yaml.AliasEvent) else f"&{event.anchor}"


class _Dumper(_DUMPER):
    """Writes texts of several lines as such, and no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out, also what is the same object twice."""
        return True


def _text(dumper: Any, text: str) -> Any:
    plain_lines = "\n" in text and all(char == "\n" or char.isprintable() for char in text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if plain_lines else None)


_Dumper.add_representer(str, _text)
