"""What tests of pictures share: files to draw with, and comparing with what is stored."""

import io
import os
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw


def file_of(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """A picture as file."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def face() -> Image.Image:
    """An avatar."""
    image = Image.new("RGB", (256, 256), (40, 90, 160))
    ImageDraw.Draw(image).ellipse((60, 40, 196, 220), fill=(240, 200, 160))
    return image


def opened(file: bytes) -> Image.Image:
    """A file as picture."""
    return Image.open(io.BytesIO(file))


def assert_like_stored(file: bytes, path: Path) -> None:
    """Fail where a picture looks other than the stored one; with STORE_PICTURES in the environment, store it."""
    if os.environ.get("STORE_PICTURES"):
        path.write_bytes(file)
    made, stored = opened(file).convert("RGB"), Image.open(path).convert("RGB")
    assert made.size == stored.size
    # In blocks, so that a softer edge is no difference, and a missing letter is.
    difference = ImageChops.difference(made, stored).reduce(5)
    assert max(high for _low, high in difference.getextrema()) < 32, f"{path.stem} looks different"
