"""What everything that reads a command's argument shares."""

from collections.abc import Iterator
from contextlib import contextmanager

from discord.ext import commands


@contextmanager
def as_bad_argument() -> Iterator[None]:
    """A `ValueError` of ours inside the block, with its sentence, becomes what discord.py expects of a converter."""
    try:
        yield
    except ValueError as error:
        raise commands.BadArgument(str(error)) from error
