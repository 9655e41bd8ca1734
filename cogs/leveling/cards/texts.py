"""The words on a rank card, and the same as text."""

from dataclasses import dataclass

import discord

from cogs.leveling.cards.draw import CardFacts, Figure
from cogs.leveling.curves import Curve
from database.rank_cards import CardChoice
from database.standing_values import Standing
from utils import embeds
from utils.context import Context
from utils.drawing.backgrounds import BACKGROUNDS, DEFAULT
from utils.formatting import ALT_TEXT_LIMIT, code, truncate
from utils.i18n import _, format_number, ngettext


@dataclass(frozen=True, slots=True)
class Place:
    """A rank among so many."""

    rank: int
    people: int


def card_facts(
    person: discord.Member | discord.User, standing: Standing, curve: Curve, place: Place | None, choice: CardChoice
) -> CardFacts:
    """What somebody's card shows, in words of the current language."""
    done, length = curve.progress(standing.xp)
    if length is None:
        progress, share = _("Highest level"), 1.0
    else:
        progress = _("{done} / {length} XP").format(done=format_number(done), length=format_number(length))
        share = round(done / length, 3)
    rank = None
    if place is not None:
        behind = f"/{format_number(place.people)}"
        rank = Figure(_("Rank"), f"#{format_number(place.rank)}", behind)
    return CardFacts(
        name=person.display_name,
        handle=f"@{person.name}",
        avatar="",
        colour=card_colour(person, choice),
        background=choice.background if choice.background in BACKGROUNDS else DEFAULT,
        share=share,
        level=Figure(_("Level"), format_number(curve.level(standing.xp))),
        rank=rank,
        progress=progress,
        total=_total(standing),
    )


def card_colour(person: discord.Member | discord.User, choice: CardChoice) -> int:
    """The colour that somebody chose, else that of their roles, else the bot's own."""
    return choice.colour if choice.colour is not None else person.colour.value or embeds.INFO_COLOUR.value


def _total(standing: Standing) -> str:
    parts = [_("{xp} XP in all").format(xp=format_number(standing.xp))]
    if standing.messages:
        parts.append(
            ngettext("{count} message", "{count} messages", standing.messages).format(
                count=format_number(standing.messages)
            )
        )
    return " · ".join(parts)


def card_embed(person: discord.Member | discord.User, facts: CardFacts) -> discord.Embed:
    """A card without a picture."""
    embed = embeds.info(facts.total, colour=discord.Colour(facts.colour))
    embed.set_author(name=truncate(facts.name, 100), icon_url=person.display_avatar.url)
    for figure in (facts.level, facts.rank):
        if figure is not None:
            embed.add_field(name=figure.label, value=figure.text)
    return embed.add_field(name=_("Next level"), value=facts.progress)


def alt_text(facts: CardFacts) -> str:
    """What a card shows, for who can't see it."""
    figures = [f"{one.label} {one.text}" for one in (facts.level, facts.rank) if one is not None]
    return truncate(" · ".join([facts.name, *figures, facts.progress, facts.total]), ALT_TEXT_LIMIT)


def choices_text(ctx: Context) -> str:
    """What can be chosen for a card, and how."""
    commands = {
        "colour": f"{ctx.clean_prefix}rankcard colour #3498db",
        "background": f"{ctx.clean_prefix}rankcard background ocean",
        "reset": f"{ctx.clean_prefix}rankcard reset",
    }
    return _(
        "Your card looks like this in every server. Change it with {colour} and {background};"
        " {reset} takes that back.\nBackgrounds: {names}"
    ).format(names=names_of_backgrounds(), **{name: code(text) for name, text in commands.items()})


def names_of_backgrounds() -> str:
    """All backgrounds by name."""
    return ", ".join(code(name) for name in BACKGROUNDS)
