"""`python -m train targets`: what the perceptual loss compares with, computed once and read from disk ever after.

Of every step's work, the features of photographs and the Gram matrices of paintings are almost half (28 of 62 GMAC a
pair at 256 px), and they depend on no weight that learns. Here they are computed for several variants of each picture:
another window, another size, other colours. Training then pairs any photograph's variant with any painting's.

A folder of targets holds `targets.json` (of what, and how far), and arrays with one row a variant: `content` (features
at relu3_3), `style` (Gram matrices of paintings), `identity` (Gram matrices of photographs, for identity pairs), each
float16 with float32 scales beside it; see train/packed_targets.py.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops
from tqdm import tqdm

from datasets.canvas import square_canvas
from datasets.ops import crop_resize
from datasets.preprocessing import content_images, style_images
from datasets.source import Source
from impasto.errors import PictureError
from impasto.files import make_folder
from impasto.lock import exclusive
from train.config import TeacherConfig
from train.packed_targets import pack, pack_grams
from train.perceptual import PerceptualLoss
from train.places import TARGETS
from train.target_store import Store, agreement, read_meta, require_equal, settings_of

_BATCH = 8
# Progress is written down after so many batches: a run that is killed repeats these.
_SAVE_EVERY = 32


def compute_targets(config: TeacherConfig, content: Source, style: Source, folder: Path, variants: int) -> Store:
    """Computes the targets of `variants` variants of every picture; goes on where an earlier call stopped.

    Raises:
        ValueError: the folder holds targets of other pictures, settings or another loss network; names what differs.
    """
    with exclusive(folder / ".lock", f"the folder of targets {folder}"):
        return _compute_targets(config, content, style, folder, variants)


def _compute_targets(config: TeacherConfig, content: Source, style: Source, folder: Path, variants: int) -> Store:
    loss = PerceptualLoss(config.loss)
    meta = _meta(config, content, style, variants, loss)
    path = folder / TARGETS
    if path.is_file():
        found = read_meta(path)
        require_equal(path, found, meta)
        meta["done"] = found["done"]
    make_folder(folder)
    store = Store(folder, meta)
    store.save()
    try:
        for role, source in (("content", content), ("style", style)):
            _fill(store, role, source, loss)
    finally:
        store.close()
    return store


def _fill(store: Store, role: str, source: Source, loss: PerceptualLoss) -> None:
    done, rows = store.meta["done"], store.pictures[role] * store.variants
    with tqdm(total=rows, initial=done[role], unit="target", desc=role) as bar:
        try:
            for number, chunk in enumerate(_chunks(done[role], rows, store.pictures[role]), start=1):
                readable, batch = _batch(store, role, source, chunk)
                if len(readable):
                    _compute_rows(store, role, readable, batch, loss)
                done[role] = chunk[-1] + 1
                bar.update(len(chunk))
                if number % _SAVE_EVERY == 0:
                    store.save()
        except BaseException:
            with contextlib.suppress(OSError):  # what went wrong first is what is to be told
                store.save()
            raise
        store.save()


def _chunks(start: int, stop: int, pictures: int) -> Iterator[range]:
    """Rows in order, so many at a time, never of two variants: these differ in size."""
    while start < stop:
        end = min(start + _BATCH, stop, (start // pictures + 1) * pictures)
        yield range(start, end)
        start = end


def _batch(store: Store, role: str, source: Source, rows: range) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The rows whose pictures can be read, and what `datasets.preprocessing` makes pictures of."""
    canvas, kept, pictures = store.meta["data"]["canvas"], [], []
    for row in rows:
        try:
            image = source.load(row % store.pictures[role])
        except PictureError as error:
            tqdm.write(f"skipped {error}")
            continue
        pictures.append(square_canvas(image, canvas, 0.5 if role == "content" else store.settings.style_offset[row]))
        kept.append(row)
    readable = np.array(kept, int)
    if not kept:
        return readable, {}
    return readable, {role: np.stack(pictures)} | settings_of(store, role, readable)


def _compute_rows(
    store: Store, role: str, rows: np.ndarray, batch: dict[str, np.ndarray], loss: PerceptualLoss
) -> None:
    if role == "style":
        grams = loss.gram_targets(style_images(batch))
        name = "style"
    else:
        features = loss.content_target(content_images(batch, store.meta["data"]["content_size"]))
        numbers, scales = pack(ops.convert_to_numpy(ops.cast(features, "float32")))
        store.write("content", rows, numbers)
        store.write("content_scale", rows, scales)
        # As an identity pair's painting is made: the photograph's own window, at a painting's size.
        pictures = ops.cast(batch["content"], "float32") / 255.0
        grams = loss.gram_targets(crop_resize(pictures, batch["content_box"], store.size("content", int(rows[0]))))
        name = "identity"
    numbers, scales = pack_grams({layer: ops.convert_to_numpy(gram) for layer, gram in grams.items()})
    store.write(name, rows, numbers)
    store.write(f"{name}_scale", rows, scales)


def _meta(config: TeacherConfig, content: Source, style: Source, variants: int, loss: PerceptualLoss) -> dict[str, Any]:
    return {
        "format": "impasto-targets",
        "version": 1,
        **agreement(config.data, config.loss, content, style),
        "loss_network": loss.checksum(),
        "variants": variants,
        "seed": config.run.seed,
        "done": {"content": 0, "style": 0},
    }
