"""The decorators that commands are made with: discord.py's, with our Context, and examples for help."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from discord.ext import commands

F = TypeVar("F", bound=Callable[..., Coroutine[Any, Any, Any]])
C = TypeVar("C", bound=commands.Command[Any, ..., Any])
AnyCommand = commands.Command[Any, ..., Any]

EXAMPLES = "__examples__"


def command(**attributes: Any) -> Callable[[F], AnyCommand]:
    """A command. The docstring's first line is its help; say `@example` under it."""

    def decorate(function: F) -> AnyCommand:
        return _checks_in_order(commands.Command(function, **attributes))

    return decorate


def group(**attributes: Any) -> Callable[[F], "Group"]:
    """A command with sub-commands, which also runs by itself; what it doesn't know is refused, not ignored."""
    attributes = {"ignore_extra": False, **attributes}

    def decorate(function: F) -> Group:
        return _checks_in_order(Group(function, invoke_without_command=True, case_insensitive=True, **attributes))

    return decorate


def _checks_in_order(made: C) -> C:
    """Keep the order of a command's checks: discord.py turns the function's list around with each cog it makes."""
    vars(made.callback).pop("__commands_checks__", None)
    return made


class Group(commands.Group[Any, ..., Any]):
    """discord.py's group, whose decorators take what ours make.

    What the group's checks ask for, its commands ask for too: discord.py wouldn't look at them. One that `only_leads`
    to its commands does nothing by itself: help shows it to who may run one of them.
    """

    def __init__(self, *arguments: Any, only_leads: bool = False, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.only_leads = only_leads

    def command(self, **attributes: Any) -> Callable[[F], AnyCommand]:  # type: ignore[override]
        """A command in this group."""

        def decorate(function: F) -> AnyCommand:
            made = command(parent=self, **attributes)(function)
            return self._adopt(made)

        return decorate

    def group(self, **attributes: Any) -> Callable[[F], "Group"]:  # type: ignore[override]
        """A group in this group."""

        def decorate(function: F) -> Group:
            made = group(parent=self, **attributes)(function)
            return self._adopt(made)

        return decorate

    def _adopt(self, made: C) -> C:
        made.checks = [*self.checks, *made.checks]
        self.add_command(made)
        return made


def example(*arguments: str) -> Callable[[F], F]:
    """Show in help how the command is used: what follows its name, `""` for nothing."""

    def decorate(function: F) -> F:
        setattr(function, EXAMPLES, [*arguments, *getattr(function, EXAMPLES, [])])
        return function

    return decorate


def examples_of(command: AnyCommand, prefix: str = "") -> list[str]:
    """The full example calls of a command."""
    return [
        f"{prefix}{command.qualified_name} {arguments}".rstrip()
        for arguments in getattr(command.callback, EXAMPLES, [])
    ]


def usage_of(command: AnyCommand, prefix: str = "") -> str:
    """How a command is called, with its parameters."""
    return f"{prefix}{command.qualified_name} {command.signature}".rstrip()
