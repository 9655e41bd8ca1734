"""The fonts that pictures are drawn with: those that come with the bot, and what the system has for more.

Nothing is read before it is needed. All of this runs in the one thread that draws.
"""

import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont, TTLibError
from PIL import Image, ImageDraw, ImageFont, features

from utils.kept import Kept

log = logging.getLogger("hearth.drawing")

SHIPPED: Final = Path(__file__).parents[2] / "resources" / "fonts"
REGULAR: Final = "NotoSans-Regular.ttf"
BOLD: Final = "NotoSans-Bold.ttf"
EAST_ASIAN: Final = "NotoSansCJK.otf"
EMOJI: Final = "NotoEmoji.ttf"

EAST_ASIAN_OF_SYSTEMS: Final = (
    "NotoSansCJK-Bold.ttc", "NotoSansCJK-Regular.ttc", "NotoSansCJKjp-Bold.otf", "NotoSansCJKsc-Bold.otf",
    "SourceHanSans-Bold.ttc",
    "PingFang.ttc", "Hiragino Sans GB.ttc", "AppleSDGothicNeo.ttc",  # macOS
    "msyhbd.ttc", "msyh.ttc", "YuGothB.ttc", "meiryob.ttc", "malgunbd.ttf", "malgun.ttf",  # Windows
    "wqy-zenhei.ttc", "DroidSansFallbackFull.ttf",
)  # fmt: skip
EMOJI_OF_SYSTEMS: Final = ("NotoColorEmoji.ttf", "Apple Color Emoji.ttc", "seguiemj.ttf")
OTHERS_OF_SYSTEMS: Final = ("Arial Unicode.ttf", "seguisym.ttf", "DejaVuSans-Bold.ttf", "unifont.ttf")

BITMAP_SIZES: Final = (109, 136, 160, 128, 96, 64)
"""Sizes that fonts of little pictures come in: Google's has the first, Apple's the third."""
MOST_SIZES: Final = 16
MOST_EMOJI_KEPT: Final = 200
WIDEST_EMOJI: Final = 2
"""In heights: emoji that a font can't join would be a row of them."""
GLYPHS: Final = range(2**16)
"""As many as a font can have."""
IGNORED: Final = frozenset({0x200C, 0x200D, 0xFE0E, 0xFE0F})
"""What joins and chooses, and needs no glyph of its own."""


class Face:
    """One font file, or one font of a file that holds several."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sizes: dict[tuple[int, bool], ImageFont.FreeTypeFont] = {}

    @cached_property
    def codepoints(self) -> frozenset[int]:
        """What it can draw; nothing if it can't be read."""
        return self._read()

    def _read(self) -> frozenset[int]:
        try:
            with TTFont(self.path, fontNumber=0, lazy=True) as font:
                # Only which letters there are is asked; making up names for their glyphs takes most of the time.
                font.setGlyphOrder(GLYPHS)
                return frozenset(font.getBestCmap() or ())
        except (OSError, TTLibError, ValueError, KeyError, AssertionError) as error:
            log.warning("The font %s can't be read: %s", self.path, error)
            return frozenset()

    def covers(self, cluster: str) -> bool:
        """Whether it can draw all of what belongs together."""
        return all(ord(one) in self.codepoints or ord(one) in IGNORED for one in cluster)

    def at(self, size: int, *, shapes: bool = False) -> ImageFont.FreeTypeFont:
        """The font in a size in pixels. Raises `OSError` if it can't be read, or hasn't this size."""
        found = self._sizes.get((size, shapes))
        if found is None:
            if len(self._sizes) >= MOST_SIZES:
                self._sizes.clear()
            engine = ImageFont.Layout.RAQM if shapes else ImageFont.Layout.BASIC
            found = self._sizes[size, shapes] = ImageFont.truetype(self.path, size, layout_engine=engine)
        return found


class ColourFace(Face):
    """A font of coloured pictures, which are made smaller or larger as one needs them."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._pictures: Kept[Image.Image] = Kept(MOST_EMOJI_KEPT)

    @cached_property
    def size(self) -> int | None:
        """A size that it has; None if it can't be used here."""
        for size in BITMAP_SIZES:
            try:
                font = self.at(size)
                probe = Image.new("RGBA", (2 * size, 2 * size))
                ImageDraw.Draw(probe).text((0, 0), "😀", font=font, embedded_color=True)
            except (OSError, ValueError):
                continue
            if len(probe.getcolors(4) or range(5)) > 4:  # anything but one plain colour
                return size
        return None

    @cached_property
    def codepoints(self) -> frozenset[int]:
        """What it can draw; nothing if it can't be drawn with."""
        return self._read() if self.size is not None else frozenset()

    def picture(self, cluster: str, height: int, *, shapes: bool) -> Image.Image:
        """One emoji in a height in pixels, with what is seen through it."""
        found = self._pictures.get((cluster, height, shapes))
        if found is None:
            assert self.size is not None
            font = self.at(self.size, shapes=shapes)
            left, top, right, bottom = font.getbbox(cluster)
            drawn = Image.new("RGBA", (max(1, round(right - left)), max(1, round(bottom - top))))
            ImageDraw.Draw(drawn).text((-left, -top), cluster, font=font, embedded_color=True)
            width = max(1, min(round(drawn.width * height / drawn.height), WIDEST_EMOJI * height))
            found = drawn.resize((width, max(1, height)), Image.Resampling.BOX)
            self._pictures.put((cluster, height, shapes), found)
        return found


class Fonts:
    """All fonts there are, in the order that they are asked in.

    Without the system's, a picture is the same on each machine that shapes text. That takes FriBiDi, which Pillow
    looks for on the system.
    """

    def __init__(self, *, with_system: bool = True, shipped: Path = SHIPPED, shapes: bool | None = None) -> None:
        self.with_system = with_system
        self.shapes = features.check("raqm") is True if shapes is None else shapes
        self.regular = Face(shipped / REGULAR)
        self.bold = Face(shipped / BOLD)
        self._east_asian = Face(shipped / EAST_ASIAN)
        self._emoji = Face(shipped / EMOJI)
        first = {REGULAR, BOLD, EAST_ASIAN, EMOJI}
        self._scripts = [Face(path) for path in sorted(shipped.glob("*.?tf")) if path.name not in first]

    @cached_property
    def colour_emoji(self) -> list[ColourFace]:
        """Coloured emoji, if the system has some."""
        return [ColourFace(path) for path in self._found(EMOJI_OF_SYSTEMS)]

    @cached_property
    def _for_text(self) -> list[Face]:
        """What text is drawn with that the first font doesn't have."""
        east_asian = [Face(path) for path in self._found(EAST_ASIAN_OF_SYSTEMS)]
        others = [Face(path) for path in self._found(OTHERS_OF_SYSTEMS)]
        return [*self._scripts, *east_asian, self._east_asian, self._emoji, *others]

    def face(self, cluster: str, *, bold: bool = False, emoji: bool = False) -> Face | None:
        """The font for what belongs together, as emoji or as text; None if none has it."""
        if emoji:
            for face in (*self.colour_emoji, self._emoji):
                if face.covers(cluster):
                    return face
        return next((face for face in self._in_order(bold=bold) if face.covers(cluster)), None)

    def _in_order(self, *, bold: bool) -> Iterator[Face]:
        yield self.bold if bold else self.regular
        yield from self._for_text
        yield from self.colour_emoji

    def _found(self, names: Sequence[str]) -> Iterable[Path]:
        return [self._files[name.lower()] for name in names if name.lower() in self._files]

    @cached_property
    def _files(self) -> dict[str, Path]:
        """The fonts of the system that we know of, by name in small letters."""
        wanted = {name.lower() for name in (*EAST_ASIAN_OF_SYSTEMS, *EMOJI_OF_SYSTEMS, *OTHERS_OF_SYSTEMS)}
        found: dict[str, Path] = {}
        for folder in system_folders() if self.with_system else ():
            for parent, _folders, files in os.walk(folder):
                for name in files:
                    if name.lower() in wanted:
                        found.setdefault(name.lower(), Path(parent, name))
        return found


def system_folders() -> list[Path]:
    """Where fonts are on this kind of system."""
    home = Path(os.environ.get("HOME", "/"))  # `Path.home` raises for a user without one
    if sys.platform == "win32":
        return [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"]
    if sys.platform == "darwin":
        return [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    shared = Path("/usr/share/fonts"), Path("/usr/local/share/fonts")
    return [home / ".local/share/fonts", home / ".fonts", *shared]
