"""`python -m benchmarks.quantisation`: what smaller weights cost in pictures, in the runtime that the page uses."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from tqdm import tqdm

from export.folder import write_export
from export.manifest import total_bytes
from export.registry import FORMATS, load_exported
from impasto.stylizer import Stylizer
from models.startup import load_backend_quietly

DESCRIPTION = """\
Exports an artefact at every precision of TensorFlow.js, paints the same pairs of photograph and painting with each
(Node, WebAssembly), and compares: mean and largest difference to float32 weights, and the losses of train/judge.py.
Prints Markdown."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the comparison; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quantisation",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--model", type=Path, default=Path("models/shipped/student.keras"), help="artefact (default: %(default)s)")
    add("--content", required=True, help="photographs: a folder, packed:PATH.npy, or another source")
    add("--style", required=True, help="paintings, written alike")
    add("--contents", type=int, default=5, help="photographs (default: %(default)s)")
    add("--styles", type=int, default=10, help="paintings; every pair is painted (default: %(default)s)")
    add("--size", type=int, default=384, help="side of the photographs, a multiple of 16 (default: %(default)s)")
    add("--vgg16-weights", default="imagenet", help="weights of the judge's network (default: %(default)s)")
    options = parser.parse_args(arguments)
    load_backend_quietly()
    try:
        for line in _table(options):
            print(line)
    except (ValueError, RuntimeError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _table(options: argparse.Namespace) -> list[str]:
    from datasets.opening import open_source
    from models.stylizer import Stylizer
    from train.grid import pick
    from train.judge import Judge

    stylizer = Stylizer.load(options.model)
    contents = pick(open_source(options.content, role="content"), options.contents, options.size)
    styles = pick(open_source(options.style, role="style"), options.styles, stylizer.style_size)
    judge = Judge(options.vgg16_weights)
    grams = [judge.grams(style.image) for style in styles]
    targets = [judge.content_features(content.image) for content in contents]

    pairs = len(contents) * len(styles)
    lines = [
        f"{pairs} pairs of {options.size} px, {options.model}, TensorFlow.js in WebAssembly.",
        "",
        "| weights | download MB | mean difference | of 1/255 | largest | content | style sum |",
        "|---|---|---|---|---|---|---|",
    ]
    exact: np.ndarray | None = None
    for precision in FORMATS["tfjs"].precisions:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / precision
            manifest = write_export(stylizer, out, FORMATS["tfjs"], name="student", precision=precision)
            with load_exported(out) as model:
                painted = _paint(model, precision, [c.image for c in contents], [s.image for s in styles])
        exact = painted if exact is None else exact
        losses = [
            judge.judge(painted[row, column], target, gram)
            for row, target in enumerate(targets)
            for column, gram in enumerate(grams)
        ]
        difference = np.abs(painted - exact)
        size = total_bytes(manifest)
        content, style = (float(np.mean([loss[name] for loss in losses])) for name in ("content", "style_sum"))
        lines.append(
            f"| {precision} | {size / 1e6:.2f} | {difference.mean():.5f} | {difference.mean() * 255:.2f} "
            f"| {difference.max():.4f} | {content:.4f} | {style:.4f} |"
        )
    return lines


def _paint(model: Stylizer, precision: str, contents: list[np.ndarray], styles: list[np.ndarray]) -> np.ndarray:
    """Every photograph with every painting: `[contents, styles, H, W, 3]`."""
    embeddings = [model.predict(style) for style in styles]
    rows = []
    for content in tqdm(contents, unit="photograph", desc=precision):
        rows.append([model.stylize(content, embedding) for embedding in embeddings])
    return np.asarray(rows)


if __name__ == "__main__":
    sys.exit(main())
