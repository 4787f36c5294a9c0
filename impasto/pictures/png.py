"""PNG files without what is not needed: comments of any size, a profile that unpacks to gigabytes, broken extras."""

from __future__ import annotations

import bisect
import io
import struct
import zlib
from typing import BinaryIO

SIGNATURE = b"\x89PNG\r\n\x1a\n"

# What decides the pixels, and the resolution. Everything else is left out before Pillow sees it.
_WANTED = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"pHYs"))

# Real profiles are well below this.
LARGEST_PROFILE = 16 * 2**20
_LARGEST_EXIF = 2**20


class SlimPng:
    """A PNG file of which some chunks are left out; reads and seeks like a file of its own.

    Attributes:
        profile: The colour profile, unpacked; None where there is none or it is broken.
        profile_left_out: Whether there is one, too large to be unpacked.
        exif: The EXIF block; None where there is none.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.profile: bytes | None = None
        self.profile_left_out = False
        self.exif: bytes | None = None
        self._parts = [(0, len(SIGNATURE))]  # where every part begins in the file, and how long it is
        self._scan()
        self._ends: list[int] = []  # where every part ends in what is left
        for _, length in self._parts:
            self._ends.append((self._ends[-1] if self._ends else 0) + length)
        self._at = 0

    def _scan(self) -> None:
        at, size = len(SIGNATURE), self._file.seek(0, io.SEEK_END)
        while at + 8 <= size:
            self._file.seek(at)
            length, kind = struct.unpack(">I4s", self._file.read(8))
            whole = 12 + length
            if kind in _WANTED:
                start, before = self._parts[-1]
                if start + before == at:
                    self._parts[-1] = (start, before + whole)
                else:
                    self._parts.append((at, whole))
            elif kind == b"iCCP" and self.profile is None:
                self.profile, self.profile_left_out = _profile(self._file.read(min(length, LARGEST_PROFILE)))
            elif kind == b"eXIf" and length <= _LARGEST_EXIF:
                self.exif = self._file.read(length)
            if kind == b"IEND":
                break
            at += whole

    def tell(self) -> int:
        """The position."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves the position, as a file does."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._ends[-1]}[whence]
        self._at = max(base + offset, 0)
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, as a file does."""
        left = self._ends[-1] - self._at if size < 0 else size
        found = []
        while left > 0 and self._at < self._ends[-1]:
            part = bisect.bisect_right(self._ends, self._at)
            start, length = self._parts[part]
            inside = self._at - (self._ends[part] - length)
            self._file.seek(start + inside)
            piece = self._file.read(min(left, length - inside))
            if not piece:  # the file is cut off
                break
            found.append(piece)
            self._at += len(piece)
            left -= len(piece)
        return b"".join(found)


def _profile(chunk: bytes) -> tuple[bytes | None, bool]:
    """The profile of an iCCP chunk (its name, a zero, method zero, packed bytes), and whether it is too large."""
    _, zero, packed = chunk.partition(b"\0")
    if not zero or packed[:1] != b"\0":
        return None, False
    unpacking = zlib.decompressobj()
    try:
        profile = unpacking.decompress(packed[1:], LARGEST_PROFILE)
    except zlib.error:
        return None, False
    return (None, True) if unpacking.unconsumed_tail else (profile, False)
