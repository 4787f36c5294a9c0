"""Generated pictures: photographs of a sort, paintings, prints and textures. No download, nobody's rights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from datasets import synth_abstract, synth_cells, synth_prints, synth_strokes
from datasets.source import Role
from datasets.synth_scenes import photograph

Painter = Callable[[np.random.Generator, int], np.ndarray]

# What the generated styles are, each drawing float32 [size, size, 3] in [0, 1] from a generator and a size.
STYLES: dict[str, Painter] = {
    painter.__name__: painter
    for painter in (
        synth_strokes.impasto,
        synth_strokes.impressionist,
        synth_strokes.fauve,
        synth_strokes.gestural,
        synth_strokes.expressionist,
        synth_strokes.old_master,
        synth_strokes.pastel,
        synth_strokes.pointillism,
        synth_strokes.silk,
        synth_cells.stained_glass,
        synth_cells.mosaic,
        synth_cells.cubist,
        synth_cells.paper_cut,
        synth_cells.colour_squares,
        synth_cells.neoplastic,
        synth_cells.low_poly,
        synth_cells.glazed_tiles,
        synth_prints.hatching,
        synth_prints.woodcut,
        synth_prints.watercolour,
        synth_prints.ink_wash,
        synth_prints.woodblock,
        synth_prints.screen_print,
        synth_abstract.marbling,
        synth_abstract.drip,
        synth_abstract.weave,
        synth_abstract.swirls,
        synth_abstract.contours,
        synth_abstract.circles,
        synth_abstract.poured,
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
