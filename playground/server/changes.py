"""What an event of the simulated Discord changes in an open page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SLICES = ("you", "people", "places", "channel", "members", "trouble", "clock")
"""What is sent whole, and only when it differs from what was sent last."""

# Of everything else (guilds, roles, channels, members) any part of a page may look different.
MESSAGE_EVENTS = {
    "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK", "MESSAGE_REACTION_ADD",
    "MESSAGE_REACTION_REMOVE", "MESSAGE_REACTION_REMOVE_ALL", "MESSAGE_REACTION_REMOVE_EMOJI", "CHANNEL_PINS_UPDATE",
    "MESSAGE_POLL_VOTE_ADD", "MESSAGE_POLL_VOTE_REMOVE",
}  # fmt: skip
UNSEEN_EVENTS = {"INTERACTION_CREATE", "GUILD_AUDIT_LOG_ENTRY_CREATE", "WEBHOOKS_UPDATE", "INVITE_CREATE"}
# Answers to interactions that only one person sees come without an event.
SILENT_CALLS = ("/interactions/", "/webhooks/")


@dataclass(slots=True)
class Changes:
    """What may look different since a page was last shown."""

    slices: set[str] = field(default_factory=set)
    messages: set[int] = field(default_factory=set)
    conversation: bool = False
    """Any message of the open channel."""
    deleted: set[tuple[int, int]] = field(default_factory=set)
    """Those of the messages that were deleted, each by channel and id."""

    def __bool__(self) -> bool:
        return bool(self.slices or self.messages or self.conversation)

    def add(self, other: "Changes") -> None:
        """Take up what another one holds."""
        self.slices |= other.slices
        self.messages |= other.messages
        self.deleted |= other.deleted
        self.conversation = self.conversation or other.conversation


def everything() -> Changes:
    """All that a page shows."""
    return Changes(set(SLICES), set(), conversation=True)


def of_event(name: str, payload: Mapping[str, Any]) -> Changes:
    """What an event of the gateway may change."""
    if name in UNSEEN_EVENTS or name == "TYPING_START":
        return Changes()
    if name in MESSAGE_EVENTS:
        named = {payload.get("id"), payload.get("message_id"), *payload.get("ids", ())} - {None}
        ids = {int(found) for found in named}
        slices = {"places", "channel"} if name.startswith(("MESSAGE_CREATE", "MESSAGE_DELETE", "CHANNEL")) else set()
        gone = ids if name.startswith("MESSAGE_DELETE") else set()
        return Changes(slices, ids, deleted={(int(payload["channel_id"]), number) for number in gone})
    if name == "VOICE_STATE_UPDATE":
        return Changes({"places", "members"})
    return everything()


def of_call(path: str) -> Changes:
    """What a REST call of the bot may change without an event."""
    return Changes(conversation=True) if path.startswith(SILENT_CALLS) else Changes()
