"""Where there is no browser, one line says so and how to get one: in quiet runs too, and for all workers together."""

import pytest

from tools.browser import NO_BROWSER


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_BROWSER in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(f"The tests in a browser were skipped. {NO_BROWSER}", yellow=True)
