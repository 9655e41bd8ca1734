"""Locking channels, opening them again, and slowing them down, as people and Discord see it."""

import asyncio
from datetime import timedelta

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.moderation.channels.cog import read_slowmode
from cogs.moderation.channels.lock_rules import Bits, Who, as_stored, from_stored, plan, put_back
from cogs.moderation.pipeline import Origin
from database.moderation import CasesStore, NewCase
from database.moderation_channels import ChannelState, ChannelStatesStore
from tests.support.town import Impossible
from utils.events import ModAction
from utils.time import TimeError

PERMISSIONS = st.integers(0, 2**6 - 1)


@st.composite
def bits(draw: st.DrawFn) -> Bits:
    allow = draw(PERMISSIONS)
    return Bits(allow, draw(PERMISSIONS) & ~allow)


def overwrites(channel) -> dict[int, tuple[int, int]]:
    """A channel's overwrites as Discord has them."""
    return {one.id: (one.allow, one.deny) for one in channel.live._overwrites}


async def may_speak(town, who, channel) -> bool:
    try:
        await town.says(who, "hello", channel=channel)
    except Impossible:
        return False
    return True


# --- rules


@given(before=st.none() | bits(), after=bits())
def test_what_nobody_changed_is_put_back_exactly(before, after):
    back = put_back(before, after, after)
    assert back.changed_since == 0
    # An overwrite that says nothing is as good as none, but one that was there is there again.
    assert back.bits == before


@given(before=st.none() | bits(), after=bits(), now=st.none() | bits())
def test_what_somebody_changed_stays(before, after, now):
    back = put_back(before, after, now)
    old, current, result = before or Bits(), now or Bits(), back.bits or Bits()
    for bit in (1 << place for place in range(6)):
        was, left, is_, gets = (
            (bool(one.allow & bit), bool(one.deny & bit)) for one in (old, after, current, result)
        )
        assert gets == (was if left == is_ and was != left else is_)
        assert bool(back.changed_since & bit) == (was != left and is_ not in {left, was})
    assert result.allow & result.deny == 0


@given(before=st.none() | bits(), after=bits(), now=st.none() | bits())
def test_putting_back_twice_is_putting_back_once(before, after, now):
    once = put_back(before, after, now).bits
    assert put_back(before, after, once).bits == once


@given(everyone=bits(), staff=bits(), other=bits(), may=PERMISSIONS, locked=PERMISSIONS)
def test_a_locked_channel_denies_everyone_and_keeps_staff(everyone, staff, other, may, locked):
    may &= ~staff.deny
    found = plan(Who(1, everyone, 0), [Who(2, staff, may)], [Who(3, other, 0)], locked)
    assert found.get(1, everyone).deny & locked == locked
    assert found.get(2, staff).allow & locked & may == locked & may
    assert found.get(3, other).allow & locked == 0
    assert found.get(3, other).deny == other.deny
    assert list(found) == sorted(found, key=[2, 3, 1].index)
    for id_, old in ((1, everyone), (2, staff), (3, other)):
        changed = found.get(id_, old)
        assert changed.allow & changed.deny == 0
        assert (changed.allow & ~locked, changed.deny & ~locked) == (old.allow & ~locked, old.deny & ~locked)


@given(st.dictionaries(st.integers(1, 2**63 - 1), st.none() | bits()))
def test_overwrites_come_back_from_json(found):
    assert from_stored(as_stored(found)) == found


@pytest.mark.parametrize(
    ("text", "seconds", "length"),
    [
        ("10", 10, None),
        ("10s", 10, None),
        ("off", 0, None),
        ("6h", 21_600, None),
        ("1 minute for 2 hours", 60, timedelta(hours=2)),
        ("off for 1d", 0, timedelta(days=1)),
    ],
)
def test_slowmode_is_read(text, seconds, length):
    assert read_slowmode(text) == (seconds, length)


@pytest.mark.parametrize("text", ["6h1s", "fast", "10s for ever", "10s for 5s", "-3"])
def test_no_slowmode(text):
    with pytest.raises(TimeError):
        read_slowmode(text)


# --- the store


async def test_the_first_state_of_a_channel_is_kept(db):
    store = ChannelStatesStore(db)
    first = ChannelState(1, 2, "lock", 3, {"1": None}, {"1": [0, 2048]}, 9)
    assert await store.add(first)
    assert not await store.add(ChannelState(1, 2, "lock", 4, {"1": [0, 2048]}, {"1": [0, 4096]}))
    assert await store.get(1, 2, "lock") == first
    assert await store.of_timer(9) == [first]
    assert not await store.remove(ChannelState(1, 2, "lock", 4, {}, {}))
    assert await store.remove(first)
    assert await store.of_guild(1, "lock") == []


# --- locks


async def test_lock_and_unlock_leave_everything_as_it_was(town):
    await town.give_permission(town.general, "send_messages", of=town.role("Member"))
    await town.take_permission(town.general, "attach_files", of=town.guild.everyone)
    member = town.member("mel", roles=["Member"])
    before = overwrites(town.general)

    locked = await town.says(town.admin, "!lock raid")
    assert locked.startswith(f"🔒 Locked {town.general.mention}.")
    assert "Case **1**." in locked
    assert [await may_speak(town, who, town.general) for who in (town.ann, member)] == [False, False]
    assert await may_speak(town, town.moderator, town.general)
    assert "locked already" in await town.says(town.admin, "!lock")

    assert (await town.says(town.admin, "!unlock")).startswith(f"🔓 Opened {town.general.mention}.")
    assert await may_speak(town, town.ann, town.general)
    assert overwrites(town.general) == before
    assert "I haven't locked it." in await town.says(town.admin, "!unlock")
    actions = [(action.kind, action.target_id, action.reason) for action in town.sent(ModAction)]
    assert actions == [("lock", None, "raid"), ("unlock", None, None)]


async def test_people_with_permissions_of_their_own_are_locked_out_too(town):
    await town.give_permission(town.general, "send_messages", "attach_files", of=town.ann)
    await town.take_permission(town.general, "send_messages", of=town.bob)
    await town.give_permission(town.general, "send_messages", of=town.moderator)
    before = overwrites(town.general)
    assert (await town.says(town.admin, "!lock raid")).startswith(f"🔒 Locked {town.general.mention}. Case")
    assert not await may_speak(town, town.ann, town.general)
    assert await may_speak(town, town.moderator, town.general)
    locked = overwrites(town.general)
    attach = discord.Permissions(attach_files=True).value
    assert locked[town.ann.id] == (attach, 0), "what a lock isn't about stays"
    assert [locked[who.id] == before[who.id] for who in (town.bob, town.moderator)] == [True, True]
    await town.says(town.admin, "!unlock")
    assert overwrites(town.general) == before
    assert await may_speak(town, town.ann, town.general)


async def test_who_left_meanwhile_speaks_again_when_they_come_back(town):
    await town.give_permission(town.general, "send_messages", of=town.ann)
    await town.give_permission(town.general, "send_messages", of=town.bob)
    before = overwrites(town.general)
    await town.leave(town.bob)
    await town.says(town.admin, "!lock")
    await town.leave(town.ann)
    await town.join(town.bob)
    assert [await may_speak(town, town.bob, town.general)] == [False]
    await town.says(town.admin, "!unlock")
    assert overwrites(town.general) == before


@pytest.mark.engines("sqlite")
async def test_what_somebody_allowed_one_person_in_a_locked_channel_stays(town):
    await town.give_permission(town.general, "send_messages", of=town.ann)
    await town.give_permission(town.general, "send_messages", of=town.bob)
    await town.says(town.admin, "!lock")
    await town.take_permission(town.general, "send_messages", of=town.ann)
    answer = await town.says(town.admin, "!unlock")
    assert f"Somebody changed **Send Messages** for {town.ann.mention} meanwhile" in answer
    assert not await may_speak(town, town.ann, town.general)
    assert await may_speak(town, town.bob, town.general)


@pytest.mark.engines("sqlite")
async def test_roles_of_boosters_and_subscribers_are_locked_too(town):
    """Discord manages them, but no bot is behind them."""
    booster = town.role("Booster", managed=True)
    mel = town.member("mel", roles=["Booster"])
    await town.give_permission(town.general, "send_messages", of=booster)
    before = overwrites(town.general)
    await town.says(town.admin, "!lock")
    assert not await may_speak(town, mel, town.general)
    await town.says(town.admin, "!unlock")
    assert overwrites(town.general) == before


@pytest.mark.engines("sqlite")
async def test_an_overwrite_that_was_removed_meanwhile_is_there_again(town):
    await town.give_permission(town.general, "send_messages", of=town.ann)
    before = overwrites(town.general)
    await town.says(town.admin, "!lock")
    await town.as_bot(town.general.live.set_permissions(town.ann.live, overwrite=None))
    assert town.ann.id not in overwrites(town.general)
    await town.says(town.admin, "!unlock")
    assert overwrites(town.general) == before


@pytest.mark.engines("sqlite")
async def test_a_channel_in_which_one_person_may_speak_is_not_closed(town):
    """Such as for a talk with one member."""
    await town.give_permission(town.private, "view_channel", "send_messages", of=town.ann)
    await town.take_permission(town.private, "send_messages", of=town.guild.everyone)
    before = overwrites(town.private)
    assert (await town.says(town.admin, f"!lock {town.private.mention}")).startswith("🔒 Locked")
    assert not await may_speak(town, town.ann, town.private)
    await town.says(town.admin, f"!unlock {town.private.mention}")
    assert overwrites(town.private) == before


@pytest.mark.engines("sqlite")
async def test_very_many_people_are_not_all_looked_at(town, monkeypatch):
    monkeypatch.setattr("cogs.moderation.channels.overwrites.MOST_PEOPLE", 2)
    many = [town.member(name) for name in ("mel", "kim", "lou", "eve")]
    for who in many:
        await town.give_permission(town.general, "send_messages", of=who)
    before = overwrites(town.general)
    answer = await town.says(town.admin, "!lock")
    assert "2 people can still speak there, by permissions of their own." in answer
    assert sorted([await may_speak(town, who, town.general) for who in many]) == [False, False, True, True]
    await town.says(town.admin, "!unlock")
    assert overwrites(town.general) == before


@pytest.mark.engines("sqlite")
async def test_a_lock_when_discord_doesnt_say_who_people_are(town, monkeypatch):
    await town.give_permission(town.general, "send_messages", of=town.ann)

    async def silent(*_args: object, **_named: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(discord.Guild, "query_members", silent)
    answer = await town.says(town.admin, "!lock")
    assert "1 person can still speak there, by permissions of their own." in answer
    assert not await may_speak(town, town.bob, town.general)


async def test_a_lock_for_a_time_ends_by_itself_also_over_a_restart(town):
    before = overwrites(town.bots_corner)
    answer = await town.says(town.admin, f"!lock {town.bots_corner.mention} 30m calm down")
    assert "Until <t:" in answer
    assert not await may_speak(town, town.ann, town.bots_corner)
    notice = town.last(town.bots_corner)
    assert notice.startswith("🔒 This channel is locked; it opens <t:")
    assert notice.endswith("Reason: calm down")
    await town.restart(clean=False)
    await town.wait(minutes=29)
    assert not await may_speak(town, town.ann, town.bots_corner)
    (opened,) = await town.wait(minutes=2)
    assert opened == "🔓 This channel is open again."
    assert overwrites(town.bots_corner) == before
    case = await CasesStore(town.db).get(town.guild.id, 2)
    assert (case.kind, case.status, case.source, case.parent) == ("unlock", "done", "timer", 1)


async def test_unlock_by_hand_ends_the_clock(town):
    await town.says(town.admin, "!lock 30m")
    await town.says(town.admin, "!unlock")
    await town.says(town.admin, "!lock")
    assert await town.wait(hours=1) == ()
    assert not await may_speak(town, town.ann, town.general)


async def test_unlock_leaves_what_somebody_changed_meanwhile(town):
    await town.says(town.admin, "!lock")
    await town.give_permission(town.general, "send_messages", of=town.guild.everyone)
    await town.take_permission(town.general, "attach_files", of=town.guild.everyone)
    answer = await town.says(town.admin, "!unlock")
    assert "Somebody changed **Send Messages** for @everyone meanwhile; I left that as it is." in answer
    everyone = town.general.live.overwrites_for(town.guild.live.default_role)
    assert (everyone.send_messages, everyone.attach_files) == (True, False)
    assert (everyone.add_reactions, everyone.send_messages_in_threads) == (None, None)


async def test_one_channel_that_the_bot_may_not_change_doesnt_stop_the_others(town):
    await town.take_permission(town.bots_corner, "manage_roles")
    answer = await town.says(town.admin, f"!lock {town.general.mention} #bots-corner")
    assert answer.startswith(f"🔒 Locked {town.general.mention}.")
    assert f"{town.bots_corner.mention}: I need **Manage Roles** there." in answer
    assert await may_speak(town, town.ann, town.bots_corner)
    assert not await may_speak(town, town.ann, town.general)
    case = await CasesStore(town.db).get(town.guild.id, 1)
    assert case.status == "done"


async def test_a_refusal_in_the_middle_is_taken_back(town):
    before = overwrites(town.general)
    town.refuse("PUT", f"/channels/{town.general.id}/permissions/{town.guild.id}", status=403, code=50013)
    answer = await town.says(town.admin, "!lock")
    assert "Discord doesn't let me" in answer
    assert overwrites(town.general) == before
    case = await CasesStore(town.db).get(town.guild.id, 1)
    assert (case.status, "Discord doesn't let me" in case.failure) == ("failed", True)
    assert (await town.says(town.admin, "!lock")).startswith("🔒 Locked")


async def test_a_lock_whose_end_is_refused_is_tried_again_and_told_once(town):
    log = town.channel("log")
    await town.says(town.owner, f"!config set mod-log {log.mention}")
    await town.says(town.admin, "!lock 10m")
    await town.take_permission(town.general, "manage_roles")
    said = await town.wait(hours=3)
    assert [answer for answer in said if answer.channel_id == log.id and "Unlock" in answer] == list(said)
    assert len(said) == 1
    assert "I need **Manage Roles** there." in said[0]
    await town.give_permission(town.general, "manage_roles")
    assert (await town.says(town.admin, "!unlock")).startswith("🔓 Opened")


async def test_a_refusal_at_the_end_that_passes_is_not_told(town):
    await town.says(town.admin, f"!lock {town.bots_corner.mention} 10m")
    await town.take_permission(town.bots_corner, "manage_roles")
    assert await town.wait(minutes=10.5) == ()
    await town.give_permission(town.bots_corner, "manage_roles")
    (opened,) = await town.wait(minutes=1)
    assert opened == "🔓 This channel is open again."


async def test_a_role_and_a_channel_that_are_gone_dont_stop_unlocking(town):
    await town.says(town.admin, f"!lock {town.general.mention} {town.bots_corner.mention}")
    assert overwrites(town.general).keys() > {town.guild.role("Moderator").id}
    gone = town.guild.role("Moderator").id
    await town.delete_role(town.guild.role("Moderator"))
    await town.delete_channel(town.bots_corner)
    answer = await town.says(town.admin, "!unlock all")
    assert answer.startswith("🔓 Opened")
    assert overwrites(town.general).keys() <= {gone}  # Discord itself clears these
    assert await may_speak(town, town.ann, town.general)


async def test_lock_all_asks_and_leaves_out_what_is_closed(town):
    question = await town.says(town.admin, "!lock all 1h raid")
    await town.wait(seconds=50)
    await town.press(town.admin, question, "Yes")
    answer = town.last()
    assert f"<t:{int((town.now + timedelta(hours=1)).timestamp())}:f>" in answer
    assert "#private" not in answer
    assert town.private.mention not in answer
    assert not await may_speak(town, town.ann, town.general)
    assert not await may_speak(town, town.ann, town.bots_corner)
    everyone = town.guild.channel("voice").live.overwrites_for(town.guild.live.default_role)
    assert everyone.connect is False
    await town.says(town.admin, "!unlock all")
    assert overwrites(town.general) == {}
    assert overwrites(town.guild.channel("voice")) == {}


async def test_who_may_lock(town):
    assert "Manage Channels" in await town.says(town.moderator, "!lock")
    await town.take_permission(town.bots_corner, "manage_channels", of=town.admin)
    answer = await town.says(town.admin, f"!lock {town.bots_corner.mention}")
    assert "You need **Manage Channels** there." in answer
    assert "can't find" in await town.says(town.admin, "!lock #nowhere")
    assert await may_speak(town, town.ann, town.general)


async def test_a_closed_channel_neednt_be_locked(town):
    answer = await town.says(town.admin, f"!lock {town.private.mention}")
    assert "Only staff can speak there anyway." in answer


async def test_a_chosen_role_speaks_on(town):
    helper = town.role("Helper")
    hal = town.member("hal", roles=["Helper"])
    await town.says(town.owner, f"!config set mod-roles {helper.mention}")
    await town.says(town.admin, "!lock")
    assert await may_speak(town, hal, town.general)


async def test_a_thread_alone(town):
    with town.clock():
        started = town.as_bot(town.general.live.create_thread(name="Talk", type=discord.ChannelType.public_thread))
        thread = await started
    await town.give_permission(town.guild, "manage_threads", of=town.role("Admin"))
    answer = await town.says(town.admin, f"!lock <#{thread.id}> 1h off topic")
    assert answer.startswith(f"🔒 Locked <#{thread.id}>. Until")
    assert town.guild.live.get_thread(thread.id).locked
    assert overwrites(town.general) == {}
    assert "locked already" in await town.says(town.admin, f"!lock <#{thread.id}>")
    await town.wait(hours=2)
    assert not town.guild.live.get_thread(thread.id).locked


async def test_threads_are_locked_with_their_channel(town):
    await town.says(town.admin, "!lock")
    everyone = town.general.live.overwrites_for(town.guild.live.default_role)
    wanted = (everyone.send_messages_in_threads, everyone.create_public_threads, everyone.create_private_threads)
    assert wanted == (False, False, False)


async def test_a_category_means_its_channels(town):
    category = town.guild.handle.create_category("Games")
    chess = town.channel("chess", category=category)
    answer = await town.says(town.admin, f"!lock <#{category.id}> <#{chess.id}>")
    assert answer.startswith(f"🔒 Locked {chess.mention}.")
    assert not await may_speak(town, town.ann, chess)


async def test_a_name_with_spaces_and_a_length_that_comes_first(town):
    chess = town.channel("chess", category=town.guild.handle.create_category("Board games"))
    answer = await town.says(town.admin, '!lock "Board games" 5m raid')
    assert answer.startswith(f"🔒 Locked {chess.mention}. Until")
    assert "“Card games”" in await town.says(town.admin, '!lock "Card games" 5m')
    await town.says(town.admin, "!unlock “board games”")
    assert await may_speak(town, town.ann, chess)
    answer = await town.says(town.admin, f"!lock 5m {chess.mention} raid")
    assert answer.startswith(f"🔒 Locked {chess.mention}. Until")
    assert await may_speak(town, town.ann, town.general)
    assert "raid" in await town.says(town.admin, "!case latest")
    assert "Lock all channels" in await town.says(town.admin, "!lock 5m all")
    assert town.general.mention in await town.says(town.admin, '!lock 5m "raid"')


async def test_two_locks_at_once_remember_what_was_there_first(town):
    before = overwrites(town.general)
    cog = town.bot.get_cog("Channels")
    guild, origin = town.guild.live, Origin("command", None)
    channel = guild.get_channel(town.general.id)
    both = [cog.locks.lock(guild, [channel], origin, reason=None, ends_at=None) for _ in range(2)]
    done = await town.as_bot(gathered(both))
    assert sorted(len(one.changed) for one in done) == [0, 1]
    await town.says(town.admin, "!unlock")
    assert overwrites(town.general) == before


async def left_pending(town, kind: str, **fields):
    """A case as the bot leaves it that is killed before it settles it."""
    with town.clock():
        new = NewCase(town.guild.id, kind, "command", "ada", town.now, moderator_id=town.admin.id, **fields)
        return await CasesStore(town.db).open(new)


async def status_after_restart(town, number: int) -> str:
    await town.wait(seconds=1)
    await town.restart(clean=False)
    await town.wait(seconds=1)
    found = await CasesStore(town.db).get(town.guild.id, number)
    return found.status


@pytest.mark.parametrize("steps", ["none", "some", "all"])
async def test_killed_in_the_middle_of_a_lock(town, steps):
    before = overwrites(town.general)
    moderator, everyone = town.guild.role("Moderator"), town.guild.everyone
    case = await left_pending(town, "lock", details={"channels": [town.general.id]})
    send = discord.Permissions(send_messages=True).value
    await ChannelStatesStore(town.db).add(
        ChannelState(
            town.guild.id, town.general.id, "lock", case.number,
            {str(moderator.id): None, str(everyone.id): None},
            {str(moderator.id): [send, 0], str(everyone.id): [0, send]},
        )
    )  # fmt: skip
    if steps != "none":
        await town.give_permission(town.general, "send_messages", of=moderator)
    if steps == "all":
        await town.take_permission(town.general, "send_messages", of=everyone)
    assert await status_after_restart(town, case.number) == ("done" if steps == "all" else "failed")
    if steps == "all":
        answer = await town.says(town.admin, f"!unlock {town.general.mention}", channel=town.bots_corner)
        assert "🔓 Opened" in answer.replies[-1]
    assert overwrites(town.general) == before


async def test_killed_in_the_middle_of_unlocking(town):
    await town.says(town.admin, "!lock")
    case = await left_pending(town, "unlock", details={"channels": [town.general.id]})
    assert await status_after_restart(town, case.number) == "failed"
    assert (await town.says(town.admin, "!unlock")).startswith("🔓 Opened")


@pytest.mark.parametrize(("seconds", "status"), [(0, "done"), (30, "failed")])
async def test_killed_in_the_middle_of_a_slowmode(town, seconds, status):
    case = await left_pending(town, "slowmode", details={"channels": [town.general.id], "seconds": seconds})
    assert await status_after_restart(town, case.number) == status


# --- slowmode


async def gathered(work):
    return await asyncio.gather(*work)


async def test_slowmode_for_a_time_and_back(town):
    await town.says(town.admin, "!slowmode 5s")
    assert town.general.slowmode_delay == 5
    answer = await town.says(town.admin, "!slowmode 1m for 2h")
    assert answer.startswith(f"People wait 1 minute between their messages in {town.general.mention}. Until <t:")
    assert town.general.slowmode_delay == 60
    await town.says(town.admin, "!slowmode 2m for 3h")
    await town.wait(hours=2.5)
    assert town.general.slowmode_delay == 120
    await town.wait(hours=1)
    assert town.general.slowmode_delay == 5


async def test_another_slowmode_meanwhile_stays(town):
    await town.says(town.admin, "!slowmode 1m for 2h")
    with town.clock():
        await town.as_bot(town.general.live.edit(slowmode_delay=7))
    await town.wait(hours=3)
    assert town.general.slowmode_delay == 7


async def test_a_slowmode_for_good_ends_the_clock(town):
    await town.says(town.admin, "!slowmode 1m for 2h")
    await town.says(town.admin, f"!slowmode {town.general.mention} 1m")
    await town.wait(hours=3)
    assert town.general.slowmode_delay == 60
    assert "already" in await town.says(town.admin, "!slowmode 1m")
    await town.says(town.admin, "!slowmode off")
    assert town.general.slowmode_delay == 0
    assert "no slowmode" in await town.says(town.admin, "!slowmode")


async def test_a_refused_slowmode_leaves_no_clock(town):
    town.refuse("PATCH", f"/channels/{town.general.id}", status=403, code=50013)
    assert "Discord doesn't let me" in await town.says(town.admin, "!slowmode 1m for 2h")
    case = await CasesStore(town.db).get(town.guild.id, 1)
    assert case.status == "failed"
    assert await ChannelStatesStore(town.db).of_guild(town.guild.id, "slowmode") == []
    assert "6 hours" in await town.says(town.admin, "!slowmode 7h")


async def test_the_bot_keeps_its_voice(town):
    await town.says(town.admin, "!lock")
    assert town.general.live.permissions_for(town.guild.live.me).send_messages
    assert discord.Permissions(town.general.live.overwrites_for(town.guild.live.me).pair()[0].value).send_messages
