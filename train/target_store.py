"""A folder of targets on the disk: what it is of, the settings of its rows, and the arrays; see train/targets.py."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from datasets.packed import keys_digest
from datasets.pairs import content_windows, style_settings
from datasets.source import Source
from impasto.arrays import map_array
from impasto.console import one_line
from impasto.files import found_at, naming, replacing, write_json
from impasto.text_files import read_json
from train.config import DataConfig, LossConfig
from train.packed_targets import CHANNELS, GRAM_LENGTH
from train.perceptual import PerceptualLoss
from train.places import ARRAYS, TARGETS

ROLES = ("content", "style")
# Fields that decide what a target is. Others, such as the losses' weights, may differ between training and this.
_DATA_FIELDS = (
    "canvas", "content_size", "content_crop", "style_size", "style_size_step", "augment_style", "style_jitter"
)  # fmt: skip
_LOSS_FIELDS = ("pooling", "padding", "mixed_precision")


@dataclass(frozen=True)
class Settings:
    """Every variant's window, flips and colours, drawn from a seed: row `variant * pictures + picture`.

    Attributes:
        content_box: `[rows, 4]`.
        style_box, style_flip, style_colour: `[rows, 4]`, `[rows, 2]`, `[rows, 3]`.
        style_offset: `[rows]`, where along its long side a painting's square lies.
    """

    content_box: np.ndarray
    style_box: np.ndarray
    style_flip: np.ndarray
    style_colour: np.ndarray
    style_offset: np.ndarray


class Store:
    """An open folder of targets.

    Attributes:
        meta: What `targets.json` holds.
        arrays: Memory maps by name, to read: `content` `[rows, h, w, 256]`, `style` and `identity`
            `[rows, GRAM_LENGTH]`, and `content_scale` `[rows]`, `style_scale` and `identity_scale` `[rows, 4]`; a scale
            of 0 marks a picture that could not be read.
        settings: Of every row.
    """

    def __init__(self, folder: Path, meta: dict[str, Any]) -> None:
        self.folder, self.meta = folder, meta
        self.pictures: dict[str, int] = meta["pictures"]
        self.variants: int = meta["variants"]
        data = meta["data"]
        smallest, end = data["style_size"]
        self.sizes = list(range(smallest, end, data["style_size_step"]))
        self.settings = _settings(meta)
        rows, side = {role: count * self.variants for role, count in self.pictures.items()}, data["content_size"] // 4
        shapes: dict[str, tuple[tuple[int, ...], str]] = {
            "content": ((rows["content"], side, side, CHANNELS["relu3_3"]), "float16"),
            "content_scale": ((rows["content"],), "float32"),
            "identity": ((rows["content"], GRAM_LENGTH), "float16"),
            "identity_scale": ((rows["content"], 4), "float32"),
            "style": ((rows["style"], GRAM_LENGTH), "float16"),
            "style_scale": ((rows["style"], 4), "float32"),
        }
        self.arrays = {name: _mapped(folder / f"{name}.npy", *shapes[name]) for name in ARRAYS}
        self._files: dict[str, IO[bytes]] = {}

    def size(self, role: str, row: int) -> int:
        """Side in pixels at which the painting (or, for identity pairs, the photograph) of a row was looked at."""
        return self.sizes[row // self.pictures[role] % len(self.sizes)]

    def write(self, name: str, rows: np.ndarray, values: np.ndarray) -> None:
        """Puts `values` into these rows of an array.

        Not through the map: where the disk is full, the system ends a process that writes to one, without a word.

        Raises:
            OSError: it cannot be written; the same command goes on once it can.
        """
        array, path = self.arrays[name], self.folder / f"{name}.npy"
        if name not in self._files:
            self._files[name] = path.open("r+b", buffering=0)
        length = array[:1].nbytes
        with naming(path):
            for row, value in zip(rows, np.ascontiguousarray(values, array.dtype), strict=True):
                self._files[name].seek(array.offset + int(row) * length)
                left = memoryview(value.reshape(-1).view(np.uint8))
                while left:  # a disk that fills up takes a part of it first
                    left = left[self._files[name].write(left) :]

    def save(self) -> None:
        """Writes down how far it is, once what was written lies on the disk."""
        for file in self._files.values():
            os.fsync(file.fileno())
        write_json(self.folder / TARGETS, self.meta)

    def close(self) -> None:
        """Closes the files that were written to."""
        for file in self._files.values():
            file.close()
        self._files.clear()


def open_targets(data: DataConfig, loss: LossConfig, content: Source, style: Source) -> Store:
    """The targets that `data.targets` names, for a run of this config.

    Raises:
        ValueError: there are none, they are unfinished, or of other pictures or settings; says which.
    """
    path = Path(data.targets) / TARGETS
    if not path.is_file():
        found = f"a folder without {TARGETS}" if path.parent.is_dir() else found_at(path.parent)
        raise ValueError(
            f"--data.targets {data.targets}: expected a folder that `python -m train targets` wrote, found {found}"
        )
    meta = read_meta(path)
    require_equal(path, meta, agreement(data, loss, content, style))
    # Last, as the network has to be built for it.
    require_equal(path, meta, {"loss_network": PerceptualLoss(loss).checksum()})
    store = Store(path.parent, meta)
    for role, done in meta["done"].items():
        rows = store.pictures[role] * store.variants
        if done < rows:
            raise ValueError(
                f"{path}: {done} of {rows} {role} targets are computed; run the same `train targets` command again"
            )
    return store


def settings_of(store: Store, role: str, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Entries of a batch that say how these rows' pictures are cut, mirrored and coloured."""
    settings = store.settings
    if role == "content":
        return {"content_box": settings.content_box[rows], "content_flip": np.zeros(len(rows), np.float32)}
    return {
        "style_box": settings.style_box[rows],
        "style_flip": settings.style_flip[rows],
        "style_colour": settings.style_colour[rows],
        "style_size": np.zeros((len(rows), store.size("style", int(rows[0]))), np.uint8),
    }


def _settings(meta: dict[str, Any]) -> Settings:
    data = meta["data"]
    content, style = (meta["pictures"][role] * meta["variants"] for role in ("content", "style"))
    rng = np.random.default_rng([meta["seed"], 3])
    boxes = content_windows(rng, content, data["content_crop"])
    offsets = rng.random(style) if data["augment_style"] else np.full(style, 0.5)
    box, flip, colour = style_settings(rng, style, data["augment_style"], data["style_jitter"])
    return Settings(boxes, box, flip, colour.astype(np.float32), offsets)


def agreement(data: DataConfig, loss: LossConfig, content: Source, style: Source) -> dict[str, Any]:
    """What has to agree between the targets and a run that uses them, as JSON gives it back."""
    described = {
        "pictures": {"content": len(content), "style": len(style)},
        "keys": {"content": keys_digest(content), "style": keys_digest(style)},
        "data": {name: getattr(data, name) for name in _DATA_FIELDS},
        "loss": {name: getattr(loss, name) for name in _LOSS_FIELDS},
    }
    found: dict[str, Any] = json.loads(json.dumps(described))
    return found


def read_meta(path: Path) -> dict[str, Any]:
    """What `targets.json` holds. Raises ValueError where that is something else."""
    found = read_json(path, "what `python -m train targets` wrote")
    done = found["done"] if isinstance(found.get("done"), dict) else {}
    numbers = [found.get("variants"), *(done.get(role) for role in ROLES)]
    if not all(isinstance(number, int) and number >= 0 for number in numbers):
        raise ValueError(f"{path}: expected what `python -m train targets` wrote, found other JSON")
    return found


def require_equal(path: Path, found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Raises ValueError with the first entry that differs; how far the targets are may differ."""
    for key, value in expected.items():
        if key == "done" or found.get(key) == value:
            continue
        raise ValueError(
            f"{path} is of other targets: {key} is {found.get(key)}, expected {value}; use the settings that it was "
            "written with, or another folder"
        )


def _mapped(path: Path, shape: tuple[int, ...], dtype: str) -> np.memmap:
    if not path.is_file():
        # Sparse: takes room on disk as it is filled, and reads as zeros until then.
        with replacing(path) as draft:
            np.lib.format.open_memmap(draft, mode="w+", dtype=dtype, shape=shape)
    try:
        array = map_array(path)
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: expected an array of targets, {one_line(error)}") from error
    if array.shape != shape or array.dtype != dtype:
        raise ValueError(f"{path} holds {array.dtype} {list(array.shape)}, expected {dtype} {list(shape)}")
    return array
