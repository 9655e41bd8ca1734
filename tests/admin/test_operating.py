"""What whoever runs the bot does with it: `sql`, `eval`, `guilds` and `leave`."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.admin.operating.rows import PAGE_CHARACTERS, pages, read_request
from cogs.admin.operating.running import run, secrets_in
from database.console import Found
from tests.support.town import Town
from utils.config import Config
from utils.formatting import MESSAGE_LIMIT, code_block

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GhIjKl.abcdefghijklmnopqrstuvwxyz0123456789AB"

values = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=60), st.binary(max_size=20))


def test_what_is_asked_is_read():
    assert read_request("SELECT 1") == ("SELECT 1", False)
    assert read_request("```sql\nSELECT 1\n```") == ("SELECT 1", False)
    assert read_request("`SELECT 1`") == ("SELECT 1", False)
    assert read_request("--write DELETE FROM x") == ("DELETE FROM x", True)
    assert read_request("—WRITE\n```\nDELETE FROM x\n```") == ("DELETE FROM x", True)
    assert read_request("--writer\nSELECT 1") == ("--writer\nSELECT 1", False)
    assert read_request("  --write ") == ("", True)


@given(st.integers(1, 6).flatmap(lambda n: st.lists(st.tuples(*[values] * n), max_size=40)))
def test_every_page_fits_into_a_message(rows: list[tuple[object, ...]]):
    columns = tuple(f"column{n}" for n in range(len(rows[0]) if rows else 2))
    shown = pages(Found(columns, tuple(rows), more=False, changed=0), str)
    assert shown
    for page in shown:
        assert len(page) <= PAGE_CHARACTERS
        assert len("x" * 100 + code_block(page)) <= MESSAGE_LIMIT


def test_no_half_of_a_secret_is_left():
    secret = "s3cr3t" * 10
    found = Found(("a", secret), (("x" * 10 + secret, secret.encode()), (secret, None)), more=False, changed=0)
    assert "s3cr3t" not in "".join(pages(found, lambda text: text.replace(secret, "***")))


async def outcome_of(text: str, **names: object):
    return await run(text, names, seconds=1.0, step_seconds=0.2)


async def test_code_runs():
    assert (await outcome_of("1 + 1")).value == 2
    assert (await outcome_of("x = 3\nfor y in range(x):\n    print(y, end=',')")).printed == "0,1,2,"
    assert (await outcome_of("await asyncio.sleep(0)\nvalue * 2", asyncio=asyncio, value=4)).value == 8
    assert (await outcome_of("async def f(): return 7\nawait f()")).value == 7
    for wrong in ("1 +", "", "yield 1", "return 1; yield 2", "raise SystemExit", "1 / 0", "\0"):
        assert (await outcome_of(wrong)).error, wrong
    error = (await outcome_of("def f():\n    1 / 0\nf()")).error
    assert error.count("<eval>") == 2
    assert "running.py" not in error


async def test_code_that_goes_on_for_ever_is_stopped():
    for endless in (
        "print('on')\nwhile True:\n    pass",
        "print('on')\nwhile True:\n    try:\n        pass\n    except Exception:\n        pass",
        "print('on')\nwhile True:\n    await asyncio.sleep(0.01)",
        "print('on')\nawait asyncio.sleep(1000)",
        "print('on')\nawait asyncio.sleep(0)\nfor x in range(10**12): y = x",
    ):
        outcome = await outcome_of(endless, asyncio=asyncio)
        assert (outcome.overdue, outcome.error, outcome.printed) == (True, None, "on\n"), endless
    outcome = await outcome_of("raise TimeoutError('theirs')")
    assert (outcome.overdue, "theirs" in outcome.error) == (False, True)


def test_secrets_of_the_machine_are_known():
    around = {"GITHUB_TOKEN": "abcdefgh", "PATH": "/usr/bin", "API_KEY": "on", "MY_PASSWORD": "hunter22"}
    assert secrets_in(around) == {"abcdefgh", "hunter22"}


# --- the commands


@pytest.mark.town(discord_token=TOKEN)
async def test_sql_looks_and_asks_before_it_changes(town: Town):
    assert await town.says(town.owner, "!sql SELECT 1") is None, "a server's owner isn't who runs the bot"
    assert await town.says(town.developer, "!sql SELECT 7 AS n, 'x' AS t") == "I've sent it to you."
    answer = town.last(town.developer)
    assert answer.startswith("1 row:")
    assert "n  t" in answer
    answer = await town.dm(town.developer, "!sql SELECT '" + TOKEN + "' AS t")
    assert TOKEN not in answer.message.content
    assert "***" in answer.message.content
    answer = await town.dm(town.developer, "!sql")
    assert "accounts: guild_id, user_id, cash" in answer.message.content
    await town.press(town.developer, answer, "▶")
    assert town.now_of(answer).message.content != answer.message.content
    assert (await town.dm(town.developer, "!sql DELETE FROM todos")).startswith("This can only read")
    assert (await town.dm(town.developer, "!sql --write DROP TABLE todos")).startswith("With `--write`")
    assert (await town.dm(town.developer, "!sql SELECT x FROM nowhere")).startswith("The database refused:")
    await town.says(town.ann, "!todo add bread")
    question = await town.says(town.developer, "!sql --write DELETE FROM todos")
    assert question.startswith("This changes 1 row, for good.")
    await town.press(town.developer, question, "No")
    assert town.last() == "Nothing was changed."
    assert await town.db.fetchval("SELECT COUNT(*) FROM todos") == 1
    question = await town.says(town.developer, "!sql --write DELETE FROM todos")
    await town.press(town.developer, question, "Yes")
    assert town.last() == "Changed 1 row."
    assert await town.db.fetchval("SELECT COUNT(*) FROM todos") == 0


@pytest.mark.town(allow_eval=True, discord_token=TOKEN)
async def test_eval_where_it_is_allowed(town: Town):
    assert await town.says(town.owner, "!eval 1") is None
    answer = await town.dm(town.developer, "!eval ```py\nprint('hi')\nlen(bot.guilds)\n```")
    assert answer.startswith("Result:")
    assert answer.endswith("hi\n1\n```")
    assert "2" in await town.dm(town.developer, "!eval last + 1")
    answer = await town.dm(town.developer, "!eval bot.config.discord_token, repr(bot.config.discord_token)")
    assert TOKEN not in answer.message.content
    assert (await town.dm(town.developer, "!eval 1/0")).startswith("It raised an error:")
    assert await town.says(town.developer, "!eval 'a' * 5000") == "I've sent it to you."
    assert [file.filename for file in town.last(town.developer).files] == ["result.txt"]
    assert town.bot.error_reports.all() == []


async def test_eval_is_off(town: Town):
    assert not Config().allow_eval
    assert (await town.says(town.developer, "!eval 1")).startswith("Running code is switched off.")


async def test_guilds_are_listed_and_left(town: Town):
    for number in range(12):
        village = town.new_guild(f"Village {number}")
    await town.settle()
    answer = await town.says(town.developer, "!guilds")
    assert answer.embed.title == "13 servers"
    assert answer.splitlines()[1].startswith(f"**Town** (`{town.guild.id}`)"), "the largest first"
    assert f"<@{town.owner.id}>" in answer
    assert "<t:" in answer
    await town.press(town.developer, answer, "▶")
    assert "Village 11" in town.now_of(answer)
    assert "1 server" in await town.says(town.developer, f"!guilds {village.id}")
    assert await town.says(town.developer, "!guilds nowhere") == "I'm in no such server."
    assert (await town.says(town.developer, "!leave village")).startswith("Several servers fit;")
    assert (await town.says(town.developer, "!leave nowhere")).startswith("I'm in no server `nowhere`")
    question = await town.says(town.developer, "!leave Village 11")
    await town.press(town.developer, question, "No")
    assert town.last() == "I stay."
    question = await town.says(town.developer, "!leave Village 11")
    await town.press(town.developer, question, "Yes")
    assert town.last() == "I left Village 11."
    assert len(town.bot.guilds) == 12
    assert await town.says(town.owner, "!leave Town") is None
