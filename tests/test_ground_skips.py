"""A number of skipped tests that grows fails the run; see tests/skip_count.py."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

TESTS = """
import pytest

@pytest.mark.skip(reason="slow; run with --slow")
@pytest.mark.parametrize("index", range({slow}))
def test_slow(index): ...

@pytest.mark.parametrize("index", range({others}))
def test_other(index):
    pytest.skip("no such program")

@pytest.mark.xfail(reason="known")
def test_known():
    assert False

def test_passes(): ...
"""
PLUGIN = """
import sys
sys.path.insert(0, {tests!r})
from skip_count import SkipCount, add_options

def pytest_addoption(parser):
    add_options(parser)

def pytest_configure(config):
    config.pluginmanager.register(SkipCount(config, {all_of_them}))
"""


@pytest.mark.parametrize(
    ("slow", "others", "all_of_them", "said"),
    [
        (3, 2, True, []),
        (4, 2, True, ["*error: 4 tests marked slow are skipped, setup.cfg records 3 (skipped_slow)*"]),
        (1, 3, True, ["*error: 3 tests that are not marked slow are skipped, setup.cfg records 2 (skipped_others)*"]),
        (1, 3, False, []),
    ],
)
def test_more_skips_than_recorded_fail(
    pytester: pytest.Pytester, slow: int, others: int, all_of_them: bool, said: list[str]
) -> None:
    pytester.makeini("[pytest]\nskipped_slow = 3\nskipped_others = 2\n")
    pytester.makeconftest(PLUGIN.format(tests=str(Path(__file__).parent), all_of_them=all_of_them))
    pytester.makepyfile(TESTS.format(slow=slow, others=others))
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-q")
    assert result.ret == (pytest.ExitCode.TESTS_FAILED if said else pytest.ExitCode.OK)
    result.stdout.fnmatch_lines(said)
    assert ("error:" in result.stdout.str()) == bool(said)
