"""A page's line byte by byte: what a frozen tab, an old browser or somebody else could send."""

import asyncio
import base64
import json
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

SMALL_BUFFER_BYTES = 4096  # so that little has to be said until the line is full


@contextmanager
def connection() -> Iterator[socket.socket]:
    """A line that isn't connected yet."""
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER_BYTES)
        line.setblocking(False)
        yield line


async def first_line(url: str, start: bytes) -> bytes:
    """Send the first line of a request, with the right `Host`; the first line of the answer."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(start + f"\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode())
    line = await reader.readline()
    writer.close()
    return line


async def open_page(line: socket.socket, url: str) -> None:
    """Open a WebSocket as a page does; from now on nothing of it is ever read."""
    parts, loop = urlsplit(url), asyncio.get_running_loop()
    await loop.sock_connect(line, (parts.hostname, parts.port))
    key = base64.b64encode(os.urandom(16)).decode()
    await loop.sock_sendall(
        line,
        f"GET {parts.path}live HTTP/1.1\r\nHost: {parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode(),
    )
    assert b"101" in await loop.sock_recv(line, 1024)


async def ask(line: socket.socket, verb: str, **fields: object) -> None:
    """Send a request into such a WebSocket."""
    said = json.dumps({"id": 1, "do": verb, **fields}).encode()
    assert len(said) < 126
    unmasked = struct.pack(">I", 0)
    await asyncio.get_running_loop().sock_sendall(line, bytes([0x81, 0x80 | len(said)]) + unmasked + said)
