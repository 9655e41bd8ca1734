"""The translations are complete and fit; and the tool that says so sees what is wrong."""

from pathlib import Path

import pytest

from tools import translations
from utils.i18n import load_catalogues, translate, using

SOURCE = '''
"""Greetings: saying hello."""
from utils.i18n import N_, _, ngettext

LATER = N_("Said later.")

async def setup(bot): ...

class Greetings(Cog):
    """Say hello."""

    @command()
    @example("Ann")
    async def greet(self, ctx):
        """Greet somebody.

        They may be away,
        which is fine.
        """
        await ctx.send(_("Hello {name}! It is 100% free.").format(name="x"))

    @greet.command()
    async def twice(self, ctx):
        """Greet twice."""
        ngettext("{count} greeting", "{count} greetings", 2)

    def helper(self):
        """Nobody reads this."""
'''
SENTENCES = {
    "Greetings: saying hello.",
    "Said later.",
    "Say hello.",
    "Greet somebody.",
    "They may be away, which is fine.",
    "Hello {name}! It is 100% free.",
    "Greet twice.",
    ("{count} greeting", "{count} greetings"),
}


def test_the_translations_are_complete() -> None:
    assert translations.problems() == []


def test_every_sentence_can_be_gathered() -> None:
    assert list(translations.unreadable_sentences()) == []


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A bot with one feature, its German complete."""
    feature = tmp_path / "cogs" / "greetings"
    feature.mkdir(parents=True)
    (tmp_path / "main.py").write_text("")
    (feature / "__init__.py").write_text(SOURCE)
    update(tmp_path)
    file = german(tmp_path)
    text = file.read_text()
    head, blocks = text.split("\n\n", 1)
    filled = []
    for block in blocks.rstrip("\n").split("\n\n"):
        source = block.partition('msgid "')[2].partition('"')[0]
        forms = "" if "[0]" not in block else "[0]"
        translated = block.replace(f'msgstr{forms} ""', f'msgstr{forms} "{source}"')
        filled.append(translated.replace('msgstr[1] ""', f'msgstr[1] "{source}"'))
    file.write_text("\n\n".join([head, *filled]) + "\n")
    return tmp_path


def update(root: Path) -> None:
    translations.update(root, root / "locales")


def german(root: Path) -> Path:
    return translations.translation_file("de", root / "locales")


def problems(root: Path) -> list[str]:
    return translations.problems(root, root / "locales")


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_sentences_and_help_texts_are_gathered(house: Path) -> None:
    assert {message.id for message in translations.gather(house) if message.id} == SENTENCES
    assert problems(house) == []


def test_updating_twice_changes_nothing(house: Path) -> None:
    files = [translations.template_file(house / "locales"), german(house)]
    before = [file.read_bytes() for file in files]
    update(house)
    assert [file.read_bytes() for file in files] == before


def test_help_texts_are_found_by_the_parts_that_help_shows(house: Path) -> None:
    change(german(house), 'msgstr "They may be away, which is fine."', 'msgstr "Auch wenn sie weg sind."')
    load_catalogues(house / "locales")
    try:
        with using("de"):
            assert translate("They may be away, which is fine.") == "Auch wenn sie weg sind."
    finally:
        load_catalogues()


def test_a_new_sentence_is_missed_before_and_after_the_update(house: Path) -> None:
    (house / "main.py").write_text("_('Quite another thing')\n")
    assert "hearth.pot is stale: run `python -m tools.translations update`" in problems(house)
    update(house)
    assert problems(house) == ["de: not translated: 'Quite another thing'"]


def test_a_changed_sentence_is_unsure_and_an_old_one_goes(house: Path) -> None:
    change(house / "cogs" / "greetings" / "__init__.py", "Said later.", "Said much later.")
    update(house)
    assert problems(house) == ["de: not sure (fuzzy): 'Said much later.'"]


def test_placeholders_must_fit(house: Path) -> None:
    change(german(house), 'msgstr "Hello {name}!', 'msgstr "Hallo {nmae}!')
    assert problems(house) == ["de: other placeholders: 'Hello {name}! It is 100% free.'"]


def test_a_plural_form_may_not_be_missing(house: Path) -> None:
    change(german(house), 'msgstr[1] "{count} greeting"', 'msgstr[1] ""')
    assert problems(house) == ["de: not translated: '{count} greeting'"]


def test_a_broken_file_is_named(house: Path) -> None:
    german(house).write_text('msgid "a')
    assert problems(house)[0].startswith("de: the file can't be read")


def test_a_sentence_that_cannot_be_gathered_is_named(house: Path) -> None:
    lines = [
        'a = _(f"Hello {name}")',
        "b = _(variable)",
        'c = _("fine" " too")',
        """d = f"{_('Hello')} {name}\"""",
        """e = f"{name}: {', '.join(ngettext('{n} day', '{n} days', n) for n in days)}\"""",
        """f = _("Hello {name}, {greeting}").format(name=f"{name}!", greeting=_("welcome"))""",
    ]
    (house / "main.py").write_text("\n".join(lines))
    named = [problem for problem in problems(house) if problem.startswith("main.py")]
    assert [problem.split(" ")[0] for problem in named] == ["main.py:1:", "main.py:2:", "main.py:4:", "main.py:5:"]
