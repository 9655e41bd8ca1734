"""The language of an answer.

English is the source: every sentence stands in the code as `_("You have {coins} coins.").format(coins=…)`.
The language is carried by a context variable, so each task that handles a command speaks its own and nobody
passes it along. Catalogues are the `.po` files under `locales/`; Babel compiles them in memory, so that no
compiled file can be stale.

    with using("de"):
        _("Pong!")

Besides the languages of `LANGUAGES` there is a pseudo-language, `en-XA`, for tests: it puts ⟦ ⟧ around each
sentence that came through here, and a sentence without them was forgotten.
"""

import gettext as gettext_files
import inspect
import io
import logging
import re
import string
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, Literal

from babel import Locale, dates, lists, numbers
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from utils import compiled_files

log = logging.getLogger(__name__)

SOURCE: Final = "en"
PSEUDO: Final = "en-XA"
PSEUDO_OPEN: Final = "⟦"
PSEUDO_CLOSE: Final = "⟧"
LANGUAGES: Final[dict[str, str]] = {"en": "English", "de": "Deutsch"}
"""What people may choose: the code, and the language's name in itself."""

DOMAIN: Final = "hearth"
LOCALES: Final = Path(__file__).resolve().parent.parent / "locales"

_language: ContextVar[str] = ContextVar("language", default=SOURCE)
_catalogues: dict[str, gettext_files.NullTranslations] | None = None


# --- The language -----------------------------------------------------------------------------------------


def known_language(language: str | None) -> str:
    """The code we have for a wish such as `de`, `de-AT` or `de_DE.UTF-8`; English for what we don't have."""
    if language is None:
        return SOURCE
    if language in LANGUAGES or language == PSEUDO:
        return language
    base = re.split(r"[-_.@]", language, maxsplit=1)[0].lower()
    return base if base in LANGUAGES else SOURCE


def current_language() -> str:
    """The language that answers are given in now: a key of `LANGUAGES`, or `PSEUDO`."""
    return _language.get()


def set_language(language: str | None) -> None:
    """Speak this language from here to the end of the current task; English if it is unknown."""
    _language.set(known_language(language))


@contextmanager
def using(language: str | None) -> Iterator[None]:
    """Speak this language inside the block; English if it is unknown."""
    token = _language.set(known_language(language))
    try:
        yield
    finally:
        _language.reset(token)


# --- Sentences --------------------------------------------------------------------------------------------


def N_(message: str) -> str:  # noqa: N802 - gettext's name for it
    """Mark a sentence for translation where it is written; `translate` it where it is shown."""
    return message


def _(message: str) -> str:
    """The sentence in the current language. Fill its `{placeholders}` afterwards, with `.format`."""
    language = _language.get()
    if language == SOURCE or not message:
        return message
    if language == PSEUDO:
        return f"{PSEUDO_OPEN}{message}{PSEUDO_CLOSE}"
    return _catalogue(language).gettext(message)


translate = _
"""The same for a sentence in a variable: a command's docstring, a setting's help, anything marked by `N_`."""


def ngettext(singular: str, plural: str, count: int) -> str:
    """The sentence for this many, by the plural rule of the current language."""
    language = _language.get()
    if language == SOURCE:
        return singular if count == 1 else plural
    if language == PSEUDO:
        return f"{PSEUDO_OPEN}{singular if count == 1 else plural}{PSEUDO_CLOSE}"
    return _catalogue(language).ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """Like `_`, for a word that means two things in English: the context tells them apart."""
    language = _language.get()
    if language == SOURCE or not message:
        return message
    if language == PSEUDO:
        return f"{PSEUDO_OPEN}{message}{PSEUDO_CLOSE}"
    return _catalogue(language).pgettext(context, message)


def help_parts(docstring: str | None) -> tuple[str, str]:
    """Split a docstring into its first line and the rest, each the source text of one translation.

    Lines of a paragraph are joined, since Discord shows every line break. List items, quotes, indented lines
    and code blocks keep their lines. Translate each part that isn't empty by `translate`.
    """
    first, _newline, rest = inspect.cleandoc(docstring or "").partition("\n")
    lines: list[str] = []
    in_code = joinable = False
    for line in rest.strip("\n").split("\n"):
        fence = line.lstrip().startswith("```")
        keeps_line = in_code or fence or not line.strip() or bool(_OWN_LINE.match(line))
        if joinable and not keeps_line:
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line.rstrip())
        in_code ^= fence
        joinable = bool(line.strip()) and not in_code and not fence
    return first.strip(), "\n".join(lines).strip()


_OWN_LINE = re.compile(r"[-*•>#] |\d+\. |>>> |\s")


# --- Catalogues -------------------------------------------------------------------------------------------


def load_catalogues(folder: Path = LOCALES) -> None:
    """Read all `.po` files, again if need be. One that is broken is logged, and English answers."""
    global _catalogues  # noqa: PLW0603 - one process speaks from one set of catalogues
    _catalogues = {
        language: _load(language, folder / language / "LC_MESSAGES" / f"{DOMAIN}.po")
        for language in LANGUAGES
        if language != SOURCE
    }


def placeholders(sentence: str) -> set[str]:
    """The names in braces that `.format` fills; none in a text that isn't a format."""
    try:
        return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name is not None}
    except ValueError:
        return set()


def same_placeholders(source: Sequence[str], translation: Sequence[str]) -> bool:
    """Whether a translation can be filled with what its source is filled with.

    A plural form may leave out a name ("one coin"), but may not ask for one that no source form has.
    """
    wanted, offered = [placeholders(text) for text in source], [placeholders(text) for text in translation]
    if len(source) == 1:
        return all(names == wanted[0] for names in offered)
    return all(names <= set().union(*wanted) for names in offered) and set.intersection(*wanted) <= offered[-1]


def _catalogue(language: str) -> gettext_files.NullTranslations:
    if _catalogues is None:
        load_catalogues()
    assert _catalogues is not None
    return _catalogues[language]


def _load(language: str, path: Path) -> gettext_files.NullTranslations:
    try:
        # Reading the .po takes a quarter of a second.
        made = compiled_files.compiled(path, "mo", lambda content: _compile(language, path, content))
        return gettext_files.GNUTranslations(io.BytesIO(made))
    except (OSError, ValueError, PoFileError) as error:
        log.error("The translation %s can't be used, so English answers instead: %s", path, error)  # noqa: TRY400
        return gettext_files.NullTranslations()


def _compile(language: str, path: Path, content: bytes) -> tuple[bytes, bool]:
    """The catalogue as gettext reads it, and whether that may be kept: of what is left out each start should warn."""
    catalogue = read_po(io.BytesIO(content), locale=language, abort_invalid=True)
    whole = len(catalogue)
    _drop_unsafe(catalogue, path)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue(), len(catalogue) == whole


def _drop_unsafe(catalogue: Catalog, path: Path) -> None:
    """Leave out translations whose placeholders would make `.format` fail at the moment of the answer."""
    for message in list(catalogue):
        source = message.id if isinstance(message.id, list | tuple) else (message.id,)
        texts = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if message.id and all(texts) and not same_placeholders(source, [str(text) for text in texts]):
            log.warning("The translation of %r in %s has other placeholders and is left out.", source[0], path)
            catalogue.delete(message.id, message.context)


# --- Numbers, dates, lists --------------------------------------------------------------------------------

Length = Literal["short", "medium", "long", "full"]


@cache
def _babel_locale(language: str) -> Locale:
    return Locale.parse(SOURCE if language == PSEUDO else language)


def babel_locale() -> Locale:
    """Babel's locale of the current language, for what isn't wrapped here."""
    return _babel_locale(_language.get())


def format_number(number: int) -> str:
    """A whole number with the language's thousands separator: 1,234 or 1.234."""
    return numbers.format_decimal(number, locale=babel_locale())


def format_decimal(number: float | Decimal, digits: int = 2) -> str:
    """A number with at most so many digits after the decimal sign."""
    pattern = "#,##0." + "#" * digits if digits else "#,##0"
    return numbers.format_decimal(number, format=pattern, locale=babel_locale())


def format_percent(share: float | Decimal, digits: int = 0) -> str:
    """A share of one as percentage: 0.25 is 25% or 25 %."""
    locale = babel_locale()
    pattern = locale.percent_formats[None].pattern
    if digits:
        pattern = pattern.replace("#,##0", "#,##0." + "#" * digits)
    return numbers.format_percent(share, format=pattern, locale=locale)


def format_date(moment: date, tz: tzinfo | None = None, length: Length = "medium") -> str:
    """A day; that of an aware moment as the clock of `tz` (or of the moment itself) has it."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(tz) if tz else moment
        moment = moment.date()
    return dates.format_date(moment, format=length, locale=babel_locale())


def format_time(moment: datetime, tz: tzinfo, length: Length = "short") -> str:
    """The time of day of an aware moment in a time zone."""
    return dates.format_time(moment.astimezone(tz), format=length, tzinfo=tz, locale=babel_locale())


def format_datetime(moment: datetime, tz: tzinfo, length: Length = "medium") -> str:
    """Day and time of an aware moment in a time zone; where Discord shows `<t:…>`, prefer that."""
    return dates.format_datetime(moment.astimezone(tz), format=length, tzinfo=tz, locale=babel_locale())


def format_list(items: Sequence[str], style: Literal["and", "or"] = "and") -> str:
    """`a, b, and c`, as the language joins them."""
    kind: Literal["standard", "or"] = "standard" if style == "and" else "or"
    return lists.format_list(list(items), style=kind, locale=babel_locale()) if items else ""
