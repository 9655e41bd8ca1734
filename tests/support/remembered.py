"""Where the bot has an id in memory: features have to let go of whose data is deleted."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Final

from discord.ext import commands

from utils.bot import Hearth

OURS: Final = {"cogs", "utils", "database"}
CONTAINERS: Final = (list, tuple, set, frozenset, deque)


def places_in_memory(bot: Hearth, wanted: int) -> set[str]:
    """Where an id is in what cogs and services hold, as `Cog.attribute.attribute`."""
    seen: set[int] = set()
    found: set[str] = set()
    for name, holder in [*bot.cogs.items(), *vars(bot).items()]:
        _look(holder, wanted, name, seen, found)
    return found


def _look(value: Any, wanted: int, path: str, seen: set[int], found: set[str]) -> None:
    if type(value) is int:
        if value == wanted:
            found.add(path)
    elif id(value) not in seen:
        seen.add(id(value))
        for name, one in _parts(value):
            _look(one, wanted, f"{path}.{name}" if name else path, seen, found)


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    """What something holds: attributes by name, what is in containers without."""
    if isinstance(value, Mapping):
        yield from (("", one) for pair in list(value.items()) for one in pair)
    elif isinstance(value, CONTAINERS):
        yield from (("", one) for one in list(value))
    elif type(value).__module__.split(".")[0] in OURS and not isinstance(value, Hearth | commands.Command):
        slots = {name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())}
        names = slots | set(getattr(value, "__dict__", {}))
        yield from ((name, getattr(value, name)) for name in sorted(names) if hasattr(value, name))
