"""Questions: what one is, those that come with the bot, and files of a server's own."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from cogs.fun.trivia.answers import words_of
from utils.formatting import clean_input, shows_nothing
from utils.i18n import N_, _

FOLDER: Final = Path(__file__).resolve().parents[3] / "resources" / "trivia"

CATEGORIES: Final[Mapping[str, str]] = {
    "geography": N_("Geography"),
    "science": N_("Science"),
    "nature": N_("Nature"),
    "history": N_("History"),
    "arts": N_("Arts"),
    "everyday": N_("Everyday life"),
}
"""The categories that come with the bot: a file each, and what they are called."""
OWN: Final = "own"
"""The category of a server's own questions."""

LONGEST_QUESTION: Final = 300  # characters
LONGEST_ANSWER: Final = 80
MOST_ANSWERS: Final = 10
MOST_QUESTIONS: Final = 500  # a server's own
MOST_BYTES: Final = 512 * 1024


@dataclass(frozen=True, slots=True)
class Question:
    """A question; the first answer is the one that is shown, the others are right as well."""

    key: str
    """Unique among all that may be asked in a server."""
    text: str
    answers: tuple[str, ...]


class QuestionError(ValueError):
    """A file can't be used; the message is the sentence for whoever attached it."""


@cache
def shipped() -> Mapping[str, tuple[Question, ...]]:
    """The questions that come with the bot, by category."""
    return {category: tuple(_read_shipped(category)) for category in CATEGORIES}


def _read_shipped(category: str) -> Iterator[Question]:
    for entry in json.loads((FOLDER / f"{category}.json").read_text(encoding="utf-8")):
        yield Question(f"{category}:{entry['id']}", entry["question"], tuple(entry["answers"]))


def same(question: str) -> str:
    """What two questions have in common that are the same but for case and signs."""
    return " ".join(words_of(question)) or question.casefold()


# --- files of a server's own


def parse_file(content: bytes) -> list[tuple[str, tuple[str, ...]]]:
    """The questions in a file, each with its answers, none of them twice. Raises `QuestionError`.

    JSON: a list of `{"question": "…", "answers": ["…", …]}`. CSV: a line for each, the question first, then its
    answers.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise QuestionError(_("The file isn't text in UTF-8: save it as that.")) from None
    entries = _from_json(text) if text.lstrip().startswith(("[", "{")) else _from_csv(text)
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for place, (question, answers) in enumerate(entries, start=1):
        checked = _checked(place, question, answers)
        found.setdefault(same(checked[0]), checked)
    if not found:
        raise QuestionError(_("There is no question in the file."))
    if len(found) > MOST_QUESTIONS:
        raise QuestionError(_("These are too many questions: {most} are the most.").format(most=MOST_QUESTIONS))
    return list(found.values())


def _from_json(text: str) -> Iterator[tuple[Any, Any]]:
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        raise QuestionError(_("The file looks like JSON, but can't be read as that.")) from None
    if isinstance(entries, dict):
        entries = entries.get("questions")
    if not isinstance(entries, list):
        raise QuestionError(_("The file must be a list of questions."))
    for entry in entries:
        if not isinstance(entry, dict):
            yield None, None
            continue
        answers = entry.get("answers", entry.get("answer"))
        yield entry.get("question"), [answers] if isinstance(answers, str | int) else answers


def _from_csv(text: str) -> Iterator[tuple[Any, Any]]:
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    try:
        lines = [line for line in csv.reader(io.StringIO(text), delimiter=separator) if any(map(str.strip, line))]
    except csv.Error:
        raise QuestionError(_("The file can't be read as CSV.")) from None
    if lines and lines[0][0].strip().casefold() in {"question", "frage"}:
        del lines[0]
    for line in lines:
        yield line[0], [cell for cell in line[1:] if cell.strip()]


def _checked(place: int, question: Any, answers: Any) -> tuple[str, tuple[str, ...]]:
    """A question as it is kept. Raises `QuestionError` with its place in the file."""
    if not isinstance(question, str) or not isinstance(answers, list):
        raise QuestionError(
            _("Question {place} can't be read: it needs a `question` and a list of `answers`.").format(place=place)
        )
    text = " ".join(clean_input(question).split())
    if shows_nothing(text) or len(text) > LONGEST_QUESTION:
        raise QuestionError(
            _("Question {place} must have from 1 to {most} characters.").format(place=place, most=LONGEST_QUESTION)
        )
    return text, _checked_answers(place, answers)


def _checked_answers(place: int, answers: Sequence[Any]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for answer in answers:
        text = " ".join(clean_input(str(answer)).split()) if isinstance(answer, str | int) else ""
        if not words_of(text) or len(text) > LONGEST_ANSWER:
            raise QuestionError(
                _(
                    "Each answer to question {place} must have a letter or digit, and {most} characters at most."
                ).format(place=place, most=LONGEST_ANSWER)
            )
        kept.setdefault(" ".join(words_of(text)), text)
    if not 1 <= len(kept) <= MOST_ANSWERS:
        raise QuestionError(
            _("Question {place} must have from 1 to {most} answers.").format(place=place, most=MOST_ANSWERS)
        )
    return tuple(kept.values())


def as_json(questions: Sequence[Question]) -> bytes:
    """A file that `parse_file` reads."""
    entries = [{"question": one.text, "answers": list(one.answers)} for one in questions]
    return json.dumps(entries, ensure_ascii=False, indent=1).encode()
