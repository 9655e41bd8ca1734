"""The numbers that people call things by: reminders, polls, what is on their list."""

import re

from utils.converters import read_number
from utils.errors import UserError
from utils.i18n import _


def read_numbers(words: str) -> list[int]:
    """Read `3`, `#3 4`, `3, 4 and 5`: each number once, in order. Raises UserError for anything else."""
    numbers: dict[int, None] = {}
    for word in re.split(r"[\s,]+(?:(?:and|und|&)\s+)?", words.strip(" ,")):
        number = read_number(word)
        if number is None:
            raise UserError(_("Name them by their numbers, like `3` or `3 4`."))
        numbers[number] = None
    return list(numbers)
