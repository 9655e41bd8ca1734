"""The page's web server: on loopback alone, and only for who knows the secret in the address."""

import asyncio
import hmac
import logging
import mimetypes
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

import playground.server.requests  # noqa: F401 - makes the verbs known
from playground.errors import PlaygroundError
from playground.server.tab import Tab
from playground.server.uploads import LARGEST_BYTES

if TYPE_CHECKING:
    from playground.runtime import Playground

log = logging.getLogger("hearth.playground")

HOST = "127.0.0.1"
PAGE = Path(__file__).resolve().parent.parent / "page"
LONGEST_FRAME_BYTES = 1024 * 1024  # of a page's requests; files go another way
SECONDS_BETWEEN_HEARTBEATS = 30.0

# Nothing is loaded from elsewhere, and no script runs but our own: also if a text were ever shown unescaped.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FILE_POLICY = "default-src 'none'; sandbox; style-src 'unsafe-inline'"
SHOWN_IN_THE_PAGE = {"image/png", "image/jpeg", "image/gif", "image/webp"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Serves the page under `http://127.0.0.1:<port>/<secret>/`."""

    def __init__(self, playground: "Playground", secret: str) -> None:
        self.playground = playground
        self.secret = secret
        self.port = 0
        app = web.Application(middlewares=[self._guard], client_max_size=LARGEST_BYTES + 64 * 1024)
        app.add_routes(
            [
                web.get("/{secret}/", self._index),
                web.get("/{secret}/live", self._live),
                web.post("/{secret}/upload", self._upload),
                web.get("/{secret}/files/{kind}/{number:[0-9]{1,20}}.png", self._picture),
                web.get(
                    "/{secret}/files/attachment/{channel:[0-9]{1,20}}/{number:[0-9]{1,20}}/{name}", self._attachment
                ),
                web.get("/{secret}/{path:icon\\.svg|(?:js|style)/[a-z_-]+\\.(?:js|css)}", self._page_file),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    @property
    def url(self) -> str:
        """The address to open."""
        return f"http://{HOST}:{self.port}/{self.secret}/"

    async def start(self, port: int) -> None:
        """Listen on this port, or on any free one if it is taken. Raises PlaygroundError."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, HOST, port).start()
        except OSError as busy:
            log.warning("Port %d can't be used (%s); any free one will do", port, busy.strerror or busy)
            try:
                await web.TCPSite(self._runner, HOST, 0).start()
            except OSError as error:
                raise PlaygroundError(f"The playground's page can't be served: {error}") from error
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the open pages and the port."""
        await asyncio.gather(*(tab.close() for tab in self.playground.live.tabs))
        await self._runner.cleanup()

    # --- who may come in

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        host = request.headers.get("Host", "")
        origin = request.headers.get("Origin")
        if host not in {f"{HOST}:{self.port}", f"localhost:{self.port}"}:
            raise web.HTTPForbidden(text="The playground is for this machine alone.")  # a name was pointed at it
        if origin is not None and origin != f"http://{host}":
            raise web.HTTPForbidden(text="Another site can't use the playground.")
        first = request.path.removeprefix("/").partition("/")[0]
        if not hmac.compare_digest(first.encode(errors="replace"), self.secret.encode()):
            raise web.HTTPNotFound(text="The playground's whole address stands in the terminal that runs it.")
        response = await handler(request)
        if not response.prepared:
            response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
            response.headers.setdefault("Cache-Control", "no-cache")
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    # --- what there is

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / "index.html")

    async def _page_file(self, request: web.Request) -> web.StreamResponse:
        file = PAGE / request.match_info["path"]
        if not file.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(file)

    async def _live(self, request: web.Request) -> web.StreamResponse:
        # Within one machine, compressing takes longer than it saves.
        socket = web.WebSocketResponse(
            heartbeat=SECONDS_BETWEEN_HEARTBEATS, max_msg_size=LONGEST_FRAME_BYTES, compress=False
        )
        await socket.prepare(request)
        tab = Tab(self.playground, socket, request.transport.abort if request.transport else lambda: None)
        self.playground.live.open(tab)
        try:
            await tab.run()
        finally:
            self.playground.live.close(tab)
        return socket

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        file = form.get("file")
        if not isinstance(file, web.FileField):
            raise web.HTTPBadRequest(text="There is no file in that.")
        return web.json_response({"id": self.playground.live.uploads.put(file.filename, file.file.read())})

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        pictures, number = self.playground.world.pictures, int(request.match_info["number"])
        look_up = {"avatar": pictures.avatar, "icon": pictures.icon, "emoji": pictures.emoji}.get(
            request.match_info["kind"]
        )
        picture = look_up(number) if look_up else None
        if picture is None:
            raise web.HTTPNotFound
        return web.Response(body=picture, content_type="image/png", headers={"Cache-Control": "max-age=3600"})

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        channel, number, name = (request.match_info[key] for key in ("channel", "number", "name"))
        data = self.playground.sight.attachment(int(channel), int(number), name)
        if data is None:
            raise web.HTTPNotFound
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        shown = kind in SHOWN_IN_THE_PAGE
        readable = re.sub(r"[^\w.() -]", "_", name, flags=re.ASCII)
        headers = {
            "Content-Security-Policy": FILE_POLICY,
            "Content-Disposition": f'{"inline" if shown else "attachment"}; filename="{readable}"; '
            f"filename*=UTF-8''{quote(name)}",
        }
        return web.Response(body=data, content_type=kind if shown else "application/octet-stream", headers=headers)
