"""Painter by Numbers (Kaggle, 2016) as a TensorFlow Datasets builder over files that the user downloads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import tensorflow_datasets as tfds

from datasets.stored import stored
from impasto.errors import PictureError
from impasto.text_files import read_text

_TABLE = "all_data_info.csv"
_ARCHIVES = {"train": "train.zip", "test": "test.zip"}


class PainterByNumbers(tfds.core.GeneratorBasedBuilder):
    """About 100,000 paintings with artist, title, genre and style; split as the competition split them.

    Pictures that cannot be decoded are left out and named in the log. Pictures larger than needed are stored
    with their short side at 512 (config `short_512`, the default) or as they are (config `original`).
    """

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "First version."}
    BUILDER_CONFIGS = [
        tfds.core.BuilderConfig(name="short_512", description="Short side at most 512 pixels."),
        tfds.core.BuilderConfig(name="original", description="Pictures in their original size."),
    ]
    MANUAL_DOWNLOAD_INSTRUCTIONS = f"""\
Join the Kaggle competition https://www.kaggle.com/c/painter-by-numbers, accept its rules, and put these
files, unchanged, into the manual folder (by default ~/tensorflow_datasets/downloads/manual): {_TABLE}
(it may also be {_TABLE}.zip), train.zip and test.zip. One of the two archives is enough; then only its
split is made.
"""

    def _info(self) -> tfds.core.DatasetInfo:
        return self.dataset_info_from_configs(
            features=tfds.features.FeaturesDict(
                {
                    "image": tfds.features.Image(shape=(None, None, 3), encoding_format="jpeg"),
                    "filename": tfds.features.Text(),
                    "artist": tfds.features.Text(),
                    "title": tfds.features.Text(),
                    "genre": tfds.features.Text(),
                    "style": tfds.features.Text(),
                    "date": tfds.features.Text(),
                }
            ),
            homepage="https://www.kaggle.com/c/painter-by-numbers",
            description="Paintings labelled with artist, title, genre, style and date, mostly from WikiArt.",
        )

    def _split_generators(self, dl_manager: tfds.download.DownloadManager) -> dict[str, Any]:
        folder = dl_manager.manual_dir
        table = folder / _TABLE
        if not table.exists() and (folder / f"{_TABLE}.zip").exists():
            table = folder / f"{_TABLE}.zip"
        if not table.exists():
            raise ValueError(f"{folder} holds no {_TABLE}.\n{self.MANUAL_DOWNLOAD_INSTRUCTIONS}")
        archives = {split: folder / name for split, name in _ARCHIVES.items() if (folder / name).exists()}
        if not archives:
            raise ValueError(f"{folder} holds neither train.zip nor test.zip.\n{self.MANUAL_DOWNLOAD_INSTRUCTIONS}")
        rows = _read_table(dl_manager, table)
        return {split: self._generate_examples(dl_manager, path, rows) for split, path in archives.items()}

    def _generate_examples(
        self, dl_manager: tfds.download.DownloadManager, archive: Any, rows: dict[str, dict[str, str]]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        from absl import logging

        short = 512 if self.builder_config.name == "short_512" else None
        for path, file in dl_manager.iter_archive(archive):
            filename = path.replace("\\", "/").rsplit("/", 1)[-1]
            row = rows.get(filename)
            if row is None:
                continue
            try:
                picture = stored(file.read(), filename, short)
            except PictureError as error:
                logging.warning("skipping %s", error)
                continue
            labels = {key: row.get(key) or "" for key in ("artist", "title", "genre", "style", "date")}
            image = picture.pixels if picture.file is None else io.BytesIO(picture.file)
            yield filename, {"image": image, "filename": filename, **labels}


def _read_table(dl_manager: tfds.download.DownloadManager, path: Any) -> dict[str, dict[str, str]]:
    """Rows of the table by file name."""
    if path.suffix == ".zip":
        text = next(file.read() for name, file in dl_manager.iter_archive(path) if name.endswith(".csv")).decode(
            "utf-8"
        )
    else:
        text = read_text(path, "a table (CSV)")
    reader = csv.DictReader(io.StringIO(text))
    if "new_filename" not in (reader.fieldnames or ()):
        found = ", ".join(reader.fieldnames or ()) or "none"
        raise ValueError(f"{path} has no column new_filename, it has {found}")
    return {row["new_filename"]: row for row in reader}
