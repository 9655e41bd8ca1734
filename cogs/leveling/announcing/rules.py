"""Which level-ups are told, and once. Pure."""

from collections import OrderedDict
from collections.abc import Collection
from typing import Final

REMEMBERED_MEMBERS: Final = 20_000


def is_due(old_level: int, new_level: int, every: int, reward_levels: Collection[int]) -> bool:
    """Whether one of the levels above the old one, up to the new one, is told of.

    With `every` it is each n-th level, or with 0 those that bring a role.
    """
    if every == 0:
        return any(old_level < level <= new_level for level in reward_levels)
    return new_level > old_level and new_level // every > old_level // every


class Told:
    """The highest level that each member was told of since the start: one that is reached again isn't news."""

    def __init__(self) -> None:
        self._levels: OrderedDict[tuple[int, int], int] = OrderedDict()

    def from_level(self, guild_id: int, user_id: int, old_level: int) -> int:
        """Above which level there is news for somebody who had this one."""
        return max(old_level, self._levels.get((guild_id, user_id), 0))

    def remember(self, guild_id: int, user_id: int, level: int) -> None:
        """Take down what somebody was told; the oldest are let go."""
        self._levels[guild_id, user_id] = level
        self._levels.move_to_end((guild_id, user_id))
        if len(self._levels) > REMEMBERED_MEMBERS:
            self._levels.popitem(last=False)

    def forget(self, guild_id: int, user_id: int) -> None:
        """Begin anew with somebody whose level was changed by other than what they did."""
        self._levels.pop((guild_id, user_id), None)

    def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Begin anew with somebody everywhere, or in one guild."""
        for who in [who for who in self._levels if who[1] == user_id and guild_id in {None, who[0]}]:
            del self._levels[who]

    def forget_guild(self, guild_id: int) -> None:
        """Begin anew with everybody of a guild, where another curve moved them."""
        self._levels = OrderedDict((who, level) for who, level in self._levels.items() if who[0] != guild_id)
