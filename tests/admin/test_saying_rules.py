"""Messages with embeds as JSON: what fits, and what is said of what doesn't."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.admin.saying.rules import Draft, DraftError, check, length, read, write
from utils.formatting import EMBED_TOTAL_LIMIT

words = st.text(st.characters(categories=["L", "N", "S", "P"]), min_size=1, max_size=60)
addresses = st.from_regex(r"\Ahttps://[a-z]{1,10}\.example/[a-z]{0,10}\Z")
fields = st.lists(
    st.fixed_dictionaries({"name": words, "value": words, "inline": st.booleans()}), min_size=1, max_size=5
)
embeds = st.fixed_dictionaries(
    {"title": words},
    optional={
        "description": words,
        "url": addresses,
        "color": st.integers(0, 0xFFFFFF),
        "timestamp": st.datetimes().map(lambda moment: moment.isoformat()),
        "author": st.fixed_dictionaries({"name": words}, optional={"icon_url": addresses, "url": addresses}),
        "footer": st.fixed_dictionaries({"text": words}, optional={"icon_url": addresses}),
        "image": st.fixed_dictionaries({"url": addresses}),
        "thumbnail": st.fixed_dictionaries({"url": addresses}),
        "fields": fields,
    },
)


@given(words | st.just(""), st.lists(embeds, min_size=1, max_size=10))
def test_what_is_written_is_read_the_same(content: str, several: list[dict[str, Any]]) -> None:
    data = {"content": content, "embeds": several}
    if sum(map(length, several)) > EMBED_TOTAL_LIMIT:
        with pytest.raises(DraftError):
            check(data)
        return
    draft = check(data)
    assert read(write(draft)) == draft
    assert check(data) == Draft(content.strip(), tuple(several))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "embeds",
                        "content",
                        "title",
                        "fields",
                        "author",
                        "name",
                        "url",
                        "color",
                        "image",
                        "footer",
                        "messages",
                        "data",
                        "timestamp",
                    ]
                ),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_comes_is_read_or_refused(data: Any) -> None:
    with suppress(DraftError):
        assert not read(json.dumps(data)).is_empty


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('{"title": "A"}', "A"),
        ('[{"title": "A"}]', "A"),
        ('{"embed": {"title": "A"}}', "A"),
        ('```json\n{"embeds": [{"title": "A", "type": "rich"}]}\n```', "A"),
        ('{"version": "d2", "messages": [{"data": {"content": null, "embeds": [{"title": "A"}]}}]}', "A"),
    ],
)
def test_the_shapes_that_builders_export(text: str, title: str) -> None:
    assert read(text).embeds[0]["title"] == title


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"embeds": [{"title": "A"}, {"title": "x" * 257}]}, "The title of embed 2 has 257 characters; 256 are"),
        ({"embeds": [{"title": "A", "fields": [{"name": "n", "value": "v" * 1025}]}]}, "text of field 1 of embed 1"),
        ({"embeds": [{"title": "A", "fields": [{"name": "n", "value": " "}]}]}, "needs a name and a text"),
        ({"embeds": [{"title": "A", "fields": [{"name": "n", "value": "v"}] * 26}]}, "26 fields; 25"),
        ({"embeds": [{"title": "A"}] * 11}, "room for 10"),
        ({"embeds": [{"description": "x" * 3_500}] * 2}, "7,000 characters; 6,000"),
        ({"embeds": [{"titel": "A"}]}, "Did you mean `title`"),
        ({"embeds": [{"title": "A", "color": "#zzz"}]}, "isn't a colour"),
        ({"embeds": [{"title": "A", "image": {"url": "attachment://x.png"}}]}, "web address"),
        ({"embeds": [{"title": "A", "timestamp": "soon"}]}, "The time of embed 1"),
        ({"embeds": [{"color": 3}]}, "Embed 1 is empty"),
        ({"content": "x" * 2_001}, "The text of the message has 2,001"),
        ({"content": " "}, "nothing in this message"),
    ],
)
def test_what_does_not_fit_is_named(data: dict[str, Any], said: str) -> None:
    with pytest.raises(DraftError, match=said.replace("(", r"\(")):
        check(data)


def with_field(**changes: Any) -> dict[str, Any]:
    return {"embeds": [{"title": "A", "fields": [{"name": "n", "value": "v"} | changes]}]}


@pytest.mark.parametrize(
    ("most", "made"),
    [
        (2_000, lambda count: {"content": "x" * count}),
        (10, lambda count: {"embeds": [{"title": "A"}] * count}),
        (256, lambda count: {"embeds": [{"title": "x" * count}]}),
        (4_096, lambda count: {"embeds": [{"description": "x" * count}]}),
        (256, lambda count: {"embeds": [{"author": {"name": "x" * count}}]}),
        (2_048, lambda count: {"embeds": [{"footer": {"text": "x" * count}}]}),
        (25, lambda count: {"embeds": [{"fields": [{"name": "n", "value": "v"}] * count}]}),
        (256, lambda count: with_field(name="x" * count)),
        (1_024, lambda count: with_field(value="x" * count)),
        (2_048, lambda count: {"embeds": [{"title": "A", "url": "https://a.example/".ljust(count, "x")}]}),
        (0xFFFFFF, lambda count: {"embeds": [{"title": "A", "color": count}]}),
        # All that counts towards the limit of a message: six in each of ten embeds, and the rest.
        (5_940, lambda count: {"embeds": [
            {"title": "A", "description": "x" * (count // 10 + (count % 10 if one == 0 else 0)),
             "author": {"name": "A"}, "footer": {"text": "A"}, "fields": [{"name": "nn", "value": "v"}]}
            for one in range(10)
        ]}),
    ],
)  # fmt: skip
def test_every_limit_at_its_edge(most: int, made: Any) -> None:
    assert not check(made(most)).is_empty
    with pytest.raises(DraftError):
        check(made(most + 1))


@pytest.mark.parametrize(
    "embed",
    [
        '"color": ' + "9" * 5_000,
        '"color": "' + "9" * 5_000 + '"',
        '"color": 1e999',
        '"color": NaN',
        '"timestamp": "0001-01-01T00:00:00+14:00"',
        '"timestamp": "9999-12-31T23:00:00-12:00"',
    ],
)
def test_numbers_and_days_out_of_this_world_are_refused(embed: str) -> None:
    with pytest.raises(DraftError) as refused:
        read(f'{{"title": "A", {embed}}}')
    assert "sys." not in str(refused.value)


def test_no_json_is_pointed_at() -> None:
    with pytest.raises(DraftError, match="line 2"):
        read('{"title":\n"A" "B"}')
    with pytest.raises(DraftError):
        read("[" * 90_000)
