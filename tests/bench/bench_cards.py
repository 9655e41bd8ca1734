"""What a rank card costs: drawing it, and how late the event loop is meanwhile.

`python -m tests.bench.bench_cards [--quick]` draws cards with names in many scripts, with the fonts that come with
the bot and with those of the system. Goal: a card that isn't kept takes under 100 ms of processor time; the first in
a script also reads its font. Many at once hold up the loop by as long as one Python thread waits for another.
"""

import argparse
import asyncio
import io
import statistics
import time
from itertools import count

from PIL import Image, ImageDraw

from cogs.leveling.cards.draw import CardFacts, Figure, draw_card
from utils.drawing.backgrounds import BACKGROUNDS
from utils.drawing.drawing import MOST_WAITING, Drawing
from utils.drawing.fonts import Fonts

GOAL_MS = 100
LOOK_EVERY_SECONDS = 0.001
NAMES = {
    "Latin": "Ann Smith", "Arabic": "مرحبا بالعالم", "Chinese": "你好世界", "Japanese": "こんにちは日本",
    "emoji": "Fam 👨‍👩‍👧‍👦 ❤️ 🇩🇪", "all of them": "Ann مرحبا 你好 👍🏽", "long": "W" * 32,
}  # fmt: skip
numbers = count(1)


def facts(name: str) -> CardFacts:
    """A card that was never drawn before."""
    number = next(numbers)
    return CardFacts(
        name=name, handle="@somebody", avatar="1", colour=0xE8833A,
        background=list(BACKGROUNDS)[number % len(BACKGROUNDS)], share=number % 100 / 100,
        level=Figure("Level", "12"), rank=Figure("Rank", f"#{number:,}", "/12,345"), progress="620 / 1,000 XP",
        total="12,345 XP in all · 321 messages",
    )  # fmt: skip


def avatar() -> bytes:
    image = Image.effect_noise((256, 256), 80).convert("RGB")
    ImageDraw.Draw(image).ellipse((60, 40, 196, 220), fill=(240, 200, 160))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def timed(fonts: Fonts, name: str, file: bytes) -> tuple[float, float, int]:
    """Milliseconds by the clock and of the processor for one card, and how large it is."""
    shown = facts(name)
    clock, processor = time.perf_counter(), time.process_time()
    size = len(draw_card(shown, file, fonts))
    return (time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000, size


def measure(*, with_system: bool, rounds: int) -> None:
    fonts, file = Fonts(with_system=with_system), avatar()
    print(f"\n{'fonts of the bot and of the system' if with_system else 'fonts of the bot alone'}")
    print(f"{'name':<12} {'first ms':>9} {'ms':>7} {'CPU ms':>7} {'worst':>7} {'KB':>5}")
    for label, name in NAMES.items():
        first, *others = [timed(fonts, name, file) for _round in range(rounds + 1)]
        clock, processor = [one[0] for one in others], statistics.median(one[1] for one in others)
        print(
            f"{label:<12} {first[0]:>9.1f} {statistics.median(clock):>7.1f}"
            f" {processor:>7.1f} {max(clock):>7.1f} {first[2] / 1000:>5.0f}"
            f"{'' if processor < GOAL_MS else '  MISSED'}"
        )


async def lateness(ends: asyncio.Event) -> list[float]:
    """How many milliseconds late the loop woke somebody, again and again."""
    late = []
    while not ends.is_set():
        due = time.perf_counter() + LOOK_EVERY_SECONDS
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        late.append((time.perf_counter() - due) * 1000)
    return late


async def many_at_once(*, rounds: int) -> None:
    drawing, file, ends = Drawing(), avatar(), asyncio.Event()
    watch = asyncio.create_task(lateness(ends))
    started, made = time.perf_counter(), 0
    for _round in range(rounds):
        wanted = [facts(name) for name in list(NAMES.values()) * 3][:MOST_WAITING]
        await asyncio.gather(
            *(drawing.draw(one, lambda one=one: draw_card(one, file, drawing.fonts)) for one in wanted)  # type: ignore[misc]
        )
        made += len(wanted)
    seconds = time.perf_counter() - started
    again = time.perf_counter()
    await drawing.draw(wanted[-1], lambda: b"")
    kept = (time.perf_counter() - again) * 1000
    ends.set()
    late = sorted(await watch)
    drawing.close()
    print(f"\n{MOST_WAITING} at once: {made / seconds:.0f} cards a second; one that is kept: {kept:.3f} ms")
    print(f"the loop is late by {statistics.median(late):.1f} ms, 99 %: {late[int(len(late) * 0.99)]:.1f} ms")


def main(*, quick: bool) -> None:
    rounds = 3 if quick else 24
    for with_system in (False, True):
        measure(with_system=with_system, rounds=rounds)
    asyncio.run(many_at_once(rounds=1 if quick else 5))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it works")
    main(quick=parser.parse_args().quick)
