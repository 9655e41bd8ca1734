"""Tickets as members open them, staff answers them, and the bot keeps them."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from database.errors import ConstraintViolated
from database.ids import new_id
from database.manager import DatabaseManager
from database.ticket_panels import Question, TicketKind, TicketPanel, TicketPanelsStore
from database.tickets import Ticket, TicketCounts, TicketsStore
from tests.support.answers import Answer
from tests.support.places import Channel
from tests.support.town import Town

NOW = datetime(2026, 1, 1, tzinfo=UTC)
# What staff calls things nobody translates: in these tests it has no letters.
LABEL = "42"


# --- the tables


def a_ticket(press_id: int, *, opener_id: int = 7) -> Ticket:
    return Ticket(new_id(), 1, 0, press_id, 5, "Help", (8, 9), opener_id, (("Why?", "☕"),), None, "t-{number}", NOW)


async def add(store: TicketsStore, ticket: Ticket, most_open: int = 1) -> Ticket | None:
    while True:
        try:
            lately = NOW - timedelta(hours=1)
            return await store.add(ticket, most_open=most_open, most_lately=5, lately=lately)
        except ConstraintViolated:
            if await store.by_press(ticket.press_id) is not None:
                return None


async def test_the_tables_of_tickets(db: DatabaseManager):
    store = TicketsStore(db)
    made = await asyncio.gather(*(add(store, a_ticket(press_id)) for press_id in range(1, 9)))
    (one,) = [ticket for ticket in made if ticket is not None]  # however many presses find room at once
    assert one.number == 1
    assert await store.get(one.id) == one
    both = await asyncio.gather(add(store, a_ticket(20), 5), add(store, a_ticket(20), 5))
    assert len([ticket for ticket in both if ticket]) == 1  # delivered twice
    more = [await add(store, a_ticket(press_id, opener_id=70), 9) for press_id in range(40, 50)]
    assert len([ticket for ticket in more if ticket]) == 5
    later = a_ticket(50, opener_id=70)
    assert await store.add(later, most_open=9, most_lately=5, lately=NOW) is not None
    assert await store.opened(one.id, 100) == replace(one, status="open", channel_id=100)
    assert await store.opened(one.id, 101) is None
    assert not await store.remove(one.id)
    assert (await asyncio.gather(*(store.claim(one.id, user_id) for user_id in range(9)))).count(True) == 1
    claimed = await store.of_channel(100)
    assert claimed is not None
    assert not await store.unclaim(one.id, 99)
    assert await store.rate(one.id, 7, 5) is False
    closed = await store.close(one.id, 3, NOW + timedelta(hours=1), "done")
    assert closed is not None
    assert await store.close(one.id, 3, NOW, None) is None
    await store.kept(one.id, 50, 51)
    await store.filed(one.id)
    assert await store.rate(one.id, 8, 5) is False
    assert await store.rate(one.id, 7, 4)
    assert await store.count(1, NOW) == TicketCounts(1, 0, 0, 1, 3_600, 1, 4)
    assert await store.closers(1, NOW, 5) == [(claimed.claimed_by, 1)]
    reopened = await store.reopen(one.id)
    assert reopened is not None
    assert (reopened.status, reopened.reason, reopened.log_message_id) == ("open", None, 51)
    assert await store.gone(one.id, NOW)
    assert not await store.gone(one.id, NOW)
    gone = await store.get(one.id)
    assert gone is not None
    assert (gone.status, gone.answers, gone.closed_at) == ("deleted", (), NOW)
    assert [ticket.status for ticket in await store.of_opener(1, 7, 5)] == ["opening", "deleted"]
    assert await store.block(1, 7, 3, NOW)
    assert not await store.block(1, 7, 3, NOW)
    assert await store.is_blocked(1, 7)
    assert await add(store, a_ticket(30), 9) is None
    assert await store.unblock(1, 7)


async def test_the_tables_of_panels(db: DatabaseManager):
    store = TicketPanelsStore(db)
    panel = TicketPanel(1, 1, "Help")
    assert await store.create(panel, 2)
    assert not await store.create(TicketPanel(2, 1, "HELP"), 2)
    assert await store.create(TicketPanel(3, 1, "Other"), 2)
    assert not await store.create(TicketPanel(4, 1, "Third"), 2)
    kind = TicketKind(10, 1, 1, "Bug ☕")
    assert await store.add_kind(kind, 2)
    assert not await store.add_kind(replace(kind, id=11), 2)
    assert await store.add_kind(replace(kind, id=12, label="Idea"), 2)
    assert not await store.add_kind(replace(kind, id=13, label="More"), 2)
    changed = replace(
        kind, label="bugs", emoji="🐞", place="thread", category_id=5, role_ids=(2, 1), name="{number}",
        greeting="Hi", questions=(Question("Why?", is_long=False),), most_open=3,
    )  # fmt: skip
    assert await store.change_kind(changed)
    assert not await store.change_kind(replace(changed, label="IDEA"))
    assert await store.kind_named(1, "BUGS") == await store.kind(10) == changed
    shown = replace(panel, text="Hello", style="select", channel_id=5, message_id=6)
    assert await store.change(shown)
    assert await store.posted(1, 5, 6)
    assert not await store.posted(99, 5, 6)
    found = await store.named(1, "help")
    assert found == replace(shown, kinds=(changed, replace(kind, id=12, label="Idea")))
    assert [one.name for one in await store.of_guild(1)] == ["Help", "Other"]
    assert await store.remove(1)
    assert await store.kind(10) is None


# --- the town


async def panel_of(town: Town, *edits: str) -> Answer:
    """A panel with one kind, 42, that staff answers, and what else is set about it."""
    await town.says(town.admin, '!ticket panel create 1 "❓ 42"')
    for edit in ("roles @Moderator @Admin", *edits):
        said = await town.says(town.admin, f"!ticket kind edit 42 {edit}")
        assert said == "**42** is changed."
    await town.says(town.admin, "!ticket panel post 1")
    posted = town.last()
    assert posted is not None
    return posted


def place(town: Town, name: str = "ticket-0001") -> Channel:
    return town.guild.channel(name)


async def test_a_ticket_from_opening_to_its_transcript(town: Town):
    await town.says(town.admin, "!config set ticket-log-channel #private")
    await town.says(town.admin, "!config set ticket-rating on")
    panel = await panel_of(town, "questions 1? | 2 --short --optional", "greeting Hello {name}")
    await town.restart(clean=False)
    modal = (await town.press(town.ann, panel, LABEL)).modal
    assert modal is not None
    assert list(modal.fields) == ["1?", "2"]
    await town.wait(seconds=5)
    await town.restart(clean=False)  # while somebody writes
    said = (await town.fill(town.ann, modal, {"1?": "<b>It</b> *broke* @everyone"})).reply
    here = place(town)
    assert here.mention in said
    assert said.ephemeral
    first = town.last(here)
    assert first is not None
    assert "Hello ann" in first
    assert r"\*broke\*" in first.fields["1?"]
    assert first.pings == {town.ann.id}
    sees = {who.name for who in (town.ann, town.bob, town.moderator) if here.permissions_for(who.live).view_channel}
    assert sees == {"ann", "mona"}
    assert "open already" in (await town.press(town.ann, panel, LABEL)).reply
    # Staff answers.
    channels = f"{town.general.mention} {town.private.mention} {here.mention}"
    hostile = f"<script>alert(1)</script> & https://a.example/x {channels}"
    await town.says(town.ann, hostile, channel=here, files=[("a.png", b"x")])
    assert "Only who answers" in (await town.press(town.ann, first, "Claim")).reply
    await town.press_at_once((town.moderator, first, "Claim"), (town.moderator, first, "Claim"))
    said = [one for one in town.messages(here) if not one.ephemeral]
    assert said[-1] == f"{town.moderator.mention} takes care of this ticket."
    assert len(said) == 2
    assert "already" in (await town.press(town.admin, first, "Claim")).reply
    assert "in this ticket now" in await town.says(town.moderator, "!ticket add @bob", channel=here)
    assert here.permissions_for(town.bob.live).send_messages
    listed = await town.says(town.moderator, "!ticket list")
    assert here.mention in listed
    assert "claimed by" in listed
    assert "none that you answer" in await town.says(town.bob, "!ticket list")
    assert "can't find" in await town.says(town.moderator, "!ticket list nobody")
    # It is closed.
    modal = (await town.press(town.ann, first, "Close")).modal
    assert modal is not None
    await town.fill(town.ann, modal, {"Reason": "thank **you**"})
    closed = town.last(here)
    assert closed is not None
    assert f"{town.ann.mention} closed this ticket" in closed
    assert r"thank \*\*you\*\*" in closed
    assert not here.permissions_for(town.ann.live).send_messages
    assert here.permissions_for(town.ann.live).view_channel
    kept = town.last(town.private)
    assert kept is not None
    page = (await town.as_bot(kept.files[0].read())).decode()
    assert '&lt;script&gt;alert(1)&lt;/script&gt; &amp; <a href="https://a.example/x"' in page
    assert "a.png" in page
    assert "<b>@bob</b>" in page
    assert f"<b>#general</b> &lt;#{town.private.id}&gt; <b>#{here.name}</b>" in page
    assert "#private" not in page
    assert '<img src="data:image/png;base64,eA=="' in page
    assert "<script" not in page
    assert kept.fields["Claimed by"] == town.moderator.mention
    told = town.last(town.ann)
    assert told is not None
    assert len(told.files) == 1
    await town.restart()
    assert (await town.press(town.ann, told, "4 ⭐")).reply == "Thank you!"
    assert "4 ⭐ (1)" in await town.says(town.admin, "!ticket stats")
    # Opened again, and deleted.
    await town.press(town.moderator, closed, "Reopen")
    assert here.permissions_for(town.ann.live).send_messages
    assert "isn't closed" in (await town.press(town.moderator, closed, "Delete")).reply
    assert "closed this ticket" in await town.says(town.moderator, "!ticket close", channel=here)
    assert "isn't open" in await town.says(town.moderator, "!ticket close again", channel=here)
    assert "Only who answers" in (await town.press(town.ann, closed, "Delete")).reply
    await town.press(town.moderator, closed, "Delete")
    assert "ticket-0001" not in town.guild.handle.channels
    assert len(town.messages(town.private)) == 2
    (ticket,) = await TicketsStore(town.db).of_opener(town.guild.id, town.ann.id, 5)
    assert (ticket.status, ticket.answers) == ("deleted", ())
    assert "transcript" in await town.says(town.moderator, "!ticket list @ann")
    assert await town.db.fetchval("SELECT COUNT(*) FROM timers") == 0


async def test_one_ticket_however_it_is_pressed(town: Town):
    panel = await panel_of(town)
    await town.press_at_once(*[(town.ann, panel, LABEL)] * 5, (town.bob, panel, LABEL))
    names = [name for name in town.guild.handle.channels if name.startswith("ticket-")]
    assert sorted(names) == ["ticket-0001", "ticket-0002"]
    await town.says(town.admin, "!ticket kind edit 42 limit 3")
    await town.press_at_once((town.ann, panel, LABEL), times=2)
    assert place(town, "ticket-0003").permissions_for(town.ann.live).view_channel
    assert "Your ticket is here" in (await town.press(town.ann, panel, LABEL)).reply
    assert "open already" in (await town.press(town.ann, panel, LABEL)).reply
    await town.says(town.admin, "!ticket kind edit 42 limit 10")
    await town.press(town.ann, panel, LABEL)
    await town.press(town.ann, panel, LABEL)
    assert "many tickets lately" in (await town.press(town.ann, panel, LABEL)).reply
    assert "any more" in await town.says(town.admin, "!ticket block @bob")
    assert "already" in await town.says(town.admin, "!ticket block @bob")
    assert "can't open tickets" in (await town.press(town.bob, panel, LABEL)).reply
    assert town.bob.mention in await town.says(town.admin, "!ticket block")
    assert "again" in await town.says(town.admin, "!ticket unblock @bob")
    assert "isn't blocked" in await town.says(town.admin, "!ticket unblock @bob")
    assert place(town, "ticket-0002").mention in await town.says(town.bob, "!ticket")
    assert "#0002" in await town.says(town.bob, "!ticket", channel=place(town, "ticket-0002"))
    assert "isn't a ticket" in await town.says(town.bob, "!ticket close")


MAKE = ("POST", "/guilds/*/channels")


async def test_what_discord_refuses(town: Town):
    town.guild.handle.create_category("Tickets")
    panel = await panel_of(town, "category Tickets", "name {user}-{number}")
    for code, sentence in ((30_013, "as many channels"), (50_013, "permission")):
        town.refuse(*MAKE, status=403 if code == 50_013 else 400, code=code)
        assert sentence in (await town.press(town.ann, panel, LABEL)).reply
        assert await town.db.fetchval("SELECT COUNT(*) FROM tickets") == 0
    await town.says(town.admin, "!feature disable utility")
    assert "switched off" in (await town.press(town.ann, panel, LABEL)).reply
    await town.says(town.admin, "!feature enable utility")
    town.refuse(*MAKE, status=400, code=50_035, times=2)
    assert "doesn't take it" in (await town.press(town.ann, panel, LABEL)).reply
    town.refuse(*MAKE, status=400, code=50_035)  # the category is full
    assert "Your ticket is here" in (await town.press(town.ann, panel, LABEL)).reply
    assert place(town, "ann-0001").category is None
    assert "Your ticket is here" in (await town.press(town.bob, panel, LABEL)).reply
    assert place(town, "bob-0002").category.name == "Tickets"
    await town.take_permission(town.guild, "manage_channels")
    assert "Manage Channels" in (await town.press(town.moderator, panel, LABEL)).reply
    assert "Manage Channels" in await town.says(town.admin, "!ticket panel show 1")
    await town.give_permission(town.guild, "manage_channels")
    # Nobody knows whether Discord made one: a look later finds out that it hasn't.
    town.refuse(*MAKE, status=503)
    assert "trouble" in (await town.press(town.moderator, panel, LABEL)).reply
    assert "just being opened" in (await town.press(town.moderator, panel, LABEL)).reply
    await town.wait(minutes=2)
    assert "Your ticket is here" in (await town.press(town.moderator, panel, LABEL)).reply
    # A log that can't be written in, closed direct messages, and a channel that can't be changed.
    await town.says(town.admin, "!config set ticket-log-channel #private")
    await town.take_permission(town.private, "attach_files")
    town.close_dms(town.ann)
    here = place(town, "ann-0001")
    town.refuse("PATCH", f"/channels/{here.id}", status=403, code=50_013)
    said = await town.says(town.ann, "!ticket close", channel=here)
    assert "Attach Files" in said
    assert "go on writing" in said
    # What isn't kept is deleted by nobody by mistake, and not by itself.
    await town.says(town.admin, "!config set ticket-delete-after 1m")
    await town.wait(minutes=2)
    assert "No transcript" in (await town.press(town.moderator, said, "Delete")).reply
    asked = await town.says(town.moderator, "!ticket delete", channel=here)
    assert "No transcript" in asked
    await town.press(town.moderator, asked, "Yes")
    assert "ann-0001" not in town.guild.handle.channels


async def test_a_crash_while_a_ticket_is_made(town: Town):
    panel = await panel_of(town)
    await town.press(town.ann, panel, LABEL)
    await town.press(town.bob, panel, LABEL)
    here = place(town)
    await town.db.execute("UPDATE tickets SET status = 'opening', channel_id = NULL, message_id = NULL")
    await town.delete_message(town.last(place(town, "ticket-0002")))  # it wasn't greeted, either
    await town.restart(clean=False)
    await town.wait(minutes=2)
    store = TicketsStore(town.db)
    ticket = await store.of_channel(here.id)
    assert ticket is not None
    assert ticket.status == "open"
    assert [one.id for one in town.messages(here)] == [ticket.message_id]
    assert "Tell us" in town.last(place(town, "ticket-0002"))
    # Closing is cut off after the row is written.
    town.refuse("GET", f"/channels/{here.id}/messages", status=503, times=None)
    assert "comes later" in await town.says(town.moderator, "!ticket close", channel=here)
    await town.restart(clean=False)
    town.refuse_no_more()
    await town.wait(minutes=10)
    assert "closed this ticket" in town.last(here)
    assert not here.permissions_for(town.ann.live).send_messages
    assert len(town.last(town.ann).files) == 1
    await town.says(town.admin, "!config set ticket-close-after 5d")
    # Channels are deleted by hand, while the bot listens and while it doesn't.
    await town.delete_channel(here)
    with town.not_listening():
        await town.delete_channel(place(town, "ticket-0002"))
    await town.restart(clean=False)
    await town.settle()
    assert await town.db.fetchval("SELECT COUNT(*) FROM tickets WHERE status = 'deleted'") == 2
    assert await town.db.fetchval("SELECT COUNT(*) FROM timers") == 0


async def test_quiet_tickets_are_closed_and_deleted_in_time(town: Town):
    await town.says(town.admin, "!config set ticket-log-channel #private")
    panel = await panel_of(town)
    await town.press(town.ann, panel, LABEL)
    await town.press(town.bob, panel, LABEL)
    here, other = place(town), place(town, "ticket-0002")
    await town.says(town.moderator, "And?", channel=here)
    await town.says(town.bob, "Is anybody there?", channel=other)
    await town.says(town.admin, "!config set ticket-close-after 40m")
    assert await town.wait(minutes=19) == ()
    (warned,) = await town.wait(minutes=2)
    assert "will be closed in 20 minutes" in warned
    assert warned.pings == {town.ann.id}
    await town.says(town.moderator, "Wait!", channel=here)
    await town.restart(clean=False)
    (warned,) = await town.wait(minutes=21)
    assert warned.channel_id == here.id
    await town.wait(minutes=21)
    assert "Nobody wrote any more" in town.last(here)
    await town.says(town.admin, "!config set ticket-delete-after 20m")
    await town.wait(minutes=21)
    assert "ticket-0001" not in town.guild.handle.channels
    assert "will be closed" not in town.last(other)  # bob waits for staff
    await town.leave(town.bob)
    assert "has left the server" in town.last(other)


async def test_tickets_in_threads(town: Town):
    await panel_of(town, "place thread")
    await town.says(town.admin, "!ticket panel edit 1 style select")
    panel = town.now_of(next(one for one in town.messages() if one.menus or "in private" in one))
    said = (await town.choose(town.ann, panel, [LABEL])).reply
    store = TicketsStore(town.db)
    (ticket,) = await store.of_opener(town.guild.id, town.ann.id, 5)
    thread = town.bot.get_channel(ticket.channel_id)
    assert thread.mention in said
    assert thread.is_private()
    first = town.last(thread)
    assert first is not None
    assert first.pings == {town.ann.id, town.guild.role("Moderator").id, town.guild.role("Admin").id}
    # A thread that a crash kept from being written down is found by its name.
    await town.db.execute("UPDATE tickets SET status = 'opening', channel_id = NULL, message_id = NULL")
    await town.restart(clean=False)
    await town.wait(minutes=2)
    assert await store.get(ticket.id) == replace(ticket, timer_id=ticket.timer_id)
    modal = (await town.press(town.ann, first, "Close")).modal
    assert modal is not None
    await town.fill(town.ann, modal, {})
    closed = town.last(thread)
    assert "closed this ticket" in closed
    thread = await town.as_bot(town.bot.fetch_channel(ticket.channel_id))
    assert thread.archived
    assert thread.locked
    await town.press(town.owner, closed, "Reopen")
    thread = await town.as_bot(town.bot.fetch_channel(ticket.channel_id))
    assert not thread.archived
    assert not thread.locked


async def test_making_panels_with_wrong_words(town: Town):
    says = town.says
    assert "You need" in await says(town.ann, "!ticket panel create 1")
    assert "You need" in await says(town.ann, "!ticket kind edit 1 limit 2")
    assert "no panels here yet" in await says(town.admin, "!ticket panel")
    assert "none here yet" in await says(town.admin, "!ticket panel post 1")
    assert "none here yet" in await says(town.admin, "!ticket kind edit 1 limit 2")
    made = await says(town.admin, '!ticket panel create "1 <B>" 2 "🐞 3" 2')
    assert "left them out: **2**" in made
    assert "already" in await says(town.admin, '!ticket panel create "1 <b>"')
    assert "is no “x”" in await says(town.admin, "!ticket panel show x")
    assert "too long" in await says(town.admin, f"!ticket panel create {'9' * 51}")
    for edit, sentence in (
        ("label", "missing"), ("label 2", "another one"), (f"label {'9' * 81}", "80 characters"),
        ("what 3", "Say what changes"), ("emoji xyz", "isn't an emoji"), ("place nowhere", "Choose one of"),
        ("category general", "can't find"), ("roles @everyone", "is everybody"), ("roles @nobody", "no role"),
        ("name {x}", "A name has"), ("greeting {x}", "nothing to put"), ("questions a|b|c|d|e|f", "room for 5"),
        (f"questions {'9' * 46}", "from 1 to 45"), ("limit 0", "from 1 to 10"), ("limit 1.5", "from 1 to 10"),
        ("limit 99999999999999999999", "from 1 to 10"),
    ):  # fmt: skip
        assert sentence in await says(town.admin, f"!ticket kind edit 3 {edit}"), edit
    shown = await says(town.admin, '!ticket panel show "1 <B>"')
    assert "Nobody but administrators sees these tickets" in shown
    assert not shown.pings_everyone
    category = town.guild.handle.create_category("4")
    for edit in (
        "emoji 🎫", "category 4", "roles Moderator Admin", "greeting {member}", "questions 5? --short", "limit 2",
        "name {user} {number}", "place thread", "place channel",
    ):  # fmt: skip
        assert await says(town.admin, f"!ticket kind edit 3 {edit}") == "**3** is changed."
    kind = await TicketPanelsStore(town.db).kind_named(town.guild.id, "3")
    assert kind is not None
    assert (kind.emoji, kind.category_id, kind.most_open, len(kind.role_ids)) == ("🎫", category.id, 2, 2)
    await says(town.admin, '!ticket panel post "1 <B>" #bots-corner')
    posted = town.last(town.bots_corner)
    assert list(posted.buttons) == ["2", "3"]
    await says(town.admin, "!ticket kind remove 2")
    assert list(town.now_of(posted).buttons) == ["3"]
    await says(town.admin, '!ticket panel edit "1 <B>" text **6** <@&7>')
    assert "**6**" in town.now_of(posted)
    assert not town.now_of(posted).pings_everyone
    for edit in ("emoji none", "category none", "roles none", "greeting none", "questions none"):
        assert await says(town.admin, f"!ticket kind edit 3 {edit}") == "**3** is changed."
    await town.delete_message(posted)
    assert "sends it anew" in await says(town.admin, "!ticket kind edit 3 label 7")
    await town.take_permission(town.bots_corner, "embed_links")
    assert "Embed Links" in await says(town.admin, '!ticket panel post "1 <B>" #bots-corner')
    asked = await says(town.admin, '!ticket panel delete "1 <B>"')
    assert "is deleted" in (await town.press(town.admin, asked, "Yes")).reply
    assert "Tickets of this kind" in (await town.press(town.ann, await old_panel(town), LABEL)).reply


async def old_panel(town: Town) -> Answer:
    """A panel of which the kind is deleted, while its message is still there."""
    panel = await panel_of(town)
    with town.sql_statements():
        await town.db.execute("DELETE FROM ticket_kinds")
    return panel


async def test_what_staff_does_in_a_ticket(town: Town):
    panel = await panel_of(town, "questions 1? | 2 --optional")
    modal = (await town.press(town.ann, panel, LABEL)).modal
    assert modal is not None
    await town.fill(town.ann, modal, {"1?": " 3\x00 ", "2": ""})
    here = place(town)
    assert town.last(here).fields == {"1?": "3"}
    for command in ("claim", "unclaim", "add @bob", "remove @bob", "rename 1", "reopen", "delete", "transcript"):
        assert "isn't a ticket" in await town.says(town.moderator, f"!ticket {command}")
        assert "Only who answers" in await town.says(town.ann, f"!ticket {command}", channel=here)
    mona = town.moderator
    assert "takes care" in await town.says(mona, "!ticket claim", channel=here)
    assert "already" in await town.says(mona, "!ticket claim", channel=here)
    assert "Nobody takes care" in await town.says(town.admin, "!ticket unclaim", channel=here)
    assert "Nobody has claimed" in await town.says(mona, "!ticket unclaim", channel=here)
    await town.says(mona, "!ticket add bob", channel=here)
    assert here.permissions_for(town.bob.live).view_channel
    assert "can't be removed" in await town.says(mona, "!ticket remove @ann", channel=here)
    assert "isn't in this ticket" in await town.says(mona, "!ticket remove @bob", channel=here)
    assert not here.permissions_for(town.bob.live).view_channel
    assert "The name is changed" in await town.says(mona, "!ticket rename 7  8 <@&1>", channel=here)
    made = await town.says(mona, "!ticket transcript", channel=here)
    assert made.files[0].filename == "ticket-0001.html"
    await town.says(town.admin, "!config set ticket-opener-closes off")
    assert "can close it" in await town.says(town.ann, "!ticket close", channel=here)
    assert "Only who answers" in (await town.press(town.ann, town.messages(here)[0], "Close")).reply
    assert "too long" in await town.says(mona, f"!ticket close {'9' * 501}", channel=here)
    assert "isn't closed" in await town.says(mona, "!ticket reopen", channel=here)
    town.refuse("PUT", "/channels/*/permissions/*", status=403, code=50_013)
    assert "Discord doesn't let me" in await town.says(mona, "!ticket add @bob", channel=here)
