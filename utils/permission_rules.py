"""Which rule decides who may use what, where: the order of precedence, without Discord and the database.

A rule is about a command, a group of commands or a feature, and about a person, a role, a channel, a category or the
whole server. The more specific one decides: first by what it is about, then by whom.

1. the command itself, then the group it is in, then that group's group, then its feature;
2. in each of these the person, then their highest role that has a rule, then the thread, the channel, the category,
   and at last the whole server.

So a rule about `remind add` for the server goes before one about `remind` for a person.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from database.permission_rules import PermissionRule

COMMAND: Final = "command:"
FEATURE: Final = "feature:"

Rules = Mapping[str, Mapping[int, PermissionRule]]
"""A server's rules by what they are about, then by the id of whom or where. The server stands by its own id."""


def about_command(name: str) -> str:
    """What a rule about a command or a group is written down as."""
    return f"{COMMAND}{name}"


def about_feature(name: str) -> str:
    """What a rule about a feature is written down as."""
    return f"{FEATURE}{name}"


def name_of(subject: str) -> str:
    """The name of the command or feature that a rule is about."""
    return subject.partition(":")[2]


def subjects(command: str, feature: str) -> list[str]:
    """What rules about a command can be about, the most specific first, for its full name and its feature."""
    words = command.split()
    return [about_command(" ".join(words[:count])) for count in range(len(words), 0, -1)] + [about_feature(feature)]


def applying(rules: Rules, about: Iterable[str], targets: Sequence[int]) -> Iterator[PermissionRule]:
    """The rules that apply, the most specific first: the first one decides.

    `about` are subjects and `targets` the ids of the person, their roles from the highest on, the places from the
    smallest on, and the server, in this order.
    """
    for subject in about:
        of_subject = rules.get(subject)
        if of_subject:
            yield from (of_subject[target] for target in targets if target in of_subject)
