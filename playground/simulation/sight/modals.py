"""Forms that the bot opens."""

from typing import Any, Literal

from simcord.enums import ComponentType

from playground import shapes
from playground.simulation.sight.choices import SELECTS, choices, written
from playground.simulation.sight.media import Json, Media
from playground.simulation.sight.scene import Scene

MOST_CHARACTERS = 4000  # of a text, where the bot sets no limit
PARAGRAPH = 2

Kind = Literal["short", "paragraph", "select", "file", "radio", "checkboxes", "checkbox"]
KINDS: dict[int, Kind] = {
    ComponentType.FILE_UPLOAD: "file",
    ComponentType.RADIO_GROUP: "radio",
    ComponentType.CHECKBOX_GROUP: "checkboxes",
    ComponentType.CHECKBOX: "checkbox",
    **dict.fromkeys(SELECTS, "select"),
}
REQUIRED_BY_DEFAULT = {ComponentType.TEXT_INPUT, *SELECTS}


def modal(scene: Scene, media: Media, interaction_id: int, payload: Json) -> shapes.Modal:
    """A form as whoever has to fill it in sees it."""
    shown = shapes.Modal(
        interaction=str(interaction_id),
        title=str(payload.get("title") or ""),
        custom_id=str(payload.get("custom_id") or ""),
        text_html=[],
        questions=[],
    )
    for part in payload.get("components") or ():
        if part.get("type") == ComponentType.TEXT_DISPLAY:
            shown["text_html"].append(scene.html(str(part.get("content") or ""), "message"))
        elif part.get("type") == ComponentType.LABEL:
            shown["questions"].append(_question(scene, media, part["component"], part))
        else:  # an old form: each control in a row of its own, with its label in itself
            shown["questions"] += [_question(scene, media, inside, inside) for inside in part.get("components") or ()]
    return shown


def _question(scene: Scene, media: Media, control: Json, label: Json) -> shapes.Question:
    kind = control["type"]
    text = kind == ComponentType.TEXT_INPUT
    least, most = _bounds(control, text=text)
    question = shapes.Question(
        custom_id=str(control.get("custom_id")),
        label=str(label.get("label") or ""),
        description=label.get("description"),
        kind=_text_kind(control) if text else KINDS[kind],
        value=_value(control),
        placeholder=str(control.get("placeholder") or ""),
        required=bool(control.get("required", kind in REQUIRED_BY_DEFAULT)),
        min=least,
        max=most,
    )
    if kind in SELECTS:
        question["of"] = SELECTS[kind]
        question["options"] = choices(scene, media, control)
    elif kind in {ComponentType.RADIO_GROUP, ComponentType.CHECKBOX_GROUP}:
        question["options"] = written(media, control)
    return question


def _text_kind(control: Json) -> Kind:
    return "paragraph" if control.get("style") == PARAGRAPH else "short"


def _bounds(control: Json, *, text: bool) -> tuple[int, int]:
    if text:
        return _or(control.get("min_length"), 0), _or(control.get("max_length"), MOST_CHARACTERS)
    all_of_them = len(control.get("options") or ()) if control["type"] == ComponentType.CHECKBOX_GROUP else 1
    return _or(control.get("min_values"), 1), _or(control.get("max_values"), all_of_them)


def _value(control: Json) -> str:
    match control["type"]:
        case ComponentType.TEXT_INPUT:
            return str(control.get("value") or control.get("default") or "")
        case ComponentType.CHECKBOX:
            return "true" if control.get("default") else ""
        case ComponentType.RADIO_GROUP:
            chosen = (option for option in control.get("options") or () if option.get("default"))
            return next((str(option["value"]) for option in chosen), "")
        case _:
            return ""


def _or(value: Any, default: int) -> int:
    return default if value is None else int(value)
