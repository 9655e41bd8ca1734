"""Looking cases up, and changing what they say."""

from datetime import timedelta

import discord
import pytest

from cogs.moderation.cases.texts import MOST_CHILDREN_NAMED
from database.moderation import CasesStore
from tests.moderation.case_help import given_case
from tests.support.answers import Answer
from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")

DAY = timedelta(days=1)


async def all_pages(town: Town, answer: Answer) -> list[Answer]:
    """An answer and what its buttons lead to."""
    pages = [answer]
    while "▶" in answer.buttons and not town.now_of(answer).button("▶").disabled:
        pages.append((await town.press(town.moderator, answer, "▶")).message)
    return pages


# --- case --------------------------------------------------------------------------------------------------


async def test_a_case_with_everything(town: Town):
    parent = await given_case(town)
    case = await given_case(
        town, "timeout", reason="*bold* <@1> @everyone", ends_at=town.now + DAY, points=3, channel_id=town.general.id,
        message_id=5, parent=parent.number, source="escalation", target_name="bo_b",
    )  # fmt: skip
    await given_case(town, "kick", parent=case.number)
    store = CasesStore(town.bot.db)
    await store.was_told(case, "sent")
    await store.logged(case, town.private.id, 6)
    await store.amend(case, {"reason": "raid"}, by=town.admin.id, at=town.now)
    await store.undone(town.guild.id, case.number, by=town.moderator.id, at=discord.utils.utcnow())
    answer = await town.says(town.moderator, f"!case {case.number}")
    assert answer.embed.title == "🔇 Timeout · Case 2"
    fields = answer.fields
    assert fields["Who"] == f"{town.bob.mention} · bo\\_b · `{town.bob.id}`"
    assert fields["Reason"] == "raid"
    assert fields["By"] == f"{town.moderator.mention}, as follows on warnings"
    assert fields["Length"] == f"1 day, until <t:{int((town.now + DAY).timestamp())}:f>"
    assert fields["Points"] == "3"
    assert f"/channels/{town.guild.id}/{town.general.id}/5" in fields["Where"]
    assert f"/channels/{town.guild.id}/{town.private.id}/6" in fields["In the log"]
    assert fields["State"] == "undone"
    assert fields["Told"] == "yes, by direct message"
    assert fields["Belongs to"] == "Case 1"
    assert fields["Further cases"] == "**#3** Kick"
    assert f"{town.admin.mention} changed **Reason** from “\\*bold\\*" in fields["Changes"]
    assert "to “raid”." in fields["Changes"]
    assert fields["Changes"].endswith(f"{town.moderator.mention} undid it.")
    assert not answer.pings - {town.moderator.id}
    assert not answer.pings_everyone


@sqlite
async def test_whether_a_case_is_still_in_force(town: Town):
    await town.says(town.moderator, "!timeout bob 2h flood")
    assert (await town.says(town.moderator, "!case 1")).fields["In force"] == "yes"
    assert "until <t:" in await town.says(town.moderator, "!history bob")
    await town.says(town.moderator, "!untimeout bob")
    fields = (await town.says(town.moderator, "!case 1")).fields
    assert fields["In force"] == "no: it was lifted or replaced before its end"
    answer = await town.says(town.moderator, "!history bob")
    assert "ended early" in answer
    assert "until <t:" not in answer
    await town.wait(hours=3)
    assert "In force" not in (await town.says(town.moderator, "!case 1")).fields
    await town.says(town.moderator, "!ban bob")
    assert "in force" in await town.says(town.moderator, "!cases type:ban")
    await town.says(town.moderator, f"!unban {town.bob.id}")
    assert "in force" not in await town.says(town.moderator, "!cases type:ban")


@sqlite
async def test_that_there_is_no_reason_is_said_of_punishments(town: Town):
    await given_case(town, "kick", reason=None)
    await given_case(town, "nick", reason=None)
    assert (await town.says(town.moderator, "!case 1")).fields["Reason"] == "none given"
    assert "Reason" not in (await town.says(town.moderator, "!case 2")).fields


@sqlite
async def test_a_case_that_failed_and_one_under_way(town: Town):
    store = CasesStore(town.bot.db)
    case = await given_case(town, "ban", status="pending", reason=None)
    answer = await town.says(town.moderator, "!case 1")
    assert answer.fields["State"] == "under way"
    assert answer.fields["Reason"] == "none given"
    await store.settle(case, "failed", town.now, failure="Discord said no", told="closed")
    answer = await town.says(town.moderator, "!case latest")
    assert answer.fields["State"] == "failed: Discord said no"
    assert answer.fields["Told"] == "no: their direct messages are closed"


@sqlite
async def test_a_case_of_many(town: Town):
    parent = await given_case(town, "ban")
    for _ in range(MOST_CHILDREN_NAMED + 5):
        await given_case(town, "ban", parent=parent.number)
    further = (await town.says(town.moderator, "!case #1")).fields["Further cases"]
    assert "**#2**" in further
    assert f"**#{MOST_CHILDREN_NAMED + 1}**" in further
    assert f"**#{MOST_CHILDREN_NAMED + 2}**" not in further
    assert "…" in further


@sqlite
async def test_a_long_reason_is_shown_whole(town: Town):
    await given_case(town, reason="*_" * 500)
    answer = await town.says(town.moderator, "!case 1")
    parts = [field.value for field in answer.embed.fields if field.name == "Reason"]
    assert "".join(parts).replace("\\", "") == "*_" * 500


@sqlite
async def test_what_only_some_kinds_have(town: Town):
    role, channel = town.role("Member"), town.general
    told = {
        "role-temp": ({"role_id": role.id}, {}, "Role", role.mention),
        "lock": ({"channels": [channel.id, 5]}, {}, "Channels", f"{channel.mention} and <#5>"),
        "slowmode": ({"channels": [channel.id], "seconds": 90}, {}, "Slowmode", "1 minute and 30 seconds"),
        "nick": ({"nick": "`Bo`\n@everyone"}, {"nick": None}, "Nickname", "none → `ˋBoˋ @everyone`"),
        "jail": ({}, {"roles": [role.id]}, "Roles taken", role.mention),
        "unjail": ({"roles_back": [role.id] * 30}, {}, "Roles given back", "…"),
    }
    for kind, (details, before, name, value) in told.items():
        await given_case(town, kind, details=details, state_before=before)
        answer = await town.says(town.moderator, "!case latest")
        assert answer.fields[name] == value or (value == "…" and answer.fields[name].endswith("…"))
        assert not answer.pings_everyone
        assert not answer.pings - {town.moderator.id}


@sqlite
async def test_a_case_that_was_done_in_part(town: Town):
    case = await given_case(town, "lock", status="pending")
    await CasesStore(town.bot.db).settle(case, "done", town.now, failure="#x: no")
    assert (await town.says(town.moderator, "!case 1")).fields["State"] == "done in part: #x: no"


NOT_A_CASE = {
    "0": "Cases are numbered from 1",
    "-1": "names no case",
    "2": "There is no case **#2**",
    "999999999999999999999999": "There is no case",
    "1-3": "Name one case",
    "x": "names no case",
    "@everyone": "names no case",
    "": "Something is missing",
}


@sqlite
async def test_cases_there_are_not(town: Town):
    assert await town.says(town.moderator, "!case latest") == "You have no case yet."
    await given_case(town)
    for words, says in NOT_A_CASE.items():
        answer = await town.says(town.moderator, f"!case {words}")
        assert says in answer, words
        assert not answer.pings_everyone


@sqlite
async def test_another_guilds_cases_stay_there(town: Town):
    other = town.new_guild("Elsewhere")
    await given_case(town, guild_id=other.id)
    assert "There is no case" in await town.says(town.moderator, "!case 1")
    assert "has no cases" in await town.says(town.moderator, "!history bob")


@sqlite
async def test_only_moderators_look(town: Town):
    await given_case(town)
    for words in ("case 1", "history bob", "cases", "reason 1 x", "duration 1 3d", "modstats", "cases export csv"):
        assert "You need the permission" in await town.says(town.ann, f"!{words}")
    assert "You need the permission **Manage Server**" in await town.says(town.moderator, "!cases export csv")


# --- Notes are for staff -----------------------------------------------------------------------------------


async def test_a_note_shows_where_not_everybody_reads(town: Town):
    note = await given_case(town, "note", reason="steals horses")
    await CasesStore(town.bot.db).amend(note, {"reason": "steals cows"}, by=town.admin.id, at=town.now)
    for words in ("case 1", "history bob", "cases"):
        here = await town.says(town.moderator, f"!{words}")
        assert "steals" not in here
        assert "for staff only" in here
        assert "steals cows" in await town.says(town.moderator, f"!{words}", channel=town.private)


@sqlite
async def test_a_search_gives_no_note_away(town: Town):
    await given_case(town, "note", reason="steals horses")
    await given_case(town, reason="horses everywhere")
    here = await town.says(town.moderator, "!cases text:horses")
    assert here.embed.title == "1 case"
    assert "Notes aren't searched here" in here
    assert "#2" in here
    assert "No case fits" in await town.says(town.moderator, "!cases text:steals")
    there = await town.says(town.moderator, "!cases text:horses", channel=town.private)
    assert there.embed.title == "2 cases"
    assert "Notes aren't" not in there


# --- history -----------------------------------------------------------------------------------------------


async def test_a_history(town: Town):
    await given_case(town, points=1, ends_at=town.now + DAY)
    await given_case(town, "note", reason="is new here")
    await given_case(town, points=2, ends_at=town.now + 3 * DAY)
    await given_case(town, "ban", status="failed")
    await given_case(town, on=town.ann)
    answer = await town.says(town.moderator, "!history @bob", channel=town.private)
    assert answer.embed.title == "History of bob"
    who, head, points, _empty, *rest = answer.embed.description.split("\n")
    assert who == f"{town.bob.mention} · `{town.bob.id}`"
    assert head == "⚠️ Warning **2** · 📝 Note **1**", "the ban failed"
    assert points == "**3** points count now."
    numbers = [line.split("**")[1] for line in rest if line.startswith("**#")]
    assert numbers == ["#2", "#4", "#3", "#1"], "notes first, then the newest"
    assert "*failed*" in answer
    await town.wait(days=2)
    assert "**2** points count now." in await town.says(town.moderator, "!infractions bob")
    await town.wait(days=2)
    assert "now." not in await town.says(town.moderator, "!history bob")


@sqlite
async def test_a_history_begins_with_what_weighs_most(town: Town):
    for kind in ("nick", "nick", "nick", "ban", "warn"):
        await given_case(town, kind)
    answer = await town.says(town.moderator, "!history bob")
    assert "Warning **1** · 🔨 Ban **1** · 🏷️ Nickname **3**" in answer


async def test_a_long_history_has_pages(town: Town):
    for number in range(20):
        await given_case(town, reason=f"reason {number}!")
    pages = await all_pages(town, await town.says(town.moderator, "!history bob"))
    assert len(pages) == 3
    assert all("⚠️ Warning **20**" in page for page in pages), "the counts stand on each"
    assert all(sum(f"reason {number}!" in page for page in pages) == 1 for number in range(20))


@sqlite
async def test_people_who_left(town: Town):
    await given_case(town)
    await town.leave(town.bob)
    for words in (town.bob.mention, str(town.bob.id), "bob"):
        assert "History of bob" in await town.says(town.moderator, f"!history {words}")
    nobody = "80351110224678912"
    assert await town.says(town.moderator, f"!history {nobody}") == f"<@{nobody}> has no cases."
    assert "I can't find" in await town.says(town.moderator, "!history nobody")
    await given_case(town, target_id=int(nobody), target_name="old *name*")
    assert "History of old \\*name\\*" in await town.says(town.moderator, f"!history {nobody}")


# --- cases -------------------------------------------------------------------------------------------------


async def test_filters(town: Town):
    await given_case(town, reason="raid")
    await given_case(town, "ban", by=town.admin, on=town.ann, reason="100% Spam")
    await town.wait(days=3)
    await given_case(town, "kick", reason=None)

    async def numbers(filters: str) -> list[str]:
        answer = await town.says(town.moderator, f"!cases {filters}")
        return [line.split("**")[1] for line in answer.split("\n") if line.startswith("**#")]

    assert await numbers("") == ["#3", "#2", "#1"]
    assert await numbers(town.admin.mention) == ["#2"]
    assert await numbers("by:ada") == ["#2"]
    assert await numbers(f"--on {town.bob.mention}") == ["#3", "#1"]
    assert await numbers("type:ban,kick") == ["#3", "#2"]
    assert await numbers('text:"100% spam"') == ["#2"]
    assert await numbers("since:1d") == ["#3"]
    assert await numbers("until:2026-01-01") == ["#2", "#1"]
    assert await numbers("by:mona type:warn") == ["#1"]
    assert await numbers("type:unban") == []
    assert "don't know the filter" in await town.says(town.moderator, "!cases colour:red")
    assert "I can't find" in await town.says(town.moderator, "!cases by:nobody")


@sqlite
async def test_what_is_in_force(town: Town):
    await given_case(town, points=1, ends_at=town.now + DAY)
    await town.says(town.moderator, "!ban ann")
    answer = await town.says(town.moderator, "!cases active")
    assert answer.embed.title == "2 cases"
    await town.says(town.moderator, f"!unban {town.ann.id}")
    await town.wait(days=2)
    assert await town.says(town.moderator, "!cases active") == "No case fits."


# --- reason ------------------------------------------------------------------------------------------------


async def test_a_reason_is_changed_and_remembered(town: Town):
    await given_case(town)
    answer = await town.says(town.moderator, "!reason 1 **raid** @everyone")
    assert answer == "Case **#1** has a new reason."
    assert not answer.pings_everyone
    fields = (await town.says(town.moderator, "!case 1")).fields
    assert fields["Reason"].replace("\u200b", "") == "\\*\\*raid\\*\\* @everyone"
    assert f"{town.moderator.mention} changed **Reason** from “spam” to “" in fields["Changes"]


@sqlite
async def test_several_and_the_latest(town: Town):
    for _ in range(4):
        await given_case(town)
    await given_case(town, by=town.admin)
    several = await town.says(town.moderator, "!reason 1-2,4 raid")
    assert several == "Cases **#1**, **#2**, and **#4** have a new reason."
    assert await town.says(town.moderator, "!reason latest last words") == "Case **#4** has a new reason."
    reasons = [case.reason for case in await CasesStore(town.bot.db).numbered(town.guild.id, [1, 2, 3, 4, 5])]
    assert reasons == ["raid", "raid", "spam", "last words", "spam"]


@sqlite
async def test_another_moderators_case(town: Town):
    await given_case(town)
    await given_case(town, by=town.admin)
    for words in ("reason 1-2 raid", "reason 2 raid", "duration 2 3d"):
        answer = await town.says(town.moderator, f"!{words}")
        assert answer == "Case **#2** is another moderator's: you need **Manage Server** to change it."
    store = CasesStore(town.bot.db)
    assert (await store.get(town.guild.id, 1)).reason == "spam", "all or nothing"
    assert "have a new reason" in await town.says(town.admin, "!reason 1-2 raid")


NOT_REASONS = {
    "1": "Something is missing",
    "": "Something is missing",
    "1 " + "x" * 1001: "too long",
    "0 x": "from 1",
    "-1 x": "names no case",
    "2 x": "There is no case **#2**",
    "1-3 x": "There are no cases **#2** and **#3**",
    "1-999 x": "the most is 25",
    "9999999999999999999999 x": "There is no case",
    "1, 2 x": "names no case",
}


@sqlite
async def test_reasons_that_are_none(town: Town):
    await given_case(town)
    for words, says in NOT_REASONS.items():
        assert says in await town.says(town.moderator, f"!reason {words}"), words
    assert (await CasesStore(town.bot.db).get(town.guild.id, 1)).reason == "spam"


# --- modstats ----------------------------------------------------------------------------------------------


async def test_what_moderators_did(town: Town):
    await given_case(town, "kick")
    await town.wait(days=40)
    await given_case(town)
    await given_case(town)
    await given_case(town, "ban", by=town.admin)
    await given_case(town, "ban", status="failed")
    await given_case(town, "unban", moderator_id=town.guild.live.me.id, source="timer")
    mona, ada = f"{town.moderator.mention} **2**: ⚠️ Warning **2**", f"{town.admin.mention} **1**: 🔨 Ban **1**"
    answer = await town.says(town.moderator, "!modstats")
    assert answer.embed.description.split("\n")[1:] == [mona, ada]
    assert "**3**: ⚠️ Warning **2** · 👢 Kick **1**" in await town.says(town.moderator, "!modstats all")
    for words in ("@ada", f"{town.admin.mention} all", "ada 7d"):
        answer = await town.says(town.moderator, f"!modstats {words}")
        assert answer.embed.description.split("\n")[1:] == [ada]
    assert "Nobody did anything." in await town.says(town.moderator, "!modstats bob")
    assert "I can't find" in await town.says(town.moderator, "!modstats nobody")
    assert "time gone by" in await town.says(town.moderator, "!modstats ada soon")
