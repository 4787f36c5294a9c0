"""Help of every command keeps its lines and tells defaults, once."""

from __future__ import annotations

import argparse

import pytest

from impasto.arguments import add_command


def test_help_tells_defaults_where_there_are_some(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser(prog="example")
    command = add_command(parser.add_subparsers(), "do", "what it does", "First line.\nSecond line.", "examples:\n  do")
    command.add_argument("file", nargs="?", default="x", help="a file")
    command.add_argument("--size", type=int, default=512, help="of the result")
    command.add_argument("--steps", type=int, default=0, help="none at all")
    command.add_argument("--layers", help="names (default: the recipe's)", default="some")
    command.add_argument("--model", help="a name")
    command.add_argument("--add", action="append", default=[], help="entries")
    command.add_argument("--quiet", action="store_true", help="says nothing")
    with pytest.raises(SystemExit):
        parser.parse_args(["do", "--help"])
    text = capsys.readouterr().out
    assert "First line.\nSecond line." in text and "examples:\n  do" in text
    assert "of the result (default: 512)" in text and "none at all (default: 0)" in text
    assert text.count("default") == 3
