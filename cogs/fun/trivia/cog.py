"""Trivia: the commands."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from discord.ext import commands

from cogs.fun.channel_games.cog import ChannelGames, stop_command
from cogs.fun.trivia.files import attached_questions, file_of
from cogs.fun.trivia.game import TriviaGame
from cogs.fun.trivia.questions import CATEGORIES, MOST_QUESTIONS, OWN, Question, shipped
from cogs.fun.trivia.ranking import TriviaRanking
from cogs.fun.trivia.rounds import NAMES, Wanted, draw
from cogs.fun.trivia.settings import ANSWER_TIME, HINTS, SETTINGS
from database.trivia import TooManyQuestionsError, TriviaStore
from utils import checks, embeds
from utils.bot import Hearth
from utils.cog import GuildCog
from utils.commands import example, group
from utils.context import GuildContext
from utils.errors import UserError
from utils.formatting import code, safe
from utils.i18n import _, format_number, ngettext, translate
from utils.kept import Kept
from utils.rankings import RankingCog
from utils.views import LivePage

ASKED_LATELY: Final = 150  # questions of a server, which come again only when no others are left
MOST_GUILDS: Final = 1_000
"""Of so many servers that played last it is known what was asked."""
ANYTHING: Final = Wanted()
SHOWN_TIMES, SHOWN_SECONDS = 6, 20.0
"""So often in this time somebody may ask for the scores: Discord is asked then who is still here."""


class Trivia(GuildCog, RankingCog):
    """Questions in rounds, with points for the first right answer."""

    settings = SETTINGS

    def __init__(self, bot: Hearth, games: ChannelGames) -> None:
        super().__init__(bot)
        self.games = games
        self.store = TriviaStore(bot.db)
        self.asked_lately: Kept[deque[str]] = Kept(MOST_GUILDS)

    async def note_presence(self, guild_id: int, user_id: int, *, present: bool) -> None:
        """Leave somebody out of the ranking who left, until they come back; their points stay theirs."""
        await self.store.note_presence(guild_id, [user_id], present=present)

    # --- a game

    @group(aliases=["quiz"], usage="[category] [questions]")
    @example("", "science", "history 20", "own 5")
    async def trivia(self, ctx: GuildContext, *, wanted: Wanted = ANYTHING) -> None:
        """Play trivia in this channel: the first right answer to each question gets the points.

        Say a category and a number of questions up to 50, if you like; otherwise 10 from all categories are asked,
        this server's own questions included.

        - Just write your answer. Small slips don't matter; numbers have to be right.
        - A right answer brings 100 points, 25 fewer for each hint, and 10 more for each question that you answered
          right before it without a break, up to 50.
        - The game ends when nobody says a word to three questions, or with `trivia stop`.
        - `trivia scores` shows who has most points in this server.
        """
        self.games.refuse_second(ctx)
        questions = await self._questions(ctx, wanted)
        get = self.bot.guild_settings.get
        await self.games.begin(
            ctx,
            lambda place: TriviaGame(
                place,
                self.store,
                questions,
                answer_time=get(ctx.guild.id, ANSWER_TIME),
                hints=get(ctx.guild.id, HINTS),
            ),
        )
        lately = self.asked_lately.get(ctx.guild.id) or deque(maxlen=ASKED_LATELY)
        lately.extend(one.key for one in questions)
        self.asked_lately.put(ctx.guild.id, lately)

    async def _questions(self, ctx: GuildContext, wanted: Wanted) -> list[Question]:
        """What is asked in a game. Raises `UserError` if there is nothing to ask."""
        pool: list[Question] = []
        for category, questions in shipped().items():
            pool += questions if wanted.category in {None, category} else ()
        if wanted.category in {None, OWN}:
            own = await self.store.questions(ctx.guild.id)
            pool += [Question(f"{OWN}:{one.key}", one.text, one.answers) for one in own]
        if not pool:
            raise UserError(
                _(
                    "This server has no questions of its own yet. Who manages it can add some with `{command}`."
                ).format(command=f"{ctx.clean_prefix}trivia questions add")
            )
        before = self.asked_lately.get(ctx.guild.id) or ()
        return draw(pool, wanted.count, asked_before=list(before), chance=self.bot.chance)

    trivia_stop = stop_command(trivia)

    @trivia.command(name="skip")
    @example("")
    async def trivia_skip(self, ctx: GuildContext) -> None:
        """Go on to the next question; for who began the game, and who may manage messages here."""
        game = self.games.led_by(ctx)
        if not isinstance(game, TriviaGame) or not game.skip():
            raise UserError(_("There is no question to skip right now."))

    @trivia.command(name="categories")
    @example("")
    async def trivia_categories(self, ctx: GuildContext) -> None:
        """Show which categories there are, and how many questions each has."""
        counts = {category: len(shipped()[category]) for category in CATEGORIES}
        counts[OWN] = await self.store.count_questions(ctx.guild.id)
        lines = [
            ngettext("{key} · {name}: {count} question", "{key} · {name}: {count} questions", count).format(
                key=code(key), name=translate(NAMES[key]), count=format_number(count)
            )
            for key, count in counts.items()
        ]
        await ctx.info("\n".join(lines), title=_("Categories of trivia"))

    # --- scores

    @trivia.command(name="scores", aliases=["leaderboard", "lb", "top"])
    @example("")
    @commands.cooldown(SHOWN_TIMES, SHOWN_SECONDS, commands.BucketType.user)
    async def trivia_scores(self, ctx: GuildContext) -> None:
        """Show who has most points in this server, and how you are doing."""

        async def read(index: int) -> LivePage:
            return await self._page(ctx, index)

        await ctx.leaf(read)

    async def _page(self, ctx: GuildContext, index: int) -> LivePage:
        await self.note_presence(ctx.guild.id, ctx.author.id, present=True)
        ranking = TriviaRanking(self.store, ctx.guild)
        page = await ranking.page(index)
        lines = ranking.lines(page)
        own = await self.store.score(ctx.guild.id, ctx.author.id)
        if not own.right_answers:
            foot = _("You haven't answered a question here yet.")
        else:
            foot = _("You: {points} points, {right} right answers, best streak {streak}.").format(
                points=format_number(own.points),
                right=format_number(own.right_answers),
                streak=format_number(own.best_streak),
            )
        if not lines:
            lines = [_("Nobody has played trivia here yet.")]
        title = _("Trivia in {server}").format(server=safe(ctx.guild.name))
        return LivePage(embeds.info("\n".join([*lines, "", foot]), title=title), page.index, page.pages)

    # --- a server's own questions

    @trivia.group(name="questions")
    @example("")
    @checks.requires(manage_guild=True)
    async def trivia_questions(self, ctx: GuildContext) -> None:
        """Get this server's own questions as a file."""
        questions = await self.store.questions(ctx.guild.id)
        if not questions:
            raise UserError(
                _("This server has no questions of its own yet. Add some with `{command}` and a file.").format(
                    command=f"{ctx.clean_prefix}trivia questions add"
                )
            )
        answer = ngettext(
            "This server has {count} question of its own.", "This server has {count} questions of its own.",
            len(questions),
        ).format(count=format_number(len(questions)))  # fmt: skip
        await ctx.show(embeds.info(answer), file=file_of(questions))

    @trivia_questions.command(name="add")
    @example("")
    async def trivia_questions_add(self, ctx: GuildContext) -> None:
        """Add the questions in a file to this server's own, in place of those that are the same.

        Attach it to your message, or reply to one that has it. A server may have 500 questions.

        - CSV, as spreadsheets save it: a line for each question, with the question first and its answers after it.
        - JSON: a list such as `[{"question": "Who leads our raids?", "answers": ["Ann", "Annie"]}]`.

        The first answer is the one that is shown; the others are right as well.
        """
        questions = await attached_questions(ctx.message)
        try:
            await self.store.add_questions(ctx.guild.id, questions, most=MOST_QUESTIONS)
        except TooManyQuestionsError:
            raise UserError(
                _("This server would have too many questions then: {most} are the most.").format(most=MOST_QUESTIONS)
            ) from None
        await ctx.success(_added(questions, await self.store.count_questions(ctx.guild.id)))

    @trivia_questions.command(name="clear")
    @example("")
    async def trivia_questions_clear(self, ctx: GuildContext) -> None:
        """Delete all of this server's own questions; scores stay."""
        if not await ctx.confirm(_("Delete all of this server's own questions?")):
            await ctx.info(_("Nothing was deleted."))
            return
        count = await self.store.clear_questions(ctx.guild.id)
        await ctx.success(
            ngettext("{count} question is deleted.", "{count} questions are deleted.", count).format(count=count)
        )


def _added(questions: Sequence[object], count: int) -> str:
    return ngettext(
        "The file's {count} question is added. This server has {all} of its own now.",
        "The file's {count} questions are added. This server has {all} of its own now.",
        len(questions),
    ).format(count=format_number(len(questions)), all=format_number(count))
