"""What moderators can do: what each kind of case is called, looks like, and needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from discord.ext import commands

from utils import checks
from utils.i18n import N_, translate

F = TypeVar("F", bound=Callable[..., Any])
PERFORMS = "__performs__"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of case. Permissions are discord.py's names; None needs none beyond being a moderator."""

    key: str
    title: str
    """As the head of a case: 'Ban'."""
    done: str
    """As the answer in chat, with {target}; empty if the action says it itself."""
    told: str
    """What the target reads, with {guild}; empty if they aren't told."""
    emoji: str
    colour: int
    invoker: str | None = None
    bot: str | None = None
    undoable: bool = True
    """Whether `undo` takes it back."""


UNDO = "undo"
RED, ORANGE, YELLOW, GREEN, GREY, BLUE = 0xE74C3C, 0xE67E22, 0xF1C40F, 0x2ECC71, 0x95A5A6, 0x3498DB

_ALL = (
    Kind("warn", N_("Warning"), N_("Warned {target}."), N_("You were warned in **{guild}**."), "⚠️", YELLOW,
         "moderate_members"),
    Kind("note", N_("Note"), N_("Kept a note on {target}."), "", "📝", GREY, "moderate_members"),
    Kind("timeout", N_("Timeout"), N_("Timed {target} out."), N_("You were timed out in **{guild}**."), "🔇", ORANGE,
         "moderate_members", "moderate_members"),
    Kind("untimeout", N_("Timeout lifted"), N_("Lifted the timeout of {target}."),
         N_("Your timeout in **{guild}** was lifted."), "🔊", GREEN, "moderate_members", "moderate_members"),
    Kind("kick", N_("Kick"), N_("Kicked {target}."), N_("You were kicked from **{guild}**."), "👢", ORANGE,
         "kick_members", "kick_members"),
    Kind("ban", N_("Ban"), N_("Banned {target}."), N_("You were banned from **{guild}**."), "🔨", RED,
         "ban_members", "ban_members"),
    Kind("massban", N_("Ban of many"), "", "", "🔨", RED, "ban_members", "ban_members"),
    Kind("softban", N_("Softban"), N_("Softbanned {target}: their messages are gone, and they may come back."),
         N_("You were removed from **{guild}** with your messages; you may come back."), "🧹", RED,
         "ban_members", "ban_members"),
    Kind("unban", N_("Unban"), N_("Unbanned {target}."), "", "🕊️", GREEN, "ban_members", "ban_members"),
    Kind("purge", N_("Purge"), N_("Deleted messages."), "", "🗑️", GREY, "manage_messages", "manage_messages",
         undoable=False),
    Kind("lock", N_("Lock"), "", "", "🔒", ORANGE, "manage_channels", "manage_roles"),
    Kind("unlock", N_("Unlock"), "", "", "🔓", GREEN, "manage_channels", "manage_roles"),
    Kind("slowmode", N_("Slowmode"), "", "", "🐌", BLUE, "manage_channels", "manage_channels"),
    Kind("nick", N_("Nickname"), "", "", "🏷️", BLUE, "manage_nicknames", "manage_nicknames"),
    Kind("role-add", N_("Role given"), "", "", "➕", BLUE, "manage_roles", "manage_roles"),
    Kind("role-remove", N_("Role taken"), "", "", "➖", BLUE, "manage_roles", "manage_roles"),
    Kind("role-temp", N_("Role for a time"), "", "", "⏳", BLUE, "manage_roles", "manage_roles"),
    Kind("jail", N_("Jail"), N_("Jailed {target}."), N_("You were jailed in **{guild}**."), "⛓️", RED,
         "moderate_members", "manage_roles"),
    Kind("unjail", N_("Jail lifted"), N_("Let {target} out of jail."),
         N_("You were let out of jail in **{guild}**."), "🗝️", GREEN, "moderate_members", "manage_roles"),
    Kind("voice-mute", N_("Voice mute"), N_("Muted {target} in voice channels."), "", "🔇", ORANGE, "mute_members",
         "mute_members"),
    Kind("voice-unmute", N_("Voice mute lifted"), N_("Unmuted {target} in voice channels."), "", "🔊", GREEN,
         "mute_members", "mute_members"),
    Kind("voice-deafen", N_("Voice deafen"), N_("Deafened {target} in voice channels."), "", "🙉", ORANGE,
         "deafen_members", "deafen_members"),
    Kind("voice-undeafen", N_("Voice deafen lifted"), N_("Undeafened {target} in voice channels."), "", "👂", GREEN,
         "deafen_members", "deafen_members"),
    Kind("voice-move", N_("Voice move"), "", "", "↪️", BLUE, "move_members", "move_members"),
    Kind("voice-kick", N_("Voice kick"), N_("Disconnected {target} from voice."), "", "📴", ORANGE, "move_members",
         "move_members"),
    # What it needs besides is what the case that it takes back needs.
    Kind(UNDO, N_("Undo"), "", "", "↩️", GREEN, "moderate_members", undoable=False),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.key: kind for kind in _ALL}


def performs(*keys: str) -> Callable[[F], F]:
    """The command makes cases of these kinds, so it needs what they need. Put it under `@command`.

    The invoker is checked here, as by `checks.requires`. What the bot needs is only made known to help and to the
    invite link: the pipeline checks it after the invoker, and for what is done to a channel in that very channel.
    """
    kinds = [KINDS[key] for key in keys]
    of_invoker = {kind.invoker: True for kind in kinds if kind.invoker is not None}
    of_bot = {kind.bot: True for kind in kinds if kind.bot is not None}

    def decorate(function: F) -> F:
        setattr(function, PERFORMS, keys)
        return checks.requires(**of_invoker)(checks.bot_needs(**of_bot)(function))

    return decorate


def performed_by(command: commands.Command[Any, ..., Any]) -> tuple[str, ...]:
    """The kinds of cases that a command makes; none if it only looks or sets something."""
    found: tuple[str, ...] = getattr(command.callback, PERFORMS, ())
    return found


def title_of(key: str) -> str:
    """A kind's name in the current language; its key for one that isn't known any more."""
    return translate(KINDS[key].title) if key in KINDS else key
