"""What a page's person writes, presses and chooses."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playground.server.tab import Tab
from playground.server.verbs import verb
from playground.shapes import Clicked, Message
from playground.simulation.acting import Press
from playground.tracing.recording import Cause
from utils.formatting import truncate

ANSWER_SECONDS = 3.0  # what Discord gives a bot to answer an interaction; the town's time runs at real speed
LOOK_AGAIN_SECONDS = 0.05
TITLE_CHARACTERS = 120


@contextmanager
def cause(tab: Tab, kind: Cause, what: str) -> Iterator[None]:
    """Count what the bot does in the block as done for this person's action."""
    who = tab.playground.sight.person(tab.person_id)["display"]
    title = truncate(f"{who}{what}".replace("\n", " "), TITLE_CHARACTERS)
    with tab.playground.tracer.cause(kind=kind, title=title, who=who):
        yield


# --- messages


@verb(acts=True)
async def send(
    tab: Tab, *, channel: int, text: str = "", reply: int | None = None, files: Sequence[str] = ()
) -> dict[str, str]:
    """Write a message; `files` are ids of uploads."""
    with tab.playground.live.uploads.taken(files) as contents, cause(tab, "message", f": {text.strip() or 'a file'}"):
        sent = await tab.playground.acting.send(tab.person_id, channel, text, reply, contents)
    tab.playground.sight.mark_read(tab.person_id, channel)
    return {"message": str(sent)}


@verb(acts=True)
async def edit(tab: Tab, *, channel: int, message: int, text: str) -> None:
    """Change one's own message."""
    with cause(tab, "message", f" edits: {text.strip()}"):
        await tab.playground.acting.edit(tab.person_id, channel, message, text)


@verb(acts=True)
async def delete(tab: Tab, *, channel: int, message: int) -> None:
    """Delete a message."""
    with cause(tab, "other", " deletes a message"):
        await tab.playground.acting.delete(tab.person_id, channel, message)


@verb(acts=True)
async def pin(tab: Tab, *, channel: int, message: int, pinned: bool) -> None:
    """Pin a message, or take the pin off."""
    with cause(tab, "other", " pins a message" if pinned else " takes a pin off"):
        await tab.playground.acting.set_pinned(tab.person_id, channel, message, pinned)


@verb(acts=True)
async def react(tab: Tab, *, channel: int, message: int, key: str, on: bool) -> None:
    """React, or take the reaction back."""
    shown = key.partition(":")[0] or key
    with cause(tab, "reaction", f" reacts with {shown}" if on else f" takes {shown} back"):
        await tab.playground.acting.react(tab.person_id, channel, message, key, on)


@verb(acts=True)
async def typing(tab: Tab, *, channel: int) -> None:
    """Show to others that this person types."""
    await tab.playground.acting.typing(tab.person_id, channel)


@verb()
async def pins(tab: Tab, *, channel: int) -> list[Message]:
    """The pinned messages."""
    return tab.playground.sight.pins(tab.person_id, channel)


@verb(acts=True)
async def direct(tab: Tab) -> dict[str, str]:
    """Open the direct messages with the bot."""
    channel = tab.playground.acting.direct(tab.person_id)
    tab.playground.live.dirty("places")
    return {"channel": str(channel)}


# --- buttons, selects, forms: the turn is given back before the bot has answered, since that may take its time


@verb()
async def click(tab: Tab, *, channel: int, message: int, custom_id: str) -> Clicked:
    """Press a button."""
    parts = tab.playground
    async with parts.turn:
        label = parts.acting.label(tab.person_id, channel, message, custom_id)
        with cause(tab, "click", f" presses “{label}”"):
            press = await parts.acting.click(tab.person_id, channel, message, custom_id)
    return await _outcome(tab, press)


@verb()
async def choose(tab: Tab, *, channel: int, message: int, custom_id: str, values: list[str]) -> Clicked:
    """Choose in a select."""
    parts = tab.playground
    async with parts.turn:
        label = parts.acting.label(tab.person_id, channel, message, custom_id)
        with cause(tab, "click", f" chooses in “{label}”"):
            press = await parts.acting.choose(tab.person_id, channel, message, custom_id, values)
    return await _outcome(tab, press)


@verb()
async def submit(tab: Tab, *, interaction: int, values: dict[str, Any]) -> Clicked:
    """Send a form. The values of its files are ids of uploads."""
    parts = tab.playground
    async with parts.turn:
        by_question = {
            custom_id: _ids(values.get(custom_id))
            for custom_id in parts.acting.file_questions(tab.person_id, interaction)
        }
        wanted = [upload_id for ids in by_question.values() for upload_id in ids]
        with parts.live.uploads.taken(wanted) as files, cause(tab, "form", " sends a form"):
            contents = iter(files)
            filled = {custom_id: [next(contents) for _id in ids] for custom_id, ids in by_question.items()}
            press = await parts.acting.submit(tab.person_id, interaction, values | filled)
    return await _outcome(tab, press)


def _ids(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


async def _outcome(tab: Tab, press: Press) -> Clicked:
    """Wait for the answer as Discord's client does, before it says that the interaction failed."""
    for _look in range(round(ANSWER_SECONDS / LOOK_AGAIN_SECONDS)):
        if press.answered:
            break
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    payload = press.modal
    modal = tab.playground.sight.modal(press.interaction, payload) if payload is not None else None
    return Clicked(answered=press.answered, modal=modal)
