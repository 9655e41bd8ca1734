"""Raids in words."""

from collections import Counter
from collections.abc import Sequence

import discord

from cogs.moderation.raids.rules import Join, Past, Sign
from database.raids import Raid, RaidMember
from utils import embeds
from utils.formatting import bullets, code_block, safe, truncate
from utils.i18n import N_, _, format_list, format_number, ngettext, translate
from utils.time import timestamp

NAMED = 15  # people
LISTED_IDS = 45
SIGNS = {
    Sign.YOUNG: N_("their accounts are new"),
    Sign.ALIKE: N_("their names are alike"),
    Sign.FLOOD: N_("they are far too many"),
}
STATUSES = {
    "waiting": N_("waiting"), "noted": N_("noted"), "quarantined": N_("in quarantine"), "failed": N_("not held"),
    "gone": N_("gone"), "released": N_("released"), "banned": N_("banned"),
}  # fmt: skip


def raid_embed(raid: Raid, members: Sequence[RaidMember], done: Sequence[str] = ()) -> discord.Embed:
    """What the staff reads of a raid, as it is now."""
    over = raid.ended_at is not None
    embed = embeds.info(
        title=_("A raid, over") if over else _("A raid"),
        colour=discord.Colour(0x95A5A6 if over else 0xE74C3C),
    )
    signs = format_list([translate(SIGNS[Sign(sign)]) for sign in raid.signs if sign in SIGNS])
    lines = [
        ngettext("{count} person belongs to it.", "{count} people belong to it.", len(members)).format(
            count=format_number(len(members))
        ),
        _("It began {when}.").format(when=timestamp(raid.began_at, "R")),
    ]
    if signs:
        lines.append(_("Why: {signs}.").format(signs=signs))
    if raid.ended_at is not None:
        lines.append(_("It was over {when}.").format(when=timestamp(raid.ended_at, "R")))
    embed.description = "\n".join(lines)
    counts = Counter(one.status for one in members)
    stand = [
        _("{what}: {count}").format(what=translate(STATUSES[status]), count=format_number(counts[status]))
        for status in STATUSES
        if counts[status]
    ]
    embed.add_field(name=_("Now"), value=bullets(stand) or "—", inline=False)
    if done:
        embed.add_field(name=_("Done"), value=truncate(bullets(done), 1_000), inline=False)
    names = [f"<@{one.user_id}> {safe(truncate(one.name, 32))}" for one in members[:NAMED]]
    embed.add_field(name=_("Who"), value=truncate("\n".join(names), 1_000) or "—", inline=False)
    ids = " ".join(str(one.user_id) for one in members[:LISTED_IDS])
    embed.add_field(name=_("IDs"), value=code_block(ids or " "), inline=False)
    return embed


def influx_embed(cohort: Sequence[Join], within: str) -> discord.Embed:
    """What the staff reads when many join, but nothing is wrong with them."""
    count = ngettext("{count} person", "{count} people", len(cohort)).format(count=format_number(len(cohort)))
    return embeds.info(
        _(
            "{people} joined within {time}. Their accounts aren't new and their names differ, so I take it for a "
            "good day and do nothing."
        ).format(people=count, time=within),
        title=_("Many join"),
    )


def past_lines(raids: Sequence[Past]) -> list[str]:
    """Raids that would have been found."""
    lines = []
    for raid in raids:
        signs = format_list([translate(SIGNS[sign]) for sign in sorted(raid.signs)])
        count = ngettext("{count} person", "{count} people", len(raid.user_ids))
        lines.append(_("{when}: {people}; {signs}").format(
            when=timestamp(raid.began, "f"), people=count.format(count=format_number(len(raid.user_ids))), signs=signs
        ))  # fmt: skip
    return lines
