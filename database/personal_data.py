"""What is stored about somebody: exported, erased. All of it follows from the declarations of the tables."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final

from discord.utils import as_chunks

from database.manager import DatabaseManager, Row
from database.personal_tables import STAND_INS, Erasure, Person, Table
from database.placeholders import placeholders
from database.values import moment

GUILDS_AT_ONCE: Final = 200
_AS_IT_IS: Final = {Erasure.KEEP, Erasure.HOLD, Erasure.OWN}
"""What the general way leaves alone."""


@dataclass(frozen=True, slots=True)
class ErasureRequest:
    """Whose data is to go. `guild_id` is None for everywhere; `at` is now.

    `strict` is for accounts that Discord deleted: nobody comes back, so what is kept only to hold against them goes.
    `is_noted` says whether it is known for a while that it was done, so that it isn't done again and again.
    """

    user_id: int
    stand_in: int
    requested_at: datetime
    at: datetime
    guild_id: int | None = None
    strict: bool = False
    is_noted: bool = True


def new_stand_in() -> int:
    """An id to put in the place of somebody's; nobody can tell whose it was."""
    return 1 + secrets.randbelow(STAND_INS - 1)


class Eraser(ABC):
    """Erases what the general way can't: rows from which others follow. It is called in the transaction."""

    turn: ClassVar[int]
    """Erasers hold what they need in this order, the lowest first: no two transactions wait for each other."""

    leaves: ClassVar[Erasure] = Erasure.ANONYMISE
    """What becomes of the rows: whether they stay without the person, or go."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    @abstractmethod
    async def hold(self, request: ErasureRequest) -> None:
        """Hold the rows that others wait for before they change any of these tables."""

    @abstractmethod
    async def erase(self, request: ErasureRequest) -> bool:
        """Erase; whether something has to stay until it ends, so that it must be looked at again."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody of whom something stayed that is to be erased when it ends."""

    user_id: int
    guild_id: int | None
    stand_in: int
    requested_at: datetime
    strict: bool


class PersonalDataStore:
    """Every declared table, as far as it is about one person; and the table `pending_erasures`."""

    def __init__(self, db: DatabaseManager, tables: Sequence[Table], erasers: Iterable[type[Eraser]] = ()) -> None:
        self.db = db
        self.tables = tables
        self.erasers = sorted((eraser(db) for eraser in erasers), key=lambda one: one.turn)

    # --- exporting

    async def export(self, user_id: int, guild_id: int | None = None) -> dict[str, list[Row]]:
        """All rows that are somebody's, by table, without the ids of other people."""
        found: dict[str, list[Row]] = {}
        for table in self.tables:
            rows = await self._rows_of(table, user_id, guild_id)
            if rows:
                found[table.name] = [_as_own(table, row, user_id) for row in rows]
        return found

    async def _rows_of(self, table: Table, user_id: int, guild_id: int | None) -> list[Row]:
        condition = _of_person(table, user_id, guild_id)
        if condition is None:
            return []
        return await self.db.fetchall(f"SELECT * FROM {table.name} WHERE {condition[0]}", *condition[1])

    async def counts(self, user_id: int, guild_id: int | None = None) -> dict[str, int]:
        """How many rows `export` has of each table; those without any are left out."""
        found = {table.name: await self._count(table, user_id, guild_id) for table in self.tables}
        return {name: count for name, count in found.items() if count}

    async def _count(self, table: Table, user_id: int, guild_id: int | None) -> int:
        condition = _of_person(table, user_id, guild_id)
        if condition is None:
            return 0
        return int(await self.db.fetchval(f"SELECT COUNT(*) FROM {table.name} WHERE {condition[0]}", *condition[1]))

    async def is_named(self, user_id: int) -> bool:
        """Whether any row is about somebody, also of those that they may not read."""
        for table in self.tables:
            named = " OR ".join(f"{person.column} = $1" for person in table.people)
            if named and await self.db.fetchval(f"SELECT 1 FROM {table.name} WHERE {named} LIMIT 1", user_id):
                return True
        return False

    # --- erasing

    async def erase(self, request: ErasureRequest) -> bool:
        """Erase what is somebody's, all of it or nothing; whether something has to stay until it ends."""
        places = {
            (table.name, person.column): await self._places(table, person, request)
            for table in self.tables
            for person in table.people
            if table.guild is not None
        }
        async with self.db.transaction():
            for eraser in self.erasers:
                await eraser.hold(request)
            if request.strict:
                await self._let_go(request)  # first: what isn't in force any more is no reason to keep another thing
            stays = [await eraser.erase(request) for eraser in self.erasers]
            for table in self.tables:
                for person in table.people:
                    guilds = places.get((table.name, person.column))
                    if guilds is None or guilds:
                        await self._erase(table, person, request, guilds)
                        stays.append(await self._stays(table, person, request))
            await self._end_timers(request)
            await self._remember(request, pending=any(stays))
            if request.strict:
                await self.db.execute("DELETE FROM recent_erasures WHERE user_id = $1", request.user_id)
            elif request.is_noted:
                await self.db.execute(
                    "INSERT INTO recent_erasures (user_id, guild_id, erased_at) VALUES ($1, $2, $3)"
                    " ON CONFLICT (user_id, guild_id) DO UPDATE SET erased_at = excluded.erased_at",
                    request.user_id, request.guild_id or 0, request.at,
                )  # fmt: skip
        return any(stays)

    async def erased_since(self, user_id: int, guild_id: int | None, since: datetime) -> datetime | None:
        """When somebody last had their data deleted there, or everywhere; None if that is longer ago."""
        return moment(
            await self.db.fetchval(
                "SELECT MAX(erased_at) FROM recent_erasures WHERE user_id = $1 AND guild_id IN (0, $2)"
                " AND erased_at > $3",
                user_id, guild_id or 0, since,
            )
        )  # fmt: skip

    async def forget_erased(self, before: datetime) -> None:
        """Forget who had their data deleted before that."""
        await self.db.execute("DELETE FROM recent_erasures WHERE erased_at <= $1", before)

    async def _places(self, table: Table, person: Person, request: ErasureRequest) -> list[int | None]:
        """The guilds in which a column names somebody: most tables are found by guild and person together."""
        if request.guild_id is not None:
            return [request.guild_id]
        rows = await self.db.fetchall(
            f"SELECT DISTINCT {table.guild} AS guild_id FROM {table.name} WHERE {person.column} = $1", request.user_id
        )
        return [row["guild_id"] for row in rows]

    async def _erase(
        self, table: Table, person: Person, request: ErasureRequest, guilds: list[int | None] | None
    ) -> None:
        if person.erased in _AS_IT_IS:
            return
        for where, values in _conditions(table, person, request, guilds):
            if person.erased is Erasure.DELETE:
                await self._delete(table, where, values)
            else:
                await self._replace(table, person, request, where, values)

    async def _let_go(self, request: ErasureRequest) -> None:
        """Delete what is only held against somebody, and wouldn't end by itself."""
        for table in self.tables:
            for person in table.people:
                if person.erased is Erasure.HOLD:
                    where, values = _in_guild(table, request.guild_id, first=2)
                    unless = "" if table.timer is None else f" AND {table.timer} IS NULL"
                    await self.db.execute(
                        f"DELETE FROM {table.name} WHERE {person.column} = $1{unless}{where}",
                        request.user_id, *values,
                    )  # fmt: skip

    async def _delete(self, table: Table, where: str, values: list[Any]) -> None:
        if table.timer is not None:
            await self.db.execute(
                f"DELETE FROM timers WHERE id IN (SELECT {table.timer} FROM {table.name} WHERE {where})", *values
            )
        await self.db.execute(f"DELETE FROM {table.name} WHERE {where}", *values)

    async def _replace(
        self, table: Table, person: Person, request: ErasureRequest, where: str, values: list[Any]
    ) -> None:
        new = [
            request.stand_in if person.erased is Erasure.ANONYMISE else None,
            *(value for _, value in person.blanked),
        ]
        columns = [person.column, *(column for column, _ in person.blanked)]
        changes = ", ".join(f"{column} = ${number}" for number, column in enumerate(columns, start=len(values) + 1))
        await self.db.execute(f"UPDATE {table.name} SET {changes} WHERE {where}", *values, *new)

    async def _stays(self, table: Table, person: Person, request: ErasureRequest) -> bool:
        if person.stays_while is None:
            return False
        where, values = _in_guild(table, request.guild_id, first=2)
        found = await self.db.fetchval(
            f"SELECT 1 FROM {table.name} WHERE {person.column} = $1{where} LIMIT 1", request.user_id, *values
        )
        return found is not None

    async def _end_timers(self, request: ErasureRequest) -> None:
        kept = [
            f"SELECT {table.timer} FROM {table.name} WHERE {person.column} = $1 AND {table.timer} IS NOT NULL"
            for table in self.tables
            if table.timer is not None
            for person in table.people
            if person.erased in {Erasure.KEEP, Erasure.HOLD} or person.stays_while is not None
        ]
        where, values = ("", []) if request.guild_id is None else (" AND guild_id = $2", [request.guild_id])
        unless = f" AND id NOT IN ({' UNION '.join(kept)})" if kept else ""
        await self.db.execute(f"DELETE FROM timers WHERE user_id = $1{where}{unless}", request.user_id, *values)

    # --- what ends later

    async def _remember(self, request: ErasureRequest, *, pending: bool) -> None:
        guild_id = request.guild_id or 0
        await self.db.execute(
            "DELETE FROM pending_erasures WHERE user_id = $1 AND guild_id = $2", request.user_id, guild_id
        )
        if pending:
            await self.db.execute(
                "INSERT INTO pending_erasures (user_id, guild_id, stand_in, requested_at, strict)"
                " VALUES ($1, $2, $3, $4, $5)",
                request.user_id, guild_id, request.stand_in, request.requested_at,
                request.strict,
            )  # fmt: skip

    async def pending(self) -> list[Pending]:
        """Everybody of whom something stayed."""
        rows = await self.db.fetchall("SELECT * FROM pending_erasures ORDER BY requested_at, user_id")
        found = []
        for row in rows:
            at = moment(row["requested_at"])
            assert at is not None
            found.append(Pending(row["user_id"], row["guild_id"] or None, row["stand_in"], at, row["strict"]))
        return found

    async def finish(self, pending: Pending, now: datetime) -> bool:
        """Erase what has ended meanwhile of what stayed; whether something stays still. Nothing newer is touched."""
        request = ErasureRequest(
            pending.user_id, pending.stand_in, pending.requested_at, now, pending.guild_id, pending.strict
        )
        async with self.db.transaction():
            stays = [await eraser.finish(request) for eraser in self.erasers if isinstance(eraser, LaterEraser)]
            for table in self.tables:
                for person in table.people:
                    if person.stays_while is not None:
                        await self._erase(table, person, request, None)
                        stays.append(await self._stays(table, person, request))
            await self._remember(request, pending=any(stays))
        return any(stays)


class LaterEraser(Eraser):
    """An eraser of what may have to stay for a while."""

    @abstractmethod
    async def finish(self, request: ErasureRequest) -> bool:
        """Erase what has ended since the request, and is older than it; whether something stays still."""


def _of_person(table: Table, user_id: int, guild_id: int | None) -> tuple[str, list[Any]] | None:
    """Which rows are somebody's to read; None if they never are."""
    columns = [person.column for person in table.people if person.exported]
    if not columns:
        return None
    own = " OR ".join(f"{column} = $1" for column in columns)
    where, values = _in_guild(table, guild_id, first=2)
    return f"({own}){where}", [user_id, *values]


def _conditions(
    table: Table, person: Person, request: ErasureRequest, guilds: list[int | None] | None
) -> list[tuple[str, list[Any]]]:
    """Which rows are meant, as conditions with their values; `guilds` is None where they needn't be named."""
    while_where, while_values = _but_not(person, first=2)
    if guilds is None or table.guild is None:
        where, values = _in_guild(table, request.guild_id, first=2 + len(while_values))
        return [(f"{person.column} = $1{while_where}{where}", [request.user_id, *while_values, *values])]
    found: list[tuple[str, list[Any]]] = []
    if None in guilds:
        found.append(
            (f"{person.column} = $1 AND {table.guild} IS NULL{while_where}", [request.user_id, *while_values])
        )
    for some in as_chunks([one for one in guilds if one is not None], GUILDS_AT_ONCE):
        these = placeholders(len(some), first=2 + len(while_values))
        found.append(
            (
                f"{table.guild} IN ({these}) AND {person.column} = $1{while_where}",
                [request.user_id, *while_values, *some],
            )
        )
    return found


def _but_not(person: Person, *, first: int) -> tuple[str, list[Any]]:
    """The condition that what a row is about is over."""
    if person.stays_while is None:
        return "", []
    column, values = person.stays_while.column, [one for one in person.stays_while.values if one is not None]
    where = f" AND {column} IS NOT NULL" if None in person.stays_while.values else ""
    if values:
        where += f" AND {column} NOT IN ({placeholders(len(values), first=first)})"
    return where, values


def _in_guild(table: Table, guild_id: int | None, *, first: int) -> tuple[str, list[Any]]:
    """The condition that a row is of one guild; what isn't about guilds is of none."""
    if guild_id is None:
        return "", []
    if table.guild is not None:
        return f" AND {table.guild} = ${first}", [guild_id]
    if table.parent is not None:
        parent = table.parent
        return (
            f" AND {parent.column} IN (SELECT {parent.key} FROM {parent.table} WHERE {parent.guild} = ${first})",
            [guild_id],
        )
    return " AND 1 = 0", []


def _as_own(table: Table, row: Row, user_id: int) -> Row:
    """A row as its person may read it: without what is hidden, and without other people's ids."""
    others = {person.column for person in table.people if row[person.column] != user_id}
    left_out = {*others, *table.hidden, *([] if table.timer is None else [table.timer])}
    return {column: value for column, value in row.items() if column not in left_out}
