"""A pytest plugin: more skipped tests than setup.cfg records fail the run, so that none is left out unnoticed.

Tests marked `slow` are counted apart. The others are counted in CI, where the developers' folder is there: without it,
without the right to mount a file system, or on another system, tests skip by design. pytest's `-ra` lists every reason.
"""

from __future__ import annotations

from collections import Counter

import pytest

SLOW = "slow; run with --slow"
# By what is counted, the option of setup.cfg that holds the number.
OPTIONS = {"slow": "skipped_slow", "other": "skipped_others"}


def add_options(parser: pytest.Parser) -> None:
    """Declares what setup.cfg may hold."""
    parser.addini("skipped_slow", "tests marked slow, which the default run leaves out")
    parser.addini("skipped_others", "other tests that skip in CI, where the developers' folder is")


class SkipCount:
    """Counts skips in the process that reports; those that compute for it say theirs to it.

    Args:
        config: Of the run.
        others: Count others than slow ones, too.
    """

    def __init__(self, config: pytest.Config, others: bool) -> None:
        self._config = config
        self._counted = ("slow", "other") if others else ("slow",)
        self._found: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # What is expected to fail is told as skipped, too.
        if report.skipped and not hasattr(report, "wasxfail"):
            self._count(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._count(report)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for sentence in self._complaints():
            terminalreporter.write_line(f"error: {sentence}", red=True)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK and self._complaints():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _count(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        self._found["slow" if SLOW in str(report.longrepr) else "other"] += 1

    def _complaints(self) -> list[str]:
        found = []
        for kind in self._counted:
            recorded = int(self._config.getini(OPTIONS[kind]) or 0)
            if self._found[kind] > recorded:
                what = "tests marked slow are" if kind == "slow" else "tests that are not marked slow are"
                found.append(
                    f"{self._found[kind]} {what} skipped, setup.cfg records {recorded} ({OPTIONS[kind]}): run them, "
                    "or record that they are left out"
                )
        return found
