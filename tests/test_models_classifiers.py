"""What classifiers see: names from files, the likeliest first, and a sentence where weights are missing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from impasto.pictures.writing import write
from models import classifiers
from models.classifiers import Classifier, ClassNamesError, class_names, top
from stylize.__main__ import main

NAMES = [f"class {index}" for index in range(1000)]


def test_names_from_files(tmp_path: Path) -> None:
    lines, plain, keras_own = tmp_path / "names.txt", tmp_path / "names.json", tmp_path / "index.json"
    lines.write_text("\n".join(NAMES) + "\n")
    plain.write_text(json.dumps(NAMES))
    keras_own.write_text(json.dumps({str(index): [f"n{index}", f"class_{index}"] for index in range(1000)}))
    assert class_names(lines) == class_names(plain) == class_names(keras_own) == NAMES


def test_lists_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "few.txt").write_text("tench\n")
    with pytest.raises(ClassNamesError, match="few.txt: expected the names of 1000 classes, found 1"):
        class_names(tmp_path / "few.txt")
    with pytest.raises(
        ClassNamesError, match="absent.txt: expected a file with the names of ImageNet's classes, .* no such"
    ):
        class_names(tmp_path / "absent.txt")


def test_the_likeliest_first() -> None:
    probabilities = np.zeros(1000)
    probabilities[[7, 3, 999]] = [0.2, 0.5, 0.3]
    assert top(probabilities, NAMES, 2) == [("class 3", 0.5), ("class 999", 0.3)]


def test_missing_weights_are_told_and_passed_over(
    tmp_path: Path, photo: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "photo.png", photo)
    absent = str(tmp_path / "absent.h5")
    arguments = ["see", str(tmp_path / "photo.png"), "--networks", "vgg16", "--weights", absent]
    assert main(arguments) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "note: vgg16 with its classifier is not at hand: pass the path" in told.err
    assert "IMPASTO_VGG16_CLASSIFIER_WEIGHTS" in told.err


def test_a_picture_is_looked_at_as_keras_does(photo: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    """A classifier in VGG's place that gives back what it is shown: the middle, BGR, less ImageNet's means."""
    import keras

    def build(weights: object) -> keras.Model:
        image = keras.Input((224, 224, 3))
        return keras.Model(image, keras.layers.GlobalAveragePooling2D()(image))

    modules = {"vgg16": (build, keras.applications.vgg16, 224)}
    monkeypatch.setattr(classifiers, "_MODULES", modules)
    seen = Classifier("vgg16", None).probabilities(np.full((60, 80, 3), [0.2, 0.4, 0.6], "f4"))
    # 0.6, 0.4, 0.2 of 255 less the means of blue, green and red.
    np.testing.assert_allclose(seen, [153 - 103.939, 102 - 116.779, 51 - 123.68], atol=0.1)  # float32 sums of 50,176
