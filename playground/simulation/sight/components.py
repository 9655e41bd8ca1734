"""Buttons, selects, and the layouts of Components V2."""

from collections.abc import Callable
from typing import Any, Literal

from simcord.enums import ComponentType

from playground import shapes
from playground.simulation.sight.choices import SELECTS, choices
from playground.simulation.sight.media import Files, Json, Media, link, link_html
from playground.simulation.sight.people import colour
from playground.simulation.sight.scene import Scene

ButtonStyle = Literal["primary", "secondary", "success", "danger", "link"]
STYLES: dict[int, ButtonStyle] = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link"}
PREMIUM = 6
"""The style of a button that sells something; nothing is for sale here, so it can't be pressed."""

Show = Callable[["Components", Scene, Json, Files], list[shapes.Component]]


class Components:
    """Shows what a message is made of below (or, with Components V2, instead of) its text."""

    def __init__(self, media: Media) -> None:
        self.media = media

    def of(self, scene: Scene, components: list[dict[str, Any]], files: Files) -> list[shapes.Component]:
        """Components in their order. A picture from elsewhere becomes a link."""
        return [shown for component in components for shown in self._component(scene, component, files)]

    def _component(self, scene: Scene, component: Json, files: Files) -> list[shapes.Component]:
        kind = component.get("type")
        if kind in SELECTS:
            return [self._select(scene, component)]
        show = SHOWN.get(kind) if isinstance(kind, int) else None
        return show(self, scene, component, files) if show is not None else []

    def _button(self, _scene: Scene, component: Json, _files: Files) -> list[shapes.Component]:
        style = component.get("style")
        premium = style == PREMIUM
        button = shapes.Button(
            type="button",
            style=STYLES.get(style or 0, "primary"),
            label="Premium" if premium else str(component.get("label") or ""),
            emoji=self.media.emoji(component["emoji"]) if component.get("emoji") else None,
            custom_id=component.get("custom_id"),
            link=link(component.get("url")),
            disabled=bool(component.get("disabled")) or premium,
        )
        return [button]

    def _select(self, scene: Scene, component: Json) -> shapes.Select:
        return shapes.Select(
            type="select",
            of=SELECTS[component["type"]],
            custom_id=str(component.get("custom_id")),
            placeholder=str(component.get("placeholder") or ""),
            min=_or(component.get("min_values"), 1),
            max=_or(component.get("max_values"), 1),
            options=choices(scene, self.media, component),
            disabled=bool(component.get("disabled")),
        )

    def _row(self, scene: Scene, component: Json, files: Files) -> list[shapes.Component]:
        return [shapes.Layout(type="row", items=self._children(scene, component, files))]

    def _section(self, scene: Scene, component: Json, files: Files) -> list[shapes.Component]:
        section = shapes.Layout(type="section", items=self._children(scene, component, files))
        beside = self._component(scene, component.get("accessory") or {}, files)
        if beside:
            section["accessory"] = beside[0]
        return [section]

    def _container(self, scene: Scene, component: Json, files: Files) -> list[shapes.Component]:
        container = shapes.Layout(
            type="container",
            items=self._children(scene, component, files),
            colour=colour(component.get("accent_color")),
            spoiler=bool(component.get("spoiler")),
        )
        return [container]

    def _text(self, scene: Scene, component: Json, _files: Files) -> list[shapes.Component]:
        return [shapes.Layout(type="text", html=scene.html(str(component.get("content") or ""), "message"))]

    def _thumbnail(self, _scene: Scene, component: Json, files: Files) -> list[shapes.Component]:
        url = _media_url(component, "media")
        shown = self.media.local(url, files)
        if shown is None and (html := link_html(url)):
            return [shapes.Layout(type="text", html=html)]
        return [shapes.Layout(type="thumbnail", url=shown, spoiler=bool(component.get("spoiler")))]

    def _gallery(self, _scene: Scene, component: Json, files: Files) -> list[shapes.Component]:
        pictures, links = [], []
        for url in (_media_url(item, "media") for item in component.get("items") or ()):
            if (shown := self.media.local(url, files)) is not None:
                pictures.append(shown)
            elif html := link_html(url):
                links.append(html)
        gallery = shapes.Layout(type="gallery", pictures=pictures)
        text = shapes.Layout(type="text", html="<br>".join(links))
        return [part for part, there in ((gallery, pictures), (text, links)) if there]

    def _file(self, _scene: Scene, component: Json, files: Files) -> list[shapes.Component]:
        url = _media_url(component, "file") or ""
        name = url.rpartition("/")[2]
        found = next((file for file in files if url == file.get("url") or name == file.get("filename")), None)
        if found is None:
            return []
        attachment = self.media.attachment(found)
        attachment["spoiler"] = attachment["spoiler"] or bool(component.get("spoiler"))
        return [shapes.Layout(type="file", file=attachment)]

    def _separator(self, _scene: Scene, component: Json, _files: Files) -> list[shapes.Component]:
        return [shapes.Layout(type="separator", line=bool(component.get("divider", True)))]

    def _children(self, scene: Scene, component: Json, files: Files) -> list[shapes.Component]:
        return self.of(scene, component.get("components") or [], files)


SHOWN: dict[int, Show] = {
    ComponentType.ACTION_ROW: Components._row,
    ComponentType.BUTTON: Components._button,
    ComponentType.SECTION: Components._section,
    ComponentType.TEXT_DISPLAY: Components._text,
    ComponentType.THUMBNAIL: Components._thumbnail,
    ComponentType.MEDIA_GALLERY: Components._gallery,
    ComponentType.FILE: Components._file,
    ComponentType.SEPARATOR: Components._separator,
    ComponentType.CONTAINER: Components._container,
}


def _media_url(component: Json, key: str) -> str | None:
    media = component.get(key)
    return media.get("url") if isinstance(media, dict) else None


def _or(value: int | None, default: int) -> int:
    return default if value is None else value
