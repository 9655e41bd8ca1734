"""Drawing beside the event loop, one picture at a time, and what is kept so that it needn't be drawn again."""

import asyncio
import io
import logging
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import aiohttp
import discord

from utils.drawing.fonts import Fonts
from utils.kept import Kept

log = logging.getLogger("hearth.drawing")

AVATAR_PIXELS: Final = 256
AVATAR_SECONDS: Final = 3.0
MOST_AVATAR_BYTES: Final = 1_000_000
"""One of 256 pixels has some ten thousand."""
MOST_WAITING: Final = 20
"""Pictures: at forty milliseconds each, who comes last waits less than a second."""
MOST_PICTURES: Final = 100
MOST_AVATARS: Final = 400


class DrawingError(Exception):
    """There is no picture: it went wrong, or too many are waiting for one."""


class Drawing:
    """One thread that draws, for the whole bot: more of them would draw no faster, and hold it up."""

    def __init__(self, fonts: Fonts | None = None) -> None:
        self.fonts = fonts or Fonts()
        # The thread itself begins with the first picture.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="drawing")
        self._waiting = 0
        self.pictures: Kept[bytes] = Kept(MOST_PICTURES)
        self.avatars_kept: Kept[bytes] = Kept(MOST_AVATARS)

    async def draw(self, facts: Hashable, paint: Callable[[], bytes]) -> bytes:
        """The picture that `paint` makes in the thread; `facts` are all that it depends on. Raises `DrawingError`."""
        found = self.pictures.get(facts)
        if found is not None:
            return found
        if self._waiting >= MOST_WAITING:
            raise DrawingError("Too many pictures are waiting to be drawn")
        self._waiting += 1
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._thread, paint)
        except Exception as error:
            # Whatever Pillow stumbles over, the answer is to be given without a picture.
            log.warning("A picture can't be drawn", exc_info=error)
            raise DrawingError("The picture can't be drawn") from error
        finally:
            self._waiting -= 1
        self.pictures.put(facts, found)
        return found

    async def file(
        self, facts: Hashable, paint: Callable[[], bytes], *, name: str, description: str
    ) -> discord.File | None:
        """The same to be sent, with words for who can't see it; None if there is no picture."""
        try:
            picture = await self.draw(facts, paint)
        except DrawingError:
            return None
        return discord.File(io.BytesIO(picture), name, description=description)

    async def avatar(self, person: discord.Member | discord.User) -> bytes | None:
        """The file of somebody's avatar; None if they have none, or it isn't to be had soon."""
        asset = person.display_avatar
        if asset == person.default_avatar:
            return None  # letters of the name tell more than Discord's own picture
        small = asset.replace(size=AVATAR_PIXELS, format="webp")  # of an animated one its first picture
        found = self.avatars_kept.get(small.url)
        if found is not None:
            return found
        try:
            async with asyncio.timeout(AVATAR_SECONDS):
                found = await small.read()
        except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("The avatar of user %d can't be read: %s", person.id, error)
            return None
        if len(found) > MOST_AVATAR_BYTES:
            return None
        self.avatars_kept.put(small.url, found)
        return found

    async def avatars(self, people: Iterable[discord.Member | discord.User]) -> list[bytes | None]:
        """The files of several people's avatars, fetched at once."""
        return list(await asyncio.gather(*(self.avatar(person) for person in people)))

    def close(self) -> None:
        """Draw nothing any more; what waits is dropped."""
        self._thread.shutdown(wait=False, cancel_futures=True)
