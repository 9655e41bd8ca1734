"""What Discord's client checks before it sends a form, control by control, and what it says."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from simcord.components import walk_components
from simcord.enums import SELECT_TYPES, ComponentType

from playground.errors import Refused

Control = Mapping[str, Any]
Choose = Callable[[Control, Sequence[str]], list[Any]]
"""Makes the values of a select what simcord takes; raises Refused."""

REQUIRED_UNLESS_SAID = (ComponentType.TEXT_INPUT, *SELECT_TYPES)
TEXTS = (ComponentType.TEXT_INPUT, ComponentType.RADIO_GROUP)


def labelled(spec: Mapping[str, Any]) -> Iterator[tuple[str, Control]]:
    """The controls of a form with what stands above each."""
    for component in walk_components(spec.get("components") or []):
        control = component.get("component") if component.get("type") == ComponentType.LABEL else None
        if isinstance(control, dict):
            yield str(component.get("label") or control["custom_id"]), control
        elif component.get("type") == ComponentType.ACTION_ROW:
            for child in component.get("components") or []:
                yield str(child.get("label") or child["custom_id"]), child


def file_controls(spec: Mapping[str, Any]) -> list[str]:
    """The custom_ids of the controls that take files."""
    return [
        control["custom_id"] for _label, control in labelled(spec) if control["type"] == ComponentType.FILE_UPLOAD
    ]


def check_answers(spec: Mapping[str, Any], values: Mapping[str, Any], choose: Choose) -> dict[str, Any]:
    """The values of a form as simcord takes them. Raises Refused with the first thing that isn't right."""
    answers = {}
    for label, control in labelled(spec):
        kind = ComponentType(control["type"])
        value = values.get(control["custom_id"])
        required = bool(control.get("required", kind in REQUIRED_UNLESS_SAID))
        if kind == ComponentType.CHECKBOX:
            answers[control["custom_id"]] = _of_type(label, value, bool, bool(control.get("default", False)))
            continue
        value = _of_type(label, value, str, "") if kind in TEXTS else _of_type(label, value, list, [])
        if required and not value:
            raise Refused(f"“{label}” must be filled in.")
        if value:
            _check(label, kind, control, value)
        if value or kind == ComponentType.TEXT_INPUT:
            answers[control["custom_id"]] = choose(control, value) if kind in SELECT_TYPES else value
    return answers


def _check(label: str, kind: ComponentType, control: Control, value: Any) -> None:
    if kind == ComponentType.TEXT_INPUT:
        _check_length(label, control, value)
        return
    if kind == ComponentType.RADIO_GROUP:
        _check_options(label, control, [value])
        return
    if kind == ComponentType.CHECKBOX_GROUP:
        _check_options(label, control, value)
    most = len(control.get("options") or []) if kind == ComponentType.CHECKBOX_GROUP else 1
    check_amount(f"“{label}”: choose", control.get("min_values"), control.get("max_values"), value, most=most)


def _check_length(label: str, control: Control, text: str) -> None:
    least, most = control.get("min_length") or 0, control.get("max_length") or 4_000
    if len(text) < least:
        raise Refused(f"“{label}” needs at least {least} characters; it has {len(text)}.")
    if len(text) > most:
        raise Refused(f"“{label}” takes at most {most} characters; it has {len(text)}.")


def _check_options(label: str, control: Control, values: Sequence[Any]) -> None:
    known = [option["value"] for option in control.get("options") or []]
    if any(value not in known for value in values):
        raise Refused(f"“{label}” has no such option.")
    if len(set(values)) < len(values):
        raise Refused(f"“{label}”: nothing can be chosen twice.")


def check_amount(
    beginning: str, least: int | None, most_asked: int | None, values: Sequence[Any], *, most: int = 1
) -> None:
    """Refuse too few or too many values; `most` counts when the control doesn't say how many."""
    fewest, largest = 1 if least is None else least, most if most_asked is None else most_asked
    if fewest <= len(values) <= largest:
        return
    if fewest == largest:
        raise Refused(f"{beginning} exactly {fewest}.")
    raise Refused(f"{beginning} {fewest} to {largest}.")


def _of_type(label: str, value: Any, kind: type, otherwise: Any) -> Any:
    if value is None:
        return otherwise
    if not isinstance(value, kind):
        raise Refused(f"“{label}” can't be filled in with that.")
    return value
