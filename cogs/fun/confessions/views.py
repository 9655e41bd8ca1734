"""The buttons of confessions: to report one, and what moderators do about it. They work after any restart."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord.ui import View

from utils.errors import UserError
from utils.formatting import SELECT_LABEL_LIMIT, truncate
from utils.i18n import N_, _
from utils.lasting import DoingButton, Look
from utils.views import OwnedView

if TYPE_CHECKING:
    from cogs.fun.confessions.cog import Confessing
    from database.confessions import Confession
    from utils.bot import Hearth

REPORT_LOOKS: Final[dict[str, Look]] = {"report": (N_("Report this"), "🚩", discord.ButtonStyle.secondary)}
STAFF_LOOKS: Final[dict[str, Look]] = {
    "remove": (N_("Remove it"), "🗑️", discord.ButtonStyle.danger),
    "block": (N_("Block who wrote it"), "🚫", discord.ButtonStyle.danger),
    "who": (N_("Show who wrote it"), "👁️", discord.ButtonStyle.secondary),
}


def post_view(confession_id: int) -> View:
    """The button under a confession."""
    view = View(timeout=None)
    view.add_item(ReportConfession("report", confession_id))
    return view


def staff_view(confession_id: int) -> View:
    """The buttons under a report, for moderators."""
    view = View(timeout=None)
    for doing in STAFF_LOOKS:
        view.add_item(StaffButton(doing, confession_id))
    return view


async def _confession(
    button: DoingButton, interaction: discord.Interaction[Any]
) -> tuple["Confessing", "Confession"]:
    """The cog, and the confession that a button is about. Raises `UserError`."""
    cog = interaction.client.get_cog("Confessing")
    confession = None if cog is None else await cog.confessions.store.get(button.about_id)
    if confession is None or confession.guild_id != interaction.guild_id:
        raise UserError(_("I know nothing of this confession any more."))
    return cast("Confessing", cog), confession


class ReportConfession(DoingButton, prefix="confession", looks=REPORT_LOOKS):
    """Reports a confession to the moderators."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Report it. Raises `UserError`."""
        cog, confession = await _confession(self, interaction)
        assert interaction.guild is not None
        assert interaction.message is not None
        if confession.message_id is None:  # Discord's answer was lost when it was posted
            await cog.confessions.store.posted(confession.id, interaction.message.id)
            confession = replace(confession, message_id=interaction.message.id)
        await cog.confessions.report(confession, interaction.guild, interaction.user.id)
        await interaction.response.send_message(_("Thank you. The moderators will look at it."), ephemeral=True)


class StaffButton(DoingButton, prefix="confession-staff", looks=STAFF_LOOKS):
    """What moderators do about a confession."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Do it. Raises `UserError`."""
        cog, confession = await _confession(self, interaction)
        if not interaction.permissions.manage_messages:
            raise UserError(_("Only moderators can do that."))
        sentence = await cog.do(self.doing, confession, interaction.user.id)
        await interaction.response.send_message(sentence, ephemeral=True)


class GuildMenu(OwnedView):
    """Asks in which server somebody wants to confess. `chosen` is None until they say."""

    def __init__(self, bot: "Hearth", owner_id: int, guilds: list[discord.Guild]) -> None:
        super().__init__(bot, owner_id)
        self.chosen: discord.Guild | None = None
        self.add_item(_GuildSelect(guilds))


class _GuildSelect(discord.ui.Select[GuildMenu]):
    def __init__(self, guilds: list[discord.Guild]) -> None:
        super().__init__(
            placeholder=_("In which server?"),
            options=[
                discord.SelectOption(label=truncate(guild.name, SELECT_LABEL_LIMIT), value=str(guild.id))
                for guild in guilds
            ],
        )
        self.guilds = {guild.id: guild for guild in guilds}

    async def callback(self, interaction: discord.Interaction) -> None:
        view = self.view
        assert view is not None
        view.chosen = self.guilds[int(self.values[0])]
        view.disable()
        try:
            await interaction.response.edit_message(view=view)
        finally:
            view.stop()
