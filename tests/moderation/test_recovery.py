"""Cases that a crash left pending: what can be known of them, and what can't."""

from datetime import timedelta
from typing import Any

import pytest

from cogs.moderation.actions import Target
from cogs.moderation.pipeline import Origin
from cogs.moderation.punishments import Ban, Kick, Softban, Timeout
from cogs.moderation.roles.actions import Nick, RoleAdd
from tests.moderation.case_help import given_case
from tests.moderation.deeds import in_force, the_cases
from tests.support.places import Person
from tests.support.town import Town

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.town(languages=("en",))]


async def begun(town: Town, kind: type, who: Person, **fields: Any) -> None:
    """The case of an action that the process died after: it was written down, and no more is known."""
    target = Target(town.guild.live, who.id, who.name)
    reason = fields.pop("reason", "reasons")
    action = kind(town.bot, await town.as_bot(target.looked_up()), reason, **fields)
    pipeline = town.bot.get_cog("People").pipeline
    await town.as_bot(pipeline.open(action, Origin("command", town.moderator.live, town.general.id, who.id)))
    await town.wait(seconds=1)


async def restarted(town: Town) -> list[tuple[str, str | None]]:
    """Each case's status and failure, after a crash and another start."""
    await town.restart(clean=False)
    await town.wait(seconds=1)
    return [(case["status"], case["failure"]) for case in await the_cases(town)]


@pytest.mark.parametrize("kind", [Kick, Softban])
async def test_somebody_who_is_back_was_out(town: Town, kind: type):
    await begun(town, kind, town.ann)
    await town.leave(town.ann)
    await town.wait(seconds=5)
    await town.join(town.ann)
    assert await restarted(town) == [("done", None)]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Nick, {"nick": "Annie"}),
        (RoleAdd, {"role": "Member"}),
        (Timeout, {"ends_at": timedelta(hours=1)}),
    ],
)
async def test_somebody_who_left_cant_tell(town: Town, kind: type, fields: dict[str, Any]):
    """That it wasn't done would be a lie as well as that it was."""
    if "role" in fields:
        fields = {"role": town.guild.role("Member").live}
    if "ends_at" in fields:
        fields = {"ends_at": town.now + timedelta(hours=1)}
    await begun(town, kind, town.ann, **fields)
    await town.leave(town.ann)
    [(status, failure)] = await restarted(town)
    assert status == "failed"
    assert failure is not None
    assert "please look yourself" in failure


async def test_a_long_reason_doesnt_keep_a_softban(town: Town):
    """Discord takes 512 characters for its audit log, and refuses the whole call for more."""
    await begun(town, Softban, town.ann, reason="x" * 1000)
    await town.as_bot(town.guild.live.ban(town.ann.handle))
    assert await restarted(town) == [("done", None)]
    assert not town.ann.is_banned
    assert all(len(call.reason or "") <= 512 for call in town.calls())


async def test_one_case_that_cant_be_read_stops_no_other(town: Town):
    town.expect_errors()
    await given_case(town, "role-add", status="pending", details={})
    await begun(town, Ban, town.ann)
    await town.as_bot(town.guild.live.ban(town.ann.handle))
    assert [status for status, _failure in await restarted(town)] == ["pending", "done"]
    assert await in_force(town) == [("ban", 2, False)]
