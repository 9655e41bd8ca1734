"""Requests to Discord's REST API, as the HTTP client itself tells of them: each try counts, a 429 too."""

import time
from types import SimpleNamespace
from typing import Final

import aiohttp

from utils.metrics import catalogue
from utils.metrics.bounded import OTHER
from utils.metrics.instruments import Instruments

API: Final = "/api/"
"""What is in the path of every address of the API, and not in those of pictures and the gateway."""
SCOPES: Final = frozenset({"user", "shared", "global"})
METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


class RestCalls:
    """Notes what Discord answered. `trace` is given to the client before it logs in."""

    def __init__(self, instruments: Instruments) -> None:
        self._requests = instruments.of(catalogue.REST)
        self._seconds = instruments.of(catalogue.REST_SECONDS)
        self._limits = instruments.of(catalogue.RATE_LIMITS)
        self.trace = aiohttp.TraceConfig()
        self.trace.on_request_start.append(self._start)
        self.trace.on_request_end.append(self._end)
        self.trace.on_request_exception.append(self._failed)

    async def _start(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestStartParams
    ) -> None:
        context.started = time.perf_counter()

    async def _end(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        if API not in params.url.path:
            return
        status = params.response.status
        self._note(params.method, outcome_of(status), context.started)
        if status == 429:
            scope = params.response.headers.get("X-RateLimit-Scope", OTHER)
            self._limits.labels(scope if scope in SCOPES else OTHER).inc()

    async def _failed(
        self, session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
    ) -> None:
        if API in params.url.path:
            self._note(params.method, "no_answer", context.started)

    def _note(self, method: str, outcome: str, started: float) -> None:
        method = method if method in METHODS else OTHER
        self._requests.labels(method, outcome).inc()
        self._seconds.labels(method).observe(time.perf_counter() - started)


def outcome_of(status: int) -> str:
    """What an HTTP status comes to."""
    if status == 429:
        return "rate_limited"
    if status >= 500:
        return "server_error"
    return "refused" if status >= 400 else "ok"
