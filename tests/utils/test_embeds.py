"""Embeds within Discord's limits, and the same as plain text."""

import discord
from hypothesis import given
from hypothesis import strategies as st

from utils import embeds
from utils.formatting import EMBED_FIELD_VALUE_LIMIT, EMBED_FIELDS_LIMIT, EMBED_TOTAL_LIMIT, MESSAGE_LIMIT

lines = st.lists(
    st.text("abc ", min_size=1, max_size=200).map(lambda text: text.strip() or "x"), min_size=1, max_size=60
)
fields = st.lists(st.tuples(st.text("xyz", min_size=1, max_size=30), lines.map("\n".join)), max_size=30)


@given(fields)
def test_fields_go_on_in_further_pages_and_none_is_lost(given_fields: list[tuple[str, str]]):
    first = embeds.info("What holds here.", title="Settings")
    pages = embeds.with_fields(first, given_fields)
    for page in pages:
        assert page.title == "Settings"
        assert len(page) <= EMBED_TOTAL_LIMIT
        assert len(page.fields) <= EMBED_FIELDS_LIMIT
        assert all(len(field.value or "") <= EMBED_FIELD_VALUE_LIMIT for field in page.fields)
    said = "\n".join(field.value or "" for page in pages for field in page.fields)
    assert said == "\n".join(value for _name, value in given_fields)


def test_as_text_says_all_and_stays_a_message():
    embed = discord.Embed(title="Title", description="Text").add_field(name="Name", value="Value")
    embed.set_footer(text="Foot").set_image(url="https://example.org/a.png")
    text = embeds.as_text(embed)
    assert all(word in text for word in ("Title", "Text", "Name", "Value", "Foot", "https://example.org/a.png"))
    for _number in range(20):
        embed.add_field(name="Name", value="v" * 1000)
    assert len(embeds.as_text(embed)) <= MESSAGE_LIMIT
