"""How findings read."""

from collections.abc import Sequence
from typing import Final

import discord

from utils import embeds
from utils.findings import Finding, Severity
from utils.formatting import pages_of
from utils.i18n import _, format_list, format_number, ngettext

PAGE_CHARACTERS: Final = 2_500
MOST_ON_A_PAGE: Final = 8
SIGNS: Final = {Severity.BROKEN: "🔴", Severity.WARNING: "🟠", Severity.HINT: "🔵"}
REPAIRABLE: Final = "🔧"


def pages(found: Sequence[Finding], feature: str | None) -> list[discord.Embed]:
    """All findings, some on each page."""
    if not found:
        text = _("Everything that I can see from here is fine.")
        return [embeds.success(text)]
    title = _("What is wrong here") if feature is None else _("What is wrong with {feature}").format(feature=feature)
    made = []
    for text in pages_of([_block(one) for one in found], PAGE_CHARACTERS, MOST_ON_A_PAGE):
        made.append(embeds.info(text, title=title))
        made[-1].set_footer(text=summary(found))
    return made


def summary(found: Sequence[Finding]) -> str:
    """How much of what there is."""
    counts = {severity: sum(one.severity is severity for one in found) for severity in Severity}
    broken, warnings, hints = counts[Severity.BROKEN], counts[Severity.WARNING], counts[Severity.HINT]
    parts = [
        ngettext("🔴 {count} thing is broken", "🔴 {count} things are broken", broken).format(
            count=format_number(broken)
        )
        if broken else "",
        ngettext("🟠 {count} warning", "🟠 {count} warnings", warnings).format(count=format_number(warnings))
        if warnings else "",
        ngettext("🔵 {count} hint", "🔵 {count} hints", hints).format(count=format_number(hints)) if hints else "",
        _("🔧 I can repair it") if any(one.repair is not None for one in found) else "",
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def _block(one: Finding) -> str:
    sign = f"{SIGNS[one.severity]}{REPAIRABLE if one.repair is not None else ''}"
    return f"{sign} {one.problem}\n-# ➜ {one.advice}\n"


def outcome(done: Sequence[str], failed: Sequence[str]) -> str:
    """What became of repairs."""
    lines = []
    if done:
        lines.append(_("Repaired: {what}.").format(what=format_list(list(done))))
    lines += failed
    return "\n".join(lines)
