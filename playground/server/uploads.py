"""Files on their way from a page into a message."""

import secrets
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playground.errors import Refused

LARGEST_BYTES = 25 * 1024 * 1024  # what Discord takes without a subscription is less; bots may send this much
KEPT_BYTES = 4 * LARGEST_BYTES  # of files that were uploaded and never sent


class Uploads:
    """Keeps uploaded files until a message takes them; forgets the oldest when there are too many."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, tuple[str, bytes]] = OrderedDict()

    def put(self, name: str, data: bytes) -> str:
        """Keep a file; the id by which `taken` finds it."""
        upload_id = secrets.token_urlsafe(12)
        self._files[upload_id] = (name, data)
        while sum(len(kept) for _name, kept in self._files.values()) > KEPT_BYTES:
            self._files.popitem(last=False)
        return upload_id

    @contextmanager
    def taken(self, upload_ids: Sequence[str]) -> Iterator[list[tuple[str, bytes]]]:
        """The names and contents of files, for what is done in the block.

        They are gone when it ends well; when it is refused, they stay for another try. Raises Refused.
        """
        try:
            files = [self._files[upload_id] for upload_id in upload_ids]
        except KeyError:
            raise Refused("That upload is gone; choose the file again.") from None
        yield files
        for upload_id in upload_ids:
            self._files.pop(upload_id, None)
