"""Hangman, wordle, anagrams and typing races, each played in a channel."""

import pytest

from cogs.fun.words.lists import anagram_words, hangman_words
from cogs.fun.words.race_rules import MARK
from tests.support.town import Town


def game(town: Town, channel=None):
    return town.bot.get_cog("Channel games").running[(channel or town.general).id]


def is_free(town: Town) -> bool:
    return not town.bot.get_cog("Channel games").running


async def test_hangman(town: Town):
    begun = await town.says(town.ann, "!hangman animals")
    assert begun.embed.title == "Hangman: Animals"
    assert "_ _ _" in begun
    word = game(town).gallows.word
    wrong = [letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter not in word][:6]
    shown = await town.says(town.bob, word[0])
    assert word[0].upper() in shown.embed.description
    assert await town.says(town.ann, word[0]) is None
    assert await town.says(town.ann, "what a nice day") is None
    reactions = len(town.calls("PUT", "*reactions*"))  # to the letter that was said twice
    assert "✗ " + wrong[0].upper() in await town.says(town.ann, wrong[0])
    assert await town.redeliver() is None
    assert len(town.calls("PUT", "*reactions*")) == reactions == 1
    won = await town.says(town.bob, word.upper())
    assert won.endswith(f"🎉 {town.bob.mention} solved it! The word was **{word.upper()}**.")
    assert is_free(town)

    await town.says(town.ann, "!hangman")
    word = game(town).gallows.word
    wrong = [letter for letter in "abcdefghijklmnopqrstuvwxyz" if letter not in word][:6]
    said = [await town.says(town.bob, letter) for letter in wrong]
    assert said[-1].endswith(f"💀 That was the last miss. The word was **{word.upper()}**.")
    assert is_free(town)
    await town.dm(town.ann, "!hangman")
    in_dm = town.bot.get_cog("Channel games").running[town.ann.dm.id].gallows.word
    assert in_dm[0].upper() in (await town.dm(town.ann, in_dm[0])).embed.description
    (over,) = await town.wait(minutes=3)
    assert "Nobody is guessing any more" in over
    assert "no category" in await town.says(town.ann, "!hangman 🦊🦊🦊")


@pytest.mark.town(languages=("en",))  # German sentences pass through no pseudo-language
async def test_words_are_those_of_the_servers_language(town: Town):
    await town.says(town.admin, "!config set language de")
    await town.says(town.ann, "!hangman food")
    assert game(town).gallows.word in hangman_words("de")["food"]


async def test_wordle(town: Town):
    begun = await town.says(town.ann, "!wordle")
    assert "Everybody plays together." in begun
    game(town).word = "crane"
    board = await town.says(town.bob, "Eerie")
    assert board.embed.description.startswith("⬛⬛🟨⬛🟩 `E E R I E`")
    assert await town.says(town.bob, "zzzzz") is None
    assert await town.says(town.bob, "eerie") is None
    assert await town.says(town.bob, "a longer sentence") is None
    won = await town.says(town.ann, "crane")
    assert won.endswith(f"🟩🟩🟩🟩🟩 `C R A N E`\n\n🎉 {town.ann.mention} found it! It took 2 tries.")
    assert is_free(town)

    assert f"Only {town.ann.mention} plays." in await town.says(town.ann, "!wordle alone")
    game(town).word = "crane"
    assert await town.says(town.bob, "crane") is None
    for word in ("about", "above", "actor", "acute", "admit"):
        assert "🎉" not in await town.says(town.ann, word)
    assert (await town.says(town.ann, "adopt")).endswith("The word was **CRANE**.")
    assert "`alone`" in await town.says(town.ann, "!wordle nonsense", channel=town.bots_corner)


async def test_anagram(town: Town):
    begun = await town.says(town.ann, "!anagram 2")
    assert begun.replies[1].embed.title == "Word 1 of 2"
    word = game(town).word
    assert word in anagram_words("en")
    assert "brings 3 points" in await town.says(town.bob, f" {word.upper()} ")
    assert await town.says(town.ann, word) is None
    (shown,) = await town.wait(seconds=4)
    assert shown.embed.title == "Word 2 of 2"
    (hint,) = await town.wait(seconds=25)
    assert game(town).word[:2].upper() in hint
    answered = await town.says(town.ann, game(town).word)
    assert "brings 1 point." in answered
    assert f"**#1** {town.bob.mention} · 3 points\n**#2** {town.ann.mention} · 1 point" in answered.replies[1]
    assert is_free(town)

    await town.says(town.ann, "!anagram")
    *_before, over = await town.wait(minutes=5)
    assert "Nobody is answering any more" in over
    for words in ("0", "21", "x", "9" * 500):
        assert "from 1 to 20" in await town.says(town.ann, f"!anagram {words}")


async def test_typerace(town: Town):
    assert "in 5 seconds" in await town.says(town.ann, "!typerace")
    text = game(town).text
    await town.says(town.bob, text)  # before it begins
    (go,) = await town.wait(seconds=5)
    assert MARK in go
    assert text in go.replace(MARK, "")
    await town.wait(seconds=20)
    await town.says(town.bob, go.embed.description.split("\n")[0])  # copied
    await town.says(town.ann, "so difficult")
    await town.says(town.ann, text.replace("e", "x", 2))
    await town.wait(seconds=10)
    await town.says(town.ann, text)  # the first one counts
    await town.says(town.bob, text)
    (over,) = await town.wait(seconds=10)
    first, second = over.embed.description.split("\n")
    assert f"**#1** {town.ann.mention}" in first
    assert "100% right" not in first
    assert f"**#2** {town.bob.mention}" in second
    assert second.endswith("100% right")
    assert is_free(town)
    await town.says(town.ann, "!typerace")
    assert (await town.says(town.ann, "!stop")).endswith("Nobody typed the text in time.")


async def test_each_game_ends_by_its_own_name(town: Town):
    assert await town.says(town.ann, "!hangman stop") == "There is no game in this channel."
    for name in ("hangman", "wordle", "anagram", "typerace"):
        await town.says(town.ann, f"!{name}")
        assert "Only" in await town.says(town.bob, f"!{name} stop")
        assert "The game is over" in await town.says(town.ann, f"!{name} STOP")
        assert is_free(town)
