"""The language of an answer: chosen by context, complete or English, never a failure."""

import asyncio
import hashlib
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from utils import i18n
from utils.i18n import (
    LANGUAGES,
    PSEUDO,
    _,
    current_language,
    format_date,
    format_datetime,
    format_decimal,
    format_list,
    format_number,
    format_percent,
    format_time,
    help_parts,
    load_catalogues,
    ngettext,
    pgettext,
    same_placeholders,
    set_language,
    translate,
    using,
)

GERMAN = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Hello {name}"
msgstr "Hallo {name}"

msgid "{count} coin"
msgid_plural "{count} coins"
msgstr[0] "{count} Münze"
msgstr[1] "{count} Münzen"

msgctxt "month"
msgid "May"
msgstr "Mai"

#, fuzzy
msgid "Unsure"
msgstr "Unsicher"

msgid "Broken {placeholder}"
msgstr "Kaputter {platzhalter}"
"""

COMPLETE = GERMAN.partition('msgid "Broken')[0]


@pytest.fixture
def german(tmp_path: Path) -> Iterator[Path]:
    """A German catalogue of this test's own; returns its file."""
    file = tmp_path / "de" / "LC_MESSAGES" / "hearth.po"
    file.parent.mkdir(parents=True)
    file.write_text(GERMAN, encoding="utf-8")
    load_catalogues(tmp_path)
    yield file
    load_catalogues()


def test_english_is_the_source() -> None:
    assert current_language() == "en"
    assert _("Hello {name}") == "Hello {name}"
    assert [ngettext("{count} coin", "{count} coins", count) for count in (0, 1, 2)] == [
        "{count} coins",
        "{count} coin",
        "{count} coins",
    ]


def test_german(german: Path) -> None:
    with using("de"):
        assert _("Hello {name}").format(name="Ann") == "Hallo Ann"
        assert translate("Hello {name}") == "Hallo {name}"
        assert ngettext("{count} coin", "{count} coins", 1) == "{count} Münze"
        assert ngettext("{count} coin", "{count} coins", 0) == "{count} Münzen"
        assert pgettext("month", "May") == "Mai"
    assert _("Hello {name}") == "Hello {name}"


def test_what_is_not_translated_stays_english(german: Path) -> None:
    with using("de"):
        assert _("Never heard") == "Never heard"
        assert _("Unsure") == "Unsure"
        assert _("") == ""
        assert pgettext("modal verb", "May") == "May"


def test_a_translation_that_could_not_be_filled_is_left_out(german: Path, caplog: pytest.LogCaptureFixture) -> None:
    with using("de"):
        assert _("Broken {placeholder}").format(placeholder="glass") == "Broken glass"
    with caplog.at_level(logging.WARNING):
        load_catalogues(german.parents[2])
    assert "Broken {placeholder}" in caplog.text


@pytest.mark.parametrize(
    "content", [b"msgid \xff", b'msgid "a', b'msgid ""\nmsgstr "Plural-Forms: nplurals=x\\n"', None]
)
def test_a_broken_catalogue_is_logged_and_english_answers(
    german: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    if content is None:
        german.unlink()
    else:
        german.write_bytes(content)
    load_catalogues(german.parents[2])
    with using("de"):
        assert _("Hello {name}") == "Hello {name}"
        assert ngettext("coin", "coins", 2) == "coins"
    assert "English answers instead" in caplog.text


def test_a_catalogue_is_read_again(german: Path) -> None:
    german.write_text(GERMAN.replace("Hallo", "Moin"), encoding="utf-8")
    load_catalogues(german.parents[2])
    with using("de"):
        assert _("Hello {name}") == "Moin {name}"


def test_the_pseudo_language_brackets_every_sentence() -> None:
    with using(PSEUDO):
        assert _("Hello") == "⟦Hello⟧"
        assert ngettext("coin", "coins", 1) == "⟦coin⟧"
        assert pgettext("month", "May") == "⟦May⟧"
        assert _("") == ""
    assert PSEUDO not in LANGUAGES


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("de_DE.UTF-8", "de"),
        ("DE", "de"),
        ("fr", "en"),
        ("", "en"),
        (None, "en"),
        (PSEUDO, PSEUDO),
    ],
)
def test_a_wish_becomes_a_language_that_we_have(wish: str | None, language: str) -> None:
    with using(wish):
        assert current_language() == language


async def test_each_task_speaks_its_own_language() -> None:
    heard: dict[str, list[str]] = {}

    async def speak(language: str) -> None:
        set_language(language)
        heard[language] = []
        for _turn in range(3):
            await asyncio.sleep(0)
            heard[language].append(current_language())

    await asyncio.gather(speak("en"), speak("de"), speak(PSEUDO))
    assert heard == {language: [language] * 3 for language in ("en", "de", PSEUDO)}
    assert current_language() == "en"


def test_the_language_before_returns_after_an_error() -> None:
    with pytest.raises(RuntimeError), using("de"):
        raise RuntimeError
    assert current_language() == "en"


def test_numbers_and_dates_follow_the_language() -> None:
    moment, berlin = datetime(2026, 3, 1, 13, 5, tzinfo=UTC), ZoneInfo("Europe/Berlin")
    shown = {}
    for language in ("en", "de", PSEUDO):
        with using(language):
            shown[language] = [
                format_number(-1_234_567),
                format_decimal(1_234.5),
                format_decimal(2.999, 0),
                format_percent(0.256),
                format_percent(0.256, 1),
                format_date(moment, berlin),
                format_time(moment, berlin).replace("\u202f", " "),
                format_datetime(moment, berlin, "short").replace("\u202f", " "),
                format_list(["a", "b", "c"]),
                format_list(["a", "b"], "or"),
                format_list([]),
            ]
    assert shown["en"] == [
        "-1,234,567", "1,234.5", "3", "26%", "25.6%", "Mar 1, 2026", "2:05 PM", "3/1/26, 2:05 PM",
        "a, b, and c", "a or b", "",
    ]  # fmt: skip
    assert shown["de"] == [
        "-1.234.567", "1.234,5", "3", "26\xa0%", "25,6\xa0%", "01.03.2026", "14:05", "01.03.26, 14:05",
        "a, b und c", "a oder b", "",
    ]  # fmt: skip
    assert shown[PSEUDO] == shown["en"]


def test_help_parts() -> None:
    docstring = """Remind you of something.

        The time may come first
        or last.
        - a list
        - stays one

        ```
        so does
        code
        ```
        And on
        it goes.
        """
    assert help_parts(docstring) == (
        "Remind you of something.",
        "The time may come first or last.\n- a list\n- stays one\n\n```\nso does\ncode\n```\nAnd on it goes.",
    )
    assert help_parts(None) == help_parts("") == ("", "")
    assert help_parts("One line.") == ("One line.", "")


@pytest.mark.parametrize(
    ("source", "translation", "same"),
    [
        (["{a} and {b}"], ["{b} und {a}"], True),
        (["{a}"], ["nichts"], False),
        (["nothing"], ["{a}"], False),
        (["one coin", "{count} coins"], ["eine Münze", "{count} Münzen"], True),
        (["{count} coin", "{count} coins"], ["eine Münze", "{count} Münzen"], True),
        (["{count} coin", "{count} coins"], ["eine Münze", "Münzen"], False),
        (["{count} coin", "{count} coins"], ["{n} Münze", "{count} Münzen"], False),
        (["a lone {"], ["eine einsame {"], True),
    ],
)
def test_same_placeholders(source: list[str], translation: list[str], same: bool) -> None:
    assert same_placeholders(source, translation) is same


def test_a_sentence_costs_next_to_nothing(german: Path) -> None:
    """Less than ten microseconds each, on any machine; it is well under one."""
    from time import thread_time
    from timeit import timeit

    with using("de"):
        assert timeit(lambda: i18n._("Hello {name}"), number=20_000, timer=thread_time) < 0.2


@pytest.fixture
def kept_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where compiled files are kept in this test, whatever this run's own wish is."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "compiled"))
    return tmp_path / "compiled"


def greeting(german: Path) -> str:
    load_catalogues(german.parents[2])
    with using("de"):
        return _("Hello {name}")


def test_what_was_compiled_once_is_read_at_the_next_start(german: Path, kept_in: Path) -> None:
    german.write_text(COMPLETE, encoding="utf-8")
    assert greeting(german) == "Hallo {name}"
    (kept,) = kept_in.rglob("*.mo")
    other = kept.read_bytes()[32:].replace(b"Hallo", b"Holla")
    kept.write_bytes(hashlib.sha256(other).digest() + other)
    assert greeting(german) == "Holla {name}", "the compiled one is read"
    german.write_text(COMPLETE.replace("Hallo", "Moin"), encoding="utf-8")
    assert greeting(german) == "Moin {name}", "but not when the catalogue was changed"
    (kept,) = kept_in.rglob("*.mo")
    for damaged in (b"", kept.read_bytes()[:-9]):
        kept.write_bytes(damaged)
        assert greeting(german) == "Moin {name}", "nor when it is damaged"


def test_what_each_start_warns_of_is_not_kept(german: Path, kept_in: Path) -> None:
    assert greeting(german) == "Hallo {name}"
    assert not list(kept_in.rglob("*.mo"))


def test_compiling_works_where_nothing_can_be_written(german: Path, kept_in: Path) -> None:
    kept_in.write_text("no folder")
    german.write_text(COMPLETE, encoding="utf-8")
    assert greeting(german) == "Hallo {name}"
