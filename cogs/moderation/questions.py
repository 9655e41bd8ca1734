"""What a moderator is asked before something is done to somebody."""

from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from cogs.moderation import settings
from cogs.moderation.actions import Action
from cogs.moderation.kinds import UNDO, title_of
from cogs.moderation.staff import is_staff
from database.moderation import CaseFilter, CasesStore
from utils.i18n import _
from utils.time import timestamp

if TYPE_CHECKING:
    from utils.bot import Hearth

COLLISION = timedelta(minutes=5)
"""How long after another moderator's case on the same person one is asked."""
NOTHING_IS_DONE_TO_THEM = frozenset({"note", UNDO})
"""So nobody is asked whether to do these as well, nor because of one. An undo asks what it has to itself."""
NO_REASON_TO_ASK = NOTHING_IS_DONE_TO_THEM | {"nick", "role-add", "role-remove", "role-temp"}
"""Names and roles say nothing of what somebody did: they lead to no question, and hide no other's case."""


async def question_about(bot: "Hearth", action: Action, moderator: discord.Member) -> str | None:
    """Whether it is meant although the target is staff, or another moderator acted on them a moment ago."""
    if action.on_anybody or action.kind_key in NOTHING_IS_DONE_TO_THEM:
        return None
    target = action.target
    asks_on_staff = bot.guild_settings.get(target.guild.id, settings.CONFIRM_ON_STAFF)
    if asks_on_staff and target.member is not None and is_staff(bot, target.member):
        return _("{target} is staff. Do it anyway?").format(target=target.mention)
    if action.kind_key in NO_REASON_TO_ASK:
        return None
    since = discord.utils.utcnow() - COLLISION
    found = await CasesStore(bot.db).find(target.guild.id, CaseFilter(target_id=target.id, since=since), limit=20)
    found = [case for case in found if case.kind not in NO_REASON_TO_ASK]
    by_people = (case for case in found if case.moderator_id not in {None, target.guild.me.id})
    latest = next((case for case in by_people if case.status in {"pending", "done"}), None)
    if latest is None or latest.moderator_id == moderator.id:
        return None
    return _("{moderator} opened case {number} on {target} {when}: {kind}. Do this as well?").format(
        moderator=f"<@{latest.moderator_id}>", number=latest.number, target=target.mention,
        when=timestamp(latest.opened_at, "R"), kind=title_of(latest.kind),
    )  # fmt: skip
