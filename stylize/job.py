"""One run of `stylize optimise`: painted, kept for later, or laid out as a sheet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from impasto.console import complain, say, shown
from impasto.files import save
from stylize.inputs import Inputs, pressed, progress_file, read
from stylize.recipes import Recipe
from stylize.resuming import keep, restored


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
    kept = progress_file(inputs.out)
    progress = restored(kept, inputs, recipe) if resume else Progress()

    def finish(picture: np.ndarray) -> np.ndarray:
        picture = np.clip(picture, 0, 1)
        if inputs.keep_color == "luma" and photo is not None:
            picture = keep_luma(picture, resized(photo, picture.shape[0], picture.shape[1]))
        return picture if own is None else pressed(picture, *own)

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
        keep=lambda: keep(kept, inputs, recipe, progress),
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
