"""What is said about XP and what is done to it."""

from collections.abc import Mapping, Sequence
from typing import Final

import discord

from cogs.leveling.curves import Curve
from cogs.leveling.xp.rules import Doing, XpAmount
from cogs.leveling.xp.undoing import Preview
from database.standing_snapshots import Snapshot
from database.standing_values import Move, Standing
from utils import embeds
from utils.context import GuildContext
from utils.formatting import bullets, safe
from utils.i18n import N_, _, format_number, ngettext, translate
from utils.people import WhoEver, named
from utils.time import timestamp

KINDS: Final[Mapping[str, str]] = {
    "give": N_("given"),
    "take": N_("taken"),
    "set": N_("set"),
    "reset": N_("reset"),
    "import": N_("import"),
    "restore": N_("taking back"),
}
"""What snapshots are of."""


def standing_embed(owner: discord.Member | discord.User, standing: Standing, curve: Curve) -> discord.Embed:
    """What somebody has, and what their next level takes."""
    done, length = curve.progress(standing.xp)
    if length is None:
        next_level = _("This is the highest level.")
    else:
        next_level = _("{done} of {length} XP, {missing} to go").format(
            done=format_number(done), length=format_number(length), missing=format_number(length - done)
        )
    embed = embeds.info()
    embed.set_author(name=owner.display_name, icon_url=owner.display_avatar.url)
    for name, value in (
        (_("XP"), format_number(standing.xp)),
        (_("Level"), format_number(curve.level(standing.xp))),
        (_("Messages"), format_number(standing.messages)),
        (_("Minutes in voice"), format_number(standing.voice_minutes)),
        (_("Next level"), next_level),
    ):
        embed.add_field(name=name, value=value)
    return embed


def amount_text(doing: Doing, amount: XpAmount) -> str:
    """So much XP, so many levels, or the level that is set."""
    shown = format_number(amount.number)
    if amount.unit == "xp":
        return _("{number} XP").format(number=shown)
    if doing == "set":
        return _("the XP of level {level}").format(level=shown)
    return ngettext("{count} level", "{count} levels", amount.number).format(count=shown)


def hand_question(doing: Doing, amount: XpAmount, role: discord.Role, count: int) -> str:
    """Whether to give, take or set this for everybody with a role."""
    if doing == "give":
        question = ngettext(
            "Give {amount} to {count} member ({role})?", "Give {amount} to each of {count} members ({role})?", count
        )
    elif doing == "take":
        question = ngettext(
            "Take {amount} from {count} member ({role})? Nobody goes below zero.",
            "Take {amount} from each of {count} members ({role})? Nobody goes below zero.",
            count,
        )
    else:
        question = ngettext(
            "Let {count} member ({role}) have exactly {amount}?",
            "Let each of {count} members ({role}) have exactly {amount}?",
            count,
        )
    return question.format(amount=amount_text(doing, amount), count=format_number(count), role=named(role))


def reset_question(who: WhoEver, count: int) -> str:
    """Whether to let them begin at zero."""
    goes = _("XP, messages and minutes in voice go to zero, also those of today and of this week.")
    if not isinstance(who, discord.Role):
        return "\n".join([_("Let {member} begin at zero?").format(member=who.mention), goes])
    question = ngettext(
        "Let {count} member ({role}) begin at zero?", "Let {count} members ({role}) begin at zero?", count
    ).format(count=format_number(count), role=named(role=who))
    return f"{question}\n{goes}"


def takes_back(ctx: GuildContext, number: int | None) -> str:
    """How something is taken back."""
    return _("`{command}` takes it back.").format(command=f"{ctx.clean_prefix}xp restore {number}")


def moves_text(moves: Sequence[Move], count: int) -> str:
    """How the XP of these people changes, who are some of so many."""
    lines = [
        _("{member}: {before} → {after} XP").format(
            member=f"<@{move.user_id}>", before=format_number(move.before.xp), after=format_number(move.after.xp)
        )
        for move in moves
    ]
    if count > len(moves):
        more = count - len(moves)
        lines.append(ngettext("and {count} more", "and {count} more", more).format(count=format_number(more)))
    return bullets(lines)


def preview_text(preview: Preview) -> str:
    """What a change does, in numbers and with those whose XP changes most."""
    lines = [
        ngettext("{count} member changes", "{count} members change", preview.people).format(
            count=format_number(preview.people)
        ),
        ngettext("{count} member has more XP", "{count} members have more XP", preview.more).format(
            count=format_number(preview.more)
        ),
        ngettext("{count} member has less XP", "{count} members have less XP", preview.less).format(
            count=format_number(preview.less)
        ),
        ngettext("{count} member has another level", "{count} members have another level", preview.levels).format(
            count=format_number(preview.levels)
        ),
        _("All XP together: {difference}").format(difference=_signed(preview.total)),
    ]
    return "\n".join([bullets(lines), moves_text(preview.largest, preview.people)])


def _signed(number: int) -> str:
    return f"+{format_number(number)}" if number > 0 else format_number(number)


def restore_question(snapshot: Snapshot, preview: Preview) -> str:
    """Whether to take something back."""
    head = _("Take **#{number}** back ({kind}, {when})? What people gathered since then goes on top.").format(
        number=snapshot.number, kind=_kind(snapshot), when=timestamp(snapshot.taken_at, "f")
    )
    return f"{head}\n{preview_text(preview)}"


def snapshot_line(snapshot: Snapshot, undone_by: int | None) -> str:
    """A snapshot in a list."""
    people = _("cut short")
    if snapshot.people is not None:
        people = ngettext("{count} member", "{count} members", snapshot.people).format(
            count=format_number(snapshot.people)
        )
    what = _kind(snapshot)
    if snapshot.reverses is not None:
        what = _("taking back #{number}").format(number=snapshot.reverses)
    by = "" if snapshot.taken_by is None else f"<@{snapshot.taken_by}>"
    parts = [what, timestamp(snapshot.taken_at, "f"), by, people]
    if undone_by is not None:
        parts.append(_("taken back by #{number}").format(number=undone_by))
    return f"**#{snapshot.number}** {' · '.join(filter(None, parts))}"


def _kind(snapshot: Snapshot) -> str:
    return translate(KINDS[snapshot.kind]) if snapshot.kind in KINDS else safe(snapshot.kind)
