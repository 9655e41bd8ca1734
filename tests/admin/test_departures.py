"""What is stored about servers that the bot is removed from, and what whoever runs the bot deletes."""

from datetime import timedelta

import discord

from database.cluster import ClusterStore
from database.guild_data import GuildDataStore
from database.guild_settings import GuildSettingsStore
from database.manager import DatabaseManager
from database.schema import shapes
from tests.admin.test_privacy import SHORT_LIVED, live, places_of
from tests.database.test_personal_data import ALL, ANN, NOW, TOWN, case_of
from tests.support.remembered import places_in_memory
from tests.support.town import Town
from utils.cluster.plan import Share
from utils.cluster.several import Several

ELSEWHERE = 81384788765712384
TABLES = [table for one in ALL for table in one.tables]


async def let_30_days_pass(town: Town) -> None:
    """Let the timer come now that was to come 30 days after the bot left; waiting so long takes a test too long."""
    row = await town.db.fetchone(
        "SELECT d.timer_id, t.due_at - d.left_at AS kept FROM departed_guilds d JOIN timers t ON t.id = d.timer_id"
    )
    assert row is not None
    assert row["kept"] == 30 * 24 * 3600 * 1000
    await town.as_bot(town.bot.timers.reschedule(row["timer_id"], discord.utils.utcnow()))
    await town.wait(seconds=5)


async def test_a_servers_data_goes_30_days_after_the_bot(town: Town):
    village = town.new_guild("Village", members=[town.ann])
    await town.settle()
    await town.says(town.ann, "!daily", channel=village.general)
    await live(town)
    for text in ("!customcommand add hi hello", "!alias add hey ping", "!automod preset basic"):
        await town.says(town.admin, text)
    reminders = await town.db.fetchval("SELECT COUNT(*) FROM reminders")
    await town.kick_bot_from(town.guild)
    await town.restart()
    assert "accounts" in await places_of(town, town.guild.id)
    remembered = {place.split(".")[0] for place in places_in_memory(town.bot, town.guild.id)}
    assert {"Afk", "Aliases", "CustomCommands", "Automod"} <= remembered, "read again at the start"
    await let_30_days_pass(town)
    assert places_in_memory(town.bot, town.guild.id) <= SHORT_LIVED
    # Reminders are their owners', and come as direct messages; each has its timer.
    assert await places_of(town, town.guild.id) <= {"reminders", "timers"}
    assert await town.db.fetchval("SELECT COUNT(*) FROM reminders") == reminders
    assert await town.db.fetchval("SELECT COUNT(*) FROM accounts") == 1, "the other server's"
    assert await town.db.fetchval("SELECT COUNT(*) FROM departed_guilds") == 0
    assert await town.db.fetchval("SELECT COUNT(*) FROM timers WHERE name = 'guild_data_timer'") == 0


async def test_who_comes_back_finds_everything(town: Town):
    await town.says(town.ann, "!daily")
    await town.kick_bot_from(town.guild)
    await town.invite_bot_to(town.guild)
    assert await town.db.fetchval("SELECT COUNT(*) FROM timers WHERE name = 'guild_data_timer'") == 0
    assert "accounts" in await places_of(town, town.guild.id)
    assert await town.db.fetchval("SELECT COUNT(*) FROM departed_guilds") == 0


async def test_who_came_back_unseen_finds_everything(town: Town):
    await town.says(town.ann, "!daily")

    async def leave_and_come_back_unseen() -> None:
        await town.as_bot(town.bot.get_cog("Departures").left(town.guild.id))

    await leave_and_come_back_unseen()
    await let_30_days_pass(town)  # before it was looked who is back
    assert await places_of(town, town.guild.id) & {"accounts", "departed_guilds"} == {"accounts"}
    await leave_and_come_back_unseen()
    await town.restart()
    await town.wait(minutes=16)
    assert await town.db.fetchval("SELECT COUNT(*) FROM departed_guilds") == 0
    assert await town.db.fetchval("SELECT COUNT(*) FROM timers WHERE name = 'guild_data_timer'") == 0


async def test_servers_that_were_left_meanwhile_are_found(town: Town):
    await town.db.execute(
        "INSERT INTO operation_numbers (guild_id, last) VALUES ($1, 1)", ELSEWHERE
    )  # nobody told the bot that it was removed there
    await town.restart()
    await town.wait(minutes=16)
    assert await places_of(town, ELSEWHERE) == {"operation_numbers", "departed_guilds", "timers"}
    await let_30_days_pass(town)
    assert await places_of(town, ELSEWHERE) == set()


async def test_the_owner_deletes_for_others(town: Town):
    await town.says(town.bob, "!daily")
    await town.says(town.moderator, f"!warn {town.bob.mention} spam")
    assert await town.says(town.ann, f"!erase user {town.bob.id}") is None
    assert "Write" in await town.says(town.developer, "!erase")
    for wrong in ("user bob", f"user {10**20 - 1}", f"server {town.bob.mention}"):
        assert "no id" in await town.says(town.developer, f"!erase {wrong}")
    zoe = town.outsider("zoe")
    question = await town.says(town.developer, f"!erase user {town.bob.id} {zoe.id}")
    asked = "Delete all that I store about 2 accounts? This can't be taken back."
    assert question == f"{asked}\nI find nothing about `{zoe.id}`."
    await town.press(town.developer, question, "Yes")
    assert town.last() == "The data of 2 accounts is deleted."
    assert await places_of(town, town.bob.id) == set(), "of a deleted account warnings go, too"
    assert "Remove me" in await town.says(town.developer, f"!erase server {town.guild.id}")
    await town.says(town.developer, "!unload fun")
    for who, text in ((town.developer, f"!erase server {ELSEWHERE}"), (town.ann, "!mydata delete")):
        assert "isn't running" in await town.says(who, text), "nobody knows what fun stores"
    await town.says(town.developer, "!load fun")
    await town.db.execute("INSERT INTO operation_numbers (guild_id, last) VALUES ($1, 1)", ELSEWHERE)
    question = await town.says(town.developer, f"!erase server {ELSEWHERE}")
    await town.press(town.developer, question, "Yes")
    assert town.last() == "All that I stored about this server is deleted."
    assert await places_of(town, ELSEWHERE) == set()


async def test_a_ban_for_a_time_is_lifted_all_the_same(town: Town):
    await town.says(town.moderator, f"!ban {town.bob.mention} 2h scam")
    await town.press(town.developer, await town.says(town.developer, f"!erase user {town.bob.id}"), "Yes")
    assert "what is in force stays" in town.last()
    assert await places_of(town, town.bob.id) == {"cases", "sanctions", "timers", "pending_erasures"}
    await town.wait(hours=3)
    assert town.calls("DELETE", f"/guilds/*/bans/{town.bob.id}")
    await town.wait(days=1)
    assert await places_of(town, town.bob.id) == set()
    assert "deleted\\_user\\_" in await town.says(town.moderator, "!case 1")
    assert "deleted\\_user\\_" in await town.says(town.moderator, "!case 2")


async def test_deleting_goes_on_where_it_was_cut_off(db: DatabaseManager):
    for guild_id in (TOWN, TOWN + 1):
        for _ in range(5):
            await case_of(db, guild_id=guild_id)
    await db.execute(
        "INSERT INTO suggestions (id, guild_id, number, author_id, text, anonymous, status, created_at)"
        " VALUES (7, $1, 1, $2, 'cake', FALSE, 'open', $3)", TOWN, ANN, NOW,
    )  # fmt: skip
    await db.execute("INSERT INTO suggestion_votes (suggestion_id, user_id, supports) VALUES (7, $1, TRUE)", ANN)
    steps = 0
    while await GuildDataStore(db, TABLES, await shapes(db)).delete_some(TOWN, most=2):  # another store each time
        steps += 1
    assert steps > 3
    store = GuildDataStore(db, TABLES, await shapes(db))
    assert await store.guilds() == {TOWN + 1}
    assert await db.fetchval("SELECT COUNT(*) FROM suggestion_votes") == 0
    assert await db.fetchval("SELECT COUNT(*) FROM cases") == 5


async def test_changes_of_settings_are_kept_for_a_year(db: DatabaseManager):
    store = GuildSettingsStore(db)
    old = await store.change(TOWN, "a", 1, changed_by=ANN, at=NOW)
    taken_back = await store.change(TOWN, "a", 2, changed_by=ANN, at=NOW)
    newer = await store.change(TOWN, "a", 1, changed_by=ANN, at=NOW + timedelta(days=1), undoes=taken_back.id)
    assert await store.forget_before(NOW + timedelta(hours=1)) == 1
    assert [one.id for one in await store.history(TOWN)] == [newer.id, taken_back.id], f"without {old.id}"
    assert await store.forget_before(NOW + timedelta(days=2)) == 2
    assert [one.value for one in await store.of_guild(TOWN)] == [1]


async def test_nothing_goes_of_a_server_that_another_process_has(town: Town):
    await town.db.execute("INSERT INTO operation_numbers (guild_id, last) VALUES ($1, 1)", ELSEWHERE)
    await town.says(town.ann, "!daily")
    departures = town.bot.get_cog("Departures")
    alone = town.bot.cluster
    share = Share("2/2", 2, (1,))
    town.bot.cluster = Several(town.bot, share, ClusterStore(town.db, 1), 60)  # it hasn't any shard yet
    try:
        await town.as_bot(departures.look())
        assert await town.db.fetchval("SELECT COUNT(*) FROM departed_guilds") == 0
        # Discord knows this server, and doesn't know the other one.
        assert await town.as_bot(departures.is_here(town.guild.id))
        assert not await town.as_bot(departures.is_here(ELSEWHERE))
    finally:
        town.bot.cluster = alone
