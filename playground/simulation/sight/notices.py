"""Discord's own notices in a channel, as what the author did."""

from simcord.backend.models import Message
from simcord.enums import MessageType

from playground.simulation.sight import kinds
from playground.simulation.sight.scene import Scene

SPOKEN = {
    MessageType.DEFAULT,
    MessageType.REPLY,
    MessageType.CHAT_INPUT_COMMAND,
    MessageType.CONTEXT_MENU_COMMAND,
}
"""Types of messages that somebody wrote; all others are notices."""

# Those that even a moderator can't delete: https://discord.com/developers/docs/resources/message#message-object-message-types
UNDELETABLE = {
    MessageType.RECIPIENT_ADD,
    MessageType.RECIPIENT_REMOVE,
    MessageType.CALL,
    MessageType.CHANNEL_NAME_CHANGE,
    MessageType.CHANNEL_ICON_CHANGE,
    MessageType.THREAD_STARTER_MESSAGE,
}


def notice(scene: Scene, message: Message) -> str | None:
    """A sentence without its subject, 'pinned a message to this channel.'; None for what somebody wrote."""
    if message.type in SPOKEN:
        return None
    about = message.system_metadata
    if message.type == MessageType.CHANNEL_NAME_CHANGE:
        return f"changed the name of this channel to {message.content}."
    if message.type == MessageType.THREAD_CREATED:
        thread = scene.people.access.channel(scene.person, about.channel_id or 0) if about is not None else None
        return f"started a thread: {kinds.name(thread)}." if thread is not None else "started a thread."
    if about is not None and about.recipient_id is not None:
        whom = scene.people.display(scene.guild, about.recipient_id)
        return f"{message.content.rstrip('.')}: {whom}."
    return message.content or "did something that this page doesn't know."
