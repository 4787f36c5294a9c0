"""Generated pictures: photographs of a sort, paintings, prints and textures. No download, nobody's rights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from datasets.procedural import abstract, cells, prints, strokes
from datasets.procedural.scenes import photograph
from datasets.source import Role

Drawing = Callable[[np.random.Generator, int], np.ndarray]

# What the generated styles are, each drawing float32 [size, size, 3] in [0, 1] from a generator and a size.
STYLES: dict[str, Drawing] = {
    draw.__name__: draw
    for draw in (
        strokes.impasto,
        strokes.impressionist,
        strokes.fauve,
        strokes.gestural,
        strokes.expressionist,
        strokes.old_master,
        strokes.pastel,
        strokes.pointillism,
        strokes.silk,
        cells.stained_glass,
        cells.mosaic,
        cells.cubist,
        cells.paper_cut,
        cells.colour_squares,
        cells.neoplastic,
        cells.low_poly,
        cells.glazed_tiles,
        prints.hatching,
        prints.woodcut,
        prints.watercolour,
        prints.ink_wash,
        prints.woodblock,
        prints.screen_print,
        abstract.marbling,
        abstract.drip,
        abstract.weave,
        abstract.swirls,
        abstract.contours,
        abstract.circles,
        abstract.poured,
    )
}


def render(picture: np.ndarray) -> np.ndarray:
    """float [0, 1] to uint8 [0, 255]."""
    return np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)


class SyntheticSource:
    """`count` generated pictures of `size` x `size`; picture i depends on the seed and i only.

    For content they are photographs of a sort; for style the families in STYLES in turn. Raises ValueError
    for a count below 1 or a size below 16.
    """

    infallible = True

    def __init__(self, count: int = 1000, size: int = 256, *, role: Role = "style", seed: int = 0) -> None:
        if count < 1 or size < 16:
            raise ValueError(
                f"a synthetic source needs a count from 1 and a size from 16, got count {count}, size {size}"
            )
        self.count, self.size, self.role, self.seed = count, size, role, seed
        self.name = f"synthetic:{count}:{size}"

    def __len__(self) -> int:
        return self.count

    def family(self, index: int) -> str:
        """Which kind of picture number `index` is."""
        return "photograph" if self.role == "content" else list(STYLES)[index % len(STYLES)]

    def load(self, index: int) -> np.ndarray:
        if not 0 <= index < self.count:
            raise IndexError(f"{self.name} has {self.count} pictures, asked for number {index}")
        rng = np.random.default_rng([self.seed, index])
        draw = photograph if self.role == "content" else STYLES[self.family(index)]
        return render(draw(rng, self.size))

    def key(self, index: int) -> str:
        return f"{self.family(index)}-{self.seed}-{index:06d}"

    def describe(self, index: int) -> str:
        return f"{self.name}[{index}] ({self.key(index)})"


def open_synthetic(rest: str, *, role: Role, seed: int) -> SyntheticSource:
    """Reads what follows `synthetic:`, COUNT or COUNT:SIZE. Raises ValueError for anything else."""
    parts = rest.split(":") if rest else []
    if len(parts) > 2 or not all(part.isdecimal() for part in parts):
        raise ValueError(f"synthetic:{rest} is not synthetic[:COUNT[:SIZE]] with whole numbers")
    count, size = [int(part) for part in parts] + [1000, 256][len(parts) :]
    return SyntheticSource(count, size, role=role, seed=seed)
