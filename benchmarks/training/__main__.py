"""`python -m benchmarks.training`: what a training step costs, beside what the machine's convolutions reach."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.startup import load_backend_quietly
from train.presets import TEACHER

DESCRIPTION = """\
Measures whole training steps of a preset, with targets computed in every step and with stored ones, and the rate of
plain dense convolutions in the same precision, all in one process and on whatever Keras runs on (KERAS_BACKEND).

Prints Markdown and writes it, with a JSON file of all figures, to the --out folder."""

EPILOG = """\
examples:
  python -m benchmarks.training
  python -m benchmarks.training --preset student --sizes 160 256 --batch-sizes 2 4
  KERAS_BACKEND=jax python -m benchmarks.training --batch-sizes 16 32 64 --sizes 256
"""

# Of the machine's convolution rate, what a step is to reach.
GOALS = {"processor": 0.6, "accelerator": 0.3}


def main(arguments: list[str] | None = None) -> int:
    """Runs the benchmark; returns the exit code. 130 after Ctrl-C."""
    options = _parser().parse_args(arguments)
    load_backend_quietly()
    try:
        found = _measure(options)
    except KeyboardInterrupt:
        print("interrupted: nothing was written", file=sys.stderr)
        return 130
    except (ValueError, RuntimeError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    text = "\n".join(_lines(found)) + "\n"
    print(text, end="")
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "training.md").write_text(text, encoding="utf-8")
    (options.out / "training.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.training",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--preset", choices=tuple(TEACHER), default="fine", help="of `train teacher` (default: %(default)s)")
    add("--batch-sizes", type=int, nargs="+", default=[4], help="pairs a step (default: %(default)s)")
    add("--sizes", type=int, nargs="+", default=[160], help="sides of both pictures in pixels (default: %(default)s)")
    add(
        "--repeats",
        type=int,
        default=5,
        help="steps measured; the fastest counts, as others only slow it (default: %(default)s)",
    )
    add("--out", type=Path, default=Path("build/benchmarks"), help="folder for the files (default: %(default)s)")
    return parser


def _measure(options: argparse.Namespace) -> dict[str, Any]:
    import keras

    from benchmarks.training.measure import convolution_rate, step_seconds
    from benchmarks.training.work import pair_costs

    preset = TEACHER[options.preset]
    dtype = "mixed_bfloat16" if preset.loss.mixed_precision else "float32"
    rows = []
    for size in options.sizes:
        for batch in options.batch_sizes:
            config = replace(preset, data=replace(preset.data, content_size=size, batch_size=batch))
            costs = pair_costs(config, size)
            for stored in (False, True):
                rate = convolution_rate(size, batch, dtype, options.repeats)
                seconds = min(step_seconds(config, size, stored=stored, repeats=options.repeats))
                work = 2 * batch * sum(cost for part, cost in costs.items() if not (stored and part == "targets"))
                rows.append(
                    {
                        "size": size,
                        "batch": batch,
                        "targets": "stored" if stored else "computed",
                        "gmac_a_pair": round(work / 2 / batch / 1e9, 2),
                        "seconds_a_step": seconds,
                        "pairs_a_second": batch / seconds,
                        "flops": work / seconds,
                        "convolution_flops": rate,
                        "share": work / seconds / rate,
                    }
                )
                keras.utils.clear_session()
    return {
        "preset": options.preset,
        "backend": keras.backend.backend(),
        "precision": dtype,
        "kind": _kind(),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}",
        "rows": rows,
    }


def _kind() -> str:
    """What computes: an accelerator where the backend has one."""
    import keras

    return "accelerator" if any("cpu" not in name for name in keras.distribution.list_devices()) else "processor"


def _lines(found: dict[str, Any]) -> list[str]:
    goal = GOALS[found["kind"]]
    lines = [
        f"Preset `{found['preset']}`, {found['backend']}, {found['precision']}, {found['kind']} "
        f"({found['machine']}). Goal: {goal:.0%} of the rate of plain convolutions.",
        "",
        "| px | pairs a step | targets | GMAC a pair | seconds a step | pairs a second | GFLOP/s | plain | share |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in found["rows"]:
        lines.append(
            f"| {row['size']} | {row['batch']} | {row['targets']} | {row['gmac_a_pair']:.1f} "
            f"| {row['seconds_a_step']:.3f} | {row['pairs_a_second']:.2f} | {row['flops'] / 1e9:.0f} "
            f"| {row['convolution_flops'] / 1e9:.0f} | {row['share']:.0%}{'' if row['share'] >= goal else ', missed'} |"
        )
    return lines


if __name__ == "__main__":
    sys.exit(main())
