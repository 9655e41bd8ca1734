"""simcord's ways to say no, as sentences for a person.

Most of what a person can't do is refused before simcord is asked, with the permission and the place by name. These
are for what is left: what changed in between, and what only simcord checks.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from simcord import BackendError, SetupError

from playground.errors import Refused

log = logging.getLogger("hearth.playground")

# By Discord's error codes (topics/opcodes-and-status-codes).
BY_CODE = {
    10003: "That channel is gone.",
    10004: "That server is gone.",
    10007: "Whoever you mean isn't in this server.",
    10008: "That message is gone.",
    10011: "That role is gone.",
    10013: "Nobody in town has that id.",
    10014: "That emoji is gone.",
    10062: "That took too long; try it again.",
    30003: "There are too many pinned messages here; unpin one first.",
    30010: "There are too many different reactions on that message.",
    40032: "You aren't in a voice channel.",
    40060: "That was answered already.",
    50001: "You can't see that place, or it doesn't allow that to you.",
    50005: "Only the author of a message can edit it.",
    50007: "Messages to this person aren't possible.",
    50013: "You don't have the permission for that.",
    50021: "That is a notice of Discord's own.",
    50024: "That isn't possible in this kind of channel.",
    50035: "Discord doesn't take that: {detail}",
}
BY_STATUS = {403: "You aren't allowed to do that.", 404: "That is gone.", 429: "That was too fast; wait a moment."}

# By how simcord begins what it says of a test's mistakes: here they are a person's, who saw an older state.
BY_BEGINNING = {
    "No matching component": "That is no longer in the message.",
    "Ambiguous component": "The bot's message has two controls that can't be told apart (the same custom_id).",
    "That component is disabled": "That is disabled.",
    "That button is a link": "That button leads to an address; the bot doesn't hear of it.",
    "That message is not visible": "That message isn't for you.",
    "That channel is not accessible": "You can't see that channel.",
    "That modal has already": "That form was sent already.",
    "That modal": "That form isn't open any more.",
    "Only the modal opener": "That form is somebody else's.",
    "That interaction did not respond": "There is no form open.",
    "Users can only": "Only the author of a message can do that.",
    "This user is not connected": "You aren't in a voice channel.",
    "Guild entity handles": "Roles and channels can't be chosen in direct messages.",
    "That user is not a member": "Whoever you chose isn't in this server any more.",
}
# What a person can't cause: two things that happen in the world at once, or a world that ended.
OURS = ("operation overlaps", "bot-owned work", "Env ")


def sentence_for(error: BackendError | SetupError) -> str:
    """What to tell the person whose wish ended like this."""
    if isinstance(error, BackendError):
        detail = error.message.removeprefix("Invalid Form Body").removeprefix(": ") or "it isn't valid"
        sentence = BY_CODE.get(error.code) or BY_STATUS.get(error.status) or "Discord says no: {detail}"
        return sentence.format(detail=_as_sentence(detail))
    said = str(error)
    if said.startswith(OURS):
        log.error("The town was asked for two things at once: %s", said)
        return "The town is busy; try it again."
    for beginning, sentence in BY_BEGINNING.items():
        if said.startswith(beginning):
            return sentence
    return f"Discord's app wouldn't let you do that: {_as_sentence(said)}"


@contextmanager
def refusing() -> Iterator[None]:
    """Turn simcord's errors into Refused. A bot that is still at work after the time to settle is no failure."""
    try:
        yield
    except TimeoutError as late:
        log.debug("It was done, and the bot is still at work: %s", late)
    except (BackendError, SetupError) as error:
        raise Refused(sentence_for(error)) from error


def _as_sentence(text: str) -> str:
    text = text.strip()
    return f"{text[:1].lower()}{text[1:].rstrip('.')}."
