"""Discord's Markdown: what each mark turns into."""

import pytest

from playground.markup import only_emoji, plain
from tests.playground.markup_names import ANN, BOB, NAMES, html

SPOILER = (
    '<span class="spoiler" role="button" tabindex="0" aria-expanded="false" aria-label="Spoiler">'
    '<span class="hidden">{}</span></span>'
)
BLOCK = (
    '<div class="code"><pre><code>{}</code></pre>'
    '<button type="button" class="copy" aria-label="Copy the code"></button></div>'
)
LINK = '<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>'
MASKED = '<a href="{0}" target="_blank" rel="noopener noreferrer" title="{0}">{1}</a>'

PAIRS = {
    "*it* _it_": "<em>it</em> <em>it</em>",
    "**bold**": "<strong>bold</strong>",
    "__under__": "<u>under</u>",
    "~~gone~~": "<s>gone</s>",
    "||hidden||": SPOILER.format("hidden"),
    "***both***": "<em><strong>both</strong></em>",
    "___both___": "<em><u>both</u></em>",
    "__**~~all~~**__": "<u><strong><s>all</s></strong></u>",
    "**bold *and it* too**": "<strong>bold <em>and it</em> too</strong>",
    "*it **and bold** too*": "<em>it <strong>and bold</strong> too</em>",
    "**two\nlines**": "<strong>two<br>lines</strong>",
    "a*b*c": "a<em>b</em>c",
    "snake_case_name": "snake_case_name",
    "__init__.py": "<u>init</u>.py",
    "2 * 3 * 4": "2 * 3 * 4",
    "** loose **": "<strong> loose </strong>",
    "**foo***": "<strong>foo*</strong>",
    "**open": "**open",
    "||open": "||open",
    "~~ ~~": "<s> </s>",
    "||||": "||||",
    "****": "<em>**</em>",
    "**a ||b** c||": "<strong>a ||b</strong> c||",
}
ESCAPES = {
    r"\*no\*": "*no*",
    r"\_no\_": "_no_",
    r"\||no||": "||no||",
    r"\`no`": "`no`",
    r"\# no": "# no",
    r"\> no": "&gt; no",
    r"\<@1>": "&lt;@1&gt;",
    r"C:\new": r"C:\new",
    "\\\\*a*": r"\<em>a</em>",
    r"**a\** b**": "<strong>a** b</strong>",
    r"¯\_(ツ)_/¯": r"¯\_(ツ)_/¯",
    "&amp; &lt;": "&amp;amp; &amp;lt;",
    "<b>x</b>": "&lt;b&gt;x&lt;/b&gt;",
    "![x](https://a.example/b.png)": "!" + MASKED.format("https://a.example/b.png", "x"),
    "a\n===\n    b": "a<br>===<br>    b",
    "|a|b|\n|-|-|": "|a|b|<br>|-|-|",
}
CODE = {
    "`a *b*`": "<code>a *b*</code>",
    "``a ` b``": "<code>a ` b</code>",
    "`` `a` ``": "<code>`a`</code>",
    "` a `": "<code> a </code>",
    "`<@1>`": "<code>&lt;@1&gt;</code>",
    "`open": "`open",
    "``uneven`": "``uneven`",
    "```x = 1```": BLOCK.format("x = 1"),
    "```\nx = 1\n```": BLOCK.format("x = 1"),
    "```\n\n  x\n\n\n```": BLOCK.format("  x"),
    "```two words\nx```": BLOCK.format("two words\nx"),
    "```cpp\n```": BLOCK.format("cpp"),
    "```nosuchlanguage\n<x>\n```": BLOCK.format("&lt;x&gt;"),
    "a```b```c": f"a{BLOCK.format('b')}c",
    "a\n```b```\nc\n\nd": f"a<br>{BLOCK.format('b')}c<br><br>d",
    "```json\n[1]\n```": BLOCK.format(
        '<span class="hl-p">[</span><span class="hl-mi">1</span><span class="hl-p">]</span>'
    ),
    "```PY\npass```": BLOCK.format('<span class="hl-k">pass</span>'),
    "```patch\n+a```": BLOCK.format('<span class="hl-gi">+a</span>'),
    "```ansi\n\x1b[1;31mred\x1b[32m green\x1b[0m no\n```": BLOCK.format(
        '<span class="ansi-1 ansi-31">red</span><span class="ansi-1 ansi-32"> green</span> no'
    ),
    "||```a```||": SPOILER.format(BLOCK.format("a")),
    "```open": "```open",
    "```a``": "```a``",
}
LINES = {
    "a\nb": "a<br>b",
    "a\n\n\nb": "a<br><br><br>b",
    "> a": "<blockquote>a</blockquote>",
    "> a\n> *b*\nc": "<blockquote>a<br><em>b</em></blockquote>c",
    ">a": "&gt;a",
    "> > a": "<blockquote>&gt; a</blockquote>",
    "a > b": "a &gt; b",
    ">>> a\n\nb": "<blockquote>a<br><br>b</blockquote>",
    "> a\n\n> b": "<blockquote>a</blockquote><br><blockquote>b</blockquote>",
    "**a\n> b** c": "<strong>a<br><blockquote>b</blockquote></strong> c",
    "# A": "<h3>A</h3>",
    "## A ##\n\nb": "<h4>A</h4>b",
    "### *A*\nb": "<h5><em>A</em></h5>b",
    "#### A": "#### A",
    "#A": "#A",
    "# # A": "# # A",
    "a # b": "a # b",
    "**# A**": "<strong><h3>A</h3></strong>",
    "> # A": "<blockquote><h3>A</h3></blockquote>",
    "-# A": '<div class="small-print">A</div>',
    "-#A": "-#A",
    "- a\n- b": "<ul><li>a</li><li>b</li></ul>",
    "* a\n\nb": "<ul><li>a</li></ul><br>b",
    "- a\nb": "<ul><li>a</li></ul>b",
    "-a": "-a",
    "a - b": "a - b",
    "- ": "- ",
    "1. a\n2. b": "<ol><li>a</li><li>b</li></ol>",
    "7. a\n3. b": '<ol start="7"><li>a</li><li>b</li></ol>',
    "- a\n  - b\n    - c\n- d": "<ul><li>a<br><ul><li>b<br><ul><li>c</li></ul></li></ul></li><li>d</li></ul>",
    "- a\n - b": "<ul><li>a<br><ul><li>b</li></ul></li></ul>",
    "- a\n  more": "<ul><li>a<br>more</li></ul>",
    "1. a\n   - b": "<ol><li>a<br><ul><li>b</li></ul></li></ol>",
    "- - a": "<ul><li><ul><li>a</li></ul></li></ul>",
    "- > a": "<ul><li><blockquote>a</blockquote></li></ul>",
    "- **a\n- b**": "<ul><li>**a</li><li>b**</li></ul>",
}
LINKS = {
    "https://a.example/b_c_d": LINK.format("https://a.example/b_c_d"),
    "See https://a.example.": f"See {LINK.format('https://a.example')}.",
    "(https://a.example/b_(c))": f"({LINK.format('https://a.example/b_(c)')})",
    "**https://a.example**": f"<strong>{LINK.format('https://a.example')}</strong>",
    "||https://a.example||": SPOILER.format(LINK.format("https://a.example")),
    "<https://a.example/x>": LINK.format("https://a.example/x"),
    "https://": "https://",
    "https://a.example/?a=1&b=2": (
        '<a href="https://a.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">'
        "https://a.example/?a=1&amp;b=2</a>"
    ),
    "[text](https://a.example)": MASKED.format("https://a.example", "text"),
    "[a **b**](https://a.example/(c))": MASKED.format("https://a.example/(c)", "a <strong>b</strong>"),
    "[a [b]](<https://a.example>)": MASKED.format("https://a.example", "a [b]"),
    '[a](https://a.example "why")': (
        '<a href="https://a.example" target="_blank" rel="noopener noreferrer" title="why\n\n(https://a.example)">a</a>'
    ),
    "[https://bank.example](https://evil.example)": (
        f"[{LINK.format('https://bank.example')}]({LINK.format('https://evil.example')})"
    ),
    "[a](javascript:alert(1))": "[a](javascript:alert(1))",
    "[a](data:text/html,x)": "[a](data:text/html,x)",
    "[a](//a.example)": "[a](//a.example)",
    "<javascript:alert(1)>": "&lt;javascript:alert(1)&gt;",
    "javascript://a.example": "javascript://a.example",
    "[](https://a.example)": f"[]({LINK.format('https://a.example')})",
    "[a] (https://a.example)": f"[a] ({LINK.format('https://a.example')})",
    "[a][b]\n\n[b]: x": "[a][b]<br><br>[b]: x",
    "www.a.example a@b.example": "www.a.example a@b.example",
}
MENTIONS = {
    "<@1>": '<span class="mention user" data-user="1" role="button" tabindex="0">@Ann</span>',
    "<@!1>": '<span class="mention user" data-user="1" role="button" tabindex="0">@Ann</span>',
    "<@2>": '<span class="mention user" data-user="2" role="button" tabindex="0">@Bob &lt;3</span>',
    "<@99>": '<span class="mention user unknown">@unknown-user</span>',
    "<@&5>": '<span class="mention role" style="--role:#3498db">@Moderators</span>',
    "<@&6>": '<span class="mention role">@Plain</span>',
    "<@&7>": '<span class="mention role">@Odd</span>',
    "<@&99>": '<span class="mention role">@deleted-role</span>',
    "<#3>": '<span class="mention channel" data-channel="3" role="link" tabindex="0">#general</span>',
    "<#99>": '<span class="mention channel unknown">#unknown</span>',
    "@everyone @here": "@everyone @here",
    "</remind list:7>": '<span class="mention command">/remind list</span>',
    "<id:customize>": '<span class="mention place">Channels &amp; Roles</span>',
    "<:wave:12>": '<img class="emoji" src="files/emoji/12.png" alt=":wave:" title=":wave:">',
    "<a:wave:12>": '<img class="emoji" src="files/emoji/12.png" alt=":wave:" title=":wave:">',
    "<@x> <@1 <#> <:wave:>": "&lt;@x&gt; &lt;@1 &lt;#&gt; &lt;:wave:&gt;",
    "https://discord.com/channels/9/3/77": (
        '<a class="mention channel" href="https://discord.com/channels/9/3/77" target="_blank" '
        'rel="noopener noreferrer" data-channel="3" data-message="77">#general › message</a>'
    ),
    "[up](https://discord.com/channels/9/3)": (
        '<a href="https://discord.com/channels/9/3" target="_blank" rel="noopener noreferrer" data-channel="3" '
        'title="https://discord.com/channels/9/3">up</a>'
    ),
}


@pytest.mark.parametrize(("text", "expected"), [*PAIRS.items(), *ESCAPES.items(), *CODE.items()])
def test_marks_inside_lines(text: str, expected: str):
    assert html(text) == expected


@pytest.mark.parametrize(("text", "expected"), LINES.items())
def test_what_fills_lines(text: str, expected: str):
    assert html(text) == expected


@pytest.mark.parametrize(("text", "expected"), [*LINKS.items(), *MENTIONS.items()])
def test_links_and_mentions(text: str, expected: str):
    assert html(text) == expected


def test_whoever_reads_a_mention_of_themselves_sees_it():
    assert 'class="mention user you"' in html("<@1>", viewer=ANN)
    assert 'class="mention user"' in html("<@1>", viewer=BOB)


def test_everyone_stands_out_where_everyone_was_called():
    assert html("@here!", everyone=True) == '<span class="mention everyone">@here</span>!'


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ("", "1 June 2024 at 12:05 UTC"),
        (":t", "12:05 UTC"),
        (":T", "12:05:09 UTC"),
        (":d", "01/06/2024"),
        (":D", "1 June 2024"),
        (":f", "1 June 2024 at 12:05 UTC"),
        (":F", "Saturday, 1 June 2024 at 12:05 UTC"),
        (":s", "01/06/2024, 12:05 UTC"),
        (":S", "01/06/2024, 12:05:09 UTC"),
        (":R", "1 June 2024 at 12:05 UTC"),
    ],
)
def test_moments(style: str, words: str):
    attributes = f'datetime="2024-06-01T12:05:09Z" data-unix="1717243509" data-style="{style[1:] or "f"}"'
    assert html(f"<t:1717243509{style}>") == f"<time {attributes}>{words}</time>"


@pytest.mark.parametrize("text", ["<t:99999999999999999>", "<t:-99999999999999>", "<t:1:x>", "<t:>"])
def test_what_is_no_moment_stays_as_it_was_typed(text: str):
    assert html(text) == text.replace("<", "&lt;").replace(">", "&gt;")


def test_moments_long_ago():
    assert html("<t:-62135596800:d>").endswith(">01/01/0001</time>")


@pytest.mark.parametrize("kind", ["title", "field_name"])
def test_titles_know_only_formatting(kind: str):
    typed = "**a** `b` <:wave:12> <@1> https://a.example [c](https://a.example) ||d||"
    shown = html(typed, kind=kind)
    assert shown.startswith('<strong>a</strong> <code>b</code> <img class="emoji"')
    assert "&lt;@1&gt; https://a.example [c](https://a.example) <span" in shown
    for block in ("# a", "> a", "- a", "-# a"):
        assert html(block, kind=kind) == block.replace(">", "&gt;")
    assert html("```a```", kind=kind) == "<code>a</code>"


def test_topics_are_one_line_with_links_and_mentions():
    assert html("# a\n<@1>\nhttps://a.example", kind="topic") == (
        f'# a <span class="mention user" data-user="1" role="button" tabindex="0">@Ann</span> {LINK.format("https://a.example")}'
    )


def test_embeds_know_what_messages_know():
    for text in LINES:
        assert html(text, kind="embed") == html(text)


def test_no_more_lists_in_one_another_than_discord_has():
    assert html("- " * 20 + "a").count("<ul>") == 11


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("😀", True),
        ("👍🏽 ❤️ 🇩🇪\n👨‍👩‍👧‍👦 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🧑‍⚕️ ™️", True),
        ("<:wave:12><a:wave:12> 😀", True),
        ("😀" * 27, True),
        ("😀" * 28, False),
        ("😀 a", False),
        ("", False),
        (" ", False),
        ("1", False),
        ("™", False),
        ("→", False),
        ("<:wave:>", False),
        ("`😀`", False),
    ],
)
def test_only_emoji(text: str, expected: bool):
    assert only_emoji(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**a** _b_\n\nc", "a b c"),
        ("> a\n- b\n- c\n# d\ne", "a b c d e"),
        ("- a\n- b", "a b"),
        ("the murderer is ||the **butler** ||x||||", "the murderer is ▇▇▇x||||"),
        ("<@1> in <#3>, <@&5>! <:wave:12> </remind:7>", "@Ann in #general, @Moderators! :wave: /remind"),
        ("```py\nprint(1)\n```", "print(1)"),
        ("```ansi\n\x1b[31mred\n```", "red"),
        ("[text](https://a.example) https://b.example", "text https://b.example"),
        ("<t:1717243509:d> @everyone <id:browse> `a`", "01/06/2024 @everyone Browse Channels a"),
        ("a" * 300, "a" * 199 + "…"),
        ("", ""),
    ],
)
def test_previews(text: str, expected: str):
    assert plain(text, NAMES) == expected


def test_previews_are_as_long_as_asked_for():
    assert plain("one two three", NAMES, characters=5) == "one…"
