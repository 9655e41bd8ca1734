"""Which process runs which shards: pure rules.

A guild's shard is `(guild_id >> 22) % shard_count`, by Discord; what belongs to no guild comes to shard 0.
"""

import re
import socket
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

MOST_SHARDS: Final = 16_384  # more is a typing error: of Discord's 2,500 guilds a shard this is 40 million
SHARD_SHIFT: Final = 22  # the bits of an id that are not its time

COUNT_IS_MISSING = "SHARD_COUNT is missing: all processes that share the shards have to agree on their number."
BOTH_SHARES = "SHARD_IDS and CLUSTER both say which shards this process runs: set one of them."
NEEDS_POSTGRESQL = (
    "Several processes need PostgreSQL in DATABASE_URL: SQLite is a file that one process writes. "
    "Without SHARD_IDS and CLUSTER one process runs all shards."
)

_RANGE = re.compile(r"(\d{1,6})(?:\s*-\s*(\d{1,6}))?")
_PLACE = re.compile(r"(auto|\d{1,6})\s*/\s*(\d{1,6})", re.IGNORECASE)
_ORDINAL = re.compile(r"(\d+)\D*$")


@dataclass(frozen=True, slots=True)
class Place:
    """Process `number` of `count`, from 1 on."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


@dataclass(frozen=True, slots=True)
class Share:
    """What one of several processes runs, while all of them are there."""

    process_name: str
    shard_count: int
    home: tuple[int, ...]


def shard_of(guild_id: int, shard_count: int) -> int:
    """The shard that Discord tells of a guild."""
    return (guild_id >> SHARD_SHIFT) % shard_count


def parse_shard_ids(text: str) -> tuple[int, ...]:
    """Numbers and ranges, such as `0-3,8`; empty for none. Raises ValueError."""
    found: set[int] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise ValueError
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or last >= MOST_SHARDS:
            raise ValueError
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def parse_place(text: str) -> Place | None:
    """`2/4`, or `auto/4` for a host whose name ends in a number from 0 on; None for nothing. Raises ValueError."""
    if not text:
        return None
    match = _PLACE.fullmatch(text)
    if match is None:
        raise ValueError
    number = ordinal(socket.gethostname()) + 1 if match[1].lower() == "auto" else int(match[1])
    if not 1 <= number <= int(match[2]) <= MOST_SHARDS:
        raise ValueError
    return Place(number, int(match[2]))


def ordinal(host: str) -> int:
    """The number at the end of a host's name, as a StatefulSet gives it: 3 for `hearth-3`. Raises ValueError."""
    match = _ORDINAL.search(host.partition(".")[0])
    if match is None or not host.partition(".")[0].endswith(match[1]):
        raise ValueError
    return int(match[1])


def shards_of(place: Place, shard_count: int) -> tuple[int, ...]:
    """The shards of one process of several: neighbours, and nobody has two more than another."""
    first = (place.number - 1) * shard_count // place.count
    return tuple(range(first, place.number * shard_count // place.count))


def share_of(shard_count: int | None, shard_ids: Collection[int], place: Place | None) -> Share | None:
    """What this process runs of `shard_count`; None when it runs everything. The settings fit each other."""
    if shard_count is None:
        return None
    if place is not None and place.count > 1:
        return Share(str(place), shard_count, shards_of(place, shard_count))
    if shard_ids and len(set(shard_ids)) < shard_count:
        return Share(f"shards {in_ranges(shard_ids)}", shard_count, tuple(sorted(set(shard_ids))))
    return None


def problems_of(
    shard_count: int | None, shard_ids: Collection[int], place: Place | None, database_url: str
) -> list[str]:  # fmt: skip
    """Why the settings don't fit each other, a sentence each."""
    if not shard_ids and place is None:
        return []
    if shard_count is None:
        return [COUNT_IS_MISSING]
    found = []
    if shard_ids and place is not None:
        found.append(BOTH_SHARES)
    if shard_ids and max(shard_ids) >= shard_count:
        found.append(
            f"SHARD_IDS names shard {max(shard_ids)}, but with SHARD_COUNT={shard_count} "
            f"the last one is {shard_count - 1}."
        )
    if place is not None and place.count > shard_count:
        found.append(f"CLUSTER={place} has more processes than shards: SHARD_COUNT is {shard_count}.")
    if share_of(shard_count, shard_ids, place) is not None and database_url.startswith("sqlite:"):
        found.append(NEEDS_POSTGRESQL)
    return found


def in_ranges(shard_ids: Iterable[int]) -> str:
    """Shards as people write them: `0-3,8`."""
    parts: list[list[int]] = []
    for shard_id in sorted(set(shard_ids)):
        if parts and parts[-1][-1] == shard_id - 1:
            parts[-1][1:] = [shard_id]
        else:
            parts.append([shard_id])
    return ",".join("-".join(map(str, part)) for part in parts)


# --- Who takes what ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Process:
    """A process as the database shows it."""

    name: str
    run_id: int
    shard_count: int
    home: frozenset[int]
    silent_seconds: float


@dataclass(frozen=True, slots=True)
class View:
    """What one process sees of the others, at one moment."""

    shard_count: int
    processes: tuple[Process, ...]
    claims: Mapping[int, int]
    """By which run each shard is claimed."""

    def alive(self, dead_after_seconds: float) -> dict[int, Process]:
        """The processes that gave a sign of life lately, by run."""
        return {one.run_id: one for one in self.processes if one.silent_seconds < dead_after_seconds}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a process does next."""

    lost: frozenset[int] = frozenset()
    """Shards that it runs and somebody else has claimed: to be stopped at once."""
    give_back: frozenset[int] = frozenset()
    """Shards of a process that is back, and those that it has without running them."""
    take: frozenset[int] = frozenset()
    """Shards that nobody runs, and that are its own, or its part of those of a process that is gone."""
    orphans: frozenset[int] = field(default=frozenset())
    """Shards that nobody runs and whose own process isn't there."""


def decide(
    view: View, *, run_id: int, home: Collection[int], running: Collection[int], dead_after_seconds: float,
    ripe: Collection[int],
) -> Decision:  # fmt: skip
    """What the process `run_id` does, with `running` shards at the moment.

    `ripe` are the shards that this process may take over: orphans for long enough.
    """
    alive = view.alive(dead_after_seconds)
    # Whoever waits with another number of shards means other shards by the same numbers, and runs none of ours.
    at_home = {one.run_id: one.home for one in alive.values() if one.shard_count == view.shard_count}
    at_home[run_id] = frozenset(home)
    held = {shard for shard, run in view.claims.items() if run == run_id}
    # A claim of which this process never heard: the database was lost while it answered.
    stranded = held - frozenset(running)
    wanted_by_others = frozenset[int]().union(*(shards for run, shards in at_home.items() if run != run_id))
    free = {shard for shard in range(view.shard_count) if view.claims.get(shard) not in {*alive, run_id}}
    free |= stranded & frozenset(home)
    orphans = free - frozenset(home) - wanted_by_others
    loads = {one.name: 0 for one in alive.values() if one.run_id in view.claims.values()}
    for run in view.claims.values():
        if run in alive:
            loads[alive[run].name] += 1
    me = next((one.name for one in alive.values() if one.run_id == run_id), None)
    taken = {shard for shard, name in share_out(orphans & set(ripe), loads).items() if name == me}
    return Decision(
        lost=frozenset(running) - held,
        give_back=frozenset(held - frozenset(home)) & (wanted_by_others | stranded),
        take=frozenset(free & set(home)) | frozenset(taken),
        orphans=frozenset(orphans),
    )


def share_out(orphans: Collection[int], loads: Mapping[str, int]) -> dict[int, str]:
    """Give each shard to whoever has the fewest, the same for everybody who asks; nothing where nobody is there."""
    loads, given = dict(loads), {}
    for shard in sorted(orphans) if loads else ():
        name = min(loads, key=lambda one: (loads[one], one))
        given[shard] = name
        loads[name] += 1
    return given
