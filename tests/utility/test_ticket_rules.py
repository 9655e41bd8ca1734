"""What tickets ask, what they are called, when a quiet one is closed, and transcripts of hostile text."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.utility.tickets.rules import next_step, place_name, read_name, read_questions, write_questions
from cogs.utility.tickets.texts import greeting
from cogs.utility.tickets.transcript import Attached, Author, Card, Heading, Written, pages
from database.ticket_panels import Question
from database.tickets import Ticket
from utils.errors import UserError
from utils.i18n import using

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_questions():
    read = read_questions("What  happened? | A link --short --optional |")
    assert read == (Question("What happened?"), Question("A link", is_long=False, is_needed=False))
    assert read_questions(write_questions(read)) == read
    assert read_questions("Well — what now?") == (Question("Well — what now?"),)
    for wrong in ("a|b|c|d|e|f", "x" * 46, "--short", "same | Same", "--what"):
        with pytest.raises(UserError):
            read_questions(wrong)


@given(user=st.text(max_size=120), kind=st.text(max_size=120), number=st.integers(1, 2**63 - 1))
def test_names_fit(user: str, kind: str, number: int):
    name = place_name("{kind}-{user}-{number}", number=number, user=user, kind=kind)
    assert 1 <= len(name) <= 100
    assert any(character.isalnum() for character in name)
    assert place_name("{user}", number=7, user=user, kind="{number}").strip()
    assert place_name("{kind}", number=7, user=user, kind="{number}") == "{number}"


def test_templates_of_names():
    assert place_name(read_name("{kind} {number}"), number=12, user="ann", kind="Bug") == "Bug 0012"
    assert place_name(read_name("🎫"), number=12, user="ann", kind="Bug") == "ticket-0012"
    for wrong in ("", "{who}", "x" * 101):
        with pytest.raises(UserError):
            read_name(wrong)


@given(seconds=st.integers(1, 90 * 86_400), late=st.integers(0, 10**7))
def test_a_quiet_ticket_is_warned_of_first(seconds: int, late: int):
    after = timedelta(seconds=seconds)
    warning = next_step(after, NOW, None)
    assert warning is not None
    assert warning.doing == "warn"
    assert NOW + after / 2 <= warning.at < NOW + after
    warned_at = warning.at + timedelta(seconds=late)
    closing = next_step(after, NOW, warned_at)
    assert closing is not None
    assert closing.doing == "close"
    assert closing.at - warned_at == min(timedelta(days=1), after / 2)
    assert next_step(timedelta(0), NOW, None) is None


hard = st.text(alphabet="*a<☕\n`@", min_size=1, max_size=1_000)


@settings(max_examples=30)
@given(st.lists(hard, max_size=5), st.none() | st.text(alphabet="{member}{server} ☕", max_size=1_000))
def test_no_answer_is_lost(answers: list[str], text: str | None):
    ticket = Ticket(1, 1, 1, 1, 1, "k" * 80, (), 7, tuple(("?" * 45, answer) for answer in answers), None, "x", NOW)
    made = greeting("s" * 100, ticket, text, "n" * 32)
    assert all(len(embed) <= 6_000 and len(embed.fields) <= 25 for embed in made)
    shown = "\n".join(field.value or "" for embed in made for field in embed.fields)
    for mark in "a☕*":
        assert shown.count(mark) == sum(answer.count(mark) for answer in answers)


# --- transcripts


class Seen(HTMLParser):
    """What a browser would make of a page: its tags, with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


TAGS = {
    "html", "head", "meta", "title", "style", "body", "h1", "dl", "dt", "dd", "p", "article", "header", "b", "span",
    "small", "div", "a", "ul", "li", "br", "footer", "img", "code",
}  # fmt: skip
ATTRIBUTES = {
    "charset",
    "http-equiv",
    "content",
    "name",
    "class",
    "style",
    "id",
    "title",
    "href",
    "rel",
    "src",
    "alt",
}

hostile = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "</style>",
                "' onmouseover='x", "https://a.example/?q=<b>&", "https://a.example/\"onclick=x", "</title>", "<!--",
                "<@1>", "<@&2>", "<#3>", "<:x:1>", "<t:1>", "<t:9999999999999>", "{name}", "&lt;", "\x00", "]]>",
                "data:text/html,<script>", "\u202e", "`", "https://", "\ud800",
                "**", "*", "\\", "x", " ", "\n", "https://a.example/**`",
            ]
        ),
        max_size=6,
    ).map("".join),
)  # fmt: skip
authors = st.builds(
    Author, st.integers(0, 2**63 - 1), hostile, hostile, st.none() | st.integers(0, 2**24), st.booleans()
)
pictures = hostile | st.just("data:image/png;base64,aGk=")
files = st.builds(Attached, hostile, hostile, st.none() | st.integers(0, 10**8), pictures)
cards = st.builds(
    Card, hostile, hostile, hostile, hostile, hostile, st.lists(st.tuples(hostile, hostile), max_size=2).map(tuple),
    st.none() | st.integers(0, 2**24),
)  # fmt: skip
messages = st.lists(
    st.builds(
        Written, st.integers(1, 4), authors, st.just(NOW), hostile, st.none() | st.just(NOW),
        st.none() | st.integers(1, 4), st.lists(files, max_size=2).map(tuple), st.lists(cards, max_size=2).map(tuple),
    ),
    max_size=4,
)  # fmt: skip


@settings(max_examples=50)
@given(messages, hostile, hostile)
def test_nothing_that_people_wrote_becomes_more_than_text(written: list[Written], title: str, name: str):
    heading = Heading(title, ((title, name),), {"@1": name, "@&2": name, "#3": name})
    (page,) = pages(heading, written, most_bytes=1_000_000, most_pages=1)
    seen = Seen(page)
    assert not seen.open
    assert page.count("<style>") == page.count("</style>") == 1
    for tag, attributes in seen.tags:
        assert tag in TAGS
        assert attributes.keys() <= ATTRIBUTES
        style = attributes.get("style")
        assert style is None or style.partition("#")[0] in {"color:", "border-color:"}
        assert tag != "img" or attributes["src"] == "data:image/png;base64,aGk="
        address = attributes.get("href")
        assert address is None or address.startswith(("https://", "http://", "#m"))


def test_what_a_transcript_shows():
    ann = Author(5, "Ann <b>", "ann", 0xFF8800)
    written = [
        Written(
            1,
            ann,
            NOW,
            r"It \*broke\* \<b\> \o/ https://a.example/x?a=1&b=2. <@1> <@9> <:tea:123456789012345678> <t:0>",
        ),
        Written(
            2, Author(6, "Bot", "bot", is_bot=True), NOW, cards=(Card("Title", text="Text", fields=(("A", "B"),)),)
        ),
        Written(
            3, ann, NOW, "yes", edited_at=NOW, reply_to=1, files=(Attached("x.png", "https://cdn.example/x", 2048),)
        ),
    ]
    heading = Heading("Ticket #1", (("Reason", "done"),), {"@1": "Bob"})
    with using("en"):
        (page,) = pages(heading, written, most_bytes=100_000, most_pages=1)
    text = Seen(page).text
    for shown in (
        "Ticket #1", "done", "Ann <b>", "@Bob", "<@9>", ":tea:", "Jan 1, 1970", "BOT", "Title", "edited",
        "It *broke* <b> \\o/ https", "In reply to Ann <b>: It", "x.png", "2 KiB", "All times are in UTC.",
    ):  # fmt: skip
        assert shown in text
    assert 'href="https://a.example/x?a=1&amp;b=2"' in page
    assert "color:#ff8800" in page
    assert "left out" not in text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a **bold** word", "a <b>bold</b> word"),
        ("**<@1> won** `<x> **y**`", "<b><b>@Bob</b> won</b> <code>&lt;x&gt; **y**</code>"),
        (r"\*\*plain\*\* and \`this\`", "&#42;&#42;plain&#42;&#42; and &#96;this&#96;"),
        ("2 ** 3 ** 4, **open", "2 ** 3 ** 4, **open"),
        ("**two\nlines**", "**two\nlines**"),
    ],
)
def test_what_is_bold_or_code_is_shown_so(written: str, shown: str):
    message = Written(1, Author(5, "Ann", "ann"), NOW, written)
    (page,) = pages(Heading("Ticket #1", names={"@1": "Bob"}), [message], most_bytes=100_000, most_pages=1)
    assert f'<div class="text">{shown}</div>' in page


@given(
    st.lists(st.text(alphabet="aä<☕", min_size=1, max_size=400), max_size=30), st.integers(2_600, 6_000),
    st.integers(1, 4), st.booleans(),
)  # fmt: skip
def test_transcripts_are_split_and_lose_the_oldest_first(texts: list[str], most: int, count: int, left_out: bool):
    author = Author(5, "Ann", "ann")
    written = [Written(number, author, NOW, text) for number, text in enumerate(texts, start=1)]
    with using("en"):
        made = pages(Heading("Ticket", left_out=left_out), written, most_bytes=most, most_pages=count)
    assert 1 <= len(made) <= count
    assert all(len(page.encode()) <= most for page in made)
    ids = [int(attributes["id"][1:]) for page in made for tag, attributes in Seen(page).tags if tag == "article"]
    too_long = sum(page.count("too long") for page in made)
    kept = len(ids) + too_long
    assert ids == sorted(ids)
    assert all(number > len(texts) - kept for number in ids)  # the newest ones
    assert ("left out" in made[0]) == (left_out or kept < len(texts))
