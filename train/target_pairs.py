"""Pairs whose targets are read from disk: any variant of a photograph with any variant of a painting."""

from __future__ import annotations

import numpy as np

from datasets.canvas import square_canvas
from datasets.pairs import NEUTRAL_COLOUR, Batch, Pairs, PairSpec, identities, warp_windows
from datasets.source import Source
from train.packed_targets import CHANNELS, GRAM_LENGTH, STORED
from train.target_store import Store, settings_of


class TargetPairs(Pairs):
    """Batches as those of `Pairs`, with what the perceptual loss compares with.

    Each carries, beside the entries of `Pairs.batch`, `content_target` float16 [B, h, w, 256] and `style_gram` float16
    [B, GRAM_LENGTH], with the float32 scales `content_target_scale` [B] and `style_gram_scale` [B, 4]. The order of the
    pictures is that of `Pairs`; which variant of each comes is drawn anew every time.

    Args:
        content, style, spec, part: As of `Pairs`.
        store: Targets of these very pictures.
    """

    def __init__(
        self, content: Source, style: Source, spec: PairSpec, store: Store, part: tuple[int, int] = (0, 1)
    ) -> None:
        super().__init__(content, style, spec, part)
        self.store = store

    def batch(self, step: int) -> Batch:
        """Batch number `step`; the same numbers whenever and wherever it is asked for."""
        spec, store = self.spec, self.store
        number = spec.batch_size
        rng = np.random.default_rng([spec.seed, 2, step])
        size = int(rng.integers(min(len(store.sizes), store.variants)))
        identity = identities(rng, number, spec.identity_fraction)
        # Variants of the drawn size, which the whole batch shares; a photograph's is free but for identity pairs.
        variants = rng.choice(np.arange(size, store.variants, len(store.sizes)), (2, number))
        free = rng.integers(store.variants, size=number)
        warp_box = warp_windows(rng, number)
        # All is drawn for the whole batch, so that parts of it are parts of the same.
        first, number = step * number + self._items.start, len(self._items)
        own = slice(self._items.start, self._items.stop)
        identity, variants, free, warp_box = identity[own], variants[:, own], free[own], warp_box[own]
        rows = {
            "content": np.where(identity > 0, variants[0], free) * store.pictures["content"],
            "style": variants[1] * store.pictures["style"],
        }
        for role, row in rows.items():
            for item in range(number):
                row[item] += self._readable(role, first + item, int(row[item]))

        batch = settings_of(store, "content", rows["content"]) | settings_of(store, "style", rows["style"])
        content = np.stack([self._canvas("content", row) for row in rows["content"]])
        style = np.stack(
            [content[i] if identity[i] else self._canvas("style", rows["style"][i]) for i in range(number)]
        )
        same = identity > 0
        batch["style_box"] = np.where(same[:, None], batch["content_box"], batch["style_box"])
        batch["style_flip"] = np.where(same[:, None], np.float32(0), batch["style_flip"])
        batch["style_colour"] = np.where(same[:, None], NEUTRAL_COLOUR, batch["style_colour"])
        arrays = store.arrays
        grams, scales = arrays["style"][rows["style"]], arrays["style_scale"][rows["style"]]
        grams[same], scales[same] = (arrays[name][rows["content"][same]] for name in ("identity", "identity_scale"))
        return batch | {
            "content": content,
            "style": style,
            "identity": identity,
            "warp_box": warp_box,
            "content_target": np.asarray(arrays["content"][rows["content"]]),
            "content_target_scale": np.asarray(arrays["content_scale"][rows["content"]]),
            STORED: np.asarray(grams),
            f"{STORED}_scale": np.asarray(scales),
        }

    def shapes(self) -> dict[str, tuple[tuple[int | None, ...], str]]:
        number, side = len(self._items), self.spec.content_size // 4
        return super().shapes() | {
            "content_target": ((number, side, side, CHANNELS["relu3_3"]), "float16"),
            "content_target_scale": ((number,), "float32"),
            STORED: ((number, GRAM_LENGTH), "float16"),
            f"{STORED}_scale": ((number, 4), "float32"),
        }

    def _readable(self, role: str, position: int, first_row: int) -> int:
        """The picture at a place of the endless shuffled stream, or the next that could be read."""
        pictures = self.store.pictures[role]
        epoch, place = divmod(position, pictures)
        index = int(self._order(role, pictures, epoch)[place])
        scales = self.store.arrays[f"{role}_scale"]
        for shift in range(pictures):
            candidate = (index + shift) % pictures
            if np.all(scales[first_row + candidate] > 0):
                return candidate
        raise ValueError(
            f"{self.store.folder}: none of the {role} pictures could be read when the targets were computed"
        )

    def _canvas(self, role: str, row: int) -> np.ndarray:
        source = self.content if role == "content" else self.style
        offset = 0.5 if role == "content" else float(self.store.settings.style_offset[row])
        return square_canvas(source.load(int(row) % self.store.pictures[role]), self.spec.canvas, offset)
