"""`config export`, `config import`: a server's configuration as a file."""

import discord
import pytest

from tests.support.answers import Answer
from tests.support.places import Channel, Person, Role
from tests.support.town import Town
from utils.core_settings import DISABLED_COMMANDS, DISABLED_FEATURES

sqlite = pytest.mark.engines("sqlite")


async def exported(town: Town, who: Person, channel: Channel | None = None, sections: str = "") -> str:
    """The file, as it came by direct message."""
    await town.says(who, f"!config export {sections}", channel=channel)
    answer = town.last(who)
    assert answer is not None
    return (await town.as_bot(answer.files[0].read())).decode()


async def imports(town: Town, who: Person, file: str | bytes, channel: Channel | None = None) -> Answer:
    data = file.encode() if isinstance(file, str) else file
    answer = await town.says(who, "!config import", files=[("c.yaml", data)], channel=channel)
    assert answer is not None
    return answer


async def all_pages(town: Town, who: Person, answer: Answer) -> str:
    """All that an answer says, leafed through."""
    text = str(answer)
    while "▶" in answer.buttons and not answer.button("▶").disabled:
        turned = (await town.press(who, answer, "▶")).message
        assert turned is not None
        answer = turned
        text += f"\n{answer}"
    return text


async def test_there_and_back(town: Town):
    helper = town.role("Helper")
    await town.says(town.admin, "!config set suggestions on")
    await town.says(town.admin, f"!config set ignored-channels {town.bots_corner.mention}")
    await town.says(town.admin, "!config set command-spam-block 1h30m")
    await town.says(town.admin, f"!permissions allow warn {helper.mention}")
    await town.says(town.admin, "!permissions deny ping #general @ann")
    await town.says(town.admin, "!command disable about #general")
    await town.says(town.admin, "!alias add hush warn {1} Please")
    file = await exported(town, town.admin)
    assert "suggestions: true" in file
    assert "command-spam-block: 1h 30m" in file
    assert "name: bots-corner" in file
    assert "hush: warn {1} Please" in file

    assert "There is nothing to change." in await imports(town, town.admin, file)
    await town.says(town.admin, "!config set suggestions off")
    await town.says(town.admin, "!config set ignored-channels #general")
    question = await town.says(town.admin, "!permissions reset")
    await town.press(town.admin, question, "Yes")
    await town.says(town.admin, "!alias remove hush")
    await town.says(town.admin, "!alias add other ping")
    preview = await imports(town, town.admin, file)
    assert "New: 4, changed: 1, removed: 0." in preview
    assert "+ suggestions: true" in preview
    assert "- ignored-channels: general" in preview
    assert "1 entry of this server isn't in the file." in preview.fields["Not in the file"]
    assert "not yours" in (await town.press(town.ann, preview, "Import")).replies[0]
    preview = (await town.press(town.admin, preview, "Remove what the file doesn't have")).message
    assert "- other: ping" in preview
    done = await town.press(town.admin, preview, "Import")
    assert "It is imported." in done.replies[0]
    assert await exported(town, town.admin) == file
    await town.restart()
    assert await exported(town, town.admin) == file

    history = await town.says(town.admin, "!config history")
    assert "imported a file: " in history
    assert "`settings` (2)" in history
    assert "to on" in await town.says(town.admin, "!config history suggestions")
    await town.says(town.admin, "!alias edit hush ping")
    undo = await town.says(town.admin, "!config undo")
    assert "aliases → hush" in undo.fields["Changed since, so it stays"]
    assert "+ other: ping" in undo
    await town.press(town.admin, undo, "Take back")
    assert (await town.says(town.admin, "!config show suggestions")).fields["Now"] == "off"
    assert "stands for `ping`" in await town.says(town.admin, "!alias list")
    assert await town.says(town.admin, "!permissions") == "There are no such rules: Discord's permissions count."
    assert "`ignored-channels` was" in await town.says(town.admin, "!config undo"), "now the change before"


async def test_to_another_server(town: Town):
    helper, gone = town.role("Helper"), town.role("Gone")
    await town.says(town.admin, f"!config set ignored-channels {town.bots_corner.mention} {town.general.mention}")
    await town.says(town.admin, f"!config set ignored-roles {gone.mention} {helper.mention}")
    await town.says(town.admin, f"!config set mod-log {town.private.mention}")
    await town.says(town.admin, f"!permissions deny ping {helper.mention} {gone.mention} server")
    await town.says(town.admin, "!alias add hush warn {1} Please")
    file = await exported(town, town.admin)

    village = town.new_guild("Village", members=[town.bob])
    village.handle.create_role("helper")
    village.handle.create_text_channel("bots-corner")
    chief = village.handle.create_role("Chief", permissions=discord.Permissions(manage_guild=True))
    chiefess = Person(town, town.env.create_user("cleo"), village)
    village.handle.add_member(chiefess.handle, roles=[chief])
    await town.settle()
    assert "Manage Server" in await imports(town, town.bob, file, village.general)
    preview = await imports(town, chiefess, file, village.general)
    left_out = preview.fields["Not on this server, so left out"]
    assert "Gone (Line " in left_out
    assert "#private (Line " in left_out
    assert "settings → mod-log" in left_out
    preview = (await town.choose(chiefess, preview, ["Settings", "Aliases"])).message
    assert "@@ permissions @@" not in preview
    await town.press(chiefess, preview, "Import")
    preview = await imports(town, chiefess, file, village.general)
    assert "@@ permissions @@" in preview
    assert "@@ settings @@" not in preview
    await town.press(chiefess, preview, "Import")
    there = await exported(town, chiefess, village.general)
    assert "mod-log" not in there
    assert "Gone" not in there
    assert "There is nothing to change." in await imports(town, chiefess, there, village.general)
    # Back home it is the same file as there, but for whose it is and what the village doesn't have.
    preview = await imports(town, town.admin, there)
    preview = (await town.press(town.admin, preview, "Remove what the file doesn't have")).message
    await town.press(town.admin, preview, "Import")
    assert _names_alone(await exported(town, town.admin)) == _names_alone(there)


def _names_alone(file: str) -> str:
    kept = [line for line in file.lower().splitlines() if "id:" not in line]
    return "\n".join(line for line in kept if line not in {"  name: town", "  name: village"})


@sqlite
async def test_what_is_refused(town: Town):
    assert "Attach the file" in await town.says(town.admin, "!config import")
    assert "Manage Server" in await imports(town, town.ann, "hearth: 1")
    assert "isn't a configuration of mine" in await imports(town, town.admin, "a: 1")
    assert "isn't a configuration of mine" in await imports(town, town.admin, "[]")
    assert "Line 1" in await imports(town, town.admin, "hearth: 2")
    assert "Line 2: Anchors" in await imports(town, town.admin, "hearth: 1\nsettings: &a {}\n")
    answer = await imports(
        town,
        town.admin,
        """
        hearth: 1
        nonsense: {}
        settings:
            suggestions: 7
            language: klingon
            languag: de
            mod-log: {id: -1}
            ignored-roles: everyone
            ignored-channels: [{id: 1, nam: x}]
            command-spam-block: 0s
            command-spam-count: 99999999999999999999999
            prefixes: [1, "<@1>"]
            disabled-features: [fun, admin]
            disabled-commands: [ping, config set, ping@5]
            welcome-channel: {id: VOICE}
        aliases:
            ping: about
            "two words": ping
            q: nothing at all
            unknown: ping {0}
            s: shutdown
        permissions:
            "command:nothing": []
            "command:ping": [{allows: maybe, server: true}]
            "command:about": [{allows: true}]
            "command:ban": [{allows: true, server: true}]
            "feature:fun": [{allows: false, person: OWNER}]
        """.replace("OWNER", str(town.owner.id)).replace("VOICE", str(town.guild.handle.channels["voice"].id)),
    )
    text = await all_pages(town, town.admin, answer)
    for sentence in [
        "Line 3, `nonsense`: There is no such section",
        "Line 5, `settings → suggestions`: Write `true` or `false`.",
        "Line 6, `settings → language`: Choose one of",
        "Line 7, `settings → languag`: There is no such setting; did you mean `language`?",
        "Line 8, `settings → mod-log → id`: This is a whole number from 1",
        "Line 9, `settings → ignored-roles`: A list is wanted here.",
        "Line 10, `settings → ignored-channels → 1 → nam`: There is no such part; did you mean `name`?",
        "Line 11, `settings → command-spam-block`: This is a length of time",
        "Line 12, `settings → command-spam-count`: This is a whole number",
        "Line 13, `settings → prefixes`:",
        "Line 14, `settings → disabled-features`: `admin` stays on: without it there is no way back.",
        "Line 15, `settings → disabled-commands → 2`: `config set` stays on",
        "Line 16, `settings → welcome-channel`: Channels of this kind don't fit here.",
        "Line 18, `aliases → ping`: I have a command `ping` of my own.",
        "Line 19, `aliases → two words`: An alias is one word",
        "Line 20, `aliases → q`: There is no such command",
        "Line 21, `aliases → unknown`: There is nothing to put in place of `{0}`.",
        "Line 22, `aliases → s`: There is no such command",
        "Line 24, `permissions → command:nothing`: There is no such command",
        "Line 25, `permissions → command:ping → 1 → allows`: Write `true` or `false`.",
        "Line 26, `permissions → command:about → 1`: Say for whom or where",
        "Line 28, `permissions → feature:fun → 1 → person`: The server's owner",
    ]:
        assert sentence in text, text
    assert await town.says(town.admin, "!config history") == "Nothing was changed yet."


@sqlite
async def test_all_or_nothing(town: Town):
    await town.says(town.admin, "!alias add a ping")
    file = "hearth: 1\nsettings: {suggestions: true}\naliases: {a: about, b: ping}\n"
    preview = await imports(town, town.admin, file)
    await town.says(town.admin, "!alias add b about")
    refused = await town.press(town.admin, preview, "Import")
    assert "Something was changed meanwhile, so nothing was done." in refused.replies[-1]
    assert (await town.says(town.admin, "!config show suggestions")).fields["Now"] == "off"
    preview = await imports(town, town.admin, file)
    await town.press(town.admin, preview, "Cancel")
    assert (await town.says(town.admin, "!config show suggestions")).fields["Now"] == "off"
    preview = await imports(town, town.admin, "hearth: 1\naliases: {c: ping}\n")
    await town.press(town.admin, preview, "Import")
    await town.says(town.admin, "!alias remove c")
    assert "Nothing of the last import is left to take back" in await town.says(town.admin, "!config undo")
    assert await town.says(town.admin, "!config undo") == "There is nothing to undo."
    preview = await imports(town, town.admin, file)
    await town.db.execute("DROP TABLE command_aliases")
    town.expect_errors()
    await town.press(town.admin, preview, "Import")
    assert (await town.says(town.admin, "!config show suggestions")).fields["Now"] == "off"
    assert await town.says(town.admin, "!config undo") == "There is nothing to undo."


@sqlite
async def test_what_is_gone_and_what_cant_be_together(town: Town):
    gone, odd = town.role("Gone"), town.role("Odd")
    await town.says(town.admin, f"!config set ignored-roles {gone.mention} {odd.mention}")
    await town.says(town.admin, "!alias add hush economy")
    await town.says(town.admin, f"!levels reward add 5 {odd.mention}")
    await town.delete_role(gone)
    file = await exported(town, town.admin)
    assert "There is nothing to change." in await imports(town, town.admin, file)
    assert "Gone" not in file
    nobody = "hearth: 1\nsettings: {ignored-roles: [Nobody, Twin]}\nlevel-rewards: {'5': [{role: Nobody}]}\n"
    for _ in range(2):
        town.guild.handle.create_role("Twin")
    await town.settle()
    answer = await imports(town, town.admin, nobody)
    assert "There is nothing to change." in answer, "what the server has stays, if nothing takes its place"
    assert "Twin (Line 2, `settings → ignored-roles → 2`): several are called so" in answer

    preview = await imports(town, town.admin, "hearth: 1\nlevel-rewards: {'10': [{role: Odd}]}\n")
    clash = "`level-rewards`: The role `Odd` can belong to one level only."
    assert clash in preview.fields["This can't be done"]
    pressed = await town.press(town.admin, preview, "Import")
    assert clash in pressed.reply
    preview = (await town.press(town.admin, preview, "Remove what the file doesn't have")).message
    assert "This can't be done" not in preview.fields
    await town.press(town.admin, preview, "Import")
    assert "'10':" in await exported(town, town.admin)


@sqlite
async def test_nobody_switches_off_the_way_back(town: Town):
    settings, guild_id = town.bot.guild_settings, town.guild.id
    await town.as_bot(settings.set(guild_id, DISABLED_FEATURES, ("admin", "fun"), changed_by=None))
    await town.as_bot(settings.set(guild_id, DISABLED_COMMANDS, ("config", "help", "ping"), changed_by=None))
    assert await town.says(town.admin, "!ping") is None
    assert (await town.says(town.admin, "!config show suggestions")).fields["Now"] == "off"


async def test_sections_of_features(town: Town):
    regulars, odd = town.role("Regulars"), town.role("Odd")
    await town.says(town.admin, "!tag create rules Be kind.\nNo spoilers.")
    await town.says(town.admin, "!tag alias regulations rules")
    await town.says(town.admin, "!tag create other Something")
    await town.says(town.admin, "!escalation add 3 timeout 2h")
    await town.says(town.admin, "!escalation add 4 within 30d ban")
    await town.says(town.admin, "!xp multiplier set server 2x")
    await town.says(town.admin, "!xp multiplier set #general 150% 2h")
    await town.says(town.admin, f"!xp multiplier set {regulars.mention} 0.5x")
    await town.says(town.admin, f"!levels reward add 5 {regulars.mention}")
    await town.says(town.admin, f"!levels reward add 10 {odd.mention}")
    await _more_sections(town, regulars, odd)
    file = await exported(town, town.admin)
    for part in [
        "No spoilers.",
        "- regulations",
        "length: 2h",
        "percent: 150",
        "until: ",
        "'5':",
        "within: 30d",
        "delay: 10m",
        "And hello",
        "title: W",
    ]:
        assert part in file
    assert "There is nothing to change." in await imports(town, town.admin, file)

    village = town.new_guild("Village")
    for name in ["Regulars", "Odd"]:
        village.handle.create_role(name)
    chief = village.handle.create_role("Chief", permissions=discord.Permissions(manage_guild=True))
    helper = Person(town, town.env.create_user("cleo"), village)
    village.handle.add_member(helper.handle, roles=[chief])
    await town.settle()
    refused = await imports(town, helper, file, village.general)
    text = await all_pages(town, helper, refused)
    assert "To import `tags`, you need **Manage Messages**." in text
    assert "To import `level-rewards`, you need **Manage Roles**." in text
    owner = Person(town, village.handle.owner, village)
    preview = await imports(town, owner, file, village.general)
    await town.press(owner, preview, "Import")
    assert _names_alone(await exported(town, owner, village.general)) == _names_alone(file)


async def _more_sections(town: Town, regulars: Role, odd: Role) -> None:
    await town.says(town.admin, f"!autorole add {regulars.mention} 10m")
    await town.says(town.admin, f"!autorole bots {odd.mention}")
    await town.says(town.admin, "!customcommand add hello Hello {user}!\nHow are you?")
    await town.says(town.admin, "!customcommand embed hello colour #ff8800")
    await town.says(town.admin, "!customcommand embed hello title Welcome")
    await town.says(town.admin, "!customcommand cooldown hello 30s")
    await town.says(town.admin, f"!customcommand role hello {odd.mention}")
    await town.says(town.admin, "!customcommand channels hello #general")
    await town.says(town.admin, "!customcommand alias hello hi")
    await town.says(town.admin, "!customcommand add coin {random:heads|tails}")
    await town.says(town.admin, "!greeting add welcome Hello {member}!")
    await town.says(town.admin, "!greeting add welcome And hello.")
    await town.says(town.admin, "!greeting add leave Bye {name}.")
    await town.says(town.admin, "!automod add flood --messages 6 5s --not-in #general --delete")
    await town.says(town.admin, f"!roleincome add {regulars.mention} 500 1d")
    await town.says(town.admin, f"!rolemenu create Colours {odd.mention} {regulars.mention}")
    await town.says(town.admin, f"!rolemenu add Colours {odd.mention} 🔴 Quite odd")
    await town.says(town.admin, "!rolemenu mode Colours unique")
    await town.says(town.admin, "!rolemenu text Colours Take one.")
    await town.says(town.admin, "!rolemenu lasts Colours 12h")
    await town.says(town.admin, f"!rolemenu require Colours {regulars.mention}")
    await town.says(town.admin, '!ticket panel create Help "❓ Questions" Bugs')
    await town.says(town.admin, "!ticket panel edit Help text Ask us.")
    await town.says(town.admin, f"!ticket kind edit Bugs roles {odd.mention}")
    await town.says(town.admin, "!ticket kind edit Bugs questions What happened? | A link --short --optional")
    await town.says(town.admin, "!ticket kind edit Bugs limit 3")
    await town.says(town.admin, f"!shop add role VIP 500 {odd.mention} 30d")
    await town.says(town.admin, "!shop edit VIP needed-level 5")
    await town.says(town.admin, "!shop add text Secret 100 The answer is 42.")
    await town.says(town.admin, "!shop add boost Double 1k 100% 2h")
    await town.says(town.admin, "!shop add code Key 5k")
    await town.says(town.admin, "!shop add collectable Fish 10 It blinks.")
    await town.says(town.admin, "!shop edit Fish stock 10")


@sqlite
async def test_nobody_imports_what_they_may_not_do(town: Town):
    town.role("Regulars")
    low = town.role("Low", permissions=discord.Permissions(manage_guild=True, manage_roles=True))
    deputy = town.member("dee", roles=[low])
    file = """
        hearth: 1
        permissions:
            "command:ban": [{allows: true, server: true}]
        level-rewards:
            "5": [{role: Admin}]
        autoroles:
            people: [{role: Regulars}, {role: "@everyone"}]
            dogs: []
        role-menus:
            Powers: {roles: [{role: Moderator, powers: [ban_members, fly]}]}
            Other: {roles: [{role: Moderator}]}
        shop:
            "12": {kind: role, price: 5, role: Admin}
            VIP: {kind: role, price: -5, role: Admin}
            Admin: {kind: role, price: 5, role: Admin}
            Book: {kind: text, price: 5, percent: 7}
            Car: {kind: car}
            Late: {kind: text, price: 1, from: 2026-02-01T00:00:00+00:00, until: "2026-01-01T00:00:00+00:00"}
        ticket-panels:
            Help: {kinds: {A: {roles: ["@everyone"]}, }}
            Hulp: {kinds: {B: {questions: [{text: "a|b"}]}}}
        custom-commands:
            hello: {embed: {colour: purplish, title: x}}
            ping: {text: x}
            nothing: {cooldown: 5s}
        greetings: {welcome: ["{nobody}"]}
        role-incomes: {roles: [{role: Regulars, coins: 0, every: 1d}]}
        xp-multipliers: {server: [{percent: 5000}]}
        warn-thresholds: {"3": {action: kick, length: 1h}, three: {action: kick}}
        tags: {rules: {text: https://cdn.discordapp.com/attachments/1/2/x.png}}
        automod: {bad: {regex: ["("], delete: true}}
        """
    answer = await imports(town, deputy, file)
    text = await all_pages(town, deputy, answer)
    for sentence in [
        "`permissions → command:ban`: You can only allow what you may do yourself",
        "`level-rewards → 5`:",
        "Line 9, `autoroles → dogs`: There are only `people` and `bots`.",
        "`role-menus → Powers → roles → 1 → powers → 2`: Choose one of",
        "`role-menus → Other`:",
        "`shop → 12`: A name needs more than a number",
        "`shop → VIP → price`: This is a whole number",
        "`shop → Admin`:",
        "`shop → Book → percent`: There is no such part",
        "`shop → Car → kind`: Choose one of",
        "`shop → Late`: It would end before it begins.",
        "`ticket-panels → Help → kinds → A → roles → 1`: Everybody would see these tickets",
        "`ticket-panels → Hulp → kinds → B → questions`: A question can't hold `|`.",
        "`custom-commands → hello → embed → colour`:",
        "`custom-commands → ping`: I have a command `ping` of my own.",
        "`custom-commands → nothing`: Then the command would say nothing",
        "`greetings → welcome → 1`: There is nothing to put in place of `{nobody}`.",
        "`role-incomes → roles → 1 → coins`: This is a whole number",
        "`xp-multipliers → server → 1 → percent`: This is a whole number",
        "`warn-thresholds → 3 → length`: A kick has no length.",
        "`warn-thresholds → three`:",
        "`tags → rules → text`: Links to files in Discord stop working after a day.",
        "`automod → bad → regex`:",
    ]:
        assert sentence in text, text
    assert await town.says(town.admin, "!config history") == "Nothing was changed yet."
