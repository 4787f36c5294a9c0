"""Golden cases on real files: what decoding gives, and whole pictures with their 100 numbers, by the shipped model.

The files in pictures/ are sources and results. `write_sources` made the sources once; since then they are read.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms

import impasto
from impasto.pictures.reading import read

FOLDER = Path(__file__).parent / "pictures"
MODEL, RUNTIME = "fast", "litert"
# Arguments of `Painter.paint` by the name of the result. A stroke of 4 paints 160 pixels from 128 on: two levels.
CASES: dict[str, dict[str, Any]] = {
    "painted": {},
    "half": {"strength": 0.5},
    "strokes": {"stroke": 4.0},
    "recoloured": {"keep_color": "recolour"},
    "luma": {"keep_color": "luma"},
}
# A photograph that is cut out, and stays so: at this strength its own style counts, too.
KEPT: dict[str, Any] = {"strength": 0.7}
DECODED = ("rotated.jpg", "profile.png", "deep.png", "alpha.png", "palette.png")


def write_sources() -> None:
    """Writes what is decoded, a photograph and a painting (scikit-image: Chelsea, CC0, and a stained tissue, CC0)."""
    import skimage.data

    FOLDER.mkdir(exist_ok=True)
    Image.fromarray(skimage.data.chelsea()).resize((160, 106), Image.Resampling.LANCZOS).save(FOLDER / "photo.png")
    write_cut_out()
    tissue = Image.fromarray(skimage.data.immunohistochemistry()[:360, :270])
    tissue.resize((96, 128), Image.Resampling.LANCZOS).save(FOLDER / "style.png")

    y, x = np.mgrid[0:6, 0:8]
    colours = np.stack([x * 30 + 20, y * 40 + 10, 240 - x * 25], axis=-1).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    blocks = Image.fromarray(np.kron(colours, np.ones((8, 8, 1), np.uint8)))
    blocks.save(FOLDER / "rotated.jpg", quality=95, subsampling=0, exif=exif)
    Image.fromarray(colours).save(FOLDER / "profile.png", icc_profile=_swapped())
    Image.fromarray((x * 8000 + y * 1500).astype(np.uint16)).save(FOLDER / "deep.png")
    alpha = np.dstack([colours, (x * 36).astype(np.uint8)])
    Image.fromarray(alpha).save(FOLDER / "alpha.png")
    Image.fromarray(colours).quantize(8).save(FOLDER / "palette.png", transparency=3)


def write_cut_out() -> None:
    """The photograph, cut out along a hard edge at the left and a soft one at the right; black, and nothing, beyond."""
    pixels = np.asarray(Image.open(FOLDER / "photo.png").convert("RGB"))
    y, x = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]]
    inside = 45 - np.hypot(x - 70, (y - 50) * 1.2)
    cover = np.where(x < 70, 255 * (inside > 0), np.clip(128 + 10 * inside, 0, 255)).astype(np.uint8)
    Image.fromarray(np.dstack([np.where(cover[..., None] > 0, pixels, 0), cover])).save(FOLDER / "cut.png")


def _swapped() -> bytes:
    """A profile whose colours differ from sRGB's: red and blue change places."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = data.index(b"rXYZ"), data.index(b"bXYZ")
    data[red : red + 4], data[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(data)


def decoding() -> Any:
    """Pixels of every file as sRGB, upright, over white; of the photograph with EXIF every eighth."""
    cases = []
    for name in DECODED:
        pixels = read(FOLDER / name).pixels
        step = 8 if name == "rotated.jpg" else 1
        sample = pixels[step // 2 :: step, step // 2 :: step]
        cases.append({"file": f"pictures/{name}", "step": step, "pixels": sample.tolist()})
    return cases


def pictures(runtime: str = RUNTIME) -> Any:
    """The style's embedding, the photograph's own, and the cases with their results' files."""
    with impasto.load(MODEL, runtime=runtime, threads=1) as painter:
        return {
            "model": painter.folder.fingerprint,
            "photo": "pictures/photo.png",
            "style": "pictures/style.png",
            "embedding": _numbers(painter.embed(FOLDER / "style.png").embedding),
            "own_embedding": _numbers(painter.embed(FOLDER / "photo.png").embedding),
            "cases": [{"result": f"pictures/{name}.png", **settings} for name, settings in CASES.items()],
            "kept": {"photo": "pictures/cut.png", "result": "pictures/kept.png", **KEPT},
        }


def painted(name: str, runtime: str = RUNTIME) -> np.ndarray:
    """uint8 `[H, W, 3]`: one of the cases, painted now."""
    with impasto.load(MODEL, runtime=runtime, threads=1) as painter:
        return np.asarray(painter.paint(FOLDER / "photo.png", FOLDER / "style.png", **CASES[name]))


def write_results() -> None:
    """Writes the picture of every case."""
    for name, result in {**{name: painted(name) for name in CASES}, "kept": kept()}.items():
        data = io.BytesIO()
        Image.fromarray(result).save(data, "PNG", optimize=True)
        (FOLDER / f"{name}.png").write_bytes(data.getvalue())


def kept(runtime: str = RUNTIME) -> np.ndarray:
    """uint8 `[H, W, 4]`: what is cut out, painted now, as transparent as it was."""
    photo = read(FOLDER / "cut.png", extend=True)
    assert photo.alpha is not None
    with impasto.load(MODEL, runtime=runtime, threads=1) as painter:
        return np.dstack([np.asarray(painter.paint(photo.pixels, FOLDER / "style.png", **KEPT)), photo.alpha])


def _numbers(vector: np.ndarray) -> list[float]:
    return [round(float(value), 5) for value in vector]
