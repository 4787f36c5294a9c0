"""The gallery: every recipe and command on pictures that are free to give, with times, as a page of docs/."""

from __future__ import annotations

import os
import platform
import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from impasto.files import found_at, prove_writable, write_json, write_text
from impasto.pictures.writing import write
from impasto.text_files import read_json

# The page's own samples: photographs that are public domain or CC0, paintings that this project generates.
SAMPLES = {
    "photo": "photos/chelsea.jpg",
    "other": "photos/coffee.jpg",
    "style": "styles/swirls-4.jpg",
    "second": "styles/stained-glass-7.jpg",
    "ink": "styles/ink-wash-2.jpg",
}
# Photographs and masks that are drawn beside the page.
DRAWN = ("horse", "landscape", "left", "right")
TIMES = "times.json"


@dataclass(frozen=True)
class Entry:
    """One command of the gallery.

    Attributes:
        name: Of its picture, without suffix.
        title: For the page.
        text: What is there to see, and what is not pretty.
        command: Its words; {photo} and the like stand for the pictures that it reads.
        suffix: Of what it writes.
    """

    name: str
    title: str
    text: str
    command: str
    suffix: str = ".jpg"

    def words(self, pictures: dict[str, str], out: str) -> list[str]:
        """The command's arguments, with its pictures and its output."""
        return shlex.split(self.command.format(**pictures)) + ["--out", out]


# What was measured once, at the end of the page.
FALLS = (
    "## How far the losses fall",
    "",
    "From a recipe's own start picture, on one scale, with VGG16: the total of all terms over what it ends at.",
    "",
    "| recipe | pair, long side | steps | total falls by |",
    "|---|---|---|---|",
    "| `keras-vgg19` | cat in swirls, 128 px | 90 | 149x |",
    "| `neural-style` | cat in swirls, 128 px | 100 | 177x |",
    "| `gatys-vgg16` | cat in swirls, 176 px | 120 | 311x before pixels are cut to what can be shown, 9.4x after |",
    "| `impasto` | cat in swirls, 128 px | 100 | 10.6x |",
    "| `impasto`, content weight 1 | cat in swirls, 128 px | 100 | 7.5x |",
    "| `ink` | cat in swirls, 128 px | 100 | 15.0x |",
    "| `ink` | astronaut in ink, 128 px | 100 | 17.1x |",
    "| `ink` | coffee in ink, 128 px | 100 | 14.1x |",
    "| `ink` | cat in ink, 192 px, two sizes | 100 | 11.3x |",
    "| `ink` | cat in ink, 128 px | 100 | 8.5x |",
    "| `ink` | rocket in ink, 128 px | 100 | 8.3x |",
    "| `ink` | horse in ink, 128 px | 100 | 4.3x |",
    "| `ink` | landscape in ink, 128 px | 100 | 3.3x |",
    "",
    "The last two are drawings of few colours, whose style costs little from the start: there is less to fall. While "
    "`ink` compared the content in the photograph's own colours, content and style pulled at them, and the horse "
    "stayed brown: 3.7x (cat in swirls), 2.5x (landscape) and 1.8x (horse).",
    "",
    "A step of `gatys-vgg16` at 2,000 px, looked at in tiles, takes 37 seconds on two cores (Intel Xeon, nothing else "
    "running) after a first one of 5 minutes, and 4.7 GB of memory at most: 600 steps are six hours.",
    "",
)

_PAIR = "--content {photo} --style {style}"
_SMALL = "--size 176"
# Short runs that keep more of the photograph than the recipe does.
_KEPT = f"{_SMALL} --steps 25 --content-weight 1"

ENTRIES = (
    Entry(
        "impasto", "The project's own recipe", "Strokes at every size, no streaks along the border.",
        f"optimise {_PAIR} --size 224 --steps 40",
    ),
    Entry(
        "painted", "The same from the shipped model's picture",
        "A moment's painting as the start. Short runs gain by it: on three pairs at 160 px, five steps from it reach "
        "what takes 10 to 16 from the photograph, twenty what takes 22 to 35, forty what takes 37 to 60 (measured with "
        "a content weight of 1).",
        f"optimise {_PAIR} --size 224 --start painted --steps 20",
    ),
    Entry(
        "gatys-vgg16", "Gatys et al. 2016 on VGG16",
        "Pressed into a square, and out of it again. From noise, of which much is left after a hundred steps: nothing "
        "in the recipe asks for smoothness. The cat is lost, too: the content counts by the picture's pixels and the "
        "style does not, and the recipe is for 512 px and 600 steps.",
        f"optimise --recipe gatys-vgg16 {_PAIR} --size 224 --steps 100",
    ),
    Entry(
        "keras-vgg19", "Keras' example (on VGG16 here)",
        "Starts from the photograph: the eyes stay, most of the fur goes. Zeros beyond the border are painted for.",
        f"optimise --recipe keras-vgg19 --network vgg16 {_PAIR} --size 112 --steps 80 --every 0",
    ),
    Entry(
        "neural-style", "Johnson's neural-style (on VGG16 here)",
        "From grey; after 80 steps, and on VGG16 in VGG19's place, hardly any of the cat is there. Zeros beyond the "
        "border: look along the edges.",
        f"optimise --recipe neural-style --network vgg16 {_PAIR} {_SMALL} --steps 80",
    ),
    Entry(
        "ink-horse", "Ink: a horse",
        "A brown horse becomes one of ink: of the photograph, its light and dark alone count, in the painting's tones. "
        "The ground stays paper; fine oblique lines show in it.",
        "optimise --recipe ink --content {horse} --style {ink} --size 224 --steps 60",
    ),
    Entry(
        "ink-landscape", "Ink: a landscape",
        "The sky stays paper, the ridges get the brush. Pale stains stand between the dark trees.",
        "optimise --recipe ink --content {landscape} --style {ink} --size 224 --steps 60",
    ),
    Entry(
        "texture", "Style alone", "A new picture of the same texture.",
        f"optimise --recipe texture --style {{style}} {_SMALL} --steps 25",
    ),
    Entry(
        "reconstruct", "Layer by layer",
        "Above, textures of ever more layers; below, what each layer still knows of the photograph: colours and edges "
        "are lost from block 4 on.",
        f"optimise --recipe reconstruct {_PAIR} --size 96 --steps 30",
    ),
    Entry(
        "two-styles", "Two styles", "Their Gram matrices mixed, two to one.",
        f"optimise --content {{photo}} --style {{style}} {{second}} --style-weights 2 1 {_KEPT}",
    ),
    Entry(
        "masks", "A style a region", "The left half in one style, the right in the other, joined without a seam.",
        f"optimise --content {{photo}} --style {{style}} {{second}} --masks {{left}} {{right}} {_KEPT}",
    ),
    Entry(
        "two-photographs", "Two photographs", "Both contents at once, as a double exposure is.",
        f"optimise --content {{photo}} {{other}} --style {{style}} {_KEPT}",
    ),
    Entry(
        "colours", "The photograph's colours", "Brightness of the painting, colours of the photograph.",
        f"optimise {_PAIR} {_KEPT} --keep-color luma",
    ),
    Entry(
        "way", "The way there", "A film of the steps.",
        "optimise --content {photo} --style {style} --size 104 --steps 18 --scales 2 --content-weight 1 "
        "--animate {film}",
    ),
    Entry(
        "dream", "A dream", "VGG16's relu5_2, a dozen steps a size: rows of spots and ripples, no animals yet.",
        f"dream --content {{other}} {_SMALL} --steps 12",
    ),
    Entry(
        "dream-mix", "A dream of several layers", "Ridges of a shallow layer along forms of a deep one; garish.",
        f"dream --content {{other}} {_SMALL} --steps 12 --layers relu3_3=0.2 relu5_1=1",
    ),
    Entry(
        "dream-guided", "A guided dream", "What the guide has is seen in the photograph.",
        f"dream --content {{other}} --guide {{photo}} {_SMALL} --steps 12",
    ),
    Entry(
        "dream-zoom", "Into a dream", "Every frame is the one before, from nearer.",
        "dream --content {other} --size 128 --octaves 2 --steps 8 --frames 12 --zoom 1.06", ".gif",
    ),
    Entry(
        "inception", "DeepDream as published", "Inception-v3's 41st activation.",
        f"dream --content {{other}} --recipe inception {_SMALL}",
    ),
)  # fmt: skip


def make_gallery(
    out: Path, samples: Path, run: Callable[[list[str]], int], names: Sequence[str], settings: Sequence[str] = ()
) -> int:
    """Runs the commands and writes their pictures and the page; returns how many failed.

    Pictures and times of commands that are not run stay as they are.

    Args:
        out: The page's folder.
        samples: Folder that `python -m datasets samples` wrote.
        run: Runs one command of `python -m stylize`, returns its exit code.
        names: Of the entries to run; empty for all.
        settings: Further arguments for all of them, which the page does not show.
    """
    from tqdm import tqdm

    if unknown := sorted(set(names) - {entry.name for entry in ENTRIES}):
        raise ValueError(
            f"--only: the gallery has no {', '.join(unknown)}; it has {', '.join(e.name for e in ENTRIES)}"
        )
    inputs = [out / "inputs" / f"{name}.jpg" for name in DRAWN]
    prove_writable([out / "README.md", out / TIMES, *inputs, *(out / f"{one.name}{one.suffix}" for one in ENTRIES)])
    pictures = _pictures(out, samples)
    times = read_json(out / TIMES, "the times of a gallery") if (out / TIMES).is_file() else {}
    failed = 0
    for entry in tqdm([entry for entry in ENTRIES if not names or entry.name in names], unit="command", disable=None):
        began = time.monotonic()
        code = run([*entry.words(pictures, str(out / f"{entry.name}{entry.suffix}")), *settings])
        failed += code != 0
        times[entry.name] = None if code else round(time.monotonic() - began)
        write_json(out / TIMES, times)
        write_text(out / "README.md", page(times))
    return failed


def _pictures(out: Path, samples: Path) -> dict[str, str]:
    """Every picture that commands read, by what stands for it."""
    import numpy as np

    from stylize.gallery_pictures import horse, landscape

    named = {name: samples / place for name, place in SAMPLES.items()}
    if absent := [str(path) for path in named.values() if not path.is_file()]:
        found = "none" if samples.is_dir() else f"{found_at(samples)} in the place of {samples}"
        raise ValueError(
            f"expected {absent[0]}, which `python -m datasets samples --out {samples}` writes; found {found}"
        )
    inputs = out / "inputs"
    right = np.linspace(-20, 21, 300)[None, :, None].repeat(200, 0).repeat(3, 2)
    right = np.clip(right, 0, 1)
    for name, picture in zip(DRAWN, (horse(256), landscape(240, 360), 1 - right, right), strict=True):
        named[name] = inputs / f"{name}.jpg"
        write(named[name], picture.astype(np.float32))
    return {name: str(path) for name, path in named.items()} | {"film": str(out / "way.gif")}


def page(times: dict[str, float | None]) -> str:
    """The page as Markdown.

    Args:
        times: Seconds by the entries' names; None for a command that failed, for want of weights.
    """
    short = {name: Path(place).name for name, place in SAMPLES.items()}
    short |= {name: f"{name}.jpg" for name in DRAWN} | {"film": "way.gif"}
    lines = [
        "# Gallery", "",
        "Every recipe of `stylize optimise` and what `stylize dream` does, on photographs that are public domain or "
        "CC0 (scikit-image's) and paintings that this project generates. The pictures are small and the steps few, for "
        "want of time and not of taste; `python -m stylize gallery --out docs/gallery` makes them anew.", "",
        f"Times: {platform.machine()}, {os.cpu_count()} processors, networks' start included. A busy or older machine "
        "takes ten times as long: they say what takes longer than what.", "",
        "VGG19's and Inception-v3's ImageNet weights were not at hand: recipes for VGG19 are shown on VGG16, which the "
        "commands say, and what needs Inception-v3 is named and not shown.", "",
    ]  # fmt: skip
    for entry in ENTRIES:
        if entry.name not in times:
            continue
        seconds, out = times[entry.name], f"{entry.name}{entry.suffix}"
        words = shlex.join(entry.words(short, out))
        lines += [f"## {entry.title}", "", f"{entry.text}", "", "```sh", f"python -m stylize {words}", "```", ""]
        if seconds is None:
            lines += ["Not shown: its weights were not at hand.", ""]
            continue
        shown = "way.gif" if entry.name == "way" else out
        lines += [f"![{entry.title}]({shown})", "", f"*{seconds:g} seconds.*", ""]
    if later := [entry.name for entry in ENTRIES if entry.name not in times]:
        lines += [f"Not made yet, each by `--only NAME`: {', '.join(later)}.", ""]
    return "\n".join([*lines, *FALLS])
