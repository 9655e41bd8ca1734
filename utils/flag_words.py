"""Words with flags among them, as `purge` and `poll` take them: `50 --contains "free nitro"`. Without Discord."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from utils.errors import UserError
from utils.formatting import code, truncate
from utils.i18n import _

_FLAG = re.compile(r"(?:--|—|–)([^\s=]*)(=?)")  # telephones make a dash of two hyphens
_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»"}


@dataclass(frozen=True, slots=True)
class Flag:
    """A word with two hyphens in front, without them."""

    name: str


class Words:
    """The words one after the other; quoted ones as they stand between the marks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def next(self) -> str | Flag | None:
        """The next word or flag; None at the end."""
        self._skip_spaces()
        if self.at >= len(self.text):
            return None
        flag = _FLAG.match(self.text, self.at)
        if flag is None:
            return self._word()
        self.at = flag.end()
        return Flag(flag[1].casefold())

    def value(self, flag: str) -> str:
        """The word that belongs to a flag, behind a space or an equals sign. Raises UserError if there is none."""
        joined = self.text[self.at - 1] == "="
        self._skip_spaces()
        ends = self.at >= len(self.text) or (not joined and _FLAG.match(self.text, self.at))
        found = "" if ends else self._word()
        if not found.strip():
            raise UserError(_("Something has to follow {flag}.").format(flag=code(f"--{flag}")))
        return found

    def _word(self) -> str:
        closing = _QUOTES.get(self.text[self.at])
        if closing is not None:
            return self._quoted(closing)
        found = re.compile(r"\S+").match(self.text, self.at)
        assert found is not None
        self.at = found.end()
        return found[0]

    def _quoted(self, closing: str) -> str:
        r"""Up to the partner of the quotation mark; only `\"` is special, so that patterns keep their backslashes."""
        letters, start = [], self.at + 1
        while start < len(self.text):
            letter = self.text[start]
            if letter == "\\" and self.text[start + 1 : start + 2] == '"':
                letters.append('"')
                start += 2
                continue
            start += 1
            if letter in closing:
                self.at = start
                return "".join(letters)
            letters.append(letter)
        raise UserError(
            _('A quotation mark is missing its partner; write `\\"` for a quotation mark that is just text.')
        )

    def _skip_spaces(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1


_NAMED_FLAG = re.compile(r"(?<!\S)(--|—|–)([^\W\d_][\w-]*)(=?)")
# Between bars or spaces: the marks in `5" or 6"` are inches.
_QUOTED = re.compile(r'(?<![^\s|])(?:"(?:\\"|[^"])*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»)(?![^\s|])')


def take_flags(
    text: str, switches: Sequence[str], values: Sequence[str], command: str
) -> tuple[str, dict[str, list[str]]]:
    """The text without its flags, and what stood behind each; nothing behind `switches`, a word behind `values`.

    What follows a dash without being a flag stays text, and so does what is quoted; behind two hyphens it raises
    UserError, and so does a flag without its value.
    """
    kept, found, words = [], dict[str, list[str]](), Words(text)
    quoted = [span.span() for span in _QUOTED.finditer(text)]
    while flag := _NAMED_FLAG.search(text, words.at):
        name = flag[2].casefold()
        is_text = any(start < flag.start() < end for start, end in quoted)
        if is_text or (name not in (*switches, *values) and flag[1] != "--"):
            kept.append(text[words.at : flag.end()])
            words.at = flag.end()
            continue
        known(name, (*switches, *values), command)
        kept.append(text[words.at : flag.start()])
        words.at = flag.end()
        found.setdefault(name, []).extend([words.value(name)] if name in values else [])
    return "".join([*kept, text[words.at :]]).strip(), found


def known(name: str, flags: Sequence[str], command: str) -> str:
    """A flag that the command has. Raises UserError for any other, with the one that was meant perhaps."""
    if name in flags:
        return name
    near = get_close_matches(name, flags, n=1)
    written = code(truncate(f"--{name}", 40))
    if near:
        raise UserError(
            _("I don't know {flag}. Did you mean {near}?").format(flag=written, near=code(f"--{near[0]}"))
        )
    raise UserError(
        _("I don't know {flag}; `help {command}` lists what there is.").format(flag=written, command=command)
    )


def read_pattern(text: str, most: int) -> str:
    """A regular expression of at most `most` characters. Raises UserError for one that can't be read."""
    pattern = short(text, most)
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise UserError(
            _("The pattern {pattern} can't be read: {why}.").format(
                pattern=code(truncate(pattern, 60)), why=code(str(error))
            )
        ) from error
    return pattern


def short(text: str, most: int) -> str:
    """The text, if it has at most `most` characters. Raises UserError else."""
    if len(text) > most:
        raise UserError(_("{text} is too long: {most} characters are the most.").format(
            text=code(truncate(text, 40)), most=most
        ))  # fmt: skip
    return text
