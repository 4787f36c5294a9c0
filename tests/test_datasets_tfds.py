from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

tfds = pytest.importorskip("tensorflow_datasets")

from datasets.__main__ import main  # noqa: E402
from datasets.opening import open_source  # noqa: E402
from datasets.painter_by_numbers import PainterByNumbers  # noqa: E402
from datasets.tfds_source import TfdsSource  # noqa: E402
from impasto.errors import PictureError  # noqa: E402


def _picture(colour: tuple[int, int, int], size: tuple[int, int] = (24, 16), mode: str = "RGB", **save: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).convert(mode).save(buffer, format=save.pop("format", "JPEG"), **save)
    return buffer.getvalue()


def fake_examples(folder: Path) -> Path:
    """The files of the Kaggle competition in miniature: a table, and two archives with sound and damaged pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = [
        "artist",
        "date",
        "genre",
        "pixelsx",
        "pixelsy",
        "size_bytes",
        "source",
        "style",
        "title",
        "artist_group",
        "in_train",
        "new_filename",
    ]
    with open(folder / "all_data_info.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        for number in (1, 2, 3, 4, 5, 6):
            table.writerow(
                {
                    "artist": f"Künstler {number}",
                    "title": f"Bild, {number}",
                    "style": "Cubism",
                    "genre": "portrait",
                    "in_train": number < 5,
                    "new_filename": f"{number}.jpg",
                }
            )
    with zipfile.ZipFile(folder / "train.zip", "w") as archive:
        archive.writestr("train/1.jpg", _picture((200, 30, 40), quality=95))
        archive.writestr("train/2.jpg", _picture((10, 200, 40), mode="CMYK", quality=95))
        archive.writestr("train/3.jpg", _picture((5, 6, 200), size=(700, 1400), format="PNG"))
        archive.writestr("train/4.jpg", _picture((1, 2, 3))[:200])
        archive.writestr("train/99.jpg", _picture((0, 0, 0)))
    with zipfile.ZipFile(folder / "test.zip", "w") as archive:
        archive.writestr("test/5.jpg", _picture((90, 90, 90)))
        archive.writestr("test/6.jpg", _picture((90, 190, 90)))
    return folder


class PainterByNumbersTest(tfds.testing.DatasetBuilderTestCase):  # type: ignore[name-defined]
    """The declarative test of TFDS: registration, features, examples, splits."""

    DATASET_CLASS = PainterByNumbers
    SPLITS = {"train": 3, "test": 2}

    @classmethod
    def setUpClass(cls) -> None:
        cls.EXAMPLE_DIR = str(fake_examples(Path(tfds.testing.test_utils.make_tmp_dir()) / "manual"))
        super().setUpClass()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("tfds")
    manual = fake_examples(folder / "manual")
    command = [
        "download",
        "painter_by_numbers",
        "--data-dir",
        str(folder / "data"),
        "--manual-dir",
        str(manual),
    ]
    assert main(command) == 0
    yield str(folder / "data")


def test_prepared_dataset_is_read_at_random(prepared: str) -> None:
    source = TfdsSource("painter_by_numbers", data_dir=prepared)
    assert len(source) == 3 and source.name == "tfds:painter_by_numbers:train"
    pictures = sorted((source.load(i) for i in range(3)), key=lambda p: int(p[0, 0].argmax()))
    np.testing.assert_allclose(pictures[0][5, 5], [200, 30, 40], atol=3)
    np.testing.assert_allclose(pictures[1][5, 5], [10, 200, 40], atol=12)
    # The large one is stored with its short side at 512.
    assert pictures[2].shape == (1024, 512, 3)
    assert len(TfdsSource("painter_by_numbers/short_512:test", data_dir=prepared)) == 2
    assert len(TfdsSource("painter_by_numbers:train+test", data_dir=prepared)) == 5


def test_missing_splits_and_datasets_say_what_to_do(prepared: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot give split 'validation' .it has .*train"):
        TfdsSource("painter_by_numbers:validation", data_dir=prepared)
    with pytest.raises(ValueError, match="not prepared in .*python -m datasets download painter_by_numbers/original"):
        TfdsSource("painter_by_numbers/original", data_dir=prepared)
    with pytest.raises(ValueError, match="no dataset named 'no_such_dataset'"):
        open_source("tfds:no_such_dataset", role="style")
    with pytest.raises(ValueError, match="is not tfds:NAME"):
        TfdsSource("")


def test_manual_files_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["download", "painter_by_numbers", "--data-dir", str(tmp_path / "data"), "--manual-dir"]
    (tmp_path / "empty").mkdir()
    assert main([*command, str(tmp_path / "empty")]) == 1
    assert "kaggle.com/c/painter-by-numbers" in capsys.readouterr().err
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual" / "train.zip").write_bytes(b"")
    assert main([*command, str(tmp_path / "manual")]) == 1
    assert "holds no all_data_info.csv" in capsys.readouterr().err


class NoPictures(tfds.core.GeneratorBasedBuilder):  # type: ignore[name-defined]
    """A dataset of numbers."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self) -> Any:
        return tfds.core.DatasetInfo(builder=self, features=tfds.features.FeaturesDict({"number": np.int64}))

    def _split_generators(self, dl_manager: Any) -> dict[str, Any]:
        return {"train": self._generate_examples()}

    def _generate_examples(self) -> Iterator[tuple[int, dict[str, int]]]:
        yield 0, {"number": 1}


class DamagedPictures(NoPictures):
    """A dataset with a sound and a damaged picture, stored as they are."""

    def _info(self) -> Any:
        return tfds.core.DatasetInfo(
            builder=self, features=tfds.features.FeaturesDict({"image": tfds.features.Image()})
        )

    def _generate_examples(self) -> Iterator[tuple[int, dict[str, Any]]]:
        yield 0, {"image": io.BytesIO(_picture((9, 9, 9), mode="L", format="PNG"))}
        yield 1, {"image": io.BytesIO(_picture((9, 9, 9))[:150])}


def test_datasets_without_pictures_and_with_damaged_ones(tmp_path: Path) -> None:
    NoPictures(data_dir=str(tmp_path), file_format="array_record").download_and_prepare()
    with pytest.raises(ValueError, match="no feature named 'image', it has number"):
        TfdsSource("no_pictures", data_dir=str(tmp_path))
    DamagedPictures(data_dir=str(tmp_path), file_format="array_record").download_and_prepare()
    source = TfdsSource("damaged_pictures", data_dir=str(tmp_path))
    good = bad = 0
    for index in range(2):
        try:
            assert source.load(index).shape == (16, 24, 3)
            good += 1
        except PictureError as error:
            assert error.name.startswith("tfds:damaged_pictures:train[")
            bad += 1
    assert (good, bad) == (1, 1)


def test_dataset_without_random_access(tmp_path: Path) -> None:
    DamagedPictures(data_dir=str(tmp_path), file_format="tfrecord").download_and_prepare()
    with pytest.raises(ValueError, match="no random access; run"):
        TfdsSource("damaged_pictures", data_dir=str(tmp_path))


@pytest.mark.parametrize("name", ["imagenet2012", "coco/2017", "open_images_v4/300k", "dtd"])
def test_public_datasets_are_accepted(name: str) -> None:
    # No download here: TFDS itself fills the dataset's own features with random pictures, but for those whose
    # lists of objects it fills inconsistently.
    given = [{"image": _picture((7, 8, 9))}] * 3
    own = {"as_data_source_fn": lambda self, split, **kwargs: given} if name.startswith(("coco", "open_images")) else {}
    with tfds.testing.mock_data(num_examples=3, **own):
        source = open_source(f"tfds:{name}:train", role="style")
        assert len(source) == 3
        picture = source.load(0)
    assert picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[-1] == 3
