"""`config`: every setting from one place, with a history that can be taken back."""

import asyncio

import pytest

from tests.support.feature_folder import GREETER, FeatureFolder
from tests.support.town import Town
from utils.core_settings import IGNORED_CHANNELS, IGNORED_ROLES, PREFIXES
from utils.events import GuildSettingChanged

sqlite = pytest.mark.engines("sqlite")

NO_CHANNEL = (
    "`ignored-channels`: I can't find a fitting channel “nowhere”. "
    "Mention it, like `#general`, or write its name or id."
)


async def test_showing_setting_and_resetting(town: Town):
    overview = await town.says(town.admin, "!config")
    assert overview.startswith("Settings of Town")
    assert "○ `suggestions`: off" in overview.fields["Feature admin"]
    assert await town.says(town.admin, "!config set suggestions on") == "`suggestions` was off and is on now."
    assert "● `suggestions`: on" in (await town.says(town.admin, "!config")).fields["Feature admin"]
    shown = await town.says(town.admin, "!config show suggestions")
    assert shown.startswith("suggestions\nWhether I suggest the nearest command when somebody mistypes one.")
    assert shown.fields == {"Now": "on", "Default": "off", "Fits": "`on` or `off`"}
    assert await town.says(town.admin, "!config set suggestions yes") == "`suggestions` is on already."
    await town.restart()
    assert (await town.says(town.admin, "!config show SUGGESTIONS")).fields["Now"] == "on", "it survives a restart"
    assert await town.says(town.admin, "!config reset suggestions") == "`suggestions` was on and is off now."
    assert await town.says(town.admin, "!config reset suggestions") == "`suggestions` has its default already."
    assert [(event.key, event.old, event.new, event.changed_by) for event in town.sent(GuildSettingChanged)] == [
        ("suggestions", None, True, town.admin.id),
        ("suggestions", True, None, town.admin.id),
    ]


async def test_history_tells_who_changed_what_and_when(town: Town):
    assert await town.says(town.admin, "!config history") == "Nothing was changed yet."
    await town.says(town.admin, "!config set suggestions on")
    await town.wait(hours=1)
    await town.says(town.owner, "!prefix add ?")
    then = int(town.now.timestamp())
    await town.wait(hours=1)
    answer = await town.says(town.admin, "!config history")
    assert answer.splitlines() == [
        "Changes of settings",
        f"<t:{then}:f> {town.owner.mention}: `prefixes` from `!` to `!` and `?`",
        f"<t:{then - 3600}:f> {town.admin.mention}: `suggestions` from off to on",
    ]
    assert answer.pings == {town.admin.id}, "who asked; naming somebody doesn't call them"
    assert len((await town.says(town.admin, "!config history suggestions")).splitlines()) == 2
    assert await town.says(town.admin, "!config history language") == "Nothing was changed yet."


@sqlite
async def test_a_long_history_has_pages(town: Town):
    for number in range(30):
        await town.says(town.admin, f"!config set suggestions {'on' if number % 2 == 0 else 'off'}")
    first = await town.says(town.admin, "!config history")
    assert first.button("1/2")
    second = (await town.press(town.admin, first, "▶")).message
    assert len(first.splitlines()) + len(second.splitlines()) == 32


async def test_undo_step_by_step(town: Town):
    assert await town.says(town.admin, "!config undo") == "There is nothing to undo."
    await town.says(town.admin, "!config set suggestions on")
    await town.says(town.admin, "!prefix add ?")
    await town.says(town.admin, "!config reset suggestions")
    assert await town.says(town.owner, "!config undo") == "`suggestions` was off and is on now."
    assert await town.says(town.owner, "!config undo") == "`prefixes` was `!` and `?` and is `!` now."
    assert await town.says(town.ann, "?ping") is None
    assert await town.says(town.owner, "!config undo") == "`suggestions` was on and is off now."
    assert await town.says(town.owner, "!config undo") == "There is nothing to undo."
    history = await town.says(town.admin, "!config history")
    assert history.count("~~") == 6, "what was taken back is struck through"
    await town.says(town.admin, "!config set suggestions on")
    assert await town.says(town.owner, "!config undo") == "`suggestions` was on and is off now."


@sqlite
async def test_undo_brings_back_what_was_switched_off(town: Town):
    await town.says(town.admin, "!feature disable utility")
    await town.says(town.admin, "!command disable ping")
    await town.says(town.admin, "!config undo")
    assert "Pong" in await town.says(town.ann, "!ping")
    await town.says(town.admin, "!config undo")
    assert "`utility`" not in await town.says(town.ann, "!help xyz")
    assert await town.says(town.ann, "!timezone") is not None


@sqlite
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("set suggestions perhaps", "`suggestions`: “perhaps” is neither `on` nor `off`."),
        ("set language klingon", "`language`: Choose one of `en` or `de`."),
        ("set prefixes 1 2 3 4 5 6 7 8 9 10 11", "`prefixes`: That's too many: 10 at most."),
        ("set ignored-channels nowhere", NO_CHANNEL),
        (
            "set ignored-roles nobody",
            "`ignored-roles`: This server has no role “nobody”. Mention the role, or write its name or id.",
        ),
        ("set sugestions on", "There is no such setting; did you mean `suggestions`?"),
        ("set xyzzy on", "There is no such setting; `config` lists them all."),
        ("set disabled-features utility", "There is no such setting; `config` lists them all."),
        ("show xyzzy", "There is no such setting; `config` lists them all."),
        ("set suggestions", "Something is missing: `value`."),
        ("set", "Something is missing: `setting`."),
    ],
)
async def test_what_does_not_fit_is_one_clear_sentence(town: Town, text: str, said: str):
    answer = await town.says(town.admin, f"!config {text}")
    assert answer.splitlines()[0] == said
    assert answer.splitlines()[1].startswith("Usage: `!config ")
    assert await town.says(town.admin, "!config history") == "Nothing was changed yet."


@sqlite
async def test_what_is_deleted_stays_set_and_does_no_harm(town: Town):
    cool = town.role("Cool People")
    quiet = town.channel("quiet")
    await town.settle()
    await town.says(town.admin, f"!config set ignored-channels {quiet.mention}, #bots-corner")
    await town.says(town.admin, '!config set ignored-roles "Cool People"')
    await town.delete_channel(quiet)
    await town.delete_role(cool)
    shown = await town.says(town.admin, "!config show ignored_channels")
    assert shown.fields["Now"] == f"<#{quiet.id}> and {town.bots_corner.mention}"
    assert await town.says(town.admin, "!config") is not None
    assert await town.says(town.admin, "!config history") is not None
    assert await town.says(town.ann, "!ping", channel=town.bots_corner) is None
    assert "Pong" in await town.says(town.ann, "!ping")
    await town.says(town.admin, "!config reset ignored-channels")
    assert "Pong" in await town.says(town.ann, "!ping", channel=town.bots_corner)
    assert town.bot.guild_settings.get(town.guild.id, IGNORED_ROLES) == (cool.id,)
    assert town.bot.guild_settings.get(town.guild.id, IGNORED_CHANNELS) == ()


@sqlite
async def test_two_admins_at_once_both_win(town: Town):
    update = town.bot.guild_settings.update

    async def both() -> None:
        await asyncio.gather(
            update(town.guild.id, PREFIXES, lambda prefixes: (*prefixes, "?"), changed_by=town.admin.id),
            update(town.guild.id, PREFIXES, lambda prefixes: (*prefixes, "$"), changed_by=town.owner.id),
        )

    await town.as_bot(both())
    assert set(town.bot.beginnings.prefixes(town.guild.live)) == {"!", "?", "$"}


@sqlite
async def test_leaving_a_server_forgets_and_rejoining_reads_again(town: Town):
    village = town.new_guild("Village", members=[town.admin])
    await town.settle()
    await town.as_bot(_set_prefix(town, village.id))
    assert "Pong" in await town.says(town.admin, "?ping", channel=village.general)
    await town.kick_bot_from(village)
    assert town.bot.guild_settings.get(village.id, PREFIXES) == ("!",)
    await town.invite_bot_to(village)
    assert town.bot.beginnings.prefixes(village.live) == ("?",)


async def _set_prefix(town: Town, guild_id: int) -> None:
    await town.bot.guild_settings.set(guild_id, PREFIXES, ("?",), changed_by=None)


@sqlite
async def test_settings_of_a_feature_come_and_go_with_it(town: Town, feature_folder: FeatureFolder):
    feature_folder.write("greeter", GREETER)
    await feature_folder.open(town)
    await town.says(town.admin, "!config set volume 7")
    assert "● `volume`: `7`" in (await town.says(town.admin, "!config")).fields["Feature greeter"]
    await town.says(town.developer, "!unload greeter")
    assert "Feature greeter" not in (await town.says(town.admin, "!config")).fields
    assert "no such setting" in await town.says(town.admin, "!config set volume 8")
    assert "`volume` from `None` to `7`" in await town.says(town.admin, "!config history")
    await town.says(town.developer, "!load greeter")
    assert (await town.says(town.admin, "!config show volume")).fields["Now"] == "`7`"
    await town.restart()
    assert (await town.says(town.admin, "!config show volume")).fields["Now"] == "`7`"


@sqlite
async def test_only_who_manages_the_server(town: Town):
    for text in ("", " show language", " set language de", " reset language", " history", " undo"):
        assert await town.says(town.ann, f"!config{text}") == "You need the permission **Manage Server** for this."
        assert await town.dm(town.admin, f"!config{text}") == "This works in a server only."


@pytest.mark.engines("sqlite")
async def test_more_settings_than_one_page_takes_are_paged(town: Town, feature_folder: FeatureFolder):
    many = ", ".join(
        f'Setting("knob-{chr(97 + n // 26)}{chr(97 + n % 26)}", Text(900), "x" * 200, "A knob.")' for n in range(80)
    )
    feature_folder.write(
        "knobs",
        f"""
from utils.cog import Cog
from utils.setting_types import Setting, Text

class Knobs(Cog):
    settings = ({many})

async def setup(bot):
    await bot.add_cog(Knobs(bot))
""",
    )
    await feature_folder.open(town)
    overview = await town.says(town.admin, "!config")
    assert "knob-aa" in overview
    assert "knob-db" not in overview
    shown = await town.press(town.admin, overview, "⏭")
    assert "knob-db" in shown.message


@pytest.mark.engines("sqlite")
async def test_the_history_of_no_setting_is_not_that_of_all(town: Town):
    await town.says(town.admin, "!config set suggestions on")
    await town.says(town.admin, "!config undo")
    assert "did you mean `language`" in await town.says(town.admin, "!config history languge")


@pytest.mark.engines("sqlite")
async def test_a_long_value_is_shown_whole(town: Town):
    channels = [town.channel(f"quiet-{n}").id for n in range(60)]
    setting = town.bot.guild_settings.declared["ignored-channels"]
    await town.as_bot(town.bot.guild_settings.set(town.guild.id, setting, tuple(channels), changed_by=None))
    answer = await town.says(town.admin, "!config show ignored-channels")
    assert all(f"<#{channel}>" in answer for channel in channels)


async def test_a_mistyped_sub_command_is_refused(town: Town):
    answer = await town.says(town.admin, "!config sett language de")
    assert answer.startswith("That's more than this command takes.")
    assert "Commands in it: `!config export`, `!config history`, `!config import`, `!config reset`, " in answer
    assert "Usage: `!config`" in answer
