"""A curve, and what another one would change."""

import discord

from cogs.leveling.curve_changes.rules import Preview, shown_levels
from cogs.leveling.curves import Curve, show_curve
from utils import embeds
from utils.formatting import bullets, code, code_block, table
from utils.i18n import _, format_number, ngettext

MOST_SHOWN_ROLES = 20


def curve_embed(curve: Curve) -> discord.Embed:
    """How much XP some levels take."""
    rows = [
        [
            format_number(level),
            format_number(curve.total(level)),
            format_number(curve.total(level) - curve.total(level - 1)),
        ]
        for level in shown_levels(curve)
    ]
    shown = table(rows, [_("Level"), _("XP in all"), _("After the level before")], right=(0, 1, 2))
    return embeds.info(
        _("How much XP levels take, by the curve {curve}:").format(curve=code(show_curve(curve)))
        + f"\n{code_block(shown)}",
        title=_("Curve"),
    )


def change_question(guild: discord.Guild, preview: Preview) -> str:
    """What would change, and whether it may."""
    parts = [
        _("Change the curve from {old} to {new}?").format(
            old=code(show_curve(preview.old)), new=code(show_curve(preview.new))
        ),
        code_block(_both(preview.old, preview.new)),
        _who_moves(preview.up, preview.down),
    ]
    if preview.largest:
        parts.append("**" + _("The largest moves") + "**")
        parts.append(
            bullets(
                _("<@{member}>: level {old} → {new}").format(
                    member=move.user_id, old=format_number(move.old_level), new=format_number(move.new_level)
                )
                for move in preview.largest
            )
        )
    roles = _roles(guild, preview)
    if roles:
        parts.append("**" + _("Roles for levels") + "**")
        parts.append(bullets(roles))
    return "\n".join(parts)


def _both(old: Curve, new: Curve) -> str:
    rows = [
        [
            format_number(level),
            *(format_number(one.total(level)) if level <= one.highest else "–" for one in (old, new)),
        ]
        for level in shown_levels(old, new)
    ]
    return table(rows, [_("Level"), _("XP now"), _("XP then")], right=(0, 1, 2))


def _who_moves(up: int, down: int) -> str:
    if not up and not down:
        return _("Nobody's level changes.")
    return bullets([*([_up(up)] if up else []), *([_down(down)] if down else [])])


def _up(count: int) -> str:
    return ngettext("{count} member goes up.", "{count} members go up.", count).format(count=format_number(count))


def _down(count: int) -> str:
    return ngettext("{count} member goes down.", "{count} members go down.", count).format(count=format_number(count))


def _roles(guild: discord.Guild, preview: Preview) -> list[str]:
    """A line for each role that changes hands, those with most first."""
    counts = preview.given + preview.taken
    lines = []
    for role_id, _count in counts.most_common():
        role = guild.get_role(role_id)
        if role is not None:
            lines.append(
                _("{role}: {given} get it, {taken} lose it").format(
                    role=role.mention,
                    given=format_number(preview.given[role_id]),
                    taken=format_number(preview.taken[role_id]),
                )
            )
    if len(lines) > MOST_SHOWN_ROLES:
        rest = len(lines) - MOST_SHOWN_ROLES
        lines = [*lines[:MOST_SHOWN_ROLES], _("… and {count} more").format(count=format_number(rest))]
    return lines
