"""What is true about the games: their odds, and how somebody fared in them so far."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Any

import discord
from discord.ext import commands

from cogs.economy.base import EconomyCog, not_a_bot
from cogs.economy.games.casino import Casino
from cogs.economy.games.catalogue import GAMES, Game
from cogs.economy.games.odds import of_all, of_game, percent, reader, returns
from database.wagers import GameRecord
from utils import embeds
from utils.bot import Hearth
from utils.commands import command, example, group
from utils.context import GuildContext
from utils.converters import GuildMember
from utils.formatting import safe, truncate
from utils.i18n import _, format_list, ngettext, translate


class GameName(commands.Converter[Game]):
    """A game, by its command's name or another name of that, or by what it is called."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Game:
        """Raise `BadArgument`, with the games there are, for others."""
        word = " ".join(argument.casefold().split())
        found = ctx.bot.get_command(word)
        name = found.name if found is not None else word
        for game in GAMES.values():
            if game.name == name or translate(game.label).casefold() == word:
                return game
        sentence = _("There is no game called “{text}”. Choose {games}.")
        games = format_list([f"`{name}`" for name in sorted(GAMES)], style="or")
        raise commands.BadArgument(sentence.format(text=safe(truncate(argument, 40)), games=games))


class GameFacts(EconomyCog):
    """What games return, published and played."""

    def __init__(self, bot: Hearth, casino: Casino) -> None:
        super().__init__(bot, casino.bank)
        self.casino = casino

    @command(aliases=["chances", "rtp"])
    @example("", "roulette", "slots")
    async def odds(self, ctx: GuildContext, *, game: Annotated[Game | None, GameName] = None) -> None:
        """Show the chance to win and the average return of each bet in a game, or of all games.

        They are computed from the same tables that the games are played with.
        """
        await ctx.show(of_all(ctx) if game is None else of_game(ctx, game))

    @group(aliases=["gambling"])
    @example("", "@ann")
    async def gamestats(
        self, ctx: GuildContext, *, member: Annotated[discord.Member | None, GuildMember] = None
    ) -> None:  # fmt: skip
        """Show how you fared in games, or how another member did, beside the published odds."""
        player = not_a_bot(member or ctx.author)
        embed = self._table(ctx, await self.casino.wagers.records(ctx.guild.id, player.id))
        embed.set_author(name=player.display_name, icon_url=player.display_avatar.url)
        await ctx.show(embed)

    @gamestats.command(name="server")
    @commands.cooldown(2, 30, commands.BucketType.guild)  # it adds up every game that was played here
    @example("")
    async def server_stats(self, ctx: GuildContext) -> None:
        """Show how everybody here fared in games, all together."""
        await ctx.show(self._table(ctx, await self.casino.wagers.records(ctx.guild.id)))

    def _table(self, ctx: GuildContext, records: Sequence[GameRecord]) -> discord.Embed:
        """A field for each game, and one for all of them."""
        if not records:
            return embeds.info(_("No games were played yet."), title=_("Games"))
        embed = embeds.info(
            _("The more games are played, the closer the return comes to the published one."), title=_("Games")
        )
        for record in records:
            game = GAMES.get(record.game)
            lines = self._lines(ctx, record)
            if game is not None:
                lines.append(_("Published: {share}").format(share=returns(game.odds(reader(ctx)))))
            embed.add_field(name=translate(game.label) if game else safe(record.game), value="\n".join(lines))
        if len(records) > 1:
            embed.add_field(name=_("Together"), value="\n".join(self._lines(ctx, _together(records))), inline=False)
        return embed

    def _lines(self, ctx: GuildContext, record: GameRecord) -> list[str]:
        def show(amount: int, *, signed: bool = False) -> str:
            return self.bank.show(ctx.guild.id, amount, signed=signed)

        return [
            ngettext("{played} game, {won} won", "{played} games, {won} won", record.played).format(
                played=record.played, won=record.won
            ),
            _("Bet: {coins}").format(coins=show(record.staked)),
            _("Paid: {coins}").format(coins=show(record.paid)),
            _("Net: {coins}").format(coins=show(record.paid - record.staked, signed=True)),
            _("Returned: {share}").format(share=percent(Fraction(record.paid, record.staked))),
        ]


def _together(records: Sequence[GameRecord]) -> GameRecord:
    return GameRecord(
        "", sum(record.played for record in records), sum(record.won for record in records),
        sum(record.staked for record in records), sum(record.paid for record in records),
    )  # fmt: skip
