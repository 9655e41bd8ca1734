"""No text of a person turns into anything but the few elements that formatting has; none is lost or slow."""

import re
from html.parser import HTMLParser
from time import thread_time
from typing import get_args

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from playground.markup import Kind, only_emoji, plain
from playground.markup.highlight import ALIASES, LANGUAGES, LONGEST_SECONDS, highlight
from tests.playground.markup_names import NAMES, html

LONGEST_CHARACTERS = 4_096  # of an embed's description; messages are shorter
SLOW_SECONDS = 2.0  # a text of that length takes a fortieth of it on a quiet machine

ADDRESS = r"https?://\S+"
NUMBER = r"-?[0-9]+"
ALLOWED = {
    "a": {
        "href": ADDRESS,
        "target": "_blank",
        "rel": "noopener noreferrer",
        "title": rf"(?s)(?:.*\n\n\()?{ADDRESS}",
        "class": "mention channel",
        "data-channel": NUMBER,
        "data-message": NUMBER,
    },
    "span": {
        "class": r"mention (user( you| unknown)?|role|channel( unknown)?|everyone|command|place)"
        r"|spoiler|hidden|hl-[a-z0-9]+|ansi-[0-9]+( ansi-[0-9]+)*",
        "role": "button|link",
        "tabindex": "0",
        "aria-expanded": "false",
        "aria-label": "Spoiler",
        "data-user": NUMBER,
        "data-channel": NUMBER,
        "style": "--role:#[0-9a-f]{6}",
    },
    "div": {"class": "code|small-print"},
    "button": {"type": "button", "class": "copy", "aria-label": "Copy the code"},
    "img": {"class": "emoji", "src": r"files/emoji/[0-9]+\.png", "alt": r":\w+:", "title": r":\w+:"},
    "time": {"datetime": r"[0-9T:Z-]{20}", "data-unix": NUMBER, "data-style": "[tTdDfFsSR]"},
    "ol": {"start": "[0-9]{1,9}"},
    **{
        tag: {} for tag in ("strong", "em", "u", "s", "code", "pre", "blockquote", "ul", "li", "h3", "h4", "h5", "br")
    },
}
VOID = {"br", "img"}
NEVER_IN_ITSELF = {"a", "h3", "h4", "h5", "pre", "blockquote", "button"}

# What a text is made of that tries to get out of its place, or to keep the parser busy.
FRAGMENTS = [
    *(
        "*",
        "**",
        "_",
        "__",
        "~~",
        "||",
        "`",
        "``",
        "```",
        "\\",
        "[",
        "]",
        "](",
        ")",
        "(",
        "<",
        ">",
        "\n",
        " ",
        "  ",
        "a",
    ),
    *(
        "> ",
        ">>> ",
        "# ",
        "### ",
        "-# ",
        "- ",
        "* ",
        "1. ",
        "\n> ",
        "\n- ",
        "\n  - ",
        "```py\n",
        "```html\n",
        "\n```",
    ),
    *("https://", "http://a.example", "javascript:", "data:text/html,", "//", "mailto:a@b.example", "steam://a"),
    *("<@1>", "<@!1>", "<@&5>", "<@&7>", "<#3>", "@everyone", "<t:0>", "<t:0:R>", "<:ab:1>", "</a:1>", "<id:guide>"),
    *("[a](https://b.example)", '[a](https://b "c")', "<https://a>", "https://discord.com/channels/1/3/4"),
    *(
        "<script>",
        "</script>",
        "<img src=x onerror=alert(1)>",
        '" onclick="x',
        "' x='",
        "&lt;",
        "&#60;",
        "&quot;",
        "\0",
    ),
    *(
        "<!--",
        "-->",
        "<![CDATA[",
        "</span>",
        "</code>",
        "</a>",
        "<svg/onload=x>",
        "\x1b[31m",
        "```ansi\n",
        "\r\n",
        "\u2028",
    ),
    *("\ud800", "\u202e", "\ufeff", "é", "😀", "<b", "=", "\t"),
]
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), max_size=60).map("".join)
)
KINDS = st.sampled_from(get_args(Kind))


class Reading(HTMLParser):
    """Reads HTML as strictly as a browser does leniently, and notes what should not be there."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.opened: list[str] = []
        self.wrong: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        if self.opened:
            self.wrong.append(f"never closed: {self.opened}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if not re.fullmatch(ALLOWED.get(tag, {}).get(name, r"(?!)"), value or ""):
                self.wrong.append(f"<{tag} {name}={value!r}>")
        if tag not in ALLOWED or (tag in NEVER_IN_ITSELF and tag in self.opened):
            self.wrong.append(f"<{tag}> in {self.opened}")
        if tag == "br":
            self.words.append("\n")
        if tag not in VOID:
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.opened or self.opened.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"declaration {decl!r}")

    unknown_decl = handle_decl

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"instruction {data!r}")


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, kind=KINDS)
@example(text="# **# a**", kind="message")
@example(text="[a [b](https://c.example)](https://d.example)", kind="message")
@example(text="[<https://a.example>](https://b.example)", kind="message")
@example(text='[a](https://b.example/"onclick="x)', kind="message")
@example(text='https://a.example/"><script>alert(1)</script>', kind="message")
@example(text='<:"onerror=x:1>', kind="message")
def test_only_formatting_comes_out(text: str, kind: Kind):
    assert Reading(html(text, kind=kind, viewer=1, everyone=True)).wrong == []


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_characters="*_~|`<>[]:@\\#-.\r\0", exclude_categories=["Cs"]), max_size=300))
def test_text_without_marks_comes_out_as_it_is(text: str):
    assert "".join(Reading(html(text)).words) == text


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_no_word_is_lost(text: str):
    """Marks may go, words may not: letters and digits outside of addresses and mentions all come out, in order."""
    text = re.sub(r"<[^<>]*>|\(|\)|```\w+\n|\x1b\[[0-9]*m|[0-9]+\.|[<\"':]", " ", text)
    letters = [character for character in "".join(Reading(html(text)).words) if character.isalpha()]
    assert letters == [character for character in text if character.isalpha()]


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.integers(1, 50))
def test_previews_are_one_short_line(text: str, characters: int):
    preview = plain(text, NAMES, characters=characters)
    assert len(preview) <= characters
    assert preview == " ".join(preview.split())


@pytest.mark.parametrize("language", sorted(LANGUAGES | ALIASES.keys() | {"ansi", "nosuch"}))
def test_no_character_of_code_is_lost(language: str):
    code = "\n\n  <a href='x'>&amp;\t\"é😀\n#include {x} /* y */ $z = 1.5; // 'open\n"
    assert "".join(Reading(highlight(code, language)).words) == code


def test_the_languages_people_write_have_colours():
    for language in LANGUAGES | ALIASES.keys():
        assert "hl-" in highlight("# 2 <b>\n- a\nif (x == 'a') { return 1; }", language), language


REPEATED = [
    *(fragment for fragment in FRAGMENTS if fragment.strip()),
    *("\n", "*a", "**a", "*a **b ", "_a", "__a ", "***", "****a ", "||a ", "~~a ", "[](", "[a](", "[a](https://a"),
    *("[[a](https://a ", '[a](https://a "', "[a](http://x\\", "- a\n", "- a\n - b\n", "> a\n", "# a\n", "`a``b```c"),
    *("https://a(", "https://a)", "_a *b __c **d ~~e ||f [g ", "\\`", "**a\\*", "-# # ", "- - "),
]
CRAFTED = {
    "deep pairs": "**__~~||*_" * 200 + "a" + "_*||~~__**" * 200,
    "brackets": "[" * 2000 + "]" * 2000,
    "links": "[" * 600 + "](https://a)" * 290,
    "backticks": "".join("`" * length + "a" for length in range(1, 90)),
    "quotes": "\n".join("> " * depth + "a" for depth in range(60)),
    "lists": "\n".join(" " * depth + "- a" for depth in range(80)),
    "spaces": "# a" + " " * 4000 + "b",
    "item": "-" + " " * 4000 + "b",
    **{fragment: fragment * (LONGEST_CHARACTERS // len(fragment)) for fragment in REPEATED},
}


@pytest.mark.parametrize("text", CRAFTED.values(), ids=map(repr, CRAFTED))
def test_no_text_takes_long(text: str):
    started = thread_time()
    shown = html(text)
    plain(text, NAMES)
    only_emoji(text)
    assert thread_time() - started < SLOW_SECONDS
    assert Reading(shown).wrong == []


@pytest.mark.parametrize(
    ("language", "unit"), [("c", "\n"), ("java", "\n\n"), ("make", "a.b"), ("py", "f'{"), ("cs", "a\n")]
)
def test_code_made_to_slow_a_lexer_loses_colour_instead(language: str, unit: str):
    code = unit * (4_000 // len(unit))
    started = thread_time()
    shown = highlight(code, language)
    assert thread_time() - started < LONGEST_SECONDS + SLOW_SECONDS
    assert "".join(Reading(shown).words) == code


def test_a_screen_full_of_messages_is_quick():
    text = (
        "Hey <@1>, the **raid** starts <t:1717243200:R> in <#3>! Bring `potions`, read https://a.example/guide_v2.\n"
        "> last week we _almost_ had it\n- tank: <@2>\n- healer: <@&5>\n  1. cleric\n# Rules\n"
        "No ||spoilers||, ~~maybe~~ __never__. See [the wiki](https://a.example/wiki) <:wave:12>\n"
        + "and so on, "
        * 15
    )
    html(text)
    started = thread_time()
    for number in range(50):
        html(f"{number} {text[:497]}")
    assert thread_time() - started < SLOW_SECONDS
