"""Pictures for the people, guilds and emoji of the town. Nothing is loaded from elsewhere."""

import re
from hashlib import blake2s

from discord import Asset

from playground.town.drawing import COLOURS, letter_tile, motif_alone, motif_tile, pattern_tile

# Where Discord has pictures: of a person, of a member in one guild, of a guild, of an emoji.
_ADDRESSES = (
    ("avatar", re.compile(r"avatars/(?P<id>\d+)/\w+\.\w+")),
    ("avatar", re.compile(r"guilds/\d+/users/(?P<id>\d+)/avatars/\w+\.\w+")),
    ("icon", re.compile(r"icons/(?P<id>\d+)/\w+\.\w+")),
    ("emoji", re.compile(r"emojis/(?P<id>\d+)\.\w+")),
)
_DEFAULT_AVATAR = re.compile(r"embed/avatars/(?P<number>\d)\.png")


def avatar_hash(name: str) -> str:
    """What stands in an avatar's address for which picture it is."""
    return blake2s(name.encode(), digest_size=16).hexdigest()


def usual_colour(key: int | str) -> str:
    """The colour of somebody who has none of their own: always the same one."""
    return COLOURS[int.from_bytes(blake2s(str(key).encode(), digest_size=4).digest()) % len(COLOURS)]


class Pictures:
    """PNGs, drawn when they are first asked for."""

    def __init__(self) -> None:
        self._subjects: dict[tuple[str, int], tuple[str, str]] = {}
        """What to draw, by kind and id: a name or a motif, and a colour."""

    def add_person(self, user_id: int, name: str, colour: str | None = None) -> None:
        """Let somebody have an avatar; `name` is the one that is shown, `colour` is `#rrggbb`."""
        self._subjects["avatar", user_id] = (name, colour or usual_colour(name))

    def add_guild(self, guild_id: int, motif: str, colour: str) -> None:
        """Let a guild have an icon. One without is shown by its initials."""
        self._subjects["icon", guild_id] = (motif, colour)

    def add_emoji(self, emoji_id: int, motif: str) -> None:
        """Let a custom emoji be seen."""
        self._subjects["emoji", emoji_id] = (motif, "")

    def get(self, kind: str, key: int) -> bytes | None:
        """The picture at the page's address `files/<kind>/<key>.png`; the kinds are 'avatar', 'icon' and 'emoji'."""
        return self._draw(kind, key) if (kind, key) in self._subjects else None

    def avatar(self, user_id: int) -> bytes | None:
        """Somebody's avatar."""
        return self.get("avatar", user_id)

    def icon(self, guild_id: int) -> bytes | None:
        """A guild's icon."""
        return self.get("icon", guild_id)

    def emoji(self, emoji_id: int) -> bytes | None:
        """A custom emoji."""
        return self.get("emoji", emoji_id)

    def avatar_url(self, user_id: int) -> str | None:
        """Its address, relative to the page."""
        return self._url("avatar", user_id)

    def icon_url(self, guild_id: int) -> str | None:
        """Its address, relative to the page."""
        return self._url("icon", guild_id)

    def emoji_url(self, emoji_id: int) -> str | None:
        """Its address, relative to the page."""
        return self._url("emoji", emoji_id)

    def relative(self, url: str) -> str | None:
        """The address in the page for Discord's own address of such a picture; None if there is none."""
        subject = _of_discord(url)
        return self._url(*subject) if subject is not None else None

    def find(self, url: str) -> bytes | None:
        """What is at one of Discord's own addresses, for the bot that downloads it; in any size it is the same."""
        if found := _DEFAULT_AVATAR.fullmatch(_path(url)):
            return pattern_tile(int(found["number"]), COLOURS[int(found["number"])])
        subject = _of_discord(url)
        return self.get(*subject) if subject is not None else None

    def _url(self, kind: str, key: int) -> str | None:
        return f"files/{kind}/{key}.png" if (kind, key) in self._subjects else None

    def _draw(self, kind: str, key: int) -> bytes:
        subject, colour = self._subjects[kind, key]
        if kind == "emoji":
            return motif_alone(subject)
        if kind == "icon":
            return motif_tile(subject, colour)
        return letter_tile(subject, colour) or pattern_tile(key, colour)


def _path(url: str) -> str:
    """The part of an address of Discord's after its server, without the size; of another server nothing."""
    return url.removeprefix(f"{Asset.BASE}/").partition("?")[0] if url.startswith(f"{Asset.BASE}/") else ""


def _of_discord(url: str) -> tuple[str, int] | None:
    """What a picture of Discord's is of, and whose."""
    path = _path(url)
    return next(
        ((kind, int(found["id"])) for kind, form in _ADDRESSES if (found := form.fullmatch(path)) is not None), None
    )
