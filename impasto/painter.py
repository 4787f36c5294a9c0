"""What `impasto.load` gives: pictures in as anything that holds one, pictures out as PIL images."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from PIL import Image

from impasto.colors import MODES, keep_luma
from impasto.embeddings import blend
from impasto.errors import StyleError
from impasto.exported import ExportedFolder
from impasto.library import find, open_runtime
from impasto.masks import Region
from impasto.pictures.reading import Picture, Source, read
from impasto.resampling import strips
from impasto.strokes import as_float, store
from impasto.styles import Style, is_style, read_style, style_number
from impasto.stylizer import Progress, Settings, Stylizer
from impasto.wrapping import seamless

# A painting, a saved style (a file's name or a link), a `Style`, an embedding `[E]`, or, of a model that was made for a
# few styles, one of these by its name or number.
StyleSource = Source | Style | int


def load(
    name_or_folder: str | os.PathLike[str] | None = None, *, runtime: str | None = None, threads: int | None = None
) -> Painter:
    """Loads a model.

    Args:
        name_or_folder: A name of `impasto.models()`, or a folder that `python -m export litert` or `onnx` wrote. None
            takes the first that ships.
        runtime: "litert" or "onnx"; None takes the fastest that is installed.
        threads: For computing; None takes one a processor, 8 at most.

    Raises:
        ModelError: there is no such model, or it cannot be run here.
    """
    folder = find(name_or_folder, runtime)
    return Painter(Stylizer(open_runtime(folder, threads), folder.preprocessing), folder)


class Painter:
    """One model, ready to paint. A context manager: leaving it frees what the runtime holds.

    Not for several threads at once: load one each.

    Args:
        stylizer: The model in a runtime.
        folder: What it was loaded from.
    """

    def __init__(self, stylizer: Stylizer, folder: ExportedFolder) -> None:
        self.stylizer = stylizer
        self.folder = folder

    @property
    def styles(self) -> tuple[str, ...]:
        """Names of the styles of a model that was made for a few, by their numbers; none of a model of any style."""
        return self.folder.styles

    def paint(
        self,
        content: Source,
        style: StyleSource | Sequence[StyleSource] | None = None,
        strength: float | None = None,
        *,
        weights: Sequence[float] | None = None,
        stroke: float | None = 1.0,
        keep_color: str | None = None,
        size: int | None = None,
        wrap: bool = False,
        regions: Sequence[tuple[Source, StyleSource]] = (),
        tile: int | None = None,
        progress: Progress | None = None,
    ) -> Image.Image:
        """Paints a photograph.

        Args:
            content: The photograph: a path, an open file, bytes of a file, a PIL image, or an array `[H, W, 3]`, uint8
                or float in [0, 1].
            style: A painting, likewise; or the name of a saved style's file, a link of the page, a `Style`, or an
                embedding `[E]`; or the name or number of one of `styles`. Of several, the mean is painted. None is for
                a model of one style.
            strength: 0 paints the photograph in its own style, 1 in the painting's, beyond 1 exaggerates. None takes
                the style's own, which is 1 unless it was saved with another; a model of a few styles knows no other.
            weights: One for each of several styles; they need not add up to one.
            stroke: Size of the strokes: 1 keeps the look of a picture of 512 pixels at any size, 2 doubles them, 0.5
                halves them. None gives strokes the network's own size in pixels.
            keep_color: "luma" keeps the photograph's colours and paints its brightness; "recolour" gives the painting
                the photograph's colours before it is looked at.
            size: Long side of the result in pixels; None keeps the photograph's.
            wrap: Makes opposite borders of the result meet, so that copies of it can be laid side by side.
            regions: Parts of the picture with styles of their own, each as (mask, style). A mask is a picture of any
                size, or an array `[h, w]`, uint8 or float in [0, 1]: white where the style is painted.
            tile: Largest side in pixels of what the network sees at once, for less memory.
            progress: Called with steps done and steps in all.

        Raises:
            PictureError: a picture cannot be read.
            StyleError: a saved style cannot be read, or is of another model.
            ValueError: an argument is out of range.
        """
        photo = self._photo(content, size)
        return Image.fromarray(
            self._painted(photo, style, strength, weights, stroke, keep_color, wrap, regions, tile, progress)
        )

    def paint_many(
        self, contents: Iterable[Source], style: StyleSource | Sequence[StyleSource] | None = None, **settings: Any
    ) -> Iterator[Image.Image]:
        """Paints many photographs in one style, each when it is asked for; arguments as for `paint`.

        The style is looked at once, not once a photograph.
        """
        settings = dict(settings)
        if settings.get("keep_color") != "recolour":
            style = self._blended(style, settings.pop("weights", None))
        for content in contents:
            yield self.paint(content, style, **settings)

    def embed(self, style: StyleSource, *, title: str = "") -> Style:
        """The style of a painting, as 100 numbers: to be kept, mixed, saved or sent.

        Args:
            style: As for `paint`.
            title: For people; by default the file's name.
        """
        if isinstance(style, Style):
            return self._own(style)
        number = style_number(style, self.styles)
        if number is not None:
            vector = np.eye(1, self.folder.embedding_size, number, dtype=np.float32)[0]
            return self._style(vector, title or self.styles[number])
        if is_style(style):
            return self.read_style(style)  # type: ignore[arg-type]
        if isinstance(style, np.ndarray) and style.ndim == 1:
            return self._style(self._vector(style), title)
        if len(self.styles) == 1:
            raise StyleError(f"{self.folder.name} paints in one style alone, {self.styles[0]}: leave the painting out")
        picture = self._look(style)
        return self._style(self.stylizer.predict(picture.pixels), title or os.path.basename(picture.name))

    def embed_many(self, styles: Iterable[StyleSource]) -> Iterator[Style]:
        """The styles of many paintings, each when it is asked for."""
        return map(self.embed, styles)

    def blend(self, styles: Sequence[StyleSource], weights: Sequence[float] | None = None) -> Style:
        """The mean of several styles, each counted by its weight; all alike where there are none.

        Raises:
            ValueError: another number of weights than styles, or weights that are negative, not finite or all zero.
        """
        made = [self.embed(style) for style in styles]
        title = " + ".join(style.title for style in made if style.title)
        return self._style(blend([style.embedding for style in made], weights), title)

    def read_style(self, source: str | os.PathLike[str]) -> Style:
        """A saved style: a file that the page or `Style.save` wrote, or a link of the page.

        Raises:
            StyleError: it cannot be read, is damaged, or was made with another model.
        """
        return read_style(source, self.folder.fingerprint, self.folder.embedding_size, self.folder.name)

    def _painted(
        self,
        photo: Picture,
        style: StyleSource | Sequence[StyleSource] | None,
        strength: float | None,
        weights: Sequence[float] | None,
        stroke: float | None,
        keep_color: str | None,
        wrap: bool,
        regions: Sequence[tuple[Source, StyleSource]],
        tile: int | None,
        progress: Progress | None,
    ) -> np.ndarray:
        if keep_color is not None and keep_color not in MODES:
            raise ValueError(f"keep_color must be one of {MODES}, or None. Received: {keep_color!r}")
        recoloured = photo.pixels if keep_color == "recolour" else None
        chosen = self._blended(style, weights, recoloured)
        parts = [Region(self._mask(mask), self._blended(one, None, recoloured).embedding) for mask, one in regions]
        settings = Settings(chosen.strength if strength is None else strength, stroke, tile, wrap)
        self.check_strength(settings.strength)
        painted = self.stylizer.stylize(photo.pixels, chosen.embedding, settings, regions=parts, progress=progress)
        if keep_color == "luma":
            self.give_colours(painted, seamless(photo.pixels) if wrap else photo.pixels)
        return painted

    def check_strength(self, strength: float) -> None:
        """Raises ValueError where strength asks for a photograph's own style, and the model has a few of its own."""
        if self.styles and strength != 1:
            few = ", ".join(self.styles)
            raise ValueError(
                f"strength must be 1: {self.folder.name} was made for {few}, and knows no photograph's own style. "
                f"Received: {strength:g}"
            )

    def give_colours(self, painted: np.ndarray, photo: np.ndarray) -> None:
        """Gives `painted` the colours of `photo`, and leaves its brightness, in place; both `[H, W, 3]`."""
        rules = self.stylizer.preprocessing.colors
        for top, bottom in strips(*painted.shape[:2]):
            store(painted[top:bottom], keep_luma(as_float(painted[top:bottom]), as_float(photo[top:bottom]), rules))

    def _photo(self, content: Source, size: int | None) -> Picture:
        if size is not None and size < 1:
            raise ValueError(f"size must be 1 pixel or more. Received: {size}")
        photo = read(content, long_side=size)
        if photo.pixels.dtype == np.uint8:
            return photo
        pixels = np.empty(photo.pixels.shape, np.uint8)
        store(pixels, photo.pixels)
        return Picture(pixels, photo.alpha, photo.name, photo.metadata, photo.format)

    def _blended(
        self, style: StyleSource | Sequence[StyleSource] | None, weights: Sequence[float] | None, content: Any = None
    ) -> Style:
        """One style of one or several; with the colours of `content`, where there is one."""
        if style is None:
            if len(self.styles) != 1:
                choice = f"one of {', '.join(self.styles)}" if self.styles else "a painting"
                raise ValueError(f"{self.folder.name} needs a style: {choice}. Received none")
            style = 0
        several: list[Any] = list(style) if isinstance(style, (list, tuple)) else [style]
        made = [self.embed(one) if content is None else self.embed_recoloured(one, content) for one in several]
        if len(made) == 1 and weights is None:
            return made[0]
        return self._style(blend([one.embedding for one in made], weights))

    def embed_recoloured(self, style: StyleSource, content: np.ndarray) -> Style:
        """The style of a painting that is given the colours of `content` `[H, W, 3]` first.

        Raises:
            StyleError: it is no painting, but a saved style.
        """
        if self.styles:
            raise StyleError(
                f"keep_color='recolour' needs a model of any style: {self.folder.name} has styles of its own"
            )
        if isinstance(style, Style) or is_style(style) or (isinstance(style, np.ndarray) and style.ndim == 1):
            raise StyleError("keep_color='recolour' needs a painting: a saved style has no colours to change")
        return self._style(self.stylizer.predict_recoloured(self._look(style).pixels, content))

    def _look(self, style: Any) -> Picture:
        """A painting, read no larger than is needed to look at it."""
        return read(style, enough=self.stylizer.preprocessing.style.short_side)

    def _mask(self, mask: Any) -> np.ndarray:
        if isinstance(mask, np.ndarray) and mask.ndim == 2:
            return mask
        return np.asarray(Image.fromarray(read(mask).pixels).convert("L"))

    def _style(self, vector: np.ndarray, title: str = "") -> Style:
        return Style(vector, self.folder.fingerprint, title=title, model_name=self.folder.name)

    def _own(self, style: Style) -> Style:
        if style.model != self.folder.fingerprint:
            raise StyleError(
                f"the style {style.title!r} was made with another model ({style.model_name or style.model}), and means "
                f"nothing to this one ({self.folder.name})"
            )
        return style

    def _vector(self, values: np.ndarray) -> np.ndarray:
        size = self.folder.embedding_size
        if values.shape != (size,) or values.dtype.kind not in "fi" or not np.isfinite(values).all():
            raise ValueError(f"an embedding must be {size} finite numbers. Received: {values.dtype} {values.shape}")
        return values.astype(np.float32)

    def close(self) -> None:
        """Frees what the runtime holds."""
        self.stylizer.close()

    def __enter__(self) -> Painter:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<impasto painter: {self.folder.name}, {self.stylizer.runtime.name}>"
