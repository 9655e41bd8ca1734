"""The buttons under giveaways, which carry its id and work after any restart; and the form that starts one."""

from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord.ui import Label, RoleSelect, TextInput, View

from cogs.utility.ends import read_end
from cogs.utility.giveaways.rules import LONGEST_PRIZE, MOST_ROLES, Plan, TypedTerms, read_prize, read_winners
from database.giveaways import Giveaway
from utils.errors import UserError
from utils.i18n import N_, _
from utils.lasting import DoingButton, Look
from utils.views import Form, OwnedView

if TYPE_CHECKING:
    from cogs.utility.giveaways.cog import Giveaways
    from utils.bot import Hearth

FORM_SECONDS = 900.0

LOOKS: Final[dict[str, Look]] = {
    "enter": (N_("Enter"), "🎉", discord.ButtonStyle.success),
    "leave": (N_("Leave"), None, discord.ButtonStyle.secondary),
}


def giveaways_of(interaction: discord.Interaction[Any]) -> "Giveaways":
    """The cog of these buttons, which come and go with it; a form may be sent later. Raises UserError."""
    found = interaction.client.get_cog("Giveaways")
    if found is None:
        raise UserError(_("Giveaways are switched off at the moment."))
    return cast("Giveaways", found)


class GiveawayButton(DoingButton, prefix="giveaway", looks=LOOKS):
    """Enters a giveaway, or takes one's entry back."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Do it. Raises UserError."""
        giveaways = giveaways_of(interaction)
        doing = giveaways.enter if self.doing == "enter" else giveaways.leave
        await doing(interaction, self.about_id)


def buttons_of(giveaway: Giveaway) -> View | None:
    """What can be done, while it is open."""
    if not giveaway.is_open:
        return None
    view = View(timeout=None)
    for doing in LOOKS:
        view.add_item(GiveawayButton(doing, giveaway.id))
    return view


class FormOpener(OwnedView):
    """A button that opens the form: Discord shows one only after a click."""

    def __init__(self, bot: "Hearth", owner_id: int) -> None:
        super().__init__(bot, owner_id)
        self.add_item(_OpenButton(label=_("Start a giveaway"), emoji="🎁", style=discord.ButtonStyle.primary))


class _OpenButton(discord.ui.Button[FormOpener]):
    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(StartForm())


class StartForm(Form):
    """Asks what a giveaway is about."""

    def __init__(self) -> None:
        super().__init__(title=_("Start a giveaway"), timeout=FORM_SECONDS)
        self.prize: TextInput[Any] = TextInput(custom_id="prize", max_length=LONGEST_PRIZE)
        self.end: TextInput[Any] = TextInput(custom_id="end", max_length=50)
        self.winners: TextInput[Any] = TextInput(custom_id="winners", max_length=2, default="1")
        self.roles: RoleSelect[Any] = RoleSelect(
            custom_id="roles", min_values=0, max_values=MOST_ROLES, required=False
        )
        hint = _("A duration like 2d or a moment like friday 18:00.")
        self.add_item(Label(text=_("Prize"), component=self.prize))
        self.add_item(Label(text=_("End"), component=self.end, description=hint))
        self.add_item(Label(text=_("Winners"), component=self.winners))
        everybody = _("Choose none for everybody.")
        self.add_item(Label(text=_("Only for these roles"), component=self.roles, description=everybody))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Start it."""
        bot: Hearth = interaction.client
        await bot.speak_to(interaction.user.id, interaction.guild)
        zone = await bot.timezone_for(interaction.user.id, interaction.guild)
        plan = Plan(
            read_prize(self.prize.value), read_winners(self.winners.value),
            read_end(self.end.value, discord.utils.utcnow(), zone),
            TypedTerms(roles=tuple(str(role.id) for role in self.roles.values)),
        )  # fmt: skip
        await giveaways_of(interaction).start_by_form(interaction, plan)
