"""`python -m train teacher PRESET`, `python -m train distill PRESET`, `python -m train evaluate`."""

from __future__ import annotations

import sys

from train.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
