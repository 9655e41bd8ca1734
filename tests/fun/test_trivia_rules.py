"""Trivia's rules: which answers are right, what hints show, and the files of questions."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.fun.channel_games.points import standings
from cogs.fun.trivia.answers import hint, hints_of, is_right, points_for, words_of
from cogs.fun.trivia.questions import (
    CATEGORIES,
    FOLDER,
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    MOST_ANSWERS,
    Question,
    QuestionError,
    as_json,
    parse_file,
    same,
    shipped,
)
from cogs.fun.trivia.rounds import Streak, Wanted, draw, read_wanted

EVERY = [question for questions in shipped().values() for question in questions]


@pytest.mark.parametrize(
    ("guess", "answer"),
    [
        ("brasilia", "Brasília"), ("  PARIS!! ", "Paris"), ("the beatles", "Beatles"), ("Seine", "the Seine"),
        ("van gogh", "Van Gogh"), ("Reykjavic", "Reykjavík"), ("i think it's Canberra", "Canberra"),
        ("hadrians wall", "Hadrian's Wall"), ("tchaikovski", "Tchaikovsky"), ("twelve", "12"), ("12", "twelve"),
        ("1,440", "1440"), ("1.440 minutes", "1440"), ("eight legs", "8"), ("mount everst", "Mount Everest"),
        ("photosyntesis", "Photosynthesis"), ("St. Helena", "St Helena"), ("strasse", "Straße"),
        ("St Helena", "Saint Helena"), ("Mt. Everest", "Mount Everest"), ("Doctor Watson", "Dr Watson"),
        ("Napolean", "Napoleon"),
        ("Parsi", "Paris"), ("Johann Sebatsian Bach", "Johann Sebastian Bach"), ("-5", "minus 5"),
        ("CO2", "CO2"), ("c", "C"), ("J.R.R. Tolkien", "J. R. R. Tolkien"), ("3,5", "3.5"),
    ],
)  # fmt: skip
def test_right(guess, answer):
    assert is_right(guess, [answer])


@pytest.mark.parametrize(
    ("guess", "answer"),
    [
        ("", "Paris"), ("...", "Paris"), ("the", "Paris"), ("Iran", "Iraq"), ("1941", "1914"),
        ("1914 1915 1916", "1914"),
        ("19", "1914"), ("35", "3.5"), ("-5", "5"), ("Henry VII", "Henry VIII"),
        ("Southern Hemisphere", "Northern Hemisphere"),
        ("Ag", "Au"), ("Austria", "Australia"), ("Niger", "Nigeria"),
        ("Gambia", "Zambia"), ("proton", "photon"), ("Cairo 2", "Cairo"), ("god", "dog"), ("form", "from"),
        ("Apollo 12", "Apollo 11"),
        ("Apollo", "Apollo 11"),
        ("paris london rome", "Paris"), ("nitrogen", "hydrogen"), ("photon", "proton"), ("🦊", "Paris"),
        ("x" * 2000, "Paris"),
    ],
)  # fmt: skip
def test_wrong(guess, answer):
    assert not is_right(guess, [answer])


@pytest.mark.parametrize(
    ("guess", "answer", "question", "is_so"),
    [
        ("the river Thames", "Thames", "Which river flows through London?", True),
        ("I think it's the planet Mars", "Mars", "Which planet is red?", True),
        ("Ann leads our raids", "Ann", "Who leads our raids?", True),
        ("the river", "Thames", "Which river flows through London?", False),
        ("the river Seine", "Thames", "Which river flows through London?", False),
        ("tea or coffee", "coffee", "Is it tea or coffee?", False),
        ("7 times 8", "56", "What is 7 times 8?", False),
    ],
)
def test_what_repeats_the_question(guess, answer, question, is_so):
    assert is_right(guess, [answer], question) == is_so


@given(st.sampled_from(EVERY), st.data())
def test_each_answer_is_right_however_it_is_written(question, data):
    answer = data.draw(st.sampled_from(question.answers))
    written = data.draw(st.sampled_from([str.lower, str.upper, lambda one: f"  {one}?! ", lambda one: f"it's {one}"]))
    assert is_right(written(answer), question.answers)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_are_exact(one, other):
    assert is_right(str(one), [str(other)]) == (one == other)
    assert is_right(f"{one:,}", [str(one)])


@given(st.text(max_size=120), st.text(max_size=80))
def test_no_text_is_too_strange(guess, answer):
    is_right(guess, [answer])
    assert is_right(answer, [answer]) == bool(words_of(answer))


@given(st.sampled_from([answer for question in EVERY for answer in question.answers]), st.integers(1, 2))
def test_a_hint_hides_something_and_shows_more_each_time(answer, level):
    shown = hint(answer, level)
    assert len(shown) == len(answer)
    assert all(one in (other, "_") for one, other in zip(shown, answer, strict=True))
    assert "_" in shown
    assert hint(answer, 1).count("_") >= hint(answer, 2).count("_")


def test_hints():
    assert [hint("Victoria Falls", level) for level in (1, 2)] == ["V_______ F____", "V_c_o_i_ F_l_s"]
    assert [hint("Au", level) for level in (1, 2)] == ["A_", "A_"]
    assert hint("8", 2) == "_"
    assert hints_of("Victoria Falls") == ["V_______ F____", "V_c_o_i_ F_l_s"]
    assert hints_of("Au") == ["A_"]
    assert hints_of("8") == hints_of("4 x 4") == []


def test_no_hint_is_the_answer():
    for question in EVERY:
        for shown in hints_of(question.answers[0]):
            assert not is_right(shown, question.answers, question.text), question.text


def test_points():
    assert [points_for(hints, 1) for hints in range(4)] == [100, 75, 50, 25]
    assert [points_for(0, streak) for streak in (2, 6, 50)] == [110, 150, 150]
    streak = Streak()
    assert [streak.answered_by(user) for user in (1, 1, 2, 1)] == [1, 2, 1, 1]
    streak.broken()
    assert streak.answered_by(1) == 1
    assert standings({7: 50, 8: 100, 9: 50}) == [(1, 8, 100), (2, 7, 50), (2, 9, 50)]


# --- the questions that come with the bot


def test_there_are_enough_questions():
    assert len(CATEGORIES) == 6
    assert all(len(questions) >= 50 for questions in shipped().values())
    assert len(EVERY) >= 300
    assert {file.stem for file in FOLDER.glob("*.json")} == set(CATEGORIES)


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_file_keeps_to_its_form(category):
    entries = json.loads((FOLDER / f"{category}.json").read_text(encoding="utf-8"))
    ids = [entry["id"] for entry in entries]
    assert len(ids) == len(set(ids)), "an id is there twice"
    for entry in entries:
        assert entry.keys() == {"id", "question", "answers"}
        assert isinstance(entry["id"], int)
        question, answers = entry["question"], entry["answers"]
        assert question == question.strip()
        assert question.endswith("?")
        assert len(question) <= LONGEST_QUESTION
        assert 1 <= len(answers) <= MOST_ANSWERS
        assert all(answer == " ".join(answer.split()) and 0 < len(answer) <= LONGEST_ANSWER for answer in answers)
        normalised = [" ".join(words_of(answer)) for answer in answers]
        assert all(normalised), f"{question}: an answer without letters"
        assert len(set(normalised)) == len(normalised), f"{question}: the same answer twice"


def test_no_question_is_there_twice():
    texts = [same(question.text) for question in EVERY]
    assert sorted(text for text in set(texts) if texts.count(text) > 1) == []


def test_no_question_gives_its_answer_away():
    for question in EVERY:
        said, answer = words_of(question.text), words_of(question.answers[0])
        if len("".join(answer)) > 3:
            assert not all(word in said for word in answer), question.text


# --- what is asked


@given(st.integers(0, 30), st.integers(1, 40), st.lists(st.integers(0, 40).map(str), max_size=60), st.integers())
def test_what_is_drawn(size, count, before, seed):
    pool = [Question(str(number), "?", ("!",)) for number in range(size)]
    drawn = [one.key for one in draw(pool, count, asked_before=before, chance=random.Random(seed))]
    assert len(drawn) == len(set(drawn)) == min(size, count)
    fresh = {one.key for one in pool} - set(before)
    assert len(fresh & set(drawn)) == min(len(fresh), count)


def test_what_is_wanted():
    assert read_wanted("") == Wanted(None, 10)
    assert read_wanted("20 History") == Wanted("history", 20)
    assert read_wanted("everyday life 5") == Wanted("everyday", 5)
    assert read_wanted("geografy") == Wanted("geography", 10)
    assert read_wanted("this server's own questions 3") == Wanted("own", 3)
    assert read_wanted("all 50") == Wanted(None, 50)
    for text in ("0", "51", "-3", "99999999999999999999", "5 6", "cats and dogs", "🦊" * 500):
        with pytest.raises(ValueError, match=r"from 1 to 50|no category"):
            read_wanted(text)


# --- files of a server's own

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40).filter(
    lambda text: words_of(text) and text == " ".join(text.split())
)


@given(st.lists(st.tuples(texts, st.lists(texts, min_size=1, max_size=5)), min_size=1, max_size=20))
def test_what_is_written_can_be_read(entries):
    found = parse_file(as_json([Question("", text, tuple(answers)) for text, answers in entries]))
    assert [same(text) for text, _answers in found] == list(dict.fromkeys(same(text) for text, _answers in entries))
    again = parse_file(as_json([Question("", text, answers) for text, answers in found]))
    assert again == found


def test_files_of_spreadsheets():
    for separator in ",;\t":
        lines = [["Question", "Answer", "Also"], ["Who leads?", "Ann", "Annie"], ["How many are we?", "12", ""]]
        content = "\r\n".join(separator.join(line) for line in lines)
        assert parse_file(b"\xef\xbb\xbf" + content.encode()) == [
            ("Who leads?", ("Ann", "Annie")), ("How many are we?", ("12",)),
        ]  # fmt: skip
    assert parse_file(b'{"questions": [{"question": "Q?", "answer": 5}, {"question": "q", "answer": "6"}]}') == [
        ("Q?", ("5",))
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n\n", b"\xff\xfe\x00", b"[", b"{}", b"[]", b"[1]", b'[{"question": 1, "answers": ["a"]}]',
        b"Only this?",
        b'[{"question": "Q?", "answers": []}]', b'[{"question": "Q?", "answers": ["!"]}]', b"Q?,\xe2\x80\x8b",
        b'[{"question": "Q?", "answers": {"a": 1}}]', b"[" * 100_000, b'[{"question": " ", "answers": ["a"]}]',
        ("q" * 301 + ",a").encode(), ("q," + "a" * 81).encode(), ("q" + ",a1,a2,a3,a4,a5,a6,a7,a8,a9,b1,b2").encode(),
        "\n".join(f"question {number},a" for number in range(501)).encode(),
    ],
)  # fmt: skip
def test_bad_files(content):
    with pytest.raises(QuestionError):
        parse_file(content)


@given(st.binary(max_size=300))
def test_no_file_is_too_strange(content):
    try:
        found = parse_file(content)
    except QuestionError:
        return
    assert found
