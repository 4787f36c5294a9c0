"""Films of high dynamic range and of wide colours, brought to what a screen of standard range shows.

Transfer functions are those of ITU-R BT.2100; more light than the screen has is bent down by the curve of
BT.2390 (the EETF of its section 5.4.1, on the largest of the three components, so that hues stay), and BT.2020's
colours become BT.709's by BT.2087. Departures: films are taken to be made for 1,000 cd/m2, whatever their metadata
says, since one scene would else be bent otherwise than the next; colours outside BT.709 are cut off.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

# Numbers of ITU-T H.273.
PQ, HLG = 16, 18
_BT2020 = 9
NAMES = {PQ: "PQ", HLG: "HLG"}

# cd/m2: what films are made for, and the white of a page in them (BT.2408), which is the screen's white.
PEAK, WHITE = 1000.0, 203.0
_GAMMA = 2.4  # of a screen, BT.1886
_WEIGHTS = np.array([0.2627, 0.6780, 0.0593], np.float32)
_TO_BT709 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], np.float32)
_STEPS = 65535


def is_beyond(transfer: int, primaries: int) -> bool:
    """Whether frames of this transfer function and these primaries (H.273) are more than standard ones."""
    return transfer in NAMES or primaries == _BT2020


def to_standard(codes: np.ndarray, transfer: int, primaries: int) -> np.ndarray:
    """Pixels of standard range.

    Args:
        codes: uint16 `[H, W, 3]`, RGB as it is coded, 0 to 65535.
        transfer, primaries: Numbers of H.273.

    Returns:
        uint8 `[H, W, 3]`, for a screen of BT.709 and BT.1886.
    """
    light = _linear(transfer)[codes]
    if transfer == HLG:  # the scene's light so far: a screen shows more of the bright (BT.2100, its system gamma)
        light *= PEAK * (light @ _WEIGHTS)[..., None] ** np.float32(0.2)
    if transfer in NAMES:
        place = np.sqrt(np.sqrt(light.max(axis=-1) / 10_000))
        light *= _bending()[(place * _STEPS + 0.5).astype(np.int32)][..., None]
    if primaries == _BT2020:
        light = light @ _TO_BT709.T
    place = np.sqrt(np.clip(light, 0, 1))
    return _screen()[(place * _STEPS + 0.5).astype(np.int32)]


def pq_of(light: np.ndarray) -> np.ndarray:
    """The code in 0 to 1 of cd/m2 (BT.2100's inverse EOTF)."""
    raised = (np.asarray(light, np.float64) / 10_000) ** (2610 / 16384)
    return np.asarray(((3424 / 4096 + 2413 / 128 * raised) / (1 + 2392 / 128 * raised)) ** (2523 / 32))


def _from_pq(code: np.ndarray) -> np.ndarray:
    raised = code ** (32 / 2523)
    share = np.maximum(raised - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * raised)
    return np.asarray(10_000 * share ** (16384 / 2610))


def bent(light: np.ndarray) -> np.ndarray:
    """cd/m2 of a film, up to `PEAK`, as cd/m2 up to `WHITE` (BT.2390, black at 0)."""
    top = pq_of(np.array(PEAK))
    code, most = np.minimum(pq_of(light) / top, 1), pq_of(np.array(WHITE)) / top
    knee = 1.5 * most - 0.5
    t = np.clip((code - knee) / (1 - knee), 0, 1)
    curve = (
        (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (-2 * t**3 + 3 * t**2) * most
    )  # fmt: skip
    return _from_pq(np.where(code < knee, code, curve) * top)


@lru_cache(maxsize=3)
def _linear(transfer: int) -> np.ndarray:
    """By code: cd/m2 of PQ; shares of the scene's light of HLG, and of the screen's of all others."""
    code = np.arange(_STEPS + 1) / _STEPS
    if transfer == PQ:
        made = _from_pq(code)
    elif transfer == HLG:
        a = 0.17883277
        made = np.where(code <= 0.5, code**2 / 3, (np.exp((code - 0.5 + a * np.log(4 * a)) / a) + 1 - 4 * a) / 12)
    else:
        made = code**_GAMMA
    return np.asarray(made, np.float32)


@lru_cache(maxsize=1)
def _bending() -> np.ndarray:
    """By the fourth root of the light, as a share of 10,000 cd/m2: the factor that makes it a share of the screen's."""
    light = 10_000 * (np.arange(_STEPS + 1) / _STEPS) ** 4
    light[0] = light[1]
    return np.asarray(bent(light) / light / WHITE, np.float32)


@lru_cache(maxsize=1)
def _screen() -> np.ndarray:
    """By the root of the light, as a share of the screen's: its code."""
    light = (np.arange(_STEPS + 1) / _STEPS) ** 2
    return np.asarray(np.round(255 * light ** (1 / _GAMMA)), np.uint8)
