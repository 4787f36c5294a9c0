"""A style and its strength as text for a link, as the page writes and reads it (web_demo/src/page/space/share_code.ts).

Version, model, strength in percent and the numbers in 16 bits each, with a checksum, in the URL-safe alphabet of base64
(RFC 4648, section 5). A vector comes back to a 32767th of its largest number.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct

import numpy as np

from impasto.errors import StyleError
from impasto.geometry import half_up

VERSION = 1
_LEVELS = 32_767
# Version, eight bytes of the model, strength in percent, how many numbers, the largest of them.
_HEAD = ">B8sBHf"
_HEAD_SIZE = struct.calcsize(_HEAD)
_CHECKSUM_SIZE = 4
# What one byte of percent holds.
STRONGEST = 2.55


def encode(vector: np.ndarray, strength: float, model: str) -> str:
    """An embedding `[E]` and its strength as text.

    Args:
        vector: Finite.
        strength: 0 to `STRONGEST`; rounded to a hundredth.
        model: The model's fingerprint, 16 hexadecimal digits.

    Raises:
        StyleError: the strength is out of range.
    """
    if not (math.isfinite(strength) and 0 <= strength <= STRONGEST):
        raise StyleError(f"a style is saved with a strength from 0 to {STRONGEST}, received {strength}")
    values = np.asarray(vector, np.float32).astype(np.float64)
    largest = float(np.abs(values).max()) if len(values) else 0.0
    numbers = [half_up(value / largest * _LEVELS) if largest > 0 else 0 for value in values]
    head = struct.pack(_HEAD, VERSION, bytes.fromhex(model), half_up(100 * strength), len(values), largest)
    body = head + struct.pack(f">{len(numbers)}h", *numbers)
    return base64.urlsafe_b64encode(body + struct.pack(">I", checksum(body))).decode().rstrip("=")


def decode(code: str, model: str, length: int) -> tuple[np.ndarray, float]:
    """What `encode` was given: the embedding, float32 `[length]`, and the strength.

    Raises:
        StyleError: the text is damaged, of another version, or of another model.
    """
    body, total = _body(code)
    version, owner, percent, count, largest = struct.unpack_from(_HEAD, body)
    if version != VERSION:
        raise StyleError(f"the style is of version {version}, expected {VERSION}: a newer Impasto may read it")
    if owner.hex() != model:
        raise StyleError(
            f"the style was made with another model ({owner.hex()}), and means nothing to this one ({model})"
        )
    if count != length or total != _HEAD_SIZE + 2 * length + _CHECKSUM_SIZE or not math.isfinite(largest):
        raise StyleError(_DAMAGED)
    numbers = np.array(struct.unpack_from(f">{length}h", body, _HEAD_SIZE), np.float64)
    return (largest * numbers / _LEVELS).astype(np.float32), percent / 100


_DAMAGED = "the style is damaged: its code was not copied as a whole"


def _body(code: str) -> tuple[bytes, int]:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", code):
        raise StyleError(_DAMAGED)
    try:
        data = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    except (binascii.Error, ValueError):
        raise StyleError(_DAMAGED) from None
    body = data[:-_CHECKSUM_SIZE]
    if len(data) < _HEAD_SIZE + _CHECKSUM_SIZE or data[-_CHECKSUM_SIZE:] != struct.pack(">I", checksum(body)):
        raise StyleError(_DAMAGED)
    return body, len(data)


def checksum(data: bytes) -> int:
    """FNV-1a with 32 bits: finds slips of copying, and is no protection against anybody."""
    value = 0x811C9DC5
    for byte in data:
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value
