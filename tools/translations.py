"""Gather the bot's sentences, bring the translations up to date, and check that they are complete.

    python -m tools.translations update     # after sentences changed: template and all languages
    python -m tools.translations missing de # what is left to translate
    python -m tools.translations check      # fails if anything is stale, missing, unsure or doesn't fit

Sentences are those inside `_`, `N_`, `ngettext` and `pgettext`, and the help texts: docstrings of commands and
groups, of cogs, and of the package of each feature, split by `utils.i18n.help_parts` as the help command does.
Files are named without line numbers, and no dates are written, so that nothing changes but sentences.
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_python
from babel.messages.pofile import PoFileError, read_po, write_po

from utils.i18n import DOMAIN, LANGUAGES, LOCALES, SOURCE, help_parts, same_placeholders

ROOT: Final = Path(__file__).resolve().parent.parent
SPEAKING: Final = ("main.py", "cogs", "utils", "playground")  # where sentences are
KEYWORDS: Final = DEFAULT_KEYWORDS | {"N_": None}
MARKERS: Final = frozenset({"_", "N_", "ngettext", "pgettext"})
DATED_HEADERS: Final = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|'
    r"Report-Msgid-Bugs-To|Project-Id-Version): .*\n",
    re.MULTILINE,
)
Extracted = tuple[int, str | None, str | tuple[str, ...], list[str]]


# --- Gathering --------------------------------------------------------------------------------------------


def extract_sentences(
    file: io.BufferedReader, keywords: Any, comment_tags: Sequence[str], options: Any
) -> Iterator[Extracted]:
    """Babel's extraction for Python, and the help texts of the file."""
    yield from extract_python(file, keywords, comment_tags, options)  # type: ignore[misc]
    file.seek(0)
    for line, docstring in help_texts(ast.parse(file.read())):
        for part in filter(None, help_parts(docstring)):
            yield line, None, part, []


def help_texts(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Docstrings that the help command shows, with their lines."""
    found: list[ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef] = []
    if any(_is_function(node) and node.name == "setup" for node in module.body):  # type: ignore[attr-defined]
        found.append(module)
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and any(_name_of(base).endswith("Cog") for base in node.bases):
            found.append(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(
            _name_of(decorator) in {"command", "group"} for decorator in node.decorator_list
        ):
            found.append(node)
    for node in found:
        if docstring := ast.get_docstring(node):
            yield getattr(node, "lineno", 1), docstring


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _name_of(node: ast.expr) -> str:
    """`command` for command, command(…), x.command and x.command(…)."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Subscript):
        node = node.value
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def speaking_files(root: Path = ROOT) -> list[Path]:
    """The source files that may hold sentences."""
    places = (root / place for place in SPEAKING)
    return sorted(file for place in places for file in ([place] if place.is_file() else place.rglob("*.py")))


def gather(root: Path = ROOT) -> Catalog:
    """All sentences of the sources, as a template."""
    template = Catalog(charset="utf-8", fuzzy=False)
    for path in speaking_files(root):
        with path.open("rb") as file:
            for _line, message, comments, context in extract(
                cast("Any", extract_sentences), file, KEYWORDS, ["Translators:"], strip_comment_tags=True
            ):
                name = path.relative_to(root).as_posix()
                template.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return template


def unreadable_sentences(root: Path = ROOT) -> Iterator[str]:
    """Calls whose sentence no extraction can see, or not on every version of Python."""
    for path in speaking_files(root):
        tree = ast.parse(path.read_bytes())
        f_strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        in_braces = {id(node) for f_string in f_strings for node in ast.walk(f_string)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS:
                sentences = node.args[: 2 if node.func.id in {"ngettext", "pgettext"} else 1]
                call = f"{path.relative_to(root).as_posix()}:{node.lineno}: {node.func.id}()"
                if not all(isinstance(argument, ast.Constant) for argument in sentences):
                    yield f"{call} takes a literal; use translate() for a variable"
                elif id(node) in in_braces:  # Python 3.11 reads an f-string as one piece
                    yield f"{call} stands in the braces of an f-string; put it into a variable before"


# --- Files ------------------------------------------------------------------------------------------------


def template_file(locales: Path = LOCALES) -> Path:
    """The template all translations are made from."""
    return locales / f"{DOMAIN}.pot"


def translation_file(language: str, locales: Path = LOCALES) -> Path:
    """A language's catalogue."""
    return locales / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def text_of(catalogue: Catalog) -> str:
    """A catalogue as it stands in its file."""
    written = io.BytesIO()
    for message in catalogue:
        message.flags -= {"python-format", "python-brace-format"}  # per cent signs are text; we check the braces
    write_po(written, catalogue, width=100, sort_output=True, include_lineno=False, ignore_obsolete=True)
    text = DATED_HEADERS.sub("", written.getvalue().decode())
    return text[text.index("msgid") :].rstrip("\n") + "\n"  # above it is a comment with a licence and a year


def read(path: Path, language: str) -> Catalog:
    """A language's catalogue; an empty one if it has no file yet."""
    if not path.exists():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def update(root: Path = ROOT, locales: Path = LOCALES) -> None:
    """Write the template and take changes over into each language; changed sentences are marked fuzzy."""
    template = gather(root)
    template_file(locales).parent.mkdir(parents=True, exist_ok=True)
    template_file(locales).write_text(text_of(template), encoding="utf-8")
    for language in _translated():
        path = translation_file(language, locales)
        catalogue = read(path, language)
        catalogue.update(template)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(catalogue), encoding="utf-8")


def _translated() -> list[str]:
    return [language for language in LANGUAGES if language != SOURCE]


# --- Checking ---------------------------------------------------------------------------------------------


def problems(root: Path = ROOT, locales: Path = LOCALES) -> list[str]:
    """Everything that is wrong with the translations, a line each; empty when all is well."""
    template = gather(root)
    found = list(unreadable_sentences(root))
    path = template_file(locales)
    if not path.exists() or path.read_text(encoding="utf-8") != text_of(template):
        found.append(f"{path.name} is stale: run `python -m tools.translations update`")
    for language in _translated():
        try:
            catalogue = read(translation_file(language, locales), language)
        except (PoFileError, ValueError) as error:
            found.append(f"{language}: the file can't be read: {error}")
        else:
            found += (f"{language}: {problem}" for problem in _problems_of(catalogue, template))
    return found


def _problems_of(catalogue: Catalog, template: Catalog) -> Iterator[str]:
    for wanted in _messages(template):
        message = catalogue.get(wanted.id, wanted.context)
        if message is None or not _complete(message):
            yield f"not translated: {_source(wanted)[0]!r}"
        elif message.fuzzy:
            yield f"not sure (fuzzy): {_source(wanted)[0]!r}"
        elif not same_placeholders(_source(message), _forms(message)):
            yield f"other placeholders: {_source(wanted)[0]!r}"
    for message in _messages(catalogue):
        if template.get(message.id, message.context) is None:
            yield f"no longer in the sources: {_source(message)[0]!r}"


def _messages(catalogue: Catalog) -> Iterable[Message]:
    return (message for message in catalogue if message.id)


def _source(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, list | tuple) else [message.id]


def _forms(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string or ""]


def _complete(message: Message) -> bool:
    return all(_forms(message)) and len(_forms(message)) >= len(_source(message))


# --- The command ------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.translations", description=(__doc__ or "").split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("update", help="write the template and merge it into each language")
    commands.add_parser("check", help="fail if a translation is stale, missing, unsure or doesn't fit")
    missing = commands.add_parser("missing", help="list what is left to translate")
    missing.add_argument("language", choices=_translated())
    chosen = parser.parse_args(arguments)
    if chosen.command == "update":
        update()
    found = problems()
    if chosen.command == "missing":
        found = [problem for problem in found if problem.startswith(f"{chosen.language}: not ")]
    print("\n".join(found) or "All sentences are translated.")
    return 1 if found and chosen.command == "check" else 0


if __name__ == "__main__":
    sys.exit(main())
