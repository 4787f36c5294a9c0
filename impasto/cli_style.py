"""`impasto style`: a style of its own, from paintings to a small file or a link, and back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from impasto.arguments import add_command, number
from impasto.console import say, shown
from impasto.library import RUNTIMES
from impasto.share_code import STRONGEST

HELP = """\
Looks at paintings and keeps their style, 100 numbers, as a small file or a link. Several are blended into one.
The page opens both, and what the page saved is read here: as a style of `impasto image`, or here again to be
blended with others. Without --out and --link, tells what the style is."""

EXAMPLES = """\
examples:
  impasto style waves.jpg --out waves.impasto-style.json
  impasto style waves.jpg night.jpg --weights 0.7 0.3 --link https://example.org/impasto/
  impasto style waves.impasto-style.json
  impasto image cat.jpg --style waves.impasto-style.json --out cat_waves.png
"""


def add_to(commands: Any) -> None:
    """Adds the command to the subcommands of a parser."""
    parser = add_command(commands, "style", "keep a style as a file or a link", HELP, EXAMPLES)
    add = parser.add_argument
    add("styles", nargs="+", metavar="STYLE", help="paintings, saved styles, or links of the page")
    add("--weights", nargs="+", type=number(0, 1e9), metavar="W", help="one a style (default: all alike)")
    add(
        "--strength", type=number(0, STRONGEST), metavar="S",
        help="at which it is meant to be painted (default: that of a single saved style, else 1)",
    )  # fmt: skip
    add("--title", default="", help="for people (default: the names of the paintings)")
    add("--out", type=Path, metavar="FILE", help="file to write, usually NAME.impasto-style.json")
    add("--link", metavar="PAGE", help="print a link that opens the page at this address with the style")
    add("--model", metavar="NAME", help="a name of `impasto models`, or an exported folder (default: the first)")
    add("--runtime", choices=tuple(RUNTIMES), help="what computes (default: the fastest that is installed)")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    import dataclasses

    from impasto.files import replacing
    from impasto.painter import load

    with load(options.model, runtime=options.runtime) as painter:
        if len(options.styles) == 1 and options.weights is None:
            style = painter.embed(options.styles[0])
        else:
            style = painter.blend(options.styles, options.weights)
    strength = style.strength if options.strength is None else options.strength
    style = dataclasses.replace(style, strength=strength, title=options.title or style.title)
    if options.out is not None:
        if any(Path(name).exists() and options.out.exists() and options.out.samefile(name) for name in options.styles):
            raise ValueError(f"{shown(options.out)}: is one of the styles that are read, and would be overwritten")
        with replacing(options.out) as draft:
            style.save(draft)
        say(f"{shown(options.out)}: {shown(style.title)}, at strength {style.strength:g}")
    if options.link is not None:
        say(style.link(options.link))
    if options.out is None and options.link is None:
        say(f"{shown(style.title)}, at strength {style.strength:g}, of {style.model_name} {style.model}\n{style.code}")
    return 0
