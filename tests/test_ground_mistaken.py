"""A folder where a file is expected, and the other way round: the commands of every room say which is which."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from datasets.__main__ import main as datasets
from export.__main__ import main as export
from impasto.__main__ import main as impasto
from models.__main__ import main as models
from stylize.__main__ import main as stylize
from train.cli import main as train

ROOMS: dict[str, Callable[[list[str]], int]] = {
    "datasets": datasets, "export": export, "impasto": impasto, "models": models, "stylize": stylize, "train": train
}  # fmt: skip
TRAIN = "--loss.vgg16-weights random --data.content photos --data.style photos --workdir"
# One pair of pictures, judged by random networks.
GRID = "--content photos --observed photos --contents 1 --styles 1 --size 80 --out out --vgg16-weights random"

# FOLDER and FILE stand where the other is expected; what is said of it follows.
A_FOLDER = [
    "impasto style FOLDER.json",
    "impasto style photo.png --out FOLDER.json",
    "impasto video FOLDER.mp4 --style photo.png --out film.mp4",
    "stylize optimise --content photo.png --style photo.png --out FOLDER.png",
    "stylize optimise --content photo.png --style photo.png --out a.png --animate FOLDER.gif",
    "stylize dream --content FOLDER --out a.png",
    "models card FOLDER.keras",
    "models ship FOLDER.keras --out a.keras",
    "models import nakano-separable --from FOLDER.json --out a.keras",
    "export onnx --model FOLDER.keras --out out",
    "export onnx --photo FOLDER --out out",
    "export licences FOLDER.json",
    "datasets check photos --json FOLDER.json",
    "datasets split photos --out a.json --groups FOLDER.csv",
    "datasets sheet packed:FOLDER.npy --out a.png",
    "train distill tiny --distillation.teacher FOLDER.keras --workdir out",
    "train style --style FOLDER.png --content photos --out a.keras",
    "train plot run --out FOLDER.png",
    "train fit --style photos --out FOLDER.keras",
    "train fit --style synthetic:200:32 --out a.keras --vgg16-weights FOLDER",
    "train fit --style synthetic:200:32 --out a.keras --teacher FOLDER",
    "train sliders --content photos --style photos --out FOLDER.keras",
    "train sliders --content photos --style packed:FOLDER.npy --out a.keras",
    "train sliders --content photos --style photos --out a.keras --start FOLDER",
    "train evaluate models/shipped/student.keras --content packed:FOLDER.npy --observed photos --out out",
    "train evaluate models/shipped/student.keras --content photos@FOLDER.json#val --observed photos --out out",
    f"train evaluate FOLDER.keras {GRID}",
    "train evaluate photos --content photos --observed photos --out out --contents 1 --styles 1 --vgg16-weights FOLDER",
    "stylize see photo.png --networks vgg16 --classes FOLDER",
    "stylize dream --content photo.png --out a.png --explain 1 --classes FOLDER",
]
# After networks were built.
A_FOLDER_LATER = [
    "train fit --style synthetic:200:32 --out a.keras --vgg16-weights random --predictor-weights FOLDER",
    "train sliders --content photos --style photos --out a.keras --start models/shipped/student.keras "
    "--vgg16-weights FOLDER",
    f"train evaluate photos {GRID} --inception-v3-weights FOLDER",
]
A_FILE = [
    "impasto image --content photo.png --style photo.png --out FILE/below",
    "impasto image --content photo.png --style photo.png --out out --model FILE",
    "impasto corpus --content photo.png --style photo.png --out FILE",
    "stylize gallery --out FILE --samples photos",
    "models ship models/shipped/student.keras --out FILE/a.keras",
    "export onnx --out FILE",
    "export onnx --out FILE/below",
    "datasets check FILE",
    "datasets prepare photos --out FILE/below",
    "datasets samples --out FILE",
    f"train teacher tiny {TRAIN} FILE",
    f"train teacher tiny {TRAIN} FILE/below",
    "train targets tiny --data.content photos --data.style photos --out FILE --loss.vgg16-weights random",
    "train sliders --content photos --style photos --out FILE/a.keras --vgg16-weights random",
    "train evaluate models/shipped/student.keras --content FILE --unobserved photos --out out --vgg16-weights random",
    "train plot FILE",
    "train fit --style FILE --out a.keras",
    "train fit --style photos --out FILE/a.keras",
    "train sliders --content FILE --style photos --out a.keras",
    "train sliders --content photos --style FILE --out a.keras",
    "train sliders --content photos --style photos --out a.keras --start FILE/a.keras",
    f"train evaluate FILE {GRID}",
    "train evaluate photos --content photos --observed FILE --out out",
    "train evaluate photos --content photos --observed photos --out FILE",
    "stylize see photo.png --classes FILE/names.txt",
]


@pytest.mark.parametrize(
    ("given", "command"),
    [("folder", one) for one in A_FOLDER]
    + [("file", one) for one in A_FILE]
    + [pytest.param("folder", one, marks=pytest.mark.slow) for one in A_FOLDER_LATER],
)
def test_one_is_no_other(
    given: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = Path("models/shipped/student.keras").resolve()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos").mkdir()
    for name in ("photo.png", "photos/a.png", "photos/b.png"):
        Image.fromarray(np.full((32, 32, 3), 90, np.uint8)).save(name)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "metrics.jsonl").write_text('{"step": 1, "loss": 1.0}\n')
    room, *words = command.replace("models/shipped/student.keras", str(shipped)).split()
    (named,) = {word for word in words if given.upper() in word}
    name = named.split(":")[-1].partition("@")[2].partition("#")[0] or named.split(":")[-1]
    if given == "folder":
        (tmp_path / name).mkdir()
        (tmp_path / name / "kept").write_text("mine")
    else:
        (tmp_path / "FILE").write_text("mine")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert ROOMS[room](words) == 1
    (said,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error: ")]
    assert given.upper() in said and f"a {given}" in said, said
    assert {path: path.stat().st_mtime_ns for path in before} == before
