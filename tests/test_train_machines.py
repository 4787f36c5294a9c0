"""One run by several processes: its losses are one process's, a lost worker ends it, and any number goes on."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from without_tensorflow import TRAIN

from datasets.opening import open_source
from datasets.packed import pack
from datasets.pairs import Pairs, PairSpec
from train import metrics
from train.config import ConfigError
from train.machines import LOST, Machines, name_for_itself

ROOT = Path(__file__).parent.parent
STEPS = 6
# Computes in double precision what asks for float32. In float32, one and two processes that nothing disturbs agree to
# 2e-7 in the losses of three steps, but to 9e-5 in the sixth: sums in another order, which Adam makes as large as the
# steps of weights whose gradients are hardly more. In double precision they agree to 3e-7 (of float32 logs) in all six,
# also where two processes stop after three and one goes on.
DOUBLE = """
from keras.src.backend.common import dtypes
dtypes.PYTHON_DTYPES_MAP["float32"] = "float64"
from train.cli"""


class Grey:
    """Eight pictures, each of one grey of its own, and a note of those that were read."""

    name = "grey"
    infallible = True

    def __init__(self) -> None:
        self.read: list[int] = []

    def __len__(self) -> int:
        return 8

    def load(self, index: int) -> np.ndarray:
        self.read.append(index)
        return np.full((40, 40, 3), 30 * index, np.uint8)

    def key(self, index: int) -> str:
        return str(index)

    describe = key


def test_parts_of_a_batch_are_the_batch() -> None:
    spec = PairSpec(batch_size=6, canvas=32, content_size=32, style_size=(32, 48), identity_fraction=0.4)
    content, style = Grey(), Grey()
    whole = Pairs(content, style, spec).batch(5)
    parts = [Pairs(content, style, spec, (index, 3)) for index in range(3)]
    for name, values in whole.items():
        np.testing.assert_array_equal(np.concatenate([part.batch(5)[name] for part in parts]), values, name)
        assert parts[0].shapes()[name][0][0] == 2
    content.read.clear()
    own = parts[1].batch(5)["content"][:, 0, 0, 0] // 30
    assert content.read == own.tolist()  # and nothing of the others'
    with pytest.raises(ValueError, match="a batch of 6 has no part 0 of 4 equal ones"):
        Pairs(content, style, spec, (0, 4))


@pytest.mark.parametrize(
    ("machines", "backend", "reason"),
    [
        (Machines("10.0.0.1"), "jax", "machines.coordinator must be HOST:PORT, slurm or local. Received: '10.0.0.1'"),
        (Machines(count=2), "jax", "machines.count needs machines.coordinator"),
        (Machines("a:1", 2, 2), "jax", "machines.index must be from 0 to machines.count - 1. Received: 2"),
        (Machines("a:1", 2, 0), "tensorflow", "machines.coordinator needs KERAS_BACKEND=jax. Received: 'tensorflow'"),
    ],
)
def test_workers_that_cannot_meet_are_refused(machines: Machines, backend: str, reason: str) -> None:
    with pytest.raises(ConfigError) as caught:
        machines.validate(backend)
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize(
    ("coordinator", "own", "told"),
    [
        ("10.0.0.1:4670", "127.0.1.1", True),
        ("10.0.0.1:4670", "10.0.0.7", False),
        ("127.0.0.1:4670", "127.0.1.1", False),
        ("slurm", "127.0.1.1", False),
    ],
)
def test_a_name_by_which_others_cannot_reach_this_machine_is_told(
    coordinator: str, own: str, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "atelier")
    known = {"atelier": own, "localhost": "127.0.0.1"}
    monkeypatch.setattr(socket, "gethostbyname", lambda name: known.get(name, name))
    assert name_for_itself(coordinator) == ("atelier" if told else None)


@pytest.mark.parametrize(
    ("action", "code", "said"),
    [
        ("os.abort()", 1, LOST),
        ("os.kill(os.getpid(), 9)", 1, "this worker was ended by SIGKILL"),
        ("sys.exit('told')", 1, ""),
        ("os.write(2, b'pages of C++') and 130", 130, ""),
    ],
)
def test_what_became_of_a_worker_is_told(action: str, code: int, said: str, tmp_path: Path) -> None:
    program = f"import os, sys\nfrom train.supervisor import supervised\nsys.exit(supervised(lambda: {action}))"
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, env=environment)
    assert done.returncode == code
    assert said in done.stderr and "C++" not in done.stderr
    assert len(list(tmp_path.iterdir())) == (1 if said else 0)


# --- real runs, each process about 40 seconds of a core: imports, building, compiling ---
# The machines that this is for have no TensorFlow; without it, a process starts in half the time.


class Runs:
    """Starts runs on one pair of packed arrays. Compiled steps are kept from process to process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for role in ("content", "style"):
            pack(
                open_source("synthetic:12:64", role=role), folder / f"{role}.npy", canvas=64, role=role, progress=False
            )
        self.environment = os.environ | {
            "KERAS_BACKEND": "jax",
            "JAX_PLATFORMS": "cpu",
            "XLA_FLAGS": "--xla_backend_optimization_level=0",
            "JAX_COMPILATION_CACHE_DIR": str(folder / "compiled"),
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
            "JAX_ENABLE_X64": "1",
        }

    def start(self, workdir: str, *more: object, prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        data = [f"--data.{role}=packed:{self.folder}/{role}.npy" for role in ("content", "style")]
        command = [
            *prefix, sys.executable, "-c", TRAIN.replace("\nfrom train.cli", DOUBLE), "teacher", "tiny",
            "--workdir", str(self.folder / workdir), *data,
            "--data.canvas", "64", "--data.content-size", "32", "--data.style-size", "32", "33", "--data.batch-size",
            "4", "--model.no-mixed-precision", "--loss.no-mixed-precision", "--optim.steps", str(STEPS),
            "--run.log-every", "1", "--run.checkpoint-every", "1", "--run.picture-every", "3", *map(str, more),
        ]  # fmt: skip
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def together(self, workdir: str, port: int, count: int) -> list[subprocess.Popen[str]]:
        flags = ["--machines.coordinator", f"127.0.0.1:{port}", "--machines.count", count, "--machines.patience", 60]
        return [self.start(workdir, *flags, "--machines.index", index) for index in range(count)]

    def wait_for(self, workdir: str, steps: int, processes: list[subprocess.Popen[str]]) -> None:
        while len(metrics.read(self.folder / workdir)) < steps:
            ended = [process for process in processes if process.poll() is not None]
            assert not ended, ended[0].communicate()[0]
            time.sleep(0.02)

    def lines(self, workdir: str) -> list[dict[str, Any]]:
        return metrics.read(self.folder / workdir)


def ends(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = process.communicate(timeout=600)
    return process.returncode, said


def require_equal(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    assert [line["step"] for line in found] == list(range(1, STEPS + 1))
    for key in ("gradient/predictor", "gradient/transformer"):
        assert found[0][key] == pytest.approx(expected[0][key], rel=1e-6), key  # of the same weights
    for key in ("loss", "content", "style_relu3_3", "total_variation", "identity", "learning_rate"):
        assert [line[key] for line in found] == pytest.approx([line[key] for line in expected], rel=1e-6, abs=1e-6), key


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return Runs(tmp_path_factory.mktemp("machines"))


@pytest.fixture(scope="module")
def expected(runs: Runs) -> list[dict[str, Any]]:
    """What one process logs."""
    code, said = ends(runs.start("one"))
    assert code == 0, said
    return runs.lines("one")


@pytest.mark.slow
def test_a_lost_worker_ends_the_run_and_one_process_goes_on(runs: Runs, expected: list[dict[str, Any]]) -> None:
    workers = runs.together("two", 4371, 2)
    runs.wait_for("two", 3, workers)
    workers[1].kill()
    code, said = ends(workers[0])
    assert code == 1 and f"error: {LOST}" in said and "Traceback" not in said, said
    ends(workers[1])
    code, said = ends(runs.start("two"))
    assert code == 0 and "resuming after step" in said, said
    require_equal(runs.lines("two"), expected)


@pytest.mark.slow
def test_four_workers_stop_together_and_two_go_on(runs: Runs, expected: list[dict[str, Any]]) -> None:
    workers = runs.together("four", 4372, 4)
    runs.wait_for("four", 2, workers)
    workers[2].send_signal(signal.SIGTERM)
    for worker in workers:
        code, said = ends(worker)
        assert code == 130 or runs.lines("four")[-1]["step"] == STEPS, said
    assert not list((runs.folder / "four").glob("**/*.lock"))
    for worker in runs.together("four", 4373, 2):
        code, said = ends(worker)
        assert code == 0, said
    require_equal(runs.lines("four"), expected)
    assert (runs.folder / "four" / "pictures" / "step-00000006.png").is_file()


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("ip"), reason="needs root and ip, for network namespaces")
def test_two_hosts_that_share_no_files_but_the_data(runs: Runs, expected: list[dict[str, Any]]) -> None:
    """Two network namespaces with a cable between them stand for two machines; the second never sees the workdir."""

    def ip(*arguments: str) -> None:
        subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)

    names = [f"impasto{os.getpid()}{side}" for side in "ab"]
    hosts = [Path("/etc/netns", name, "hosts") for name in names]
    try:
        for number, (name, known) in enumerate(zip(names, hosts, strict=True), start=1):
            ip("netns", "add", name)
            # What /etc/hosts is in there: a machine's own name leads to the address at which others reach it.
            known.parent.mkdir(parents=True)
            known.write_text(f"127.0.0.1 localhost\n10.77.0.{number} {socket.gethostname()}\n")
        ip("link", "add", "imp-a", "netns", names[0], "type", "veth", "peer", "name", "imp-b", "netns", names[1])
        for side, name in zip("ab", names, strict=True):
            ip("-n", name, "addr", "add", f"10.77.0.{1 + 'ab'.index(side)}/24", "dev", f"imp-{side}")
            ip("-n", name, "link", "set", f"imp-{side}", "up")
            ip("-n", name, "link", "set", "lo", "up")
        flags = ["--machines.coordinator", "10.77.0.1:4374", "--machines.count", 2]
        workers = [
            runs.start(f"host{index}", *flags, "--machines.index", index, prefix=("ip", "netns", "exec", name))
            for index, name in enumerate(names)
        ]
        for worker in workers:
            code, said = ends(worker)
            assert code == 0, said
    finally:
        for name, known in zip(names, hosts, strict=True):
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
            shutil.rmtree(known.parent, ignore_errors=True)
    require_equal(runs.lines("host0"), expected)
    assert not (runs.folder / "host1").exists()


@pytest.mark.slow
def test_workers_of_different_commands_are_told_apart(runs: Runs) -> None:
    flags = ["--machines.coordinator", "127.0.0.1:4375", "--machines.count", 2]
    workers = [
        runs.start("apart", *flags, "--machines.index", index, "--optim.learning-rate", 1e-3 * (1 + index))
        for index in range(2)
    ]
    for worker in workers:
        code, said = ends(worker)
        assert code == 1 and "worker 1 has another optim.learning_rate than worker 0" in said, said
