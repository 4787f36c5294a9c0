"""What of an artefact is looked at before Keras reads it: a file from anywhere must not run, fill or read anything.

A `.keras` archive names classes, and some of Keras' run what the file holds (Lambda), load another file (TFSMLayer,
StringLookup) or unpickle (TorchModuleWrapper). So only the classes that our networks are made of are let through,
whatever Keras itself allows. Arrays are measured before they are read, and counted before they are made.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import math
import struct
import threading
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import h5py
import keras
import numpy as np

from impasto.console import one_line

# Bytes that members may have, unpacked. The largest networks here (Inception-v3's) have 90 MB of weights.
MOST_BYTES = {"config.json": 2**24, "metadata.json": 2**16, "card.json": 2**24, "model.weights.h5": 2**30}

# Keras' classes by module. A layer that is added to a network is added here, on purpose.
_KERAS = {
    "keras": {"DTypePolicy"},
    "keras.models": {"Functional"},
    "keras.src.models.functional": {"Functional"},
    "keras.layers": {
        "Activation", "Add", "AveragePooling2D", "BatchNormalization", "Concatenate", "Conv2D", "Conv2DTranspose",
        "Dense", "DepthwiseConv2D", "Dropout", "GlobalAveragePooling2D", "InputLayer", "MaxPooling2D", "ReLU",
        "Rescaling", "SeparableConv2D", "UpSampling2D", "ZeroPadding2D",
    },
    "keras.initializers": {
        "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "Ones", "RandomNormal", "RandomUniform",
        "TruncatedNormal", "VarianceScaling", "Zeros",
    },
}  # fmt: skip
_OURS = {
    f"impasto>{name}"
    for name in (
        "BilinearUpsampling2D", "ConditionalInstanceNorm", "PositionStatistics", "ReflectionPad2D", "StyleHeads",
        "UpsampledConv2D",
    )
}  # fmt: skip
# How Keras writes tensors between layers, and tuples.
_MARKS = {"__keras_tensor__", "__tuple__"}


# Of all lists within a file of weights together; one that was written at one go has a few to a group.
_MOST_LINKS = 20_000
_NOWHERE = 2**64 - 1


# What zipfile raises for damage, by where it is: directory, offsets, checksum, compressed stream, method, encryption
# flag.
UNZIPPING_ERRORS = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, struct.error
)  # fmt: skip


class HostileError(ValueError):
    """Something in an archive that a network of ours does not have; says what."""


def members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Reads an archive's members, after a look at their names, sizes and compression.

    Raises:
        HostileError: a name that is none of ours or comes twice, more bytes than any network has, or a compression that
            unpacks without bounds.
    """
    found: dict[str, bytes] = {}
    for entry in archive.infolist():
        if entry.filename not in MOST_BYTES:
            raise HostileError(f"expected no members but {', '.join(MOST_BYTES)}, found {entry.filename!r}")
        if entry.filename in found:
            raise HostileError(f"found {entry.filename} twice")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise HostileError(f"{entry.filename}: expected it stored or deflated, found method {entry.compress_type}")
        most = MOST_BYTES[entry.filename]
        if entry.file_size > most:
            raise HostileError(f"{entry.filename}: expected at most {most:,} bytes unpacked, found {entry.file_size:,}")
        found[entry.filename] = archive.read(entry)
    return found


def check_config(config: bytes) -> None:
    """Refuses networks with a class that is none of ours.

    Raises:
        HostileError: names the class.
    """
    try:
        network = json.loads(config)
    except (ValueError, RecursionError) as error:
        raise HostileError(f"config.json is not JSON: {error}") from error
    if not isinstance(network, dict) or "class_name" not in network:
        raise HostileError("config.json: expected a model's configuration, found other JSON")
    network.pop("compile_config", None)  # never read: artefacts are loaded uncompiled
    waiting: list[Any] = [network]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            waiting.extend(node.values())
            if "class_name" in node and not _is_ours(node):
                named = node.get("registered_name") or f"{node.get('module')}.{node['class_name']}"
                raise HostileError(
                    f"config.json: expected the layers of Impasto's networks alone, found {node['class_name']!r} "
                    f"({named}), which is not one of them and is not loaded"
                )


def _is_ours(node: dict[str, Any]) -> bool:
    """Whether Keras would resolve this entry to a class of the lists above, and to nothing else."""
    name, module, registered = (node.get(key) for key in ("class_name", "module", "registered_name"))
    if not isinstance(name, str):
        return False
    if name in _MARKS:
        return True
    if "module" not in node:  # the form of Keras 2, which is read by other rules
        return False
    if registered in _OURS:
        return registered == f"impasto>{name}"
    return registered in (None, name) and isinstance(module, str) and name in _KERAS.get(module, ())


def check_weights(weights: bytes) -> int:
    """Refuses arrays that lie elsewhere, are none, too many or not finite; returns how many numbers there are.

    Raises:
        HostileError: names the array.
    """
    _check_chains(weights)
    try:
        with h5py.File(io.BytesIO(weights), "r") as file:
            arrays = list(_arrays(file))
            claimed = sum(array.size * array.dtype.itemsize for array in arrays)
            if claimed > MOST_BYTES["model.weights.h5"]:
                raise HostileError(f"model.weights.h5: its arrays claim {claimed:,} bytes, more than any network has")
            for array in arrays:
                if array.dtype.kind == "f" and not np.isfinite(array[()]).all():
                    raise HostileError(f"model.weights.h5: {array.name} has numbers that are not finite")
            return sum(array.size for array in arrays)
    except HostileError:
        raise
    except Exception as error:  # h5py's, of a damaged file: of any kind, OverflowError among them
        raise HostileError(f"model.weights.h5 is no HDF5 file of weights: {one_line(error)}") from error


def _check_chains(weights: bytes) -> None:
    """Refuses lists that lead back to themselves: libhdf5 would follow them until the memory is full, or for ever.

    A file of weights has two kinds (HDF5 File Format Specification 3.0, III.A.1 and III.D): a group's names lie in a
    local heap, whose free blocks name each the next one; and the nodes of its tree name those to their left and right.
    Newer forms of files have others, and Keras writes none of them.
    """
    # Signature; version of the superblock; bytes of an address and of a length.
    if weights[:8] != b"\x89HDF\r\n\x1a\n" or weights[8:9] > b"\1" or weights[13:15] != b"\x08\x08":
        raise HostileError("model.weights.h5 is no HDF5 file of the form that Keras writes")
    left = _MOST_LINKS
    for mark, follow in ((b"HEAP", _free_blocks), (b"TREE", _siblings)):
        at = weights.find(mark)
        while at >= 0 and left > 0:
            left -= 1 + sum(1 for _ in itertools.islice(follow(weights, at), left))
            at = weights.find(mark, at + 4)
    if left <= 0:
        raise HostileError("model.weights.h5: expected lists that end, found one that goes on and on")


def _free_blocks(weights: bytes, heap: int) -> Iterator[int]:
    size, block, start = _numbers(weights, heap + 8, 3)
    while block + 16 <= size:
        yield block
        (block,) = _numbers(weights, start + block, 1)


def _siblings(weights: bytes, node: int) -> Iterator[int]:
    for side in (8, 16):
        (other,) = _numbers(weights, node + side, 1)
        while weights[other : other + 4] == b"TREE":
            yield other
            (other,) = _numbers(weights, other + side, 1)


def _numbers(weights: bytes, at: int, count: int) -> tuple[int, ...]:
    """Addresses or lengths; behind the end, that of nothing."""
    inside = at + 8 * count <= len(weights)
    return struct.unpack_from(f"<{count}Q", weights, at) if inside else (_NOWHERE,) * count


def _arrays(file: h5py.File) -> Iterator[h5py.Dataset]:
    """Every array of a file, once; none behind a link to another file."""
    seen = set()
    waiting = [file["/"]]
    while waiting:
        group = waiting.pop()
        for name in group:
            where = f"{group.name.rstrip('/')}/{name}"
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise HostileError(f"model.weights.h5: {where} is a link to elsewhere; it is not followed")
            item = group[name]
            address = h5py.h5o.get_info(item.id).addr
            if address in seen:
                continue
            seen.add(address)
            if isinstance(item, h5py.Group):
                waiting.append(item)
            elif not isinstance(item, h5py.Dataset) or item.dtype.kind not in "fiub" or item.shape is None:
                raise HostileError(f"model.weights.h5: expected arrays of numbers, found {where} ({item})")
            elif item.is_virtual or item.external:
                raise HostileError(f"model.weights.h5: {where} lies in another file; it is not read")
            else:
                yield item


_counting = threading.Lock()


@contextlib.contextmanager
def at_most(numbers: int) -> Iterator[None]:
    """Inside, layers make no more weights than a file has: a configuration of few bytes can ask for terabytes.

    Keras makes a layer's weights while it reads the configuration, before it looks for their values, and has no hook in
    between; so `Layer.add_weight` is another for so long, for one thread at a time.
    """
    original = keras.layers.Layer.add_weight
    left = numbers

    def counted(self: keras.layers.Layer, *args: Any, shape: Any = None, **options: Any) -> Any:
        nonlocal left
        if threading.get_ident() == owner:
            left -= math.prod(shape or (args[0] if args else ()))
            if left < 0:
                raise HostileError(f"the layers need more weights than the {numbers:,} that the file has ({self.name})")
        return original(self, *args, shape=shape, **options)

    with _counting:
        owner = threading.get_ident()
        keras.layers.Layer.add_weight = counted
        try:
            yield
        finally:
            keras.layers.Layer.add_weight = original
