"""Small things that are over at once: the ball that knows everything, choosing, and playing with words."""

from collections import deque
from typing import Annotated, ClassVar

import discord
from discord.ext import commands

from cogs.fun.toys import rules
from cogs.fun.toys.views import HandButton, hands_view, result
from utils import embeds
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context, GuildContext
from utils.converters import GuildMember, NamedText, parse_text
from utils.errors import UserError, as_user_error
from utils.formatting import MESSAGE_LIMIT, SPOILER, safe, safe_with_spoilers, truncate
from utils.i18n import _, format_list, format_percent, translate

MOST_QUESTION = 500  # characters
MOST_TO_CHOOSE_FROM = 4_000  # characters
MOST_TYPED = 4_000  # characters
MOST_MOCKED = 1_500  # characters
MOST_EMOJIFIED = 200  # characters; each becomes up to three
MOST_NAME = 32  # characters
HEARTS = 10
REMEMBERED = 200  # games of hands that are over


class Toys(Cog):
    """Small things to play with."""

    dynamic_items: ClassVar = (HandButton,)

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self._decided: deque[int] = deque(maxlen=REMEMBERED)

    def is_first(self, message_id: int) -> bool:
        """Whether a hand under this message is the first one that was chosen."""
        if message_id in self._decided:
            return False
        self._decided.append(message_id)
        return True

    @command(name="8ball", aliases=["eightball", "oracle"])
    @example("Will it rain tomorrow?", "Should I learn to juggle?")
    async def eight_ball(self, ctx: Context, *, question: Annotated[str, NamedText(MOST_QUESTION)]) -> None:
        """Ask the ball that knows everything."""
        embed = embeds.info(f"🎱 {translate(self.bot.chance.choice(rules.ANSWERS))}")
        embed.set_author(name=truncate(question, 200))
        await ctx.show(embed)

    @command(aliases=["pick", "decide"])
    @example("tea, coffee, water", '"green tea" coffee', "pizza or pasta")
    async def choose(self, ctx: Context, *, things: Annotated[str, NamedText(MOST_TO_CHOOSE_FROM)]) -> None:
        """Choose one of several things for you.

        Put commas between them, or "or", or only spaces; what stands in quotes stays together.
        """
        choices = rules.read_choices(things)
        chosen = safe(self.bot.chance.choice(choices))
        await ctx.info(_("I choose **{choice}**.").format(choice=chosen))

    @command(aliases=["rockpaperscissors"])
    @example("rock", "scissors", "")
    async def rps(self, ctx: Context, hand: str = "") -> None:
        """Play rock, paper, scissors against me.

        Name your hand, or press a button. Against somebody else, and for coins, there is `duel`.
        """
        mine = rules.read_hand(hand)
        if hand and mine is None:
            hands = format_list(["`rock`", "`paper`", "`scissors`"], style="or")
            raise UserError(_("Choose {hands}.").format(hands=hands))
        if mine is None:
            await ctx.reply(embed=embeds.info(_("Choose your hand!")), view=hands_view(ctx.author.id))
            return
        await ctx.show(result(mine, self.bot.chance.choice(list(rules.HANDS))))

    @command(aliases=["match", "love"])
    @example("@Ann @Bob", "@Ann")
    @commands.guild_only()
    async def ship(
        self,
        ctx: GuildContext,
        one: Annotated[discord.Member, GuildMember],
        other: Annotated[discord.Member | None, GuildMember] = None,
    ) -> None:
        """Find out how well two people go together.

        With one name it is you and them. The stars never change their mind: it is the same every time.
        """
        first, second = (ctx.author, one) if other is None else (one, other)
        if first.id == second.id:
            raise UserError(
                _("Name two different people; that everybody should like themselves goes without saying.")
            )
        percent = rules.match_percent(first.id, second.id)
        full = round(percent * HEARTS / 100)
        name = rules.joined_name(truncate(first.display_name, MOST_NAME), truncate(second.display_name, MOST_NAME))
        lines = [
            _("{first} and {second} go together to {percent}.").format(
                first=first.mention, second=second.mention, percent=format_percent(percent / 100)
            ),
            "❤️" * full + "🤍" * (HEARTS - full),
            translate(rules.verdict(percent)),
        ]
        await ctx.info("\n".join(lines), title=f"💞 {safe(name)}")

    @command(aliases=["spongebob"])
    @example("I don't need a helmet", "")
    async def mock(self, ctx: Context, *, text: Annotated[str, NamedText(MOST_TYPED)] = "") -> None:
        """Say something in a mocking voice: your text, or the message that you reply to."""
        mocked = rules.mocked(_words_meant(ctx, text, MOST_MOCKED), lambda: self.bot.chance.random() < 0.5)
        await ctx.reply(truncate(safe_with_spoilers(mocked), MESSAGE_LIMIT))

    @command(aliases=["bigtext"])
    @example("hello 123", "")
    async def emojify(self, ctx: Context, *, text: Annotated[str, NamedText(MOST_TYPED)] = "") -> None:
        """Write something in emoji: your text, or the message that you reply to."""
        words = _words_meant(ctx, text, MOST_EMOJIFIED)
        shown = rules.emojified(words.replace(SPOILER, "")).replace("@", "@\u200b")
        if SPOILER in words:
            shown = f"{SPOILER}{shown}{SPOILER}"
        await ctx.reply(truncate(shown, MESSAGE_LIMIT))


def _words_meant(ctx: Context, text: str, most: int) -> str:
    """The text, or that of the message replied to, as far as it is allowed to go. Raises `UserError`."""
    reference = ctx.message.reference
    if not text and reference is not None and isinstance(reference.resolved, discord.Message):
        text = truncate(reference.resolved.clean_content, most)
    if not text.strip():
        raise UserError(_("Write a text behind it, or reply with it to a message that has one."))
    with as_user_error():
        return parse_text(text, most)
