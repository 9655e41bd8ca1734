"""The sub-commands of the program's command line, one module each."""

import argparse
from typing import TYPE_CHECKING, Protocol

from operations import backup, copy, doctor, restore

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


class Command(Protocol):
    """What a module of a sub-command has."""

    def add_to(self, subparsers: "Subparsers") -> None:
        """Declare it, with `set_defaults(run=run)`: `run(arguments)` does it and returns the exit status."""


COMMANDS: tuple[Command, ...] = (backup, restore, copy, doctor)


def add_commands(subparsers: "Subparsers") -> None:
    """Declare every sub-command there is."""
    for command in COMMANDS:
        command.add_to(subparsers)
