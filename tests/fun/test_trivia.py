"""Trivia in a channel: rounds, hints, stopping, scores, a restart in between, and servers' own questions."""

import asyncio
import copy
import random
from datetime import UTC, datetime

import pytest

from cogs.fun.trivia.questions import Question
from database.channel_games import ChannelGamesStore, RunningGame
from database.trivia import OwnQuestion, TooManyQuestionsError, TriviaStore
from tests.support.town import Town
from utils.formatting import safe


def game(town: Town):
    return town.bot.get_cog("Channel games").running[town.general.id]


RIVERS = [Question(str(number), f"Which river is the {number}th?", ("Thames",)) for number in range(3)]


def answer_of(town: Town) -> str:
    return game(town).question.answers[0]


async def rows(town: Town) -> int:
    return await town.db.fetchval("SELECT COUNT(*) FROM channel_games")


async def test_a_game_to_its_end(town: Town):
    begun = await town.says(town.ann, "!trivia science 3")
    assert begun.startswith("Trivia\n3 questions are coming.")
    assert "already" in await town.says(town.bob, "!trivia")
    game(town).questions = RIVERS
    (asked,) = await town.wait(seconds=5)
    assert asked.embed.title == "Question 1 of 3"
    assert await town.says(town.bob, "no idea") is None
    answer = answer_of(town)
    with town.sql_statements() as statements:
        right = await town.says(town.bob, answer.upper())
    assert len(statements) == 1
    assert right.splitlines()[0] == f"✅ {town.bob.mention} has it: **{answer}**. That brings 100 points."
    assert right.pings == frozenset()
    assert await town.says(town.ann, answer) is None  # too late
    assert await town.redeliver() is None

    (asked,) = await town.wait(seconds=5)
    assert asked.embed.title == "Question 2 of 3"
    first, second = await town.wait(seconds=25)
    assert first.startswith("💡 A hint: ")
    assert "_" in second
    right = await town.says(town.bob, answer_of(town))
    assert "60 points" in right
    assert "🔥 2 in a row!" in right

    await town.wait(seconds=5)
    answer = answer_of(town)
    *_hints, over, end = await town.wait(seconds=30)
    assert over == f"⏰ Time is up. The answer was **{answer}**."
    assert end.startswith("The game is over\nThat was the last question.")
    assert f"**#1** {town.bob.mention} · 160 points" in end
    assert await rows(town) == 0
    assert await town.wait(minutes=5) == ()

    scores = await town.says(town.bob, "!trivia scores")
    assert f"**#1** {town.bob.mention} · 160 points · 2 right · best streak 2" in scores
    assert "You: 160 points, 2 right answers, best streak 2." in scores
    await town.leave(town.bob)
    scores = await town.says(town.ann, "!trivia scores")
    assert "Nobody has played trivia here yet." in scores
    assert "You haven't answered a question here yet." in scores


async def test_who_stops_it_and_what_ends_it(town: Town):
    assert await town.says(town.ann, "!stop") == "There is no game in this channel."
    await town.says(town.ann, "!trivia 5")
    await town.wait(seconds=5)
    assert "Only" in await town.says(town.bob, "!trivia stop")
    assert "Only" in await town.says(town.bob, "!trivia skip")
    answer = answer_of(town)
    await town.says(town.admin, "!blocklist add @bob")
    assert await town.says(town.bob, answer) is None
    await town.says(town.admin, "!blocklist remove @bob")
    assert await town.says(town.ann, "!trivia skip") == f"The answer was **{safe(answer)}**."
    assert "no question to skip" in await town.says(town.ann, "!trivia skip")
    (asked,) = await town.wait(seconds=5)
    assert asked.embed.title == "Question 2 of 5"
    ended = await town.says(town.moderator, "!stop")
    assert ended.startswith("The game is over\nThe answer was **")
    assert ended.endswith("Nobody has any points.")
    assert await town.wait(minutes=3) == ()

    await town.says(town.ann, "!trivia 5", channel=town.bots_corner)
    await town.says(town.bob, "!trivia 5")
    said = await town.wait(minutes=3)
    assert [one.embed.description.split("\n")[0] for one in said if one.embed.title == "The game is over"] == [
        "Nobody is answering any more, so I stop here."
    ] * 2
    await town.says(town.ann, "!trivia 5")
    await town.says(town.admin, "!feature disable fun")
    assert await town.wait(minutes=5) == ()
    assert await rows(town) == 0
    await town.says(town.admin, "!feature enable fun")
    await town.says(town.ann, "!trivia 5")
    town.refuse("POST", "*/messages", code=50013, times=None)
    await town.wait(seconds=60)
    town.refuse_no_more()
    assert await rows(town) == 0
    for words, said in {"99": "from 1 to 50", "nonsense": "no category", "own": "no questions of its own"}.items():
        assert said in await town.says(town.ann, f"!trivia {words}")
    assert "server only" in await town.dm(town.ann, "!trivia")


async def test_a_restart_ends_a_game_and_says_so_once(town: Town):
    await town.says(town.ann, "!trivia 5")
    await town.wait(seconds=5)
    await town.says(town.bob, answer_of(town))
    await town.restart(clean=False)
    await town.wait(seconds=10)
    assert town.last() == "I was restarted, and that ended the game in this channel. Begin another one!"
    assert await rows(town) == 0
    assert "100 points" in await town.says(town.bob, "!trivia scores")
    count = len(town.messages())
    await town.restart()
    await town.wait(seconds=60)
    assert len(town.messages()) == count
    await town.says(town.ann, "!trivia 5")
    await town.says(town.developer, "!reload fun", channel=town.bots_corner)
    assert town.last().startswith("I was restarted")
    assert "5 questions" in await town.says(town.ann, "!trivia 5")
    assert len(town.bot.chat_hearers) == len(set(town.bot.chat_hearers))


async def test_two_at_once_and_the_least_permissions(town: Town):
    """Of two who answer at once one gets the points; of two who begin at once one begins; text serves for embeds."""
    await town.take_permission(town.general, "embed_links", "add_reactions")
    town.bot.chance = random.Random(7)
    games = town.bot.get_cog("Channel games")
    await town.says(town.bob, "hello")
    said = town.last_said

    def also_said(words: str):
        another = copy.copy(said)
        another.id, another.content = town.bot.chance.getrandbits(62), words
        return another

    async def both_begin():
        messages = [also_said(f"!trivia {count}") for count in (2, 3)]
        await asyncio.gather(*map(town.bot.on_message, messages))

    await town.as_bot(both_begin())
    assert sorted("already" in one for one in town.messages()) == [False, True]
    assert len(games.running) == 1
    await town.wait(seconds=5)

    async def both_answer():
        for message in [also_said(answer_of(town)) for _ in range(2)]:
            games.hear(message)

    await town.as_bot(both_answer())
    assert sum("✅" in one for one in town.messages()) == 1
    assert sum(game(town).points.values()) == 100
    await town.delete_channel(town.general)
    await town.wait(minutes=1)
    assert not games.running
    assert await rows(town) == 0
    away = town.new_guild("Away", members=[town.ann])
    await town.settle()
    await town.says(town.ann, "!trivia 2", channel=away.channel("general"))
    await town.kick_bot_from(away)
    await town.wait(minutes=1)
    assert not games.running


async def test_a_servers_own_questions(town: Town):
    file = ("own.csv", b"Who leads?,Ann *the* great,Annie\nHow many are we?,12\n")
    assert "Manage Server" in await town.says(town.ann, "!trivia questions add", files=[file])
    assert "Attach one file" in await town.says(town.admin, "!trivia questions add")
    assert "no questions" in await town.says(town.admin, "!trivia questions")
    assert "needs a `question`" in await town.says(town.admin, "!trivia questions add", files=[("x.json", b"[1]")])
    added = await town.says(town.admin, "!trivia questions add", files=[file])
    assert added == "The file's 2 questions are added. This server has 2 of its own now."
    added = await town.says(town.admin, "!trivia questions add", files=[("again.csv", b"who LEADS,Bob")])
    assert "This server has 2 of its own now." in added
    assert "`own` · This server's own questions: 2 questions" in await town.says(town.ann, "!trivia categories")
    kept = await town.says(town.admin, "!trivia questions")
    assert kept.message.attachments[0].filename == "trivia-questions.json"
    assert "2 questions" in await town.says(town.ann, "!trivia own")
    await town.wait(seconds=5)
    assert "✅" in await town.says(town.bob, answer_of(town))
    await town.says(town.ann, "!stop")
    asked = await town.says(town.admin, "!trivia questions clear")
    await town.press(town.admin, asked, "Yes")
    assert town.last() == "2 questions are deleted."


async def test_which_channels_have_a_game(db):
    store = ChannelGamesStore(db)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    await store.add(5, 1, now)
    await store.add(4, None, now)
    await store.add(5, 2, now)  # left over by a crash, and taken over
    assert await store.all() == [RunningGame(4, None), RunningGame(5, 2)]
    assert [await store.remove(4), await store.remove(4)] == [True, False]


async def test_the_store(db):
    store = TriviaStore(db)
    await store.add(1, 7, points=100, streak=3)
    await store.add(1, 7, points=25, streak=1)
    await store.add(1, 8, points=125, streak=1)
    await store.add(2, 9, points=500, streak=1)
    assert [(one.user_id, one.points, one.right_answers, one.best_streak) for one in await store.top(1, limit=9)] == [
        (7, 125, 2, 3), (8, 125, 1, 1),
    ]  # fmt: skip
    await store.note_presence(1, [7], present=False)
    assert (await store.count(1), [one.user_id for one in await store.top(1, limit=9)]) == (1, [8])
    await store.add(1, 7, points=1, streak=1)  # who answers is here
    assert await store.count(1) == 2
    assert (await store.score(1, 99)).points == 0

    questions = [OwnQuestion(str(number), f"{number} 🦊?", ("a", "ö")) for number in range(3)]
    await store.add_questions(1, questions, most=3)
    await store.add_questions(1, [OwnQuestion("0", "new", ("b",))], most=3)
    with pytest.raises(TooManyQuestionsError):
        await store.add_questions(1, [OwnQuestion("9", "one more", ("b",))], most=3)
    assert await store.questions(1) == [OwnQuestion("0", "new", ("b",)), *questions[1:]]
    assert await store.questions(2) == []
    assert await store.clear_questions(1) == 3
