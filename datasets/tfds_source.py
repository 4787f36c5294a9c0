"""Any prepared TensorFlow dataset that has an `image` feature, at random access."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from impasto.errors import PictureError
from impasto.pictures.reading import read


class TfdsSource:
    """The pictures of `NAME[/CONFIG][:SPLIT]`, for example imagenette/320px-v2:train or dtd:train.

    The dataset must lie prepared in the TFDS data folder (`data_dir`, else the environment's TFDS_DATA_DIR,
    else ~/tensorflow_datasets), in a format of random access. Nothing is downloaded. Pictures are decoded by
    `impasto.pictures`, so damaged ones are named and skipped like files. Raises ValueError where the dataset
    is unknown, not prepared, has no split of that name or no `image` feature.
    """

    def __init__(self, spec: str, *, data_dir: str | None = None) -> None:
        match = re.fullmatch(r"(?P<name>[A-Za-z0-9_./-]+)(?::(?P<split>.+))?", spec)
        if not match:
            raise ValueError(f"tfds:{spec} is not tfds:NAME[/CONFIG][:SPLIT]")
        self.dataset, self.split = match["name"], match["split"] or "train"
        self.name = f"tfds:{self.dataset}:{self.split}"
        builder = _find_builder(self.dataset, data_dir)
        features = builder.info.features
        if features is None or "image" not in features:
            found = ", ".join(features) if features is not None else "none"
            raise ValueError(f"dataset {self.dataset} has no feature named 'image', it has {found}")
        self.records = self._open(builder, data_dir)

    def _open(self, builder: Any, data_dir: str | None) -> Sequence[Any]:
        import tensorflow_datasets as tfds

        try:
            # The encoded bytes: our own decoder copes with more, and says what is wrong.
            decoders = {"image": tfds.decode.SkipDecoding()}
            records: Sequence[Any] = builder.as_data_source(split=self.split, decoders=decoders)
            len(records)
            return records
        except NotImplementedError:
            if not builder.is_prepared():
                raise self._not_prepared(builder, data_dir) from None
            raise ValueError(
                f"dataset {self.dataset} in {builder.data_dir} is stored as {builder.info.file_format}, "
                f"which has no random access; run `python -m datasets download {self.dataset}` with another --data-dir"
            ) from None
        except (AssertionError, FileNotFoundError):
            raise self._not_prepared(builder, data_dir) from None
        except (ValueError, KeyError) as error:
            splits = ", ".join(builder.info.splits) or "none"
            reason = " ".join(str(error).split())
            raise ValueError(
                f"dataset {self.dataset} cannot give split {self.split!r} (it has {splits}): {reason}"
            ) from None

    def _not_prepared(self, builder: Any, data_dir: str | None) -> ValueError:
        where = f" --data-dir {data_dir}" if data_dir else ""
        return ValueError(
            f"dataset {self.dataset} is not prepared in {builder.data_dir}; "
            f"run `python -m datasets download {self.dataset}{where}` first"
        )

    def __len__(self) -> int:
        return len(self.records)

    def load(self, index: int) -> np.ndarray:
        value = self.records[index]["image"]
        if isinstance(value, bytes):
            return read(value, name=self.describe(index)).pixels
        array = np.asarray(value)
        if array.dtype != np.uint8 or array.ndim != 3 or array.shape[-1] not in (1, 3):
            raise PictureError(
                self.describe(index),
                f"expected a uint8 picture of 1 or 3 channels, got {array.dtype} {array.shape}",
            )
        return np.repeat(array, 3, axis=-1) if array.shape[-1] == 1 else array

    def encoded(self, index: int) -> bytes | None:
        """The picture as it is stored, a file's bytes; None where pixels are stored."""
        value = self.records[index]["image"]
        return value if isinstance(value, bytes) else None

    def key(self, index: int) -> str:
        return str(index)

    def describe(self, index: int) -> str:
        return f"{self.name}[{index}]"


def download(name: str, *, data_dir: str | None = None, manual_dir: str | None = None) -> str:
    """Downloads (or takes from `manual_dir`) and prepares a dataset in a format of random access.

    Returns the folder it lies in. Raises ValueError where it is unknown or its files are missing. (The `tfds
    build` command does the same but needs Apache Beam.)
    """
    import tensorflow_datasets as tfds

    builder = _find_builder(name, data_dir, file_format="array_record")
    config = tfds.download.DownloadConfig(manual_dir=manual_dir)
    try:
        builder.download_and_prepare(download_config=config)
    except AssertionError as error:
        # How TFDS reports an empty manual folder.
        raise ValueError(str(error)) from None
    return str(builder.data_dir)


def _find_builder(name: str, data_dir: str | None, **options: Any) -> Any:
    """The builder of a dataset; importing this project's own builders makes them known by name."""
    import tensorflow_datasets as tfds

    if name.split("/")[0] == "painter_by_numbers":
        from datasets import painter_by_numbers  # noqa: F401
    try:
        return tfds.builder(name, data_dir=data_dir, **options)
    except tfds.core.DatasetNotFoundError:
        raise ValueError(f"TensorFlow Datasets knows no dataset named {name!r}") from None
    except (ValueError, ImportError) as error:
        raise ValueError(f"dataset {name!r} cannot be opened: {' '.join(str(error).split())}") from None
