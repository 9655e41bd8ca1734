"""Each field of a town file that is wrong, and each name in one that leads nowhere, is said with its place."""

from typing import Any

import pytest

from tests.playground.towns import GONE, MESSAGES, Way, changed, place, refusal

GUILD: Way = ("guilds", "Hearth Town")
NO_MOMENT = (
    "is no moment; write it like '12 minutes ago', 'yesterday 18:30', '3 days ago 9:05' or '2026-05-01 20:00'."
)
STAFF = "guilds → Hearth Town → categories → Staff → channels → staff"
GENERAL: Way = (*GUILD, "channels", "general")


def spelled_out(sentence: str, way: Way) -> str:
    """HERE is the place that was changed, ABOVE is what it is in."""
    return sentence.replace("HERE", place(way)).replace("ABOVE", place(way[:-1]))


# --- each field


@pytest.mark.parametrize(
    ("way", "value", "sentence"),
    [
        (("guilds",), GONE, "HERE: is missing."),
        (("guilds",), {}, "HERE: needs at least 1."),
        (("people",), None, "HERE: needs at least 1."),
        (("start",), 5, "HERE: should be a text; put it in quotes if it looks like something else."),
        (("strat",), "x", "there is no field 'strat' here; did you mean 'start'?"),
        (("people", "ann", "displya"), "Ann", "ABOVE: there is no field 'displya' here; did you mean 'display'?"),
        (("people", "ann", "display"), "x" * 33, "HERE: has more than 32 characters."),
        (("people", "ann", "display"), "", "HERE: is too short: it needs 1 or more characters."),
        (
            ("people", "Ann"),
            {},
            "HERE: 'Ann' can't be an account name: those have 2 to 32 of a-z, 0-9, '_' and single '.'.",
        ),
        (("people", "ann", "bot"), "yes", "HERE: should be true or false."),
        (("people", "ann", "created"), "5 May 2020", "HERE: '5 May 2020' is no date; write it like '2023-05-01'."),
        (
            ("people", "ann", "created"),
            "2026-05-01",
            "HERE: '2026-05-01' should be between 2015-01-02 and 2025-12-31.",
        ),
        (("people", "ann", "colour"), "red", "HERE: 'red' is no colour; write it like '#E67E22'."),
        (("bot", "name"), "B", "HERE: is too short: it needs 2 or more characters."),
        ((*GUILD, "owner"), GONE, "HERE: is missing."),
        (("guilds", "H"), {}, "HERE: is too short: it needs 2 or more characters."),
        (
            (*GUILD, "icon"),
            {"picture": "flme", "colour": "#000000"},
            "HERE → picture: there is no picture 'flme'; did you mean 'flame'?",
        ),
        (
            (*GUILD, "roles", "Admin", "permissions"),
            ["manage_gild"],
            "HERE → #1: Discord has no permission 'manage_gild'; did you mean 'manage_guild'?",
        ),
        ((*GUILD, "roles", "@everyone"), {}, "HERE: '@everyone' can't be a role's name."),
        (
            (*GUILD, "emoji", "a-b"),
            "cup",
            "HERE: 'a-b' can't be an emoji's name: those have 2 to 32 of a-z, A-Z, 0-9 and '_'.",
        ),
        (
            (*GUILD, "members", "ann", "timed_out_for"),
            "29 days",
            "HERE: '29 days': Discord knows timeouts of up to 28 days.",
        ),
        (
            (*GUILD, "members", "ann", "timed_out_for"),
            "a while",
            "HERE: 'a while' is no length of time; write it like '90 minutes' or '2 hours'.",
        ),
        ((*GUILD, "members", "ann", "joined"), "in 2 days", "HERE: 'in 2 days' is still to come."),
        ((*GENERAL, "kind"), "txt", "HERE: should be 'text', 'news', 'voice', 'stage' or 'forum'."),
        ((*GENERAL, "slowmode"), 21601, "HERE: should be at most 21600."),
        ((*GENERAL, "slowmode"), -1, "HERE: should be at least 0."),
        ((*GENERAL, "slowmode"), "5s", "HERE: should be a whole number."),
        ((*GENERAL, "topic"), "x" * 1025, "HERE: has more than 1024 characters."),
        ((*GENERAL, "tags"), ["a"], "ABOVE: a text channel has no 'tags'."),
        (
            (*GUILD, "channels", "old-log", "messages"),
            [{"from": "ann", "at": "now", "text": "x"}],
            "ABOVE: a deleted channel has nothing in it.",
        ),
        (
            (*GENERAL, "overwrites"),
            {"everyone": {"allow": ["speak"], "deny": ["speak"]}},
            "HERE → everyone: 'speak' is both allowed and denied.",
        ),
        (
            (*GENERAL, "overwrites"),
            {"evryone": {}},
            "HERE: there is no field 'evryone' here; did you mean 'everyone'?",
        ),
        (
            (*GUILD, "categories", "Staff", "channels"),
            {f"channel-{number}": {} for number in range(51)},
            "HERE: has 51 where 50 are the most.",
        ),
        (
            (*MESSAGES, 0, "at"),
            "yesturday",
            f"HERE: 'yesturday' {NO_MOMENT}",
        ),
        (
            (*MESSAGES, 0, "at"),
            "3 hours ago 9:00",
            "HERE: '3 hours ago 9:00' has a time of day, which goes with days and weeks only.",
        ),
        ((*MESSAGES, 0, "at"), "yesterday 24:00", "HERE: '24:00' is no time of day."),
        ((*MESSAGES, 0, "at"), "2026-13-01", "HERE: '2026-13-01' is no date; write it like '2023-05-01'."),
        ((*MESSAGES, 0, "at"), ["now"], "HERE: should be a text, not a list."),
        ((*MESSAGES, 0, "at"), "x" * 101, "HERE: has more than 100 characters."),
        ((*MESSAGES, 0, "from"), GONE, "HERE: is missing."),
        ((*MESSAGES, 0, "text"), " ", "ABOVE: a message needs a 'text', 'embeds' or 'files'."),
        ((*MESSAGES, 0, "text"), "x" * 2001, "HERE: has more than 2000 characters."),
        (
            (*MESSAGES, 0, "reactions"),
            {"ok": ["ann"]},
            "HERE → ok: 'ok' is no emoji; write '👍', or ':name:' for one of the guild's own.",
        ),
        (
            (*MESSAGES, 0, "embeds"),
            [{}],
            "HERE → #1: an embed needs a title, a description, fields, an author or a footer.",
        ),
        (
            (*MESSAGES, 0, "embeds"),
            [{"description": "x" * 4096, "footer": "x" * 2000}],
            "HERE → #1: all texts of an embed together have at most 6000 characters.",
        ),
        ((*MESSAGES, 0, "files"), [{"name": "a.txt"}], "HERE → #1: a file has either a 'text' or a 'picture'."),
        (
            (*MESSAGES, 0, "files"),
            [{"name": "a/b", "text": ""}],
            "HERE → #1 → name: should have letters, digits, '_', '.' and '-' only.",
        ),
        ((*MESSAGES, 0, "thread"), {"name": "x", "messages": []}, "HERE → messages: needs at least 1."),
        ((*MESSAGES, 0), "Hello", "HERE: should be fields like 'name: value', not a text."),
        (MESSAGES, {"ann": "Hello"}, "HERE: should be a list, with '- ' before each item."),
        (("suggestions", 0, "as"), GONE, "HERE: is missing."),
    ],
)
def test_a_field_that_is_wrong(way: Way, value: Any, sentence: str):
    said = refusal(changed((way, value)))
    assert said.partition(": ")[2] == spelled_out(sentence, way)
    assert said.startswith("town.yaml, line ")


# --- what doesn't fit together


@pytest.mark.parametrize(
    ("way", "value", "sentence"),
    [
        (("bot", "name"), "ann", "HERE: one of the people is called 'ann' already."),
        (("people",), {"echo": {"bot": True}}, "HERE: there is nobody but bots."),
        (("people", "zed"), {}, "HERE: 'zed' is a member of no guild."),
        (("start",), "genral", "HERE: there is no text or news channel 'genral'; did you mean 'general'?"),
        (("start",), "old-log", "HERE: there is no text or news channel 'old-log'; there is general, staff."),
        (("start",), "table", "HERE: there is no text or news channel 'table'; there is general, staff."),
        ((*GUILD, "owner"), "olvia", "HERE: the owner 'olvia' is no member; did you mean 'olivia'?"),
        ((*GUILD, "owner"), "echo", "HERE: 'echo' is a bot, and bots own no guilds."),
        ((*GUILD, "members", "zed"), {}, "HERE: there is no person 'zed'; there is olivia, ann, echo."),
        ((*GUILD, "members", "ann", "roles"), ["Amin"], "HERE: there is no role 'Amin'; did you mean 'Admin'?"),
        ((*GUILD, "bot"), {"below": "Amin"}, "HERE → below: there is no role 'Amin'; did you mean 'Admin'?"),
        (
            (*GUILD, "system_channel"),
            "ideas",
            "HERE: there is no text channel 'ideas'; there is general, staff.",
        ),
        (
            (*GUILD, "rules_channel"),
            "rules",
            "HERE: there is no text or news channel 'rules'; there is general, staff.",
        ),
        (
            (*GUILD, "channels", "Big Hall"),
            {},
            "HERE: a text channel is written small and without spaces, like 'big-hall'.",
        ),
        (
            (*GUILD, "channels", "staff"),
            {},
            f"{STAFF}: there are two channels or categories 'staff'.",
        ),
        (
            (*GUILD, "categories", "general"),
            {},
            "guilds → Hearth Town → channels → general: there are two channels or categories 'general'.",
        ),
        (
            (*GENERAL, "overwrites"),
            {"roles": {"Amin": {}}},
            "HERE → roles: there is no role 'Amin'; did you mean 'Admin'?",
        ),
        (
            (*GENERAL, "overwrites"),
            {"people": {"an": {}}},
            "HERE → people: there is no member 'an'; did you mean 'ann'?",
        ),
        (
            (*GUILD, "categories", "Staff", "overwrites"),
            {"roles": {"x": {}}},
            "HERE → roles: there is no role 'x'; there is Admin.",
        ),
        (
            (*GUILD, "channels", "stage"),
            {"kind": "stage", "connected": {"ann": {}}},
            "HERE → connected → ann: 'ann' can't be in two voice channels.",
        ),
        (
            (*GUILD, "channels", "table", "connected", "zed"),
            {},
            "ABOVE: there is no member 'zed'; there is olivia, ann, echo.",
        ),
        (
            (*GUILD, "channels", "ideas", "posts", "A bench", "tags"),
            ["ida"],
            "HERE: there is no tag 'ida'; did you mean 'idea'?",
        ),
        ((*MESSAGES, 0, "from"), "anne", "HERE: there is no member 'anne'; did you mean 'ann'?"),
        ((*MESSAGES, 0, "reply_to"), "hello", "HERE: no message above has the key 'hello'."),
        ((*MESSAGES, 1, "key"), "hello", "HERE: there are two messages 'hello'."),
        ((*MESSAGES, 1, "pinned_by"), "zed", "HERE: there is no member 'zed'; there is olivia, ann, echo, Hearth."),
        ((*MESSAGES, 1, "reactions"), {":te:": ["ann"]}, "HERE → :te:: there is no emoji 'te'; did you mean 'tea'?"),
        ((*MESSAGES, 1, "reactions"), {"👍": []}, "HERE → 👍: nobody reacted."),
        (
            (*MESSAGES, 1, "reactions"),
            {"👍": ["zed"]},
            "HERE → 👍: there is no member 'zed'; there is olivia, ann, echo, Hearth.",
        ),
        ((*GENERAL, "topic"), "at <t:noon:t>", f"HERE: <t:noon:t>: 'noon' {NO_MOMENT}"),
        (
            (*MESSAGES, 1, "embeds"),
            [{"fields": [{"name": "When", "value": "<t:noon>"}]}],
            f"HERE → #1 → fields: <t:noon>: 'noon' {NO_MOMENT}",
        ),
        (
            (*MESSAGES, 1, "text"),
            "at <t:noon:t>",
            f"HERE: <t:noon:t>: 'noon' {NO_MOMENT}",
        ),
        (
            (*MESSAGES, 1, "thread"),
            {"name": "x", "private": True, "messages": [{"from": "ann", "at": "now", "text": "x"}]},
            "HERE → private: a thread that grows out of a message can't be private.",
        ),
        (
            (*MESSAGES, 1, "thread"),
            {"name": "x", "messages": [{"from": "zed", "at": "now", "text": "x"}]},
            "HERE → messages → #1 → from: there is no member 'zed'; there is olivia, ann, echo, Hearth.",
        ),
        (
            (*MESSAGES, 1, "thread"),
            {
                "name": "x",
                "messages": [
                    {
                        "from": "ann",
                        "at": "now",
                        "text": "x",
                        "thread": {"name": "y", "messages": [{"from": "ann", "at": "now", "text": "y"}]},
                    }
                ],
            },
            "HERE → messages → #1 → thread: no thread can grow here.",
        ),
        (
            (*GENERAL, "threads"),
            [{"name": "x", "members": ["zed"], "messages": [{"from": "ann", "at": "now", "text": "x"}]}],
            "HERE → #1 → members: there is no member 'zed'; there is olivia, ann, echo.",
        ),
        (
            ("suggestions", 0, "guild"),
            "Heart Town",
            "HERE: there is no guild 'Heart Town'; did you mean 'Hearth Town'?",
        ),
        (("suggestions", 0, "as"), "echo", "HERE: no person 'echo' is in Hearth Town; there is olivia, ann."),
        (
            ("suggestions", 0, "channel"),
            "ideas",
            "HERE: there is no text, news or voice channel 'ideas'; there is general, staff, table.",
        ),
    ],
)
def test_what_does_not_fit_together(way: Way, value: Any, sentence: str):
    assert refusal(changed((way, value))).partition(": ")[2] == spelled_out(sentence, way)


def test_a_guild_has_500_channels_at_most():
    many = {f"category {number}": {"channels": {f"c-{number}-{n}": {} for n in range(49)}} for number in range(10)}
    assert "at most 500 channels" in refusal(changed(((*GUILD, "categories"), many)))
