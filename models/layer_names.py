"""Layers by any of the names that papers, Keras and Caffe gave them, and the nearest ones to a name that is wrong."""

from __future__ import annotations

import difflib
import re

# Convolutions of blocks 1 to 5.
VGG_BLOCKS = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}
NETWORKS = (*VGG_BLOCKS, "inception_v3")

_INCEPTION_BLOCKS = tuple(f"mixed{index}" for index in range(11))
_INCEPTION_CONVOLUTIONS = 94  # each with its batch norm and its activation
_COUNTED = ("activation", "conv2d", "batch_normalization")


class LayerNameError(ValueError):
    """A network has no layer of this name; the message lists the nearest."""


def canonical(network: str, name: str) -> str:
    """The one name of a layer here: `block4_conv2`, `conv4_2` -> `relu4_2`; `mixed_4` -> `mixed4`.

    VGG's convolutions are rectified in Keras and (in place) in Caffe, so that all three names mean the same numbers.
    `activation_41` of Inception-v3 is the 41st activation in the order in which the network is built, whatever the
    counter of the session says: Keras numbers them on from network to network, and began at 1 in some releases, at none
    in others.

    Raises:
        LayerNameError: no such layer.
        ValueError: an unknown network.
    """
    if network not in NETWORKS:
        raise ValueError(f"network must be one of {NETWORKS}. Received: {network!r}")
    plain = name.strip().lower()
    known = layer_names(network)
    if network in VGG_BLOCKS:
        found = re.fullmatch(r"(?:relu|conv|block)_?(\d)_(?:conv)?(\d)", plain)
        short = f"relu{found[1]}_{found[2]}" if found else plain
    else:
        short = re.sub(r"^mixed_?(\d+)$", r"mixed\1", plain)
    if short in known:
        return short
    raise LayerNameError(f"{network} has no layer {name!r}; the nearest are {', '.join(_nearest(network, plain))}")


def layer_names(network: str) -> tuple[str, ...]:
    """The canonical names, from shallow to deep."""
    if network in VGG_BLOCKS:
        blocks = enumerate(VGG_BLOCKS[network], start=1)
        return tuple(f"relu{block}_{index}" for block, count in blocks for index in range(1, count + 1))
    counted = (f"{kind}_{index}" for kind in _COUNTED for index in range(1, _INCEPTION_CONVOLUTIONS + 1))
    return (*_INCEPTION_BLOCKS, *counted)


def keras_name(network: str, name: str, built: list[str]) -> str:
    """What Keras calls a layer in a network that was just built.

    Args:
        network: One of `NETWORKS`.
        name: Any of the layer's names.
        built: The names of the built network's layers, in any order.
    """
    short = canonical(network, name)
    if network in VGG_BLOCKS:
        return re.sub(r"relu(\d)_(\d)", r"block\1_conv\2", short)
    kind, _, index = short.rpartition("_")
    if not kind:
        return short
    # `activation`, `activation_1`, ... in the order of building, from whatever number the session has come to.
    same = [layer for layer in built if re.fullmatch(rf"{kind}(_\d+)?", layer)]
    same.sort(key=lambda layer: int(layer.removeprefix(kind).lstrip("_") or 0))
    return same[int(index) - 1]


def _nearest(network: str, name: str) -> list[str]:
    spellings = {short: short for short in layer_names(network)}
    if network in VGG_BLOCKS:
        spellings |= {re.sub(r"relu(\d)_(\d)", r"block\1_conv\2", short): short for short in layer_names(network)}
    counted = re.fullmatch(r"([a-z0-9]+?(?:_[a-z]+)*)_?(\d+)", name)
    if counted and network not in VGG_BLOCKS:
        # Beyond either end of a count, the nearest is that end.
        same = [short for short in spellings if re.fullmatch(rf"{counted[1]}_?\d+", short)]
        ends = sorted(same, key=lambda short: abs(int(re.findall(r"\d+$", short)[0]) - int(counted[2])))
        if ends:
            return ends[:3]
    close = difflib.get_close_matches(name, spellings, n=6, cutoff=0.0)
    return list(dict.fromkeys(spellings[spelling] for spelling in close))[:3]
