"""Rows that are numbered one after the other: two that come at the same moment want the same number."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar

from database.errors import ConstraintViolated

ATTEMPTS: Final = 30
"""One of those who come at the same moment succeeds each time, so that so many may come."""

T = TypeVar("T")


async def with_next_number(write: Callable[[], Awaitable[T]]) -> T:
    """What `write` gives, which is called again while another takes the number that it would have written.

    Raises `ConstraintViolated` if that goes on and on.
    """
    for _attempt in range(ATTEMPTS - 1):
        with suppress(ConstraintViolated):
            return await write()
    return await write()
