"""What the container asks itself: whether the bot lives."""

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.process import REPOSITORY

CHECK = REPOSITORY / "deploy/healthcheck.py"


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server on loopback that answers /healthz with `status`; gives its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()
            self.wfile.write(b'{"state": "told"}')

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def check(port: int | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(CHECK)], env={"METRICS_PORT": str(port)}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("status", "ends_with"), [(200, 0), (503, 1), (404, 1)])
def test_it_ends_as_the_bot_says(status: int, ends_with: int):
    with answering(status) as port:
        told = check(port)
    assert (told.returncode, told.stdout.strip()) == (ends_with, '{"state": "told"}')


def test_nobody_there_is_no_health():
    with answering(200) as port:
        pass  # closed again: nobody listens there now
    told = check(port)
    assert told.returncode == 1
    assert "can't be reached" in told.stdout


def test_without_a_port_there_is_nobody_to_ask():
    assert check("").returncode == 0
