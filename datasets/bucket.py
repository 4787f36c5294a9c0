"""Pictures below a place of a bucket, or of any other file system that fsspec opens."""

from __future__ import annotations

from pathlib import PurePosixPath

import numpy as np

from impasto.bulk.places import Place
from impasto.errors import FileError, PictureError
from impasto.pictures.formats import READ_BY_NAME
from impasto.pictures.reading import read


class BucketSource:
    """Every file below a URL (`gs://bucket/photos`) whose suffix is that of a picture, in the order of their names.

    Raises ValueError where the place cannot be listed or holds no picture.
    """

    def __init__(self, url: str) -> None:
        self.place = Place(url)
        self.name = url
        self.keys = [name for name in self.place.below() if PurePosixPath(name).suffix.lower() in READ_BY_NAME]
        if not self.keys:
            raise ValueError(f"{url} holds no picture")

    def __len__(self) -> int:
        return len(self.keys)

    def load(self, index: int) -> np.ndarray:
        try:
            data = self.place.read(self.keys[index])
        except FileError as error:
            raise PictureError(error.name, error.reason) from error
        return read(data, name=self.describe(index)).pixels

    def key(self, index: int) -> str:
        return self.keys[index]

    def describe(self, index: int) -> str:
        return self.place.path(self.keys[index])
