"""The sample photographs and styles that the page offers: free of others' rights, made at build time."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from datasets.synthetic import STYLES, render
from impasto.errors import PictureError
from impasto.files import make_folder, prove_writable, write_json
from impasto.pictures.reading import read

# Photographs inside the scikit-image wheel whose documentation states that they are free: id, file, title,
# credit, licence.
_PHOTOS = (
    ("astronaut", "astronaut.png", "Astronaut Eileen Collins", "NASA", "Public domain"),
    ("chelsea", "chelsea.png", "Chelsea the cat", "Stéfan van der Walt", "CC0"),
    ("coffee", "coffee.png", "A cup of coffee", "Rachel Michetti", "CC0"),
    ("rocket", "rocket.jpg", "Rocket launch", "SpaceX", "Public domain"),
    ("camera", "camera.png", "Man with a camera", "Lav Varshney", "CC0"),
    ("galaxies", "hubble_deep_field.jpg", "Hubble deep field", "NASA, ESA", "Public domain"),
)

# Family, seed, title: chosen by eye among generated pictures.
_STYLES: tuple[tuple[str, int, str], ...] = (
    # The first two are what the page blends before the visitor has chosen anything.
    ("swirls", 4, "Gilt spirals"),
    ("stained_glass", 7, "Rose window"),
    ("screen_print", 1, "Screen print"),
    ("impasto", 0, "Lilies in thick oil"),
    ("impressionist", 1, "Sail at sunset"),
    ("fauve", 0, "Blue portrait"),
    ("gestural", 6, "Sweeping brush, red and gold"),
    ("expressionist", 5, "Head in flames"),
    ("old_master", 3, "Pears in lamplight"),
    ("pointillism", 3, "Flowers in dots"),
    ("silk", 7, "Combed colour"),
    ("mosaic", 5, "Mosaic head"),
    ("cubist", 7, "Broken flowers"),
    ("paper_cut", 6, "Paper dunes"),
    ("colour_squares", 7, "Painted squares"),
    ("neoplastic", 4, "Primary rectangles"),
    ("glazed_tiles", 5, "Glazed tiles"),
    ("hatching", 1, "Pen and ink"),
    ("woodcut", 1, "Woodcut in ochre"),
    ("watercolour", 6, "Washes on paper"),
    ("ink_wash", 2, "Mountains and sun"),
    ("woodblock", 6, "Waves before a mountain"),
    ("marbling", 3, "Marbled paper"),
    ("drip", 3, "Thrown paint"),
    ("contours", 3, "Agate"),
    ("poured", 3, "Poured colour"),
)

# Thumbnails are shown at 58 px, on screens of up to twice that; a visitor waits for all of them.
_PHOTO_LONG, _THUMB = 1024, 128
_FOLDERS = ("photos", "styles", "thumbs")


def photo_folder() -> Path:
    """Where scikit-image keeps the pictures in its wheel. Raises ValueError where it is not installed."""
    from importlib.util import find_spec

    # The folder is all that is needed: importing the package would also start its download helper.
    spec = find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        raise ValueError("the sample photographs come with the package scikit-image, which is not installed")
    return Path(spec.submodule_search_locations[0]) / "data"


def _refuse_foreign(out: Path) -> None:
    """The folders are emptied: they have to be what an earlier run left, which has all of them even if interrupted."""
    there = [name for name in _FOLDERS if (out / name).exists()]
    if there and len(there) < len(_FOLDERS) and not (out / "samples.json").is_file():
        raise ValueError(
            f"{out}: expected an empty folder or samples of before, found a folder {there[0]} of something else, which "
            "would be emptied"
        )


def write_samples(out: str | Path, *, size: int = 512, progress: bool = True) -> dict[str, list[dict[str, Any]]]:
    """Writes photos/*.jpg, styles/*.jpg, thumbs/*.jpg and samples.json; returns what samples.json holds.

    Photographs that this release of scikit-image does not bundle are left out. Styles are `size` pixels
    square. Raises ValueError where somebody else's pictures would have to make room.
    """
    from tqdm import tqdm

    out = Path(out)
    _refuse_foreign(out)
    folder = photo_folder()
    prove_writable([out / "samples.json", *(out / name / "trial" for name in _FOLDERS)])
    for name in _FOLDERS:
        # Left-overs of another version must not be published.
        shutil.rmtree(out / name, ignore_errors=True)
        make_folder(out / name)
    listing: dict[str, list[dict[str, Any]]] = {"photos": [], "styles": []}
    for identity, file, title, credit, licence in _PHOTOS:
        try:
            image = Image.fromarray(read(folder / file).pixels)
        except PictureError:
            continue
        image.thumbnail((_PHOTO_LONG, _PHOTO_LONG), Image.Resampling.LANCZOS)
        listing["photos"].append(_write(out, "photos", identity, image, title, credit, licence))
    if not listing["photos"]:
        raise ValueError(f"{folder} holds none of the expected photographs ({', '.join(p[1] for p in _PHOTOS)})")
    for family, seed, title in tqdm(_STYLES, desc="styles", unit="picture", disable=not progress):
        picture = render(STYLES[family](np.random.default_rng([seed, 0]), size))
        identity = f"{family.replace('_', '-')}-{seed}"
        image = Image.fromarray(picture)
        listing["styles"].append(_write(out, "styles", identity, image, title, "Generated by Impasto", "Apache-2.0"))
    write_json(out / "samples.json", listing)
    return listing


def _write(
    out: Path, kind: str, identity: str, image: Image.Image, title: str, credit: str, licence: str
) -> dict[str, Any]:
    file, thumb = f"{kind}/{identity}.jpg", f"thumbs/{identity}.jpg"
    image.save(out / file, quality=90, optimize=True)
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.resize((_THUMB, _THUMB), Image.Resampling.LANCZOS, (left, top, left + side, top + side))
    square.save(out / thumb, quality=80, optimize=True)
    return {
        "id": identity,
        "title": title,
        "file": file,
        "thumb": thumb,
        "width": image.width,
        "height": image.height,
        "credit": credit,
        "license": licence,
    }
