"""Automod in the town: what rules do with what people write."""

from datetime import timedelta

import discord
import pytest

from cogs.moderation.automod.clauses import Clauses
from cogs.moderation.automod.cog import Automod
from cogs.moderation.automod.writing import changed, read_clauses
from database.automod import AutomodStore
from tests.support.answers import Answer
from tests.support.town import Town
from utils.errors import UserError
from utils.explanations import RemovedMessageQuestion
from utils.portable import EntryChange, Field, MisfitError, Target, UnmappedError
from utils.yaml_files import read_yaml, value_of, write_yaml

english = pytest.mark.town(languages=("en",))
sqlite = pytest.mark.engines("sqlite")


async def given_rule(town: Town, line: str, *, name: str = "rule", mode: str = "on") -> None:
    """A rule that is there already."""
    cog = town.bot.get_cog("Automod")
    assert isinstance(cog, Automod)
    clauses: Clauses = changed({}, read_clauses(line, town.guild.live))
    await town.as_bot(cog.book.add(town.guild.id, name, mode, clauses))


async def the_cases(town: Town) -> list[dict]:
    return [dict(row) for row in await town.db.fetchall("SELECT * FROM cases ORDER BY number")]


def is_there(town: Town, message: discord.Message) -> bool:
    return message.id in {one.id for one in town.general.handle.history()}


async def staff_hears(town: Town) -> list[Answer]:
    """What the staff is told in its channel."""
    await town.wait(seconds=7)
    return town.messages(town.private)


@pytest.fixture
async def watched(town: Town) -> Town:
    """A town whose staff is told in #private."""
    await town.says(town.admin, "!config set automod-channel #private")
    return town


# --- Making rules -----------------------------------------------------------------------------------------


async def test_a_new_rule_only_watches_and_reports_until_it_is_enabled(watched: Town):
    town = watched
    made = await town.says(town.admin, "!automod add slurs --words badword evil* --delete --timeout 10m")
    assert "It only watches for now" in made
    assert "--words badword evil* --delete --timeout 10m" in made
    await town.says(town.ann, "such a B\u200bádword")
    assert is_there(town, town.last_said)
    (report,) = await staff_hears(town)
    assert "only watching" in report
    assert "badword" in report
    assert "delete the message and time out for 10 minutes" in report
    assert await the_cases(town) == []

    assert "acts" in await town.says(town.admin, "!automod enable slurs")
    await town.says(town.ann, "evildoer")
    assert not is_there(town, town.last_said)
    assert town.ann.timed_out_until == town.now + timedelta(minutes=10)
    (case,) = await the_cases(town)
    assert (case["kind"], case["status"], case["source"], case["target_id"]) == (
        "timeout", "done", "automod", town.ann.id,
    )  # fmt: skip
    assert "You were timed out" in town.last(town.ann)

    listed = await town.says(town.moderator, "!automod")
    assert "slurs" in listed
    assert "2 hits" in listed
    hits = await town.says(town.moderator, "!automod hits slurs")
    assert "(case 1)" in hits
    assert "(only watched)" in hits
    await town.says(town.admin, "!automod disable slurs")
    await town.says(town.bob, "badword")
    assert is_there(town, town.last_said)
    assert "is gone" in await town.says(town.admin, "!automod remove slurs")
    assert "no rules" in await town.says(town.admin, "!automod")


async def test_rules_outlive_a_restart_and_look_at_edits_and_commands(town: Town):
    await given_rule(town, "--words badword --delete")
    await town.restart()
    await town.says(town.ann, "harmless")
    await town.edits(town.ann, "badword after all")
    assert not is_there(town, town.last_said)
    await town.says(town.ann, "!ping badword")
    assert not is_there(town, town.last_said)
    await town.says(town.moderator, "badword, said by staff")
    assert is_there(town, town.last_said)


@sqlite
async def test_what_was_edited_long_ago_is_no_edit_now(town: Town):
    await town.says(town.ann, "harmless")
    await town.edits(town.ann, "badword")
    await given_rule(town, "--words badword --delete")
    cog = town.bot.get_cog("Automod")
    assert isinstance(cog, Automod)
    await town.wait(minutes=20)
    # As Discord tells of it when it is pinned.
    message = await town.as_bot(town.general.live.fetch_message(town.last_said.id))
    await town.as_bot(cog.watching.hear_edit(message))
    assert is_there(town, town.last_said)


@sqlite
async def test_what_staff_writes_adds_up_with_nobodys(town: Town):
    await given_rule(town, "--messages 3 5s channel --delete")
    for who in (town.moderator, town.moderator, town.ann, town.bob):
        await town.says(who, f"hello from {who.name}")
        assert is_there(town, town.last_said)
    bobs = town.last_said
    await town.says(town.ann, "hello again")
    assert {one.author.id for one in town.general.handle.history()} == {town.moderator.id}
    removed = await town.bot.removals.store.get(town.guild.id, bobs.id)
    assert removed is not None
    assert removed.author_id == town.bob.id


async def test_one_burst_makes_one_case(watched: Town):
    town = watched
    await given_rule(town, "--messages 4 5s --delete --warn 2 --alert")
    said = []
    for number in range(7):
        await town.says(town.ann, f"message {number}")
        said.append(town.last_said)
    assert not any(is_there(town, message) for message in said)
    (report,) = await staff_hears(town)
    assert "7 messages in a row" in report
    assert "Deleted 7 messages" in report
    assert "Case **1**" in report
    assert [(case["kind"], case["points"]) for case in await the_cases(town)] == [("warn", 2)]
    await town.says(town.ann, "calm again")
    assert is_there(town, town.last_said)


@sqlite
async def test_the_staff_reads_the_message_that_something_was_done_about(watched: Town):
    town = watched
    await given_rule(town, "--words meh --delete", name="watching", mode="observe")
    await given_rule(town, "--words badword --warn --alert", name="acting")
    await town.says(town.ann, "meh, just so")
    await town.says(town.ann, "a badword, meh")
    (report,) = await staff_hears(town)
    assert "a badword, meh" in report
    assert "just so" not in report
    assert report.index("`acting`") < report.index("👁️ `watching`")


@sqlite
async def test_a_message_delivered_twice_is_one_hit_and_one_case(town: Town):
    await given_rule(town, "--words badword --warn")
    await town.says(town.ann, "badword")
    await town.redeliver()
    assert len(await the_cases(town)) == 1
    assert len(await AutomodStore(town.db).hits(town.guild.id, limit=9)) == 1


@sqlite
async def test_a_heavier_punishment_in_a_burst_still_comes(town: Town):
    await given_rule(town, "--words mild --warn", name="mild")
    await given_rule(town, "--words heavy --kick", name="heavy")
    await town.says(town.ann, "mild")
    await town.says(town.ann, "mild again")
    await town.says(town.ann, "heavy")
    assert [case["kind"] for case in await the_cases(town)] == ["warn", "kick"]
    assert not town.ann.is_here
    await town.says(town.bob, "mild and heavy")
    assert [case["kind"] for case in await the_cases(town)][2:] == ["kick"], "the heaviest of one message"


@sqlite
async def test_a_milder_punishment_comes_where_the_heavier_fails(town: Town):
    await given_rule(town, "--words mild --warn", name="mild")
    await given_rule(town, "--words heavy --kick", name="heavy")
    await town.take_permission(town.guild, "kick_members")
    await town.says(town.ann, "mild and heavy")
    assert [(case["kind"], case["status"]) for case in await the_cases(town)] == [("warn", "done")]


async def test_roles_slowmode_and_bans(town: Town):
    muted = town.role("Muted", below="Member")
    await given_rule(town, f"--words role --give {muted.id} 1h --slowmode 10s 5m")
    await given_rule(town, "--words ban --ban 1d", name="bans")
    await town.says(town.ann, "role")
    assert "Muted" in town.ann.role_names
    assert town.general.slowmode_delay == 10
    await town.says(town.bob, "ban")
    assert town.bob.is_banned
    assert [case["kind"] for case in await the_cases(town)] == ["role-temp", "slowmode", "ban"]
    await town.wait(minutes=6)
    assert town.general.slowmode_delay == 0
    await town.wait(hours=1)
    assert "Muted" not in town.ann.role_names


@sqlite
async def test_what_the_bot_may_not_do_is_told(watched: Town):
    town = watched
    await given_rule(town, "--words badword --delete --timeout 1h")
    await town.take_permission(town.guild, "manage_messages", "moderate_members")
    await town.says(town.ann, "badword")
    (report,) = await staff_hears(town)
    assert "Not done (delete)" in report
    assert "Not done (timeout): I need **Timeout Members**" in report
    assert "discord.com/channels" in report


async def test_only_who_could_do_it_themselves_lets_a_rule_do_it(town: Town):
    assert "You need" in await town.says(town.moderator, "!automod add x --words a --delete")
    assert "You need" in await town.says(town.ann, "!automod")
    helper = town.role(
        "Helper", permissions=discord.Permissions(manage_guild=True, moderate_members=True, manage_roles=True)
    )
    hanna = town.member("hanna", roles=[helper])
    assert "**Ban Members** for a rule that does this" in await town.says(hanna, "!automod add x --words a --ban")
    assert "role" in await town.says(hanna, "!automod add x --words a --give @Admin")
    assert await AutomodStore(town.db).of(town.guild.id) == []


async def test_tries_before_it_acts(town: Town):
    town.expect_errors()  # for the rule that can't be read
    await town.says(town.ann, "buy my thing")
    await town.says(town.bob, "hello")
    await town.says(town.moderator, "buy my thing")
    await given_rule(town, '--words "my thing" --delete', name="ads", mode="off")
    await AutomodStore(town.db).add(town.guild.id, "broken", "on", {"regex": ["[a"], "delete": []}, most=9)
    await given_rule(town, "--messages 2 5s --kick", name="flood")
    tested = await town.says(town.moderator, "!automod test do buy MY THING now")
    assert "✅ `ads`: `--words`: `my thing`" in tested
    assert "➖ `flood`: nothing" in tested
    replayed = await town.says(town.moderator, "!automod replay #general 100")
    assert "I looked at 2 messages" in replayed
    assert "**ads**: 1 message of 1 person" in replayed
    assert "**flood**: nothing" in replayed
    assert "ads" in await town.says(town.moderator, "!automod replay #general 100 ads")
    assert "from 1 to" in await town.says(town.moderator, "!automod replay #general 0")
    assert "rests" in await town.says(town.admin, "!automod disable broken"), (
        "and what can't be read keeps nothing up"
    )
    assert "only watches" in await town.says(town.admin, "!automod add words --words b --delete")


async def test_presets_are_rules_that_only_watch(town: Town):
    assert "`invites`" in await town.says(town.admin, "!automod preset")
    assert "only watch" in await town.says(town.admin, "!automod preset basic")
    assert "There are such rules" in await town.says(town.admin, "!automod preset invites")
    assert "no preset" in await town.says(town.admin, "!automod preset nonsense")
    for name in ("capitals", "walls", "newcomers"):
        assert "Added" in await town.says(town.admin, f"!automod preset {name}")
    assert {rule.mode for rule in await AutomodStore(town.db).of(town.guild.id)} == {"observe"}
    changed_rule = await town.says(town.admin, "!automod edit invites --warn 2 --no-delete")
    assert "--invites --warn 2" in changed_rule
    assert "Did you mean `invites`" in await town.says(town.admin, "!automod show invite")
    assert "called `flood` already" in await town.says(town.admin, "!automod add flood --words a --delete")
    assert "no name" in await town.says(town.admin, "!automod add 12 --words a --delete")


async def test_invites_to_this_server_are_fine(town: Town):
    await given_rule(town, "--invites --delete")
    own = await town.as_bot(town.general.live.create_invite())
    await town.says(town.ann, f"come to https://discord.gg/{own.code}")
    assert is_there(town, town.last_said)
    await town.says(town.ann, "come to discord.gg/elsewhere")
    assert not is_there(town, town.last_said)
    town.refuse("GET", "/invites/*", status=500, times=None)
    await town.says(town.ann, "come to discord.gg/whoknows")
    assert is_there(town, town.last_said), "nobody knows where it leads"


async def test_what_people_wrote_is_forgotten_after_a_day(town: Town):
    await given_rule(town, "--words badword --alert")
    await town.says(town.ann, "badword")
    store = AutomodStore(town.db)
    assert [hit.matched for hit in await store.hits(town.guild.id, limit=9)] == ["badword"]
    await town.wait(days=2)
    assert [hit.matched for hit in await store.hits(town.guild.id, limit=9)] == [None]
    await town.wait(days=30)
    assert await store.hits(town.guild.id, limit=9) == []


@sqlite
async def test_what_would_cost_every_message_too_much_is_refused(town: Town):
    def patterns(count: int) -> str:
        return " ".join(f"(?:ab?c?){{90}}{'x' * number}y" for number in range(count))

    for number in range(2):
        made = await town.says(town.admin, f"!automod add rule{number} --regex {patterns(3)} --delete")
        assert "only watches" in made
    assert "too long" in await town.says(town.admin, f"!automod add more --regex {patterns(5)} --delete")
    assert "only watches" in await town.says(town.admin, f"!automod add less --regex {patterns(1)} --delete")
    assert "too long" in await town.says(town.admin, f"!automod edit rule1 --add-regex {patterns(5)}")


@sqlite
@english
async def test_why_names_the_rule_and_shows_what_it_found_to_who_may_know(town: Town):
    await given_rule(town, "--words badword --delete", name="slurs")
    await town.says(town.ann, "badword")
    removed = await town.bot.removals.store.get(town.guild.id, town.last_said.id)
    assert removed is not None
    said = {}
    for who in (town.ann, town.bob, town.moderator):
        question = RemovedMessageQuestion(
            town.guild.live, who.live, town.general.id, town.last_said.id, town.ann.id, removed
        )
        (answer,) = await town.as_bot(town.bot.explanations.of(question))
        assert answer.decides
        assert "`slurs`" in answer.text
        said[who.name] = answer.text
    assert "`badword`" in said["ann"]
    assert "`badword`" in said["mona"]
    assert "badword" not in said["bob"]


@sqlite
async def test_doctor_finds_what_is_wrong_with_rules_and_the_watch_for_raids(town: Town):
    muted, spam = town.role("Muted", below="Member"), town.channel("spam")
    await given_rule(town, f"--words a --not-in {spam.id} --give {muted.id} --ban", name="broken")
    await given_rule(town, "--words a --delete", name="watches", mode="observe")
    await town.says(town.admin, "!config set raid-watch on")
    await town.says(town.admin, "!config set raid-actions quarantine")

    async def problems() -> str:
        cogs = [town.bot.get_cog("Automod"), town.bot.get_cog("Raids")]
        found = [one for cog in cogs for one in await town.as_bot(cog.findings(town.guild.live))]
        return "\n".join(one.problem for one in found)

    assert (await problems()).count("there is no channel for it") == 2
    await town.says(town.admin, "!config set automod-channel #private")
    assert await problems() == ""
    await town.delete_channel(spam)
    await town.delete_role(muted)
    await town.take_permission(town.guild, "ban_members", "moderate_members", "manage_messages")
    found = await problems()
    assert "`broken`: I lack **Ban Members**" in found
    assert "deleted" in found
    assert str(spam.id) in found
    assert "I lack **Timeout Members** for what I should do in a raid" in found
    assert "watches" not in found


@sqlite
@english
async def test_rules_in_a_file_are_the_same_when_they_come_back(town: Town):
    muted = town.role("Muted", below="Member")
    lines = [
        f'--words a "b c" --regex "x{{2}}y" --in {town.general.id} --not-role {muted.id} --give {muted.id} 1h',
        "--links --attachments --allow x.com --ban --reason no",
        "--links x.com --invites --caps 70 --mentions 5 --ban 90m --slowmode 10s 5m",
        "--duplicates 3 30s --messages 5 10s channel --account-under 7d --warn 2 --delete",
    ]
    for number, line in enumerate(lines):
        await given_rule(town, line, name=f"rule{number}", mode=("on", "observe", "off")[number % 3])
    cog = town.bot.get_cog("Automod")
    assert isinstance(cog, Automod)
    (section,) = cog.sections
    exported = await town.as_bot(section.export(town.guild.live))
    file = read_yaml(write_yaml(exported).encode())
    target = Target(town.guild.live, town.admin.live)
    read = {key: section.read(key, Field(value, (key,), target)) for key, value in file.plain.items()}
    assert read == exported
    assert target.lost == []
    before = await AutomodStore(town.db).of(town.guild.id)
    removed = [EntryChange(key, entry, None) for key, entry in exported.items()]
    await town.as_bot(section.write(town.guild.live, removed, town.admin.id, 1))
    added = [EntryChange(key, None, entry) for key, entry in read.items()]
    assert [section.allowed(one, town.admin.live) for one in added] == [None] * 4
    assert "You need" in (section.allowed(added[0], town.moderator.live) or "")
    await town.as_bot(section.write(town.guild.live, added, town.admin.id, 2))
    await town.as_bot(section.written(town.guild.live, added, town.admin.id))
    after = await AutomodStore(town.db).of(town.guild.id)
    assert [(one.name, one.mode, one.clauses) for one in after] == [
        (one.name, one.mode, one.clauses) for one in before
    ]

    slow = {"mode": "on", "regex": ["(?:ab?c?){90}y"], "delete": True}
    small = {"mode": "on", "words": ["a"], "delete": True}
    for entry, count, says in ((slow, 12, "take too long"), (small, 31, "30 rules at most")):
        several = [EntryChange(f"more{number}", None, entry) for number in range(count)]
        with pytest.raises(UserError, match=says):
            async with town.db.transaction():
                await section.write(town.guild.live, several, town.admin.id, 3)

    lost = {"mode": "on", "words": ["a"], "in": [{"name": "nowhere"}], "delete": True}
    with pytest.raises(UnmappedError):
        section.read("x", Field(value_of(lost), ("x",), target))
    for misfit in ({"words": ["a"]}, {"words": [], "delete": True}, {"caps": 7, "delete": True}, {"wrods": 1}):
        with pytest.raises(MisfitError):
            section.read("x", Field(value_of(misfit), ("x",), target))
