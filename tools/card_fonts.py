"""Make the fonts in resources/fonts from published ones: one weight of each, without what pictures don't use.

    python -m tools.card_fonts SOURCES

SOURCES is a folder with the unpacked packages that resources/fonts/README.md names.
"""

import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import OverlapMode, instantiateVariableFont

FONTS: Final = Path(__file__).parent.parent / "resources" / "fonts"
SCRIPTS: Final = (
    "Arabic", "Armenian", "Bengali", "Devanagari", "Georgian", "Gujarati", "Gurmukhi", "Hebrew", "Kannada", "Khmer",
    "Lao", "Malayalam", "Myanmar", "Sinhala", "Tamil", "Telugu", "Thai",
)  # fmt: skip
SCRIPT_WEIGHT: Final = 600
"""Between regular and bold: these have one weight for both."""
PARTS: Final = {
    # Letters and signs of other scripts that people decorate their names with.
    "NotoSansMath-Regular.ttf": ("NotoSansMath.ttf", [range(0x1D400, 0x1D800), range(0x27E6, 0x27F0)]),
    "NotoSansSymbols2-Regular.ttf": ("NotoSansSymbols2.ttf", [range(0x2300, 0x2C00), range(0x1F100, 0x1F200)]),
    "NotoSansCanadianAboriginal-Bold.ttf": ("NotoSansCanadianAboriginal.ttf", [range(0x1400, 0x1680)]),
    "NotoSansCherokee-Bold.ttf": ("NotoSansCherokee.ttf", [range(0x13A0, 0x1400)]),
    "NotoSansJavanese-Bold.ttf": ("NotoSansJavanese.ttf", [range(0xA9C1, 0xA9CE)]),
    "NotoSerifTibetan-Bold.ttf": ("NotoSerifTibetan.ttf", [range(0x0F00, 0x0F40)]),
    "NotoSansRunic-Regular.ttf": ("NotoSansRunic.ttf", [range(0x16A0, 0x1700)]),
}
UNDRAWABLE: Final = frozenset({0xFDFD})
"""A whole sentence in one sign, at which FreeType gives up; without it, a box is drawn."""
DROPPED: Final = ("DSIG", "MATH", "meta", "vhea", "vmtx", "VORG", "BASE", "VVAR", "MVAR")


def main(sources: Path) -> None:
    """Write all fonts, and say how large they are."""
    make(sources, "NotoSans[[]wdth,wght].ttf", "NotoSans-Regular.ttf", {"wght": 400, "wdth": 100})
    make(sources, "NotoSans[[]wdth,wght].ttf", "NotoSans-Bold.ttf", {"wght": 700, "wdth": 100})
    for script in SCRIPTS:
        make(sources, f"NotoSans{script}[[]wght].ttf", f"NotoSans{script}.ttf", {"wght": SCRIPT_WEIGHT})
    make(sources, "NotoSansSymbols[[]wght].ttf", "NotoSansSymbols.ttf", {"wght": SCRIPT_WEIGHT})
    make(sources, "NotoEmoji[[]wght].ttf", "NotoEmoji.ttf", {"wght": 500})
    for source, (name, letters) in PARTS.items():
        make(sources, source, name, letters=chain.from_iterable(letters))
    make(sources, "NotoSansCJK-Bold.ttc", "NotoSansCJK.otf", letters=sorted(set(east_asian())))
    total = sum(path.stat().st_size for path in FONTS.glob("*.?tf"))
    print(f"{total / 1e6:.2f} MB")


def make(
    sources: Path,
    source: str,
    name: str,
    axes: dict[str, float] | None = None,
    letters: Iterable[int] | None = None,
) -> None:
    """One font: a point of the axes of a variable one, and only these letters of it, if given."""
    font = TTFont(next(sources.rglob(source)), fontNumber=0, recalcTimestamp=False)
    if axes:
        # Flagged glyphs are drawn sixteen times as large first: slow, and too much for the largest.
        font = instantiateVariableFont(font, axes, overlap=OverlapMode.KEEP_AND_DONT_SET_FLAGS)
    options = Options(
        hinting=False, notdef_outline=True, name_IDs=["*"], drop_tables=[*Options().drop_tables, *DROPPED]
    )  # fmt: skip
    if letters is not None:
        options.layout_features = ["ccmp", "mark", "mkmk"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=set(font.getBestCmap() if letters is None else letters) - UNDRAWABLE)
    subsetter.subset(font)
    font.save(FONTS / name)
    print(f"{name}: {(FONTS / name).stat().st_size:,} bytes")


def east_asian() -> Iterator[int]:
    """Kana, Korean syllables, and the Chinese characters that China, Japan and Taiwan use most."""
    yield from range(0x3000, 0x3100)  # punctuation, hiragana, katakana
    yield from range(0x3131, 0x318F)  # Korean letters
    yield from range(0xFF01, 0xFFEF)  # full and half width
    yield from rows("euc_kr", 0xB0, 0xC8)
    yield from rows("gb2312", 0xB0, 0xD7)
    yield from rows("euc_jp", 0xB0, 0xCF)


def rows(encoding: str, first: int, last: int) -> Iterator[int]:
    """What a national standard has in these rows."""
    for row in range(first, last + 1):
        for cell in range(0xA1, 0xFF):
            yield from map(ord, bytes((row, cell)).decode(encoding, "ignore"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
