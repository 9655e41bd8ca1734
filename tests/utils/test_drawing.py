"""What all pictures share: the thread that draws them, what is kept of them, and colours that can be read."""

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.drawing.colours import DARK, LEAST_CONTRAST, contrast, readable
from utils.drawing.drawing import Drawing, DrawingError
from utils.drawing.fonts import Fonts
from utils.kept import Kept


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_every_colour_can_be_read(colour: tuple[int, int, int]):
    made = readable(colour)
    assert contrast(made, DARK) >= LEAST_CONTRAST
    assert all(0 <= part <= 255 for part in made)
    assert made == colour or contrast(colour, DARK) < LEAST_CONTRAST


async def test_pictures_are_drawn_once_beside_the_loop_and_not_too_many_at_a_time():
    drawing, drawn = Drawing(Fonts(with_system=False)), []

    def paint(number: int) -> bytes:
        drawn.append(number)
        time.sleep(0.01)
        return bytes([number])

    made = await asyncio.gather(
        *(drawing.draw(number, lambda number=number: paint(number)) for number in range(30)), return_exceptions=True
    )
    assert made[:20] == [bytes([number]) for number in range(20)]
    assert all(isinstance(one, DrawingError) for one in made[20:])
    assert await drawing.draw(3, lambda: paint(3)) == bytes([3])
    assert drawn == list(range(20))

    def fail() -> bytes:
        raise MemoryError

    with pytest.raises(DrawingError):
        await drawing.draw("fails", fail)
    drawing.close()
    with pytest.raises(DrawingError):
        await drawing.draw("closed", lambda: b"")


def test_what_is_kept_is_bounded():
    kept: Kept[int] = Kept(3)
    for number in range(5):
        kept.put(number, number)
        kept.get(2)
    assert len(kept) == 3
    hits, misses = kept.hits, kept.misses
    assert [kept.get(number) for number in range(5)] == [None, None, 2, 3, 4]
    assert (kept.hits - hits, kept.misses - misses) == (3, 2)
    assert [kept.peek(number) for number in range(5)] == [None, None, 2, 3, 4]
    assert (kept.hits - hits, kept.misses - misses) == (3, 2)  # peeking doesn't count
