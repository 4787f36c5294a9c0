"""`impasto corpus` and `datasets prepare` on emulators of S3 and of Google Cloud Storage, over real connections.

What speaks to them (s3fs, gcsfs) and what answers (moto, gcp-storage-emulator) are installed into an environment of
their own, beside the packages of this one: they ask for another fsspec. It needs the network, once a run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

ROOT = Path(__file__).resolve().parents[1]
# The newest of fsspec for which both file systems exist.
PACKAGES = (
    "fsspec==2026.7.0", "s3fs==2026.7.0", "gcsfs==2026.7.0", "moto[server,s3]==5.2.5", "gcp-storage-emulator==2026.7.19"
)  # fmt: skip

PROGRAM = """
import io, json, os, sys
from pathlib import Path
kind, folder = sys.argv[1], Path(sys.argv[2])
if kind == "s3":
    from moto.server import ThreadedMotoServer
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    os.environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:%d" % server.get_host_and_port()[1]
else:
    from gcp_storage_emulator.server import create_server
    server = create_server("127.0.0.1", 0, in_memory=True)
    server.start()
    os.environ["STORAGE_EMULATOR_HOST"] = "http://127.0.0.1:%d" % server._api._httpd.server_address[1]
import fsspec
from PIL import Image
system = fsspec.filesystem(kind)
system.mkdir("bucket")
for number in range(6):
    buffer = io.BytesIO()
    Image.effect_noise((64, 48), 50 + number).convert("RGB").save(buffer, "JPEG")
    data = buffer.getvalue()
    system.pipe_file(f"bucket/photos/{number % 2}/{number}.jpg", data[:200] if number == 3 else data)
Image.effect_noise((64, 64), 80).convert("RGB").save(folder / "waves.png")
from datasets.__main__ import main as datasets
from impasto.__main__ import main as impasto
flags = ["--style", str(folder / "waves.png"), "--out", f"{kind}://bucket/out", "--workers", "1"]
codes = [impasto(["corpus", "--content", f"{kind}://bucket/photos", *flags])]
painted = {name: system.cat_file(name) for name in system.find("bucket/out") if name.endswith(".jpg")}
report = json.loads(system.cat_file("bucket/out/report.json"))
# Again, with one photograph more: that one is painted, and no other.
system.pipe_file("bucket/photos/new.jpg", data)
codes.append(impasto(["corpus", "--content", f"{kind}://bucket/photos", *flags]))
again = {name: system.cat_file(name) for name in system.find("bucket/out") if name.endswith(".jpg")}
flags = ["--out", str(folder / "records"), "--short", "32", "--least", "8", "--workers", "1"]
codes.append(datasets(["prepare", f"{kind}://bucket/photos", *flags]))
sizes = [Image.open(io.BytesIO(data)).size for data in painted.values()]
kept = all(again[name] == data for name, data in painted.items())
print("RESULT", json.dumps([codes, sorted(painted), sizes, report["failed"], sorted(set(again) - set(painted)), kept]))
server.stop()
os._exit(0)
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with the emulators, and with what this environment has."""
    place = tmp_path_factory.mktemp("buckets")
    subprocess.run([sys.executable, "-m", "venv", str(place / "venv")], check=True)
    found = place / "venv" / "bin" / "python"
    own = subprocess.run(
        [found, "-c", "import site; print(site.getsitepackages()[0])"], check=True, capture_output=True, text=True
    ).stdout.strip()
    Path(own, "checkout.pth").write_text(f"{Path(numpy.__file__).parents[1]}\n")
    locked = (ROOT / "constraints.txt").read_text().splitlines()
    (place / "others.txt").write_text("\n".join(line for line in locked if not line.startswith("fsspec")))
    done = subprocess.run(
        [found, "-m", "pip", "install", "--quiet", "--constraint", str(place / "others.txt"), *PACKAGES],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return found


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["s3", "gs"])
def test_a_corpus_out_of_a_bucket_into_a_bucket(kind: str, python: Path, tmp_path: Path) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_DEFAULT_REGION": "us-east-1"}
    done = subprocess.run(
        [python, "-c", PROGRAM, kind, str(tmp_path)], cwd=ROOT, capture_output=True, text=True,
        # gcsfs asks for a bucket's kind by gRPC over TLS, which the emulator does not speak: a minute's wait each time.
        env=os.environ | keys | {
            "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false", "FSSPEC_GS_TOKEN": "anon", "FSSPEC_GCS_TOKEN": "anon",
            "PYTHONPATH": str(ROOT),
        },
    )  # fmt: skip
    (line,) = [one for one in done.stdout.splitlines() if one.startswith("RESULT ")] or [done.stderr[-3000:]]
    codes, painted, sizes, failed, new, kept = json.loads(line.removeprefix("RESULT "))
    # The damaged one is named, which the exit code of a corpus says, too.
    assert codes == [1, 1, 0]
    assert painted == [f"bucket/out/waves/{number % 2}/{number}.jpg" for number in (0, 2, 4, 1, 5)]
    assert sizes == [[64, 48]] * 5
    assert [one["name"] for one in failed] == [f"{kind}://bucket/photos/1/3.jpg"]
    assert new == ["bucket/out/waves/new.jpg"] and kept
