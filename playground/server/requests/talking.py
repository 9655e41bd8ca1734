"""What a page's person writes, presses and chooses."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playground.server.tab import Tab, Visitor
from playground.server.verbs import verb
from playground.shapes import Clicked, Message
from playground.simulation.acting import Press
from playground.tracing.recording import Cause
from utils.formatting import truncate

ANSWER_SECONDS = 3.0  # what Discord gives a bot to answer an interaction; the town's time runs at real speed
LOOK_AGAIN_SECONDS = 0.05
TITLE_CHARACTERS = 120

Answer = str | bool | list[str] | None
"""To a question of a form; a list of what was chosen, or of uploads."""


@contextmanager
def cause(visitor: Visitor, kind: Cause, what: str) -> Iterator[None]:
    """Count what the bot does in the block as done for this person's action."""
    who = visitor.playground.sight.person(visitor.person_id)["display"]
    title = truncate(f"{who}{what}".replace("\n", " "), TITLE_CHARACTERS)
    with visitor.playground.tracer.cause(kind=kind, title=title, who=who):
        yield


# --- messages


@verb(acts=True)
async def send(
    visitor: Visitor, *, channel: int, text: str = "", reply: int | None = None, files: Sequence[str] = ()
) -> dict[str, str]:
    """Write a message; `files` are ids of uploads."""
    with (
        visitor.playground.live.uploads.taken(files) as contents,
        cause(visitor, "message", f": {text.strip() or 'a file'}"),
    ):
        sent = await visitor.playground.acting.send(visitor.person_id, channel, text, reply, contents)
    visitor.playground.sight.mark_read(visitor.person_id, channel)
    return {"message": str(sent)}


@verb(acts=True)
async def edit(visitor: Visitor, *, channel: int, message: int, text: str) -> None:
    """Change one's own message."""
    with cause(visitor, "message", f" edits: {text.strip()}"):
        await visitor.playground.acting.edit(visitor.person_id, channel, message, text)


@verb(acts=True)
async def delete(visitor: Visitor, *, channel: int, message: int) -> None:
    """Delete a message."""
    with cause(visitor, "other", " deletes a message"):
        await visitor.playground.acting.delete(visitor.person_id, channel, message)


@verb(acts=True)
async def pin(visitor: Visitor, *, channel: int, message: int, pinned: bool) -> None:
    """Pin a message, or take the pin off."""
    with cause(visitor, "other", " pins a message" if pinned else " takes a pin off"):
        await visitor.playground.acting.set_pinned(visitor.person_id, channel, message, pinned)


@verb(acts=True)
async def react(visitor: Visitor, *, channel: int, message: int, key: str, on: bool) -> None:
    """React, or take the reaction back."""
    shown = key.partition(":")[0] or key
    with cause(visitor, "reaction", f" reacts with {shown}" if on else f" takes {shown} back"):
        await visitor.playground.acting.react(visitor.person_id, channel, message, key, on)


@verb(acts=True)
async def typing(visitor: Visitor, *, channel: int) -> None:
    """Show to others that this person types."""
    await visitor.playground.acting.typing(visitor.person_id, channel)


@verb()
async def pins(tab: Tab, *, channel: int) -> list[Message]:
    """The pinned messages."""
    return tab.playground.sight.pins(tab.person_id, channel)


@verb(acts=True)
async def direct(visitor: Visitor) -> dict[str, str]:
    """Open the direct messages with the bot."""
    channel = visitor.playground.acting.direct(visitor.person_id)
    visitor.playground.live.dirty("places")
    return {"channel": str(channel)}


# --- buttons, selects, forms: the turn is given back before the bot has answered, since that may take its time


@verb()
async def click(tab: Tab, *, channel: int, message: int, custom_id: str) -> Clicked:
    """Press a button."""
    parts, visitor = tab.playground, tab.visitor()
    async with parts.turn:
        label = parts.acting.label(visitor.person_id, channel, message, custom_id)
        with cause(visitor, "click", f" presses “{label}”"):
            press = await parts.acting.click(visitor.person_id, channel, message, custom_id)
    return await _outcome(tab, press)


@verb()
async def choose(tab: Tab, *, channel: int, message: int, custom_id: str, values: list[str]) -> Clicked:
    """Choose in a select."""
    parts, visitor = tab.playground, tab.visitor()
    async with parts.turn:
        label = parts.acting.label(visitor.person_id, channel, message, custom_id)
        with cause(visitor, "click", f" chooses in “{label}”"):
            press = await parts.acting.choose(visitor.person_id, channel, message, custom_id, values)
    return await _outcome(tab, press)


@verb()
async def submit(tab: Tab, *, interaction: int, values: dict[str, Answer]) -> Clicked:
    """Send a form. The values of its files are ids of uploads."""
    parts, visitor = tab.playground, tab.visitor()
    async with parts.turn:
        by_question = {
            custom_id: _ids(values.get(custom_id))
            for custom_id in parts.acting.file_questions(visitor.person_id, interaction)
        }
        wanted = [upload_id for ids in by_question.values() for upload_id in ids]
        with parts.live.uploads.taken(wanted) as files, cause(visitor, "form", " sends a form"):
            contents = iter(files)
            filled = {custom_id: [next(contents) for _id in ids] for custom_id, ids in by_question.items()}
            press = await parts.acting.submit(visitor.person_id, interaction, values | filled)
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
