"""What a page can ask for: each request's `do` is the name of a function here, its other fields the arguments."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, ValidationError, validate_call

from playground.errors import Refused

if TYPE_CHECKING:
    from playground.server.tab import Tab

Function = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Verb:
    """A function that pages can call."""

    call: Function
    acts: bool


VERBS: dict[str, Verb] = {}


def verb(*, acts: bool = False) -> Callable[[Function], Function]:
    """Let pages call an async function `(tab, *, …)` by its name; its annotations say what is valid.

    Ids are annotated `int`; the page sends them as strings. With `acts` it does something in the simulated Discord
    and waits for its turn, since one thing happens there at a time; it gets a `Visitor` instead of the tab. What it
    returns is the answer. It refuses by raising `Refused`.
    """

    def register(function: Function) -> Function:
        checked = validate_call(config=ConfigDict(arbitrary_types_allowed=True))(function)
        VERBS[function.__name__] = Verb(checked, acts)
        return function

    return register


async def perform(tab: "Tab", name: str, fields: dict[str, Any]) -> Any:
    """Do what a page asks. Raises Refused with the sentence to show."""
    found = VERBS.get(name)
    if found is None:
        raise Refused(f"The playground can't do '{name}'.")
    try:
        if not found.acts:
            return await found.call(tab, **fields)
        visitor = tab.visitor()
        async with tab.playground.turn:
            return await found.call(visitor, **fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused(f"'{name}' can't be done with that: {where}: {first['msg']}.") from error
