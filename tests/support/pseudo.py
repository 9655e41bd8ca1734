"""The check of the pseudo-language: every sentence that the bot sends has passed through gettext.

It reads the bodies of the REST calls with which the bot speaks, so that nothing slips by: answers, edits,
embeds, buttons, menus, modals, direct messages, what only one person sees.
"""

import re
from collections.abc import Iterator
from typing import Any

from utils.i18n import PSEUDO_CLOSE, PSEUDO_OPEN

# What has letters and yet is no sentence: code, links, mentions, timestamps, custom emoji.
_NOT_LANGUAGE = re.compile(r"```.*?```|`[^`]*`|https?://\S+|<[^>]+>", re.DOTALL)
_LETTER = re.compile(r"[^\W\d_]")


def strip(text: str) -> str:
    """The text without the brackets of the pseudo-language."""
    return text.replace(PSEUDO_OPEN, "").replace(PSEUDO_CLOSE, "")


def untranslated(body: Any) -> Iterator[str]:
    """What in the body of one of the bot's calls was forgotten: one line for each place."""
    if not isinstance(body, dict):
        return
    if "data" in body and "type" in body:  # an answer to a button, a menu or a modal
        body = body["data"] or {}
    if _forgotten(body.get("content")):
        yield f"content: {body['content']}"
    for embed in body.get("embeds") or ([body["embed"]] if body.get("embed") else []):
        yield from _in_embed(embed)
    if _forgotten(body.get("title")):
        yield f"title of a modal: {body['title']}"
    yield from _in_components(body.get("components") or [])


def _forgotten(text: str | None) -> bool:
    return bool(text) and not _translated(text) and bool(_LETTER.search(_NOT_LANGUAGE.sub("", text)))


def _translated(text: str) -> bool:
    return PSEUDO_OPEN in text or PSEUDO_CLOSE in text  # one of the two may have been cut off


def _in_embed(embed: dict[str, Any]) -> Iterator[str]:
    fields = embed.get("fields") or []
    texts = [
        embed.get("title"),
        embed.get("description"),
        (embed.get("footer") or {}).get("text"),
        (embed.get("author") or {}).get("name"),
        *(text for field in fields for text in (field["name"], field["value"])),
    ]
    if any(map(_forgotten, texts)) and not any(_translated(text) for text in texts if text):
        yield f"an embed without any translated text: {' | '.join(text for text in texts if text)}"
    yield from (f"name of a field: {field['name']}" for field in fields if _forgotten(field["name"]))


def _in_components(components: list[dict[str, Any]]) -> Iterator[str]:
    for component in components:
        for key in ("label", "placeholder"):
            if _forgotten(component.get(key)):
                yield f"{key} of a component: {component[key]}"
        for option in component.get("options") or []:
            if _forgotten(option.get("description")):
                yield f"description of an option: {option['description']}"
        children = component.get("components") or []
        yield from _in_components([*children, *([component["component"]] if component.get("component") else [])])
