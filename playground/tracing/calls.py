"""The bot's REST calls: how each went, and which messages came of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import discord

from playground.shapes import Step
from playground.simulation.wire import Call, Go
from playground.tracing.recording import Recording

EPHEMERAL = discord.MessageFlags(ephemeral=True).value
LONGEST_TEXT = 300  # characters
HIDDEN = "…"
OK = "ok"

CALLBACK = "/interactions/{webhook_id}/{webhook_token}/callback"
CREATE = {"/channels/{channel_id}/messages", "/webhooks/{webhook_id}/{webhook_token}"}
EXISTING = {
    "/channels/{channel_id}/messages/{message_id}",
    "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
    "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
}
UPDATE_MESSAGE = discord.InteractionResponseType.message_update.value


@dataclass(frozen=True, slots=True)
class Touched:
    """A message that a call wrote, changed or deleted."""

    deed: str
    message_id: int
    channel_id: int | None = None
    text: str = ""


def write_call(recording: Recording, call: Call) -> Step:
    """Write down that a call is made."""
    return recording.add("rest", f"{call.method} {shown_path(call)}", tag=OK)


async def follow(recording: Recording, call: Call, go: Go) -> Any:
    """Make a call, and write down how it went."""
    step = write_call(recording, call)
    try:
        answer = await go()
    except discord.HTTPException as error:
        recording.end(step, tag=str(error.status), detail=f"{error.text} ({error.code})", ok=False)
        raise
    except BaseException as error:
        recording.end(step, tag="failed", detail=repr(error), ok=False)
        raise
    recording.end(step, tag=OK, ok=True)
    return answer


def write_messages(recording: Recording, call: Call, answer: Any, bot: discord.Client | None) -> None:
    """Write down which messages came of a call, and link them."""
    for message in touched(call, answer):
        recording.about(message.message_id)
        if message.deed:
            place = _place(bot.get_channel(message.channel_id)) if bot and message.channel_id else ""
            recording.add("message", message.deed + place, detail=message.text)


def _place(channel: Any) -> str:
    if isinstance(channel, discord.DMChannel):
        return " in direct messages"
    name = getattr(channel, "name", None)
    return f" in #{name}" if name else ""


def shown_path(call: Call) -> str:
    """The path without the tokens that stand in some: whoever has one may speak for the bot."""
    names, parts = call.template.split("/"), call.path.split("/")
    if len(names) != len(parts):  # an emoji or a code holds a slash
        return call.template
    return "/".join(HIDDEN if "token" in name else part for name, part in zip(names, parts, strict=True))


def touched(call: Call, answer: Any) -> Iterator[Touched]:
    """The messages that a call, answered with that, wrote, changed or deleted."""
    if call.method == "POST" and call.template == CALLBACK:
        yield from _answered(answer)
    elif call.method == "POST" and call.template in CREATE and _is_message(answer):
        yield _from(answer, "Wrote")
    elif call.method == "PATCH" and call.template in EXISTING and _is_message(answer):
        yield _from(answer, "Changed")
    elif call.method != "GET" and (message_id := named_message(call)) is not None:
        yield Touched("Deleted" if call.template in EXISTING else "", message_id)
    elif call.method == "POST" and isinstance(answer, dict) and _is_message(answer.get("message")):
        yield _from(answer["message"], "Wrote")  # a forum's new post comes with its first message


def named_message(call: Call) -> int | None:
    """The message whose id stands in the path."""
    found = dict(zip(call.template.split("/"), call.path.split("/"), strict=False)).get("{message_id}", "")
    return int(found) if found.isdecimal() else None


def _answered(answer: Any) -> Iterator[Touched]:
    if not isinstance(answer, dict):
        return
    resource = answer.get("resource") or {}
    if _is_message(resource.get("message")):
        yield _from(resource["message"], "Changed" if resource.get("type") == UPDATE_MESSAGE else "Wrote")
    elif (promised := (answer.get("interaction") or {}).get("response_message_id")) is not None:
        yield Touched("Promised an answer", int(promised))


def _is_message(answer: Any) -> bool:
    return isinstance(answer, dict) and "id" in answer and "channel_id" in answer and "author" in answer


def _from(message: dict[str, Any], deed: str) -> Touched:
    private = ", for one person's eyes" if int(message.get("flags") or 0) & EPHEMERAL else ""
    return Touched(deed + private, int(message["id"]), int(message["channel_id"]), _text(message))


def _text(message: dict[str, Any]) -> str:
    """What a message says: its content, else that of its embeds."""
    embeds = message.get("embeds") or []
    said = [message.get("content"), *(embed.get(part) for embed in embeds for part in ("title", "description"))]
    text = "\n".join(filter(None, said))
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
