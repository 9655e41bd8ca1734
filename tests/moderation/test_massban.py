"""Banning many people at once, as an admin does it."""

from typing import Any

import pytest

from cogs.moderation.massban.rules import MOST_BANNED
from cogs.moderation.massban.words import LARGEST_FILE_BYTES
from tests.moderation.deeds import at_the_call, clocks, database_fails, in_force, the_cases
from tests.support.answers import Answer
from tests.support.places import Person
from tests.support.town import Town
from utils.events import ModAction

english = pytest.mark.town(languages=("en",))
sqlite = pytest.mark.engines("sqlite")
BULK = "/guilds/*/bulk-ban"


def strangers(town: Town, count: int) -> list[Person]:
    return [town.outsider(f"stranger{number}") for number in range(count)]


async def raiders(town: Town, count: int) -> list[Person]:
    people = [town.outsider(f"raider{number}") for number in range(count)]
    for person in people:
        town.guild.handle.add_member(person.handle)
    await town.settle()
    return people


def written(*people: Person) -> str:
    return " ".join(str(person.id) for person in people)


async def massban(town: Town, words: str, *people: Person, who: Person | None = None, **message: Any) -> Answer:
    """What the bot answers; people beyond a few are named in a file."""
    if len(people) > 50:
        message["files"] = [("ids.txt", "\n".join(str(person.id) for person in people).encode())]
        people = ()
    answer = await town.says(who or town.admin, f"!massban {written(*people)} {words}".replace("  ", " "), **message)
    assert answer is not None
    return answer


async def banned(town: Town, words: str, *people: Person, **message: Any) -> Answer:
    """What it says in the end, after a yes."""
    question = await massban(town, words, *people, **message)
    reaction = await town.press(message.get("who") or town.admin, question, "Yes")
    assert reaction.reply is not None
    now = town.now_of(reaction.replies[-1])
    assert now is not None
    return now


async def file_of(town: Town, answer: Answer) -> str:
    return (await town.as_bot(answer.files[0].read())).decode()


async def statuses(town: Town) -> dict[str, int]:
    rows = await town.db.fetchall(
        "SELECT kind, status, COUNT(*) AS many FROM cases GROUP BY kind, status ORDER BY kind, status"
    )
    return {f"{row['kind']} {row['status']}": row["many"] for row in rows}


def sizes_of_calls(town: Town) -> list[int]:
    return [len(call.body["user_ids"]) for call in town.calls("POST", BULK)]


# --- Who, and what is written down ------------------------------------------------------------------------------


async def test_by_id_and_mention(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    one, two = strangers(town, 2)
    question = await massban(town, f"{town.ann.mention} raid --days 2", one, two, one)
    assert question.splitlines()[0] == "**Ban 3 people?**"
    assert "Their messages of the last 2 days are deleted." in question
    assert "Reason: raid" in question
    assert not town.ann.is_banned
    reaction = await town.press(town.admin, question, "Yes")
    assert reaction.replies[0] == "Banned 3 people. Case **1**."
    assert [person.is_banned for person in (one, two, town.ann)] == [True] * 3
    [here, elsewhere] = town.calls("POST", BULK)
    assert here.body == {"user_ids": [town.ann.id], "delete_message_seconds": 2 * 86_400}
    assert sorted(elsewhere.body["user_ids"]) == [one.id, two.id]
    assert here.reason == "ada: raid"
    whole, *parts = await the_cases(town)
    assert (whole["kind"], whole["target_id"], whole["status"]) == ("massban", None, "done")
    assert [(part["kind"], part["parent"], part["status"]) for part in parts] == [("ban", 1, "done")] * 3
    assert {part["target_id"] for part in parts} == {one.id, two.id, town.ann.id}
    assert await in_force(town) == [("ban", 2, False), ("ban", 3, False), ("ban", 4, False)]


async def test_the_log_the_news_and_the_case(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    await banned(town, f"{town.ann.mention} {town.owner.mention} raid", *strangers(town, 2))
    [logged] = town.messages(town.private)
    assert "Ban of many" in logged
    assert logged.fields["People"].splitlines()[:2] == ["**3** banned", "**1** skipped: owner of the server: 1"]
    assert logged.fields["Reason"] == "raid"
    listed = await file_of(town, logged)
    assert all(str(person.id) in listed for person in (town.ann, town.owner))
    news = [(one.kind, one.target_id is None, one.parent) for one in town.sent(ModAction)]
    assert sorted(news) == [("ban", False, 1)] * 3 + [("massban", True, None)]
    shown = await town.says(town.admin, "!case 1")
    assert shown.fields["People"].startswith("**3** banned")
    assert "**#2** Ban, **#3** Ban, and **#4** Ban" in shown.fields["Further cases"]
    assert "Case 1" in (await town.says(town.admin, "!case 3")).fields["Belongs to"]
    # A ban of many is one line among the cases, unless its parts are asked for.
    assert "**#1** 🔨 Ban of many · **3** banned" in await town.says(town.admin, "!cases")
    assert "#2" not in await town.says(town.admin, "!cases by:@ada")
    parts = await town.says(town.admin, "!cases type:ban")
    assert all(f"**#{number}** 🔨 Ban " in parts for number in (2, 3, 4))
    assert "🔨 Ban" in await town.says(town.admin, f"!history {town.ann.id}")
    # What changes later in one of the bans is no further entry of the log.
    assert "new reason" in await town.says(town.admin, "!reason 3 scam")
    assert len(town.messages(town.private)) == 1


@sqlite
async def test_few_are_told_and_many_are_not(town: Town):
    await banned(town, f"{town.ann.mention} {town.bob.mention} raid")
    assert "You were banned from **Town**." in town.last(town.ann)
    assert "Case 2" in town.last(town.ann)
    assert [case["told"] for case in await the_cases(town)] == [None, "sent", "sent"]
    many = await raiders(town, 11)
    await banned(town, "raid", *many)
    assert [town.messages(person) for person in many] == [[]] * 11


@sqlite
async def test_closed_direct_messages_stop_nothing(town: Town):
    town.close_dms(town.ann)
    await banned(town, f"{town.ann.mention} raid")
    assert town.ann.is_banned
    assert [case["told"] for case in await the_cases(town)] == [None, "closed"]


@sqlite
async def test_no_is_no_and_so_is_silence(town: Town):
    people = strangers(town, 3)
    await town.press(town.admin, await massban(town, "raid", *people), "No")
    question = await massban(town, "raid", *people)
    assert (await town.press(town.moderator, question, "Yes")).replies[0].ephemeral
    await town.wait(minutes=4)
    assert town.now_of(question).button("Yes").disabled
    assert await the_cases(town) == []
    assert town.calls("POST", BULK) == []


async def test_show_changes_nothing(town: Town):
    await raiders(town, 30)
    await town.wait(hours=1)
    joined = await raiders(town, 12)
    town.forget_calls()
    answer = await massban(town, "--joined 30m --show")
    assert answer.splitlines()[0] == "**12 people would be banned.**"
    assert "2 more" in answer
    assert answer.buttons == {}
    listed = await file_of(town, answer)
    assert [str(person.id) in listed for person in joined] == [True] * 12
    assert "raider3 " in listed
    assert "2026-01-01 01:00:00 UTC" in listed
    assert [call.path for call in town.calls("P*") if not call.path.endswith("/messages")] == []
    assert await the_cases(town) == []


# --- Filters ----------------------------------------------------------------------------------------------------


@sqlite
@english
async def test_filters_that_all_have_to_fit(town: Town):
    await town.wait(days=10)
    first = town.outsider("first")
    await town.join(first)
    await town.wait(minutes=10)
    people = {
        "nitro1": town.outsider("nitro1"),
        "Free NITRO": town.outsider("gift", global_name="Free NITRO"),
        "pictured": town.outsider("nitro2", avatar="a" * 32),
        "helper": town.outsider("nitro3"),
        "robot": town.outsider("nitro4", bot=True),
        "harmless": town.outsider("carl"),
    }
    for person in people.values():
        await town.join(person)
    await town.give_role(people["helper"], "Member")
    await town.wait(minutes=10)
    last = town.outsider("last")
    await town.join(last)

    async def fit(words: str) -> set[int]:
        answer = await massban(town, f"{words} --show")
        return {int(line.split()[0]) for line in (await file_of(town, answer)).splitlines() if line[:1].isdigit()}

    def those(*names: str) -> set[int]:
        return {people[name].id for name in names}

    everybody = {person.id for name, person in people.items() if name != "robot"}
    assert await fit("--joined 15m") == everybody | {last.id}
    assert await fit('--age "2 days"') == everybody | {first.id, last.id}
    assert await fit(f"--joined-after {first.id} --joined-before @last") == everybody
    assert await fit("--name ^nitro") == those("nitro1", "pictured", "helper")
    assert await fit('--name "free nitro"') == those("Free NITRO")
    assert await fit("--name nitro --no-avatar --no-roles --joined 15m") == those("nitro1", "Free NITRO")
    # With ids, only those of them are meant.
    named = written(people["nitro1"], people["harmless"], town.outsider("elsewhere"))
    answer = await massban(town, f"{named} --name nitro --show")
    assert "1 person would be banned" in answer
    assert "**2** are skipped: the filters don't fit: 2." in answer


@sqlite
@english
async def test_nobody_fits(town: Town):
    assert await massban(town, "--name nobody-is-called-this") == "There is nobody to ban."
    assert "There is nobody to ban." in await massban(town, "--name ^ada$ --show")
    assert "can't find “nobody”" in await massban(town, "--joined-after nobody")


@sqlite
@english
async def test_a_pattern_that_never_ends(town: Town):
    await town.join(town.outsider("a" * 30))
    assert "takes too long" in await massban(town, '--name "(a+)+b"')


@sqlite
@pytest.mark.town(members=False)
async def test_without_the_members_intent(town: Town):
    assert "without the members intent" in await massban(town, "--joined 1h")
    assert "Banned 2 people." in await banned(town, "raid", *strangers(town, 2))


@sqlite
@english
async def test_too_many_fit(town: Town):
    await raiders(town, MOST_BANNED + 1)
    assert "More than 1,000 people fit, and I ban 1,000 at most" in await massban(town, "--joined 1h")
    assert await the_cases(town) == []


# --- Files ------------------------------------------------------------------------------------------------------


@sqlite
async def test_a_file(town: Town):
    one, two, three = strangers(town, 3)
    text = f"Größe;{one.id}\r\n<@{two.id}>;<#{town.general.id}>\r\n{one.id}"
    answer = await banned(town, "raid", three, files=[("a.csv", text.encode("utf-16")), ("b.txt", b"none here")])
    assert "Banned 3 people." in answer
    assert [person.is_banned for person in (one, two, three)] == [True] * 3


@sqlite
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "There is no id in what you attached."),
        (b"no ids, 12345", "There is no id in what you attached."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), "`list.txt` isn't a text file"),
        (b"1" * (LARGEST_FILE_BYTES + 1), "`list.txt` is too large: 1024 KiB are the most."),
        (b"\n".join(b"%d" % (10**17 + number) for number in range(1001)), "These are 1,001 people"),
    ],
)
async def test_a_file_that_is_refused(town: Town, content: bytes, says: str):
    assert says in await massban(town, "raid", files=[("list.txt", content)])
    assert await the_cases(town) == []


@sqlite
@english
async def test_nobody_is_named(town: Town):
    for words in ("", "raid", "ann", "--days 3", "--show"):
        assert "Say who" in await massban(town, words)


# --- Who is skipped ---------------------------------------------------------------------------------------------


async def test_who_is_skipped_and_why(town: Town):
    await town.put_bot_below("Moderator")
    await town.give_role(town.bob, "Moderator")  # staff, and above the bot
    lifted = town.outsider("lifted")
    await town.join(lifted)
    await town.give_role(lifted, town.role("High", below="Admin"))
    [before, stranger] = strangers(town, 2)
    await town.says(town.admin, f"!ban {before.id}")
    named = (town.admin, town.bob, town.owner, lifted, before, stranger)
    answer = await massban(town, f"<@{town.bot.user.id}> raid", *named)
    assert answer.splitlines()[0] == "**Ban 1 person?**"
    assert "**6** are skipped" in answer
    for why in ("yourself: 1", "myself: 1", "owner of the server: 1", "staff: 1", "mine: 1", "banned already: 1"):
        assert why in answer
    listed = await file_of(town, answer)
    reaction = await town.press(town.admin, answer, "Yes")
    assert "Banned 1 person." in reaction.replies[0]
    assert [person.is_banned for person in named] == [False] * 4 + [True] * 2
    assert sizes_of_calls(town) == [1]
    assert next(line for line in listed.splitlines() if str(lifted.id) in line).rstrip("⟧").endswith("not below mine")


@sqlite
async def test_a_role_above_the_moderators(town: Town):
    await town.give_permission(town.guild, "manage_guild", of=town.guild.role("Moderator"))
    await town.give_role(town.ann, town.role("High", below="Admin"))
    answer = await massban(town, f"{town.ann.mention}", who=town.moderator)
    assert "role not below yours: 1" in answer
    assert not town.ann.is_banned


@sqlite
async def test_who_became_staff_or_was_banned_while_somebody_thought(town: Town):
    one, two = strangers(town, 2)
    question = await massban(town, f"{town.ann.mention} {town.bob.mention} raid", one, two)
    assert "Ban 4 people?" in question
    await town.give_role(town.ann, "Moderator")
    await town.acts_in_client(town.owner, "ban", one)
    await town.leave(town.bob)  # which saves nobody
    reaction = await town.press(town.admin, question, "Yes")
    assert "Banned 2 people." in reaction.replies[0]
    assert "**2** are skipped" in reaction.replies[0]
    assert [person.is_banned for person in (town.ann, town.bob, one, two)] == [False, True, True, True]


@sqlite
async def test_nobody_is_left_while_somebody_thought(town: Town):
    question = await massban(town, f"{town.ann.mention} raid")
    await town.give_role(town.ann, "Moderator")
    reaction = await town.press(town.admin, question, "Yes")
    assert "There is nobody to ban." in reaction.replies[0]
    assert await the_cases(town) == []


# --- Who may ----------------------------------------------------------------------------------------------------


@sqlite
async def test_permissions_of_the_moderator(town: Town):
    assert "Manage Server" in await massban(town, "raid", *strangers(town, 2), who=town.moderator)
    assert "Ban Members" in await massban(town, "raid", *strangers(town, 2), who=town.ann)


@sqlite
@pytest.mark.parametrize(("name", "says"), [("ban_members", "Ban Members"), ("manage_guild", "Manage Server")])
async def test_permissions_of_the_bot(town: Town, name: str, says: str):
    await town.take_permission(town.guild, "administrator", name)
    assert says in await massban(town, "raid", *strangers(town, 2))
    assert town.calls("POST", BULK) == []


@sqlite
async def test_without_the_right_to_attach_files(town: Town):
    await town.take_permission(town.general, "attach_files", "embed_links")
    answer = await banned(town, f"{town.owner.mention} raid", *strangers(town, 201))
    assert "Banned 201 people." in answer
    assert answer.files == []


@sqlite
async def test_three_times_an_hour(town: Town):
    for _time in range(3):
        town.refuse("POST", BULK, status=403)
        await banned(town, "raid", *strangers(town, 1))  # what comes to nothing doesn't count
        await banned(town, "raid", *strangers(town, 1))
    answer = await massban(town, "raid", *strangers(town, 1))
    assert "You banned many people 3 times within an hour" in answer
    assert "would be banned" in await massban(town, "--show", *strangers(town, 1))
    await town.says(town.owner, "!massban --name nobody")
    assert "nobody to ban" in town.last()
    await town.wait(hours=1, seconds=1)
    assert "Ban 1 person?" in await massban(town, "raid", *strangers(town, 1))


@sqlite
@english
async def test_two_moderators_at_once(town: Town):
    one, two = strangers(town, 2)
    await town.join(one)
    first = await massban(town, "raid", one, two)
    assert "running already" in await massban(town, "raid", one)  # the same moderator: they have a question to answer
    second = await massban(town, "raid", one, two, who=town.owner)
    assert "Banned 2 people." in (await town.press(town.owner, second, "Yes")).replies[0]
    answer = (await town.press(town.admin, first, "Yes")).replies[0]
    assert answer.splitlines() == ["There is nobody to ban.", "**2** are skipped: banned already: 2."]
    assert await statuses(town) == {"ban done": 2, "massban done": 1}


# --- Many -------------------------------------------------------------------------------------------------------


@english
async def test_five_hundred_are_three_calls(town: Town):
    people = strangers(town, 500)
    question = await massban(town, "raid", *people)
    with town.sql_statements() as statements:
        reaction = await town.press(town.admin, question, "Yes")
    assert sizes_of_calls(town) == [200, 200, 100]
    assert all(person.is_banned for person in people)
    [said] = reaction.replies
    assert town.now_of(said) == "Banned 500 people. Case **1**."
    progress = [
        call.body["embeds"][0]["description"] for call in town.calls("PATCH", f"/channels/*/messages/{said.id}")
    ]
    assert progress[:2] == ["Banned so far: 400 of 500.", "Banned so far: 500 of 500."]
    assert await statuses(town) == {"ban done": 500, "massban done": 1}
    assert [case["number"] for case in await the_cases(town)] == list(range(1, 502))
    assert len(await in_force(town)) == 500
    assert len([one for one in town.sent(ModAction) if one.kind == "ban"]) == 500
    assert len(statements) < 50


@sqlite
@english
async def test_members_go_first(town: Town):
    here, elsewhere = await raiders(town, 3), strangers(town, 2)
    await banned(town, "raid", *elsewhere, *here)
    calls = [{int(one) for one in call.body["user_ids"]} for call in town.calls("POST", BULK)]
    assert calls == [{person.id for person in here}, {person.id for person in elsewhere}]


# --- What Discord says ------------------------------------------------------------------------------------------


async def test_discord_bans_some_of_them(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    one, two, three = strangers(town, 3)
    question = await massban(town, "raid", one, two, three)

    def somebody_bans_one() -> None:
        town.gets_banned(one)

    with at_the_call(town, "POST", BULK, before=somebody_bans_one):
        reaction = await town.press(town.admin, question, "Yes")
    answer = reaction.replies[0]
    assert "Banned 2 people." in answer
    assert "**1** wasn't banned. Somebody else banned them first." in answer
    assert str(one.id) in await file_of(town, answer)
    assert await statuses(town) == {"ban done": 2, "ban failed": 1, "massban done": 1}
    assert "done in part: Banned: 2 of 3." in town.last(town.private).fields["State"]
    assert len(await in_force(town)) == 2


@sqlite
@english
@pytest.mark.parametrize("everybody", [False, True])
async def test_a_call_that_was_made_again(town: Town, everybody: bool):
    """discord.py makes one again that ended in an error: then Discord says of the banned that they aren't."""
    people = strangers(town, 3)
    question = await massban(town, "raid", *people)

    def the_first_time() -> None:
        for person in people if everybody else people[:1]:
            town.gets_banned(person, reason="ada: raid")
        if everybody:
            town.refuse("POST", BULK, status=400, code=500_000, message="Failed to ban users")

    with at_the_call(town, "POST", BULK, before=the_first_time):
        reaction = await town.press(town.admin, question, "Yes")
    assert reaction.replies[0] == "Banned 3 people. Case **1**."
    assert await statuses(town) == {"ban done": 3, "massban done": 1}


@sqlite
async def test_trouble_when_looking_who_is_banned(town: Town):
    people = strangers(town, 3)
    question = await massban(town, "raid", *people)

    def go() -> None:
        town.gets_banned(people[0])
        town.refuse("GET", "/guilds/*/bans", status=503)

    with at_the_call(town, "POST", BULK, before=go):
        reaction = await town.press(town.admin, question, "Yes")
    assert "**1** wasn't banned. Discord didn't ban them and doesn't say why" in reaction.replies[0]
    assert await statuses(town) == {"ban done": 2, "ban failed": 1, "massban done": 1}


@sqlite
async def test_discord_bans_none_of_them(town: Town):
    town.refuse("POST", BULK, status=400, code=500_000, message="Failed to ban users")
    answer = await banned(town, f"{town.ann.mention} raid", *strangers(town, 2))
    assert "Banned 2 people." in answer  # the next call is made
    assert await statuses(town) == {"ban done": 2, "ban failed": 1, "massban done": 1}
    assert "That didn't happen after all" in town.last(town.ann)


def from_the_second_call_on(town: Town, **refusal: Any) -> Any:
    calls = []

    def refuse() -> None:
        calls.append(1)
        if len(calls) == 2:
            town.refuse("POST", BULK, **refusal)

    return at_the_call(town, "POST", BULK, before=refuse)


@english
@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        ({"status": 500}, "Discord answers with an error (500)"),
        ({"status": 400, "code": 30_035}, "no more people today who aren't in the server"),
        ({"status": 403, "code": 50_013, "message": "Missing Permissions"}, "Discord doesn't let me"),
    ],
)
async def test_discord_refuses_the_second_call(town: Town, refusal: dict[str, Any], says: str):
    await town.says(town.admin, "!config set mod-log #private")
    people = strangers(town, 250)
    question = await massban(town, "raid", *people)
    with from_the_second_call_on(town, **refusal):
        reaction = await town.press(town.admin, question, "Yes")
    answer = town.now_of(reaction.replies[0])
    assert "Banned 200 people." in answer
    assert "**50** weren't banned." in answer
    assert says in answer
    assert "The same command does the rest later" in answer
    assert sizes_of_calls(town) == [200, 50]
    assert await statuses(town) == {"ban done": 200, "ban failed": 50, "massban done": 1}
    assert says in town.last(town.private).fields["State"]
    listed = await file_of(town, answer)
    assert listed.count("stranger") == 0
    assert sum(str(person.id) in listed for person in people) == 250
    # The same command again bans the rest, and nobody twice.
    town.forget_calls()
    again = await banned(town, "raid", *people)
    assert "Banned 50 people." in again
    assert "**200** are skipped: banned already: 200." in again
    assert sizes_of_calls(town) == [50]
    assert all(person.is_banned for person in people)
    assert len(await in_force(town)) == 250


@sqlite
@english
async def test_what_comes_after_a_refusal_isnt_tried(town: Town):
    people = strangers(town, 401)
    question = await massban(town, "raid", *people)
    with from_the_second_call_on(town, status=500):
        reaction = await town.press(town.admin, question, "Yes")
    assert "**201** weren't banned." in town.now_of(reaction.replies[0])
    assert sizes_of_calls(town) == [200, 200]
    failures = await town.db.fetchall("SELECT DISTINCT failure FROM cases WHERE kind = 'ban' AND status = 'failed'")
    assert sum(row["failure"].startswith("It didn't come to this.") for row in failures) == 1


@sqlite
async def test_an_error_after_some_were_banned(town: Town):
    """Discord may have trouble in the middle of a call: the list of bans tells who is banned."""
    people = strangers(town, 3)
    question = await massban(town, "raid", *people)

    def half() -> None:
        town.gets_banned(people[0])
        town.refuse("POST", BULK, status=503)

    with at_the_call(town, "POST", BULK, before=half):
        reaction = await town.press(town.admin, question, "Yes")
    assert "Banned 1 person." in reaction.replies[0]
    assert await statuses(town) == {"ban done": 1, "ban failed": 2, "massban done": 1}


@sqlite
async def test_discord_says_nothing_at_all(town: Town):
    people = strangers(town, 250)
    question = await massban(town, "raid", *people)

    def silence() -> None:
        town.gets_banned(people[0])
        town.refuse("POST", BULK, status=503)
        town.refuse("GET", "/guilds/*/bans", status=503)

    with at_the_call(town, "POST", BULK, before=silence):
        reaction = await town.press(town.admin, question, "Yes")
    answer = town.now_of(reaction.replies[0])
    assert "Banned 0 people." in answer
    assert "Whether **200** people are banned, Discord doesn't say at the moment." in answer
    assert await statuses(town) == {"ban failed": 50, "ban pending": 200, "massban pending": 1}
    await town.wait(minutes=1)
    assert await statuses(town) == {"ban done": 1, "ban failed": 249, "massban done": 1}
    assert len(await in_force(town)) == 1


@sqlite
async def test_trouble_before_anything_is_done(town: Town):
    town.refuse("GET", "/guilds/*/bans", status=503)
    assert "error (503)" in await massban(town, "raid", *strangers(town, 2))
    town.refuse("GET", "/guilds/*/members", status=503)
    assert "error (503)" in await massban(town, "--joined 1h")
    assert await the_cases(town) == []


@sqlite
async def test_an_answer_that_cant_be_changed_is_said_anew(town: Town):
    question = await massban(town, "raid", *strangers(town, 201))
    town.refuse("PATCH", "/channels/*/messages/*", status=404, code=10008, times=None)
    reaction = await town.press(town.admin, question, "Yes")
    assert "Banned 201 people." in reaction.replies[-1]


# --- Crashes ----------------------------------------------------------------------------------------------------


async def test_killed_between_two_calls(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    people = strangers(town, 300)
    question = await massban(town, "raid", *people)
    with at_the_call(town, "POST", "/channels/*/messages", dies="before"):
        await town.press(town.admin, question, "Yes")  # it dies when it says how far it is
    assert sizes_of_calls(town) == [200]
    assert await statuses(town) == {"ban done": 200, "ban pending": 100, "massban pending": 1}
    await town.wait(seconds=1)
    town.forget_calls()
    await town.restart(clean=False)
    await town.wait(seconds=1)
    assert await statuses(town) == {"ban done": 200, "ban failed": 100, "massban done": 1}
    assert len(town.calls("GET", "/guilds/*/bans*")) == 1
    assert "**200** banned" in town.last(town.private).fields["People"]
    assert len(town.messages(town.private)) == 1
    assert "Banned 100 people." in await banned(town, "raid", *people)


@pytest.mark.parametrize("dies", ["before", "after"])
async def test_killed_around_a_call(town: Town, dies: str):
    people = strangers(town, 100)
    question = await massban(town, "raid", *people)
    with at_the_call(town, "POST", BULK, dies=dies):
        await town.press(town.admin, question, "Yes")
    assert await statuses(town) == {"ban pending": 100, "massban pending": 1}
    await town.wait(seconds=1)
    town.forget_calls()
    await town.restart(clean=False)
    await town.wait(seconds=1)
    done = dies == "after"
    assert await statuses(town) == (
        {"ban done": 100, "massban done": 1} if done else {"ban failed": 100, "massban failed": 1}
    )
    assert len(await in_force(town)) == (100 if done else 0)
    assert len(town.sent(ModAction)) == (101 if done else 0)
    assert len(town.calls("GET", "/guilds/*/bans*")) == 1
    assert town.calls("GET", "/guilds/*/members*") == []


@sqlite
async def test_the_database_fails_after_a_call(town: Town):
    people = strangers(town, 250)
    question = await massban(town, "raid", *people)
    with database_fails(town, "SET status"):
        reaction = await town.press(town.admin, question, "Yes")
    assert "I couldn't write down what was done, and stopped: case **1** stays under way" in reaction.replies[0]
    assert sizes_of_calls(town) == [200]
    await town.wait(minutes=1)
    assert await statuses(town) == {"ban done": 200, "ban failed": 50, "massban done": 1}
    assert len(await in_force(town)) == 200


@sqlite
async def test_the_same_message_twice(town: Town):
    people = strangers(town, 3)
    question = await massban(town, "raid", *people)
    said = town.last_said
    await town.press(town.admin, question, "Yes")
    before = await the_cases(town)
    assert await town.redeliver(said) is None
    await town.restart(clean=False)  # the new process remembers no messages
    town.forget_calls()
    assert await town.redeliver(said) is None
    assert await the_cases(town) == before
    assert town.calls("P*") == []


# --- With what was there before ---------------------------------------------------------------------------------


@sqlite
async def test_what_undo_needs_is_kept(town: Town):
    await town.give_role(town.ann, "Member")
    await town.rename(town.ann, "Annie")
    [stranger] = strangers(town, 1)
    await banned(town, f"{town.ann.mention} raid", stranger)
    rows = await town.db.fetchall("SELECT target_id, state_before FROM cases WHERE parent = 1")
    kept = {row["target_id"]: str(row["state_before"]).replace(" ", "") for row in rows}
    assert f'"roles":[{town.guild.role("Member").id}]' in kept[town.ann.id]
    assert '"nick":"Annie"' in kept[town.ann.id]
    assert kept[stranger.id] == '{"banned":false,"reason":null,"sanction":null}'


@sqlite
async def test_a_clock_left_over_from_before_is_stopped(town: Town):
    [one] = strangers(town, 1)
    await town.says(town.admin, f"!ban {one.id} 1d")
    town.gets_unbanned(one)  # which the bot isn't told of
    await banned(town, "raid", one)
    assert await in_force(town) == [("ban", 3, False)]
    assert await clocks(town) == 0
    await town.wait(days=2)
    assert one.is_banned


async def test_an_id_that_is_nobodys(town: Town):
    question = await town.says(town.admin, f"!massban 80351110224678912 {town.ann.id} raid")
    answer = (await town.press(town.admin, question, "Yes")).replies[-1]
    assert "Banned 1 person." in answer
    assert town.ann.is_banned
    # The list of bans can still be read.
    assert "80351110224678912" in await town.says(town.admin, "!massban 80351110224678912 --show")
