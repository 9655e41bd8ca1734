"""What a leaderboard says: its title, a line for each person, and its reader's own place."""

from datetime import datetime
from typing import Final

from cogs.leveling.board.rules import Span
from database.standing_values import Board
from utils.i18n import N_, _, format_number, ngettext, translate
from utils.time import timestamp

_TITLES: Final[dict[tuple[Board, Span], str]] = {
    ("xp", "all"): N_("Most XP in {server}"),
    ("xp", "week"): N_("Most XP this week in {server}"),
    ("xp", "day"): N_("Most XP today in {server}"),
    ("messages", "all"): N_("Most messages in {server}"),
    ("messages", "week"): N_("Most messages this week in {server}"),
    ("messages", "day"): N_("Most messages today in {server}"),
    ("voice_minutes", "all"): N_("Longest in voice channels in {server}"),
    ("voice_minutes", "week"): N_("Longest in voice channels this week in {server}"),
    ("voice_minutes", "day"): N_("Longest in voice channels today in {server}"),
}
_EMPTY: Final[dict[tuple[Board, Span], str]] = {
    ("xp", "all"): N_("Nobody has any XP yet: it comes with chatting."),
    ("xp", "week"): N_("Nobody has earned XP this week yet."),
    ("xp", "day"): N_("Nobody has earned XP today yet."),
    ("messages", "all"): N_("Nobody has written a message that counts yet."),
    ("messages", "week"): N_("Nobody has written a message that counts this week."),
    ("messages", "day"): N_("Nobody has written a message that counts today."),
    ("voice_minutes", "all"): N_("Nobody has spent time in a voice channel yet."),
    ("voice_minutes", "week"): N_("Nobody has spent time in a voice channel this week."),
    ("voice_minutes", "day"): N_("Nobody has spent time in a voice channel today."),
}


def title(board: Board, span: Span, server: str) -> str:
    """What a board is called; `server` as it may be shown."""
    return translate(_TITLES[board, span]).format(server=server)


def empty(board: Board, span: Span) -> str:
    """What is said of a board that nobody is on."""
    return translate(_EMPTY[board, span])


def until(span: Span, end: datetime) -> str:
    """Until when a board counts."""
    if span == "day":
        return _("This day ends {when} ({moment}).").format(when=timestamp(end, "R"), moment=timestamp(end))
    return _("This week ends {when} ({moment}).").format(when=timestamp(end, "R"), moment=timestamp(end))


def amount(board: Board, value: int) -> str:
    """So much of what a board counts."""
    if board == "xp":
        return _("{number} XP").format(number=format_number(value))
    if board == "messages":
        return ngettext("{count} message", "{count} messages", value).format(count=format_number(value))
    hours, minutes = divmod(value, 60)
    if not hours:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes} min").format(hours=format_number(hours), minutes=minutes)


def level_text(level: int) -> str:
    """A level."""
    return _("level {level}").format(level=format_number(level))


def foot(board: Board, value: int, place: int, people: int) -> str:
    """The reader's own place."""
    if not value:
        return _("You have no place on this board yet.")
    return _("Your place: **#{place}** of {people}, with {amount}.").format(
        place=format_number(place), people=format_number(people), amount=amount(board, value)
    )
