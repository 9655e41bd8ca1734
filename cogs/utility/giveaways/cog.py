"""The giveaways' commands, and what their buttons do."""

from dataclasses import replace
from typing import Annotated, Any, ClassVar

import discord

from cogs.utility.giveaways import texts
from cogs.utility.giveaways.desk import TELL_WINNERS, Desk
from cogs.utility.giveaways.rules import (
    Plan,
    Terms,
    TypedTerms,
    entries_of,
    lacks,
    read_changes,
    read_plan,
    read_winners,
)
from cogs.utility.giveaways.views import FormOpener, GiveawayButton
from cogs.utility.posted_desk import PostedCog, may_see
from database.giveaways import Giveaway
from database.ids import new_id
from utils import checks, embeds
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import Number
from utils.errors import UserError, as_user_error
from utils.events import GiveawayTimer
from utils.i18n import N_, _
from utils.lookup import find_channel, find_role

A_PAGE = 15  # giveaways in a list
LISTED = 100
WHERE = (discord.ChannelType.text, discord.ChannelType.news)


GiveawayNumber = Annotated[int, Number(N_("Name the giveaway by its number, like `3`; `giveaway list` shows them."))]
"""What a person calls a giveaway."""


class Giveaways(PostedCog):
    """Giveaways: members enter by a button, and some of them win."""

    settings = (TELL_WINNERS,)
    dynamic_items: ClassVar = (GiveawayButton,)

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.desk: Desk = Desk(self)

    @Cog.listener()
    async def on_giveaway_timer(self, event: GiveawayTimer) -> None:
        """Draw what is due."""
        await self.desk.ends.heard(event)

    # --- buttons

    async def enter(self, interaction: discord.Interaction[Any], giveaway_id: int) -> None:
        """Enter who pressed, if they may. Raises UserError."""
        giveaway = await self._pressed(interaction, giveaway_id)
        member = interaction.user
        assert isinstance(member, discord.Member)
        terms = Terms.decode(giveaway.terms)
        person = await self.desk.person(terms, member)
        if terms.level and person.level is None:
            raise UserError(_("Nobody's level is counted at the moment, so I can't let you in; try again later."))
        lack = lacks(terms, person, {role.id for role in member.guild.roles}, discord.utils.utcnow())
        if lack is not None:
            raise UserError(texts.lack_text(lack))
        if not await self.desk.store.enter(giveaway.id, member.id, discord.utils.utcnow()):
            raise UserError(await self._why_not(giveaway, member.id, _("You are in already.")))
        self.desk.messages.changed(giveaway.id)
        await interaction.response.send_message(texts.entered_answer(entries_of(terms, person)), ephemeral=True)

    async def leave(self, interaction: discord.Interaction[Any], giveaway_id: int) -> None:
        """Take the entry back of who pressed. Raises UserError."""
        giveaway = await self._pressed(interaction, giveaway_id)
        user_id = interaction.user.id
        if not await self.desk.store.leave(giveaway.id, user_id, discord.utils.utcnow()):
            raise UserError(await self._why_not(giveaway, user_id, _("You aren't in this giveaway.")))
        self.desk.messages.changed(giveaway.id)
        await interaction.response.send_message(_("You are out of this giveaway."), ephemeral=True)

    async def _pressed(self, interaction: discord.Interaction[Any], giveaway_id: int) -> Giveaway:
        self.check_on(interaction.guild_id)
        giveaway = await self.desk.pressed(interaction, giveaway_id)
        if giveaway is None:
            raise UserError(_("This giveaway doesn't exist any more."))
        return giveaway

    async def _why_not(self, giveaway: Giveaway, user_id: int, sentence: str) -> str:
        now = await self.desk.store.get(giveaway.id)
        if now is None or not now.is_open or now.ends_at <= discord.utils.utcnow():
            return _("This giveaway is over.")
        return sentence

    # --- commands

    @group(aliases=["giveaways"])
    @example("")
    async def giveaway(self, ctx: GuildContext) -> None:
        """Show the open giveaways of this server.

        Members enter by a button. At the end I draw the winners, looking again whether they are still here and may
        win, and announce them.
        """
        giveaways = [one for one in await self.desk.store.unfinished_in(ctx.guild.id) if one.is_open]
        await self._list(ctx, giveaways, _("Open giveaways"), _("No giveaway is open."))

    @giveaway.command(name="start", aliases=["create"])
    @example(
        "", "2d Steam key", "1h30m 3x Gift card --role Member --level 5",
        '"friday 18:00" A drawing of yours --bonus Booster=3 --block Muted --age 30d --here 7d',
    )  # fmt: skip
    @checks.requires(manage_guild=True)
    @checks.bot_requires(embed_links=True)
    async def giveaway_start(self, ctx: GuildContext, *, end_and_prize: str = "") -> None:
        """Start a giveaway: when it ends, how many win, and the prize.

        Write `2d` or `"friday 18:00"`, then perhaps the number of winners like `3x`, then the prize. Without anything
        you get a form.

        Who may enter: `--role Member` (written again for further roles, of which one is enough), `--block Muted`,
        `--level 5`, `--age 30d` (of the account), `--here 7d` (in this server). `--bonus Booster=3` gives those with
        this role 3 entries. `--channel #events` posts it there.
        """
        if not end_and_prize.strip():
            view = FormOpener(self.bot, ctx.author.id)
            await ctx.show(embeds.info(_("Press the button to fill in what the giveaway is about.")), view=view)
            return
        giveaway = await self._start(
            ctx.author, ctx.channel.id, read_plan(end_and_prize, discord.utils.utcnow(), ctx.timezone)
        )
        if giveaway.channel_id != ctx.channel.id:
            await ctx.success(_("The giveaway is started: {link}").format(link=texts.jump_url(giveaway)))

    async def start_by_form(self, interaction: discord.Interaction[Any], plan: Plan) -> None:
        """Start what somebody filled in. Raises UserError."""
        member = interaction.user
        assert isinstance(member, discord.Member)
        assert interaction.channel_id is not None
        if not member.guild_permissions.manage_guild:
            raise UserError(_("You need the permission Manage Server for this."))
        await interaction.response.defer(ephemeral=True)
        giveaway = await self._start(member, interaction.channel_id, plan)
        sentence = _("The giveaway is started: {link}")
        await interaction.followup.send(sentence.format(link=texts.jump_url(giveaway)), ephemeral=True)

    async def _start(self, host: discord.Member, channel_id: int, plan: Plan) -> Giveaway:
        guild = host.guild
        terms = self._terms(guild, plan.terms, Terms())
        if plan.channel is not None:
            channel_id = _channel_id(host, plan.channel)
        return await self.desk.open(
            Giveaway(
                id=new_id(), guild_id=guild.id, channel_id=channel_id, host_id=host.id, prize=plan.prize,
                winners=plan.winners, terms=terms.encode(), opened_at=discord.utils.utcnow(), ends_at=plan.ends_at,
            )
        )  # fmt: skip

    def _terms(self, guild: discord.Guild, typed: TypedTerms, before: Terms) -> Terms:
        """The terms with what somebody typed in place of what was there. Raises UserError."""
        if typed.level and not self.bot.levels.are_counted:
            raise UserError(_("Nobody's level is counted in this server, so leave `--level` out."))
        with as_user_error():
            return typed.put_into(before, lambda role: find_role(guild, role).id)

    @giveaway.command(name="end", aliases=["draw"])
    @example("3")
    @checks.requires(manage_guild=True)
    async def giveaway_end(self, ctx: GuildContext, number: GiveawayNumber) -> None:
        """End a giveaway now and draw the winners."""
        giveaway = await self._open(ctx, number)
        if not await self.desk.end_now(giveaway):
            raise _over(number)
        await ctx.success(_("Giveaway **#{number}** is over; I announce who won.").format(number=number))

    @giveaway.command(name="cancel")
    @example("3")
    @checks.requires(manage_guild=True)
    async def giveaway_cancel(self, ctx: GuildContext, number: GiveawayNumber) -> None:
        """Call a giveaway off: nobody wins."""
        giveaway = await self._open(ctx, number)
        if not await ctx.confirm(_("Call giveaway **#{number}** off, so that nobody wins?").format(number=number)):
            await ctx.info(_("The giveaway goes on."))
            return
        if not await self.desk.cancel(giveaway):
            raise _over(number)
        self.desk.messages.changed(giveaway.id)
        await ctx.success(_("Giveaway **#{number}** is called off.").format(number=number))

    @giveaway.command(name="edit")
    @example("3 end 2h", "3 winners 2", "3 prize A bigger cake", "3 --role Member --level none")
    @checks.requires(manage_guild=True)
    async def giveaway_edit(self, ctx: GuildContext, number: GiveawayNumber, *, changes: str) -> None:
        """Change the end, the number of winners, the prize or the terms of an open giveaway.

        The terms are written as at the start: `--role`, `--block`, `--level`, `--age`, `--here` and `--bonus`. What
        you write takes the place of what was there, and `none` takes it away, such as `--level none`. They hold for
        those who are in already, too: who doesn't meet them at the end can't win.
        """
        giveaway = await self._open(ctx, number)
        changed, typed = read_changes(giveaway, changes, discord.utils.utcnow(), ctx.timezone)
        terms = self._terms(ctx.guild, typed, Terms.decode(giveaway.terms))
        changed = replace(changed, terms=terms.encode())
        if not await self.desk.edit(giveaway, changed):
            raise _over(number)
        self.desk.messages.changed(giveaway.id)
        await ctx.success(texts.changed_answer(changed, with_terms=changed.terms != giveaway.terms))

    @giveaway.command(name="reroll")
    @example("3", "3 2")
    @checks.requires(manage_guild=True)
    async def giveaway_reroll(self, ctx: GuildContext, number: GiveawayNumber, winners: str = "1") -> None:
        """Draw one more winner of a giveaway that is over, or several; who won before doesn't win again."""
        giveaway = await self._known(ctx, number)
        if giveaway.status != "drawn":
            raise UserError(_("Giveaway **#{number}** isn't drawn yet, or was called off.").format(number=number))
        try:
            is_first = await self.desk.reroll(giveaway, read_winners(winners))
        except TimeoutError as error:
            raise UserError(_("Discord doesn't tell me who is here at the moment; try again in a minute.")) from error
        if not is_first:
            raise UserError(_("Somebody else has just drawn this giveaway again."))
        await ctx.success(_("Giveaway **#{number}** is drawn again; I announce who won.").format(number=number))

    @giveaway.command(name="list")
    @example("")
    async def giveaway_list(self, ctx: GuildContext) -> None:
        """Show the giveaways of this server, also those that are over."""
        giveaways = await self.desk.store.latest_in(ctx.guild.id, LISTED)
        await self._list(ctx, giveaways, _("Giveaways"), _("There was no giveaway in this server yet."))

    @giveaway.command(name="show", aliases=["info"])
    @example("3")
    async def giveaway_show(self, ctx: GuildContext, number: GiveawayNumber) -> None:
        """Show a giveaway, also one that is over: who may enter, how many did, who won."""
        embed, _view = await self.desk.shown(await self._known(ctx, number))
        await ctx.show(embed)

    @giveaway.command(name="repost", aliases=["move"])
    @example("3")
    @checks.requires(manage_guild=True)
    @checks.bot_requires(embed_links=True)
    async def giveaway_repost(self, ctx: GuildContext, number: GiveawayNumber) -> None:
        """Post an open giveaway here once more, such as when its message was deleted."""
        await self.desk.post(await self._open(ctx, number), ctx.channel.id)

    # --- helpers

    async def _known(self, ctx: GuildContext, number: int) -> Giveaway:
        giveaway = await self.desk.store.numbered(ctx.guild.id, number)
        if giveaway is None or not await _may_see(ctx, giveaway):
            raise UserError(_("There is no giveaway **#{number}**.").format(number=number))
        return giveaway

    async def _open(self, ctx: GuildContext, number: int) -> Giveaway:
        giveaway = await self._known(ctx, number)
        if not giveaway.is_open or giveaway.ends_at <= discord.utils.utcnow():
            raise _over(number)
        return giveaway

    async def _list(self, ctx: GuildContext, giveaways: list[Giveaway], title: str, empty: str) -> None:
        lines = [texts.list_line(giveaway) for giveaway in giveaways if await _may_see(ctx, giveaway)]
        if not lines:
            await ctx.info(empty)
            return
        await ctx.paginate_lines(lines, most_lines=A_PAGE, title=title)


async def _may_see(ctx: GuildContext, giveaway: Giveaway) -> bool:
    """Whether somebody may know of it; where its channel is gone, who manages the server may."""
    return await may_see(ctx, giveaway, if_gone=ctx.author.guild_permissions.manage_guild)


def _over(number: int) -> UserError:
    return UserError(_("Giveaway **#{number}** is over already.").format(number=number))


def _channel_id(host: discord.Member, text: str) -> int:
    """A channel in which both the host and the bot may write. Raises UserError."""
    with as_user_error():
        channel = find_channel(host.guild, text, WHERE, visible_to=host)
    if not channel.permissions_for(host).send_messages:
        raise UserError(_("You can't write in {channel}.").format(channel=f"<#{channel.id}>"))
    mine = channel.permissions_for(host.guild.me)
    if not (mine.view_channel and mine.send_messages and mine.embed_links):
        raise UserError(_("I need to see {channel}, and to send messages and embeds there.").format(
            channel=f"<#{channel.id}>"
        ))  # fmt: skip
    return channel.id
