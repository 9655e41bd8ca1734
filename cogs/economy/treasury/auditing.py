"""The proof of the books in words: what was looked at, and where they don't add up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from database.economy_audit import AuditStore, Break
from utils.formatting import bullets
from utils.i18n import N_, _, format_number, ngettext, translate

MOST_NAMED: Final = 10

SENTENCES: Final = {
    "entry": N_("{member}: entry {expected} is missing, the next one is {found} (operation #{operation})."),
    "balance": N_("{member}: after entry {entry} (operation #{operation}) it says {found} and should be {expected}."),
    "account": N_("{member}: the account says {found}, and its entries make {expected}."),
    "entries": N_("{member}: the account counts {found} entries, and there are {expected}."),
    "orphan": N_("{member}: there are {found} entries and no account."),
    "hole": N_("Operation #{operation} is missing."),
    "lone": N_("{member}: entry {entry} belongs to operation #{operation}, which is missing."),
    "unbalanced": N_("Operation #{operation}: what went between {member} and another isn't even, by {found}."),
    "count": N_("Operation #{operation} has a number that was never given out."),
    "stake": N_("{member}: a game is open with a stake of {expected}, and {found} was paid for it."),
    "ticket": N_("{member}: the tickets of the open lottery cost {expected}, and {found} was paid for them."),
}
"""What each kind of break reads like."""


@dataclass(slots=True)
class Found:
    """What an audit of a guild looked at, and what it found."""

    guild_id: int
    accounts: int = 0
    entries: int = 0
    operations: int = 0
    breaks: list[Break] = field(default_factory=list)


async def audit(store: AuditStore, guild_id: int) -> Found:
    """Prove the books of a guild, step by step."""
    found = Found(guild_id)
    async for step in store.steps(guild_id):
        found.accounts += step.accounts
        found.entries += step.entries
        found.operations += step.operations
        found.breaks += step.breaks
    return found


def in_words(one: Break) -> str:
    """A break as a sentence."""
    values = {
        name: "?" if value is None else format_number(value)
        for name, value in (("entry", one.entry), ("expected", one.expected), ("found", one.found))
    }
    return translate(SENTENCES[one.kind]).format(
        **values, member=f"<@{one.user_id}>", operation="?" if one.operation is None else one.operation
    )


def proof(found: Sequence[Found]) -> str:
    """That all is well, and what was looked at."""
    guilds = len(found)
    looked_at = _("{accounts} accounts, {operations} operations, {entries} entries").format(
        accounts=format_number(sum(one.accounts for one in found)),
        operations=format_number(sum(one.operations for one in found)),
        entries=format_number(sum(one.entries for one in found)),
    )
    return ngettext(
        "The books of {guilds} server add up: {looked_at}.",
        "The books of {guilds} servers add up: {looked_at}.",
        guilds,
    ).format(guilds=format_number(guilds), looked_at=looked_at)


def complaint(found: Sequence[Found]) -> list[str]:
    """Where the books don't add up, as lines."""
    lines = []
    for one in found:
        if not one.breaks:
            continue
        head = ngettext(
            "Server {guild}: {count} break in the books.", "Server {guild}: {count} breaks in the books.",
            len(one.breaks),
        )  # fmt: skip
        lines.append(head.format(guild=f"`{one.guild_id}`", count=format_number(len(one.breaks))))
        named = [in_words(each) for each in one.breaks[:MOST_NAMED]]
        lines += bullets([*named, *["…"] * (len(one.breaks) > MOST_NAMED)]).split("\n")
    return lines
