"""The buttons under a raid: they release its cohort, or ban it. They work after any restart."""

from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord.ui import View

from utils.errors import UserError
from utils.i18n import N_, _
from utils.lasting import DoingButton, Look
from utils.permissions import permission_names

if TYPE_CHECKING:
    from cogs.moderation.raids.cog import RaidWatch

LOOKS: Final[dict[str, Look]] = {
    "release": (N_("Release all"), "🕊️", discord.ButtonStyle.success),
    "ban": (N_("Ban all"), "🔨", discord.ButtonStyle.danger),
    "end": (N_("It is over"), "⏹️", discord.ButtonStyle.secondary),
}
NEEDS: Final = {"release": "moderate_members", "ban": "ban_members", "end": "moderate_members"}


class RaidButton(DoingButton, prefix="raid", looks=LOOKS):
    """Releases a raid's cohort, bans it, or ends the raid; for the staff."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Do it. Raises UserError."""
        found = interaction.client.get_cog("Raids")
        if found is None:
            raise UserError(_("Moderation is switched off at the moment."))
        cog, person = cast("RaidWatch", found), interaction.user
        cog.check_on(interaction.guild_id)
        needed = NEEDS[self.doing]
        if not isinstance(person, discord.Member) or not getattr(person.guild_permissions, needed):
            (name,) = permission_names([needed])
            raise UserError(_("You need {permission} for this.").format(permission=name))
        await interaction.response.defer(ephemeral=True, thinking=True)
        said = await cog.raids.press(self.doing, self.about_id, person, interaction.channel_id or 0, interaction.id)
        await interaction.followup.send(said, ephemeral=True)


def buttons_of(raid_id: int, *, over: bool, open_members: bool) -> View | None:
    """What can be done about a raid."""
    doings = ["release", "ban"] if open_members else []
    if not over:
        doings.append("end")
    if not doings:
        return None
    view = View(timeout=None)
    for doing in doings:
        view.add_item(RaidButton(doing, raid_id))
    return view
