"""Log lines, beside what they were written for."""

import logging
import traceback
from collections.abc import Callable

from playground.tracing.recording import Recording


class LogWatcher(logging.Handler):
    """Writes log lines from INFO up into the current recording; an error report under its id."""

    def __init__(self, current: Callable[[], Recording | None]) -> None:
        super().__init__(logging.INFO)
        self.current = current

    def emit(self, record: logging.LogRecord) -> None:
        """Never raises: a log line must not break what it tells of."""
        recording = self.current()
        if recording is None:
            return
        try:
            _write_down(record, recording)
        except Exception:  # noqa: BLE001 - as every handler of logging does it
            self.handleError(record)


def _write_down(record: logging.LogRecord, recording: Recording) -> None:
    error = record.exc_info[1] if record.exc_info else None
    text = "".join(traceback.format_exception(error)) if error is not None else ""
    report_id = getattr(record, "error_id", None)
    if report_id is not None:
        title = f"{record.getMessage()}: {_last_line(error)}"
        recording.add("error", title, tag=str(report_id), detail=text, ok=False)
        return
    recording.add(
        "log",
        record.getMessage(),
        tag=record.levelname,
        detail="\n".join(filter(None, (record.name, text))),
        ok=record.levelno < logging.ERROR,
    )


def _last_line(error: BaseException | None) -> str:
    return traceback.format_exception_only(error)[-1].strip() if error is not None else ""
