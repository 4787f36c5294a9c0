"""What a picture's file says beside its pixels, as far as it is kept in what is painted from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PIL import Image

_ORIENTATION, _CAMERA, _PLACE, _MAKER_NOTE = 0x0112, 0x8769, 0x8825, 0x927C
_WIDTH, _HEIGHT = 0xA002, 0xA003

# Who, when, with what: entries that say nothing of how the old file's pixels lie.
_KEPT = (
    0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x013C, 0x4746, 0x4749, 0x8298, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E,
    0x9C9F,
)  # fmt: skip

# JPEG holds no longer block.
_LONGEST = 65_500

# What undoes an orientation.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Metadata:
    """What is kept.

    Attributes:
        main: Entries of EXIF's main directory, by tag.
        camera: Those of the camera's own.
        place: Where it was taken.
        dpi: Resolution across and down, in dots an inch.
        profiled: Whether there was a colour profile: what is written then says that it is sRGB.
    """

    main: dict[int, Any] = field(default_factory=dict)
    camera: dict[int, Any] = field(default_factory=dict)
    place: dict[int, Any] = field(default_factory=dict)
    dpi: tuple[float, float] | None = None
    profiled: bool = False

    def exif(self, width: int, height: int) -> bytes | None:
        """The EXIF block for a picture of this size, upright; None where there is nothing to say.

        The preview of the old picture is not in it, nor are a camera's private notes where it would be too long.
        """
        if not (self.main or self.camera or self.place):
            return None
        camera = self.camera | {tag: side for tag, side in ((_WIDTH, width), (_HEIGHT, height)) if tag in self.camera}
        try:
            block = _block(self.main, camera, self.place)
            if len(block) > _LONGEST:
                camera.pop(_MAKER_NOTE, None)
                block = _block(self.main, camera, self.place)
        except Exception:  # entries that Pillow reads and cannot write raise almost anything
            return None
        return block if len(block) <= _LONGEST else None


def _block(main: dict[int, Any], camera: dict[int, Any], place: dict[int, Any]) -> bytes:
    exif = Image.Exif()
    exif.update(main)
    exif[_ORIENTATION] = 1
    for directory, entries in ((_CAMERA, camera), (_PLACE, place)):
        if entries:
            exif.get_ifd(directory).update(entries)
    return exif.tobytes()


def read_metadata(image: Image.Image, profile: bytes | None) -> Metadata:
    """What is kept of an opened picture. What is broken is as if it were not there."""
    profiled, dpi = profile is not None, _dpi(image)
    try:
        exif = image.getexif()
        main = {tag: exif[tag] for tag in _KEPT if tag in exif}
        return Metadata(main, dict(exif.get_ifd(_CAMERA)), dict(exif.get_ifd(_PLACE)), dpi, profiled)
    except Exception:  # broken EXIF makes Pillow raise almost anything, and must not cost a picture that is sound
        return Metadata(dpi=dpi, profiled=profiled)


def _dpi(image: Image.Image) -> tuple[float, float] | None:
    try:
        across, down = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if 1 <= across <= 100_000 and 1 <= down <= 100_000 else None


def upright(image: Image.Image) -> Image.Image:
    """A decoded picture as its orientation says that it should stand."""
    try:
        # Asked after decoding: Pillow turns TIFFs while it decodes them, and then takes the entry away.
        orientation: Any = image.getexif().get(_ORIENTATION, 1)
        turn = _TURNS.get(orientation)
    except Exception:  # as above
        return image
    return image if turn is None else image.transpose(turn)
