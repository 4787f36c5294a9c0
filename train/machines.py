"""One run on several machines: who is who, what all must agree on, and what worker 0 tells the others.

Each worker is one process of JAX's multi-process runtime. The weights lie on every device, a batch is split over them
(`keras.distribution.DataParallel`), and XLA adds up what the losses' means and the gradients need of all: a step
computes what one process computes, up to the order of sums. Worker 0 alone reads and writes the workdir; the others
need the data and the starting weights, and no workdir.
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import json
import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from train.config import ConfigError

SLURM, LOCAL = "slurm", "local"
# What XLA, Gloo, NCCL and JAX's coordination service say when somebody they talk to has gone.
_SIGNS_OF_LOSS = ("gloo", "nccl", "socket", "connect", "coordination", "heartbeat", "unavailable", "deadline")


logger = logging.getLogger(__name__)


class LostWorkerError(RuntimeError):
    """Another worker cannot be reached any more, or did not come; the message says what to do."""


@dataclass(frozen=True)
class Machines:
    """Which worker of how many this is; the default is a run of one process."""

    coordinator: str = ""
    """HOST:PORT at which all workers reach worker 0; `slurm`: all is read from the job's environment; `local`: no other
    machine, but all devices of this one."""
    count: int = 1
    """Workers of the run; each is started with this same command and its own index."""
    index: int = 0
    """Number of this worker, from 0."""
    patience: int = 100
    """Seconds without a sign of life after which a worker counts as lost; at the start, three times as many."""

    @property
    def elsewhere(self) -> bool:
        """Whether there are other workers."""
        return self.coordinator not in ("", LOCAL)

    def validate(self, backend: str) -> None:
        """Raises ConfigError for workers that cannot find one another."""
        host, _, port = self.coordinator.rpartition(":")
        named = self.coordinator in ("", SLURM, LOCAL) or (host and port.isdigit() and 0 < int(port) < 65536)
        rules: list[tuple[bool, str, Any]] = [
            (bool(named), f"machines.coordinator must be HOST:PORT, {SLURM} or {LOCAL}", self.coordinator),
            (self.count >= 1, "machines.count must be at least 1", self.count),
            (0 <= self.index < max(self.count, 1), "machines.index must be from 0 to machines.count - 1", self.index),
            (self.patience >= 1, "machines.patience must be at least 1", self.patience),
            (self.count == 1 or self.elsewhere, "machines.count needs machines.coordinator, HOST:PORT of worker 0", ""),
            (not self.coordinator or backend == "jax", "machines.coordinator needs KERAS_BACKEND=jax", backend),
        ]
        for holds, rule, value in rules:
            if not holds:
                raise ConfigError(f"{rule}. Received: {value!r}")


class Crew:
    """The workers of a run, as one of them sees them; this one is a run of one process.

    Attributes:
        index, count: This worker's number, and how many there are.
        many: Whether a batch is split, over workers or over devices.
    """

    index, count, many = 0, 1, False

    @property
    def first(self) -> bool:
        """Whether this is the one that reads and writes the workdir."""
        return self.index == 0

    def tell(self, find: Callable[[], Any]) -> Any:
        """What `find` gives to worker 0, which alone calls it, as JSON gives it back.

        Raises:
            What `find` raises, on worker 0; RuntimeError with its sentence, on the others.
        """
        return find()

    def agree(self, what: dict[str, Any]) -> None:
        """Raises ConfigError where another worker has another value of a name, and names these."""

    def require_shares(self, batch_size: int) -> None:
        """Raises ConfigError where a batch cannot be split into equal parts."""

    def spread(self, variables: list[Any], alike: list[Any]) -> None:
        """Puts the variables on every device of all workers, with worker 0's values; `alike` are equal already."""

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """Inside the block, batches are parts of one batch of all workers."""
        yield

    @contextlib.contextmanager
    def apart(self) -> Iterator[None]:
        """Inside the block, networks belong to this worker alone again, which may run them without the others."""
        yield


class _Workers(Crew):
    """Several processes that have found one another, or one with all its devices."""

    many = True

    def __init__(self) -> None:
        import jax
        import keras

        self.index, self.count = jax.process_index(), jax.process_count()
        self._distribution = keras.distribution.DataParallel(auto_shard_dataset=False)

    def tell(self, find: Callable[[], Any]) -> Any:
        told: dict[str, Any] = {}
        failed: Exception | None = None
        if self.first:
            try:
                told = {"value": find()}
            except (ValueError, OSError, RuntimeError) as error:
                told, failed = {"error": str(error)}, error
        told = json.loads(self._bytes_of_first(json.dumps(told).encode()))
        if failed:
            raise failed
        if "error" in told:
            raise RuntimeError(f"worker 0 says: {told['error']}")
        return told["value"]

    def _bytes_of_first(self, data: bytes) -> bytes:
        from jax.experimental import multihost_utils

        length = int(multihost_utils.broadcast_one_to_all(np.int32(len(data))))
        buffer = np.zeros(length, np.uint8)
        if self.first:
            buffer[:] = np.frombuffer(data, np.uint8)
        return bytes(np.asarray(multihost_utils.broadcast_one_to_all(buffer), np.uint8))

    def agree(self, what: dict[str, Any]) -> None:
        from jax.experimental import multihost_utils

        digests = [hashlib.sha256(json.dumps(value, sort_keys=True).encode()).digest() for value in what.values()]
        own = np.frombuffer(b"".join(digests), np.uint8).reshape(len(digests), -1)
        everybody = np.asarray(multihost_utils.process_allgather(own))
        for name, digest in zip(what, np.moveaxis(everybody, 1, 0), strict=True):
            others = np.flatnonzero((digest != digest[0]).any(axis=1))
            if len(others):
                raise ConfigError(f"worker {others[0]} has another {name} than worker 0: start all with one command")

    def require_shares(self, batch_size: int) -> None:
        devices = self._distribution.device_mesh.devices.size
        if batch_size % devices:
            raise ConfigError(
                f"data.batch_size must be a multiple of {devices}, the devices of {self.count} workers: "
                f"each computes as many pairs. Received: {batch_size}"
            )

    def spread(self, variables: list[Any], alike: list[Any]) -> None:
        import jax
        from jax.experimental import multihost_utils

        own = list({id(variable): variable for variable in variables}.values())
        values = multihost_utils.broadcast_one_to_all([np.asarray(variable.value) for variable in own])
        for variable, value in zip([*own, *alike], [*values, *(other.value for other in alike)], strict=True):
            layout = self._distribution.get_variable_layout(variable).backend_layout
            array = np.asarray(value).astype(variable.dtype)
            variable.assign(jax.make_array_from_process_local_data(layout, array, array.shape))

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        with self._distribution.scope(), lost_workers_told():
            yield

    @contextlib.contextmanager
    def apart(self) -> Iterator[None]:
        import keras

        before = keras.distribution.distribution()
        keras.distribution.set_distribution(None)
        try:
            yield
        finally:
            keras.distribution.set_distribution(before)


@contextlib.contextmanager
def joined(machines: Machines) -> Iterator[Crew]:
    """Waits until all workers have come; at the end, until all are done.

    Raises:
        LostWorkerError: they did not come, or one of them went.
    """
    if not machines.elsewhere:
        yield _Workers() if machines.coordinator else Crew()
        return
    import jax

    if (name := name_for_itself(machines.coordinator)) is not None:
        logger.warning(
            "this machine's name, %s, leads to itself alone, and on processors the other workers are told that name: "
            "where they are lost at the first step, let /etc/hosts give its own address to it",
            name,
        )
    by_slurm = machines.coordinator == SLURM
    with lost_workers_told():
        jax.distributed.initialize(
            None if by_slurm else machines.coordinator,
            None if by_slurm else machines.count,
            None if by_slurm else machines.index,
            cluster_detection_method="slurm" if by_slurm else "deactivate",
            initialization_timeout=3 * machines.patience,
            heartbeat_timeout_seconds=machines.patience,
            shutdown_timeout_seconds=3 * machines.patience,
        )
        yield _Workers()
        # Not after an error: the others would be waited for, who wait for this one.
        jax.distributed.shutdown()


def name_for_itself(coordinator: str) -> str | None:
    """This machine's name, where that leads to a loopback address, as on Debian, and the coordinator's does not."""
    host, name = coordinator.rpartition(":")[0], socket.gethostname()
    try:
        own, theirs = (ipaddress.ip_address(socket.gethostbyname(one)) for one in (name, host or "localhost"))
    except OSError:
        return None
    return name if own.is_loopback and not theirs.is_loopback else None


@contextlib.contextmanager
def lost_workers_told() -> Iterator[None]:
    """Turns what the runtime says of a worker that has gone into LostWorkerError."""
    import jax

    try:
        yield
    except jax.errors.JaxRuntimeError as error:
        text = " ".join(str(error).split())
        if not any(sign in text.lower() for sign in _SIGNS_OF_LOSS):
            raise
        raise LostWorkerError(f"{LOST} ({text[:160]})") from error


LOST = (
    "a worker of this run was lost; what was learnt until the last checkpoint is kept: start the same command on every "
    "machine again, on another number of them if need be"
)
