"""An output that cannot be written is told first: before a picture is read, an artefact opened, or a backend loaded."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from datasets.__main__ import _parser as datasets
from export.__main__ import _parser as export
from models.__main__ import _parser as models
from stylize.__main__ import _parser as stylize
from train.cli import _HELP

ROOT = Path(__file__).parent.parent
# Of options: what is written.
WRITTEN = {"out", "json", "sheet", "animate", "data_dir", "workdir"}

# FILE is a file where a folder is needed, FOLDER a folder where a file is; all that is read is spoilt.
COMMANDS = [
    "datasets check photos --json FILE/a.json",
    "datasets check photos --sheet FILE/a.png",
    "datasets split photos --out FILE/a.json",
    "datasets pack photos --out FILE/a.npy",
    "datasets prepare photos --out FILE/a",
    "datasets download mnist --data-dir FILE/a",
    "datasets sheet photos --out FILE/a.png",
    "datasets samples --out FILE/a",
    "export tfjs --model spoilt.keras --out FILE/a",
    "export litert --model spoilt.keras --out FILE/a",
    "export onnx --model spoilt.keras --out FILE/a",
    "export saved_model --model spoilt.keras --out FILE/a",
    "export package --out FILE/a",
    "export vectors --model spoilt.keras --samples FILE/a",
    "export release --page photos --out FILE/a",
    "models import magenta-mobile --from spoilt.keras --out FILE/a.keras",
    "models average spoilt.keras spoilt.keras --out FILE/a.keras",
    "models ship spoilt.keras --out FILE/a.keras",
    "stylize optimise --content photos/a.png --style photos --out FILE/a.png",
    "stylize optimise --content photos/a.png --style photos --out a.png --animate FILE/a.gif",
    "stylize dream --content photos/a.png --out FILE/a.png",
    "stylize gallery --samples photos --out FILE/a",
    "train fit --style photos --teacher spoilt.keras --out FILE/a.keras",
    "train targets tiny --data.content photos --data.style photos --out FILE/a",
    "train targets tiny --data.content photos --data.style photos --out FOLDER/content.npy/a",
    "train teacher tiny --data.content photos --data.style photos --workdir FILE/a",
    "train teacher tiny --workdir FOLDER/teacher.keras",
    "train teacher tiny --workdir FILE/pictures",
    "train distill tiny --distillation.teacher spoilt.keras --workdir FILE/a",
    "train distill tiny --distillation.teacher spoilt.keras --workdir FOLDER/student.keras",
    "train style --style photos/a.png --content photos --out FILE/a.keras",
    "train sliders --style photos --content photos --out FILE/a.keras",
    "train evaluate spoilt.keras --content photos --observed photos --out FILE/a",
    "train evaluate spoilt.keras --content photos --observed photos --out FOLDER/report.html",
    "train evaluate spoilt.keras --content photos --observed photos --out FOLDER/spoilt.png",
    "train plot photos --out FILE/a.png",
]

# Runs in a process of its own, since this one has loaded the backend long ago.
RUN = """
import contextlib, io, json, sys
from datasets.__main__ import main as datasets
from export.__main__ import main as export
from models.__main__ import main as models
from stylize.__main__ import main as stylize
from train.cli import main as train
rooms = {"datasets": datasets, "export": export, "models": models, "stylize": stylize, "train": train}
for room, *words in json.load(sys.stdin):
    before = sys.stdout, sys.stderr
    with contextlib.redirect_stderr(io.StringIO()) as said, contextlib.redirect_stdout(io.StringIO()):
        try:
            code = rooms[room](words)
        except Exception as error:
            code = repr(error)
    sys.stdout, sys.stderr = before
    loaded = sorted({"keras", "tensorflow"} & set(sys.modules))
    print(json.dumps([code, said.getvalue(), loaded]), flush=True)
"""


def placed(command: str) -> tuple[list[str], str]:
    """The command's words, and the path in the way. FOLDER/NAME is a folder of that name in the output's."""
    words = command.split()
    (index,) = [place for place, word in enumerate(words) if word.startswith(("FILE/", "FOLDER/"))]
    kind, name = words[index].split("/", 1)
    if kind == "FILE" and name != "pictures":
        return words, "FILE"
    out = f"of-{index}-{name.replace('/', '-')}"
    words[index] = out
    return words, f"{out}/{name.removesuffix('/a')}"


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str, list[str], str]]:
    """Of every command: exit code, what it said, the backends that were loaded by then, the path in the way."""
    place = tmp_path_factory.mktemp("early")
    (place / "photos").mkdir()
    for name in ("photos/a.png", "photos/b.png", "spoilt.keras", "FILE"):
        (place / name).write_text("spoilt")
    asked = [placed(command) for command in COMMANDS]
    for words, in_the_way in asked:
        if in_the_way != "FILE":
            (place / in_the_way).parent.mkdir()
            (place / in_the_way).write_text("") if "pictures" in words[-1] else (place / in_the_way).mkdir()
    done = subprocess.run(
        [sys.executable, "-c", RUN], input=json.dumps([words for words, _ in asked]), cwd=place, text=True,
        capture_output=True, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert not done.returncode, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    left = sorted(path.name for path in place.iterdir() if not path.name.startswith("of-"))
    assert left == ["FILE", "photos", "spoilt.keras"]
    return {command: (*one, way) for command, one, (_, way) in zip(COMMANDS, told, asked, strict=True)}


@pytest.mark.parametrize("command", COMMANDS)
def test_what_cannot_be_written_is_told_first(
    command: str, answers: dict[str, tuple[int, str, list[str], str]]
) -> None:
    code, said, loaded, in_the_way = answers[command]
    assert code == 1 and said.startswith("error: ") and len(said.splitlines()) == 1, (code, said)
    assert in_the_way in said and "expected" in said, said
    assert not loaded, said


def writing(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    (commands,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    for name, command in commands.choices.items():
        yield from ((name, action.dest) for action in command._actions if action.dest in WRITTEN)


def test_no_command_is_forgotten() -> None:
    tried = {
        (room, command, words[index].removeprefix("--").replace("-", "_"))
        for room, command, *words in (line.split() for line in COMMANDS)
        for index in range(len(words))
    }
    rooms = {"datasets": datasets, "export": export, "models": models, "stylize": stylize}
    expected = {(room, *found) for room, parser in rooms.items() for found in writing(parser())}
    assert len(expected) > 15 and not expected - tried
    trained = _HELP.partition("{")[2].partition("}")[0].split(",")
    assert len(trained) == 8 and set(trained) == {command for room, command, _ in tried if room == "train"}
