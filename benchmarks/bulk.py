"""`python -m benchmarks.bulk`: what preparing and painting corpora cost, and whether memory stays flat."""

from __future__ import annotations

import argparse
import io
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

Times of prepare and corpus are the processor's (user and system, all threads), so that other work on the machine
disturbs less, and without what a command costs to start. Prints Markdown."""


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
    source = SyntheticSource(different, min(max(256, *size), 768), role="content", seed=2)
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
    """In this process: starting others costs more than these few pictures, and nothing for millions."""
    from datasets.preparing import WORK, Preparation, Preparing, plan
    from impasto.bulk.places import Place
    from impasto.bulk.work import Work

    print("| photographs | processor, ms a picture | a second, two processors | stored |\n|---|---|---|---|")
    for name, size in (("500x375", (500, 375)), ("1024x768", (1024, 768)), ("4000x3000", (4000, 3000))):
        count = options.pictures * 2**20 // (size[0] * size[1] + 2**18)
        different = min(24, 2**26 // (size[0] * size[1]))
        wish = Preparation(str(photographs(folder / name, count, size, different)), shards=8)
        work = Work(Place(folder / f"{name}-records"), WORK)
        work.begin({}, plan(wish)[1])
        doer = Preparing(work, wish, 8)
        doer.do(0)  # imports, and first uses
        began = time.process_time()
        for number in range(1, 8):
            doer.do(number)
        spent = time.process_time() - began
        results = [work.result(number) for number in range(1, 8)]
        done = sum(result["count"] for result in results)
        stored = sum(result["bytes"] for result in results) / done
        print(f"| {name} | {1000 * spent / done:.1f} | {2 * done / spent:.0f} | {stored / 1000:.0f} kB |", flush=True)


def _corpus(folder: Path, options: argparse.Namespace) -> None:
    """In this process, in turn: the pipeline on Beam's runner in memory, and a loop with the same runtime."""
    import impasto
    from impasto.bulk.choice import Choice
    from impasto.bulk.painting import WORK, Corpus, Look
    from impasto.bulk.painting import photographs as listed
    from impasto.bulk.pipeline import pipeline
    from impasto.bulk.places import Place
    from impasto.bulk.work import Work
    from impasto.pictures.reading import read
    from impasto.pictures.writing import write

    count, size = options.pictures // 2, (512, 384)
    found = listed([str(photographs(folder / "photos", count, size))], "out")[0]
    painter = impasto.load(threads=1)
    style = painter.embed(photographs(folder / "style", 1, (256, 256)) / "0000000.jpg")

    def loop(out: Path) -> float:
        out.mkdir()
        began = time.process_time()
        for source, name in found:
            photo = read(source)
            write(out / f"{name}.jpg", painter.paint(photo.pixels, style), metadata=photo.metadata)
        return (time.process_time() - began) / count

    def corpus(out: Path) -> float:
        work = Work(Place(out), WORK)
        work.begin({}, [found[:2], found[:2], *(found[start : start + 4] for start in range(0, count, 4))])
        doer = Corpus(work, [("style", style)], Look())
        spent = []
        # What a pipeline costs to begin, once for millions, is that of painting nothing.
        for numbers in ([0], [1], list(range(2, 2 + (count + 3) // 4))):
            began = time.process_time()
            pipeline(doer, numbers, Choice())
            spent.append(time.process_time() - began)
        return (spent[2] - spent[1]) / (count - 2)

    ratios, rates = [], []
    for turn in range(options.rounds):
        bare, whole = loop(folder / f"loop-{turn}"), corpus(folder / f"corpus-{turn}")
        ratios.append(whole / bare)
        rates.append(1 / whole)
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
