"""`todo`: a list for each person, in every server and in direct messages."""

from typing import Annotated, Final

import discord

from cogs.utility.numbers import read_numbers
from database.numbering import with_next_number
from database.todos import Todo, TodosStore
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context
from utils.converters import BoundedText
from utils.errors import UserError
from utils.formatting import safe, truncate
from utils.i18n import _, format_list, ngettext

MOST_TODOS: Final = 100
LONGEST_TEXT: Final = 500
SHOWN_TEXT: Final = 150
TODOS_A_PAGE: Final = 15
ALL: Final = frozenset({"all", "everything", "alle", "alles"})
DONE: Final = frozenset({"", "done", "finished", "erledigt", "erledigte"})

TodoText = Annotated[str, BoundedText(LONGEST_TEXT)]


class Todos(Cog):
    """Your own to-do list."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.store = TodosStore(bot.db)

    @group(aliases=["todos"])
    @example("")
    async def todo(self, ctx: Context) -> None:
        """Show your to-do list.

        It is the same in every server and in direct messages. It has room for 100 things of up to 500 characters.
        """
        todos = await self.store.of(ctx.author.id)
        if not todos:
            await ctx.info(
                _("Your list is empty. Put something on it with `{command}`.").format(
                    command=f"{ctx.clean_prefix}todo add …"
                )
            )
            return
        await ctx.paginate_lines(map(line, todos), most_lines=TODOS_A_PAGE, title=_("Your to-do list"))

    @todo.command(name="list")
    @example("")
    async def todo_list(self, ctx: Context) -> None:
        """Show your to-do list."""
        await self.todo(ctx)

    @todo.command(name="add", aliases=["new"])
    @example("buy bread")
    async def todo_add(self, ctx: Context, *, text: TodoText) -> None:
        """Put something on your list."""
        todo = await self._added(ctx, text)
        await ctx.success(_("On your list: {todo}").format(todo=line(todo)))

    @todo.command(name="done", aliases=["check", "tick"])
    @example("3", "3 4 7")
    async def todo_done(self, ctx: Context, *, numbers: str) -> None:
        """Tick things off by their numbers."""
        wanted = await self._known(ctx, numbers)
        now = discord.utils.utcnow()
        changed = [number for number in wanted if await self.store.set_done(ctx.author.id, number, now)]
        if not changed:
            raise UserError(_("That is done already; `{command}` puts it back.").format(command="todo undo"))
        await ctx.success(_("Done: {numbers}. Well done!").format(numbers=named(changed)))

    @todo.command(name="undo", aliases=["uncheck", "reopen"])
    @example("3")
    async def todo_undo(self, ctx: Context, *, numbers: str) -> None:
        """Put back what you ticked off."""
        wanted = await self._known(ctx, numbers)
        changed = [number for number in wanted if await self.store.set_done(ctx.author.id, number, None)]
        if not changed:
            raise UserError(_("That isn't ticked off."))
        await ctx.success(_("To be done again: {numbers}.").format(numbers=named(changed)))

    @todo.command(name="edit")
    @example("3 buy bread and milk")
    async def todo_edit(self, ctx: Context, number: str, *, text: TodoText) -> None:
        """Change what something on your list says."""
        [wanted] = (await self._known(ctx, number))[:1]
        if not await self.store.rewrite(ctx.author.id, wanted, text):
            raise UserError(unknown([wanted]))
        await ctx.success(_("It says now: {todo}").format(todo=line(Todo(wanted, text))))

    @todo.command(name="remove", aliases=["delete", "rm"])
    @example("3", "3 4")
    async def todo_remove(self, ctx: Context, *, numbers: str) -> None:
        """Take things off your list by their numbers."""
        wanted = await self._known(ctx, numbers)
        for number in wanted:
            await self.store.remove(ctx.author.id, number)
        await ctx.success(_("Off your list: {numbers}.").format(numbers=named(wanted)))

    @todo.command(name="clear")
    @example("", "all")
    async def todo_clear(self, ctx: Context, *, what: str = "") -> None:
        """Take off what is done, or `all`."""
        word = what.strip().casefold()
        if word not in ALL | DONE:
            raise UserError(_("Write `all` to empty the list, or nothing to take off what is done."))
        if word in ALL and not await ctx.confirm(_("Empty your whole list?")):
            await ctx.info(_("Your list stays as it is."))
            return
        gone = await self.store.clear(ctx.author.id, only_done=word not in ALL)
        if not gone:
            raise UserError(_("There is nothing to take off."))
        await ctx.success(
            ngettext("{count} thing is off your list.", "{count} things are off your list.", gone).format(count=gone)
        )

    # --- helpers

    async def _added(self, ctx: Context, text: str) -> Todo:
        """Put it on the list, once for each message. Raises UserError when the list is full."""
        now = discord.utils.utcnow()
        todo = await with_next_number(
            lambda: self.store.add(ctx.author.id, text, ctx.message.id, now, most=MOST_TODOS)
        )
        todo = todo or await self.store.of_message(ctx.message.id)
        if todo is None:
            raise UserError(
                _("Your list has {count} things, which is the most. `{command}` takes off what is done.").format(
                    count=MOST_TODOS, command=f"{ctx.clean_prefix}todo clear"
                )
            )
        return todo

    async def _known(self, ctx: Context, numbers: str) -> list[int]:
        """The numbers in a text; raises UserError unless all of them are on the list."""
        wanted = read_numbers(numbers)
        known = {todo.number for todo in await self.store.of(ctx.author.id)}
        missing = [number for number in wanted if number not in known]
        if missing:
            raise UserError(unknown(missing))
        return wanted


def line(todo: Todo) -> str:
    """One thing of a list."""
    text = safe(truncate(" ".join(todo.text.split()), SHOWN_TEXT))
    return f"☑️ **#{todo.number}** ~~{text}~~" if todo.done_at is not None else f"⬜ **#{todo.number}** {text}"


def named(numbers: list[int]) -> str:
    """Numbers in a sentence."""
    return format_list([f"**#{number}**" for number in numbers])


def unknown(numbers: list[int]) -> str:
    """What is said of numbers that aren't on somebody's list."""
    return _("You have no {numbers} on your list; nothing is changed.").format(numbers=named(numbers))
