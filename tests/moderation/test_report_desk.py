"""What the staff does about reports, and reports that can't reach them."""

from datetime import timedelta

import discord
import pytest

from cogs.moderation.reports.desk import ReportDesk
from database.reports import ReportsStore
from tests.moderation.case_help import given_case
from tests.moderation.test_report import bad_words, desk_in, told
from tests.support.answers import Answer, Reaction
from tests.support.places import Channel, Person
from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")


async def reported(town: Town) -> tuple[Channel, Answer]:
    """A report of ann's on a message of bob's, as the staff reads it."""
    desk = await desk_in(town)
    await town.says(town.ann, "!report spam", reply_to=await bad_words(town))
    answer = town.last(desk)
    assert answer is not None
    return desk, answer


async def resolve(
    town: Town, who: Person, shown: Answer, outcome: str = "Something was done", note: str = ""
) -> Reaction:
    """Press Resolve and fill in what it asks."""
    modal = (await town.press(who, shown, "Resolve")).modal
    assert modal is not None
    chosen = {"Something was done": "acted", "Nothing to be done": "dismissed"}[outcome]
    return await town.fill(who, modal, {"What came of it": [chosen], "Note for the staff": note})


def only_report(town: Town):
    return town.db.fetchone("SELECT * FROM reports")


# --- The buttons -------------------------------------------------------------------------------------------


async def test_claim_release_and_resolve(town: Town):
    _desk, shown = await reported(town)
    claimed = (await town.press(town.moderator, shown, "Claim")).message
    assert list(claimed.buttons) == ["Release", "Resolve"]
    assert f"{town.moderator.mention} looks after it" in claimed.fields["State"]
    released = (await town.press(town.moderator, shown, "Release")).message
    assert list(released.buttons) == ["Claim", "Resolve"]
    assert "State" not in released.fields
    await town.press(town.moderator, shown, "Claim")
    resolved = (await resolve(town, town.moderator, shown, note="muted *him*")).message
    assert resolved.buttons == {}
    state = resolved.fields["State"]
    assert state.startswith(f"Resolved by {town.moderator.mention}, <t:")
    assert "**Something was done**" in state
    assert state.endswith("muted \\*him\\*")
    assert "had claimed it" not in state


async def test_the_reporter_is_told_without_details(town: Town):
    _desk, shown = await reported(town)
    await resolve(town, town.admin, shown, "Nothing to be done", "a joke among friends")
    assert told(town, town.ann) == "The staff of **Town** has looked at your report. Thank you for it."
    await town.says(town.ann, f"!report {(await only_link(town))}")
    assert "You have reported this message before, and the staff has looked at it" in told(town, town.ann)


async def only_link(town: Town) -> str:
    row = await only_report(town)
    return f"https://discord.com/channels/{row['guild_id']}/{row['channel_id']}/{row['message_id']}"


@sqlite
async def test_the_reporter_isnt_told_if_the_server_doesnt_want_it(town: Town):
    _desk, shown = await reported(town)
    await town.says(town.owner, "!config set report-feedback off")
    before = len(town.messages(town.ann))
    await resolve(town, town.moderator, shown)
    assert len(town.messages(town.ann)) == before


@sqlite
async def test_a_reporter_who_left_or_closed_their_messages(town: Town):
    desk, shown = await reported(town)
    bad = await only_link(town)
    await town.says(town.developer, f"!report {bad}")
    await town.says(town.owner, f"!report {bad}")
    await town.leave(town.ann)
    town.close_dms(town.developer)
    await resolve(town, town.moderator, shown)
    assert "has looked at your report" in told(town, town.owner)
    assert len(town.messages(desk)) == 1


@pytest.mark.parametrize("clean", [True, False])
async def test_the_buttons_outlive_a_restart(town: Town, clean: bool):
    _desk, shown = await reported(town)
    await town.restart(clean=clean)
    claimed = (await town.press(town.moderator, shown, "Claim")).message
    assert list(claimed.buttons) == ["Release", "Resolve"]
    await town.restart(clean=clean)
    resolved = (await resolve(town, town.moderator, shown)).message
    assert resolved.buttons == {}


async def test_they_are_for_the_staff(town: Town):
    desk, shown = await reported(town)
    await town.give_permission(desk, "view_channel", of=town.developer)
    for button in ("Claim", "Resolve"):
        refused = (await town.press(town.developer, shown, button)).reply
        assert refused == "Only the staff of this server deals with reports."
        assert refused.ephemeral
    await town.says(town.owner, f"!config set mod-roles {town.role('Member').mention}")
    await town.give_role(town.developer, "Member")
    assert (await town.press(town.developer, shown, "Claim")).reply is None
    assert "State" in town.now_of(shown).fields


@sqlite
async def test_staff_doesnt_deal_with_reports_on_themselves(town: Town):
    desk = await desk_in(town)
    await town.says(town.ann, "!report mona insults me")
    shown = town.last(desk)
    for button in ("Claim", "Resolve"):
        assert "This report is about you" in (await town.press(town.moderator, shown, button)).reply
    assert (await town.press(town.admin, shown, "Claim")).reply is None


async def test_two_press_claim(town: Town):
    _desk, shown = await reported(town)
    row = await only_report(town)
    # The other one's press has been written down, and the message not changed yet.
    await ReportsStore(town.db).claim(row["id"], town.admin.id, town.now)
    late = await town.press(town.moderator, shown, "Claim")
    assert late.reply == f"{town.admin.mention} has claimed this report already."
    assert late.reply.ephemeral
    assert town.admin.mention in town.now_of(shown).fields["State"]


async def test_two_resolve_it(town: Town):
    _desk, shown = await reported(town)
    modal = (await town.press(town.moderator, shown, "Resolve")).modal
    await resolve(town, town.admin, shown, "Nothing to be done")
    late = await town.fill(town.moderator, modal, {"What came of it": ["acted"]})
    assert late.reply.startswith(f"{town.admin.mention} has resolved this report")
    assert late.reply.ephemeral
    assert (await only_report(town))["outcome"] == "dismissed"
    assert len([one for one in town.messages(town.ann) if "has looked at" in one]) == 1


async def test_resolving_what_somebody_else_claimed_is_said(town: Town):
    _desk, shown = await reported(town)
    await town.press(town.moderator, shown, "Claim")
    refused = (await town.press(town.admin, shown, "Release")).reply
    assert refused == f"Only {town.moderator.mention} can release it, but you may resolve it."
    modal = (await town.press(town.admin, shown, "Resolve")).modal
    said = [
        part["content"]
        for part in town.calls("POST", "/interactions/*")[-1].body["data"]["components"]
        if "content" in part
    ]
    assert town.moderator.mention in said[0]
    done = await town.fill(town.admin, modal, {"What came of it": ["acted"]})
    state = done.message.fields["State"]
    assert f"{town.moderator.mention} had claimed it." in state
    assert f"Resolved by {town.admin.mention}" in state


@sqlite
async def test_stale_buttons_and_lost_reports(town: Town):
    _desk, shown = await reported(town)
    row = await only_report(town)
    stale = await town.press(town.moderator, shown, "Claim")
    await town.db.execute("UPDATE reports SET claimed_by = NULL")
    assert (await town.press(town.moderator, shown, "Release")).reply == "Nobody has claimed this report."
    assert list(town.now_of(shown).buttons) == ["Claim", "Resolve"], "and it is shown as it is"
    await ReportsStore(town.db).resolve(row["id"], "acted", None, town.admin.id, town.now)
    assert "has resolved this report" in (await town.press(town.moderator, shown, "Claim")).reply
    assert town.now_of(shown).buttons == {}
    assert not stale.failed
    await town.says(town.ann, "!report bob again")
    again = town.last(town.private)
    await town.db.execute("DELETE FROM reports")
    for button in ("Claim", "Resolve"):
        assert (await town.press(town.moderator, again, button)).reply == "I know nothing of this report any more."


@sqlite
async def test_a_form_sent_after_moderation_was_switched_off(town: Town):
    _desk, shown = await reported(town)
    modal = (await town.press(town.moderator, shown, "Resolve")).modal
    await town.as_bot(town.bot.features.unload("moderation"))
    late = await town.fill(town.moderator, modal, {"What came of it": ["acted"]})
    assert late.reply == "Moderation is switched off at the moment."


# --- What stands there -------------------------------------------------------------------------------------


async def test_what_was_before(town: Town):
    desk, shown = await reported(town)
    await resolve(town, town.moderator, shown)
    await given_case(town)
    await given_case(town, on=town.ann)
    await town.says(town.ann, "!report bob once more")
    assert town.last(desk).fields["Before"] == "1 earlier report · 1 case"


async def test_the_ping_is_for_one_role_and_comes_once(town: Town):
    desk = await desk_in(town)
    role = town.role("Helpers", mentionable=True)
    await town.give_role(town.moderator, role)
    await town.says(town.owner, f"!config set report-ping {role.mention}")
    bad = await bad_words(town, f"@everyone {town.developer.mention}")
    await town.says(town.ann, f"!report @everyone {town.developer.mention}", reply_to=bad)
    shown = town.last(desk)
    assert shown.content == role.mention
    assert shown.pings == {role.id}
    assert not shown.pings_everyone
    await town.press(town.moderator, shown, "Claim")
    edits = [*town.calls("POST", "/interactions/*"), *town.calls("PATCH", f"/channels/{desk.id}/messages/*")]
    for call in edits:
        assert "content" not in (call.body.get("data") or call.body)
    await town.delete_role(role)
    await town.says(town.ann, "!report bob again")
    assert town.last(desk).content == ""


@sqlite
async def test_many_reporters(town: Town):
    desk, shown = await reported(town)
    link = await only_link(town)
    for number in range(8):
        await town.says(town.member(f"person{number}"), f"!report {link} " + "#" * 500)
    value = town.now_of(shown).fields["Reported by 9 members"]
    assert value.endswith("… and 4 more")
    assert len(town.messages(desk)) == 1


# --- The list ----------------------------------------------------------------------------------------------


async def test_the_list(town: Town):
    desk, shown = await reported(town)
    await town.says(town.ann, "!report devi lies")
    await resolve(town, town.moderator, shown)
    open_ones = await town.says(town.moderator, "!reports", channel=town.private)
    assert town.developer.mention in open_ones
    assert town.last(desk) is not None
    assert town.bob.mention not in open_ones
    everything = await town.says(town.moderator, "!reports all", channel=town.private)
    assert everything.embed.title == "2 reports"
    assert shown.message.jump_url in everything
    assert "Something was done" in everything
    assert "There is no such report." in await town.says(town.moderator, "!reports bob", channel=town.private)
    on_bob = await town.says(town.moderator, f"!reports all {town.bob.mention}", channel=town.private)
    assert on_bob.embed.title == "1 report"
    assert "can't find" in await town.says(town.moderator, "!reports all 🤷", channel=town.private)
    refused = await town.says(town.moderator, "!reports")
    assert "Not only staff can read this channel" in refused


# --- When the staff can't be reached -----------------------------------------------------------------------


async def test_a_deleted_channel_loses_nothing(town: Town):
    desk = await hidden_desk(town)
    await town.says(town.ann, "!report bob spams")
    await town.delete_channel(desk)
    await town.says(town.developer, "!report ann spams")
    assert "I keep your report, but I can't show it to the staff of **Town** yet" in told(town, town.developer)
    [complaint] = town.messages(town.owner)
    assert "The channel for reports was deleted" in complaint
    await town.says(town.developer, "!report bob spams")
    assert len(town.messages(town.owner)) == 1, "once"
    await town.restart(clean=False)
    again = await town.says(town.moderator, "!reports", channel=town.private)
    assert "not shown in the channel for reports yet" in again
    await desk_in(town)
    shown = [one for one in town.messages(town.private) if one.embed and one.embed.title == "🚩 Report"]
    assert [one.fields["Reported"].split()[0] for one in shown] == [town.bob.mention, town.ann.mention]
    assert "Reported by 2 members" in shown[0].fields


async def hidden_desk(town: Town, name: str = "desk") -> Channel:
    live = town.guild.handle.default_role
    hidden = discord.PermissionOverwrite(view_channel=False)
    town.channel(name, overwrites={live: hidden})
    channel = town.channel(name)
    await town.give_permission(channel, "view_channel")
    await town.says(town.admin, f"!config set report-channel {channel.id}")
    return channel


async def test_a_channel_that_cant_be_written_in(town: Town):
    desk = await desk_in(town)
    await town.take_permission(desk, "send_messages")
    await town.says(town.ann, "!report bob spams")
    assert "I keep your report" in told(town, town.ann)
    [complaint] = town.messages(town.owner)
    assert f"I may not write in the channel for reports, {desk.mention}" in complaint
    await town.give_permission(desk, "send_messages")
    [shown] = town.messages(desk)
    assert "spams" in shown
    await town.take_permission(desk, "send_messages")
    await town.says(town.ann, "!report devi spams")
    assert len(town.messages(town.owner)) == 2, "the next trouble is told again"


@sqlite
async def test_a_channel_that_everybody_reads(town: Town):
    await desk_in(town, "bots-corner")
    await town.says(town.ann, "!report bob spams")
    assert "I keep your report" in told(town, town.ann)
    assert "Not only staff can read" in town.last(town.owner)
    assert town.messages(town.bots_corner) == []
    await town.take_permission(town.bots_corner, "view_channel", of=town.guild.everyone)
    await town.give_permission(town.bots_corner, "view_channel")
    [shown] = town.messages(town.bots_corner)
    assert "spams" in shown


@sqlite
async def test_a_channel_that_a_role_reads_which_is_staff_only_later(town: Town):
    desk = await desk_in(town)
    helpers = town.role("Helpers")
    await town.give_permission(desk, "view_channel", of=helpers)
    await town.says(town.ann, "!report bob spams")
    assert "I keep your report" in told(town, town.ann)
    assert "count their roles as staff" in town.last(town.owner)
    await town.says(town.owner, f"!config set mod-roles {helpers.mention}")
    [shown] = town.messages(desk)
    assert "spams" in shown


async def test_discord_has_trouble(town: Town):
    desk = await desk_in(town)
    bad = await bad_words(town, files=[("proof.png", b"\x89PNG" + bytes(200))])
    town.refuse("POST", f"/channels/{desk.id}/messages", status=500, times=2)
    await town.says(town.ann, "!report spam", reply_to=bad)
    assert "I keep your report" in told(town, town.ann)
    assert town.messages(town.owner) == [], "it may pass"
    [shown] = await town.wait(minutes=1)
    assert shown.channel_id == desk.id
    assert len(shown.files) == 1, "the pictures are asked for again"


@sqlite
async def test_a_crash_between_writing_it_down_and_showing_it(town: Town):
    desk = await desk_in(town)
    town.refuse("POST", f"/channels/{desk.id}/messages", status=500)
    await town.says(town.ann, "!report bob spams")
    await town.restart(clean=False)
    [shown] = town.messages(desk)
    assert "spams" in shown


@sqlite
async def test_a_crash_between_showing_it_and_writing_that_down(town: Town):
    desk, _shown = await reported(town)
    await town.db.execute("UPDATE reports SET staff_channel_id = NULL, staff_message_id = NULL")
    await town.restart(clean=False)
    first, second = [call for call in town.calls("POST", f"/channels/{desk.id}/messages") if call.body.get("nonce")][
        -2:
    ]
    assert first.body["nonce"] == second.body["nonce"]
    assert second.body["enforce_nonce"]


@sqlite
async def test_a_message_of_the_bot_that_somebody_deletes(town: Town):
    desk, shown = await reported(town)
    await town.delete_message(shown)
    await town.says(town.developer, f"!report {await only_link(town)}")
    [again] = town.messages(desk)
    assert "Reported by 2 members" in again.fields
    nonces = [call.body.get("nonce") for call in town.calls("POST", f"/channels/{desk.id}/messages")]
    assert len(set(nonces)) == len(nonces), "else Discord would take it for the deleted one"


@sqlite
async def test_no_channel_any_more(town: Town):
    desk, shown = await reported(town)
    await town.says(town.admin, "!config reset report-channel")
    assert (await town.press(town.moderator, shown, "Claim")).reply is None
    await town.delete_message(shown)
    report = await only_report(town)
    assert not await town.as_bot(ReportDesk(town.bot).show(report["id"]))
    assert town.messages(desk) == []


# --- Privacy -----------------------------------------------------------------------------------------------


async def test_texts_are_forgotten_ninety_days_after_the_end(town: Town):
    _desk, shown = await reported(town)
    await town.says(town.ann, "!report devi insults me")
    await resolve(town, town.moderator, shown, note="muted")
    await town.db.execute(
        "UPDATE reports SET resolved_at = $1 WHERE resolved_at IS NOT NULL", town.now - timedelta(days=89)
    )
    await town.restart()
    assert [row["why"] for row in await voices(town)] == ["spam", "insults me"]
    await town.wait(days=1, hours=6)
    assert [row["why"] for row in await voices(town)] == [None, "insults me"]
    row = await town.db.fetchone("SELECT * FROM reports WHERE resolved_at IS NOT NULL")
    assert (row["message_text"], row["note"], row["target_id"]) == (None, None, town.bob.id)


def voices(town: Town):
    return town.db.fetchall("SELECT * FROM report_voices ORDER BY command_id")
