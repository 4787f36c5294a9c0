"""A process that watches the one that trains, and says in a sentence what became of it.

JAX's coordination service ends a process from C++, with pages of text and no Python, when another worker has gone
silent; the system does the same where memory runs out. Whoever started the command is told by this process.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from impasto import console
from train.machines import LOST

# Of Linux: the kernel sends a process this signal when its parent has ended.
_PR_SET_PDEATHSIG = 1


def supervised(action: Callable[[], int]) -> int:
    """Runs `action` in a child process; returns its exit code, or 1 and a sentence where it was ended from outside.

    To be called before anything starts threads. Ctrl-C and SIGTERM are handed on. What libraries in C++ write to
    standard error goes to a file, which is named where the child was ended and else removed.
    """
    handle, name = tempfile.mkstemp(prefix="impasto-worker-", suffix=".log")
    os.close(handle)
    messages = Path(name)
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if not child:
        code = 1
        try:
            _begin(messages)
            code = action()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            # At once: JAX's clean-up would wait for workers that may have gone.
            os._exit(code)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, frame: os.kill(child, received))
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        messages.unlink(missing_ok=True)
        return code
    console.complain(f"error: {_ended(signal.Signals(-code))}; its own messages are in {messages}")
    return 1


def _begin(messages: Path) -> None:
    """In the child: its own group, so that Ctrl-C comes once; the parent's end is its own; C++ writes to a file."""
    os.setpgid(0, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    told = os.dup(2)
    with messages.open("ab") as file:
        os.dup2(file.fileno(), 2)
    sys.stderr = open(told, "w", buffering=1, encoding=sys.stderr.encoding, errors="backslashreplace")  # noqa: SIM115
    console.prepare()


def _ended(by: signal.Signals) -> str:
    if by == signal.SIGABRT:  # what the coordination service does when it has missed somebody
        return LOST
    hint = " (out of memory, perhaps)" if by == signal.SIGKILL else ""
    return f"this worker was ended by {by.name}{hint}; the last checkpoint is kept, the same command goes on"
