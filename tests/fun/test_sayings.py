"""Facts, jokes and sayings: enough of them, each once, and in the reader's language."""

import random
import re

import pytest

from cogs.fun.sayings.files import KINDS, NOT_AGAIN, Teller, texts_of
from tests.support.town import Town
from utils.i18n import LANGUAGES, PSEUDO

LEAST = 60


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_files(kind, language):
    texts = texts_of(kind, language)
    assert len(texts) >= LEAST
    assert len({re.sub(r"\W", "", one.text.casefold()) for one in texts}) == len(texts)
    assert {len(texts_of(kind, other)) for other in LANGUAGES} == {len(texts)}  # each has its translation beside it
    for one in texts:
        for text in filter(None, (one.text, one.ending)):
            assert text[0].isupper() or text[0] in "0123456789“„¿", text
            assert text[-1] in ".!?”“:", text
            assert len(text) <= 400
            assert not re.search(r"[|*_`<>@]|  | \.", text), text


def test_none_comes_soon_again():
    teller, chance = Teller(), random.Random(1)
    told = [teller.next("jokes", "en", chance) for _number in range(200)]
    for start in range(len(told) - NOT_AGAIN):
        assert len(set(told[start : start + NOT_AGAIN + 1])) == NOT_AGAIN + 1
    assert texts_of("facts", PSEUDO) == texts_of("facts", "en")


@pytest.mark.town(languages=("en",))  # these texts pass through no catalogue
async def test_telling(town: Town):
    for name, kind in (("fact", "facts"), ("joke", "jokes"), ("saying", "sayings")):
        for language in LANGUAGES:
            await town.says(town.ann, f"!language {language}")
            answer = await town.says(town.ann, f"!{name}")
            text = answer.embed.description.partition("\n")[0]
            assert text in {one.text for one in texts_of(kind, language)}
    await town.says(town.ann, "!language en")
    assert (await town.says(town.ann, "!quote")).embed.title == "🕯️ A thought"
    await town.says(town.admin, "!feature disable fun")
    assert await town.says(town.ann, "!quote") == "Give the link to a message, or reply to one with this command."
