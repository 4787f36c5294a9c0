"""`python -m benchmarks.bulk`: what preparing and painting corpora cost, and whether memory stays flat."""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from impasto.library import processors

DESCRIPTION = """\
Measures, on photographs that it makes itself:
  prepare  python -m datasets prepare: pictures a second of processor time, for photographs of several sizes
  corpus   impasto corpus over a bare loop that reads, paints and writes the same photographs with the same runtime
  memory-prepare, memory-corpus
           over many small pictures (--many, 20 times as many prepared): the memory of the largest process over time
  stream   batches of pairs out of records: memory, and pairs a second

Times are of the processor (user and system, all processes), so that other work on the machine disturbs little; what a
command costs to start is taken off by measuring two numbers of pictures. Prints Markdown."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the measurements that are asked for; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bulk", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    kinds: dict[str, Callable[[Path, argparse.Namespace], None]] = {
        "prepare": _prepare, "corpus": _corpus, "memory-prepare": _memory_prepare,
        "memory-corpus": _memory_corpus, "stream": _stream,
    }  # fmt: skip
    parser.add_argument("what", nargs="*", default=["prepare", "corpus"], help=f"of {', '.join(kinds)}")
    parser.add_argument("--pictures", type=int, default=240, help="of the larger of two numbers (default: 240)")
    parser.add_argument("--many", type=int, default=10_000, help="pictures for memory and stream (default: 10000)")
    parser.add_argument("--rounds", type=int, default=3, help="of corpus and loop in turn (default: 3)")
    options = parser.parse_args(arguments)
    if unknown := set(options.what) - set(kinds):
        parser.error(f"expected some of {', '.join(kinds)}, received {', '.join(sorted(unknown))}")
    load = os.getloadavg()[0]
    print(f"# Bulk\n\n{platform.processor() or platform.machine()}, {processors()} processors, load {load:.0f}\n")
    with tempfile.TemporaryDirectory() as folder:
        for what in options.what:
            kinds[what](Path(folder) / what, options)
    return 0


def photographs(folder: Path, count: int, size: tuple[int, int], different: int = 24) -> Path:
    """`count` JPEGs of a size: `different` of them, the others links to these."""
    from datasets.synthetic import SyntheticSource

    folder.mkdir(parents=True)
    source = SyntheticSource(different, max(256, min(size)), role="content", seed=2)
    files = []
    for number in range(min(different, count)):
        grain = np.random.default_rng(number).normal(0, 6, (size[1], size[0], 1))
        image = np.asarray(Image.fromarray(source.load(number)).resize(size, Image.Resampling.BICUBIC), np.float32)
        buffer = io.BytesIO()
        Image.fromarray(np.clip(image + grain, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=90)
        files.append(folder / f"{number:07d}.jpg")
        files[-1].write_bytes(buffer.getvalue())
    for number in range(different, count):
        os.link(files[number % different], folder / f"{number:07d}.jpg")
    return folder


def _spent(command: list[str]) -> tuple[float, float]:
    """Seconds of processor time and of the clock that a command took, its processes included."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, time.perf_counter() - began


def _prepare(folder: Path, options: argparse.Namespace) -> None:
    print("| photographs | processor, ms a picture | a second, two processors | stored |\n|---|---|---|---|")
    for name, size in (("500x375", (500, 375)), ("1024x768", (1024, 768)), ("4000x3000", (4000, 3000))):
        count = options.pictures * 2**20 // (size[0] * size[1] + 2**18)
        spent = []
        for number in (count // 4, count):
            photos = photographs(folder / f"{name}-{number}", number, size)
            out = folder / f"{name}-{number}-records"
            spent.append(_spent(["datasets", "prepare", str(photos), "--out", str(out), "--shards", "8"])[0])
        each = (spent[1] - spent[0]) / (count - count // 4)
        report = json.loads((out / "report.json").read_text())
        print(f"| {name} | {1000 * each:.1f} | {2 / each:.0f} | {report['bytes'] / report['pictures'] / 1000:.0f} kB |")


# What the corpus does to a photograph, without the rest.
_LOOP = """
import sys
from pathlib import Path
import impasto
from impasto.pictures.reading import read
from impasto.pictures.writing import write
with impasto.load(threads=1) as painter:
    style = painter.embed(sys.argv[1])
    for path in sorted(Path(sys.argv[2]).iterdir()):
        photo = read(path)
        write(Path(sys.argv[3]) / path.name, painter.paint(photo.pixels, style), metadata=photo.metadata)
"""


def _corpus(folder: Path, options: argparse.Namespace) -> None:
    size = (512, 384)
    style = photographs(folder / "style", 1, (256, 256)) / "0000000.jpg"
    few, many = max(options.pictures // 8, 8), options.pictures // 2
    places = {number: photographs(folder / str(number), number, size) for number in (few, many)}
    ratios, rates = [], []
    for turn in range(options.rounds):
        each = []
        for kind in ("loop", "corpus"):
            spent = []
            for number, photos in places.items():
                out = folder / f"{kind}-{number}-{turn}"
                if kind == "loop":
                    out.mkdir()
                    before = resource.getrusage(resource.RUSAGE_CHILDREN)
                    subprocess.run([sys.executable, "-c", _LOOP, str(style), str(photos), str(out)], check=True)
                    after = resource.getrusage(resource.RUSAGE_CHILDREN)
                    spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
                else:
                    command = ["impasto", "corpus", "--content", str(photos), "--style", str(style), "--out", str(out)]
                    spent.append(_spent([*command, "--workers", "2"])[0])
            each.append((spent[1] - spent[0]) / (many - few))
        ratios.append(each[1] / each[0])
        rates.append(1 / each[1])
    print(
        f"\nimpasto corpus, {size[0]}x{size[1]}, strokes in proportion: {np.median(rates):.2f} pictures a second a core"
    )
    print(f"processor time over the bare loop's: {np.median(ratios):.3f} ({', '.join(f'{r:.3f}' for r in ratios)})")


def _memory_prepare(folder: Path, options: argparse.Namespace) -> None:
    photos = photographs(folder / "photos", 20 * options.many, (64, 64))
    _flat(["datasets", "prepare", str(photos), "--out", str(folder / "records")], 20 * options.many)


def _memory_corpus(folder: Path, options: argparse.Namespace) -> None:
    photos = photographs(folder / "photos", options.many, (64, 64))
    style = photographs(folder / "style", 1, (64, 64)) / "0000000.jpg"
    command = ["impasto", "corpus", "--content", str(photos), "--style", str(style), "--out", str(folder / "out")]
    _flat([*command, "--stroke", "0"], options.many)


def _flat(command: list[str], pictures: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", *command], stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        samples = _watch(process.pid, process.poll)
    print(f"\n{' '.join(command[:2])}, {pictures} pictures of 64 px, {samples[-1][0]:.0f} s, code {process.returncode}")
    print(f"MB of the largest process, by tenths of the time: {_tenths(samples)}")


def _stream(folder: Path, options: argparse.Namespace) -> None:
    from datasets.opening import open_source
    from datasets.pairs import Pairs, PairSpec

    photos = photographs(folder / "photos", 2_000, (64, 64))
    _spent(["datasets", "prepare", str(photos), "--out", str(folder / "records")])
    sources = [open_source(f"records:{folder / 'records'}", role=role) for role in ("content", "style")]  # type: ignore[arg-type]
    pairs = Pairs(*sources, PairSpec(batch_size=8, canvas=64))
    samples: list[tuple[float, int]] = []
    ended = threading.Event()

    def sample() -> None:
        began = time.monotonic()
        while not ended.wait(0.5):
            samples.append((time.monotonic() - began, _resident(os.getpid())))

    thread = threading.Thread(target=sample)
    thread.start()
    began, steps = time.monotonic(), options.many // 16
    for _ in pairs.stream(start=0, stop=steps):
        pass
    rate = 8 * steps / (time.monotonic() - began)
    ended.set()
    thread.join()
    print(f"\nstream of pairs, {16 * steps} pictures, {rate:.0f} pairs a second: MB, by tenths")
    print(_tenths(samples))


def _watch(group: int, ended: Callable[[], Any]) -> list[tuple[float, int]]:
    """Seconds since the start, and the largest resident memory of a process of a group, until the command ends."""
    samples, began = [], time.monotonic()
    while ended() is None:
        sizes = []
        for place in Path("/proc").glob("[0-9]*/stat"):
            try:
                if int(place.read_text().rpartition(")")[2].split()[2]) == group:
                    sizes.append(_resident(int(place.parent.name)))
            except OSError:
                continue
        samples.append((time.monotonic() - began, max(sizes, default=0)))
        time.sleep(0.5)
    return samples


def _resident(process: int) -> int:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def _tenths(samples: list[tuple[float, int]]) -> str:
    end = samples[-1][0]
    tenths = [[size for at, size in samples if int(10 * at / end) == tenth] for tenth in range(10)]
    return " ".join(f"{max(tenth) / 1e6:.0f}" for tenth in tenths if tenth)


if __name__ == "__main__":
    sys.exit(main())
