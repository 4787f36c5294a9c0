"""A disk that fills up: one sentence that names the file, what was there before is whole, and with room it goes on."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import packaged_picture
from PIL import Image

from datasets.__main__ import main as datasets
from datasets.packed import PackedSource
from export.captured import conversion
from export.publish import publish
from impasto.__main__ import main as impasto
from impasto.arrays import write_arrays
from impasto.files import replacing

ROOT = Path(__file__).parent.parent


class Disk:
    """A file system of its own in memory, with little room."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def resize(self, kilobytes: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={kilobytes}k", self.path], check=True, capture_output=True)

    def leave(self, kilobytes: int) -> None:
        """Fills it up but for so much."""
        room = shutil.disk_usage(self.path).free - 1024 * kilobytes
        (self / "filler").write_bytes(bytes(max(room, 0)))

    def clear(self) -> None:
        (self / "filler").unlink(missing_ok=True)

    def names(self) -> set[str]:
        return {path.name for path in self.path.iterdir()} - {"filler"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    path = tmp_path / "disk"
    path.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", path], capture_output=True).returncode:
        pytest.skip("needs the right to mount a file system")
    yield Disk(path)
    subprocess.run(["umount", path], check=True)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, size in (("astronaut", 320), ("chelsea", 300), ("coffee", 310), ("ihc", 256)):
        Image.fromarray((255 * packaged_picture(f"{name}.png", size, size)).astype(np.uint8)).save(
            folder / f"{name}.png"
        )
    return folder


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on standard error that begins with `error: `."""
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, lines
    return lines[0]


def test_a_file_is_replaced_whole_or_stays(disk: Disk) -> None:
    (disk / "a.txt").write_text("before")
    disk.leave(8)
    with pytest.raises(OSError, match="No space left"), replacing(disk / "a.txt") as draft:
        draft.write_bytes(bytes(2**15))
    assert (disk / "a.txt").read_text() == "before" and disk.names() == {"a.txt"}


def test_arrays_are_written_whole_or_not_at_all(disk: Disk) -> None:
    arrays = {"a": np.arange(40_000), "told": "words"}
    with replacing(disk / "a.npz") as draft, draft.open("wb") as file:
        write_arrays(file, arrays)
    with np.load(disk / "a.npz", allow_pickle=False) as found:
        assert (found["a"] == arrays["a"]).all() and str(found["told"]) == "words"
    disk.leave(64)
    # Nothing is left to complain when it is collected, which pytest would make an error.
    with pytest.raises(OSError, match="No space left"):
        with replacing(disk / "a.npz") as draft, draft.open("wb") as file:
            write_arrays(file, {"a": np.zeros(40_000)})
    gc.collect()
    assert disk.names() == {"a.npz"}


def test_painting_saves_elsewhere(
    disk: Disk, pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [
        "image",
        "--content",
        str(pictures / "chelsea.png"),
        "--style",
        str(pictures / "ihc.png"),
        "--threads",
        "1",
    ]
    disk.leave(16)
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(elsewhere))
        assert impasto([*command, "--out", str(disk / "new.png")]) == 1
    assert f"{disk / 'new.png'}: cannot be written: No space left on device; saved as {elsewhere}" in said(capsys)
    assert not disk.names() and len(list(elsewhere.glob("new*.png"))) == 1


def test_a_film_leaves_the_old_one(
    disk: Disk, pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from test_impasto_films import write_film

    photo = (255 * packaged_picture("chelsea.png", 138, 96)).astype(np.uint8)
    write_film(tmp_path / "walk.mp4", [photo[:, step : step + 128] for step in range(10)])
    (disk / "new.mp4").write_bytes(b"before")
    disk.leave(24)
    command = [
        "video",
        str(tmp_path / "walk.mp4"),
        "--style",
        str(pictures / "ihc.png"),
        "--threads",
        "1",
        "--crf",
        "1",
    ]
    for more in ([], ["--resume"]):
        assert impasto([*command, "--out", str(disk / "new.mp4"), *more]) == 1
        assert (line := said(capsys)).startswith(f"error: {disk.path}") and "No space left on device" in line
        assert (disk / "new.mp4").read_bytes() == b"before"
    disk.clear()
    assert impasto([*command, "--out", str(disk / "new.mp4"), "--resume"]) == 0
    assert disk.names() == {"new.mp4"}


def test_packing_goes_on_once_there_is_room(disk: Disk, pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["pack", str(pictures), "--out", str(disk / "a.npy"), "--canvas", "256"]
    disk.leave(450)  # two and a bit of four pictures
    assert datasets(command) == 1
    line = said(capsys)
    assert str(disk.path) in line and "No space left on device" in line
    assert not (disk / "a.npy").exists()
    disk.clear()
    assert datasets(command) == 0
    source = PackedSource(disk / "a.npy")
    assert len(source) == 4 and all(source.load(index).std() > 10 for index in range(4))
    assert disk.names() == {"a.npy", "a.json"}


def test_an_export_leaves_the_one_before(disk: Disk) -> None:
    def fill(folder: Path, size: int) -> None:
        (folder / "manifest.json").write_text(json.dumps({"size": size}))
        (folder / "weights").write_bytes(bytes(size))

    publish(disk / "out", lambda folder: fill(folder, 1000), marker="manifest.json")
    disk.leave(64)
    with pytest.raises(OSError, match="No space left"):
        publish(disk / "out", lambda folder: fill(folder, 2**17), marker="manifest.json")
    assert json.loads((disk / "out" / "manifest.json").read_text()) == {"size": 1000} and disk.names() == {"out"}


@pytest.mark.parametrize(
    "raised",
    [
        OSError(28, "No space left on device"),  # what Python's own files say names none
        RuntimeError("{{function_node x}} /d/net/saved_model.pb; No space left on device [Op:SaveV2]\n\nmore"),
    ],
)
def test_a_converter_that_finds_the_disk_full_names_the_file(raised: Exception, tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught, conversion("the conversion", tmp_path / "net"):
        raise raised
    assert str(caught.value) == f"[Errno 28] No space left on device: '{tmp_path / 'net'}'"


def test_a_checkpoint_leaves_those_before(disk: Disk) -> None:
    import keras

    from train import checkpoints

    variables = [keras.Variable(np.full(50_000, 1, np.float32), name="weights")]
    checkpoints.save(disk / "checkpoints", 1, variables, keep=2)
    disk.leave(64)
    variables[0].assign(np.full(50_000, 2, np.float32))
    with pytest.raises(OSError, match="No space left") as caught:
        checkpoints.save(disk / "checkpoints", 2, variables, keep=2)
    assert str(disk / "checkpoints") in str(caught.value)
    assert [path.name for path in (disk / "checkpoints").iterdir()] == ["checkpoint-00000001.npz"]
    assert checkpoints.restore_latest(disk / "checkpoints", variables) == 1


def test_targets_are_refused_room_in_a_sentence(disk: Disk) -> None:
    """The arrays are mapped: written through the map, a full disk would end the process with SIGBUS."""
    from train.target_store import Store

    meta: dict[str, Any] = {
        "pictures": {"content": 4, "style": 4}, "variants": 1, "seed": 0, "done": {"content": 0, "style": 0},
        "data": {
            "canvas": 64, "content_size": 64, "content_crop": 1.0, "style_size": [64, 65], "style_size_step": 1,
            "augment_style": True, "style_jitter": 1.0,
        },
    }  # fmt: skip
    store = Store(disk.path, meta)
    row = np.ones((1, *store.arrays["content"].shape[1:]), np.float16)
    store.write("content", np.array([0]), row)
    store.save()
    disk.leave(16)
    with pytest.raises(OSError, match="No space left on device: .*content.npy"):
        store.write("content", np.array([1, 2]), np.concatenate([row, row]))
    disk.clear()
    store.write("content", np.array([1, 2]), np.concatenate([row, row]))
    store.save()
    store.close()
    assert [float(array.min()) for array in store.arrays["content"]] == [1, 1, 1, 0]
    store.arrays.clear()  # what is mapped cannot be unmounted


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "before", "room"),
    [
        (
            "stylize optimise --content {p}/chelsea.png --style {p}/ihc.png --out {d}/a.png --size 64 --steps 2",
            "a.png", 4,
        ),
        ("export litert --model models/shipped/student.keras --out {d}/model", "", 600),
        ("export saved_model --model models/shipped/student.keras --out {d}/model", "", 600),
        (
            "train teacher tiny --workdir {d}/run --data.content-size 32 --data.style-size 32 48 --optim.steps 8 "
            "--run.checkpoint-every 1 --run.picture-every 0",
            "", 1500,
        ),
    ],
)  # fmt: skip
def test_commands_say_one_sentence(
    disk: Disk, pictures: Path, starting_weights: dict[str, Path], command: str, before: str, room: int
) -> None:
    disk.resize(8000)
    if before:
        (disk / before).write_bytes(b"before")
    disk.leave(room)
    words = command.format(p=pictures, d=disk.path).split()
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "IMPASTO_VGG16_WEIGHTS": str(starting_weights["vgg16"])}
    done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, env=quiet)
    errors = [line for line in done.stderr.splitlines() if "error: " in line]
    assert done.returncode == 1 and len(errors) == 1 and "Traceback" not in done.stderr, done.stderr[-2000:]
    assert "No space left on device" in errors[0] and str(disk.path) in errors[0]
    if before:
        assert (disk / before).read_bytes() == b"before"
    assert not [name for name in disk.names() if name.startswith(".impasto") or name.endswith(".draft")]
