"""One run of `stylize optimise`: its pictures read and checked, painted, kept for later, or laid out as a sheet."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

from impasto.arrays import read_arrays, write_arrays
from impasto.console import complain, one_line, say, shown
from impasto.files import prove_writable, refuse_inputs, replacing, save
from impasto.pictures import reading
from impasto.pictures.folders import collect
from impasto.pictures.names import ended
from stylize.recipes import STARTS, Recipe

if TYPE_CHECKING:
    from stylize.optimisation import Progress


# Behind the name of the picture, for what a later run needs to go on.
_PROGRESS = ".progress.npz"


@dataclass(frozen=True)
class Inputs:
    """The files of a run, and what is made of them.

    Attributes:
        out: The picture to write.
        contents, content_shares: Photographs.
        styles, style_shares: Paintings.
        masks: One a painting, or none.
        keep_color: "luma", "recolour" or None.
        animate: A film to write.
        size, fit: Of the recipe.
    """

    out: Path
    contents: tuple[Path, ...]
    content_shares: tuple[float, ...]
    styles: tuple[Path, ...]
    style_shares: tuple[float, ...]
    masks: tuple[Path, ...]
    keep_color: str | None
    animate: Path | None
    start: Path | None
    size: int
    fit: str

    @classmethod
    def collected(
        cls,
        out: Path,
        contents: Sequence[Path],
        content_shares: Sequence[float] | None,
        styles: Sequence[Path],
        style_shares: Sequence[float] | None,
        masks: Sequence[Path],
        recipe: Recipe,
        keep_color: str | None,
        animate: Path | None,
    ) -> Inputs:
        """The inputs as a command line names them.

        Raises:
            ValueError: a file that is missing, read and written at once, or shares that fit none.
        """
        paintings = collect(styles).paths
        start = None if recipe.start in STARTS else Path(recipe.start)
        read_files = [*contents, *paintings, *masks, *([start] if start else [])]
        outputs = [out, _kept(out), *([animate] if animate else [])]
        refuse_inputs(outputs, read_files)
        if start is not None and not start.exists():
            raise ValueError(f"--start: expected {', '.join(STARTS)} or a picture, found no file {start}")
        if masks and len(masks) != len(paintings):
            raise ValueError(f"--masks: expected one a painting, {len(paintings)}, received {len(masks)}")
        if keep_color and not contents:
            raise ValueError("--keep-color: expected a photograph whose colours to keep, received none")
        return cls(
            out, tuple(contents), _shares("--content-weights", content_shares, len(contents), "photograph"),
            tuple(paintings), _shares("--style-weights", style_shares, len(paintings), "painting"), tuple(masks),
            keep_color, animate, start, recipe.size, recipe.fit,
        )  # fmt: skip

    def files(self) -> list[Path]:
        """All that is read."""
        return [*self.contents, *self.styles, *self.masks, *([self.start] if self.start else [])]

    def check(self) -> None:
        """Proves the outputs, and reads every file once: what cannot be had is to be said now, not after minutes."""
        prove_writable([self.out, _kept(self.out), *([self.animate] if self.animate else [])])
        for path in self.files():
            read(path)

    def photographs(self) -> list[np.ndarray]:
        """All `[H, W, 3]` in [0, 1] and of one size: the first one's, as the recipe fits it; the others cut to it."""
        if not self.contents:
            return []
        first = self._fitted(self.contents[0])
        height, width = first.shape[:2]
        return [first, *(_covering(read(path), height, width) for path in self.contents[1:])]

    def _fitted(self, path: Path) -> np.ndarray:
        if self.fit == "long":
            return read(path, self.size)
        picture = read(path)
        width = self.size if self.fit == "square" else max(1, int(picture.shape[1] * self.size / picture.shape[0]))
        return _pressed(picture, self.size, width)

    def own_size(self) -> tuple[int, int] | None:
        """Height and width of the finished picture where it is another than that of the painted one."""
        if self.fit != "square" or not self.contents:
            return None
        height, width = read(self.contents[0]).shape[:2]
        return height, width

    def texture_size(self) -> tuple[int, int]:
        """Height and width of a picture without a photograph: the first painting's shape."""
        height, width = read(self.styles[0], self.size).shape[:2]
        return height, width

    def painting(self, path: Path, size: tuple[int, int] | int, photo: np.ndarray | None) -> np.ndarray:
        from impasto.colors import recolour

        picture = read(path, size) if isinstance(size, int) else _pressed(read(path), *size)
        return recolour(picture, photo) if self.keep_color == "recolour" and photo is not None else picture

    def mask_pictures(self, height: int, width: int) -> list[np.ndarray] | None:
        """`[H, W]` in [0, 1] each; None where there are none."""
        return [_pressed(read(path), height, width).mean(axis=2) for path in self.masks] or None


def _kept(out: Path) -> Path:
    """Where lies what a later run needs to go on."""
    return out.with_name(ended(out.stem, _PROGRESS))


def read(path: Path, long_side: int | None = None) -> np.ndarray:
    """A picture file as float32 `[H, W, 3]` in [0, 1], at a long side or its own size."""
    return reading.read(path, long_side=long_side).floats()


def paint(inputs: Inputs, recipe: Recipe, *, every: int, resume: bool, whole_pixels: int) -> int:
    """Paints and writes one picture; returns the exit code."""
    from impasto.colors import keep_luma
    from stylize.making import make
    from stylize.optimisation import Progress, optimise, pyramid
    from stylize.scales import resized

    photos = inputs.photographs()
    whole = photos[0].shape[:2] if photos else inputs.texture_size()
    height, width = whole[0], whole[1]
    photo = photos[0] if photos else None
    own = inputs.own_size()
    kept = _kept(inputs.out)
    progress = _restored(kept, inputs, recipe) if resume else Progress()

    def finish(picture: np.ndarray) -> np.ndarray:
        picture = np.clip(picture, 0, 1)
        if inputs.keep_color == "luma" and photo is not None:
            picture = keep_luma(picture, resized(photo, picture.shape[0], picture.shape[1]))
        return picture if own is None else _pressed(picture, *own)

    first = None if progress.picture is not None else _first(inputs, recipe, photo)
    styles = [lambda size, path=path: inputs.painting(path, size, photo) for path in inputs.styles]
    code = make(
        inputs.out,
        recipe.steps * len(pyramid(height, width, recipe.scales)),
        every,
        lambda report: optimise(
            photos,
            inputs.content_shares,
            styles,
            inputs.style_shares,
            recipe,
            report,
            masks=inputs.mask_pictures(height, width),
            size=(height, width),
            first=first,
            whole_pixels=whole_pixels,
            progress=progress,
        ),  # fmt: skip
        finish,
        animate=inputs.animate,
        keep=lambda: _keep(kept, inputs, recipe, progress),
        inputs=inputs.files(),
    )
    if code == 0:
        kept.unlink(missing_ok=True)
    return code


def paint_sheet(inputs: Inputs, recipe: Recipe) -> int:
    """What every content layer knows, as one sheet; with paintings a row of textures of ever more layers above."""
    from tqdm import tqdm

    from impasto.pictures.writing import write
    from stylize.optimisation import optimise
    from stylize.sheet import sheet

    photos = inputs.photographs()
    height, width = photos[0].shape[:2]
    rows: list[list[tuple[str, np.ndarray]]] = [[], []]
    layers = recipe.content_layers
    texture = replace(recipe, loss="balanced", weights=None, content_layers=(), pooling="average", start="random")
    total = recipe.steps * (len(layers) + (len(recipe.style_layers) if inputs.styles else 0))
    done = 0
    with tqdm(total=total, unit="step", disable=None) as bar:

        def report(step: int, value: float, picture: np.ndarray) -> None:
            bar.update(done + step - bar.n)

        for count in range(1, len(recipe.style_layers) + 1) if inputs.styles else ():
            names = recipe.style_layers[:count]
            bar.set_description(f"texture {names[-1]}")
            styles = [lambda size, path=path: inputs.painting(path, size, None) for path in inputs.styles]
            one = replace(texture, style_layers=names, scales=2)
            one = replace(one, steps=max(1, recipe.steps // 2))
            rows[0].append(
                (f"to {names[-1]}", optimise([], [], styles, inputs.style_shares, one, report, size=(height, width)))
            )
            done += recipe.steps
        for name in layers:
            bar.set_description(f"content {name}")
            one = replace(recipe, content_layers=(name,), style_layers=())
            rows[1].append((name, optimise(photos, inputs.content_shares, [], [], one, report)))
            done += recipe.steps
    laid_out = sheet([row for row in rows if row])
    where, elsewhere = save(inputs.out, lambda path: write(path, laid_out))
    if elsewhere is not None:
        complain(f"error: {elsewhere}")
        return 1
    say(shown(where))
    return 0


def _first(inputs: Inputs, recipe: Recipe, photo: np.ndarray | None) -> np.ndarray | None:
    """The picture to start from where it is not the photograph or noise."""
    if inputs.start is not None:
        return read(inputs.start)
    if recipe.start != "painted":
        return None
    if photo is None or not inputs.styles:
        raise ValueError("--start painted: the shipped model needs a photograph and a painting")
    from impasto.painter import load

    with load() as painter:
        # As large as they are compared at, so that the strokes are of that size where the model would look at more.
        side = round(recipe.style_scale * max(photo.shape[:2]))
        paintings = [inputs.painting(path, side, photo) for path in inputs.styles]
        return np.asarray(painter.paint(photo, paintings, weights=inputs.style_shares), np.float32) / 255


def _fingerprint(inputs: Inputs, recipe: Recipe) -> dict[str, object]:
    """What a run to go on with must have in common; it may have other steps."""
    told = {**dataclasses.asdict(recipe), **dataclasses.asdict(inputs), "steps": 0, "animate": None}
    plain: dict[str, object] = json.loads(json.dumps(told, default=str))
    return plain


def _keep(path: Path, inputs: Inputs, recipe: Recipe, progress: Progress) -> None:
    if progress.picture is None:
        return
    with replacing(path) as draft, draft.open("wb") as file:
        kept = {
            "run": json.dumps(_fingerprint(inputs, recipe)), "scale": progress.scale, "step": progress.step,
            "picture": progress.picture, "adam": np.asarray(progress.adam.moments), "adam_step": progress.adam.step,
        }  # fmt: skip
        write_arrays(file, kept)


def _restored(path: Path, inputs: Inputs, recipe: Recipe) -> Progress:
    from stylize.descent import AdamState
    from stylize.optimisation import Progress

    if not path.is_file():
        raise ValueError(
            f"--resume: expected {path}, which a stopped run leaves beside its picture, found no such file"
        )
    try:
        kept = read_arrays(path)
        before = dict(json.loads(str(kept["run"])))
        adam = AdamState(int(kept["adam_step"]), list(kept["adam"]))
        progress = Progress(int(kept["scale"]), int(kept["step"]), kept["picture"], adam)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"--resume: {path}: expected what a stopped run left, found a damaged file ({one_line(error)}); delete it "
            "and start anew, without --resume"
        ) from error
    now = _fingerprint(inputs, recipe)
    changed = [f"{name} was {before.get(name)!r}, now {now[name]!r}" for name in now if before.get(name) != now[name]]
    if changed:
        raise ValueError(f"--resume: {path} is of another run ({'; '.join(changed)})")
    return progress


def _shares(flag: str, given: Sequence[float] | None, count: int, what: str) -> tuple[float, ...]:
    shares = given or [1.0] * count
    if len(shares) != count:
        raise ValueError(f"{flag}: expected one a {what}, {count}, received {len(shares)}")
    if count and not sum(shares):
        raise ValueError(f"{flag}: expected one above 0 at least")
    return tuple(shares)


def _image(picture: np.ndarray) -> Image.Image:
    return Image.fromarray(np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8))


def _pressed(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """At exactly this size, whatever its shape."""
    if picture.shape[:2] == (height, width):
        return picture
    return np.asarray(_image(picture).resize((width, height), Image.Resampling.LANCZOS), np.float32) / 255


def _covering(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """At this size, cut about its centre."""
    return np.asarray(ImageOps.fit(_image(picture), (width, height), Image.Resampling.LANCZOS), np.float32) / 255
