"""What is said about a file before it is taken."""

from typing import Final

from cogs.leveling.xp.importing.merging import Mode, Plan
from cogs.leveling.xp.importing.reading import Reading
from cogs.leveling.xp.importing.values import FLAWS
from cogs.leveling.xp.texts import preview_text
from utils.formatting import bullets, code, truncate
from utils.i18n import N_, _, format_number, ngettext, translate

MOST_FLAWS_SHOWN: Final = 5
MODES: Final[dict[Mode, str]] = {
    "replace": N_("Who is in the file has what the file says. Everybody else stays as they are."),
    "highest": N_("Who is in the file has what is more: what they have here, or what the file says."),
    "add": N_("What the file says comes on top of what they have here."),
}


def question(file_name: str, mode: Mode, reading: Reading, plan: Plan) -> str:
    """Whether to take a file, with all that it does."""
    head = _("Import {file}?").format(file=f"**{code(truncate(file_name, 60))}**")
    parts = [f"{head} {translate(MODES[mode])}", bullets(_counts(reading, plan)), preview_text(plan.preview)]
    if plan.conflicts:
        parts.append(_conflicts(plan))
    if plan.misfits:
        parts.append(_misfits(plan))
    if reading.flaws:
        parts.append(left_out(reading))
    return "\n\n".join(parts)


def _counts(reading: Reading, plan: Plan) -> list[str]:
    lines = [
        ngettext("{count} row", "{count} rows", reading.rows).format(count=format_number(reading.rows)),
        ngettext(
            "{count} member has nothing here yet", "{count} members have nothing here yet", plan.new
        ).format(count=format_number(plan.new)),
        ngettext("{count} member stays the same", "{count} members stay the same", plan.same).format(
            count=format_number(plan.same)
        ),
    ]  # fmt: skip
    if plan.unknown is None:
        lines.append(_("I can't see who of them is in this server."))
    elif plan.unknown:
        lines.append(
            ngettext(
                "{count} isn't in this server: their XP is kept, and they aren't ranked",
                "{count} aren't in this server: their XP is kept, and they aren't ranked",
                plan.unknown,
            ).format(count=format_number(plan.unknown))
        )
    if plan.by_level:
        lines.append(
            ngettext(
                "{count} has a level only, and gets the XP that it begins at",
                "{count} have a level only, and get the XP that it begins at",
                plan.by_level,
            ).format(count=format_number(plan.by_level))
        )
    if reading.repeated:
        lines.append(
            ngettext(
                "{count} row says the same again", "{count} rows say the same again", reading.repeated
            ).format(count=format_number(reading.repeated))
        )  # fmt: skip
    return lines


def _conflicts(plan: Plan) -> str:
    head = ngettext(
        "{count} member has other XP here than in the file:",
        "{count} members have other XP here than in the file:",
        plan.both,
    ).format(count=format_number(plan.both))
    lines = [
        _("{member}: {here} here, {there} in the file").format(
            member=f"<@{here.user_id}>", here=format_number(here.xp), there=format_number(there.xp or 0)
        )
        for here, there in plan.conflicts
    ]
    return f"{head}\n{bullets(lines)}"


def _misfits(plan: Plan) -> str:
    head = ngettext(
        "The XP of {count} member makes another level on this server's curve. The XP counts:",
        "The XP of {count} members makes another level on this server's curve. The XP counts:",
        plan.misfits,
    ).format(count=format_number(plan.misfits))
    lines = [
        _("{member}: {xp} XP, level {there} in the file and {here} here").format(
            member=f"<@{entry.user_id}>", xp=format_number(entry.xp or 0), there=format_number(entry.level or 0),
            here=format_number(level),
        )
        for entry, level in plan.misfit_examples
    ]  # fmt: skip
    return f"{head}\n{bullets(lines)}"


def left_out(reading: Reading) -> str:
    """Which rows aren't taken, and why."""
    total = sum(reading.flaws.values())
    head = ngettext("{count} row is left out:", "{count} rows are left out:", total).format(
        count=format_number(total)
    )
    lines = [
        _("row {row}: {why}").format(row=format_number(row), why=translate(FLAWS[flaw]))
        for row, flaw in reading.examples[:MOST_FLAWS_SHOWN]
    ]
    if total > len(lines):
        lines += [
            _("{why}: {count}").format(why=translate(FLAWS[flaw]), count=format_number(count))
            for flaw, count in reading.flaws.most_common()
        ]
    return f"{head.format(count=format_number(total))}\n{bullets(lines)}"
