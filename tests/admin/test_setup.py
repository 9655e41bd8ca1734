"""`setup` in a town: the wizard with every answer, what it makes, and what keeps it from that."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord

from cogs.admin.setting_up.facts import read_facts
from cogs.admin.setting_up.steps import STEPS
from cogs.admin.setting_up.texts import TITLES
from tests.support.answers import Answer, Modal, Reaction
from tests.support.places import Person
from tests.support.town import Town

ONWARDS = {"Back", "To the end", "Stop", "Another…"}
REVIEW = "What I will do"

Act = Callable[[Answer], Awaitable[Reaction]]


async def begin(town: Town, who: Person | None = None) -> Answer:
    said = await town.says(who or town.admin, "!setup")
    assert said is not None
    return said


def shown(reaction: Reaction) -> Answer:
    assert not reaction.failed
    assert reaction.message is not None
    return reaction.message


async def skip_to(town: Town, said: Answer, key: str, who: Person | None = None) -> Answer:
    """Leave everything as it is up to a step."""
    while not said.split("\n")[0].strip("*").endswith(f"· {TITLES[key]}"):
        said = shown(await town.press(who or town.admin, said, "Leave it as it is"))
    return said


async def answer(town: Town, answers: dict[str, str | Sequence[Any]], who: Person | None = None) -> Answer:
    """A wizard at its review: a button by its label, choices of a menu as a list, the others left as they are."""
    who = who or town.admin
    said = await begin(town, who)
    for key, chosen in answers.items():
        said = await skip_to(town, said, key, who)
        acted = town.press(who, said, chosen) if isinstance(chosen, str) else town.choose(who, said, chosen)
        said = shown(await acted)
    if REVIEW not in said:
        said = shown(await town.press(who, said, "To the end"))
    assert REVIEW in said
    return said


def state_of(town: Town) -> Any:
    """All that the wizard may change."""
    guild = town.guild.live
    return (
        read_facts(town.bot, guild),
        {channel.id: {who.id: one.pair() for who, one in channel.overwrites.items()} for channel in guild.channels},
        [role.id for role in guild.roles],
    )


# --- every answer


def choices(town: Town, said: Answer) -> dict[str, Act]:
    """Everything that can be answered to a question."""
    found: dict[str, Act] = {}
    for menu in said.menus:
        options: list[Any] = list(menu.options) or [
            town.role("Member") if "a_role" in place_of(said) else town.general
        ]
        for option in options if len(options) < 10 else options[:2]:
            found[f"choose {option}"] = lambda said, option=option: town.choose(town.admin, said, [option])
    for label, button in said.buttons.items():
        if label not in ONWARDS and not button.disabled:
            found[f"press {label}"] = lambda said, label=label: town.press(town.admin, said, label)
    return found


def place_of(said: Answer) -> str:
    """Which kind of menu a question has, if it isn't one of words."""
    kinds = {component.type for row in said.message.components for component in getattr(row, "children", [])}
    return "a_role" if discord.ComponentType.role_select in kinds else "a_channel"


def title_of(said: Answer) -> str:
    assert said.embed is not None
    return (said.embed.title or "").partition(" · ")[2]


async def test_every_answer_to_every_step_and_back(town: Town):
    before = state_of(town)
    said = await begin(town)
    asked: dict[str, set[str]] = {}
    goes_on = {"Levels": "choose In one channel", "Automod": "press Let the rules watch"}
    while REVIEW not in said:
        title, question = title_of(said), said.text
        acts = choices(town, said)
        asked[title] = set(acts)
        for name, act in acts.items():
            if title == TITLES["language"] and name.startswith("choose") and town.language != "en":
                continue  # there it goes on in that language
            after = shown(await act(said))
            assert after.text != question
            if name == "choose Deutsch":
                end = shown(await town.press(town.admin, after, "⏭"))
                assert "Münzen" in end.options
                after = shown(await town.press(town.admin, end, "◀"))
            said = shown(await town.press(town.admin, after, "◀"))
            assert said.text == question
        said = shown(await acts.get(goes_on.get(title, ""), acts["press Leave it as it is"])(said))
    assert list(asked) == [TITLES[step.key] for step in STEPS]
    assert {"choose Nowhere: levels without telling", "choose No levels here"} <= asked["Levels"]
    assert {"press Make #mod-log, for staff only", "press No log"} <= asked["The moderators' log"]
    assert asked["My language here"] >= {"choose English", "choose Deutsch"}
    # Each step can be asked again from the end.
    for step in STEPS:
        again = shown(await town.choose(town.admin, said, [TITLES[step.key]]))
        assert title_of(again) == TITLES[step.key]
        said = shown(await town.press(town.admin, again, "Back"))
    assert "Set `level-up`: `here` → `channel`" in said
    assert "Add rules of automod that only watch: `invites`" in said
    assert state_of(town) == before
    assert "Stopped. Nothing was changed." in shown(await town.press(town.admin, said, "Stop"))
    assert state_of(town) == before
    assert await town.says(town.admin, "!config history") == "Nothing was changed yet."


async def form_of(town: Town, said: Answer) -> Modal:
    form = (await town.press(town.admin, said, "Another…")).modal
    assert form is not None
    return form


async def test_forms(town: Town):
    said = await skip_to(town, await begin(town), "prefix")
    question = "One or more prefixes"
    wrong = await town.fill(town.admin, await form_of(town, said), {question: "x" * 21})
    assert "at most" in wrong.reply
    said = shown(await town.fill(town.admin, await form_of(town, said), {question: 'hearth! "hey bot "'}))
    said = await skip_to(town, said, "timezone")
    question = "A city in it, or a time zone"
    wrong = await town.fill(town.admin, await form_of(town, said), {question: "Nowhere at all"})
    assert "I know no time zone" in wrong.reply
    form, late = await form_of(town, said), await form_of(town, said)
    await town.wait(minutes=9)
    said = shown(await town.fill(town.admin, form, {question: "Vienna"}))
    assert title_of(said) == TITLES["mod-roles"]
    # The form of a step that was answered meanwhile changes nothing.
    assert shown(await town.fill(town.admin, late, {question: "Tokyo"})).text == said.text
    await town.wait(minutes=9)  # it waits so long for each answer
    everyone = await town.choose(town.admin, said, [town.guild.everyone])
    assert "everybody" in everyone.reply
    said = shown(await town.press(town.admin, said, "To the end"))
    assert "Set `timezone`: `UTC` → `Europe/Vienna`" in said
    assert "`hearth!`" in said
    done = shown(await town.press(town.admin, said, "Do it"))
    assert "`hearth!setup` begins anew" in done
    assert list(town.bot.beginnings.prefixes(town.guild.live)) == ["hey bot ", "hearth!"]


# --- what is made


async def test_what_was_confirmed_is_done_and_shown_the_next_time(town: Town):
    moderator, member = town.guild.role("Moderator"), town.guild.role("Member")
    said = await answer(town, {
        "mod-roles": [moderator], "mod-log": "Make #mod-log, for staff only", "jail": "Make @Jailed",
        "welcome": [town.general], "levels": ["In one channel"], "level-channel": "Make #levels",
        "economy": ["Coins by commands and for chatting"], "automod": "Let the rules watch",
    })  # fmt: skip
    assert f"Make `#mod-log`, which only {moderator.mention}, administrators and I see" in said
    assert "Make the role `@Jailed`, without any rights" in said
    assert "Hide 3 channels from `@Jailed`" in said
    assert "Set `mod-log`: — → the new `mod-log`" in said
    assert f"Set `welcome-channel`: — → {town.general.mention}" in said
    done = shown(await town.press(town.admin, said, "Do it"))
    assert "It is done." in done
    assert "❌" not in done
    assert done.buttons == {}

    guild = town.guild.live
    log, jail, levels = (discord.utils.get(guild.text_channels, name=name) for name in ("mod-log", "jail", "levels"))
    jailed = discord.utils.get(guild.roles, name="Jailed")
    assert log
    assert jail
    assert levels
    assert jailed
    seen = {name: set() for name in ("mod-log", "jail", "levels")}
    for channel in (log, jail, levels):
        for role in (guild.default_role, moderator.live, member.live, jailed):
            if channel.permissions_for(role).view_channel:
                seen[channel.name].add(role.name)
    assert seen["mod-log"] == {"Moderator"}
    assert seen["jail"] == {"Moderator", "Jailed"}
    assert not levels.permissions_for(member.live).send_messages
    assert not levels.permissions_for(member.live).create_public_threads
    assert levels.permissions_for(guild.me).send_messages
    assert [channel.name for channel in guild.text_channels if channel.permissions_for(jailed).view_channel] == [
        "jail"
    ]
    assert jailed.permissions.value == 0
    values = read_facts(town.bot, guild).values
    assert values["mod-log"] == log.id
    assert values["jail-role"] == jailed.id
    assert values["level-up"] == "channel"
    assert values["level-up-channel"] == levels.id
    assert values["chat-income"] is True
    assert "flood" in await town.says(town.admin, "!automod")

    # Again: what holds is shown, what is there is used, and the same answers change nothing.
    said = await skip_to(town, await begin(town), "mod-log")
    assert f"Now: {log.mention}" in said
    assert "Use #mod-log" in said.buttons
    said = await answer(town, {
        "mod-roles": [moderator], "mod-log": "Use #mod-log", "jail": "Use @Jailed", "levels": ["In one channel"],
        "level-channel": "Use #levels",
    })  # fmt: skip
    assert "With these answers nothing would change." in said
    assert said.button("Do it").disabled
    # A role that was deleted is made anew, and sees the cell that is there.
    await town.delete_role(town.role("Jailed"))
    said = await answer(town, {"jail": "Make @Jailed"})
    assert f"Let `@Jailed` see {jail.mention} and write there" in said
    assert "It is done." in shown(await town.press(town.admin, said, "Do it"))
    jailed = discord.utils.get(town.guild.live.roles, name="Jailed")
    assert jailed
    assert [one.name for one in town.guild.live.text_channels if one.permissions_for(jailed).view_channel] == ["jail"]
    assert jail.permissions_for(jailed).send_messages
    # And all of it can be taken away again.
    said = await answer(town, {
        "mod-roles": "No roles", "mod-log": "No log", "jail": "No jail", "welcome": "No welcome",
        "levels": ["No levels here"], "economy": ["No coins here"],
    })  # fmt: skip
    assert "Switch the feature `leveling` off" in said
    assert "It is done." in shown(await town.press(town.admin, said, "Do it"))
    after = read_facts(town.bot, town.guild.live)
    assert after.disabled == {"leveling", "economy"}
    assert {after.values[key] for key in ("mod-log", "jail-role", "welcome-channel")} == {None}
    assert await town.says(town.ann, "!rank") is None


# --- what keeps it from that


async def test_who_may_and_what_is_missing(town: Town):
    assert "You need" in await town.says(town.ann, "!setup")
    manager = town.member("max", roles=[town.role("Manager", permissions=discord.Permissions(manage_guild=True))])
    wanted: dict[str, str | Sequence[Any]] = {"mod-log": "Make #mod-log, for staff only", "jail": "Make @Jailed"}
    theirs = await answer(town, wanted, manager)
    assert "You lack **Manage Channels** and **Manage Roles** for this" in theirs
    assert theirs.button("Do it").disabled
    assert "not yours" in (await town.press(town.admin, theirs, "Stop")).reply
    await town.give_role(manager, "Admin")
    theirs = shown(await town.press(manager, theirs, "Look again"))
    assert "You lack" not in theirs
    assert not theirs.button("Do it").disabled

    await town.take_permission(town.guild, "manage_channels")
    said = await answer(town, wanted)
    assert "I lack **Manage Channels**. Give them to my role in Server Settings, Roles." in said
    assert said.button("Do it").disabled
    await town.give_permission(town.guild, "manage_channels")
    said = shown(await town.press(town.admin, said, "Look again"))
    assert "I lack" not in said
    assert not said.button("Do it").disabled
    await town.take_permission(town.bots_corner, "manage_roles")
    said = shown(await town.press(town.admin, said, "Look again"))
    assert "I can't hide 1 channel from who is jailed: give me **View Channel** and **Manage Roles** there" in said

    # What works in part is only said.
    await town.take_permission(town.bots_corner, "embed_links")
    said = await answer(town, {"mod-log": [town.bots_corner], "jail": [town.guild.role("Moderator")]})
    assert f"In {town.bots_corner.mention} I lack **Embed Links**." in said
    assert f"Everybody can read {town.bots_corner.mention}" in said
    assert "has rights of staff" in said
    assert not said.button("Do it").disabled


async def test_what_is_deleted_while_it_is_asked(town: Town):
    helpers, muted, desk = town.role("Helpers"), town.role("Muted"), town.channel("desk")
    wanted: dict[str, str | Sequence[Any]] = {
        "mod-roles": [helpers], "mod-log": [desk], "jail": [muted], "levels": ["In one channel"],
    }  # fmt: skip
    said = await answer(town, wanted)
    assert f"Who has {muted.mention} writes in 3 channels" in said
    assert "No channel for new levels is set: until then I tell of them where they were reached." in said
    await town.take_permission(desk, "view_channel", of=town.guild.everyone)
    said = shown(await town.press(town.admin, said, "Look again"))
    assert f"{desk.mention} can't be seen by {helpers.mention}" in said
    await town.delete_role(helpers)
    await town.delete_role(muted)
    await town.delete_channel(desk)
    said = shown(await town.press(town.admin, said, "Do it"))
    assert "Something has changed meanwhile, so nothing was done yet." in said
    assert "The channel for `mod-log` was deleted: choose another." in said
    for key in ("mod-roles", "jail-role"):
        assert f"A role for `{key}` was deleted: choose anew." in said
    assert said.button("Do it").disabled
    # Each of these can be answered anew, and the rest is done.
    for title, choice in (("Who moderates", "No roles"), ("The moderators' log", "No log"), ("A jail", "No jail")):
        said = shown(await town.press(town.admin, shown(await town.choose(town.admin, said, [title])), choice))
    said = shown(await town.press(town.admin, said, "Do it"))
    assert "It is done." in said
    assert "mod-log" not in said


async def test_where_no_embeds_are_shown_all_of_it_is_read(town: Town):
    await town.take_permission(town.general, "embed_links")
    roles = [town.role(f"Watch {number}") for number in range(10)]
    await town.says(town.admin, f"!config set mod-roles {' '.join(role.mention for role in roles)}")
    await town.says(town.admin, "!feature disable utility")
    prefixes = [letter * 20 for letter in "abcdefghi"]
    await town.says(town.admin, f"!config set prefixes ! {' '.join(prefixes)}")
    wanted: dict[str, str | Sequence[Any]] = {
        "prefix": [*prefixes, "?"], "mod-roles": roles[1:], "mod-log": "Make #mod-log, for staff only",
        "jail": "Make @Jailed", "welcome": "Make #welcome", "levels": ["In one channel"],
        "level-channel": "Make #levels",
        "economy": ["Coins by commands and for chatting"], "automod": "Let the rules watch",
    }  # fmt: skip
    said = await answer(town, wanted)
    assert "This is more than one message holds" in said
    assert said.button("Do it").disabled
    again = shown(await town.choose(town.admin, said, ["Who moderates"]))
    said = shown(await town.press(town.admin, again, "Leave it as it is"))
    before = len(town.messages(town.general))
    done = shown(await town.press(town.admin, said, "Do it"))
    told = [done, *town.messages(town.general)[before:]]
    assert "It is done." in done
    assert sum(one.count("✅") for one in told) == said.partition("**Look at this:**")[0].count("\n- ")


async def test_two_at_once_and_everything_twice(town: Town):
    said = await begin(town)
    await town.press_at_once((town.admin, said, "Leave it as it is"), times=2)
    now = town.now_of(said)
    assert now is not None
    assert title_of(now) == TITLES["prefix"]

    wanted: dict[str, str | Sequence[Any]] = {"mod-log": "Make #mod-log, for staff only"}
    mine, hers = await answer(town, wanted), await answer(town, wanted, town.owner)
    await town.press_at_once((town.admin, mine, "Do it"), (town.owner, hers, "Do it"), times=2)
    assert [channel.name for channel in town.guild.live.text_channels].count("mod-log") == 1
    looks = [text for text in (town.now_of(mine), town.now_of(hers)) if text is not None]
    assert sum("It is done." in text for text in looks) == 1
    waits = next(text for text in looks if "It is done." not in text)
    assert "meanwhile" in waits or "just now" in waits

    # Somebody else has set what a review is about.
    late = await answer(town, {"welcome": [town.general]})
    await town.says(town.owner, f"!config set welcome-channel {town.bots_corner.mention}")
    again = shown(await town.press(town.admin, late, "Do it"))
    assert "Something has changed meanwhile, so nothing was done yet." in again
    assert f"Set `welcome-channel`: {town.bots_corner.mention} → {town.general.mention}" in again
    assert "It is done." in shown(await town.press(town.admin, again, "Do it"))


async def test_nobody_answers_or_nobody_may_any_more(town: Town):
    before = state_of(town)
    said = await answer(town, {"jail": "Make @Jailed"})
    await town.wait(minutes=11)
    over = town.now_of(said)
    assert over is not None
    assert "Nobody answered for 10 minutes, so I stopped. Nothing was changed" in over
    assert over.buttons == {}
    said = await answer(town, {"jail": "Make @Jailed"})
    await town.take_role(town.admin, "Admin")
    refused = await town.press(town.admin, said, "Do it")
    assert "You need" in refused.reply
    assert state_of(town) == before
    await town.give_role(town.admin, "Admin")
    said = await answer(town, {"jail": "Make @Jailed"})
    await town.restart()
    assert state_of(town) == before


async def test_what_fails_is_said_and_the_rest_is_done(town: Town):
    wanted: dict[str, str | Sequence[Any]] = {
        "mod-log": "Make #mod-log, for staff only", "welcome": "Make #welcome", "economy": ["No coins here"],
    }  # fmt: skip
    said = await answer(town, wanted)
    town.refuse("POST", "/guilds/*/channels", status=400, code=30_013, message="Maximum number of channels reached")
    said = shown(await town.press(town.admin, said, "Do it"))
    assert "Not all of it could be done." in said
    assert "❌ Make `#mod-log`" in said
    assert "This server has as many channels as Discord allows: delete one." in said
    assert "❌ Set `mod-log`: — → the new `mod-log`\n  What it needs couldn't be made." in said
    assert "✅ Switch the feature `economy` off" in said
    assert "✅ Set `welcome-channel`" in said
    jail = await answer(town, {"jail": "Make @Jailed"})
    town.refuse("PUT", f"/channels/{town.bots_corner.id}/permissions/*", status=500, times=5)
    jail = shown(await town.press(town.admin, jail, "Do it"))
    assert f"1 channel couldn't be hidden, such as {town.bots_corner.mention}" in jail
    assert "Hide 1 channel from" in await answer(town, {"jail": "Use @Jailed"})
    # Once more, only the rest is left.
    said = await answer(town, {**wanted, "mod-log": "Make #mod-log, for staff only", "welcome": "Use #welcome"})
    assert "welcome" not in said
    assert "economy" not in said
    assert "It is done." in shown(await town.press(town.admin, said, "Do it"))
