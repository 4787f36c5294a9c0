"""`kill -9` at random moments of a command, again and again; the same for the same seed, as far as the machine is."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

ROOT = Path(__file__).parent.parent
# How many, and other moments: many kills can be had in several runs.
KILLS = int(os.environ.get("IMPASTO_KILLS", "20"))
SEED = int(os.environ.get("IMPASTO_KILLS_SEED", "0"))


def killed_often(
    command: list[str], begun: Callable[[], bool], seconds: float, *, seed: int, look: Callable[[], None] = lambda: None
) -> int:
    """Starts a command and kills it, `KILLS` times, then lets it end; returns how many kills fell into its work.

    Args:
        command: Exits with 0.
        begun: Whether it has begun to work, as far as can be seen from outside.
        seconds: From then on, within which it is killed.
        seed: Of the moments.
        look: Called after every kill: what lies there must be whole.
    """
    moments, fell = Random(seed + SEED), 0
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    for _ in range(KILLS):
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            while process.poll() is None and not begun():
                time.sleep(0.001)
            time.sleep(moments.uniform(0, seconds))
            fell += process.poll() is None
            process.kill()
        look()
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return fell
