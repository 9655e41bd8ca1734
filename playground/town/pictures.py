"""Pictures for the people, guilds and emoji of the town. Nothing is loaded from elsewhere."""

from hashlib import blake2s


def avatar_hash(name: str) -> str:
    """What stands in an avatar's address for which picture it is."""
    return blake2s(name.encode(), digest_size=16).hexdigest()


class Pictures:
    """PNGs, drawn when they are first asked for."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def add_person(self, user_id: int, name: str) -> None:
        """Let somebody have an avatar; `name` is the one that is shown."""
        self._names[user_id] = name

    def get(self, kind: str, key: int) -> bytes | None:
        """The picture at the address `files/<kind>/<key>.png`; the kinds are 'avatar', 'icon' and 'emoji'."""
        return {"avatar": self.avatar, "icon": self.icon, "emoji": self.emoji}[kind](key)

    def avatar(self, user_id: int) -> bytes | None:
        """Somebody's avatar."""
        return None

    def icon(self, guild_id: int) -> bytes | None:
        """A guild's icon."""
        return None

    def emoji(self, emoji_id: int) -> bytes | None:
        """A custom emoji."""
        return None

    def avatar_url(self, user_id: int) -> str | None:
        """Its address, relative to the page."""
        return f"files/avatar/{user_id}.png" if user_id in self._names else None

    def icon_url(self, guild_id: int) -> str | None:
        """Its address, relative to the page."""
        return None

    def emoji_url(self, emoji_id: int) -> str | None:
        """Its address, relative to the page."""
        return None

    def relative(self, url: str) -> str | None:
        """The address in the page for one of Discord's own addresses of such a picture; None if it isn't one."""
        return None
