"""Pictures and files: only what the playground itself has is shown, and nothing is loaded from elsewhere."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from simcord.backend import Backend
from simcord.backend.cdn import CDN_BASE

from playground import shapes

if TYPE_CHECKING:
    from playground.town.pictures import Pictures

Json = Mapping[str, Any]
Files = Sequence[Json]
"""The files of a message, as Discord describes them."""

UPLOADED = "attachment://"
ATTACHMENTS = f"{CDN_BASE}/attachments/"
PICTURE_TYPES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
LINKS = {"http", "https"}
SPOILER = "SPOILER_"  # what Discord puts before the name of a hidden file


def link(url: object) -> str | None:
    """An address that may be led out to; None for anything but the web."""
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in LINKS and parts.netloc else None


def link_html(url: object) -> str:
    """A link in place of a picture that isn't loaded, because it is elsewhere."""
    if (found := link(url)) is None:
        return ""
    where = escape(urlsplit(found).hostname or "elsewhere")
    return f'<a href="{escape(found)}" target="_blank" rel="noopener noreferrer">Picture at {where}</a>'


class Media:
    """Finds what stands behind Discord's addresses."""

    def __init__(self, backend: Backend, pictures: "Pictures") -> None:
        self.backend = backend
        self.pictures = pictures

    def local(self, url: object, files: Files = ()) -> str | None:
        """The address in the page for a picture's address in a message; None if the playground doesn't have it."""
        if not isinstance(url, str) or not url:
            return None
        if url.startswith(UPLOADED):
            name = url.removeprefix(UPLOADED)
            url = next((str(file["url"]) for file in files if file.get("filename") == name), "")
        return self._uploaded(url) or self.pictures.relative(url)

    def attachment(self, file: Json) -> shapes.Attachment:
        """A file of a message."""
        name = str(file.get("filename") or "file")
        return shapes.Attachment(
            id=str(file.get("id", "")),
            name=name.removeprefix(SPOILER),
            size=int(file.get("size") or 0),
            url=self._uploaded(str(file.get("url", ""))) or "",
            image=str(file.get("content_type")).partition(";")[0] in PICTURE_TYPES,
            spoiler=name.startswith(SPOILER) or bool(file.get("spoiler")),
            description=file.get("description"),
        )

    def emoji(self, emoji: Json) -> shapes.Emoji:
        """An emoji of a component: a custom one by its id, else the character."""
        number, name = emoji.get("id"), str(emoji.get("name") or "")
        if not number:
            return shapes.Emoji(id=None, name=name, url=None)
        return shapes.Emoji(id=str(number), name=name, url=self.pictures.emoji_url(int(number)))

    def reaction_emoji(self, stored: str) -> shapes.Emoji:
        """The same of a reaction, which simcord keeps as the character or as `name:id`."""
        name, _colon, number = stored.partition(":")
        return self.emoji({"name": name, "id": number if number.isdecimal() else None})

    def _uploaded(self, url: str) -> str | None:
        """A file that was sent in the simulated Discord."""
        for found in (url, url.partition("?")[0]):
            path = found.removeprefix(ATTACHMENTS)
            if path != found and self.content(path) is not None:
                return f"files/attachment/{quote(path)}"
        return None

    def content(self, path: str) -> bytes | None:
        """What is in such a file, by its channel, id and name."""
        return self.backend.cdn.get(ATTACHMENTS + path)
