"""What is kept in memory so that it needn't be fetched, drawn or read again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from utils.kept import Kept

if TYPE_CHECKING:
    from utils.bot import Hearth


@dataclass(frozen=True, slots=True)
class Cache:
    """How full a cache is. Without `most` it grows with the servers; hits and misses only where they are counted."""

    name: str
    entries: int
    most: int | None = None
    hits: int | None = None
    misses: int | None = None


def caches_of(bot: "Hearth") -> list[Cache]:
    """The bot's caches, the same names in the same order each time."""
    return [
        Cache("messages", len(bot.cached_messages), bot.config.message_cache),
        Cache("users", len(bot.users)),
        Cache("server settings", bot.guild_settings.count),
        _kept("people's settings", bot.user_settings.kept),
        _kept("pictures", bot.drawing.pictures),
        _kept("avatars", bot.drawing.avatars_kept),
    ]


def _kept(name: str, kept: Kept[Any]) -> Cache:
    return Cache(name, len(kept), kept.most, kept.hits, kept.misses)
