"""What is said of what is stored."""

from collections.abc import Iterator, Mapping

import discord

from utils import embeds
from utils.bot import Hearth
from utils.i18n import _, format_number, ngettext, translate
from utils.personal_data import PersonalData
from utils.privacy import by_feature


def pages(bot: Hearth, prefix: str) -> list[discord.Embed]:
    """All that is stored, why and how long, feature by feature."""
    first = embeds.info(
        _(
            "This is what I store about you and this server. I store no more than I need for what you use, I sell"
            " nothing, and nobody but those who run me and this server's staff can look at it.\n"
            "`{mydata}` shows what there is about you, `{export}` sends you all of it, `{delete}` deletes it. When I"
            " am removed from a server, all that I know of it is deleted 30 days later."
        ).format(mydata=f"{prefix}mydata", export=f"{prefix}mydata export", delete=f"{prefix}mydata delete"),
        title=_("Privacy"),
    )
    return embeds.with_fields(first, _fields(bot))


def _fields(bot: Hearth) -> Iterator[tuple[str, str]]:
    for feature, declared in by_feature(bot).items():
        for one in declared:
            text = "\n".join(
                [
                    translate(one.what),
                    _("**Why**: {why}").format(why=translate(one.why)),
                    _("**How long**: {kept}").format(kept=translate(one.kept)),
                ]
            )
            yield _("Feature {feature}").format(feature=feature), text


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
    """What is asked before somebody's data is deleted: what there is, and what becomes of each."""
    return [
        (_entries(count), f"{translate(one.what)}\n*{translate(one.kept)}*") for one, count in concerned(bot, counts)
    ]


def _entries(count: int) -> str:
    return ngettext("{count} entry", "{count} entries", count).format(count=format_number(count))
