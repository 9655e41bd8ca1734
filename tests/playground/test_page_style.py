"""The page as files: it can be read, loads nothing from elsewhere, and holds together without a build step."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from playground.rest_calls import NAMES
from tests.support.process import REPOSITORY

PAGE = REPOSITORY / "playground" / "page"
STYLES = sorted(PAGE.glob("style/*.css"))
MODULES = sorted(PAGE.glob("js/*.js"))

READABLE = 4.5  # WCAG 2.2 AA: text
VISIBLE = 3.0  # WCAG 2.2 AA: what tells a control from its surroundings

BACKGROUNDS = (
    "--bg-rail", "--bg-play", "--bg-channels", "--bg-chat", "--bg-hover", "--bg-raised", "--bg-active",
    "--bg-floating", "--bg-sunk", "--bg-embed", "--bg-mention",
)  # fmt: skip
TEXTS = (
    "--text", "--text-strong", "--muted", "--link", "--text-danger", "--text-success", "--text-warning",
    "--text-brand", "--text-play",
)  # fmt: skip
FILLED = (
    "--brand", "--brand-hover", "--danger", "--danger-hover", "--success", "--success-hover", "--neutral",
    "--neutral-hover",
)  # fmt: skip
UNDER_FIELDS = ("--bg-sunk", "--bg-chat", "--bg-channels", "--bg-floating")

SVG_NAMESPACE = "http://www.w3.org/2000/svg"  # a name, not an address


def variables(css: str) -> dict[str, str]:
    """The custom properties of a stylesheet."""
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", css))


COLOURS = variables((PAGE / "style" / "base.css").read_text(encoding="utf-8"))


def luminance(colour: str) -> float:
    """Of `#rrggbb`, as WCAG 2.2 has it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    """Between two colours or variables, from 1 to 21."""
    darker, lighter = sorted(luminance(COLOURS.get(name, name)) for name in (one, two))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_the_standard_says():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#000000", "#000000") == 1


def test_every_background_and_every_text_is_checked():
    named = {name for name, value in COLOURS.items() if re.fullmatch(r"#[0-9a-f]{6}", value)}
    assert {name for name in named if name.startswith("--bg-")} == set(BACKGROUNDS)
    assert {name for name in named if name.startswith("--text")} < set(TEXTS)


@pytest.mark.parametrize("text", TEXTS)
def test_text_can_be_read_on_every_background(text: str):
    assert {background for background in BACKGROUNDS if contrast(text, background) < READABLE} == set()


@pytest.mark.parametrize("filled", FILLED)
def test_words_on_buttons_can_be_read(filled: str):
    assert contrast("--on-filled", filled) >= READABLE


def test_words_on_the_playgrounds_own_colour_can_be_read():
    assert contrast("--on-play", "--play") >= READABLE


@pytest.mark.parametrize("background", UNDER_FIELDS)
def test_the_edge_of_a_field_can_be_seen(background: str):
    assert contrast("--edge", background) >= VISIBLE


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_the_focus_can_be_seen(background: str):
    assert contrast("--focus", background) >= VISIBLE


def test_every_variable_that_is_used_is_set():
    written = "\n".join(file.read_text(encoding="utf-8") for file in [*STYLES, *MODULES])
    used = set(re.findall(r"var\((--[\w-]+)(?=\))", written))  # with a fallback it may be unset
    set_somewhere = set(re.findall(r"(--[\w-]+)[\"'`]?\s*[:,]", written))
    assert used - set_somewhere == set()


def test_no_two_stylesheets_say_how_one_class_looks():
    """They are all on the same page."""
    where: dict[str, set[str]] = {}
    for file in STYLES:
        rules = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for name in re.findall(r"(?:^|\})\s*(\.[\w-]+)\s*\{", rules):
            where.setdefault(name, set()).add(file.name)
    assert {name: files for name, files in where.items() if len(files) > 1} == {}


def test_calls_to_fail_have_the_names_that_are_shown_elsewhere():
    script = (PAGE / "js" / "faults.js").read_text(encoding="utf-8")
    known = re.findall(r"""\["([^"]+)", "(GET|POST|PUT|PATCH|DELETE) ([^"]+)"\]""", script)
    assert len(known) > 10
    assert {(method, path): name for name, method, path in known}.items() <= NAMES.items()


# --- what is loaded


class Index(HTMLParser):
    """What `index.html` loads, and what it should not have."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        address = found.get("src") if tag in {"script", "img", "iframe"} else found.get("href")
        if tag in {"script", "link", "img", "iframe"} and address:
            self.loaded.append(address)
        if tag == "style" or any(name.startswith("on") for name in found):
            self.inline.append(self.get_starttag_text() or tag)
        self._in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.inline.append(data)


def index() -> Index:
    parser = Index()
    parser.feed((PAGE / "index.html").read_text(encoding="utf-8"))
    return parser


IMPORT = re.compile(
    r"""^(?:import|export)\s[^"';]*?from\s*["']([^"']+)["']|^import\s*["']([^"']+)["']""", re.MULTILINE
)
NAMED_IMPORT = re.compile(r"""^import\s*\{([^}]*)\}\s*from\s*["']([^"']+)["']""", re.MULTILINE)
EXPORT = re.compile(r"^export\s+(?:default\s+)?(?:async\s+)?(?:function\*?|class|const|let)\s+([\w$]+)", re.MULTILINE)


def imports(module: Path) -> list[str]:
    """What a module imports."""
    text = module.read_text(encoding="utf-8")
    return [one or other for one, other in IMPORT.findall(text)]


def test_the_page_loads_each_of_its_files_and_no_other():
    loaded = [PAGE / address for address in index().loaded]
    for file in loaded:  # grows meanwhile
        if file.suffix == ".js":
            new = [(file.parent / name).resolve() for name in imports(file)]
            loaded += [each for each in new if each not in loaded]
    there = {file for file in PAGE.rglob("*") if file.is_file() and file.name != "index.html"}
    assert {file.relative_to(PAGE) for file in loaded} == {file.relative_to(PAGE) for file in there}


def test_no_script_or_style_is_inline():
    assert index().inline == []


@pytest.mark.parametrize("module", MODULES, ids=lambda file: file.name)
def test_what_a_module_imports_is_exported_there(module: Path):
    for names, address in NAMED_IMPORT.findall(module.read_text(encoding="utf-8")):
        assert address.startswith("./")
        exported = set(EXPORT.findall((module.parent / address).read_text(encoding="utf-8")))
        wanted = {name.split(" as ")[0].strip() for name in names.split(",") if name.strip()}
        assert wanted <= exported, address


@pytest.mark.parametrize(
    "file", [*STYLES, *MODULES, PAGE / "index.html", PAGE / "icon.svg"], ids=lambda file: file.name
)
def test_nothing_is_loaded_from_elsewhere(file: Path):
    text = file.read_text(encoding="utf-8").replace(SVG_NAMESPACE, "")
    assert re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//[^"'\s>]*""", text) == []
    assert re.findall(r"""@import[^;]*|url\(\s*["']?(?!data:)[^)]*\)""", text) == []
    assert re.findall(r"""(?:fetch|import|Worker|EventSource|WebSocket)\(\s*["'`](?:\w+:)?//[^"'`]*""", text) == []
    assert re.findall(r"""from\s*["'](?:\w+:)?//[^"']*""", text) == []
