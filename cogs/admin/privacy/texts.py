"""What is said of what is stored."""

from collections.abc import Iterator, Mapping
from typing import Final

import discord

from cogs.admin.help import category_name
from database.personal_tables import Erasure, Table
from utils import embeds
from utils.bot import Hearth
from utils.formatting import truncate
from utils.i18n import N_, _, format_number, ngettext, translate
from utils.personal_data import PersonalData
from utils.privacy import by_feature

FIELD_NAME_LIMIT: Final = 256

FATES: Final = {
    "goes": N_("Goes"),
    "goes in part": N_("Goes in part"),
    "stays without you": N_("Stays without you in it"),
    "stays": N_("Stays until it ends"),
}
"""What becomes of somebody's data when they have it deleted, in the order in which it is told."""


def pages(bot: Hearth, prefix: str) -> list[discord.Embed]:
    """All that is stored, why and how long, feature by feature."""
    found = [
        embeds.info(
            _(
                "The next pages show what I store about you and this server, why, and for how long. I store no more"
                " than I need for what is used here. I sell nothing, and nobody but those who run me and this"
                " server's staff can look at it.\n\n"
                "`{mydata}` shows what there is about you, `{export}` sends you all of it, `{delete}` deletes it."
                " When I am removed from a server, all that I know of it is deleted 30 days later."
            ).format(mydata=f"{prefix}mydata", export=f"{prefix}mydata export", delete=f"{prefix}mydata delete"),
            title=_("Privacy"),
        )
    ]
    for feature, declared in by_feature(bot).items():
        title, _purpose = category_name(bot, feature)
        found += embeds.with_fields(embeds.info(title=title), _fields(declared))
    return found


def _fields(declared: list[PersonalData]) -> Iterator[tuple[str, str]]:
    for one in declared:
        why = _("**Why**: {why}").format(why=translate(one.why))
        kept = _("**How long**: {kept}").format(kept=translate(one.kept))
        yield truncate(translate(one.what), FIELD_NAME_LIMIT), f"{why}\n{kept}"


def in_words(declared: PersonalData) -> tuple[str, str, str]:
    """A declaration in the reader's language."""
    return translate(declared.what), translate(declared.why), translate(declared.kept)


def concerned(bot: Hearth, counts: Mapping[str, int]) -> list[tuple[PersonalData, int]]:
    """What of all that is declared there is of somebody, with how many rows."""
    found = []
    for declared in by_feature(bot).values():
        for one in declared:
            count = sum(counts.get(table.name, 0) for table in one.tables)
            if count:
                found.append((one, count))
    return found


def overview(bot: Hearth, counts: Mapping[str, int], prefix: str) -> list[discord.Embed]:
    """What there is about somebody."""
    found = concerned(bot, counts)
    if not found:
        return [embeds.info(_("I store nothing about you."), title=_("Your data"))]
    first = embeds.info(
        _("`{export}` sends you all of it as a file, `{delete}` deletes it.").format(
            export=f"{prefix}mydata export", delete=f"{prefix}mydata delete"
        ),
        title=_("Your data"),
    )
    return embeds.with_fields(first, [(_entries(count), translate(one.what)) for one, count in found])


def deletion(bot: Hearth, counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """What is told before somebody's data is deleted: what goes, and what stays in which way."""
    found = [(fate_of(one, counts), one) for one, _count in concerned(bot, counts)]
    order = list(FATES)
    return [
        (translate(FATES[fate]), f"{translate(one.what)}\n*{translate(one.kept)}*")
        for fate, one in sorted(found, key=lambda pair: order.index(pair[0]))
    ]


def fate_of(declared: PersonalData, counts: Mapping[str, int]) -> str:
    """What becomes of what there is of somebody, as a key of `FATES`."""
    fates = {fate for table in declared.tables if counts.get(table.name) for fate in _fates(declared, table)}
    if fates == {Erasure.DELETE}:
        return "goes"
    if Erasure.DELETE in fates:
        return "goes in part"
    return "stays" if fates <= {Erasure.KEEP, Erasure.HOLD} else "stays without you"


def _fates(declared: PersonalData, table: Table) -> Iterator[Erasure]:
    for person in table.people:
        if person.exported:
            own = declared.erasers[0].leaves if declared.erasers else Erasure.DELETE
            yield own if person.erased is Erasure.OWN else person.erased


def _entries(count: int) -> str:
    return ngettext("{count} entry", "{count} entries", count).format(count=format_number(count))
