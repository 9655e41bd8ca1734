"""Keeping the latest so many: of what takes long to make, and of what came already."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The latest so many of something."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._found: OrderedDict[Hashable, T] = OrderedDict()
        self.hits = 0
        """How often something that was asked for was kept, since the start."""
        self.misses = 0

    def __len__(self) -> int:
        return len(self._found)

    def get(self, key: Hashable) -> T | None:
        """What is kept, if it is."""
        found = self._found.get(key)
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
            self._found.move_to_end(key)
        return found

    def peek(self, key: Hashable) -> T | None:
        """The same, without counting as having been asked for."""
        return self._found.get(key)

    def put(self, key: Hashable, value: T) -> None:
        """Keep something in place of what wasn't asked for longest."""
        self._found[key] = value
        self._found.move_to_end(key)
        while len(self._found) > self.most:
            self._found.popitem(last=False)

    def forget(self, key: Hashable) -> None:
        """Let go of something, if it is kept."""
        self._found.pop(key, None)

    def clear(self) -> None:
        """Let go of everything."""
        self._found.clear()


class FirstTimes:
    """Which of the latest so many things came already: Discord may deliver one twice."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._seen: OrderedDict[Hashable, None] = OrderedDict()

    def is_new(self, key: Hashable) -> bool:
        """Whether this comes for the first time; it has come from now on."""
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > self.most:
            self._seen.popitem(last=False)
        return True
