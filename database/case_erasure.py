"""Erasing somebody from what moderators did: cases keep their numbers and name a stand-in.

What is in force stays, and so does its case, for whoever ends it has to know whom it is on. Warnings that count are
in force, too: nobody gets rid of them by deleting their data.
"""

import json
from typing import Any

from database.manager import Row
from database.personal_data import ErasureRequest, LaterEraser
from database.personal_tables import stand_in_name
from database.values import json_value

_IN_FORCE = (
    "(status = 'pending' OR EXISTS (SELECT 1 FROM sanctions s WHERE s.guild_id = cases.guild_id"
    " AND s.user_id = $1 AND s.number = cases.number)"
    " OR (NOT CAST($2 AS BOOLEAN) AND status = 'done' AND points > 0 AND (ends_at IS NULL OR ends_at > $3)))"
)
_PRIVATE = frozenset({"nick", "old_nick", "new_nick", "name"})
"""What a case remembers of somebody besides ids."""


class CasesEraser(LaterEraser):
    """Erases from `cases`, and from the texts of `case_changes`."""

    turn = 30

    async def hold(self, request: ErasureRequest) -> None:
        """Nothing: a case is changed by whoever holds its row."""

    async def erase(self, request: ErasureRequest) -> bool:
        """Anonymise what is over, as moderator everything."""
        await self._as_moderator(request)
        await self._as_one_of_many(request)
        return await self.finish(request)

    async def finish(self, request: ErasureRequest) -> bool:
        """Anonymise what is over of what was there before the request, and what ended it since."""
        where, values = _in_guild(request, first=5)
        rows = await self.db.fetchall(
            f"SELECT * FROM cases WHERE target_id = $1 AND opened_at <= $4 AND NOT {_IN_FORCE}{where}",
            request.user_id, request.strict, request.at, request.requested_at, *values,
        )  # fmt: skip
        for row in rows:
            await self._anonymise(row, request)
            ends = await self.db.fetchall(
                "SELECT * FROM cases WHERE guild_id = $1 AND parent = $2 AND target_id = $3 AND source = 'timer'",
                row["guild_id"], row["number"], request.user_id,
            )  # fmt: skip
            for end in ends:
                await self._anonymise(end, request)
        left = await self.db.fetchval(
            f"SELECT 1 FROM cases WHERE target_id = $1 AND opened_at <= $2{_in_guild(request, first=3)[0]} LIMIT 1",
            request.user_id, request.requested_at, *values,
        )  # fmt: skip
        return left is not None

    async def _anonymise(self, row: Row, request: ErasureRequest) -> None:
        name = stand_in_name(request.stand_in)
        reason = _without(row["reason"], row["target_name"], request)
        failure = _without(row["failure"], row["target_name"], request)
        await self.db.execute(
            "UPDATE cases SET target_id = $3, target_name = $4, reason = $5, failure = $6, search_text = $7,"
            " state_before = $8, details = $9 WHERE guild_id = $1 AND number = $2",
            row["guild_id"], row["number"], request.stand_in, name, reason, failure,
            f"{reason or ''}\n{name}".casefold(),
            json.dumps(anonymised(json_value(row["state_before"]), request.user_id, request.stand_in, own=True)),
            json.dumps(anonymised(json_value(row["details"]), request.user_id, request.stand_in, own=True)),
        )  # fmt: skip
        changes = await self.db.fetchall(
            "SELECT id, old_value, new_value FROM case_changes WHERE guild_id = $1 AND number = $2",
            row["guild_id"], row["number"],
        )  # fmt: skip
        await self.db.executemany(
            "UPDATE case_changes SET old_value = $2, new_value = $3 WHERE id = $1",
            [
                (
                    one["id"],
                    _without(one["old_value"], row["target_name"], request),
                    _without(one["new_value"], row["target_name"], request),
                )
                for one in changes
            ],
        )

    async def _as_moderator(self, request: ErasureRequest) -> None:
        where, values = _in_guild(request, first=4)
        await self.db.execute(
            f"UPDATE cases SET moderator_id = $2, moderator_name = $3 WHERE moderator_id = $1{where}",
            request.user_id, request.stand_in, stand_in_name(request.stand_in), *values,
        )  # fmt: skip

    async def _as_one_of_many(self, request: ErasureRequest) -> None:
        """In what is written down of cases on nobody, such as whose messages a purge deleted."""
        where, values = _in_guild(request, first=2)
        rows = await self.db.fetchall(
            "SELECT guild_id, number, details FROM cases WHERE target_id IS NULL"
            f" AND CAST(details AS TEXT) LIKE $1{where}",
            f"%{request.user_id}%", *values,
        )  # fmt: skip
        await self.db.executemany(
            "UPDATE cases SET details = $3 WHERE guild_id = $1 AND number = $2",
            [
                (
                    row["guild_id"],
                    row["number"],
                    json.dumps(anonymised(json_value(row["details"]), request.user_id, request.stand_in)),
                )
                for row in rows
            ],
        )


def anonymised(value: Any, user_id: int, stand_in: int, *, own: bool = False) -> Any:
    """What a case remembers, with the stand-in in the place of an id, as a number or within a text.

    In a list with that id, the texts are the person's names. `own` says that all of it is about that person.
    """
    if isinstance(value, dict):
        return {
            _text(str(key), user_id, stand_in): (
                None if own and key in _PRIVATE else anonymised(one, user_id, stand_in, own=own)
            )
            for key, one in value.items()
        }
    if isinstance(value, list):
        is_theirs = user_id in [one for one in value if type(one) is int] and any(
            isinstance(one, str) for one in value
        )
        return [
            stand_in_name(stand_in)
            if is_theirs and isinstance(one, str)
            else anonymised(one, user_id, stand_in, own=own)
            for one in value
        ]
    if isinstance(value, str):
        return _text(value, user_id, stand_in)
    return stand_in if type(value) is int and value == user_id else value


def _text(value: str, user_id: int, stand_in: int) -> str:
    return value.replace(str(user_id), str(stand_in))


def _without(text: str | None, name: str | None, request: ErasureRequest) -> str | None:
    """A text without somebody's id and user name; a name of one or two letters may be any word."""
    if text is None:
        return None
    text = _text(text, request.user_id, request.stand_in)
    return text.replace(name, stand_in_name(request.stand_in)) if name and len(name) > 2 else text


def _in_guild(request: ErasureRequest, *, first: int) -> tuple[str, list[Any]]:
    return ("", []) if request.guild_id is None else (f" AND guild_id = ${first}", [request.guild_id])
