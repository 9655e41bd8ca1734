"""How imports, their previews and their history are shown."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

import discord

from cogs.admin.portable import rules
from cogs.admin.portable.service import Plan
from database.config_imports import ConfigImport
from utils import embeds
from utils.formatting import bullets, code, code_block, pages_of, safe, truncate
from utils.i18n import _, format_list, format_number, ngettext
from utils.portable import EntryChange, Lost, Section
from utils.time import timestamp

T = TypeVar("T")

PAGE_CHARACTERS: Final = 1_500
MOST_LISTED: Final = 10
"""Problems on a page."""
MOST_LEFT_OUT: Final = 60
"""Things that aren't here or stay."""


def preview(
    guild: discord.Guild,
    plan: Plan,
    chosen: Mapping[str, Sequence[EntryChange]],
    sections: Mapping[str, Section],
    clashes: Sequence[str] = (),
) -> list[discord.Embed]:
    """What would change, as pages of a diff; with the first, why it can't be, what isn't here, and what stays."""
    title = _("Import into {server}") if plan.undoes is None else _("Take an import back in {server}")
    title = title.format(server=truncate(guild.name, 100))
    lines: list[str] = []
    for name, changes in chosen.items():
        lines += [f"@@ {name} @@", *rules.diff_lines(changes, sections[name].secret)]
    pages = [code_block(page, "diff") for page in pages_of(lines, PAGE_CHARACTERS)] or [_("Nothing is chosen.")]
    first = embeds.info(f"{_counted(chosen)}\n{pages[0]}", title=title)
    left = sum(len(gone) for gone in plan.gone.values())
    fields = [(_("This can't be done"), _shortened(clashes, str))] if clashes else []
    fields += [(_("Not in the file"), _left_over(left))] if left else []
    fields += _left_out(plan)
    return [*embeds.with_fields(first, fields), *(embeds.info(page, title=title) for page in pages[1:])]


def _left_out(plan: Plan) -> list[tuple[str, str]]:
    """What isn't on this server, or was changed since."""
    fields = []
    if plan.lost:
        fields.append((_("Not on this server, so left out"), _shortened(plan.lost, _lost_line)))
    if plan.since:
        fields.append((_("Changed since, so it stays"), _shortened(plan.since, code)))
    return fields


def _lost_line(one: Lost) -> str:
    line = f"{safe(truncate(one.what, 60))} ({one.place})"
    return _("{line}: several are called so").format(line=line) if one.several else line


def problems(sentences: Sequence[str], *, is_undo: bool) -> list[discord.Embed]:
    """Why a file isn't imported, or an import not taken back."""
    lead = (
        _("Nothing was changed: the import can't be taken back.")
        if is_undo
        else _("Nothing was changed: this file doesn't fit.")
    )
    pages = pages_of([f"• {one}" for one in sentences], PAGE_CHARACTERS, MOST_LISTED)
    return [embeds.error(f"{lead}\n{page}") for page in pages]


def done(chosen: Mapping[str, Sequence[EntryChange]], *, is_undo: bool, prefix: str) -> str:
    """What was done, and how it is taken back."""
    if is_undo:
        return _("The import is taken back. {changes}").format(changes=_counted(chosen))
    return _("It is imported. {changes} `{undo}` takes all of it back.").format(
        changes=_counted(chosen), undo=f"{prefix}config undo"
    )


def nothing(plan: Plan) -> list[discord.Embed]:
    """That there is nothing to import, or nothing left to take back."""
    sentence = (
        _("There is nothing to change.")
        if plan.undoes is None
        else _("Nothing of the last import is left to take back; `config undo` takes back what was before it now.")
    )
    return embeds.with_fields(embeds.info(sentence), _left_out(plan))


def history_line(one: ConfigImport) -> str:
    """An import in the history."""
    who = f"<@{one.imported_by}>" if one.imported_by else "—"
    what = format_list([f"{code(name)} ({format_number(count)})" for name, count in one.counts.items()]) or "—"
    template = (
        _("{when} {who}: imported a file: {what}")
        if one.undoes is None
        else _("{when} {who}: took an import back: {what}")
    )
    line = template.format(when=timestamp(one.imported_at, "f"), who=who, what=what)
    return f"~~{line}~~" if one.undone else line


def _counted(chosen: Mapping[str, Sequence[EntryChange]]) -> str:
    changes = [change for of_section in chosen.values() for change in of_section]
    new = sum(change.old is None for change in changes)
    gone = sum(change.new is None for change in changes)
    return _("New: {new}, changed: {changed}, removed: {gone}.").format(
        new=format_number(new), changed=format_number(len(changes) - new - gone), gone=format_number(gone)
    )


def _left_over(count: int) -> str:
    return ngettext(
        "{count} entry of this server isn't in the file.", "{count} entries of this server aren't in the file.", count
    ).format(count=format_number(count))


def _shortened(found: Sequence[T], line: Callable[[T], str]) -> str:
    shown = bullets(truncate(line(one), 200) for one in found[:MOST_LEFT_OUT])
    more = len(found) - MOST_LEFT_OUT
    if more <= 0:
        return shown
    others = ngettext("… and {more} more", "… and {more} more", more).format(more=format_number(more))
    return f"{shown}\n{others}"
