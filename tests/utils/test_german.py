"""The bot in German: a server's language, a person's own, and what German readers may write."""

import re

import pytest
from discord.ext import commands

from tests.support.town import Town
from utils.cog import Cog
from utils.commands import command
from utils.context import Context

pytestmark = pytest.mark.engines("sqlite")
german = pytest.mark.town(languages=("en",), default_language="de")
english = pytest.mark.town(languages=("en",))

PING = "Pong! Discord ist 0 ms entfernt."
PING_IN_ENGLISH = "Pong! Discord is 0 ms away."


# --- A bot that speaks German -----------------------------------------------------------------------------


@german
async def test_ping(town: Town):
    assert await town.says(town.ann, "!ping") == PING
    assert await town.dm(town.ann, "!ping") == PING


@german
async def test_help(town: Town):
    overview = await town.says(town.ann, "!help")
    assert overview.embed.title == "Was ich hier für dich tun kann"
    assert "Wähle eine Kategorie" in overview
    assert "Erinnerungen, Umfragen" in overview.fields["Utility"]
    (menu,) = overview.menus
    assert menu.placeholder == "Wähle eine Kategorie"
    opened = (await town.choose(town.ann, overview, ["Utility"])).message
    assert "Sagt, dass du abwesend bist: Wer dich erwähnt, erfährt es." in opened
    page = await town.says(town.admin, "!help config set")
    assert page.embed.description == "Ändert eine Einstellung."
    assert page.fields["Beispiele"].splitlines()[0] == "`!config set language de`"
    assert page.fields["Du brauchst"] == "**Server verwalten**"


@german
async def test_a_reminder_from_setting_it_to_snoozing_it(town: Town):
    answer = await town.says(town.ann, "!remind 2h Tee")
    assert re.fullmatch(
        r"Ich erinnere dich am <t:\d+:F> \(<t:\d+:R>\): Nummer \*\*#1\*\*\.\n> Tee", answer.removeprefix("✅ ")
    )
    (heard,) = await town.wait(hours=2)
    assert f"⏰ <@{town.ann.id}>, daran sollte ich dich erinnern:" in heard
    assert "angelegt <t:" in heard
    assert list(heard.buttons) == ["In 10 Minuten", "In 1 Stunde", "Morgen"]
    reaction = await town.press(town.ann, heard, "In 1 Stunde")
    assert "Ich erinnere dich noch einmal am" in reaction.reply
    assert "Deine Erinnerungen" in await town.says(town.ann, "!remind list")
    assert "Erinnerung **#1** ist gelöscht." in await town.says(town.ann, "!remind cancel 1")


@german
async def test_the_ways_to_write_a_reminder_that_help_shows(town: Town):
    page = await town.says(town.ann, "!help remind")
    sentence = page.embed.description.split(":", 1)[1].split(". Beginne", 1)[0]
    ways = re.findall(r"`([^`]+)`", sentence)
    assert len(ways) == 5
    for way in ways:
        assert "Ich erinnere dich am" in await town.says(town.ann, f"!remind {way}")
    assert "Ich erinnere dich am" in await town.says(town.ann, "!remind mich an list morgen 9 Uhr")


@german
async def test_durations_and_recurrences(town: Town):
    assert "kommt alle 2 Stunden, das nächste Mal am" in await town.says(town.ann, "!remind every 2 Stunden trinken")
    assert "kommt jeden Montag um 09:00" in await town.says(town.ann, "!remind jeden Montag 9 Uhr Sport")
    assert "alle 10 Tage um 08:00" in await town.says(town.ann, "!remind alle 10 Tage um 8 Uhr gießen")
    assert "Mindestens 5 Minuten liegen zwischen zwei Malen" in await town.says(town.ann, "!remind every 2m Tee")


@german
async def test_one_and_several(town: Town):
    await town.says(town.ann, "!remind 2h Tee")
    asked = await town.says(town.ann, "!remind cancel all")
    assert "Deine 1 Erinnerung löschen?" in asked
    await town.press(town.ann, asked, "Nein")
    await town.says(town.ann, "!remind 3h Kaffee")
    asked = await town.says(town.ann, "!remind cancel all")
    assert "Alle deine 2 Erinnerungen löschen?" in asked
    await town.press(town.ann, asked, "Ja")
    assert "2 Erinnerungen sind gelöscht." in town.last()


@german
async def test_settings(town: Town):
    overview = await town.says(town.admin, "!config")
    assert overview.embed.title == "Einstellungen von Town"
    assert "○ `language`: Deutsch" in overview.fields["Funktion admin"]
    assert "○ `suggestions`: aus" in overview.fields["Funktion admin"]
    one = await town.says(town.admin, "!config show suggestions")
    assert one.fields == {"Jetzt": "aus", "Standard": "aus", "Möglich": "`an` oder `aus`"}
    assert "`suggestions`: bisher aus, jetzt an." in await town.says(town.admin, "!config set suggestions an")


@german
async def test_mistakes(town: Town):
    refused = await town.says(town.ann, "!config")
    assert "Dafür brauchst du die Berechtigung **Server verwalten**." in refused
    missing = await town.says(town.ann, "!remind")
    assert "Da fehlt etwas: `when_and_what`." in missing
    assert "Aufruf: `!remind <when_and_what>`\nBeispiel: `!remind" in missing
    unread = await town.says(town.ann, "!remind irgendwann Tee")
    assert "„irgendwann Tee“ verstehe ich nicht als Zeitpunkt." in unread


class Well(Cog):
    """Water, slowly."""

    feature = "well"

    @command()
    @commands.cooldown(1, 30)
    async def drink(self, ctx: Context) -> None:
        """Drink."""
        await ctx.success("💧")


@german
async def test_a_cooldown(town: Town):
    await town.as_bot(town.bot.add_cog(Well(town.bot)))
    assert "1-mal in 30 s" in (await town.says(town.ann, "!help drink")).fields["Cooldown"]
    await town.says(town.ann, "!drink")
    answer = await town.says(town.ann, "!drink")
    assert re.search(r"Nicht so schnell: Das geht erst <t:\d+:R> wieder\.", answer)


# --- Who chooses it ---------------------------------------------------------------------------------------


@english
async def test_one_member_chooses_it(town: Town):
    assert "Ab jetzt antworte ich dir auf Deutsch." in await town.says(town.ann, "!language de")
    assert await town.says(town.ann, "!ping") == PING
    assert await town.says(town.bob, "!ping") == PING_IN_ENGLISH
    assert "Dafür brauchst du die Berechtigung **Server verwalten**." in await town.says(town.ann, "!config")
    assert "You need the permission **Manage Server** for this." in await town.says(town.bob, "!config")
    village = town.new_guild("Village", members=[town.ann])
    await town.settle()
    assert await town.says(town.ann, "!ping", channel=village.channel("general")) == PING
    assert await town.dm(town.ann, "!ping") == PING
    await town.says(town.ann, "!remind 1h Tee")
    await town.says(town.bob, "!remind 1h tea")
    hers, his = sorted(await town.wait(hours=1), key=lambda heard: "Tee" not in heard)
    assert "daran sollte ich dich erinnern" in hers
    assert "you asked me to remind you" in his
    await town.says(town.ann, "!language clear")
    assert await town.says(town.ann, "!ping") == PING_IN_ENGLISH


@english
async def test_a_server_chooses_it(town: Town):
    await town.says(town.bob, "!language en")
    village = town.new_guild("Village", members=[town.ann])
    await town.settle()
    await town.says(town.admin, "!config set language de")
    assert await town.says(town.ann, "!ping") == PING
    assert await town.says(town.bob, "!ping") == PING_IN_ENGLISH, "who chose a language keeps it"
    assert await town.says(town.ann, "!ping", channel=village.channel("general")) == PING_IN_ENGLISH
    assert "Dafür brauchst du die Berechtigung" in await town.says(town.ann, "!config")
    await town.restart()
    assert await town.says(town.ann, "!ping") == PING
