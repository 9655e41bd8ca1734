"""How questions are read: wordings in two languages, names, and whatever else people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.admin.why.rules import Kind, named, read

USER, OTHER, ROLE, CHANNEL, MESSAGE = (
    111111111111111111, 222222222222222222, 333333333333333333, 444444444444444444, 555555555555555555,
)  # fmt: skip
COMMANDS = {"ban", "role", "role add", "xp", "xp why", "use", "work", "command", "command disable", "help", "rank"}

WORDINGS = {
    Kind.COMMAND: [
        f"can't <@{USER}> use ban here", "cant i use ban?", f"can’t <@!{USER}> use `ban` in <#{CHANNEL}>",
        "CAN I NOT USE BAN",
        "does ban not work", "doesn't the ban command work here", "is ban not working for me", "can I not ban",
        f"kann <@{USER}> hier ban nicht benutzen", "darf ich ban nicht verwenden", "geht ban hier nicht",
        "funktioniert der Befehl ban nicht", "can't ann ban", "why can't I use ban",
    ],
    Kind.REMOVED: [
        "did this message get removed", "was my message deleted?", "was it removed", "is my post gone",
        "wurde diese Nachricht gelöscht", "ist meine Nachricht weg", "hast du die nachricht entfernt",
        f"https://discord.com/channels/{USER}/{CHANNEL}/{MESSAGE}", "mesage deletd", "my messages",
    ],
    Kind.XP: [
        "did I get no XP", "don't I get xp", f"did <@{USER}> get no xp in <#{CHANNEL}>", "no xp", "xp",
        "am I not leveling", "bekomme ich keine XP", "kriege ich keine Erfahrung", f"does <@&{ROLE}> get no XP",
    ],
    Kind.ROLE: [
        "do I have this role", f"does <@{USER}> have <@&{ROLE}>", "do I have the Booster role", "do I have Booster",
        f"<@&{ROLE}>", "habe ich diese Rolle", f"hat <@{USER}> die rolle Booster", "was my role removed",
        f"don't I have <@&{ROLE}>",
    ],
    None: ["", "   ", "?!", "ban", "something else entirely", f"<@{USER}>", f"{USER}"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in WORDINGS.items() for text in texts])
def test_wordings(kind: Kind | None, text: str):
    assert read(text).kind == kind


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("can't I use role add here", "role add", ""),
        ("can't Ann Smith use role add here", "role add", "Ann Smith"),
        ("can't ann use the role command", "role", "ann"),
        ("can't I use the ban command", "ban", ""),
        ("can't I use command disable", "command disable", ""),
        ("can't I use use", "use", ""),
        ("doesn't work work", "work", ""),
        ('can\'t "use" use "role add"', "role add", "use"),
        ("kann ann hier role add nicht benutzen", "role add", "ann"),
        ("can't ann smith use ban on bob", "ban", "ann smith | bob"),
        ("can't I use xp", "xp", ""),
        ("can't I use nonsense", None, None),
    ],
)
def test_names_among_the_words(text: str, command: str | None, rest: str | None):
    found = named(read(text), lambda name: name if name in COMMANDS else None)
    assert (found[0] if found else None) == command
    assert (" | ".join(found[1]) if found else None) == rest


def test_what_is_named_by_id():
    asked = read(
        f"can't <@{USER}> use ban on <@!{OTHER}> in <#{CHANNEL}> #general <@&{ROLE}> {MESSAGE}"
        f" https://ptb.discord.com/channels/{USER}/{CHANNEL}/{MESSAGE}"
    )
    assert (asked.user_ids, asked.role_ids, asked.channel_ids) == ((USER, OTHER), (ROLE,), (CHANNEL,))
    assert (asked.ids, asked.channel_name, asked.linked) == ((MESSAGE,), "general", (CHANNEL, MESSAGE))
    assert read(f"{CHANNEL}-{MESSAGE} removed").linked == (CHANNEL, MESSAGE)
    assert read("99999999999999999999").ids == ()  # no id is that large
    assert read('why do I have "The Owls"').names == ("The Owls",)
    assert read("can't I use ban").about_self
    assert not read(f"can't <@{USER}> use ban").about_self


@given(st.text(max_size=300))
def test_whatever_people_type(text: str):
    asked = read(text)
    assert len(asked.words) <= 40
    assert all(0 <= one < 2**63 for one in (*asked.user_ids, *asked.role_ids, *asked.channel_ids, *asked.ids))
    named(asked, lambda name: name if len(name) > 3 else None)


@given(
    st.sampled_from([(kind, text) for kind, texts in WORDINGS.items() for text in texts]),
    st.sampled_from(["", "?", "??", " ?!", "..."]),
    st.booleans(),
)
def test_case_and_signs_change_nothing(wording: tuple[Kind | None, str], end: str, shouted: bool):
    kind, text = wording
    if "https:" not in text:
        assert read((text.upper() if shouted else text) + end).kind == kind
