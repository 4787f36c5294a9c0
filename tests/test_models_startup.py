"""Commands speak for themselves: TensorFlow's start-up notes stay off standard error, and nothing else does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_only_tensorflows_notes_are_kept_back() -> None:
    code = (
        "import os, sys\n"
        "from models.startup import load_backend_quietly\n"
        "print('before', file=sys.stderr)\n"
        "load_backend_quietly()\n"
        "import tensorflow as tf, keras\n"
        "os.write(2, b'after\\n')\n"
        "def graph(): return tf.function(lambda x: x + 1)\n"
        "for _ in range(7): graph()(tf.zeros(1))\n"  # which TensorFlow calls expensive, in ten lines
        "print(float(keras.ops.sum(tf.ones([2, 3]))))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "6.0\n", "before\nafter\n")


def test_settings_of_others_are_not_read_and_the_cache_stays_where_it_was(tmp_path: Path) -> None:
    """A keras.json of another project: other axes, numbers and backend, and values that Keras itself refuses."""
    (tmp_path / ".keras").mkdir()
    settings = {"image_data_format": "channels_first", "floatx": "bfloat99", "epsilon": 1, "backend": "theano"}
    (tmp_path / ".keras" / "keras.json").write_text(json.dumps(settings))
    code = (
        "import sys\n"
        "from impasto import console\n"
        "console.prepare()\n"
        "from models.startup import load_backend_quietly\n"
        "load_backend_quietly()\n"
        "import keras\n"
        "from keras.src.utils.file_utils import config\n"
        "with open(sys.argv[1], 'w') as file:\n"
        "    assert file.fileno() > 2\n"
        "    print(keras.config.image_data_format(), keras.config.floatx(), keras.config.backend(), file=file)\n"
        "    print(config.keras_home(), file=file)\n"
        "print('nobody listens')\n"
    )
    out = tmp_path / "out.txt"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KERAS_")}
    # And no standard stream is open: what libraries say must not land in a file.
    done = subprocess.run(
        ["bash", "-c", '"$0" -c "$1" "$2" <&- >&- 2>&-', sys.executable, code, str(out)],
        cwd=ROOT,
        env={**environment, "HOME": str(tmp_path)},
    )
    assert done.returncode == 0
    assert out.read_text() == f"channels_last float32 tensorflow\n{tmp_path}/.keras\n"
    assert json.loads((tmp_path / ".keras" / "keras.json").read_text()) == settings
