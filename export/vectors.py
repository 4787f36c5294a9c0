"""Style vectors of the page's sample paintings, so that its first picture needs no style predictor.

They are what the exported predictor itself gives, on what the contract shows it of each painting.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np

from export.manifest import ExportError
from export.tfjs_runtime import TfjsModel
from impasto.console import one_line
from impasto.files import write_json
from impasto.pictures.reading import read
from impasto.stylizer import Stylizer
from impasto.text_files import read_json

FILE_NAME = "vectors.json"
LISTING = "samples.json"


def write_vectors(model: TfjsModel, samples: Path) -> Path:
    """Writes `samples`/vectors.json: the model's fingerprint, and by a style's id its vector.

    Args:
        model: What the page paints with.
        samples: What `python -m datasets samples` wrote.

    Returns:
        The file: `{"model": "16 digits", "styles": {"ID": "float32 numbers, little endian, in base64"}}`.

    Raises:
        ExportError: the samples are not there.
        PictureError: one of them cannot be read.
    """
    vectors = style_vectors(model, samples)
    text = {name: base64.b64encode(vector.astype("<f4").tobytes()).decode() for name, vector in vectors.items()}
    path = samples / FILE_NAME
    write_json(path, {"model": model.manifest.fingerprint, "styles": text}, indent=0)
    return path


def style_vectors(model: TfjsModel, samples: Path, names: set[str] | None = None) -> dict[str, np.ndarray]:
    """The vector `[E]` of every sample painting, or of those in `names`, by its id; raises as `write_vectors`."""
    listing = samples / LISTING
    try:
        styles = read_json(listing, "what `python -m datasets samples` writes")["styles"]
    except OSError as error:
        raise ExportError(f"{listing}: expected what `python -m datasets samples` writes, {one_line(error)}") from error
    except KeyError as error:
        raise ExportError(f"{listing}: expected what `python -m datasets samples` writes, found no styles") from error
    stylizer = Stylizer(model, model.manifest.preprocessing)
    return {
        style["id"]: stylizer.predict(read(samples / style["file"]).pixels)
        for style in styles
        if names is None or style["id"] in names
    }


def read_vectors(samples: Path) -> tuple[str, dict[str, np.ndarray]]:
    """What `write_vectors` wrote: the model's fingerprint, and the vectors by id."""
    values = json.loads((samples / FILE_NAME).read_text(encoding="utf-8"))
    return values["model"], {
        name: np.frombuffer(base64.b64decode(text), "<f4") for name, text in values["styles"].items()
    }
