"""Who may use which commands where."""

import pytest

from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")


async def test_a_denied_command_neither_runs_nor_shows(town: Town):
    assert (await town.says(town.admin, "!permissions")).startswith("There are no such rules")
    assert await town.says(town.admin, "!permissions deny ping #general") == (
        f"Denied: `ping` for {town.general.mention}."
    )
    await town.restart()
    assert await town.says(town.ann, "!ping") == "A rule of this server keeps you from using this here."
    assert await town.says(town.admin, "!ping") == "A rule of this server keeps you from using this here."
    assert "`ping`" not in await town.says(town.ann, "!help")
    assert "Pong" in await town.says(town.ann, "!ping", channel=town.bots_corner)
    assert "Pong" in await town.says(town.owner, "!ping"), "the server's owner can't be locked out"
    assert "Pong" in await town.says(town.developer, "!ping"), "nor who runs the bot"
    assert "Pong" in await town.dm(town.ann, "!ping")
    assert f"⛔ `ping`: {town.general.mention} (by {town.admin.mention}" in await town.says(town.admin, "!perms list")
    await town.says(town.admin, "!config set tell-denied off")
    assert await town.says(town.ann, "!ping") is None
    assert await town.says(town.admin, "!permissions remove ping") == (f"Removed: `ping` for {town.general.mention}.")
    assert "Pong" in await town.says(town.ann, "!ping")


async def test_an_allow_stands_in_for_discords_permission(town: Town):
    town.role("Helper")
    helper = town.member("hana", roles=["Helper"])
    assert "permission" in await town.says(helper, "!warn @bob rude")
    assert await town.says(town.admin, "!permissions allow warn @Helper") == (
        f"Allowed: `warn` for {town.role('Helper').mention}."
    )
    assert "Case **1**" in await town.says(helper, f"!warn {town.bob.mention} rude")
    assert "Timeout Members" in await town.says(helper, f"!timeout {town.bob.mention} 10m"), "only what was allowed"
    assert "not below yours" in await town.says(helper, f"!warn {town.moderator.mention} rude"), "roles still protect"
    await town.says(town.admin, f"!permissions deny warn {helper.mention}")
    assert "keeps you" in await town.says(helper, f"!warn {town.bob.mention} rude"), "the person goes before the role"


@sqlite
async def test_undoing_asks_for_what_the_case_did(town: Town):
    town.role("Helper")
    helper = town.member("hana", roles=["Helper"])
    await town.says(town.owner, "!permissions allow undo @Helper")
    await town.says(town.moderator, f"!kick {town.bob.mention}")
    await town.says(town.moderator, f"!warn {town.developer.mention} rude")
    assert "You need **Kick Members** for this." in str(await town.says(helper, "!undo 1"))
    assert "Undo case **2**" in str(await town.says(helper, "!undo 2"))


@sqlite
async def test_what_is_allowed_in_a_channel_is_allowed_in_that_alone(town: Town):
    corner = town.bots_corner
    await town.says(town.owner, "!permissions allow lock #bots-corner")
    assert "You need **Manage Channels** there." in str(await town.says(town.ann, "!lock #general", channel=corner))
    assert "Locked" in str(await town.says(town.ann, "!lock", channel=corner))
    assert "You need the permission **Manage Channels**" in str(await town.says(town.ann, "!lock"))


async def test_nobody_allows_what_they_may_not_do(town: Town):
    await town.says(town.owner, "!permissions allow permissions @Moderator")
    answer = await town.says(town.moderator, "!permissions allow permissions @Member")
    assert answer == "You can only allow what you may do yourself; for this you need **Manage Server**."
    assert "Allowed" in await town.says(town.moderator, "!permissions allow warn @Member")
    assert "for this you need" in await town.says(town.moderator, "!permissions allow feature:economy server")


@sqlite
async def test_a_command_goes_before_its_feature(town: Town):
    both = await town.says(town.admin, "!permissions deny economy server")
    assert both.startswith(
        "There is a command and a feature of that name: write `command:economy` or `feature:economy`."
    )
    await town.says(town.admin, "!permissions deny feature:economy server")
    await town.says(town.admin, f"!permissions allow balance {town.bots_corner.mention}")
    assert "keeps you" in await town.says(town.ann, "!balance")
    assert "keeps you" not in await town.says(town.ann, "!balance", channel=town.bots_corner)
    assert "keeps you" in await town.says(town.ann, "!daily", channel=town.bots_corner)
    shown = await town.says(town.admin, "!permissions show feature:economy")
    assert shown.startswith("Who may use what\n⛔ the feature `economy`: the whole server (by")
    explained = await town.says(town.admin, f"!permissions explain @ann balance {town.bots_corner.mention}")
    assert explained == (
        f"✅ {town.ann.mention} may use `balance` in {town.bots_corner.mention}.\n"
        f"1. By the most specific rule: a rule allows `balance`: {town.bots_corner.mention}.\n"
        "2. The rule above goes before: ~~a rule denies the feature `economy`: the whole server~~."
    )
    roles = sorted((town.role("Helper"), town.role("Newcomer")), key=lambda role: role.live.position, reverse=True)
    carl = town.member("carl", roles=["Helper", "Newcomer"])
    whom = [one.mention for one in (carl, *roles, town.general)]
    await town.says(town.admin, f"!permissions deny ping server {' '.join(reversed(whom))}")
    explained = str(await town.says(town.admin, f"!permissions explain {carl.mention} ping"))
    found = [explained.index(f"`ping`: {one}") for one in (*whom, "the whole server")]
    assert found == sorted(found), "the person, the higher role, the lower one, the channel, the server"


@sqlite
async def test_one_command_of_a_group_is_allowed_and_shows(town: Town):
    await town.says(town.admin, '!permissions allow "config show" @ann')
    assert "language" in await town.says(town.ann, "!config show language")
    assert "Manage Server" in await town.says(town.ann, "!config set language de")
    shown = str(await town.says(town.ann, "!help admin"))
    assert "!config show" in shown
    assert "!config set" not in shown
    await town.says(town.admin, "!permissions deny config @ann")
    assert "language" in await town.says(town.ann, "!config show language"), "the command goes before its group"
    listed = str(await town.says(town.admin, '!permissions show "config show"'))
    assert "✅ `config show`" in listed
    assert "⛔ `config`" in listed


@sqlite
@pytest.mark.town(languages=("en",))
async def test_a_denied_feature_takes_what_the_server_made_with_it(town: Town):
    await town.says(town.admin, "!customcommand add hello Hello!")
    await town.says(town.admin, "!permissions deny feature:utility #general")
    await town.says(town.owner, "!permissions allow feature:utility @bob")
    assert await town.says(town.ann, "!hello") is None
    assert await town.says(town.ann, "!hello", channel=town.bots_corner) == "Hello!"
    assert await town.says(town.bob, "!hello") == "Hello!", "the person goes before the channel"
    assert await town.says(town.owner, "!hello") == "Hello!"


@sqlite
async def test_the_way_back_cannot_be_denied_to_who_manages(town: Town):
    for name in ("permissions", "config", "help"):
        await town.says(town.owner, f"!permissions deny {name} server")
    assert "⛔" in await town.says(town.admin, "!permissions")
    assert await town.says(town.admin, "!config") is not None
    assert "keeps you" in await town.says(town.ann, "!help")
    assert "keeps you" not in await town.says(town.admin, "!help")
    explained = await town.says(town.admin, f"!permissions explain {town.admin.mention} config")
    assert "Nobody can deny it to them, though a rule denies `config`: the whole server." in explained
    asked = await town.says(town.admin, "!permissions reset")
    await town.press(town.admin, asked, "Yes")
    assert (await town.says(town.admin, "!permissions")).startswith("There are no such rules")
    assert await town.says(town.ann, "!help") is not None


@sqlite
@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("deny ping", "Say for whom"),
        ("deny nothing server", "There is no such command or feature"),
        ("deny pign server", "did you mean `ping`"),
        ("deny ping nobody", "I can't find one member, role or channel “nobody”"),
        ("deny ping @olivia", "The server's owner may use everything"),
        ("deny shutdown server", "There is no such command or feature"),
        ("deny", "Something is missing"),
        ("remove ping", "There is no such rule"),
        ("reset", "There are no rules."),
        ("explain @ann shutdown", "There is no such command"),
        ("explain @ann config show #bots-corner", "may not use `config show` in <#"),
        ("explain @ann ping nowhere", "I can't find a fitting channel “nowhere”"),
        ("show ping", "There are no such rules"),
        ("explain @ann ban", "It needs **Ban Members**, which they don't have."),
        ("explain @mona ban", "They have **Ban Members**."),
        ("explain @ann ping", "It needs no permission of Discord's."),
        ("explain @Hearth ping", "Bots don't use my commands."),
        ('deny "ping nonsense" server', "There is no such command or feature"),
    ],
)
async def test_what_is_answered(town: Town, call: str, answer: str):
    assert answer in await town.says(town.admin, f"!permissions {call}")


@sqlite
async def test_what_is_gone_is_forgotten(town: Town):
    role, hut = town.role("Helper"), town.channel("hut")
    await town.says(town.admin, f"!permissions deny ping {role.mention} {hut.mention} #bots-corner @ann")
    await town.delete_role(role)
    await town.delete_channel(hut)
    left = str(await town.says(town.admin, "!permissions"))
    assert str(role.id) not in left
    assert str(hut.id) not in left
    assert town.bots_corner.mention in left


@sqlite
async def test_doctor_finds_rules_that_say_nothing(town: Town):
    role, category = town.role("Helper"), town.guild.handle.create_category("Huts")
    await town.says(town.admin, f"!permissions deny ping {role.mention} #general {category.id}")
    await town.as_bot(
        town.db.execute("UPDATE permission_rules SET subject = 'command:pong' WHERE target_kind = 'channel'")
    )
    with town.not_listening():
        await town.delete_role(role)
        await town.as_bot(town.guild.live.get_channel(category.id).delete())
    await town.restart()
    found = await town.as_bot(town.bot.get_cog("Permissions").findings(town.guild.live))
    names = [f"a deleted role ({role.id})", f"a category that I can't see ({category.id})"]
    gone = " and ".join(f"a rule denies `ping`: {name}" for name in names)
    assert [one.problem for one in found] == [
        f"There are rules for roles or categories that were deleted: {gone}.",
        f"There are rules about commands that I don't have: a rule denies `pong`: {town.general.mention}.",
    ]
    for one in found:
        await town.as_bot(one.repair.run(town.admin.live))
    assert (await town.says(town.admin, "!permissions")).startswith("There are no such rules")
