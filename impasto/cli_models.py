"""`impasto models`: what ships with the package."""

from __future__ import annotations

import argparse
import json
from typing import Any

from impasto.arguments import add_command
from impasto.console import say

HELP = """\
Lists the models that ship with Impasto, the default first: name, size, licence of the weights, and the runtimes that
can run it on this machine. Any other exported model is used by its folder's name: --model FOLDER."""

EXAMPLES = """\
examples:
  impasto models
  impasto models --json
"""


def add_to(commands: Any) -> None:
    """Adds the command to the subcommands of a parser."""
    parser = add_command(commands, "models", "list the models that ship with Impasto", HELP, EXAMPLES)
    parser.add_argument("--json", action="store_true", help="print a JSON list instead")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from impasto.library import models

    found = models()
    if options.json:
        rows = [
            {
                "name": model.name,
                "summary": model.summary,
                "bytes": model.bytes,
                "licence": model.licence,
                "runtimes": list(model.runtimes),
                "folder": str(model.folder),
            }
            for model in found
        ]
        say(json.dumps(rows, indent=1))
        return 0
    for model in found:
        runtimes = ", ".join(model.runtimes) or "no runtime installed"
        say(f"{model.name:8} {model.bytes / 1e6:4.1f} MB  {model.licence}  {runtimes}  {model.summary}")
    return 0
