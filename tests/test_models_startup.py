"""Commands speak for themselves: TensorFlow's start-up notes stay off standard error, and nothing else does."""

from __future__ import annotations

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
        "print(float(keras.ops.sum(tf.ones([2, 3]))))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "6.0\n", "before\nafter\n")
