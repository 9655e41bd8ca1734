"""What commands start with."""

import pytest

from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")


async def test_adding_removing_resetting(town: Town):
    me = town.guild.live.me.mention
    assert await town.says(town.ann, "!prefix") == f"Commands start with `!` or {me} here."
    assert await town.says(town.admin, "!prefix add ?") == f"`?` works now; commands start with `!`, `?`, or {me}."
    assert "Pong" in await town.says(town.ann, "?ping")
    assert "Pong" in await town.says(town.ann, "!ping")
    assert await town.says(town.admin, "?prefix add ?") == "`?` is a prefix here already."
    await town.restart()
    assert "Pong" in await town.says(town.ann, "?ping"), "it survives a restart"
    assert await town.says(town.admin, "!prefix remove !") == f"`!` is gone; commands start with `?` or {me}."
    assert await town.says(town.ann, "!ping") is None
    assert await town.says(town.admin, "?prefix remove !") == f"`!` is no prefix here; there are `?` or {me}."
    assert await town.says(town.admin, "?prefix reset") == f"Commands start with `!` or {me} again."
    assert await town.says(town.ann, "?ping") is None
    assert "Pong" in await town.says(town.ann, "!ping")


async def test_without_any_a_mention_works(town: Town):
    me = town.guild.live.me.mention
    assert await town.says(town.admin, "!prefix remove !") == f"`!` is gone; commands start with {me}."
    await town.restart()
    assert await town.says(town.ann, "!ping") is None
    assert "Pong" in await town.says(town.ann, f"{me} ping")
    assert "Pong" in await town.says(town.ann, f"{me}ping")
    assert "Pong" in await town.says(town.ann, f"<@!{town.bot.user.id}>   ping")
    assert "works now" in await town.says(town.admin, f"{me} prefix add !")
    assert "Pong" in await town.says(town.ann, "!ping")


@sqlite
async def test_ten_at_most(town: Town):
    for number in range(9):
        assert "works now" in await town.says(town.admin, f"!prefix add p{number}")
    assert await town.says(town.admin, "!prefix add one-more") == "That's too many: 10 at most."
    assert "already" in await town.says(town.admin, "!prefix add p3")
    assert await town.says(town.ann, "one-more ping") is None
    assert "Pong" in await town.says(town.ann, "p8ping")
    await town.says(town.admin, "!prefix remove p8")
    assert "works now" in await town.says(town.admin, "!prefix add one-more")


@sqlite
async def test_a_space_without_quotes_is_not_guessed_at(town: Town):
    for words in ("add hey bot", "remove ! ?"):
        assert "more than this command takes" in await town.says(town.admin, f"!prefix {words}")
    assert await town.says(town.ann, "!prefix") == f"Commands start with `!` or {town.bot.user.mention} here."


@sqlite
async def test_the_longest_is_tried_first(town: Town):
    for prefix in ("!!", "!!!", "p", "ping"):
        await town.says(town.admin, f"!prefix add {prefix}")
    assert "`ping`, `!!!`, `!!`, `!`, `p`," in await town.says(town.ann, "!prefix")
    for text in ("!ping", "!!ping", "!!!ping", "pingping", "pping", "ping ping"):
        assert "Pong" in await town.says(town.ann, text), text


@sqlite
async def test_spaces_inside_quotes(town: Town):
    assert "`hey bot` works now" in await town.says(town.admin, '!prefix add "hey bot "')
    assert "Pong" in await town.says(town.ann, "hey bot ping")
    assert await town.says(town.ann, "hey bottle ping") is None
    assert (await town.says(town.ann, "hey bot help")).startswith("What I can do")
    assert "`hey bot ping`" in (await town.says(town.ann, "hey bot help ping")).fields["Examples"]
    assert "is gone" in await town.says(town.admin, '!prefix remove "hey bot"'), "as it is shown"
    assert await town.says(town.ann, "hey bot ping") is None
    assert "`x` works now" in await town.says(town.admin, '!prefix add "   x"'), "no message starts with a space"
    assert "Pong" in await town.says(town.ann, "xping")


@sqlite
@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ('""', "This text can't be empty."),
        ('"   "', "This text can't be empty."),
        ("x" * 21, "This text may have 20 characters at most."),
        ('"a\nb"', "This text must fit on one line."),
        ("<@1234567890123456789>", "A mention can't be a prefix; a mention of me works anyway."),
        ("<@&1234567890123456789>", "A mention can't be a prefix; a mention of me works anyway."),
    ],
)
async def test_what_can_not_be_one(town: Town, prefix: str, said: str):
    assert await town.says(town.admin, f"!prefix add {prefix}") == said
    assert said in await town.says(town.admin, f"!config set prefixes {prefix}")
    assert town.bot.beginnings.prefixes(town.guild.live) == ("!",)


@sqlite
async def test_odd_ones_that_work(town: Town):
    for prefix in ("😀", "`", "é", "x" * 20, "*", "\\", "--"):
        assert "works now" in await town.says(town.admin, f"!prefix add {prefix}"), prefix
        assert "Pong" in await town.says(town.ann, f"{prefix}ping"), prefix
        assert await town.says(town.ann, "!prefix") is not None
        assert "is gone" in await town.says(town.admin, f"!prefix remove {prefix}"), prefix


@sqlite
async def test_each_server_has_its_own(town: Town):
    village = town.new_guild("Village", members=[town.ann])
    await town.settle()
    await town.says(town.admin, "!prefix add ?")
    await town.says(town.admin, "!prefix remove !")
    assert await town.says(town.ann, "?ping", channel=village.general) is None
    assert "Pong" in await town.says(town.ann, "!ping", channel=village.general)
    assert "Pong" in await town.dm(town.ann, "!ping")
    assert await town.dm(town.ann, "?ping") is None


@sqlite
@pytest.mark.town(command_prefix="hey ")
async def test_the_operators_prefix_is_the_default(town: Town):
    assert "Pong" in await town.says(town.ann, "hey ping")
    assert await town.says(town.ann, "!ping") is None
    assert "Pong" in await town.dm(town.ann, "hey ping")
    await town.says(town.admin, "hey prefix add !")
    assert "Pong" in await town.says(town.ann, "!ping")
    await town.says(town.admin, "!prefix reset")
    assert await town.says(town.ann, "!ping") is None
    assert "Pong" in await town.says(town.ann, "hey ping")


@sqlite
async def test_only_who_manages_the_server_changes_them(town: Town):
    for text in ("!prefix add ?", "!prefix remove !", "!prefix reset"):
        assert await town.says(town.ann, text) == "You need the permission **Manage Server** for this."
        assert await town.dm(town.admin, text) == "This works in a server only."
    assert "Usage: `!prefix add <prefix>`" in await town.says(town.admin, "!prefix add")
    assert "Pong" in await town.says(town.ann, "!ping")


@sqlite
async def test_removing_does_not_take_what_only_looks_alike(town: Town):
    await town.says(town.admin, '!prefix add "hey "')
    await town.says(town.admin, "!prefix add hey")
    await town.says(town.admin, "!prefix remove hey")
    assert "Pong" in await town.says(town.ann, "hey ping"), "the other one is still there"
    assert await town.says(town.ann, "heyping") is None
