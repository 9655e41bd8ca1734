"""Embeds, and what is shown like one: polls, stickers, forwarded messages."""

from collections.abc import Iterator

from simcord.backend.models import Message, MessageSticker, Poll

from playground import shapes
from playground.markup import plain
from playground.simulation.sight.media import Files, Json, Media, link, link_html
from playground.simulation.sight.people import colour
from playground.simulation.sight.scene import Scene
from playground.simulation.sight.times import moment

SUPPRESSED = 1 << 2
"""The flag of a message whose embeds were taken away."""


class Embeds:
    """Everything that stands in a box below a message's text."""

    def __init__(self, media: Media) -> None:
        self.media = media

    def of(self, scene: Scene, message: Message) -> list[shapes.Embed]:
        """What a message shows like that, in Discord's order."""
        shown = [self.forwarded(scene, snapshot["message"]) for snapshot in message.snapshots]
        if not message.flags & SUPPRESSED:
            shown += [self.embed(scene, embed, message.attachments) for embed in message.embeds]
        for snapshot in message.snapshots:
            part = snapshot["message"]
            shown += [self.embed(scene, embed, part.get("attachments", ())) for embed in part.get("embeds", ())]
        if message.poll is not None:
            shown.append(self.poll(scene, message.poll))
        return shown + [self.sticker(sticker) for sticker in message.stickers]

    def embed(self, scene: Scene, embed: Json, files: Files) -> shapes.Embed:
        """One embed. A picture from elsewhere becomes a link."""
        image, thumbnail = (_url_of(embed, part) for part in ("image", "thumbnail"))
        shown = {url: self.media.local(url, files) for url in (image, thumbnail)}
        elsewhere = [link_html(url) for url in (image, thumbnail) if url and not shown[url]]
        text = scene.html(str(embed.get("description") or ""), "embed")
        return shapes.Embed(
            colour=colour(embed.get("color")),
            author=self._line(embed.get("author"), "name", files),
            title_html=scene.html(str(embed.get("title") or ""), "title"),
            link=link(embed.get("url")),
            html="<br>".join(filter(None, [text, *elsewhere])),
            fields=[self._field(scene, field) for field in embed.get("fields") or ()],
            thumbnail=shown[thumbnail],
            image=shown[image],
            footer=self._line(embed.get("footer"), "text", files),
            at=moment(embed.get("timestamp")),
        )

    def forwarded(self, scene: Scene, part: Json) -> shapes.Embed:
        """What somebody forwarded: whose it was isn't told."""
        return boxed(heading="Forwarded", html=scene.html(str(part.get("content") or ""), "message"))

    def poll(self, scene: Scene, poll: Poll) -> shapes.Embed:
        """A poll with its votes so far."""
        votes = sum(len(voters) for voters in poll.votes.values())
        shown = boxed(heading="Poll", title_html=scene.html(poll.question, "title"))
        for answer in poll.answers:
            voters = poll.votes.get(answer.answer_id, set())
            emoji, _colon, number = (answer.emoji or "").partition(":")
            name = " ".join(filter(None, [f"<:{emoji}:{number}>" if number else emoji, answer.text]))
            mine = " · your vote" if scene.person in voters else ""
            share = f" ({round(100 * len(voters) / votes)} %)" if votes else ""
            shown["fields"].append(
                shapes.EmbedField(
                    name_html=scene.html(name, "field_name"),
                    html=f"{_votes(len(voters))}{share}{mine}",
                    inline=False,
                )
            )
        more = " · more than one answer" if poll.allow_multiselect else ""
        state = "closed" if poll.finalized else "open until"
        shown["footer"] = shapes.EmbedLine(text=f"{_votes(votes)}{more} · {state}", icon=None, link=None)
        shown["at"] = None if poll.finalized else moment(poll.expiry)
        return shown

    def sticker(self, sticker: MessageSticker) -> shapes.Embed:
        """A sticker by its name; simcord's have no picture that a page could show."""
        return boxed(heading=f"Sticker: {sticker.name}")

    def _field(self, scene: Scene, field: Json) -> shapes.EmbedField:
        return shapes.EmbedField(
            name_html=scene.html(str(field.get("name") or ""), "field_name"),
            html=scene.html(str(field.get("value") or ""), "embed"),
            inline=bool(field.get("inline")),
        )

    def _line(self, line: object, key: str, files: Files) -> shapes.EmbedLine | None:
        if not isinstance(line, dict) or not line.get(key):
            return None
        return shapes.EmbedLine(
            text=str(line[key]), icon=self.media.local(line.get("icon_url"), files), link=link(line.get("url"))
        )


def boxed(*, heading: str, title_html: str = "", html: str = "") -> shapes.Embed:
    """An embed of our own for what Discord shows in a box."""
    return shapes.Embed(
        colour=None,
        author=shapes.EmbedLine(text=heading, icon=None, link=None),
        title_html=title_html,
        link=None,
        html=html,
        fields=[],
        thumbnail=None,
        image=None,
        footer=None,
        at=None,
    )


def uploaded_in(embeds: list[dict[str, object]]) -> set[str]:
    """The addresses of pictures in embeds, `attachment://` ones too: such files aren't shown once more below."""
    return {url for embed in embeds for url in _urls(embed)}


def summary(scene: Scene, embed: Json) -> str:
    """An embed in a few words, for a reply to it."""
    text = embed.get("title") or embed.get("description") or ""
    return plain(str(text), scene.names) or "An embed"


def _urls(embed: Json) -> Iterator[str]:
    yield from filter(None, (_url_of(embed, "image"), _url_of(embed, "thumbnail")))
    for part in ("author", "footer"):
        line = embed.get(part)
        if isinstance(line, dict) and isinstance(line.get("icon_url"), str):
            yield line["icon_url"]


def _url_of(embed: Json, part: str) -> str | None:
    media = embed.get(part)
    url = media.get("url") if isinstance(media, dict) else None
    return url if isinstance(url, str) else None


def _votes(count: int) -> str:
    return "1 vote" if count == 1 else f"{count} votes"
