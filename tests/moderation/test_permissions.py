"""What docs/PERMISSIONS.md says that a command needs is what it needs: without it it fails, with no more it works."""

import re
from pathlib import Path

import discord
import pytest

from cogs.admin.about import BASIC_PERMISSIONS
from cogs.moderation.kinds import KINDS, performed_by
from tests.moderation.raiding import raid, settings
from tests.support.places import Person
from tests.support.town import Town
from utils.permissions import PERMISSION_NAMES

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.town(languages=("en",))]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "PERMISSIONS.md"
KEYS = {name: key for key, name in PERMISSION_NAMES.items()}
EVERYTHING = {name for name, _is_on in discord.Permissions.all() if name != "administrator"}
SAME = {"view_channel": "read_messages"}  # discord.py has two names for it

CALLS = {
    "automod": "",
    "automod add": "screaming --caps 70",
    "automod disable": "shouting",
    "automod edit": "shouting --timeout 1h",
    "automod enable": "shouting",
    "automod hits": "",
    "automod observe": "shouting",
    "automod preset": "",
    "automod remove": "shouting",
    "automod replay": "#general 10",
    "automod show": "shouting",
    "automod test": "discord.gg/abc",
    "ban": "@ann",
    "case": "1",
    "cases": "",
    "cases export": "csv",
    "duration": "1 2d",
    "escalation": "",
    "escalation add": "3 kick",
    "escalation preset": "",
    "escalation remove": "2",
    "history": "@ann",
    "jail": "@ann",
    "kick": "@ann",
    "lock": "",
    "massban": "{ann} {bob} raid",
    "modstats": "",
    "nick": "@ann Annie",
    "note": "@ann is Bob's sister",
    "purge": "1",
    "raid": "",
    "raid ban": "",
    "raid end": "",
    "raid release": "",
    "raid replay": "30d",
    "reason": "1 another",
    "report": "@bob insults people",
    "reports": "",
    "reports block": "@bob",
    "reports unblock": "@bob",
    "role": "",
    "role add": "@ann Artist",
    "role remove": "@ann Artist",
    "role temp": "@ann Artist 2h",
    "slowmode": "10s",
    "softban": "@ann",
    "timeout": "@ann 1h",
    "unban": "ann",
    "undo": "1",
    "unjail": "@ann",
    "unlock": "",
    "untimeout": "@ann",
    "voice": "",
    "voice deafen": "@ann",
    "voice kick": "@ann",
    "voice move": "@ann Lounge",
    "voice mute": "@ann",
    "voice undeafen": "@ann",
    "voice unmute": "@ann",
    "warn": "@ann",
}
"""How each command is called; the moderator who calls it is Pat."""

BEFORE = {
    "automod disable": "!automod add shouting --caps 70",
    "automod edit": "!automod add shouting --caps 70",
    "automod enable": "!automod add shouting --caps 70",
    "automod observe": "!automod add shouting --caps 70",
    "automod remove": "!automod add shouting --caps 70",
    "automod replay": "!automod add shouting --caps 70",
    "automod show": "!automod add shouting --caps 70",
    "duration": "!warn @bob",
    "escalation remove": "!escalation add 2 kick",
    "reason": "!warn @bob",
    "case": "!warn @bob",
    "reports unblock": "!reports block @bob",
    "undo": "!warn @bob",
    "role remove": "!role add @ann Artist",
    "unban": "!ban @ann",
    "unjail": "!jail @ann",
    "unlock": "!lock",
    "untimeout": "!timeout @ann 1h",
    "voice undeafen": "!voice deafen @ann",
    "voice unmute": "!voice mute @ann",
}
"""What has to be so before, by the guild's owner or, what only its own moderator may change, by Pat."""
BY_PAT = {"duration", "reason"}
NEEDED_HERE = {"raid release": ["manage_roles"]}
"""Of what the page says that the bot needs, what it needs in these tests: here those of the raid are in jail."""


def table() -> dict[str, tuple[list[str], list[str]]]:
    """The page's rows about moderation: what the invoker needs, and what the bot needs."""
    part = PAGE.read_text(encoding="utf-8").partition("### Moderation\n")[2].partition("\n### ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", part, re.MULTILINE)
    return {name: (_keys(invoker), _keys(bot)) for name, invoker, bot in rows}


def _keys(cell: str) -> list[str]:
    return [] if cell == "–" else [KEYS[name] for name in cell.split(", ")]


NEEDS = table()


async def may_only(town: Town, who: Person | None, names: set[str]) -> None:
    """Let Pat, or the bot for None, have these permissions and no others."""
    of = None if who is None else town.role("Helper")
    kept = {SAME.get(name, name) for name in names}
    await town.take_permission(town.guild, *EVERYTHING - kept, of=of)
    await town.give_permission(town.guild, *kept, of=of)


@pytest.fixture
async def pat(town: Town) -> Person:
    """A moderator above Ann and Bob, who may nothing yet."""
    town.role("Artist")
    await town.says(town.owner, f"!config set jail-role {town.role('Jailed').mention}")
    town.guild.handle.create_voice_channel("Lounge")
    await town.ann.acts_in(town.guild.id).join_voice(town.guild.channel("voice").handle)
    town.role("Helper", below="Moderator")
    return town.member("pat", roles=["Helper"])


async def prepare(town: Town, pat: Person, name: str) -> None:
    if name in {"raid ban", "raid release"}:
        await settings(town, "raid-actions quarantine")
        await raid(town)
        await town.wait(minutes=20)  # it is over, and those who are held still are
    if name in BEFORE:
        await may_only(town, pat, EVERYTHING)
        answer = await town.says(pat if name in BY_PAT else town.owner, BEFORE[name])
        assert answer is not None
        assert "need" not in answer
        await town.wait(minutes=6)  # after that nobody is asked whether they saw what somebody else did


@pytest.mark.parametrize("name", NEEDS)
async def test_a_command_needs_what_the_page_says_and_no_more(town: Town, pat: Person, name: str):
    assert name in CALLS, f"say in CALLS how {name} is called"
    invoker, bot = ({*BASIC_PERMISSIONS, *needs} for needs in NEEDS[name])
    call = f"!{name} {CALLS[name]}".format(ann=town.ann.id, bob=town.bob.id).rstrip()
    await prepare(town, pat, name)
    cases = await town.db.fetchval("SELECT COUNT(*) FROM cases")

    for missing in NEEDS[name][0]:
        await may_only(town, pat, invoker - {missing})
        answer = await town.says(pat, call)
        assert answer.startswith("You need"), f"without {missing}: {answer}"
        assert f"**{PERMISSION_NAMES[missing]}**" in answer
    await may_only(town, pat, invoker)
    for missing in NEEDED_HERE.get(name, NEEDS[name][1]):
        await may_only(town, None, bot - {missing})
        answer = await town.says(pat, call)
        assert "I need" in answer, f"without {missing}: {answer}"
        assert f"**{PERMISSION_NAMES[missing]}**" in answer
    assert await town.db.fetchval("SELECT COUNT(*) FROM cases") == cases

    await may_only(town, None, bot)
    answer = await town.says(pat, call) or town.last(pat)
    if "Yes" in answer.buttons:
        answer = (await town.press(pat, answer, "Yes")).message
    assert not re.search(r"(You|I) need|doesn't let", answer)
    rows = await town.db.fetchall("SELECT kind, status FROM cases ORDER BY number")
    made = [(row["kind"], row["status"]) for row in rows[cases:]]
    assert {status for _kind, status in made} <= {"done"}
    may_make = performed_by(town.bot.get_command(name))  # one of these
    assert (made[0][0] in may_make) if may_make else not made, answer


async def test_undo_needs_of_both_what_the_case_needed(town: Town, pat: Person):
    await town.says(town.owner, "!ban @bob")
    await may_only(town, pat, {*BASIC_PERMISSIONS, "moderate_members"})
    assert await town.says(pat, "!undo 1") == "You need **Ban Members** for this."
    await may_only(town, pat, {*BASIC_PERMISSIONS, "moderate_members", "ban_members"})
    await may_only(town, None, {*BASIC_PERMISSIONS})
    assert await town.says(pat, "!undo 1") == "I need **Ban Members** for this."
    await may_only(town, None, {*BASIC_PERMISSIONS, "ban_members"})
    await town.press(pat, await town.says(pat, "!undo 1"), "Yes")
    assert not town.bob.is_banned


async def test_every_kind_is_made_by_a_command(town: Town):
    performed = {kind for command in town.bot.walk_commands() for kind in performed_by(command)}
    assert performed == set(KINDS)


async def test_help_says_what_both_need(town: Town):
    fields = (await town.says(town.owner, "!help ban")).fields
    assert fields["You need"] == "**Ban Members**"
    assert fields["I need"] == "**Ban Members**"
