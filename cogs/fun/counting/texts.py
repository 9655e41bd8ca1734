"""What is said about counting."""

from cogs.fun.counting.rules import Verdict
from database.counting import Counter, Counting
from utils.i18n import _, format_number, ngettext
from utils.time import timestamp


def mistake(verdict: Verdict, member: str, old: Counting, new: Counting) -> str:
    """That somebody was wrong, and how it goes on."""
    expected, following = format_number(old.number + 1), format_number(new.number + 1)
    if verdict == "twice":
        first = _("{member}, nobody counts twice in a row.").format(member=member)
    elif new.number == 0:
        first = _("{member} ruined it: {expected} would have been next.").format(member=member, expected=expected)
    else:
        first = _("{member}, that's not the next number.").format(member=member)
    then = (
        _("It begins again with **1**.")
        if new.number == 0
        else _("The next number is still **{number}**.").format(number=following)
    )
    return f"{first} {then}"


def changed(state: Counting, *, deleted: bool) -> str:
    """What the last number was, which can't be read there any more."""
    values = {
        "member": f"<@{state.last_user_id}>", "number": format_number(state.number),
        "next": format_number(state.number + 1),
    }  # fmt: skip
    if deleted:
        return _("{member}'s **{number}** was deleted. The next number is **{next}**.").format(**values)
    return _("{member} changed their **{number}**. The next number is **{next}**.").format(**values)


def overview(state: Counting) -> str:
    """How far people are."""
    lines = [
        _("In {channel}, the next number is **{number}**.").format(
            channel=f"<#{state.channel_id}>", number=format_number(state.number + 1)
        )
    ]
    if state.last_user_id is not None:
        lines.append(_("The last one was by {member}.").format(member=f"<@{state.last_user_id}>"))
    if state.highest and state.highest_at is not None:
        lines.append(
            _("The record is **{number}**, {when}.").format(
                number=format_number(state.highest), when=timestamp(state.highest_at, "R")
            )
        )
    if state.mistakes:
        lines.append(
            ngettext("There was {count} mistake.", "There were {count} mistakes.", state.mistakes).format(
                count=format_number(state.mistakes)
            )
        )
    return "\n".join(lines)


def counter(place: int, one: Counter) -> str:
    """A line of the leaderboard."""
    return _("**{place}.** {member} · {counted} counted, {mistakes} wrong").format(
        place=place,
        member=f"<@{one.user_id}>",
        counted=format_number(one.counted),
        mistakes=format_number(one.mistakes),
    )
