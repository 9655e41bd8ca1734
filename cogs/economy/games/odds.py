"""The odds of games in words: what `odds` shows, and a game that is called without a bet."""

from collections.abc import Sequence
from fractions import Fraction

import discord

from cogs.economy.games.catalogue import GAMES, Game, Odds, Prize, ReadSetting, T
from utils import embeds
from utils.commands import examples_of
from utils.context import GuildContext
from utils.formatting import bullets
from utils.i18n import _, format_decimal, format_list, format_percent, translate
from utils.setting_types import Setting

DIGITS = 2  # of percentages, behind the decimal sign


def reader(ctx: GuildContext) -> ReadSetting:
    """The settings that hold in a command's guild."""

    def read(setting: Setting[T], /) -> T:
        value: T = ctx.bot.guild_settings.get(ctx.guild.id, setting)
        return value

    return read


def percent(share: Fraction) -> str:
    """A share in words: 97.3%."""
    return format_percent(float(share), DIGITS)


def in_words(odds: Odds) -> str:
    """One kind of bet on one line, and its prizes below."""
    parts = [f"**{odds.label()}**"]
    if odds.pays is not None:
        parts.append(_("pays {factor}×").format(factor=format_decimal(float(odds.pays), DIGITS)))
    if odds.wins is not None:
        parts.append(_("wins {share}").format(share=percent(odds.wins)))
    returned = _("returns about {share}") if odds.simulated else _("returns {share}")
    parts.append(returned.format(share=percent(odds.returned)))
    edge = _("house edge about {share}") if odds.simulated else _("house edge {share}")
    parts.append(edge.format(share=percent(odds.edge)))
    return "\n".join([" · ".join(parts), *map(prize_in_words, odds.prizes)])


def prize_in_words(prize: Prize) -> str:
    """What one prize pays and how often it comes, on one line."""
    factor, times = format_decimal(float(prize.pays), DIGITS), format_decimal(float(1 / prize.chance), 1)
    return _("{name} pays {factor}×, once in {times} times").format(name=prize.name, factor=factor, times=times)


def returns(odds: Sequence[Odds]) -> str:
    """What a game's bets bring back, from the worst to the best."""
    worst, best = min(one.returned for one in odds), max(one.returned for one in odds)
    if percent(worst) == percent(best):
        return percent(best)
    return _("{least} to {most}").format(least=percent(worst), most=percent(best))


def of_game(ctx: GuildContext, game: Game) -> discord.Embed:
    """Everything about one game's odds."""
    lines = [game.about()] if game.about else []
    lines.append(bullets(map(in_words, game.odds(reader(ctx)))))
    if not ctx.bot.guild_settings.get(ctx.guild.id, game.switch):
        lines.append(_("{game} is switched off in this server.").format(game=translate(game.label)))
    embed = embeds.info("\n\n".join(lines), title=translate(game.label))
    embed.set_footer(
        text=_(
            "What a bet returns is the average over very many games, the bet included. Single payouts are rounded"
            " down to whole coins."
        )
    )
    return embed


def how_to_play(ctx: GuildContext, game: Game) -> discord.Embed:
    """A game's odds, with examples of how to bet."""
    embed = of_game(ctx, game)
    assert ctx.command is not None
    examples = [f"`{one}`" for one in examples_of(ctx.command, ctx.clean_prefix)]
    embed.add_field(name=_("Play"), value=format_list(examples, style="or"))
    return embed


def of_all(ctx: GuildContext) -> discord.Embed:
    """What each game returns, on a line each."""
    read = reader(ctx)
    lines = []
    for game in GAMES.values():
        line = _("**{game}**: returns {share}") if read(game.switch) else _("**{game}**: returns {share} (off here)")
        lines.append(line.format(game=translate(game.label), share=returns(game.odds(read))))
    embed = embeds.info(bullets(sorted(lines)), title=_("What games return"))
    hint = _("`{command}` shows every bet of a game.").format(command=f"{ctx.clean_prefix}odds roulette")
    embed.add_field(name=_("More"), value=hint)
    return embed
