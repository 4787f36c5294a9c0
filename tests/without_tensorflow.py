"""A training process on a machine where TensorFlow cannot be imported, as the accelerator machines are."""

from __future__ import annotations

# For `python -c`, followed by the arguments of `python -m train`.
TRAIN = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("tensorflow", "tensorflow_datasets", "tf_keras"):
            raise ImportError(f"{name} is not on this machine")
sys.meta_path.insert(0, Refuse())
from train.cli import main
sys.exit(main(sys.argv[1:]))
"""
