"""What tells one style space from another: the fingerprint that saved styles, links and exports name."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras

# Until an export's fingerprint was its style space's, it was that of the artefact: links and files with this one are in
# people's hands, and mean the space of the predictor that shipped then.
_BEFORE = {"289b5ce4626cd44e": "4fe8bcfa5b4e13f1"}


def fingerprint(predictor: keras.Model) -> str:
    """16 hexadecimal digits of a predictor's weights: painters with one predictor share one style space.

    The order and the names of the weights do not count: they differ between artefacts that were built differently.
    """
    arrays = [np.ascontiguousarray(weight.numpy(), "<f4") for weight in predictor.weights]
    digests = sorted(hashlib.sha256(repr(array.shape).encode() + array.tobytes()).digest() for array in arrays)
    found = hashlib.sha256(b"".join(digests)).hexdigest()[:16]
    return _BEFORE.get(found, found)
