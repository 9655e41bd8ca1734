"""Channels that moderators locked or slowed down, as rows."""

from dataclasses import dataclass
from typing import Any, Literal

from database.manager import DatabaseManager, Row
from database.values import json_value

StateKind = Literal["lock", "slowmode"]


@dataclass(frozen=True, slots=True)
class ChannelState:
    """What was changed in a channel. `number` is the case that did it; `timer_id` None where it stays for good."""

    guild_id: int
    channel_id: int
    kind: StateKind
    number: int
    state_before: dict[str, Any]
    state_after: dict[str, Any]
    timer_id: int | None = None


class ChannelStatesStore:
    """The table `channel_states`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, state: ChannelState) -> bool:
        """Keep what a channel was like; False if it is kept already, so that the first state is never lost."""
        changed = await self.db.execute(
            "INSERT INTO channel_states (guild_id, channel_id, kind, number, state_before, state_after, timer_id)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (guild_id, channel_id, kind) DO NOTHING",
            state.guild_id, state.channel_id, state.kind, state.number, state.state_before, state.state_after,
            state.timer_id,
        )  # fmt: skip
        return changed == 1

    async def change(self, state: ChannelState) -> None:
        """Another case changed the channel on top: what was there before the first one stays."""
        await self.db.execute(
            "UPDATE channel_states SET number = $4, state_after = $5, timer_id = $6"
            " WHERE guild_id = $1 AND channel_id = $2 AND kind = $3",
            state.guild_id, state.channel_id, state.kind, state.number, state.state_after, state.timer_id,
        )  # fmt: skip

    async def get(self, guild_id: int, channel_id: int, kind: StateKind) -> ChannelState | None:
        """What is kept of one channel."""
        row = await self.db.fetchone(
            "SELECT * FROM channel_states WHERE guild_id = $1 AND channel_id = $2 AND kind = $3",
            guild_id, channel_id, kind,
        )  # fmt: skip
        return None if row is None else _state(row)

    async def of_guild(self, guild_id: int, kind: StateKind) -> list[ChannelState]:
        """All channels of a guild that are locked, or slowed down for a time."""
        rows = await self.db.fetchall(
            "SELECT * FROM channel_states WHERE guild_id = $1 AND kind = $2 ORDER BY channel_id", guild_id, kind
        )
        return [_state(row) for row in rows]

    async def of_timer(self, timer_id: int) -> list[ChannelState]:
        """The channels that a timer is about; none if they were all put back meanwhile."""
        rows = await self.db.fetchall(
            "SELECT * FROM channel_states WHERE timer_id = $1 ORDER BY channel_id", timer_id
        )
        return [_state(row) for row in rows]

    async def asleep(self, guild_id: int) -> list[ChannelState]:
        """What should be put back in a guild by a timer that is no more."""
        rows = await self.db.fetchall(
            "SELECT channel_states.* FROM channel_states LEFT JOIN timers ON timers.id = channel_states.timer_id"
            " WHERE channel_states.guild_id = $1 AND channel_states.timer_id IS NOT NULL AND timers.id IS NULL"
            " ORDER BY channel_id",
            guild_id,
        )
        return [_state(row) for row in rows]

    async def of_case(self, guild_id: int, number: int) -> list[ChannelState]:
        """The channels that are as a case left them."""
        rows = await self.db.fetchall(
            "SELECT * FROM channel_states WHERE guild_id = $1 AND number = $2 ORDER BY channel_id", guild_id, number
        )
        return [_state(row) for row in rows]

    async def set_timer(self, guild_id: int, number: int, timer_id: int | None) -> bool:
        """Let the channels of a case be put back by another timer, or by none; False if there are none any more."""
        changed = await self.db.execute(
            "UPDATE channel_states SET timer_id = $3 WHERE guild_id = $1 AND number = $2", guild_id, number, timer_id
        )
        return changed > 0

    async def move_timer(self, old: int, new: int) -> None:
        """Let another timer be about the channels of one."""
        await self.db.execute("UPDATE channel_states SET timer_id = $2 WHERE timer_id = $1", old, new)

    async def remove(self, state: ChannelState) -> bool:
        """Forget a channel's state; False if another case's took its place, or it was forgotten already."""
        changed = await self.db.execute(
            "DELETE FROM channel_states WHERE guild_id = $1 AND channel_id = $2 AND kind = $3 AND number = $4",
            state.guild_id, state.channel_id, state.kind, state.number,
        )  # fmt: skip
        return changed == 1


def _state(row: Row) -> ChannelState:
    values = dict(row)
    for name in ("state_before", "state_after"):
        values[name] = json_value(values[name])
    return ChannelState(**values)
